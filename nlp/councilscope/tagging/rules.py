"""Spans from cue words alone: the baseline the learned tagger has to beat, and a readable account of the cues."""

from __future__ import annotations

import re
from typing import NamedTuple

from councilscope.records import Label
from councilscope.tagging import cues, deadlines

LABELS: tuple[Label, ...] = ("CAUSE", "ACTION", "OWNER", "DEADLINE")

PHRASE_END = re.compile(
    r"[.;:](?=\s|$)|\n|, |,$| and (?:this|we|it|the|is|are|has|have|will)\b| which | but | so | resulting in | as well as | who "
)
NOT_A_CAUSE = re.compile(
    r"\s+(?:be|take|start|commence|begin|go|report|meet|finish|complete|open|close|expire|return|end|run|move|£?\d)\b",
    re.I,
)
"""What makes "due to" a date ("due to be finished") and "down to" a figure."""
ARTICLE = re.compile(r"(?:the|a|an|our) ", re.I)
PURPOSE = re.compile(
    r",? (?:in order )?to (?:improve|ensure|increase|reduce|address|help|enable|support|allow|meet|make)\b.*$",
    re.S,
)


class Draft(NamedTuple):
    """A span before it becomes a record."""

    start: int
    end: int
    label: Label
    attrs: dict[str, str | None]
    score: float = 1.0


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without space and punctuation at its ends."""
    while start < end and not (text[start].isalnum() or text[start] in "('\"‘“£"):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in ")'\"’”%"):
        end -= 1
    return start, end


def causes(text: str) -> list[tuple[int, int]]:
    """Noun phrases after "due to" and the like, subjects of "has led to", and statements that nothing changed."""
    found = []
    for m in cues.pattern("cause", "nothing_new").finditer(text):
        stop = PHRASE_END.search(text, m.end())
        tail = re.search(
            r" (?:that|which|to) (?:has|have|had|could|would|explain)",
            text[m.end() : stop.start() if stop else None],
        )
        found.append((m.start(), m.end() + tail.start() if tail else stop.start() if stop else len(text)))
    connectives = list(cues.pattern("cause", "before").finditer(text))
    for i, m in enumerate(connectives):
        if NOT_A_CAUSE.match(text, m.end()):
            continue
        stop = PHRASE_END.search(text, m.end() + 1)
        end = stop.start() if stop else len(text)
        found.append((m.end(), min([end, *(n.start() for n in connectives[i + 1 : i + 2])])))
    for m in cues.pattern("cause", "after").finditer(text):
        before, _ = cues.clause(text, m.start(), m.end())
        start = m.start() - len(before)
        comma = before.rfind(", ")
        found.append((start + comma + 1 if comma >= 0 else start, m.start()))
    return found


def verb_pattern() -> re.Pattern[str]:
    """Auxiliary and verb of an action, one named group per status."""
    table = cues.table()["action"]
    verbs = cues.alternatives(table["verbs"])
    groups = "|".join(
        rf"(?P<{status}>{cues.alternatives(table[status])})"
        for status in ("done", "ongoing", "planned", "proposed")
    )
    return re.compile(rf"(?:{groups})\s+(?:\w+ly\s+)?{verbs}", re.I)


def actions(text: str) -> list[tuple[int, int, str]]:
    """Clauses with an auxiliary and one of the verbs of action, and statements that nothing is needed."""
    found = [(m.start(), m.end(), "none") for m in cues.pattern("action", "none").finditer(text)]
    for m in verb_pattern().finditer(text):
        stop = PHRASE_END.search(text, m.end())
        end = stop.start() if stop else len(text)
        purpose = PURPOSE.search(text[m.end() : end])
        end = m.end() + purpose.start() if purpose else end
        for a, b in deadlines.find(text):
            if m.end() < a and b >= end - 1:
                end = min(end, a)
        status = next(k for k, v in m.groupdict().items() if v)
        before, _ = cues.clause(text, m.start(), m.end())
        passive = re.search(r"\b(?:be|been|being|was|were|is|are)\s+\w+(?:ed|en|ne|ht)\b", m.group())
        found.append((m.start() - len(before.lstrip()) if passive else m.start(), end, status))
    return found


def owners(text: str) -> list[tuple[int, int]]:
    """Capitalised names that end in a role, team or body word and stand before a verb of action or after "by"."""
    words = "|".join(cues.alternatives(cues.table()["owner"][k]) for k in ("role", "team", "body"))
    name = re.compile(rf"\b(?:[A-Z][\w&'’-]*(?: (?:of|for|and|the|&))? ){{0,5}}(?i:{words})")
    found = []
    for m in name.finditer(text):
        before, after = text[max(0, m.start() - 14) : m.start()], text[m.end() : m.end() + 14]
        doer = re.match(r" (?:has|have|will|is|are|to|meets?|agreed|continues?)\b", after)
        agent = re.search(r"\b(?:by|through|via)(?: the| a| our)? $", before)
        if doer or agent:
            skip = ARTICLE.match(m.group())
            found.append((m.start() + (skip.end() if skip else 0), m.end()))
    return found


def draft(text: str) -> list[Draft]:
    """All spans that the cues find, in no order; those of one label do not overlap."""
    if cues.says_nothing(text):
        return []
    found = [Draft(*trim(text, a, b), "ACTION", {"status": s}) for a, b, s in actions(text)]
    found += [Draft(*trim(text, a, b), "CAUSE", {}) for a, b in causes(text)]
    found += [Draft(*trim(text, a, b), "OWNER", {}) for a, b in owners(text)]
    found += [Draft(*trim(text, a, b), "DEADLINE", {}) for a, b in deadlines.find(text)]
    return without_overlap([d for d in found if d.end - d.start > 2 and "\n" not in text[d.start : d.end]])


def without_overlap(drafts: list[Draft]) -> list[Draft]:
    """Of two spans of one label that overlap, the one that starts first stays (the longer, at one start)."""
    kept: list[Draft] = []
    for d in sorted(drafts, key=lambda d: (d.label, d.start, -d.end)):
        if not kept or kept[-1].label != d.label or kept[-1].end <= d.start:
            kept.append(d)
    return kept

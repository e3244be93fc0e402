"""Lines of facts: labels with their values one after the other, with colons or without, however they are divided.

"Target: 95% | Actual: 91%", "Due March 2022. Led by Ann Other, Head of Planning.", "Target 60%. Q2 100%; Q1 83%."
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from councilscope.blocks.draft import ROLE_WORDS, is_name
from councilscope.lexicon import header_role, status_words
from councilscope.status import word_direction, word_rag
from councilscope.values import (
    is_date,
    is_not_available,
    looks_like_period,
    no_target,
    parse_figure,
    parse_target,
    polarity_of,
)

DIGIT = re.compile(r"\d")
CUT = re.compile(r"\s*[|¦]\s*|\s+[•·]\s+|\s*[\u2002\u2003]\s*")  # what stands between facts and nowhere else
MAY_CUT = re.compile(r"[|¦•·\u2002\u2003]")
SENTENCE = re.compile(r";\s+|(?<=[\w%)\]])\.\s+(?=[A-Z\d])")
PROSE = re.compile(r";|[.!?]\s|\b(?:was|were|is|are|has|have|had|been)\b")
YEAR = re.compile(r"(?:20\d\d|\d\d(?=[/–-]))(?:[/–-]\d\d(?:\d\d)?)?$")
FIGURES = ("current", "previous", "last_year", "same_last_year", "ytd")
Pairs = list[tuple[str, str]]


def field_pairs(text: str) -> Pairs:
    """(role, value) pairs of a text that begins with a known label, and of nothing but labels and their values.

    Labels end with a colon, but for values that can be nothing else ("Target 95%", "Good performance is high"). The
    role of a figure under a period is "period:" and the period. [] where the text is no line of facts.
    """
    return list(_field_pairs(text))


@lru_cache(maxsize=1024)
def _field_pairs(text: str) -> Sequence[tuple[str, str]]:
    pieces = [x for x in CUT.split(text) if x.strip()] if MAY_CUT.search(text) else []
    if len(pieces) < 2:
        return _divided(text)
    out: Pairs = []
    for piece in pieces:
        found = _divided(piece) or _bare(piece) or _compared(piece)
        if not found and not out:
            return []
        out += found
    return out if len(out) >= 0.5 * len(pieces) else []


def _divided(text: str) -> Pairs:
    """Facts that sentences or semicolons divide; else those of a text that only its labels divide."""
    parts = [x.strip() for x in SENTENCE.split(text.strip()) if x.strip()]
    if len(parts) > 1:
        told: Pairs = []
        for x in parts:
            found = _labelled(x) or _bare(x.rstrip("."))
            if not found:
                return _labelled(text)
            told += found
        return [(role, value.rstrip(".")) for role, value in told]
    return _labelled(text)


def _labelled(text: str) -> Pairs:
    tokens = text.split()
    marks: list[tuple[int, int, str]] = []  # first token of the label, first of its value, role
    for i, token in enumerate(tokens if ":" in text else ()):
        if not token.endswith(":"):
            continue
        floor = marks[-1][1] if marks else 0
        for n in range(min(6, i - floor + 1), 0, -1):
            first = tokens[i - n + 1]
            label = " ".join(tokens[i - n + 1 : i + 1]).rstrip(":")
            role = header_role(label)
            dated = bool(DIGIT.search(label)) and first[:1].isalnum() and looks_like_period(label)
            if dated and any(_is_value(" ".join(label.split()[:k])) for k in range(1, n)):
                continue  # "Q1: Awaiting data Q2: 3.5%"
            if dated:
                role = (f"period:{label}", 1.0)
            if (
                role
                and (role[1] >= 0.99 or (i - n + 1 == 0 and role[1] >= 0.7))
                and (first[:1].isupper() or (dated and bool(YEAR.match(first.rstrip(":")))))
            ):
                marks.append((i - n + 1, i + 1, role[0]))
                break
    if marks and marks[0][0] == 0:
        out = []
        for k, (_, start, role_name) in enumerate(marks):
            end = marks[k + 1][0] if k + 1 < len(marks) else len(tokens)
            out.append((role_name, " ".join(tokens[start:end]).strip(" |•;,")))
        return out
    if marks:
        before = " ".join(tokens[: marks[0][0]])
        lead = ("current", before) if _is_bare_figure(before) else short_field(before)
        return [lead, *_labelled(" ".join(tokens[marks[0][0] :]))] if lead else []
    one = short_field(text)
    return [one] if one else []


def _is_value(text: str) -> bool:
    """Whether words that stand before a period are the value before it: "Awaiting data", "At least 84%"."""
    if is_not_available(text):
        return True
    target = parse_target(text) if re.search(r"[%£]|^[A-Za-z]", text) else None
    return target is not None and target.value is not None and not looks_like_period(text)


def _is_bare_figure(text: str) -> bool:
    f = parse_figure(text)
    return f is not None and f.value is not None and len(text.split()) <= 2 and not looks_like_period(text)


@lru_cache(maxsize=1024)
def short_field(text: str) -> tuple[str, str] | None:
    """A field without a colon: "Target 60 or fewer", "Previous quarter 88%", "Bigger is better", "Due March 2022"."""
    tokens = text.split()
    if not 2 <= len(tokens) <= 14:
        return None
    for n in range(min(4, len(tokens) - 1), 0, -1):
        role = header_role(" ".join(tokens[:n]))
        rest = " ".join(tokens[n:])
        if tokens[n - 1] in ("at", "no", "up"):
            continue  # "at least 60%" begins the value
        if role and role[1] >= 0.99 and _can_be(role[0], rest, n):
            return role[0], rest.rstrip(".") if role[0] in ("due", "owner", "rag", "direction") else rest
    if len(tokens) <= 8 and polarity_of(text) and re.search(r"(?i)\b(?:better|best)\b", text):
        return "polarity", text
    return None


def _can_be(role: str, value: str, words: int) -> bool:
    """Whether a text after a label of so many words, without a colon, can only be its value."""
    short = len(value.split()) <= 7 and not PROSE.search(value)
    if role == "target" or role in FIGURES:
        figure = parse_figure(value)
        if figure is not None and figure.value is not None:
            return short
        goal = parse_target(value) if role == "target" else None
        return short and (
            (goal is not None and goal.value is not None) or (role == "target" and no_target(value))
        )
    if role == "polarity":
        return short and bool(polarity_of(value))
    bare = value.rstrip(".")
    if role == "due":
        return short and is_date(bare)
    if role == "owner":
        name, comma, post = bare.partition(",")
        return words > 1 and is_name(name) and (not comma or bool(ROLE_WORDS.search(post)))
    if role == "rag":
        return len(bare.split()) <= 4 and bare.casefold() in status_words() and word_rag(bare) is not None
    return role == "direction" and len(bare.split()) <= 3 and word_direction(bare) is not None


def _compared(text: str) -> Pairs:
    """How performance compares with before, one fact of several in a line ("Better than last year")."""
    told = len(text.split()) <= 7 and not DIGIT.search(text) and word_direction(text)
    return [("direction", text)] if told else []


def _bare(text: str) -> Pairs:
    """A period and its figure without a colon ("July–September 100%"), one fact of several in a line."""
    tokens = text.split()
    for n in range(
        min(6, len(tokens) - 1), max(0, len(tokens) - 5), -1
    ):  # the figure takes four words at most
        label, rest = " ".join(tokens[:n]), " ".join(tokens[n:])
        if (
            ":" in label
            or "(" in label
            or not looks_like_period(label)
            or YEAR.match(rest)
            or looks_like_period(rest)
        ):
            continue
        if re.fullmatch(r"\d{1,2}", rest) and not re.search(r"[\d–-]", label):
            continue  # a day or a quarter
        figure = parse_figure(rest)
        if figure is not None and figure.value is not None:
            return [(f"period:{label}", rest)]
    return []

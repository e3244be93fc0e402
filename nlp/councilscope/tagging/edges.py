"""Where a span's edges must not fall: guideline rules applied after decoding."""

from __future__ import annotations

import re

from councilscope.tagging import cues, deadlines
from councilscope.tagging.rules import ARTICLE, Draft, causes, trim

PAIRS = {"(": ")", "[": "]", "‘": "’", "“": "”"}
LOOSE = re.compile(
    r"(?:[\s,;:–-]|\b(?:and|or|but|the|a|an|of|to|for|with|by|in|which|that|as|is|are|was|were)\b)+$", re.I
)
HANGING = re.compile(r"(?:\s+(?:the|a|an|and|or|of|our|its|their))+$", re.I)
BARE = re.compile(
    r"(?:the|a|an|of|to|for|and|or|in|by|with|this|that|it|is|are|was|has|have|been|be|will|as|not)$", re.I
)
WORD = re.compile(r"\w[\w,.]*%?")


def balance(text: str, start: int, end: int) -> tuple[int, int]:
    """Close a bracket that a span opens, up to 60 characters further on its line, else leave the bracket out."""
    for opening, closing in PAIRS.items():
        body = text[start:end]
        if opening in "‘“" and body.count(closing) > body.count(opening):
            continue
        if body.count(opening) > body.count(closing):
            stop = text.find(closing, end, end + 60)
            if stop >= 0 and "\n" not in text[end:stop]:
                end = stop + 1
            else:
                end = start + body.rfind(opening)
        elif opening in "([" and body.count(closing) > body.count(opening):
            begin = text.rfind(opening, max(0, start - 60), start)
            if begin >= 0 and "\n" not in text[begin:start] and body.find(closing) > 0 and begin == start - 1:
                start = begin
            elif body.endswith(closing):
                end -= 1
            else:
                start += body.find(closing) + 1
    return start, end


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span whose edge falls inside a word or a number ("£1" of "£1,200")."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and (text[end].isalnum() or text[end] == "%"):
        end += 1
    if start > 0 and text[start - 1] in "£$€" and text[start].isdigit():
        start -= 1
    return start, end


def mend(text: str, draft: Draft) -> Draft | None:
    """The span with edges as the guidelines have them, or none where nothing is left of it."""
    start, end = trim(text, draft.start, draft.end)
    if start >= end or (draft.label == "CAUSE" and cues.pattern("cause", "restated").match(text, start)):
        return None
    start, end = whole_words(text, *balance(text, start, end))
    if (
        draft.label == "CAUSE"
        and (m := cues.pattern("cause", "before").match(text, start, end))
        and m.end() < end
    ):
        start = m.end()
    if draft.label == "OWNER" and (m := ARTICLE.match(text, start, end)):
        start = m.end()
    if draft.label in ("CAUSE", "OWNER") and (m := LOOSE.search(text[start:end])):
        end = start + m.start()
    if draft.label == "ACTION" and (m := HANGING.search(text[start:end])):
        end = start + m.start()
    start, end = trim(text, start, end)
    if end - start < 2 or BARE.match(text[start:end]) or not WORD.search(text[start:end]):
        return None
    return draft._replace(start=start, end=end)


LONGEST = 110
"""Characters beyond which a stretch after a connective is not trusted to be one cause."""


def sure_causes(text: str, taken: list[Draft]) -> list[Draft]:
    """Causes that no reader would miss and that no span in `taken` touches.

    What follows "due to" and the like, a denial that anything changed, and the pandemic as subject of its effect.
    """
    found: list[Draft] = []
    for a, b in causes(text):
        start, end = trim(text, a, b)
        body = text[start:end]
        free = not any(d.label == "CAUSE" and d.start < end and d.end > start for d in [*taken, *found])
        if not free or "\n" in body or not 3 < len(body) < LONGEST:
            continue
        if cues.pattern("cause", "nothing_new").match(body):
            found.append(Draft(start, end, "CAUSE", {"theme": "practice", "assertion": "negated"}, 0.5))
        elif cues.pattern("cause", "pandemic").search(body):
            said = cues.assertion(text, start, end)
            found.append(Draft(start, end, "CAUSE", {"theme": "covid", "assertion": said}, 0.5))
        elif any(
            m.end() >= start - 1
            for m in cues.pattern("cause", "sure").finditer(text, max(0, start - 40), start)
        ):
            found.append(Draft(start, end, "CAUSE", {}, 0.5))
    return found


TARGET_DATE = re.compile(
    r"\b(?:(?:target|completion|due|end|revised|alternative|proposed|new|delivery|go[- ]live|launch) (?:\w+ )?(?:date|deadline)"
    r"|(?:revised|alternative|proposed) \w+(?= of))"
    r"(?: (?:has been|was))?(?: (?:of|is|for|to|set|revised|moved|now|agreed|will be|being))*:? "
    rf"({deadlines.ENDS}|{deadlines.DATE}|{deadlines.QUARTER})\b(?!%)",
    re.I,
)
"""A date, and what calls it a target: "new target date of …", "revised deadline: …", "alternative timescale of …"."""


def sure_deadlines(text: str, taken: list[Draft]) -> list[Draft]:
    """Dates that are called a target or completion date."""
    found = []
    for m in TARGET_DATE.finditer(text):
        start, end = m.span(1)
        if not any(d.label == "DEADLINE" and d.start < end and d.end > start for d in taken):
            found.append(Draft(start, end, "DEADLINE", {}, 0.5))
    return found

"""What a heading says besides a title: the status of the group below it, or of the item that it names."""

from __future__ import annotations

import re
from functools import cache

from councilscope.lexicon import COLOUR_WORD, COLOURS, fold, header_role, is_one_of, label_phrases, names_list
from councilscope.records import Rag
from councilscope.status import Key, exact_rag, names_colour, word_rag
from councilscope.text import Paragraph

STATUS_HEADING = re.compile(
    rf"\b(?P<c>{COLOUR_WORD})\b[\w -]{{0,24}}?\b(?:indicators?|measures?|exceptions?|kpis?|actions?|risks?|performance|rated|pis?|items?|status|targets?)\b"
    rf"|\b(?:rated|status|performance|indicators?|measures?)\b[ :–-]{{1,4}}(?P<d>{COLOUR_WORD})\b|^(?P<e>{COLOUR_WORD})$",
    re.IGNORECASE,
)
COUNT = re.compile(r"\s*[(\[]\s*\d+\s*[)\]]\s*$|\s*[:–—-]\s*\d+\s*$")
NUMBER = re.compile(
    r"^(?:(?:part|section|appendix|annex) (?:\d{1,2}|[A-Za-z])\b\s*[:.–—-]?|\d{1,2}(?:\.\d{1,2})*[.)]?)\s+",
    re.IGNORECASE,
)
AT_END = re.compile(
    r"^(?P<title>.*?\S)\s*(?:\s[–—-]{1,2}\s|:\s|\(|\[)\s*(?P<said>[^()\[\]–—:]{2,40}?)\s*[)\]]?$"
)
VAGUE = frozenset(
    "good up high low medium monitor performing no unknown".split()
)  # no status of a group by itself


def group_status(text: str, key: Key) -> Rag | None:
    """The status of all that stands under a heading ("Red measures", "Off target KPIs (3)", "Performing well")."""
    low = text.casefold()
    m = STATUS_HEADING.search(text) if any(colour in low for colour in COLOURS) else None
    if m:
        if len({word_rag(c) for c in re.findall(rf"\b{COLOUR_WORD}\b", text, re.IGNORECASE)}) != 1:
            return None
        word = next((g for g in m.groupdict().values() if g), None)
        return word_rag(word) if word else None
    words = fold(NUMBER.sub("", COUNT.sub("", text))).split()
    if not 1 <= len(words) <= 10:
        return None
    around = _around()
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            said = " ".join(words[start:end])
            rag = exact_rag(said, key) if len(said) > 1 else None
            if (
                rag
                and (said not in VAGUE or said in key.words)
                and not said.endswith(("high risk", "low risk", "medium risk"))
            ):
                return rag
            if words[end - 1] not in around:
                break
        if words[start] not in around:
            break
    return None


@cache
def _around() -> frozenset[str]:
    """Words that may stand around the status of a group."""
    return frozenset((*label_phrases("list_words"), *label_phrases("around_status")))


def status_at_end(text: str, key: Key) -> tuple[str, Rag, bool] | None:
    """(title, status, sure) of a heading that gives its status at the end ("Rent collected – Off target", "... (Red)").

    `sure` is False for a word that might as well belong to the title ("Appraisals – completed").
    """
    m = AT_END.match(" ".join(text.split()))
    if m is None:
        return None
    title, said = m.group("title").rstrip(" –—-:"), m.group("said")
    rag = exact_rag(said, key)
    role = header_role(title)
    if (
        rag is None
        or len(title) < 4
        or names_list(title)
        or is_one_of(title, "not_titles")
        or (role is not None and role[1] >= 0.7)
    ):
        return None
    sure = names_colour(said) or fold(said) in key.words or len(said.split()) > 1
    return title, rag, sure


def status_apart(p: Paragraph, key: Key) -> tuple[str, Rag, bool] | None:
    """The same for a status that only its colour sets apart from the title before it."""
    words = p.words
    for n in range(1, min(4, len(words) - 2) + 1):
        if words[-n].colour == words[0].colour:
            return None
        if words[-n - 1].colour == words[0].colour:
            title = " ".join(w.text for w in words[:-n]).rstrip(" –—-:(")
            rag = exact_rag(" ".join(w.text for w in words[-n:]).strip("()[]"), key)
            return (title, rag, True) if rag and len(title) > 3 else None
    return None


def titled_status(p: Paragraph, key: Key) -> tuple[str, Rag, bool] | None:
    """(title, status, sure) of a heading that says both, by words or by colour."""
    return status_apart(p, key) or status_at_end(p.text, key)

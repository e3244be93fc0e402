"""Targets in cells ("≥95%", "3.75% or lower", "280 (Cumulative target)") and goals in the wording of a measure."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from councilscope.records import Comparator, Target
from councilscope.values.figures import (
    NUMBER,
    clean_figure,
    is_blank,
    is_compound,
    is_date,
    is_not_available,
    leading_number,
    to_number,
)
from councilscope.values.words import alternatives, lists, tidy, word_set

_SYMBOLS: list[tuple[str, Comparator]] = [
    ("≥", ">="), (">=", ">="), ("=>", ">="), ("> =", ">="), ("≤", "<="), ("<=", "<="), ("=<", "<="), ("< =", "<="),
    (">", ">"), ("<", "<"), ("=", "="),
]  # fmt: skip
_STATED = re.compile(
    rf"\btarget\s*(?:is|was|of|at|around|about|approximately|approx\.?|set at|:|=|-)*\s*(?P<figure>[≥≤<>=]*\s*£?\s*(?:{NUMBER})[^\s)]*)",
    re.I,
)
_RANGE = re.compile(rf"^(?:between\s+)?£?(?:{NUMBER})\s*[%km]?\s*(?:-|to|and)\s*£?(?:{NUMBER})(?!\d)", re.I)
_TEXT_LIMIT = 400


@cache
def comparator_patterns() -> tuple[
    re.Pattern[str], re.Pattern[str], dict[str, Comparator], dict[str, Comparator]
]:
    """Patterns of the comparators that stand before and after a figure, and what each wording means."""
    table = lists()["comparators"]
    before = {w: sign for sign, words in table["before"].items() for w in words}
    after = {w: sign for sign, words in table["after"].items() for w in words}
    first = re.compile(
        rf"^(?P<word>{alternatives(list(before))})(?:\s+or\s+equal\s+to)?\s*(?:of\s+)?(?=[£\d.(+-])", re.I
    )
    second = re.compile(rf"^\s*\(?(?P<word>{alternatives(list(after))})\b", re.I)
    return first, second, before, after


def _as_key(word: str) -> str:
    return re.sub(r"\s+", " ", word).casefold()


def comparator_before(text: str) -> tuple[Comparator | None, str]:
    """The comparator that the tidied text begins with (sign or words) and the rest."""
    for sign, meaning in _SYMBOLS:
        if text.startswith(sign):
            return meaning, text[len(sign) :].strip()
    first, _, meanings, _ = comparator_patterns()
    found = first.match(text)
    if found:
        return meanings[_as_key(found["word"])], text[found.end() :].lstrip(".").strip()  # "max. 3 days"
    return None, text


def comparator_after(rest: str) -> Comparator | None:
    """The comparator that follows a figure: "or above", "+", "minimum"."""
    if re.match(r"^\s*\+(?![\d/])", rest):
        return ">="
    _, second, _, meanings = comparator_patterns()
    found = second.match(rest)
    return meanings[_as_key(found["word"])] if found else None


def _bounds_range(said: str) -> bool:
    return bool(_RANGE.match(said))


_PLUS_MINUS = re.compile(rf"\(?\s*(?:±|\+\s?/?\s?-)\s*(?P<n>{NUMBER})\s*(?P<percent>%)?", re.I)
_TWO = re.compile(rf"(?P<a>{NUMBER})\s*[%km]?\s*(?:-|to|and)\s*£?(?P<b>{NUMBER})(?![\d/])", re.I)


def target_range(text: str | None) -> tuple[float, float] | None:
    """The least and the greatest figure that meet a target with two ends: "8-10 days", "between 8 and 10", "85% +/- 5".

    Per cent after the sign are percentage points where the target is a percentage, else a share of the target.
    None where the target has one end, is a date or a range of years.
    """
    said = clean_figure(re.sub(r"^(?:target\s*[:=]?|from|between|within)\s*", "", tidy(text), flags=re.I))
    around = _PLUS_MINUS.search(said)
    if around:
        lead = leading_number(said)
        if lead is None or around.start() == 0:
            return None
        width = to_number(around["n"])
        if around["percent"] and lead[1] != "%":
            width *= abs(lead[0]) / 100
        return lead[0] - width, lead[0] + width
    two = _TWO.match(said.lstrip("£"))
    if two is None or is_date(said):
        return None
    low, high = to_number(two["a"]), to_number(two["b"])
    return (low, high) if low <= high else None


@lru_cache(maxsize=4096)
def no_target(text: str | None) -> bool:
    """True for blank marks and for words that say that no target is set."""
    if is_blank(text) or is_not_available(text):
        return True
    words = word_set("no_target")
    said = tidy(text).casefold().strip(" .*()[]:")
    return said in words or any(
        part.strip() in words for part in said.split(" / ")
    )  # in Welsh and in English


def read_goal(said: str) -> tuple[float | None, str | None, Comparator | None]:
    """value, unit and comparator of a tidied text that begins with a goal."""
    comparator, rest = comparator_before(clean_figure(said))
    rest = clean_figure(rest)
    if rest.casefold() in word_set("zero"):
        return 0.0, None, comparator
    if _bounds_range(rest) or is_date(rest) or is_compound(rest):
        return None, None, None
    lead = leading_number(rest)
    if lead is None:
        return None, None, None
    value, unit, tail = lead
    return value, unit, comparator or comparator_after(tail)


@lru_cache(maxsize=4096)
def parse_target(text: str | None) -> Target | None:
    """Read a target cell. None where it is blank or says that there is none ("n/a", "data only", "TBC").

    A figure named as the target inside the text ("… (target around 190 for the year)") is the value; ranges, dates and
    words have none. The comparator is only what is printed or worded.
    """
    if no_target(text):
        return None
    printed = re.sub(r"\s+", " ", text or "").strip()
    said = re.sub(
        r"^(?:annual |quarterly |current |year ?end )?target\s*(?:is|of|:|=|-)?\s*(?=\S)",
        "",
        tidy(text),
        flags=re.I,
    )
    if no_target(said):
        return None
    value = unit = comparator = None
    stated = _STATED.search(said)
    if stated:
        value, unit, comparator = read_goal(stated["figure"])
    if value is None:
        value, unit, comparator = read_goal(said)
    if (
        value is None
        and not is_date(said)
        and not is_compound(clean_figure(said))
        and not _bounds_range(clean_figure(said))
        and len(said) < _TEXT_LIMIT
    ):
        value, unit, comparator = _only_figure(said)
    return Target(text=printed, value=value, unit=unit, comparator=comparator)


def _only_figure(said: str) -> tuple[float | None, str | None, Comparator | None]:
    """A target in words that holds exactly one percentage or sum of money ("England average (65%)")."""
    found = list(
        re.finditer(rf"(?<![\d.,/])(?:£\s*(?:{NUMBER})|(?:{NUMBER})\s*(?:%|per cent\b))", said, re.I)
    )
    if len(found) != 1 or re.search(r"\bfrom\s*$", said[: found[0].start()], re.I):
        return None, None, None
    head = said[: found[0].start()].rstrip()
    lead = leading_number(said[found[0].start() :])
    if lead is None:
        return None, None, None
    first, *_ = comparator_patterns()
    words = head.split()
    for size in (5, 4, 3, 2, 1):
        tried = " ".join(words[-size:]) + " 1" if len(words) >= size else ""
        match = first.match(tried)
        if match and match.end() == len(tried) - 1:
            return lead[0], lead[1], comparator_before(tried)[0]
    return lead[0], lead[1], comparator_after(lead[2])

"""Figures as councils print them: "(164/173) 94.8%", "£1.2m", "102 (Cumulative)", "8.9 per 1,000".

A value is kept as stated and never rescaled; words ("Delayed"), dates ("September 2020") and ranges have none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from councilscope.values.words import alternatives, lists, tidy, word_set

NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_SUPERSCRIPT = re.compile(r"[¹²³⁴⁵⁶⁷⁸⁹⁰†‡§]+(?:[,\s]*[¹²³⁴⁵⁶⁷⁸⁹⁰†‡§]+)*")
_STARS = re.compile(r"(?<=[\d%)])\s*\*+")
_PROVISIONAL = re.compile(r"(?<=[\d%])[pre]$")  # provisional, revised, estimated
_DIGIT = re.compile(r"\d")
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DATE = re.compile(
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?:\s+(?:of\s+)?|-){_MONTH}\b|{_MONTH}[\s'-]+(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s+)?(?:19|20)?\d\d\b"
    r"|\d{1,2}[/.]\d{1,2}[/.](?:19|20)?\d\d\b|(?:19|20)\d\d-\d\d-\d\d\b",
    re.I,
)
_BEFORE_DATE = re.compile(
    r"^(?:(?:by|from|in|on|at|to|until|before|end|the|of|as|during|for|due|q[1-4]|quarter\s*[1-4])\s+)+", re.I
)
_YEARS = re.compile(
    r"(?<!\d)(?:(?:19|20)(\d\d)\s*[/-]\s*(?:19|20)?(\d\d)|(\d\d)/(\d\d))(?![\d%]|\.\d|,\d{3})"
)
_LABEL = re.compile(
    r"^(?:(?:\(?(?:[a-z]|i{1,3}|iv|v)\)|[rag](?=\s)|\(?q[1-4]\)?|qtr\s*[1-4]|quarter\s*[1-4]|ytd|year to date|cumulative|approx(?:imately)?\.?"
    rf"|circa|c\.|around|about|actual|result|value|total|{_MONTH}(?=\s*[:=-]))\s*[:=-]?\s+|[a-z][a-z ]{{0,30}}\s*[:=]\s*|(?-i:ca?\.)\s?|[~≈↑↓→←▲▼►◄△▽⬆⬇➡]\s*)+(?=[-+£(.\d≥≤<>=])",
    re.I,
)
_FRACTION = re.compile(
    rf"(?P<open>\(?)\s*(?P<n>{NUMBER})\s*(?:/|(?:out\s+)?of(?:\s+the|\s+a\s+total\s+of)?\s)\s*(?P<d>{NUMBER})(?![\d/%]|\.\d|,\d|\s*%)\s*\)?",
    re.I,
)
_PER_BASE = re.compile(r"1(?:0{3,6}|,000(?:,000)?|0,000|00,000)")
_RANGE = re.compile(rf"^\W*(?:between\s+)?£?(?:{NUMBER})\s*[%km]?\s*(?:-|to|and)\s*£?(?:{NUMBER})", re.I)
_CLOCK = re.compile(
    r"^\d+\s*(?::\s*\d|(?:h|hrs?|hours?|m|mins?|minutes?)\s*(?:and\s*)?\d+\s*(?:m|s|mins?|secs?|minutes?|seconds?)\b"
    r"|(?:y|yrs?|years?|months?|mths?|w|wks?|weeks?|d|days?)\s*(?:and\s*|,\s*)?\d+\s*(?:months?|mths?|w|wks?|weeks?|d|days?|h|hrs?|hours?)\b)"
)
_ONE_IN = re.compile(r"^\d+\s+in\s+(?:every\s+)?\d+\b", re.I)
_LIST_NUMBER = re.compile(r"^\d{1,2}[.)]\s+[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Figure:
    """`text` as printed; `value` as stated; `numerator` and `denominator` where a fraction is printed."""

    text: str
    value: float | None = None
    unit: str | None = None
    numerator: float | None = None
    denominator: float | None = None


@lru_cache(maxsize=4096)
def is_blank(text: str | None) -> bool:
    """Nothing there: empty, a dash, dots or another mark that stands for an empty cell."""
    return tidy(text).casefold() in word_set("blank")


@lru_cache(maxsize=4096)
def is_not_available(text: str | None) -> bool:
    """Words that say that there is no figure ("n/a", "Not available", "TBC")."""
    said = tidy(text).casefold().strip(" .*()[]")
    return said in word_set("not_available")


@lru_cache(maxsize=4096)
def is_date(text: str | None) -> bool:
    """True where the text begins as a date, a month of a year or a financial year, with or without a preposition."""
    said = _BEFORE_DATE.sub("", tidy(text))
    if _DATE.match(said):
        return True
    years = _YEARS.match(said)
    return bool(years and is_financial_year(years) and not re.match(r"\s*[=:(]\s*[\d£]", said[years.end() :]))


def is_financial_year(match: re.Match[str]) -> bool:
    first, second = (match[1], match[2]) if match[1] else (match[3], match[4])
    return (int(first) + 1) % 100 == int(second) and (match[1] is not None or 5 <= int(first) <= 45)


def is_compound(said: str) -> bool:
    """A figure of two parts that no single number states: "3:45", "2 hrs 10 mins", "12 weeks 3 days", "12 345"."""
    return bool(_CLOCK.match(said) or re.fullmatch(r"\d{1,3}(?: \d{3})+", said))


def to_number(text: str) -> float:
    return float(text.replace(",", ""))


@cache
def _unit_pattern() -> re.Pattern[str]:
    units = [form for forms in lists()["units"].values() for form in forms]
    sizes = [form for forms in lists()["sizes"].values() for form in forms]
    return re.compile(
        rf"\s*(?:(?P<size>{alternatives(sizes)})(?![a-z])|(?P<unit>%|{alternatives(units)}(?![a-z])))?"
        rf"(?:\s*per\s+(?P<per>1[0,]*0|{alternatives(lists()['per']['words'])})\b|\s*/\s*(?P<base>1(?:,?0{{3}}){{1,2}}|1?0,?000|100,?000)\b)?",
        re.I,
    )


@cache
def _unit_names() -> dict[str, str]:
    return {
        form: unit for key in ("units", "sizes") for unit, forms in lists()[key].items() for form in forms
    }


def read_unit(pounds: bool, tail: str) -> tuple[str | None, str]:
    """The unit that `tail`, the text after a figure, begins with, and what follows it."""
    found = _unit_pattern().match(tail)
    if not found:
        return ("£" if pounds else None), tail
    written = re.sub(r"\s+", " ", (found["size"] or found["unit"] or "")).casefold()
    unit = _unit_names().get(written)
    if pounds:
        unit = f"£{unit}" if found["size"] else "£"
    base = found["per"] or found["base"]
    if base:
        unit = f"{unit} per {base}" if unit and unit != "%" else unit or f"per {base}"
    return unit, tail[found.end() :]


_LEAD = re.compile(
    rf"^(?P<open>\()?\s*(?P<sign>[-+])?\s*(?P<pounds>£)?\s*(?P<open2>\()?\s*(?P<sign2>[-+])?\s*(?P<n>{NUMBER})(?![\d:]|/(?!1[0,]*0(?![\d,]))|[.,]\d|\.[a-z])",
    re.I,
)


@lru_cache(maxsize=4096)
def leading_number(text: str) -> tuple[float, str | None, str] | None:
    """The figure that the tidied text begins with: value, unit and the rest; None where it begins otherwise."""
    found = _LEAD.match(text)
    if not found:
        return None
    tail = text[found.end() :]
    if found["open2"] and re.match(r"\)\s?[a-z]", tail, re.I):  # "£(0.3)m"
        tail = tail[1:].lstrip()
        closed = True
    else:
        closed = False
    unit, rest = read_unit(bool(found["pounds"]), tail)
    if tail[:1].isalpha() and rest == tail:
        return None
    value = to_number(found["n"])
    bracketed = closed or (
        (found["open"] or found["open2"]) and re.match(r"^\s*\)\s*[a-z£]*\s*\*?$", rest, re.I)
    )
    if "-" in (found["sign"], found["sign2"]) or (bracketed and unit != "%"):
        value = -value
    return value, unit, rest


def _fraction(text: str) -> tuple[float, float, str, bool] | None:
    """numerator, denominator, the text without the fraction, and whether the text begins with it."""
    for found in _FRACTION.finditer(text):
        if _PER_BASE.fullmatch(found["d"]) and "/" in found[0]:
            continue
        years = _YEARS.match(found[0].strip("( "))
        if years and is_financial_year(years):
            continue
        before = text[: found.start()].strip(" (")
        if before and not leading_number(before):
            continue
        numerator, denominator = to_number(found["n"]), to_number(found["d"])
        if denominator <= 0:
            continue
        rest = f"{text[: found.start()]} {text[found.end() :]}".strip(" =:-,")
        return numerator, denominator, re.sub(r"\s+", " ", rest), not before
    return None


@lru_cache(maxsize=4096)
def clean_figure(text: str) -> str:
    """Without footnote marks and labels ("Q1", "a)", "YTD") in front of the figure."""
    said = tidy(text) if text.isascii() else _SUPERSCRIPT.sub("", tidy(_SUPERSCRIPT.sub("", text)))
    if "*" in said:
        said = _STARS.sub("", said)
    said = _PROVISIONAL.sub("", said)
    return _LABEL.sub("", said)


@lru_cache(maxsize=4096)
def parse_figure(text: str | None) -> Figure | None:
    """Read one cell or figure. None for blank marks; a Figure without value for words, dates and ranges.

    `numerator` and `denominator` come from "164/173", "(5/6)", "5 of 6", "5 out of 6"; the value is the figure stated
    beside them, and null where only the fraction is printed. Brackets round a whole figure make it negative, as in
    accounts. Units: the forms of data/values.toml; "£m", "£k", "£bn" for money in millions, thousands, billions.
    """
    if text is None or is_blank(text):
        return None
    printed = " ".join(text.split())
    said = clean_figure(text)
    if said.casefold() in word_set("zero"):
        return Figure(printed, 0.0)
    if not _DIGIT.search(said):
        return Figure(printed)
    if is_date(said) or is_compound(said) or _LIST_NUMBER.match(said) or _ONE_IN.match(said):
        return Figure(printed)
    numerator = denominator = None
    fraction = _fraction(said)
    leads = False
    if fraction:
        numerator, denominator, said, leads = fraction
        said = clean_figure(said)
    if _RANGE.match(said):
        return Figure(printed, None, None, numerator, denominator)
    lead = leading_number(said)
    if lead is None and leads:
        inside = re.search(rf"(?<![\d.,])[-+]?(?:{NUMBER})\s*%", said)
        lead = leading_number(inside[0]) if inside else None
    elif lead is not None and leads and lead[1] is None and re.search(r"^\s*[a-z]", lead[2], re.I):
        lead = None
    if lead is None:
        return Figure(printed, None, None, numerator, denominator)
    return Figure(printed, lead[0], lead[1], numerator, denominator)

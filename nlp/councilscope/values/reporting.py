"""Which period a report is about, from its title, headings, running headers, file name and body."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from councilscope.records import Period
from councilscope.values.periods import (
    CALENDAR,
    FINANCIAL_YEAR,
    dissect,
    financial_year,
    find_quarter,
    find_years,
    last_quarters,
    month_end,
    month_numbers,
    month_pattern,
    quarter_bounds,
    quarter_of_month,
    spell_dates,
    year_of_month,
)
from councilscope.values.words import tidy

_ANNUAL = re.compile(
    r"\b(?:annual|year[ -]?end|end[ -]of[ -]year|full[ -]year|outturn|yearly|blynyddol|diwedd blwyddyn|self[ -]?assessment)\b",
    re.I,
)
_UP_TO = re.compile(
    r"\b(?:as at|as of|to|up to|until|ending|ended|end|at|hyd at)\s+(?:the\s+)?(?:end\s+(?:of\s+)?)?(?=\d{1,2}(?:st|nd|rd|th)?\s|[a-z]+ 20)",
    re.I,
)
_MEETING = re.compile(
    r"\b(?:cabinet|committee|executive|meeting|board|scrutiny|panel|agenda|published|printed|generated|date|monday|tuesday|wednesday|thursday|friday|produced|council\s+-|created|version|dated)\b",
    re.I,
)
_NOT_OWN = re.compile(
    r"\b(?:plan|strategy|budget|programme|target|targets|from|compared|comparison|previous|last|next|baseline|forecast|proposed|priorities|mtfs|medium term)\b",
    re.I,
)
_RUN = re.compile(r"(?<!\d)(?P<a>\d\d)(?P<b>\d\d)(?!\d)")
_LONG_RUN = re.compile(r"(?<!\d)(?P<a>20\d\d)(?P<b>\d\d)(?!\d)")
_HALF_YEAR = re.compile(
    r"\b(?:(?P<h2>h2|(?:2nd|second)[ -]half|half[ -]?(?:year[ -]?)?2)|(?P<m9>(?:nine|9)[ -]months?)"
    r"|half[ -]?year(?:ly)?|mid[ -]?year|(?:six|6)[ -]months?|h1|(?:1st|first)[ -]half|half[ -]?1|hanner blwyddyn)\b",
    re.I,
)
_MONTH_NUMBER = re.compile(
    r"(?<![a-z\d])(?:period|month|[pm])\s*(?P<n>1[0-2]|0?[1-9])(?![\d.%a-z,])(?!\s*months?)", re.I
)
_WORTH_READING = re.compile(r"\d\d|\b(?:q|qtr|f?q|ch)[ .:-]?[1-4]|quarter|chwarter", re.I)
_EVIDENCE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class _Claim:
    """One reading of one text: financial year (start) and quarter, either may be unknown, with its strength."""

    year: int | None
    quarter: int | None
    annual: bool
    strength: float
    text: str


def _plain(text: str) -> str:
    """Tidied, file name marks as blanks, runs such as "2122" and "202122" as years, several-year ranges taken out."""
    said = spell_dates(last_quarters(tidy(text).replace("%20", " ").replace("_", " ")))
    said = re.sub(r"\.(?:pdf|docx?|xlsx?|pptx?)$", "", said, flags=re.I)
    if " " not in said.strip() or re.search(r"\d{6}|q\d|qtr\d", said, re.I):
        said = re.sub(r"(?<=[a-z])-(?=[a-z\d])|(?<=\d)-(?=[a-z])", " ", said, flags=re.I)
        said = _LONG_RUN.sub(
            lambda m: f"{m['a']}/{m['b']}" if (int(m["a"]) + 1) % 100 == int(m["b"]) else m[0], said
        )
        said = _RUN.sub(lambda m: f"20{m['a']}/{m['b']}" if _is_run(m, said) else m[0], said)
        said = re.sub(r"(?<=[a-z\d])(?<!\d)(?=q[1-4]\b)|(?<=\d)(?=q[1-4](?!\d))", " ", said, flags=re.I)
        said = re.sub(r"\b(q|qtr|quarter)([1-4])(?=20\d\d)", r"\1\2 ", said, flags=re.I)
    return FINANCIAL_YEAR.sub(_drop_plan_years, said)


def _is_run(m: re.Match[str], said: str) -> bool:
    """Whether four digits are two years ("2122"); "1920" and "2021", which may be one year, only beside a quarter."""
    if int(m["a"]) + 1 != int(m["b"]):
        return False
    beside = re.search(r"\b(?:q|qtr|quarter)\s*-?[1-4]\W{0,2}$", said[: m.start()], re.I) or re.match(
        r"\W?(?:q|qtr)\s*[1-4]", said[m.end() :], re.I
    )
    return int(m["a"]) not in (19, 20) or bool(beside and m["a"] == "19")


def _drop_plan_years(m: re.Match[str]) -> str:
    """Blank a range of more than one year ("2017-2020", "2016 to 2020", "2021-25"), which is a plan's, not the period."""
    if not m["a"] or not m["b"]:
        return m[0]
    first, second = int(m["a"]), int(m["b"])
    second = second if second > 100 else first // 100 * 100 + second
    return " " if second - first > 1 else m[0]


def _ranges(said: str, months: Sequence[re.Match[str]]) -> list[tuple[int, int | None, bool]]:
    """(start year, quarter, annual) of ranges of months: "April - June 2019", "October 2022 - December 2022"."""
    out: list[tuple[int, int | None, bool]] = []
    for one, two in pairwise(months):
        between = said[one.end() : two.start()].strip()
        if (
            not re.fullmatch(r"(?:-|to|until|and|through|i|\d{1,2}(?:st|nd|rd|th)?|\s|-\s*\d+)*", between)
            or not between
        ):
            continue
        first, last = month_numbers()[one["month"].casefold()], month_numbers()[two["month"].casefold()]
        year = two["year"] or one["year"]
        if not year or last % 3:
            continue
        number = int(year) + (2000 if len(year) == 2 else 0)
        if two["year"] is None and last < first:
            number += 1
        start = year_of_month(number, last)
        if (last - first) % 12 == 2 or (first == 4 and last != 3):
            out.append((start, quarter_of_month(last), False))
        elif first == 4 and last == 3:
            out.append((start, None, True))
    return out


def _claims(text: str, weight: float) -> list[_Claim]:
    if not _WORTH_READING.search(text):
        return []
    said = _plain(text)
    shown = tidy(text)[:_EVIDENCE_LENGTH]
    lower = said.casefold()
    months = list(month_pattern().finditer(lower))
    ranges = _ranges(lower, months)
    if ranges:
        year, quarter, annual = ranges[-1]
        return [_Claim(year, quarter, annual, 9 * weight / len(ranges), shown)]
    years = find_years(lower)
    named = find_quarter(lower)
    several = max(1, len(years))
    if named:
        return _quarter_claims(lower, named[0], [y for y, _ in years], weight / several, shown)
    if years:
        half = _HALF_YEAR.search(lower)
        if half:
            quarter = 4 if half["h2"] else 3 if half["m9"] else 2
            return [_Claim(years[-1][0], quarter, False, 8 * weight / several, shown)]
        month_number = _MONTH_NUMBER.search(lower)
        if month_number:
            quarter = (int(month_number["n"]) - 1) // 3 + 1
            return [_Claim(years[-1][0], quarter, False, 6 * weight / several, shown)]
        up_to = _date_claim(lower, months, weight, shown)
        if up_to:
            return [up_to]
        annual = bool(_ANNUAL.search(lower))
        strength = (7 if annual else 4 * _damp(lower)) * weight / several
        return [_Claim(years[-1][0], None, annual, strength, shown)]
    dated = _date_claim(lower, months, weight, shown)
    if dated:
        return [dated]
    plain = CALENDAR.search(lower)
    if plain and _ANNUAL.search(lower):
        return [_Claim(int(plain["y"]) - 1, None, True, 2 * weight, shown)]
    return []


def _damp(lower: str) -> float:
    """How much less a text counts that speaks of a plan or of another time than the report's own."""
    return 0.5 if _NOT_OWN.search(lower) else 1.0


def _quarter_claims(lower: str, quarter: int, years: list[int], weight: float, shown: str) -> list[_Claim]:
    if years:
        return [_Claim(years[-1], quarter, False, 10 * weight, shown)]
    found = dissect(lower)
    for month, in_year in reversed(found.months):
        if in_year and quarter_of_month(month) == quarter:
            return [_Claim(year_of_month(in_year, month), quarter, False, 9 * weight, shown)]
    if found.calendar_year and not found.months:
        year = found.calendar_year - (quarter == 4)
        return [_Claim(year, quarter, False, 5 * weight, shown)]
    return [_Claim(None, quarter, False, 3 * weight * _damp(lower), shown)]


def _date_claim(lower: str, months: Sequence[re.Match[str]], weight: float, shown: str) -> _Claim | None:
    """A date or month with its year: the position at a quarter's end, a month report, or only the day of a meeting."""
    for found in months:
        if not found["year"]:
            continue
        month = month_numbers()[found["month"].casefold()]
        year = int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
        day = int(found["day"] or found["day2"] or 0)
        if not day:
            strength = (
                1.0
                if _MEETING.search(lower) or re.search(r"\b(?:by|in|from|since)\s+$", lower[: found.start()])
                else 3.0
            )
            return _Claim(
                year_of_month(year, month), quarter_of_month(month), False, strength * weight, shown
            )
        if month % 3 == 0 and day == month_end(year, month).day:
            near = lower[max(0, found.start() - 25) : found.start()]
            strength = 6.0 if _UP_TO.search(near + "1 ") or not _MEETING.search(lower) else 2.0
            strength = 1.0 if re.search(r"\bby\s+(?:the\s+)?$", near) else strength
            if month == 3 and (_ANNUAL.search(lower) or re.search(r"\byear (?:ended|ending|to)\b", lower)):
                return _Claim(year_of_month(year, month), None, True, max(strength, 6.5) * weight, shown)
            return _Claim(
                year_of_month(year, month), quarter_of_month(month), False, strength * weight, shown
            )
        if not 1 <= day <= month_end(year, month).day:
            continue
        before = dt.date(year, month, day) - dt.timedelta(days=20)
        start, quarter = year_of_month(before.year, before.month), quarter_of_month(before.month)
        if quarter_bounds(start, quarter)[1] > before:
            start, quarter = (start - 1, 4) if quarter == 1 else (start, quarter - 1)
        return _Claim(start, quarter, False, 0.5 * weight, shown)
    return None


def find_report_period(lines: Sequence[tuple[str, float]]) -> Period | None:
    """The period that a report is about, with the text that says so as evidence; None where nothing names one.

    `lines` are candidate texts with weights (title, headings, running headers, file name, body). A quarter with its
    year counts most, then ranges of months, annual words with a year, positions at a quarter's end, bare years, and last
    the date of a meeting (the quarter that had ended before it). A plan's range of years is no period. A quarter without
    a year takes the year from the best other text.
    """
    claims = [claim for text, weight in lines if text and weight > 0 for claim in _claims(text, weight)]
    whole = _add_up([c for c in claims if c.year is not None])
    half = _add_up([c for c in claims if c.year is None])
    if not whole:
        return None
    (year, quarter), (score, annual, text) = max(
        whole.items(), key=lambda kv: (kv[1][0], kv[0][0] or 0, kv[0][1] or 0)
    )
    if half:
        (_, bare), (bare_score, _, bare_text) = max(half.items(), key=lambda kv: (kv[1][0], -(kv[0][1] or 0)))
        dated = _best_year(claims)
        if (quarter is None and (not annual or bare_score * 2 > score)) and bare_score * 3 > score:
            quarter, text = bare, f"{bare_text} / {text}" if bare_text != text else text
        elif quarter is not None and bare_score > score and dated is not None:
            year, quarter, text = dated[0], bare, f"{bare_text} / {dated[1]}"
    assert year is not None
    first, last = quarter_bounds(year, quarter)
    return Period(
        financial_year=financial_year(year),
        quarter=quarter,
        start=first.isoformat(),
        end=last.isoformat(),
        evidence=text,
    )


def _add_up(claims: list[_Claim]) -> dict[tuple[int | None, int | None], tuple[float, bool, str]]:
    """Score of each reading: its strongest claim and a little for each other one; with the strongest claim's text."""
    groups: dict[tuple[int | None, int | None], list[_Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.year, claim.quarter].append(claim)
    out = {}
    for key, group in groups.items():
        best = max(group, key=lambda c: c.strength)
        extra = min(best.strength, 0.2 * (sum(c.strength for c in group) - best.strength))
        out[key] = (best.strength + extra, any(c.annual for c in group), best.text)
    return out


def _best_year(claims: list[_Claim]) -> tuple[int, str] | None:
    totals: dict[int, float] = defaultdict(float)
    texts: dict[int, str] = {}
    for c in sorted(claims, key=lambda c: -c.strength):
        if c.year is not None:
            totals[c.year] += c.strength
            texts.setdefault(c.year, c.text)
    if not totals:
        return None
    year = max(totals, key=lambda y: (totals[y], y))
    return year, texts[year]

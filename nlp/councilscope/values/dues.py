"""Due dates in words ("by year end", "end of December 2020", "in Quarter 2") as the last day that they allow."""

from __future__ import annotations

import datetime as dt
import re

from councilscope.records import Period
from councilscope.values.periods import (
    bounds,
    find_quarter,
    find_years,
    month_end,
    month_numbers,
    month_pattern,
    quarter_bounds,
    start_year,
)
from councilscope.values.words import tidy

_YEAR_END = re.compile(
    r"\b(?:(?:financial\s+|the\s+|this\s+)*(?:year|yr)[ -]?end|(?:end|close)\s+of\s+(?:the\s+|this\s+|current\s+|financial\s+)*(?:year|yr)|this\s+(?:financial\s+)?year"
    r"|(?:financial\s+)?year\s+(?:is\s+out|closes|ends)|y/e|eoy|diwedd\s+(?:y\s+)?flwyddyn)\b",
    re.I,
)
_CALENDAR_END = re.compile(
    r"\b(?:end\s+of\s+(?:the\s+|this\s+)?calendar\s+year|calendar\s+year\s+(?:is\s+out|end|ends)|(?:end|close)\s+of\s+(?P<y>20\d\d)(?!\s*[/-]\s*\d)|before\s+the\s+new\s+year)\b",
    re.I,
)
_NUMERIC = re.compile(
    r"(?<![\d/.])(?P<d>\d{1,2})[/.](?P<m>\d{1,2})(?:[/.](?P<y>(?:20)?\d\d))?(?![\d/%]|\.\d)"
)
_ISO = re.compile(r"\b(20\d\d)-(\d\d)-(\d\d)\b")
_BEYOND = re.compile(
    r"\b(?:report|this\s+time|second\s+half|half[ -]?term|terms?|summer|autumn|winter|spring)\b", re.I
)


def _next(month: int, day: int | None, period: Period | None) -> dt.date | None:
    """The first such day or month end that is not over by the last month of the period."""
    if period is None:
        return None
    last = bounds(period)[1]
    for year in (last.year, last.year + 1):
        end = month_end(year, month)
        if end >= last.replace(day=1):
            return _day(year, month, day)
    return None


def _day(year: int, month: int, day: int | None) -> dt.date | None:
    try:
        return dt.date(year, month, day) if day else month_end(year, month)
    except ValueError:
        return None


def _quarter(said: str, period: Period | None) -> dt.date | None:
    found = find_quarter(said)
    if found is None:
        return None
    years = find_years(said)
    if years:
        return quarter_bounds(years[-1][0], found[0])[1]
    if period is None:
        return None
    end = quarter_bounds(start_year(period), found[0])[1]
    if end < bounds(period)[1]:
        end = quarter_bounds(start_year(period) + 1, found[0])[1]
    return end


def _month(said: str, period: Period | None) -> dt.date | None:
    every = list(month_pattern().finditer(said))
    if not every:
        return None
    found = every[-1]
    month = month_numbers()[found["month"].casefold()]
    day = int(found["day"] or found["day2"] or 0) or None
    if found["year"]:
        year = int(found["year"])
        due = _day(year + 2000 if year < 100 else year, month, day)
    else:
        due = _next(month, day, period)
        if due and re.search(r"\bof\s+next\s+year\b", said):
            due = _day((bounds(period)[1].year if period else due.year) + 1, month, day)
    if due is None or day is not None:
        return due
    before = said[: found.start()]
    if re.search(r"\bbefore\s*$", before):
        return due.replace(day=1) - dt.timedelta(days=1)
    if re.search(r"\bmid[ -]?\s*$|\bmiddle\s+of\s*$|\bfirst\s+half\s+of\s*$", before):
        return due.replace(day=15)
    return due


def due_date(text: str | None, period: Period | None) -> str | None:
    """ISO date of the last day that a due date allows; None where the text and the report's period leave it open.

    Days, months and quarters without a year are the next ones from the last month of the report's period on. "Year end"
    is 31 March of the period's financial year, of the next one where the period ends with it. Seasons, terms,
    holidays and "next month" stay open.
    """
    said = tidy(text).casefold()
    if not said:
        return None
    due = _due(said, period)
    return due.isoformat() if due else None


def _due(said: str, period: Period | None) -> dt.date | None:
    iso = _ISO.search(said)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    numeric = _NUMERIC.search(said)
    if numeric and 1 <= int(numeric["m"]) <= 12 and 1 <= int(numeric["d"]) <= 31:
        if numeric["y"]:
            due = _day(int(numeric["y"][-2:]) + 2000, int(numeric["m"]), int(numeric["d"]))
        else:
            due = _next(int(numeric["m"]), int(numeric["d"]), period)
        return _week(said, due)
    months = list(month_pattern().finditer(said))
    if months and not (
        _BEYOND.search(said)
        and not months[-1]["year"]
        and not months[-1]["day"]
        and re.match(r"^(?:the\s+)?\w+ half[ -]?term", said)
    ):
        return _week(said, _month(said, period))
    if find_quarter(said):
        return (
            None
            if re.search(r"\breport\b|\bbefore\s+(?:the\s+)?(?!end|close)\w+\s+(?:quarter|q)", said)
            else _quarter(said, period)
        )
    calendar_end = _CALENDAR_END.search(said)
    if calendar_end:
        if calendar_end["y"]:
            return dt.date(int(calendar_end["y"]), 12, 31)
        return _next(12, 31, period)
    years = find_years(said)
    if years:
        return quarter_bounds(years[-1][0], None)[1]
    if _BEYOND.search(said) or period is None:
        return None
    last = bounds(period)[1]
    if re.search(r"\bend\s+of\s+(?:the\s+|this\s+)?(?:quarter|period)\b", said):
        return last
    if _YEAR_END.search(said):
        end = quarter_bounds(start_year(period), None)[1]
        return end if end > last else quarter_bounds(start_year(period) + 1, None)[1]
    return None


def _week(said: str, due: dt.date | None) -> dt.date | None:
    """The Sunday of a week that is named by its first day."""
    if due and re.search(r"\b(?:week|wk|w/c|wc)\b(?:\s+(?:of|commencing|beginning|starting))?\s+\d", said):
        return due + dt.timedelta(days=6 - due.weekday())
    return due

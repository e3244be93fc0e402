"""Periods as councils head their columns: "Q1 2020/21", "Qtr 4 17/18", "Apr - Jun 2019", "Outturn 2018/19", "Jun-19".

Years are UK financial years (April to March), named by the year in which they start. Normal forms: "2019/20 Q1",
"2018/19 Year End" (also for annual figures), "Apr 2019", "2019/20 YTD", and "2019" for calendar years.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from functools import cache, lru_cache

from councilscope.records import Period
from councilscope.values.words import alternatives, lists, tidy, word_set

MONTH_NAMES = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDINALS = {
    "1": 1, "2": 2, "3": 3, "4": 4, "one": 1, "two": 2, "three": 3, "four": 4, "first": 1, "second": 2, "third": 3, "fourth": 4,
    "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "final": 4, "last": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4,
    "cyntaf": 1, "ail": 2, "trydydd": 3, "pedwerydd": 4,
}  # fmt: skip
FINANCIAL_YEAR = re.compile(
    r"(?<![\d/.])(?:fy\s*)?(?:(?P<a>(?:19|20)\d\d)\s*(?:[/-]|_|to)\s*(?P<b>(?:19|20)?\d\d)|(?P<c>\d\d)\s*[/-]\s*(?P<d>\d\d))(?![\d/]|-\d|\.\d|%)",
    re.I,
)
_SHORT_YEAR = re.compile(r"\bfy\s*'?(?:20)?(?P<y>\d\d)\b(?![/-]\s*\d)", re.I)
QUARTER = re.compile(
    r"(?<![a-z])(?:(?:f?q|qtr|qrt|qu|quarter|quarterly|chwarter|ch)\s*[.:_-]?\s*(?P<n>[1-4]|one|two|three|four|iv|i{1,3})(?![\d.%a-z]|,\d)"
    r"|(?P<o>1st|2nd|3rd|4th|first|second|third|fourth|final)\s+(?:financial\s+)?(?:quarter|qtr)\b|(?P<w>ail|trydydd|pedwerydd)\s+chwarter|chwarter\s+cyntaf(?P<w1>))",
    re.I,
)
# "Q1-Q3", "Quarters 1 to 3": cumulative figures, which belong to the last of them
_QUARTERS = re.compile(
    r"(?<![a-z])(?:f?q|qtrs?|quarters?)\s*[1-3]\s*(?:-|to|and|&)\s*(?:f?q|qtr|quarter)?\s*(?=[2-4](?![\d.%a-z/]))",
    re.I,
)
_MONTH_OF_YEAR = re.compile(  # "Period 6", "M9": the sixth and ninth month of the financial year
    r"(?<![a-z\d])(?:(?:period|month)\s*(?P<long>1[0-2]|0?[1-9])(?!\s*months?)|[pm](?P<short>1[0-2]|0?[1-9]))(?![\d.%a-z,])",
    re.I,
)
# A school term stands for its last month; the financial year has no place of its own for it.
_TERM = re.compile(
    r"(?<![a-z])(?:(?P<en>autumn|spring|summer)\s+term|tymor\s+(?:yr?\s+)?(?P<cy>hydref|gwanwyn|haf))(?![a-z])",
    re.I,
)
_TERM_ENDS = {"autumn": 12, "hydref": 12, "spring": 3, "gwanwyn": 3, "summer": 7, "haf": 7}
_TWELVE_MONTHS = re.compile(
    r"\b(?:(?:rolling|last|previous)\s+)?(?:12|twelve)[ -]?(?:m|mths?|months?)\b|\b(?:rolling\s+year|year)\s+(?:to|ended|ending)\b(?!\s+date)",
    re.I,
)
_QUARTER_OF_RUN = re.compile(r"(?<![a-z\d])(?P<n>[1-4])q(?![a-z])", re.I)
_HALF = re.compile(
    r"\b(?:(?P<h1>half[ -]?year(?:ly)?(?!\s*2)|mid[ -]?year|h1|first half|1st half|six months?|6 months?|half[ -]?1|hanner blwyddyn)|(?P<h2>h2|second half|2nd half|half[ -]?(?:year[ -]?)?2)|(?P<m9>nine months?|9 months?))\b",
    re.I,
)
_DATE_IN_FIGURES = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:20)?\d\d)\b")
_LAST_YEAR = re.compile(r"\b(?:last|previous|prior)\s+year\b")
_TO_DATE = re.compile(r"\b(?:ytd|year[ -]to[ -]date)\b")
_WORD = re.compile(r"[^\W\d_]+")
CALENDAR = re.compile(r"(?<![\d/.-])(?P<y>(?:19[89]|20[0-4])\d)(?![\d/]|-\d|\.\d|%)")


@dataclass(frozen=True, slots=True)
class Found:
    """What a text says of time: `year` is that in which the financial year starts; months are (month, year or None)."""

    year: int | None = None
    quarter: int | None = None
    months: tuple[tuple[int, int | None], ...] = ()
    day: int | None = None
    calendar_year: int | None = None
    rest: str = ""

    @property
    def says_nothing(self) -> bool:
        return not (self.quarter or self.months) and self.year is None and self.calendar_year is None


def financial_year(start: int) -> str:
    return f"{start}/{(start + 1) % 100:02d}"


def start_year(period: Period) -> int:
    return int(period.financial_year[:4])


def quarter_bounds(year: int, quarter: int | None) -> tuple[dt.date, dt.date]:
    """First and last day of a quarter of the financial year that starts in `year`; of the year where quarter is None."""
    if quarter is None:
        return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)
    first = (4, 7, 10, 1)[quarter - 1]
    in_year = year + (quarter == 4)
    last = first + 2
    return dt.date(in_year, first, 1), dt.date(in_year, last, calendar.monthrange(in_year, last)[1])


def bounds(period: Period) -> tuple[dt.date, dt.date]:
    """First and last day of a period: as it states them, else by its year and quarter."""
    first, last = quarter_bounds(start_year(period), period.quarter)
    return (dt.date.fromisoformat(period.start) if period.start else first), (
        dt.date.fromisoformat(period.end) if period.end else last
    )


def month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def quarter_of_month(month: int) -> int:
    return (month - 4) % 12 // 3 + 1


def year_of_month(year: int, month: int) -> int:
    """Start year of the financial year that holds the month."""
    return year if month >= 4 else year - 1


@cache
def month_numbers() -> dict[str, int]:
    return {name: int(number) for number, names in lists()["months"].items() for name in names}


@cache
def month_pattern() -> re.Pattern[str]:
    """A month with the day before it and the year after it, where printed: "30th June 2018", "Jun-19", "Apr"."""
    names = alternatives(list(month_numbers()))
    return re.compile(
        rf"(?:(?<![\d/])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s*(?:of\s+)?|-))?(?<![a-z])(?P<month>{names})(?![a-z])\.?"
        r"(?:\s*,?\s*(?P<day2>\d{1,2})(?:st|nd|rd|th),?)?(?:[\s,'_/-]*(?P<year>(?:19|20)\d\d(?![\d]|\s*[/]\s*\d)"
        rf"|(?<=[\s'_/-])\d\d(?![\d/:%]|(?:st|nd|rd|th)|\s*-\s*(?!(?:{names})[\s'_/-]*\d\d(?!\d))[a-z]|\s+[a-z]{{3}}|,\d|\.\d)))?",
        re.I,
    )


def find_years(text: str) -> list[tuple[int, re.Match[str]]]:
    """The financial years in a text, in order; ranges of several years ("2017-2020") are none."""
    out = []
    for m in FINANCIAL_YEAR.finditer(text):
        first, second = m["a"] or m["c"], m["b"] or m["d"]
        if (int(first) + 1) % 100 != int(second) % 100:
            continue
        if m["c"] and not 5 <= int(first) <= 45:
            continue
        if m["b"] and len(m["b"]) == 4 and int(m["b"]) != int(first) + 1:
            continue
        out.append((int(first) if m["a"] else 2000 + int(first), m))
    if not out:
        out = [(2000 + int(m["y"]) - 1, m) for m in _SHORT_YEAR.finditer(text)]
    return out


def find_quarter(text: str) -> tuple[int, re.Match[str]] | None:
    m = QUARTER.search(text)
    if m:
        word = (m["n"] or m["o"] or m["w"] or "cyntaf").casefold()
        return _ORDINALS[word], m
    m = _QUARTER_OF_RUN.search(text)
    return (int(m["n"]), m) if m else None


def _find_months(text: str) -> tuple[list[tuple[int, int | None, int | None]], str]:
    """(month, year, day) of each month in the text, later years filled in backwards, and the rest of the text."""
    found: list[tuple[int, int | None, int | None]] = []
    rest = text
    for m in month_pattern().finditer(text):
        year = None if not m["year"] else int(m["year"]) + (2000 if len(m["year"]) == 2 else 0)
        if m["month"] in ("may", "march", "mar", "ion", "mai", "is", "hyd", "med", "maw") and not (
            year or m["day"] or len(text) < 40
        ):
            continue
        day = int(m["day"] or m["day2"] or 0) or None
        found.append((month_numbers()[m["month"].casefold()], year, day if day and day <= 31 else None))
        rest = rest.replace(m[0], " ", 1)
    for i in range(len(found) - 2, -1, -1):
        month, year, day = found[i]
        later_month, later_year, _ = found[i + 1]
        if year is None and later_year is not None:
            found[i] = (month, later_year - (month > later_month), day)
    return found, rest


@cache
def _any_time() -> re.Pattern[str]:
    """What stands in every text that `dissect` finds something in; most texts are told by it to hold nothing at once."""
    return re.compile(
        rf"q|ch|fy|term|tymor|(?<![a-z])(?:{alternatives(list(month_numbers()))})(?![a-z])|(?:period|month|[pm])\s*\d"
        r"|(?:19|20)\d\d|\d\s*[/-]\s*\d|\d\.\d{1,2}\.\d",
        re.I,
    )


@lru_cache(maxsize=4096)
def dissect(text: str) -> Found:
    """Take years, quarter and months out of a text; `rest` is what is left."""
    said = tidy(text).casefold()
    if not _any_time().search(said):
        return Found(rest=said)
    said = last_quarters(spell_dates(said))
    years = find_years(said)
    rest = said
    year = None
    if years:
        year = years[-1][0]
        for _, m in years:
            rest = rest.replace(m[0], " ", 1)
    quarter = None
    seen = find_quarter(rest)
    if seen:
        quarter = seen[0]
        rest = rest[: seen[1].start()] + " " + rest[seen[1].end() :]
        rest = re.sub(r"\(\s*\)", " ", rest)
    months, rest = ([], rest) if quarter else _month_of_year(rest, year)
    if not months:
        months, rest = _find_months(rest)
    calendar_year = None
    plain = CALENDAR.search(rest)
    if plain:
        calendar_year = int(plain["y"])
        rest = rest.replace(plain[0], " ", 1)
        months = [(m, y or calendar_year, d) for m, y, d in months]
    if months and _TERM.search(said) and year is not None:  # of a school year
        months = [(m, year + (m < 9), d) for m, _, d in months]
    return Found(
        year=year, quarter=quarter, months=tuple((m, y) for m, y, _ in months), day=months[-1][2] if months else None,
        calendar_year=calendar_year, rest=rest,
    )  # fmt: skip


def _month_of_year(text: str, year: int | None) -> tuple[list[tuple[int, int | None, int | None]], str]:
    """The month that "Period 6", "M9" or "Summer term" names, as `_find_months` gives it, and the rest of the text."""
    term = _TERM.search(text)
    if term:
        return [(_TERM_ENDS[term["en"] or term["cy"]], None, None)], text.replace(term[0], " ", 1)
    m = _MONTH_OF_YEAR.search(text)
    if m is None or not (m["long"] or year is not None or m[0] == text.strip(" .:*")):
        return [], text
    return [((int(m["long"] or m["short"]) + 2) % 12 + 1, None, None)], text.replace(m[0], " ", 1)


def last_quarters(text: str) -> str:
    """The text with runs of quarters ("Q1-Q3", "Quarters 1 to 3") cut to their last one."""
    return _QUARTERS.sub("q", text)


def spell_dates(text: str) -> str:
    """The text with dates in figures ("30/09/2021", "30.9.21") written with the month's name."""
    return _DATE_IN_FIGURES.sub(_spell_date, text)


def _spell_date(m: re.Match[str]) -> str:
    day, month, year = int(m[1]), int(m[2]), m[3]
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return m[0]
    return f"{day} {MONTH_NAMES[month].casefold()} {year if len(year) == 4 else '20' + year}"


def words_left(rest: str) -> list[str]:
    return [w for w in re.findall(r"[^\W\d_][\w'&/-]*", rest) if w not in word_set("periods", "filler")]


def _month_year(month: int, report: Period | None) -> int | None:
    """The year of a month without one: the last such month not after the report's period."""
    if report is None:
        return None
    last = bounds(report)[1]
    return last.year if month <= last.month else last.year - 1


def _quarter_year(quarter: int, report: Period | None) -> int | None:
    """Start year of a quarter without a year: the last such quarter not after the report's."""
    if report is None:
        return None
    own = start_year(report)
    return own - 1 if report.quarter and quarter > report.quarter else own


def own_label(report: Period) -> str:
    """The report's own period as outturns name it."""
    year = financial_year(start_year(report))
    return f"{year} Q{report.quarter}" if report.quarter else f"{year} Year End"


_RELATIVE = (
    "year_before",
    "last_year",
    "previous",
    "to_date",
    "own",
    "year",
)  # lists of values.toml, the first counts
_NO_WORD = re.compile(r"[^a-z/ ]+")
_ARTICLE = re.compile(r"^(?:the|our) ")
_FIGURE_NAMED = re.compile(r"\s*\b(?:value|actual|result|performance|outturn|figure|position)\b$")


@cache
def _relative_words() -> dict[str, str]:
    """Headers that name a period by the report's, each with the list that it stands in."""
    out: dict[str, str] = {}
    for name in _RELATIVE:
        for w in lists()["periods"][name]:
            out.setdefault(_NO_WORD.sub(" ", w.replace("-", " ")), name)
    return out


@lru_cache(maxsize=4096)
def _relative_kind(said: str) -> str | None:
    """The list of `_RELATIVE` that a header stands in, its article or the word for a figure at its end left out or not."""
    key = " ".join(_NO_WORD.sub(" ", said.replace("-", " ")).split())
    known = _relative_words()
    found = {known[k] for k in (key, _ARTICLE.sub("", key), _FIGURE_NAMED.sub("", key).strip()) if k in known}
    return next((name for name in _RELATIVE if name in found), None)


def _relative(said: str, report: Period | None) -> str | None:
    """Headers that name a period by the report's: "Last quarter", "Same quarter last year", "YTD"."""
    kind = _relative_kind(said)
    if report is None or kind is None:
        return None
    year, quarter = start_year(report), report.quarter
    if kind == "year_before":
        return f"{financial_year(year - 1)} Q{quarter}" if quarter else f"{financial_year(year - 1)} Year End"
    if kind == "last_year":
        return f"{financial_year(year - 1)} Year End"
    if kind == "previous":
        if quarter is None:
            return f"{financial_year(year - 1)} Year End"
        return f"{financial_year(year - (quarter == 1))} Q{(quarter - 2) % 4 + 1}"
    if kind == "to_date":
        return f"{financial_year(year)} YTD"
    if kind == "own":
        return own_label(report)
    done = quarter in (None, 4)
    return f"{financial_year(year if done else year - 1)} Year End"


@lru_cache(maxsize=4096)
def period_in(text: str | None, report: Period | None = None, banner: str | None = None) -> str | None:
    """The period that a header names, whatever else the header says (target, status, trend). See `parse_period`."""
    own = tidy(text).casefold().strip(" .:*")
    if not own and not banner:
        return None
    found = dissect(own)
    above = dissect(banner) if banner else Found()
    if report and found.quarter and found.year is None and _LAST_YEAR.search(own):
        return f"{financial_year(start_year(report) - 1)} Q{found.quarter}"
    label = _absolute(found, above, own, report)
    if label:
        return label
    if banner and not words_left(found.rest) and not found.rest.strip(" .:()%").isdigit():
        label = _absolute(above, Found(), tidy(banner).casefold(), report)
    return label or _relative(own, report)


def _absolute(found: Found, above: Found, said: str, report: Period | None) -> str | None:
    half = _HALF.search(found.rest)
    if not half and found.says_nothing and above.says_nothing:
        return None
    year = found.year if found.year is not None else above.year
    to_date = bool(_TO_DATE.search(said))
    if found.quarter or half:
        quarter = found.quarter or (2 if half and half["h1"] else 3 if half and half["m9"] else 4)
        label = _quarter_label(quarter, year, found, above, report)
        if to_date and label and report and (report.quarter == quarter or label[:7] != report.financial_year):
            return f"{label[:7]} YTD"  # another quarter of the report's own year is told apart by its number
        return label
    if found.months and (to_date or _TWELVE_MONTHS.search(said)):
        return _run_label(found, year if found.year is not None else None, above, report, to_date)
    if found.months:
        return _month_label(found, year if found.year is not None else None, above, report)
    if found.year is not None:
        if above.quarter and not to_date:
            return f"{financial_year(found.year)} Q{above.quarter}"
        if len(above.months) == 1:
            return _month_label(above, found.year, Found(), report)
        return f"{financial_year(found.year)} {'YTD' if to_date else 'Year End'}"
    if found.calendar_year is not None:
        if above.quarter:
            return _quarter_label(above.quarter, None, found, Found(), report)
        if len(above.months) == 1 and above.months[0][1] is None:
            return f"{MONTH_NAMES[above.months[0][0]]} {found.calendar_year}"
        if re.search(r"\b(?:outturn|year[ -]?end|financial)\b", said):
            return f"{financial_year(found.calendar_year - 1)} Year End"
        return str(found.calendar_year)
    if above.year is not None and not above.quarter:
        if to_date:
            return f"{financial_year(above.year)} YTD"
        if re.search(rf"\b(?:{alternatives(lists()['periods']['year'])})\b", said) or said in word_set(
            "periods", "own"
        ):
            return f"{financial_year(above.year)} Year End"
    return None


def _quarter_label(
    quarter: int, year: int | None, found: Found, above: Found, report: Period | None
) -> str | None:
    if year is None and found.months and found.months[-1][1] is not None:
        month, month_year = found.months[-1]
        if month_year is not None and quarter_of_month(month) == quarter:
            year = year_of_month(month_year, month)
    if year is None:
        plain = found.calendar_year or above.calendar_year
        if plain is not None:
            year = plain
            if quarter == 4 and (report is None or quarter_bounds(plain, 4)[1] > bounds(report)[1]):
                year = plain - 1
    if year is None:
        year = _quarter_year(quarter, report)
    return None if year is None else f"{financial_year(year)} Q{quarter}"


def _year_of(found: Found, year: int | None, above: Found, report: Period | None) -> int | None:
    """The calendar year of the last month of a text."""
    month, in_year = found.months[-1]
    if in_year is not None:
        return in_year
    if year is None and above.year is not None:
        year = above.year
    return year + (month < 4) if year is not None else above.calendar_year or _month_year(month, report)


def _run_label(
    found: Found, year: int | None, above: Found, report: Period | None, to_date: bool
) -> str | None:
    """A year to date, or twelve months, up to a month: those that end with a quarter are that quarter's figure."""
    month, in_year = found.months[-1][0], _year_of(found, year, above, report)
    if in_year is None:
        return None
    fy = financial_year(year_of_month(in_year, month))
    if to_date:
        return f"{fy} YTD"
    if month == 3:
        return f"{fy} Year End"
    return f"{fy} Q{quarter_of_month(month)}" if month % 3 == 0 else f"{MONTH_NAMES[month]} {in_year}"


def _month_label(found: Found, year: int | None, above: Found, report: Period | None) -> str | None:
    first, month = found.months[0][0], found.months[-1][0]
    in_year = _year_of(found, year, above, report)
    if in_year is None:
        return None
    fy, quarter = year_of_month(in_year, month), quarter_of_month(month)
    if len(found.months) >= 2:
        span = (month - first) % 12
        if first == 1 and month == 12:
            return str(in_year)
        if first == 4 and month == 3:
            return f"{financial_year(fy)} Year End"
        if month % 3 == 0 and (span == 2 or first == 4):
            return f"{financial_year(fy)} Q{quarter}"
        if span == 11 and month % 3 == 0:
            return f"{financial_year(fy)} Q{quarter}"
        return f"{MONTH_NAMES[month]} {in_year}"
    if found.day and month % 3 == 0 and found.day == month_end(in_year, month).day:
        if month == 3 and not (report and report.quarter == 4 and start_year(report) == fy):
            return f"{financial_year(fy)} Year End"
        return f"{financial_year(fy)} Q{quarter}"
    return f"{MONTH_NAMES[month]} {in_year}"


@lru_cache(maxsize=4096)
def parse_period(text: str | None, report: Period | None = None, banner: str | None = None) -> str | None:
    """Normalise the header of a column of outturns; None where the text is no period or heads something else.

    `report` is the report's own period: it gives the year where the header has none (the last such quarter or month not
    after it) and resolves "Last quarter", "Same quarter last year", "YTD", "Actual". `banner` is a header that stands
    over this one ("2019/20" over "Q1", "Q1" over "2019/20"). Headers of targets, ratings, trends and of other areas'
    figures give None; `period_in` reads their periods too.
    """
    said = tidy(text).casefold()
    if not said or len(said) > 80:
        return None
    if not word_set("periods", "other_roles").isdisjoint(_WORD.findall(said)):
        return None
    label = period_in(text, report, banner)
    if label is None:
        return None
    rest = _HALF.sub(" ", _TWELVE_MONTHS.sub(" ", dissect(said).rest))
    return label if _relative(said.strip(" .:*"), report) or len(words_left(rest)) <= 1 else None


_CODE = re.compile(r"\W*[pm]\d{1,2}\W*", re.I)  # "P1" may as well be a code or a priority
_SOME_PERIOD = Period(financial_year="2019/20", quarter=4)


@lru_cache(maxsize=4096)
def looks_like_period(text: str | None) -> bool:
    """Quick test: the text is the header of a column of figures by itself, without knowing the report's period."""
    if _CODE.fullmatch(text or ""):
        return False
    return parse_period(text, _SOME_PERIOD) is not None

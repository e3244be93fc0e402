"""The grammar of due dates: what a DEADLINE looks like in words, and its `iso`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from councilscope.records import Period

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
YEAR = r"(?:20\d\d(?:[/-]\d{2})?)"
DAY = r"(?:[0-3]?\d(?:st|nd|rd|th)?)"
DATE = (
    rf"(?:(?:mid|early|late)[- ])?(?:{DAY} (?:of )?{MONTH}(?:[ ,]+{YEAR})?|{MONTH}(?: {DAY}(?:,? {YEAR})?|,? ?{YEAR})?"
    rf"|[0-3]?\d[/.][01]?\d[/.](?:20)?\d\d)"
)
QUARTER = rf"(?:(?:q|quarter )[1-4](?:(?: of)? {YEAR})?|(?:next|this|the (?:first|second|third|fourth|final|next)) quarter)"
ENDS = (
    rf"(?:the )?(?:end|close|start|beginning|middle)(?: of)?(?: the)? ?(?:{QUARTER}|{DATE}|(?:financial |calendar )?year(?: {YEAR})?|{YEAR}"
    r"|term|month|quarter|(?:spring|summer|autumn) term)|year[- ]end"
)
VAGUE = r"(?:next|later this|early next|the coming|the new) (?:month|quarter|year|week|spring|summer|autumn|winter|term|financial year)"
SEASON = rf"(?:(?:early|late) )?(?:the )?(?:spring|summer|autumn|winter|christmas)(?: {YEAR}| term)?"
WHEN = rf"(?:{ENDS}|{DATE}|{QUARTER}|{VAGUE}|{SEASON}|{YEAR})"
LEAD = r"(?:(?:by|in|at|before|until|during|from|on) (?:the )?)"
DEADLINE = re.compile(rf"\b(?:{LEAD}{WHEN}|{ENDS}|{VAGUE}|{DATE})\b(?!%)", re.I)
PAST = re.compile(
    r"\b(was|were|had|compared|since|published|inspected|ended|last|achieved|performance for|figure)\b", re.I
)
AHEAD = re.compile(
    r"\b(will|to be|due|target|plan(?:s|ned)?|expect(?:s|ed)?|scheduled|by|until|before|should|aim(?:s)?|next|revised|intend(?:s|ed)?"
    r"|would be|is to|are to|ready|complete(?:d)? by|forecast|deadline)\b",
    re.I,
)


def find(text: str) -> list[tuple[int, int]]:
    """Stretches that read as a date lying ahead; a date in a clause about the past is left out."""
    found = []
    for m in DEADLINE.finditer(text):
        line = text[max(0, m.start() - 90) : m.start()]
        before = re.split(r"[.;\n](?=\s|$)", line)[-1]
        ahead = list(AHEAD.finditer(before + " " + m.group()))
        past = list(PAST.finditer(before))
        if ahead and (not past or past[-1].start() < ahead[-1].start()):
            found.append(m.span())
    return found


def iso(text: str, period: Period | None) -> str | None:
    """The last day a deadline allows, as an ISO date, where the report's period makes it certain."""
    try:
        from councilscope.values import due_date
    except ImportError:
        return None
    due = due_date(text, period)
    return due if due is None or isinstance(due, str) else due.isoformat()

"""Status beside a title; the printed status held against the report's own rule: a contradiction is a warning."""

from __future__ import annotations

import re

from councilscope.blocks.draft import Draft
from councilscope.records import Block, Outturn, Period, Target, Warning
from councilscope.status import Evidence, Key, exact_rag
from councilscope.values import Tolerance, own_label, possible_status, read_limits

MARK = re.compile(r"(?:^|\s)[●⬤■◼◆▲★◉🔴🟠🟡🟢🔵⚪]\s+(?=\w)")
COUNTS = (
    None,
    "£",
    "£k",
    "£m",
    "£bn",
)  # units that add up over the year: a quarter's figure is no match for its target


def status_within_title(d: Draft) -> None:
    """Take a status with its sign ("● Off track"), which stands beside the lines of a title, out of the title."""
    m = MARK.search(d.title)
    if m is None:
        return
    after = d.title[m.end() :].split()
    for n in (3, 2, 1):
        rag = exact_rag(" ".join(after[:n]), Key()) if len(after) >= n else None
        if rag:
            if not d.status:
                d.status.append(Evidence(rag, "text"))
            d.title = " ".join([d.title[: m.start()].strip(), *after[n:]]).strip()
            return


def against_rule(d: Draft, block: Block, period: Period | None, rule: Tolerance | None) -> Warning | None:
    """A warning where red, amber or green is printed and the rule, applied to target and result, gives another.

    The measure's own tolerance or thresholds go before the rule of the key. Nothing is said where the target or the
    result of the reported period is not one figure, where their units differ, or, within the year, for counts and
    sums, whose annual target is not yet due.
    """
    own = read_limits(d.limits) if d.limits else None
    applied = own or rule
    if (
        applied is None
        or period is None
        or block.kind != "indicator"
        or block.rag not in ("red", "amber", "green")
    ):
        return None
    mine = [o for o in block.outturns if o.period == own_label(period) and o.label is None]
    if len(mine) != 1 or not comparable(block.target, mine[0], period):
        return None
    found = possible_status(block.target, mine[0].value, block.polarity, applied)
    if not found or block.rag in found:
        return None
    name = block.ref or block.title[:60]
    target = f" against a target of {block.target.text}" if block.target else ""
    source = "its own tolerance" if own else "the report's key"
    message = (
        f"status of {name!r} is printed as {block.rag}, but {mine[0].text}{target} is "
        f"{' or '.join(sorted(found))} by {source}"
    )
    return Warning(code="status_differs", page=d.page, message=message)


def comparable(target: Target | None, outturn: Outturn, period: Period) -> bool:
    """Whether a result can be held against a target: one unit, and no count of part of a year."""
    if outturn.value is None or (
        target is not None and target.unit and outturn.unit not in (None, target.unit)
    ):
        return False
    unit = outturn.unit or (target.unit if target else None)
    return unit not in COUNTS or period.quarter is None

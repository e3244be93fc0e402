"""Figures, targets and fractions of a row by the roles and periods of its columns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from councilscope.blocks.columns import Column, Header
from councilscope.blocks.draft import (
    Draft,
    Figure,
)
from councilscope.lexicon import fold
from councilscope.records import Period
from councilscope.status import (
    Evidence,
    Key,
    word_rag,
)
from councilscope.tables import Cell
from councilscope.values import (
    parse_figure,
    parse_period,
    parse_target,
)


@dataclass
class RowContext:
    """What the surroundings give a row: services by headings, kind, the report's period, key and table number."""

    service: list[str]
    report: Period | None
    key: Key
    number: int
    heading_status: str | None = None
    kind: str | None = None
    at_foot: list[str] = field(default_factory=list)  # a group named by the last row read, over the next page
    warn: Callable[[str, int, str], None] = lambda code, page, message: None


def own_period(report: Period) -> str:
    from councilscope.values import own_label

    return own_label(report)


def figure_period(col: Column, report: Period | None) -> str | None:
    if col.period:
        return col.period
    words = {
        "previous": "previous quarter",
        "last_year": "previous year",
        "same_last_year": "same quarter last year",
        "ytd": "YTD",
    }
    return parse_period(words.get(col.role or "", "current quarter"), report)


def read_figure(text: str, period: str | None) -> Figure | None:
    """An outturn from a cell's text; None for a dash, an empty cell or "n/a"."""
    from councilscope.values import is_blank

    if is_blank(text) or re.match(r"(?i)(?:q|qtr|quarter) ?[1-4]\b.{0,8}\d{4}", text):
        return None
    f = parse_figure(text)
    shown = re.sub(r"\s*[▲▼►◄↑↓→←↔⇧⇩⇨⬆⬇➡●■◆★✔✖✓✗⚠]+\s*", " ", text).strip()
    if f is None:
        return Figure(period, shown) if shown else None
    rag = None
    if m := re.search(r"\(([^()]{2,30})\)$", text):  # "78% (On track)"
        rag = word_rag(m.group(1))
    return Figure(period, shown or text, f.value, f.numerator, f.denominator, f.unit, rag)


def finish_targets(draft: Draft, cells: list[Cell], header: Header, ctx: RowContext) -> None:
    """The target of the report's period: of several target columns the one that names it, else annual, else the last."""
    found: list[tuple[int, str]] = []
    for j in header.all("target"):
        col = header.columns[j]
        for c in under(cells, j):
            if c.words:
                own = fold(f"{col.banner} {col.own}")
                rank = 1
                if ctx.report and col.period:
                    rank = (
                        0
                        if col.period == own_period(ctx.report)
                        else (2 if col.period.startswith(ctx.report.financial_year) else 4)
                    )
                elif re.search(r"\b(?:quarter|q[1-4]|qtr|ytd|to date|profiled|current|this)\b", own):
                    rank = 0
                elif re.search(r"\b(?:last|previous|prior|next)\b", own):
                    rank = 5
                found.append((rank, c.text))
    for _, text in sorted(found, key=lambda f: f[0]):
        target = parse_target(text)
        if target is not None:
            draft.target = target
            break
    if draft.target is None:
        for j in header.all("due"):
            for c in under(cells, j):
                if c.words and draft.target is None:
                    draft.target = parse_target(c.text)


def status_from_figures(draft: Draft, cells: list[Cell], header: Header, ctx: RowContext) -> None:
    """Where no column holds the status, the colour of the reported period's own figure is it."""
    if draft.status or any(under(cells, j) for j in header.all("rag")):
        return
    own = own_period(ctx.report) if ctx.report else None
    coloured = [f for f in draft.figures if f.rag]
    if not coloured:
        return
    mine = [f for f in coloured if f.period == own] or ([coloured[-1]] if own is None else [])
    if not mine and len({f.period for f in coloured}) == 1 and coloured[-1] is draft.figures[-1]:
        mine = coloured  # the latest figure has a name of its own: "Dec score" in a report on October to December
    if mine:
        draft.status.append(Evidence(mine[-1].rag, "colour"))  # type: ignore[arg-type]


def fractions(draft: Draft, cells: list[Cell], header: Header, ctx: RowContext) -> None:
    """Numerators and denominators in columns of their own, given to the figure of their period."""
    own = own_period(ctx.report) if ctx.report else None
    for name in ("numerator", "denominator"):
        for j in header.all(name):
            period = header.columns[j].period or own
            for c in under(cells, j):
                part = parse_figure(c.text)
                for f in draft.figures:
                    if (
                        part is not None
                        and part.value is not None
                        and f.period == period
                        and getattr(f, name) is None
                    ):
                        setattr(f, name, part.value)


def under(cells: list[Cell], j: int) -> list[Cell]:
    return [c for c in cells if c.col0 <= j < c.col1 and (c.words or c.shapes or c.pictures)]


def is_prose(text: str) -> bool:
    """Whether a cell under a heading of figures tells in sentences what others show in numbers."""
    return len(text.split()) >= 8 and bool(re.search(r"[a-z)][.!?](?:\s|$)", text))

"""Captions and notes that are set as rows of the table they belong to."""

from __future__ import annotations

import re
from dataclasses import replace

from councilscope.tables.cells import Table

CAPTION = re.compile(r"(?:table|figure|chart|exhibit|box|appendix)\s+[\dA-Z]{1,3}(?:\W|$)", re.I)
NOTE = re.compile(r"(?:sources?|notes?|abbreviations?)\s*[:.\d]|\*", re.I)


def is_caption(text: str) -> bool:
    """Whether a line begins as captions do: "Table 2.1 ...", "Figure A"."""
    return bool(CAPTION.match(text))


def without_captions(table: Table) -> Table:
    """A table less its first rows that are a caption and its last that are a note, each one cell over all columns."""
    first, last = 0, table.n_rows
    while first < last - 1 and (text := _alone(table, first)) is not None and is_caption(text):
        first += 1
    while last > first + 1 and (text := _alone(table, last - 1)) is not None and NOTE.match(text):
        last -= 1
    if (first, last) == (0, table.n_rows):
        return table
    cells = [
        replace(c, row0=max(c.row0, first) - first, row1=min(c.row1, last) - first)
        for c in table.cells
        if c.row0 < last and c.row1 > first
    ]
    return Table(table.box, tuple(cells), last - first, table.n_cols, table.xs, table.ys)


def _alone(table: Table, row: int) -> str | None:
    """The text of a row that is one cell over all columns, or whose only text begins in the first."""
    held = [c for c in table.row(row) if c.words]
    if (
        len(held) == 1
        and held[0].row1 == held[0].row0 + 1
        and held[0].col0 == 0
        and held[0].col1 > 0.7 * table.n_cols
    ):
        return held[0].text
    return None

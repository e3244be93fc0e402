"""Wide sheets: lists whose further columns are printed on later pages, tied to their rows by order and number."""

from __future__ import annotations

from dataclasses import dataclass, field

from councilscope.blocks.columns import TITLES, Header
from councilscope.blocks.draft import Draft
from councilscope.blocks.row_figures import RowContext
from councilscope.tables import Table

SAME = 3.0  # points: rows of two pages that begin no further apart are one row of the sheet


@dataclass
class Part:
    """The rows of a list on one page, and the headings of the tables that have been tied to them."""

    table: Table
    header: Header
    ctx: RowContext
    drafts: list[Draft]
    beside: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def first(self) -> int:
        return self.header.first + self.header.rows


def names_columns_only(header: Header) -> bool:
    """Whether the headings name neither a title nor a number, so that a row by itself does not say whose it is."""
    return header.index("ref", *TITLES, "service") is None


def side_of(
    parts: list[Part], table: Table, header: Header
) -> tuple[Part, list[tuple[Draft, int, int]]] | None:
    """The part of a sheet that a table goes on with to the right, and the rows (end exclusive) of each draft in it.

    Pages are printed over, then down, or down, then over: the first part of the list read last that has no such
    columns yet and to which the rows can be tied.
    """
    if not parts:
        return None
    last = parts[-1].header.signature()
    for k, part in enumerate(parts):
        if any(p.header.signature() != last for p in parts[k:]) or part.table.box.page >= table.box.page:
            continue
        if header.signature() in part.beside:
            continue
        tied = tie(part, table, header)
        if tied is not None:
            return part, tied
    return None


def tie(part: Part, table: Table, header: Header) -> list[tuple[Draft, int, int]] | None:
    """Each draft of a part with its rows in a table: as many rows, as many filled rows, or rows at the same height."""
    drafts = [d for d in part.drafts if d.row >= part.first]
    if not drafts:
        return None
    top = header.first + header.rows
    body = table.n_rows - top
    if body == part.table.n_rows - part.first:
        starts = [d.row - part.first + top for d in drafts]
        return list(zip(drafts, starts, [*starts[1:], table.n_rows], strict=True))
    filled = sorted({c.row0 for c in table.cells if c.row0 >= top and (c.words or c.shapes or c.pictures)})
    if len(filled) == len(drafts):
        return list(zip(drafts, filled, [*filled[1:], table.n_rows], strict=True))
    heights = {r: y for r in filled if (y := _top(table, r)) is not None}
    rows = []
    for d in drafts:
        y = _top(part.table, d.row)
        row = next((r for r, v in heights.items() if y is not None and abs(v - y) <= SAME), None)
        if row is not None:
            rows.append((d, row))
    if len(rows) < 2 or {r for _, r in rows} != set(filled):
        return None
    return [(d, r, r + 1) for d, r in rows]


def _top(table: Table, row: int) -> float | None:
    return min((c.box.y0 for c in table.cells if c.row0 == row), default=None)

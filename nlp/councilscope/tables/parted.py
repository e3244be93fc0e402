"""Rows that a grid holds as one because a wall is missing: cells over several rows whose words keep to these rows.

Where a service is printed once beside its items, or only status cells are painted, no line runs round each item, and
the items of a group come as one row: "1.1 1.2 1.3". The rows are known from the cells beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from councilscope.geometry import Box
from councilscope.tables.cells import Cell, Table

LEAST = 3  # so many cells over the same rows, with words in each of them, are several rows


def with_rows_parted(table: Table) -> Table:
    """The table with cells over several rows parted where their words stand in each of these rows and run over none."""
    tall: dict[tuple[int, int], list[Cell]] = {}
    for c in table.cells:
        if c.row1 - c.row0 > 1 and c.words:
            tall.setdefault((c.row0, c.row1), []).append(c)
    parted: dict[int, list[Cell]] = {}
    for (r0, r1), cells in tall.items():
        if r0 == 0 or len(cells) < LEAST:
            continue
        feet = {r: _foot(table, r) for r in range(r0, r1 - 1)}
        cuts = [y for y in feet.values() if y is not None]
        if len(cuts) < len(feet):
            continue
        level = sorted((c for c in cells if not any(w.angle for w in c.words)), key=lambda c: c.col0)
        if (first := _first_column(level, cuts)) is not None:
            for c in table.cells:
                if (c.row0, c.row1) == (r0, r1) and c.col0 >= first:
                    parted[id(c)] = _cut(c, cuts)
    if not parted:
        return table
    cells = [part for c in table.cells for part in parted.get(id(c), [c])]
    cells.sort(key=lambda c: (c.row0, c.col0))
    return Table(table.box, tuple(cells), table.n_rows, table.n_cols, table.xs, table.ys)


def _foot(table: Table, row: int) -> float | None:
    """The lower end of a row, from the cells that end with it."""
    ends = [c.box.y1 for c in table.row(row) if c.row1 == row + 1]
    return min(ends) if ends else None


def _first_column(cells: Sequence[Cell], cuts: Sequence[float]) -> int | None:
    """The first column with words between all cuts (what is left of it belongs to all of the rows), where two more have
    them and no word lies over a cut; else None.
    """
    bands = list(pairwise([float("-inf"), *cuts, float("inf")]))
    held = [c for c in cells if all(any(a <= w.box.cy < b for w in c.words) for a, b in bands)]
    if len(held) < LEAST:
        return None
    right = [c for c in cells if c.col0 >= held[0].col0]
    if any(w.box.y0 + 1 < y < w.box.y1 - 1 for c in right for w in c.words for y in cuts):
        return None
    return held[0].col0


def _cut(cell: Cell, cuts: Sequence[float]) -> list[Cell]:
    out = []
    for k, (a, b) in enumerate(pairwise([cell.box.y0, *cuts, cell.box.y1])):
        box = Box(cell.box.page, cell.box.x0, a, cell.box.x1, b)
        out.append(
            Cell(
                cell.row0 + k,
                cell.row0 + k + 1,
                cell.col0,
                cell.col1,
                box,
                tuple(w for w in cell.words if _in(w.box.cy, a, b, k, len(cuts))),
                cell.fill,
                tuple(s for s in cell.shapes if _in(s.box.cy, a, b, k, len(cuts))),
                tuple(p for p in cell.pictures if _in(p.box.cy, a, b, k, len(cuts))),
            )
        )
    return out


def _in(y: float, a: float, b: float, k: int, last: int) -> bool:
    return (k == 0 or y >= a) and (k == last or y < b)

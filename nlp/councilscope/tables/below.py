"""Rows that go on below a grid without columns of their own: the grid holds the heading, often with a first row only.

Where rows are parted by level rules at most, the grid of a drawn heading ends with it, and what is below is found as
boxes, as pieces with fewer columns, or not at all. Lines that keep to the columns of the heading are its rows.
"""

from __future__ import annotations

from collections.abc import Sequence

from councilscope.geometry import Box
from councilscope.page import Fill, Line, Page, Shape, Word
from councilscope.tables.bodies import body_lines, row_cells, row_cuts, rows_of
from councilscope.tables.cells import Cell, Table
from councilscope.tables.edges import Edge
from councilscope.tables.headed import is_known
from councilscope.tables.unruled import keeps_to
from councilscope.text import lines_of, segments

LEAST = 4  # a heading names so many columns at least


def with_rows_below(
    page: Page, tables: Sequence[Table], fills: Sequence[Fill], shapes: Sequence[Shape], rules: Sequence[Edge]
) -> list[Table]:
    """Tables, those under a drawn heading with the rows that go on below them. `rules` are the level edges of the page."""
    out = sorted(tables, key=lambda t: (t.box.y0, t.box.x0))
    headed = {id(t): n for t in out if (n := heading_rows(t))}
    for table in list(out):
        if id(table) not in headed or not any(t is table for t in out):
            continue
        stop = min(
            (t.box.y0 for t in out if t.box.y0 >= table.box.y1 - 2 and _is_apart(t, table, headed)),
            default=page.height,
        )
        longer = _longer(page, table, headed[id(table)], stop, fills, shapes, rules)
        if longer is None:
            continue
        mine = {id(w) for c in longer.cells for w in c.words}
        out = [
            longer if t is table else t
            for t in out
            if t is table or not any(id(w) in mine for c in t.cells for w in c.words)
        ]
    return out


def heading_rows(table: Table) -> int:
    """How many rows from the first hold headings of four columns or more; 0 where the first is none."""
    if table.n_cols < LEAST or len(table.xs) != table.n_cols + 1:
        return 0
    n = 0
    while n < min(4, table.n_rows):
        own = [c.text for c in table.row(n) if c.row0 == n and c.words]
        known = sum(1 for t in own if is_known(t))
        if not own or known < 0.6 * len(own) or (n == 0 and known < 3):
            break
        n += 1
    foot = [c for c in table.row(n - 1) if c.words] if n else []
    return n if len(foot) >= LEAST else 0


def _is_apart(table: Table, above: Table, headed: dict[int, int]) -> bool:
    """Whether a table below another begins anew or stands beside it, or has its columns and needs no help."""
    if id(table) in headed or table.n_cols >= above.n_cols:
        return True
    return table.box.x0 < above.box.x0 - 12 or table.box.x1 > above.box.x1 + 12


def _longer(
    page: Page,
    table: Table,
    heads: int,
    stop: float,
    fills: Sequence[Fill],
    shapes: Sequence[Shape],
    rules: Sequence[Edge],
) -> Table | None:
    edges = list(table.xs)
    level = [e for e in rules if e.hi - e.lo > 0.5 * table.box.width and e.lo < table.box.x0 + 20]
    body = body_lines(
        table.box.y1,
        max(w.size for c in table.row(heads - 1) for w in c.words),
        _lines_below(page.words, table, stop),
        edges[0],
        edges[-1],
        level,
    )
    rich = [ln for ln in body if len(segments(ln, 1.0)) >= 3]
    if len(rich) < max(1, table.n_rows - heads) or sum(keeps_to(ln, edges) for ln in rich) < 0.8 * len(rich):
        return None
    foot = max(ln.box.y1 for ln in body)
    cuts, painted = row_cuts(table.box.y1, foot, edges, fills, level)
    rows = rows_of(body, edges, cuts, painted)
    tops = [max(table.box.y1, min(r[0], r[1][0].box.y0 - 1)) for r in rows]
    ends = [*tops[1:], max(foot + 1, max((c for c in cuts if c < foot + 40), default=foot))]
    cells: list[Cell] = list(table.cells)
    for r, (row, y0, y1) in enumerate(zip(rows, tops, ends, strict=True), table.n_rows):
        cells += row_cells(page, r, row[1], y0, y1, edges, fills, shapes)
    box = Box(page.number, edges[0], table.box.y0, edges[-1], ends[-1])
    ys = (*table.ys[: table.n_rows], *tops, ends[-1])
    return Table(box, tuple(cells), table.n_rows + len(rows), table.n_cols, table.xs, ys)


def _lines_below(words: Sequence[Word], table: Table, stop: float) -> list[Line]:
    """Level lines of words below a table, above `stop`, within its width."""
    found = [
        w
        for w in words
        if not w.angle
        and table.box.y1 - 1 < w.box.cy < stop
        and table.box.x0 - 2 <= w.box.cx <= table.box.x1 + 2
    ]
    return lines_of(found)

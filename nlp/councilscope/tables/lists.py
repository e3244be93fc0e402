"""Lists between rules or under a heading line: rows of one line each that nothing parts.

Whether lines below each other are rows or one wrapped text shows where they end: wrapped text ends a line only where the
next word has no room, a list ends it anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from councilscope.geometry import Box, enclose
from councilscope.page import Line, Page, Word
from councilscope.tables.cells import Cell, Table
from councilscope.tables.runs import Row, ends_early, has_digits
from councilscope.text import lines_of


def split_list(table: Table) -> Table:
    """A table of a heading and one tall row, as rules above and below it leave it, with a row for each of its lines.

    Only where two columns hold four lines or more at the same heights, and most of them end before they had to.
    """
    if table.n_cols < 2 or table.n_rows > 3:
        return table
    whole = sum(len(c.words) for c in table.cells)
    for r in range(table.n_rows):
        cells = table.row(r)
        if any(c.row1 > c.row0 + 1 for c in cells) or sum(len(c.words) for c in cells) * 10 < 6 * whole:
            continue
        columns = [(c, lines_of(c.words)) for c in cells if c.words]
        tall = [(c, lines) for c, lines in columns if len(lines) >= 4]
        if len(tall) < 2 or tall[0][0].col0 != 0 or any(ln.words[0].angle for _, ls in tall for ln in ls):
            continue
        first = [ln.box.cy for ln in tall[0][1]]
        beside = [ln.box.cy for c, ls in columns if c.col0 for ln in ls]
        level = sum(1 for y in beside if any(abs(y - z) < 2.5 for z in first))
        if level >= 0.8 * len(beside) and all(ends_early(ls, c.box.width - 2) for c, ls in tall):
            return _split_row(table, r, cells)
    return table


def _split_row(table: Table, r: int, cells: Sequence[Cell]) -> Table:
    """Row r as one row a line; a line goes on with the row above where the first column is empty or runs on."""
    x1 = next(c.box.x1 for c in cells if c.col0 == 0)
    groups: list[list[Line]] = []
    for ln in lines_of([w for c in cells for w in c.words]):
        label = [w for w in ln.words if w.box.cx < x1]
        more = not label or label[0].text[:1].islower()
        close = bool(groups) and ln.box.y0 - groups[-1][-1].box.y1 < 0.5 * ln.words[0].size
        if close and more:
            groups[-1].append(ln)
        else:
            groups.append([ln])
    more_rows = len(groups) - 1
    bounds = [cells[0].box.y0, *((min(ln.box.y0 for ln in g)) for g in groups[1:]), cells[0].box.y1]
    out = [c for c in table.cells if c.row1 <= r]
    for c in table.cells:
        if c.row0 > r:
            out.append(replace(c, row0=c.row0 + more_rows, row1=c.row1 + more_rows))
    for c in cells:
        mine = {id(w) for w in c.words}
        for k, (group, (y0, y1)) in enumerate(zip(groups, pairwise(bounds), strict=True)):
            words = tuple(w for ln in group for w in ln.words if id(w) in mine)
            box = Box(c.box.page, c.box.x0, y0, c.box.x1, y1)
            shapes = tuple(s for s in c.shapes if y0 <= s.box.cy < y1)
            pictures = tuple(p for p in c.pictures if y0 <= p.box.cy < y1)
            out.append(Cell(r + k, r + k + 1, c.col0, c.col1, box, words, c.fill, shapes, pictures))
    out.sort(key=lambda c: (c.row0, c.col0))
    return Table(table.box, tuple(out), table.n_rows + more_rows, table.n_cols, table.xs, table.ys)


def find_pairs(page: Page, words: Sequence[Word]) -> list[Table]:
    """Tables of two columns, a label and a figure: four lines or more under a heading of two texts."""
    if not has_digits(words, 4):
        return []
    rows = [Row(ln) for ln in lines_of(words) if ln.words[0].angle == 0]
    out: list[Table] = []
    k = 1
    while k < len(rows):
        end = k
        while end < len(rows) and _is_pair(rows[end]) and (end == k or _below(rows[end - 1], rows[end])):
            end += 1
        if end - k >= 4 and _heads(rows[k - 1], rows[k:end]):
            out.append(_pair_table(page, rows[k - 1 : end]))
        k = max(end, k + 1)
    return out


def _is_pair(row: Row) -> bool:
    return row.figures > 0 and len(row.runs) == 2 and row.runs[1].figure and len(row.runs[0].words) <= 10


def _below(a: Row, b: Row) -> bool:
    """Whether a pair stands right below another, its label in the same column and its figure on the same axis."""
    (la, fa), (lb, fb) = (r.box for r in a.runs), (r.box for r in b.runs)
    axis = min(abs(fa.x0 - fb.x0), abs(fa.x1 - fb.x1), abs(fa.cx - fb.cx))
    return b.line.box.y0 - a.line.box.y1 < 0.9 * lb.height and axis < 2.5 and la.x0 < fb.x0 and lb.x0 < fa.x0


def _heads(head: Row, pairs: Sequence[Row]) -> bool:
    """Whether a line holds two texts, one over the labels and one over the figures."""
    if (
        len(head.runs) != 2
        or head.figures
        or pairs[0].line.box.y0 - head.line.box.y1 > 1.6 * head.line.box.height
    ):
        return False
    labels = enclose(p.runs[0].box for p in pairs)
    figures = enclose(p.runs[1].box for p in pairs)
    one, two = (r.box for r in head.runs)
    return (
        one.x0 < labels.x1
        and one.x1 < figures.x0
        and two.x0 > labels.x1
        and two.x0 < figures.x1
        and two.x1 > figures.x0
    )


def _pair_table(page: Page, rows: Sequence[Row]) -> Table:
    box = enclose(r.line.box for r in rows).grow(1)
    mid = (max(r.runs[0].box.x1 for r in rows) + min(r.runs[1].box.x0 for r in rows)) / 2
    ys = [box.y0, *(r.line.box.y0 for r in rows[1:]), box.y1]
    xs = (box.x0, mid, box.x1)
    cells = [
        Cell(i, i + 1, k, k + 1, Box(page.number, xs[k], y0, xs[k + 1], y1), r.runs[k].words)
        for i, (r, (y0, y1)) in enumerate(zip(rows, pairwise(ys), strict=True))
        for k in range(2)
    ]
    return Table(box, tuple(cells), len(rows), 2, xs, tuple(ys))

"""Tables of which only some rows are drawn: striped rows and rows between rules joined to one table.

Where every other row is filled, or a heading is filled and the rows below it are ruled, the grid finds pieces with
the same columns one under the other. The words between the pieces that keep to these columns are the rows missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from councilscope.geometry import Box
from councilscope.page import Line, Page, Picture, Shape, Word
from councilscope.tables.cells import Cell, Table
from councilscope.tables.runs import is_figure
from councilscope.tables.unruled import group_rows, keeps_to
from councilscope.text import lines_of, segments

GAP = 150.0  # points: pieces further apart are different tables
LABELS = 240.0  # points: labels left of a grid are no wider
SAME = 5.0  # points: columns whose left edges differ by no more are the same


def join_pieces(
    page: Page, tables: list[Table], words: Sequence[Word], shapes: Sequence[Shape]
) -> tuple[list[Table], list[Word]]:
    """Tables with their pieces joined, and the words that are left."""
    left = list(words)
    out: list[Table] = []
    for table in sorted(tables, key=lambda t: (t.box.y0, t.box.x0)):
        before = next((t for t in reversed(out) if _same_columns(t, table)), None)
        if before is not None:
            between = _between(left, before.box, table.box.y0, _edges(before))
            if between is not None:
                out.remove(before)
                joined = _join(page, before, between, table, shapes)
                left = _without(left, between)
                out.append(joined)
                continue
        out.append(table)
    done: list[Table] = []
    for table in out:
        tail = _tail(left, table)
        if tail:
            left = _without(left, tail)
            table = _join(page, table, tail, None, shapes)
        done.append(table)
    return done, left


def join_labels(page: Page, tables: list[Table], words: Sequence[Word]) -> tuple[list[Table], list[Word]]:
    """Tables with the labels that stand left of their grid, a line to a row, as a column; and the words that are left."""
    left = list(words)
    out: list[Table] = []
    for table in tables:
        labels = _labels(left, table)
        if labels:
            left = _without(left, [w for ln in labels.values() for w in ln.words])
            table = _with_labels(page, table, labels)
        out.append(table)
    return out, left


def _labels(words: Sequence[Word], table: Table) -> dict[int, Line]:
    """Row to the line of words left of it; {} where not nearly every row of figures has one, and nothing else is there."""
    first = [c for c in table.cells if c.col0 == 0 and c.row1 == c.row0 + 1]
    if table.n_cols < 2 or len(first) < 4 or len(first) < 0.8 * table.n_rows:
        return {}
    if sum(1 for c in first if c.words and is_figure(c.words[0].text)) < 0.7 * len(first):
        return {}
    x0 = min(c.box.x0 for c in first)
    y0, y1 = min(c.box.y0 for c in first), max(c.box.y1 for c in first)
    beside = [
        w for w in words if x0 - LABELS < w.box.cx < x0 and w.box.x1 <= x0 + 1 and y0 - 1 < w.box.cy < y1 + 1
    ]
    if not beside or any(w.angle for w in beside):
        return {}
    found: dict[int, Line] = {}
    for ln in lines_of(beside):
        row = next((c.row0 for c in first if c.box.y0 - 1 <= ln.box.cy <= c.box.y1 + 1), -1)
        if row < 0 or row in found or len(ln.words) > 9:
            return {}
        found[row] = ln
    return found if len(found) >= 0.8 * len(first) else {}


def _with_labels(page: Page, table: Table, labels: dict[int, Line]) -> Table:
    x0 = min(ln.box.x0 for ln in labels.values()) - 1
    start = min(c.box.x0 for c in table.cells if c.col0 == 0)
    cells = [
        Cell(c.row0, c.row1, c.col0 + 1, c.col1 + 1, c.box, c.words, c.fill, c.shapes, c.pictures)
        for c in table.cells
    ]
    for c in table.cells:
        if c.col0 == 0 and c.row1 == c.row0 + 1:
            held = labels[c.row0].words if c.row0 in labels else ()
            cells.append(Cell(c.row0, c.row1, 0, 1, Box(page.number, x0, c.box.y0, start, c.box.y1), held))
    cells.sort(key=lambda c: (c.row0, c.col0))
    box = Box(page.number, min(x0, table.box.x0), table.box.y0, table.box.x1, table.box.y1)
    return Table(box, tuple(cells), table.n_rows, table.n_cols + 1, (x0, *table.xs), table.ys)


def _lefts(table: Table) -> list[float]:
    lefts: dict[int, float] = {}
    for c in table.cells:
        lefts[c.col0] = min(lefts.get(c.col0, c.box.x0), c.box.x0)
    return [lefts.get(k, -1.0) for k in range(table.n_cols)]


def _same_columns(a: Table, b: Table) -> bool:
    if a.n_cols != b.n_cols or a.n_cols < 3 or b.box.y0 < a.box.y1 - 2 or b.box.y0 - a.box.y1 > GAP:
        return False
    if abs(a.box.x1 - b.box.x1) > SAME or [c.text for c in a.row(0)] == [c.text for c in b.row(0)]:
        return False
    return all(abs(x - y) <= SAME for x, y in zip(_lefts(a), _lefts(b), strict=True) if x >= 0 and y >= 0)


def _edges(table: Table) -> list[float]:
    return [x for x in _lefts(table) if x >= 0] + [table.box.x1]


def _between(words: Sequence[Word], above: Box, foot: float, edges: Sequence[float]) -> list[Word] | None:
    """Words between a table and the piece below it; None where one of them is no part of a row."""
    inside = [
        w for w in words if above.y1 - 1 <= w.box.cy <= foot + 1 and above.x0 - 2 <= w.box.cx <= above.x1 + 2
    ]
    if not inside:
        return [] if foot - above.y1 <= 6 else None
    lines = lines_of(inside)
    runs = [segments(ln, 1.0) for ln in lines]
    if any(_crosses(ln, e) for ln in lines for e in edges[1:-1]):
        return None
    several = sum(1 for rs in runs if len(rs) >= 3)
    tall = max(w.size for w in inside) > 1.2 * min(w.size for w in inside)
    if several == 0 or tall or any(ln.words[0].angle for ln in lines):
        return None
    return inside


def _crosses(line: Line, edge: float) -> bool:
    """Whether a line runs on over the edge of a column: a word lies over it, or no more than a space parts the two sides."""
    left = [w for w in line.words if w.box.cx < edge]
    right = [w for w in line.words if w.box.cx >= edge]
    if not left or not right:
        return bool(left and left[-1].box.x1 > edge + 3)
    a, b = max(left, key=lambda w: w.box.x1), min(right, key=lambda w: w.box.x0)
    return a.box.x1 > edge + 3 or b.box.x0 - a.box.x1 < 0.42 * a.size


def _tail(words: Sequence[Word], table: Table) -> list[Word]:
    """Words directly below a table of three columns or more that keep to its columns: a last row without a fill."""
    filled = any(c.fill is not None and c.words for c in table.cells)
    if table.n_cols < 3 or (table.n_rows < 2 and not filled):
        return []
    edges = _edges(table)
    inside = [
        w for w in words if table.box.x0 - 2 <= w.box.cx <= table.box.x1 + 2 and w.box.y0 >= table.box.y1 - 1
    ]
    taken: list[Word] = []
    foot = table.box.y1
    for ln in lines_of(inside):
        if ln.words[0].angle or ln.box.y0 - foot > 12 or not keeps_to(ln, edges):
            break
        if not taken and len(segments(ln, 1.0)) < 3:
            break
        taken += ln.words
        foot = ln.box.y1
    return taken


def _join(
    page: Page, above: Table, between: Sequence[Word], below: Table | None, shapes: Sequence[Shape]
) -> Table:
    edges = _edges(above)
    cells = list(above.cells)
    row = above.n_rows
    foot = above.box.y1
    groups = group_rows(lines_of(between), edges) if between else []
    ends = [g[0].box.y0 - 1 for g in groups[1:]] + [
        below.box.y0 if below else max((w.box.y1 for w in between), default=foot) + 2
    ]
    for group, end in zip(groups, ends, strict=False):
        words = [w for ln in group for w in ln.words]
        for k, (a, b) in enumerate(pairwise(edges)):
            box = Box(page.number, a, foot, b, end)
            inside = tuple(
                w for w in words if (k == 0 or w.box.cx >= a) and (k == len(edges) - 2 or w.box.cx < b)
            )
            signs = tuple(s for s in shapes if box.contains_point(s.box.cx, s.box.cy))
            pictures = _pictures(page, box)
            cells.append(Cell(row, row + 1, k, k + 1, box, inside, None, signs, pictures))
        row += 1
        foot = end
    if below is not None:
        for c in below.cells:
            cells.append(
                Cell(c.row0 + row, c.row1 + row, c.col0, c.col1, c.box, c.words, c.fill, c.shapes, c.pictures)
            )
        row += below.n_rows
        foot = below.box.y1
    box = Box(page.number, above.box.x0, above.box.y0, above.box.x1, max(foot, above.box.y1))
    return Table(box, tuple(cells), row, above.n_cols, above.xs, above.ys)


def _pictures(page: Page, box: Box) -> tuple[Picture, ...]:
    return tuple(
        p for p in page.pictures if box.contains_point(p.box.cx, p.box.cy) and p.box.area < 1.2 * box.area
    )


def _without(words: Sequence[Word], gone: Sequence[Word]) -> list[Word]:
    ids = {id(w) for w in gone}
    return [w for w in words if id(w) not in ids]

"""Columns that no line parts: by the white space between them, or by the left edges of their words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from councilscope.geometry import Box
from councilscope.page import Word
from councilscope.tables.cells import Cell, Table
from councilscope.text import lines_of


def with_columns(table: Table) -> Table:
    """Columns that no line parts are parted where white space runs through all their cells and through the heading."""
    if table.n_rows < 2:
        return table
    table = _along_heading(table)
    ranges = _column_ranges(table)
    gutters: dict[int, list[float]] = {}
    alone = {r for r in range(table.n_rows) if sum(1 for c in table.row(r) if c.words) == 1}
    for j, (x0, x1) in ranges.items():
        rows = [
            [w for c in table.row(r) if c.col0 <= j < c.col1 for w in c.words if x0 <= w.box.cx < x1]
            for r in range(table.n_rows)
            if table.n_cols == 1 or r not in alone or r == 0
        ]
        rows = [ws for ws in rows if ws]
        if table.n_cols == 1:
            rows = _without_banners(rows)
        if len(rows) < 2:
            continue
        found = find_gutters(rows, x0, x1)
        found = [g for g in found if _parts_words(rows[0], g)]
        found = sorted(
            [
                *found,
                *(g for g in _left_edges(rows) if x0 + 4 < g < x1 - 4 and not _is_cut(rows, g, found)),
            ]
        )
        if found:
            gutters[j] = found
    if not gutters:
        return table
    return _split_columns(table, ranges, gutters)


def _along_heading(table: Table) -> Table:
    """Rows that nothing parts under a heading whose columns are drawn: parted where the heading is, if their words are."""
    ranges = _column_ranges(table)
    if table.n_cols < 3 or len(ranges) < table.n_cols:
        return table
    short = _short_spans(table, ranges)
    cells: list[Cell] = []
    for c in table.cells:
        bounds = [ranges[j][0] for j in range(c.col0 + 1, c.col1)]
        if not bounds or not c.words or c.row0 == 0:
            cells.append(c)
            continue
        if (c.col0, c.col1) not in short and (len(bounds) < 3 or not _keeps_to(c.words, bounds)):
            cells.append(c)
            continue
        edges = [c.box.x0, *bounds, c.box.x1]
        for k, (a, b) in enumerate(pairwise(edges)):
            box = Box(c.box.page, a, c.box.y0, b, c.box.y1)
            cells.append(
                Cell(
                    c.row0,
                    c.row1,
                    c.col0 + k,
                    c.col0 + k + 1,
                    box,
                    tuple(w for w in c.words if a <= w.box.cx < b),
                    c.fill,
                    tuple(s for s in c.shapes if a <= s.box.cx < b),
                    tuple(p for p in c.pictures if a <= p.box.cx < b),
                )
            )
    cells.sort(key=lambda c: (c.row0, c.col0))
    return Table(table.box, tuple(cells), table.n_rows, table.n_cols, table.xs, table.ys)


def _short_spans(table: Table, ranges: dict[int, tuple[float, float]]) -> set[tuple[int, int]]:
    """First and last columns of cells over two or three headings, all of whose words stand apart below these.

    So where a table has no lines and only the cells of a status are painted.
    """
    headed = {c.col0 for c in table.cells if c.row0 == 0 and c.col1 - c.col0 == 1 and c.words}
    spans: dict[tuple[int, int], bool] = {}
    for c in table.cells:
        if 2 <= c.col1 - c.col0 <= min(3, table.n_cols - 1) and c.row0 > 0 and c.words:
            bounds = [ranges[j][0] for j in range(c.col0 + 1, c.col1)]
            span = (c.col0, c.col1)
            spans[span] = spans.get(span, headed >= set(range(*span))) and _stands_apart(c.words, bounds)
    return {span for span, apart in spans.items() if apart}


def _stands_apart(words: Sequence[Word], bounds: Sequence[float]) -> bool:
    """Whether no word lies over an edge, and words on both sides of one have a wide gap between them."""
    if any(w.box.x0 + 0.6 < x < w.box.x1 - 0.6 for w in words for x in bounds):
        return False
    return all(
        b.box.x0 - a.box.x1 > max(a.size, 4.0)
        for line in lines_of(list(words))
        for a, b in pairwise(line.words)
        if any(a.box.cx < x <= b.box.cx for x in bounds)
    )


def _keeps_to(words: Sequence[Word], bounds: Sequence[float]) -> bool:
    """Whether words stand in half of the columns, none over an edge, with wide gaps in their first line."""
    if any(w.box.x0 + 0.6 < x < w.box.x1 - 0.6 for w in words for x in bounds):
        return False
    columns = {sum(1 for x in bounds if w.box.cx >= x) for w in words}
    first = lines_of(list(words))[0].words
    gaps = sum(1 for a, b in pairwise(first) if b.box.x0 - a.box.x1 > 1.5 * max(a.size, 4.0))
    return len(columns) >= 0.5 * (len(bounds) + 1) and gaps >= 2


def _is_cut(rows: Sequence[Sequence[Word]], at: float, found: Sequence[float]) -> bool:
    """Whether a gutter stands already in the white space before a left edge."""
    before = max((w.box.x1 for row in rows for w in row if w.box.x1 <= at + 1), default=at)
    return any(min(before, at - 6) - 0.5 <= f <= at + 6 for f in found)


def _column_ranges(table: Table) -> dict[int, tuple[float, float]]:
    """Left and right of each column, from the cells that cover it alone, else from its neighbours."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for c in table.cells:
        left[c.col0] = min(left.get(c.col0, c.box.x0), c.box.x0)
        right[c.col1 - 1] = max(right.get(c.col1 - 1, c.box.x1), c.box.x1)
    return {
        j: (left[j], right[j]) for j in range(table.n_cols) if j in left and j in right and right[j] > left[j]
    }


def _without_banners(rows: list[list[Word]]) -> list[list[Word]]:
    """Rows less those that are one short run of words from the left edge (group rows)."""
    out = []
    for k, ws in enumerate(rows):
        lines = lines_of(ws)
        gap = any(b.box.x0 - a.box.x1 > 1.6 * max(a.size, 4.0) for ln in lines for a, b in pairwise(ln.words))
        if k == 0 or gap or len(lines) > 1:
            out.append(ws)
    return out


def _parts_words(words: Sequence[Word], at: float) -> bool:
    return any(w.box.x1 <= at + 0.5 for w in words) and any(w.box.x0 >= at - 0.5 for w in words)


def _split_columns(
    table: Table, ranges: dict[int, tuple[float, float]], gutters: dict[int, list[float]]
) -> Table:
    start: dict[int, int] = {}
    edges: list[float] = []
    for j in range(table.n_cols):
        start[j] = len(edges)
        edges.append(ranges[j][0] if j in ranges else (edges[-1] if edges else table.box.x0))
        edges += gutters.get(j, [])
    n_cols = len(edges)
    edges.append(table.box.x1)
    start[table.n_cols] = n_cols
    cells: list[Cell] = []
    for c in table.cells:
        c0, c1 = start[c.col0], start[c.col1]
        bounds = [*edges[c0:c1], c.box.x1]
        bounds[0] = c.box.x0
        crossing = any(w.box.x0 + 0.5 < g < w.box.x1 - 0.5 for w in c.words for g in bounds[1:-1])
        lone = (
            c.words
            and len(lines_of(c.words)) <= 2
            and min(w.box.x0 for w in c.words) < bounds[1]  # a cut cell's last words begin in a later column
            and (_is_run(c.words, 0.6) or not any(_parts_words(c.words, g) for g in bounds[1:-1]))
        )
        wide = c.col1 - c.col0 > 1 and not (c.row0 == 0 and not crossing)
        if (
            len(bounds) == 2
            or (c.words and (crossing and _is_run(c.words)))
            or wide
            or (lone and c.col0 == 0 and _only(table, c))
        ):
            cells.append(Cell(c.row0, c.row1, c0, c1, c.box, c.words, c.fill, c.shapes, c.pictures))
            continue
        for k, (a, b) in enumerate(pairwise(bounds)):
            box = Box(c.box.page, a, c.box.y0, b, c.box.y1)
            words = tuple(
                w for w in c.words if (k == 0 or w.box.cx >= a) and (k == len(bounds) - 2 or w.box.cx < b)
            )
            shapes = tuple(
                s for s in c.shapes if (k == 0 or s.box.cx >= a) and (k == len(bounds) - 2 or s.box.cx < b)
            )
            pics = tuple(
                p for p in c.pictures if (k == 0 or p.box.cx >= a) and (k == len(bounds) - 2 or p.box.cx < b)
            )
            cells.append(Cell(c.row0, c.row1, c0 + k, c0 + k + 1, box, words, c.fill, shapes, pics))
    cells.sort(key=lambda c: (c.row0, c.col0))
    return Table(table.box, tuple(cells), table.n_rows, n_cols, tuple(edges), table.ys)


def _left_edges(rows: Sequence[Sequence[Word]]) -> list[float]:
    """Just left of the words of the heading row at which most rows have a word that begins, none that crosses.

    For columns set so close that no white strip is left between them, as in spreadsheets.
    """
    out: list[float] = []
    body = rows[1:]
    if len(rows[0]) < 2 or len(body) < 3:
        return out
    starts = [
        b.box.x0
        for ln in lines_of(rows[0])
        for a, b in pairwise(ln.words)
        if b.box.x0 - a.box.x1 > 1.2 * max(b.size, 4.0)
    ]
    for x in starts:
        crossing = sum(1 for row in body for w in row if w.box.x0 < x - 1.0 and w.box.x1 > x + 0.8)
        begin = sum(
            1 for row in body if any(abs(w.box.x0 - x) <= 1.5 for w in row) and any(w.box.x1 < x for w in row)
        )
        if not crossing and begin >= 0.6 * len(body):
            out.append(x - 0.4)
    return out


def _is_run(words: Sequence[Word], gap: float = 1.8) -> bool:
    """Whether words stand in lines without gaps of so many type sizes: a banner over columns, not cells beside each other."""
    return not any(
        b.box.x0 - a.box.x1 > gap * max(a.size, 4.0) for ln in lines_of(words) for a, b in pairwise(ln.words)
    )


def _only(table: Table, cell: Cell) -> bool:
    return sum(1 for c in table.cells if c.words and c.row0 == cell.row0) == 1


def find_gutters(rows: Sequence[Sequence[Word]], x0: float, x1: float) -> list[float]:
    """Middles of the vertical strips that (nearly) no line of the rows crosses; [] where there is one column.

    A strip must be at least 4 points and 0.8 type sizes wide and part words in at least half of the rows.
    """
    lines = [ln for row in rows if row for ln in lines_of(row) if ln.words[0].angle == 0]
    if len(lines) < 2:
        return []
    size = sorted(ln.words[0].size for ln in lines)[len(lines) // 2]
    width = int(x1 - x0) + 1
    change = [0] * (width + 1)
    for ln in lines:
        for w in ln.words:
            first, end = max(0, int(w.box.x0 - x0)), min(width, int(w.box.x1 - x0) + 1)
            if first < end:
                change[first] += 1
                change[end] -= 1
    ink = list(accumulate(change))
    allowed = max(0, int(0.03 * len(lines)))
    strips: list[tuple[int, int]] = []
    start = None
    for x in range(width + 1):
        empty = x < width and ink[x] <= allowed
        if empty and start is None:
            start = x
        elif not empty and start is not None:
            strips.append((start, x))
            start = None
    need = max(4.0, 0.7 * size) if len(lines) < 7 else max(2.0, 0.35 * size)
    out: list[float] = []
    for a, b in strips:
        if b - a < need or a <= 1 or b >= width - 1:
            continue
        mid = x0 + (a + b) / 2
        both = sum(1 for row in rows if any(w.box.cx < mid for w in row) and any(w.box.cx > mid for w in row))
        if both * 2 >= sum(1 for row in rows if row):
            out.append(mid)
    return out

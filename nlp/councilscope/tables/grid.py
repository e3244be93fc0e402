"""Edges to a grid, the grid to merged cells, words and icons into cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from councilscope.geometry import Box, enclose, overlap_1d
from councilscope.page import Colour, Fill, Page, Shape, Word
from councilscope.tables.cells import Cell, Table
from councilscope.tables.edges import Edge

SNAP = 2.0  # points: edges no further apart are one
JOIN = 4.0  # points: a gap no wider does not interrupt an edge
MIN_SIDE = 5.0  # points: a smaller rectangle is no cell
ICON_SIDE = 40.0  # points: a lone filled square up to this size without words is an icon


def _distinct(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for x in sorted(values):
        if not out or x - out[-1] > SNAP + 0.5:
            out.append(x)
    return out


def make_grid(
    page: Page,
    hs: list[Edge],
    vs: list[Edge],
    words: list[Word],
    taken: set[int],
    fills: list[Fill],
    shapes: list[Shape],
) -> Table | None:
    x0 = min([e.lo for e in hs] + [e.pos for e in vs], default=0.0)
    x1 = max([e.hi for e in hs] + [e.pos for e in vs], default=0.0)
    y0 = min([e.pos for e in hs] + [e.lo for e in vs], default=0.0)
    y1 = max([e.pos for e in hs] + [e.hi for e in vs], default=0.0)
    if x1 - x0 < 2 * MIN_SIDE or y1 - y0 < MIN_SIDE:
        return None
    xs = _distinct([x0, x1, *(e.pos for e in vs)])
    ys = _distinct([y0, y1, *(e.pos for e in hs)])
    nx, ny = len(xs) - 1, len(ys) - 1
    if nx < 1 or ny < 1 or nx * ny > 40_000:
        return None
    tol = SNAP + 1.0
    group = _flood(xs, ys, hs, vs, tol)
    outside = _outside(xs, ys, hs, vs, group, tol) if vs else set()

    def at(values: list[float], p: float) -> int:
        k = max(bisect_left(values, p) - 1, 0)
        return k if k < len(values) - 1 and values[k] - 0.01 <= p <= values[k + 1] else -1

    held: dict[int, list[int]] = {}
    height, r = float("nan"), -1  # of the last word: the next one mostly stands beside it
    for i, w in enumerate(words):
        b = w.box
        y = (b.y0 + b.y1) / 2
        if y < y0 - 1 or y > y1 + 1 or i in taken:
            continue
        x = (b.x0 + b.x1) / 2
        if x < x0 - 1 or x > x1 + 1:
            continue
        if y != height:
            height, r = y, at(ys, y)
        c = at(xs, x0 if x < x0 else x1 if x > x1 else x)
        if r >= 0 and c >= 0 and (g := group[r][c]) not in outside:
            held.setdefault(g, []).append(i)
    if not held:
        return None
    spans: dict[int, list[int]] = {}
    for r in range(ny):
        for c in range(nx):
            if group[r][c] in outside:
                continue
            s = spans.get(group[r][c])
            if s is None:
                spans[group[r][c]] = [r, r + 1, c, c + 1]
                continue
            s[1] = r + 1  # rows come from top to bottom
            if c < s[2]:
                s[2] = c
            elif c >= s[3]:
                s[3] = c + 1
    signs: dict[int, list[Shape]] = {}
    for sign in shapes:
        if x0 - 1 <= sign.box.cx <= x1 + 1 and y0 - 1 <= sign.box.cy <= y1 + 1:
            g = group[max(at(ys, sign.box.cy), 0)][max(at(xs, sign.box.cx), 0)]
            signs.setdefault(g, []).append(sign)
    painted = _by_row(fills, ys)
    cells: list[Cell] = []
    for g, (r0, r1, c0, c1) in spans.items():
        box = Box(page.number, xs[c0], ys[r0], xs[c1], ys[r1])
        inside = [s for s in signs.get(g, ()) if box.contains_point(s.box.cx, s.box.cy)]
        pics = page.pictures and [
            p for p in page.pictures if box.contains_point(p.box.cx, p.box.cy) and p.box.area < 1.2 * box.area
        ]
        cell_words = tuple(words[i] for i in held.get(g, ()))
        reach = painted[r0] if r1 == r0 + 1 else sorted({k for r in range(r0, r1) for k in painted[r]})
        behind = [fills[k] for k in reach]
        cells.append(Cell(r0, r1, c0, c1, box, cell_words, fill_of(box, behind), tuple(inside), tuple(pics)))
    taken.update(i for ids in held.values() for i in ids)
    cells = _with_turned(cells)
    cells.sort(key=lambda c: (c.row0, c.col0))
    return _tidy(Table(Box(page.number, x0, y0, x1, y1), tuple(cells), ny, nx, tuple(xs), tuple(ys)))


def _with_turned(cells: list[Cell]) -> list[Cell]:
    """Cells, those of one column and ground that one run of turned words stands in as one: a merged cell painted row by row.

    Only the words say where it ends: it reaches from the middle of the words as far down as up, over bare cells alone.
    """
    if not any(w.angle for c in cells for w in c.words):
        return cells
    columns: dict[tuple[int, int], list[Cell]] = {}
    for c in sorted(cells, key=lambda c: c.row0):
        columns.setdefault((c.col0, c.col1), []).append(c)
    out: list[Cell] = []
    for column in columns.values():
        runs: list[list[Cell]] = []
        for c in column:
            k = len(runs) - 1
            while k > 0 and not any(x.words for x in runs[k]) and _is_ground_of(runs[k][0], c):
                k -= 1  # a long word may run over a cell that then holds none
            if (
                runs
                and runs[-1][-1].row1 == c.row0
                and _is_ground_of(runs[k][-1], c)
                and _runs_on(runs[k], c)
            ):
                runs[k:] = [[x for run in runs[k:] for x in run] + [c]]
            else:
                runs.append([c])
        k = 0
        while k < len(runs):
            up, down = _reach(runs, k)
            if up or down:
                whole = [c for run in runs[k - up : k + down + 1] for c in run]
                out[len(out) - up :] = [_as_one(whole)]
            else:
                out.append(_as_one(runs[k]) if len(runs[k]) > 1 else runs[k][0])
            k += down + 1
    return out


def _reach(runs: Sequence[Sequence[Cell]], k: int) -> tuple[int, int]:
    """Over how many bare painted cells above and below turned words reach, so that they stand in the middle."""
    own = runs[k]
    words = [w for c in own for w in c.words]
    if not words or own[0].fill is None or not all(w.angle in (90, 270) for w in words):
        return 0, 0

    def bare(j: int, last: Cell, below: bool) -> bool:
        c = runs[j][0] if 0 <= j < len(runs) else None
        if c is None or c.words or c.shapes or c.fill != own[0].fill:
            return False
        return last.row1 == c.row0 if below else c.row1 == last.row0

    ups, downs = 0, 0
    while bare(k - ups - 1, runs[k - ups][0], False):
        ups += 1
    while bare(k + downs + 1, runs[k + downs][-1], True):
        downs += 1
    middle = (min(w.box.y0 for w in words) + max(w.box.y1 for w in words)) / 2

    def off(pair: tuple[int, int]) -> float:
        return abs((runs[k - pair[0]][0].box.y0 + runs[k + pair[1]][-1].box.y1) / 2 - middle)

    best = min(
        ((u, d) for u in range(ups + 1) for d in range(downs + 1)), key=lambda p: (round(off(p)), -sum(p))
    )
    return best if off(best) < 6 else (0, 0)


def _is_ground_of(a: Cell, b: Cell) -> bool:
    return a.fill == b.fill and a.fill is not None


def _runs_on(above: Sequence[Cell], below: Cell) -> bool:
    """Whether turned words of the cell below go on with those above, with no more white space than between words."""
    a = [w for c in above for w in c.words]
    if not a or not below.words or not all(w.angle in (90, 270) for w in (*a, *below.words)):
        return False
    gap = min(w.box.y0 for w in below.words) - max(w.box.y1 for w in a)
    return gap < 1.2 * a[0].size and {w.angle for w in a} == {w.angle for w in below.words}


def _as_one(run: Sequence[Cell]) -> Cell:
    words = sorted((w for c in run for w in c.words), key=lambda w: -w.box.y1 if w.angle == 90 else w.box.y0)
    return Cell(
        run[0].row0,
        run[-1].row1,
        run[0].col0,
        run[0].col1,
        enclose([c.box for c in run]),
        tuple(words),
        run[0].fill,
        tuple(s for c in run for s in c.shapes),
        tuple(p for c in run for p in c.pictures),
    )


def apart(table: Table) -> list[Table]:
    """A few boxes that merely touch, with bare page between them, as a table each."""
    first = table.cells[0]
    if len(table.cells) > 1 and (first.row1, first.col0, first.col1) == (table.n_rows, 0, table.n_cols):
        inner = table.cells[1:]  # a strip of cells that stands within a box is of its text
        words = first.words + tuple(w for c in inner for w in c.words)
        shapes = first.shapes + tuple(s for c in inner for s in c.shapes)
        return [Table(first.box, (replace(first, row1=1, col1=1, words=words, shapes=shapes),), 1, 1)]
    covered = sum(c.box.area for c in table.cells)
    around = enclose([c.box for c in table.cells])  # an outline left open at a page's end encloses no cell
    if not _spaced(table) and (len(table.cells) > 6 or covered > 0.85 * around.area):
        return [table]
    return [
        Table(c.box, (Cell(0, 1, 0, 1, c.box, c.words, c.fill, c.shapes, c.pictures),), 1, 1)
        for c in table.cells
        if c.words
    ]


def _spaced(table: Table) -> bool:
    """Whether empty narrow strips part all cells that stand beside each other: boxes in rows, no table."""
    held = [c for c in table.cells if c.words]
    gaps = [
        c
        for c in table.cells
        if not c.words
        and not c.shapes
        and c.box.width < 32
        and (c.fill is None or max(c.fill) - min(c.fill) < 0.11)  # the swatches of a key part nothing
    ]
    if len(held) < 2 or not gaps:
        return False
    for a in held:
        for b in held:
            if a.col1 == b.col0 and a.row0 < b.row1 and b.row0 < a.row1:
                return False
    return any(a.row0 < b.row1 and b.row0 < a.row1 for a in held for b in held if a is not b)


def _flood(xs: list[float], ys: list[float], hs: list[Edge], vs: list[Edge], tol: float) -> list[list[int]]:
    """For each elementary cell the number of the merged cell it belongs to; the outline is always a wall."""
    nx, ny = len(xs) - 1, len(ys) - 1
    below = [[False] * nx for _ in range(ny + 1)]
    right = [[False] * (nx + 1) for _ in range(ny)]
    for e in hs:
        for i, y in enumerate(ys):
            if abs(y - e.pos) <= tol:
                for c in range(nx):
                    mid = (xs[c] + xs[c + 1]) / 2
                    if e.lo - 1 <= mid <= e.hi + 1 and overlap_1d(e.lo, e.hi, xs[c], xs[c + 1]) > 0.7 * (
                        xs[c + 1] - xs[c]
                    ):
                        below[i][c] = True
    for e in vs:
        for j, x in enumerate(xs):
            if abs(x - e.pos) <= tol:
                for r in range(ny):
                    mid = (ys[r] + ys[r + 1]) / 2
                    if e.lo - 1 <= mid <= e.hi + 1 and overlap_1d(e.lo, e.hi, ys[r], ys[r + 1]) > 0.7 * (
                        ys[r + 1] - ys[r]
                    ):
                        right[r][j] = True
    group = [[-1] * nx for _ in range(ny)]
    n = 0
    for r in range(ny):
        for c in range(nx):
            if group[r][c] >= 0:
                continue
            stack = [(r, c)]
            group[r][c] = n
            while stack:
                a, b = stack.pop()
                if b + 1 < nx and not right[a][b + 1] and group[a][b + 1] < 0:
                    group[a][b + 1] = n
                    stack.append((a, b + 1))
                if b > 0 and not right[a][b] and group[a][b - 1] < 0:
                    group[a][b - 1] = n
                    stack.append((a, b - 1))
                if a + 1 < ny and not below[a + 1][b] and group[a + 1][b] < 0:
                    group[a + 1][b] = n
                    stack.append((a + 1, b))
                if a > 0 and not below[a][b] and group[a - 1][b] < 0:
                    group[a - 1][b] = n
                    stack.append((a - 1, b))
            n += 1
    return group


def _outside(
    xs: list[float], ys: list[float], hs: list[Edge], vs: list[Edge], group: list[list[int]], tol: float
) -> set[int]:
    """Merged cells that are no cells: they reach a corner of the outline along which nothing is drawn."""

    def drawn(edges: list[Edge], pos: float, a: float, b: float) -> bool:
        return any(abs(e.pos - pos) <= tol and overlap_1d(e.lo, e.hi, a, b) > 0.5 * (b - a) for e in edges)

    nx, ny = len(xs) - 1, len(ys) - 1
    sides: dict[int, dict[str, bool]] = {}
    for r in range(ny):
        for name, c, x in (("left", 0, xs[0]), ("right", nx - 1, xs[-1])):
            ok = drawn(vs, x, ys[r], ys[r + 1])
            s = sides.setdefault(group[r][c], {})
            s[name] = s.get(name, True) and ok
    for c in range(nx):
        for name, r, y in (("top", 0, ys[0]), ("foot", ny - 1, ys[-1])):
            ok = drawn(hs, y, xs[c], xs[c + 1])
            s = sides.setdefault(group[r][c], {})
            s[name] = s.get(name, True) and ok
    out = set()
    for g, s in sides.items():
        bare = {k for k, ok in s.items() if not ok}
        if bare & {"left", "right"} and bare & {"top", "foot"}:
            out.add(g)
    return out


def fill_of(box: Box, fills: Sequence[Fill]) -> Colour | None:
    """Colour of the last fill drawn over most of a cell; None for white or nothing."""
    found: Colour | None = None
    area = box.area
    for f in fills:
        shared = f.box.intersection(box)
        if shared <= 0.3 * area:
            continue
        if shared > 0.55 * area or f.box.contains_point(box.cx, box.cy):
            found = f.colour
    return None if found is None or min(found) > 0.97 else found


def _by_row(fills: Sequence[Fill], ys: Sequence[float]) -> list[list[int]]:
    """For each row the indices of the fills that reach into it, in drawing order."""
    rows: list[list[int]] = [[] for _ in ys[1:]]
    for k, f in enumerate(fills):
        for r in range(max(bisect_right(ys, f.box.y0) - 1, 0), min(bisect_left(ys, f.box.y1), len(rows))):
            rows[r].append(k)
    return rows


def _tidy(table: Table) -> Table | None:
    """Without rows and columns that hold nothing at all."""
    used_rows = sorted({r for c in table.cells if _holds(c) for r in (c.row0, c.row1 - 1)})
    cols = sorted({k for c in table.cells if c.words or c.shapes or c.fill for k in range(c.col0, c.col1)})
    if not used_rows or not cols:
        return None
    r_at = {r: i for i, r in enumerate(used_rows)}
    c_at = {k: i for i, k in enumerate(cols)}
    cells = []
    for c in table.cells:
        rr = [r_at[r] for r in range(c.row0, c.row1) if r in r_at]
        cc = [c_at[k] for k in range(c.col0, c.col1) if k in c_at]
        if rr and cc:
            cells.append(
                Cell(min(rr), max(rr) + 1, min(cc), max(cc) + 1, c.box, c.words, c.fill, c.shapes, c.pictures)
            )
        elif c.words:
            return table
    return Table(table.box, tuple(cells), len(used_rows), len(cols), table.xs, table.ys)


def _holds(c: Cell) -> bool:
    return bool(c.words or c.shapes or c.pictures)

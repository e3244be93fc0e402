"""Tables from what is drawn: rules and fills to a grid, the grid to cells, words and icons into cells.

Edges of drawn lines and filled rectangles are snapped together, groups of touching edges become grids, and
elementary cells without a wall between them are one merged cell. A grid whose rows are ruled but whose
columns are not gets its columns from the white space that runs through its lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from councilscope.geometry import Box, enclose, overlap_1d
from councilscope.page import Colour, Fill, Page, Picture, Shape, Word
from councilscope.text import lines_of, plain

SNAP = 2.0  # points: edges no further apart are one
JOIN = 4.0  # points: a gap no wider does not interrupt an edge
MIN_SIDE = 5.0  # points: a smaller rectangle is no cell
ICON_SIDE = 40.0  # points: a lone filled square up to this size without words is an icon


@dataclass(frozen=True)
class Cell:
    """A cell with the rows and columns it covers (end exclusive), its words in drawing order and its icons."""

    row0: int
    row1: int
    col0: int
    col1: int
    box: Box
    words: tuple[Word, ...] = ()
    fill: Colour | None = None
    shapes: tuple[Shape, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @cached_property
    def text(self) -> str:
        return plain(self.words)


@dataclass(frozen=True, slots=True)
class Table:
    """Cells in row order, with the number of rows and columns of the grid they lie on."""

    box: Box
    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    xs: tuple[float, ...] = field(default=(), repr=False)
    ys: tuple[float, ...] = field(default=(), repr=False)

    def row(self, r: int) -> list[Cell]:
        """Cells that cover row r, from left to right."""
        return sorted((c for c in self.cells if c.row0 <= r < c.row1), key=lambda c: c.col0)


@dataclass(slots=True)
class _Edge:
    pos: float
    lo: float
    hi: float


@dataclass(slots=True)
class PageTables:
    """Tables of a page, the words that no table holds, and shapes and pictures that no cell holds."""

    tables: list[Table]
    words: list[Word]
    shapes: list[Shape]
    pictures: list[Picture]


def find_tables(page: Page) -> PageTables:
    """All grids of a page. Every word of the page is in exactly one cell or among the words left."""
    fills, squares = _split_fills(page)
    shapes = [*page.shapes, *squares]
    h, v = _edges(page, fills)
    h, v = _merge(h), _merge(v)
    tables: list[Table] = []
    taken: set[int] = set()
    words = list(page.words)
    for hs, vs in _components(h, v):
        table = _grid(page, hs, vs, words, taken, fills, shapes)
        if table is not None:
            tables += _apart(table)
    lone = [e for hs, vs in _components(h, v) if not vs for e in hs]
    free = [w for i, w in enumerate(words) if i not in taken]
    for hs in _stacks(lone, free):
        head = _line_above(hs, free)
        table = _grid(page, [*head, *hs], [], words, taken, fills, shapes)
        if table is not None:
            tables.append(table)
    tables = [_with_columns(t) for t in tables]
    left = [w for i, w in enumerate(words) if i not in taken]
    in_cells_s = {id(s) for t in tables for c in t.cells for s in c.shapes}
    in_cells_p = {id(p) for t in tables for c in t.cells for p in c.pictures}
    return PageTables(
        tables=sorted(tables, key=lambda t: (t.box.y0, t.box.x0)),
        words=left,
        shapes=[s for s in shapes if id(s) not in in_cells_s],
        pictures=[p for p in page.pictures if id(p) not in in_cells_p],
    )


def _split_fills(page: Page) -> tuple[list[Fill], list[Shape]]:
    """Fills that may be cells, and small coloured squares that hold no word and touch no other fill or rule: icons."""
    fills: list[Fill] = []
    squares: list[Shape] = []
    whole = page.width * page.height
    for f in page.fills:
        if f.box.area > 0.85 * whole:
            continue
        b = f.box
        if b.width < ICON_SIDE and b.height < ICON_SIDE and 0.5 < b.width / b.height < 2 and _is_loose(page, f):
            corners = ((b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1))
            squares.append(Shape(b, f.colour, corners))
        elif b.width >= MIN_SIDE and b.height >= MIN_SIDE:
            fills.append(f)
    return fills, squares


def _is_loose(page: Page, fill: Fill) -> bool:
    b = fill.box
    if any(b.contains_point(w.box.cx, w.box.cy) for w in page.words):
        return False
    near = b.grow(1.5)
    for g in page.fills:
        if g is not fill and near.intersection(g.box) > 0 and not g.box.contains(b, -1.5):
            return False
    return not any(near.intersection(r.box.grow(0.1)) > 0 for r in page.rules)


def _edges(page: Page, fills: list[Fill]) -> tuple[list[_Edge], list[_Edge]]:
    h: list[_Edge] = []
    v: list[_Edge] = []
    for r in page.rules:
        if r.horizontal:
            if r.box.width >= MIN_SIDE:
                h.append(_Edge(r.box.cy, r.box.x0, r.box.x1))
        elif r.box.height >= MIN_SIDE:
            v.append(_Edge(r.box.cx, r.box.y0, r.box.y1))
    for f in fills:
        b = f.box
        h += [_Edge(b.y0, b.x0, b.x1), _Edge(b.y1, b.x0, b.x1)]
        v += [_Edge(b.x0, b.y0, b.y1), _Edge(b.x1, b.y0, b.y1)]
    return h, v


def _merge(edges: list[_Edge]) -> list[_Edge]:
    """Edges on the same line joined where they touch; lines closer than SNAP are one line."""
    edges.sort(key=lambda e: e.pos)
    groups: list[list[_Edge]] = []
    for e in edges:
        if groups and e.pos - groups[-1][0].pos <= SNAP:
            groups[-1].append(e)
        else:
            groups.append([e])
    out: list[_Edge] = []
    for group in groups:
        pos = sum(e.pos for e in group) / len(group)
        group.sort(key=lambda e: e.lo)
        cur = _Edge(pos, group[0].lo, group[0].hi)
        for e in group[1:]:
            if e.lo <= cur.hi + JOIN:
                cur.hi = max(cur.hi, e.hi)
            else:
                out.append(cur)
                cur = _Edge(pos, e.lo, e.hi)
        out.append(cur)
    return out


def _components(h: list[_Edge], v: list[_Edge]) -> list[tuple[list[_Edge], list[_Edge]]]:
    """Groups of edges that touch or cross."""
    parent = list(range(len(h) + len(v)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    tol = SNAP + 0.8
    for i, a in enumerate(h):
        for j, b in enumerate(v):
            if a.lo - tol <= b.pos <= a.hi + tol and b.lo - tol <= a.pos <= b.hi + tol:
                parent[find(i)] = find(len(h) + j)
    groups: dict[int, tuple[list[_Edge], list[_Edge]]] = {}
    for i, a in enumerate(h):
        groups.setdefault(find(i), ([], []))[0].append(a)
    for j, b in enumerate(v):
        groups.setdefault(find(len(h) + j), ([], []))[1].append(b)
    return sorted(groups.values(), key=lambda g: min((e.pos for e in g[0]), default=g[1][0].lo if g[1] else 0.0))


def _stacks(lone: list[_Edge], words: list[Word]) -> list[list[_Edge]]:
    """Three or more horizontal rules of one width, one under the other: rows of a half-ruled table.

    A heading in larger type between two rules ends one table and begins the next.
    """
    groups: list[list[_Edge]] = []
    for e in sorted(lone, key=lambda e: e.pos):
        for g in groups:
            last = g[-1]
            if abs(last.lo - e.lo) < 6 and abs(last.hi - e.hi) < 6 and e.pos - last.pos < 260:
                g.append(e)
                break
        else:
            groups.append([e])
    out: list[list[_Edge]] = []
    for g in groups:
        if len(g) < 3:
            continue
        inside = [w for w in words if g[0].lo - 2 <= w.box.cx <= g[0].hi + 2 and g[0].pos <= w.box.cy <= g[-1].pos]
        if not inside:
            continue
        usual = sorted(w.size for w in inside)[len(inside) // 2]
        part = [g[0]]
        for a, b in pairwise(g):
            between = [w for w in inside if a.pos < w.box.cy < b.pos]
            if _holds_heading(between, usual, g[0].lo):
                out.append(part)
                part = [b]
            else:
                part.append(b)
        out.append(part)
    return [g for g in out if len(g) >= 2]


def _holds_heading(words: list[Word], usual: float, left: float) -> bool:
    """Whether a whole line of larger type from the left edge stands among other lines."""
    lines = lines_of(words)
    heads = [
        ln
        for ln in lines
        if all(w.size > 1.15 * usual for w in ln.words) and any(len(w.text) > 2 for w in ln.words) and ln.box.x0 < left + 20
    ]
    return 0 < len(heads) < len(lines)


def _line_above(hs: list[_Edge], words: list[Word]) -> list[_Edge]:
    """An edge above the heading line that stands, without a rule over it, on the first rule of a stack."""
    first = hs[0]
    lines = [
        ln
        for ln in lines_of([w for w in words if first.lo - 2 <= w.box.cx <= first.hi + 2 and first.pos - 60 < w.box.cy < first.pos])
        if ln.words[0].angle == 0
    ]
    if not lines:
        return []
    top = None
    for ln in reversed(lines):
        gaps = sum(1 for a, b in pairwise(ln.words) if b.box.x0 - a.box.x1 > 1.6 * max(a.size, 4.0))
        base = top if top is not None else first.pos
        if base - ln.box.y1 > 1.1 * ln.words[0].size or (gaps < 1 and top is None):
            break
        if gaps < 1 and (ln.box.width > 0.5 * (first.hi - first.lo) or len(ln.words) >= 5):
            break
        top = ln.box.y0
    return [_Edge(top - 1.0, first.lo, first.hi)] if top is not None else []


def _distinct(values: Iterable[float]) -> list[float]:
    out: list[float] = []
    for x in sorted(values):
        if not out or x - out[-1] > SNAP + 0.5:
            out.append(x)
    return out


def _grid(
    page: Page,
    hs: list[_Edge],
    vs: list[_Edge],
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
        for k in range(len(values) - 1):
            if values[k] - 0.01 <= p <= values[k + 1]:
                return k
        return -1

    held: dict[int, list[int]] = {}
    for i, w in enumerate(words):
        if i in taken or not (x0 - 1 <= w.box.cx <= x1 + 1 and y0 - 1 <= w.box.cy <= y1 + 1):
            continue
        r, c = at(ys, w.box.cy), at(xs, min(max(w.box.cx, x0), x1))
        if r >= 0 and c >= 0 and group[r][c] not in outside:
            held.setdefault(group[r][c], []).append(i)
    if not held:
        return None
    spans: dict[int, list[int]] = {}
    for r in range(ny):
        for c in range(nx):
            if group[r][c] in outside:
                continue
            s = spans.setdefault(group[r][c], [r, r + 1, c, c + 1])
            s[0], s[1], s[2], s[3] = min(s[0], r), max(s[1], r + 1), min(s[2], c), max(s[3], c + 1)
    cells: list[Cell] = []
    for g, (r0, r1, c0, c1) in spans.items():
        box = Box(page.number, xs[c0], ys[r0], xs[c1], ys[r1])
        inside = [s for s in shapes if box.contains_point(s.box.cx, s.box.cy) and group[max(at(ys, s.box.cy), 0)][max(at(xs, s.box.cx), 0)] == g]
        pics = [p for p in page.pictures if box.contains_point(p.box.cx, p.box.cy) and p.box.area < 1.2 * box.area]
        cell_words = tuple(words[i] for i in held.get(g, ()))
        cells.append(Cell(r0, r1, c0, c1, box, cell_words, _fill_of(box, fills), tuple(inside), tuple(pics)))
    taken.update(i for ids in held.values() for i in ids)
    cells.sort(key=lambda c: (c.row0, c.col0))
    return _tidy(Table(Box(page.number, x0, y0, x1, y1), tuple(cells), ny, nx, tuple(xs), tuple(ys)))


def _apart(table: Table) -> list[Table]:
    """A few boxes that merely touch, with bare page between them, as a table each."""
    covered = sum(c.box.area for c in table.cells)
    if not _spaced(table) and (len(table.cells) > 6 or covered > 0.85 * table.box.area):
        return [table]
    return [
        Table(c.box, (Cell(0, 1, 0, 1, c.box, c.words, c.fill, c.shapes, c.pictures),), 1, 1)
        for c in table.cells
        if c.words
    ]


def _spaced(table: Table) -> bool:
    """Whether empty narrow strips part all cells that stand beside each other: boxes in rows, no table."""
    held = [c for c in table.cells if c.words]
    gaps = [c for c in table.cells if not c.words and not c.shapes and c.box.width < 32]
    if len(held) < 2 or not gaps:
        return False
    for a in held:
        for b in held:
            if a.col1 == b.col0 and a.row0 < b.row1 and b.row0 < a.row1:
                return False
    return any(a.row0 < b.row1 and b.row0 < a.row1 for a in held for b in held if a is not b)


def _flood(xs: list[float], ys: list[float], hs: list[_Edge], vs: list[_Edge], tol: float) -> list[list[int]]:
    """For each elementary cell the number of the merged cell it belongs to; the outline is always a wall."""
    nx, ny = len(xs) - 1, len(ys) - 1
    below = [[False] * nx for _ in range(ny + 1)]
    right = [[False] * (nx + 1) for _ in range(ny)]
    for e in hs:
        for i, y in enumerate(ys):
            if abs(y - e.pos) <= tol:
                for c in range(nx):
                    mid = (xs[c] + xs[c + 1]) / 2
                    if e.lo - 1 <= mid <= e.hi + 1 and overlap_1d(e.lo, e.hi, xs[c], xs[c + 1]) > 0.7 * (xs[c + 1] - xs[c]):
                        below[i][c] = True
    for e in vs:
        for j, x in enumerate(xs):
            if abs(x - e.pos) <= tol:
                for r in range(ny):
                    mid = (ys[r] + ys[r + 1]) / 2
                    if e.lo - 1 <= mid <= e.hi + 1 and overlap_1d(e.lo, e.hi, ys[r], ys[r + 1]) > 0.7 * (ys[r + 1] - ys[r]):
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
    xs: list[float], ys: list[float], hs: list[_Edge], vs: list[_Edge], group: list[list[int]], tol: float
) -> set[int]:
    """Merged cells that are no cells: they reach a corner of the outline along which nothing is drawn."""

    def drawn(edges: list[_Edge], pos: float, a: float, b: float) -> bool:
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


def _fill_of(box: Box, fills: Sequence[Fill]) -> Colour | None:
    """Colour of the last fill drawn over most of a cell; None for white or nothing."""
    found: Colour | None = None
    for f in fills:
        shared = f.box.intersection(box)
        if shared > 0.55 * box.area or (shared > 0.3 * box.area and f.box.contains_point(box.cx, box.cy)):
            found = f.colour
    return None if found is None or min(found) > 0.97 else found


def _tidy(table: Table) -> Table | None:
    """Without rows and columns that hold nothing at all."""
    rows = [r for r in range(table.n_rows) if any(_holds(c) for c in table.cells if c.row0 <= r < c.row1)]
    used_rows = [r for r in rows if any(c.row0 == r or c.row1 == r + 1 for c in table.cells if _holds(c))]
    cols = [k for k in range(table.n_cols) if any(c.words or c.shapes or c.fill for c in table.cells if c.col0 <= k < c.col1)]
    if not used_rows or not cols:
        return None
    r_at = {r: i for i, r in enumerate(used_rows)}
    c_at = {k: i for i, k in enumerate(cols)}
    cells = []
    for c in table.cells:
        rr = [r_at[r] for r in range(c.row0, c.row1) if r in r_at]
        cc = [c_at[k] for k in range(c.col0, c.col1) if k in c_at]
        if rr and cc:
            cells.append(Cell(min(rr), max(rr) + 1, min(cc), max(cc) + 1, c.box, c.words, c.fill, c.shapes, c.pictures))
        elif c.words:
            return table
    return Table(table.box, tuple(cells), len(used_rows), len(cols), table.xs, table.ys)


def _holds(c: Cell) -> bool:
    return bool(c.words or c.shapes or c.pictures)


# --- columns from white space -------------------------------------------------------------------------------


def _with_columns(table: Table) -> Table:
    """Columns that no line parts are parted where white space runs through all their cells and through the heading."""
    if table.n_rows < 2:
        return table
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
        found = sorted([*found, *(g for g in _left_edges(rows) if all(abs(g - f) > 6 for f in found) and x0 + 4 < g < x1 - 4)])
        if found:
            gutters[j] = found
    if not gutters:
        return table
    return _split_columns(table, ranges, gutters)


def _column_ranges(table: Table) -> dict[int, tuple[float, float]]:
    """Left and right of each column, from the cells that cover it alone, else from its neighbours."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    for c in table.cells:
        left[c.col0] = min(left.get(c.col0, c.box.x0), c.box.x0)
        right[c.col1 - 1] = max(right.get(c.col1 - 1, c.box.x1), c.box.x1)
    return {j: (left[j], right[j]) for j in range(table.n_cols) if j in left and j in right and right[j] > left[j]}


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


def _split_columns(table: Table, ranges: dict[int, tuple[float, float]], gutters: dict[int, list[float]]) -> Table:
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
        bounds = edges[c0:c1] + [c.box.x1]
        bounds[0] = c.box.x0
        crossing = any(w.box.x0 + 0.5 < g < w.box.x1 - 0.5 for w in c.words for g in bounds[1:-1])
        lone = c.words and len(lines_of(c.words)) <= 2 and not any(_parts_words(c.words, g) for g in bounds[1:-1])
        wide = c.col1 - c.col0 > 1 and not (c.row0 == 0 and not crossing)
        if len(bounds) == 2 or (c.words and (crossing and _is_run(c.words))) or wide or (lone and c.col0 == 0 and _only(table, c)):
            cells.append(Cell(c.row0, c.row1, c0, c1, c.box, c.words, c.fill, c.shapes, c.pictures))
            continue
        for k, (a, b) in enumerate(pairwise(bounds)):
            box = Box(c.box.page, a, c.box.y0, b, c.box.y1)
            words = tuple(w for w in c.words if (k == 0 or w.box.cx >= a) and (k == len(bounds) - 2 or w.box.cx < b))
            shapes = tuple(s for s in c.shapes if (k == 0 or s.box.cx >= a) and (k == len(bounds) - 2 or s.box.cx < b))
            pics = tuple(p for p in c.pictures if (k == 0 or p.box.cx >= a) and (k == len(bounds) - 2 or p.box.cx < b))
            cells.append(Cell(c.row0, c.row1, c0 + k, c0 + k + 1, box, words, c.fill, shapes, pics))
    cells.sort(key=lambda c: (c.row0, c.col0))
    return Table(table.box, tuple(cells), table.n_rows, n_cols, tuple(edges), table.ys)


def _left_edges(rows: Sequence[Sequence[Word]]) -> list[float]:
    """Just left of the words of the heading row at which most rows have a word that begins, none that crosses.

    For columns set so close that no white strip is left between them, as in spreadsheets.
    """
    head = [w for ln in lines_of(rows[0]) for w in ln.words]
    starts = [b.box.x0 for ln in lines_of(rows[0]) for a, b in pairwise(ln.words) if b.box.x0 - a.box.x1 > 1.2 * max(b.size, 4.0)]
    out: list[float] = []
    body = rows[1:]
    if len(head) < 2 or len(body) < 3:
        return out
    for x in starts:
        crossing = sum(1 for row in body for w in row if w.box.x0 < x - 1.0 and w.box.x1 > x + 0.8)
        begin = sum(1 for row in body if any(abs(w.box.x0 - x) <= 1.5 for w in row) and any(w.box.x1 < x for w in row))
        if not crossing and begin >= 0.6 * len(body):
            out.append(x - 0.4)
    return out


def _is_run(words: Sequence[Word]) -> bool:
    """Whether words stand in lines without wide gaps: a banner over several columns, not cells beside each other."""
    return not any(b.box.x0 - a.box.x1 > 1.8 * max(a.size, 4.0) for ln in lines_of(words) for a, b in pairwise(ln.words))


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
    ink = [0] * (width + 1)
    for ln in lines:
        for w in ln.words:
            for x in range(max(0, int(w.box.x0 - x0)), min(width, int(w.box.x1 - x0) + 1)):
                ink[x] += 1
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

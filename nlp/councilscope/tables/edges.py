"""Edges of what is drawn: rules and sides of fills snapped together, grouped where they touch or stack."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from councilscope.geometry import Box
from councilscope.page import Colour, Fill, Line, Page, Rule, Shape, Word
from councilscope.text import lines_of, segments

SNAP = 2.0  # points: edges no further apart are one
JOIN = 4.0  # points: a gap no wider does not interrupt an edge
MIN_SIDE = 5.0  # points: a smaller rectangle is no cell
APART = 12.0  # points: a wider gap between rules of one height parts tables
BAR = (5.0, 16.0)  # points: the width of a level bar among arrows
MANY_BARS = 40  # on one page
MANY = 400  # fills of one colour: more are a drawing
ICON_SIDE = 40.0  # points: a lone filled square up to this size without words is an icon


@dataclass(slots=True)
class Edge:
    pos: float
    lo: float
    hi: float


def split_fills(page: Page) -> tuple[list[Fill], list[Shape]]:
    """Fills that may be cells, and small coloured squares and bars that hold no word and touch no other fill or rule:
    icons."""
    fills: list[Fill] = []
    squares = _bars(page)
    whole = page.width * page.height
    for f in page.fills:
        if f.box.area > 0.85 * whole:
            continue
        b = f.box
        if (
            b.width < ICON_SIDE
            and b.height < ICON_SIDE
            and 0.5 < b.width / b.height < 2
            and _is_loose(page, f)
        ):
            squares.append(_square(b, f.colour))
        elif b.width >= MIN_SIDE and b.height >= MIN_SIDE:
            fills.append(f)
    return _seen(fills), squares


def _square(b: Box, colour: Colour) -> Shape:
    return Shape(b, colour, ((b.x0, b.y0), (b.x1, b.y0), (b.x1, b.y1), (b.x0, b.y1)))


def _bars(page: Page) -> list[Shape]:
    """Thick short lines that stand alone, as a level bar does in a column of arrows."""
    short = [r for r in page.rules if r.horizontal and BAR[0] <= r.box.width <= BAR[1]]
    thick = [r for r in short if r.box.height >= 1.2 and 1.8 <= r.box.width / r.box.height <= 8]
    if len(thick) > MANY_BARS:
        return []  # a broken line, or the marks of a chart
    return [
        _square(r.box, r.colour)
        for r in thick
        if not any(o is not r and o.box.grow(2 * BAR[1]).intersection(r.box) > 0 for o in short)
        and _is_loose(page, Fill(r.box, r.colour), r)
    ]


def _seen(fills: list[Fill]) -> list[Fill]:
    """Fills less those on a larger one of the same colour: the shading of paragraphs in a shaded cell shows no edge."""
    by: dict[Colour, list[Fill]] = {}
    for f in fills:
        by.setdefault(f.colour, []).append(f)
    hidden: set[int] = set()
    for same in by.values():
        if 1 < len(same) <= MANY:
            for f in same:
                if any(_lies_on(f.box, g.box) for g in same if g is not f):
                    hidden.add(id(f))
    return [f for f in fills if id(f) not in hidden]


def _lies_on(a: Box, b: Box) -> bool:
    """Whether a box lies within a larger one, its sides not beyond."""
    return b.contains(a, 0.6) and a.area < 0.98 * b.area


def _is_loose(page: Page, fill: Fill, own: Rule | None = None) -> bool:
    b = fill.box
    for w in page.words:
        o = w.box
        if o.x0 <= b.x1 and o.x1 >= b.x0 and o.y0 <= b.y1 and o.y1 >= b.y0 and b.contains_point(o.cx, o.cy):
            return False
    near = b.grow(1.5)
    for g in page.fills:
        if g is not fill and near.intersection(g.box) > 0 and not g.box.contains(b, -1.5):
            return False
    return not any(r is not own and near.intersection(r.box.grow(0.1)) > 0 for r in page.rules)


def page_edges(page: Page, fills: list[Fill]) -> tuple[list[Edge], list[Edge]]:
    h: list[Edge] = []
    v: list[Edge] = []
    for r in page.rules:
        if r.horizontal:
            if r.box.width >= MIN_SIDE:
                h.append(Edge(r.box.cy, r.box.x0, r.box.x1))
        elif r.box.height >= MIN_SIDE:
            v.append(Edge(r.box.cx, r.box.y0, r.box.y1))
    for f in fills:
        b = f.box
        h += [Edge(b.y0, b.x0, b.x1), Edge(b.y1, b.x0, b.x1)]
        v += [Edge(b.x0, b.y0, b.y1), Edge(b.x1, b.y0, b.y1)]
    return h, v


def merge_edges(edges: list[Edge]) -> list[Edge]:
    """Edges on the same line joined where they touch; lines closer than SNAP are one line."""
    edges.sort(key=lambda e: e.pos)
    groups: list[list[Edge]] = []
    for e in edges:
        if groups and e.pos - groups[-1][0].pos <= SNAP:
            groups[-1].append(e)
        else:
            groups.append([e])
    out: list[Edge] = []
    for group in groups:
        pos = sum(e.pos for e in group) / len(group)
        group.sort(key=lambda e: e.lo)
        cur = Edge(pos, group[0].lo, group[0].hi)
        for e in group[1:]:
            if e.lo <= cur.hi + JOIN:
                cur.hi = max(cur.hi, e.hi)
            else:
                out.append(cur)
                cur = Edge(pos, e.lo, e.hi)
        out.append(cur)
    return out


def components(h: list[Edge], v: list[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """Groups of edges that touch or cross."""
    parent = list(range(len(h) + len(v)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    tol = SNAP + 0.8
    order = sorted(range(len(v)), key=lambda j: v[j].pos)
    places = [v[j].pos for j in order]
    for i, a in enumerate(h):
        for j in order[bisect_left(places, a.lo - tol) : bisect_right(places, a.hi + tol)]:
            b = v[j]
            if b.lo - tol <= a.pos <= b.hi + tol:
                parent[find(i)] = find(len(h) + j)
    groups: dict[int, tuple[list[Edge], list[Edge]]] = {}
    for i, a in enumerate(h):
        groups.setdefault(find(i), ([], []))[0].append(a)
    for j, b in enumerate(v):
        groups.setdefault(find(len(h) + j), ([], []))[1].append(b)
    return sorted(
        groups.values(), key=lambda g: min((e.pos for e in g[0]), default=g[1][0].lo if g[1] else 0.0)
    )


def stacks(lone: list[Edge], words: list[Word], tables: Sequence[Box] = ()) -> list[list[Edge]]:
    """Three or more horizontal rules of one width, one under the other: rows of a half-ruled table.

    A heading in larger type between two rules ends one table and begins the next; so does another table, as between
    the axes of two charts.
    """
    groups: list[list[Edge]] = []
    for e in _spliced(lone):
        for g in groups:
            last = g[-1]
            if abs(last.lo - e.lo) < 6 and abs(last.hi - e.hi) < 6 and e.pos - last.pos < 260:
                g.append(e)
                break
        else:
            groups.append([e])
    out: list[list[Edge]] = []
    for g in groups:
        if len(g) < 3:
            continue
        inside = [
            w for w in words if g[0].lo - 2 <= w.box.cx <= g[0].hi + 2 and g[0].pos <= w.box.cy <= g[-1].pos
        ]
        if not inside:
            continue
        usual = sorted(w.size for w in inside)[len(inside) // 2]
        if _parts_items(g, inside, usual):
            continue
        part = [g[0]]
        strips = [[w for w in inside if a.pos < w.box.cy < b.pos] for a, b in pairwise(g)]
        anew = _begin_anew(words, g[0], strips)
        for (a, b), between, again in zip(pairwise(g), strips, anew, strict=True):
            parted = any(a.pos < t.cy < b.pos and t.x0 < b.hi and t.x1 > b.lo for t in tables)
            if parted or again or _holds_heading(between, usual, g[0].lo):
                out.append(part)
                part = [b]
            else:
                part.append(b)
        out.append(part)
    return [g for g in out if len(g) >= 2]


def beside_merged(
    stack: Sequence[Edge], lone: Sequence[Edge], words: Sequence[Word]
) -> tuple[list[Edge], list[Edge]]:
    """Rules within a stack that begin to the right of its first column, and the upright edge at which they begin: rows
    beside a merged cell, such as a service that is printed once for its measures. ([], []) where there are none.
    """
    first, last = stack[0], stack[-1]
    found = [
        e
        for e in lone
        if first.pos < e.pos < last.pos
        and abs(e.hi - first.hi) < 6
        and first.lo + 8 < e.lo < first.lo + 0.35 * (first.hi - first.lo)
    ]
    at = min((e.lo for e in found), default=0.0)
    inside = [w.box for w in words if first.pos < w.box.cy < last.pos and w.box.x0 < first.hi]
    if not found or any(e.lo > at + 6 for e in found) or any(b.x0 + 1 < at < b.x1 - 1 for b in inside):
        return [], []
    return found, [Edge(at, first.pos, last.pos)]


def _begin_anew(words: Sequence[Word], first: Edge, strips: Sequence[Sequence[Word]]) -> list[bool]:
    """For each strip between rules whether a table ends at it and another of the same heading row begins: small tables,
    each under the title of its item. The heading row stands over the `first` rule, or by itself below it.
    """
    above = [w for w in words if first.lo - 2 <= w.box.cx <= first.hi + 2 and 0 < first.pos - w.box.cy < 30]
    head = _places(lines_of(above)[-1:])
    lines = [lines_of(list(s)) for s in strips]
    if len(head) >= 2:
        return [len(s) > 1 and _places(s[-1:]) == head for s in lines]
    head = _places(lines[0])
    after = [len(head) >= 2 and _places(s) == head for s in lines[1:]]
    return [*after, False]


def _places(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """The pieces of a line by their words and where they begin."""
    return [(" ".join(w.text for w in s.words), round(s.box.x0 / 4)) for ln in lines for s in segments(ln)]


def _parts_items(rules: Sequence[Edge], inside: Sequence[Word], usual: float) -> bool:
    """Whether there stands between any two rules a title in larger type over running text, beside other words: rules
    that part items of prose, not the rows of a table, whose first would be its heading row."""
    for a, b in pairwise(rules):
        pieces = [s for ln in lines_of([w for w in inside if a.pos < w.box.cy < b.pos]) for s in segments(ln)]
        if not any(_is_title_over_text(s, pieces, usual) for s in pieces):
            return False
    return True


def _is_title_over_text(title: Line, pieces: Sequence[Line], usual: float) -> bool:
    """Whether a line of three words in larger type, right of something, has a line of text close below it."""
    box, size = title.box, title.words[0].size
    return (
        len(title.words) >= 3
        and all(w.size > 1.15 * usual for w in title.words)
        and any(s.box.x1 < box.x0 for s in pieces)
        and any(
            abs(s.box.x0 - box.x0) < 3
            and 0 < s.box.y0 - box.y0 < 4 * size
            and len(s.words) >= 5
            and s.words[0].size < 0.9 * size
            for s in pieces
        )
    )


def _spliced(lone: Sequence[Edge]) -> list[Edge]:
    """Rules by height, those drawn column by column with narrow gaps between as one, where several rows are drawn so."""
    rows: list[list[Edge]] = []
    for e in sorted(lone, key=lambda e: (round(e.pos), e.lo)):
        if rows and abs(e.pos - rows[-1][-1].pos) <= SNAP and 0 <= e.lo - rows[-1][-1].hi <= APART:
            rows[-1].append(e)
        else:
            rows.append([e])
    parts = [tuple(round(e.lo / 3) for e in row) for row in rows if len(row) > 1]
    out: list[Edge] = []
    for row in rows:
        starts = tuple(round(e.lo / 3) for e in row)
        if len(row) > 1 and parts.count(starts) >= 3:
            out.append(Edge(row[0].pos, row[0].lo, row[-1].hi))
        else:
            out += row
    return sorted(out, key=lambda e: e.pos)


def _holds_heading(words: list[Word], usual: float, left: float) -> bool:
    """Whether a whole line of larger type from the left edge stands among other lines."""
    lines = lines_of(words)
    heads = [
        ln
        for ln in lines
        if all(w.size > 1.15 * usual for w in ln.words)
        and any(len(w.text) > 2 for w in ln.words)
        and ln.box.x0 < left + 20
    ]
    return 0 < len(heads) < len(lines)


def line_above(hs: list[Edge], words: list[Word]) -> list[Edge]:
    """An edge above the heading line that stands, without a rule over it, on the first rule of a stack."""
    first = hs[0]
    lines = [
        ln
        for ln in lines_of(
            [
                w
                for w in words
                if first.lo - 2 <= w.box.cx <= first.hi + 2 and first.pos - 60 < w.box.cy < first.pos
            ]
        )
        if ln.words[0].angle == 0
    ]
    if not lines:
        return []
    top = None
    size = lines[-1].words[0].size
    for ln in reversed(lines):
        if ln.words[0].size > 1.15 * size:
            break
        gaps = sum(1 for a, b in pairwise(ln.words) if b.box.x0 - a.box.x1 > 1.6 * max(a.size, 4.0))
        base = top if top is not None else first.pos
        if base - ln.box.y1 > 1.1 * ln.words[0].size or (gaps < 1 and top is None):
            break
        if gaps < 1 and (ln.box.width > 0.5 * (first.hi - first.lo) or len(ln.words) >= 5):
            break
        if gaps < 1 and (ln.words[0].size > size + 0.4 or ln.words[0].colour != lines[-1].words[0].colour):
            break  # the title above the heading
        top = ln.box.y0
    return [Edge(top - 1.0, first.lo, first.hi)] if top is not None else []

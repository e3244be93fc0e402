"""The heading of a table without a grid: which lines it has, and which columns each of its texts stands over.

A text stands over the columns of the rule that is drawn below it, else over the columns that it is centred on. Texts of
one column below each other are one cell; a text over several columns is a row of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from councilscope.geometry import Box, enclose, overlap_1d
from councilscope.page import Line, Word
from councilscope.tables.captions import is_caption
from councilscope.tables.edges import Edge
from councilscope.tables.runs import Run

HIGH = 130.0  # points: no heading is higher


@dataclass(frozen=True)
class HeadCell:
    row0: int
    row1: int
    col0: int
    col1: int
    words: tuple[Word, ...]


@dataclass(frozen=True)
class Columns:
    """Left and right of what stands in each column, from left to right."""

    spans: tuple[tuple[float, float], ...]

    @cached_property
    def mids(self) -> list[float]:
        """Middles of the white space between columns."""
        return [(a[1] + b[0]) / 2 for a, b in zip(self.spans, self.spans[1:], strict=False)]

    def nearest(self, x: float) -> int:
        return sum(1 for m in self.mids if x >= m)

    def of(self, box: Box) -> tuple[int, int]:
        """First and last column (end exclusive) that a box lies over; at least the one nearest to its middle."""
        over = [
            k
            for k, (a, b) in enumerate(self.spans)
            if overlap_1d(a, b, box.x0, box.x1) > min(0.5 * (b - a), 4.0)
        ]
        if not over:
            k = self.nearest(box.cx)
            return k, k + 1
        return over[0], over[-1] + 1

    def edges(self, head: Sequence[HeadCell] = ()) -> list[float]:
        words = [w for c in head for w in c.words]
        left = min([self.spans[0][0], *(w.box.x0 for w in words)])
        right = max([self.spans[-1][1], *(w.box.x1 for w in words)])
        return [left - 1, *self.mids, right + 1]

    def centre(self, c0: int, c1: int) -> float:
        return (self.spans[c0][0] + self.spans[c1 - 1][1]) / 2


def head_lines(above: Sequence[Line], body: Box, columns: Columns, hs: Sequence[Edge]) -> list[Line]:
    """Lines of the heading among those above the first line of figures, from top to bottom."""
    x0, x1 = columns.spans[0][0], columns.spans[-1][1]
    near = [ln for ln in above if ln.box.y1 > body.y0 - HIGH and ln.box.y1 <= body.y0 + 2]
    rules = sorted(
        {
            round(e.pos, 1)
            for e in hs
            if body.y0 - HIGH < e.pos < body.y0 + 2 and _covered(hs, e.pos, x0, x1) > 0.7 * (x1 - x0)
        },
        reverse=True,
    )
    best: list[Line] = []
    for rule in rules:
        inside = [ln for ln in near if ln.box.cy > rule]
        if any(_is_prose(ln, x0, x1) for ln in inside):
            break
        best = inside
    if best:
        return best
    out: list[Line] = []
    foot = body.y0
    for ln in reversed(near):
        size = ln.words[0].size
        if foot - ln.box.y1 > 1.3 * size or _is_prose(ln, x0, x1):
            break
        if _pieces(ln) < 2 and not (
            out and ln.box.width < 0.6 * (x1 - x0) and ln.box.x0 > columns.spans[0][1]
        ):
            break
        out.insert(0, ln)
        foot = ln.box.y0
    return out


def _covered(hs: Sequence[Edge], pos: float, x0: float, x1: float) -> float:
    """Length of [x0, x1] that rules at a height cover."""
    return sum(overlap_1d(e.lo, e.hi, x0, x1) for e in hs if abs(e.pos - pos) <= 2.5)


def _pieces(line: Line) -> int:
    gaps = zip(line.words, line.words[1:], strict=False)
    return 1 + sum(1 for a, b in gaps if b.box.x0 - a.box.x1 > 0.9 * max(a.size, 4.0))


def _is_prose(line: Line, x0: float, x1: float) -> bool:
    """Whether a line is a caption or text, not part of a heading."""
    if is_caption(" ".join(w.text for w in line.words[:3])):
        return True
    pieces = _pieces(line)
    return pieces < 3 and len(line.words) > 9 * pieces and line.box.width > 0.5 * (x1 - x0)


@dataclass(frozen=True)
class Drawn:
    """Level and upright edges of a page."""

    level: Sequence[Edge]
    upright: Sequence[Edge]


def head_cells(lines: Sequence[Sequence[Run]], columns: Columns, drawn: Drawn) -> list[HeadCell]:
    """Cells of a heading with the rows and columns they cover."""
    gaps = [b.box.x0 - a.box.x1 for rs in lines for r in rs for a, b in pairwise(r.words)]
    space = max(1.35 * min((g for g in gaps if g > 0), default=0.0), 0.0)
    pieces = [p for runs in lines for r in runs for p in _cut(r, columns, drawn, space)]
    stacks = _stacked(pieces, columns, drawn.level)
    items = [_Item([w for p in s for w in p.words], enclose(p.box for p in s), 0, 1) for s in stacks]
    items.sort(key=lambda i: (round(i.box.cy / 3), i.box.x0))
    for item in items:
        item.c0, item.c1 = _span(item, items, columns, drawn)
    merged: list[_Item] = []
    for item in sorted(items, key=lambda i: i.box.y0):
        above = [m for m in merged if m.c0 < item.c1 and item.c0 < m.c1]
        last = max(above, key=lambda m: m.box.y1, default=None)
        if (
            last is not None
            and (last.c0, last.c1) == (item.c0, item.c1)
            and not _parted(last, item, drawn.level)
        ):
            last.words += item.words
            last.box = last.box.union(item.box)
        else:
            merged.append(item)
    return _levels(_apart(merged))


def _stacked(pieces: Sequence[Run], columns: Columns, hs: Sequence[Edge]) -> list[list[Run]]:
    """Pieces of a heading that wraps: set close below each other on one axis, and each over one column."""
    out: list[list[Run]] = []
    for p in sorted(pieces, key=lambda p: p.box.y0):
        for s in out:
            last = s[-1]
            gap = p.box.y0 - last.box.y1
            if gap > 0.45 * p.box.height or gap < -0.5 * p.box.height or not _aligned(last.box, p.box):
                continue
            if columns.nearest(last.box.cx) != columns.nearest(p.box.cx) or _line_between(
                last.box, p.box, hs
            ):
                continue
            beside = [
                q
                for q in pieces
                if q is not p and overlap_1d(q.box.y0, q.box.y1, p.box.y0, p.box.y1) > 0.5 * p.box.height
            ]
            if any(overlap_1d(q.box.x0, q.box.x1, last.box.x0, last.box.x1) > 1 for q in beside):
                continue  # it stands over several
            s.append(p)
            break
        else:
            out.append([p])
    return out


@dataclass
class _Item:
    words: list[Word]
    box: Box
    c0: int
    c1: int


def _parted(a: _Item, b: _Item, hs: Sequence[Edge]) -> bool:
    return b.box.y0 - a.box.y1 > 0.9 * b.words[0].size or _line_between(a.box, b.box, hs)


def _line_between(a: Box, b: Box, hs: Sequence[Edge]) -> bool:
    x0, x1 = min(a.x0, b.x0), max(a.x1, b.x1)
    return any(a.cy < e.pos < b.cy and overlap_1d(e.lo, e.hi, x0, x1) > 0.6 * (x1 - x0) for e in hs)


def _cut(run: Run, columns: Columns, drawn: Drawn, space: float) -> list[Run]:
    """A run cut at white space wider than `space` that lies where two columns meet, and at upright lines."""
    parts: list[list[Word]] = [[run.words[0]]]
    one = _rule_below(run.box, columns, drawn.level) is not None
    for a, b in pairwise(run.words):
        wide = b.box.x0 - a.box.x1 > max(space, 0.4 * a.size) and columns.nearest(
            a.box.cx
        ) != columns.nearest(b.box.cx)
        if (wide and not one) or _upright_at(drawn.upright, a.box.cx, b.box.cx, run.box.cy):
            parts.append([b])
        else:
            parts[-1].append(b)
    return [Run(tuple(ws), enclose(w.box for w in ws), False) for ws in parts]


def _upright_at(vs: Sequence[Edge], x0: float, x1: float, y: float) -> bool:
    return any(x0 < e.pos < x1 and e.lo <= y <= e.hi for e in vs)


def _rule_below(box: Box, columns: Columns, hs: Sequence[Edge]) -> tuple[int, int] | None:
    """The columns over a rule that is drawn right below a text and shorter than the table."""
    width = columns.spans[-1][1] - columns.spans[0][0]
    found = [
        e
        for e in hs
        if box.cy < e.pos < box.y1 + 1.1 * box.height
        and e.hi - e.lo < 0.85 * width
        and e.lo - 3 <= box.cx <= e.hi + 3
        and overlap_1d(e.lo, e.hi, box.x0, box.x1) > 0.8 * box.width
    ]
    if not found:
        return None
    e = min(found, key=lambda e: e.pos)
    over = [k for k, (a, b) in enumerate(columns.spans) if e.lo - 3 <= (a + b) / 2 <= e.hi + 3]
    return (over[0], over[-1] + 1) if over else None


def _span(item: _Item, items: Sequence[_Item], columns: Columns, drawn: Drawn) -> tuple[int, int]:
    """The columns that a text of the heading stands over."""
    c0, c1 = columns.of(item.box)
    beside = [i for i in items if i is not item and _beside(i, item)]
    rule = _rule_below(item.box, columns, drawn.level)
    if rule is not None and not any(rule[0] <= columns.nearest(i.box.cx) < rule[1] for i in beside):
        return rule
    lower = [i for i in items if i.box.y0 > item.box.cy]
    if not lower or c0 == 0 or not _all_below(c0, c1, columns, lower):
        return c0, c1
    left = max((columns.of(i.box)[1] for i in beside if i.box.cx < item.box.cx), default=1)
    right = min((columns.of(i.box)[0] for i in beside if i.box.cx > item.box.cx), default=len(columns.spans))
    fit = [
        (a, b)
        for a in range(min(left, c0), c0 + 1)
        for b in range(c1, max(right, c1) + 1)
        if _all_below(a, b, columns, lower)
        and not _upright_at(drawn.upright, columns.centre(a, a + 1), columns.centre(b - 1, b), item.box.cy)
    ] or [(c0, c1)]
    best = min(abs(columns.centre(a, b) - item.box.cx) for a, b in fit)
    good = [(a, b) for a, b in fit if abs(columns.centre(a, b) - item.box.cx) <= best + 3.0]
    return max(good, key=lambda s: s[1] - s[0])


def _aligned(a: Box, b: Box) -> bool:
    return min(abs(a.cx - b.cx), abs(a.x0 - b.x0), abs(a.x1 - b.x1)) < 1.6


def _all_below(a: int, b: int, columns: Columns, lower: Sequence[_Item]) -> bool:
    """Whether every column of a range has a heading of its own further down."""
    for k in range(a, b):
        x0, x1 = columns.spans[k]
        if not any(overlap_1d(r.box.x0, r.box.x1, x0, x1) > 0 for r in lower):
            return False
    return True


def _apart(items: list[_Item]) -> list[_Item]:
    """Items of the same height share no column: the later one keeps what is left to it."""
    out: list[_Item] = []
    for item in sorted(items, key=lambda i: (i.c0, i.box.x0)):
        clash = next((m for m in out if m.c1 > item.c0 and m.c0 < item.c1 and _beside(m, item)), None)
        if clash is not None:
            if item.c1 > clash.c1:
                item.c0 = clash.c1
            elif clash.c0 < item.c0:
                clash.c1 = item.c0
            else:
                clash.words += item.words
                clash.box = clash.box.union(item.box)
                continue
        out.append(item)
    return out


def _beside(a: _Item, b: _Item) -> bool:
    return overlap_1d(a.box.y0, a.box.y1, b.box.y0, b.box.y1) > 0.3 * min(a.box.height, b.box.height)


def _levels(items: list[_Item]) -> list[HeadCell]:
    """Rows of heading cells: a cell is as high as the cells above and below it in its columns leave room."""
    items = sorted(items, key=lambda i: i.box.cy)
    n = len(items)
    over = [
        [j for j in range(i) if items[j].c0 < items[i].c1 and items[i].c0 < items[j].c1] for i in range(n)
    ]
    top = [0] * n
    for i in range(n):
        top[i] = max((top[j] + 1 for j in over[i]), default=0)
    total = max(top, default=-1) + 1
    foot = [total] * n
    for i in reversed(range(n)):
        foot[i] = min((foot[j] - 1 for j in range(i + 1, n) if i in over[j]), default=total)
    for i in range(n):  # rows that the cells above leave free
        foot[i] = max(foot[i], top[i] + 1)
    out = []
    for i, item in enumerate(items):
        below = [top[j] for j in range(i + 1, n) if i in over[j]]
        out.append(HeadCell(top[i], min([foot[i], *below]), item.c0, item.c1, tuple(item.words)))
    return out

"""Tables found by their headings: a band of words that name columns, and below it lines that keep to these columns.

So scorecards are set whose rows are parted by rules at most, whose status cells alone are painted, or around which nothing
is drawn. What is drawn still counts: rules and painted cells part the rows, and a fill belongs to the cell it lies in.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import itemgetter

from councilscope.geometry import Box, enclose, overlap_1d
from councilscope.lexicon import header_role, section_of
from councilscope.page import Fill, Line, Page, Shape, Word
from councilscope.tables.bodies import body_lines, make_cell, row_cells, row_cuts, rows_of, text_of
from councilscope.tables.cells import Table
from councilscope.tables.edges import Edge
from councilscope.tables.unruled import sign_columns
from councilscope.text import lines_of, segments
from councilscope.values import looks_like_period

LEAST = 4  # a band names so many columns at least
MOST = 5  # and has so many lines at most
WORDS = 60  # and so many words


@dataclass(slots=True)
class Band:
    """A heading: its lines (as indexes), the runs of words that head the columns, and its height."""

    first: int
    last: int
    heads: list[list[Word]]
    top: float
    foot: float
    painted: Box | None


def find_headed(
    page: Page,
    words: Sequence[Word],
    fills: Sequence[Fill],
    shapes: Sequence[Shape],
    rules: Sequence[Edge],
    is_read: Callable[[Sequence[Word]], bool],
) -> Iterator[Table]:
    """Tables under headings that name columns. `rules` are the level edges of the page.

    `is_read` is asked, one heading after the other, whether its words are those of a known table; then none is built.
    """
    lines = [ln for ln in lines_of(words) if ln.words[0].angle == 0]
    bands = _bands(lines, fills)
    for k, band in enumerate(bands):
        if is_read([w for head in band.heads for w in head]):
            continue
        stop = bands[k + 1].first if k + 1 < len(bands) else len(lines)
        table = _table(page, band, lines[band.last + 1 : stop], fills, shapes, rules)
        if table is not None:
            yield table


# --- the heading --------------------------------------------------------------------------------------------


def _bands(lines: Sequence[Line], fills: Sequence[Fill]) -> list[Band]:
    out: list[Band] = []
    i = 0
    while i < len(lines):
        band = None
        if len(lines[i].words) >= 2:
            clusters = _clusters(lines[i : _last_line(lines, i, fills) + 1])
            for end in range(i + len(clusters) - 1, i - 1, -1):
                band = _band(lines, i, end, clusters[end - i], fills)
                if band is not None:
                    break
        if band is None:
            i += 1
        else:
            out.append(band)
            i = band.last + 1
    return out


def _painted(line: Line, fills: Sequence[Fill]) -> Box | None:
    """The band painted behind a whole line."""
    x0, y0, x1, y1 = line.box.x0 + 2.0, line.box.y0 + 2.0, line.box.x1 - 2.0, line.box.y1 - 2.0
    behind = [
        b
        for f in fills
        if (b := f.box).y0 <= y0 and b.y1 >= y1 and b.x0 <= x0 and b.x1 >= x1 and b.height < 90
    ]
    return min(behind, key=lambda b: b.area) if behind else None


def _last_line(lines: Sequence[Line], first: int, fills: Sequence[Fill]) -> int:
    """The last line of a heading that begins at `first`: set alike and close below, or on the same painted band."""
    ground = _painted(lines[first], fills)
    style = _style(lines[first])
    k = first
    while k + 1 < len(lines) and k + 1 - first < MOST:
        below = lines[k + 1]
        if ground is not None:
            if not ground.contains(below.box, 2.0):
                break
        elif _style(below) != style or below.box.y0 - lines[k].box.y1 > 0.5 * below.words[0].size:
            break
        k += 1
    return k


def _style(line: Line) -> tuple[bool, float, bool]:
    w = line.words[0]
    return all(x.bold for x in line.words), round(w.size * 2) / 2, w.italic


def _band(
    lines: Sequence[Line], first: int, last: int, clusters: Sequence[Cluster], fills: Sequence[Fill]
) -> Band | None:
    if len(clusters) < LEAST:
        return None
    part = lines[first : last + 1]
    heads = [[w for run in runs for w in run.words] for _, _, runs in sorted(clusters, key=itemgetter(0))]
    if any(len(h) > 9 for h in heads):
        return None  # joining them makes them fewer and longer
    heads = _joined(heads)
    if len(heads) < LEAST or any(len(h) > 9 for h in heads) or not _mostly_known(heads):
        return None
    if sum(1 for h in heads if any(":" in w.text for w in h)) > 1:
        return None  # a line of labels and values
    box = enclose(ln.box for ln in part)
    return Band(first, last, heads, box.y0, box.y1, _painted(part[0], fills))


Cluster = tuple[float, float, list[Line]]  # left and right of a column's heading, and its runs


def _clusters(lines: Sequence[Line]) -> list[list[Cluster]]:
    """Runs of a heading by column, of its first line, its first two and so on up to `WORDS` words: those of each line,
    joined with those that they stand above."""
    out: list[list[Cluster]] = []
    groups: list[Cluster] = []
    left = WORDS
    for line in lines:
        left -= len(line.words)
        if left < 0:
            break
        for run in segments(line, 0.62):
            x0, x1, runs = run.box.x0, run.box.x1, [run]
            rest = []
            for group in groups:
                a, b, held = group
                if overlap_1d(a, b, x0, x1) > 0.5:
                    x0, x1, runs = min(a, x0), max(b, x1), held + runs
                else:
                    rest.append(group)
            groups = [*rest, (x0, x1, runs)]
        out.append(groups)
    return out


def _joined(heads: list[list[Word]]) -> list[list[Word]]:
    """Neighbours that name a column only together ("Direction of | travel") as one."""
    out: list[list[Word]] = []
    for head in heads:
        close = out and min(w.box.x0 for w in head) - max(w.box.x1 for w in out[-1]) < 1.1 * head[0].size
        if close and not (is_known(text_of(out[-1])) and is_known(text_of(head))):
            both = [*out[-1], *head]
            role = header_role(text_of(both))
            if role is not None and role[1] >= 0.99:
                out[-1] = both
                continue
        out.append(head)
    return out


def _mostly_known(heads: Sequence[list[Word]]) -> bool:
    """Whether three fifths of headings name a column, and three do."""
    need, known = max(3, 0.6 * len(heads)), len(heads)
    for head in heads:
        known -= not is_known(text_of(head))
        if known < need:
            return False
    return True


CUT_WORD = re.compile(r"(?<=[a-z])[-\u2010] (?=[a-z]{2})")


@lru_cache(maxsize=4096)
def is_known(text: str) -> bool:
    text = CUT_WORD.sub("", text)
    role = header_role(text)
    return bool(role and role[1] > 0.4) or looks_like_period(text) or section_of(text) is not None


# --- the body -----------------------------------------------------------------------------------------------


def _table(
    page: Page,
    band: Band,
    below: Sequence[Line],
    fills: Sequence[Fill],
    shapes: Sequence[Shape],
    rules: Sequence[Edge],
) -> Table | None:
    x0 = min(w.box.x0 for h in band.heads for w in h)
    x1 = max(w.box.x1 for h in band.heads for w in h)
    if band.painted is not None:
        x0, x1 = min(x0, band.painted.x0), max(x1, band.painted.x1)
    level = [e for e in rules if overlap_1d(e.lo, e.hi, x0, x1) > 0.5 * (x1 - x0)]
    wide = [e for e in level if e.pos > band.foot - 2 and e.lo < x0 + 20]
    if wide:
        x1 = max(x1, min(max(e.hi for e in wide), page.width))
    body = body_lines(band.foot, band.heads[0][0].size, below, x0, x1, level)
    rich = [ln for ln in body if len(segments(ln, 1.0)) >= 3]
    if not rich:
        return None
    x0 = min(x0, min(ln.box.x0 for ln in body)) - 1
    x1 = max(x1, max(ln.box.x1 for ln in rich)) + 1
    edges = _edges(band, rich, x0, x1)
    if edges is None:
        return None
    foot = max(ln.box.y1 for ln in body)
    cuts, painted = row_cuts(band.foot, foot, edges, fills, level)
    rows = rows_of(body, edges, cuts, painted)
    if not rows:
        return None
    edges = [*edges, *sign_columns([[], *(r[1] for r in rows)], shapes, edges[-1])]
    tops = [band.top - 1, *(min(r[0], r[1][0].box.y0 - 1) for r in rows)]
    ends = [*tops[1:], max(foot + 1, max((c for c in cuts if c < foot + 40), default=foot))]
    cells = [
        make_cell(page, 0, c, Box(page.number, a, tops[0], b, ends[0]), _heads_in(band, a, b), fills, shapes)
        for c, (a, b) in enumerate(pairwise(edges))
    ]
    for r, (row, y0, y1) in enumerate(zip(rows, tops[1:], ends[1:], strict=True), 1):
        cells += row_cells(page, r, row[1], y0, y1, edges, fills, shapes)
    bounds = (*tops, ends[-1])
    box = Box(page.number, edges[0], bounds[0], edges[-1], bounds[-1])
    return Table(box, tuple(cells), len(rows) + 1, len(edges) - 1, tuple(edges), bounds)


def _heads_in(band: Band, a: float, b: float) -> list[Word]:
    """The words of the heading of one column: whole headings, or the part of one that a column edge parts."""
    out: list[Word] = []
    for head in band.heads:
        box = enclose(w.box for w in head)
        if box.x0 < a < box.x1 or box.x0 < b < box.x1:
            out += [w for w in head if a <= w.box.cx < b]
        elif a <= box.cx < b:
            out += head
    return out


def _edges(band: Band, rich: Sequence[Line], x0: float, x1: float) -> list[float] | None:
    """Where the columns part: between neighbouring headings, where the fewest words of the body cross."""
    spans = [enclose(w.box for w in h) for h in band.heads]
    boxes = [w.box for ln in rich for w in ln.words]
    inner = [(w.x0 + 0.6, w.x1 - 0.6) for w in boxes if w.x0 + 0.6 < w.x1 - 0.6]
    begun, ended = sorted(i[0] for i in inner), sorted(i[1] for i in inner)
    edges = [x0]
    for a, b in pairwise(spans):
        lo, hi = a.cx, b.cx
        steps = [lo + k for k in range(1, max(2, int(hi - lo)))]
        a0, a1, b0, b1 = a.x0 + 0.6, a.x1 - 0.6, b.x0 + 0.6, b.x1 - 0.6
        crossing = [
            bisect_left(begun, x) - bisect_right(ended, x) + 3 * ((a0 < x < a1) + (b0 < x < b1))
            for x in steps
        ]
        least = min(crossing)
        if least > max(1, 0.12 * len(rich)):
            return None
        edges.append(_middle(steps, crossing, least))
    edges.append(x1)
    edges = _parted_heads(band, rich, edges)
    left = [w for w in boxes if w.x1 < spans[0].x0 - 6]
    if len(left) >= 0.5 * len(rich) and min(w.x0 for w in boxes) < spans[0].x0 - 12:
        at = (max(w.x1 for w in left) + spans[0].x0) / 2
        if not any(w.x0 + 0.6 < at < w.x1 - 0.6 for w in boxes) and x0 < at < edges[1]:
            edges.insert(1, at)  # a first column without a heading
    return edges


def _parted_heads(band: Band, rich: Sequence[Line], edges: Sequence[float]) -> list[float]:
    """Edges with those between words of one heading at which the body parts too: "Polarity 2013/14" over two columns."""
    out = list(edges)
    boxes = [w.box for ln in rich for w in ln.words]
    for head in band.heads:
        words = [w for ln in lines_of(list(head)) for w in ln.words]
        for line in lines_of(list(head)):
            for a, b in pairwise(line.words):
                at = (a.box.x1 + b.box.x0) / 2
                if any(w.box.x0 + 0.6 < at < w.box.x1 - 0.6 for w in words):
                    continue
                at = next((x for x in (at, b.box.x0 - 0.5, a.box.x1 + 0.5) if not _crossed(boxes, x)), at)
                k = max((i for i, e in enumerate(out) if e < at), default=0)
                if k + 1 >= len(out) or at - out[k] < 6 or out[k + 1] - at < 6 or _crossed(boxes, at):
                    continue
                both = sum(
                    1
                    for ln in rich
                    if any(out[k] <= w.box.cx < at for w in ln.words)
                    and any(at <= w.box.cx < out[k + 1] for w in ln.words)
                )
                sides = (
                    text_of([w for w in words if w.box.cx < at]),
                    text_of([w for w in words if w.box.cx >= at]),
                )
                if both >= max(1, 0.5 * len(rich)) and (any(is_known(t) for t in sides) or both == len(rich)):
                    out.insert(k + 1, at)
    return out


def _crossed(boxes: Sequence[Box], at: float) -> bool:
    return any(b.x0 + 0.6 < at < b.x1 - 0.6 for b in boxes)


def _middle(steps: Sequence[float], crossing: Sequence[int], least: int) -> float:
    """The middle of the longest run of places that the fewest words cross."""
    best: tuple[int, int] = (0, 0)
    start = None
    for k in range(len(steps) + 1):
        if k < len(steps) and crossing[k] == least:
            start = k if start is None else start
        elif start is not None:
            if k - start > best[1] - best[0]:
                best = (start, k)
            start = None
    return (steps[best[0]] + steps[best[1] - 1]) / 2


def in_proper_grid(band_words: Iterable[Word], tables: Sequence[Table]) -> bool:
    """Whether words stand apart in three or more cells of one table already."""
    ids = {id(w) for w in band_words}
    return any(sum(1 for c in t.cells if not ids.isdisjoint(map(id, c.words))) >= 3 for t in tables)

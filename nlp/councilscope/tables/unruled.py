"""Tables that nothing is drawn around: a line of headings, and under it lines whose words keep to its columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from councilscope.geometry import Box, enclose
from councilscope.lexicon import header_role
from councilscope.page import Line, Page, Shape, Word
from councilscope.tables.cells import Cell, Table
from councilscope.tables.columns import find_gutters
from councilscope.text import lines_of, segments
from councilscope.values import looks_like_period

REACH = 46.0  # points: a larger gap between two lines ends a table


def find_unruled(page: Page, words: Sequence[Word], shapes: Sequence[Shape]) -> list[Table]:
    """Tables among words that no grid holds. A heading line has three or more runs of words, most of them known."""
    lines = [ln for ln in lines_of(words) if ln.words[0].angle == 0]
    out: list[Table] = []
    i = 0
    while i < len(lines):
        if not _is_heading_line(lines[i]):
            i += 1
            continue
        first = i
        while first > 0 and _belongs_above(lines[first - 1], lines[i]):
            first -= 1
        last = i + 1
        while last < len(lines) and _goes_on(lines, last, lines[i]):
            last += 1
        table = _table(page, lines[first : i + 1], lines[i + 1 : last], shapes)
        if table is not None:
            out.append(table)
            i = last
        else:
            i += 1
    return out


def _runs(line: Line) -> list[Line]:
    return segments(line, 1.0)


def _is_heading_line(line: Line) -> bool:
    runs = [" ".join(w.text for w in r.words) for r in _runs(line)]
    if len(runs) < 3 or len(line.words) > 30:
        return False
    known = [bool((r := header_role(t)) and r[1] > 0.4) or looks_like_period(t) for t in runs]
    return sum(known) >= max(2, 0.5 * len(runs))


def _belongs_above(line: Line, head: Line) -> bool:
    """Whether a line is the upper part of a heading of two lines: close above it, in runs, set alike."""
    gap = head.box.y0 - line.box.y1
    alike = line.words[0].bold == head.words[0].bold and abs(line.words[0].size - head.words[0].size) < 0.6
    return -2 < gap < 0.6 * head.words[0].size and alike and (len(_runs(line)) >= 2 or len(line.words) <= 2)


def _goes_on(lines: Sequence[Line], k: int, head: Line) -> bool:
    """Whether line k still belongs to the table: near the one before, no new heading, no heading in larger type."""
    gap = lines[k].box.y0 - lines[k - 1].box.y1
    if gap > REACH or _is_heading_line(lines[k]):
        return False
    larger = lines[k].words[0].size > 1.18 * max(w.size for w in head.words)
    return not (larger and len(_runs(lines[k])) < 3)


def _table(page: Page, head: Sequence[Line], body: Sequence[Line], shapes: Sequence[Shape]) -> Table | None:
    rich = [ln for ln in body if len(_runs(ln)) >= 3]
    if len(rich) < 2:
        return None
    x0 = min(ln.box.x0 for ln in [*head, *rich]) - 1
    x1 = max(ln.box.x1 for ln in [*head, *rich]) + 1
    cut = _end(body, rich)
    body = body[:cut]
    rows = [
        [w for ln in head for w in ln.words],
        *(list(ln.words) for ln in body if len(_runs(ln)) > 1),
    ]
    gutters = find_gutters(rows, x0, x1)
    if len(gutters) < 2:
        return None
    edges = [x0, *gutters, x1]
    if sum(1 for ln in rich if keeps_to(ln, edges)) < 0.8 * len(rich):
        return None
    groups = [list(head), *group_rows(body, edges)]
    right = max([x1, *(s.box.x1 + 1 for s in _beside(groups, shapes, x1))])
    signs = sign_columns(groups, shapes, x1)
    edges = [*edges[:-1], x1, *signs] if signs else [*edges[:-1], right]
    tops = [min(ln.box.y0 for ln in g) for g in groups]
    bounds = [tops[0] - 1, *(t - 1 for t in tops[1:]), max(ln.box.y1 for ln in groups[-1]) + 1]
    cells: list[Cell] = []
    for r, (group, (y0, y1)) in enumerate(zip(groups, pairwise(bounds), strict=True)):
        words = [w for ln in group for w in ln.words]
        if len(group) == 1 and r and not _parted(words, edges):
            box = Box(page.number, edges[0], y0, edges[-1], y1)
            cells.append(Cell(r, r + 1, 0, len(edges) - 1, box, tuple(words)))
            continue
        for c, (a, b) in enumerate(pairwise(edges)):
            box = Box(page.number, a, y0, b, y1)
            inside = tuple(w for w in words if a <= w.box.cx < b)
            signs_in = tuple(s for s in shapes if box.contains_point(s.box.cx, s.box.cy))
            cells.append(Cell(r, r + 1, c, c + 1, box, inside, None, signs_in))
    box = Box(page.number, edges[0], bounds[0], edges[-1], bounds[-1])
    return Table(box, tuple(cells), len(groups), len(edges) - 1, tuple(edges), tuple(bounds))


def _end(body: Sequence[Line], rich: Sequence[Line]) -> int:
    """Where the table ends: after the last line with three runs and the short lines that hang below it."""
    last = max(k for k, ln in enumerate(body) if ln in rich)
    k = last + 1
    while (
        k < len(body)
        and body[k].box.y0 - body[k - 1].box.y1 < 0.5 * body[k].words[0].size
        and len(body[k].words) <= 8
    ):
        k += 1
    return k


def keeps_to(line: Line, edges: Sequence[float]) -> bool:
    return not any(w.box.x0 + 1 < e < w.box.x1 - 1 for w in line.words for e in edges[1:-1])


def _parted(words: Sequence[Word], edges: Sequence[float]) -> bool:
    """Whether words stand in two columns or more with white space at the edges between them."""
    columns = {max(k for k, e in enumerate(edges[:-1]) if w.box.cx >= e - 2) for w in words}
    if len(columns) < 2:
        return False
    run = enclose(w.box for w in words)
    gaps = [b.box.x0 - a.box.x1 for a, b in pairwise(sorted(words, key=lambda w: w.box.x0))]
    return bool(gaps) and max(gaps) > 1.2 * words[0].size and run.width > 0


def group_rows(body: Sequence[Line], edges: Sequence[float]) -> list[list[Line]]:
    """Lines grouped to rows: a row begins where the first column has words and others too, or after a wider gap."""
    gaps = [b.box.y0 - a.box.y1 for a, b in pairwise(body)]
    usual = sorted(gaps)[len(gaps) // 4] if gaps else 0.0
    rows: list[list[Line]] = []
    for k, ln in enumerate(body):
        starts = any(w.box.cx < edges[1] for w in ln.words)
        several = len({max(i for i, e in enumerate(edges[:-1]) if w.box.cx >= e - 2) for w in ln.words}) >= (
            3 if len(edges) > 4 else 2
        )
        wide = k > 0 and gaps[k - 1] > usual + 0.35 * ln.words[0].size
        if not rows or (starts and several) or wide:
            rows.append([ln])
        else:
            rows[-1].append(ln)
    return rows


def _beside(groups: Sequence[Sequence[Line]], shapes: Sequence[Shape], x1: float) -> list[Shape]:
    top, foot = groups[1][0].box.y0 - 2, groups[-1][-1].box.y1 + 2
    return [s for s in shapes if x1 < s.box.cx < x1 + 90 and top <= s.box.cy <= foot and s.box.height > 3.5]


def sign_columns(groups: Sequence[Sequence[Line]], shapes: Sequence[Shape], x1: float) -> list[float]:
    """Right edges of columns that hold signs only and have no heading: dots and arrows beside the last words."""
    found = sorted({round(s.box.cx / 8) for s in _beside(groups, shapes, x1)})
    centres: list[float] = []
    for s in sorted(_beside(groups, shapes, x1), key=lambda s: s.box.cx):
        if not centres or s.box.cx - centres[-1] > 10:
            centres.append(s.box.cx)
    if not found or not centres:
        return []
    mids = [(a + b) / 2 for a, b in pairwise(centres)]
    return [*mids, centres[-1] + 12]

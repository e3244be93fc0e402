"""The rows below a heading: which lines belong to them, where what is drawn or a line that begins anew parts them,
and their cells between given edges of columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from councilscope.geometry import Box
from councilscope.lexicon import starts_with
from councilscope.page import Fill, Line, Page, Shape, Word
from councilscope.tables.cells import Cell
from councilscope.tables.edges import Edge
from councilscope.tables.grid import fill_of
from councilscope.text import lines_of, segments
from councilscope.values import parse_figure

REACH = 60.0  # points: a larger gap between two lines of a table ends it


def body_lines(
    foot: float, size: float, below: Sequence[Line], x0: float, x1: float, level: Sequence[Edge]
) -> list[Line]:
    """The lines of the table: down to a wide gap that no rule bridges, a line in larger type, or one outside its width."""
    out: list[Line] = []
    last = foot
    for line in below:
        gap = line.box.y0 - last
        bridged = any(last - 2 <= e.pos <= line.box.y0 + 2 for e in level)
        if gap > (2 * REACH if bridged else REACH):
            break
        if len(line.words) <= 6 and starts_with(" ".join(w.text for w in line.words), "glossary"):
            break
        if line.words[0].size > 1.18 * size and len(segments(line, 1.0)) < 3:
            break
        if line.box.x1 < x0 - 40 or line.box.x0 > x1 + 2:
            break
        out.append(line)
        last = max(last, line.box.y1)
    while (
        out
        and len(segments(out[-1], 1.0)) < 3
        and out[-1].box.y0 - (out[-2].box.y1 if len(out) > 1 else 0) > 2.2 * size
    ):
        out.pop()  # a footer or the next heading
    return out


def row_cuts(
    head: float, foot: float, edges: Sequence[float], fills: Sequence[Fill], level: Sequence[Edge]
) -> tuple[list[float], list[tuple[float, float]]]:
    """Heights at which what is drawn parts rows, and the upper and lower ends of painted cells, which are rows whole."""
    inside = [e.pos for e in level if head - 2 < e.pos < foot + 40]
    painted: list[tuple[float, float]] = []
    for f in fills:
        b = f.box
        if (
            head - 3 < b.y0
            and b.y1 < foot + 40
            and 9 < b.height < 400
            and edges[0] - 3 <= b.x0
            and b.x1 <= edges[-1] + 3
        ):
            inside += [b.y0, b.y1]
            painted.append((b.y0, b.y1))
    out: list[float] = []
    for y in sorted(inside):
        if not out or y - out[-1] > 4:
            out.append(y)
    return out, painted


def rows_of(
    body: Sequence[Line],
    edges: Sequence[float],
    cuts: Sequence[float],
    painted: Sequence[tuple[float, float]],
) -> list[tuple[float, list[Line]]]:
    """Rows as their upper end and their lines: by the cuts, within them by where a row begins anew."""
    parts: list[tuple[float, list[Line]]] = []
    for line in body:
        top = max((c for c in cuts if c <= line.box.cy), default=float("-inf"))
        if parts and parts[-1][0] == top:
            parts[-1][1].append(line)
        else:
            parts.append((top, [line]))
    out: list[tuple[float, list[Line]]] = []
    for k, (top, part) in enumerate(parts):
        end = parts[k + 1][0] if k + 1 < len(parts) else float("inf")
        whole = any(abs(a - top) < 4 and (b >= end - 4 or b > part[-1].box.cy) for a, b in painted)
        groups = [part] if whole else _groups(part, edges)
        if len(groups) > 1 and top != float("-inf") and end != float("inf") and _is_one_row(groups, edges):
            groups = [part]
        for n, group in enumerate(groups):
            out.append((top if n == 0 and top != float("-inf") else group[0].box.y0 - 1, group))
    return out


def _is_one_row(groups: Sequence[Sequence[Line]], edges: Sequence[float]) -> bool:
    """Whether groups of lines between two rules are one row whose cells are set to its middle: one of them alone holds
    words in more than two columns, and no other more than the first or last column has."""
    columns = [
        {max((i for i, e in enumerate(edges[:-1]) if w.box.cx >= e), default=0) for ln in g for w in ln.words}
        for g in groups
    ]
    rich = [c for c in columns if len(c) > 2]
    return (
        len(rich) == 1
        and all(len(c) <= 2 or c is rich[0] for c in columns)
        and not any(_spans(g, edges) and len({id(w) for ln in g for w in ln.words}) > 12 for g in groups)
    )


def _groups(lines: Sequence[Line], edges: Sequence[float]) -> list[list[Line]]:
    """Lines by row. A line goes on with the row above where it stands close under words of one of its columns,
    unless it brings another figure to a column that has one, or runs over the columns where the others do not."""
    rows: list[list[Line]] = []
    below: dict[int, float] = {}
    figures: set[int] = set()
    for line in lines:
        columns: dict[int, list[Word]] = {}
        for w in line.words:
            columns.setdefault(_column(edges, w.box.cx), []).append(w)
        values = {c for c, ws in columns.items() if len(ws) <= 3 and _is_whole_figure(text_of(ws))}
        size = line.words[0].size
        close = any(line.box.y0 - below[c] < 0.42 * size for c in columns if c in below)
        if rows and _runs_on(rows[-1], line, edges):
            rows[-1].append(line)
            continue
        spanning = _spans([line], edges)
        above = bool(rows) and _spans(rows[-1], edges)
        changed = bool(rows) and spanning != above
        new = not rows or not close or bool(values & figures) or (changed and len(line.words) > 3)
        if rows and not new and spanning and not above and len(columns) > 1:
            new = True
        lone = (
            rows
            and not close
            and not spanning
            and len(columns) <= 2
            and 0 not in columns
            and len(line.words) <= 4
        )
        if new and not (lone and not values & figures and _beside(rows[-1], line)):
            rows.append([line])
            below, figures = {}, set()
        else:
            rows[-1].append(line)
        figures |= values
        below.update({c: max(w.box.y1 for w in ws) for c, ws in columns.items()})
    return rows


def _runs_on(row: Sequence[Line], line: Line, edges: Sequence[float]) -> bool:
    """Whether a line goes on with text that runs over the columns: close below it, from its left edge, as one run of words
    that passes an edge."""
    size = line.words[0].size
    return (
        len(line.words) > 1
        and abs(line.box.x0 - row[0].box.x0) < 2
        and line.box.y0 - row[-1].box.y1 < 0.42 * size
        and _column(edges, line.words[0].box.cx) < _column(edges, line.words[-1].box.cx)
        and all(b.box.x0 - a.box.x1 < 0.6 * max(size, 4.0) for a, b in pairwise(line.words))
        and _spans(row, edges)
    )


def _is_whole_figure(text: str) -> bool:
    """Whether a text is a figure, not part of one that runs on over two lines ("81.1% (150 of | 185)", "7.1 per | 1,000")."""
    goes_on = text.rpartition(" ")[2] in ("per", "of", "to", "and", "or", "than")
    return not goes_on and text.count("(") == text.count(")") and is_figure(text)


def _beside(row: Sequence[Line], line: Line) -> bool:
    """Whether a line stands beside a row, between its first and its last line: a sign set in the middle."""
    return line.box.cy <= max(ln.box.y1 for ln in row) + 0.8 * line.words[0].size


def _spans(lines: Sequence[Line], edges: Sequence[float]) -> bool:
    """Whether the lines of a row run over the columns: text as wide as the table, or a banner."""
    for ln in lines:
        for a, b in pairwise(ln.words):
            if b.box.x0 - a.box.x1 > max(a.size, 4.0):
                return False
    words = [w for ln in lines for w in ln.words]
    columns = {_column(edges, w.box.cx) for w in words}
    first = min(columns)
    if first > 1 or (first == 1 and len(edges) < 5):
        return False
    crossing = any(w.box.x0 + 0.6 < e < w.box.x1 - 0.6 for w in words for e in edges[1:-1])
    if first == 1:  # beside the cell of a service that several rows share
        return crossing and len(columns) > 2
    return crossing or len(columns) == 1 or (len(lines) == 1 and len(words) <= 14)


def _column(edges: Sequence[float], x: float) -> int:
    """The last column that begins at or before x; the first where none does."""
    for i in range(len(edges) - 2, 0, -1):
        if x >= edges[i]:
            return i
    return 0


def row_cells(
    page: Page,
    row: int,
    lines: Sequence[Line],
    y0: float,
    y1: float,
    edges: Sequence[float],
    fills: Sequence[Fill],
    shapes: Sequence[Shape],
) -> list[Cell]:
    """The cells of a row between the edges of the columns; one over all of them where its lines run over the columns."""
    words = [w for ln in lines for w in ln.words]
    if _spans(lines, edges):
        start = min(_column(edges, w.box.cx) for w in words)
        box = Box(page.number, edges[start], y0, edges[-1], y1)
        return [Cell(row, row + 1, start, len(edges) - 1, box, tuple(words), fill_of(box, fills))]
    held: dict[int, list[Word]] = {}
    for w in words:
        held.setdefault(_column(edges, w.box.cx), []).append(w)
    fills = [f for f in fills if f.box.y0 < y1 and f.box.y1 > y0]  # no other reaches into a cell of this row
    shapes = [s for s in shapes if y0 <= s.box.cy <= y1]
    return [
        make_cell(page, row, c, Box(page.number, a, y0, b, y1), held.get(c, ()), fills, shapes)
        for c, (a, b) in enumerate(pairwise(edges))
    ]


def make_cell(
    page: Page,
    row: int,
    col: int,
    box: Box,
    words: Sequence[Word],
    fills: Sequence[Fill],
    shapes: Sequence[Shape],
) -> Cell:
    """A cell of one row and column with the shapes and pictures that lie in its box."""
    return Cell(
        row,
        row + 1,
        col,
        col + 1,
        box,
        tuple(words),
        _ground(box, fills),
        tuple(s for s in shapes if box.contains_point(s.box.cx, s.box.cy)),
        tuple(
            p for p in page.pictures if box.contains_point(p.box.cx, p.box.cy) and p.box.area < 1.2 * box.area
        ),
    )


def _ground(box: Box, fills: Sequence[Fill]) -> tuple[float, float, float] | None:
    """The colour of a cell: of a fill over most of it, or of one that lies in it and fills most of its width."""
    found = fill_of(box, fills)
    if found is not None:
        return found
    inside = [
        f
        for f in fills
        if box.contains_point(f.box.cx, f.box.cy)
        and 0.6 * box.width < f.box.width < 1.3 * box.width
        and f.box.height > 6
    ]
    return inside[-1].colour if inside and min(inside[-1].colour) <= 0.97 else None


def is_figure(text: str) -> bool:
    f = parse_figure(text)
    return f is not None and f.value is not None


def text_of(words: Sequence[Word]) -> str:
    if len(words) == 1:
        return words[0].text
    return " ".join(w.text for ln in lines_of(words) for w in ln.words)

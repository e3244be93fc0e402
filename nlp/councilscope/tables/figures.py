"""Tables of figures that no line parts row by row: a column of words, columns of figures, a heading of several lines.

So statistics are set: rules at most above and below the heading and at the foot, sometimes between columns. Lines with
two figures or more that keep to the same columns are the body; each line is a row unless words run on from the line
before. What stands above them, up to the topmost rule, is the heading (see `heads`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from councilscope.geometry import Box, enclose, overlap_1d
from councilscope.page import Page, Shape, Word
from councilscope.tables.cells import Cell, Table
from councilscope.tables.edges import Edge
from councilscope.tables.heads import HIGH, Columns, Drawn, head_cells, head_lines
from councilscope.tables.runs import Row, Run, ends_early, has_digits, runs_of
from councilscope.text import lines_of

REACH = 46.0  # points: a larger gap between two lines of figures ends a table
FEW = 6  # lines of figures, no more, may also be what one row of a form holds
BETWEEN = 3  # lines without figures, no more, may stand between two lines of figures
YEAR = re.compile(r"(?:19|20)\d\d(?:[/–-]\d{2,4})?[^\w]*\w?")


def find_figures(
    page: Page, words: Sequence[Word], hs: Sequence[Edge], vs: Sequence[Edge], shapes: Sequence[Shape]
) -> list[Table]:
    """Tables of figures among words; `hs` and `vs` are all level and upright edges of the page."""
    return _find(page, words, Drawn(hs, vs), shapes, 0) if has_digits(words, 5) else []


def _find(
    page: Page, words: Sequence[Word], drawn: Drawn, shapes: Sequence[Shape], depth: int
) -> list[Table]:
    rows = [Row(ln) for ln in lines_of(words) if ln.words[0].angle == 0]
    out: list[Table] = []
    before = 0
    for first, last in _regions(rows):
        body = [r for r in rows[first : last + 1] if r.rich]
        columns = _columns(body, rows[first : last + 1])
        if columns is None:
            continue
        text = _text_beside(body, columns) if depth < 2 else None
        if text is not None:
            top = rows[first].line.box.y0 - HIGH if out else float("-inf")
            foot = rows[last].line.box.y1 + REACH
            inside = [w for w in words if top < w.box.y0 < foot and not (text[0] < w.box.cx < text[1])]
            held = {id(w) for t in out for c in t.cells for w in c.words}
            out += _find(page, [w for w in inside if id(w) not in held], drawn, shapes, depth + 1)
            before = last + 1
        elif _is_table(body, columns, drawn.level):
            first, last = _widened(rows, before, first, last, columns, drawn.level)
            out.append(_table(page, rows[before:first], rows[first : last + 1], columns, drawn, shapes))
            before = last + 1
    return out


def _is_years(row: Row) -> bool:
    figures = [r.words[0].text for r in row.runs if r.figure]
    return len(figures) >= 2 and all(YEAR.fullmatch(t) for t in figures)


def _text_beside(body: Sequence[Row], columns: Columns) -> tuple[float, float] | None:
    """From where to where a column of running text stands beside the figures, if one does: its lines are of many words,
    reach its right edge and begin with small letters as often as not."""
    for k in {0, len(columns.spans) - 1}:
        runs = [r for row in body for r in row.runs if not r.figure and columns.nearest(r.box.cx) == k]
        long = sum(1 for r in runs for w in r.words if w.text[:1].isalpha())
        small = sum(1 for r in runs if r.words[0].text[:1].islower())
        if len(runs) < 3 or long < 4.5 * len(runs) or small < 0.4 * len(runs):
            continue
        right = max(r.box.x1 for r in runs)
        x0, x1 = min(r.box.x0 for r in runs), right
        if sum(1 for r in runs if r.box.x1 - x0 > 0.75 * (x1 - x0)) < 0.7 * len(runs):
            continue
        left = columns.mids[k - 1] if k else float("-inf")
        return (min(x0 - 1, left), float("inf")) if k else (float("-inf"), max(x1 + 1, columns.mids[0]))
    return None


def is_coarse(table: Table) -> bool:
    """Whether a grid has lines between its columns but hardly any between its rows: one band of cells beside each other
    holds most of the words, and nearly all its lines, three or more, are lines of figures."""
    bands: dict[tuple[int, int], list[Cell]] = {}
    for c in table.cells:
        if c.words:
            bands.setdefault((c.row0, c.row1), []).append(c)
    if not bands or table.n_cols < 2:
        return False
    cells = max(bands.values(), key=lambda cs: sum(len(c.words) for c in cs))
    words = [w for c in cells for w in c.words]
    if len(cells) < 2 or len(words) * 2 < sum(len(c.words) for c in table.cells):
        return False
    rows = [Row(ln) for ln in lines_of(words) if ln.words[0].angle == 0]
    if len(rows) < 3 or sum(1 for r in rows if r.rich) < 0.7 * len(rows):
        return False
    return len(rows) > FEW or all(_is_list(c) for c in cells)


def is_all_figures(table: Table) -> bool:
    """Whether nearly all cells beside the labels hold figures: statistics, no scorecard with owners, notes and status."""
    texts = [c.text for c in table.cells if c.words and c.col0 and c.row0 and c.col1 == c.col0 + 1]
    return sum(any(ch.isdigit() for ch in t) or len(t) < 3 for t in texts) >= 0.75 * len(texts)


def _is_list(cell: Cell) -> bool:
    """Whether a cell holds figures, or lines that are no wrapped text: with room at their ends, or with capitals first."""
    lines = lines_of(cell.words)
    small = sum(1 for ln in lines[1:] if ln.words[0].text[:1].islower())
    if len(lines) < 3 or small < 0.5 * (len(lines) - 1) or any(Row(ln).figures for ln in lines):
        return True
    return ends_early(lines, cell.box.width - 6)


def _regions(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """First and last line of figures of each run of such lines that share columns."""
    out: list[tuple[int, int]] = []
    current: list[int] = []
    for i, row in enumerate(rows):
        if not row.rich:
            continue
        if current and not _goes_on(rows, current, i):
            out.append((current[0], current[-1]))
            current = []
        current.append(i)
    if current:
        out.append((current[0], current[-1]))
    found = []
    for a, b in out:
        body = [k for k in range(a, b + 1) if rows[k].rich]
        first = body[0]
        if len(body) > 1 and _is_years(rows[body[0]]) and not _is_years(rows[body[1]]):
            first = body[1]  # they belong to the heading
        if len(body) >= 3:
            found.append((first, b))
    return found


def _goes_on(rows: Sequence[Row], current: Sequence[int], i: int) -> bool:
    last = current[-1]
    between = rows[last + 1 : i]
    if len(between) > BETWEEN or rows[i].line.box.y0 - rows[last].line.box.y1 > REACH:
        return False
    if any(len(r.line.words) > 16 and len(r.runs) < 3 for r in between):
        return False
    known = [r for k in current[-4:] for r in rows[k].runs if r.figure]
    mine = [r for r in rows[i].runs if r.figure]
    meets = sum(1 for r in mine if any(overlap_1d(r.box.x0, r.box.x1, k.box.x0, k.box.x1) > 0 for k in known))
    return meets * 2 >= len(mine)


def _columns(body: Sequence[Row], rows: Sequence[Row]) -> Columns | None:
    """Left and right of each column: of figures first, then of the words that stand beside them.

    `body` are the lines of figures, `rows` these and the lines between them, of which the labels count.
    """
    figures = _spans([[r for r in row.runs if r.figure] for row in body], 0.0)
    texts = [
        [r for r in row.runs if not r.figure and not any(_over(r.box, c) > 0.5 for c in figures)]
        for row in body
    ]
    left = min((a for a, _ in figures), default=0.0)
    if not any(r.box.x1 < left for runs in texts for r in runs):  # the labels stand on lines of their own
        texts += [[r for r in row.runs if r.box.x1 < left] for row in rows if not row.rich]
    words = _spans(texts, 3.0)
    columns = list(figures)
    for a, b in words:
        if all(min(b, d) - max(a, c) <= 0.0 for c, d in figures):
            columns.append((a, b))
            continue
        # words of one line over the figures of another: they keep to the left of the first figures they meet
        met = min((c for c in figures if min(b, c[1]) > max(a, c[0])), key=lambda c: c[0])
        if a < met[0] - 4 and not any(c[0] < met[0] and c[1] > a for c in columns if c != met):
            columns.append((a, met[0] - 0.5))
    columns.sort()
    return Columns(tuple(columns)) if figures and len(columns) >= 3 else None


def _over(box: Box, column: tuple[float, float]) -> float:
    """Share of a box that lies in a column."""
    return overlap_1d(box.x0, box.x1, *column) / max(box.width, 0.1)


def _spans(lines: Sequence[Sequence[Run]], gap: float) -> list[tuple[float, float]]:
    """Intervals that (nearly) every line keeps to; narrower white space than `gap` parts nothing."""
    marks: list[tuple[float, int]] = []
    for runs in lines:
        for r in runs:
            marks += [(r.box.x0, 1), (r.box.x1, -1)]
    allowed = int(0.03 * len(lines))
    out: list[tuple[float, float]] = []
    depth, start = 0, 0.0
    for x, step in sorted(marks):
        was = depth > allowed
        depth += step
        if not was and depth > allowed:
            start = x
        elif was and depth <= allowed:
            if out and start - out[-1][1] <= gap:
                out[-1] = (out[-1][0], x)
            else:
                out.append((start, x))
    return out


def _is_table(body: Sequence[Row], columns: Columns, hs: Sequence[Edge]) -> bool:
    """Whether lines of figures fill at least half of their columns, and are not ruled row by row."""
    filled = sum(len({columns.of(r.box) for r in row.runs}) for row in body)
    if filled < 0.5 * len(body) * len(columns.spans):
        return False
    if sum(_is_scale(body, columns, k) for k in range(len(columns.spans))) >= 2:
        return False  # the axes of a chart
    x0, x1 = columns.spans[0][0], columns.spans[-1][1]
    ruled = [k for k, (a, b) in enumerate(pairwise(body), start=1) if _rules_between(a, b, x0, x1, hs)]
    bands = sorted(b - a for a, b in pairwise([0, *ruled, len(body)]))
    return len(ruled) < 2 or bands[len(bands) // 2] > 3  # else its rows are ruled


def _is_scale(body: Sequence[Row], columns: Columns, k: int) -> bool:
    """Whether a column holds the marks of an axis: numbers that grow by the same step, up or down, no years."""
    texts = [r.words[0].text for row in body for r in row.runs if columns.nearest(r.box.cx) == k]
    try:
        values = [float(t.replace(",", "").rstrip("%").lstrip("$£€")) for t in texts]
    except ValueError:
        return False
    if len(values) < 4 or all(1900 <= v <= 2100 for v in values):
        return False
    steps = [b - a for a, b in pairwise(values)]
    return abs(steps[0]) > 0 and all(abs(s - steps[0]) < 0.01 * abs(steps[0]) for s in steps)


def _rules_between(a: Row, b: Row, x0: float, x1: float, hs: Sequence[Edge]) -> bool:
    at = [e for e in hs if a.line.box.cy < e.pos < b.line.box.cy]
    return any(
        sum(overlap_1d(f.lo, f.hi, x0, x1) for f in at if abs(f.pos - e.pos) < 2.5) > 0.8 * (x1 - x0)
        for e in at
    )


def _rule_under(row: Row, x0: float, x1: float, hs: Sequence[Edge]) -> bool:
    box = row.line.box
    below = [e for e in hs if box.cy < e.pos < box.y1 + 0.6 * box.height]
    return sum(overlap_1d(e.lo, e.hi, x0, x1) for e in below) > 0.8 * (x1 - x0)


def _widened(
    rows: Sequence[Row], before: int, first: int, last: int, columns: Columns, hs: Sequence[Edge]
) -> tuple[int, int]:
    """First and last line with those that belong to the body though they have no figures: below the rule under the
    heading, and further down where they stand in the columns."""
    x0, x1 = columns.spans[0][0], columns.spans[-1][1]
    for k in range(first - 1, max(before, first - 5) - 1, -1):
        if rows[k + 1].line.box.y0 - rows[k].line.box.y1 > REACH:
            break
        if _rules_between(rows[k], rows[k + 1], x0, x1, hs):
            first = k + 1
            break
    if (
        first > before
        and rows[first - 1].line.box.y1 - rows[first].line.box.y0 > 0.25 * rows[first].line.box.height
    ):
        first -= 1  # words of two lines, the figures at half their height
    while last + 1 < len(rows):
        row = rows[last + 1]
        gap = row.line.box.y0 - rows[last].line.box.y1
        if gap > 1.2 * row.line.words[0].size:
            break
        spans = [columns.of(r.box) for r in row.runs]
        inside = all(x0 - 3 < r.box.x0 < x1 for r in row.runs)
        if _rules_between(rows[last], row, x0, x1, hs):
            if inside and row.figures and _rule_under(row, x0, x1, hs):
                last += 1  # a total between two rules
            break
        if not inside or len(spans) < max(2, 0.6 * len(columns.spans)) or any(b - a > 1 for a, b in spans):
            break
        last += 1
    while last + 1 < len(rows):  # what is left of the words of the last row
        line, above = rows[last + 1].line, rows[last].line
        first_word = line.words[0].text
        close = line.box.y0 - above.box.y1 < 0.4 * line.words[0].size
        if not close or not (first_word[:1].islower() or first_word[:1] == "(") or len(line.words) > 8:
            break
        if line.box.x0 < x0 - 3 or line.box.x1 > columns.mids[0]:
            break
        last += 1
    return first, last


def _table(
    page: Page,
    above: Sequence[Row],
    rows: Sequence[Row],
    columns: Columns,
    drawn: Drawn,
    shapes: Sequence[Shape],
) -> Table:
    groups = _grouped(rows, columns)
    heads = head_lines([r.line for r in above], rows[0].line.box, columns, drawn.level)
    head = head_cells([runs_of(ln) for ln in heads], columns, drawn)
    n_head = max((c.row1 for c in head), default=0)
    edges = columns.edges(head)
    tops = [min(r.line.box.y0 for r in g) for g in groups]
    foot = max(r.line.box.y1 for r in groups[-1])
    top = min((ln.box.y0 for ln in heads), default=tops[0])
    ys = [top + (tops[0] - top) * k / n_head for k in range(n_head)] + tops + [foot]
    cells = [
        Cell(
            h.row0,
            h.row1,
            h.col0,
            h.col1,
            Box(page.number, edges[h.col0], ys[h.row0], edges[h.col1], ys[h.row1]).union(
                enclose(w.box for w in h.words)
            ),
            h.words,
        )
        for h in head
    ]
    for k, group in enumerate(groups):
        by: dict[tuple[int, int], list[Word]] = {}
        for row in group:
            for run in row.runs:
                by.setdefault(columns.of(run.box), []).extend(run.words)
        y0, y1 = ys[n_head + k], ys[n_head + k + 1]
        for c0, c1, held in _disjoint(by, len(columns.spans)):
            box = Box(page.number, edges[c0], y0, edges[c1], y1)
            signs = tuple(s for s in shapes if box.contains_point(s.box.cx, s.box.cy))
            if held:
                box = box.union(enclose(w.box for w in held))
            cells.append(Cell(n_head + k, n_head + k + 1, c0, c1, box, held, None, signs))
    cells.sort(key=lambda c: (c.row0, c.col0))
    return Table(
        enclose(c.box for c in cells),
        tuple(cells),
        n_head + len(groups),
        len(columns.spans),
        tuple(edges),
        tuple(ys),
    )


def _disjoint(by: dict[tuple[int, int], list[Word]], n: int) -> list[tuple[int, int, tuple[Word, ...]]]:
    """Cells of a row that share no column; columns without words are empty cells."""
    out: list[tuple[int, int, list[Word]]] = []
    for (c0, c1), words in sorted(by.items()):
        if out and c0 < out[-1][1]:
            a, b, held = out[-1]
            if c0 > a:
                out[-1] = (a, c0, held)
            elif b < c1:
                c0 = b
                if c0 == c1:
                    held.extend(words)
                    continue
            else:
                held.extend(words)
                continue
        out.append((c0, c1, list(words)))
    taken = {k for c0, c1, _ in out for k in range(c0, c1)}
    out += [(k, k + 1, []) for k in range(n) if k not in taken]
    return [(a, b, tuple(ws)) for a, b, ws in sorted(out, key=lambda o: o[0])]


def _grouped(rows: Sequence[Row], columns: Columns) -> list[list[Row]]:
    """Lines to rows: a line of words alone may run on from the line before or into the one below."""
    edge = columns.spans[0][1]
    right = max(
        (r.box.x1 for row in rows for r in row.runs if r.box.x0 < edge and not r.figure), default=edge
    )
    out: list[list[Row]] = []
    joins = False
    for k, row in enumerate(rows):
        if out and (joins or _runs_on(out[-1], row, rows, k, edge, right)):
            out[-1].append(row)
        else:
            out.append([row])
        joins = k + 1 < len(rows) and _runs_into(row, rows[k + 1], edge, right)
    return out


def _stub(row: Row, edge: float) -> list[Word]:
    return [w for r in row.runs if not r.figure and r.box.x0 < edge for w in r.words]


def _is_full(words: Sequence[Word], following: Sequence[Word], right: float) -> bool:
    """Whether the first word of the next line would not have had room at the end of this one."""
    return words[-1].box.x1 + 0.3 * words[-1].size + following[0].box.width > right + 1


def _runs_on(group: list[Row], row: Row, rows: Sequence[Row], k: int, edge: float, right: float) -> bool:
    """Whether a line goes on with the words of the row before: no figures of its own, close below."""
    last = group[-1]
    mine = _stub(row, edge)
    theirs = [w for r in group for w in _stub(r, edge)]
    if last.line.box.y1 - row.line.box.y0 > 0.25 * row.line.box.height and not (
        _stub(last, edge) and _stub(row, edge)
    ):
        return True  # figures set at half the height of two lines of words
    if row.figures or len(mine) != len(row.line.words) or not theirs or not mine:
        return False
    if row.line.box.y0 - last.line.box.y1 > 0.5 * mine[0].size or mine[0].bold != theirs[-1].bold:
        return False
    if not any(r.figures for r in group):
        return False
    return mine[0].text[:1].islower() or (
        _is_full(theirs, mine, right) and mine[0].box.x0 >= theirs[0].box.x0
    )


def _runs_into(row: Row, below: Row, edge: float, right: float) -> bool:
    """Whether a line of words goes on in the line below, which has the figures."""
    mine, theirs = _stub(row, edge), _stub(below, edge)
    if row.figures or not mine or len(mine) != len(row.line.words) or not below.figures or not theirs:
        return False
    if below.line.box.y0 - row.line.box.y1 > 0.5 * mine[0].size or mine[0].bold != theirs[0].bold:
        return False
    if mine[-1].text.endswith(":"):
        return False
    return theirs[0].text[:1].islower() or (
        _is_full(mine, theirs, right) and theirs[0].box.x0 >= mine[0].box.x0
    )

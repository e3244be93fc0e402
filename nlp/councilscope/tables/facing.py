"""Labels and values that face each other in two columns, with nothing drawn around them or only the labels' ground."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from councilscope.geometry import Box, enclose
from councilscope.lexicon import fold, header_role, is_section_phrase
from councilscope.page import Colour, Line, Page, Picture, Shape, Word
from councilscope.tables.cells import Cell, Table
from councilscope.text import lines_of
from councilscope.values import looks_like_period

EVEN = 3.0  # points: columns begin within so much
# What a table about a measure says; who leads it or its service stands in a report's title matter as well.
MEASURED = frozenset(
    "ref indicator action risk target due rag direction polarity current ytd previous last_year same_last_year".split()
)
OPENERS = ("ref", "indicator", "action", "risk")


@dataclass
class _Row:
    label: list[Line]
    values: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(w.text for ln in self.label for w in ln.words)

    @property
    def top(self) -> float:
        return min(ln.box.y0 for ln in (*self.label, *self.values))

    @property
    def foot(self) -> float:
        return max(ln.box.y1 for ln in (*self.label, *self.values))


def find_facing(
    page: Page, tables: Sequence[Table], words: Sequence[Word], shapes: Sequence[Shape]
) -> tuple[list[Table], list[Word]]:
    """Tables of labels and values, one for each time that the first label comes again, and the words that are left.

    `tables` may hold the grounds of single labels or values: their words count as words of the lines, and what was
    drawn around them is dropped. A page has such tables where three labels that only a measure has and their
    values keep to two columns; what stands in the same columns above or below is taken for their continuation.
    """
    grounds = [t for t in tables if _is_ground(t)]
    pool = [*words, *(w for t in grounds for c in t.cells for w in c.words)]
    lines = [ln for ln in lines_of(pool) if ln.words[0].angle == 0]
    columns = _columns(lines)
    if columns is None:
        return list(tables), list(words)
    groups = _split(_rows(lines, *columns))
    if not any(_is_measured(g) for g in groups):
        return list(tables), list(words)
    found = [_table(page, g, *columns, grounds, shapes) for g in groups if _is_measured(g) or _is_rest(g)]
    held = {id(w) for t in found for c in t.cells for w in c.words}
    gone = {id(t) for t in grounds if any(id(w) in held for c in t.cells for w in c.words)}
    rest = [w for t in grounds if id(t) in gone for c in t.cells for w in c.words]
    return (
        [*(t for t in tables if id(t) not in gone), *found],
        [w for w in (*words, *rest) if id(w) not in held],
    )


def with_open_cells(tables: Sequence[Table], words: Sequence[Word]) -> tuple[list[Table], list[Word]]:
    """Tables with the words that stand inside their frame in no cell, as where the first row has no rule above it.

    The words go to the place of the grid where they stand; only where the row has a label in another cell.
    """
    out: list[Table] = []
    held: set[int] = set()
    for t in tables:
        inside = [w for w in words if id(w) not in held and t.box.contains(w.box, 1.0)] if t.xs else []
        at: dict[tuple[int, int], list[Word]] = {}
        for w in inside:
            r = sum(1 for y in t.ys[1:-1] if w.box.cy >= y)
            at.setdefault((r, sum(1 for x in t.xs[1:-1] if w.box.cx >= x)), []).append(w)
        more = [c for (r, k), ws in at.items() if (c := _open_cell(t, r, k, ws)) is not None]
        held |= {id(w) for c in more for w in c.words}
        places = {(c.row0, c.col0) for c in more}
        kept = [c for c in t.cells if (c.row0, c.col0) not in places]
        cells = sorted([*kept, *more], key=lambda c: (c.row0, c.col0))
        out.append(replace(t, cells=tuple(cells)) if more else t)
    return out, [w for w in words if id(w) not in held]


def _open_cell(t: Table, r: int, k: int, words: Sequence[Word]) -> Cell | None:
    row = t.row(r)
    if any(c.words for c in row if c.col0 <= k < c.col1) or not any(c.words for c in row):
        return None
    old = next((c for c in row if (c.row0, c.row1, c.col0, c.col1) == (r, r + 1, k, k + 1)), None)
    box = Box(t.box.page, t.xs[k], t.ys[r], t.xs[k + 1], t.ys[r + 1])
    if old is not None:
        return replace(old, words=tuple(words))
    return Cell(r, r + 1, k, k + 1, box, tuple(words))


def _is_ground(table: Table) -> bool:
    """Whether a grid is the ground of one text or of texts below each other, none longer than two lines."""
    filled = [c for c in table.cells if c.words]
    return bool(filled) and table.n_cols == 1 and all(len(lines_of(c.words)) <= 2 for c in filled)


def _label(text: str) -> str | None:
    """What a label is known to stand for: a role, "section" or "period"; None where no list knows it."""
    bare = text.rstrip(": ")
    role = header_role(bare)
    if role and role[1] >= 0.99:
        return role[0]
    if looks_like_period(bare) and len(bare.split()) <= 6:
        return "period"
    return "section" if is_section_phrase(bare) else None


def _halves(line: Line) -> tuple[list[Word], list[Word]]:
    """The words of a line before its first wide gap, and those after it."""
    for k, (a, b) in enumerate(pairwise(line.words), start=1):
        if b.box.x0 - a.box.x1 > 0.9 * a.size:
            return list(line.words[:k]), list(line.words[k:])
    return list(line.words), []


def _columns(lines: Sequence[Line]) -> tuple[float, float] | None:
    """Where labels and where values begin, by the known labels that have a value beside them."""
    starts: Counter[tuple[int, int]] = Counter()
    beyond: Counter[tuple[int, int]] = Counter()  # values that more text follows: the page has columns
    ends: dict[tuple[int, int], tuple[float, float]] = {}
    for ln in lines:
        label, value = _halves(ln)
        if value and len(label) <= 6 and _label(" ".join(w.text for w in label)):
            key = (round(label[0].box.x0 / EVEN), round(value[0].box.x0 / EVEN))
            starts[key] += 1
            beyond[key] += any(b.box.x0 - a.box.x1 > 1.5 * a.size for a, b in pairwise(value))
            ends[key] = (label[0].box.x0, value[0].box.x0)
    if not starts:
        return None
    key, n = starts.most_common(1)[0]
    return ends[key] if n >= 3 and beyond[key] < 0.3 * n else None


def _rows(lines: Sequence[Line], left: float, right: float) -> list[_Row | None]:
    """Labels with their values in reading order; None where other text stands between."""
    out: list[_Row | None] = []
    for k, ln in enumerate(lines):
        label = tuple(w for w in ln.words if w.box.x0 < right - EVEN)
        value = tuple(w for w in ln.words if w.box.x0 >= right - EVEN)
        last = out[-1] if out else None
        near = last is not None and ln.box.y0 - last.foot < 1.6 * ln.words[0].size
        if label and not _begins(label, value, left, right):
            if near and not value and last is not None and _ends_label(last, ln, left):
                last.label.append(ln)
                continue
            out.append(None)
        elif label:
            at = Line(label, enclose(w.box for w in label))
            out.append(_Row([at], [Line(value, enclose(w.box for w in value))] if value else []))
            if last is not None and last.values:
                _hand_over(last, out[-1])
        elif near and last is not None:
            last.values.append(ln)
        elif not _is_early(lines, k, left, right):
            out.append(None)
        elif last is not None:
            last.values.append(ln)
    return out


def _begins(label: Sequence[Word], value: Sequence[Word], left: float, right: float) -> bool:
    """Whether words open a row: at the labels' place, clear of the values, known or set apart from a value."""
    if abs(label[0].box.x0 - left) > EVEN or label[-1].box.x1 > right or len(label) > 9:
        return False
    text = " ".join(w.text for w in label)
    gap = value[0].box.x0 - label[-1].box.x1 if value else 0.0
    if value and gap <= 0.9 * label[0].size:
        return False
    return bool(_label(text)) or (gap > 0.0 and (text.endswith((":", "?")) or all(w.bold for w in label)))


def _ends_label(row: _Row, ln: Line, left: float) -> bool:
    """Whether a line is the second line of a label."""
    first = row.label[-1].words[0]
    return (
        abs(ln.box.x0 - left) <= EVEN
        and ln.words[0].bold == first.bold
        and abs(ln.words[0].size - first.size) < 0.3
        and ln.box.y0 - row.label[-1].box.y1 < 0.5 * first.size
    )


def _is_early(lines: Sequence[Line], k: int, left: float, right: float) -> bool:
    """Whether a value's line stands a little above its label, as where both are set to the middle of their row."""
    after = lines[k + 1] if k + 1 < len(lines) else None
    return (
        after is not None
        and after.box.y0 - lines[k].box.y1 < 0.5 * after.words[0].size
        and abs(after.box.x0 - left) <= EVEN
    )


def _hand_over(last: _Row, row: _Row | None) -> None:
    """Lines that stand nearer to the value of the next label than to their own go to that."""
    if row is None or not row.values or len(last.values) < 2:
        return
    first = row.values[0]
    moved: list[Line] = []
    while len(last.values) > 1:
        line, before = last.values[-1], last.values[-2]
        below = (moved[0] if moved else first).box.y0 - line.box.y1
        if below < 0.5 * line.words[0].size and below + 1 < line.box.y0 - before.box.y1:
            moved.insert(0, last.values.pop())
        elif moved and below < 0.5 * line.words[0].size:
            moved.insert(0, last.values.pop())
        else:
            break
    row.values = [*moved, *row.values]


def _split(rows: Sequence[_Row | None]) -> list[list[_Row]]:
    """Rows in groups, one for each measure.

    A new group begins after other text, at the label of a ref or title after a wider gap, and, where a label comes
    again, at the widest gap since it came first.
    """
    gaps = sorted(b.top - a.foot for a, b in pairwise(rows) if a is not None and b is not None)
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    out: list[list[_Row]] = []
    opens = True
    for row in rows:
        if row is None:
            opens = True
            continue
        if opens:
            out.append([])
        now = out[-1]
        now.append(row)
        opens = False
        if len(now) < 2:
            continue
        wide = row.top - now[-2].foot > usual + 0.4 * row.label[0].words[0].size
        seen = next((k for k, r in enumerate(now[:-1]) if fold(r.text) == fold(row.text)), None)
        if wide and _label(row.text) in OPENERS:
            out.append([now.pop()])
        elif seen is not None:
            at = max(range(seen + 1, len(now)), key=lambda k: (round(now[k].top - now[k - 1].foot), k))
            out.append(now[at:])
            del now[at:]
    return out


def _is_measured(rows: Sequence[_Row]) -> bool:
    said = [_label(r.text) for r in rows]
    return len(rows) >= 4 and len({s for s in said if s in MEASURED}) + ("period" in said) >= 3


def _is_rest(rows: Sequence[_Row]) -> bool:
    """Whether rows can be the rest or the beginning of a group that a page break cut."""
    return all(_label(r.text) for r in rows) and any(r.values for r in rows)


def _table(
    page: Page,
    rows: Sequence[_Row],
    left: float,
    right: float,
    grounds: Sequence[Table],
    shapes: Sequence[Shape],
) -> Table:
    edge = max([ln.box.x1 for r in rows for ln in r.values] + [right + 40.0]) + 2
    half = 0.25 * rows[0].label[0].words[0].size
    bounds = [rows[0].top - half]
    for a, b in pairwise(rows):
        bounds.append(max(bounds[-1] + 1, (a.foot + b.top) / 2 if b.top - a.foot < 40 else a.foot + half))
    bounds.append(rows[-1].foot + 2 * half)
    cells: list[Cell] = []
    reach = page.width
    for k, (row, (y0, y1)) in enumerate(zip(rows, pairwise(bounds), strict=True)):
        box = Box(page.number, left - 2, y0, right - 2, y1)
        cells.append(
            Cell(k, k + 1, 0, 1, box, tuple(w for ln in row.label for w in ln.words), _ground(page, box))
        )
        wide = Box(page.number, right - 2, y0, reach, y1)
        box = Box(page.number, right - 2, y0, edge, y1)
        inside: tuple[Shape, ...] = tuple(s for s in _signs(grounds, shapes) if _holds(wide, s.box))
        pictures: tuple[Picture, ...] = tuple(p for p in page.pictures if _holds(wide, p.box))
        words = tuple(w for ln in row.values for w in ln.words)
        cells.append(Cell(k, k + 1, 1, 2, box, words, _ground(page, box), inside, pictures))
    frame = Box(page.number, left - 2, bounds[0], edge, bounds[-1])
    return Table(frame, tuple(cells), len(rows), 2, (left - 2, right - 2, edge), tuple(bounds))


def _signs(grounds: Sequence[Table], shapes: Sequence[Shape]) -> list[Shape]:
    return [*shapes, *(s for t in grounds for c in t.cells for s in c.shapes)]


def _holds(box: Box, sign: Box) -> bool:
    return sign.height < 2.5 * box.height and box.contains_point(sign.cx, sign.cy)


def _ground(page: Page, box: Box) -> Colour | None:
    """The colour painted behind a cell: of the last ground that is about as high as the cell."""
    found = None
    for f in page.fills:
        if (
            f.box.contains_point(f.box.cx, box.cy)
            and f.box.x0 >= box.x0 - 6
            and f.box.x0 < box.x1
            and 4 < f.box.height < 2.5 * box.height
            and f.box.width > 12
        ):
            found = f.colour
    return None if found is None or min(found) > 0.97 else found

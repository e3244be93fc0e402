"""Cells that hold a list of labels with their values beside them: the list becomes rows of the table around it.

A form's wide cell may hold a chart, a small table and such a list side by side ("Status ●", "Short trend ▲", "Managed
by   Morag Teal"); no line is drawn between labels and values, they begin at two left edges. A value may be a sign alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from councilscope.geometry import Box, cluster_items, enclose
from councilscope.lexicon import is_known_label
from councilscope.page import Picture, Shape, Word
from councilscope.tables.cells import Cell, Table
from councilscope.text import lines_of

LABELS = 3  # a list has at least so many
FEW = (2 * LABELS, 120)  # words of a cell that may hold one
EDGE = 3.0  # points: what begins no further apart begins at one edge
LONGEST = 5  # words of a label


@dataclass(slots=True)
class _Entry:
    """A label, its value's words and signs, and the height they share."""

    label: list[Word]
    words: list[Word]
    shapes: list[Shape]
    pictures: list[Picture]

    @property
    def value(self) -> list[Box]:
        return [w.box for w in self.words] + [s.box for s in self.shapes] + [p.box for p in self.pictures]

    @property
    def box(self) -> Box:
        return enclose([*(w.box for w in self.label), *self.value])


def with_nested(table: Table) -> Table:
    """The table, with each list of labels that one of its cells holds as rows below what else is in that cell."""
    for cell in sorted(table.cells, key=lambda c: -c.row0):
        if _may_hold(table, cell) and (entries := _entries(cell)):
            table = _opened(table, cell, entries)
    return table


def _may_hold(table: Table, cell: Cell) -> bool:
    """Whether a cell is wide, as high as three lines, and has two edges at which several words or signs begin."""
    if len(table.cells) < 2 or not cell.words or not FEW[0] <= len(cell.words) + len(cell.shapes) <= FEW[1]:
        return False
    if cell.box.height < LABELS * cell.words[0].size or cell.box.width < 0.3 * table.box.width:
        return False
    starts = Counter(round(b.x0) for b in (*(w.box for w in cell.words), *_signs(cell)))
    return sum(1 for n in starts.values() if n >= 2) >= 2


def _entries(cell: Cell) -> list[_Entry]:
    """Labels and values of the list that a cell holds, from top to bottom; none where it holds no list."""
    lines = lines_of(cell.words)
    known: list[tuple[list[Word], list[Word]]] = []  # a label and the words of its line from there on
    for line in lines:
        words = list(line.words)
        for k, word in enumerate(words):
            if k and word.box.x0 - words[k - 1].box.x1 < word.size:
                continue
            n = next((n for n in range(min(LONGEST, len(words) - k), 0, -1) if _names(words[k : k + n])), 0)
            if n:
                known.append((words[k : k + n], words[k + n :]))
    for column in cluster_items(known, lambda e: e[0][0].box.x0, EDGE):
        if len(column) < LABELS:
            continue
        edge = _value_edge(column, cell)
        if edge is not None:
            found = _list_at(min(e[0][0].box.x0 for e in column), edge, cell)
            if len(found) >= LABELS and sum(1 for e in found if _names(e.label)) >= 0.6 * len(found):
                return found
    return []


def _signs(cell: Cell) -> list[Box]:
    return [s.box for s in cell.shapes] + [p.box for p in cell.pictures]


def _names(words: Sequence[Word]) -> bool:
    return is_known_label(" ".join(w.text for w in words))


def _value_edge(column: Sequence[tuple[list[Word], list[Word]]], cell: Cell) -> float | None:
    """Where the values of most labels begin, with white space before them; None where they begin anywhere."""
    starts: list[float] = []
    right = max(label[-1].box.x1 for label, _ in column)
    for label, rest in column:
        level = label[0].box
        begins = [w.box.x0 for w in rest[:1]]
        signs = [b for b in _signs(cell) if level.y0 - 2 <= b.cy <= level.y1 + 2]
        begins += [b.x0 for b in signs if b.x0 > label[-1].box.x1]
        if begins and min(begins) > label[-1].box.x1 + 0.4 * label[0].size:
            starts.append(min(begins))
    best = max(cluster_items(starts, lambda x: x, EDGE), key=len, default=[])
    if len(best) < LABELS or len(best) < 0.6 * len(column) or min(best) < right:
        return None
    return min(best)


def _list_at(left: float, edge: float, cell: Cell) -> list[_Entry]:
    """Entries whose labels begin at `left` and whose values begin at `edge`; a line of its value alone goes on with it."""
    end = cell.box.x1
    out: list[_Entry] = []
    for line in lines_of([w for w in cell.words if left - 1 <= w.box.x0 < end]):
        label = [w for w in line.words if w.box.x0 < edge - 1]
        value = [w for w in line.words if w.box.x0 >= edge - 1]
        size = line.words[0].size
        if label and abs(label[0].box.x0 - left) <= EDGE and len(label) <= LONGEST + 1:
            if out and line.box.y0 - out[-1].box.y1 > 2.5 * size and len(out) >= LABELS:
                break
            out.append(_Entry(label, value, [], []))
        elif not label and out and line.box.y0 - out[-1].box.y1 < 0.6 * size:
            out[-1].words += value
        elif len(out) >= LABELS:
            break
        else:
            out = []
    for e in out:
        y0, y1 = e.label[0].box.y0, max(w.box.y1 for w in (*e.label, *e.words))
        e.shapes = [s for s in cell.shapes if s.box.x0 >= edge - EDGE and y0 - 2 <= s.box.cy <= y1 + 2]
        e.pictures = [p for p in cell.pictures if p.box.x0 >= edge - EDGE and y0 - 2 <= p.box.cy <= y1 + 2]
    return out


def _opened(table: Table, cell: Cell, entries: Sequence[_Entry]) -> Table:
    """The table with the entries as rows of two cells below the row where `cell` begins, and the cell without them."""
    n = len(entries)
    at, widen = cell.row0 + 1, cell.col1 - cell.col0 == 1

    def moved(c: Cell) -> Cell:
        down = n if c.row0 >= at else 0
        grown = down or (n if c.row1 > at else 0)
        aside = int(widen and c.col0 > cell.col0)
        wider = int(widen and c.col1 > cell.col0)
        return replace(c, row0=c.row0 + down, row1=c.row1 + grown, col0=c.col0 + aside, col1=c.col1 + wider)

    gone = {id(x) for e in entries for x in (*e.label, *e.words, *e.shapes, *e.pictures)}
    rest = replace(
        cell,
        row1=at,
        col1=cell.col1 + int(widen),
        words=tuple(w for w in cell.words if id(w) not in gone),
        shapes=tuple(s for s in cell.shapes if id(s) not in gone),
        pictures=tuple(p for p in cell.pictures if id(p) not in gone),
    )
    cells = [moved(c) for c in table.cells if c is not cell] + [rest]
    for k, e in enumerate(entries):
        row, middle, end = at + k, cell.col0 + 1, cell.col1 + int(widen)
        box = enclose(e.value) if e.value else e.box
        cells.append(Cell(row, row + 1, cell.col0, middle, enclose(w.box for w in e.label), tuple(e.label)))
        cells.append(
            Cell(row, row + 1, middle, end, box, tuple(e.words), None, tuple(e.shapes), tuple(e.pictures))
        )
    cells.sort(key=lambda c: (c.row0, c.col0))
    return replace(
        table, cells=tuple(cells), n_rows=table.n_rows + n, n_cols=table.n_cols + int(widen), xs=(), ys=()
    )

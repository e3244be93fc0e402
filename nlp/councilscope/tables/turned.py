"""A first column of words on their side: one cell for all the rows that a turned text stands beside.

Scorecards print the service so, once for its measures, often without a line that would show where its cell ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from councilscope.geometry import Box, enclose
from councilscope.page import Word
from councilscope.tables.cells import Cell, Table
from councilscope.tables.edges import Edge

CLOSE = 9.0  # points: a text set to the top or foot of its cell stands no further from its edge


@dataclass
class _Text:
    """A turned text of one or more lines."""

    words: list[Word]
    box: Box


def with_turned(table: Table, turned: Sequence[Word], level: Sequence[Edge]) -> Table:
    """The table with its turned texts in merged cells of the first column, where that holds nothing else.

    `turned` are the page's words on their side, `level` its level edges.
    """
    heads = max((c.row1 for c in table.cells if c.col0 >= 1 and any(w.angle for w in c.words)), default=1)
    tops = {c.row0: c.box.y0 for c in table.cells if c.col0 >= 1 and c.row0 >= heads}
    first = [c for c in table.cells if c.col0 == 0 and c.col1 == 1 and c.row0 >= heads]
    right = min((c.box.x0 for c in table.cells if c.col0 == 1), default=0.0)
    if table.n_cols < 4 or len(tops) < 2 or any(w.angle == 0 for c in first for w in c.words):
        return table
    if any(c.row1 - c.row0 > 1 and c.words for c in first):
        return table  # what is drawn tells already which rows they stand beside
    body, foot = min(tops.values()), table.box.y1
    elsewhere = {id(w) for c in table.cells if c not in first for w in c.words}
    mine = [
        w
        for w in turned
        if table.box.x0 - 2 <= w.box.cx < right
        and w.box.y0 < foot
        and w.box.y1 > body
        and id(w) not in elsewhere
    ]
    if any(id(w) not in {id(m) for m in mine} for c in first for w in c.words):
        return table
    texts = _texts(mine)
    whole = [{id(w) for w in c.words} for c in first if c.words]
    if all(any({id(w) for w in t.words} == held for held in whole) for t in texts):
        return table
    rows = sorted(tops)
    starts = _starts(texts, [tops[r] for r in rows], foot, right, level)
    if not texts or starts is None:
        return table
    banners = [c.row0 for c in table.cells if c.col0 == 0 and c.col1 > 1]
    cells = [c for c in table.cells if c not in first]
    for text, a, b in zip(texts, starts, [*starts[1:], len(rows)], strict=True):
        r0, r1 = rows[a], rows[b] if b < len(rows) else table.n_rows
        if any(r0 <= r < r1 for r in banners):
            return table
        box = Box(table.box.page, table.box.x0, tops[r0], right, tops.get(r1, foot))
        cells.append(Cell(r0, r1, 0, 1, box, tuple(text.words)))
    return replace(table, cells=tuple(sorted(cells, key=lambda c: (c.row0, c.col0))))


def _texts(words: Sequence[Word]) -> list[_Text]:
    """Turned words by text, from top to bottom: those that overlap in height, or stand no further apart than words."""
    out: list[_Text] = []
    for w in sorted(words, key=lambda w: w.box.y0):
        if out and w.box.y0 - out[-1].box.y1 < 0.6 * w.size:
            out[-1].words.append(w)
            out[-1].box = enclose([out[-1].box, w.box])
        else:
            out.append(_Text([w], w.box))
    return out


def _starts(
    texts: Sequence[_Text], tops: Sequence[float], foot: float, right: float, level: Sequence[Edge]
) -> list[int] | None:
    """For each text the index of its first row; None where two texts stand beside one row.

    Between two texts a row begins at which a rule runs through the first column, else by how the texts are set in
    their cells: to the top, to the foot, or to the middle.
    """
    if not texts:
        return None
    upper, lower = texts[0].box.y0 - tops[0] < CLOSE, foot - texts[-1].box.y1 < CLOSE
    out = [0]
    for a, b in pairwise(texts):
        between = [k for k, y in enumerate(tops) if a.box.y1 - 4 <= y <= b.box.y0 + 4 and k > out[-1]]
        ruled = [k for k in between if any(abs(e.pos - tops[k]) < 3 and e.lo < right - 8 for e in level)]
        some = ruled or between
        if not some:
            return None
        if upper != lower:
            out.append(max(some) if upper else min(some))
        else:
            middle = (a.box.y1 + b.box.y0) / 2
            out.append(min(some, key=lambda k: abs(tops[k] - middle)))
    return out

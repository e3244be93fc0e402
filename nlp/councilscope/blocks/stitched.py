"""Tables that a page break cut between a row of headings and the values below it, made whole again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from councilscope.layout import Element
from councilscope.lexicon import is_known_label
from councilscope.tables import Cell, Table

EVEN = 3.0  # points: edges within so much of each other are one


def stitch(elements: Sequence[Element]) -> list[Element]:
    """The stream with each table that ends in a row of labels joined to the table that begins the next page."""
    out: list[Element] = []
    for e in elements:
        last = out[-1] if out else None
        if (
            last is not None
            and last.table is not None
            and e.table is not None
            and e.page == last.page + 1
            and _is_cut(last.table)
            and not _labels(e.table, 0)
            and abs(last.table.box.x0 - e.table.box.x0) <= EVEN
            and abs(last.table.box.x1 - e.table.box.x1) <= EVEN
        ):
            out[-1] = replace(last, table=_joined(last.table, e.table))
            continue
        out.append(e)
    return out


def _labels(table: Table, r: int) -> bool:
    """Whether a row holds two labels or more and nothing else."""
    texts = [c.text for c in table.row(r) if c.words]
    return len(texts) >= 2 and all(map(is_known_label, texts))


def _is_cut(table: Table) -> bool:
    """Whether the last row is labels, under a title or values: a list's heading row on its own is the list's concern."""
    return table.n_rows >= 2 and _labels(table, table.n_rows - 1)


def _joined(upper: Table, lower: Table) -> Table:
    """One table of both, on the edges of both."""
    xs: list[float] = []
    for x in sorted((*_edges(upper), *_edges(lower))):
        if not xs or x - xs[-1] > EVEN:
            xs.append(x)

    def moved(c: Cell, down: int) -> Cell:
        a, b = (min(range(len(xs)), key=lambda k: abs(xs[k] - x)) for x in (c.box.x0, c.box.x1))
        return replace(c, row0=c.row0 + down, row1=c.row1 + down, col0=a, col1=max(b, a + 1))

    cells = [moved(c, 0) for c in upper.cells] + [moved(c, upper.n_rows) for c in lower.cells]
    return Table(upper.box, tuple(cells), upper.n_rows + lower.n_rows, len(xs) - 1)


def _edges(table: Table) -> list[float]:
    return [x for c in table.cells for x in (c.box.x0, c.box.x1)]

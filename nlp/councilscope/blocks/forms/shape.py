"""How labels and values stand to each other: beside, below, in rows of labels alone."""

from __future__ import annotations

from itertools import pairwise

from councilscope.blocks.columns import is_figure_text
from councilscope.blocks.forms.fields import FIELDS
from councilscope.lexicon import header_role, is_known_label, section_of
from councilscope.status import word_rag
from councilscope.tables import Cell, Table
from councilscope.values import looks_like_period


def is_facing(table: Table) -> bool:
    """Whether rows are labels with their values at their right, once or twice a row, so that no row is a heading."""
    if table.n_cols not in (2, 4) or table.n_rows < 3:
        return False
    banded = any(c.words and c.col1 - c.col0 == table.n_cols for c in table.row(0))  # the title of a form
    rows = [[c for c in table.row(r) if c.col1 - c.col0 == 1] for r in range(banded, table.n_rows)]
    pairs = [(r[k], r[k + 1]) for r in rows if len(r) == table.n_cols for k in range(0, table.n_cols, 2)]
    named = sum(1 for a, b in pairs if _is_known(a.text) and not (b.words and _is_known(b.text)))
    return named >= max(3, 0.7 * len(rows) * table.n_cols / 2)


def rows_of_labels(table: Table, first: int) -> int:
    """How many rows from `first` on hold two labels or more and nothing else, or one period over one figure."""
    rows = [[c.text for c in table.row(r) if c.words] for r in range(first, table.n_rows)]
    several = sum(1 for texts in rows if len(texts) >= 2 and all(map(_is_known, texts)))
    single = sum(
        1
        for over, under in pairwise(rows)
        if len(over) == len(under) == 1 and looks_like_period(over[0]) and is_figure_text(under[0])
    )
    return several + single


def _is_known(text: str) -> bool:
    """Whether a text is, as a whole, a label that the lists know, or a period."""
    return is_known_label(text) or looks_like_period(text.rstrip(": "))


def value_cell(table: Table, cells: list[Cell], i: int) -> int | None:
    """Index of the cell that holds a label's value: the next to the right in its row, else the one below."""
    c = cells[i]
    right = [
        (d.col0, k)
        for k, d in enumerate(cells)
        if d is not c and d.row0 <= c.row0 < d.row1 and d.col0 >= c.col1 and d.col0 - c.col1 <= 1
    ]
    if right:
        k = min(right)[1]
        if _says_something(c, cells[k]):
            text = cells[k].text
            role = header_role(text.rstrip(": "))
            if not (role and role[1] >= 0.99 and role[0] in FIELDS and not word_rag(text)) and not (
                section_of(text)
                and len(text.split()) < 7
                and cells[k].row0 == c.row0
                and role is None
                and text.endswith(":")
            ):
                return k
    if any(
        d.col0 == c.col1
        and d.row0 == c.row0
        and d.row1 == c.row1
        and not (d.words or d.shapes or d.pictures)
        and d.box.width > 1.5 * c.box.width
        for d in table.cells
    ):
        return None  # its value is left empty
    below = [
        (d.row0, k) for k, d in enumerate(cells) if d.row0 == c.row1 and d.col0 <= c.col0 and d.col1 >= c.col1
    ]
    below = below or [(d.row0, k) for k, d in enumerate(cells) if d.row0 == c.row1 and d.col0 == c.col0]
    if below:
        k = min(below)[1]
        role = header_role(cells[k].text.rstrip(": "))
        if _says_something(c, cells[k]) and not (
            role and role[1] >= 0.99 and role[0] in FIELDS and cells[k].text.endswith(":")
        ):
            return k
    return None


def _says_something(label: Cell, value: Cell) -> bool:
    return bool(value.words or value.shapes or value.pictures) or _is_painted_status(label, value)


def _is_painted_status(label: Cell, value: Cell) -> bool:
    """Whether a cell without words shows by its ground alone the status that the label speaks of."""
    role = header_role(label.text.rstrip(": "))
    return role is not None and role[0] == "rag" and value.fill is not None and value.fill != label.fill

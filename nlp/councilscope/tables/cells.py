"""What a table is made of: cells that know the rows and columns they cover."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from councilscope.geometry import Box
from councilscope.page import Colour, Picture, Shape, Word
from councilscope.text import plain


@dataclass(frozen=True)
class Cell:
    """A cell with the rows and columns it covers (end exclusive), its words in drawing order and its icons."""

    row0: int
    row1: int
    col0: int
    col1: int
    box: Box
    words: tuple[Word, ...] = ()
    fill: Colour | None = None
    shapes: tuple[Shape, ...] = ()
    pictures: tuple[Picture, ...] = ()

    @cached_property
    def text(self) -> str:
        return plain(self.words)


@dataclass(frozen=True)
class Table:
    """Cells in row order, with the number of rows and columns of the grid they lie on."""

    box: Box
    cells: tuple[Cell, ...]
    n_rows: int
    n_cols: int
    xs: tuple[float, ...] = field(default=(), repr=False)
    ys: tuple[float, ...] = field(default=(), repr=False)

    @property
    def is_box(self) -> bool:
        """Whether it is no table but a box or a stack of boxes: one column, or words in one cell only."""
        return self.n_cols == 1 or sum(1 for c in self.cells if c.words) == 1

    def row(self, r: int) -> list[Cell]:
        """Cells that cover row r, from left to right."""
        return list(self._by_row.get(r, ()))

    def rows_between(self, start: int, end: int) -> list[Cell]:
        """Cells that cover a row from `start` to before `end`, in the order of `cells`."""
        at = {i for r in range(start, end) for i in self._places.get(r, ())}
        return [self.cells[i] for i in sorted(at)]

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        """Row to the indexes of the cells that cover it."""
        rows: dict[int, list[int]] = {}
        for i, c in enumerate(self.cells):
            for r in range(c.row0, c.row1):
                rows.setdefault(r, []).append(i)
        return rows

    @cached_property
    def _by_row(self) -> dict[int, list[Cell]]:
        rows: dict[int, list[Cell]] = {}
        for c in sorted(self.cells, key=lambda c: c.col0):
            for r in range(c.row0, c.row1):
                rows.setdefault(r, []).append(c)
        return rows


@dataclass(slots=True)
class PageTables:
    """Tables of a page, the words that no table holds, and shapes and pictures that no cell holds."""

    tables: list[Table]
    words: list[Word]
    shapes: list[Shape]
    pictures: list[Picture]

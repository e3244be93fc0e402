"""A document before printing: paragraphs, tables, pictures, cards and slides, which every producer can write.

Lengths are in millimetres, sizes of type in points, colours "#rrggbb".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Run:
    """Characters of one look; `font` names a symbol font."""

    text: str
    bold: bool = False
    italic: bool = False
    colour: str | None = None
    font: str | None = None
    scale: float = 1.0


@dataclass(frozen=True)
class Icon:
    """A drawn sign: see `drawings.SHAPES`; a picture of pixels where `pixels`, else lines and fills."""

    shape: str
    colour: str
    size: float = 4.0
    pixels: bool = False


Inline = Run | Icon


@dataclass(frozen=True)
class Para:
    """A paragraph; level 1 to 3 is a heading, 0 body text; `scale` is against the document's size."""

    inlines: tuple[Inline, ...]
    level: int = 0
    bullet: bool = False
    centre: bool = False
    colour: str | None = None
    scale: float = 1.0

    @property
    def text(self) -> str:
        return "".join(i.text for i in self.inlines if isinstance(i, Run))


def para(text: str, **look: object) -> Para:
    return replace(Para((Run(text),)), **look)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Cell:
    paras: tuple[Para, ...] = ()
    fill: str | None = None
    span: int = 1
    down: int = 1
    turned: bool = False
    centre: bool = False
    bold: bool = False
    colour: str | None = None

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.paras)


def cell(text: str = "", **look: object) -> Cell:
    paras = tuple(para(line) for line in text.split("\n")) if text else ()
    return replace(Cell(paras), **look)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Table:
    """Rows of cells (a covered place has no cell); `head` rows come again on each page.

    `widths` are shares of the width; `rules` is "all", "rows", "head" or "none"; `whole` rows are not broken.
    `repeat` counts the columns that come again where a sheet goes on beside itself.
    """

    widths: tuple[float, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: int = 0
    rules: str = "all"
    whole: bool = False
    repeat: int = 0
    scale: float = 1.0


@dataclass(frozen=True)
class Picture:
    """A drawing (SVG text), `pixels` as in Icon."""

    svg: str
    width: float
    height: float
    pixels: bool = False


@dataclass(frozen=True)
class Cards:
    """Boxes side by side, `across` in a row."""

    boxes: tuple[tuple[Block, ...], ...]
    across: int
    line: str = "#888888"
    fill: str | None = None


@dataclass(frozen=True)
class Break:
    """A new page (in a workbook, a new sheet)."""


Block = Para | Table | Picture | Cards | Break


@dataclass(frozen=True)
class Frame:
    """A box on a slide."""

    x: float
    y: float
    width: float
    height: float
    content: tuple[Block, ...] = ()
    fill: str | None = None
    line: str | None = None
    icon: Icon | None = None


@dataclass(frozen=True)
class Slide:
    frames: tuple[Frame, ...]


@dataclass(frozen=True)
class Document:
    """Either a flow of blocks or slides (frames in drawing order)."""

    width: float
    height: float
    margin: float
    font: str
    size: float
    accent: str
    header: str = ""
    footer: str = ""
    flow: tuple[Block, ...] = ()
    slides: tuple[Slide, ...] = ()
    wide: float = 0.0  # a sheet wider than its page, in millimetres
    meta: dict[str, str] = field(default_factory=dict)


HEADING_SCALE = {0: 1.0, 1: 1.9, 2: 1.4, 3: 1.15}


def places(table: Table) -> Iterator[list[tuple[Cell | None, int]]]:
    """Each row as (cell, column) for every column; None where a cell from above or from the left covers it."""
    held: dict[int, int] = {}
    for row in table.rows:
        cells, column = iter(row), 0
        line: list[tuple[Cell | None, int]] = []
        while column < len(table.widths):
            if held.get(column, 0):
                held[column] -= 1
                line.append((None, column))
                column += 1
                continue
            one = next(cells, None) or Cell()
            line.append((one, column))
            for k in range(one.span):
                if k:
                    line.append((None, column + k))
                if one.down > 1:
                    held[column + k] = one.down - 1
            column += one.span
        yield line

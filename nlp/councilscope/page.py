"""What one page holds: words, lines drawn, filled areas, shapes and pictures; and what the layout makes of it.

All records are frozen and cheap; colours are RGB triples from 0 to 1; sizes are points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import field

from councilscope.geometry import Box, record

Colour = tuple[float, float, float]


@record
class Word:
    """A run of characters without white space. `angle` is the writing direction in degrees (0, 90, 180, 270)."""

    text: str
    box: Box
    size: float = 10.0
    font: str = ""
    bold: bool = False
    italic: bool = False
    colour: Colour = (0.0, 0.0, 0.0)
    angle: int = 0
    space_before: bool = True  # False where the word touches the one before it on its line


@record
class Rule:
    """A straight line, horizontal or vertical; also the edge of a box that was drawn."""

    box: Box
    horizontal: bool
    colour: Colour = (0.0, 0.0, 0.0)


@record
class Fill:
    """A filled rectangle; `rounded` where it is a larger path of another form (a card with round corners)."""

    box: Box
    colour: Colour
    rounded: bool = False


@record
class Shape:
    """A small filled path that is no rectangle: dot, star, diamond, triangle, arrow, tick, cross.

    `points` are the corners of the path in order, in points.
    """

    box: Box
    colour: Colour
    points: tuple[tuple[float, float], ...] = ()
    curved: bool = False
    stroked: bool = False  # only its outline is drawn


@record
class Picture:
    """A raster image; `colour` is the mean of its coloured pixels where it is small enough to be an icon.

    `turn` says where an arrow points that it shows: `up`, `down` or `level`.
    """

    box: Box
    colour: Colour | None = None
    turn: str | None = None


@record
class Page:
    """One page as it was printed, in drawing order."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...] = ()
    rules: tuple[Rule, ...] = ()
    fills: tuple[Fill, ...] = ()
    shapes: tuple[Shape, ...] = ()
    pictures: tuple[Picture, ...] = ()


@record
class Line:
    """Words that stand on one line of one column, from left to right."""

    words: tuple[Word, ...]
    box: Box


@record
class TextMap:
    """Text with its place on the page: word i of `words` begins at character `starts[i]`.

    What lies between two words is white space that was added.
    """

    text: str
    starts: tuple[int, ...] = ()
    words: tuple[Word, ...] = field(default=(), repr=False)

    @property
    def origin(self) -> tuple[int, ...]:
        """For each character the index of its word, or -1 for added white space."""
        out = [-1] * len(self.text)
        for i, (start, word) in enumerate(zip(self.starts, self.words, strict=True)):
            out[start : start + len(word.text)] = [i] * len(word.text)
        return tuple(out)

    def boxes(self, start: int, end: int) -> list[Box]:
        """Boxes of the words that the characters `start` to `end` come from, in order."""
        if end <= start:
            return []
        last = bisect_left(self.starts, end)
        first = max(bisect_right(self.starts, start) - 1, 0)
        return [
            w.box
            for at, w in zip(self.starts[first:last], self.words[first:last], strict=True)
            if at + len(w.text) > start
        ]

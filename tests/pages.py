"""Pages made by hand: sheets on which tests write words, draw tables and signs, and print as real PDFs.

A `Sheet` is written from top to bottom: `say` sets a paragraph at the cursor, `table` a ruled grid. `sheet.page()` is what
the reader would find on it; `print_pdf` prints the same sheets with PyMuPDF, so that both ways can be compared.
Type is Helvetica with its own widths. `**` around words sets them bold, `_` before and after a whole text italic.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from councilscope import pdf
from councilscope.geometry import Box, enclose
from councilscope.page import Colour, Fill, Page, Picture, Rule, Shape, Word
from councilscope.pdf import pymupdf
from councilscope.records import Period

RED: Colour = (0.86, 0.08, 0.1)
AMBER: Colour = (1.0, 0.75, 0.0)
GREEN: Colour = (0.0, 0.62, 0.28)
BLUE: Colour = (0.0, 0.35, 0.8)
PURPLE: Colour = (0.5, 0.15, 0.6)
GREY: Colour = (0.6, 0.6, 0.6)
PALE: Colour = (0.92, 0.94, 0.96)
NAVY: Colour = (0.1, 0.16, 0.36)
WHITE: Colour = (1.0, 1.0, 1.0)
BLACK: Colour = (0.0, 0.0, 0.0)

Point = tuple[float, float]
_FONTS = {False: pymupdf.Font("helv"), True: pymupdf.Font("hebo")}
_NAMES = {(False, False): "helv", (True, False): "hebo", (False, True): "heit", (True, True): "hebi"}
ASCENT, HEIGHT = (
    0.95,
    1.2,
)  # of the type size: from the top of a word's box to the base line, and the box's height


@dataclass(frozen=True)
class C:
    """A cell of a table: its text ("\\n" begins a line), what it covers, its ground, and the signs drawn in its middle."""

    text: str = ""
    rows: int = 1
    cols: int = 1
    fill: Colour | None = None
    colour: Colour = BLACK
    font: str = ""
    signs: tuple[Shape, ...] = ()  # drawn around (0, 0)
    picture: Colour | None = None
    size: float | None = None


class Sheet:
    """One page in the making. Coordinates are points from the top left; `y` is where the next thing goes."""

    def __init__(self, number: int = 1, width: float = 595.0, height: float = 842.0, left: float = 50.0):
        self.number, self.width, self.height, self.left = number, width, height, left
        self.y = 70.0
        self.words: list[Word] = []
        self.rules: list[Rule] = []
        self.fills: list[Fill] = []
        self.shapes: list[Shape] = []
        self.pictures: list[Picture] = []

    def page(self) -> Page:
        return Page(
            self.number,
            self.width,
            self.height,
            tuple(self.words),
            tuple(self.rules),
            tuple(self.fills),
            tuple(self.shapes),
            tuple(self.pictures),
        )

    def line(
        self,
        x: float,
        top: float,
        text: str,
        size: float = 10.0,
        colour: Colour = BLACK,
        font: str = "",
        bold: bool = False,
    ) -> float:
        """Set one line with its top at `top`; returns the right end of its last word."""
        right = x
        for word, heavy in _styled(text, bold):
            slanted = len(word) > 2 and word[0] == word[-1] == "_"
            bare = word.strip("_") if slanted else word
            wide = _FONTS[heavy].text_length(bare, size)
            box = Box(
                self.number, round(x, 2), round(top, 2), round(x + wide, 2), round(top + HEIGHT * size, 2)
            )
            self.words.append(Word(bare, box, size, font, heavy, slanted, colour))
            right = x + wide
            x = right + 0.278 * size
        return right

    def say(
        self,
        text: str,
        size: float = 10.0,
        bold: bool = False,
        x: float | None = None,
        width: float | None = None,
        gap: float | None = None,
        colour: Colour = BLACK,
        hang: float = 0.0,
    ) -> Box:
        """A paragraph at the cursor, wrapped to `width`; `gap` is the white space below it, `hang` indents later lines."""
        x = self.left if x is None else x
        width = self.width - 50.0 - x if width is None else width
        first = len(self.words)
        for k, ln in enumerate(wrap(text, width - hang, size, bold)):
            self.line(x + (hang if k else 0.0), self.y, ln, size, colour, bold=bold)
            self.y += HEIGHT * size
        self.y += 0.9 * size if gap is None else gap
        return enclose(w.box for w in self.words[first:])

    def across(self, x0: float, x1: float, y: float, colour: Colour = BLACK) -> None:
        self.rules.append(Rule(Box(self.number, x0, y, x1, y), True, colour))

    def down(self, x: float, y0: float, y1: float, colour: Colour = BLACK) -> None:
        self.rules.append(Rule(Box(self.number, x, y0, x, y1), False, colour))

    def frame(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.across(x0, x1, y0)
        self.across(x0, x1, y1)
        self.down(x0, y0, y1)
        self.down(x1, y0, y1)

    def paint(self, x0: float, y0: float, x1: float, y1: float, colour: Colour) -> None:
        self.fills.append(Fill(Box(self.number, x0, y0, x1, y1), colour))

    def draw(self, sign: Shape, x: float, y: float) -> None:
        """A sign of `arrow`, `dot` or `star` with its middle at (x, y)."""
        b = sign.box
        box = Box(self.number, b.x0 + x, b.y0 + y, b.x1 + x, b.y1 + y)
        self.shapes.append(replace(sign, box=box, points=tuple((px + x, py + y) for px, py in sign.points)))

    def table(
        self,
        widths: Sequence[float],
        rows: Sequence[Sequence[C | str | None]],
        size: float = 9.0,
        lines: str = "all",
        head: int = 0,
        x: float | None = None,
    ) -> Box:
        """A grid at the cursor. None stands where a merged cell covers; `head` rows are bold.

        `lines`: `all`, `rows` (only rules between rows) or `none`.
        """
        left = self.left if x is None else x
        xs = [left]
        for w in widths:
            xs.append(xs[-1] + w)
        cells = [[_cell(c) for c in row] for row in rows]
        heights = []
        for row in cells:
            tall = [
                len(wrap(c.text, sum(widths[j : j + c.cols]) - 8, c.size or size)) / c.rows
                for j, c in enumerate(row)
                if c
            ]
            heights.append(max(1.0, *tall) * HEIGHT * size + 8)
        ys = [self.y]
        for h in heights:
            ys.append(ys[-1] + h)
        for i, row in enumerate(cells):
            for j, c in enumerate(row):
                if c is not None:
                    self._cell(
                        c, xs[j], ys[i], xs[j + c.cols], ys[i + c.rows], c.size or size, i < head, lines
                    )
        if lines == "rows":
            for y in ys:
                self.across(xs[0], xs[-1], y)
        box = Box(self.number, xs[0], ys[0], xs[-1], ys[-1])
        self.y = ys[-1] + 14
        return box

    def _cell(
        self, c: C, x0: float, y0: float, x1: float, y1: float, size: float, bold: bool, lines: str
    ) -> None:
        if c.fill is not None:
            self.paint(x0, y0, x1, y1, c.fill)
        if lines == "all":
            self.frame(x0, y0, x1, y1)
        top = y0 + 4
        for ln in wrap(c.text, x1 - x0 - 8, size, bold):
            self.line(x0 + 4, top, ln, size, c.colour, c.font, bold)
            top += HEIGHT * size
        for sign in c.signs:
            self.draw(sign, (x0 + x1) / 2, (y0 + y1) / 2)
        if c.picture is not None:
            cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
            self.pictures.append(Picture(Box(self.number, cx - 5, cy - 5, cx + 5, cy + 5), c.picture))


def _cell(c: C | str | None) -> C | None:
    return C(c) if isinstance(c, str) else c


def _styled(text: str, bold: bool) -> Iterator[tuple[str, bool]]:
    for k, part in enumerate(text.split("**")):
        for word in part.split():
            yield word, bold or k % 2 == 1


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Lines no wider than `width` points; `**` marks are carried over line ends."""
    out: list[str] = []
    for hard in text.split("\n"):
        now: list[str] = []
        used, heavy = 0.0, bold
        for word in hard.split():
            bare = word.replace("**", "")
            wide = _FONTS[heavy or word.startswith("**")].text_length(bare, size)
            if now and used + wide > width:
                out.append(" ".join(now))
                now, used = [], 0.0
            now.append(word)
            used += wide + 0.278 * size
            if word.count("**") % 2:
                heavy = not heavy
        out.append(" ".join(now))
    return _closed([ln for ln in out if ln])


def _closed(lines: list[str]) -> list[str]:
    """Lines whose `**` marks are even: what a line leaves open is closed and opened again on the next."""
    out, open_ = [], False
    for ln in lines:
        whole = ("**" if open_ else "") + ln
        open_ = whole.count("**") % 2 == 1
        out.append(whole + ("**" if open_ else ""))
    return out


# --- signs, drawn around (0, 0) -----------------------------------------------------------------------------


def polygon(points: Sequence[Point], colour: Colour, stroked: bool = False, curved: bool = False) -> Shape:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return Shape(Box(1, min(xs), min(ys), max(xs), max(ys)), colour, tuple(points), curved, stroked)


_TURNS = {"up": (1, 0, 0, 1), "down": (1, 0, 0, -1), "right": (0, -1, 1, 0), "left": (0, 1, 1, 0)}


def turned(points: Sequence[Point], turn: str) -> list[Point]:
    """Points of a figure that points up, turned to `up`, `down`, `left` or `right`."""
    a, b, c, d = _TURNS[turn]
    return [(a * x + b * y, c * x + d * y) for x, y in points]


def arrow(turn: str = "up", colour: Colour = GREEN, size: float = 10.0) -> Shape:
    """A filled arrow with a shaft."""
    s = size / 2
    points = [(0, -s), (s, 0), (s / 2, 0), (s / 2, s), (-s / 2, s), (-s / 2, 0), (-s, 0), (0, -s)]
    return polygon(turned(points, turn), colour)


def pen_arrow(turn: str = "up", colour: Colour = BLACK, size: float = 10.0) -> Shape:
    """An arrow drawn with a pen: shaft, then the two sides of the head."""
    s = size / 2
    points = [(0, s), (0, -s), (-s / 2, -s / 2), (0, -s), (s / 2, -s / 2)]
    return polygon(turned(points, turn), colour, stroked=True)


def triangle(turn: str = "up", colour: Colour = GREEN, size: float = 10.0) -> Shape:
    s = size / 2
    return polygon(turned([(0, -s), (s, s), (-s, s), (0, -s)], turn), colour)


def double_arrow(colour: Colour = AMBER) -> Shape:
    points = [
        (-9, 0),
        (-5, -4),
        (-5, -2),
        (5, -2),
        (5, -4),
        (9, 0),
        (5, 4),
        (5, 2),
        (-5, 2),
        (-5, 4),
        (-9, 0),
    ]
    return polygon([(float(x), float(y)) for x, y in points], colour)


def dot(colour: Colour = GREEN, size: float = 9.0) -> Shape:
    s = size / 2
    return polygon([(-s, 0), (0, -s), (s, 0), (0, s), (-s, 0)], colour, curved=True)


def star(colour: Colour = GREEN) -> Shape:
    points = [(0, -6), (1.4, -2), (5.7, -1.9), (2.3, 0.8), (3.5, 4.9), (0, 2.4), (-3.5, 4.9), (-2.3, 0.8), (-5.7, -1.9), (-1.4, -2), (0, -6)]  # fmt: skip
    return polygon(points, colour)


def square(colour: Colour = GREEN, size: float = 9.0) -> Shape:
    s = size / 2
    return polygon([(-s, -s), (s, -s), (s, s), (-s, s), (-s, -s)], colour)


# --- documents ----------------------------------------------------------------------------------------------

QUARTER = Period(financial_year="2021/22", quarter=2)


def opening(number: int = 1, width: float = 595.0, height: float = 842.0) -> Sheet:
    """A sheet that begins as a report does: council, title, quarter."""
    sheet = Sheet(number, width, height)
    sheet.say("Aldermoor Borough Council", 20, bold=True, gap=6)
    sheet.say("Performance report Quarter 2 2021/22", 16, bold=True, gap=18)
    return sheet


def document(*sheets: Sheet, path: str = "report.pdf", title: str | None = None) -> pdf.Document:
    """The sheets as the reader would return them."""
    pages = tuple(s.page() for s in sheets)
    sha = hashlib.sha256(repr(pages).encode()).hexdigest()
    return pdf.Document(path, sha, pages, len(pages), title)


def print_pdf(*sheets: Sheet, **save: object) -> bytes:
    """The sheets printed with PyMuPDF. Pictures are printed as flat colour."""
    doc = pymupdf.open()
    for sheet in sheets:
        page = doc.new_page(width=sheet.width, height=sheet.height)
        for f in sheet.fills:
            b = f.box
            page.draw_rect(pymupdf.Rect(b.x0, b.y0, b.x1, b.y1), color=None, fill=f.colour)
        for r in sheet.rules:
            b = r.box
            page.draw_line((b.x0, b.y0), (b.x1, b.y1), color=r.colour, width=0.5)
        for s in sheet.shapes:
            _draw(page, s)
        for pic in sheet.pictures:
            b = pic.box
            page.insert_image(pymupdf.Rect(b.x0, b.y0, b.x1, b.y1), pixmap=flat(pic.colour or GREY))
        for w in sheet.words:
            base = (w.box.x0, w.box.y0 + ASCENT * w.size)
            page.insert_text(base, w.text, fontsize=w.size, fontname=_NAMES[w.bold, w.italic], color=w.colour)
    data: bytes = doc.tobytes(**save)
    return data


def flat(colour: Colour, side: int = 24) -> pymupdf.Pixmap:
    pix = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, side, side))
    pix.set_rect(pix.irect, tuple(int(c * 255) for c in colour))
    return pix


def _draw(page: pymupdf.Page, s: Shape) -> None:
    if s.curved:
        page.draw_circle((s.box.cx, s.box.cy), s.box.width / 2, color=None, fill=s.colour)
    elif s.stroked:
        page.draw_polyline(list(s.points), color=s.colour, width=1)
    else:
        page.draw_polyline(list(s.points), color=None, fill=s.colour, closePath=True)


def squash(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def scan(data: bytes, dpi: int = 200, turn: float = 0.0) -> bytes:
    """A PDF as a scanner would make it of the printed pages: pictures only, turned by some degrees, with noise."""
    out = pymupdf.open()
    noise = np.random.default_rng(1)
    printed = pymupdf.open(stream=data)
    for page in (printed[n] for n in range(printed.page_count)):
        zoom, x, y = dpi / 72, page.rect.width / 2, page.rect.height / 2
        matrix = pymupdf.Matrix(1, 0, 0, 1, -x, -y) * pymupdf.Matrix(turn) * pymupdf.Matrix(1, 0, 0, 1, x, y)
        pix = page.get_pixmap(matrix=matrix * pymupdf.Matrix(zoom, zoom), alpha=False)
        sheet = pymupdf.Pixmap(
            pymupdf.csRGB, pymupdf.IRect(0, 0, round(2 * x * zoom), round(2 * y * zoom)), False
        )
        sheet.clear_with(255)
        sheet.copy(pix, sheet.irect)
        seen = np.frombuffer(sheet.samples, np.uint8).astype(np.int16)
        seen = (seen * 0.95 + noise.normal(6, 4, seen.size)).clip(0, 255).astype(np.uint8)
        sheet = pymupdf.Pixmap(pymupdf.csRGB, sheet.width, sheet.height, seen.tobytes(), False)
        new = out.new_page(width=page.rect.width, height=page.rect.height)
        new.insert_image(new.rect, stream=sheet.tobytes("jpeg", jpg_quality=75))
    scanned: bytes = out.tobytes()
    return scanned

"""Bytes to pages: words with their style, rules, fills, small shapes and pictures. The only importer of PyMuPDF.

Text and vector rectangles come out of MuPDF in one pass a page; paths are asked for only on pages that hold
something that is no rectangle, and a page is rendered only where small pictures may be status icons.
"""

from __future__ import annotations

import colorsys
import contextlib
import dataclasses
import hashlib
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from councilscope.errors import UnreadableError
from councilscope.geometry import Box, enclose
from councilscope.page import Colour, Fill, Page, Picture, Rule, Shape, Word
from councilscope.records import Warning

# PyMuPDF 2 loads layout models of its own on import; nothing here uses them, and they cost a second.
for _extra in ("pymupdf.layout", "pymupdf4llm"):
    sys.modules.setdefault(_extra, None)  # type: ignore[arg-type]
import pymupdf  # noqa: E402

if hasattr(pymupdf, "no_recommend_layout"):
    pymupdf.no_recommend_layout()
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

FLAGS = (
    pymupdf.TEXT_PRESERVE_WHITESPACE
    | pymupdf.TEXT_MEDIABOX_CLIP
    | pymupdf.TEXT_COLLECT_VECTORS  # ligatures are not preserved: "ﬁ" comes out as "fi"
)
TALL = 1.8  # type sizes: a word's box higher than this is its font's, not its line's
THIN = 3.6  # points: a filled rectangle no thicker than this is a drawn line
ZOOM = 2  # pictures that may be icons are looked at with this many pixels a point
EDGE = 2  # pixels: a rule of the table reaches no further into a picture's box
GRID = 16  # and compared with known forms on a raster of this size
ICON = 60.0  # points: a shape or picture larger than this is no status icon
LONG = 20.0  # points: a longer level line is a rule, no sign for "as before"
PILL = 9.0  # points: a lower path wider than an icon is no ground of words
MITRE = 44.0  # points: MuPDF puts the outline of a box, drawn with a line of two points, no further beyond it
MAX_VECTORS = 20_000  # a page with more is a map or a chart; its paths are not worth the time
NO_TEXT = (
    "its pages hold no text, only pictures (a scan?); read it with --ocr auto, or run it through OCR first, "
    "for example with ocrmypdf, and read the result"
)


Pixel = tuple[int, int, int]


@dataclass(frozen=True)
class Document:
    """A PDF that was read: its pages in order, and what could not be read of them."""

    path: str
    sha256: str
    pages: tuple[Page, ...]
    page_count: int
    title: str | None = None
    language: str | None = None
    warnings: tuple[Warning, ...] = field(default=())
    media_type: str = "application/pdf"
    ocr: tuple[int, ...] = ()  # pages whose words were read from their picture


def read_pages(path: str | Path, password: str | None = None) -> Document:
    """Read a PDF from disk.

    Raises UnreadableError with status `not_pdf`, `encrypted`, `empty`, `damaged`, `no_text` or `unsupported`,
    and a reason that says what to do.
    """
    return read_bytes(load(path), str(path), password)


def load(path: str | Path) -> bytes:
    """The bytes of a file. UnreadableError, saying why, where there are none to be had."""
    name = str(path)
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        raise UnreadableError(name, "error", "there is no such file; check the path") from None
    except IsADirectoryError:
        raise UnreadableError(name, "error", "this is a folder, not a file; name the PDF inside it") from None
    except OSError as e:
        raise UnreadableError(
            name, "error", f"the file cannot be opened ({e.strerror}); check its permissions"
        ) from None


def read_bytes(
    data: bytes,
    name: str,
    password: str | None = None,
    textless: bool = False,
    on_pages: Callable[[int], None] | None = None,
) -> Document:
    """Read a PDF from memory; `name` stands in messages. Errors as `read_pages`.

    `textless`: pages without text are given back as they are, without error or warning (for `ocr`, which reads them).
    `on_pages` is told the number of pages before they are read.
    """
    doc = _open(data, name, password)
    with doc:
        if on_pages:
            on_pages(doc.page_count)
        warnings: list[Warning] = []
        pages: list[Page] = []
        for number in range(1, doc.page_count + 1):
            try:
                page = doc.load_page(number - 1)
                pages.append(_read_page(page, number))
            except Exception as e:  # MuPDF raises many kinds; one bad page must not cost the others
                pages.append(Page(number, 0.0, 0.0))
                detail = str(e).splitlines()[0] if str(e) else type(e).__name__
                warnings.append(
                    Warning(
                        code="page_unreadable",
                        page=number,
                        message=f"page {number} could not be read: {detail}",
                    )
                )
        if not any(p.words for p in pages):
            if len(warnings) == len(pages):
                raise UnreadableError(
                    name, "damaged", "none of its pages can be read; export the report again"
                )
            if not textless:
                raise UnreadableError(name, "no_text", NO_TEXT)
        for p in pages:
            if not textless and not p.words and is_picture(p):
                warnings.append(
                    Warning(
                        code="no_text_page",
                        page=p.number,
                        message=f"page {p.number} is a picture without text; run the file through OCR to read it",
                    )
                )
        pages = _with_weights(pages)
        meta = doc.metadata or {}
        return Document(
            path=name,
            sha256=hashlib.sha256(data).hexdigest(),
            pages=tuple(pages),
            page_count=doc.page_count,
            title=(meta.get("title") or "").strip() or None,
            language=_language(doc),
            warnings=tuple(warnings),
        )


def is_picture(page: Page, share: float = 0.3) -> bool:
    """Whether one picture covers more than `share` of a page."""
    return any(p.box.area > share * page.width * page.height for p in page.pictures)


@dataclass(frozen=True)
class Raster:
    """A page, or a part of it from pixel (x, y), as rows of red, green, blue from the top left, `zoom` pixels a point."""

    width: int
    height: int
    samples: bytes
    zoom: float
    x: int = 0
    y: int = 0


@contextlib.contextmanager
def rendered(data: bytes, password: str | None = None) -> Iterator[Callable[[int, float, float], Raster]]:
    """A function that draws pages of a PDF: page number, dots per inch, degrees to turn it clockwise about its middle."""
    with pymupdf.open(stream=data, filetype="pdf") as doc:
        if doc.needs_pass:
            doc.authenticate(password or "")

        def draw(number: int, dpi: float, turn: float = 0.0) -> Raster:
            page = doc.load_page(number - 1)
            zoom, middle = dpi / 72, (page.rect.width / 2, page.rect.height / 2)
            matrix = pymupdf.Matrix(1, 0, 0, 1, -middle[0], -middle[1]) * pymupdf.Matrix(turn)
            matrix = matrix * pymupdf.Matrix(1, 0, 0, 1, *middle) * pymupdf.Matrix(zoom, zoom)
            pix = page.get_pixmap(matrix=matrix, alpha=False, colorspace=pymupdf.csRGB)
            width, height = round(page.rect.width * zoom), round(page.rect.height * zoom)
            whole = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, width, height), False)
            whole.clear_with(255)
            whole.copy(pix, whole.irect)
            return Raster(width, height, bytes(whole.samples), zoom)

        yield draw


@contextlib.contextmanager
def clipped(data: bytes) -> Iterator[Callable[..., bytes]]:
    """A function that cuts a place out of a page of a PDF: page number and boxes in points, to a JPEG.

    The boxes are tinted yellow; `around` is the space left around them and `most` the greatest width and height of the
    piece, in points; `dpi` its dots per inch. ValueError where the boxes lie outside the page.
    """
    import numpy as np

    with pymupdf.open(stream=data, filetype="pdf") as doc:

        def cut(
            number: int,
            boxes: Sequence[Sequence[float]],
            *,
            around: tuple[float, float] = (80.0, 16.0),
            most: tuple[float, float] = (430.0, 110.0),
            dpi: int = 84,
        ) -> bytes:
            page = doc.load_page(number - 1)
            area = pymupdf.Rect()
            for box in boxes:
                area |= pymupdf.Rect(box)
            across, down = around
            wider = pymupdf.Rect(area.x0 - across, area.y0 - down, area.x1 + across, area.y1 + down)
            area = wider & page.rect
            area.x1, area.y1 = min(area.x1, area.x0 + most[0]), min(area.y1, area.y0 + most[1])
            if area.is_empty:
                raise ValueError(f"page {number}: the place lies outside the page")
            pix = page.get_pixmap(clip=area, dpi=dpi, alpha=False, colorspace=pymupdf.csRGB)
            pixels = np.frombuffer(pix.samples, np.uint8).reshape(pix.height, pix.width, 3).copy()
            for box in boxes:
                x0, y0, x1, y1 = (max(0, round(v * dpi / 72)) for v in box)
                here = pixels[
                    max(0, y0 - pix.y) : max(0, y1 - pix.y), max(0, x0 - pix.x) : max(0, x1 - pix.x)
                ]
                here[..., 2] = (here[..., 2] * 0.45).astype(np.uint8)
            tinted = pymupdf.Pixmap(pymupdf.csRGB, pix.width, pix.height, pixels.tobytes(), False)
            return bytes(tinted.tobytes("jpeg", jpg_quality=55))

        yield cut


def _open(data: bytes, name: str, password: str | None) -> pymupdf.Document:
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableError(name, "empty", "the file is empty; download or export it again")
    headless = False  # a PDF whose first line is lost may still be repaired
    if b"%PDF-" not in data[:4096]:
        if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise UnreadableError(
                name, "unsupported", "this is an Office or archive file; save it as PDF and read that"
            )
        headless = True
    try:
        doc = pymupdf.open(stream=data, filetype="pdf")
        if not doc.is_pdf or (headless and doc.page_count == 0):
            headless = True  # a web page or picture that was given the name of a PDF
            raise ValueError("no PDF")
    except Exception:
        if headless:
            raise UnreadableError(
                name, "not_pdf", "this is not a PDF; save or print the report as PDF and read that"
            ) from None
        raise UnreadableError(
            name, "damaged", "the PDF is damaged beyond repair; download or export it again"
        ) from None
    if doc.needs_pass and not doc.authenticate(password or ""):
        doc.close()
        said = "the password given does not open it" if password else "it is protected by a password"
        raise UnreadableError(name, "encrypted", f"{said}; give the right one with --password-file")
    if doc.page_count == 0:
        doc.close()
        raise UnreadableError(
            name, "damaged", "incomplete or damaged: no page could be opened; download or export it again"
        )
    return doc


def _language(doc: pymupdf.Document) -> str | None:
    with contextlib.suppress(Exception):
        return doc.language or None
    return None


def _read_page(page: pymupdf.Page, number: int) -> Page:
    rotation, around = page.rotation, page.rect
    turn = page.rotation_matrix if rotation else None
    textpage = page.get_textpage(flags=FLAGS)
    blocks = textpage.extractDICT()["blocks"]
    words = list(_words(blocks, textpage.extractWORDS(), number, turn, rotation))
    if turn is None:
        words = _with_true_heights(words, blocks)
    vectors = [b for b in blocks if b["type"] == 3]
    rules, fills, odd, blunt = _rectangles(vectors, number, turn)
    shapes: list[Shape] = []
    if (odd or blunt) and len(vectors) <= MAX_VECTORS:
        drawings = page.get_cdrawings()
        shapes = list(_shapes(drawings, number, turn)) if odd else []
        if blunt:
            rules, fills, _, _ = _rectangles([v for v in vectors if not v["stroked"]], number, turn)
            _add_strokes(drawings, number, turn, rules, fills)
    pictures = list(_pictures(page, number, turn))
    return Page(
        number=number,
        width=around.width,
        height=around.height,
        words=tuple(_without_overprint(words)),
        rules=tuple(rules),
        fills=tuple(fills),
        shapes=tuple(shapes),
        pictures=tuple(pictures),
    )


def _near(x: float) -> float:
    """`round(x, 2)` at half the price: away from the middle between two steps, dividing gives the same number."""
    t = x * 100.0
    if not 0.5 < t < 1e9:
        return round(x, 2)
    n = int(t + 0.5)
    return n / 100.0 if -0.499 < t - n < 0.499 else round(x, 2)


def _box(number: int, bbox: Any, turn: Any) -> Box:
    if turn is not None:
        r = pymupdf.Rect(bbox) * turn
        bbox = (r.x0, r.y0, r.x1, r.y1)
    x0, y0, x1, y1 = bbox
    return Box(number, _near(x0), _near(y0), _near(x1), _near(y1))


@lru_cache(maxsize=4096)
def _colour(value: int) -> Colour:
    return ((value >> 16 & 255) / 255, (value >> 8 & 255) / 255, (value & 255) / 255)


@lru_cache(maxsize=4096)
def _angle(direction: tuple[float, float], rotation: int) -> int:
    dx, dy = direction
    base = (0 if dx > 0 else 180) if abs(dx) >= abs(dy) else (90 if dy < 0 else 270)
    return (base - rotation) % 360


def _words(
    blocks: list[dict[str, Any]], flat: list[tuple[Any, ...]], number: int, turn: Any, rotation: int
) -> Iterator[Word]:
    """Words with boxes from MuPDF's word list and styles from its spans; both come from one text page, in one order."""
    k, n = 0, len(flat)
    top = foot = y0_near = y1_near = -1e9
    for block in blocks:
        if block["type"] != 0:
            continue
        for line in block["lines"]:
            angle = _angle(line["dir"], rotation)
            spans = line["spans"]
            text = spans[0]["text"] if len(spans) == 1 else "".join([span["text"] for span in spans])
            hidden = not text.isascii()
            pos, end_before, s, span_end = 0, -1, -1, 0
            while k < n:
                x0, y0, x1, y1, token, _, _, _ = flat[k]
                start = text.find(token, pos)
                if start < 0 or (start > pos and text[pos:start].strip()):
                    break
                if start >= span_end:
                    while start >= span_end:
                        s += 1
                        span_end += len(spans[s]["text"])
                    size, font, bold, italic, colour = _style(spans[s])
                if turn is None:
                    if y0 != top:
                        top, y0_near = y0, _near(y0)
                    if y1 != foot:
                        foot, y1_near = y1, _near(y1)
                    box = Box(number, _near(x0), y0_near, _near(x1), y1_near)
                else:
                    box = _box(number, (x0, y0, x1, y1), turn)
                pos = start + len(token)
                if hidden:
                    token = token.replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "") or token
                yield Word(token, box, size, font, bold, italic, colour, angle, start != end_before)
                end_before = pos
                k += 1


def _style(span: dict[str, Any]) -> tuple[float, str, bool, bool, Colour]:
    """Size, font, bold, italic and colour of a span."""
    flags, font = span["flags"], span["font"]
    lower = font.lower()
    bold = bool(flags & 16) or "bold" in lower or "black" in lower
    return _near(span["size"]), font, bold, bool(flags & 2), _colour(span["color"])


def _with_true_heights(words: list[Word], blocks: list[dict[str, Any]]) -> list[Word]:
    """Words whose font claims far more room than its type size (Symbol bullets do) get the box of their line."""
    tall = [
        span
        for block in blocks
        if block["type"] == 0
        for line in block["lines"]
        for span in line["spans"]
        if span["bbox"][3] - span["bbox"][1] > TALL * span["size"] and line["dir"][0] > 0.99
    ]
    if not tall:
        return words
    out = []
    for w in words:
        if w.angle == 0 and w.box.height > TALL * w.size:
            for span in tall:
                x0, y0, x1, y1 = span["bbox"]
                if x0 - 0.1 <= w.box.cx <= x1 + 0.1 and y0 - 0.1 <= w.box.cy <= y1 + 0.1:
                    base = span["origin"][1]
                    box = Box(
                        w.box.page,
                        w.box.x0,
                        round(base - 0.95 * w.size, 2),
                        w.box.x1,
                        round(base + 0.25 * w.size, 2),
                    )
                    w = dataclasses.replace(w, box=box)
                    break
        out.append(w)
    return out


def _with_weights(pages: list[Page]) -> list[Page]:
    """Pages with bold guessed for Type 3 fonts, which carry no name: the one used most is the text's, the others stand out."""
    count: dict[str, int] = {}
    for p in pages:
        if not any(font.startswith("Type3") for font in {w.font for w in p.words}):
            continue
        for w in p.words:
            if w.font.startswith("Type3"):
                count[w.font] = count.get(w.font, 0) + len(w.text)
    if len(count) < 2:
        return pages
    usual = max(count, key=lambda f: count[f])
    bold = {f for f, n in count.items() if f != usual and n < 0.35 * sum(count.values())}
    return [
        dataclasses.replace(
            p, words=tuple(dataclasses.replace(w, bold=True) if w.font in bold else w for w in p.words)
        )
        for p in pages
    ]


def _without_overprint(words: list[Word]) -> Iterator[Word]:
    """Words less those printed twice at the same place (a way to make text look bold)."""
    seen: dict[str, list[Box]] = {}
    for w in words:
        before = seen.get(w.text)
        if before is None:
            seen[w.text] = [w.box]
            yield w
            continue
        x, y = w.box.x0, w.box.y0
        for b in before:
            if -1.2 < b.x0 - x < 1.2 and -1.2 < b.y0 - y < 1.2:
                break
        else:
            before.append(w.box)
            yield w


def _rectangles(
    vectors: list[dict[str, Any]], number: int, turn: Any
) -> tuple[list[Rule], list[Fill], bool, bool]:
    """Rules and fills of a page, whether it holds paths that are neither, and whether lines come out blunt.

    MuPDF's box of a stroked path reaches as far beyond it as the longest mitre might: with a line of one point, ten
    points to all sides. Where a stroked box is not thin, only the path itself tells whether it is a line or a frame.
    """
    rules: list[Rule] = []
    fills: list[Fill] = []
    odd = blunt = False
    for v in vectors:
        if v.get("alpha", 255) == 0:
            continue
        box, colour = _box(number, v["bbox"], turn), _colour(v["color"])
        width, height = box.x1 - box.x0, box.y1 - box.y0
        if not v["isrect"] and not (width < THIN or height < THIN):
            if width < ICON and height < ICON:
                odd = True
            elif width >= ICON and height >= PILL and not v["continues"]:
                own = fills[-1].box if v["stroked"] and fills and _is_around(box, fills[-1]) else box
                fills.append(Fill(own, colour, rounded=True))
            continue
        if height <= THIN and width > height:
            rules.append(Rule(box, True, colour))
        elif width <= THIN and height > width:
            rules.append(Rule(box, False, colour))
        elif v["stroked"]:
            blunt = True
            rules.extend(_edges(box, colour))
        else:
            fills.append(Fill(box, colour))
    return rules, fills, odd, blunt


def _add_strokes(
    drawings: list[dict[str, Any]], number: int, turn: Any, rules: list[Rule], fills: list[Fill]
) -> None:
    """Level and upright lines and frames of stroked paths, where they are; a line as thick as a bar is a fill."""
    for d in drawings:
        colour = d.get("color")
        if d["type"] not in ("s", "fs") or colour is None or d.get("stroke_opacity") == 0:
            continue
        rgb: Colour = tuple(colour[:3]) if len(colour) == 3 else (colour[0],) * 3
        half = (d.get("width") or 0.0) / 2
        for item in d.get("items") or []:
            if item[0] == "l":
                (x0, y0), (x1, y1) = item[1], item[2]
                if abs(x0 - x1) > 0.5 and abs(y0 - y1) > 0.5:
                    continue
                level = abs(y0 - y1) <= abs(x0 - x1)
                dx, dy = (0.0, half) if level else (half, 0.0)
                bbox = (min(x0, x1) - dx, min(y0, y1) - dy, max(x0, x1) + dx, max(y0, y1) + dy)
                box = _box(number, bbox, turn)
                if 2 * half > THIN:
                    fills.append(Fill(box, rgb))
                else:
                    rules.append(Rule(box, box.width >= box.height, rgb))
            elif item[0] in ("re", "qu"):
                quad = item[1]
                bbox = quad if item[0] == "re" else _around(quad)
                box = _box(number, bbox, turn)
                if box.height <= THIN or box.width <= THIN:
                    rules.append(Rule(box, box.width >= box.height, rgb))
                else:
                    rules.extend(_edges(box, rgb))


def _is_around(stroke: Box, fill: Fill) -> bool:
    """Whether a stroked path is the outline of the fill before it: no further out than its mitre might reach."""
    b = fill.box
    out = (b.x0 - stroke.x0, b.y0 - stroke.y0, stroke.x1 - b.x1, stroke.y1 - b.y1)
    return fill.rounded and min(out) >= -0.5 and max(out) <= MITRE


def _edges(b: Box, colour: Colour) -> list[Rule]:
    return [
        Rule(Box(b.page, b.x0, b.y0, b.x1, b.y0), True, colour),
        Rule(Box(b.page, b.x0, b.y1, b.x1, b.y1), True, colour),
        Rule(Box(b.page, b.x0, b.y0, b.x0, b.y1), False, colour),
        Rule(Box(b.page, b.x1, b.y0, b.x1, b.y1), False, colour),
    ]


def _around(points: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _shapes(drawings: list[dict[str, Any]], number: int, turn: Any) -> Iterator[Shape]:
    for d in drawings:
        rect = d["rect"]
        w, h = rect[2] - rect[0], rect[3] - rect[1]
        if w > ICON or h > ICON or (w < 1.5 and h < 1.5) or d["type"] == "clip":
            continue
        items = d.get("items") or []
        if not items or (len(items) == 1 and items[0][0] == "re"):
            continue
        colour = d.get("fill") or d.get("color")
        if colour is None:
            continue
        points: list[tuple[float, float]] = []
        curved = False
        for item in items:
            kind = item[0]
            if kind == "l":
                points += [item[1], item[2]]
            elif kind == "c":
                curved = True
                points += [item[1], item[4]]
            elif kind == "re":
                x0, y0, x1, y1 = item[1]
                points += [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
            elif kind == "qu":
                points += [tuple(p) for p in item[1]]
        if turn is not None:
            turned = [pymupdf.Point(p) * turn for p in points]
            points = [(p.x, p.y) for p in turned]
        corners: list[tuple[float, float]] = []
        for x, y in points:
            p = (_near(x), _near(y))
            if not corners or corners[-1] != p:
                corners.append(p)
        if corners:  # MuPDF's rectangle of a stroked path can miss part of it
            xs, ys = [c[0] for c in corners], [c[1] for c in corners]
            if turn is None:
                rect = (
                    (min(xs), min(ys), max(xs), max(ys))
                    if not curved
                    else (min(rect[0], *xs), min(rect[1], *ys), max(rect[2], *xs), max(rect[3], *ys))
                )
        if len(corners) == 2 and (
            corners[0][0] == corners[1][0] or (rect[2] - rect[0] > LONG and corners[0][1] == corners[1][1])
        ):
            continue  # a rule, which is no sign
        if len(colour) == 1:
            colour = (colour[0],) * 3
        yield Shape(_box(number, rect, turn), tuple(colour[:3]), tuple(corners), curved, d["type"] == "s")


def _pictures(page: pymupdf.Page, number: int, turn: Any) -> Iterator[Picture]:
    if not page.get_images():  # asking for places costs a second pass
        contents = page.read_contents()
        if b"BI" not in contents or not re.search(rb"(?<![A-Za-z])BI\s", contents):
            return
    infos = page.get_image_info()
    if not infos:
        return
    boxes = [_box(number, i["bbox"], turn) for i in infos]
    icons = {b for b in boxes if 3 <= b.width <= ICON and 3 <= b.height <= ICON}
    raster = None
    if icons and sum(b in icons for b in boxes) <= 500:
        r = enclose(icons).grow(1.0)
        pix = page.get_pixmap(
            matrix=pymupdf.Matrix(ZOOM, ZOOM),
            clip=(r.x0, r.y0, r.x1, r.y1),
            alpha=False,
            colorspace=pymupdf.csRGB,
        )
        raster = Raster(pix.width, pix.height, pix.samples, ZOOM, pix.x, pix.y)
    for b in boxes:
        if raster is not None and b in icons:
            yield sign_in(raster, b)
        else:
            yield Picture(b)


def sign_in(raster: Raster, box: Box) -> Picture:
    """The sign that stands in a box of a page's picture, with its colour and where it points."""
    rows = _pixels(raster, box)
    return Picture(box, _mean_colour(rows), _picture_turn(rows, box))


def _pixels(raster: Raster, b: Box) -> list[list[Pixel]]:
    """Red, green, blue of the pixels under a box, row by row."""
    zoom, stride = raster.zoom, 3 * raster.width
    left = max(0, int(b.x0 * zoom) - raster.x)
    right = max(left, min(raster.width, int(b.x1 * zoom) + 1 - raster.x))
    top, foot = int(b.y0 * zoom) - raster.y, int(b.y1 * zoom) + 1 - raster.y
    rows = []
    for y in range(max(0, top), min(raster.height, foot)):
        row = raster.samples[y * stride + 3 * left : y * stride + 3 * right]
        rows.append(list(zip(row[::3], row[1::3], row[2::3], strict=True)))
    return rows


def _mean_colour(rows: list[list[Pixel]]) -> Colour | None:
    """The colour that a picture has most of: mean of its saturated pixels of the commonest hue, a sixth of the circle.

    Where hardly any are saturated, the mean of the grey ones if those fill a good part; None for black and white.
    """
    count = Counter([pixel for row in rows for pixel in row])
    hues: dict[int, list[Pixel]] = {}
    grey: list[Pixel] = []
    for pixel in count:
        low, high = min(pixel), max(pixel)
        if high - low > 60:
            sector = int(colorsys.rgb_to_hls(*pixel)[0] * 12 + 1) % 12 // 2
            hues.setdefault(sector, []).append(pixel)
        elif low > 90 and high < 215 and high - low < 16:
            grey.append(pixel)

    def number(colours: Iterable[Pixel]) -> int:
        return sum([count[c] for c in colours])

    found = max(hues.values(), key=number, default=[])
    if sum(map(number, hues.values())) < 4 * ZOOM:
        if not grey or number(grey) < 0.3 * count.total():
            return None
        found = grey
    n = number(found) * 255
    red, green, blue = (sum([c[k] * count[c] for c in found]) / n for k in range(3))
    return red, green, blue


def _picture_turn(rows: list[list[Pixel]], b: Box) -> str | None:
    """Where an arrow in a picture points, by likeness to drawn arrows; None for dots, squares, ticks and crosses."""
    dark = {pixel for row in rows for pixel in set(row) if min(pixel) < 190}
    ink = _without_rules(
        [(x, y) for y, row in enumerate(rows) for x, pixel in enumerate(row) if pixel in dark]
    )
    if len(ink) < 12:
        return None
    x0, x1 = min(p[0] for p in ink), max(p[0] for p in ink) + 1
    y0, y1 = min(p[1] for p in ink), max(p[1] for p in ink) + 1
    if min(x1 - x0, y1 - y0) < 5:
        return "level" if (x1 - x0) > 2 * (y1 - y0) and len(ink) > 30 else None
    inked, tall, wide = set(ink), y1 - y0, x1 - x0
    if wide > 2 * tall and wide > 2 * tall * b.width / b.height and len(ink) > 0.85 * wide * tall:
        return "level"  # a full bar across a picture that is much taller than it
    xs = [x0 + (2 * k + 1) * wide // (2 * GRID) for k in range(GRID)]
    ys = [y0 + (2 * r + 1) * tall // (2 * GRID) for r in range(GRID)]
    mask = _bits((r, k) for r, y in enumerate(ys) for k, x in enumerate(xs) if (x, y) in inked)
    likeness = {
        name: (mask & form).bit_count() / (mask | form).bit_count() for name, form in _forms().items()
    }
    best = max(likeness, key=lambda name: likeness[name])
    turn = best.split()[0]
    return turn if likeness[best] > 0.62 and turn in ("up", "down", "level") else None


def _bits(cells: Iterable[tuple[int, int]]) -> int:
    """Cells of the raster as the bits of a number, which are compared many times faster than sets."""
    return sum(1 << (r * GRID + k) for r, k in cells)


def _without_rules(ink: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Dark pixels less those of the table's rules that run along the edges of a picture's box: whole rows and columns."""
    for axis in (0, 1):
        if not ink:
            break
        ends = (min(p[axis] for p in ink), max(p[axis] for p in ink))
        across = [p[1 - axis] for p in ink]
        whole = max(across) - min(across) + 1
        count: dict[int, int] = {}
        for p in ink:
            count[p[axis]] = count.get(p[axis], 0) + 1
        inner = [n for at, n in count.items() if min(abs(at - e) for e in ends) > EDGE]
        if not inner or max(inner) > 0.9 * whole:
            continue  # the sign itself is as wide as the rule would be
        ink = [p for p in ink if count[p[axis]] < 0.95 * whole or min(abs(p[axis] - e) for e in ends) > EDGE]
    return ink


@cache
def _forms() -> dict[str, int]:
    """Forms on a raster of GRID x GRID as `_bits`: arrows with thick and thin shafts, triangles, and what is no arrow."""
    n, half = GRID, (GRID - 1) / 2
    cells = [(r, k) for r in range(n) for k in range(n)]
    up = {
        f"up {head} {shaft}": frozenset(
            (r, k)
            for r, k in cells
            if (r < head * n and abs(k - half) <= (r + 1) / (head * n) * n / 2)
            or (r >= head * n and abs(k - half) <= shaft * n / 2)
        )
        for head in (0.4, 0.5, 0.6)
        for shaft in (0.2, 0.35, 0.5)
    }
    up["up triangle"] = frozenset((r, k) for r, k in cells if abs(k - half) <= (r + 1) / 2)
    forms = dict(up)
    for name, form in up.items():
        tail = name.split(" ", 1)[1]
        forms[f"down {tail}"] = frozenset((n - 1 - r, k) for r, k in form)
        forms[f"level {tail}"] = frozenset((k, n - 1 - r) for r, k in form)
        forms[f"level {tail} left"] = frozenset((k, r) for r, k in form)
    forms["level equals"] = frozenset((r, k) for r, k in cells if abs(r - half) > n / 7)
    forms["dot"] = frozenset((r, k) for r, k in cells if (r - half) ** 2 + (k - half) ** 2 <= (n / 2) ** 2)
    forms["square"] = frozenset(cells)
    forms["diamond"] = frozenset((r, k) for r, k in cells if abs(r - half) + abs(k - half) <= half + 0.5)
    forms["cross"] = frozenset((r, k) for r, k in cells if abs(r - k) <= 2 or abs(r + k - n + 1) <= 2)
    forms["plus"] = frozenset((r, k) for r, k in cells if abs(r - half) <= 2 or abs(k - half) <= 2)
    forms["tick"] = frozenset(
        (r, k)
        for r, k in cells
        if (abs(r - (n - 1 - (k - n / 3) * 1.4)) <= 2.5 and k >= n / 3)
        or (abs(r - (n * 0.55 + k * 1.3)) <= 2.5 and k < n / 3)
    )
    return {name: _bits(form) for name, form in forms.items()}

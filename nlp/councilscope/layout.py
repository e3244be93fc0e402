"""Pages to one stream of elements in reading order: headings, paragraphs and tables; running headers set aside.

Columns are found by white space (a recursive X-Y cut over blocks of lines). A grid of one column is a stack of
boxes, not a table: its words join the stream, box by box.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from councilscope.geometry import Box, enclose, overlap_1d
from councilscope.lexicon import COLOUR_WORD, header_role, is_known_label, section_of, starts_with
from councilscope.page import Colour, Fill, Line, Page, Picture, Shape, Word
from councilscope.panels import lift_charts, split_panel
from councilscope.tables import Cell, PageTables, Table, find_tables
from councilscope.text import Paragraph, forget_lines, lines_of, paragraphs, paragraphs_of_lines, segments

MARGIN = 0.115  # share of the page's height at top and bottom where running headers and footers stand
FACTS = (
    "rag",
    "target",
    "owner",
    "direction",
    "polarity",
    "current",
    "indicator",
)  # labels, however often they come
SHORT = 6  # words: a line that begins as a heading of commentary and goes on is no heading
GUTTER = 9.0  # points: a narrower strip of white space parts no columns


@dataclass(frozen=True, slots=True)
class Element:
    """A paragraph or a table at its place in the reading order.

    `fill` is the colour behind a paragraph, `boxed` the number of the drawn box it stands in (None outside any),
    `column` counts the columns of its page from the left where there are several.
    """

    page: int
    box: Box
    paragraph: Paragraph | None = None
    table: Table | None = None
    fill: Colour | None = None
    boxed: int | None = None
    heading: bool = False
    level: float = 0.0


@dataclass
class Laid:
    """The stream of a document with what was set aside: running lines per page, loose icons per page."""

    elements: list[Element]
    running: list[tuple[int, str]] = field(default_factory=list)
    shapes: dict[int, list[Shape]] = field(default_factory=dict)
    pictures: dict[int, list[Picture]] = field(default_factory=dict)
    fills: dict[int, list[Fill]] = field(default_factory=dict)
    boxes: dict[int, Box] = field(default_factory=dict)  # the drawn boxes by the number that elements give
    body_size: float = 10.0
    sizes: dict[int, tuple[float, float]] = field(default_factory=dict)


def lay_out(pages: Sequence[Page]) -> Laid:
    """Reading order of all pages. Every word is in a paragraph, a table cell or a running line."""
    forget_lines()
    tables = [find_tables(page) for page in pages]
    free = [_free_words(found) for found in tables]
    body = body_size([w for ws in free for w in ws] or [w for p in pages for w in p.words])
    running = _running(pages, free, body)
    laid = Laid([], body_size=body)
    boxes = 0
    for page, found, loose in zip(pages, tables, free, strict=True):
        aside = running.get(page.number, [])
        skip = {id(w) for line in aside for w in line.words}
        for line in aside:
            laid.running.append((page.number, " ".join(w.text for w in line.words)))
        if skip:
            found.words = [w for w in found.words if id(w) not in skip]
        own = body_size(loose) if sum(len(w.text) for w in loose) > 250 else body
        elements, boxes = _page_elements(page, found, own, body, boxes, skip, laid.boxes)
        laid.elements += elements
        laid.shapes[page.number] = found.shapes
        laid.pictures[page.number] = found.pictures
        laid.fills[page.number] = list(page.fills) + [
            Fill(r.box, r.colour) for r in page.rules if max(r.box.width, r.box.height) > 12
        ]
        laid.sizes[page.number] = (page.width, page.height)
    return laid


def _free_words(found: PageTables) -> list[Word]:
    """Words outside tables; a grid of one column or with words in one cell only is a box, not a table."""
    boxed = [w for t in found.tables if _is_box(t) for c in t.cells for w in c.words]
    return [*found.words, *boxed]


def _is_box(table: Table) -> bool:
    filled = [c for c in table.cells if c.words]
    return len(filled) == 1 or (table.n_cols == 1 and not _is_labels_over_values(filled))


def _is_labels_over_values(cells: Sequence[Cell]) -> bool:
    """Whether cells below each other are by turns a label and its value, as a form has them."""
    return len(cells) % 2 == 0 and all(
        is_known_label(a.text) and b.words and not is_known_label(b.text)
        for a, b in zip(cells[::2], cells[1::2], strict=True)
    )


def body_size(words: Iterable[Word]) -> float:
    """The type size that most characters have, to half a point."""
    exact: dict[float, int] = {}
    for w in words:
        if w.angle == 0:
            exact[w.size] = exact.get(w.size, 0) + len(w.text)
    count: Counter[float] = Counter()
    for size, n in exact.items():
        count[round(size * 2) / 2] += n
    return count.most_common(1)[0][0] if count else 10.0


def _running(pages: Sequence[Page], free: Sequence[Sequence[Word]], body: float) -> dict[int, list[Line]]:
    """Lines in the margins that come again on other pages (numbers apart), and bare page numbers."""
    by_text: dict[str, set[int]] = {}
    candidates: dict[int, list[tuple[str, Line]]] = {}
    for page, loose in zip(pages, free, strict=True):
        if not page.height:
            continue
        top, bottom = page.height * MARGIN, page.height * (1 - MARGIN)
        words = [w for w in loose if (w.box.y1 < top or w.box.y0 > bottom) and w.size <= body * 1.3 + 1]
        for line in (s for ln in lines_of(words) for s in segments(ln, 2.5)):
            text = re.sub(r"\d+", "#", " ".join(w.text for w in line.words)).casefold()
            where = "top" if line.box.y1 < top else "foot"
            role = header_role(text)
            said = (section_of(text) and len(text.split()) <= SHORT) or (
                role and role[1] >= 0.99 and role[0] in FACTS
            )
            if said or re.fullmatch(COLOUR_WORD, text, re.IGNORECASE):
                continue
            key = f"{where} {text}"
            candidates.setdefault(page.number, []).append((key, line))
            by_text.setdefault(key, set()).add(page.number)
    need = 2 if len(pages) < 6 else 3
    out: dict[int, list[Line]] = {}
    for page in pages:
        for key, line in candidates.get(page.number, []):
            text = key.split(" ", 1)[1]
            number = re.fullmatch(r"(?:page )?[-–|]? ?#(?: ?(?:of|/) ?#)? ?[-–|]?", text)
            edge = line.box.y1 < page.height * 0.075 or line.box.y0 > page.height * 0.925
            if (number and edge) or (len(by_text[key]) >= need and _is_outermost(page, line)):
                out.setdefault(page.number, []).append(line)
    return out


def _is_outermost(page: Page, line: Line) -> bool:
    """Whether no more than three lines stand between a line and the edge of its page."""
    if line.box.cy < page.height / 2:
        beyond = {round(w.box.cy / 6) for w in page.words if w.box.y1 < line.box.y0 - 1}
    else:
        beyond = {round(w.box.cy / 6) for w in page.words if w.box.y0 > line.box.y1 + 1}
    return len(beyond) <= 3


# --- one page -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Block:
    box: Box
    words: list[Word]
    table: Table | None = None
    fill: Colour | None = None
    boxed: int | None = None
    parts: list[Element] = field(default_factory=list)


def _page_elements(
    page: Page,
    found: PageTables,
    body: float,
    base: float,
    boxes: int,
    aside: Container[int],
    frames: dict[int, Box],
) -> tuple[list[Element], int]:
    blocks: list[_Block] = []
    dots = _bullet_dots(found.shapes, body)
    cells = _with_bands([c for t in found.tables if _is_box(t) for c in t.cells])
    for table in found.tables:
        if _is_box(table):
            for cell in (cells[id(c)] for c in table.cells if id(c) in cells):
                words = [w for w in cell.words if id(w) not in aside]
                if _is_highlight(cell, words, found.words):
                    found.words.extend(words)
                    continue
                if not words:
                    continue
                boxes += 1
                blocks.append(_Block(cell.box, words, None, cell.fill, boxes))
                frames[boxes] = cell.box
                found.shapes.extend(cell.shapes)
                found.pictures.extend(cell.pictures)
        else:
            blocks.append(_Block(table.box, [], table))
    charts, found.words = lift_charts(found.words, page.number)
    blocks += [_Block(t.box, [], t) for t in charts]
    blocks += _text_blocks(found.words, page.number)
    out: list[Element] = []
    for group in _flow(blocks, _cuts(page)):
        out += _elements_of(group, page, dots, found, body, base)
    return out, boxes


def _with_bands(cells: Sequence[Cell]) -> dict[int, Cell]:
    """Boxes by their identity; a box that holds painted bands of its own width takes their words over."""
    out = {id(c): c for c in cells}
    for key in sorted((k for k, c in out.items() if c.words), key=lambda k: out[k].box.area):
        band = out[key]
        around = [
            k
            for k, c in out.items()
            if c.words
            and c.box.height > 2 * band.box.height
            and c.box.contains(band.box, 1.0)
            and band.box.width > 0.85 * c.box.width
        ]
        if around:
            outer = min(around, key=lambda k: out[k].box.area)
            frame = out[outer]
            out[outer] = replace(
                frame,
                words=(*frame.words, *band.words),
                shapes=(*frame.shapes, *band.shapes),
                pictures=(*frame.pictures, *band.pictures),
            )
            del out[key]
    return out


def _is_highlight(cell: Cell, words: Sequence[Word], free: Sequence[Word]) -> bool:
    """Whether a painted box is the ground of words in a line of text: bare text goes on close beside it."""
    if not words or cell.box.height > 2.2 * words[0].size or len(lines_of(list(words))) > 1:
        return False
    reach = words[0].size
    return any(
        overlap_1d(w.box.y0, w.box.y1, words[0].box.y0, words[0].box.y1) > 0.6 * w.box.height
        and (0 <= words[0].box.x0 - w.box.x1 <= reach or 0 <= w.box.x0 - words[-1].box.x1 <= reach)
        for w in free
    )


def _bullet_dots(shapes: Iterable[Shape], body: float) -> list[Shape]:
    return [s for s in shapes if max(s.box.width, s.box.height) <= max(7.0, 0.65 * body)]


def _text_blocks(words: list[Word], page: int) -> list[_Block]:
    """Blocks of lines that stand close under each other and share a column."""
    pieces = [s for ln in lines_of(words) for s in segments(ln)]
    pieces.sort(key=lambda s: (s.box.y0, s.box.x0))
    blocks: list[_Block] = []
    open_: list[tuple[_Block, Line]] = []
    for piece in pieces:
        size = piece.words[0].size
        best: tuple[_Block, Line] | None = None
        for entry in open_:
            block, last = entry
            gap = piece.box.y0 - last.box.y1
            if gap > 1.1 * size or gap < -0.6 * size:
                continue
            shared = overlap_1d(block.box.x0, block.box.x1, piece.box.x0, piece.box.x1)
            if shared < 0.5 * min(block.box.width, piece.box.width):
                continue
            if abs(last.words[0].size - size) > 0.2 * size:
                continue
            best = entry
        if best is None:
            block = _Block(piece.box, list(piece.words))
            blocks.append(block)
            open_.append((block, piece))
        else:
            block, _ = best
            block.words.extend(piece.words)
            block.box = block.box.union(piece.box)
            open_[open_.index(best)] = (block, piece)
        open_ = [e for e in open_ if piece.box.y0 - e[1].box.y1 < 40]
    return blocks


def _flow(blocks: list[_Block], cuts: Sequence[float] = ()) -> list[list[_Block]]:
    """Blocks in reading order, in groups that share a column (an X-Y cut).

    `cuts` are heights at which a line runs over the whole page: columns end there.
    """
    if not blocks:
        return []
    bands = _bands(blocks)
    out: list[list[_Block]] = []
    i = 0
    while i < len(bands):
        strip, taken = _common_gutter(bands, i, cuts)
        if strip is None:
            out.append(sorted(bands[i], key=lambda b: (round(b.box.y0 / 4), b.box.x0)))
            i += 1
            continue
        group = [b for band in bands[i : i + taken] for b in band]
        left = [b for b in group if b.box.cx < strip]
        right = [b for b in group if b.box.cx >= strip]
        out += _flow(left, cuts)
        out += _flow(right, cuts)
        i += taken
    return out


def _bands(blocks: list[_Block]) -> list[list[_Block]]:
    """Groups of blocks between which a horizontal line can be drawn."""
    out: list[list[_Block]] = []
    end = float("-inf")
    for b in sorted(blocks, key=lambda b: b.box.y0):
        if out and b.box.y0 < end - 1.0:
            out[-1].append(b)
            end = max(end, b.box.y1)
        else:
            out.append([b])
            end = b.box.y1
    return out


def _common_gutter(
    bands: list[list[_Block]], start: int, cuts: Sequence[float] = ()
) -> tuple[float | None, int]:
    """The middle of a strip that parts the columns of as many bands as possible from `start`, and how many."""
    if len(bands[start]) < 2:
        return None, 0
    best: tuple[float, int] | None = None
    for lo, hi in _strips(bands[start]):
        n, last = 1, 1
        while start + n < len(bands):
            band = bands[start + n]
            if _is_heading_of_cards(band, bands[start]) or _is_cut(bands[start + n - 1], band, cuts):
                break
            parts = [
                (
                    max(lo, max((b.box.x1 for b in band if b.box.cx < (lo + hi) / 2), default=lo)),
                    min(hi, min((b.box.x0 for b in band if b.box.cx >= (lo + hi) / 2), default=hi)),
                )
            ]
            a, z = parts[0]
            if z - a < GUTTER:
                break
            sides = {b.box.cx < (lo + hi) / 2 for b in band}
            gap = min(b.box.y0 for b in band) - max(b.box.y1 for b in bands[start + n - 1])
            if len(sides) == 1 and gap > 36:
                break
            lo, hi = a, z
            n += 1
            if len(sides) == 2:
                last = n
            elif gap <= 14:
                last = n
        if best is None or last > best[1]:
            best = ((lo + hi) / 2, last)
    return best if best else (None, 0)


def _cuts(page: Page) -> list[float]:
    """Heights of level lines that run over most of the page."""
    drawn = [r.box for r in page.rules if r.horizontal]
    drawn += [f.box for f in page.fills if f.box.height < 3]
    return [b.cy for b in drawn if b.width > 0.7 * page.width]


def _is_cut(above: list[_Block], below: list[_Block], cuts: Sequence[float]) -> bool:
    foot, top = max(b.box.y1 for b in above), min(b.box.y0 for b in below)
    return any(foot - 3 <= y <= top + 3 for y in cuts)


def _is_heading_of_cards(band: list[_Block], first: list[_Block]) -> bool:
    """Whether bare words below a row of boxes of one height stand over the next row: rows are read across."""
    return (
        len(band) == 1
        and band[0].boxed is None
        and band[0].table is None
        and all(b.boxed is not None for b in first)
        and max(b.box.height for b in first) - min(b.box.height for b in first) < 2
    )


def _strips(band: list[_Block]) -> list[tuple[float, float]]:
    spans = sorted((b.box.x0, b.box.x1) for b in band)
    out = []
    end = spans[0][1]
    for x0, x1 in spans[1:]:
        if x0 - end >= GUTTER:
            out.append((end, x0))
        end = max(end, x1)
    return out


def _elements_of(
    group: list[_Block], page: Page, dots: list[Shape], found: PageTables, body: float, base: float
) -> list[Element]:
    """Elements of blocks that stand in one column, neighbouring text blocks read as one run of paragraphs."""
    out: list[Element] = []
    for block in group:
        if block.table is not None:
            out.append(Element(page.number, block.box, table=block.table))
            continue
        for p in _paragraphs_of(block, page, dots):
            if isinstance(p, Table):
                out.append(Element(page.number, p.box, table=p, fill=block.fill, boxed=block.boxed))
                continue
            fill = block.fill if block.fill is not None else _fill_behind(p.box, page)
            heading = is_heading(p, body, fill)
            if heading and out and (joined := _goes_on(out[-1], p, block)) is not None:
                p = joined
                out.pop()
            out.append(
                Element(page.number, p.box, p, None, fill, block.boxed, heading, _level(p, base, fill))
            )
    return out


def _goes_on(last: Element, p: Paragraph, block: _Block) -> Paragraph | None:
    """A heading joined with its next line, which begins with a small letter in the same type right below it."""
    first = last.paragraph
    if first is None or not last.heading or last.boxed != block.boxed or p.bullet or p.number:
        return None
    if not p.words[0].text[:1].islower() or first.text.rstrip()[-1:] in ".?!:":
        return None
    if abs(first.size - p.size) > 0.3 or first.all_bold != p.all_bold or p.box.y0 - first.box.y1 > p.size:
        return None
    return Paragraph(
        (*first.lines, *p.lines), first.box.union(p.box), first.bullet, first.number, first.marker
    )


def _paragraphs_of(block: _Block, page: Page, dots: list[Shape]) -> list[Paragraph | Table]:
    """Paragraphs of a block; a box whose lines have wide gaps holds labels with their values, or columns."""
    if block.boxed is None:
        return list(paragraphs(block.words, dots))
    out: list[Paragraph | Table] = []
    for part in split_panel(block.words, page.number):
        out += [part] if isinstance(part, Table) else box_paragraphs(part, page.number, dots)
    return out


def box_paragraphs(words: list[Word], page: int, dots: Sequence[Shape]) -> list[Paragraph]:
    """Paragraphs of a box; runs of words that stand apart in one line are paragraphs of their own."""
    lines = lines_of(words)
    rows = [segments(ln) for ln in lines]
    several = [len(r) > 1 for r in rows]
    if not any(several):
        return paragraphs_of_lines(lines, dots)
    if sum(several) >= 4 and sum(several) >= 0.6 * len(rows):  # two columns of text in one box
        inner = _text_blocks(words, page)
        return [p for group in _flow(inner) for b in group for p in paragraphs(b.words, dots)]
    out: list[Paragraph] = []
    run: list[Word] = []
    for row in rows:
        if len(row) == 1:
            run += row[0].words
            continue
        out += paragraphs(run, dots) if run else []
        run = []
        out += [p for piece in row for p in paragraphs(piece.words, dots)]
    return out + (paragraphs(run, dots) if run else [])


def _fill_behind(box: Box, page: Page) -> Colour | None:
    found = None
    for f in page.fills:
        if f.box.contains_point(box.cx, box.cy) and f.box.area < 0.5 * page.width * page.height:
            found = f.colour
    return None if found is None or min(found) > 0.97 else found


def is_heading(p: Paragraph, body: float, fill: Colour | None) -> bool:
    """Whether a paragraph looks like a heading: larger, bold, in capitals or on a band, and short."""
    text = p.text
    words = text.split()
    if len(words) > 40 or len(p.lines) > 4 or p.bullet or not re.search(r"[A-Za-z]", text):
        return False
    if p.size >= body * 1.15 and len(words) <= 30 and not text.endswith((".", ";", ",")):
        return p.bold or not p.words[0].italic
    if fill is not None and starts_with(text, "group") and len(words) <= 40 and len(p.lines) <= 3:
        return True
    if p.all_bold and (len(words) <= 30 and not text.endswith((";", ","))):
        return True
    return text.isupper() and len(text) > 6 and len(words) <= 20


def _level(p: Paragraph, body: float, fill: Colour | None) -> float:
    """How high a heading ranks: its size against the body's, a little more for a dark band, capitals and bold."""
    level = p.size / body
    if fill is not None and sum(fill) / 3 < 0.62:
        level += 0.25
    elif fill is not None:
        level += 0.08
    if p.text.isupper():
        level += 0.05
    if p.bold:
        level += 0.05
    return round(level, 2)


def pairs(elements: Sequence[Element]) -> Iterable[tuple[Element, Element]]:
    """Neighbours in reading order."""
    return pairwise(elements)


def regions(boxes: Iterable[Box]) -> list[Box]:
    """Boxes merged page by page."""
    by: dict[int, list[Box]] = {}
    for b in boxes:
        by.setdefault(b.page, []).append(b)
    return [enclose(bs) for _, bs in sorted(by.items())]

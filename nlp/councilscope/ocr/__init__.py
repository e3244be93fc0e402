"""Pages whose text layer is missing or a lie, read from their picture: words, ruling lines, fills and signs.

`complete` is the front door. Tesseract reads the words (its command, where it is installed); where they stand, how
large and heavy they are and what is drawn around them is measured on the picture, so that the same layout, tables
and blocks follow as for a printed page. Without the command each such page is a warning that says what to install.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from functools import cache
from statistics import mean

from councilscope import pdf
from councilscope.errors import UnreadableError
from councilscope.lexicon import load_toml
from councilscope.ocr import tesseract
from councilscope.ocr.picture import drawn, pixels, turn_of
from councilscope.ocr.tesseract import INSTALL, OcrError, Reading
from councilscope.ocr.words import LETTER, SIGN_SURE, Read, to_words
from councilscope.page import Page, Picture
from councilscope.pdf import Document, Raster
from councilscope.records import Warning

__all__ = ["INSTALL", "MODES", "PAGE_SECONDS", "available", "complete", "engine", "needs_ocr"]

MODES = ("auto", "off")
PAGE_SECONDS = 60.0  # that Tesseract may take for one page
DPI, FINE_DPI, SKEW_DPI = 200, 300, 100
FINE = 8.0  # points: where the usual type is smaller, the page is read again at FINE_DPI
LARGEST = 1300 * 900  # square points: a larger page is not drawn so finely
STAMP = 25  # words: a picture over most of a page with fewer on it is a scan with a stamp or page number
STRANGE = 0.3  # share of characters that are no characters, from which a text layer is a lie
ENOUGH = 40  # words, from which their likeness to words is judged
VOWELS = frozenset("aeiouyâêîôûŵŷáéíóúàèìòùäëïöü")  # 3 to 6 letters in 10, in English as in Welsh
POOR = 60.0  # confidence in a page's words below which its reading is not used
NOTHING = "its pages hold no text, and OCR found no words that can be trusted; scan it again, straight and at 300 dpi"

engine = tesseract.version


def available() -> bool:
    """Whether pages can be read by OCR here."""
    return tesseract.version() is not None


def needs_ocr(page: Page) -> str | None:
    """Why a page is to be read from its picture ("a picture without text", …), or None where it is not.

    A page that is blank, or holds a few words and no large picture, needs none.
    """
    if not page.width:
        return None
    if not page.words:
        outlines = len(page.shapes) > 60
        return "a picture without text" if pdf.is_picture(page) or outlines else None
    if len(page.words) < STAMP and pdf.is_picture(page, 0.6):
        return "a picture with hardly any text"
    return "text that cannot be decoded" if _is_garbage(page) else None


def _is_garbage(page: Page) -> bool:
    """Whether a text layer is a lie: undecodable characters, or hardly a word that is one."""
    text = "".join(w.text for w in page.words)
    odd = sum(1 for c in text if c == "\ufffd" or "\ue000" <= c <= "\uf8ff" or (c < " " and c not in "\t\n"))
    odd += sum(len(m) for m in re.findall(r"\(cid:\d+\)", text))
    if len(text) >= 20 and odd > STRANGE * len(text):
        return True
    words = [w.text.strip(".,;:()'\"’“”").casefold() for w in page.words if w.angle == 0]
    words = [w for w in words if len(w) > 1 and not re.search(r"\d", w) and re.search(r"\w", w)]
    if len(words) < ENOUGH or sum(w in _plain_words() for w in words) > 0.02 * len(words):
        return False
    letters = [c for w in words for c in w if c.isalpha()]
    vowels = sum(c in VOWELS for c in letters)
    return len(letters) < 0.7 * sum(map(len, words)) or not 0.3 < vowels / len(letters) < 0.6


@cache
def _plain_words() -> frozenset[str]:
    return frozenset(w for text in load_toml("ocr.toml")["plain"].values() for w in text.split())


def complete(
    document: Document,
    data: bytes,
    password: str | None = None,
    mode: str = "auto",
    on_scans: Callable[[int], None] | None = None,
) -> Document:
    """A document with the pages read from their picture that need it.

    `document` is what `pdf.read_bytes(…, textless=True)` makes of `data`. `mode` is `auto` or `off`. `on_scans` is
    told the number of pages that are about to be read so; each may take PAGE_SECONDS.

    Raises UnreadableError with status `no_text` where no page has text in the end.
    """
    wanted = {p.number: why for p in document.pages if (why := needs_ocr(p))}
    can = mode != "off" and available()
    pages, warnings, done = list(document.pages), list(document.warnings), []
    if wanted and can:
        if on_scans:
            on_scans(len(wanted))
        with pdf.rendered(data, password) as draw:
            for number, why in wanted.items():
                page, told = _read(draw, pages[number - 1], why)
                warnings.append(told)
                if page is not None:
                    pages[number - 1] = page
                    done.append(number)
    elif wanted:
        warnings += [_missing(number, why, pages[number - 1], mode) for number, why in wanted.items()]
    if not any(p.words for p in pages):
        if wanted and not can and mode != "off":
            raise UnreadableError(
                document.path, "no_text", f"its pages hold no text, only pictures (a scan?); {INSTALL}"
            )
        raise UnreadableError(document.path, "no_text", NOTHING if wanted and can else pdf.NO_TEXT)
    return dataclasses.replace(document, pages=tuple(pages), warnings=tuple(warnings), ocr=tuple(done))


def _missing(number: int, why: str, page: Page, mode: str) -> Warning:
    todo = "read it with --ocr auto" if mode == "off" else INSTALL
    return Warning(code="no_text_page", page=number, message=f"page {number} is {why}; {todo}")


def _read(draw: Callable[[int, float, float], Raster], page: Page, why: str) -> tuple[Page | None, Warning]:
    """The page as its picture shows it, or None where that gives nothing; and what is to be said of it."""
    number = page.number
    try:
        turn = turn_of(draw(number, SKEW_DPI, 0.0))
        found, reads, lost = _look(draw(number, DPI, turn), page, DPI)
        small = [r.word.size for r in reads if len(r.word.text) > 2]
        if len(small) > 20 and sorted(small)[len(small) // 2] < FINE and page.width * page.height < LARGEST:
            found, reads, lost = _look(draw(number, FINE_DPI, turn), page, FINE_DPI)
    except Exception as error:  # a picture that cannot be drawn or read must not cost the other pages
        detail = str(error) if isinstance(error, OcrError) else f"{type(error).__name__}: {error}"
        return None, Warning(
            code="no_text_page",
            page=number,
            message=f"page {number} is {why}, and OCR did not read it: {detail}",
        )
    said = [r.sure for r in reads for _ in r.word.text]
    sure = mean(said) if said else 0.0
    if len(reads) < 3 or (page.words and (sure < POOR or len(reads) < len(page.words))):
        if page.words and why == "text that cannot be decoded":
            message = f"page {number} holds {why}, and OCR did not read it either (mean confidence {sure:.0f} of 100)"
            return None, Warning(code="no_text_page", page=number, message=message)
        return None, Warning(
            code="ocr", page=number, message=f"page {number} is {why}; OCR found no text on it"
        )
    message = f"page {number} is {why}; read by OCR with mean confidence {sure:.0f} of 100"
    unsure = sum(r.sure < POOR for r in reads)
    if unsure:
        message += f", {unsure} of {len(reads)} words doubtful"
    if lost:
        message += f", {len(lost)} marks left out ({', '.join(repr(t) for t in lost[:5])}{' …' if len(lost) > 5 else ''})"
    if mended := sorted({f"{r.seen!r} as {r.word.text!r}" for r in reads if r.seen}):
        message += f", {', '.join(mended)}"
    if abs(turn) >= 0.5:
        message += f"; places are those of the page set straight by {abs(turn):.1f} degrees"
    return found, Warning(code="ocr", page=number, message=message)


def _look(raster: Raster, page: Page, dpi: int) -> tuple[Page, list[Read], list[str]]:
    """A page made of its picture; its words with how sure they are; the texts of marks that were left out."""
    seen = drawn(raster, page.number)
    readings = tesseract.words(seen.grey, dpi, PAGE_SECONDS)
    readings += [Reading("•", *box, SIGN_SURE, (-2, 0, n)) for n, box in enumerate(seen.bullets)]
    reads, junk = to_words(readings, seen.grey, pixels(raster), raster.zoom, page.number)
    signs: list[Picture] = []
    for box in seen.signs:
        over = [r for r in reads if r.ink.intersection(box) > 0.4 * min(r.ink.area, box.area)]
        letters = [r for r in over if LETTER.search(r.word.text) and (len(r.word.text) > 1 or r.sure > 80)]
        if letters:
            continue
        reads = [r for r in reads if r not in over]
        signs.append(pdf.sign_in(raster, box))
    kept = [] if _is_garbage(page) else list(page.words)
    reads = [r for r in reads if not any(r.ink.intersection(w.box) > 0.3 * r.ink.area for w in kept)]
    large = [p for p in page.pictures if p.box.area > 0.3 * page.width * page.height]
    new = dataclasses.replace(
        page,
        words=(*kept, *(r.word for r in _in_order(reads))),
        rules=(*page.rules, *(r for r in seen.rules if not page.rules or large)),
        fills=(*page.fills, *(f for f in seen.fills if not page.fills or large)),
        pictures=(*(p for p in page.pictures if p not in large), *signs),
    )
    return new, reads, [j.text for j in junk if LETTER.search(j.text) or len(j.text) > 1]


def _in_order(reads: list[Read]) -> list[Read]:
    """From top to bottom and left to right, as a program would have printed them."""
    return sorted(reads, key=lambda r: (round(r.word.box.y1 / 4), r.word.box.x0))

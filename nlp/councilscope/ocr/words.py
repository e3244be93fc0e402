"""Tesseract's readings to words of a page: type size, base line, weight and colour from the ink, junk set aside."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from statistics import median

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from councilscope.geometry import Box
from councilscope.lexicon import load_toml
from councilscope.ocr.picture import Bytes
from councilscope.ocr.tesseract import Reading
from councilscope.page import Colour, Word

# Shares of the type size, as in Arial, Calibri and Helvetica: capitals and figures, small letters, descenders,
# commas, the tail of Q.
CAPITAL, SMALL, BELOW, COMMA, TAIL = 0.716, 0.53, 0.21, 0.12, 0.06
ABOVE, UNDER = 0.905, 0.212  # from the base line to the top and the bottom of a word's box in a PDF
TALL = re.compile(r"[A-Zbdfhijklt0-9()\[\]{}/\\|!?&%£$€#@\"'‘’“”*]")
DEEP = re.compile(r"[gjpqy()\[\]{}|@§]")
LETTER = re.compile(r"[^\W_]")
JUNK_SURE, POOR_SURE = 30.0, 55.0
SIGN_SURE = 75.0  # confidence in dashes and bullets that are told by their form
SAME_SIZE = 0.09  # type sizes on a page that differ by less are one
BOLD = 1.22  # two weights of a typeface differ in their strokes by at least this factor
DASH = (2.0, 12.0)  # points: the width of a dash that stands alone
APART = 9.0  # points: that far from it stands no other word
FLAT = 0.17  # share of the type size: ink no higher than this is a dash


@dataclass(frozen=True, slots=True)
class Read:
    """A word with what is known of its reading; `box` in points is where its ink stands."""

    word: Word
    sure: float
    ink: Box
    seen: str = ""  # the reading, where it was mended


@dataclass
class _Ink:
    """A reading with its ink: the rectangle in pixels, thickness of strokes, colour."""

    reading: Reading
    x0: int
    y0: int
    x1: int
    y1: int
    stroke: float
    colour: Colour
    comparator: str = ""
    size: float = 0.0
    base: float = 0.0


def to_words(
    readings: list[Reading], grey: Bytes, image: Bytes, zoom: float, number: int
) -> tuple[list[Read], list[Reading]]:
    """Words in points, line by line, and the readings set aside as specks and remains of lines."""
    lines: dict[tuple[int, int, int], list[_Ink]] = defaultdict(list)
    junk: list[Reading] = []
    for reading in [*readings, *_dashes(readings, grey, zoom)]:
        ink = _as_drawn(reading) if reading.text == "•" else _ink(reading, grey, image, zoom)
        if ink is None or _is_junk(ink, zoom):
            junk.append(reading)
        else:
            lines[reading.line].append(ink)
    for found in lines.values():
        _measure(found, zoom)
    inks = [i for found in lines.values() for i in found]
    _even_sizes(inks, zoom)
    bold_from = _bold_from(inks, zoom)
    heavy = {id(i): _is_heavy(i, found, bold_from * zoom) for found in lines.values() for i in found}
    out = []
    for i in inks:
        text = _text(i, zoom)
        if text is None:
            junk.append(i.reading)
            continue
        box = Box(
            number,
            round(i.x0 / zoom, 2),
            round(i.base / zoom - ABOVE * i.size, 2),
            round(i.x1 / zoom, 2),
            round(i.base / zoom + UNDER * i.size, 2),
        )
        seen = i.reading.text if repairs().get(i.reading.text) == text else ""
        place = Box(number, i.x0 / zoom, i.y0 / zoom, i.x1 / zoom, i.y1 / zoom)
        out.append(
            Read(Word(text, box, i.size, "", heavy[id(i)], False, i.colour), i.reading.sure, place, seen)
        )
    return out, junk


def _as_drawn(r: Reading) -> _Ink:
    """A bullet, which was taken out of the picture of the text."""
    return _Ink(r, r.x0, r.y0, r.x1, r.y1, 0.0, (0.0, 0.0, 0.0))


def _ink(reading: Reading, grey: Bytes, image: Bytes, zoom: float) -> _Ink | None:
    """The ink of a reading without specks; None where there is none."""
    r = reading
    part = grey[r.y0 : r.y1, r.x0 : r.x1]
    if not part.size:
        return None
    level = (float(np.percentile(part, 2)) + 250) / 2
    mask = part < min(level, 190)
    labels, count = ndimage.label(mask, np.ones((3, 3), int))
    if not count:
        return None
    sizes = ndimage.sum_labels(mask, labels, np.arange(1, count + 1))
    keep = np.isin(
        labels, 1 + np.nonzero(sizes >= min(max(3.0, 0.04 * float(sizes.max())), float(sizes.max())))[0]
    )
    rows, columns = np.nonzero(keep.any(axis=1))[0], np.nonzero(keep.any(axis=0))[0]
    inner = keep & ndimage.binary_erosion(keep)
    edge = np.count_nonzero(keep & ~inner)
    darkness = float((250.0 - part[keep]).clip(0).sum()) / max(
        1.0, 250.0 - float(np.percentile(part[keep], 5))
    )
    x0, y0, x1, y1 = r.x0 + columns[0], r.y0 + rows[0], r.x0 + columns[-1] + 1, r.y0 + rows[-1] + 1
    sign = _comparator(labels, keep) if re.match(r"[^\W_A-RT-Y]|[<>=$&?«»]", r.text) else ""
    colour = _colour(image[r.y0 : r.y1, r.x0 : r.x1], part, keep)
    return _Ink(r, int(x0), int(y0), int(x1), int(y1), 2 * float(darkness) / max(1, int(edge)), colour, sign)


def _comparator(labels: NDArray[np.int32], keep: NDArray[np.bool_]) -> str:
    """ "≥" or "≤" where a word begins with an angle over a bar, which Tesseract's English takes for a figure.

    The angle points to where the ink of its middle row lies; a 2 or 3 hangs together and has no bar of its own.
    """
    first = [np.argwhere((labels == k) & keep) for k in np.unique(labels[keep])]
    places = [
        (a[:, 1].min(), a[:, 1].max() + 1, a[:, 0].min(), a[:, 0].max() + 1, a) for a in first if len(a)
    ]
    lead = min(places, key=lambda p: p[0])
    stack = sorted(
        (p for p in places if min(p[1], lead[1]) - max(p[0], lead[0]) > 0.6 * (lead[1] - lead[0])),
        key=lambda p: p[2],
    )
    if len(stack) != 2:
        return ""
    angle, bar = stack
    if (
        bar[2] < angle[3] - 1
        or bar[3] - bar[2] > 0.45 * (bar[1] - bar[0])
        or angle[3] - angle[2] < 1.5 * (bar[3] - bar[2])
    ):
        return ""
    middle = (angle[2] + angle[3] - 1) / 2
    rows, columns = angle[4][:, 0], angle[4][:, 1]
    tip, ends = (
        columns[abs(rows - middle) <= 1.0].mean(),
        columns[abs(rows - middle) > 0.3 * (angle[3] - angle[2])].mean(),
    )
    return "≥" if tip > ends + 1 else "≤" if tip < ends - 1 else ""


def _colour(image: Bytes, grey: Bytes, keep: NDArray[np.bool_]) -> Colour:
    """The colour of the ink's darkest half; black where it is nearly so."""
    core = keep & (grey <= np.median(grey[keep]))
    rgb = np.median(image[core], axis=0) / 255
    red, green, blue = (round(float(v), 3) for v in rgb)
    if max(red, green, blue) < 0.4 and max(red, green, blue) - min(red, green, blue) < 0.15:
        return (0.0, 0.0, 0.0)
    return (red, green, blue)


def _is_junk(ink: _Ink, zoom: float) -> bool:
    """Specks, remains of lines, and what Tesseract itself does not believe."""
    r, high, wide = ink.reading, (ink.y1 - ink.y0) / zoom, (ink.x1 - ink.x0) / zoom
    if max(high, wide) < 1.1 or (high > 60 and wide < 10):
        return True
    if high < 3 and wide > 12 and r.sure < POOR_SURE:
        return True
    if not LETTER.search(r.text):
        return r.text in "|_~¦‖" or (r.text not in "-–—" and r.sure < JUNK_SURE and wide > 1.6 * high + 4)
    return r.sure < JUNK_SURE and len(r.text) <= 2 and max(high, wide) < 3.5 and not _is_flat(ink)


def _dashes(readings: list[Reading], grey: Bytes, zoom: float) -> list[Reading]:
    """Dashes that Tesseract passes over: the flat marks that stand alone in the cells of a table."""
    taken = np.zeros(grey.shape, bool)
    for r in readings:
        taken[r.y0 : r.y1, r.x0 : r.x1] = True
    labels, _ = ndimage.label((grey < 170) & ~taken, np.ones((3, 3), int))
    out = []
    for n, (rows, columns) in enumerate(ndimage.find_objects(labels)):
        high, wide = (rows.stop - rows.start) / zoom, (columns.stop - columns.start) / zoom
        if not (DASH[0] <= wide <= DASH[1] and 0.4 <= high <= 2 and wide > 1.8 * high):
            continue
        beside = taken[rows, max(0, columns.start - round(APART * zoom)) : columns.stop + round(APART * zoom)]
        if np.mean(labels[rows, columns] > 0) > 0.6 and not beside.any():
            out.append(
                Reading("-", columns.start, rows.start, columns.stop, rows.stop, SIGN_SURE, (-1, 0, n))
            )
    return out


def _is_flat(ink: _Ink) -> bool:
    return ink.x1 - ink.x0 > 1.5 * (ink.y1 - ink.y0)


def _measure(line: list[_Ink], zoom: float) -> None:
    """Type size in points and base line in pixels of the words of a line."""
    sizes: list[tuple[float, int]] = []
    bases: list[float] = []
    for i in line:
        text = i.reading.text
        if not LETTER.search(text):
            continue
        i.size = (i.y1 - i.y0) / zoom / ((CAPITAL if TALL.search(text) else SMALL) + _below(text))
        sizes.append((i.size, len(text)))
    if not sizes:
        for i in line:
            i.size, i.base = 0.0, float(i.y1)
        return
    size = _weighted_median(sizes)
    for i in line:
        i.base = i.y1 - _below(i.reading.text) * size * zoom
        if LETTER.search(i.reading.text):
            bases.append(i.base)
    for i in line:
        near = [b for b in bases if abs(b - i.base) < 0.3 * size * zoom]
        if i.size and abs(i.size / size - 1) > 0.35 and len(i.reading.text) >= 3:
            continue  # a word of another size that stands on the same line
        i.size = size
        i.base = (
            median(near) if near and LETTER.search(i.reading.text) else _base_of_mark(i, bases, size * zoom)
        )


def _below(text: str) -> float:
    """How far a word reaches below its base line, as a share of the type size."""
    return BELOW if DEEP.search(text) else COMMA if re.search("[,;]", text) else TAIL if "Q" in text else 0.0


def _base_of_mark(i: _Ink, bases: list[float], em: float) -> float:
    """A dash or sign stands on its line's base line where that is near, else in the middle of one of its own."""
    middle = (i.y0 + i.y1) / 2
    own = middle + 0.3 * em
    near = [b for b in bases if abs(b - own) < 0.5 * em]
    return median(near) if near else own


def _weighted_median(pairs: list[tuple[float, int]]) -> float:
    pairs = sorted(pairs)
    half, total = sum(n for _, n in pairs) / 2, 0
    for value, n in pairs:
        total += n
        if total >= half:
            return value
    return pairs[-1][0]


def _even_sizes(inks: list[_Ink], zoom: float) -> None:
    """Nearly equal type sizes of a page made one, to half a point; marks without a line get the page's usual size."""
    sized = [(i.size, len(i.reading.text)) for i in inks if i.size]
    usual = _weighted_median(sized) if sized else 10.0
    groups: list[list[tuple[float, int]]] = []
    for size, n in sorted(sized):
        if groups and size - groups[-1][0][0] <= SAME_SIZE * 2 * groups[-1][0][0] and _near(groups[-1], size):
            groups[-1].append((size, n))
        else:
            groups.append([(size, n)])
    to = {s: round(_weighted_median(g) * 2) / 2 for g in groups for s, _ in g}
    for i in inks:
        if not i.size:
            i.base = (i.y0 + i.y1) / 2 + 0.36 * usual * zoom
        i.size = max(2.0, to.get(i.size, round(usual * 2) / 2))


def _near(group: list[tuple[float, int]], size: float) -> bool:
    return abs(size / _weighted_median(group) - 1) <= SAME_SIZE


def _bold_from(inks: list[_Ink], zoom: float) -> float:
    """The thickness of strokes, as a share of the type size, from which a word is bold; infinite where one weight is all.

    The best parting in two (Otsu 1979), where the two lie as far apart as weights of a typeface do.
    """
    found = sorted(
        i.stroke / i.size / zoom for i in inks if len(LETTER.findall(i.reading.text)) > 1 and i.size
    )
    if len(found) < 4:
        return math.inf
    values = np.log(np.array(found))
    sums = np.cumsum(values)
    n = np.arange(1, len(values))
    low, high = sums[:-1] / n, (sums[-1] - sums[:-1]) / (len(values) - n)
    k = int(np.argmax(n * (len(values) - n) * (high - low) ** 2))
    if high[k] - low[k] < math.log(BOLD):
        return math.inf
    return float(np.exp((low[k] + high[k]) / 2))


def _is_heavy(ink: _Ink, line: list[_Ink], bold_from: float) -> bool:
    """Whether a word is bold; one or two characters, which tell little, go by the words beside them."""
    here = line.index(ink)
    telling = [ink] if _tells(ink) else []
    if not telling:
        before, after = line[:here][-4:], line[here + 1 :][:4]
        telling = [i for i in reversed(before) if _tells(i)][:1] + [i for i in after if _tells(i)][:1] or [
            ink
        ]
    return all(i.stroke / i.size > bold_from for i in telling if i.size)


def _tells(ink: _Ink) -> bool:
    return len(LETTER.findall(ink.reading.text)) > 2


def _text(ink: _Ink, zoom: float) -> str | None:
    """The reading's text: ink that is flat is a dash, whatever it was taken for; None for what is left of a line."""
    text = ink.reading.text
    if ink.comparator and re.match(r"[\d£.]", text[1:]):
        return ink.comparator + text[1:]
    if _is_flat(ink) and (ink.y1 - ink.y0) / zoom < FLAT * ink.size and len(text) <= 2 and text not in "_=":
        return "-" if (ink.x1 - ink.x0) / zoom < 0.45 * ink.size else "–"
    return repairs().get(text, text.strip("|¦")) or None


@cache
def repairs() -> dict[str, str]:
    """What certain misreadings, which are no words, stand for ("Qi": "Q1")."""
    return dict(load_toml("ocr.toml")["repairs"])

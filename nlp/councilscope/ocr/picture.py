"""What is drawn on the picture of a page: ruling lines, flat coloured areas, small signs; and how far it is turned.

Classic image processing on numpy arrays: openings by long runs for lines (as in Leptonica's and OpenCV's examples),
connected areas of one colour for fills, projection profiles for skew (Postl 1986).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from councilscope.geometry import Box
from councilscope.page import Colour, Fill, Rule
from councilscope.pdf import Raster

Bytes = NDArray[np.uint8]
Mask = NDArray[np.bool_]

RUN = 16.0  # points: a dark run this long is a line; strokes of letters in text are shorter
THICK = 3.4  # points: a thicker run is an area
GAP = 1.2  # points: a break in a line that is no break
NEAR, SMOOTH, CONTRAST = 1.5, 4.0, 9  # points across and along a fine line, and levels by which it differs
CLEAR = 45  # levels by which a pixel of a short pale line is darker than what lies NEAR it on both sides
SIGN = (4.5, 40.0)  # points: the sides of a sign (dot, star, arrow)
STOUT = 0.34  # of its longer side: the largest disc in an arrow or triangle; strokes of letters are thinner
SOLID = 0.68  # share of its rectangle that a dot or square covers; letters cover less
BULLET = (2.2, 6.0)  # points: the sides of a bullet
FREE = 2.4  # points beside, above and below a bullet that hold no ink
MIN_FILL = 6.0  # points: the shorter side of an area that may be a cell
PAPER = 10  # levels of 255 by which a fill must differ from the paper
PALE = 205  # levels: lighter than this is no ink
STEP = 26  # levels between neighbours that part two areas
SAME = 0.025  # of a channel: colours that differ by less are one
MAX_TURN = 3.5  # degrees


@dataclass(frozen=True)
class Drawn:
    """Rules and fills of a picture in points, its signs and bullets, and its text in grey on white without them."""

    rules: list[Rule]
    fills: list[Fill]
    signs: list[Box]
    bullets: list[tuple[int, int, int, int]]  # in pixels: left, top, right, bottom
    grey: Bytes


def pixels(raster: Raster) -> Bytes:
    """The picture as an array of rows, columns and red, green, blue."""
    return np.frombuffer(raster.samples, np.uint8).reshape(raster.height, raster.width, 3)


def _darkest(image: Bytes) -> Bytes:
    return np.minimum(np.minimum(image[..., 0], image[..., 1]), image[..., 2])


def turn_of(raster: Raster) -> float:
    """Degrees by which a page is to be turned clockwise to set its lines level; 0 where nothing tells, or under 0.1.

    The angle, up to MAX_TURN, at which the rows of ink are most unlike each other.
    """
    grey = _darkest(pixels(raster))
    ink = grey < 0.6 * float(np.median(grey))
    ink[:, : ink.shape[1] // 50] = ink[:, -ink.shape[1] // 50 :] = False  # the shadow of the scanner's edge
    ys, xs = np.nonzero(ink)
    if len(ys) < 500:
        return 0.0
    if len(ys) > 80_000:
        pick = np.arange(0, len(ys), len(ys) // 80_000 + 1)
        ys, xs = ys[pick], xs[pick]

    def sharpness(angle: float) -> float:
        rows = ys + xs * np.tan(np.radians(angle))
        counts = np.bincount((rows - rows.min()).astype(np.int64))
        return float((counts.astype(np.float64) ** 2).sum())

    best = max(np.arange(-MAX_TURN, MAX_TURN + 0.01, 0.25), key=sharpness)
    best = max(np.arange(best - 0.25, best + 0.251, 0.05), key=sharpness)
    if abs(best) < 0.09 or abs(best) >= MAX_TURN or sharpness(best) < 1.05 * sharpness(0.0):
        return 0.0
    return round(float(best), 2)


def drawn(raster: Raster, number: int) -> Drawn:
    """What is drawn on a straight picture of page `number`."""
    image, zoom = pixels(raster), raster.zoom
    fills, areas, labels = _fills(image, number, zoom)
    grey = _plain(image, labels, areas)
    dark, least = grey < 150, _darkest(image)
    across = _runs(dark | _ridge(grey, zoom) | _fine(least, zoom), zoom)
    down = _runs(dark.T | _ridge(grey.T, zoom) | _fine(np.ascontiguousarray(least.T), zoom), zoom).T
    rules = _rules(across, number, zoom, True) + _rules(down, number, zoom, False)
    rules = _connected(rules)
    grey = grey.copy()
    for rule in rules:
        rows, columns = _slice(rule.box, zoom, grey.shape, 3)
        part, line = grey[rows, columns], (across if rule.horizontal else down)[rows, columns]
        part[ndimage.binary_dilation(line, iterations=2)] = 255
    for rows, columns in _crossings(rules, zoom, grey.shape):
        grey[rows, columns] = 255
    grey[grey > PALE] = 255
    signs = [s for s in _signs(image, grey, number, zoom) if not any(_is_same(s, f.box) for f in fills)]
    return Drawn(rules, fills, signs, _bullets(grey, zoom), grey)


def _fills(
    image: Bytes, number: int, zoom: float
) -> tuple[list[Fill], list[tuple[int, Colour]], NDArray[np.int32]]:
    """Areas of one colour with straight sides; their labels and colours, and the array that labels them."""
    step = max(1, round(zoom * 72 / 100))  # areas are looked for at about 100 dots per inch
    h, w = image.shape[0] // step, image.shape[1] // step
    small = np.zeros((h, w, 3), np.float32)
    for i in range(step):
        for k in range(step):
            small += image[i : h * step : step, k : w * step : step]
    small /= step * step
    scale = zoom / step
    low, high = ndimage.minimum_filter(small, (3, 3, 1)), ndimage.maximum_filter(small, (3, 3, 1))
    flat = (high - low).max(axis=2) < STEP
    paper = _paper(small)
    flat &= np.abs(small - paper).max(axis=2) > PAPER
    labels, count = ndimage.label(flat)
    kept = np.zeros((h, w), np.int32)
    fills: list[Fill] = []
    areas: list[tuple[int, Colour]] = []
    for k, place in enumerate(ndimage.find_objects(labels), 1):
        rows, columns = place
        high_, wide = (
            rows.stop - rows.start + 2,
            columns.stop - columns.start + 2,
        )  # a filter took one at each side
        if min(high_, wide) < MIN_FILL * scale or count > 20_000:
            continue
        mask = labels[place] == k
        whole = ndimage.binary_fill_holes(
            np.pad(ndimage.binary_closing(np.pad(mask, 4), iterations=3)[4:-4, 4:-4], 1)
        )
        if whole[1:-1, 1:-1].mean() < 0.88 or mask.mean() < 0.3:
            continue  # no rectangle: a dot, a picture, a shadow
        if wide > 0.97 * w and high_ > 0.9 * h:
            continue  # the page itself
        colour = np.median(small[place][mask], axis=0)
        rgb = (
            round(float(colour[0]) / 255, 3),
            round(float(colour[1]) / 255, 3),
            round(float(colour[2]) / 255, 3),
        )
        grown = (
            slice(max(0, rows.start - 1), rows.stop + 1),
            slice(max(0, columns.start - 1), columns.stop + 1),
        )
        kept[grown] = len(areas) + 1
        areas.append((len(areas) + 1, rgb))
        y0, x0 = (rows.start - 1) / scale, (columns.start - 1) / scale
        box = Box(
            number, round(x0, 1), round(y0, 1), round(x0 + wide / scale, 1), round(y0 + high_ / scale, 1)
        )
        fills.append(Fill(box, rgb))
    big = np.zeros(image.shape[:2], np.int32)
    big[: h * step, : w * step] = np.repeat(np.repeat(kept, step, axis=0), step, axis=1)
    return _even_colours(fills), areas, big


def _even_colours(fills: list[Fill]) -> list[Fill]:
    """Nearly equal colours of a page made equal, as they were before the page was scanned."""
    groups: list[list[Fill]] = []
    for f in sorted(fills, key=lambda f: -f.box.area):
        like = (
            g for g in groups if max(abs(a - b) for a, b in zip(g[0].colour, f.colour, strict=True)) < SAME
        )
        group = next(like, None)
        if group is None:
            groups.append([f])
        else:
            group.append(f)
    to = {id(f): g[0].colour for g in groups for f in g}
    return [Fill(f.box, to[id(f)]) for f in fills]


def _paper(small: NDArray[np.float32]) -> NDArray[np.floating]:
    """The colour of the paper: the middle of what is bright."""
    bright = small[::3, ::3][small[::3, ::3].min(axis=2) > 150]
    return np.median(bright, axis=0) if len(bright) > 100 else np.array([255.0, 255.0, 255.0])


def _plain(image: Bytes, labels: NDArray[np.int32], areas: list[tuple[int, Colour]]) -> Bytes:
    """Grey text on white: dark grounds inverted, coloured ones made white."""
    grey = (
        image[..., 0] * np.float32(0.299)
        + image[..., 1] * np.float32(0.587)
        + image[..., 2] * np.float32(0.114)
    )
    ground = np.full(len(areas) + 1, float(np.median(grey)) or 255.0, np.float32)
    dark = np.zeros(len(areas) + 1, bool)
    for k, rgb in areas:
        level = 255 * float(np.dot(rgb, (0.299, 0.587, 0.114)))
        around = grey[labels == k] if 60 < level < 190 else np.array([level])
        dark[k] = (
            level < 128
            if len(around) < 9
            else np.percentile(around, 99) - level > level - np.percentile(around, 1)
        )
        ground[k] = 255 - level if dark[k] else level
    grey = np.where(dark[labels], 255 - grey, grey)
    return np.clip(grey * (250 / np.maximum(ground, 60))[labels], 0, 255).astype(np.uint8)


def _fine(level: Bytes, zoom: float) -> Mask:
    """Pixels of fine lines along the rows, pale ones too, and light ones on a coloured ground: the line and the ground
    above and below it are even along its way, which rows of letters are not."""
    step = max(2, round(NEAR * zoom))
    smooth = ndimage.uniform_filter1d(level.astype(np.float32), round(SMOOTH * zoom), axis=1)
    rough = ndimage.uniform_filter1d(np.abs(level - smooth), round(SMOOTH * zoom), axis=1)
    here, above, below = smooth[step:-step], smooth[: -2 * step], smooth[2 * step :]
    differs = np.maximum(here - np.maximum(above, below), np.minimum(above, below) - here)
    even = (
        (rough < CONTRAST)[: -2 * step] & (rough < CONTRAST)[2 * step :] & (rough < 2 * CONTRAST)[step:-step]
    )
    out = np.zeros(level.shape, bool)
    out[step:-step] = (differs > CONTRAST) & (np.abs(above - below) < CONTRAST) & even
    return out


def _ridge(grey: Bytes, zoom: float) -> Mask:
    """Pixels along the rows that are clearly darker than the ground above and below: short pale lines, with letters."""
    step = max(2, round(NEAR * zoom))
    out = np.zeros(grey.shape, bool)
    here = grey[step:-step]
    out[step:-step] = here < np.minimum(grey[: -2 * step], grey[2 * step :]).clip(CLEAR) - np.uint8(CLEAR)
    return out & (grey < PALE)


def _crossings(rules: list[Rule], zoom: float, shape: tuple[int, ...]) -> list[tuple[slice, slice]]:
    """Where rules cross or meet: what is left there when both are taken out reads like a letter."""
    out = []
    for a in (r.box for r in rules if r.horizontal):
        for b in (r.box for r in rules if not r.horizontal):
            if b.x0 - 1.5 < a.x1 and a.x0 < b.x1 + 1.5 and b.y0 - 1.5 < a.y1 and a.y0 < b.y1 + 1.5:
                out.append(_slice(Box(a.page, b.x0, a.y0, b.x1, a.y1), zoom, shape, 3))
    return out


def _runs(dark: Mask, zoom: float) -> Mask:
    """Pixels in dark runs along the rows that are as long as RUN; small steps and breaks do not end a run."""
    gap = max(1, round(GAP * zoom))
    near = ndimage.binary_dilation(dark, np.ones((3, 1), bool))
    near = ndimage.binary_closing(near, np.ones((1, gap), bool))
    length = round(RUN * zoom)
    return np.asarray(_open(near, length) & ndimage.binary_dilation(dark, np.ones((1, gap), bool)))


def _open(mask: Mask, length: int) -> Mask:
    """Runs along the rows of at least `length` pixels."""
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    change = np.diff(padded, axis=1)
    rows, starts = np.nonzero(change == 1)
    _, ends = np.nonzero(change == -1)
    long = ends - starts >= length
    out = np.zeros((mask.shape[0], mask.shape[1] + 1), np.int32)
    np.add.at(out, (rows[long], starts[long]), 1)
    np.add.at(out, (rows[long], ends[long]), -1)
    return np.asarray(np.cumsum(out, axis=1)[:, :-1] > 0)


def _rules(runs: Mask, number: int, zoom: float, horizontal: bool) -> list[Rule]:
    labels, _ = ndimage.label(runs, np.ones((3, 3), int))
    rules = []
    for k, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        high, wide = rows.stop - rows.start, columns.stop - columns.start
        long, thick = (wide, high) if horizontal else (high, wide)
        mean = np.count_nonzero(labels[rows, columns] == k) / long
        if long < RUN * zoom or mean > THICK * zoom or thick > max(2.5 * THICK * zoom, 0.02 * long):
            continue
        y0, y1, x0, x1 = rows.start, rows.stop, columns.start, columns.stop
        if horizontal:  # the middle of the ink, so that a residue of skew does not make it thick
            middle = float(np.mean(np.nonzero(labels[rows, columns] == k)[0])) + y0
            y0, y1 = middle - mean / 2, middle + mean / 2
        else:
            middle = float(np.mean(np.nonzero(labels[rows, columns] == k)[1])) + x0
            x0, x1 = middle - mean / 2, middle + mean / 2
        box = Box(number, *(round(float(v) / zoom, 2) for v in (x0, y0, x1, y1)))
        rules.append(Rule(box, horizontal))
    return rules


def _connected(rules: list[Rule]) -> list[Rule]:
    """Rules less short ones that touch no other: strokes of large letters."""
    out = []
    for r in rules:
        length = r.box.width if r.horizontal else r.box.height
        near = r.box.grow(2.5)
        if length > 5 * RUN or any(
            near.intersection(o.box.grow(0.3)) > 0 for o in rules if o.horizontal != r.horizontal
        ):
            out.append(r)
    return out


def _slice(box: Box, zoom: float, shape: tuple[int, ...], grow: int = 0) -> tuple[slice, slice]:
    return (
        slice(max(0, int(box.y0 * zoom) - grow), min(shape[0], int(box.y1 * zoom) + 1 + grow)),
        slice(max(0, int(box.x0 * zoom) - grow), min(shape[1], int(box.x1 * zoom) + 1 + grow)),
    )


def _is_same(a: Box, b: Box) -> bool:
    return a.intersection(b) > 0.6 * max(a.area, b.area)


def _signs(image: Bytes, grey: Bytes, number: int, zoom: float) -> list[Box]:
    """Solid or coloured blobs of the size of a sign. Solid ones are taken out of the text; no letter is that full."""
    least = _darkest(image)
    vivid = np.maximum(np.maximum(image[..., 0], image[..., 1]), image[..., 2]) - least > 60
    labels, _ = ndimage.label((grey < 170) | vivid & (least < 200), np.ones((3, 3), int))
    signs = []
    for k, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        high, wide = (rows.stop - rows.start) / zoom, (columns.stop - columns.start) / zoom
        if not (SIGN[0] <= high <= SIGN[1] and SIGN[0] <= wide <= SIGN[1] and 0.4 < high / wide < 2.5):
            continue
        mask = labels[rows, columns] == k
        solid = mask.mean() > SOLID and min(high, wide) > 6 and 0.7 < high / wide < 1.4 and _is_convex(mask)
        solid = solid or _is_arrow(mask, zoom)
        if not solid and (mask.mean() < 0.25 or not (vivid[rows, columns] & mask).any()):
            continue
        if solid:
            grey[rows, columns][mask | (grey[rows, columns] > 100)] = 255
        place = (columns.start, rows.start, columns.stop, rows.stop)
        signs.append(Box(number, *(round(v / zoom, 2) for v in place)))
    return signs


def _is_arrow(mask: Mask, zoom: float) -> bool:
    """Whether a blob is a filled triangle or arrow, whatever its colour."""
    if min(mask.shape) < SIGN[0] * zoom or not 0.3 < mask.mean() < SOLID or not _is_convex(mask):
        return False
    return float(2 * ndimage.distance_transform_edt(np.pad(mask, 1)).max()) > STOUT * max(mask.shape)


def _bullets(grey: Bytes, zoom: float) -> list[tuple[int, int, int, int]]:
    """Round and square bullets, which stand free to both sides, unlike full stops and colons. They are taken out of the text: Tesseract makes an
    "e", "©" or "°" of them."""
    ink = grey < 170
    labels, _ = ndimage.label(ink, np.ones((3, 3), int))
    free = round(FREE * zoom)
    bullets = []
    for k, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        high, wide = (rows.stop - rows.start) / zoom, (columns.stop - columns.start) / zoom
        if not (
            BULLET[0] <= high <= BULLET[1] and BULLET[0] <= wide <= BULLET[1] and 0.75 < high / wide < 1.33
        ):
            continue
        mask = labels[rows, columns] == k
        beside = ink[rows, max(0, columns.start - free) : columns.stop + free]
        left = ink[rows, max(0, columns.start - round(2 * wide * zoom)) : columns.start]
        if mask.mean() < SOLID or not _is_convex(mask) or beside.sum() > mask.sum() or left.any():
            continue
        above = ink[max(0, rows.start - free) : rows.stop + free, columns]
        if above.sum() > mask.sum():
            continue  # the dot of a large i, half of a colon
        bullets.append((columns.start, rows.start, columns.stop, rows.stop))
    for x0, y0, x1, y1 in bullets:
        grey[max(0, y0 - 1) : y1 + 1, max(0, x0 - 1) : x1 + 1] = 255
    return bullets


def _is_convex(mask: Mask) -> bool:
    """Whether nearly every row and column of a blob is one run: a dot, square or diamond, but no letter."""
    pairs = (np.pad(mask, ((0, 0), (1, 1))), np.pad(mask, ((1, 1), (0, 0))).T)
    return all(np.mean((np.diff(p.astype(np.int8), axis=1) == 1).sum(axis=1) == 1) > 0.93 for p in pairs)

"""Makes corpus/layouts/bank/symbols.ttf, a font of our own whose signs stand where Wingdings has such signs.

Browsers print reports with it, so that a page shows an arrow where its text holds "é" as the pages of real reports do.
Run once, at a desk, with fontTools: `PYTHONPATH=scripts python -m layouts.symbolfont`.
"""

from __future__ import annotations

import math

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from layouts.bank import BANK

UNIT = 1000
ARROW: list[tuple[float, float]] = [(2, 9), (13, 9), (13, 4), (22, 12), (13, 20), (13, 15), (2, 15)]
TICK: list[tuple[float, float]] = [(2, 13), (6, 9), (10, 13), (19, 3), (23, 7), (10, 21)]
CROSS: list[tuple[float, float]] = [
    (3, 6),
    (6, 3),
    (12, 9),
    (18, 3),
    (21, 6),
    (15, 12),
    (21, 18),
    (18, 21),
    (12, 15),
    (6, 21),
    (3, 18),
    (9, 12),
]
DISC: list[tuple[float, float]] = [
    (12 + 9 * math.cos(k * math.pi / 16), 12 + 9 * math.sin(k * math.pi / 16)) for k in range(32)
]
SIGNS: dict[str, list[tuple[float, float]]] = {
    "é": [(y, 24 - x) for x, y in ARROW],
    "ê": [(y, x) for x, y in ARROW],
    "è": ARROW,
    "l": DISC,
    "ü": TICK,
    "û": CROSS,
}


def glyph(points: list[tuple[float, float]]) -> object:
    """An outline from points on a grid of 24, y running down (as in SVG)."""
    pen = TTGlyphPen(None)
    placed = [(round(x * 40), round((24 - y) * 40 - 130)) for x, y in points]
    pen.moveTo(placed[0])
    for point in placed[1:]:
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def main() -> None:
    builder = FontBuilder(UNIT, isTTF=True)
    names = {sign: f"sign{ord(sign):02x}" for sign in SIGNS}
    builder.setupGlyphOrder([".notdef", *names.values()])
    builder.setupCharacterMap({code: names[s] for s in SIGNS for code in (ord(s), 0xF000 + ord(s))})
    builder.setupGlyf(
        {".notdef": glyph([(2, 2), (20, 2), (20, 20)]), **{names[s]: glyph(p) for s, p in SIGNS.items()}}
    )
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names.values()), (UNIT, 0)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Wingdings", "styleName": "Regular", "psName": "Wingdings-Regular"})
    builder.setupOS2(sTypoAscender=900, usWinAscent=900, usWinDescent=200)
    builder.setupPost()
    builder.updateHead(created=3600000000, modified=3600000000)
    builder.font.recalcTimestamp = False
    builder.save(BANK / "symbols.ttf")


if __name__ == "__main__":
    main()

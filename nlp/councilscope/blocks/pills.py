"""Words on a coloured ground of their own: the pill that shows a status, and the word of a key that explains it."""

from __future__ import annotations

from councilscope.layout import Element, Laid
from councilscope.lexicon import fold
from councilscope.page import Colour, Shape
from councilscope.status import Key, colour_name

NAME = 4  # words of a status at most
NEAR = 3.0  # points that a text may reach beyond its pill
SLATE = 0.15  # chroma of a grey with a touch of blue
SIGNALS = ("red", "amber", "green", "grey")


def pill(e: Element, laid: Laid) -> Colour | None:
    """The colour of the shape or area that lies close around a text of a few words; None where there is none."""
    p = e.paragraph
    if p is None or len(p.words) > NAME or len(p.lines) > 1:
        return None
    drawn = [(s.box, s.colour) for s in laid.shapes.get(e.page, [])]
    drawn += [(f.box, f.colour) for f in laid.fills.get(e.page, []) if f.rounded]
    around = [
        (box.area, colour)
        for box, colour in drawn
        if box.contains(p.box, NEAR) and box.height < 3 * p.size and box.width < p.box.width + 8 * p.size
    ]
    return min(around)[1] if around else None


def is_within(sign: Shape, other: Shape) -> bool:
    """Whether a sign is drawn on a pill, so that it belongs to its word and points nowhere."""
    b = other.box
    return (
        b.width > 2 * b.height and b.area > 2 * sign.box.area and b.contains_point(sign.box.cx, sign.box.cy)
    )


def learn_pill(e: Element, laid: Laid, key: Key) -> bool:
    """Take over the word of a key that stands on the colour it means; whether it is one."""
    colour = pill(e, laid)
    name = colour_name(colour)
    if colour and name is None and max(colour) - min(colour) < SLATE and 0.25 < sum(colour) / 3 < 0.75:
        name = "grey"
    if name not in SIGNALS or e.paragraph is None:
        return False
    key.words.setdefault(fold(e.paragraph.text), name)  # type: ignore[arg-type]
    return True

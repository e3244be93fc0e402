"""All that a cell shows of status and direction, read apart and put in order of trust."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from councilscope.lexicon import fold
from councilscope.page import Picture, Shape
from councilscope.records import Direction, Rag, ShownAs
from councilscope.status.arrows import (
    arrow_meaning,
    crossing,
    form_of,
    lost_arrow,
    shape_direction,
    sign_turn,
)
from councilscope.status.key import DULL, STRONG, TINT, Key, colour_name, colour_rag
from councilscope.status.signs import glyph_rag, is_sign, sign_of
from councilscope.status.words import exact_rag, letter_rag, moved, names_colour, word_direction, word_rag
from councilscope.tables import Cell


@dataclass(frozen=True)
class Evidence:
    """One reading of a status and what it was read from."""

    rag: Rag
    shown_as: ShownAs


def read_status(cell: Cell, key: Key) -> list[Evidence]:
    """All readings of a status cell, the most trustworthy first: word, letter, icon, glyph, picture, fill."""
    found: list[Evidence] = []
    guesses: list[Evidence] = []  # words whose meaning differs between councils yield to colours
    text = _whole(cell, key)
    signs = [(sign_of(w), w) for w in cell.words]
    letters = letter_rag(text) if fold(text) not in key.words else None
    if letters and not any(s != w.text for s, w in signs):
        found.append(Evidence(letters, "letter"))
    elif (w_rag := word_rag(text, key)) is not None and not is_sign(text):
        (found if names_colour(text) or fold(text) in key.words else guesses).append(Evidence(w_rag, "text"))
    else:
        said = _part_rag(text, key)
        if said is not None:
            (found if said[1] else guesses).append(Evidence(said[0], "text"))
    found += [Evidence(r, "icon") for r in icon_rags(cell.shapes, cell.pictures, key, DULL)]
    for sign, w in signs:
        glyph = glyph_rag(sign, w.colour, key)
        if glyph:
            found.append(Evidence(glyph, "icon"))
    if not found and (drawn := _form_rag(cell.shapes, key)):
        found.append(Evidence(drawn, "icon"))
    filled = colour_rag(cell.fill, key, TINT)
    if filled and (filled != "grey" or "grey" in key.colours or colour_name(cell.fill, TINT) != "grey"):
        found.append(Evidence(filled, "colour"))
    found += guesses
    if not found and any(colour_name(p.colour) == "grey" for p in cell.pictures):
        found.append(Evidence("grey", "icon"))
    if not found:  # a warning sign looks like an arrow that points up
        turned = (colour_rag(p.colour, key, DULL) for p in cell.pictures if p.turn)
        found += [Evidence(r, "icon") for r in (*(r for r in turned if r and r != "grey"),)[:1]]
    if not found and text:
        for w in cell.words:
            name = colour_rag(w.colour, key)
            if name and name != "grey":
                found.append(Evidence(name, "colour"))
                break
    if not found and not text:  # the dot of an exclamation mark
        small = (s for s in cell.shapes if max(s.box.width, s.box.height) >= 2.4)
        specks = (rag for s in small if (rag := colour_rag(s.colour, key)) and rag != "grey")
        found += [Evidence(rag, "icon") for rag in (*specks,)[:1]]
    return found


def _whole(cell: Cell, key: Key) -> str:
    """The text of a cell, a status word joined again that a narrow column broke without a hyphen ("Underperform|ing")."""
    text = cell.text
    if exact_rag(text, key):
        return text
    return next((joined for joined in _joined(cell) if exact_rag(joined, key)), text)


def _joined(cell: Cell) -> Iterator[str]:
    """The text of a cell of a few words with two parts joined that stand below each other, the second in small letters."""
    if not 2 <= len(cell.words) <= 4:
        return
    words = [w.text for w in cell.words]
    for k, (a, b) in enumerate(pairwise(cell.words), start=1):
        if b.box.y0 > a.box.cy and b.text[:1].islower():
            yield " ".join([*words[: k - 1], words[k - 1] + words[k], *words[k + 1 :]])


def _part_rag(text: str, key: Key) -> tuple[Rag, bool] | None:
    """The status of the first part of a text that says one, and whether it names a colour or a word of the key."""
    parts = [p for p in re.split(r"[\n;,/|]| - ", text) if not is_sign(p)]
    said = [(rag, names_colour(p) or fold(p) in key.words) for p in parts if (rag := word_rag(p, key))]
    if len({rag for rag, sure in said if sure}) > 1:
        return None
    return next(iter(said), None)


def _form_rag(shapes: Sequence[Shape], key: Key) -> Rag | None:
    """The status of a tick or cross drawn in a colour that says nothing by itself."""
    seen = [s for s in shapes if min(s.colour) < 0.9]
    form = next((f for s in seen if (f := form_of(s))), None) or crossing(seen)
    if form is None:
        return None
    sign = {"tick": "✔", "cross": "✖"}[form]
    return glyph_rag(sign, (0.0, 0.0, 0.0), key)


def icon_rags(
    shapes: Iterable[Shape], pictures: Iterable[Picture], key: Key, least: float = STRONG
) -> list[Rag]:
    """Statuses of drawn icons and small pictures by their colour, the largest first; specks and lines do not count.

    `least` is how strong a colour must be: less where a status is looked for and nothing else.
    """
    out: list[Rag] = []
    for s in sorted(shapes, key=lambda s: -s.box.area):
        if max(s.box.width, s.box.height) < 3.5 or min(s.box.width, s.box.height) < 1:
            continue
        rag = colour_rag(s.colour, key, least)
        if rag:
            out.append(rag)
    for p in pictures:
        rag = colour_rag(p.colour, key, least) if not p.turn else None
        if rag and (rag != "grey" or colour_name(p.colour) != "grey" or "grey" in key.colours):
            out.append(rag)
    return out


def read_direction(cell: Cell, key: Key, polarity: str | None = None) -> Direction | None:
    """Direction of travel of a cell, from words, signs or drawn arrows; None where it shows none.

    `polarity` ("higher" or "lower" is better) is needed where the words, or by the key the arrows, tell how the figure
    moved; the score of a risk has polarity "lower".
    """
    word = word_direction(cell.text) or moved(cell.text, polarity)
    word = word or next((said for text in _joined(cell) if (said := word_direction(text))), None)
    if word:
        return word
    for w in cell.words:
        turn = sign_turn(sign_of(w)) or (lost_arrow(w.text) if len(cell.words) == 1 else None)
        if turn:
            return arrow_meaning(turn, w.colour, key, polarity)
    turned = shape_direction(cell.shapes, key, polarity)
    for q in cell.pictures:
        if turned is None and q.turn:
            turned = arrow_meaning(q.turn, q.colour or (0.0, 0.0, 0.0), key, polarity)
    if turned is None and any(
        s.box.width >= 1.3 * s.box.height and s.box.width > 3 and len(s.points) <= 5 for s in cell.shapes
    ):
        return "steady"  # a bar where others have arrows
    return turned


def disagreement(found: Sequence[Evidence]) -> str | None:
    """A sentence where readings of one status contradict each other, else None."""
    rags = list(dict.fromkeys(e.rag for e in found if e.rag != "grey"))
    if len(rags) < 2:
        return None
    return "; ".join(f"its {e.shown_as} says {e.rag}" for e in found if e.rag in rags)

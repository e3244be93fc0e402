"""Status and direction of travel from whatever shows them: words, letters, fills, icons, glyphs, arrows.

Each kind of evidence is read by itself. The report's own key may give a colour or word another meaning;
red, amber and green always mean themselves. Evidence that disagrees is kept, for the caller to warn about.
"""

from __future__ import annotations

import colorsys
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from councilscope.geometry import Box
from councilscope.lexicon import direction_words, fold, status_data, status_words, symbol_fonts
from councilscope.page import Colour, Picture, Shape, Word
from councilscope.records import Direction, Rag, ShownAs
from councilscope.tables import Cell

STRONG = 0.35  # chroma of a colour that is surely meant as a signal
TINT = 0.11  # chroma from which the fill of a cell is no mere shading


@dataclass
class Key:
    """What the report's own key says: colour names and folded words to a rag; `reversed_arrows` where up is worse."""

    colours: dict[str, Rag] = field(default_factory=dict)
    words: dict[str, Rag] = field(default_factory=dict)
    signs: dict[str, Rag] = field(default_factory=dict)
    arrows_show_value: bool = False
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Evidence:
    """One reading of a status and what it was read from."""

    rag: Rag
    shown_as: ShownAs


@lru_cache(maxsize=4096)
def colour_name(c: Colour | None, least: float = STRONG) -> str | None:
    """`red`, `amber`, `green`, `blue`, `purple`, `grey` or None for white, black and pale shades (RGB 0-1)."""
    if c is None:
        return None
    chroma = max(c) - min(c)
    hue, lightness, _ = colorsys.rgb_to_hls(*c)
    if chroma < least:
        return "grey" if chroma < 0.08 and 0.25 < lightness < 0.88 else None
    degrees = hue * 360
    for name, ranges in status_data()["hues"].items():
        if any(a <= degrees < b for a, b in ranges):
            if name in ("blue", "purple") and lightness < 0.22:
                return None
            return str(name)
    return None


def colour_rag(c: Colour | None, key: Key, least: float = STRONG) -> Rag | None:
    """The status a colour stands for, through the report's key; purple and others mean nothing by themselves."""
    name = colour_name(c, least)
    if name is None:
        return None
    if name in key.colours:
        return key.colours[name]
    return name if name in ("red", "amber", "green", "blue", "grey") else None  # type: ignore[return-value]


def word_rag(text: str, key: Key | None = None) -> Rag | None:
    """The status that a whole text says in words ("Off target", "AMBER", "Completed"), or None."""
    s = _outside_brackets(text)
    if not s or len(s) > 60:
        return None
    if key and s in key.words:
        return key.words[s]
    return _rag_of(s)


BRACKETED = re.compile(r"[(\[].*?[)\]]")


@lru_cache(maxsize=4096)
def _outside_brackets(text: str) -> str:
    """A text folded, without what stands in brackets; with it where nothing else is left."""
    return fold(BRACKETED.sub(" ", text)) or fold(text)


@lru_cache(maxsize=4096)
def _rag_of(s: str) -> Rag | None:
    words = status_words()
    if s in words:
        return words[s]  # type: ignore[return-value]
    colours = [w for w in re.split(r"[^a-z]+", s) if w in ("red", "amber", "green", "blue", "grey", "gray")]
    if len(set(colours)) == 1 and len(s.split()) <= 6:
        return words[colours[0]]  # type: ignore[return-value]
    for n in range(min(4, len(s.split())), 1, -1):
        head = " ".join(s.split()[:n])
        if head in words and len(s.split()) <= n + 4:
            return words[head]  # type: ignore[return-value]
    return None


@lru_cache(maxsize=4096)
def letter_rag(text: str) -> Rag | None:
    """The status of a lone letter, R, A, G or B, or of a mixed one such as A/G."""
    s = re.sub(r"\s", "", text)
    for rag, letters in status_data()["letters"].items():
        if s in letters:
            return rag
    return None


def sign_of(word: Word) -> str:
    """The character that a word shows, a symbol font's letters turned into the sign they draw."""
    return _sign(word.text, word.font)


@lru_cache(maxsize=4096)
def _sign(text: str, of_font: str) -> str:
    name = re.sub(r"[^a-z0-9]", "", of_font.split("+")[-1].casefold())
    for font, chars in symbol_fonts().items():
        if (
            name == font
            or name in (font + "mt", font + "it", font + "std")
            or name.startswith(font + "regular")
        ):
            return "".join(chars.get(c, c) for c in text)
    if any("\uf000" <= c <= "\uf0ff" for c in text):
        chars = symbol_fonts()["wingdings"]
        return "".join(chars.get(c, c) for c in text)
    return text


def read_status(cell: Cell, key: Key) -> list[Evidence]:
    """All readings of a status cell, the most trustworthy first: word, letter, icon, glyph, picture, fill."""
    found: list[Evidence] = []
    guesses: list[Evidence] = []  # words whose meaning differs between councils yield to colours
    text = cell.text
    signs = [(sign_of(w), w) for w in cell.words]
    letters = letter_rag(text)
    if letters and not any(s != w.text for s, w in signs):
        found.append(Evidence(letters, "letter"))
    elif (w_rag := word_rag(text, key)) is not None and not _is_sign(text):
        (found if names_colour(text) or fold(text) in key.words else guesses).append(Evidence(w_rag, "text"))
    else:
        for part in re.split(r"[\n;,/|]| - ", text):
            part_rag = word_rag(part, key)
            if part_rag is not None and not _is_sign(part):
                (found if names_colour(part) else guesses).append(Evidence(part_rag, "text"))
                break
    found += [Evidence(r, "icon") for r in icon_rags(cell.shapes, cell.pictures, key)]
    for sign, w in signs:
        glyph = glyph_rag(sign, w.colour, key)
        if glyph:
            found.append(Evidence(glyph, "icon"))
    filled = colour_rag(cell.fill, key, TINT)
    if filled and (filled != "grey" or colour_name(cell.fill, TINT) in key.colours):
        found.append(Evidence(filled, "colour"))
    found += guesses
    if not found and text:
        for w in cell.words:
            name = colour_rag(w.colour, key)
            if name and name != "grey":
                found.append(Evidence(name, "colour"))
                break
    return found


@lru_cache(maxsize=4096)
def names_colour(text: str) -> bool:
    """Whether a text names a colour of the scale itself."""
    return bool(re.search(r"\b(?:red|amber|green|blue|grey|gray|yellow|coch|ambr|gwyrdd|glas)\b", fold(text)))


def exact_rag(text: str, key: Key) -> Rag | None:
    """The status of a text that is a status word and nothing else."""
    s = fold(text)
    return key.words.get(s) or status_words().get(s)  # type: ignore[return-value]


def _is_sign(text: str) -> bool:
    return text.strip() in _signs()


@cache
def _signs() -> frozenset[str]:
    return frozenset(s for group in status_data()["signs"].values() for s in group)


def icon_rags(shapes: Iterable[Shape], pictures: Iterable[Picture], key: Key) -> list[Rag]:
    """Statuses of drawn icons, the largest first; arrows and bullets do not count."""
    out: list[Rag] = []
    for s in sorted(shapes, key=lambda s: -s.box.area):
        if max(s.box.width, s.box.height) < 3.5:
            continue
        rag = colour_rag(s.colour, key)
        if rag:
            out.append(rag)
    for p in pictures:
        rag = colour_rag(p.colour, key) if not p.turn else None
        if rag:
            out.append(rag)
    return out


@cache
def _known_signs() -> dict[str, Rag]:
    """Sign to rag, for signs that mean one whatever their colour."""
    return {s: rag for rag, signs in status_data()["signs"].items() if rag != "coloured" for s in signs}


def glyph_rag(sign: str, colour: Colour, key: Key) -> Rag | None:
    """Status of a sign printed as a character: by its colour, else by what the sign means."""
    data = status_data()["signs"]
    sign = sign.replace("\ufe0f", "")
    if sign in key.signs:
        return key.signs[sign]
    known = _known_signs()
    if sign in data["coloured"] or sign in known:
        by_colour = colour_rag(colour, key)
        if by_colour and (by_colour != "grey" or sign not in known):
            return by_colour
        return known.get(sign)
    return None


# --- direction of travel ------------------------------------------------------------------------------------


def read_direction(cell: Cell, key: Key, polarity: str | None = None) -> Direction | None:
    """Direction of travel of a cell, from words, signs or drawn arrows; None where it shows none."""
    word = word_direction(cell.text)
    if word:
        return word
    for w in cell.words:
        turn = sign_turn(sign_of(w)) or (_lost_arrow(w.text) if len(cell.words) == 1 else None)
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


def shape_direction(shapes: Iterable[Shape], key: Key, polarity: str | None = None) -> Direction | None:
    """Direction of the first drawn arrow among some shapes."""
    best: tuple[str, Colour] | None = None
    for s in sorted(shapes, key=lambda s: -s.box.area):
        turn = arrow_turn(s)
        if turn:
            best = (turn, s.colour)
            break
    return arrow_meaning(best[0], best[1], key, polarity) if best else None


@lru_cache(maxsize=4096)
def word_direction(text: str) -> Direction | None:
    """Direction that a text says in words ("Improving", "no change since Q1"), or None."""
    s = fold(BRACKETED.sub(" ", text))
    if not s or len(s) > 80:
        return None
    words = direction_words()
    if s in words:
        return words[s]  # type: ignore[return-value]
    if len(s.split()) <= 8:
        hits = [(len(w), d) for w, d in words.items() if len(w) > 3 and f" {w} " in f" {s} "]
        if hits:
            return max(hits)[1]  # type: ignore[return-value]
    return None


def _lost_arrow(text: str) -> str | None:
    """Where an arrow of Wingdings pointed of which only the letter is left."""
    return next(
        (str(t) for t, letters in status_data()["direction_letters"].items() if text in letters), None
    )


@lru_cache(maxsize=4096)
def sign_turn(sign: str) -> str | None:
    """`up`, `down` or `level` where a character is an arrow, else None."""
    s = sign.replace("\ufe0f", "")
    for turn, signs in status_data()["direction_signs"].items():
        if s in signs:
            return str(turn)
    if len(s) > 1 and len(set(s)) == 1:
        return sign_turn(s[0])
    return None


def arrow_turn(shape: Shape) -> str | None:
    """Where a drawn arrow points: `up`, `down`, `level`; None for dots, squares, stars and other forms.

    Three corners are a triangle, which points away from its level side. Other arrows end in one corner on the
    middle line, opposite a side where at least two corners lie.
    """
    pts = list(shape.points)
    if shape.stroked and not shape.curved:
        return _stroke_turn(pts, shape.box)
    if len(pts) > 1 and pts[0] == pts[-1]:
        pts.pop()
    pts = _corners(pts)
    b = shape.box
    if b.width < 2 or b.height < 2 or len(pts) < 3:
        return None
    if len(pts) == 3:
        return _triangle(pts, b.width, b.height)
    tip = _tip(pts, b)
    if tip and len(pts) != 10:
        return tip
    if len(pts) in (10, 14) and b.width > 1.3 * b.height and not shape.curved:
        return "level"  # an arrow with a head at either end
    return None


def _corners(pts: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The points of a path less those that lie on the straight line between their neighbours."""
    out = []
    n = len(pts)
    for i in range(n):
        (ax, ay), (bx, by), (cx, cy) = pts[i - 1], pts[i], pts[(i + 1) % n]
        if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) > 0.15:
            out.append(pts[i])
    return out


def _stroke_turn(pts: list[tuple[float, float]], b: Box) -> str | None:
    """Where an arrow drawn with a pen points: a shaft and a head, more of its corners being at the head."""
    if len(pts) < 5 or len(pts) > 9 or max(b.width, b.height) < 3:
        return None
    dx = (sum(p[0] for p in pts) / len(pts) - b.cx) / max(b.width, 1.0)
    dy = (sum(p[1] for p in pts) / len(pts) - b.cy) / max(b.height, 1.0)
    if max(abs(dx), abs(dy)) < 0.06:
        return None
    if abs(dy) >= 0.5 * abs(dx):
        return "down" if dy > 0 else "up"
    return "level"


def _tip(pts: list[tuple[float, float]], b: Box) -> str | None:
    def near(values: list[float], at: float, size: float) -> list[int]:
        return [i for i, v in enumerate(values) if abs(v - at) <= 0.08 * size]

    xs, ys = [p[0] for p in pts], [p[1] for p in pts]
    sides = {
        "up": (near(ys, b.y0, b.height), near(ys, b.y1, b.height), xs, b.cx, b.width),
        "down": (near(ys, b.y1, b.height), near(ys, b.y0, b.height), xs, b.cx, b.width),
        "right": (near(xs, b.x1, b.width), near(xs, b.x0, b.width), ys, b.cy, b.height),
        "left": (near(xs, b.x0, b.width), near(xs, b.x1, b.width), ys, b.cy, b.height),
    }
    for turn, (tip, base, across, middle, size) in sides.items():
        if len(tip) == 1 and len(base) >= 2 and abs(across[tip[0]] - middle) <= 0.12 * size:
            spread = [across[i] for i in base]
            if abs((max(spread) + min(spread)) / 2 - middle) <= 0.15 * size:
                return turn if turn in ("up", "down") else "level"
    return None


def _triangle(pts: list[tuple[float, float]], width: float, height: float) -> str | None:
    ys = sorted(p[1] for p in pts)
    xs = sorted(p[0] for p in pts)
    if ys[2] - ys[1] < 0.15 * height:
        return "up"
    if ys[1] - ys[0] < 0.15 * height:
        return "down"
    if xs[2] - xs[1] < 0.15 * width or xs[1] - xs[0] < 0.15 * width:
        return "level"
    return None


def arrow_meaning(turn: str, colour: Colour | None, key: Key, polarity: str | None) -> Direction:
    """What an arrow means: its colour decides where it is red or green, else the way it points.

    Where the report says that arrows show the figure going up or down, polarity turns them round.
    """
    name = colour_name(colour)
    if turn == "level":
        return "steady"
    if name == "green":
        return "improving"
    if name == "red":
        return "worsening"
    up = turn == "up"
    if key.arrows_show_value and polarity == "lower":
        up = not up
    return "improving" if up else "worsening"


def disagreement(found: Sequence[Evidence]) -> str | None:
    """A sentence where readings of one status contradict each other, else None."""
    rags = list(dict.fromkeys(e.rag for e in found if e.rag != "grey"))
    if len(rags) < 2:
        return None
    return "; ".join(f"its {e.shown_as} says {e.rag}" for e in found if e.rag in rags)

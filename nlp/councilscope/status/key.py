"""What the report's own key says, and what colours mean through it."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field
from functools import lru_cache

from councilscope.lexicon import status_data
from councilscope.page import Colour
from councilscope.records import Rag

NEITHER = "neither"  # what an arrow means that a key calls neither good nor bad
STRONG = 0.35  # chroma of a colour that is surely meant as a signal
DULL = 0.25  # chroma of a colour that is meant as one where only a status can stand
TINT = 0.11  # chroma from which the fill of a cell is no mere shading
SAME = 0.06  # how far, in any channel, a colour may be from that of the key and still be the same ink
YELLOW = (
    52,
    72,
)  # degrees: what of the amber of status.toml is yellow, which some keys use for a thing of its own


@dataclass
class Key:
    """What the report's own key says.

    `colours` maps names of colours, `words` folded words and letters, `signs` characters to a rag; `swatches` holds
    colours just as the key shows them, where their hue alone does not say what they mean. `rules` are the
    descriptions of red, amber and green, from which a tolerance may be read. `arrows_show_value` is True where
    arrows show the figure going up or down rather than performance getting better or worse. `arrows` are the arrows
    that the key shows with what it says they mean.
    """

    colours: dict[str, Rag] = field(default_factory=dict)
    words: dict[str, Rag] = field(default_factory=dict)
    signs: dict[str, Rag] = field(default_factory=dict)
    swatches: list[tuple[Colour, Rag]] = field(default_factory=list)
    rules: dict[str, str] = field(default_factory=dict)
    arrows_show_value: bool = False
    arrows: list[tuple[str, Colour, str]] = field(default_factory=list)  # way, colour, direction
    notes: list[str] = field(default_factory=list)

    def swatch(self, c: Colour) -> Rag | None:
        """The meaning of the key's swatch that has this very colour, or None."""
        near = [(max(abs(a - b) for a, b in zip(c, known, strict=True)), rag) for known, rag in self.swatches]
        best = min(near, key=lambda d: d[0], default=None)
        return best[1] if best and best[0] <= SAME else None

    def arrow(self, way: str, c: Colour | None) -> str | None:
        """What the colour of an arrow means, where the key shows arrows of one way in colours that differ in meaning."""
        meanings = {d for w, _, d in self.arrows if w == way}
        if c is None or (len(meanings) < 2 and NEITHER not in meanings):
            return None
        near = [(max(abs(a - b) for a, b in zip(c, known, strict=True)), d) for _, known, d in self.arrows]
        best = min(near, key=lambda d: d[0], default=None)
        return best[1] if best and best[0] <= SAME else None

    def learn_colour(self, c: Colour | None, meaning: Rag | None, least: float = STRONG) -> None:
        """Take over what a swatch means. Red, amber and green keep their own meaning, whatever stands beside them."""
        name = colour_name(c, least)
        if c is None or name in ("red", "green") or (name == "amber" and not is_yellow(c)):
            return
        if name == "amber":
            if meaning in ("grey", "blue", "green"):
                self.swatches.append((c, meaning))
        elif name in ("blue", "purple") and meaning:
            self.colours.setdefault(name, meaning)
        elif name == "grey":
            self.colours.setdefault("grey", meaning if meaning in ("blue", "grey") else "grey")
        elif meaning == "grey" and name is None:
            self.swatches.append((c, meaning))


def is_yellow(c: Colour) -> bool:
    degrees = colorsys.rgb_to_hls(*c)[0] * 360
    return YELLOW[0] <= degrees < YELLOW[1]


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
    if c is None:
        return None
    said = key.swatch(c) if key.swatches else None
    name = colour_name(c, least)
    if said or name is None:
        return said
    if name in key.colours:
        return key.colours[name]
    return name if name in ("red", "amber", "green", "blue", "grey") else None  # type: ignore[return-value]

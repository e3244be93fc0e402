"""Signs printed as characters: symbol fonts, ticks, crosses, dots and emoji."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from councilscope.lexicon import status_data, symbol_fonts
from councilscope.page import Colour, Word
from councilscope.records import Rag
from councilscope.status.key import Key, colour_rag


@lru_cache(maxsize=512)
def _symbol_font(name: str) -> str | None:
    """The symbol font that a font's name in a PDF means ("ABCDEF+Wingdings-Regular", "ITCZapfDingbatsStd"), or None."""
    bare = re.sub(r"[^a-z0-9]", "", name.split("+")[-1].casefold())
    bare = status_data()["symbol_font_names"].get(bare, bare)
    for font in symbol_fonts():
        if bare in (font, *(font + end for end in ("mt", "it", "std", "ps", "psmt"))) or re.fullmatch(
            rf"(?:itc)?{font}(?:itc|std|ms)*(?:regular|normal|medium|bold|italic|roman)*(?:mt)?", bare
        ):
            return font
    return None


def sign_of(word: Word) -> str:
    """The character that a word shows, a symbol font's letters turned into the sign they draw."""
    return _sign(word.text, word.font)


@lru_cache(maxsize=4096)
def _sign(text: str, of_font: str) -> str:
    font = _symbol_font(of_font)
    if font is None and any("\uf000" <= c <= "\uf0ff" for c in text):
        font = "wingdings"
    if font is None:
        return text
    chars = symbol_fonts()[font]
    return "".join(chars.get(c, c) for c in text)


def is_sign(text: str) -> bool:
    """Whether a text is one of the signs that state a status."""
    return text.strip() in _signs()


@cache
def _signs() -> frozenset[str]:
    return frozenset(s for group in status_data()["signs"].values() for s in group)


@cache
def _known_signs() -> dict[str, Rag]:
    """Sign to rag, for signs that mean one whatever their colour."""
    return {s: rag for rag, signs in status_data()["signs"].items() if rag != "coloured" for s in signs}


def glyph_rag(sign: str, colour: Colour, key: Key) -> Rag | None:
    """Status of a sign printed as a character: by its colour, else by what the sign means."""
    data = status_data()["signs"]
    sign = sign.replace("\ufe0f", "").replace("\ufe0e", "")
    if sign in key.signs:
        return key.signs[sign]
    known = _known_signs()
    if sign in data["coloured"] or sign in known:
        by_colour = colour_rag(colour, key)
        if by_colour and (by_colour != "grey" or sign not in known):
            return by_colour
        return known.get(sign)
    return None

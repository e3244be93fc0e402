"""English or Welsh: which of the two a text is in, and the English of a text in both.

By counting words that only one of the two uses, as in Cavnar and Trenkle's and later guessers with short words; the
words are in data/languages.toml. There is no third answer but None, where a text has no such word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Literal

from councilscope.lexicon import load_toml

Language = Literal["en", "cy"]

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STRETCH = re.compile(r"\n+|(?<=[.!?;:])\s+|\s+[/|]\s+")


@cache
def _words(language: Language) -> frozenset[str]:
    return frozenset(load_toml("languages.toml")[language])


def counts(words: Iterable[str]) -> tuple[int, int]:
    """How many of the words only English uses, and how many only Welsh."""
    english, welsh = _words("en"), _words("cy")
    in_english = in_welsh = 0
    for word, n in Counter(words).items():
        plain = word.casefold().replace("’", "'")
        in_english += n if plain in english else 0
        in_welsh += n if plain in welsh else 0
    return in_english, in_welsh


def language_of(text: str) -> Language | None:
    """The language that most of a text's telling words belong to; None where there are none or as many of both."""
    english, welsh = counts(_WORD.findall(text))
    return "cy" if welsh > english else "en" if english > welsh else None


def english_only(text: str) -> str:
    """The text with blanks in place of what is in Welsh, so that every character keeps its place.

    A sentence (or what stands on either side of a slash) without telling words goes with the one before it.
    """
    if counts(_WORD.findall(text))[1] < 2:
        return text
    parts: list[tuple[int, int]] = []
    start = 0
    for gap in _STRETCH.finditer(text):
        parts.append((start, gap.end()))
        start = gap.end()
    parts.append((start, len(text)))
    found = [language_of(text[a:b]) for a, b in parts]
    before = next((f for f in found if f), None)
    out = []
    for (a, b), said in zip(parts, found, strict=True):
        before = said or before
        out.append(text[a:b] if before != "cy" else re.sub(r"\S", " ", text[a:b]))
    return "".join(out)

"""The word list of `data/themes.toml`, and a quick way to find its phrases in a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import product

from councilscope.errors import ConfigError

WORD = re.compile(r"£?[a-z0-9]+(?:['’][a-z]+)?")


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its contract id, name, definition and phrases as written in the data file."""

    id: str
    name: str
    definition: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of a theme found in a text at start:end."""

    theme: int
    start: int
    end: int


@cache
def themes() -> tuple[Theme, ...]:
    """The themes in the order of the data file; `ConfigError` if it cannot be read."""
    source = resources.files("councilscope").joinpath("data/themes.toml")
    try:
        rows = tomllib.loads(source.read_text(encoding="utf-8"))["theme"]
        return tuple(Theme(r["id"], r["name"], r["definition"], tuple(r["words"])) for r in rows)
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"data/themes.toml cannot be read ({error}); reinstall councilscope or mend the file"
        ) from error


def expand(phrase: str) -> set[str]:
    """All plain phrases that one with "(a|b)" and "?" stands for; stars stay."""
    parts = re.findall(r"\([^()]*\)\??|[^()]\??", phrase)
    choices = []
    for part in parts:
        optional = part.endswith("?") and len(part) > 1
        body = part[:-1] if optional else part
        options = body[1:-1].split("|") if body.startswith("(") else [body]
        choices.append([*options, ""] if optional else options)
    return {re.sub(r"\s+", " ", "".join(c)).strip() for c in product(*choices)}


class Finder:
    """Finds the phrases of all themes in one pass over a text's words.

    A phrase is looked up by its first word, whole or (with a star) by each of the word's beginnings. Hyphens
    count as spaces on both sides.
    """

    def __init__(self, rows: tuple[Theme, ...]) -> None:
        self.whole: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        self.begun: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for k, theme in enumerate(rows):
            for phrase in sorted({p for written in theme.words for p in expand(written)}):
                words = tuple(phrase.lower().replace("-", " ").replace("&", " ").split())
                if words:
                    first = words[0].rstrip("*")
                    (self.begun if words[0].endswith("*") else self.whole).setdefault(first, []).append(
                        (k, words[1:])
                    )
        self.shortest = min((len(w) for w in self.begun), default=1)
        self.longest = max((len(w) for w in self.begun), default=0)
        self.cache: dict[str, list[tuple[int, tuple[str, ...]]]] = {}

    def starting(self, word: str) -> list[tuple[int, tuple[str, ...]]]:
        """Phrases whose first word this is: theme and the words still to come."""
        found = self.cache.get(word)
        if found is None:
            found = list(self.whole.get(word, ()))
            for n in range(self.shortest, min(len(word), self.longest) + 1):
                found += self.begun.get(word[:n], ())
            if len(self.cache) < 50_000:
                self.cache[word] = found
        return found

    def find(self, text: str) -> Iterator[Hit]:
        """Every phrase found, in the order of the text; phrases may overlap."""
        tokens = [(m.group(), m.start(), m.end()) for m in WORD.finditer(text.lower())]
        for i, (word, start, end) in enumerate(tokens):
            for theme, rest in self.starting(word):
                if not rest:
                    yield Hit(theme, start, end)
                elif len(tokens) - i > len(rest) and all(
                    t[0].startswith(w[:-1]) if w.endswith("*") else t[0] == w
                    for w, t in zip(rest, tokens[i + 1 :], strict=False)
                ):
                    yield Hit(theme, start, tokens[i + len(rest)][2])


@cache
def finder() -> Finder:
    """The finder for the shipped word list."""
    return Finder(themes())

"""The word lists of data/values.toml, and the tidying of text that every reader of values begins with."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from councilscope.errors import ConfigError

_TABLE = str.maketrans(
    {
        **dict.fromkeys("‘’‚`´ʼ", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("–—―‐‑−﹣－", "-"),
        **dict.fromkeys("\u00ad\u200b\ufeff\u200c\u200d\u2060", None),
        "％": "%",
        "≧": "≥",
        "≦": "≤",
        "…": "...",
    }
)
_THIN = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")


@cache
def lists() -> dict[str, Any]:
    """The lists as in the file. Raises ConfigError where the file is damaged."""
    try:
        return tomllib.loads(files("councilscope").joinpath("data/values.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as err:
        raise ConfigError(f"data/values.toml cannot be read: {err}; reinstall councilscope") from err


@lru_cache(maxsize=4096)
def tidy(text: str | None) -> str:
    """Plain quotes and dashes, single blanks, no soft hyphens; thousands set off by thin blanks are joined."""
    said = str(text or "")
    return " ".join((said if said.isascii() else _THIN.sub("", said).translate(_TABLE)).split())


def alternatives(words: list[str]) -> str:
    """A regular expression of the words, longest first; a blank stands for any white space or none before a sign."""
    ordered = sorted(set(words), key=lambda w: (-len(w), w))
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") for w in ordered)


@cache
def word_set(*path: str) -> frozenset[str]:
    """The list at `path` ("periods", "own") as a set of lower-case words."""
    found: Any = lists()
    for key in path:
        found = found[key]
    return frozenset(w.casefold() for w in found)

"""A codebook as records, from and to TOML, and what is worth mending in one."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from councilscope.errors import ConfigError
from councilscope.lexicon import load_toml
from councilscope.tagging import Finder, Theme

SHIPPED = "shipped"
"""The name under which commands know the project's own list of themes."""
ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
LISTS = ("examples", "counter_examples", "words")
NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ENOUGH_EXAMPLES = 3

TEMPLATE = """\
# A codebook: the themes that texts are to be labelled with. `councilscope codebook check` says what is missing.
#
# id: short, lower case, never changed later. definition: what belongs to the theme and what does not, so that two
# people would agree. examples: passages that have it. counter_examples: passages that look like it and do not.
# words (optional): phrases that speak for it; "*" stands for any further letters, "(a|b)" for either.

name = "My codebook"
description = ""

[[theme]]
id = "staffing"
name = "Staffing"
definition = "Posts that are empty, hard to fill or away, and what that does to the work"
examples = [
  "Two posts have stood empty since June and the advert drew nobody.",
]
counter_examples = [
  "Staff thanked residents for their patience.",
]
words = ["vacan*", "recruit*", "sickness"]
"""


@dataclass(frozen=True)
class Code:
    """One theme of a codebook. `words` are phrases as `data/themes.toml` writes them."""

    id: str
    name: str
    definition: str = ""
    examples: tuple[str, ...] = ()
    counter_examples: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """Themes in their order; ids are unique. ConfigError on making one where they are not, or an id is malformed."""

    name: str
    codes: tuple[Code, ...]
    description: str = ""

    def __post_init__(self) -> None:
        if not self.codes:
            raise ConfigError(f"{self.name or 'the codebook'}: it holds no theme; add a [[theme]]")
        for code in self.codes:
            if not ID.fullmatch(code.id):
                raise ConfigError(
                    f"{self.name}: {code.id!r} is no id; use lower-case letters, digits, - and _"
                )
        twice = [i for i, n in Counter(c.id for c in self.codes).items() if n > 1]
        if twice:
            raise ConfigError(f"{self.name}: the id {twice[0]!r} stands twice; ids must differ")

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids, in order."""
        return tuple(c.id for c in self.codes)

    @cached_property
    def finder(self) -> Finder:
        """Finds the codebook's words in texts."""
        return Finder(tuple(Theme(c.id, c.name, c.definition, c.words) for c in self.codes))

    def to_toml(self) -> str:
        """The codebook as a TOML file's text."""
        lines = [f"name = {_quoted(self.name)}", f"description = {_quoted(self.description)}"]
        for code in self.codes:
            lines += ["", "[[theme]]"]
            lines += [f"{k} = {_quoted(getattr(code, k))}" for k in ("id", "name", "definition")]
            for key in LISTS:
                if values := getattr(code, key):
                    lines += [f"{key} = [", *(f"  {_quoted(v)}," for v in values), "]"]
        return "\n".join(lines) + "\n"

    def advice(self) -> list[str]:
        """What would make the codebook better, a sentence each; empty where there is nothing to say."""
        said = []
        names = Counter(c.name.casefold() for c in self.codes)
        for c in self.codes:
            if names[c.name.casefold()] > 1:
                said.append(f"{c.id}: another theme has the name {c.name!r} too")
            if not c.definition:
                said.append(f"{c.id}: it has no definition")
            if len(c.examples) < ENOUGH_EXAMPLES:
                said.append(f"{c.id}: {len(c.examples)} examples; give at least {ENOUGH_EXAMPLES}")
            if not c.counter_examples:
                said.append(
                    f"{c.id}: it has no counter-example; a passage that only looks like it helps most"
                )
            if both := set(c.examples) & set(c.counter_examples):
                said.append(f"{c.id}: example and counter-example at once: {min(both)!r}")
            said += [
                f"{c.id}: the brackets of {w!r} do not match" for w in c.words if w.count("(") != w.count(")")
            ]
        return said


def load(path: str | Path) -> Codebook:
    """The codebook in a TOML file, or the project's own for "shipped". ConfigError names what is wrong."""
    if str(path) == SHIPPED:
        return shipped()
    try:
        given = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"{path} cannot be read as a codebook: {why}") from None
    return from_table(given, str(path))


@cache
def shipped() -> Codebook:
    """The project's own themes (`data/themes.toml`)."""
    return from_table({"name": "councilscope", **load_toml("themes.toml")}, "data/themes.toml")


def from_table(given: Mapping[str, Any], where: str) -> Codebook:
    """A codebook from a parsed TOML file or a model's JSON; `where` is named in errors."""
    rows = given.get("theme")
    if not isinstance(rows, list) or not rows:
        raise ConfigError(
            f"{where}: it holds no [[theme]]; `councilscope codebook new` writes one to start from"
        )
    codes = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping) or not isinstance(row.get("id"), str):
            raise ConfigError(f"{where}: theme {number} has no id; give it a short one in lower case")
        texts = {k: row.get(k, "") for k in ("name", "definition")}
        lists = {k: row.get(k, []) for k in LISTS}
        bad = [k for k, v in texts.items() if not isinstance(v, str)]
        bad += [
            k for k, v in lists.items() if not isinstance(v, list) or not all(isinstance(x, str) for x in v)
        ]
        if bad:
            raise ConfigError(
                f"{where}: {row['id']}: {bad[0]} is of the wrong kind; see `councilscope codebook new`"
            )
        if unknown := set(row) - {"id", *texts, *lists}:
            raise ConfigError(
                f"{where}: {row['id']}: {min(unknown)!r} is not known; there are id, name, definition, {', '.join(LISTS)}"
            )
        facts: dict[str, Any] = {**texts, **{k: tuple(v) for k, v in lists.items()}}
        codes.append(Code(row["id"].strip(), **facts))
    try:
        book = tidy(str(given.get("name") or Path(where).stem), codes, str(given.get("description", "")))
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None
    return replace(book, codes=tuple(replace(c, name=c.name or c.id) for c in book.codes))


def tidy(name: str, codes: Iterable[Code], description: str = "") -> Codebook:
    """A codebook whose texts have no stray spaces, empty items or characters that XML cannot hold."""
    cleaned = []
    for c in codes:
        facts: dict[str, Any] = {
            k: tuple(dict.fromkeys(t for v in getattr(c, k) if (t := clean(v)))) for k in LISTS
        }
        cleaned.append(
            replace(c, name=" ".join(clean(c.name).split()), definition=clean(c.definition), **facts)
        )
    return Codebook(clean(name), tuple(cleaned), clean(description))


def clean(text: str) -> str:
    """A text without spaces around it, with line feeds alone as line ends, without control characters."""
    return NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def slug(name: str, taken: Sequence[str] = ()) -> str:
    """An id from a name: "Cost of living" gives "cost-of-living"; a number is added where it is taken."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "theme"
    return next(i for n in range(1, len(taken) + 2) if (i := base if n == 1 else f"{base}-{n}") not in taken)


def _quoted(text: str) -> str:
    """A TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

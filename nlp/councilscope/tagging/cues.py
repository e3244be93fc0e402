"""The cue words of `data/cues.toml` as compiled patterns, and the questions that they answer about a text."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from councilscope.errors import ConfigError
from councilscope.records import Period

CLAUSE_END = re.compile(r"[.;:!?](?=\s|$)|\n|,? but | although | though | however")


def compile_cue(phrase: str) -> str:
    """One phrase of the data file as a regular expression: spaces stretch, `*` runs on to the word's end."""
    escaped = "".join(
        c if c.isalnum() or c in "()|?" else r"\w*" if c == "*" else re.escape(c) for c in phrase
    )
    return escaped.replace(r"\ ", r"[^\S\n]+")


def alternatives(phrases: list[str]) -> str:
    """A group that matches any of the phrases, the longest first, at word boundaries."""
    body = "|".join(compile_cue(p) for p in sorted(phrases, key=len, reverse=True))
    return rf"(?<![\w-])(?:{body})(?![\w])"


@cache
def table() -> dict[str, Any]:
    """`data/cues.toml` as it stands; `ConfigError` if it cannot be read."""
    source = resources.files("councilscope").joinpath("data/cues.toml")
    try:
        return tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(
            f"data/cues.toml cannot be read ({error}); reinstall councilscope or mend the file"
        ) from error


@cache
def pattern(section: str, key: str) -> re.Pattern[str]:
    """The phrases of one list of the data file as one pattern."""
    try:
        return re.compile(alternatives(table()[section][key]), re.I)
    except (KeyError, re.error) as error:
        raise ConfigError(f"data/cues.toml, [{section}] {key}: {error}") from error


@cache
def words(section: str, key: str) -> frozenset[str]:
    """A list of the data file that holds single words."""
    return frozenset(table()[section][key])


def says_nothing(text: str) -> bool:
    """Whether the text is empty or one of the stock phrases ("None", "N/A", "No items by exception to report")."""
    bare = text.strip().strip(".-–—*•:;() \t\n").strip()
    if not any(c.isalpha() for c in bare):
        return True
    return len(bare) <= 80 and bool(pattern("empty", "texts").fullmatch(bare))


def clause(text: str, start: int, end: int) -> tuple[str, str]:
    """The words of the clause before and after a stretch, within its sentence and line."""
    before = text[max(0, start - 160) : start]
    cut = max((m.end() for m in CLAUSE_END.finditer(before)), default=0)
    after = text[end : end + 120]
    stop = CLAUSE_END.search(after)
    return before[cut:], after[: stop.start()] if stop else after


def assertion(text: str, start: int, end: int) -> str:
    """`negated`, `possible` or `asserted`, from the words around and at the head of a cause."""
    before, after = clause(text, start, end)
    inside = text[start:end]
    near = before[-60:]
    if pattern("cause", "nothing_new").match(inside) or pattern("assertion", "negated_after").match(
        after.lstrip(" ,)")
    ):
        return "negated"
    if any(m.end() >= len(near) - 25 for m in pattern("assertion", "negated_before").finditer(near)):
        return "negated"
    if pattern("assertion", "possible_after").match(after.lstrip()):
        return "possible"
    if any(m.end() >= len(near) - 22 for m in pattern("assertion", "possible_before").finditer(near)):
        return "possible"
    return "asserted"


def denied(text: str, start: int, end: int) -> bool:
    """Whether the words around a cause deny it."""
    return assertion(text, start, end) == "negated"


def owner_kind(name: str) -> str:
    """`person`, `role`, `team` or `body` from the shape of the name; `body` where nothing tells."""
    low = name.lower()
    if pattern("owner", "role_starts").match(low):
        return "role"
    hits = []
    for kind in ("body", "team", "role"):
        for m in pattern("owner", kind).finditer(low):
            hits.append((m.end(), m.end() - m.start(), kind))
    if hits:
        return max(hits)[2]
    if re.fullmatch(
        r"(?:(?:Mr|Mrs|Ms|Dr|Cllr|Councillor)\.? )?(?:[A-Z][\w'’-]*\.? ){1,2}[A-Z][\w'’-]+", name
    ):
        return "person"
    return "body"


def effect(text: str, start: int, end: int) -> str:
    """`favourable` where the cause or its clause says that it helps, else `adverse`."""
    before, after = clause(text, start, end)
    return (
        "favourable"
        if pattern("effect", "favourable").search(before + text[start:end] + after)
        else "adverse"
    )


def before_covid(period: Period | None) -> bool:
    """Whether a period ended before January 2020, when the first cases in the UK were confirmed (31 January 2020)."""
    if period is None or not period.financial_year[:4].isdigit():
        return False
    year = int(period.financial_year[:4])
    return year < 2019 or (year == 2019 and period.quarter in (1, 2, 3))

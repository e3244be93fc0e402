"""Counts of the annotated commentary as Markdown tables, for scripts/corpus-counts and the datasheet."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

from training import corpus
from training.corpus import Text

GROUPS = Path(__file__).resolve().parent / "service_groups.toml"
FALLBACK = "governance and corporate"
BETWEEN_ITEMS = re.compile(r";| / ")


@cache
def groups() -> dict[str, re.Pattern[str]]:
    """The groups of services, each with what a service of it has in its name."""
    table: dict[str, list[str]] = tomllib.loads(GROUPS.read_text(encoding="utf-8"))

    def pattern(word: str) -> str:
        return rf"\b{re.escape(word)}" + (r"\b" if len(word) <= 3 else "")

    return {name: re.compile("|".join(map(pattern, words)), re.IGNORECASE) for name, words in table.items()}


def service_group(text: Text) -> str:
    """The group that the service of a text belongs to, "not given" where it names none."""
    if not (service := text.get("service")):
        return "not given"
    return next((name for name, pattern in groups().items() if pattern.search(service)), FALLBACK)


def words(text: Text) -> int:
    """Words between white space."""
    return len(text["text"].split())


def is_list(text: Text) -> bool:
    """Three items or more: lines of their own, or one line divided twice by a semicolon or a spaced slash."""
    lines = text["text"].split("\n")
    return len(lines) >= 3 or any(len(BETWEEN_ITEMS.findall(line)) >= 2 for line in lines)


def marks(text: Text, *labels: str) -> bool:
    """Whether the text has a span of one of the labels."""
    return any(s["label"] in labels for s in text["spans"])


def is_hard_negative(text: Text) -> bool:
    """Neither a cause nor an action, or a cause that is denied, or an action that is not called for."""
    refused = any(
        s["attrs"].get("assertion") == "negated" or s["attrs"].get("status") == "none" for s in text["spans"]
    )
    return refused or not marks(text, "CAUSE", "ACTION")


def split_of() -> dict[str, str]:
    """The split of each author."""
    return {author: name for name in corpus.SPLITS for author in corpus.authors(name)}


def table(head: str, rows: Iterable[tuple[str, list[str]]], *columns: str) -> Iterator[str]:
    """The lines of one Markdown table."""
    yield f"| {' | '.join((head, *columns))} |"
    yield f"| --- |{' --: |' * len(columns)}"
    for name, cells in rows:
        yield f"| {' | '.join((name, *cells))} |"
    yield ""


def by(texts: list[Text], head: str, key: Callable[[Text], str], order: Iterable[str] = ()) -> Iterator[str]:
    """A table of texts, words and spans by what `key` says of each text; most frequent first without an order."""
    parts: dict[str, list[Text]] = {name: [] for name in order}
    for text in texts:
        parts.setdefault(key(text), []).append(text)
    named = list(parts.items()) if order else sorted(parts.items(), key=lambda p: (-len(p[1]), p[0]))
    rows = ((name, [f"{n:,}" for n in figures(part)]) for name, part in named if part)
    yield from table(head, rows, "texts", "words", *corpus.LABELS)


def figures(texts: list[Text]) -> list[int]:
    """Texts, words, and spans of each label."""
    spans = Counter(s["label"] for t in texts for s in t["spans"])
    return [len(texts), sum(map(words, texts)), *(spans[label] for label in corpus.LABELS)]


def main_table(texts: list[Text]) -> list[str]:
    """The totals that the datasheet quotes: texts, words, spans and relations by split."""
    splits = split_of()
    lines = list(by(texts, "split", lambda t: splits[t["author"]], corpus.SPLITS))[:-1]
    return [*lines, f"| **all** | {' | '.join(f'{n:,}' for n in figures(texts))} |"]


def shares(texts: list[Text]) -> list[str]:
    """How many texts are lists, carry nothing, or are there to be left alone, with their share."""
    kinds: dict[str, Callable[[Text], bool]] = {
        "three lines or more": lambda t: t["text"].count("\n") >= 2,
        "a list of three items or more, in lines or in one line": is_list,
        "no span": lambda t: not t["spans"],
        "neither cause nor action": lambda t: not marks(t, "CAUSE", "ACTION"),
        "the same, or a denied cause, or an action that is not called for": is_hard_negative,
    }
    counted = ((name, sum(map(test, texts))) for name, test in kinds.items())
    rows = ((name, [f"{n:,}", f"{n / len(texts):.0%}"]) for name, n in counted)
    return list(table("texts that are or have", rows, "texts", "of all"))[:-1]


def attributes(texts: list[Text]) -> Iterator[str]:
    """How often each value of each attribute is given, and relations."""
    spans = [s for t in texts for s in t["spans"]]
    for label, keys in corpus.VALUES.items():
        for key, values in keys.items():
            n = Counter(s["attrs"][key] for s in spans if s["label"] == label)
            rows = [(value, [f"{n[value]:,}"]) for value in values]
            yield from table(f"{label}: {key}", rows, "spans")
    dated = Counter(bool(s["attrs"].get("iso")) for s in spans if s["label"] == "DEADLINE")
    rows = [("with a last day", [f"{dated[True]:,}"]), ("without", [f"{dated[False]:,}"])]
    yield from table("DEADLINE: iso", rows, "spans")
    links = Counter(r["label"] for t in texts for r in t["relations"])
    yield from table("relation", [(name, [f"{links[name]:,}"]) for name in corpus.ENDS_WITH], "links")


def every_table(texts: list[Text]) -> list[str]:
    """All tables, with a heading each."""
    splits = split_of()
    years = sorted({(t.get("period") or "not given")[:7] for t in texts})
    themes = Counter(theme for t in texts for theme in t["themes"])
    none = sum(not t["themes"] for t in texts)
    lines = ["## In all", "", *main_table(texts), "", *shares(texts), "", "## Attributes and relations", ""]
    lines += attributes(texts)
    lines += ["## Themes of texts", ""]
    counted = [*((name, [f"{themes[name]:,}"]) for name in corpus.THEMES), ("none", [f"{none:,}"])]
    lines += table("theme", counted, "texts")
    for title, head, key, order in (
        ("Services", "service", lambda t: service_group(t), [*groups(), "not given"]),
        ("Sections", "section", lambda t: t["section"], corpus.SECTIONS),
        ("Nations", "nation", lambda t: t.get("nation") or "not given", ()),
        ("Years", "year", lambda t: (t.get("period") or "not given")[:7], years),
        ("Genres", "genre", lambda t: t.get("genre") or "not given", ()),
        ("Authors", "author", lambda t: f"{t['author']} ({splits[t['author']]})", ()),
    ):
        lines += [f"## {title}", "", *by(texts, head, key, order)]
    return lines[:-1]

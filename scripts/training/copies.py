"""Near-copies: texts that share runs of eight words, within the corpus and with the reports kept for evaluation.

A run is eight words in a row, without case and punctuation. Two texts are near-copies when they share at least
`SHARE` of the runs of the one that has fewer, or at least `RUNS` runs (a copied sentence in two long texts). A text of
five to seven words is one run, the whole of it; shorter ones ("Not applicable this quarter") have none. A stock phrase
of eight words alone ("it is not proposed to alter the target") is no fault in a text of some length.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

LENGTH = 8
SHORTEST = 5
PASSAGE = 12
SHARE = 0.3
RUNS = 12
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

Run = tuple[str, ...]


class Pair(NamedTuple):
    """Two texts by name, how many runs they share, the share of the shorter one's runs, and one of the runs."""

    one: str
    other: str
    runs: int
    share: float
    example: str

    def __str__(self) -> str:
        return (
            f"{self.one} and {self.other}: near-copies, {self.runs} runs of {LENGTH} words in common "
            f"({self.share:.0%} of the shorter text), such as {self.example!r}"
        )


def runs(text: str) -> frozenset[Run]:
    """The runs of eight words of a text; the text itself where it has five to seven."""
    words = tuple(w.lower().replace("’", "'") for w in WORD.findall(text))
    if len(words) < LENGTH:
        return frozenset([words] if len(words) >= SHORTEST else [])
    return frozenset(words[i : i + LENGTH] for i in range(len(words) - LENGTH + 1))


def near_copies(texts: Iterable[tuple[str, str]], others: Iterable[tuple[str, str]] = ()) -> Iterator[Pair]:
    """Near-copies among named texts, or between `texts` and `others` where those are given, in their order."""
    first = [(name, runs(body)) for name, body in texts]
    second = [(name, runs(body)) for name, body in others]
    held = [*first, *second]
    where: dict[Run, list[int]] = defaultdict(list)
    for i, (_, found) in enumerate(held):
        for run in found:
            where[run].append(i)
    shared: Counter[tuple[int, int]] = Counter()
    for places in where.values():
        if len(places) > 1:
            shared.update(combinations(places, 2))
    for (a, b), n in sorted(shared.items()):
        if second and (a < len(first)) == (b < len(first)):
            continue
        share = n / min(len(held[a][1]), len(held[b][1]))
        if share >= SHARE or n >= RUNS:
            yield Pair(held[a][0], held[b][0], n, share, " ".join(min(held[a][1] & held[b][1])))


def strings(value: Any) -> Iterator[str]:
    """Every string within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)


def report_texts(folder: Path) -> list[tuple[str, str]]:
    """What the gold of the reports in `folder` quotes, in passages of twelve words or more (a title is shorter), by file."""
    found: dict[tuple[str, str], None] = {}
    for path in sorted([*folder.glob("*.gold.json"), *folder.glob("*.tags.jsonl")]):
        body = path.read_text(encoding="utf-8")
        for part in body.splitlines() if path.suffix == ".jsonl" else [body]:
            for text in strings(json.loads(part)):
                if len(WORD.findall(text)) >= PASSAGE:
                    found[path.name, text] = None
    return list(found)

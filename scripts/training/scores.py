"""How good spans, attributes, relations and themes are: the project's own scorer.

strict: same label, same start and end. relaxed: same label, and the two spans share at least half of the words
that either holds; any: they share a word. Each span is paired at most once, the best pairs first.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

WORD = re.compile(r"\w+")
Item = dict[str, Any]


class Score(NamedTuple):
    """Precision, recall and F1 with the counts they rest on."""

    right: int
    found: int
    gold: int

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        return self.right / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.found + self.gold) if self.found + self.gold else 0.0


def words_of(text: str, span: Item) -> set[int]:
    """Where the words of a span begin."""
    return {m.start() for m in WORD.finditer(text, span["start"], span["end"])}


def pairs(text: str, gold: Sequence[Item], found: Sequence[Item], least: float) -> list[tuple[int, int]]:
    """Gold and found spans of one label matched one to one by the share of common words, at least `least`."""
    candidates = []
    for i, g in enumerate(gold):
        for j, f in enumerate(found):
            if g["label"] != f["label"] or g["start"] >= f["end"] or f["start"] >= g["end"]:
                continue
            a, b = words_of(text, g), words_of(text, f)
            if a and b and len(a & b) / len(a | b) >= least and a & b:
                candidates.append((len(a & b) / len(a | b), i, j))
    out: list[tuple[int, int]] = []
    for _, i, j in sorted(candidates, reverse=True):
        if all(i != x and j != y for x, y in out):
            out.append((i, j))
    return out


def add(a: Score, right: int, found: int, gold: int) -> Score:
    """The score with more counts."""
    return Score(a.right + right, a.found + found, a.gold + gold)


def spans(texts: Iterable[Item], answers: Iterable[Item]) -> dict[str, dict[str, Score]]:
    """`{label or "ALL": {"strict": Score, "relaxed": Score, "any": Score}}`, plus both kinds of "relations"."""
    table: dict[str, dict[str, Score]] = defaultdict(lambda: defaultdict(lambda: Score(0, 0, 0)))
    for text, answer in zip(texts, answers, strict=True):
        gold, found = text["spans"], answer["spans"]
        n_gold, n_found = Counter(s["label"] for s in gold), Counter(s["label"] for s in found)
        exact = Counter(
            lab
            for lab, *_ in {(s["label"], s["start"], s["end"]) for s in gold}
            & {(s["label"], s["start"], s["end"]) for s in found}
        )
        ways = {"strict": exact}
        for kind, least in (("relaxed", 0.5), ("any", 0.0)):
            ways[kind] = Counter(gold[i]["label"] for i, _ in pairs(text["text"], gold, found, least))
        for label in n_gold | n_found:
            for name in (label, "ALL"):
                for kind, right in ways.items():
                    table[name][kind] = add(table[name][kind], right[label], n_found[label], n_gold[label])
        back = {j: i for i, j in pairs(text["text"], gold, found, 0.0)}
        wanted = {(r["label"], r["head"], r["tail"]) for r in text["relations"]}
        given = [(r["label"], back.get(r["head"]), back.get(r["tail"])) for r in answer["relations"]]
        table["relations"]["touching"] = add(
            table["relations"]["touching"], sum(r in wanted for r in given), len(given), len(wanted)
        )
    return {k: dict(v) for k, v in table.items()}


def intervals(
    texts: Sequence[Item], answers: Sequence[Item], draws: int = 1000
) -> dict[tuple[str, str], tuple[float, float]]:
    """`{(label, kind): (low, high)}`: 95 % of the F1 of texts drawn anew with repeats (percentile bootstrap, seeded)."""
    each = [spans([t], [a]) for t, a in zip(texts, answers, strict=True)]
    names = sorted({(label, kind) for table in each for label, kinds in table.items() for kind in kinds})
    nothing = Score(0, 0, 0)
    counts = np.array([[t.get(label, {}).get(kind, nothing) for label, kind in names] for t in each], float)
    drawn = np.random.default_rng(0).integers(0, len(each), (draws, len(each)))
    out = {}
    for k, name in enumerate(names):
        right, found, gold = counts[:, k][drawn].sum(axis=1).T
        f1 = 2 * right / np.maximum(found + gold, 1)
        out[name] = (float(np.quantile(f1, 0.025)), float(np.quantile(f1, 0.975)))
    return out


def attributes(texts: Iterable[Item], answers: Iterable[Item]) -> dict[str, tuple[int, int]]:
    """`{"CAUSE.theme": (right, of), ...}` over the spans that match relaxed."""
    table: dict[str, tuple[int, int]] = {}
    for text, answer in zip(texts, answers, strict=True):
        for i, j in pairs(text["text"], text["spans"], answer["spans"], 0.5):
            g, f = text["spans"][i], answer["spans"][j]
            for key, value in g["attrs"].items():
                right, of = table.get(f"{g['label']}.{key}", (0, 0))
                table[f"{g['label']}.{key}"] = (right + (f["attrs"].get(key) == value), of + 1)
    return dict(sorted(table.items()))


def themes(texts: Iterable[Item], answers: Iterable[Item]) -> dict[str, Score]:
    """`{theme or "ALL": Score}`, "ALL" being micro-averaged."""
    table: dict[str, Score] = defaultdict(lambda: Score(0, 0, 0))
    for text, answer in zip(texts, answers, strict=True):
        gold, found = set(text["themes"]), {t["id"] for t in answer["themes"]}
        for theme in gold | found:
            for name in (theme, "ALL"):
                table[name] = add(
                    table[name], theme in gold and theme in found, theme in found, theme in gold
                )
    return dict(sorted(table.items()))

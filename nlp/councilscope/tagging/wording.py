"""What the words of a span and those around it say of its attributes: a linear model beside the network's heads.

The network knows phrases by their sense, these weights by their wording; each errs where the other is right. Method:
multinomial logistic regression over words, pairs and beginnings of words, fitted by `scripts/train tagger` on the corpus
and, for causes, on the bank in `corpus/phrases`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+|[£%]")
STOP = re.compile(r"(?<=[.;!?])\s")
AROUND = 5  # words on each side
BEGINNINGS = (4, 6)  # letters
FILE = "wording.npz"


def words_of(text: str) -> list[str]:
    """Words in lower case; every number is "0"."""
    return ["0" if w.isdigit() else w for w in WORD.findall(text.casefold())]


@lru_cache(maxsize=16)  # the spans of one text come one after the other
def long_words(text: str) -> tuple[str, ...]:
    """The different words of more than three letters, in the order of the text."""
    return tuple(dict.fromkeys(w for w in words_of(text) if len(w) > 3))


def features(text: str, start: int, end: int, section: str | None) -> dict[str, float]:
    """What is seen of the span at start:end: name and size of each feature.

    Each group of features (words of the span, pairs, beginnings, words to the left and right in its sentence, long
    words of the whole text) has the same length, however many words it holds.
    """
    inside = words_of(text[start:end])
    left = words_of(STOP.split(text[:start].split("\n")[-1])[-1])[-AROUND:]
    right = words_of(STOP.split(text[end:].split("\n")[0])[0])[:AROUND]
    out: dict[str, float] = {}

    def put(group: str, names: Iterable[str], size: float) -> None:
        distinct = dict.fromkeys(names)
        for name in distinct:
            out[f"{group}:{name}"] = size / len(distinct) ** 0.5

    put("word", inside, 2.0)
    put("pair", (f"{a} {b}" for a, b in pairwise(inside)), 1.0)
    put("begin", (w[:n] for w in inside for n in BEGINNINGS if len(w) > n), 2.0)
    put("first", (" ".join(inside[:n]) for n in (1, 2)), 0.4)
    put("left", left, 0.7)
    put("right", right, 0.7)
    if left:
        out[f"before:{left[-1]}"] = out[f"before:{' '.join(left[-2:])}"] = 0.7
    if section and inside:
        out[f"section:{section}"] = out[f"section:{section} {inside[0]}"] = 0.3
    put("text", long_words(text), 0.7)
    out["opens a line"] = float(re.search(r"(?:^|\n)\W*$", text[:start]) is not None)
    return out


class Wording:
    """The fitted weights. `logs` gives log probabilities; a head that was not fitted is not in `heads`."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / FILE, allow_pickle=False) as stored:
            names = bytes(stored["names"]).decode("utf-8").split("\n")
            self.heads = {k.removesuffix(".weight"): stored[k] for k in stored.files if k.endswith(".weight")}
            self.bias = {k.removesuffix(".bias"): stored[k] for k in stored.files if k.endswith(".bias")}
        self.place = {name: i for i, name in enumerate(names)}

    def logs(self, head: str, seen: dict[str, float]) -> np.ndarray:
        """Log probability of each value of `head` ("CAUSE.theme"), given what `features` sees."""
        known = [(self.place[name], size) for name, size in seen.items() if name in self.place]
        scores = self.bias[head].astype(np.float64)
        if known:
            rows, sizes = zip(*known, strict=True)
            scores = scores + np.array(sizes) @ self.heads[head][list(rows)].astype(np.float64)
        scores -= scores.max()
        return np.asarray(scores - np.log(np.exp(scores).sum()))

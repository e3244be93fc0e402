"""Fit how alike two indicators' titles must be to be one measure; write data/indicator_weights.toml and say how well it holds.

Learnt from data/indicators.toml itself (two wordings of one measure; wordings of two measures that look alike) and
the part `tune` of corpus/indicators/pairs.csv, which also chooses the three limits. The part `check` is only scored.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from councilscope.analysis.matching import Matcher, catalogue
from councilscope.analysis.wording import FEATURES, Likeness, Measure, load_weights

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "nlp/councilscope/data/indicator_weights.toml"
PAIRS = ROOT / "corpus/indicators/pairs.csv"
LIMITS = {
    "known": (0.6, 0.65, 0.7, 0.75),
    "like": (0.6, 0.7),
    "equal": (0.9, 0.95),
}
SEED = 20
TOLD = 8.0  # how much a pair of the file counts beside one made from the list
HEADER = """\
# How likely two titles name one measure: constant and weights of a logistic regression over the parts of likeness that
# councilscope/analysis/wording.py computes, and from which probability on a title is taken for a measure of
# indicators.toml (`known`), for the same as another title of the archive (`like`), and so much so that it goes to that
# title's family (`equal`). Fitted by `scripts/train indicators` on indicators.toml and corpus/indicators/pairs.csv.
"""

Pair = tuple[Measure, Measure, bool]


def read_pairs(part: str) -> list[tuple[Measure, Measure, bool, bool]]:
    """The pairs of a part: two measures, whether they are one, whether the pair is hard.

    Of `tune` those that a second person labelled otherwise are left out: nothing can be learned from them.
    """
    disputed = _second_labels() if part == "tune" else {}
    with open(PAIRS, encoding="utf-8", newline="") as file:
        return [
            (
                Measure(r["title_a"], r["unit_a"]),
                Measure(r["title_b"], r["unit_b"]),
                r["label"] == "same",
                r["kind"] == "hard",
            )
            for r in csv.DictReader(file)
            if r["part"] == part and disputed.get(_titles(r), r["label"]) == r["label"]
        ]


def _titles(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[c] for c in ("title_a", "unit_a", "title_b", "unit_b"))


def _second_labels() -> dict[tuple[str, ...], str]:
    with open(PAIRS.with_name("second.csv"), encoding="utf-8", newline="") as file:
        return {_titles(r): r["label"] for r in csv.DictReader(file) if r["label"]}


def listed(like: Likeness) -> Iterator[Pair]:
    """Pairs from the list: wordings of one measure, and of each its nearest among other measures."""
    every = [(k, m) for k, i in enumerate(catalogue()) for m in i.measures()]
    measures = [m for _, m in every]
    near = like.nearest(measures, measures, 8)
    chance = np.random.default_rng(SEED)
    for (k, a), chosen in zip(every, near, strict=True):
        bare = Measure(a.title, a.unit, a.polarity)  # as titles in reports have it: another service, or none
        yield from ((bare, b, True) for j, b in every if j == k and a.title < b.title)
        others = [int(n) for n in chosen] + list(chance.integers(0, len(every), 8))
        yield from ((bare, every[n][1], False) for n in others if every[n][0] != k)


def rows(like: Likeness, pairs: Sequence[Pair]) -> np.ndarray:
    a, b = like.vectors([p[0] for p in pairs]), like.vectors([p[1] for p in pairs])
    senses = (a * b).sum(axis=1)
    return np.array([like.features(p[0], p[1], float(s)) for p, s in zip(pairs, senses, strict=True)])


def score(weights: dict[str, Any], matcher: Matcher, pairs: Sequence[Any]) -> dict[str, float]:
    """Pairwise precision, recall and F1 of the families that the two titles of each pair get."""
    matcher.like.weights = weights
    hits = said = true = 0
    for a, b, same, *_ in pairs:
        one, two = matcher.families([a, b])
        together = one.id == two.id
        hits, said, true = hits + (together and same), said + together, true + same
    precision, recall = hits / max(said, 1), hits / max(true, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(said + true, 1)}


def limits(matcher: Matcher, fitted: dict[str, Any], pairs: Sequence[Any]) -> dict[str, float]:
    """Limits as good as the best, within one part in a hundred: a plateau, not a peak.

    Of it the middle, but the strictest for `known`: a title that is no listed measure at all is worse taken for one than
    a listed one is left alone, and the pairs hold few such titles.
    """
    tried = [dict(zip(LIMITS, values, strict=True)) for values in product(*LIMITS.values())]
    scores = [score(fitted | t, matcher, pairs)["f1"] for t in tried]
    good = [t for t, f1 in zip(tried, scores, strict=True) if f1 >= max(scores) - 0.01]
    middle = {name: float(np.median([t[name] for t in good])) for name in LIMITS}
    return middle | {"known": max(t["known"] for t in good)}


def run() -> None:
    """Fit, write the file, print the scores of both parts."""
    blank = {
        "weights": dict.fromkeys(FEATURES, 0.0),
        "constant": 0.0,
        "known": 0.5,
        "like": 0.5,
        "equal": 0.9,
    }
    matcher = Matcher(blank)
    made = list(listed(matcher.like))
    tune = read_pairs("tune")
    told = [(a, b, same) for a, b, same, _ in tune]
    x = np.concatenate([rows(matcher.like, made), rows(matcher.like, told)])
    y = np.array([same for *_, same in made] + [same for *_, same in told])
    weight = np.array([1.0] * len(made) + [TOLD] * len(told))
    model = LogisticRegression(max_iter=5000, class_weight="balanced", C=1.0).fit(x, y, sample_weight=weight)
    fitted: dict[str, Any] = {
        "constant": float(model.intercept_[0]),
        "weights": dict(zip(FEATURES, map(float, model.coef_[0]), strict=True)),
    }
    matcher = Matcher(blank | fitted)
    best = fitted | limits(matcher, fitted, tune)
    lines = [f"{name} = {best[name]:.3f}" for name in ("constant", *LIMITS)]
    lines += ["", "[weights]", *(f'"{name}" = {value:.3f}' for name, value in best["weights"].items())]
    FILE.write_text(f"{HEADER}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(FILE.read_text(encoding="utf-8"))
    told_scores()


def told_scores() -> None:
    """Print the scores of both parts, and of the hard pairs of each."""
    matcher = Matcher()
    for part in ("tune", "check"):
        pairs = read_pairs(part)
        for name, some in ((part, pairs), (f"{part}, hard", [p for p in pairs if p[3]])):
            found = score(load_weights(), matcher, some)
            print(f"{name:12} {len(some):4} pairs  " + "  ".join(f"{k} {v:.3f}" for k, v in found.items()))

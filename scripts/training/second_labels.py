"""The pairs of corpus/indicators labelled by a second person: a sheet without labels, agreement, scores by both."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from sklearn.metrics import cohen_kappa_score

from councilscope.analysis.matching import Matcher
from councilscope.analysis.wording import Measure, load_weights
from training.fit_indicators import PAIRS, score

SECOND = PAIRS.with_name("second.csv")
ASKED = ("title_a", "unit_a", "title_b", "unit_b")
LABELS = ("same", "different")
Key = tuple[str, ...]


def blind(path: Path, seed: int = 20) -> int:
    """Write every pair without its label, its part or its kind, in another order and column `label` empty."""
    pairs = [key for _, key, _ in first()]
    Random(seed).shuffle(pairs)
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["label", *ASKED])
        out.writerows(["", *key] for key in pairs)
    return len(pairs)


def first(path: Path = PAIRS) -> list[tuple[str, Key, str]]:
    """Part, pair and label of each pair of the first author."""
    with open(path, encoding="utf-8", newline="") as file:
        return [(r["part"], tuple(r[c] for c in ASKED), r["label"]) for r in csv.DictReader(file)]


def second(path: Path = SECOND) -> dict[Key, str]:
    """The second person's label of each pair. ValueError, with file and line, for a label or pair that there is not."""
    known = {key for _, key, _ in first()}
    out: dict[Key, str] = {}
    with open(path, encoding="utf-8-sig", newline="") as file:
        for number, r in enumerate(csv.DictReader(file), 2):
            key, label = tuple(r.get(c) or "" for c in ASKED), (r.get("label") or "").strip().casefold()
            if key not in known:
                raise ValueError(
                    f"{path}: line {number}: there is no such pair in {PAIRS.name}: {' | '.join(key)}"
                )
            if label and label not in LABELS:
                raise ValueError(f"{path}: line {number}: {label!r} is no label; write {' or '.join(LABELS)}")
            if label:
                out[key] = label
    return out


def agreement(one: Sequence[str], other: Sequence[str]) -> tuple[float, float]:
    """The share of pairs that two persons label alike, and Cohen's kappa (1960): alike beyond chance."""
    alike = sum(a == b for a, b in zip(one, other, strict=True)) / max(len(one), 1)
    return alike, float(cohen_kappa_score(one, other, labels=list(LABELS)))


def told(labels: Mapping[Key, str] | None) -> list[str]:
    """Lines: F1 of the matcher in each part by the first labels and, where there are second ones, by these and by the
    pairs that both label alike; and how far the two agree."""
    matcher, lines = Matcher(), []
    for part in ("tune", "check"):
        own = [(key, label) for p, key, label in first() if p == part]
        sets = {"first labels": own}
        if labels is not None:
            both = [(key, label, labels[key]) for key, label in own if key in labels]
            sets["second labels"] = [(key, other) for key, _, other in both]
            sets["both alike"] = [(key, label) for key, label, other in both if label == other]
            if both:
                alike, kappa = agreement([b[1] for b in both], [b[2] for b in both])
                lines.append(
                    f"{part:6} {len(both):4} of {len(own)} pairs labelled twice: {alike:.3f} alike, kappa {kappa:.3f}"
                )
        for name, some in sets.items():
            pairs = [(Measure(k[0], k[1]), Measure(k[2], k[3]), label == "same") for k, label in some]
            found = score(load_weights(), matcher, pairs)
            numbers = "  ".join(f"{k} {v:.3f}" for k, v in found.items())
            lines.append(f"{part:6} {len(pairs):4} pairs, {name:13}  {numbers}")
    return lines

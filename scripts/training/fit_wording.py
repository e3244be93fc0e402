"""Fit what wording says of attributes (councilscope/tagging/wording.py); scikit-learn, at a desk and once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from councilscope.encoder import write_npz
from councilscope.tagging.wording import FILE, features
from training.corpus import VALUES

FITTED = (("CAUSE", "theme"), ("CAUSE", "effect"), ("CAUSE", "assertion"), ("ACTION", "status"))
LEAST_SEEN = 2
LEAST_WEIGHT = 0.2
Seen = dict[str, float]


def examples(
    texts: list[dict[str, Any]], bank: list[dict[str, str]], label: str, key: str
) -> Iterator[tuple[Seen, str]]:
    """Every span of a label as it is seen with its section and without, and every phrase of the bank that tells."""
    for t in texts:
        for s in t["spans"]:
            if s["label"] == label:
                for section in (t["section"], None):
                    yield features(t["text"], s["start"], s["end"], section), s["attrs"][key]
    for entry in bank if label == "CAUSE" else ():
        if key in entry:
            seen = features(entry["phrase"], 0, len(entry["phrase"]), None)
            alone = {k: v for k, v in seen.items() if k.startswith(("word:", "pair:", "begin:", "first:"))}
            for _ in range(2):
                yield alone, entry[key]


def fit(
    texts: list[dict[str, Any]], bank: list[dict[str, str]], label: str, key: str
) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Names of features, their weights (features x values) and the values' bias."""
    some = list(examples(texts, bank, label, key))
    count = Counter(name for seen, _ in some for name in seen)
    vectors = DictVectorizer()
    least = 2 * LEAST_SEEN  # each is seen twice
    X = vectors.fit_transform([{k: v for k, v in seen.items() if count[k] >= least} for seen, _ in some])
    values = list(VALUES[label][key])
    model = LogisticRegression(C=2.0, max_iter=1000).fit(X, [values.index(v) for _, v in some])
    weight, bias = model.coef_, model.intercept_
    if len(values) == 2:
        weight, bias = np.vstack([-weight, weight]) / 2, np.concatenate([-bias, bias]) / 2
    assert list(model.classes_) == list(range(len(values))), "the corpus lacks a value"
    return list(vectors.feature_names_), np.asarray(weight.T), np.asarray(bias)


def write(texts: list[dict[str, Any]], bank: list[dict[str, str]], folder: Path) -> None:
    """`wording.npz`: the names of all features, one a line, and weights and bias of each head."""
    found = {f"{label}.{key}": fit(texts, bank, label, key) for label, key in FITTED}
    rows: dict[str, dict[str, np.ndarray]] = {}
    for head, (names, weight, _) in found.items():
        for name, row in zip(names, np.where(np.abs(weight) < LEAST_WEIGHT, 0, weight), strict=True):
            if row.any():
                rows.setdefault(name, {})[head] = row
    names = sorted(rows)
    arrays = {"names": np.frombuffer("\n".join(names).encode("utf-8"), np.uint8)}
    for head, (_, _, bias) in found.items():
        nothing = np.zeros(len(bias))
        arrays[f"{head}.weight"] = np.array([rows[n].get(head, nothing) for n in names], np.float16)
        arrays[f"{head}.bias"] = bias.astype(np.float32)
    write_npz(folder / FILE, arrays)

"""Theme models for codebooks of one's own, from as few as 15 texts a theme, and a first ranking without any."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import GroupKFold, KFold

from councilscope.codebook import Codebook
from councilscope.encoder import model_folder, read_manifest
from councilscope.tagging import Passage
from councilscope.themes.classifier import ThemeClassifier
from councilscope.themes.labels import Labelled
from councilscope.themes.scorer import Sample, Scorer, sampled, tagger

FEWEST = 15
"""Texts that should carry a theme."""
FOLDS = 5
DRAWS = 1000
EXAMPLE_WEIGHT = 0.5
SETTINGS: dict[str, Any] = {
    "c": 3.0,
    "min_texts": 2,
    "min_char_texts": 3,
    "tag_weight": 0.3,
    "section_weight": 0.0,
    "balanced": True,
}
"""How models for few texts differ from the estimator's own values; chosen by cross-validation on the labelled
texts of `corpus/codebooks`."""


@dataclass(frozen=True)
class Scored:
    """A theme's cross-validated scores: texts with it, precision, recall, F1 and the ends of F1's 95% interval."""

    theme: str
    texts: int
    precision: float
    recall: float
    f1: float
    low: float
    high: float

    @property
    def advice(self) -> str:
        """What to do about the theme; empty where nothing is."""
        if self.texts < 2:
            return "not learned: label at least two texts with it"
        if self.texts < FEWEST:
            return f"too little data: {FEWEST - self.texts} more texts with it"
        return "unsure: label more texts" if self.high - self.low > 0.4 else ""


@dataclass(frozen=True)
class Trained:
    """A classifier, its cross-validated scores by theme, and micro and macro F1 with intervals."""

    classifier: ThemeClassifier
    scores: list[Scored]
    micro: tuple[float, float, float]
    macro: tuple[float, float, float]
    errors: dict[str, list[int]]


def prepared(passages: Sequence[Passage]) -> list[Sample]:
    """Passages as the shipped tagger reads them."""
    return [sampled(p, t) for p, t in zip(passages, tagger().pipe(passages), strict=True)]


def train_own(book: Codebook, given: Labelled, **settings: Any) -> Trained:
    """Fit a classifier for a codebook on labelled texts and the codebook's examples, and measure it.

    Each text is judged once by a classifier that was fitted, calibrated and given its thresholds without it (`FOLDS`
    parts; texts of one group together). The intervals come from drawing the judged texts again.
    """
    samples = prepared(given.passages)
    examples, marks = examples_of(book)
    extra = prepared([Passage(t) for t in examples])
    found = np.zeros_like(given.Y)
    for inside, outside in _folds(len(samples), given.groups):
        part = _fit(book, [samples[i] for i in inside], given.Y[inside], extra, marks, settings)
        found[outside] = part.predict([samples[i] for i in outside])
    whole = _fit(book, samples, given.Y, extra, marks, settings)
    scores, micro, macro = measured(book.ids, given.Y, found)
    g, f = given.Y.astype(bool), found.astype(bool)
    counts = [x.sum(axis=0) for x in (g & f, g & ~f, ~g & f, ~g & ~f)]
    errors = {theme: [int(c[k]) for c in counts] for k, theme in enumerate(book.ids)}
    return Trained(whole, scores, micro, macro, errors)


def examples_of(book: Codebook) -> tuple[list[str], np.ndarray]:
    """Examples and counter-examples as texts, with their themes."""
    texts: dict[str, set[int]] = {}
    for k, code in enumerate(book.codes):
        for example in code.examples:
            texts.setdefault(example, set()).add(k)
        for counter in code.counter_examples:
            texts.setdefault(counter, set())
    return list(texts), np.array(
        [[k in v for k in range(len(book.codes))] for v in texts.values()], int
    ).reshape(len(texts), len(book.codes))


def _folds(count: int, groups: Sequence[str] | None) -> Any:
    folds = min(FOLDS, len(set(groups)) if groups else count)
    splitter = GroupKFold(folds) if groups else KFold(folds, shuffle=True, random_state=0)
    return splitter.split(np.zeros(count), groups=groups)


def _fit(
    book: Codebook,
    samples: list[Sample],
    Y: np.ndarray,
    extra: list[Sample],
    marks: np.ndarray,
    settings: dict[str, Any],
) -> ThemeClassifier:
    weights = np.concatenate([np.ones(len(samples)), np.full(len(extra), EXAMPLE_WEIGHT)])
    classifier = ThemeClassifier(**{**SETTINGS, "cv": FOLDS, "codebook": book, **settings})
    return classifier.fit([*samples, *extra], np.concatenate([Y, marks]), sample_weight=weights)


def measured(
    ids: Sequence[str], Y: np.ndarray, found: np.ndarray
) -> tuple[list[Scored], tuple[float, float, float], tuple[float, float, float]]:
    """Scores by theme, and micro and macro F1 (over themes that some text has), each with its 95% interval."""
    rng = np.random.default_rng(0)
    weights = np.concatenate(
        [np.ones((1, len(Y))), rng.multinomial(len(Y), np.full(len(Y), 1 / len(Y)), DRAWS)]
    )
    both, gold, given = (weights @ x for x in (Y * found, Y, found))
    f1s = 2 * both / np.maximum(gold + given, 1)
    known = Y.sum(axis=0) > 0
    micro = 2 * both.sum(axis=1) / np.maximum((gold + given).sum(axis=1), 1)
    macro = f1s[:, known].mean(axis=1) if known.any() else np.zeros(len(f1s))
    rows = []
    for k, theme in enumerate(ids):
        precision, recall = both[0, k] / max(given[0, k], 1), both[0, k] / max(gold[0, k], 1)
        rows.append(Scored(theme, int(Y[:, k].sum()), precision, recall, *_ends(f1s[:, k])))
    return rows, _ends(micro), _ends(macro)


def _ends(values: np.ndarray) -> tuple[float, float, float]:
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return float(values[0]), float(low), float(high)


def save_own(made: Trained, book: Codebook, given: Labelled, folder: Path) -> None:
    """Write the model, as `--theme-model` reads it, with the codebook beside it."""
    about = {
        "name": f"themes: {book.name}",
        "version": "1",
        "data": {
            "texts": len(given.passages),
            "by_theme": dict(zip(book.ids, given.Y.sum(axis=0).tolist(), strict=True)),
        },
        "themes": list(book.ids),
        "settings": {k: v for k, v in made.classifier.get_params().items() if k != "codebook"},
        "libraries": {"python": platform.python_version(), "scikit-learn": version("scikit-learn")},
        "cross_validated": {"micro_f1": made.micro, "macro_f1": made.macro},
        "encoder": read_manifest(model_folder("tagger"))["files"]["encoder.onnx"],
        "errors": made.errors,
    }
    made.classifier.save(folder, about)
    (folder / "codebook.toml").write_text(book.to_toml(), encoding="utf-8")


def first_ranking(book: Codebook, samples: Sequence[Sample], base: Scorer) -> np.ndarray:
    """How near each text is to each theme (texts x themes, about -1 to 1), from definitions, examples and words alone.

    Cosine between the encoder's vectors of the text and of the theme (the mean of its definition and examples, less half
    that of its counter-examples), both standardised as the classifier `base` does; half a point more for words of the
    codebook. Good enough to choose texts to label first, not to count with.
    """
    themes = [[f"{c.name}: {c.definition}", *c.examples] for c in book.codes]
    rows = []
    for code, said in zip(book.codes, themes, strict=True):
        centre = _unit(base, prepared([Passage(t) for t in said])).mean(axis=0)
        if code.counter_examples:
            centre = centre - 0.5 * _unit(base, prepared([Passage(t) for t in code.counter_examples])).mean(
                axis=0
            )
        rows.append(centre / max(float(np.linalg.norm(centre)), 1e-9))
    near = _unit(base, samples) @ np.array(rows).T
    hits = np.zeros_like(near)
    for i, s in enumerate(samples):
        for h in book.finder.find(s.text):
            hits[i, h.theme] = 0.5
    return near + hits


def _unit(base: Scorer, samples: Sequence[Sample]) -> np.ndarray:
    rows = np.array([base.vector(s) for s in samples]).reshape(len(samples), len(base.mean_))
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

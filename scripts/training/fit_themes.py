"""Fit the theme classifier on the training authors, calibrate it on others, measure its errors, write models/themes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from councilscope.encoder import model_folder, read_manifest
from councilscope.tagging import Passage, load_tagger, says_nothing
from councilscope.themes import Sample, ThemeClassifier
from councilscope.themes.classifier import f1, thresholds
from councilscope.themes.scorer import sampled, sigmoid
from training import corpus
from training.artifacts import run_facts

SETTINGS: dict[str, Any] = {"cv": 0}
"""What differs from the estimator's own values; they were chosen on the validation authors and the restated texts."""
CAUSE_WEIGHT = 0.5
"""How much a cause with its theme counts as a text of its own."""
HELD = ("validation", "development")
BLOCKS = ("lexicon", "word", "char", "vector", "tag", "section")
STEPS = ("w", "wc", "v", "l", "lw", "lwc", "lwv", "lwcv", "lwcvt", "lwcvts")
"""The blocks, by their first letters, whose worth `ablation` measures together."""


def texts_of(*splits: str) -> list[dict[str, Any]]:
    """The texts of splits that say something."""
    return [t for t in corpus.split(*splits) if not says_nothing(t["text"])]


def gold(texts: list[dict[str, Any]]) -> np.ndarray:
    """0/1 matrix of the texts' themes."""
    return np.array([[t in text["themes"] for t in corpus.THEMES] for text in texts], int)


def samples(texts: list[dict[str, Any]], hide: bool = False) -> list[Sample]:
    """Texts as the shipped tagger reads them; `hide` takes the section from every other text."""
    passages = [Passage(t["text"], None if hide and i % 2 else t["section"]) for i, t in enumerate(texts)]
    return [sampled(p, t) for p, t in zip(passages, load_tagger().pipe(passages), strict=True)]


def with_causes(texts: list[dict[str, Any]], X: list[Sample]) -> tuple[list[Sample], np.ndarray, np.ndarray]:
    """The texts and, as lighter texts of their own, their causes; with the matrix and the weights."""
    rows, weights, extra = [gold(texts)], [1.0] * len(texts), list(X)
    for text in texts:
        for s in text["spans"]:
            if s["label"] == "CAUSE":
                extra.append(Sample(s["text"]))
                rows.append(np.array([[s["attrs"]["theme"] == t for t in corpus.THEMES]], int))
                weights.append(CAUSE_WEIGHT)
    return extra, np.concatenate(rows), np.array(weights)


def fit(texts: list[dict[str, Any]], X: list[Sample], **settings: Any) -> ThemeClassifier:
    """The classifier with these settings, not yet calibrated."""
    return ThemeClassifier(**{**SETTINGS, **settings}).fit(*with_causes(texts, X))


def errors(
    scores: np.ndarray, held: list[dict[str, Any]], last: ThemeClassifier, X: list[Sample]
) -> dict[str, Any]:
    """Counts (right, missed, wrong, rightly without) by theme on texts that nothing was fitted on.

    On the texts that the thresholds were chosen on, those of each author are judged by thresholds chosen on the
    others'; to them come the texts `X` of the reporting split, which took part in nothing.
    """
    Y, found = gold(held), np.zeros((len(held), len(corpus.THEMES)), bool)
    authors = np.array([t["author"] for t in held])
    for author in sorted(set(authors)):
        inside = authors == author
        found[inside] = scores[inside] >= thresholds(scores[~inside], Y[~inside])
    Y = np.concatenate([Y, gold(texts_of("reporting"))])
    found = np.concatenate([found, last.predict(X).astype(bool)])
    table = {}
    for k, theme in enumerate(corpus.THEMES):
        g, f = Y[:, k].astype(bool), found[:, k]
        table[theme] = [int(x.sum()) for x in (g & f, g & ~f, ~g & f, ~g & ~f)]
    return table


def ablation(log: Any = print) -> None:
    """What each block of features brings, as rows of a table: micro F1 on the validation authors and restated texts.

    One threshold for all themes, chosen on both together; the causes are not added as texts of their own.
    """
    train = texts_of("train")
    X = samples(train, hide=True)
    held = [(gold(t), samples(t)) for t in (texts_of(s) for s in HELD)]
    for letters in STEPS:
        names = [b for b in BLOCKS if b[0] in letters]
        settings = {f"{b}_weight": 0.0 for b in BLOCKS if b not in names}
        fitted = ThemeClassifier(**SETTINGS, **settings).fit(X, gold(train))
        pairs = [(g, fitted.decision_function(x)) for g, x in held]
        best = max(np.arange(-3, 2, 0.1), key=lambda t: sum(f1(g, o >= t) for g, o in pairs))
        log(f"| {' + '.join(names)} | {' | '.join(f'{f1(g, o >= best):.3f}' for g, o in pairs)} |")


def run(folder: Path) -> str:
    """Fit, calibrate, measure and write; returns the settings in words."""
    began = time.monotonic()
    train, held = texts_of("train"), texts_of(*HELD)
    fitted = fit(train, samples(train, hide=True))
    print(f"fitted on {len(train)} texts ({time.monotonic() - began:.0f} s)", flush=True)
    odds = fitted.decision_function(samples(held))
    fitted.calibrate(odds, gold(held))
    scores = sigmoid(fitted.slope_ * odds + fitted.shift_)
    print(f"calibrated on {len(held)} texts: micro F1 {f1(gold(held), scores >= fitted.thresholds_):.3f}")
    about = run_facts(
        "themes",
        ["scikit-learn", "numpy", "scipy"],
        {k: v for k, v in fitted.get_params().items() if k != "codebook"} | {"cause_weight": CAUSE_WEIGHT},
        len(train),
        ["train"],
        list(HELD),
    )
    about["version"] = "2.0.0"
    about["encoder"] = read_manifest(model_folder("tagger"))["files"]["encoder.onnx"]
    about["errors"] = errors(scores, held, fitted, samples(texts_of("reporting")))
    fitted.save(folder, about)
    return f"{time.monotonic() - began:.0f} s"

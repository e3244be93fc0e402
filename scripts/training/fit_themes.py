"""Fit the theme classifier, calibrate it on authors left out one at a time, write models/themes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from councilscope.encoder import Encoder, model_folder, read_manifest
from councilscope.tagging import Passage
from councilscope.tagging.cues import says_nothing
from councilscope.tagging.pieces import Cutter
from councilscope.themes.classifier import ThemeClassifier, f1
from councilscope.themes.labeller import text_vector
from councilscope.themes.scorer import Sample
from training import corpus
from training.artifacts import run_facts, write_manifest, write_npz

VECTOR_WEIGHT = 0.5
"""Chosen on the validation author: the encoder was trained on the others, so its vectors flatter them."""
CAUSE_WEIGHT = 0.5
"""How much a cause with its theme counts as a text of its own."""


def gold(texts: list[dict[str, Any]]) -> np.ndarray:
    """0/1 matrix of the texts' themes."""
    return np.array([[t in text["themes"] for t in corpus.THEMES] for text in texts], int)


def samples(texts: list[dict[str, Any]], vectors: bool = True) -> list[Sample]:
    """Texts with the tagger's vectors, sections hidden for every other text."""
    if not vectors:
        return [Sample(t["text"]) for t in texts]
    encoder = Encoder(model_folder("tagger"))
    cutter = Cutter(encoder.tokenizer)
    return [
        Sample(t["text"], text_vector(encoder, cutter, Passage(t["text"], t["section"] if i % 2 else None)))
        for i, t in enumerate(texts)
    ]


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


def left_out(texts: list[dict[str, Any]], X: list[Sample], settings: dict[str, float]) -> np.ndarray:
    """Log odds of every text from a classifier that has seen nothing by the text's author."""
    odds = np.zeros((len(texts), len(corpus.THEMES)))
    for author in sorted({t["author"] for t in texts}):
        inside = [i for i, t in enumerate(texts) if t["author"] != author]
        outside = [i for i, t in enumerate(texts) if t["author"] == author]
        fitted = ThemeClassifier(**settings).fit(
            *with_causes([texts[i] for i in inside], [X[i] for i in inside])
        )
        odds[outside] = fitted.decision_function([X[i] for i in outside])
    return odds


def choose(texts: list[dict[str, Any]], X: list[Sample]) -> ThemeClassifier:
    """The settings that do best on authors left out one at a time; fitted on all, calibrated on the left out."""
    Y = gold(texts)
    best: tuple[float, dict[str, float], np.ndarray] | None = None
    for c in (1.0, 3.0):
        for word_weight in (1.0,):
            settings = {"c": c, "word_weight": word_weight, "vector_weight": VECTOR_WEIGHT}
            odds = left_out(texts, X, settings)
            common = max(f1(Y, odds >= t) for t in np.arange(-2.5, 1.0, 0.1))
            print(f"{settings}: micro F1 {common:.3f}", flush=True)
            if best is None or common > best[0]:
                best = (common, settings, odds)
    assert best is not None
    return ThemeClassifier(**best[1]).fit(*with_causes(texts, X)).calibrate(best[2], Y)


def run(folder: Path) -> str:
    """Fit, calibrate and write; returns the chosen settings in words."""
    texts = [t for t in corpus.split("train", "validation") if not says_nothing(t["text"])]
    fitted = choose(texts, samples(texts))
    folder.mkdir(parents=True, exist_ok=True)
    facts = json.dumps(fitted.facts(), ensure_ascii=False)
    (folder / "classifier.json").write_text(facts + "\n", encoding="utf-8")
    write_npz(folder / "classifier.npz", fitted.arrays())
    about = run_facts(
        "themes",
        ["scikit-learn", "numpy", "scipy"],
        fitted.get_params(),
        len(texts),
        ["train", "validation"],
        ["authors left out one at a time"],
    )
    about["encoder"] = read_manifest(model_folder("tagger"))["files"]["encoder.onnx"]
    write_manifest(folder, about, ["classifier.json", "classifier.npz"])
    return str(fitted.get_params())

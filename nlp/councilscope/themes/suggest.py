"""Which texts to label next: those the model is unsure of, and no two alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from councilscope.themes.scorer import Sample, Scorer

POOL = 10
"""From how many times the wanted number the unsure texts are chosen."""


def unsureness(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """How unsure a model is of each text, 0 to 1: one less the distance of the score nearest to its theme's threshold.

    A distance is a share of the way from the threshold to 0 or 1, so that thresholds far from a half count alike.
    """
    room = np.where(scores >= thresholds, 1 - thresholds, thresholds)
    return np.asarray(1 - (np.abs(scores - thresholds) / np.maximum(room, 1e-9)).min(axis=1))


def choose(samples: Sequence[Sample], model: Scorer, n: int) -> list[int]:
    """The numbers of the `n` texts whose labels would help most, best first.

    From the `POOL` * n least sure ones, the least sure goes first, and then always the one whose unsureness times its
    distance from the nearest chosen (one less the cosine of their vectors) is greatest. Of equal texts one is taken.
    """
    first = {s.text: i for i, s in reversed(list(enumerate(samples)))}
    kept = sorted(first.values())
    if not kept or n < 1:
        return []
    unsure = unsureness(model.predict_proba([samples[i] for i in kept]), model.thresholds_)
    pool = np.argsort(-unsure, kind="stable")[: POOL * n]
    return [kept[pool[j]] for j in spread(unit(model, [samples[kept[j]] for j in pool]), unsure[pool], n)]


def spread(vectors: np.ndarray, worth: np.ndarray, n: int) -> list[int]:
    """Greedy choice of `n` rows, each worth much and far from those chosen before."""
    chosen: list[int] = []
    far = np.ones(len(vectors))
    while len(chosen) < min(n, len(vectors)):
        value = worth * far
        value[chosen] = -1
        best = int(value.argmax())
        chosen.append(best)
        far = np.minimum(far, np.clip(1 - vectors @ vectors[best], 0, 1))
    return chosen


def unit(model: Scorer, samples: Sequence[Sample]) -> np.ndarray:
    """The texts' vectors as the model standardises them, scaled to length one."""
    rows = np.array([model.vector(s) for s in samples]).reshape(len(samples), len(model.mean_))
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))

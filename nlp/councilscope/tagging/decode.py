"""The best sequence of begin, inside and outside for each label: Viterbi with counted transitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

OUT, BEGIN, INSIDE = 0, 1, 2
NEVER = -1e4


@dataclass(frozen=True)
class Weights:
    """Log transitions (labels x 3 x 3), log starts and log priors (labels x 3), and how much they count (labels)."""

    transitions: np.ndarray
    starts: np.ndarray
    priors: np.ndarray
    transition_weight: np.ndarray
    prior_weight: np.ndarray


def log_softmax(x: np.ndarray) -> np.ndarray:
    """Log probabilities over the last axis."""
    x = x - x.max(axis=-1, keepdims=True)
    return np.asarray(x - np.log(np.exp(x).sum(axis=-1, keepdims=True)))


def viterbi(logps: list[np.ndarray], lines: list[np.ndarray], w: Weights) -> list[np.ndarray]:
    """Tags (words x labels) of each text, from its log probabilities (words x labels x 3) and the line of each word.

    No span runs over the start of a line. The texts are worked on side by side; each result is its own.
    """
    if not logps:
        return []
    count, longest, labels = len(logps), max(len(p) for p in logps), w.priors.shape[0]
    emit = np.zeros((longest, count, labels, 3))
    fresh = np.zeros((longest, count), bool)
    for i, (p, line) in enumerate(zip(logps, lines, strict=True)):
        emit[: len(p), i] = p - w.prior_weight[:, None] * w.priors
        fresh[1 : len(p), i] = line[1:] != line[:-1]
    move = w.transition_weight[:, None, None] * w.transitions
    move[:, OUT, INSIDE] = NEVER
    first = w.transition_weight[:, None] * w.starts
    first[:, INSIDE] = NEVER
    best = emit[0] + first if longest else np.zeros((count, labels, 3))
    back = np.zeros((longest, count, labels, 3), np.int8)
    history = [best]
    for t in range(1, longest):
        step = best[..., :, None] + move
        step[..., INSIDE] += np.where(fresh[t], NEVER, 0.0)[:, None, None]
        back[t] = step.argmax(axis=2)
        best = step.max(axis=2) + emit[t]
        history.append(best)
    out = []
    for i, p in enumerate(logps):
        n = len(p)
        tags = np.zeros((n, labels), np.int64)
        if n:
            tags[-1] = history[n - 1][i].argmax(axis=-1)
            for t in range(n - 1, 0, -1):
                tags[t - 1] = back[t, i, np.arange(labels), tags[t]]
        out.append(tags)
    return out


def runs(tags: np.ndarray) -> list[tuple[int, int]]:
    """The spans of one label as word ranges, end exclusive."""
    out, begin = [], -1
    for i, tag in enumerate([*tags.tolist(), OUT]):
        if tag != INSIDE:
            if begin >= 0:
                out.append((begin, i))
            begin = i if tag == BEGIN else -1
    return out

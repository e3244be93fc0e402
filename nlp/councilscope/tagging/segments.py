"""The best set of spans of each label in a text: scores of whole spans, and a semi-Markov search over them.

Sarawagi and Cohen, "Semi-Markov conditional random fields for information extraction" (2004); the score of a span
from its first and last word is the biaffine one of Yu et al., "Named entity recognition as dependency parsing" (2020).
Trained by scripts/training/segments.py.
"""

from __future__ import annotations

import numpy as np

LONGEST = 40
"""Most words of a span; the longest of the 16,000 that the model learned from has 29."""
NEVER = -1e4

Span = tuple[int, int]


def scores(words: np.ndarray, lines: np.ndarray, heads: dict[str, np.ndarray]) -> np.ndarray:
    """Scores (labels x last word x length - 1) of the spans of one text, from its words' vectors (words x width).

    A span that runs over the start of a line (`lines` is the line of each word) can never be.
    """
    n, labels = len(words), len(heads["segments.pair"])
    parts = (words @ heads["segments.words.weight"].T + heads["segments.words.bias"]).reshape(n, labels, 3)
    begin, inside, end = parts.transpose(2, 1, 0)
    first = np.maximum(words @ heads["segments.first.weight"].T + heads["segments.first.bias"], 0)
    last = np.maximum(words @ heads["segments.last.weight"].T + heads["segments.last.bias"], 0)
    pairs = (last @ (heads["segments.pair"] / first.shape[1] ** 0.5).transpose(0, 2, 1)) @ first.T
    upto = np.cumsum(inside, axis=-1)
    pairs += (begin - upto + inside)[:, None, :] + (end + upto)[:, :, None]
    begins = np.arange(n)[:, None] - np.arange(min(n, LONGEST))[None, :]
    fits = begins >= 0
    begins = np.where(fits, begins, 0)
    fits &= lines[begins] == lines[:, None]
    taken = np.take_along_axis(pairs, np.broadcast_to(begins, (labels, *begins.shape)), axis=2)
    return np.asarray(
        np.where(fits, taken + heads["segments.lengths"][:, None, : begins.shape[1]], NEVER), np.float32
    )


def best(scores: np.ndarray) -> list[list[Span]]:
    """For each label the spans (word ranges, end exclusive, in order) that do not overlap and score most together."""
    labels, n, longest = scores.shape
    total = np.zeros((labels, n + 1), np.float32)
    taken = np.zeros((labels, n), np.int64)
    for j in range(n):
        most = min(j + 1, longest)
        # total[:, j], total[:, j - 1] …: what can be had before a span of 1, 2 … words that ends here.
        ending = total[:, j + 1 - most : j + 1][:, ::-1] + scores[:, j, :most]
        length = ending.argmax(axis=1)
        gain = ending[np.arange(labels), length]
        better = gain > total[:, j]
        total[:, j + 1] = np.where(better, gain, total[:, j])
        taken[:, j] = np.where(better, length + 1, 0)
    out: list[list[Span]] = []
    for k in range(labels):
        spans, j = [], n
        while j > 0:
            length = int(taken[k, j - 1])
            if length:
                spans.append((j - length, j))
            j -= length or 1
        out.append(spans[::-1])
    return out

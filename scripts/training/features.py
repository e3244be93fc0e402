"""Texts as arrays: word pieces, words, BIO tags, spans. The same cutting as at run time, by the package itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from councilscope.tagging.pieces import Cutter
from training.corpus import LABELS, THEMES, VALUES

HEADS = [(label, key) for label in LABELS for key in VALUES[label]]


@dataclass
class Example:
    """One text: `ids` of its pieces, `first` piece of each word, `tags` (labels x words: 0 outside, 1 begin, 2 inside),
    `lines` of the words."""

    ids: np.ndarray
    first: np.ndarray
    tags: np.ndarray
    spans: list[tuple[int, int, int, list[int]]]
    themes: np.ndarray
    lines: np.ndarray


def example(text: dict[str, Any], cutter: Cutter, section: str | None) -> tuple[Example, int]:
    """The arrays of one text and how many gold edges fall inside a word."""
    cut = cutter.cut(text["text"], section)
    tags = np.zeros((len(LABELS), len(cut.first)), np.int64)
    spans, crooked = [], 0
    for s in text["spans"]:
        inside = [i for i, (a, b) in enumerate(cut.words) if a < s["end"] and b > s["start"]]
        if not inside:
            continue
        crooked += cut.words[inside[0]][0] != s["start"] or cut.words[inside[-1]][1] != s["end"]
        row = LABELS.index(s["label"])
        tags[row, inside[0]] = 1
        tags[row, inside[1:]] = 2
        values = [
            VALUES[label][key].index(s["attrs"][key]) if label == s["label"] else -100 for label, key in HEADS
        ]
        spans.append((row, inside[0], inside[-1] + 1, values))
    themes = np.array([t in text["themes"] for t in THEMES], np.float32)
    return Example(cut.ids, cut.first, tags, spans, themes, cut.lines), crooked

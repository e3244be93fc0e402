"""The scores of a fitted theme classifier, with numpy alone: what running needs, without scikit-learn.

Features of a text: how often each theme's words occur, its words and word pairs (TF-IDF), and the encoder's text
vector; one linear model a theme; scores calibrated on texts by authors that the model had not seen.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple, Self

import numpy as np

from councilscope.tagging import finder, themes

TOKEN = re.compile(r"[a-z]{2,}(?:['’][a-z]+)?")
STOP = frozenset(
    "the of and to in is for on by with at as be are was were has have had been this that from it an or which will we our not but its"
    " there their they than these who would all also into more no so can".split()
)


class Sample(NamedTuple):
    """A text and the encoder's vector of it, or none."""

    text: str
    vector: np.ndarray | None = None


def grams(text: str) -> Counter[str]:
    """Words and pairs of neighbouring words, stop words left out, with their counts."""
    words = [w for w in TOKEN.findall(text.lower()) if w not in STOP]
    return Counter(words) + Counter(f"{a} {b}" for a, b in itertools.pairwise(words))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Probability from log odds."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -30, 30))))


class Scorer:
    """Features, log odds, calibrated scores and labels of texts; see `ThemeClassifier` for how it is fitted."""

    word_weight: float
    vector_weight: float
    classes_: list[str]
    vocabulary_: dict[str, int]
    idf_: np.ndarray
    coef_: np.ndarray
    intercept_: np.ndarray
    mean_: np.ndarray
    spread_: np.ndarray
    thresholds_: np.ndarray
    slope_: float
    shift_: float

    def lexicon(self, texts: Sequence[str]) -> np.ndarray:
        """Two columns a theme: log of one plus its hits, and its share of all hits."""
        count = len(themes())
        out = np.zeros((len(texts), 2 * count))
        for row, text in zip(out, texts, strict=True):
            for hit in finder().find(text):
                row[hit.theme] += 1
            total = row[:count].sum()
            row[count:] = row[:count] / total if total else 0
            row[:count] = np.log1p(row[:count])
        return out

    def words(self, text: str) -> tuple[list[int], np.ndarray]:
        """The vocabulary's columns that a text has, and their unit-length TF-IDF values."""
        row = {self.vocabulary_[g]: 1 + np.log(n) for g, n in grams(text).items() if g in self.vocabulary_}
        values = np.array([v * self.idf_[i] for i, v in row.items()])
        return list(row), values / (np.linalg.norm(values) or 1.0)

    def vectors(self, samples: Sequence[Sample]) -> np.ndarray:
        """Standardised and weighted text vectors, zeros where there is none."""
        out = np.zeros((len(samples), len(self.mean_)))
        for row, sample in zip(out, samples, strict=True):
            if sample.vector is not None:
                row[:] = (sample.vector - self.mean_) / self.spread_
        return out * (self.vector_weight / np.sqrt(max(1, len(self.mean_))))

    def decision_function(self, X: Sequence[Sample]) -> np.ndarray:
        """Log odds before calibration (texts x themes)."""
        count = 2 * len(themes())
        first = count + len(self.vocabulary_)
        # Summed a row at a time: a matrix product may round differently with the number of rows.
        out = np.zeros((len(X), len(self.intercept_)))
        lexicon, vectors = self.lexicon([s.text for s in X]), self.vectors(X)
        for row, sample, hits, vector in zip(out, X, lexicon, vectors, strict=True):
            columns, values = self.words(sample.text)
            row += self.intercept_ + self.coef_[:, :count] @ hits + self.coef_[:, first:] @ vector
            if columns:
                row += self.coef_[:, [count + i for i in columns]] @ (values * self.word_weight)
        return out

    def predict_proba(self, X: Sequence[Sample]) -> np.ndarray:
        """Calibrated scores (texts x themes)."""
        return sigmoid(self.slope_ * self.decision_function(X) + self.shift_)

    def predict(self, X: Sequence[Sample]) -> np.ndarray:
        """0/1 matrix: the scores that reach their theme's threshold."""
        return (self.predict_proba(X) >= self.thresholds_).astype(int)

    def arrays(self) -> dict[str, np.ndarray]:
        """The fitted numbers, for an .npz file."""
        return {
            "coef": self.coef_.astype(np.float32),
            "intercept": self.intercept_,
            "idf": self.idf_.astype(np.float32),
            "mean": self.mean_.astype(np.float32),
            "spread": self.spread_.astype(np.float32),
            "thresholds": self.thresholds_,
            "calibration": np.array([self.slope_, self.shift_]),
        }

    @classmethod
    def restored(cls, facts: dict[str, Any], arrays: dict[str, np.ndarray]) -> Self:
        """The scorer that `facts` and `arrays` were taken from; the parameters become its attributes."""
        out = cls()
        for name, value in facts["parameters"].items():
            setattr(out, name, value)
        out.classes_ = list(facts["themes"])
        out.vocabulary_ = {g: i for i, g in enumerate(facts["vocabulary"])}
        out.coef_, out.intercept_, out.idf_ = arrays["coef"], arrays["intercept"], arrays["idf"]
        out.mean_, out.spread_, out.thresholds_ = arrays["mean"], arrays["spread"], arrays["thresholds"]
        out.slope_, out.shift_ = (float(x) for x in arrays["calibration"])
        return out

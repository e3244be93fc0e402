"""A multi-label theme classifier as a scikit-learn estimator, saved as JSON and .npz, never as a pickle.

Features of a text: how often each theme's words occur, its words and word pairs (TF-IDF), and the encoder's text
vector. One logistic regression a theme; scores are calibrated on held-out texts, thresholds chosen there.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from councilscope.tagging.words import finder, themes

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


class ThemeClassifier(ClassifierMixin, BaseEstimator):
    """Themes of texts.

    Parameters: `c` the inverse penalty, `min_texts` in how many texts a word must occur, `vector_weight` and
    `word_weight` how much the two blocks count beside the word list. `X` is a sequence of `Sample`, `Y` a 0/1 matrix
    with one column a theme, in the order of `data/themes.toml`.
    """

    def __init__(
        self, c: float = 3.0, min_texts: int = 3, vector_weight: float = 0.5, word_weight: float = 1.0
    ) -> None:
        self.c, self.min_texts, self.vector_weight, self.word_weight = (
            c,
            min_texts,
            vector_weight,
            word_weight,
        )

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

    def words(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Unit-length TF-IDF rows over the vocabulary."""
        indptr, indices, data = [0], [], []
        for text in texts:
            row = {
                self.vocabulary_[g]: 1 + np.log(n) for g, n in grams(text).items() if g in self.vocabulary_
            }
            values = np.array([v * self.idf_[i] for i, v in row.items()])
            norm = np.linalg.norm(values) or 1.0
            indices += list(row)
            data += list(values / norm)
            indptr.append(len(indices))
        return sparse.csr_matrix((data, indices, indptr), shape=(len(texts), len(self.vocabulary_)))

    def vectors(self, samples: Sequence[Sample]) -> np.ndarray:
        """Standardised text vectors, zeros where there is none."""
        out = np.zeros((len(samples), len(self.mean_)))
        for row, sample in zip(out, samples, strict=True):
            if sample.vector is not None:
                row[:] = (sample.vector - self.mean_) / self.spread_
        return out

    def features(self, samples: Sequence[Sample]) -> sparse.csr_matrix:
        """The three blocks side by side."""
        texts = [s.text for s in samples]
        blocks = [
            sparse.csr_matrix(self.lexicon(texts)),
            self.words(texts) * self.word_weight,
            sparse.csr_matrix(self.vectors(samples) * self.vector_weight / np.sqrt(max(1, len(self.mean_)))),
        ]
        return sparse.csr_matrix(sparse.hstack(blocks))

    def fit(
        self, X: Sequence[Sample], Y: np.ndarray, sample_weight: np.ndarray | None = None
    ) -> ThemeClassifier:
        """Fit one logistic regression a theme; calibration and thresholds start neutral (see `calibrate`)."""
        seen = Counter(g for s in X for g in grams(s.text))
        kept = sorted(g for g, n in seen.items() if n >= self.min_texts)
        self.vocabulary_ = {g: i for i, g in enumerate(kept)}
        self.idf_ = np.array([np.log((1 + len(X)) / (1 + seen[g])) + 1 for g in kept])
        stacked = (
            np.stack([s.vector for s in X if s.vector is not None])
            if any(s.vector is not None for s in X)
            else np.zeros((1, 0))
        )
        self.mean_, self.spread_ = stacked.mean(axis=0), stacked.std(axis=0) + 1e-6
        matrix = self.features(X)
        self.classes_ = [t.id for t in themes()]
        self.coef_ = np.zeros((Y.shape[1], matrix.shape[1]))
        self.intercept_ = np.full(Y.shape[1], -4.0)
        for k in range(Y.shape[1]):
            if 0 < Y[:, k].sum() < len(Y):
                model = LogisticRegression(C=self.c, solver="liblinear", random_state=0, max_iter=500)
                model.fit(matrix, Y[:, k], sample_weight=sample_weight)
                self.coef_[k], self.intercept_[k] = model.coef_[0], model.intercept_[0]
        self.slope_, self.shift_ = 1.0, 0.0
        self.thresholds_ = np.full(Y.shape[1], 0.5)
        return self

    def decision_function(self, X: Sequence[Sample]) -> np.ndarray:
        """Log odds before calibration (texts x themes)."""
        return np.asarray(self.features(X) @ self.coef_.T + self.intercept_)

    def predict_proba(self, X: Sequence[Sample]) -> np.ndarray:
        """Calibrated scores (texts x themes)."""
        return sigmoid(self.slope_ * self.decision_function(X) + self.shift_)

    def predict(self, X: Sequence[Sample]) -> np.ndarray:
        """0/1 matrix: the scores that reach their theme's threshold."""
        return (self.predict_proba(X) >= self.thresholds_).astype(int)

    def calibrate(self, odds: np.ndarray, Y: np.ndarray) -> ThemeClassifier:
        """Fit slope and shift of the scores (Platt) and the thresholds.

        `odds` is what `decision_function` says of texts that the giving classifier was not fitted on, `Y` their
        gold. A theme's own best threshold counts half, the best common one half, and only where 10 texts carry it.
        """
        platt = LogisticRegression(C=1e3, solver="lbfgs").fit(odds.reshape(-1, 1), Y.reshape(-1))
        self.slope_, self.shift_ = float(platt.coef_[0, 0]), float(platt.intercept_[0])
        scores = sigmoid(self.slope_ * odds + self.shift_)
        grid = np.arange(0.15, 0.66, 0.01)
        best = max(grid, key=lambda t: f1(Y, scores >= t))
        for k in range(Y.shape[1]):
            own = max(grid, key=lambda t: (f1(Y[:, [k]], scores[:, [k]] >= t), -abs(t - best)))
            self.thresholds_[k] = (own + best) / 2 if Y[:, k].sum() >= 10 else best
        return self

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

    def facts(self) -> dict[str, Any]:
        """Everything else, for a JSON file."""
        return {
            "parameters": self.get_params(),
            "themes": list(self.classes_),
            "vocabulary": list(self.vocabulary_),
        }

    @classmethod
    def restored(cls, facts: dict[str, Any], arrays: dict[str, np.ndarray]) -> ThemeClassifier:
        """The classifier that `facts` and `arrays` were taken from."""
        out = cls(**facts["parameters"])
        out.classes_ = list(facts["themes"])
        out.vocabulary_ = {g: i for i, g in enumerate(facts["vocabulary"])}
        out.coef_, out.intercept_, out.idf_ = arrays["coef"], arrays["intercept"], arrays["idf"]
        out.mean_, out.spread_, out.thresholds_ = arrays["mean"], arrays["spread"], arrays["thresholds"]
        out.slope_, out.shift_ = (float(x) for x in arrays["calibration"])
        return out


def f1(gold: np.ndarray, found: np.ndarray) -> float:
    """Micro F1 of two 0/1 matrices."""
    both = float((gold.astype(bool) & found).sum())
    return 2 * both / max(1.0, float(gold.sum() + found.sum()))

"""The theme classifier as a scikit-learn estimator, saved as JSON and .npz, never as a pickle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from councilscope.tagging import themes
from councilscope.themes.scorer import Sample, Scorer, grams, sigmoid


class ThemeClassifier(ClassifierMixin, BaseEstimator, Scorer):
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

    def features(self, samples: Sequence[Sample]) -> sparse.csr_matrix:
        """Word list, words and vectors side by side, one row a text."""
        indptr, indices, data = [0], [], []
        for sample in samples:
            columns, values = self.words(sample.text)
            indices += columns
            data += list(values * self.word_weight)
            indptr.append(len(indices))
        words = sparse.csr_matrix((data, indices, indptr), shape=(len(samples), len(self.vocabulary_)))
        lexicon = sparse.csr_matrix(self.lexicon([s.text for s in samples]))
        return sparse.csr_matrix(sparse.hstack([lexicon, words, sparse.csr_matrix(self.vectors(samples))]))

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

    def facts(self) -> dict[str, Any]:
        """Everything else, for a JSON file."""
        return {
            "parameters": self.get_params(),
            "themes": list(self.classes_),
            "vocabulary": list(self.vocabulary_),
        }


def f1(gold: np.ndarray, found: np.ndarray) -> float:
    """Micro F1 of two 0/1 matrices."""
    both = float((gold.astype(bool) & found).sum())
    return 2 * both / max(1.0, float(gold.sum() + found.sum()))

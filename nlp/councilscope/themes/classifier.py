"""The theme classifier as a scikit-learn estimator, saved as JSON and .npz, never as a pickle."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.utils.validation import check_is_fitted

from councilscope.codebook import Codebook
from councilscope.encoder import write_manifest, write_npz
from councilscope.themes.scorer import Sample, Scorer, char_grams, grams, sigmoid, words_of
from councilscope.themes.stored import FILES, facts_of, restored

GRID = np.arange(0.15, 0.66, 0.01)
"""The thresholds that are tried."""
FLATTEST = 0.05
"""Least slope of the calibration: a higher score never means a less likely theme."""
ENOUGH = 10
"""Texts that must carry a theme before it gets a threshold of its own."""


class ThemeClassifier(Scorer, TransformerMixin, ClassifierMixin, BaseEstimator):
    """Themes of commentary texts: one calibrated linear model a theme, over words, meaning and the tagger's findings.

    `X` is a sequence of texts (strings, `Passage`s, or `Sample`s that were tagged before) or a frame with a column
    `text` and perhaps `section`. `y` is a 0/1 matrix, one column a theme; the names of its columns, where it is a
    frame, or else the codebook's ids, become `classes_`.

    Parameters:
        c: inverse penalty of the logistic regressions.
        min_texts, min_char_texts: in how many texts a word, pair or character piece must occur to count.
        lexicon_weight, tag_weight, section_weight, word_weight, char_weight, vector_weight: how much each block of
            features counts; 0 leaves it out.
        balanced: give the few texts with a theme as much say as the many without.
        cv: folds in which `fit` calibrates the scores and chooses the thresholds, on texts left out; 0 leaves both
            neutral, for `calibrate` with texts kept apart.
        codebook: whose words to look for; None for the project's own.
        tagged: send texts through the shipped tagger for vectors, causes and actions. False needs no model.

    `transform` gives the calibrated scores, with the themes as columns under `set_output(transform="pandas")`.
    The same texts in the same order give the same classifier.
    """

    def __init__(
        self,
        c: float = 1.0,
        min_texts: int = 3,
        min_char_texts: int = 5,
        lexicon_weight: float = 1.0,
        tag_weight: float = 0.3,
        section_weight: float = 0.5,
        word_weight: float = 1.0,
        char_weight: float = 1.0,
        vector_weight: float = 0.5,
        balanced: bool = False,
        cv: int = 5,
        codebook: Codebook | None = None,
        tagged: bool = True,
    ) -> None:
        self.c, self.min_texts, self.min_char_texts = c, min_texts, min_char_texts
        self.lexicon_weight, self.tag_weight, self.section_weight = lexicon_weight, tag_weight, section_weight
        self.word_weight, self.char_weight, self.vector_weight = word_weight, char_weight, vector_weight
        self.balanced, self.cv, self.codebook, self.tagged = balanced, cv, codebook, tagged

    def __sklearn_tags__(self) -> Any:
        """Texts in, several labels out: no table of numbers, so that scikit-learn's own checks of such are left out."""
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.one_d_array = True
        tags.input_tags.string = True
        tags.target_tags.two_d_labels = True
        tags.target_tags.single_output = False
        tags.target_tags.required = True
        tags.classifier_tags.multi_label = True
        tags.classifier_tags.multi_class = False
        return tags

    # ------------------------------------------------------------------ fitting

    def fit(
        self,
        X: Iterable[Any],
        y: Any,
        sample_weight: np.ndarray | None = None,
        groups: Sequence[Any] | None = None,
    ) -> ThemeClassifier:
        """Fit on texts and their themes.

        `groups` (authors, councils) keeps texts of one group on one side when the scores are calibrated. ValueError
        where `y` is no 0/1 matrix with a row a text.
        """
        samples = self.samples(X)
        names, Y = self._targets(y, len(samples))
        weights = None if sample_weight is None else np.asarray(sample_weight, float)
        odds = self._left_out(samples, Y, weights, groups) if self.cv else None
        self.classes_ = names
        self._fit_weights(samples, Y, weights)
        self.slope_, self.shift_ = 1.0, 0.0
        self.thresholds_ = np.full(Y.shape[1], 0.5)
        return self if odds is None else self.calibrate(odds, Y)

    def _targets(self, y: Any, rows: int) -> tuple[np.ndarray, np.ndarray]:
        Y = np.asarray(y)
        if Y.ndim != 2 or len(Y) != rows or not np.isin(Y, (0, 1)).all():
            raise ValueError("y must be a 0/1 matrix with a row a text and a column a theme")
        names = list(y.columns) if hasattr(y, "columns") else list(self.book.ids)
        if len(names) != Y.shape[1]:
            names = [str(k) for k in range(Y.shape[1])]
        return np.array(names, dtype=object), Y.astype(int)

    def _fit_weights(self, samples: Sequence[Sample], Y: np.ndarray, weights: np.ndarray | None) -> None:
        self.__dict__.pop("_pieces", None)
        words = Counter(g for s in samples for g in grams(s.text)) if self.word_weight else Counter()
        self.vocabulary_, self.idf_ = vocabulary(words, self.min_texts, len(samples))
        chars: Counter[str] = Counter()
        if self.char_weight:
            for s in samples:
                chars.update({g for w in set(words_of(s.text)) for g in char_grams(w)})
        self.chars_, self.char_idf_ = vocabulary(chars, self.min_char_texts, len(samples))
        vectors = [s.vector for s in samples if s.vector is not None] if self.vector_weight else []
        stacked = np.stack(vectors).astype(float) if vectors else np.zeros((1, 0))
        self.mean_ = stacked.mean(axis=0).astype(np.float32)
        self.spread_ = (stacked.std(axis=0) + 1e-6).astype(np.float32)
        matrix = self.features(samples)
        fitted = np.zeros((matrix.shape[1], Y.shape[1]), np.float32)
        self.intercept_ = np.full(Y.shape[1], -4.0)
        for k in range(Y.shape[1]):
            if 0 < Y[:, k].sum() < len(Y):
                model = LogisticRegression(
                    C=self.c,
                    solver="liblinear",
                    random_state=0,
                    max_iter=500,
                    class_weight="balanced" if self.balanced else None,
                )
                model.fit(matrix, Y[:, k], sample_weight=weights)
                fitted[:, k], self.intercept_[k] = model.coef_[0], model.intercept_[0]
        self.weights_ = fitted

    def features(self, samples: Sequence[Sample]) -> sparse.csr_matrix:
        """All blocks side by side, one row a text."""
        rows = [self.row(s) for s in samples]
        pointers = np.cumsum([0, *(len(c) for c, _ in rows)])
        columns, values = (np.concatenate(x) if rows else np.zeros(0) for x in zip(*rows, strict=True))
        return sparse.csr_matrix((values, columns, pointers), shape=(len(rows), sum(self.sizes.values())))

    def _left_out(
        self,
        samples: Sequence[Sample],
        Y: np.ndarray,
        weights: np.ndarray | None,
        groups: Sequence[Any] | None,
    ) -> np.ndarray:
        """Log odds of every text from a classifier that has not seen it, nor others of its group."""
        count = len(set(groups)) if groups is not None else len(samples)
        folds = min(self.cv, count)
        odds = np.full(Y.shape, -4.0)
        if folds < 2:
            return odds
        splitter = GroupKFold(folds) if groups is not None else KFold(folds, shuffle=True, random_state=0)
        for inside, outside in splitter.split(np.zeros(len(samples)), groups=groups):
            part = ThemeClassifier(**{**self.get_params(deep=False), "cv": 0})
            part.fit([samples[i] for i in inside], Y[inside], None if weights is None else weights[inside])
            odds[outside] = part.decision_function([samples[i] for i in outside])
        return odds

    def calibrate(self, odds: np.ndarray, Y: np.ndarray) -> ThemeClassifier:
        """Fit slope and shift of the scores (Platt 1999) and the thresholds.

        `odds` is what `decision_function` says of texts that the classifier was not fitted on, `Y` their themes. A
        theme's own best threshold counts half, the best common one half, and only where `ENOUGH` texts carry it.
        """
        if 0 < Y.sum() < Y.size:
            platt = LogisticRegression(C=1e3, solver="lbfgs").fit(odds.reshape(-1, 1), Y.reshape(-1))
            self.slope_, self.shift_ = float(platt.coef_[0, 0]), float(platt.intercept_[0])
            if self.slope_ < FLATTEST:  # the scores tell nothing, or the wrong way round by chance
                share = float(Y.mean())
                self.slope_ = FLATTEST
                self.shift_ = float(np.log(share / (1 - share)) - FLATTEST * odds.mean())
        self.thresholds_ = thresholds(sigmoid(self.slope_ * odds + self.shift_), Y)
        return self

    # ------------------------------------------------------------------ scikit-learn

    def transform(self, X: Iterable[Any]) -> np.ndarray:
        """The calibrated scores (texts x themes)."""
        check_is_fitted(self, "weights_")
        return self.predict_proba(X)

    def get_feature_names_out(self, input_features: Any = None) -> np.ndarray:
        """The themes: the columns of `transform`."""
        check_is_fitted(self, "weights_")
        return np.asarray(self.classes_, dtype=object)

    def decision_function(self, X: Iterable[Any]) -> np.ndarray:
        """Log odds before calibration (texts x themes)."""
        check_is_fitted(self, "weights_")
        return super().decision_function(X)

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "weights_")

    # ------------------------------------------------------------------ to files and back

    def save(self, folder: Path, about: dict[str, Any]) -> None:
        """Write the classifier into a folder, with a manifest that holds `about` and the hash of each file."""
        check_is_fitted(self, "weights_")
        folder.mkdir(parents=True, exist_ok=True)
        facts = json.dumps(facts_of(self, self.get_params(deep=False)), ensure_ascii=False)
        (folder / FILES[0]).write_text(facts + "\n", encoding="utf-8")
        write_npz(folder / FILES[1], self.arrays())
        write_manifest(folder, about, list(FILES))

    @classmethod
    def load(cls, folder: Path | None = None) -> ThemeClassifier:
        """The shipped classifier, or the one in `folder`. ConfigError where it is missing, damaged or of another
        version."""
        return restored(cls, folder)[0]


def vocabulary(seen: Counter[str], least: int, texts: int) -> tuple[dict[str, int], np.ndarray]:
    """What occurs in at least so many texts, by number, with its inverse document frequency."""
    kept = sorted(g for g, n in seen.items() if n >= least)
    idf = np.array([np.log((1 + texts) / (1 + seen[g])) + 1 for g in kept], np.float32)
    return {g: i for i, g in enumerate(kept)}, idf


def thresholds(scores: np.ndarray, Y: np.ndarray) -> np.ndarray:
    """The threshold of each theme: half its own best, half the best common one (micro F1)."""
    best = max(GRID, key=lambda t: f1(Y, scores >= t))
    out = np.full(Y.shape[1], best)
    for k in range(Y.shape[1]):
        if Y[:, k].sum() >= ENOUGH:
            own = max(GRID, key=lambda t: (f1(Y[:, [k]], scores[:, [k]] >= t), -abs(t - best)))
            out[k] = (own + best) / 2
    return out


def f1(gold: np.ndarray, found: np.ndarray) -> float:
    """Micro F1 of two 0/1 matrices."""
    both = float((gold.astype(bool) & found).sum())
    return 2 * both / max(1.0, float(gold.sum() + found.sum()))


__all__ = ["ThemeClassifier", "f1", "thresholds"]

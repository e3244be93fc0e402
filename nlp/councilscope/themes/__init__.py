"""Themes of commentary: `load_themes().label(passages)`, and the scikit-learn estimator behind it."""

from __future__ import annotations

from councilscope.themes.classifier import Sample, ThemeClassifier
from councilscope.themes.labeller import ThemeLabeller, load_themes

__all__ = ["Sample", "ThemeClassifier", "ThemeLabeller", "load_themes"]

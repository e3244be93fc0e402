"""Themes of commentary: `load_themes().label(passages)`, and the scikit-learn estimator behind it.

`ThemeClassifier` is loaded only when it is asked for: labelling needs no scikit-learn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from councilscope.themes.labeller import ThemeLabeller, load_themes
from councilscope.themes.scorer import Sample, Scorer

if TYPE_CHECKING:
    from councilscope.themes.classifier import ThemeClassifier

__all__ = ["Sample", "Scorer", "ThemeClassifier", "ThemeLabeller", "load_themes"]


def __getattr__(name: str) -> Any:
    """The estimator, imported on first use."""
    if name == "ThemeClassifier":
        from councilscope.themes.classifier import ThemeClassifier

        return ThemeClassifier
    raise AttributeError(name)

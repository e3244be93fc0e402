"""Themes of commentary: `load_themes().label(passages)`, the scikit-learn estimator behind it, and models of one's own.

What needs scikit-learn is loaded only when it is asked for: labelling does without.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from councilscope.themes.labeller import ThemeLabeller, load_themes
from councilscope.themes.scorer import Sample, Scorer

if TYPE_CHECKING:
    from councilscope.themes.classifier import ThemeClassifier as ThemeClassifier
    from councilscope.themes.discover import find_topics as find_topics
    from councilscope.themes.discover import to_codes as to_codes
    from councilscope.themes.discover import untold as untold
    from councilscope.themes.labels import label_studio_view as label_studio_view
    from councilscope.themes.labels import read_labels as read_labels
    from councilscope.themes.labels import write_tasks as write_tasks
    from councilscope.themes.own import FOLDS as FOLDS
    from councilscope.themes.own import first_ranking as first_ranking
    from councilscope.themes.own import prepared as prepared
    from councilscope.themes.own import save_own as save_own
    from councilscope.themes.own import train_own as train_own
    from councilscope.themes.suggest import choose as choose
    from councilscope.themes.suggest import spread as spread
    from councilscope.themes.suggest import unit as unit

_HOME = {
    "classifier": ("ThemeClassifier",),
    "discover": ("find_topics", "to_codes", "untold"),
    "labels": ("label_studio_view", "read_labels", "write_tasks"),
    "own": ("FOLDS", "first_ranking", "prepared", "save_own", "train_own"),
    "suggest": ("choose", "spread", "unit"),
}

__all__ = ["Sample", "Scorer", "ThemeClassifier", "ThemeLabeller", "load_themes", "read_labels", "train_own"]


def __getattr__(name: str) -> Any:
    """What is imported on first use."""
    for home, names in _HOME.items():
        if name in names:
            return getattr(importlib.import_module(f"councilscope.themes.{home}"), name)
    raise AttributeError(name)

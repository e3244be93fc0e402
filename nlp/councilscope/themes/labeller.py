"""Themes of commentary with a theme model: the shipped one, or one of your own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from councilscope.encoder import model_info
from councilscope.errors import ConfigError
from councilscope.records import ModelInfo, Theme
from councilscope.tagging import Passage, Tagged, before_covid, says_nothing
from councilscope.themes.scorer import Sample, Scorer, sampled, tagger
from councilscope.themes.stored import restored


class ThemeLabeller:
    """Themes of passages; `ids` are the themes in the model's order, `model` its name, version and hash.

    `errors` are the classifier's counts on held-out texts by theme, `(right, missed, wrong, rightly without)`, for the
    correction of shares; empty where they were not measured.
    """

    def __init__(
        self, classifier: Scorer, model: ModelInfo, errors: Mapping[str, Sequence[int]] | None = None
    ) -> None:
        self.classifier, self.model = classifier, model
        self.errors = {k: tuple(v) for k, v in (errors or {}).items()}
        self.ids: tuple[str, ...] = tuple(map(str, classifier.classes_))

    def label(
        self, passages: Sequence[Passage], tagged: Sequence[Tagged] | None = None
    ) -> list[tuple[Theme, ...]]:
        """The themes of each passage that reach their thresholds, the likeliest first.

        `tagged`, if given, is what the tagger made of the same passages; its vectors and spans are used again.
        """
        out: list[tuple[Theme, ...]] = [()] * len(passages)
        telling = [i for i, p in enumerate(passages) if not says_nothing(p.text)]
        if not telling:
            return out
        known = [tagged[i] for i in telling] if tagged is not None else [Tagged()] * len(telling)
        samples = [sampled(passages[i], t) for i, t in zip(telling, known, strict=True)]
        scores = self.classifier.predict_proba(self._complete(samples, [passages[i] for i in telling]))
        for i, row in zip(telling, scores, strict=True):
            chosen = [(float(row[k]), k) for k in np.flatnonzero(row >= self.classifier.thresholds_)]
            if self.classifier.codebook is None and before_covid(passages[i].period):
                chosen = [(s, k) for s, k in chosen if self.ids[k] != "covid"]
            out[i] = tuple(
                Theme(id=self.ids[k], score=round(s, 4))
                for s, k in sorted(chosen, key=lambda x: (-x[0], x[1]))
            )
        return out

    def _complete(self, samples: list[Sample], passages: list[Passage]) -> list[Sample]:
        """The samples, those that have no vector yet sent through the tagger."""
        bare = [i for i, s in enumerate(samples) if s.vector is None]
        made = tagger().pipe([passages[i] for i in bare])
        new = {i: sampled(passages[i], t) for i, t in zip(bare, made, strict=True)}
        return [new.get(i, s) for i, s in enumerate(samples)]

    def explain(self, text: str, most: int = 8) -> dict[str, list[tuple[str, float]]]:
        """For each theme the text gets: the words that carried it, with their weight in log odds."""
        return self.classifier.explain(text, most)


def load_themes(path: Path | None = None, encoder: Path | None = None) -> ThemeLabeller:
    """The shipped classifier, or the one in the folder `path`; `ConfigError` if missing, damaged or of another version."""
    if path is not None and not (Path(path) / "manifest.json").is_file():
        raise ConfigError(
            f"{path} is no theme model (it has no manifest.json); `councilscope themes train` makes one"
        )
    scorer, manifest = restored(Scorer, path, encoder)
    return ThemeLabeller(scorer, model_info(manifest), manifest.get("errors"))

"""Themes of commentary with the shipped classifier."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from councilscope.encoder import Encoder, model_folder, model_info, read_manifest
from councilscope.errors import ConfigError
from councilscope.records import ModelInfo, Theme
from councilscope.tagging import Cutter, Passage, Tagged, before_covid, finder, says_nothing, themes
from councilscope.themes.scorer import Sample, Scorer, grams


def text_vector(encoder: Encoder, cutter: Cutter, passage: Passage) -> np.ndarray:
    """The text vector of a passage, as the tagger computes it."""
    cut = cutter.cut(passage.text, passage.section)
    return np.asarray(encoder.vectors(cut.ids, cut.starts, cut.prefix).mean(axis=0))


class ThemeLabeller:
    """Themes of passages; `ids` are the themes in the order of the word list, `model` the classifier's name and hash."""

    def __init__(self, classifier: Scorer, model: ModelInfo, encoder: Encoder) -> None:
        self.classifier, self.model, self.encoder = classifier, model, encoder
        self.ids: tuple[str, ...] = tuple(classifier.classes_)

    @cached_property
    def cutter(self) -> Cutter:
        """Only needed for passages that were not tagged before."""
        return Cutter(self.encoder.tokenizer)

    def label(
        self, passages: Sequence[Passage], tagged: Sequence[Tagged] | None = None
    ) -> list[tuple[Theme, ...]]:
        """The themes of each passage that reach their thresholds, the likeliest first.

        `tagged`, if given, is what the tagger made of the same passages; its text vectors are used again.
        """
        out: list[tuple[Theme, ...]] = [()] * len(passages)
        telling = [i for i, p in enumerate(passages) if not says_nothing(p.text)]
        if not telling:
            return out
        samples = []
        for i in telling:
            known = tagged[i].vector if tagged is not None else None
            samples.append(
                Sample(
                    passages[i].text,
                    text_vector(self.encoder, self.cutter, passages[i]) if known is None else known,
                )
            )
        scores = self.classifier.predict_proba(samples)
        for i, row in zip(telling, scores, strict=True):
            chosen = [(float(row[k]), k) for k in np.flatnonzero(row >= self.classifier.thresholds_)]
            if before_covid(passages[i].period):
                chosen = [(s, k) for s, k in chosen if self.ids[k] != "covid"]
            out[i] = tuple(
                Theme(id=self.ids[k], score=round(s, 4))
                for s, k in sorted(chosen, key=lambda x: (-x[0], x[1]))
            )
        return out

    def explain(self, text: str, most: int = 8) -> dict[str, list[tuple[str, float]]]:
        """For each theme the text gets: its words that speak for the theme, with their weight in log odds.

        The encoder's vector has its say in the score, but no words to show for it.
        """
        passage = Passage(text)
        names = {t.id for t in self.label([passage])[0]}
        count, seen = len(self.ids), grams(text)
        out: dict[str, list[tuple[str, float]]] = {}
        hits = list(finder().find(text))
        columns, values = self.classifier.words(text)
        weight = {i: float(v) * self.classifier.word_weight for i, v in zip(columns, values, strict=True)}
        for k, name in enumerate(self.ids):
            if name not in names:
                continue
            carried: dict[str, float] = {}
            mine = [h for h in hits if h.theme == k]
            for hit in mine:
                word = text[hit.start : hit.end].lower()
                share = self.classifier.coef_[k, k] * np.log1p(len(mine)) / len(mine)
                carried[word] = carried.get(word, 0.0) + float(
                    share + self.classifier.coef_[k, count + k] / len(hits)
                )
            for gram in seen:
                if (i := self.classifier.vocabulary_.get(gram)) is not None:
                    carried[gram] = carried.get(gram, 0.0) + weight.get(i, 0.0) * float(
                        self.classifier.coef_[k, 2 * count + i]
                    )
            best = sorted(carried.items(), key=lambda kv: (-kv[1], kv[0]))[:most]
            out[name] = [(w, round(v, 3)) for w, v in best if v > 0]
        return out


def load_themes(path: Path | None = None, encoder: Path | None = None) -> ThemeLabeller:
    """The shipped classifier, or the one in the folder `path`; `ConfigError` if missing, damaged or of another version."""
    folder = model_folder("themes", path)
    manifest = read_manifest(folder)
    try:
        facts = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "classifier.npz", allow_pickle=False) as stored:
            classifier = Scorer.restored(facts, {k: stored[k] for k in stored.files})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{folder} is not a theme classifier of this version ({error}); reinstall councilscope"
        ) from error
    if classifier.classes_ != [t.id for t in themes()]:
        raise ConfigError(
            f"{folder} was fitted for other themes than data/themes.toml lists; run scripts/train themes"
        )
    base = model_folder("tagger", encoder)
    if read_manifest(base)["files"]["encoder.onnx"] != manifest.get("encoder"):
        raise ConfigError(
            f"{folder} was fitted with another encoder than {base} holds; run scripts/train themes"
        )
    return ThemeLabeller(classifier, model_info(manifest), Encoder(base))

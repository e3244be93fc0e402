"""The learned half: the encoder's vectors turned into drafts of spans with their attributes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from councilscope.encoder import Encoder, model_folder, model_info, read_manifest
from councilscope.errors import ConfigError
from councilscope.records import Label
from councilscope.tagging import decode, edges
from councilscope.tagging.pieces import Cut, Cutter
from councilscope.tagging.rules import LABELS, Draft, without_overlap
from councilscope.tagging.wording import Wording, features
from councilscope.tagging.words import finder, themes


class Read(NamedTuple):
    """One text after the encoder: its section, vectors of its words and of the text, and log probabilities (words x
    labels x 3)."""

    cut: Cut
    section: str | None
    words: np.ndarray
    text: np.ndarray
    logps: np.ndarray


class Model:
    """Encoder, heads and decoding weights of one model folder, checked against its manifest."""

    def __init__(self, path: Path | None = None, threads: int = 1) -> None:
        folder = model_folder("tagger", path)
        self.manifest = read_manifest(folder)
        self.info = model_info(self.manifest)
        self.encoder = Encoder(folder, threads)
        self.cutter = Cutter(self.encoder.tokenizer)
        try:
            with np.load(folder / "heads.npz", allow_pickle=False) as stored:
                self.heads = {k: stored[k] for k in stored.files}
            self.values: dict[str, dict[str, list[str]]] = self.manifest["values"]
            settings = self.manifest["decoding"]
            self.weights = self.decoding(settings)
            self.least = {label: tuple(settings["grow"][label]) for label in LABELS}
            self.lexicon_weight = float(settings["lexicon"])
            self.wording = Wording(folder)
            self.wording_weight: dict[str, float] = settings["wording"]
            if self.values["CAUSE"]["theme"] != [t.id for t in themes()]:
                raise ValueError("it was trained for other themes than data/themes.toml lists")
        except (OSError, ValueError, KeyError) as error:
            raise ConfigError(
                f"{folder} is not a tagger of this version ({error}); reinstall councilscope"
            ) from error

    def decoding(self, settings: dict[str, Any]) -> decode.Weights:
        """The decoding weights as arrays; `settings` gives one number a label for `transition` and `prior`."""
        return decode.Weights(
            self.heads["transitions"],
            self.heads["starts"],
            self.heads["priors"],
            np.array([settings["transition"][label] for label in LABELS]),
            np.array([settings["prior"][label] for label in LABELS]),
        )

    def read(self, cut: Cut, section: str | None = None) -> Read:
        """Run the encoder over one text."""
        vectors = self.encoder.vectors(cut.ids, cut.starts, cut.prefix)
        words = vectors[cut.first]
        logits = words @ self.heads["tags.weight"].T + self.heads["tags.bias"]
        return Read(
            cut,
            section,
            words,
            vectors.mean(axis=0),
            decode.log_softmax(logits.reshape(len(words), len(LABELS), 3)),
        )

    def drafts(self, texts: Sequence[str], reads: Sequence[Read]) -> list[list[Draft]]:
        """The spans of several texts, their edges mended and their attributes read."""
        tags = decode.viterbi([r.logps for r in reads], [r.cut.lines for r in reads], self.weights)
        return [self.of_text(t, r, g) for t, r, g in zip(texts, reads, tags, strict=True)]

    def of_text(self, text: str, read: Read, tags: np.ndarray) -> list[Draft]:
        """The spans of one text from its tags (words x labels)."""
        found: list[Draft] = []
        names = [text[a:b] for a, b in read.cut.words]
        for k, label in enumerate(LABELS):
            spans, taken = decode.runs(tags[:, k]), 0
            for j, span in enumerate(spans):
                if span[0] < taken:
                    continue
                limit = spans[j + 1][0] if j + 1 < len(spans) else len(names)
                begin, end = edges.grow(
                    names, read.cut.lines, read.logps[:, k], span, (taken, limit), self.least[label]
                )
                if label in ("CAUSE", "ACTION"):
                    begin, end = edges.over_bracket(names, read.cut.lines, (begin, end), limit)
                taken = end
                start, stop = read.cut.words[begin][0], read.cut.words[end - 1][1]
                inner = np.arange(*span)
                score = float(np.exp(read.logps[inner, k, tags[inner, k]].mean()))
                attrs = self.attributes(label, read.words[begin:end], (text, start, stop, read.section))
                if mended := edges.mend(text, Draft(start, stop, label, attrs, round(score, 4))):
                    found.append(mended)
        found += [self.completed(text, read, d) for d in edges.sure_causes(text, found)]
        found += edges.sure_deadlines(text, found)
        return without_overlap(found)

    def completed(self, text: str, read: Read, draft: Draft) -> Draft:
        """A span found by cue words, with the attributes that it does not bring along."""
        places = [i for i, (a, b) in enumerate(read.cut.words) if a < draft.end and b > draft.start]
        attrs = self.attributes(draft.label, read.words[places], (text, draft.start, draft.end, read.section))
        return draft._replace(attrs={**attrs, **draft.attrs})

    def attributes(
        self, label: Label, vectors: np.ndarray, where: tuple[str, int, int, str | None]
    ) -> dict[str, str | None]:
        """The likeliest value of each attribute, from the span's mean vector and its first word's, and its wording.

        `where` is the text, the span's start and end, and the section or None. For a cause's theme the words of
        `data/themes.toml` in the span count as well. How much each counts stands in the manifest's decoding settings:
        `lexicon` times the log of one plus the hits, `wording` times the log probability.
        """
        pooled = np.concatenate([vectors.mean(axis=0), vectors[0]])
        values = self.values.get(label, {})
        seen = features(*where) if any(f"{label}.{key}" in self.wording.heads for key in values) else {}
        out: dict[str, str | None] = {}
        for key, names in values.items():
            head = f"{label}.{key}"
            logits = self.heads[f"{head}.weight"] @ pooled + self.heads[f"{head}.bias"]
            if key == "theme":
                text, start, end, _ = where
                hits = np.bincount([h.theme for h in finder().find(text[start:end])], minlength=len(names))
                logits = logits + self.lexicon_weight * np.log1p(hits)
            if head in self.wording.heads:
                logits = logits + self.wording_weight[head] * self.wording.logs(head, seen)
            out[key] = names[int(logits.argmax())]
        return out

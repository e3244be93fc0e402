"""The learned half: the encoder's vectors turned into drafts of spans with their attributes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

from councilscope.encoder import Encoder, model_folder, model_info, read_manifest
from councilscope.errors import ConfigError
from councilscope.records import Label
from councilscope.tagging import edges, segments
from councilscope.tagging.pieces import Cut, Cutter
from councilscope.tagging.rules import LABELS, Draft, without_overlap
from councilscope.tagging.wording import Wording, features
from councilscope.tagging.words import finder, themes

BEGINS, GOES_ON = 1, 2


class Read(NamedTuple):
    """One text after the encoder: its section, vectors of its words and of the text, and log probabilities (words x
    labels x 3: outside, begins, goes on)."""

    cut: Cut
    section: str | None
    words: np.ndarray
    text: np.ndarray
    logps: np.ndarray


def log_softmax(x: np.ndarray) -> np.ndarray:
    """Log probabilities over the last axis."""
    x = x - x.max(axis=-1, keepdims=True)
    return np.asarray(x - np.log(np.exp(x).sum(axis=-1, keepdims=True)))


def sureness(logps: np.ndarray) -> float:
    """How sure a span is (0 to 1), from its words' log probabilities: their geometric mean as first and further words."""
    return round(float(np.exp(np.append(logps[0, BEGINS], logps[1:, GOES_ON]).mean())), 4)


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
            self.bias = np.array([settings["bias"][label] for label in LABELS], np.float32)
            self.lexicon_weight = float(settings["lexicon"])
            self.wording = Wording(folder)
            self.wording_weight: dict[str, float] = settings["wording"]
            if self.values["CAUSE"]["theme"] != [t.id for t in themes()]:
                raise ValueError("it was trained for other themes than data/themes.toml lists")
        except (OSError, ValueError, KeyError) as error:
            raise ConfigError(
                f"{folder} is not a tagger of this version ({error}); reinstall councilscope"
            ) from error

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
            log_softmax(logits.reshape(len(words), len(LABELS), 3)),
        )

    def drafts(self, text: str, read: Read) -> list[Draft]:
        """The spans of one text, their edges mended and their attributes read."""
        found: list[Draft] = []
        scores = segments.scores(read.words, read.cut.lines, self.heads) + self.bias[:, None, None]
        for k, (label, spans) in enumerate(zip(LABELS, segments.best(scores), strict=True)):
            for begin, end in spans:
                start, stop = read.cut.words[begin][0], read.cut.words[end - 1][1]
                attrs = self.attributes(label, read.words[begin:end], (text, start, stop, read.section))
                score = sureness(read.logps[begin:end, k])
                if mended := edges.mend(text, Draft(start, stop, label, attrs, score)):
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

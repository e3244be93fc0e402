"""The learned half: the encoder's vectors turned into drafts of spans with their attributes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from councilscope.encoder import Encoder, model_folder, model_info, read_manifest
from councilscope.errors import ConfigError
from councilscope.tagging import decode, edges
from councilscope.tagging.pieces import Cut, Cutter
from councilscope.tagging.rules import LABELS, Draft, without_overlap


class Read(NamedTuple):
    """One text after the encoder: vectors of its words, of the text, and log probabilities (words x labels x 3)."""

    cut: Cut
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
            self.weights = self.decoding(self.manifest["decoding"])
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

    def read(self, cut: Cut) -> Read:
        """Run the encoder over one text."""
        breaks = set(cut.breaks)
        starts = [int(f) for f, (a, _) in zip(cut.first, cut.words, strict=True) if a in breaks]
        prefix = int(cut.first[0]) if len(cut.first) else 1
        vectors = self.encoder.vectors(cut.ids, starts, prefix)
        words = vectors[cut.first]
        logits = words @ self.heads["tags.weight"].T + self.heads["tags.bias"]
        return Read(
            cut, words, vectors.mean(axis=0), decode.log_softmax(logits.reshape(len(words), len(LABELS), 3))
        )

    def drafts(self, texts: Sequence[str], reads: Sequence[Read]) -> list[list[Draft]]:
        """The spans of several texts, their edges mended and their attributes read."""
        tags = decode.viterbi([r.logps for r in reads], [r.cut.lines for r in reads], self.weights)
        out = []
        for text, read, tag in zip(texts, reads, tags, strict=True):
            found = []
            for k, label in enumerate(LABELS):
                for begin, end in decode.runs(tag[:, k]):
                    start, stop = read.cut.words[begin][0], read.cut.words[end - 1][1]
                    score = float(np.exp(read.logps[np.arange(begin, end), k, tag[begin:end, k]].mean()))
                    draft = Draft(
                        start, stop, label, self.attributes(label, read.words, begin, end), round(score, 4)
                    )
                    if mended := edges.mend(text, draft):
                        found.append(mended)
            found += edges.sure_causes(text, found)
            found += edges.sure_deadlines(text, found)
            out.append(without_overlap(found))
        return out

    def attributes(self, label: str, words: np.ndarray, begin: int, end: int) -> dict[str, str | None]:
        """The likeliest value of each attribute, from the span's mean vector and its first word's."""
        pooled = np.concatenate([words[begin:end].mean(axis=0), words[begin]])
        out: dict[str, str | None] = {}
        for key, values in self.values.get(label, {}).items():
            logits = self.heads[f"{label}.{key}.weight"] @ pooled + self.heads[f"{label}.{key}.bias"]
            out[key] = values[int(logits.argmax())]
        return out

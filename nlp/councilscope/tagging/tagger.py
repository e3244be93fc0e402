"""The tagger: passages in, spans and relations out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import islice
from pathlib import Path

from councilscope.records import ModelInfo
from councilscope.tagging import cues, rules
from councilscope.tagging.finish import finish
from councilscope.tagging.model import Model
from councilscope.tagging.passages import Passage, Tagged
from councilscope.tagging.sentences import sentence_starts, tokeniser

AT_ONCE = 64
"""How many passages are decoded side by side; the answers do not depend on it."""


class Tagger:
    """Spans from the trained model, helped by the cue words; `model` says which one."""

    def __init__(self, model: Model) -> None:
        self.net = model
        self.model: ModelInfo = model.info

    def pipe(self, passages: Iterable[Passage]) -> Iterator[Tagged]:
        """One `Tagged` for each passage, in order; the same for a passage whatever its neighbours are."""
        stream = iter(passages)
        while batch := list(islice(stream, AT_ONCE)):
            yield from self.tag(batch)

    def tag(self, batch: list[Passage]) -> list[Tagged]:
        """The passages of one batch."""
        telling = [i for i, p in enumerate(batch) if not cues.says_nothing(p.text)]
        out = [Tagged()] * len(batch)
        reads = [
            self.net.read(self.net.cutter.cut(batch[i].text, batch[i].section), batch[i].section)
            for i in telling
        ]
        for i, read, drafts in zip(
            telling, reads, self.net.drafts([batch[i].text for i in telling], reads), strict=True
        ):
            out[i] = finish(batch[i], drafts, read.cut.breaks, read.text)
        return out


class RuleTagger:
    """Spans from the cue words of `data/cues.toml` alone: the baseline; needs no model."""

    def __init__(self) -> None:
        data = resources.files("councilscope").joinpath("data/cues.toml").read_bytes()
        self.model = ModelInfo(name="cues", version="1", hash=hashlib.sha256(data).hexdigest())

    def pipe(self, passages: Iterable[Passage]) -> Iterator[Tagged]:
        """One `Tagged` for each passage, in order."""
        nlp = tokeniser()
        for passage in passages:
            if cues.says_nothing(passage.text):
                yield Tagged()
                continue
            yield finish(passage, rules.draft(passage.text), sentence_starts(nlp(passage.text)))


def load_tagger(path: Path | None = None) -> Tagger:
    """The shipped tagger, or the one in the folder `path`; `ConfigError` if it is missing or damaged."""
    return Tagger(Model(path))

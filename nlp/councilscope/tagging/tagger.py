"""The tagger: passages in, spans and relations out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from councilscope.records import ModelInfo
from councilscope.tagging import cues, rules
from councilscope.tagging.finish import finish
from councilscope.tagging.model import Model
from councilscope.tagging.passages import Passage, Tagged
from councilscope.tagging.sentences import sentence_starts, tokeniser


class Tagger:
    """Spans from the trained model, helped by the cue words; `model` says which one."""

    def __init__(self, model: Model) -> None:
        self.net = model
        self.model: ModelInfo = model.info

    def pipe(self, passages: Iterable[Passage]) -> Iterator[Tagged]:
        """One `Tagged` for each passage, in order; the same for a passage whatever its neighbours are."""
        return map(self.tag, passages)

    def tag(self, passage: Passage) -> Tagged:
        """One passage."""
        if cues.says_nothing(passage.text):
            return Tagged()
        read = self.net.read(self.net.cutter.cut(passage.text, passage.section), passage.section)
        return finish(passage, self.net.drafts(passage.text, read), read.cut.breaks, read.text)


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

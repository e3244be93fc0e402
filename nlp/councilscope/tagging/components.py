"""The tagger as a spaCy component: `spacy.blank("en").add_pipe("councilscope_tagger")`.

It writes one span group a label (`doc.spans["CAUSE"]`, `["ACTION"]`, `["OWNER"]`, `["DEADLINE"]`) and keeps the
records with attributes and relations in `doc._.councilscope` (a `Tagged`). spaCy stores what hangs on a span by
its offsets alone, so two labels on the same words would share it; that is why attributes stay in the records.
A text's section and period are read from `doc.user_data["section"]` and `["period"]` where they are set.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from spacy.language import Language
from spacy.tokens import Doc

from councilscope.tagging.passages import Passage, Tagged
from councilscope.tagging.rules import LABELS

if TYPE_CHECKING:
    from councilscope.tagging.tagger import RuleTagger, Tagger

if not Doc.has_extension("councilscope"):
    Doc.set_extension("councilscope", default=None)


class TaggerComponent:
    """Runs a tagger over spaCy documents, in batches."""

    def __init__(self, tagger: Tagger | RuleTagger) -> None:
        self.tagger = tagger

    def __call__(self, doc: Doc) -> Doc:
        """Tag one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], batch_size: int = 64) -> Iterator[Doc]:
        """Tag documents in order; the answers do not depend on `batch_size`."""
        docs = iter(stream)
        while batch := list(islice(docs, batch_size)):
            passages = [Passage(d.text, d.user_data.get("section"), d.user_data.get("period")) for d in batch]
            for doc, tagged in zip(batch, self.tagger.pipe(passages), strict=True):
                yield write(doc, tagged)


def write(doc: Doc, tagged: Tagged) -> Doc:
    """Put the spans of a passage into the document that holds its text."""
    for label in LABELS:
        spans = [
            doc.char_span(s.start, s.end, label, alignment_mode="expand")
            for s in tagged.spans
            if s.label == label
        ]
        doc.spans[label] = [s for s in spans if s is not None]
    doc._.councilscope = tagged
    return doc


@Language.factory(
    "councilscope_tagger", assigns=["doc.spans", "doc._.councilscope"], default_config={"path": None}
)
def make_tagger(nlp: Language, name: str, path: str | None) -> TaggerComponent:
    """The trained tagger; `path` is a model folder, by default the shipped one."""
    from councilscope.tagging.tagger import load_tagger

    return TaggerComponent(load_tagger(Path(path) if path else None))


@Language.factory("councilscope_cues", assigns=["doc.spans", "doc._.councilscope"])
def make_cues(nlp: Language, name: str) -> TaggerComponent:
    """The baseline that goes by the cue words of `data/cues.toml` alone."""
    from councilscope.tagging.tagger import RuleTagger

    return TaggerComponent(RuleTagger())

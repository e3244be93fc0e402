"""Words and sentences of commentary: spaCy's tokeniser, and sentences that also end where a line does."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import spacy
from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc

ABBREVIATIONS = frozenset(
    "no nos approx etc e.g i.e vs v cllr cllrs mr mrs ms dr st dept para paras ref min max fig".split()
)
STOPS = frozenset(".!?")
OPENERS = frozenset("\"'“‘(-•*–")


@Language.component("councilscope_sentences", assigns=["token.is_sent_start"])
def mark_sentences(doc: Doc) -> Doc:
    """Start a sentence after a full stop, question or exclamation mark, and at every new line."""
    start = True
    for i, token in enumerate(doc):
        text = token.text
        blank = text.isspace()
        token.is_sent_start = i == 0 or (start and not blank)
        if "\n" in text:
            start = True
        elif not blank:
            if start:
                start = False
            if text in STOPS:
                before = doc[i - 1].lower_ if i else ""
                start = before not in ABBREVIATIONS and not (
                    i + 1 < len(doc) and not token.whitespace_ and "\n" not in doc[i + 1].text
                )
    return doc


@cache
def tokeniser() -> Language:
    """A blank English pipeline with the sentence marker."""
    nlp = spacy.blank("en")
    nlp.add_pipe("councilscope_sentences")
    return nlp


def sentence_starts(doc: Doc) -> list[int]:
    """The character offsets at which the sentences of a marked document start."""
    return [t.idx for t in doc if t.is_sent_start]

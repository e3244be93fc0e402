"""From a text to the encoder's word pieces, by way of spaCy's words, with every word's place in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from councilscope.tagging.sentences import tokeniser

if TYPE_CHECKING:
    from spacy.tokens import Doc
    from tokenizers import Tokenizer

NEWLINE = "[unused1]"
"""The piece that stands for a line break; pieces called [unusedN] are free in BERT's vocabulary."""

# Sections whose name the encoder was shown in training; the others go without.
SHOWN = {
    "reason": "reason",
    "issue": "reason",
    "risk": "risk",
    "action": "action",
    "outlook": "outlook",
    "improvement": "improvement",
    "progress": "progress",
    "note": "note",
    "impact": "impact",
    "finance": "finance",
}


@dataclass(slots=True)
class Cut:
    """`ids` of the pieces, `first` piece of each word, `words` as (start, end) in the text, `breaks` where sentences and lines start."""

    ids: np.ndarray
    first: np.ndarray
    words: list[tuple[int, int]]
    lines: np.ndarray
    breaks: list[int]

    @property
    def prefix(self) -> int:
        """How many pieces stand before the first word."""
        return int(self.first[0]) if len(self.first) else 1

    @property
    def starts(self) -> list[int]:
        """The pieces at which sentences and lines start."""
        breaks = set(self.breaks)
        return [int(f) for f, (a, _) in zip(self.first, self.words, strict=True) if a in breaks]


class Cutter:
    """Cuts texts with one word piece vocabulary (`tokenizer`, a BERT WordPiece one)."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.tokenizer = tokenizer
        self.begin, self.end, self.newline, self.unknown = (
            int(tokenizer.token_to_id(name) or 0) for name in ("[CLS]", "[SEP]", NEWLINE, "[UNK]")
        )
        self.known: dict[str, tuple[int, ...]] = {}

    def pieces(self, word: str) -> tuple[int, ...]:
        """The piece ids of one word; never empty."""
        found = self.known.get(word)
        if found is None:
            found = tuple(self.tokenizer.encode(word, add_special_tokens=False).ids) or (self.unknown,)
            if len(self.known) < 50_000:
                self.known[word] = found
        return found

    def cut(self, text: str, section: str | None = None) -> Cut:
        """One text; `section` is put before it where the encoder knows it."""
        return self.cut_doc(tokeniser()(text), section)

    def cut_doc(self, doc: Doc, section: str | None = None) -> Cut:
        """One tokenised text with marked sentences."""
        ids = [self.begin]
        if name := SHOWN.get(section or ""):
            ids += [*self.pieces(name), *self.pieces(":")]
        first, words, lines, breaks, line = [], [], [], [], 0
        for token in doc:
            word = token.text
            if token.is_sent_start:
                breaks.append(token.idx)
            if word.isspace():
                if "\n" in word:
                    ids.append(self.newline)
                    line += 1
                continue
            first.append(len(ids))
            words.append((token.idx, token.idx + len(word)))
            lines.append(line)
            ids += self.pieces(word)
        ids.append(self.end)
        return Cut(
            np.array(ids, np.int64), np.array(first, np.int64), words, np.array(lines, np.int64), breaks
        )

"""Status and direction in words and letters, English and Welsh; the lists are in data/status.toml."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from councilscope.lexicon import direction_words, fold, status_data, status_words, word_list
from councilscope.records import Direction, Rag
from councilscope.status.key import Key

_BRACKETED = re.compile(r"[(\[].*?[)\]]")
_COLOURS = ("red", "amber", "yellow", "orange", "green", "blue", "grey", "gray")
_DENIAL = re.compile(r"\b(?:not|no|non|never|nearly|almost|partly|part|until|unless|yet|heb|ddim)\b|\d ?%")


def word_rag(text: str, key: Key | None = None) -> Rag | None:
    """The status that a whole text says in words ("Off target", "AMBER", "Red/Amber", "Works complete"), or None."""
    s = _outside_brackets(text)
    if not s or len(s) > 60:
        return None
    if key and s in key.words:
        return key.words[s]
    return _rag_of(s)


@lru_cache(maxsize=4096)
def _outside_brackets(text: str) -> str:
    """A text folded, without what stands in brackets; with it where nothing else is left."""
    return fold(_BRACKETED.sub(" ", text)) or fold(text)


@lru_cache(maxsize=4096)
def _rag_of(s: str) -> Rag | None:
    words = status_words()
    if s in words:
        return words[s]  # type: ignore[return-value]
    parts = [p for p in re.split(r"[^a-z]+", s) if p]
    colours = [w for w in parts if w in _COLOURS]
    meant = {words[c] for c in colours}
    if len(meant) == 1 and len(set(colours) & {"yellow", "orange"}) == 0 and len(parts) <= 6:
        return words[colours[0]]  # type: ignore[return-value]
    if "amber" in meant and len(meant) == 2 and len(colours) == len(parts) == 2:
        return "amber"  # "Red/Amber", "Green - Amber": a step between two
    if meant - {"amber"} and len(meant) > 1:
        return None
    return _phrase_at_an_end(s.split(), words)  # type: ignore[return-value]


def _phrase_at_an_end(said: Sequence[str], words: dict[str, str]) -> str | None:
    """The status whose phrase begins a short text ("On track for March") or ends it ("Scheme is complete")."""
    for n in range(min(4, len(said)), 1, -1):
        head = " ".join(said[:n])
        if head in words and len(said) <= n + 4:
            return words[head]
    if _DENIAL.search(" ".join(said)):
        return None
    for n in range(min(4, len(said)), 1, -1):
        tail = " ".join(said[-n:])
        if tail in words and len(said) <= n + 3:
            return words[tail]
    return None


@lru_cache(maxsize=4096)
def letter_rag(text: str) -> Rag | None:
    """The status of a lone letter, R, A, G or B, or of a mixed one such as A/G."""
    s = re.sub(r"\s", "", text)
    for rag, letters in status_data()["letters"].items():
        if s in letters:
            return rag
    return None


@lru_cache(maxsize=4096)
def names_colour(text: str) -> bool:
    """Whether a text names a colour of the scale itself."""
    return bool(
        re.search(
            r"\b(?:red|amber|green|blue|grey|gray|yellow|orange|coch|ambr|oren|melyn|gwyrdd|glas|llwyd)\b",
            fold(text),
        )
    )


def exact_rag(text: str, key: Key) -> Rag | None:
    """The status of a text that is a status word and nothing else."""
    s = fold(text)
    return key.words.get(s) or status_words().get(s)  # type: ignore[return-value]


@lru_cache(maxsize=4096)
def meaning_of(text: str) -> Rag | None:
    """The status that a key's description says, as a whole or by a status phrase anywhere in it, or None."""
    said = word_rag(text)
    if said:
        return said
    s = f" {fold(text)} "
    for rag in ("blue", "grey", "amber", "green", "red"):
        for w in word_list(rag):
            if f" {w} " in s and len(w) > 3:
                return rag
    return None


# --- direction ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def word_direction(text: str) -> Direction | None:
    """Direction that a text says in words ("Improving", "no change since Q1"), or None."""
    s = _trend_text(text)
    if not s:
        return None
    words = direction_words()
    if s in words:
        return words[s]  # type: ignore[return-value]
    if len(s.split()) <= 8:
        within = f" {s} "
        hits = [(len(w), d) for w, d in words.items() if len(w) > 3 and w in s and f" {w} " in within]
        if hits:
            return max(hits)[1]  # type: ignore[return-value]
    return None


def moved(text: str, polarity: str | None) -> Direction | None:
    """Direction of a text that says which way the figure went ("Increased", "Reduced since Q1").

    Polarity decides what that means; without it, None. The score of a risk has polarity `lower`.
    """
    s = _trend_text(text)
    if not s or polarity is None or len(s.split()) > 8:
        return None
    within = f" {s} "
    for way, words in _moves():
        if any(w in within for w in words):
            return "improving" if (way == "up") == (polarity == "higher") else "worsening"
    return None


@cache
def _moves() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Words for going up and down, folded, a blank before and after each."""
    moves = status_data()["direction_moves"]
    return tuple((way, tuple(f" {fold(w)} " for w in words)) for way, words in moves.items())


def _trend_text(text: str) -> str | None:
    s = fold(_BRACKETED.sub(" ", text))
    return s if s and len(s) <= 80 else None

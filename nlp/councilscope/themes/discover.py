"""Topics that a codebook misses: what comes again and again in texts that get no theme."""

from __future__ import annotations

import warnings
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, TfidfVectorizer

from councilscope.codebook import Code, slug
from councilscope.themes.scorer import grams

ENOUGH = 30
"""Texts to look for topics in at least; where fewer have no theme, the least sure ones come to them."""
WORDS = 6
QUOTES = 3
COMMONEST = 0.4
"""Words in a greater share of the texts tell no topic."""
SAY_LITTLE = ENGLISH_STOP_WORDS | frozenset(
    "quarter year month week day days months weeks years target targets performance report reported indicator measure "
    "council service services january february march april june july august september october november december "
    "average figure number per cent end due within remains expected continue continues previous compared".split()
)
"""Words that stand in reports of every kind and tell no topic."""


@dataclass(frozen=True)
class Topic:
    """A topic: its words, heaviest first, the texts it is the main topic of, and those that show it best."""

    words: tuple[str, ...]
    texts: tuple[int, ...]
    quotes: tuple[int, ...]


def untold(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """The numbers of the texts that no theme reaches; the least sure ones with them where that gives under `ENOUGH`."""
    room = (scores / thresholds).max(axis=1)
    order = np.argsort(room, kind="stable")
    return np.sort(order[: max(int((room < 1).sum()), min(ENOUGH, len(order)))])


def find_topics(texts: Sequence[str], sources: Sequence[Hashable], topics: int | None = None) -> list[Topic]:
    """Recurring topics of texts, those of most texts first.

    Non-negative matrix factorisation (Lee and Seung 1999) of TF-IDF over words and word pairs, started from the
    singular vectors, so that the same texts give the same topics; the texts are put in order first. A topic
    must come from at least two `sources` (councils or reports) where there are two. `topics` is how many are looked for;
    by default one for every ten texts, 2 to 20.
    """
    order = sorted({t: i for i, t in reversed(list(enumerate(texts)))}.items())
    kept = [i for _, i in order]
    if len(kept) < 4:
        return []
    counts = [
        [g for g, n in grams(texts[i]).items() for _ in range(n) if not SAY_LITTLE & set(g.split())]
        for i in kept
    ]
    try:
        table = TfidfVectorizer(analyzer=lambda g: g, min_df=2, max_df=COMMONEST, sublinear_tf=True)
        matrix = table.fit_transform(counts)
    except ValueError:  # no word comes twice
        return []
    told = np.flatnonzero(np.diff(matrix.indptr))  # texts with a word that comes twice
    kept, matrix = [kept[j] for j in told], matrix[told]
    wanted = min(topics or int(np.clip(len(kept) // 10, 2, 20)), min(matrix.shape))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # the root of a rounding error where the fit is perfect
        model = NMF(wanted, init="nndsvd", random_state=0, max_iter=400)
        share = model.fit_transform(matrix)
    names = table.get_feature_names_out()
    main = share.argmax(axis=1)
    out = []
    for k in range(wanted):
        mine = [j for j in np.argsort(-share[:, k], kind="stable") if main[j] == k and share[j, k] > 0]
        words = named([str(names[j]) for j in np.argsort(-model.components_[k], kind="stable")[: 4 * WORDS]])
        several = len({sources[kept[j]] for j in mine}) > 1 or len(set(sources)) < 2
        if len(mine) > 1 and several:
            out.append(
                Topic(words, tuple(kept[j] for j in mine), tuple(_quotes([kept[j] for j in mine], sources)))
            )
    return sorted(out, key=lambda t: (-len(t.texts), t.words))


def named(ranked: Sequence[str]) -> tuple[str, ...]:
    """The first words that say something new: no pair whose words stand there already, no word of a pair that does."""
    chosen: list[str] = []
    for word in ranked:
        parts = set(word.split())
        if not any(parts & set(c.split()) for c in chosen):
            chosen.append(word)
    return tuple(chosen[:WORDS])


def _quotes(texts: Sequence[int], sources: Sequence[Hashable]) -> list[int]:
    """The best texts, of different sources first."""
    first = {sources[i]: i for i in reversed(texts)}
    best = sorted(first.values(), key=texts.index)
    return (best + [i for i in texts if i not in best])[:QUOTES]


def to_codes(topics: Sequence[Topic], texts: Sequence[str]) -> list[Code]:
    """The topics as entries of a codebook, to be named and defined by somebody."""
    codes: list[Code] = []
    for topic in topics:
        name = ", ".join(topic.words[:3])
        made = slug("-".join(topic.words[:2]), [c.id for c in codes])
        said = f"To be defined. Found by its words ({', '.join(topic.words)}) in {len(topic.texts)} texts without a theme."
        codes.append(Code(made, name, said, tuple(texts[i] for i in topic.quotes), (), topic.words))
    return codes

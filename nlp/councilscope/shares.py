"""How sure a share is: intervals that respect clusters, and correction for a classifier's known errors.

Texts of one council are alike, so a share over 300 texts of three councils is less sure than 300 coins would be. The
intervals here come from drawing whole clusters (councils, reports) again and again (the cluster bootstrap: Davison and
Hinkley 1997, ch. 3.8), widened for few clusters as Cameron and Miller (2015, Journal of Human Resources 50, section VI)
advise. Everything is seeded: the same numbers give the same intervals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats

DRAWS = 1000
LEVEL = 0.95
SEED = 20
LIKENESS = 0.1
"""How alike the texts of one cluster are taken to be (intraclass correlation) where all of them agree."""
FEWEST = 10
"""Positive and negative held-out texts a theme needs before its shares are corrected."""
INFORMATIVE = 0.2
"""Least sensitivity + specificity - 1 for a correction: below it the classifier says too little."""


@dataclass(frozen=True)
class Shares:
    """Shares of several things in one group, with the ends of their intervals; nan where nothing can be said."""

    share: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Errors:
    """A classifier's counts for one theme on held-out texts: has it and was found, and so on."""

    right: int
    missed: int
    wrong: int
    without: int

    @property
    def usable(self) -> bool:
        """Whether there is enough to correct with."""
        return (
            min(self.right + self.missed, self.wrong + self.without) >= FEWEST
            and self.sensitivity + self.specificity - 1 >= INFORMATIVE
        )

    @property
    def sensitivity(self) -> float:
        """Share of the texts with the theme that the classifier finds."""
        return self.right / max(1, self.right + self.missed)

    @property
    def specificity(self) -> float:
        """Share of the texts without it that the classifier leaves alone."""
        return self.without / max(1, self.wrong + self.without)


def bootstrap(hits: np.ndarray, sizes: np.ndarray, *, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """Shares (draws x things) in samples of whole clusters; `hits` (clusters x things) of `sizes` texts a cluster."""
    weights = _weights(len(sizes), draws, seed)
    return np.asarray((weights @ hits) / np.maximum(weights @ sizes, 1e-12)[:, None])


@lru_cache(maxsize=256)
def _weights(count: int, draws: int, seed: int) -> np.ndarray:
    """How often each of so many clusters is drawn (draws x clusters): the same for all groups that have as many."""
    drawn = np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=draws)
    return drawn.astype(float)


def shares(
    hits: np.ndarray, sizes: np.ndarray, *, level: float = LEVEL, draws: int = DRAWS, seed: int = SEED
) -> Shares:
    """Share of each thing over all clusters with its interval.

    Args:
        hits: clusters x things, how many texts of a cluster carry a thing.
        sizes: how many texts a cluster has; at least one in all for a share.

    With one cluster there is a share and no interval. Where all texts or none carry a thing, drawing again shows
    nothing; the interval is then the exact one (Clopper and Pearson 1934) for as many independent texts as
    the clusters are worth at an intraclass correlation of `LIKENESS`.
    """
    hits, sizes = np.asarray(hits, float), np.asarray(sizes, float)
    kept = sizes > 0
    hits, sizes = hits[kept], sizes[kept]
    things, count, total = hits.shape[1], len(sizes), sizes.sum()
    nothing = np.full(things, np.nan)
    if not count:
        return Shares(nothing, nothing.copy(), nothing.copy())
    share = hits.sum(axis=0) / total
    if count < 2:
        return Shares(share, nothing, nothing.copy())
    tail = (1 - level) / 2
    low, high = share.copy(), share.copy()
    some = (share > 0) & (share < 1)  # elsewhere all draws are alike
    if some.any():
        drawn = bootstrap(hits[:, some], sizes, draws=draws, seed=seed)
        low[some], high[some] = np.quantile(drawn, [tail, 1 - tail], axis=0)
    wider = widening(count, level)
    low, high = share - (share - low) * wider, share + (high - share) * wider
    worth = total / (1 + (float((sizes**2).sum()) / total - 1) * LIKENESS)
    bound = 1 - tail ** (1 / worth)
    low, high = np.where(share >= 1, 1 - bound, low), np.where(share <= 0, bound, high)
    return Shares(share, np.clip(low, 0, share), np.clip(high, share, 1))


@lru_cache(maxsize=256)
def widening(count: int, level: float = LEVEL) -> float:
    """By how much an interval from `count` clusters is too narrow: the t for the normal quantile, and count - 1."""
    tail = (1 + level) / 2
    return float(stats.t.ppf(tail, count - 1) / stats.norm.ppf(tail) * np.sqrt(count / (count - 1)))


def corrected(
    hits: np.ndarray,
    sizes: np.ndarray,
    errors: Sequence[Errors | None],
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Shares:
    """Shares as they would be if the classifier made no errors (Rogan and Gladen 1978), with intervals.

    The classifier's rates are themselves measured on few texts; they are drawn from their posterior (Jeffreys) with
    every sample, so that the intervals hold that doubt as well. Things without usable errors are nan, and so are those
    found less often than the errors alone would have them found: here, the classifier errs in another way.
    """
    hits, sizes = np.asarray(hits, float), np.asarray(sizes, float)
    kept = sizes > 0
    hits, sizes = hits[kept], sizes[kept]
    things = hits.shape[1]
    share, low, high = (np.full(things, np.nan) for _ in range(3))
    if not len(sizes):
        return Shares(share, low, high)
    observed = hits.sum(axis=0) / sizes.sum()
    drawn = bootstrap(hits, sizes, draws=draws, seed=seed) if len(sizes) > 1 else None
    tail = (1 - level) / 2
    for k, e in enumerate(errors):
        if e is None or not e.usable:
            continue
        sensitivity, specificity = _rates(e, k, draws, seed)
        sampled = np.full(draws, observed[k]) if drawn is None else drawn[:, k]
        wide = np.clip(observed[k] + (sampled - observed[k]) * widening(max(2, len(sizes)), level), 0, 1)
        ends = np.quantile(rogan_gladen(wide, sensitivity, specificity), [tail, 1 - tail])
        if ends[0] == ends[1]:
            continue  # fewer (or more) found than the errors alone would give: they were others here
        share[k] = rogan_gladen(observed[k], e.sensitivity, e.specificity)
        if drawn is not None:
            low[k], high[k] = ends
    return Shares(share, np.fmin(low, share), np.fmax(high, share))


@lru_cache(maxsize=256)
def _rates(e: Errors, number: int, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Sensitivity and specificity as they may be, drawn from their posterior."""
    rng = np.random.default_rng([seed, number])
    sensitivity = rng.beta(e.right + 0.5, e.missed + 0.5, draws)
    return sensitivity, rng.beta(e.without + 0.5, e.wrong + 0.5, draws)


def rogan_gladen(observed: Any, sensitivity: Any, specificity: Any) -> np.ndarray:
    """The true share behind an observed one, kept between 0 and 1."""
    power = np.maximum(np.asarray(sensitivity) + specificity - 1, 1e-3)
    return np.clip((observed + np.asarray(specificity) - 1) / power, 0, 1)


@dataclass(frozen=True)
class Group:
    """Shares of the things among one group's texts, as found and corrected; `unit` is the level that was drawn from."""

    found: Shares
    corrected: Shares
    unit: int
    clusters: int


def of_groups(
    group: np.ndarray,
    levels: Sequence[np.ndarray],
    carried: tuple[np.ndarray, np.ndarray],
    sizes: tuple[int, int],
    errors: Sequence[Errors | None] | None = None,
    least: int = 1,
) -> list[Group | None]:
    """Shares in each group of texts; None for a group of fewer than `least`.

    Args:
        group: each text's group as a number, -1 for one that counts in none.
        levels: columns of numbers, the coarsest first (councils, reports, blocks); drawn from is the first that has
            more than one value in the group, the last where none has.
        carried: text and thing, one pair for each thing that a text carries, each pair once.
        sizes: how many groups and how many things there are.
        errors: as for `corrected`.
    """
    texts, things = carried
    order, mine = np.argsort(group, kind="stable"), np.argsort(group[texts], kind="stable")
    ends, own = (np.searchsorted(group[o], np.arange(sizes[0] + 1)) for o in (order, texts[mine]))
    place = np.zeros(len(group), int)
    out: list[Group | None] = []
    for g in range(sizes[0]):
        here, pairs = order[ends[g] : ends[g + 1]], mine[own[g] : own[g + 1]]
        if len(here) < max(1, least):
            out.append(None)
            continue
        unit, cluster, count = _drawn_from([level[here] for level in levels])
        place[here] = cluster
        hits = np.bincount(place[texts[pairs]] * sizes[1] + things[pairs], minlength=count * sizes[1])
        clustered, amounts = hits.reshape(count, sizes[1]), np.bincount(cluster, minlength=count)
        mended = corrected(clustered, amounts, errors or [None] * sizes[1])
        out.append(Group(shares(clustered, amounts), mended, unit, count))
    return out


def _drawn_from(levels: Sequence[np.ndarray]) -> tuple[int, np.ndarray, int]:
    """The first level with more than one value, else the last: its number, the cluster of each text, and their number."""
    for number, level in enumerate(levels):
        if number == len(levels) - 1 or (level != level[0]).any():
            found, cluster = np.unique(level, return_inverse=True)
            return number, cluster, len(found)
    raise ValueError("no level to draw from")


def of_counts(counts: Mapping[str, Iterable[int]], things: Sequence[str]) -> list[Errors | None]:
    """`Errors` for each thing from a model's manifest, None where it has none."""
    return [Errors(*(int(n) for n in counts[t])) if t in counts else None for t in things]


__all__ = [
    "Errors",
    "Group",
    "Shares",
    "bootstrap",
    "corrected",
    "of_counts",
    "of_groups",
    "shares",
    "widening",
]

"""The same measure in many words: indicators grouped into families across councils.

A title is held against the measures of data/indicators.toml; what none of them fits is grouped with the titles of the
archive that it is most like. Every match has a score.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from councilscope.analysis import scope
from councilscope.analysis.wording import FILE, Likeness, Measure, plain
from councilscope.lexicon import load_toml

CANDIDATES = 24


@dataclass(frozen=True)
class Indicator:
    """A measure of data/indicators.toml."""

    id: str
    name: str
    also: tuple[str, ...]
    unit: str
    polarity: str | None
    service: str
    source: str

    def measures(self) -> list[Measure]:
        names = (self.name, *self.also)
        return [Measure(said, self.unit, self.polarity, self.service, names) for said in names]


@dataclass(frozen=True)
class Family:
    """Where a title belongs: `id` and `name` of the family, `score` from 0 to 1, `known` where the data file has it.

    `next_best` is the measure that came second. A title like no other has a family of its own, with score 1.
    """

    id: str
    name: str
    score: float
    known: bool
    next_best: str | None = None


@cache
def catalogue() -> tuple[Indicator, ...]:
    """The measures of data/indicators.toml."""
    return tuple(
        Indicator(
            i["id"], i["name"], tuple(i["also"]), i["unit"], i.get("polarity"), i["service"], i["source"]
        )
        for i in load_toml(FILE)["indicator"]
    )


@cache
def _names() -> tuple[tuple[Measure, ...], np.ndarray]:
    measures, owner = [], []
    for k, indicator in enumerate(catalogue()):
        for m in indicator.measures():
            measures.append(m)
            owner.append(k)
    return tuple(measures), np.array(owner)


class Matcher:
    """Groups measures into families. One object can be asked again; it remembers the vectors of titles."""

    def __init__(self, weights: dict[str, Any] | None = None) -> None:
        self.like = Likeness(weights)
        self.names, self.owner = _names()
        self.like.learn_rarity(m.core for m in self.names)
        self._found: dict[Measure, tuple[int, float, int, float]] = {}

    def known(self, measures: Sequence[Measure]) -> list[tuple[int, float, int, float]]:
        """For each measure the best two of the catalogue with their scores: (index, score, next, its score)."""
        new = [m for m in dict.fromkeys(measures) if m not in self._found]
        among = self.like.nearest(new, self.names, CANDIDATES)
        found = self.like.pairs(new, self.names, among)
        for m, chosen, scores in zip(new, among, found, strict=True):
            best: dict[int, float] = {}
            for j, p in zip(chosen, scores, strict=True):
                k = int(self.owner[j])
                best[k] = max(best.get(k, 0.0), float(p))
            ranked = sorted(best.items(), key=lambda kv: (-kv[1], kv[0]))[:2]
            ranked += [(-1, 0.0)] * (2 - len(ranked))
            self._found[m] = (*ranked[0], *ranked[1])
        return [self._found[m] for m in measures]

    def families(self, measures: Sequence[Measure]) -> list[Family]:
        """The family of each measure, those of one call compared with each other."""
        first = self.known(measures)
        taken = [k if p >= self.like.weights["known"] else -1 for k, p, _, _ in first]
        scores = [p if k >= 0 else 0.0 for k, (_, p, _, _) in zip(taken, first, strict=True)]
        label = self._joined(measures, taken, scores)
        indicators = catalogue()
        out = []
        for i, where in enumerate(label):
            second = first[i][2] if taken[i] >= 0 else first[i][0]
            next_best = indicators[second].id if second >= 0 else None
            if not isinstance(where, tuple):
                out.append(Family(indicators[where].id, indicators[where].name, scores[i], True, next_best))
            else:
                name = measures[where[1]].title
                out.append(Family(f"own: {plain(name)}"[:80], name, scores[i], False, next_best))
        return out

    def _joined(self, measures: Sequence[Measure], taken: Sequence[int], scores: list[float]) -> list[Any]:
        """The family of each: an index into the catalogue, or ("own", index of the title that leads the group).

        A title that is as good as equal to one which the catalogue fits better goes with it. Of the others, what no
        measure of the catalogue fits is grouped around the first title, in alphabetical order, that it is like.
        """
        label: list[Any] = list(taken)
        among = self.like.nearest(measures, measures, CANDIDATES)
        found = self.like.pairs(measures, measures, among)
        edges = [
            sorted(((-float(p), int(j)) for j, p in zip(chosen, ps, strict=True) if j != i))
            for i, (chosen, ps) in enumerate(zip(among, found, strict=True))
        ]
        for i, near in enumerate(edges):
            better = [(-p, j) for p, j in near if taken[j] >= 0 and scores[j] > scores[i]]
            if better and better[0][0] >= self.like.weights["equal"]:
                label[i] = taken[better[0][1]]
        for i, where in enumerate(label):
            if where != taken[i]:
                scores[i] = max(-p for p, j in edges[i] if taken[j] == where)
        for i in sorted(range(len(measures)), key=lambda i: (measures[i].plain, i)):
            if label[i] != -1:
                continue
            label[i], scores[i] = ("own", i), 1.0
            for p, j in edges[i]:
                if -p >= self.like.weights["like"] and label[j] == -1:
                    label[j], scores[j] = ("own", i), -p
        return label


@cache
def shared() -> Matcher:
    """The matcher with the shipped weights: made once, as it remembers the vectors of titles."""
    return Matcher()


def measures_of(blocks: pd.DataFrame) -> list[Measure]:
    """Blocks as measures; the unit is that of the target or of the last figure (`unit`)."""

    def clean(value: Any) -> str | None:
        return None if pd.isna(value) else str(value)

    columns = [blocks[c] for c in ("title", "unit", "polarity", "service")]
    return [Measure(str(t), clean(u), clean(p), clean(s)) for t, u, p, s in zip(*columns, strict=True)]


def with_families(
    blocks: pd.DataFrame, outturns: pd.DataFrame, corrections: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """The blocks with `unit`, `family`, `family_name`, `score`, `next_best`; of indicators only, others have none.

    `corrections`: family by plain title, as `read_review` gives them.
    """
    blocks = with_units(blocks, outturns)
    wanted = blocks["kind"].eq("indicator")
    chosen = blocks[wanted]
    once = chosen.assign(polarity=chosen["polarity"].astype("string")).drop_duplicates(
        ["title", "unit", "polarity"]
    )
    found = shared().families(measures_of(once)) if len(once) else []
    by_title = {
        (t, u, p): f
        for t, u, p, f in zip(
            once["title"], once["unit"].fillna(""), once["polarity"].fillna(""), found, strict=True
        )
    }
    keys = zip(
        chosen["title"],
        chosen["unit"].fillna(""),
        chosen["polarity"].astype("string").fillna(""),
        strict=True,
    )
    matched = [_corrected(by_title[k], k[0], corrections or {}) for k in keys]
    out = blocks.copy()
    for name, fact in (("family", "id"), ("family_name", "name"), ("next_best", "next_best")):
        values = pd.Series([getattr(f, fact) for f in matched], index=chosen.index, dtype="string")
        out[name] = values.reindex(out.index).astype("string")
    out["score"] = pd.Series([f.score for f in matched], index=chosen.index, dtype="float64").reindex(
        out.index
    )
    return out


def _corrected(family: Family, title: str, corrections: Mapping[str, str]) -> Family:
    wanted = corrections.get(plain(title))
    if wanted is None or wanted == family.id:
        return family
    names = {i.id: i.name for i in catalogue()}
    return Family(wanted, names.get(wanted, wanted.removeprefix("own: ")), 1.0, wanted in names, family.id)


def with_units(blocks: pd.DataFrame, outturns: pd.DataFrame) -> pd.DataFrame:
    """The blocks with `unit`: that of the target, else of the last figure."""
    last = outturns.dropna(subset=["unit"]).groupby(scope.BLOCK)["unit"].last().rename("last_unit")
    out = blocks.merge(last.reset_index(), on=scope.BLOCK, how="left")
    out["unit"] = out["target_unit"].astype("string").fillna(out["last_unit"].astype("string"))
    return out.drop(columns="last_unit")


__all__ = ["Family", "Indicator", "Matcher", "catalogue", "with_families", "with_units"]

"""The same measure in many words: indicators grouped into families across councils, and followed within one.

A title is held against the measures of data/indicators.toml; what none of them fits is grouped with the titles of the
archive that it is most like. Every match has a score, and a CSV of them can be corrected and read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from councilscope.analysis import scope
from councilscope.analysis.scope import Answer
from councilscope.analysis.wording import FILE, Likeness, Measure, plain
from councilscope.lexicon import load_toml

CANDIDATES = 24
REVIEW = ["family", "family_name", "score", "next_best", "title", "unit", "polarity", "service", "councils", "blocks"]


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
    once = chosen.assign(polarity=chosen["polarity"].astype("string")).drop_duplicates(["title", "unit", "polarity"])
    found = Matcher().families(measures_of(once)) if len(once) else []
    by_title = {
        (t, u, p): f
        for t, u, p, f in zip(once["title"], once["unit"].fillna(""), once["polarity"].fillna(""), found, strict=True)
    }
    keys = zip(chosen["title"], chosen["unit"].fillna(""), chosen["polarity"].astype("string").fillna(""), strict=True)
    matched = [_corrected(by_title[k], k[0], corrections or {}) for k in keys]
    out = blocks.assign(family=pd.NA, family_name=pd.NA, score=np.nan, next_best=pd.NA)
    for name, fact in (("family", "id"), ("family_name", "name"), ("next_best", "next_best")):
        values = pd.Series([getattr(f, fact) for f in matched], index=chosen.index, dtype="string")
        out[name] = values.reindex(out.index).astype("string")
    out["score"] = pd.Series([f.score for f in matched], index=chosen.index, dtype="float64").reindex(out.index)
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


# ---------------------------------------------------------------------- review


def review(blocks: pd.DataFrame) -> pd.DataFrame:
    """One row per title: its family, how sure that is, and a column `correct` to write another family into."""
    chosen = blocks.dropna(subset=["family"])
    columns = ["title", "unit", "polarity", "service"]
    chosen = chosen.assign(**{c: chosen[c].astype("string").fillna("") for c in columns})
    table = (
        chosen.groupby("title", sort=False)
        .agg(
            family=("family", "first"),
            family_name=("family_name", "first"),
            score=("score", "min"),
            next_best=("next_best", "first"),
            unit=("unit", "first"),
            polarity=("polarity", "first"),
            service=("service", "first"),
            councils=("council", "nunique"),
            blocks=("block_id", "size"),
        )
        .reset_index()
    )
    table["score"] = table["score"].round(3)
    table = table[REVIEW].sort_values(["family", "score", "title"]).reset_index(drop=True)
    return table.assign(correct="")


def read_review(path: str | Path) -> dict[str, str]:
    """The corrections in a review file: family by plain title. ValueError where a column or a family is unknown.

    A family is the id of a measure of data/indicators.toml or one that the file itself uses.
    """
    table = pd.read_csv(path, dtype="string", keep_default_na=False)
    missing = {"title", "family", "correct"} - set(table.columns)
    if missing:
        raise ValueError(
            f"{path}: there is no column {sorted(missing)[0]!r}; make the file with councilscope indicators --review"
        )
    known = {i.id for i in catalogue()} | set(table["family"])
    out = {}
    for number, (title, wanted) in enumerate(zip(table["title"], table["correct"].str.strip(), strict=True), 2):
        if not wanted:
            continue
        if wanted not in known and not wanted.startswith("own: "):
            raise ValueError(
                f'{path}, line {number}: there is no family {wanted!r}; write the id of one, or "own: NAME" for a new one'
            )
        out[plain(title)] = wanted
    return out


# ---------------------------------------------------------------------- the answer


@dataclass(frozen=True)
class IndicatorTable(Answer):
    """One row per indicator and report: family, council, period, figure, target, status, place.

    `series` is one measure of one council through its reports; `value` is the figure of the reported period, missing
    where it has none (`text` then says what is printed).
    """

    SHOWN: ClassVar[tuple[str, ...]] = (
        "family_name", "council", "quarter", "text", "target_text", "rag", "direction", "title",
    )  # fmt: skip
    NOUN: ClassVar[str] = "indicator"

    def plot(self, **options: Any) -> Any:
        """The figures over the quarters, one line a council, as a Matplotlib figure."""
        from councilscope.charts import lines

        data = self.table.dropna(subset=["value", "quarter"])
        wide = data.pivot_table(index="quarter", columns="council", values="value", aggfunc="last").sort_index()
        names = data["family_name"].dropna().unique()
        units = data["unit"].dropna().unique()
        return lines(wide, title=names[0] if len(names) == 1 else "", unit=units[0] if len(units) == 1 else "", **options)


__all__ = [
    "Family", "Indicator", "IndicatorTable", "Matcher", "catalogue", "read_review", "review", "with_families",
]  # fmt: skip

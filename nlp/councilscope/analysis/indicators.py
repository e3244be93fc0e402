"""Indicators across councils and quarters: one table of figures, each measure in its family and its series.

The families can be looked through and corrected in a CSV that is read back (`review`, `read_review`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd
from rapidfuzz import fuzz

from councilscope.analysis import scope
from councilscope.analysis.matching import catalogue, shared, with_families
from councilscope.analysis.scope import BLOCK, Answer
from councilscope.analysis.wording import Measure, contrasts, core, plain
from councilscope.records import Period
from councilscope.values import own_label

REVIEW = [
    "family",
    "family_name",
    "score",
    "next_best",
    "title",
    "unit",
    "polarity",
    "service",
    "councils",
    "blocks",
]
BY = (*scope.GROUPS, "family")
NEEDED: dict[str, list[str] | None] = {
    "documents": scope.DOCUMENTS,
    "blocks": None,
    "outturns": None,
}
ALIKE = 82  # rapidfuzz's token_sort_ratio from which two titles of one council are one measure
SAME_REF = 45  # the same where the reference is the same too


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
        wide = data.pivot_table(
            index="quarter", columns="council", values="value", aggfunc="last"
        ).sort_index()
        names = data["family_name"].dropna().unique()
        units = data["unit"].dropna().unique()
        return lines(
            wide,
            title=names[0] if len(names) == 1 else "",
            unit=units[0] if len(units) == 1 else "",
            **options,
        )


def indicator_table(
    source: Any,
    by: str | Sequence[str] = (),
    *,
    since: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    measure: str | None = None,
    corrections: Mapping[str, str] | None = None,
) -> IndicatorTable:
    """Every indicator of every report with its family, its series and its figure of the reported period.

    Args:
        source: an archive, reports, or the frames of either.
        by: what to sort by: "family", "council", "quarter", …
        since, where: as in `theme_report`; `where` knows "family" too.
        measure: only the family that this wording fits best ("missed bins").
        corrections: family by plain title (`read_review`).

    ValueError for a name that cannot be grouped by, a `since` that is no period, a `measure` that fits nothing.
    """
    names = scope.as_names(by)
    scope.check(names, where, BY)
    frames = scope.frames_of(source, NEEDED)
    table = family_blocks(frames, since, where or {}, corrections)
    table = table[table["kind"].eq("indicator")]
    if measure is not None:
        table = table[table["family"].isin(_families_like(measure, table))]
    table = figures(table, frames["outturns"])
    table = table.assign(series=series(table))
    order = [*names, "family_name", "council", "period_end", "title"]
    table = table.sort_values([*dict.fromkeys(order)], kind="stable", na_position="last")
    return IndicatorTable(names, table[[*dict.fromkeys(COLUMNS)]].reset_index(drop=True))


COLUMNS = [
    "family", "family_name", "score", "next_best", "series", "council", "year", "quarter", "period_end", "nation", "region",
    "council_type", "service", "ref", "title", "value", "text", "unit", "numerator", "denominator", "basis", "target_text",
    "target_value", "polarity", "rag", "direction", "report", "page", "confidence", *BLOCK,
]  # fmt: skip


def family_blocks(
    frames: Mapping[str, pd.DataFrame],
    since: str | None,
    where: Mapping[str, Any],
    corrections: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """All blocks with all their columns, what they can be grouped by, and `family`, filtered."""
    columns = [c for c in frames["blocks"].columns if c not in BLOCK]
    rest = {k: v for k, v in where.items() if k != "family"}
    blocks = scope.blocks_of(frames, columns, since, rest)
    blocks = with_families(blocks, frames["outturns"], corrections)
    if "family" in where:
        wanted = where["family"]
        words = {w.strip().casefold() for w in ([wanted] if isinstance(wanted, str) else wanted)}
        named = blocks["family_name"].str.casefold().isin(words) | blocks["family"].str.casefold().isin(words)
        blocks = blocks[named.fillna(False)]
    return blocks


def _families_like(measure: str, table: pd.DataFrame) -> set[str]:
    """The family that a wording fits, and those whose name or a title of which has all its words."""
    words = set(core(measure).split())
    hits = {
        f
        for f, name, title in zip(table["family"], table["family_name"], table["title"], strict=True)
        if words and (words <= set(core(str(name)).split()) or words <= set(core(str(title)).split()))
    }
    found = shared().families([Measure(measure)])[0]
    hits |= {found.id} if found.known else set()
    if not hits:
        raise ValueError(
            f"no indicator is worded like {measure!r}; councilscope indicators lists the families"
        )
    return hits


def figures(table: pd.DataFrame, outturns: pd.DataFrame) -> pd.DataFrame:
    """The blocks with the figure of the reported period: `value`, `text`, `numerator`, `denominator`, `basis`.

    Where no column is labelled with the period of the report, the last figure counts. `basis` is "year to date" where the
    column or the measure's type says that it is cumulative, else missing.
    """
    wanted = ["period", "text", "value", "numerator", "denominator", "label"]
    rows = outturns[[*BLOCK, *wanted]].merge(table[[*BLOCK, "year", "quarter"]], on=BLOCK)
    labels = {q: label_of(q) for q in rows["quarter"].dropna().unique()}
    rows["own"] = (rows["period"] == rows["quarter"].map(labels)).fillna(False) & rows["label"].isna()
    rows["n"] = range(len(rows))
    best = rows.sort_values(["own", "n"]).groupby(BLOCK, sort=False).tail(1)
    out = table.merge(best[[*BLOCK, *wanted]], on=BLOCK, how="left")
    said = out["period"].fillna("") + " " + out["type"].astype("string").fillna("")
    sums = said.str.contains(r"\bYTD\b|year to date|cumul", case=False, regex=True)
    out["basis"] = pd.Series("year to date", index=out.index, dtype="string").where(sums)
    return out


def label_of(quarter: str) -> str | None:
    """What a column of that period is labelled with in the archive: "2019/20" gives "2019/20 Year End"."""
    year, _, q = quarter.partition(" Q")
    return own_label(Period(financial_year=year, quarter=int(q) if q else None))


def series(table: pd.DataFrame) -> pd.Series:
    """A name for each measure of one council through its reports, though reference or wording change.

    A block goes on a series where its title is much like the last one's, or its reference is the same and the title
    somewhat like it, or both are the only ones of their family; never where their words tell them apart.
    """
    names: dict[Any, Any] = dict.fromkeys(table.index, pd.NA)
    facts = table[["council", "period_end", "doc_id", "title", "ref", "family"]]
    for council, rows in facts.groupby("council", sort=True):
        last: list[dict[str, Any]] = []
        ordered = rows.sort_values(["period_end", "doc_id"], kind="stable")
        for _, blocks in ordered.groupby(["period_end", "doc_id"], sort=True, dropna=False):
            alone = blocks["family"].value_counts().to_dict()
            new = dict(zip(blocks.index, blocks.to_dict("records"), strict=True))
            scored = sorted(
                (-follows, n, i, k)
                for n, (i, row) in enumerate(new.items())
                for k, old in enumerate(last)
                if (follows := _follows(old, row, alone)) > 0
            )
            taken: set[int] = set()
            for _, _, i, k in scored:
                if names[i] is pd.NA and k not in taken:
                    taken.add(k)
                    names[i] = last[k]["name"]
                    last[k] = {**new[i], "name": names[i]}
            for i, row in new.items():
                if names[i] is pd.NA:
                    names[i] = f"{council}: {row['title']}"[:120]
                    last.append({**row, "name": names[i]})
    return pd.Series(names, index=table.index, dtype="string")


def _follows(old: Mapping[str, Any], new: Mapping[str, Any], alone: Mapping[Any, int]) -> float:
    """How well a block goes on a series, 0 where it does not."""
    a, b = contrasts(plain(old["title"])), contrasts(plain(new["title"]))
    if any(not a[g] & b[g] for g in a.keys() & b.keys()):
        return 0.0
    alike = fuzz.token_sort_ratio(core(old["title"]), core(new["title"]))
    same_ref = not pd.isna(old["ref"]) and not pd.isna(new["ref"]) and old["ref"] == new["ref"]
    if alike >= ALIKE or (same_ref and alike >= SAME_REF):
        return alike + 20 * same_ref
    same_family = (
        not pd.isna(new["family"]) and old["family"] == new["family"] and alone.get(new["family"]) == 1
    )
    return 40.0 if same_family and not str(new["family"]).startswith("own:") else 0.0


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
    for number, (title, wanted) in enumerate(
        zip(table["title"], table["correct"].str.strip(), strict=True), 2
    ):
        if not wanted:
            continue
        if wanted not in known and not wanted.startswith("own: "):
            raise ValueError(
                f'{path}, line {number}: there is no family {wanted!r}; write the id of one, or "own: NAME" for a new one'
            )
        out[plain(title)] = wanted
    return out


__all__ = [
    "BY",
    "COLUMNS",
    "IndicatorTable",
    "family_blocks",
    "indicator_table",
    "read_review",
    "review",
    "series",
]

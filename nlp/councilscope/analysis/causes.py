"""Why figures stand where they stand: the causes in the commentary, ranked and followed over time.

What is counted is a span marked as CAUSE that is not denied, by its theme. Beside the number of spans stand the
blocks, the councils and the red and amber blocks in which they are given, each with its denominator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from councilscope import shares
from councilscope.analysis import indicators, scope
from councilscope.analysis.scope import BLOCK, KEYS, OFF_TRACK, Answer
from councilscope.analysis.sure import ends, grouped, levels_of, numbered, once
from councilscope.analysis.themes import LEAST, percent, quote

OWN = ("section", "effect", "assertion")
BY = (*scope.GROUPS, "family", *OWN)
SPANS = [
    *KEYS, "span_index", "start", "end", "label", "text", "attrs_theme", "attrs_assertion", "attrs_effect", "score", "page",
]  # fmt: skip
NEEDED: dict[str, list[str] | None] = {
    "documents": scope.DOCUMENTS,
    "blocks": None,
    "outturns": None,
    "commentary": [*KEYS, "section", "text", "page"],
    "spans": SPANS,
}
UNNAMED = "not named"


@dataclass(frozen=True)
class CauseReport(Answer):
    """How often each cause is given.

    One row per group and `cause` (the theme of the cause): `causes` spans of `causes_of` in the group, `causes_share`;
    `blocks` of `blocks_of` blocks that give any cause; `off_track` of `off_track_of` of those that are red or amber;
    `councils` of `councils_of`; `possible` and `favourable` spans among them; one example with its place. `spans` has
    every cause with its place.

    Shares have 95% intervals (`causes_low` to `causes_high`, `blocks_low` to `blocks_high`) from drawing whole councils
    again; where a group has one council, whole reports, and where it has one report, blocks. Of fewer than ten causes (or
    blocks) nothing is claimed: their shares are missing, their counts are there.
    """

    SHOWN: ClassVar[tuple[str, ...]] = (
        "cause", "causes", "causes_of", "causes_share", "blocks", "blocks_of", "councils", "councils_of", "quote",
    )  # fmt: skip
    NOUN: ClassVar[str] = "row"
    spans: pd.DataFrame

    def brief(self) -> pd.DataFrame:
        shown = super().brief().copy()
        ends = zip(*(self.table[f"causes_{end}"] for end in ("share", "low", "high")), strict=True)
        shown["causes_share"] = [
            percent(share) + (f" ({100 * low:.0f}–{100 * high:.0f})" if low == low else "")
            for share, low, high in ends
        ]
        return shown

    def plot(self, **options: Any) -> Any:
        """Shares as a Matplotlib figure: bars with intervals, or lines over time where they are grouped by quarter or year.

        Where no group has enough causes for shares, bars of how often each is given.
        """
        from councilscope.charts import bars, lines

        time = next((n for n in ("quarter", "year") if n in self.by), None)
        named = self.table.set_index("cause")
        if not self.table["causes_share"].notna().any():
            return bars(named["causes"], title="Causes given, times", **options)
        if time is None:
            sure = {end: named[f"causes_{end}"] for end in ("low", "high")}
            return bars(named["causes_share"], title="Causes given", share=True, **sure, **options)
        told = self.table[self.table["causes_share"].notna()]
        wide = told.pivot_table(index=time, columns="cause", values="causes_share", aggfunc="mean").fillna(0)
        top = wide.max().sort_values(ascending=False).index[:6]
        return lines(wide[top], title="Causes given", share=True, **options)


def cause_report(
    source: Any,
    by: str | Sequence[str] = (),
    *,
    since: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
) -> CauseReport:
    """How often each cause is given, as a whole or by one or two of `BY`.

    Arguments and errors as in `theme_report`; "family" groups by indicator family, "effect" by adverse or favourable.
    """
    names = scope.as_names(by)
    scope.check(names, where, BY)
    frames = scope.frames_of(source, NEEDED)
    return cause_report_of(
        cause_spans(frames, since, where or {}, families="family" in {*names, *(where or {})}), names
    )


def cause_report_of(spans: pd.DataFrame, by: str | Sequence[str] = ()) -> CauseReport:
    """The report on causes that `cause_spans` gave: several questions of one archive then read it once."""
    names = tuple(n for n in scope.as_names(by) if n)
    return CauseReport(names, count(names, spans), spans)


def cause_spans(
    frames: Mapping[str, pd.DataFrame], since: str | None, where: Mapping[str, Any], *, families: bool = False
) -> pd.DataFrame:
    """Every cause that is not denied, with its theme as `cause`, its sentence as `quote` and all it can be grouped by."""
    own = {k: v for k, v in where.items() if k in OWN}
    rest = {k: v for k, v in where.items() if k not in OWN}
    if families:
        blocks = indicators.family_blocks(frames, since, rest)
    else:
        blocks = scope.blocks_of(frames, ["title", "ref"], since, rest)
    kept = [
        *BLOCK,
        "ref",
        "title",
        *scope.GROUPS,
        "report",
        "period_end",
        *(["family", "family_name"] if families else []),
    ]
    spans = frames["spans"][SPANS]
    spans = spans[spans["label"].eq("CAUSE") & spans["attrs_assertion"].ne("negated").fillna(True)]
    texts = frames["commentary"][[*KEYS, "section", "text", "page"]].rename(
        columns={"text": "said", "page": "text_page"}
    )
    spans = spans.merge(texts, on=KEYS).merge(blocks[kept], on=BLOCK)
    spans["section"] = spans["section"].astype("string")
    spans["effect"], spans["assertion"] = spans["attrs_effect"], spans["attrs_assertion"]
    for name, wanted in own.items():
        spans = scope.kept(spans, name, wanted)
    spans["cause"] = spans["attrs_theme"].fillna(UNNAMED).astype("string")
    quotes = [
        quote(t, int(s), int(e)) for t, s, e in zip(spans["said"], spans["start"], spans["end"], strict=True)
    ]
    spans["quote"] = pd.Series(quotes, index=spans.index, dtype="string")
    spans["page"] = spans["page"].fillna(spans["text_page"])
    return spans.drop(
        columns=["attrs_theme", "attrs_effect", "attrs_assertion", "label", "text_page"]
    ).reset_index(drop=True)


def count(by: Sequence[str], spans: pd.DataFrame) -> pd.DataFrame:
    """The counts of each cause in each group, with denominators, and the example with the highest score."""
    spans = scope.labelled(spans, by)
    keys = [*by, "cause"]
    counted = _counted(spans, keys)
    of = _counted(spans, list(by)) if by else _counted(spans.assign(all="all"), ["all"]).drop(columns="all")
    of = of[[*by, "causes", "blocks", "off_track", "councils"]]
    of = of.rename(columns={c: f"{c}_of" for c in ("causes", "blocks", "off_track", "councils")})
    of = of.reset_index(drop=True)
    table = counted.merge(of, on=list(by), how="left") if by else counted.merge(of, how="cross")
    table["causes_share"] = table["causes"].astype("float64") / table["causes_of"].astype("float64")
    table["blocks_share"] = table["blocks"].astype("float64") / table["blocks_of"].astype("float64")
    table = _sure(by, table, of, spans)
    best = spans.sort_values(
        ["score", *KEYS, "start"], ascending=[False, True, True, True, True]
    ).drop_duplicates(keys)
    shown = ["quote", "council", "quarter", "report", "page", *KEYS, "span_index"]
    best = best[[*dict.fromkeys([*keys, *shown])]]
    table = table.merge(best, on=keys, how="left")
    order = [*by, "causes", "cause"]
    table = table.sort_values(
        order, ascending=[True] * len(by) + [False, True], kind="stable", key=scope.ranked
    )
    wanted = [
        *keys, "causes", "causes_of", "causes_share", "causes_low", "causes_high", "blocks", "blocks_of", "blocks_share", "blocks_low",
        "blocks_high", "off_track", "off_track_of",
        "councils", "councils_of", "possible", "favourable", *shown,
    ]  # fmt: skip
    return table[[*dict.fromkeys(wanted)]].reset_index(drop=True)


def _sure(by: Sequence[str], table: pd.DataFrame, groups: pd.DataFrame, spans: pd.DataFrame) -> pd.DataFrame:
    """Intervals beside the shares; those of fewer than `LEAST` taken back."""
    names = pd.Index(spans["cause"].unique())
    cause, group, sizes = (
        names.get_indexer(spans["cause"]),
        grouped(spans, groups, by),
        (len(groups), len(names)),
    )
    levels = levels_of(spans)
    found = shares.of_groups(group, levels, (np.arange(len(spans)), cause), sizes, None, LEAST)
    block = numbered(spans, [*BLOCK, *(n for n in by if n not in BLOCK)])
    first = np.unique(block, return_index=True)[1]
    held = shares.of_groups(
        group[first], [level[first] for level in levels], once(block, cause, len(names)), sizes, None, LEAST
    )
    told = {
        "causes": [f.found if f else None for f in found],
        "blocks": [h.found if h else None for h in held],
    }
    where = grouped(table, groups, by) * len(names) + names.get_indexer(table["cause"])
    table = table.assign(**{name: values[where] for name, values in ends(told, len(names)).items()})
    for name in told:
        table[f"{name}_share"] = table[f"{name}_share"].where(table[f"{name}_of"] >= LEAST)
    return table


def _counted(spans: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    marked = spans.assign(
        block=spans["doc_id"] + "/" + spans["block_id"],
        off=(spans["doc_id"] + "/" + spans["block_id"]).where(spans["rag"].isin(OFF_TRACK)),
        who=spans["council"].fillna("not known"),
        is_possible=spans["assertion"].eq("possible").fillna(False).astype("int64"),
        is_favourable=spans["effect"].eq("favourable").fillna(False).astype("int64"),
    )
    table = (
        marked.groupby(keys, sort=False)
        .agg(
            causes=("block", "size"),
            blocks=("block", "nunique"),
            off_track=("off", "nunique"),
            councils=("who", "nunique"),
            possible=("is_possible", "sum"),
            favourable=("is_favourable", "sum"),
        )
        .reset_index()
    )
    counts = ["causes", "blocks", "off_track", "councils", "possible", "favourable"]
    return table.astype(dict.fromkeys(counts, "Int64"))


__all__ = ["BY", "CauseReport", "cause_report", "cause_report_of", "cause_spans"]

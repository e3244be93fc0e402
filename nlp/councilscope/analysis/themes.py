"""Tables across councils: how often each theme stands in the commentary, of whom, when, and about what.

What is counted is a commentary text of a block (one section's text; a text printed for several blocks counts for
each). Shares have their denominators beside them; a group without any commentary has shares that are missing,
not zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from councilscope.analysis.scope import (
    BLOCK,
    DOCUMENTS,
    KEYS,
    OFF_TRACK,
    blocks_of,
    check,
    frames_of,
    html_table,
    kept,
)
from councilscope.analysis.scope import labelled as _labelled
from councilscope.analysis.scope import ranked as _ranked
from councilscope.analysis.scope import size as _size
from councilscope.analysis.sure import model_of, with_intervals
from councilscope.records import Report

if TYPE_CHECKING:
    from councilscope.archive import Archive

BY = ("council", "quarter", "year", "service", "rag", "kind", "section", "nation", "region", "council_type")
LEAST = 10  # texts or blocks of which a share is claimed
QUOTE = 200  # characters
NEEDED = {
    "documents": [*DOCUMENTS, "models"],
    "blocks": [*BLOCK, "kind", "rag", "service"],
    "commentary": [*KEYS, "section", "text", "page"],
    "themes": [*KEYS, "id", "score"],
    "spans": [*KEYS, "start", "end", "label", "attrs_theme", "page"],
}


@dataclass(frozen=True)
class ThemeReport:
    """How often each theme stands in the commentary.

    `table` has one row per theme and group: the columns of `by`, `theme`; `texts` of `texts_of` commentary texts
    carry it (`texts_share`); `blocks` of `blocks_of` blocks that have commentary; `off_track` of `off_track_of`
    red or amber blocks that have commentary; then one example: `quote`, `council`, `period`, `report`, `page` and
    its keys. `totals` has one row per group: documents, blocks, and how many of them have no commentary.

    Shares have 95% intervals (`texts_low` to `texts_high`, `off_track_low` to `off_track_high`) from drawing whole
    councils again; where a group has one council, whole reports, and where it has one report, blocks: `drawn_from` in
    `totals`. `texts_corrected` (with `corrected_low` and `corrected_high`) is the share as it would be without the
    classifier's known errors. Of fewer than `least` texts or blocks nothing is claimed: their shares are
    missing, their counts are there. `notes` says what to know about the theme model.
    """

    by: tuple[str, ...]
    table: pd.DataFrame
    totals: pd.DataFrame
    least: int = 1
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        texts = int(self.totals["texts"].sum())
        by = f" by {' and '.join(self.by)}" if self.by else ""
        return f"<ThemeReport{by} · {texts:,} texts · {len(self.totals)} groups>\n{self._brief().to_string(index=False)}"

    def _repr_html_(self) -> str:
        return html_table(self._brief())

    def _brief(self) -> pd.DataFrame:
        shown = self.table[self.table["texts"] > 0]
        brief = shown[[*self.by, "theme", "texts", "texts_of", "blocks", "off_track", "off_track_of"]].copy()
        brief["texts_share"] = shown["texts_share"].map(percent)
        brief["off_track_share"] = shown["off_track_share"].map(percent)
        brief["example"] = shown["quote"].fillna("")
        return brief


def percent(share: float) -> str:
    """A share as a whole percentage; a dash where it is missing."""
    return "–" if pd.isna(share) else f"{100 * share:.0f}%"


def theme_report(
    source: Archive | Report | Iterable[Report] | Mapping[str, pd.DataFrame],
    by: str | Sequence[str] = (),
    *,
    since: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    least: int = LEAST,
    theme_model: PurePath | None = None,
) -> ThemeReport:
    """How often each theme stands in the commentary, as a whole or by one or two of `BY`.

    Args:
        source: an archive, reports, or the frames of either.
        by: "council", "quarter", … or two of them.
        since: a period such as "2020/21" or "2020/21 Q2"; earlier reports, and those without a period, are left out.
        where: values to keep, such as {"rag": ["red", "amber"], "council": "Powys County Council"}; case is
            ignored.
        least: of how many texts or blocks a share is claimed at least.
        theme_model: the folder of the model that the archive was annotated with, where it is not the shipped one.

    ValueError for a name that is not in `BY`, or a `since` that is no period.
    """
    by = (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))
    check(by, where, BY)
    frames = frames_of(source, {t: c for t, c in NEEDED.items() if t != "spans"})
    blocks, texts = _facts(frames, since, where or {})
    texts["row"] = range(len(texts))
    found = frames["themes"].merge(texts, on=KEYS, how="inner")
    groups, totals = _totals(by, blocks, texts)
    ids, errors, notes = model_of(frames["documents"], theme_model)
    table = _counts(by, groups, totals, ids, found)
    table, totals = with_intervals(by, table, totals, texts, found, errors, least)
    table = table.merge(_examples(by, found, source, frames), on=[*by, "theme"], how="left")
    order = [*by, "texts", "theme"]
    table = table.sort_values(order, ascending=[True] * len(by) + [False, True], kind="stable", key=_ranked)
    return ThemeReport(by, table.reset_index(drop=True), totals, least, notes)


def _facts(
    frames: Mapping[str, pd.DataFrame], since: str | None, where: Mapping[str, Any]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Blocks and texts with everything they can be grouped by, less what is filtered out."""
    blocks = blocks_of(frames, (), since, where)
    texts = frames["commentary"][NEEDED["commentary"]]
    texts = texts[texts["text"].str.strip().ne("")].merge(blocks, on=BLOCK)
    texts["section"] = texts["section"].astype("string")
    for name, wanted in where.items():
        texts = kept(texts, name, wanted)
    if "section" in where:
        blocks = blocks.merge(texts[BLOCK].drop_duplicates(), on=BLOCK)
    return blocks, texts


def _totals(
    by: tuple[str, ...], blocks: pd.DataFrame, texts: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The groups, and for each: documents, blocks, texts, and what has no commentary."""
    if "section" in by:  # a block belongs to the sections it has
        blocks = blocks.merge(texts[[*BLOCK, "section"]].drop_duplicates(), on=BLOCK)
    blocks, texts = _labelled(blocks, by), _labelled(texts, by)
    spoken = blocks.merge(texts[BLOCK].drop_duplicates(), on=BLOCK)
    off = {"all": blocks["rag"].isin(OFF_TRACK), "spoken": spoken["rag"].isin(OFF_TRACK)}
    columns = {
        "documents": _size(blocks.drop_duplicates(["doc_id", *by]), by),
        "blocks": _size(blocks, by),
        "texts": _size(texts, by),
        "blocks_of": _size(spoken, by),
        "off_track_blocks": _size(blocks[off["all"]], by),
        "off_track_of": _size(spoken[off["spoken"]], by),
    }
    totals = pd.DataFrame(columns).fillna(0).astype("Int64")
    totals["blocks_silent"] = totals["blocks"] - totals["blocks_of"]
    totals["off_track_silent"] = totals["off_track_blocks"] - totals["off_track_of"]
    totals = totals.reset_index(drop=not by)
    if by:
        totals = totals.sort_values(list(by), key=_ranked, kind="stable").reset_index(drop=True)
    return totals[list(by)], totals


def _counts(
    by: tuple[str, ...],
    groups: pd.DataFrame,
    totals: pd.DataFrame,
    known: Sequence[str],
    found: pd.DataFrame,
) -> pd.DataFrame:
    found = _labelled(found, by).rename(columns={"id": "theme"})
    ids = [*known, *sorted(set(found["theme"]) - set(known))]
    every = groups.merge(pd.DataFrame({"theme": pd.Series(ids, dtype="string")}), how="cross")
    keys = [*by, "theme"]
    carrying = found.drop_duplicates([*keys, *BLOCK])
    counts = pd.DataFrame(
        {
            "texts": found.groupby(keys).size(),
            "blocks": carrying.groupby(keys).size(),
            "off_track": carrying[carrying["rag"].isin(OFF_TRACK)].groupby(keys).size(),
        }
    ).reset_index(names=keys)
    table = every.merge(counts, on=keys, how="left").fillna({"texts": 0, "blocks": 0, "off_track": 0})
    sizes = totals[[*by, "texts", "blocks_of", "off_track_of"]].rename(columns={"texts": "texts_of"})
    table = table.merge(sizes, on=list(by), how="left") if by else table.merge(sizes, how="cross")
    for name in ("texts", "blocks", "off_track"):
        table[name] = table[name].astype("Int64")
        of = table[f"{name}_of"].astype("float64")
        table[f"{name}_share"] = table[name].astype("float64") / of.where(of > 0)
    wanted = [f"{name}{end}" for name in ("texts", "blocks", "off_track") for end in ("", "_of", "_share")]
    return table[[*keys, *wanted]]


# ---------------------------------------------------------------------- examples


def _examples(
    by: tuple[str, ...], found: pd.DataFrame, source: Any, frames: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """One quoted example of each theme and group: the text that carries it with the highest score.

    Among the five best, one in which the theme is that of a marked cause goes first, and each quote is used for one
    theme of a group where there is another to take.
    """
    keys = [*by, "theme"]
    found = _labelled(found, by).rename(columns={"id": "theme"})
    order = ["score", *KEYS]
    best = found.sort_values(order, ascending=[False, True, True, True], kind="stable").groupby(keys).head(5)
    ids = set(best["doc_id"])
    spans = source.table("spans", NEEDED["spans"], ids) if hasattr(source, "table") else frames["spans"]
    spans = spans[spans["label"].isin(["CAUSE", "ACTION"])][NEEDED["spans"]]
    spans = spans.merge(best[KEYS].drop_duplicates(), on=KEYS)
    marked: dict[tuple[Any, ...], list[Any]] = {}
    spans = spans.assign(attrs_theme=spans["attrs_theme"].fillna(""))
    for span in spans.itertuples(index=False):
        marked.setdefault((span.doc_id, span.block_id, span.commentary_index), []).append(span)
    rows: list[dict[str, Any]] = []
    used: set[tuple[Any, ...]] = set()
    groups: dict[tuple[Any, ...], list[Any]] = {}
    for text in best.itertuples(index=False):
        groups.setdefault(tuple(getattr(text, name) for name in keys), []).append(text)
    for texts in groups.values():
        choices = [_example(text, marked) for text in texts]
        group = tuple(choices[0][0][name] for name in by)
        chosen = min(choices, key=lambda c: ((*group, c[0]["quote"]) in used, -c[1]))[0]
        used.add((*group, chosen["quote"]))
        rows.append({name: chosen[name] for name in dict.fromkeys([*keys, *EXAMPLE])})
    columns = list(dict.fromkeys([*keys, *EXAMPLE]))
    frame = pd.DataFrame(rows, columns=columns)
    for name in columns:
        frame[name] = frame[name].astype("Int64" if name in ("page", "commentary_index") else "string")
    return frame


EXAMPLE = ("quote", "council", "period", "report", "page", *KEYS)


def _example(text: Any, marked: Mapping[tuple[Any, ...], list[Any]]) -> tuple[dict[str, Any], int]:
    """An example and how well it shows its theme: 2 by a cause with that theme, 1 by another cause or action."""
    spans = marked.get((text.doc_id, text.block_id, text.commentary_index), [])
    causes = [s for s in spans if s.label == "CAUSE" and s.attrs_theme == text.theme]
    chosen = (causes or spans or [None])[0]
    row = {name: getattr(text, name) for name in text._fields}
    row["period"] = text.quarter
    row["page"] = text.page if chosen is None or pd.isna(chosen.page) else chosen.page
    start, end = (chosen.start, chosen.end) if chosen is not None else (0, 0)
    row["quote"] = quote(text.text, int(start), int(end))
    return row, 2 if causes else int(bool(spans))


def quote(text: str, start: int, end: int, longest: int = QUOTE) -> str:
    """The sentence around `text[start:end]`, in at most `longest` characters, cut at words with an ellipsis."""
    ends = [m.end() for m in re.finditer(r"[.!?][”\"')]*(?=\s+[A-Z0-9“\"'(])|\n", text)]
    first = max([0, *(e for e in ends if e <= start)])
    last = min([len(text), *(e for e in ends if e >= max(end, first + 1))])
    while first < last and text[first].isspace():
        first += 1
    said = text[first:last].rstrip()
    if len(said) > longest:
        room = longest - 4
        at = max(0, min(start - first - max(0, room - (end - start)) // 2, len(said) - room))
        piece = said[at : at + room]
        if at:
            piece = "… " + piece.split(" ", 1)[-1]
        if at + room < len(said):
            piece = piece.rsplit(" ", 1)[0] + " …"
        said = piece
    return " ".join(said.split())


__all__ = ["BY", "ThemeReport", "percent", "quote", "theme_report"]

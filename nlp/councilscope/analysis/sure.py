"""How sure the shares of a theme report are: intervals, correction for the classifier's known errors, and no claim of few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath

import numpy as np
import pandas as pd

from councilscope import shares
from councilscope.analysis.scope import BLOCK, OFF_TRACK, labelled
from councilscope.encoder import model_folder, model_info, read_manifest
from councilscope.lexicon import load_toml

DRAWN = ("councils", "reports", "blocks")  # from which intervals are drawn
CORRECTED = ("texts_corrected", "corrected_low", "corrected_high")


def model_of(
    documents: pd.DataFrame, folder: PurePath | None
) -> tuple[list[str], Mapping[str, Sequence[int]], tuple[str, ...]]:
    """The themes of the model that labelled the documents, its errors on held-out texts, and what to know about it."""
    used = {
        (m["hash"], m["name"])
        for models in documents["models"]
        if models is not None
        for m in models
        if m["role"] == "themes"
    }
    manifest = read_manifest(model_folder("themes", Path(folder) if folder else None))
    mine = model_info(manifest).hash
    others = sorted(name for digest, name in used if digest != mine)
    notes = []
    if len(used) > 1:
        notes.append(
            f"{len(used)} different theme models labelled these reports; annotate them again with one of them"
        )
    if others:
        notes.append(
            f"themes are those of another model ({', '.join(others)}); name its folder with --theme-model to see its "
            "themes that no text has, and corrected shares"
        )
        return [], {}, tuple(notes)
    known = [theme["id"] for theme in load_toml("themes.toml")["theme"]]  # also those that no text carries
    errors = manifest.get("errors", {}) if used else {}
    return list(manifest.get("themes", known)), errors, tuple(notes)


def with_intervals(
    by: tuple[str, ...],
    table: pd.DataFrame,
    totals: pd.DataFrame,
    texts: pd.DataFrame,
    found: pd.DataFrame,
    errors: Mapping[str, Sequence[int]],
    least: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Intervals and corrected shares beside the counts; shares of fewer than `least` taken back.

    `texts` has each text at its place (`row`), `found` names it for each theme that is carried.
    """
    themes = list(dict.fromkeys(table["theme"]))
    names = pd.Index(themes)
    carried = (found["row"].to_numpy(int), names.get_indexer(found["id"]))
    sizes = (len(totals), len(themes))
    group = grouped(texts, totals, by)
    told = shares.of_groups(group, levels_of(texts), carried, sizes, shares.of_counts(errors, themes), least)
    block = numbered(texts, [*BLOCK, *(["section"] if "section" in by else [])])
    off = texts["rag"].isin(OFF_TRACK).to_numpy(bool)
    first, at = np.unique(block, return_index=True)  # blocks are numbered from 0 without a gap
    assert len(first) == (block.max() + 1 if len(block) else 0)
    carried = once(block[carried[0]], carried[1], sizes[1])
    track = shares.of_groups(
        np.where(off, group, -1)[at], [level[at] for level in levels_of(texts)], carried, sizes, None, least
    )
    place = {
        "texts": [t.found if t else None for t in told],
        "off_track": [t.found if t else None for t in track],
    }
    mended = {
        name: _column([getattr(t.corrected, of) if t else None for t in told], sizes[1])
        for name, of in zip(CORRECTED, ("share", "low", "high"), strict=True)
    }
    sure = ends(place, sizes[1])
    sure = {n: v for n, v in sure.items() if n.startswith("texts")} | mended | sure
    where = grouped(table, totals, by) * sizes[1] + names.get_indexer(table["theme"])
    table = table.assign(**{name: values[where] for name, values in sure.items()})
    for name in ("texts", "blocks", "off_track"):
        table[f"{name}_share"] = table[f"{name}_share"].where(table[f"{name}_of"] >= least)
    drawn = [DRAWN[t.unit] if t else None for t in told]
    return table, totals.assign(drawn_from=pd.Series(drawn, index=totals.index, dtype="string"))


def ends(told: Mapping[str, Sequence[shares.Shares | None]], things: int) -> dict[str, np.ndarray]:
    """The ends of the intervals as columns, group by group and in it thing by thing; nan where nothing is told."""
    return {
        f"{name}_{end}": _column([getattr(s, end) if s else None for s in some], things)
        for name, some in told.items()
        for end in ("low", "high")
    }


def _column(pieces: Sequence[np.ndarray | None], things: int) -> np.ndarray:
    nothing = np.full(things, np.nan)
    return np.concatenate([np.empty(0), *(nothing if p is None else p for p in pieces)])


def grouped(table: pd.DataFrame, groups: pd.DataFrame, by: Sequence[str]) -> np.ndarray:
    """The row of `groups` that each row of the table belongs to."""
    if not by:
        return np.zeros(len(table), int)
    named = labelled(table, by)
    both = pd.concat([groups[list(by)], named[list(by)]], ignore_index=True)
    code = numbered(both, by)  # the groups come first and are all different, so that theirs are 0, 1, 2, …
    return code[len(groups) :]


def levels_of(table: pd.DataFrame) -> list[np.ndarray]:
    """The levels to draw from as numbers: council, report, block."""
    council = pd.factorize(table["council"].fillna("not known"))[0]
    return [council, numbered(table, ["doc_id"]), numbered(table, BLOCK)]


def numbered(table: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Rows that are alike in these columns have the same number, from 0 without a gap, in the order of the rows."""
    out = np.zeros(len(table), int)
    for name in columns:
        code, each = pd.factorize(table[name], use_na_sentinel=False)
        out = pd.factorize(out * (len(each) + 1) + code)[0]
    return out


def once(units: np.ndarray, things: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of unit and thing, each pair once."""
    pairs = np.unique(units.astype(np.int64) * max(count, 1) + things)
    return pairs // max(count, 1), pairs % max(count, 1)

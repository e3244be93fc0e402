"""How sure the shares of a theme report are: intervals, correction for the classifier's known errors, and no claim of few."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd

from councilscope import shares
from councilscope.analysis.scope import BLOCK, KEYS, OFF_TRACK, labelled
from councilscope.encoder import model_folder, model_info, read_manifest
from councilscope.lexicon import load_toml

DRAWN = ("councils", "reports", "blocks")  # from which intervals are drawn
CORRECTED = ("texts_corrected", "corrected_low", "corrected_high")
TEXTS_SURE = ("texts_low", "texts_high", *CORRECTED)


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
    blocks: pd.DataFrame,
    texts: pd.DataFrame,
    found: pd.DataFrame,
    errors: Mapping[str, Sequence[int]],
    least: int,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Intervals and corrected shares beside the counts; shares of fewer than `least` taken back."""
    off = texts[texts["rag"].isin(OFF_TRACK)]
    off = off.drop_duplicates([*BLOCK, *(["section"] if "section" in by else [])])
    texts, off, found = labelled(texts, by), labelled(off, by), labelled(found, by)
    rows: list[pd.DataFrame] = []
    drawn: list[str | None] = []
    for group in totals[list(by)].itertuples(index=False) if by else [()]:
        themes = _of(table, by, group)["theme"].tolist()
        mine, here = _of(found, by, group), _of(texts, by, group)
        red = _of(off, by, group)
        told = _told(here, mine, KEYS, themes, shares.of_counts(errors, themes), least)
        track = _told(red, mine, BLOCK, themes, None, least)
        drawn.append(DRAWN[told.unit] if told else None)
        facts: dict[str, Any] = dict(zip(by, group, strict=True)) | {"theme": themes}
        if told:
            facts |= {"texts_low": told.found.low, "texts_high": told.found.high}
            ends = (told.corrected.share, told.corrected.low, told.corrected.high)
            facts |= dict(zip(CORRECTED, ends, strict=True))
        if track:
            facts |= {"off_track_low": track.found.low, "off_track_high": track.found.high}
        rows.append(pd.DataFrame(facts))
    keys, added = [*by, "theme"], [*TEXTS_SURE, "off_track_low", "off_track_high"]
    sure = (pd.concat(rows) if rows else table[keys]).reindex(columns=[*keys, *added])
    table = table.merge(sure.astype(dict.fromkeys(keys, "string")), on=keys, how="left")
    table[added] = table[added].astype("float64")
    for name in ("texts", "blocks", "off_track"):
        table[f"{name}_share"] = table[f"{name}_share"].where(table[f"{name}_of"] >= least)
    return table, totals.assign(drawn_from=pd.Series(drawn, index=totals.index, dtype="string"))


def _told(
    texts: pd.DataFrame,
    found: pd.DataFrame,
    keys: Sequence[str],
    themes: Sequence[str],
    errors: Sequence[shares.Errors | None] | None,
    least: int,
) -> shares.Group | None:
    """The shares among the texts (or blocks) of a group; None of fewer than `least`."""
    if len(texts) < least:
        return None
    return shares.of_group(_carries(texts, found, keys, themes), _levels(texts), errors)


def _of(table: pd.DataFrame, by: Sequence[str], group: Sequence[Any]) -> pd.DataFrame:
    for name, value in zip(by, group, strict=True):
        table = table[table[name] == value]
    return table


def _levels(table: pd.DataFrame) -> list[list[Any]]:
    """The columns to draw from: council, report, block."""
    councils_of = table["council"].fillna("not known").tolist()
    documents = table["doc_id"].tolist()
    return [councils_of, documents, list(zip(documents, table["block_id"], strict=True))]


def _carries(
    texts: pd.DataFrame, found: pd.DataFrame, keys: Sequence[str], themes: Sequence[str]
) -> np.ndarray:
    """Which of the texts (or blocks) have which theme, as a 0/1 matrix."""
    row = {key: i for i, key in enumerate(texts[list(keys)].itertuples(index=False, name=None))}
    column = {theme: i for i, theme in enumerate(themes)}
    out = np.zeros((len(texts), len(themes)))
    for theme, *key in found[["id", *keys]].itertuples(index=False, name=None):
        if (i := row.get(tuple(key))) is not None:
            out[i, column[theme]] = 1
    return out

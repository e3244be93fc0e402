"""Everything that the report shows, worked out once: answers of `analysis` and counts of what is in the archive."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from councilscope import analysis

if TYPE_CHECKING:
    from councilscope.archive import Archive

RAGS = ("red", "amber", "green", "blue", "grey", "not stated")
TABLES = ("documents", "blocks", "outturns", "commentary", "spans", "relations", "themes")


@dataclass(frozen=True)
class Gathered:
    """What the report shows. `frames` are the archive's tables; `blocks` those that were asked for."""

    title: str
    asked: str
    frames: Mapping[str, pd.DataFrame]
    documents: pd.DataFrame
    unread: pd.DataFrame
    blocks: pd.DataFrame
    status: dict[str, pd.DataFrame]
    themes: dict[str, analysis.ThemeReport]
    causes: dict[str, analysis.CauseReport]
    indicators: analysis.IndicatorTable
    actions: analysis.ActionRegister
    owners: pd.DataFrame
    findings: analysis.Findings

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tables of the workbook and of the CSV files, by name."""
        out = {"reports": self.documents, "not read": self.unread}
        out |= {f"status by {name}": table.reset_index() for name, table in self.status.items()}
        out |= {_named("themes", name): r.table for name, r in self.themes.items()}
        out |= {_named("causes", name): r.table for name, r in self.causes.items()}
        out |= {
            "indicators": self.indicators.table,
            "actions": self.actions.table,
            "owners": self.owners,
            "checks": self.findings.table,
        }
        return out


def _named(what: str, by: str) -> str:
    return f"{what} by {by}" if by else what


def gather(
    archive: Archive,
    *,
    since: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    at: str | dt.date | None = None,
    corrections: Mapping[str, str] | None = None,
    title: str = "Why targets are missed",
) -> Gathered:
    """Ask an archive all that the report shows.

    Arguments as in `analysis`; `where` knows council, quarter, year, nation, region, council_type, service, rag and
    kind. ValueError for a name that is none of these.
    """
    where = dict(where or {})
    analysis.check((), where, analysis.GROUPS)
    frames = {t: archive.table(t) for t in TABLES}
    asked: dict[str, Any] = {"since": since, "where": where}
    blocks = analysis.blocks_of(frames, ["title", "ref", "page"], since, where)
    read = analysis.documents(frames["documents"][analysis.DOCUMENTS])
    read = read[read["doc_id"].isin(blocks["doc_id"])] if since or where else read
    counts = frames["documents"][["doc_id", "title", "status", "reason", "n_pages", "n_blocks", "paths"]]
    documents = read.merge(counts, on="doc_id").sort_values(["council", "period_end"]).reset_index(drop=True)
    documents = documents.drop(columns=["paths"])
    failed = frames["documents"][~frames["documents"]["status"].isin(["ok"])]
    unread = failed.assign(file=[p[0] for p in failed["paths"]])[["file", "status", "reason"]].reset_index(
        drop=True
    )
    spans = analysis.cause_spans(frames, since, where, families=True)
    return Gathered(
        title=title,
        asked=" · ".join(
            [*(f"{k} is {_words(v)}" for k, v in where.items()), *([f"since {since}"] if since else [])]
        ),
        frames=frames,
        documents=documents,
        unread=unread,
        blocks=blocks,
        status={name: _status(blocks, name) for name in ("council", "quarter")},
        themes={
            n: analysis.theme_report(frames, n or (), **asked)
            for n in ("", "council", "quarter", "rag", "service")
        },
        causes={n: analysis.cause_report_of(spans, n) for n in ("", "quarter", "council", "family")},
        indicators=analysis.indicator_table(frames, corrections=corrections, **asked),
        actions=analysis.action_register(frames, at=at, **asked),
        owners=_owners(frames, blocks),
        findings=analysis.check_reports(frames, **asked),
    )


def _words(value: str | Sequence[str]) -> str:
    return value if isinstance(value, str) else " or ".join(value)


def _status(blocks: pd.DataFrame, by: str) -> pd.DataFrame:
    """Blocks by status, one row a group, with their sum."""
    named = analysis.labelled(blocks, [by, "rag"])
    wide = named.pivot_table(index=by, columns="rag", values="block_id", aggfunc="count", fill_value=0)
    wide = wide.reindex(columns=list(RAGS), fill_value=0).astype("int64")
    wide = wide.reindex(sorted(wide.index, key=lambda g: (g in ("not known", "not stated"), str(g))))
    return wide.assign(all=lambda t: t.sum(axis=1)) if len(wide) else wide.assign(all=0)


def _owners(frames: Mapping[str, pd.DataFrame], blocks: pd.DataFrame) -> pd.DataFrame:
    """Who actions rest on: names as printed, with how often, at how many councils, and one place."""
    spans = frames["spans"]
    found = spans[spans["label"].eq("OWNER")].merge(
        blocks[[*analysis.BLOCK, "council", "quarter", "report"]], on=analysis.BLOCK
    )
    found["name"] = found["text"].str.replace(r"\s+", " ", regex=True).str.strip()
    found["kind"] = found["attrs_kind"].fillna("not known")
    grouped = found.groupby([found["name"].str.casefold(), "kind"], sort=False)
    table = grouped.agg(
        owner=("name", "first"), times=("name", "size"), councils=("council", "nunique"), council=("council", "first"),
        quarter=("quarter", "first"), report=("report", "first"), page=("page", "first"), doc_id=("doc_id", "first"),
        block_id=("block_id", "first"), commentary_index=("commentary_index", "first"), span_index=("span_index", "first"),
    ).reset_index(level="kind")  # fmt: skip
    table = table.sort_values(["times", "owner"], ascending=[False, True]).reset_index(drop=True)
    return table[
        [
            "owner",
            "kind",
            "times",
            "councils",
            *(c for c in table.columns if c not in ("owner", "kind", "times", "councils")),
        ]
    ]


__all__ = ["RAGS", "Gathered", "gather"]

"""What of an archive counts and how it can be grouped: what all questions across councils share.

A question takes a `source` (an archive, reports, or the frames of either), `by` (what to group by), `since` (a
period) and `where` (values to keep). Groups of what is missing have a name of their own, so that nothing is lost.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, ClassVar

import pandas as pd

from councilscope import councils
from councilscope.frames import COLUMNS, to_frames
from councilscope.records import Report

UNKNOWN = {"rag": "not stated"}
OFF_TRACK = ("red", "amber")
KEYS = ["doc_id", "block_id", "commentary_index"]
BLOCK = KEYS[:2]
PLACES = ("council", "quarter", "year", "nation", "region", "council_type")
"""What a document can be grouped by."""
GROUPS = (*PLACES, "service", "rag", "kind")
"""What a block can be grouped by."""
DOCUMENTS = ["doc_id", "paths", "status", "council_name", "council_gss", "period_financial_year"]
DOCUMENTS += ["period_quarter", "period_end"]


def check(by: Sequence[str], where: Mapping[str, Any] | None, names: Sequence[str], most: int = 2) -> None:
    """ValueError where `by` or `where` has a name that is not in `names`, or `by` more than `most` of them."""
    unknown = [name for name in (*by, *(where or {})) if name not in names]
    if unknown:
        raise ValueError(f"{unknown[0]!r} is nothing to group or filter by; there are {', '.join(names)}")
    if len(by) > most:
        raise ValueError("group by one or two things at a time")


def as_names(by: str | Sequence[str]) -> tuple[str, ...]:
    return (by,) if isinstance(by, str) else tuple(dict.fromkeys(by))


def frames_of(source: Any, needed: Mapping[str, Sequence[str] | None]) -> Mapping[str, pd.DataFrame]:
    """The tables named in `needed`, with these columns where the source can spare the others."""
    if isinstance(source, Mapping):
        return source
    if hasattr(source, "table"):
        return {t: source.table(t, list(c or COLUMNS[t])) for t, c in needed.items()}
    return to_frames([source] if isinstance(source, Report) else source)


def documents(table: pd.DataFrame) -> pd.DataFrame:
    """The documents that were read: council, year, quarter ("2020/21 Q1"), end of the period, place, file name."""
    read = table[table["status"].isin(["ok", "partial"])].copy()
    read["council"] = read["council_name"]
    read["year"] = read["period_financial_year"]
    quarter = read["period_quarter"].astype("string")
    read["quarter"] = (read["year"] + (" Q" + quarter).fillna("")).astype("string")
    read["report"] = pd.Series([PurePath(p[0]).name for p in read["paths"]], index=read.index, dtype="string")
    bodies = {
        code: body for body in councils.authorities() for code in (body.gss, *(c for c, _ in body.former))
    }
    for name, fact in (("nation", "nation"), ("region", "region"), ("council_type", "type")):
        facts = {gss: getattr(body, fact, None) or None for gss, body in bodies.items()}
        read[name] = read["council_gss"].map(facts).astype("string")
    kept = ["doc_id", "council", "year", "quarter", "nation", "region", "council_type", "report"]
    return read[[*kept, *(c for c in ("period_end",) if c in read)]]


def documents_of(
    frames: Mapping[str, pd.DataFrame], since: str | None, where: Mapping[str, Any]
) -> pd.DataFrame:
    """The documents that were read, as `documents` gives them, less what is filtered out."""
    read = documents(frames["documents"][DOCUMENTS])
    if since is not None:
        read = read[read["quarter"].ge(since_period(since)).fillna(False)]
    for name, values in where.items():
        read = kept(read, name, values) if name in PLACES else read
    return read


def blocks_of(
    frames: Mapping[str, pd.DataFrame], columns: Sequence[str], since: str | None, where: Mapping[str, Any]
) -> pd.DataFrame:
    """Blocks with these columns and all that they can be grouped by, less what is filtered out."""
    read = documents_of(frames, since, {k: v for k, v in where.items() if k in PLACES})
    wanted = [*dict.fromkeys([*BLOCK, "kind", "rag", "service", *columns])]
    blocks = frames["blocks"][wanted].merge(read, on="doc_id")
    for name in ("rag", "kind"):
        blocks[name] = blocks[name].astype("string")
    for name, values in where.items():
        blocks = kept(blocks, name, values) if name in blocks and name not in PLACES else blocks
    return blocks


def kept(table: pd.DataFrame, name: str, wanted: Any) -> pd.DataFrame:
    """The rows whose `name` is one of the values wanted, capitals ignored; what is missing goes by its name."""
    words = [wanted] if isinstance(wanted, str) else list(wanted)
    lower = {str(w).strip().casefold() for w in words}
    shown = table[name].astype("string").fillna(UNKNOWN.get(name, "not known"))
    return table[shown.str.casefold().isin(lower)]


def since_period(text: str) -> str:
    """A period as the archive writes it. ValueError where the text is none."""
    found = re.fullmatch(r"\s*(\d{4})\s*[/-]\s*(?:\d\d)?(\d\d)(?:\s*[Qq]([1-4]))?\s*", text)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(f'since is {text!r}; write it as "2020/21" or "2020/21 Q2"')
    return f"{found[1]}/{found[2]}" + (f" Q{found[3]}" if found[3] else "")


def labelled(table: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The table with the missing among the columns of `by` named, so that they make a group of their own."""
    return table.assign(
        **{n: table[n].astype("string").fillna(UNKNOWN.get(n, "not known")).astype("string") for n in by}
    )


def size(table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Rows a group."""
    return table.groupby(list(by)).size() if by else pd.Series([len(table)])


def ranked(values: pd.Series) -> pd.Series:
    """Status in its own order, what is missing last, everything else as it is."""
    if values.name == "rag":
        ranks = {"red": 0, "amber": 1, "green": 2, "blue": 3, "grey": 4}
        return values.map(lambda v: ranks.get(v, 9))
    if pd.api.types.is_string_dtype(values):
        last = dict.fromkeys(("not known", "not stated"), "\U0010ffff")
        return values.map(lambda v: last.get(v, v), na_action="ignore")
    return values


@dataclass(frozen=True)
class Answer:
    """An answer as a table: `table` in full, `brief()` the columns that are looked at first."""

    by: tuple[str, ...]
    table: pd.DataFrame
    SHOWN: ClassVar[tuple[str, ...]] = ()
    NOUN: ClassVar[str] = "row"

    def brief(self) -> pd.DataFrame:
        return self.table[[*self.by, *(c for c in self.SHOWN if c in self.table and c not in self.by)]]

    def __repr__(self) -> str:
        by = f" by {' and '.join(self.by)}" if self.by else ""
        return f"<{type(self).__name__}{by} · {self._says()}>\n{self.brief().head(30).to_string(index=False)}"

    def _says(self) -> str:
        return f"{len(self.table):,} {self.NOUN}{'' if len(self.table) == 1 else 's'}"

    def _repr_html_(self) -> str:
        return html_table(self.brief())

    def __len__(self) -> int:
        return len(self.table)


def html_table(table: pd.DataFrame, most: int = 100) -> str:
    """A frame as an HTML table for a notebook; what stands in reports stays text."""
    head = "".join(f"<th>{html.escape(str(c))}</th>" for c in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td style='text-align:left'>{html.escape(_shown(v))}</td>" for v in row) + "</tr>"
        for row in table.head(most).itertuples(index=False)
    )
    more = f"<p>… and {len(table) - most} more rows in <code>.table</code></p>" if len(table) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _shown(value: Any) -> str:
    return "" if value is pd.NA or value is None or value != value else str(value)


def rows_of(table: pd.DataFrame) -> Iterable[Any]:
    """The rows as named tuples with `Index`, whose values are of any type to a type checker."""
    return table.itertuples()

"""Checks on the reports themselves: figures, statuses and words that contradict each other on the same page.

Only what the report prints is held against what it prints elsewhere. What is left open (an unknown polarity, a count
of part of a year, a rule nobody wrote down) is no finding.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import pandas as pd

from councilscope.analysis import indicators, scope
from councilscope.analysis.scope import BLOCK, Answer
from councilscope.analysis.summaries import differences

CHECKS = {
    "percent": "The percentage is not that of its own numerator and denominator.",
    "rule": "The status is not the one that the report's own tolerance gives.",
    "target": "The status is red though the target is met, or green though it is missed and the report prints no tolerance.",
    "direction": "The direction of travel is against the figures beside it.",
    "silent": "Red, and no commentary says why.",
    "summary": "The report's own count of statuses is not that of the blocks that were read.",
}
"""Every check by its id."""
OWN = ("check",)
BY = (*scope.GROUPS, *OWN)
NEEDED: dict[str, list[str] | None] = {
    "documents": [*scope.DOCUMENTS, "warnings", "counts"],
    "blocks": None,
    "outturns": None,
    "commentary": [*BLOCK, "commentary_index", "text"],
}
COLUMNS = ["check", "finding", "council", "year", "quarter", "ref", "title", "rag", "report", "page", *BLOCK]
PRINTED = re.compile(r"(?<![\d.])\d[\d,]*(?:\.(\d+))?(?=\s*%)")
PLAIN_UNITS = ("%", "days", "weeks", "hours", "minutes", "seconds")
"""Units of shares and means, which a quarter and a year have in common; counts and sums add up within a year."""


@dataclass(frozen=True)
class Findings(Answer):
    """One row per finding: `check` (one of `CHECKS`), `finding` in a sentence, and the place. `looked_at`: how many
    indicators (of `percent`, figures, of `summary`, counts) each check could be made on; `rule` is checked while a
    report is read. `notes` says what could not be checked at all."""

    SHOWN: ClassVar[tuple[str, ...]] = ("check", "finding", "council", "quarter", "title", "report", "page")
    NOUN: ClassVar[str] = "finding"
    looked_at: dict[str, int]
    notes: tuple[str, ...] = ()


def check_reports(
    source: Any,
    by: str | Sequence[str] = (),
    *,
    since: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
) -> Findings:
    """What in the reports contradicts itself. Arguments and errors as in `theme_report`; "check" filters too."""
    names = scope.as_names(by)
    scope.check(names, where, BY)
    frames = scope.frames_of(source, NEEDED)
    rest = {k: v for k, v in (where or {}).items() if k not in OWN}
    blocks = scope.blocks_of(frames, list(frames["blocks"].columns), since, rest)
    outturns = frames["outturns"].merge(blocks[BLOCK], on=BLOCK)
    looked: dict[str, int] = dict.fromkeys((c for c in CHECKS if c != "rule"), 0)
    rows = [
        *_percent(blocks, outturns, looked),
        *_rules(blocks, frames["documents"]),
        *_targets(blocks, outturns, frames["documents"], looked),
        *_directions(blocks, outturns, looked),
        *_silent(blocks, frames["commentary"], looked),
    ]
    table = pd.DataFrame(rows, columns=["check", "finding", *BLOCK])
    facts = blocks[[*dict.fromkeys([*BLOCK, *(c for c in COLUMNS if c in blocks), *scope.GROUPS])]]
    table = table.astype({"check": "string", "finding": "string", "doc_id": "string", "block_id": "string"})
    table = table.merge(facts, on=BLOCK, how="left")
    counted, notes = _summaries(frames, since, rest, looked)
    table = pd.concat([table, counted]).astype(table.dtypes) if len(counted) else table
    for name, wanted in (where or {}).items():
        table = scope.kept(table, name, wanted) if name in OWN else table
    order = [*names, "council", "quarter", "report", "page", "check"]
    table = table.sort_values([*dict.fromkeys(order)], kind="stable", na_position="last", key=scope.ranked)
    extra = [n for n in names if n not in COLUMNS]
    return Findings(names, table[[*COLUMNS, *extra]].reset_index(drop=True), looked, notes)


def _summaries(
    frames: Mapping[str, pd.DataFrame], since: str | None, where: Mapping[str, Any], looked: dict[str, int]
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Findings on a report's own counts, which are of whole reports: none where only some of their blocks are asked for."""
    read = scope.documents_of(frames, since, where)
    if set(where) - set(scope.PLACES):
        return read.head(0), ()
    read = read.merge(frames["documents"][["doc_id", "counts"]], on="doc_id")
    older = int(read["counts"].isna().sum())
    blocks = frames["blocks"][["doc_id", "kind", "rag", "service"]]
    found = pd.DataFrame([*differences(read, blocks, looked)], columns=["finding", "doc_id", "page"])
    found = found.astype({"finding": "string", "doc_id": "string"}).assign(check="summary")
    notes = [
        f"{older} reports were read before printed counts were kept; to check them too, run annotate again with --redo reader"
    ]
    return found.merge(read.drop(columns="counts"), on="doc_id"), tuple(notes if older else ())


def _percent(
    blocks: pd.DataFrame, outturns: pd.DataFrame, looked: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    rows = outturns[outturns["unit"].eq("%").fillna(False)].dropna(
        subset=["value", "numerator", "denominator"]
    )
    rows = rows[rows["denominator"] > 0]
    looked["percent"] = len(rows)
    for row in scope.rows_of(rows):
        found = 100 * row.numerator / row.denominator
        printed = PRINTED.search(row.text)
        places = len(printed[1] or "") if printed else 1
        # a printed figure may be rounded or cut off
        if abs(found - row.value) >= 1.01 * 10.0**-places:
            yield (
                "percent",
                f"{row.period or 'no period'}: {row.text} is printed, and {row.numerator:g} of {row.denominator:g} is {found:.{max(places, 1)}f}%",
                row.doc_id,
                row.block_id,
            )


def _warned(documents: pd.DataFrame) -> dict[str, list[str]]:
    """What the reader said of status against the report's own rule, by document."""
    return {
        doc: [str(w["message"]) for w in warnings if w["code"] == "status_differs"]
        for doc, warnings in zip(documents["doc_id"], documents["warnings"], strict=True)
    }


def _rules(blocks: pd.DataFrame, documents: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    said = _warned(documents)
    for row in scope.rows_of(blocks):
        name = repr(str(row.title)[:60] if pd.isna(row.ref) else str(row.ref))
        for message in said.get(row.doc_id, ()):
            if message.startswith(f"status of {name} "):
                yield "rule", message, row.doc_id, row.block_id


def _targets(
    blocks: pd.DataFrame, outturns: pd.DataFrame, documents: pd.DataFrame, looked: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    """Red though the target is met; green though it is missed by a figure of a report that warns of no tolerance."""
    table = indicators.figures(blocks[blocks["kind"].eq("indicator")], outturns)
    units = outturns.dropna(subset=["unit"]).groupby(BLOCK)["unit"].last().rename("unit").reset_index()
    table = table.merge(units, on=BLOCK, how="left").dropna(subset=["value", "target_value", "rag"])
    said = _warned(documents)
    for row in scope.rows_of(table):
        polarity = {">=": "higher", ">": "higher", "<=": "lower", "<": "lower"}.get(
            str(row.target_comparator), None if pd.isna(row.polarity) else str(row.polarity)
        )
        target_unit, unit = (None if pd.isna(u) else u for u in (row.target_unit, row.unit))
        if polarity is None or target_unit != unit or row.rag not in ("red", "green"):
            continue
        if unit not in PLAIN_UNITS:
            continue  # a quarter's count is no match for the year's target
        looked["target"] += 1
        met = row.value >= row.target_value if polarity == "higher" else row.value <= row.target_value
        told = any(
            str(row.title)[:60] in m or (not pd.isna(row.ref) and repr(str(row.ref)) in m)
            for m in said.get(row.doc_id, ())
        )
        if told or met == (row.rag == "green"):
            continue
        if row.rag == "green" and _near(row.value, row.target_value):
            continue
        verb = "is met" if met else "is missed"
        yield (
            "target",
            f"printed as {row.rag}, though the target of {row.target_text} {verb} by {row.text} ({polarity} is better)",
            row.doc_id,
            row.block_id,
        )


def _near(value: float, target: float) -> bool:
    """Within a tenth of the target: what most councils' tolerances allow for."""
    return abs(value - target) <= 0.1 * abs(target)


def _directions(
    blocks: pd.DataFrame, outturns: pd.DataFrame, looked: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    """Improving or worsening against every earlier figure that it could be measured from."""
    known = blocks.dropna(subset=["direction", "polarity", "quarter"])
    known = known[known["direction"].astype("string").isin(["improving", "worsening"])]
    wanted = outturns.dropna(subset=["value"])[[*BLOCK, "period", "text", "value", "unit", "label"]]
    rows: list[Any] = wanted.astype("object").where(wanted.notna(), None).to_dict("records")
    groups = defaultdict(list)
    for r in rows:
        groups[r["doc_id"], r["block_id"]].append(r)
    for row in scope.rows_of(known):
        figures = groups[row.doc_id, row.block_id]
        if len({f["unit"] for f in figures}) != 1:
            continue
        label = str(indicators.label_of(str(row.quarter)))
        plain = [f for f in figures if f["label"] is None and f["period"]]
        now = [f for f in plain if f["period"] == label]
        before = [f for f in plain if f["period"] < label and re.search(r"Q\d|Year End", f["period"])]
        if figures[0]["unit"] not in PLAIN_UNITS:  # counts add up within a year
            before = [f for f in before if f["period"].endswith(label.rpartition(" ")[2])]
        if len(now) != 1 or not before:
            continue
        looked["direction"] += 1
        better = 1 if row.polarity == "higher" else -1
        moves = [(now[0]["value"] - f["value"]) * better for f in before]
        sign = 1 if row.direction == "improving" else -1
        if all(m * sign < 0 for m in moves):
            listed = ", ".join(f"{f['period']} {f['text']}" for f in before)
            yield (
                "direction",
                f"printed as {row.direction} ({row.polarity} is better), but {now[0]['text']} now, after {listed}",
                row.doc_id,
                row.block_id,
            )


def _silent(
    blocks: pd.DataFrame, commentary: pd.DataFrame, looked: dict[str, int]
) -> Iterator[tuple[str, ...]]:
    spoken = commentary[commentary["text"].str.strip().ne("")][BLOCK].drop_duplicates()
    red = blocks[blocks["rag"].eq("red").fillna(False)]
    looked["silent"] = len(red)
    marked = red.merge(spoken, on=BLOCK, how="left", indicator=True)
    for row in scope.rows_of(marked[marked["_merge"].eq("left_only")]):
        yield "silent", "red, and no commentary on it was found", row.doc_id, row.block_id


__all__ = ["BY", "CHECKS", "Findings", "check_reports"]

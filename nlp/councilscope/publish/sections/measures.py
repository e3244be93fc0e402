"""The same measure at several councils, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from councilscope.analysis import catalogue
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import Gathered
from councilscope.publish.html import Cell, Grid, Section
from councilscope.publish.sections import shown


def measures(found: Gathered, evidence: Evidence) -> Section:
    section = Section(
        "indicators", "The same measure at several councils",
        "Titles are matched to common measures by their wording, unit and polarity; the score says how surely. Compare only "
        "what is counted alike: each council's own title is its definition. Cumulative figures are marked, and figures in "
        "different units stand in different rows. Councils are in alphabetical order.",
    )  # fmt: skip
    table = found.indicators.table
    shared = table.groupby("family").agg(councils=("council", "nunique"), n=("title", "size"))
    shared = shared[(shared["councils"] > 1)].sort_values(["councils", "n"], ascending=False, kind="stable")
    if not len(shared):
        section.parts.append("No measure was found at more than one council.")
    facts = {i.id: i for i in catalogue()}
    for family in shared.index[: shown.MOST["families"]]:
        some = (
            table[table["family"] == family]
            .sort_values(["council", "period_end"])
            .groupby("series", sort=False)
            .tail(1)
        )
        some = some.sort_values(["council", "title"])
        rows = [(shown.word(r["council"]), _measure(r, evidence)) for r in shown.rows_of(some, 30)]
        known = facts.get(family)
        which = {"higher": "higher is better", "lower": "lower is better"}.get(
            known.polarity or "" if known else "", ""
        )
        note = "; ".join(
            filter(
                None,
                [
                    f"usual unit {known.unit}" if known else "",
                    which,
                    f"source: {known.source}" if known else "",
                ],
            )
        )
        heads = [
            ("Council", False),
            ("Type", False),
            ("As titled", False),
            ("Period", False),
            ("Figure", True),
            ("Target", True),
            ("Status", False),
            ("Counted", False),
            ("Match", True),
        ]
        section.parts.append(Grid(str(some["family_name"].iloc[0]), heads, rows, note))
    return section


def _measure(r: Mapping[str, Any], evidence: Evidence) -> list[Cell]:
    href = evidence.of({"doc_id": r["doc_id"], "block_id": r["block_id"]}, f"Indicator: {r['family_name']}")
    rag = None if r["rag"] is pd.NA or r["rag"] != r["rag"] else str(r["rag"])
    return [
        Cell(shown.word(r["council"]), head=True), Cell(shown.word(r["council_type"])), Cell(shown.word(r["title"]), href), Cell(shown.word(r["quarter"])),
        Cell(shown.word(r["text"]), number=True), Cell(shown.word(r["target_text"]), number=True), Cell(rag or "not stated", rag=rag or "not stated"),
        Cell(shown.word(r["basis"]) if shown.word(r["basis"]) != "–" else "as printed"), Cell(f"{float(r['score']):.2f}", number=True),
    ]  # fmt: skip

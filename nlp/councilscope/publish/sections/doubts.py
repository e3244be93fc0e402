"""Where reports contradict themselves."""

from __future__ import annotations

from councilscope.analysis import CHECKS
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import Gathered
from councilscope.publish.html import Cell, Grid, Section
from councilscope.publish.sections import shown


def checks(found: Gathered, evidence: Evidence) -> Section:
    section = Section(
        "checks", "Checks on the reports themselves",
        "Where a report contradicts itself. A finding is a question to the council, not a verdict: the reading can be wrong too, "
        "so look at the page.",
    )  # fmt: skip
    table = found.findings.table
    counts = table["check"].value_counts()
    rows = [
        (
            "",
            [
                Cell(CHECKS[c], head=True),
                Cell(shown.number(counts.get(c, 0)), number=True),
                Cell(shown.number(found.findings.looked_at.get(c)), number=True),
            ],
        )
        for c in CHECKS
    ]
    section.parts.append(Grid("Checks", [("Check", False), ("Findings", True), ("Looked at", True)], rows))
    listed = []
    for r in shown.rows_of(table, shown.MOST["findings"]):
        href = evidence.of({"doc_id": r["doc_id"], "block_id": r["block_id"]}, f"Check: {r['check']}")
        listed.append(
            (
                shown.word(r["council"]),
                [
                    Cell(shown.word(r["finding"]), href, head=True),
                    Cell(shown.word(r["council"])),
                    Cell(shown.word(r["quarter"])),
                    Cell(
                        shown.word(r["title"])
                        if href
                        else f"{shown.word(r['report'])}, page {shown.number(r['page'])}"
                    ),
                ],
            )
        )
    if listed:
        section.parts.append(
            Grid(
                "Findings",
                [("Finding", False), ("Council", False), ("Period", False), ("Indicator", False)],
                listed,
                shown.more(table, shown.MOST["findings"]),
            )
        )
    return section

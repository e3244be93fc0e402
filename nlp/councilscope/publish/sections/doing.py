"""What is done about it, and who it rests on."""

from __future__ import annotations

import pandas as pd

from councilscope import charts
from councilscope.analysis import STATES
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import Gathered
from councilscope.publish.html import Cell, Grid, Section, picture
from councilscope.publish.sections import shown


def actions(found: Gathered, evidence: Evidence) -> Section:
    acts, at = found.actions.actions, found.actions.at
    section = Section(
        "actions", "What is done about it",
        "Every action in the commentary and every item that is an action, as last told. Overdue means: its date is past "
        + (f"on {at}" if at else "at the end of the latest period that its council reports on")
        + " and no report says that it is done. An action told again in a later report is one action with a history.",
    )  # fmt: skip
    if not len(acts):
        section.parts.append("No actions were found.")
        return section
    counts = acts["state"].value_counts().reindex(list(STATES)).dropna().astype(int)
    section.parts.append(
        picture(
            charts.bars(counts, title="Actions by what became of them"),
            "Bars of the number of actions: " + ", ".join(f"{s} {n}" for s, n in counts.items()) + ".",
        )
    )
    wide = acts.assign(council=acts["council"].fillna("not known")).pivot_table(
        index="council", columns="state", values="action", aggfunc="count", fill_value=0
    )
    used = [s for s in STATES if s in wide]
    rows = [
        (
            str(c),
            [
                Cell(str(c), head=True),
                *(Cell(shown.number(n), number=True) for n in row),
                Cell(shown.number(sum(row)), number=True),
            ],
        )
        for c, row in zip(wide.index, wide[used].itertuples(index=False), strict=True)
    ]
    section.parts.append(
        Grid("Actions by council", [("Council", False), *((s, True) for s in used), ("all", True)], rows)
    )
    late = acts[acts["overdue"]].sort_values(["days_over", "council"], ascending=[False, True])
    section.parts.append(_actions("Overdue, longest first", late, evidence, late=True))
    again = acts[(acts["told"] > 1) & ~acts["overdue"]].sort_values(
        ["told", "council"], ascending=[False, True]
    )
    section.parts.append(_actions("Told in several reports", again, evidence, late=False))
    return section


def _actions(caption: str, table: pd.DataFrame, evidence: Evidence, late: bool) -> Grid:
    rows = []
    for r in shown.rows_of(table, shown.MOST["rows"]):
        href = evidence.of(r, f"Action: {r['state']}")
        cells = [
            Cell(shown.word(r["text"]), href, head=True),
            Cell(shown.word(r["council"])),
            Cell(shown.word(r["owner"])),
            Cell(shown.word(r["due"])),
        ]
        cells += [Cell(shown.number(r["days_over"]), number=True)] if late else [Cell(shown.word(r["state"]))]
        rows.append((shown.word(r["council"]), [*cells, Cell(shown.word(r["history"]))]))
    heads = [
        ("Action", False),
        ("Council", False),
        ("Who", False),
        ("Due", False),
        ("Days over", True) if late else ("Now", False),
        ("History", False),
    ]
    return Grid(caption, heads, rows, shown.more(table, shown.MOST["rows"]))


def owners(found: Gathered, evidence: Evidence) -> Section:
    section = Section(
        "owners",
        "Who it rests on",
        "The people, posts, teams and bodies named as doing it or answering for it, as printed.",
    )
    for kind, caption in (
        ("body", "Bodies and partners"),
        ("role", "Posts"),
        ("team", "Teams"),
        ("person", "People"),
    ):
        table = found.owners[found.owners["kind"] == kind]
        rows = []
        for r in shown.rows_of(table, shown.MOST["owners"] if kind == "body" else 15):
            href = evidence.of(r, f"{caption}: {r['owner']}")
            rows.append(
                (
                    shown.word(r["council"]) if r["councils"] == 1 else "",
                    [
                        Cell(shown.word(r["owner"]), href, head=True),
                        Cell(shown.number(r["times"]), number=True),
                        Cell(shown.number(r["councils"]), number=True),
                    ],
                )
            )
        if rows:
            section.parts.append(
                Grid(
                    caption,
                    [("Named", False), ("Times", True), ("Councils", True)],
                    rows,
                    shown.more(table, len(rows)),
                )
            )
    if not section.parts:
        section.parts.append("No owners were found.")
    return section

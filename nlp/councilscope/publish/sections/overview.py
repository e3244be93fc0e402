"""What the report says first: in short, what is in the archive, and the mix of statuses."""

from __future__ import annotations

from councilscope import charts
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import RAGS, Gathered
from councilscope.publish.html import Cell, Grid, Section, picture
from councilscope.publish.sections import shown


def summary(found: Gathered, evidence: Evidence) -> Section:
    read, blocks = found.documents, found.blocks
    section = Section("summary", "In short")
    if not len(blocks):
        section.parts.append("Nothing in the archive matches, or nothing in it could be read.")
        return section
    off = blocks["rag"].isin(["red", "amber"])
    rated = blocks["rag"].isin(["red", "amber", "green", "blue"])
    councils = read["council"].nunique()
    quarters = sorted(read["quarter"].dropna().unique())
    span = f", from {quarters[0]} to {quarters[-1]}" if len(quarters) > 1 else ""
    section.parts.append(
        f"{len(read):,} reports of {councils:,} councils{span}. Of {int(rated.sum()):,} indicators, actions and risks with a "
        f"status, {int(off.sum()):,} ({shown.share(off.sum() / max(1, rated.sum()))}) are off track (red or amber)."
    )
    top = found.causes[""].table.head(3)
    names = shown.names_of_themes()
    if len(top):
        said = "; ".join(
            f"{names.get(r['cause'], r['cause'])} ({shown.number(r['causes'])} of {shown.number(r['causes_of'])} causes, {shown.number(r['councils'])} of {shown.number(r['councils_of'])} councils)"
            for r in shown.rows_of(top)
        )
        section.parts.append(f"The causes most often given: {said}.")
    acts = found.actions.actions
    if len(acts):
        late = int(acts["overdue"].sum())
        section.parts.append(
            f"{len(acts):,} actions are told of; {int(acts['state'].eq('done').sum()):,} are done and {late:,} were past their date "
            f"{'at ' + found.actions.at if found.actions.at else 'when their council last reported'}."
        )
    section.parts.append(
        "Read the figures with care: they count what councils write, not what happened. Councils choose their indicators, "
        "targets and words; a council that explains itself more has more causes. Nothing here is a league table."
    )
    return section


def archive(found: Gathered, evidence: Evidence) -> Section:
    section = Section(
        "archive",
        "What is in the archive",
        "Every report that the figures rest on, and what could not be read in full.",
    )
    grouped = found.documents.assign(council=found.documents["council"].fillna("not known")).groupby(
        "council"
    )
    rows = [
        (str(name), [
            Cell(str(name), head=True), Cell(shown.word(d["nation"].iloc[0])), Cell(shown.word(d["council_type"].iloc[0])),
            Cell(shown.number(len(d)), number=True), Cell(shown.number(d["n_blocks"].sum()), number=True),
            Cell(", ".join(sorted(d["quarter"].dropna().unique())) if len(d) <= 12 else f"{d['quarter'].min()} to {d['quarter'].max()}"),
        ])
        for name, d in grouped
    ]  # fmt: skip
    heads = [
        ("Council", False),
        ("Nation", False),
        ("Type", False),
        ("Reports", True),
        ("Indicators, actions, risks", True),
        ("Periods", False),
    ]
    section.parts.append(Grid("Reports by council", heads, rows))
    if len(found.unread):
        failed = [
            (
                "",
                [
                    Cell(shown.word(r["file"]), head=True),
                    Cell(shown.word(r["status"])),
                    Cell(shown.word(r["reason"])),
                ],
            )
            for r in shown.rows_of(found.unread, 60)
        ]
        section.parts.append(
            Grid(
                "Not read, or read in part",
                [("File", False), ("Status", False), ("Why, and what to do", False)],
                failed,
                shown.more(found.unread, 60),
            )
        )
    else:
        section.parts.append("Every file in the archive was read in full.")
    return section


def status(found: Gathered, evidence: Evidence) -> Section:
    section = Section(
        "status", "Status by council and quarter",
        "Of everything that a report rates. Councils set their own targets and tolerances, so the mix says how a council sees "
        "itself, not which council is better.",
    )  # fmt: skip
    for name, table in found.status.items():
        if not len(table):
            continue
        used = [r for r in RAGS if table[r].sum()]
        some = table.head(shown.MOST["councils"]) if name == "council" else table.tail(shown.MOST["councils"])
        section.parts.append(
            picture(
                charts.stacked(some[used], title=f"Status by {name}"),
                f"Bars of the shares of {', '.join(used)} by {name}; the numbers are in the table below.",
            )
        )
        rows = [
            (
                str(i) if name == "council" else "",
                [Cell(str(i), head=True), *(Cell(shown.number(row[r]), number=True) for r in (*used, "all"))],
            )
            for i, row in table.iterrows()
        ]
        section.parts.append(
            Grid(
                f"Status by {name}", [(name.capitalize(), False), *((r, True) for r in (*used, "all"))], rows
            )
        )
    return section

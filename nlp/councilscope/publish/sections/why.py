"""Why: the causes, ranked, over time, by measure and by council."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from councilscope import charts
from councilscope.analysis import catalogue
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import Gathered
from councilscope.publish.html import Cell, Grid, Section, picture
from councilscope.publish.sections import shown


def causes(found: Gathered, evidence: Evidence) -> Section:
    names = shown.names_of_themes()
    section = Section(
        "causes", "Why: the causes that councils give",
        "Each cause is a stretch of commentary that says why a figure stands where it stands; denied causes are left out. "
        "Shares are of all causes given; a council that writes more weighs more. Intervals are of 95%, from drawing whole councils "
        "again; of fewer than ten causes no share is claimed.",
    )  # fmt: skip
    whole = found.causes[""].table
    if not len(whole):
        section.parts.append("No causes were found.")
        return section
    sure = bool(whole["causes_share"].notna().any())
    called = whole.set_index(whole["cause"].map(lambda c: names.get(c, c)))
    if sure:
        drawn = charts.bars(
            called["causes_share"], title="Causes, share of all that are given", share=True, low=called["causes_low"],
            high=called["causes_high"],
        )  # fmt: skip
    else:
        drawn = charts.bars(called["causes"], title="Causes, times given")
    section.parts.append(picture(drawn, "Bars of how often each cause is given; the table has the numbers."))
    rows = []
    for r in shown.rows_of(whole):
        href = evidence.of(r, f"Cause: {names.get(r['cause'], r['cause'])}")
        rows.append(("", [
            Cell(names.get(r["cause"], r["cause"]), href, head=True), Cell(f"{shown.number(r['causes'])} of {shown.number(r['causes_of'])}", number=True),
            Cell(shown.between(r, "causes"), number=True), Cell(f"{shown.number(r['off_track'])} of {shown.number(r['off_track_of'])}", number=True),
            Cell(f"{shown.number(r['councils'])} of {shown.number(r['councils_of'])}", number=True), Cell(shown.number(r["possible"]), number=True), Cell(shown.word(r["quote"]), href),
        ]))  # fmt: skip
    heads = [
        ("Cause", False),
        ("Times given", True),
        ("Share", True),
        ("Off-track blocks", True),
        ("Councils", True),
        ("Only possible", True),
        ("For example", False),
    ]
    section.parts.append(Grid("Causes, most often given first", heads, rows))
    section.parts += _over_time(found, names)
    section.parts.append(_by_family(found, evidence, names))
    section.parts.append(_by_council(found, evidence, names))
    return section


def _over_time(found: Gathered, names: Mapping[str, str]) -> list[Any]:
    table = found.causes["quarter"].table
    table = table[table["quarter"] != "not known"]
    if table["quarter"].nunique() < 2:
        return []
    count = table.groupby("quarter")["causes_of"].first()
    parts = table.pivot_table(
        index="quarter", columns="cause", values="causes", aggfunc="first", fill_value=0
    )
    claimed = table.groupby("quarter")["causes_share"].count() > 0  # of few causes no share is claimed
    wide = parts.astype(float).div(count.astype(float), axis=0).where(claimed, float("nan"), axis=0)
    top = found.causes[""].table["cause"].head(5).tolist()
    top = list(dict.fromkeys([*top, *(["covid"] if "covid" in wide else [])]))
    drawn = wide[top].rename(columns=lambda c: names.get(c, c))
    rows = [
        (
            "",
            [
                Cell(str(q), head=True),
                Cell(shown.number(count[q]), number=True),
                *(Cell(shown.share(v), number=True) for v in row),
            ],
        )
        for q, row in zip(drawn.index, drawn.itertuples(index=False), strict=True)
    ]
    heads = [("Quarter", False), ("Causes given", True), *((str(c), True) for c in drawn.columns)]
    says = (
        f"Lines of the share of {', '.join(map(str, drawn.columns))} by quarter; the table has the numbers."
    )
    return [
        picture(charts.lines(drawn, title="Causes over time, share of a quarter's causes", share=True), says),
        Grid("Causes over time", heads, rows),
    ]


def _by_family(found: Gathered, evidence: Evidence, names: Mapping[str, str]) -> Grid:
    table = found.causes["family"].table
    table = table[~table["family"].str.startswith(("own:", "not known"))]
    labels = {i.id: i.name for i in catalogue()}
    size = table.groupby("family")["causes_of"].first().sort_values(ascending=False, kind="stable")
    rows = []
    for family in size.index[: shown.MOST["families"]]:
        top = table[table["family"] == family].head(3)
        cells = [Cell(labels.get(family, family), head=True), Cell(shown.number(size[family]), number=True)]
        for r in shown.rows_of(top):
            href = evidence.of(r, f"Cause: {names.get(r['cause'], r['cause'])}")
            cells.append(Cell(f"{names.get(r['cause'], r['cause'])} ({shown.number(r['causes'])})", href))
        rows.append(("", [*cells, *[Cell("")] * (5 - len(cells))]))
    heads = [
        ("Measure", False),
        ("Causes given", True),
        ("Most often", False),
        ("Second", False),
        ("Third", False),
    ]
    return Grid("What each measure is put down to", heads, rows, shown.more(size, shown.MOST["families"]))


def _by_council(found: Gathered, evidence: Evidence, names: Mapping[str, str]) -> Grid:
    table = found.causes["council"].table
    rows = []
    for council, some in list(table.groupby("council", sort=True))[: shown.MOST["councils"]]:
        cells = [Cell(str(council), head=True), Cell(shown.number(some["causes_of"].iloc[0]), number=True)]
        for r in shown.rows_of(some, 3):
            href = evidence.of(r, f"Cause: {names.get(r['cause'], r['cause'])}")
            cells.append(Cell(f"{names.get(r['cause'], r['cause'])} ({shown.number(r['causes'])})", href))
        rows.append((str(council), [*cells, *[Cell("")] * (5 - len(cells))]))
    heads = [
        ("Council", False),
        ("Causes given", True),
        ("Most often", False),
        ("Second", False),
        ("Third", False),
    ]
    return Grid(
        "What each council puts it down to",
        heads,
        rows,
        shown.more(table["council"].unique(), shown.MOST["councils"]),
    )

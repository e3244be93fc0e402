"""What the report says, section by section: each figure with its denominator, its table and its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd

from councilscope import charts
from councilscope.analysis import CHECKS, STATES, catalogue
from councilscope.lexicon import load_toml
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import RAGS, Gathered
from councilscope.publish.html import Cell, Grid, Section, picture

MOST = {"councils": 40, "families": 30, "rows": 120, "findings": 100, "owners": 40, "groups": 12}
"""How much of a long list is shown; the workbook and the CSV files have all."""
LEAST = 3  # councils or reports from which on something is called common


def sections(found: Gathered, evidence: Evidence) -> list[Section]:
    """The sections in their order; they ask for evidence in the order of importance."""
    makers: list[Callable[[Gathered, Evidence], Section]] = [
        summary, causes, actions, measures, themes, status, owners, checks, archive,
    ]  # fmt: skip
    made = [make(found, evidence) for make in makers]
    order = ("summary", "archive", "status", "causes", "actions", "indicators", "themes", "owners", "checks")
    return sorted(made, key=lambda s: order.index(s.id))


def _names() -> dict[str, str]:
    return {t["id"]: t["name"] for t in load_toml("themes.toml")["theme"]} | {"not named": "Not named"}


def _share(value: Any) -> str:
    return "–" if value is None or value != value else f"{100 * float(value):.0f}%"


def _word(value: Any) -> str:
    return "–" if value is None or value is pd.NA or value != value else str(value)


def _int(value: Any) -> str:
    return "–" if value is None or value is pd.NA or value != value else f"{int(value):,}"


def _rows(table: pd.DataFrame, most: int | None = None) -> list[dict[str, Any]]:
    return (table if most is None else table.head(most)).to_dict("records")  # type: ignore[return-value]


def _more(table: Any, most: int) -> str:
    rest = len(table) - most
    return f"{rest:,} more are in the workbook and the CSV tables (--xlsx, --csv)." if rest > 0 else ""


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
        f"status, {int(off.sum()):,} ({_share(off.sum() / max(1, rated.sum()))}) are off track (red or amber)."
    )
    top = found.causes[""].table.head(3)
    names = _names()
    if len(top):
        said = "; ".join(
            f"{names.get(r['cause'], r['cause'])} ({_int(r['causes'])} of {_int(r['causes_of'])} causes, {_int(r['councils'])} of {_int(r['councils_of'])} councils)"
            for r in _rows(top)
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
            Cell(str(name), head=True), Cell(_word(d["nation"].iloc[0])), Cell(_word(d["council_type"].iloc[0])),
            Cell(_int(len(d)), number=True), Cell(_int(d["n_blocks"].sum()), number=True),
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
            ("", [Cell(_word(r["file"]), head=True), Cell(_word(r["status"])), Cell(_word(r["reason"]))])
            for r in _rows(found.unread, 60)
        ]
        section.parts.append(
            Grid(
                "Not read, or read in part",
                [("File", False), ("Status", False), ("Why, and what to do", False)],
                failed,
                _more(found.unread, 60),
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
        shown = table.head(MOST["councils"]) if name == "council" else table.tail(MOST["councils"])
        section.parts.append(
            picture(
                charts.stacked(shown[used], title=f"Status by {name}"),
                f"Bars of the shares of {', '.join(used)} by {name}; the numbers are in the table below.",
            )
        )
        rows = [
            (
                str(i) if name == "council" else "",
                [Cell(str(i), head=True), *(Cell(_int(row[r]), number=True) for r in (*used, "all"))],
            )
            for i, row in table.iterrows()
        ]
        section.parts.append(
            Grid(
                f"Status by {name}", [(name.capitalize(), False), *((r, True) for r in (*used, "all"))], rows
            )
        )
    return section


def causes(found: Gathered, evidence: Evidence) -> Section:
    names = _names()
    section = Section(
        "causes", "Why: the causes that councils give",
        "Each cause is a stretch of commentary that says why a figure stands where it stands; denied causes are left out. "
        "Shares are of all causes given; a council that writes more weighs more.",
    )  # fmt: skip
    whole = found.causes[""].table
    if not len(whole):
        section.parts.append("No causes were found.")
        return section
    values = whole.set_index(whole["cause"].map(lambda c: names.get(c, c)))["causes_share"]
    section.parts.append(
        picture(
            charts.bars(values, title="Causes, share of all that are given", share=True),
            "Bars of each cause's share; the table has the numbers.",
        )
    )
    rows = []
    for r in _rows(whole):
        href = evidence.of(r, f"Cause: {names.get(r['cause'], r['cause'])}")
        rows.append(("", [
            Cell(names.get(r["cause"], r["cause"]), href, head=True), Cell(f"{_int(r['causes'])} of {_int(r['causes_of'])}", number=True),
            Cell(_share(r["causes_share"]), number=True), Cell(f"{_int(r['off_track'])} of {_int(r['off_track_of'])}", number=True),
            Cell(f"{_int(r['councils'])} of {_int(r['councils_of'])}", number=True), Cell(_int(r["possible"]), number=True), Cell(_word(r["quote"]), href),
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
    wide = (
        table.pivot_table(index="quarter", columns="cause", values="causes_share", aggfunc="first")
        .fillna(0.0)
        .astype(float)
    )
    top = found.causes[""].table["cause"].head(5).tolist()
    top = list(dict.fromkeys([*top, *(["covid"] if "covid" in wide else [])]))
    shown = wide[top].rename(columns=lambda c: names.get(c, c))
    count = table.groupby("quarter")["causes_of"].first()
    rows = [
        (
            "",
            [
                Cell(str(q), head=True),
                Cell(_int(count[q]), number=True),
                *(Cell(_share(v), number=True) for v in row),
            ],
        )
        for q, row in zip(shown.index, shown.itertuples(index=False), strict=True)
    ]
    heads = [("Quarter", False), ("Causes given", True), *((str(c), True) for c in shown.columns)]
    says = (
        f"Lines of the share of {', '.join(map(str, shown.columns))} by quarter; the table has the numbers."
    )
    return [
        picture(charts.lines(shown, title="Causes over time, share of a quarter's causes", share=True), says),
        Grid("Causes over time", heads, rows),
    ]


def _by_family(found: Gathered, evidence: Evidence, names: Mapping[str, str]) -> Grid:
    table = found.causes["family"].table
    table = table[~table["family"].str.startswith(("own:", "not known"))]
    labels = {i.id: i.name for i in catalogue()}
    size = table.groupby("family")["causes_of"].first().sort_values(ascending=False, kind="stable")
    rows = []
    for family in size.index[: MOST["families"]]:
        top = table[table["family"] == family].head(3)
        cells = [Cell(labels.get(family, family), head=True), Cell(_int(size[family]), number=True)]
        for r in _rows(top):
            href = evidence.of(r, f"Cause: {names.get(r['cause'], r['cause'])}")
            cells.append(Cell(f"{names.get(r['cause'], r['cause'])} ({_int(r['causes'])})", href))
        rows.append(("", [*cells, *[Cell("")] * (5 - len(cells))]))
    heads = [
        ("Measure", False),
        ("Causes given", True),
        ("Most often", False),
        ("Second", False),
        ("Third", False),
    ]
    return Grid("What each measure is put down to", heads, rows, _more(size, MOST["families"]))


def _by_council(found: Gathered, evidence: Evidence, names: Mapping[str, str]) -> Grid:
    table = found.causes["council"].table
    rows = []
    for council, some in list(table.groupby("council", sort=True))[: MOST["councils"]]:
        cells = [Cell(str(council), head=True), Cell(_int(some["causes_of"].iloc[0]), number=True)]
        for r in _rows(some, 3):
            href = evidence.of(r, f"Cause: {names.get(r['cause'], r['cause'])}")
            cells.append(Cell(f"{names.get(r['cause'], r['cause'])} ({_int(r['causes'])})", href))
        rows.append((str(council), [*cells, *[Cell("")] * (5 - len(cells))]))
    heads = [
        ("Council", False),
        ("Causes given", True),
        ("Most often", False),
        ("Second", False),
        ("Third", False),
    ]
    return Grid(
        "What each council puts it down to", heads, rows, _more(table["council"].unique(), MOST["councils"])
    )


def themes(found: Gathered, evidence: Evidence) -> Section:
    names = _names()
    whole = found.themes[""].table
    section = Section(
        "themes", "Themes of the commentary",
        "A text can have several themes, or none. Shares are of the commentary texts; a group without any has a dash, not zero.",
    )  # fmt: skip
    told = whole[whole["texts"] > 0]
    if not len(told):
        section.parts.append("There is no commentary to find themes in.")
        return section
    sure = {"texts_low", "texts_high"} <= set(whole.columns)
    values = told.set_index(told["theme"].map(lambda t: names.get(t, t)))["texts_share"]
    ends = {"low": told["texts_low"], "high": told["texts_high"]} if sure else {}
    section.parts.append(
        picture(
            charts.bars(values, title="Themes, share of texts", share=True, **ends),
            "Bars of each theme's share; the table has the numbers.",
        )
    )
    rows = []
    for r in _rows(told):
        href = evidence.of(r, f"Theme: {names.get(r['theme'], r['theme'])}")
        between = (
            [Cell(f"{_share(r['texts_low'])} to {_share(r['texts_high'])}", number=True)] if sure else []
        )
        rows.append(("", [
            Cell(names.get(r["theme"], r["theme"]), href, head=True), Cell(f"{_int(r['texts'])} of {_int(r['texts_of'])}", number=True),
            Cell(_share(r["texts_share"]), number=True), *between, Cell(f"{_int(r['off_track'])} of {_int(r['off_track_of'])}", number=True),
            Cell(_word(r["quote"]), href),
        ]))  # fmt: skip
    heads = [
        ("Theme", False),
        ("Texts", True),
        ("Share", True),
        *([("95% interval", True)] if sure else []),
        ("Off-track blocks", True),
        ("For example", False),
    ]
    section.parts.append(Grid("Themes", heads, rows))
    section.parts += [_theme_matrix(found, name, names) for name in ("council", "quarter", "rag", "service")]
    return section


def _theme_matrix(found: Gathered, by: str, names: Mapping[str, str]) -> Grid:
    """Shares of the commonest themes, one row a group, with how many texts each row rests on."""
    top = found.themes[""].table["theme"].head(7).tolist()
    table, totals = found.themes[by].table, found.themes[by].totals
    sizes = totals.set_index(by)["texts"]
    groups = (
        list(sizes.index)
        if by != "service"
        else list(sizes.sort_values(ascending=False, kind="stable").index[:25])
    )
    shares = {(r[by], r["theme"]): r for r in _rows(table[table["theme"].isin(top)])}
    rows = []
    for group in groups[: MOST["councils"]]:
        cells = [
            Cell(str(group), head=True, rag=str(group) if by == "rag" else None),
            Cell(_int(sizes[group]), number=True),
        ]
        for theme in top:
            r = shares.get((group, theme), {})
            low, high = r.get("texts_low"), r.get("texts_high")
            between = f" ({_share(low)}–{_share(high)})" if low is not None and low == low else ""
            cells.append(Cell(_share(r.get("texts_share")) + between, number=True))
        rows.append((str(group) if by == "council" else "", cells))
    word = {"rag": "Status"}.get(by, by.capitalize())
    heads = [(word, False), ("Texts", True), *((names.get(t, t), True) for t in top)]
    return Grid(f"Themes by {word.lower()}, share of texts", heads, rows, _more(groups, MOST["councils"]))


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
    for family in shared.index[: MOST["families"]]:
        some = (
            table[table["family"] == family]
            .sort_values(["council", "period_end"])
            .groupby("series", sort=False)
            .tail(1)
        )
        some = some.sort_values(["council", "title"])
        rows = [(_word(r["council"]), _measure(r, evidence)) for r in _rows(some, 30)]
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
        Cell(_word(r["council"]), head=True), Cell(_word(r["council_type"])), Cell(_word(r["title"]), href), Cell(_word(r["quarter"])),
        Cell(_word(r["text"]), number=True), Cell(_word(r["target_text"]), number=True), Cell(rag or "not stated", rag=rag or "not stated"),
        Cell(_word(r["basis"]) if _word(r["basis"]) != "–" else "as printed"), Cell(f"{float(r['score']):.2f}", number=True),
    ]  # fmt: skip


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
                *(Cell(_int(n), number=True) for n in row),
                Cell(_int(sum(row)), number=True),
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
    for r in _rows(table, MOST["rows"]):
        href = evidence.of(r, f"Action: {r['state']}")
        cells = [
            Cell(_word(r["text"]), href, head=True),
            Cell(_word(r["council"])),
            Cell(_word(r["owner"])),
            Cell(_word(r["due"])),
        ]
        cells += [Cell(_int(r["days_over"]), number=True)] if late else [Cell(_word(r["state"]))]
        rows.append((_word(r["council"]), [*cells, Cell(_word(r["history"]))]))
    heads = [
        ("Action", False),
        ("Council", False),
        ("Who", False),
        ("Due", False),
        ("Days over", True) if late else ("Now", False),
        ("History", False),
    ]
    return Grid(caption, heads, rows, _more(table, MOST["rows"]))


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
        for r in _rows(table, MOST["owners"] if kind == "body" else 15):
            href = evidence.of(r, f"{caption}: {r['owner']}")
            rows.append(
                (
                    _word(r["council"]) if r["councils"] == 1 else "",
                    [
                        Cell(_word(r["owner"]), href, head=True),
                        Cell(_int(r["times"]), number=True),
                        Cell(_int(r["councils"]), number=True),
                    ],
                )
            )
        if rows:
            section.parts.append(
                Grid(
                    caption,
                    [("Named", False), ("Times", True), ("Councils", True)],
                    rows,
                    _more(table, len(rows)),
                )
            )
    if not section.parts:
        section.parts.append("No owners were found.")
    return section


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
                Cell(_int(counts.get(c, 0)), number=True),
                Cell(_int(found.findings.looked_at.get(c)), number=True),
            ],
        )
        for c in CHECKS
    ]
    section.parts.append(Grid("Checks", [("Check", False), ("Findings", True), ("Looked at", True)], rows))
    listed = []
    for r in _rows(table, MOST["findings"]):
        href = evidence.of({"doc_id": r["doc_id"], "block_id": r["block_id"]}, f"Check: {r['check']}")
        listed.append(
            (
                _word(r["council"]),
                [
                    Cell(_word(r["finding"]), href, head=True),
                    Cell(_word(r["council"])),
                    Cell(_word(r["quarter"])),
                    Cell(_word(r["title"])),
                ],
            )
        )
    if listed:
        section.parts.append(
            Grid(
                "Findings",
                [("Finding", False), ("Council", False), ("Period", False), ("Indicator", False)],
                listed,
                _more(table, MOST["findings"]),
            )
        )
    return section


def _flat(parts: Iterable[Any]) -> list[Any]:
    return list(parts)


__all__ = ["sections"]

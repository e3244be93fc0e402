"""What the commentary is about: themes, by council, quarter, status and service."""

from __future__ import annotations

from collections.abc import Mapping

from councilscope import charts
from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import Gathered
from councilscope.publish.html import Cell, Grid, Section, picture
from councilscope.publish.sections import shown


def themes(found: Gathered, evidence: Evidence) -> Section:
    names = shown.names_of_themes()
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
    for r in shown.rows_of(told):
        href = evidence.of(r, f"Theme: {names.get(r['theme'], r['theme'])}")
        between = (
            [Cell(f"{shown.share(r['texts_low'])} to {shown.share(r['texts_high'])}", number=True)]
            if sure
            else []
        )
        rows.append(("", [
            Cell(names.get(r["theme"], r["theme"]), href, head=True), Cell(f"{shown.number(r['texts'])} of {shown.number(r['texts_of'])}", number=True),
            Cell(shown.share(r["texts_share"]), number=True), *between, Cell(f"{shown.number(r['off_track'])} of {shown.number(r['off_track_of'])}", number=True),
            Cell(shown.word(r["quote"]), href),
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
    shares = {(r[by], r["theme"]): r for r in shown.rows_of(table[table["theme"].isin(top)])}
    rows = []
    for group in groups[: shown.MOST["councils"]]:
        cells = [
            Cell(str(group), head=True, rag=str(group) if by == "rag" else None),
            Cell(shown.number(sizes[group]), number=True),
        ]
        for theme in top:
            r = shares.get((group, theme), {})
            cells.append(Cell(shown.between(r, "texts"), number=True))
        rows.append((str(group) if by == "council" else "", cells))
    word = {"rag": "Status"}.get(by, by.capitalize())
    heads = [(word, False), ("Texts", True), *((names.get(t, t), True) for t in top)]
    return Grid(
        f"Themes by {word.lower()}, share of texts", heads, rows, shown.more(groups, shown.MOST["councils"])
    )

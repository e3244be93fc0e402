"""Sheets wider than a page: rows whose further columns are printed on a later one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from councilscope.blocks import Segmented, segment
from pages import AMBER, GREEN, NAVY, RED, C, Sheet, document, opening

Row = list[C | str | None]

LEFT: Row = ["Ref", "Measure", "Q1 2021/22", "Q2 2021/22"]
LEFT_WIDTHS = [50, 260, 90, 90]
RIGHT: Row = ["Target", "RAG status", "Comments"]
RIGHT_WIDTHS = [80, 80, 320]
NAMES = [
    "Bins collected on the day due",
    "Fly-tips cleared within two days",
    "Street lights mended in a week",
]
MORE = ["Verges cut on schedule", "Gullies emptied when due"]
STATUS = ["Amber", "Green", "Red", "Green", "Amber"]


def left(first: int, names: list[str], group: str | None = None) -> list[Row]:
    rows: list[Row] = [[C(group, cols=4), None, None, None]] if group else []
    return rows + [[f"ST{first + k}", n, f"{81 + k}%", f"{91 + k}%"] for k, n in enumerate(names)]


def right(first: int, n: int, group: bool = False) -> list[Row]:
    rows: list[Row] = [["", "", ""]] if group else []
    for k in range(first, first + n):
        rows.append([f"9{k}%", STATUS[k - 1], "" if k == 2 else f"Crew {k} was short of two drivers in May."])
    return rows


def page(number: int, table: tuple[list[int], list[Row]], *above: str) -> Sheet:
    sheet = Sheet(number)
    for text in above:
        sheet.say(text, 14, bold=True)
    widths, rows = table
    sheet.table(widths, rows, head=1)
    return sheet


def check(found: Segmented, n: int) -> None:
    assert [(b.ref, b.title) for b in found.blocks] == [
        (f"ST{k + 1}", t) for k, t in enumerate([*NAMES, *MORE][:n])
    ]
    for k, b in enumerate(found.blocks, 1):
        assert b.target is not None and b.target.value == 90 + k, b.ref
        assert b.rag == STATUS[k - 1].lower(), b.ref
        texts = [c.text for c in b.commentary]
        assert texts == ([] if k == 2 else [f"Crew {k} was short of two drivers in May."]), b.ref
        assert [o.period for o in b.outturns] == ["2021/22 Q1", "2021/22 Q2"]
        assert {r.page for r in b.regions} != {b.regions[0].page}  # on both pages


def read(*sheets: Sheet) -> Segmented:
    return segment(document(opening(), *sheets))


def test_columns_without_refs_and_titles_are_tied_to_their_rows_by_order() -> None:
    found = read(
        page(2, (LEFT_WIDTHS, [LEFT, *left(1, NAMES)])), page(3, (RIGHT_WIDTHS, [RIGHT, *right(1, 3)]))
    )
    check(found, 3)


def test_a_heading_printed_on_each_page_and_a_group_row_do_not_part_them() -> None:
    found = read(
        page(2, (LEFT_WIDTHS, [LEFT, *left(1, NAMES, "Street care")]), "Highways scorecard"),
        page(3, (RIGHT_WIDTHS, [RIGHT, *right(1, 3, group=True)]), "Highways scorecard"),
    )
    check(found, 3)
    assert {b.service.rpartition(" > ")[2] for b in found.blocks if b.service} == {"Street care"}


@pytest.mark.parametrize("order", ["over then down", "down then over"])
@pytest.mark.parametrize("headed", [True, False], ids=["headings repeated", "headings once"])
def test_a_sheet_of_several_pages_both_ways(order: str, headed: bool) -> None:
    tables = {
        "left": (LEFT_WIDTHS, [LEFT, *left(1, NAMES)]),
        "right": (RIGHT_WIDTHS, [RIGHT, *right(1, 3)]),
        "left below": (LEFT_WIDTHS, [*([LEFT] if headed else []), *left(4, MORE)]),
        "right below": (RIGHT_WIDTHS, [*([RIGHT] if headed else []), *right(4, 2)]),
    }
    names = list(tables) if order == "over then down" else ["left", "left below", "right", "right below"]
    check(read(*(page(k, tables[name]) for k, name in enumerate(names, 2))), 5)


def test_a_table_of_another_heading_is_not_taken_for_further_columns() -> None:
    found = read(
        page(2, (LEFT_WIDTHS, [LEFT, *left(1, NAMES)]), "Highways scorecard"),
        page(3, (RIGHT_WIDTHS, [RIGHT, *right(1, 3)]), "Sickness absence"),
    )
    assert all(b.rag is None for b in found.blocks if b.ref)


def test_a_table_with_other_rows_is_not_tied() -> None:
    found = read(
        page(2, (LEFT_WIDTHS, [LEFT, *left(1, NAMES)])), page(3, (RIGHT_WIDTHS, [RIGHT, *right(1, 5)]))
    )
    assert [b.rag for b in found.blocks if b.ref] == [None] * 3


# --- a section per indicator --------------------------------------------------------------------------------


def chart(sheet: Sheet) -> None:
    """The line of the target and the axis of a chart, whose bars are a picture."""
    sheet.across(50, 250, sheet.y)
    sheet.across(50, 250, sheet.y + 80)
    sheet.y += 94


def test_axes_of_charts_do_not_make_a_table_across_the_sections() -> None:
    sheet = opening()
    for k, name in enumerate(NAMES, 1):
        sheet.say(f"ST{k}: {name}", 11, bold=True)
        chart(sheet)
        sheet.table(
            [160, 160, 160], [["Q1 2021/22", "Q2 2021/22", "Target"], ["81%", f"9{k}%", "85%"]], head=1
        )
        sheet.say(
            f"Crew {k} was short of two drivers in May and the round was run on Saturdays only for a while."
        )
    found = segment(document(sheet))
    assert [(b.ref, b.title) for b in found.blocks] == [(f"ST{k}", t) for k, t in enumerate(NAMES, 1)]
    for k, b in enumerate(found.blocks, 1):
        assert [o.value for o in b.outturns] == [81, 90 + k]
        assert [c.text[:6] for c in b.commentary] == [f"Crew {k}"]
        assert b.commentary[0].text.endswith("for a while.")


# --- commentary that names its items ------------------------------------------------------------------------

HEADING = "Commentary on the measures above"


def listed(refs: list[str], *paragraphs: str) -> Segmented:
    sheet = opening()
    rows: list[Row] = [[r, n, "81%", "91%"] for r, n in zip(refs, NAMES, strict=False)]
    sheet.table(LEFT_WIDTHS, [LEFT, *rows], head=1)
    sheet.say(HEADING, 14, bold=True)
    for p in paragraphs:
        sheet.say(p)
    sheet.y = 760
    sheet.say("Appendix 1 – Corporate scorecard Page 1", 7.5)
    return segment(document(sheet))


def told(found: Segmented) -> dict[str | None, list[str]]:
    return {b.ref: [c.text for c in b.commentary] for b in found.blocks}


@pytest.mark.parametrize(
    "refs", [["KPI 017a", "NI 020", "LI 021a"], ["BV32", "BV44", "BV45"], ["1.2", "2.3", "2.4"]]
)
def test_commentary_by_number_goes_on_in_the_paragraphs_below(refs: list[str]) -> None:
    a, b, c = refs
    first = f"{a}: Crews were two drivers short for most of June and the hill round was late."
    more = "The round should be back on its day by the autumn."
    last = f"{b}: Reports of dumped waste rose when the form was made easier to find."
    assert told(listed(refs, first, more, last)) == {a: [f"{first}\n{more}"], b: [last], c: []}


def test_a_number_at_the_end_of_a_paragraph_names_its_item_and_the_foot_of_the_page_is_not_read() -> None:
    first = "Crews were two drivers short for most of June and the hill round was late (2.3)."
    more = "The round should be back on its day by the autumn."
    assert told(listed(["1.2", "2.3"], first, more)) == {"1.2": [], "2.3": [f"{first}\n{more}"]}


def test_a_footnote_is_no_commentary() -> None:
    sheet = opening()
    sheet.say("ST1: Bins collected on the day due", 13, bold=True)
    sheet.table([160, 160], [["Q2 2021/22", "Target"], ["91%", "95%"]], head=1)
    sheet.say("Commentary", 11, bold=True)
    sheet.say("Crews were two drivers short for most of June and the hill round was late.")
    sheet.say("* Leaves out assisted collections, which are counted by another team.", 8)
    [block] = segment(document(sheet)).blocks
    assert [c.text for c in block.commentary] == [
        "Crews were two drivers short for most of June and the hill round was late."
    ]


def test_a_coloured_figure_is_the_status_where_the_column_for_it_is_empty() -> None:
    sheet = opening()
    rows: list[Row] = [
        ["ST1", NAMES[0], C("81%", fill=(0.2, 0.62, 0.27)), ""],
        ["ST2", NAMES[1], C("70%", fill=(0.9, 0.1, 0.1)), ""],
    ]
    sheet.table([50, 260, 90, 90], [["Ref", "Measure", "Actual", "Status"], *rows], head=1)
    assert [b.rag for b in segment(document(sheet)).blocks] == ["green", "red"]


def test_cells_that_only_the_paint_of_a_status_parts_are_told_apart_by_their_headings() -> None:
    sheet = Sheet(2)
    widths, paint = [50, 190, 90, 80], [AMBER, GREEN, RED]
    rows: list[Row] = [[f"ST{k}", n, f"9{k}%", C("", fill=paint[k - 1])] for k, n in enumerate(NAMES, 1)]
    head: Row = [C(t, fill=NAVY, colour=(1, 1, 1)) for t in ("Ref", "Measure", "Actual", "RAG")]
    sheet.table(widths, [head, *rows], lines="rows")
    found = segment(document(opening(), sheet))
    assert [(b.ref, b.title, b.rag) for b in found.blocks] == [
        (f"ST{k}", n, STATUS[k - 1].lower()) for k, n in enumerate(NAMES, 1)
    ]
    assert [b.outturns[0].value for b in found.blocks] == [91, 92, 93]


def test_a_row_of_figures_not_yet_known_is_no_key() -> None:
    sheet = opening()
    sheet.say("Minor applications decided in time", 13, bold=True)
    head: Row = ["19/20", "20/21", "21/22", "Target", "Performance status", "Travel"]
    sheet.table([70, 70, 90, 70, 110, 80], [head, ["n/a", "86%", "Awaiting data", "84%", "", ""]], head=1)
    sheet.say("Comment", 11, bold=True)
    sheet.say("The definition was changed in May, so that earlier figures cannot be set beside it.")
    [block] = segment(document(sheet)).blocks
    assert block.target is not None and block.target.value == 84


def test_painted_statuses_beside_columns_that_nothing_draws() -> None:
    sheet = opening(width=842.0, height=595.0)
    places = (50.0, 105.0, 320.0, 430.0, 540.0, 650.0, 725.0)
    heads = (
        "PI code",
        "Performance measure",
        "2015/16 Outturn",
        "2016/17 Outturn",
        "2017/18 Outturn",
        "Target",
    )

    def put(texts: Sequence[str], bold: bool = False) -> None:
        for x, text in zip(places, texts, strict=False):
            sheet.line(x, sheet.y, text, 9, bold=bold)

    put([*heads, "RAG"], bold=True)
    sheet.across(48, 790, sheet.y + 13)
    sheet.y += 18
    for ref, title, figures, colour, letter in (
        ("E1", "Young people in the justice system", ("16.1", "16.9", "15.0", "15.6"), GREEN, "G"),
        ("E2", "Average caseload of a social worker", ("16.4", "19.8", "16.7", "18.7"), GREEN, "G"),
        ("E3", "Care leavers in education or work", ("60.3%", "54.0%", "55.7%", "58.1%"), AMBER, "A"),
        ("E4", "Referrals that come a second time", ("13", "14", "14", "9"), RED, "R"),
    ):
        sheet.paint(722, sheet.y - 2, 790, sheet.y + 15, colour)
        put([ref, title, *figures])
        sheet.line(754, sheet.y, letter, 9)
        sheet.y += 17
    sheet.across(48, 790, sheet.y - 2)
    blocks = segment(document(sheet)).blocks
    assert [(b.ref, b.rag, b.target.text if b.target else None) for b in blocks] == [
        ("E1", "green", "15.6"),
        ("E2", "green", "18.7"),
        ("E3", "amber", "58.1%"),
        ("E4", "red", "9"),
    ]

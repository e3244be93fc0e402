"""Tables whose rows nothing parts: lines of figures, headings over several columns, labels and lists; and what is none."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councilscope.page import Word
from councilscope.tables import PageTables, Table, find_tables, tables_of
from pages import NAVY, PALE, C, Sheet
from test_tables import found, grid, only

AXES = (
    60.0,
    290.0,
    380.0,
    470.0,
)  # the left edge of the labels and the right edges of three columns of figures
ROWS = [
    ["Bins collected", "1,204", "98.1", "0.4"],
    ["Fly-tips cleared", "311", "90.0", "12.5"],
    ["Lights mended", "87", "85.5", "–"],
    ["Potholes filled", "2,450", "7.0", "1.1"],
]


def put(sheet: Sheet, row: Sequence[str], axes: Sequence[float] = AXES, size: float = 9) -> None:
    """One line: the first text from the left axis, the others up to theirs."""
    for k, (x, text) in enumerate(zip(axes, row, strict=True)):
        if text:
            first = len(sheet.words)
            right = sheet.line(x, sheet.y, text, size)
            if k:
                moved = [_shift(w, x - right) for w in sheet.words[first:]]
                sheet.words[first:] = moved
    sheet.y += 1.3 * size


def _shift(w: Word, by: float) -> Word:
    b = w.box
    box = type(b)(b.page, round(b.x0 + by, 2), b.y0, round(b.x1 + by, 2), b.y1)
    return Word(w.text, box, w.size, w.font, w.bold, w.italic, w.colour)


def spans(table: Table) -> dict[str, tuple[int, int, int, int]]:
    return {c.text: (c.row0, c.row1, c.col0, c.col1) for c in table.cells if c.words}


@pytest.mark.parametrize("ruled", [True, False], ids=["three rules", "no rule"])
def test_lines_of_figures_are_rows(ruled: bool) -> None:
    sheet = Sheet()
    sheet.say("Streets")
    head = ["Measure", "Number", "Rate", "Change"]
    if ruled:
        sheet.across(58, 472, sheet.y - 2)
    put(sheet, head)
    if ruled:
        sheet.across(58, 472, sheet.y)
    sheet.y += 3
    for row in ROWS:
        put(sheet, row)
    if ruled:
        sheet.across(58, 472, sheet.y + 1)
    sheet.y += 12
    sheet.say("Figures are of the year to March and may be changed later.")
    assert grid(only(sheet)) == [head, *ROWS]


def test_lines_of_figures_between_upright_lines_are_rows() -> None:
    sheet = Sheet()
    top = sheet.y - 3
    put(sheet, ["Measure", "Number", "Rate", "Change"])
    sheet.across(55, 480, sheet.y)
    sheet.y += 3
    for row in ROWS:
        put(sheet, row)
    foot = sheet.y + 2
    sheet.frame(55, top, 480, foot)
    for x in (200, 300, 390):
        sheet.down(x, top, foot)
    assert grid(only(sheet)) == [["Measure", "Number", "Rate", "Change"], *ROWS]


AXES5 = (60.0, 250.0, 320.0, 420.0, 490.0)


def test_a_heading_with_a_rule_below_stands_over_the_columns_of_the_rule() -> None:
    sheet = Sheet()
    sheet.across(58, 492, sheet.y - 2)
    put(sheet, ["", "2021/22", "", "2022/23", ""], (60, 250, 320, 420, 490))
    sheet.across(215, 322, sheet.y)
    sheet.across(385, 492, sheet.y)
    sheet.y += 2
    put(sheet, ["Measure", "Number", "Rate", "Number", "Rate"], AXES5)
    sheet.across(58, 492, sheet.y)
    sheet.y += 3
    for label, a, b, c in ROWS:
        put(sheet, [label, a, b, a, c], AXES5)
    at = spans(only(sheet))
    assert at["2021/22"] == (0, 1, 1, 3)
    assert at["2022/23"] == (0, 1, 3, 5)
    assert at["Measure"] == (0, 2, 0, 1)
    assert at["Bins collected"] == (2, 3, 0, 1)


def test_a_heading_without_a_rule_stands_over_the_columns_it_is_centred_on() -> None:
    sheet = Sheet()
    sheet.across(58, 472, sheet.y - 2)
    put(sheet, ["", "", "Year to March", ""], (60, 290, 399, 470))
    sheet.y += 4
    put(sheet, ["Measure", "2021", "2022", "2023"])
    sheet.across(58, 472, sheet.y)
    sheet.y += 3
    for row in ROWS:
        put(sheet, row)
    assert spans(only(sheet))["Year to March"] == (0, 1, 1, 4)


def test_a_heading_of_several_lines_over_one_column_is_one_cell() -> None:
    sheet = Sheet()
    sheet.across(58, 472, sheet.y - 2)
    for row in (["", "", "Share", ""], ["", "", "in time", ""], ["Measure", "Number", "(%)", "Change"]):
        put(sheet, row)
        sheet.y -= 1.5
    sheet.y += 3
    sheet.across(58, 472, sheet.y)
    sheet.y += 3
    for row in ROWS:
        put(sheet, row)
    table = only(sheet)
    assert [c.text for c in table.row(0)] == ["Measure", "Number", "Share in time (%)", "Change"]
    assert table.n_rows == 1 + len(ROWS)


def test_a_label_that_wraps_stays_one_row_and_a_group_is_a_row_of_its_own() -> None:
    sheet = Sheet()
    put(sheet, ["Measure", "Number", "Rate", "Change"])
    sheet.across(58, 472, sheet.y)
    sheet.y += 3
    put(sheet, ROWS[0])
    put(sheet, ["Streets", "", "", ""])
    put(sheet, ROWS[1])
    put(sheet, ["Fly-tips and bags cleared on", "", "", ""])
    put(sheet, ["the day of the call", "12", "3.4", "5.6"])
    put(sheet, ROWS[2])
    put(sheet, ["Calls answered within the hour", "77", "3.5", "5.5"])
    put(sheet, ["or by the next day", "", "", ""])
    put(sheet, ROWS[3])
    labels = [row[0] for row in grid(only(sheet))]
    assert labels == [
        "Measure",
        "Bins collected",
        "Streets",
        "Fly-tips cleared",
        "Fly-tips and bags cleared on the day of the call",
        "Lights mended",
        "Calls answered within the hour or by the next day",
        "Potholes filled",
    ]


def test_rows_without_figures_between_the_rules_belong_to_the_table() -> None:
    sheet = Sheet()
    axes = (60.0, 250.0, 350.0, 470.0)
    sheet.across(58, 472, sheet.y - 2)
    put(sheet, ["Band", "2021", "2022", "2023"], axes)
    sheet.across(58, 472, sheet.y)
    sheet.y += 3
    rows = [
        ["Lowest", "£10 or less", "£11 or less", "£12 or less"],
        ["Lower", "£11–£20", "£12–£22", "£13–£24"],
        ["Middle", "£21–£30", "£23–£32", "£25–£34"],
        ["Upper", "£31–£40", "£33–£42", "£35–£44"],
        ["Highest", "above £40", "above £42", "above £44"],
    ]
    for row in rows:
        put(sheet, row, axes)
    sheet.across(58, 472, sheet.y + 1)
    assert grid(only(sheet)) == [["Band", "2021", "2022", "2023"], *rows]


def test_text_in_the_next_column_of_the_page_is_no_part_of_a_table() -> None:
    sheet = Sheet()
    axes = (50.0, 180.0, 220.0, 260.0)
    top = sheet.y
    put(sheet, ["Measure", "Number", "Rate", "Change"], axes)
    for row in ROWS * 2:
        put(sheet, row, axes)
    sheet.y = top
    text = (
        "the rounds were changed in spring and crews had to learn new streets while vans were away for repair, so that "
        "many bins were left behind and residents called again and again until the depot put on a second shift in June "
        "and hired two vans for the summer, since when nearly all rounds were finished on the day they were due"
    )
    sheet.say(text, 9, x=300, width=240)
    out = found(sheet)
    assert [grid(t) for t in out.tables] == [[["Measure", "Number", "Rate", "Change"], *ROWS, *ROWS]]
    assert [w.text for w in out.words] == text.split()


def test_the_axes_of_charts_are_no_table() -> None:
    sheet = Sheet()
    for k in range(6):
        row = [f"{100 - 10 * k}", f"{60 - 5 * k}", f"{9.0 - k:.1f}", f"{0.6 - 0.1 * k:.1f}"]
        put(sheet, row)
        sheet.y += 9
    assert found(sheet).tables == []


def test_figures_in_sentences_are_no_table() -> None:
    sheet = Sheet()
    for quarter in range(1, 6):
        sheet.say(
            f"In quarter {quarter} there were 1,204 calls, 311 of them late, and 98.1 per cent were closed in 2022.",
            gap=2,
        )
    assert found(sheet).tables == []


def test_rows_that_are_ruled_are_read_from_the_rules() -> None:
    """Two lines of figures in one ruled row stay in their cells."""
    sheet = Sheet()
    rows: list[list[C | str | None]] = [
        ["Measure", "Actual", "Target"],
        ["Bins collected", "1,204\n1,311", "1,300\n1,300"],
        ["Fly-tips cleared", "311\n320", "300\n300"],
        ["Lights mended", "87\n81", "90\n90"],
    ]
    sheet.table([200, 80, 80], rows, lines="rows")
    assert only(sheet).n_rows == 4


def test_a_form_with_a_few_figures_in_tall_cells_is_not_cut_into_lines() -> None:
    sheet = Sheet()
    text = "Rounds missed because crews were short and vans were away for repair, and streets the crews had to learn"
    sheet.table(
        [150, 120, 120],
        [["Measure", "Counts", "Target"], [text, "12\n14\n19", "10\n10\n10"], ["Calls", "Red", "Worse"]],
    )
    table = only(sheet)
    assert table.n_rows == 3
    assert table.row(1)[1].text == "12 14 19"


def test_a_form_whose_cells_hold_text_and_some_figures_is_not_cut_into_lines() -> None:
    sheet = Sheet()
    text = "Rounds missed:\nNorth\nSouth\nEast\nWest\nOld Town"
    sheet.table([150, 120, 120], [["Measure", "Counts", "Target"], [text, "12\n14", "10\n10"]])
    assert only(sheet).n_rows == 2


def test_figures_at_half_the_height_of_two_lines_of_words_are_one_row_with_them() -> None:
    sheet = Sheet()
    put(sheet, ["Measure", "Number", "Rate", "Change"])
    sheet.y += 4
    for label, a, b, c in ROWS:
        sheet.line(60, sheet.y, label, 9)
        sheet.y += 5.5
        put(sheet, ["", a, b, c])
        sheet.y -= 6.2
        sheet.line(60, sheet.y, "in the quarter", 9)
        sheet.y += 18
    assert [row[:2] for row in grid(only(sheet))][1:] == [[f"{r[0]} in the quarter", r[1]] for r in ROWS]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["Bins", "Fly-tips cleared", "Lights", "Potholes filled", "Calls", "Visits made"]
            ),
            *[st.integers(0, 99_999) for _ in range(3)],
        ),
        min_size=3,
        max_size=12,
    )
)
def test_whatever_figures_stand_in_the_columns_each_is_in_its_cell(
    rows: list[tuple[str, int, int, int]],
) -> None:
    sheet = Sheet()
    head = ["Measure", "Number", "Rate", "Change"]
    put(sheet, head)
    printed = [[label, *(f"{n:,}7" for n in numbers)] for label, *numbers in rows]
    for k, row in enumerate(printed):  # a last digit that never steps evenly, as the marks of an axis would
        row[1] = f"{row[1]}{k * k % 7}"
        put(sheet, row)
    assert grid(only(sheet)) == [head, *printed]


def test_the_shading_of_paragraphs_in_shaded_cells_draws_no_cells() -> None:
    sheet = Sheet()
    rows: list[list[C | str | None]] = [
        [C("Measure", fill=NAVY), C("Number", fill=PALE)],
        [C("Bins", fill=NAVY), C("12", fill=PALE)],
        [C("Lights", fill=NAVY), C("7", fill=PALE)],
    ]
    sheet.table([200, 80], rows)
    for f in list(sheet.fills):
        sheet.paint(f.box.x0 + 5, f.box.y0, f.box.x1 - 5, f.box.y1 - 3, f.colour)
    assert grid(only(sheet)) == [["Measure", "Number"], ["Bins", "12"], ["Lights", "7"]]


def test_labels_left_of_a_grid_are_its_first_column() -> None:
    sheet = Sheet()
    top = sheet.y
    sheet.table([80, 80], [[a, b] for _, a, b, _ in ROWS], x=200)
    for k, row in enumerate(ROWS):
        sheet.line(60, top + 4 + k * 18.8, row[0], 9)
    assert grid(only(sheet)) == [row[:3] for row in ROWS]


def test_text_left_of_a_grid_is_no_column_of_it() -> None:
    sheet = Sheet()
    top = sheet.y
    sheet.table([80, 80], [[a, b] for _, a, b, _ in ROWS], x=260)
    sheet.y = top
    text = (
        "Rounds were missed because crews were short and vans were away for repair, and the depot was closed for a "
        "week in June when the river rose over its yard and the vans had to be kept at the other end of the town"
    )
    sheet.say(text, 9, width=120)
    out = found(sheet)
    assert [t.n_cols for t in out.tables] == [2]
    assert [w.text for w in out.words] == text.split()


def half_ruled(left: str, right: str) -> Sheet:
    sheet = Sheet()
    sheet.table([200, 260], [["Subject", "What is assumed"], [left, right]], lines="rows")
    return sheet


def test_a_list_between_rules_has_a_row_for_each_line() -> None:
    left = ["Population", "Prices", "Pay", "Crews", "Vans"]
    right = ["As the census says", "Up by 2%", "Up by 3%", "As now", "Two more in spring"]
    table = only(half_ruled("\n".join(left), "\n".join(right)))
    assert grid(table) == [
        ["Subject", "What is assumed"],
        *([a, b] for a, b in zip(left, right, strict=True)),
    ]


def test_wrapped_text_between_rules_stays_one_row() -> None:
    left = "North Depot Crews, Rounds Missed In Spring, Vans Away For Repair In May And June And July, Streets Closed For Works On The Water Mains, Bins Lost Or Broken Or Burnt, Crews New To The Rounds Of The Old Town"
    right = "Second Shift From June On, Crews Of An Agency For All The Rounds Missed, Two Vans Hired Until The Others Are Back From Repair, A New Plan For The Streets Of The Old Town, Bins Ordered For All Who Asked For Them, And Training"
    sheet = half_ruled(left, right)
    assert len({w.box.y0 for w in sheet.words}) >= 6
    assert only(sheet).n_rows == 2


def test_a_scorecard_without_rules_is_read_by_the_names_of_its_columns() -> None:
    """Two lines of a title are one row, though each row has two figures."""
    sheet = Sheet()
    xs = (50, 90, 250, 310, 370, 430)

    def set_row(texts: Sequence[str]) -> None:
        for x, text in zip(xs, texts, strict=True):
            sheet.line(x, sheet.y, text, 9)
        sheet.y += 10.8

    set_row(["Ref", "Measure", "Actual", "Target", "RAG", "Owner"])
    for k, name in enumerate(("Bins", "Lights", "Calls", "Visits")):
        sheet.y += 6
        set_row([f"ST{k}", f"{name} dealt with on the", f"9{k}.5", "95.0", "Green", "Head of"])
        for x, text in ((90, "day that they were due"), (430, "Streets")):
            sheet.line(x, sheet.y, text, 9)
        sheet.y += 10.8
    table = only(sheet)
    assert (table.n_rows, table.n_cols) == (5, 6)
    assert [c.text for c in table.row(2)] == [
        "ST1", "Lights dealt with on the day that they were due", "91.5", "95.0", "Green", "Head of Streets"
    ]  # fmt: skip


def test_rules_drawn_column_by_column_part_rows_as_whole_ones_do() -> None:
    sheet = Sheet()
    rows = [
        ["Measure", "Owner", "RAG"],
        ["Bins", "Head of Streets", "Red"],
        ["Lights", "Head of Works", "Green"],
    ]
    box = sheet.table([200, 150, 60], rows, lines="none")
    height = (box.y1 - box.y0) / len(rows)
    for k in range(len(rows) + 1):
        for x0, x1 in ((50, 245), (252, 395), (402, 460)):
            sheet.across(x0, x1, box.y0 + k * height)
    assert grid(only(sheet)) == rows


def pair_lines(sheet: Sheet) -> PageTables:
    for label, figure in (
        ("20 to 29", "0.27"),
        ("30 to 39", "0.20"),
        ("40 to 49", "0.15"),
        ("50 and over", "0.38"),
    ):
        put(sheet, [label, figure], (60, 220))
    return found(sheet)


def test_labels_and_figures_under_a_heading_are_a_table_of_two_columns() -> None:
    sheet = Sheet()
    put(sheet, ["Age group", "Share"], (60, 220))
    table = pair_lines(sheet).tables[0]
    assert grid(table)[0] == ["Age group", "Share"] and grid(table)[4] == ["50 and over", "0.38"]


def test_labels_and_figures_without_a_heading_are_text() -> None:
    sheet = Sheet()
    sheet.say("Those who called in the year, by age, as far as they said how old they were:", gap=2)
    assert pair_lines(sheet).tables == []


def test_tables_of_a_page_have_no_captions_notes_or_boxes() -> None:
    sheet = Sheet()
    sheet.table([300], [["A box with a sentence in it."]])
    rows: list[list[C | str | None]] = [
        [C("Table 3: Streets", cols=2), None],
        ["Measure", "Number"],
        ["Bins", "12"],
        [C("Source: depot records", cols=2), None],
    ]
    sheet.table([200, 80], rows)
    sheet.table([200, 80], [[C("Streets", cols=2), None], ["Lights", "7"]])
    assert [grid(t) for t in tables_of(sheet.page())] == [
        [["Measure", "Number"], ["Bins", "12"]],
        [["Streets"], ["Lights", "7"]],
    ]
    assert len(find_tables(sheet.page()).tables) == 3

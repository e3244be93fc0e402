"""Grids from what is drawn: which cells there are, what each holds, and what is no table at all."""

from __future__ import annotations

from itertools import pairwise

import pytest

import pages as make
from councilscope.page import Word
from councilscope.tables import PageTables, Table, find_tables
from pages import AMBER, GREEN, NAVY, PALE, RED, C, Sheet


def grid(table: Table) -> list[list[str]]:
    """Texts row by row as they are seen; a merged cell's text stands once, where it begins."""
    return [[c.text for c in table.row(r) if c.row0 == r] for r in range(table.n_rows)]


def filled(table: Table) -> list[list[str]]:
    """`grid` without cells that hold no words."""
    return [[t for t in row if t] for row in grid(table)]


def found(sheet: Sheet) -> PageTables:
    """The tables of a sheet, after a look that no word was lost or doubled."""
    out = find_tables(sheet.page())
    held: list[Word] = [w for t in out.tables for c in t.cells for w in c.words] + out.words
    assert sorted(map(id, held)) == sorted(map(id, sheet.words))
    for t in out.tables:
        seats = [(r, k) for c in t.cells for r in range(c.row0, c.row1) for k in range(c.col0, c.col1)]
        assert len(seats) == len(set(seats)), "two cells share a place"
        assert all(r < t.n_rows and k < t.n_cols for r, k in seats)
        for c in t.cells:
            assert t.box.contains(c.box, 1)
            assert all(c.box.contains_point(w.box.cx, w.box.cy, 1) for w in c.words)
    return out


def only(sheet: Sheet) -> Table:
    tables = found(sheet).tables
    assert len(tables) == 1, [grid(t) for t in tables]
    return tables[0]


PLAIN = [
    ["Ref", "Measure", "Target", "RAG"],
    ["ST1", "Bins collected on the day", "99%", "Green"],
    ["ST2", "Fly-tips cleared within two days", "90%", "Red"],
    ["ST3", "Street lights mended in a week", "85%", "Amber"],
]
WIDTHS = [40, 200, 60, 60]


def test_a_ruled_table() -> None:
    sheet = Sheet()
    sheet.say("Streets")
    box = sheet.table(WIDTHS, PLAIN)
    table = only(sheet)
    assert (table.n_rows, table.n_cols) == (4, 4)
    assert grid(table) == PLAIN
    assert table.box.contains(box, 1) and box.contains(table.box, 1)


def test_a_table_of_fills_without_a_line() -> None:
    sheet = Sheet()
    shades = [NAVY, PALE, (0.85, 0.85, 0.9), PALE]
    rows = [[C(t, fill=shades[i]) for t in row] for i, row in enumerate(PLAIN)]
    sheet.table(WIDTHS, rows, lines="none")
    assert grid(only(sheet)) == PLAIN


def test_merged_cells_keep_what_they_cover() -> None:
    sheet = Sheet()
    sheet.table(
        [100, 60, 60, 60],
        [
            [C("Measure", rows=2), C("2021/22", cols=3), None, None],
            [None, "Q1", "Q2", "Q3"],
            [C("Bins collected", rows=2), "98%", "99%", "97%"],
            [None, C("Strikes stopped the rounds in June", cols=3), None, None],
        ],
    )
    table = only(sheet)
    assert (table.n_rows, table.n_cols) == (4, 4)
    spans = {c.text: (c.row0, c.row1, c.col0, c.col1) for c in table.cells if c.words}
    assert spans["Measure"] == (0, 2, 0, 1)
    assert spans["2021/22"] == (0, 1, 1, 4)
    assert spans["Q2"] == (1, 2, 2, 3)
    assert spans["Bins collected"] == (2, 4, 0, 1)
    assert spans["Strikes stopped the rounds in June"] == (3, 4, 1, 4)
    assert [c.text for c in table.row(3)] == ["Bins collected", "Strikes stopped the rounds in June"]


def test_cells_hold_their_ground_and_their_signs() -> None:
    sheet = Sheet()
    sheet.table(
        [120, 50, 50, 50],
        [
            ["Measure", "RAG", "Trend", "Icon"],
            ["Bins", C(fill=RED), C(signs=(make.arrow("up", GREEN),)), C(picture=AMBER)],
            ["Tips", C("Green", fill=GREEN), C(signs=(make.dot(RED),)), ""],
        ],
    )
    out = found(sheet)
    rows = [out.tables[0].row(r) for r in range(3)]
    assert [rows[r][1].fill for r in range(3)] == [None, RED, GREEN]
    assert [len(rows[r][2].shapes) for r in range(3)] == [0, 1, 1]
    assert rows[1][3].pictures[0].colour == AMBER
    assert out.shapes == [] and out.pictures == []


def test_white_ground_is_no_ground_and_the_last_fill_shows() -> None:
    sheet = Sheet()
    rows: list[list[C | str | None]] = [["Measure", "RAG"], [C("Bins", fill=make.WHITE), C("x", fill=RED)]]
    sheet.table([100, 60], rows)
    cell = find_tables(sheet.page()).tables[0].row(1)[1]
    sheet.paint(cell.box.x0, cell.box.y0, cell.box.x1, cell.box.y1, AMBER)
    cells = only(sheet).row(1)
    assert cells[0].fill is None and cells[1].fill == AMBER


@pytest.mark.parametrize("last", [True, False], ids=["closed", "without its last line"])
def test_a_half_ruled_table_gets_its_columns_from_white_space(last: bool) -> None:
    sheet = Sheet()
    sheet.table(WIDTHS, PLAIN, lines="rows")
    if not last:
        sheet.rules.pop()
    assert filled(only(sheet)) == PLAIN


def test_columns_by_white_space_are_as_many_as_are_printed() -> None:
    sheet = Sheet()
    sheet.table(WIDTHS, PLAIN, lines="rows")
    assert only(sheet).n_cols == 4


def test_a_heading_line_above_the_first_rule_belongs_to_a_half_ruled_table() -> None:
    sheet = Sheet()
    for x, word in zip((54, 94, 294, 354), PLAIN[0], strict=True):
        sheet.line(x, sheet.y, word, 9, bold=True)
    sheet.y += 14
    sheet.table(WIDTHS, PLAIN[1:], lines="rows")
    assert filled(only(sheet)) == PLAIN


def test_a_larger_heading_between_rules_ends_a_half_ruled_table() -> None:
    sheet = Sheet()
    sheet.table(WIDTHS, PLAIN, lines="rows")
    sheet.say("Housing and homes", 16, bold=True, gap=20)
    for x, word in zip((54, 94, 294, 354), PLAIN[0], strict=True):
        sheet.line(x, sheet.y, word, 9, bold=True)
    sheet.y += 12
    sheet.table(WIDTHS, [["HS1", "Homes let within target time", "90%", "Red"], PLAIN[3]], lines="rows")
    out = found(sheet)
    assert [t.n_rows for t in out.tables] == [4, 3]
    assert [w.text for w in out.words] == ["Housing", "and", "homes"]


def test_columns_of_a_spreadsheet_are_parted_by_where_words_begin() -> None:
    """Long cells run up to the next column, so that no strip of white is left."""
    rows = [
        ("Measure", "Latest note", "RAG"),
        ("Bins collected on the day due", "Crews were short of drivers.", "Red"),
        ("Fly-tips cleared in two days of a call", "A second cage lorry began work.", "Green"),
        ("Lights mended", "Cable faults wait for the network company to come.", "Amber"),
        ("Potholes made safe", "Frost in January doubled the calls.", "Red"),
        ("Gullies emptied", "The tanker was off the road for a month.", "Red"),
        ("Trees looked at", "Two climbers left in March.", "Amber"),
    ]
    sheet = Sheet(width=842)
    x, right = 52.0, 52.0
    for column in zip(*rows, strict=True):
        ends = [sheet.line(x, 104 + 20 * k, words, 9.5) for k, words in enumerate(column)]
        x, right = max(ends) + 1.5, max(ends)
    for k in range(len(rows) + 1):
        sheet.across(50, right + 4, 100 + 20 * k)
    assert grid(only(sheet)) == [list(r) for r in rows]


def test_a_ruled_table_whose_first_column_holds_two_is_parted() -> None:
    sheet = Sheet()
    top = sheet.y
    for k, row in enumerate(PLAIN):
        y = top + 18 * k
        for x, words in zip((54, 110, 300), row[:3], strict=True):
            sheet.line(x, y + 4, words, 9)
        sheet.line(364, y + 4, row[3], 9)
        sheet.frame(50, y, 360, y + 18)
        sheet.frame(360, y, 420, y + 18)
    assert filled(only(sheet)) == PLAIN


def test_a_table_cut_off_at_the_foot_of_a_page_keeps_its_last_row() -> None:
    sheet = Sheet()
    sheet.y = 700
    box = sheet.table(WIDTHS, PLAIN)
    sheet.rules = [r for r in sheet.rules if not (r.horizontal and r.box.y0 >= box.y1 - 1)]
    assert grid(only(sheet)) == PLAIN


def test_cards_beside_each_other_are_tables_of_one_cell() -> None:
    sheet = Sheet()
    for k, words in enumerate(("Bins on time", "Tips cleared", "Lights mended", "Potholes filled")):
        x, y = 50 + 240 * (k % 2), 100 + 120 * (k // 2)
        sheet.frame(x, y, x + 220, y + 100)
        sheet.line(x + 10, y + 10, words)
    tables = found(sheet).tables
    assert [grid(t) for t in tables] == [
        [["Bins on time"]],
        [["Tips cleared"]],
        [["Lights mended"]],
        [["Potholes filled"]],
    ]


def test_cards_that_hang_from_one_banner_are_told_apart() -> None:
    """Boxes in rows with narrow empty strips between them, all touching the frame of their title."""
    sheet = Sheet()
    sheet.frame(50, 80, 530, 100)
    sheet.line(60, 84, "Streets and rounds")
    for k, words in enumerate(("Bins on time", "Tips cleared", "Lights mended")):
        x = 50 + 165 * k
        sheet.frame(x, 100, x + 150, 200)
        sheet.line(x + 10, 120, words)
    assert [grid(t) for t in found(sheet).tables] == [
        [["Streets and rounds"]],
        [["Bins on time"]],
        [["Tips cleared"]],
        [["Lights mended"]],
    ]


def test_two_tables_far_apart_are_two() -> None:
    sheet = Sheet()
    sheet.table(WIDTHS, PLAIN)
    sheet.say("Between the tables stands a sentence.")
    sheet.table([100, 100], [["Owner", "Head of Streets"]])
    out = found(sheet)
    assert [t.n_rows for t in out.tables] == [4, 1]
    assert [w.text for w in out.words] == "Between the tables stands a sentence.".split()


def test_small_squares_are_icons_and_no_tables() -> None:
    sheet = Sheet()
    for k, colour in enumerate((RED, GREEN)):
        sheet.paint(60, 100 + 40 * k, 74, 114 + 40 * k, colour)
        sheet.line(90, 100 + 40 * k, "Bins collected on the day")
    out = found(sheet)
    assert out.tables == []
    assert [s.colour for s in out.shapes] == [RED, GREEN]


def test_an_underline_or_a_frame_without_words_is_no_table() -> None:
    sheet = Sheet()
    box = sheet.say("Streets", 16, bold=True)
    sheet.across(box.x0, box.x1, box.y1)
    sheet.frame(50, 300, 400, 500)
    out = found(sheet)
    assert out.tables == [] and len(out.words) == 1


def test_the_ground_of_a_whole_page_is_no_table() -> None:
    sheet = Sheet()
    sheet.paint(0, 0, 595, 842, PALE)
    sheet.say("Streets and rounds")
    assert found(sheet).tables == []


def test_double_lines_and_small_gaps_make_no_extra_cells() -> None:
    sheet = Sheet()
    sheet.table(WIDTHS, PLAIN)
    moved = [(r.box.x0, r.box.y0, r.box.x1, r.box.y1, r.horizontal) for r in sheet.rules]
    for x0, y0, x1, y1, horizontal in moved:
        if horizontal:
            sheet.across(x0, x1 - 3, y0 + 0.8)
        else:
            sheet.down(x0 + 0.8, y0, y1 - 2)
    table = only(sheet)
    assert (table.n_rows, table.n_cols) == (4, 4)
    assert grid(table) == PLAIN


def test_a_line_under_some_words_of_a_cell_does_not_cut_it() -> None:
    sheet = Sheet()
    sheet.table([200, 100], [["Measure", "RAG"], ["Bins collected on\nthe day due", "Red"]])
    box = next(w.box for w in sheet.words if w.text == "Bins")
    sheet.across(60, 180, box.y1 - 0.5)
    assert grid(only(sheet)) == [["Measure", "RAG"], ["Bins collected on the day due", "Red"]]


def test_rows_without_anything_in_them_are_left_out() -> None:
    sheet = Sheet()
    sheet.table(WIDTHS, [PLAIN[0], ["", "", "", ""], PLAIN[1]])
    assert grid(only(sheet)) == PLAIN[:2]


HEADS = ["Ref", "Measure", "Good is", "Q1", "Q2", "RAG"]
BODY = [
    ["ST1", "Bins collected on the day", "High", "97%", "98%", "Green"],
    ["ST2", "Fly-tips cleared within two days", "High", "88%", "86%", "Red"],
    ["ST3", "Street lights mended in a week", "High", "81%", "84%", "Amber"],
]


def test_rows_go_on_below_the_grid_of_their_heading() -> None:
    """Columns are drawn in the heading alone; rows are parted by level rules, and notes run over the columns. The status
    column is empty, so that white space parts five columns below and not six."""
    sheet = Sheet()
    widths = [40, 180, 50, 60, 60, 60]
    sheet.table(widths, [HEADS], head=1)
    sheet.y -= 14
    note = "Two rounds were late because a lorry broke down on the Monday and the crew was sent out again on Friday."
    for row in BODY:
        sheet.table(widths, [row[:5]], lines="rows")
        sheet.y -= 14
        sheet.table([450], [[note]], lines="rows")
        sheet.y -= 14
    sheet.y += 60
    sheet.line(50, sheet.y, "Town Council", 8)
    sheet.line(460, sheet.y, "Page 1", 8)
    table = only_with_words_left(sheet, "Town Council Page 1")
    assert filled(table) == [HEADS, *(part for row in BODY for part in (row[:5], [note]))]


def test_a_figure_that_runs_on_in_the_next_line_begins_no_row() -> None:
    sheet = Sheet()
    widths = [40, 180, 50, 60, 60, 60]
    sheet.table(widths, [HEADS], head=1)
    sheet.y -= 14
    rows = [[*row[:3], "97% (150 of 185)", "98% (52 of 68)"] for row in BODY]
    sheet.table(widths, rows, lines="rows")
    assert filled(only(sheet)) == [HEADS, *rows]


def test_items_beside_a_service_printed_once_are_rows_of_their_own() -> None:
    """The rules between items leave out the service, and only the status cells are drawn all round."""
    sheet = Sheet()
    xs = [50, 110, 150, 330, 380, 430, 480, 530]
    heads = ["Service", *HEADS]
    top = sheet.y
    sheet.table([b - a for a, b in pairwise(xs)], [heads], head=1)
    y = top + 20
    for service, row, colour in zip(("Streets", None, "Homes"), BODY, (GREEN, RED, AMBER), strict=True):
        for x, text in zip(xs[1:-1], row, strict=True):
            sheet.line(x + 4, y + 4, text, 9)
        if service is not None:
            sheet.line(xs[0] + 4, y + 12, service, 9)
        sheet.frame(xs[6], y, xs[7], y + 30)
        sheet.paint(xs[6], y, xs[7], y + 30, colour)
        y += 30
        sheet.across(xs[1] if service == "Streets" else xs[0], xs[7], y)
    rows = grid(only(sheet))
    assert [row[:2] for row in rows] == [heads[:2], ["Streets", "ST1"], ["ST2", BODY[1][1]], ["Homes", "ST3"]]


def only_with_words_left(sheet: Sheet, left: str) -> Table:
    out = found(sheet)
    assert " ".join(w.text for w in out.words) == left
    assert len(out.tables) == 1, [grid(t) for t in out.tables]
    return out.tables[0]

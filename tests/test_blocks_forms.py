"""Forms, tables of labels and values and cards, made by hand, to indicator blocks."""

from __future__ import annotations

import pytest

import pages as make
from councilscope.blocks import Segmented, segment
from councilscope.blocks.facts import field_pairs
from councilscope.page import Colour
from councilscope.records import Block
from pages import AMBER, GREEN, PALE, RED, C, Sheet, document, opening

WHY = "Two of the six crews had no driver for most of June, so that the hill round was run late."
NEXT = "Drivers from the depot pool cover the round from July."


def read(*sheets: Sheet) -> Segmented:
    return segment(document(*sheets))


def said(block: Block) -> list[tuple[str, str]]:
    """(section, text) of a block's commentary."""
    return [(c.section, c.text) for c in block.commentary]


def figures(block: Block) -> dict[str | None, float | None]:
    return {o.period: o.value for o in block.outturns}


Facts = dict[str, str]
BINS = {
    "Code": "ST1", "Measure": "Bins collected on the day due", "Lead officer": "Morag Teal", "Q1 2021/22": "97.5%",
    "Q2 2021/22": "98.1%", "Target this quarter": "99%", "Status": "amber", "Reason": WHY,
}  # fmt: skip
TIPS = {
    "Code": "ST2", "Measure": "Fly-tips cleared within two days", "Lead officer": "Rhys Lowe", "Q1 2021/22": "92%",
    "Q2 2021/22": "95%", "Target this quarter": "90%", "Status": "green", "Next steps": NEXT,
}  # fmt: skip
COLOURS: dict[str, Colour] = {"amber": AMBER, "green": GREEN, "red": RED}


def facing(sheet: Sheet, facts: Facts, ground: Colour | None = None) -> None:
    """Labels in bold and their values, without a line around them; the status is a dot."""
    for label, value in facts.items():
        if ground is not None:
            sheet.paint(50, sheet.y - 3, 190, sheet.y + 14, ground)
        top = sheet.y
        sheet.line(54, top, label, bold=True)
        if label == "Status":
            sheet.draw(make.dot(COLOURS[value]), 300, top + 6)
            sheet.y = top + 17
        else:
            sheet.say(value, x=200, width=330, gap=5)


@pytest.mark.parametrize("ground", [None, PALE], ids=["bare", "labels on a ground"])
def test_labels_and_values_facing_each_other_are_a_block_each(ground: Colour | None) -> None:
    sheet = opening()
    facing(sheet, BINS, ground)
    sheet.y += 14
    facing(sheet, TIPS, ground)
    first, second = read(sheet).blocks
    assert (first.ref, first.title, first.rag) == ("ST1", "Bins collected on the day due", "amber")
    assert (second.ref, second.title, second.rag) == ("ST2", "Fly-tips cleared within two days", "green")
    assert figures(first) == {"2021/22 Q1": 97.5, "2021/22 Q2": 98.1}
    assert first.target is not None and first.target.value == 99
    assert [o.name for o in second.owners] == ["Rhys Lowe"]
    assert (said(first), said(second)) == ([("reason", WHY)], [("outlook", NEXT)])


@pytest.mark.parametrize("cut", [2, 5, 7])
def test_labels_and_values_go_on_over_the_page(cut: int) -> None:
    one, two = opening(), Sheet(2)
    facing(one, BINS)
    one.y += 14
    facing(one, dict(list(TIPS.items())[:cut]))
    facing(two, dict(list(TIPS.items())[cut:]))
    two.y += 14
    facing(two, BINS | {"Code": "ST3", "Measure": "Street lights mended in a week", "Status": "red"})
    found = read(one, two)
    assert [(b.ref, b.rag) for b in found.blocks] == [("ST1", "amber"), ("ST2", "green"), ("ST3", "red")]
    assert [said(b) for b in found.blocks] == [[("reason", WHY)], [("outlook", NEXT)], [("reason", WHY)]]
    assert found.blocks[1].target is not None and found.blocks[1].target.value == 90


def test_a_letter_head_is_no_table_of_a_measure() -> None:
    sheet = opening()
    for label, value in {
        "Report to:": "Cabinet",
        "Lead officer:": "Morag Teal",
        "Service:": "Streets",
        "Date:": "4 May 2021",
    }.items():
        sheet.line(54, sheet.y, label, bold=True)
        sheet.say(value, x=200, gap=5)
    assert not read(sheet).blocks


def test_counts_in_a_reports_own_words_for_statuses_are_no_indicators() -> None:
    sheet = opening()
    sheet.table(
        [120, 80, 80, 80],
        [["Service", "Lagging", "Near", "Reaching"], ["Streets", "0", "1", "2"], ["Parks", "1", "0", "1"]],
        head=1,
    )
    key: list[list[C | str | None]] = [
        [C(signs=(make.dot(colour),)), words]
        for colour, words in (
            (RED, "Lagging: more than 5% below target"),
            (AMBER, "Near: less than 5% below target"),
            (GREEN, "Reaching: target met"),
        )
    ]
    sheet.table([60, 300], key)
    assert not read(sheet).blocks


# --- forms with lines ---------------------------------------------------------------------------------------


def test_rows_of_label_and_value_are_no_list_though_the_first_looks_like_its_heading() -> None:
    sheet = opening()
    for facts in (BINS, TIPS):
        rows: list[list[C | str | None]] = [
            [label, C(fill=COLOURS[value]) if label == "Status" else value] for label, value in facts.items()
        ]
        sheet.table([140, 350], rows)
    first, second = read(sheet).blocks
    assert (first.ref, first.title, first.rag) == ("ST1", "Bins collected on the day due", "amber")
    assert (second.ref, second.title, second.rag) == ("ST2", "Fly-tips cleared within two days", "green")
    assert figures(second) == {"2021/22 Q1": 92, "2021/22 Q2": 95}
    assert (said(first), said(second)) == ([("reason", WHY)], [("outlook", NEXT)])


def banded(title: str, service: str, figure: str, colour: Colour) -> list[list[C | str | None]]:
    """A title over rows of labels, each with its row of values below."""
    return [
        [C(title, cols=4, fill=PALE), None, None, None],
        ["Service", "Lead officer", "Target", "Status"],
        [service, "Morag Teal", "99%", C(fill=colour)],
        [C("Same quarter last year", cols=2), None, C("Current performance", cols=2), None],
        [C("96%", cols=2), None, C(figure, cols=2), None],
        ["Reason", C(WHY, cols=3), None, None],
    ]


def one_banded(block: Block, figure: float) -> None:
    assert block.target is not None and block.target.value == 99
    assert [o.name for o in block.owners] == ["Morag Teal"]
    assert figures(block) == {"2020/21 Q2": 96, "2021/22 Q2": figure}
    assert said(block) == [("reason", WHY)]


def test_a_title_over_labels_with_their_values_below() -> None:
    sheet = opening()
    sheet.table([140, 120, 120, 110], banded("ST1 Bins collected on the day due", "Streets", "98.1%", AMBER))
    sheet.table([140, 120, 120, 110], banded("ST2 Street lights mended in a week", "Streets", "61%", RED))
    first, second = read(sheet).blocks
    assert (first.ref, first.title, first.rag, first.service) == (
        "ST1", "Bins collected on the day due", "amber", "Streets",
    )  # fmt: skip
    assert (second.ref, second.title, second.rag) == ("ST2", "Street lights mended in a week", "red")
    one_banded(first, 98.1)
    one_banded(second, 61)


@pytest.mark.parametrize("cut", [2, 3])
def test_a_form_cut_by_the_page_below_its_labels_or_values(cut: int) -> None:
    one, two = opening(), Sheet(2)
    rows = banded("ST1 Bins collected on the day due", "Streets", "98.1%", AMBER)
    widths = [140, 120, 120, 110]
    one.y = 700
    one.table(widths, rows[:cut])
    two.table(widths, rows[cut:])
    found = read(one, two)
    assert [(b.ref, b.title, b.rag) for b in found.blocks] == [
        ("ST1", "Bins collected on the day due", "amber")
    ]
    one_banded(found.blocks[0], 98.1)
    assert {r.page for r in found.blocks[0].regions} == {1, 2}


def test_tables_of_one_column_with_labels_over_values_belong_to_the_form_above() -> None:
    sheet = opening()
    sheet.table(
        [120, 120, 120, 120],
        [
            [C("ST1 Bins collected on the day due", cols=4, fill=PALE), None, None, None],
            ["Service", "Streets", "Good is", "High"],
            ["Target", "99%", "Status", C(signs=(make.dot(RED),))],
        ],
    )
    sheet.table([480], [[C("Actual", fill=PALE)], ["91%"]])
    sheet.table([480], [[C("Reason", fill=PALE)], [WHY], [C("Next steps", fill=PALE)], [NEXT]])
    (block,) = read(sheet).blocks
    assert (block.ref, block.title, block.rag) == ("ST1", "Bins collected on the day due", "red")
    assert figures(block) == {"2021/22 Q2": 91}
    assert said(block) == [("reason", WHY), ("outlook", NEXT)]


# --- cards and labels in one line ---------------------------------------------------------------------------


def card(sheet: Sheet, x: float, top: float, title: str, lines: list[str], status: C) -> None:
    sheet.frame(x, top, x + 230, top + 130)
    sheet.y = top + 8
    sheet.say(title, bold=True, x=x + 8, width=214, gap=4)
    for text in lines:
        sheet.say(text, x=x + 8, width=214, gap=2)
    end = sheet.line(x + 8, sheet.y, f"Rating: {status.text}".strip())
    for sign in status.signs:
        sheet.draw(sign, end + 12, sheet.y + 6)


def four_cards(refs: list[str]) -> Segmented:
    sheet = opening()
    sheet.say("Streets", 13, bold=True)
    titles = ["Bins collected on the day due", "Fly-tips cleared", "Lights mended in a week", "Roads swept"]
    shown = [C("G"), C(signs=(make.dot(AMBER),)), C(signs=(make.dot(RED),)), C("R")]
    top = sheet.y
    for k, (ref, title, status) in enumerate(zip(refs, titles, shown, strict=True)):
        lines = ["Q1 2021/22: Awaiting data", "Performance: 61.5%", f"Our target: {70 + k} - {80 + k}"]
        if k == 2:
            sheet.y = top + 145
            sheet.say("Roads", 13, bold=True)
            top = sheet.y
        card(sheet, 50 + 250 * (k % 2), top, f"{ref} {title}", lines, status)
    return read(sheet)


def test_cards_say_by_labels_what_stands_beside_them() -> None:
    found = four_cards(["ST1", "ST2", "ST3", "ST4"])
    assert [b.ref for b in found.blocks] == ["ST1", "ST2", "ST3", "ST4"], "row by row"
    assert [(b.rag, b.rag_shown_as) for b in found.blocks] == [
        ("green", "letter"), ("amber", "icon"), ("red", "icon"), ("red", "letter"),
    ]  # fmt: skip
    assert [b.service for b in found.blocks] == ["Streets", "Streets", "Roads", "Roads"]
    assert [b.target and b.target.text for b in found.blocks] == ["70 - 80", "71 - 81", "72 - 82", "73 - 83"]
    assert [(o.period, o.text) for o in found.blocks[0].outturns] == [
        ("2021/22 Q1", "Awaiting data"), ("2021/22 Q2", "61.5%"),
    ]  # fmt: skip


@pytest.mark.parametrize(("refs", "read_as"), [
    (["A1", "B2", "C3", "D4"], ["A1", "B2", "C3", "D4"]),
    (["A1", "ST2", "ST3", "ST4"], [None, "ST2", "ST3", "ST4"]),
])  # fmt: skip
def test_a_letter_and_a_number_are_a_ref_among_others_and_a_road_alone(
    refs: list[str], read_as: list[str | None]
) -> None:
    assert [b.ref for b in four_cards(refs).blocks] == read_as


def test_a_card_with_its_code_over_the_title_and_figures_under_small_headings() -> None:
    sheet = opening()
    top = sheet.y
    for k, (code, warns, turn) in enumerate((("SCA/001", RED, "down"), ("CER/OT/03", AMBER, "up"))):
        x = 50 + 260 * k
        sheet.frame(x, top, x + 245, top + 120)
        sheet.draw(make.triangle("up", warns, 22), x + 20, top + 20)
        sheet.line(x + 40, top + 6, code, 7)
        sheet.line(
            x + 40, top + 16, "Bins collected on the day due" if k else "Days to mend a lamp", 9, bold=True
        )
        for c, (head, figure) in enumerate(
            (("Q2 2021-22", "4.91"), ("Target", "3.50"), ("Q1 2021-22", "3.72"), ("Q2 2020-21", "2.86"))
        ):
            sheet.line(x + 10 + 46 * c, top + 44, head, 6)
            sheet.line(x + 14 + 46 * c, top + 54, figure, 12)
        sheet.draw(make.arrow(turn, RED if turn == "down" else GREEN), x + 210, top + 60)
        sheet.line(x + 10, top + 90, WHY[:50], 8)
    first, second = read(sheet).blocks
    assert [first.ref, second.ref] == ["SCA/001", "CER/OT/03"]
    assert [first.title, second.title] == ["Days to mend a lamp", "Bins collected on the day due"]
    assert first.target is not None and first.target.value == 3.5, "4.91 is no number of a list"
    assert {o.period: o.value for o in first.outturns} == {
        "2021/22 Q2": 4.91, "2021/22 Q1": 3.72, "2020/21 Q2": 2.86,
    }  # fmt: skip
    assert [first.direction, second.direction] == ["worsening", "improving"], "by the arrow, not the warning"


def tiles(marks: list[tuple[str, Colour]], rated: bool = True) -> Sheet:
    """Tiles with a code, a large figure and a coloured arrow in its line; a bar along the edge gives the status."""
    sheet = opening()
    sheet.say("Streets", 16, bold=True)
    top = sheet.y
    names = ["Bins collected on the day due", "Fly-tips cleared in two days"]
    for k, (title, (mark, tone), bar) in enumerate(zip(names, marks, (RED, AMBER), strict=True)):
        x = 50 + 250 * k
        sheet.frame(x, top, x + 230, top + 110)
        if rated:
            sheet.paint(x, top, x + 5, top + 110, bar)
        sheet.line(x + 12, top + 8, title, 9, bold=True)
        end = sheet.line(x + 12, top + 34, f"{61 + k}%", 28)
        sheet.line(end + 8, top + 46, mark, 14, tone)
        sheet.line(x + 12, top + 76, "Target: 90%", 9)
    return sheet


def test_an_arrow_beside_the_figure_of_a_tile_is_its_direction_and_no_second_status() -> None:
    found = read(tiles([("▼", RED), ("▲", GREEN)]))
    assert [b.direction for b in found.blocks] == ["worsening", "improving"]
    assert [b.rag for b in found.blocks] == ["red", "amber"], "by the bar, not the arrow"
    assert "status_conflict" not in [w.code for w in found.warnings]


def test_an_arrow_is_the_status_of_a_tile_that_shows_no_other() -> None:
    found = read(tiles([("▼", RED), ("▲", GREEN)], rated=False))
    assert [b.rag for b in found.blocks] == ["red", "green"]


def test_a_heading_over_the_narrative_of_measures_names_no_service() -> None:
    sheet = tiles([("▼", RED), ("▲", GREEN)])
    later = Sheet(2)
    later.say("Narrative for measures outside goal", 22, bold=True)
    later.table(
        [150, 60, 270],
        [["Measure", "Q2 2021/22", "What is happening?"], ["Bins collected on the day due", "61%", WHY]],
    )
    first, second = read(sheet, later).blocks
    assert [first.service, second.service] == ["Streets", "Streets"]
    assert [c.text for c in first.commentary] == [WHY]


@pytest.mark.parametrize(("text", "fields"), [
    ("2019-20 Actual: 73.8% 2020-21 Actual: 74.9% Target: 87%",
     [("period:2019-20 Actual", "73.8%"), ("period:2020-21 Actual", "74.9%"), ("target", "87%")]),
    ("Q1 2022/23: Awaiting data Q4 2022/23: 3.5%", [("period:Q1 2022/23", "Awaiting data"), ("period:Q4 2022/23", "3.5%")]),
    ("Target this quarter: At least 84% 19/20 Q3: 85%", [("target", "At least 84%"), ("period:19/20 Q3", "85%")]),
    ("Our target: 46.3% or more", [("target", "46.3% or more")]),
    ("This quarter: 14.2 Last quarter: 13.1", [("current", "14.2"), ("previous", "13.1")]),
])  # fmt: skip
def test_labels_and_values_in_one_line(text: str, fields: list[tuple[str, str]]) -> None:
    assert field_pairs(text) == fields


def test_a_figure_can_say_what_it_was() -> None:
    sheet = opening()
    sheet.table(
        [120, 360],
        [
            ["Measure", "Sickness days lost"],
            ["Current", "8.1% (was 7.9%)"],
            ["Target", "7%"],
            ["Forecast", NEXT],
        ],
    )
    (block,) = read(sheet).blocks
    assert figures(block) == {"2021/22 Q1": 7.9, "2021/22 Q2": 8.1}
    assert said(block) == [("outlook", NEXT)], "a forecast in sentences"


def test_a_form_without_a_rule_above_its_first_row_keeps_that_rows_value() -> None:
    sheet = opening()
    sheet.say("ST1 Bins collected on the day due", bold=True, gap=12)
    rows = {
        "Directorate": "Streets",
        "Owner": "Morag Teal",
        "Target": "99%",
        "Actual": "91%",
        "Expected position": NEXT,
    }
    for k, (label, value) in enumerate(rows.items()):
        sheet.paint(50, sheet.y - 4, 190, sheet.y + 16, PALE)
        if k:
            sheet.across(50, 190, sheet.y - 4)
            sheet.across(190, 545, sheet.y - 4)
        sheet.line(54, sheet.y, label, bold=True)
        sheet.say(value, x=200, width=340, gap=8)
    sheet.across(50, 190, sheet.y - 4)
    sheet.across(190, 545, sheet.y - 4)
    (block,) = read(sheet).blocks
    assert (block.ref, block.service, [o.name for o in block.owners]) == ("ST1", "Streets", ["Morag Teal"])
    assert figures(block) == {"2021/22 Q2": 91}
    assert said(block) == [("outlook", NEXT)]


def panel(sheet: Sheet, ref: str, title: str, colons: bool) -> None:
    """A form of three rows; the middle one holds a table of periods, and labels with signs or words beside them."""
    top, end = sheet.y, ":" if colons else ""
    sheet.frame(50, top, 545, top + 190)
    for rule in (20, 130):
        sheet.across(50, 545, top + rule)
    sheet.down(130, top, top + 20)
    sheet.down(130, top + 130, top + 190)
    sheet.line(55, top + 4, ref, 9)
    sheet.line(136, top + 4, title, 9, bold=True)
    sheet.y = top + 28
    rows = [["", "Value", "Target"], ["Q3 2020/21", "97%", "99%"], ["Q4 2020/21", "96%", "99%"],
            ["Q1 2021/22", "95%", "99%"], ["Q2 2021/22", "91%", "99%"]]  # fmt: skip
    sheet.table([60, 40, 40], rows, 8, x=58)
    for k, name in enumerate(("Status", "Short Trend", "Amber Threshold", "Red Threshold", "Managed By")):
        y = top + 30 + 18 * k
        sheet.line(330, y, name + end, 10)
        if k == 0:
            sheet.draw(make.dot(RED, 9), 434.5, y + 6)
        elif k == 1:
            sheet.draw(make.triangle("down", RED, 8), 434.5, y + 6)
        else:
            sheet.line(430, y, ("98%", "95%", "Morag Teal")[k - 2], 10)
    sheet.line(55, top + 136, "Latest Note", 9)
    sheet.line(55, top + 148, "18-Aug-2021", 8)
    sheet.y = top + 136
    sheet.say(WHY, 9, x=136, width=400)
    sheet.y = top + 205


@pytest.mark.parametrize("colons", [False, True])
def test_a_list_of_labels_and_signs_within_a_cell_belongs_to_its_form(colons: bool) -> None:
    sheet = opening()
    panel(sheet, "ST 01", "Bins collected on the day due", colons)
    panel(sheet, "ST 02", "Fly-tips cleared within two days", colons)
    found = read(sheet).blocks
    assert [(b.ref, b.title) for b in found] == [
        ("ST 01", "Bins collected on the day due"), ("ST 02", "Fly-tips cleared within two days"),
    ]  # fmt: skip
    for b in found:
        assert (b.rag, b.rag_shown_as, b.direction) == ("red", "icon", "worsening")
        assert [o.name for o in b.owners] == ["Morag Teal"]
        assert b.target is not None and b.target.value == 99
        assert figures(b) == {"2020/21 Q3": 97, "2020/21 Q4": 96, "2021/22 Q1": 95, "2021/22 Q2": 91}
        assert [text for _, text in said(b)] == [WHY]

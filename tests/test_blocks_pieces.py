"""Pieces of layout that many reports share: panels, charts with figures, tables in boxes, bands, parts on later pages."""

from __future__ import annotations

import pytest

from councilscope.blocks import Segmented, segment
from councilscope.blocks.draft import Draft, Figure, owners_of
from councilscope.blocks.merge import merge
from councilscope.geometry import Box
from councilscope.page import Colour, Fill, Rule, Word
from councilscope.records import Block
from pages import AMBER, GREEN, GREY, NAVY, PALE, RED, WHITE, C, Sheet, document, opening, square, triangle

WHY = "Two of the six crews had no driver for most of June, so that the hill round was run late."
NEXT = "Drivers from the depot pool cover the round from July and two have been trained."


def read(*sheets: Sheet) -> Segmented:
    return segment(document(*sheets))


def only(*sheets: Sheet) -> Block:
    (block,) = read(*sheets).blocks
    return block


def figures(block: Block) -> dict[str | None, float | None]:
    return {o.period: o.value for o in block.outturns}


def said(block: Block) -> list[tuple[str, str]]:
    return [(c.section, c.text) for c in block.commentary]


def codes(found: Segmented) -> list[str]:
    return [w.code for w in found.warnings]


def head(sheet: Sheet, title: str) -> None:
    sheet.say(title, 13, bold=True)


# --- labels and values that stand apart ---------------------------------------------------------------------


def panel(sheet: Sheet, *pairs: tuple[str, str]) -> None:
    """A painted box with a label at the left and its value at the right of each line."""
    top = sheet.y
    sheet.paint(50, top, 250, top + 16 * len(pairs) + 12, PALE)
    y = top + 6
    for label, value in pairs:
        sheet.line(58, y, label)
        sheet.line(196, y, value)
        y += 16
    sheet.y = top + 16 * len(pairs) + 24


def test_a_panel_beside_a_title_gives_its_figures_and_target() -> None:
    sheet = opening()
    head(sheet, "Bins collected on the day due")
    panel(
        sheet,
        ("Quarter 2", "97.1%"),
        ("Target", "98% or more"),
        ("Q1 2021/22", "96.4%"),
        ("2020/21", "95.9%"),
    )
    sheet.say("Reason: " + WHY)
    block = only(sheet)
    assert block.title == "Bins collected on the day due"
    assert figures(block) == {"2021/22 Q2": 97.1, "2021/22 Q1": 96.4, "2020/21 Year End": 95.9}
    assert block.target is not None and (block.target.value, block.target.comparator) == (98, ">=")
    assert said(block) == [("reason", WHY)]


def test_figures_over_the_bars_of_a_chart_belong_to_the_quarters_under_them() -> None:
    sheet = opening()
    head(sheet, "Fly-tips cleared within two days")
    top = sheet.y
    for k, (quarter, value, rise) in enumerate(
        (("Q3", "71%", 40), ("Q4", "75%", 60), ("Q1", "69%", 20), ("Q2", "82%", 90))
    ):
        sheet.line(70 + 80 * k, top + 110 - rise, value, 8)
        sheet.line(72 + 80 * k, top + 120, quarter, 8)
    sheet.y = top + 150
    sheet.say("Reason: " + WHY)
    assert sorted(v for v in figures(only(sheet)).values() if v) == [69, 71, 75, 82]
    assert figures(only(sheet))["2021/22 Q2"] == 82


def test_a_figure_told_again_beside_a_series_counts_once() -> None:
    sheet = opening()
    sheet.table(
        [60, 60, 60, 60, 60, 60],
        [
            [C("ST1", cols=2), None, C("Bins collected on the day due", cols=4), None, None, None],
            ["Current value", "97%", "Target", "98%", "Status", "Red"],
            ["Q4 2020/21", "95%", "Q1 2021/22", "96%", "Q2 2021/22", "97%"],
            [C("Latest note", cols=2), None, C(WHY, cols=4), None, None, None],
        ],
    )
    block = only(sheet)
    assert [(o.period, o.text) for o in block.outturns] == [
        ("2020/21 Q4", "95%"),
        ("2021/22 Q1", "96%"),
        ("2021/22 Q2", "97%"),
    ]
    assert (block.ref, block.rag, said(block)) == ("ST1", "red", [("note", WHY)])


def test_a_label_with_an_empty_value_takes_nothing_from_below() -> None:
    sheet = opening()
    sheet.table(
        [110, 90, 90, 90],
        [
            [C("ST1", cols=1), C("Bins collected on the day due", cols=3), None, None],
            ["Status", "Green", "Target", "98%"],
            ["Latest note", C("", cols=3), None, None],
            ["Managed by", C("Morag Teal, Waste Manager", cols=3), None, None],
        ],
    )
    block = only(sheet)
    assert said(block) == []
    assert [(o.name, o.role) for o in block.owners] == [("Morag Teal", "Waste Manager")]


# --- tables in boxes, bands in frames, heads cut off --------------------------------------------------------


def test_a_small_table_in_a_box_is_read_as_a_table() -> None:
    sheet = opening()
    top = sheet.y
    sheet.y += 8
    sheet.say("KPI 5 Bins collected on the day due", 12, bold=True, x=60)
    sheet.table(
        [70, 70, 70, 70],
        [["Apr 21", "May 21", "Jun 21", "Qtr 1"], ["96%", "97%", "95%", "96%"]],
        x=60,
        head=1,
    )
    sheet.say("Why is it like this?", bold=True, x=60)
    sheet.say(WHY, x=60, width=440)
    sheet.frame(50, top, 545, sheet.y)
    block = only(sheet)
    assert figures(block) == {"Apr 2021": 96, "May 2021": 97, "Jun 2021": 95, "2021/22 Q1": 96}
    assert said(block) == [("reason", WHY)]


def test_bands_in_a_frame_that_the_page_cuts_head_their_text() -> None:
    sheet = opening()
    sheet.table(
        [50, 250, 80, 60],
        [["Ref", "Action", "Status", "Target"], ["1.1", "Open the Tarn Road depot", "Red", "June 2021"]],
        head=1,
    )
    top = sheet.y
    for heading, text in (
        ("Commentary for areas for improvement", f"For action 1.1 the lease is unsigned. {WHY}"),
        ("Commentary for Finance updates", "For action 1.1 the cost is £40,000 more."),
    ):
        sheet.paint(56, sheet.y, 539, sheet.y + 18, PALE)
        sheet.y += 3
        sheet.say(heading, bold=True, x=60)
        sheet.say(text, x=60, width=470)
    for x in (50, 545):
        sheet.down(x, top - 10, sheet.y)
    sheet.across(50, 545, sheet.y)
    assert [c.section for c in only(sheet).commentary] == ["improvement", "finance"]


# --- scorecards found by their headings ---------------------------------------------------------------------

NAMES = ["Ref", "Measure", "Owner", "Target", "Q1 2021/22", "Q2 2021/22", "Status", "Comments"]
WIDTHS = [36, 104, 66, 44, 46, 46, 44, 110]


def scorecard(sheet: Sheet, rows: list[list[C | str | None]]) -> None:
    sheet.table(WIDTHS, [NAMES, *rows], size=8, lines="none", head=1)


@pytest.mark.parametrize("painted", [True, False], ids=["status painted", "nothing drawn"])
def test_a_scorecard_without_lines_is_read_row_by_row(painted: bool) -> None:
    sheet = opening()
    scorecard(
        sheet,
        [
            [
                "ST1",
                "Bins collected on the day due",
                "Morag Teal",
                "98%",
                "96%",
                "97%",
                C("Red", fill=RED if painted else None),
                WHY,
            ],
            [
                "ST2",
                "Fly-tips cleared in two days",
                "Rhys Lowe",
                "90%",
                "88%",
                "92%",
                C("Green", fill=GREEN if painted else None),
                NEXT,
            ],
        ],
    )
    first, second = read(sheet).blocks
    assert (first.ref, first.title, first.rag) == ("ST1", "Bins collected on the day due", "red")
    assert figures(second) == {"2021/22 Q1": 88, "2021/22 Q2": 92}
    assert (said(first), said(second)) == ([("note", WHY)], [("note", NEXT)])


def test_a_column_of_letters_without_a_known_heading_is_the_status() -> None:
    sheet = opening()
    sheet.table(
        [40, 200, 60, 60, 60],
        [["Ref", "Measure", "Target", "Q2 21/22", "Q2 BRAGY"]]
        + [
            [f"ST{k}", f"Measure of works number {k}", "98%", "97%", letter]
            for k, letter in enumerate("RGAG", 1)
        ],
        head=1,
    )
    blocks = read(sheet).blocks
    assert [b.rag for b in blocks] == ["red", "green", "amber", "green"]
    assert all([o.text for o in b.outturns] == ["97%"] for b in blocks)


def test_sentences_under_a_heading_of_figures_are_commentary() -> None:
    sheet = opening()
    sheet.table(
        [40, 180, 60, 240],
        [
            ["Ref", "Action", "Due", "Position at the half year"],
            ["A1", "Open the Tarn Road depot", "June 2021", WHY],
            ["A2", "Publish the cycling plan", "July 2021", NEXT],
        ],
        head=1,
    )
    assert [said(b)[0][1] for b in read(sheet).blocks] == [WHY, NEXT]
    assert all(not b.outturns for b in read(sheet).blocks)


def test_comments_on_a_later_page_reach_their_items_by_the_ref() -> None:
    first, second = opening(), Sheet(2)
    first.table(
        [50, 250, 60, 60],
        [
            ["Ref", "Measure", "Target", "Q2 21/22"],
            ["ST1", "Bins collected on time", "98%", "97%"],
            ["ST2", "Fly-tips cleared in time", "90%", "92%"],
        ],
        head=1,
    )
    second.table(
        [50, 220, 220],
        [["Ref", "Comment", "Improvement action"], ["ST1", WHY, NEXT], ["ST2", NEXT, ""]],
        head=1,
    )
    bins, tips = read(first, second).blocks
    assert said(bins) == [("note", WHY), ("action", NEXT)]
    assert said(tips) == [("note", NEXT)]


# --- prose --------------------------------------------------------------------------------------------------


def test_an_item_told_again_in_focus_is_one_block() -> None:
    first, second = opening(), Sheet(2)
    first.table(
        [250, 60, 60, 60],
        [["Measure", "Target", "Q2 21/22", "Status"], ["Rent collected in the year", "98%", "97%", "Red"]],
        head=1,
    )
    second.say("In focus: Rent collected in the year", 16, bold=True)
    second.say("Why is it below target?", 12, bold=True)
    second.say(WHY)
    block = only(first, second)
    assert (block.title, block.rag, said(block)) == ("Rent collected in the year", "red", [("reason", WHY)])


def test_the_figure_that_only_a_sentence_states() -> None:
    sheet = opening()
    sheet.say("Measure: Visits carried out within timescale", bold=True)
    sheet.say("Issue: target not met")
    sheet.say("Remedial action: Performance for April 2021 is 92%. A second team starts in May.")
    assert figures(only(sheet)) == {"Apr 2021": 92}


def test_a_figure_after_a_dotted_number_names_no_item() -> None:
    sheet = opening()
    sheet.table(
        [50, 300, 60],
        [
            ["Ref", "Action", "Status"],
            ["1.1", "Tackle the causes of poverty", "Green"],
            ["3.9", "Take on apprentices", "Green"],
        ],
        head=1,
    )
    sheet.say("Areas of progress", bold=True)
    sheet.say("In relation to action 3.9, 11 new apprentices started in April and more will follow.")
    first, second = read(sheet).blocks
    assert (len(first.commentary), len(second.commentary)) == (0, 1)


def test_text_that_joins_no_item_is_told_with_its_page() -> None:
    sheet = opening()
    sheet.say(" ".join([WHY, NEXT, WHY, NEXT]))
    found = read(sheet)
    assert [w.page for w in found.warnings if w.code == "text_outside_items"] == [1]


def test_headings_of_a_table_that_was_read_are_not_told_as_left_out() -> None:
    sheet = opening()
    scorecard(sheet, [["ST1", "Bins collected on time", "Morag Teal", "98%", "96%", "97%", "Red", WHY]] * 2)
    assert "text_outside_items" not in codes(read(sheet))


# --- keys, services, owners ---------------------------------------------------------------------------------


def test_lines_with_a_square_before_each_are_a_key_without_its_name() -> None:
    sheet = opening()
    for colour, text in (
        (GREEN, "Good going: the target was met"),
        (AMBER, "Nearly: within 5%"),
        (RED, "Not yet: missed by more"),
        (GREY, "Just watching: no target"),
    ):
        sheet.draw(square(colour), 56, sheet.y + 6)
        sheet.say(text, x=70, gap=3)
    sheet.y += 10
    sheet.table(
        [250, 60, 60, 90],
        [
            ["Measure", "Target", "Q2 21/22", "Status"],
            ["Rent collected in the year", "98%", "97%", "Nearly"],
            ["Calls answered in a minute", "-", "71%", "Just watching"],
        ],
        head=1,
    )
    assert [b.rag for b in read(sheet).blocks] == ["amber", "grey"]


def test_a_heading_that_names_the_status_is_no_service() -> None:
    sheet = opening()
    sheet.say("Adult Social Care", 16, bold=True)
    sheet.say("Red indicators", 13, bold=True)
    sheet.table(
        [250, 60, 60], [["Measure", "Target", "Q2 21/22"], ["Reviews done in the year", "98%", "71%"]], head=1
    )
    block = only(sheet)
    assert (block.service, block.rag) == ("Adult Social Care", "red")


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Control Manager Bethan Ogle", "Bethan Ogle", "Control Manager"),
        ("Bethan Ogle Head of Prevention", "Bethan Ogle", "Head of Prevention"),
        ("Service Manager Learning Disability", None, "Service Manager Learning Disability"),
    ],
)
def test_a_person_beside_a_role_is_told_by_the_given_name(text: str, name: str | None, role: str) -> None:
    assert [(o.name, o.role) for o in owners_of(text)] == [(name, role)]


def test_a_warning_triangle_in_the_status_cell_is_no_arrow() -> None:
    sheet = opening()
    sheet.table(
        [250, 60, 60, 60],
        [
            ["Measure", "Target", "Q2 21/22", "Status"],
            ["Rent collected in the year", "98%", "97%", C(signs=(triangle("up", AMBER),))],
        ],
        head=1,
    )
    assert only(sheet).rag == "amber"


# --- facts in a margin --------------------------------------------------------------------------------------


def in_margin(sheet: Sheet, ref: str, figure: str, word: str, title: str, ruled: bool) -> None:
    """An item under a rule over the page: ref, figure, pill and a small table at the left, title and prose beside them."""
    top = sheet.y
    if ruled:
        sheet.across(50, 545, top - 8)
    sheet.line(50, top, ref, 8)
    sheet.line(50, top + 11, figure, 20, bold=True)
    sheet.line(50, top + 38, "2021/22", 8)
    sheet.fills.append(Fill(Box(sheet.number, 50, top + 54, 120, top + 66), RED, rounded=True))
    sheet.line(58, top + 55, word, 8, WHITE, bold=True)
    sheet.y = top + 72
    sheet.table([50, 50], [["Target", "95%"], ["2020/21", "91.5%"], ["2019/20", "92.5%"]], 8, lines="rows")
    sheet.y = top + 2
    sheet.say(title, 13, bold=True, x=180, gap=4)
    sheet.say(WHY, x=180, gap=4)
    sheet.say("**Where we go from here.** " + NEXT, x=180, gap=4)
    sheet.say("Not as good as last year | Lead: Morag Teal, Head of Waste", 9, x=180)
    sheet.y = top + 150


@pytest.mark.parametrize("ruled", [True, False], ids=["under rules", "without rules"])
def test_figures_in_a_margin_belong_to_the_text_beside_them(ruled: bool) -> None:
    first, last = Sheet(1), Sheet(2)
    opening(1)
    first.say("How to read this report", 14, bold=True)
    first.fills.append(Fill(Box(1, 50, first.y - 1, 120, first.y + 11), RED, rounded=True))
    first.line(58, first.y, "Adrift", 8, WHITE, bold=True)
    first.line(140, first.y, "further than five points from the target", 8)
    last.say("Clean streets", 18, bold=True, gap=30)
    in_margin(last, "ENV 1", "84.5%", "Adrift", "Bins collected on the day due", ruled)
    in_margin(last, "ENV 2", "71%", "Adrift", "Fly-tips cleared within two days", ruled)
    in_margin(last, "ENV 3", "62%", "Adrift", "Streets swept once a month", ruled)
    found = read(opening(3), first, last)
    assert [(b.ref, b.title, b.service) for b in found.blocks] == [
        ("ENV 1", "Bins collected on the day due", "Clean streets"),
        ("ENV 2", "Fly-tips cleared within two days", "Clean streets"),
        ("ENV 3", "Streets swept once a month", "Clean streets"),
    ]
    block = found.blocks[0]
    assert figures(block) == {"2021/22 Year End": 84.5, "2020/21 Year End": 91.5, "2019/20 Year End": 92.5}
    assert (block.rag, block.direction) == ("red", "worsening")
    assert block.target is not None and block.target.value == 95
    assert said(block) == [("note", WHY), ("outlook", NEXT)]
    assert [o.name for o in block.owners] == ["Morag Teal"]


# --- small tables under numbered headings; a key in pairs of columns ------------------------------------------


def numbered(sheet: Sheet, number: str, title: str, row: list[C | str | None]) -> None:
    sheet.say(f"{number} {title}", 12, bold=True, gap=3)
    sheet.say("Responsible officer: Morag Teal", 9, gap=3)
    sheet.table(
        [70, 70, 70, 70, 50, 50],
        [["2020/21 Q2", "2021/22 Q1", "2021/22 Q2", "Ambition", "RAG", "Trend"], row],
        head=1,
    )
    sheet.say("The story so far – " + WHY)
    sheet.say("Looking ahead – " + NEXT)


def test_a_small_table_under_a_numbered_heading_gives_its_ambition_as_target() -> None:
    sheet = opening()
    sheet.table(
        [150, 330],
        [
            ["SUBJECT:", "PLAN FOR CLEAN STREETS: PERFORMANCE TO THE END OF QUARTER 2"],
            ["MEETING:", "SCRUTINY COMMITTEE"],
            ["DATE:", "4 November 2021"],
            ["AUTHORS:", "Morag Teal, Waste Manager"],
        ],
    )
    sheet.say("4. Clean streets", 15, bold=True)
    numbered(
        sheet, "4.1", "Bins collected on the day due", ["91%", "92%", "93%", "95%", C("A", fill=AMBER), ""]
    )
    numbered(
        sheet,
        "4.2",
        "Days to clear a fly-tip",
        ["9 days", "11 days", "12 days", "No more than 7 days", C("R", fill=RED), ""],
    )
    found = read(sheet)
    assert [(b.ref, b.title, b.service) for b in found.blocks] == [
        ("4.1", "Bins collected on the day due", "4. Clean streets"),
        ("4.2", "Days to clear a fly-tip", "4. Clean streets"),
    ]
    assert [(b.rag, b.target and (b.target.value, b.target.comparator)) for b in found.blocks] == [
        ("amber", (95, None)),
        ("red", (7, "<=")),
    ]
    assert said(found.blocks[0]) == [("note", WHY), ("outlook", NEXT)]


def test_a_key_in_pairs_of_columns_holds_no_items_and_its_dash_is_a_status() -> None:
    sheet = opening()
    sheet.table(
        [40, 180, 40, 180],
        [
            [C("G", fill=GREEN), "As planned or better", C("▲"), "Higher than last year"],
            [C("A", fill=AMBER), "Behind plan, may recover", C("►"), "No different"],
            [C("R", fill=RED), "Behind plan, will not recover", C("▼"), "Poorer than last year"],
            [C("-"), "No target set", "", ""],
        ],
    )
    sheet.table(
        [200, 70, 70, 60],
        [
            ["Measure", "Target", "2021/22 Q2", "RAG"],
            ["Bins collected on the day due", "95%", "93%", C("A", fill=AMBER)],
            ["Fly-tips cleared within two days", "No target", "61%", C("-")],
        ],
        head=1,
    )
    found = read(sheet)
    assert [(b.title, b.rag) for b in found.blocks] == [
        ("Bins collected on the day due", "amber"),
        ("Fly-tips cleared within two days", "grey"),
    ]


def test_a_list_of_what_is_due_on_a_day_and_measured_by_nothing_holds_actions() -> None:
    sheet = opening()
    sheet.table(
        [200, 80, 70, 150],
        [
            ["Code & Short Name", "Due Date", "Status", "Latest Note"],
            ["DEV1 Adopt the plan for clean streets", "31-Mar-2022", "Green", WHY],
            ["DEV2 Replace the sweepers", "30-Nov-2021", "Red", NEXT],
        ],
        head=1,
    )
    found = read(sheet)
    assert [(b.ref, b.kind, b.target and (b.target.text, b.target.value)) for b in found.blocks] == [
        ("DEV1", "action", ("31-Mar-2022", None)),
        ("DEV2", "action", ("30-Nov-2021", None)),
    ]


def test_a_cell_of_a_risk_says_where_it_stands_and_what_is_still_to_do() -> None:
    sheet = opening()
    sheet.table(
        [40, 150, 60, 60, 190],
        [
            ["Ref", "Risk", "Q2 score", "Level", "Position and planned mitigation"],
            ["R3", "Some services cannot be paid for", "12", C("High", fill=RED), f"Now: {WHY}\nStill to do: {NEXT}"],
            ["R5", "Loss of systems by an attack", "8", C("Medium", fill=AMBER), f"Now: {WHY}\nStill to do: {NEXT}"],
        ],
        head=1,
    )  # fmt: skip
    found = read(sheet)
    assert [(b.kind, b.ref, b.rag) for b in found.blocks] == [("risk", "R3", "red"), ("risk", "R5", "amber")]
    assert said(found.blocks[0]) == [("note", WHY), ("action", NEXT)]


# --- slides: numbers without a heading, risks under a banner --------------------------------------------------


def risk_slide(number: int, ref: str, title: str, rating: str, ground: Colour) -> Sheet:
    """A banner that gives the ref, the title below it, the rating in a painted box, and three columns under headings."""
    sheet = Sheet(number, 960, 540)
    sheet.paint(0, 0, 960, 58, NAVY)
    sheet.line(35, 18, f"Corporate risk {ref}", 20, WHITE, bold=True)
    sheet.y = 80
    sheet.say(title, 17, bold=True, x=35)
    sheet.paint(694, 76, 927, 122, ground)
    sheet.line(730, 92, f"Current rating: {rating}", 13, WHITE, bold=True)
    sheet.y = 128
    sheet.say("Risk owner: Morag Teal", 12, x=35)
    for x, head_, text in (
        (28, "The situation", WHY),
        (337, "Controls we rely on", NEXT),
        (646, "Still to come", NEXT),
    ):
        sheet.paint(x, 162, x + 284, 192, NAVY)
        sheet.line(x + 90, 170, head_, 12, WHITE, bold=True)
        sheet.paint(x, 192, x + 284, 290, PALE)
        sheet.y = 200
        sheet.say(text, 12, x=x + 8, width=265)
    sheet.line(35, 519, "Performance Improvement Plan 2021/22 – second quarter review", 8)
    return sheet


def test_a_risk_on_a_slide_has_its_ref_from_the_banner_and_its_status_from_the_painted_rating() -> None:
    found = read(
        opening(1, 960, 540),
        risk_slide(2, "CR2", "Income from car parks falls short", "MEDIUM", AMBER),
        risk_slide(3, "CR6", "Rounds are stopped by sickness", "HIGH", RED),
        risk_slide(4, "CR9", "Building costs hold up the depot", "HIGH", RED),
    )
    assert [(b.kind, b.ref, b.title, b.rag) for b in found.blocks] == [
        ("risk", "CR2", "Income from car parks falls short", "amber"),
        ("risk", "CR6", "Rounds are stopped by sickness", "red"),
        ("risk", "CR9", "Building costs hold up the depot", "red"),
    ]
    assert said(found.blocks[0]) == [("note", WHY), ("action", NEXT), ("outlook", NEXT)]
    assert [o.name for o in found.blocks[0].owners] == ["Morag Teal"]


def test_numbers_in_a_column_without_a_heading_are_refs_and_sentences_under_a_date_commentary() -> None:
    sheet = opening(1, 960, 540)
    sheet.table(
        [40, 200, 100, 110, 70, 280],
        [
            ["", "Action", "Who", "By when", "Status", "Position at 30 September"],
            ["3.1", "Open the depot", "Morag Teal", "October 2021", "Red", WHY],
            ["3.2", "Plant the verges", "Rhys Lowe", "March 2022", "Green", "£412,000 of £690,000 paid. " + NEXT],
        ],
        head=1,
    )  # fmt: skip
    found = read(sheet)
    assert [(b.kind, b.ref, b.outturns) for b in found.blocks] == [
        ("action", "3.1", ()),
        ("action", "3.2", ()),
    ]
    assert [len(b.commentary) for b in found.blocks] == [1, 1]


def test_the_slide_that_explains_the_symbols_is_no_item() -> None:
    sheet = Sheet(2, 960, 540)
    sheet.say("Symbols used in this pack", 24, bold=True)
    sheet.say("In focus: what each colour says and how often the figures are looked at by the committee.")
    sheet.say("Performance Improvement Plan – it was agreed by the council in June after some debate.")
    assert not read(opening(1, 960, 540), sheet).blocks


# --- dashboards: arrows in pairs, a bar among arrows, a service named twice -----------------------------------


def test_a_bar_among_arrows_is_steady_and_grey_arrows_may_mean_neither() -> None:
    sheet = opening()
    sheet.say("Reading the icons", 12, bold=True)
    for colour, text in (
        (GREEN, "figure rose or fell, for the better"),
        (RED, "figure rose or fell, for the worse"),
        (GREY, "rose or fell; neither good nor bad"),
    ):
        sheet.draw(triangle("up", colour), 55, sheet.y + 6)
        sheet.draw(triangle("down", colour), 68, sheet.y + 6)
        sheet.say(text, x=80)
    sheet.say("Housing", 14, bold=True)
    sheet.say("Department: Housing", 9)
    box = sheet.table(
        [200, 70, 70, 60],
        [
            ["Measure", "Target", "2021/22 Q2", "Trend"],
            ["Homes let", "95%", "93%", C("", signs=(triangle("down", GREEN),))],
            ["Rent collected", "95%", "93%", C("", signs=(triangle("up", GREY),))],
            ["Repairs done on time", "95%", "93%", ""],
        ],
        head=1,
    )
    y = box.y1 - 10
    sheet.rules.append(Rule(Box(1, 415, y, 424, y + 3), True, GREY))
    found = read(sheet)
    assert [(b.title, b.direction, b.service) for b in found.blocks] == [
        ("Homes let", "improving", "Housing"),
        ("Rent collected", None, "Housing"),
        ("Repairs done on time", "steady", "Housing"),
    ]


def test_dates_under_an_unknown_heading_are_due_and_no_refs() -> None:
    sheet = opening()
    sheet.table(
        [160, 80, 90, 50, 110],
        [
            ["Project", "Project manager", "To be finished by", "Rating", "Where things stand"],
            ["Move the market", "Morag Teal", "May 2022", "Red", WHY],
            ["Build twelve homes", "Rhys Lowe", "March 2023", "Green", NEXT],
        ],
        head=1,
    )
    assert [(b.kind, b.ref, b.target and b.target.text) for b in read(sheet).blocks] == [
        ("action", None, "May 2022"),
        ("action", None, "March 2023"),
    ]


def test_a_key_over_the_headings_and_a_priority_written_upwards_over_several_rows() -> None:
    sheet = opening(width=842, height=595)
    top = sheet.y
    rows: list[list[C | str | None]] = [
        [
            "",
            "",
            C("Meets target", fill=GREEN),
            C("Within tolerance", fill=AMBER),
            C("Outside tolerance", fill=RED),
        ],
        ["Priority", "Ref", "Measure", "Q2 2021/22", "Target"],
    ]
    names = ["Bins collected on the day", "Fly-tips cleared in two days", "Lamps mended in a week"]
    for k, name in enumerate(names):
        rows.append([C(fill=PALE), f"1.0{k + 1}", name, C(f"9{k}%", fill=(GREEN, AMBER, RED)[k]), "92%"])
    box = sheet.table([40, 40, 200, 120, 120], rows)
    high = (box.y1 - box.y0) / 5
    left = box.x0 - 1
    sheet.rules = [  # no line between the cells of the priority: each row paints its own part of it
        r for r in sheet.rules
        if not (r.horizontal and r.box.x0 < left + 5 and r.box.x1 < left + 45 and r.box.y0 > top + 2.5 * high
                and r.box.y0 < box.y1 - 2)
    ]  # fmt: skip
    y = box.y1 - 0.2 * high
    for word in ("Clean", "streets"):
        wide = 3.9 * len(word)
        at = Box(1, box.x0 + 15, round(y - wide, 2), box.x0 + 25, round(y, 2))
        sheet.words.append(Word(word, at, 8, "", True, False, (0.0, 0.0, 0.0), 90))
        y -= wide + 2.2
    blocks = read(sheet).blocks
    assert [(b.ref, b.title, b.rag) for b in blocks] == list(
        zip(["1.01", "1.02", "1.03"], names, ["green", "amber", "red"], strict=True)
    )
    assert all(b.service == "Clean streets" for b in blocks), [b.service for b in blocks]


def test_the_marks_of_a_chart_on_a_detail_page_do_not_part_it_from_its_row() -> None:
    """A page about one row prints its figure again, and a chart whose marks are read as figures of that quarter."""

    def at(*values: float) -> list[Figure]:
        return [Figure("2024/25 Q1", f"{v:g}%", v) for v in values]

    row = Draft("Potholes mended within a week", source="list", table=1, figures=at(38.0))
    page = Draft("Potholes mended within a week", source="item", figures=at(38.0, 60.0, 40.0, 20.0, 0.0))
    other = Draft("Potholes mended within a week", source="item", figures=at(44.0))
    (joined,) = merge([row, page])
    assert [f.value for f in joined.figures] == [38.0]
    assert [f.value for f in joined.dropped] == [60.0, 40.0, 20.0, 0.0], "left out, and a warning says so"
    row = Draft("Potholes mended within a week", source="list", table=1, figures=at(38.0))
    assert len(merge([row, other])) == 2


@pytest.mark.parametrize("label", ["The story behind the number", "The story behind the numbers"])
def test_a_panel_that_tells_the_story_of_a_number_is_no_item(label: str) -> None:
    sheet = opening()
    sheet.say("P4 Potholes mended within a week", 14, bold=True)
    sheet.say(label, 13, bold=True)
    sheet.say("Frost in February left twice the usual number of holes for the same three crews.", 10)
    (block,) = segment(document(sheet)).blocks
    assert [(c.section, c.heading) for c in block.commentary] == [("reason", label)]

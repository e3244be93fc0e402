"""Reports of every family, made by hand, to indicator blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import pages as make
from councilscope import pdf
from councilscope.blocks import Segmented, segment
from councilscope.blocks.labels import section_label
from councilscope.geometry import Box, per_page
from councilscope.records import Block, Commentary
from councilscope.text import paragraphs
from pages import AMBER, BLUE, GREEN, NAVY, PALE, PURPLE, RED, C, Sheet, document, opening, print_pdf

ROOT = Path(__file__).resolve().parents[1]
WHITE = (1.0, 1.0, 1.0)
LONG = (
    "Two of the six crews had no driver for most of June, so that the hill round was run on Saturdays only."
)
NEXT = (
    "Drivers from the depot pool cover the round from July, and four posts were advertised in the same week."
)


def read(*sheets: Sheet) -> Segmented:
    return segment(document(*sheets))


def one(*sheets: Sheet) -> Block:
    blocks = read(*sheets).blocks
    assert len(blocks) == 1, [b.title for b in blocks]
    return blocks[0]


def titles(found: Segmented) -> list[str]:
    return [b.title for b in found.blocks]


def said(block: Block) -> list[tuple[str, str]]:
    """(section, text) of a block's commentary."""
    return [(c.section, c.text) for c in block.commentary]


def figures(block: Block) -> dict[str | None, float | None]:
    return {o.period: o.value for o in block.outturns}


# --- rows of a list -----------------------------------------------------------------------------------------

HEAD = ["Ref", "Measure", "Target", "Q1 2021/22", "Q2 2021/22", "RAG"]
LIST_WIDTHS = [40, 170, 60, 70, 70, 60]
ROWS: list[list[C | str | None]] = [
    ["ST1", "Bins collected on the day due", "99%", "97.5%", "98.1%", C("Amber", fill=AMBER)],
    ["ST2", "Fly-tips cleared within two days", "90%", "92%", "95%", C("Green", fill=GREEN)],
    ["ST3", "Street lights mended in a week", "85%", "80%", "61%", C("Red", fill=RED)],
]


def test_a_list_gives_a_block_a_row() -> None:
    sheet = opening()
    sheet.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    found = read(sheet)
    assert found.title == "Aldermoor Borough Council" or "Performance report" in str(found.title)
    assert found.council is not None and found.council.name == "Aldermoor Borough Council"
    assert found.period is not None and found.period.label == "2021/22 Q2"
    assert found.language == "en"
    assert [(b.ref, b.title, b.rag, b.rag_shown_as) for b in found.blocks] == [
        ("ST1", "Bins collected on the day due", "amber", "text"),
        ("ST2", "Fly-tips cleared within two days", "green", "text"),
        ("ST3", "Street lights mended in a week", "red", "text"),
    ]
    first = found.blocks[0]
    assert first.kind == "indicator"
    assert first.target is not None and (first.target.value, first.target.unit) == (99, "%")
    assert figures(first) == {"2021/22 Q1": 97.5, "2021/22 Q2": 98.1}
    assert found.warnings == []


def test_two_heading_rows_give_each_column_its_period() -> None:
    sheet = opening(width=842, height=595)
    sheet.table(
        [40, 200, 60, 70, 70, 70, 70],
        [
            [C("Ref", rows=2), C("Measure", rows=2), C("Target", rows=2), C("2020/21", cols=2), None, C("2021/22", cols=2), None],
            [None, None, None, "Q1", "Q2", "Q1", "Q2"],
            ["ST1", "Bins collected on the day due", "99%", C("96%", fill=RED), C("97%", fill=AMBER), C("98%", fill=AMBER), C("99.2%", fill=GREEN)],
            ["ST2", "Fly-tips cleared within two days", "90%", C("91%", fill=GREEN), C("93%", fill=GREEN), C("92%", fill=GREEN), C("88%", fill=AMBER)],
        ],
        head=2,
    )  # fmt: skip
    first, second = read(sheet).blocks
    assert figures(first) == {"2020/21 Q1": 96, "2020/21 Q2": 97, "2021/22 Q1": 98, "2021/22 Q2": 99.2}
    assert [o.rag for o in first.outturns] == ["red", "amber", "amber", "green"]
    assert (first.rag, first.rag_shown_as) == ("green", "colour"), (
        "the colour of the reported period's figure"
    )
    assert (second.rag, figures(second)["2021/22 Q2"]) == ("amber", 88)


def test_words_in_brackets_behind_a_figure_are_its_status() -> None:
    sheet = opening()
    rows = [
        ["Ref", "Measure", "Target", "Q1", "Q2"],
        ["ST1", "Bins collected on the day due", "99%", "96% (Off track)", "99.2% (On track)"],
        ["ST2", "Fly-tips cleared within two days", "90%", "91% (On track)", "88% (At risk)"],
    ]
    sheet.table([40, 200, 60, 100, 100], rows, head=1)
    first, second = read(sheet).blocks
    assert (first.rag, second.rag) == ("green", "amber")
    assert [o.rag for o in first.outturns] == ["red", "green"]


def test_a_row_of_words_beneath_is_the_rows_commentary() -> None:
    sheet = opening()
    rows: list[list[C | str | None]] = [HEAD]  # type: ignore[list-item]
    for row, words in zip(ROWS[:2], (LONG, NEXT), strict=True):
        rows += [row, [C(words, cols=6), None, None, None, None, None]]
    sheet.table(LIST_WIDTHS, rows, head=1)
    first, second = read(sheet).blocks
    assert said(first) == [("note", LONG)]
    assert said(second) == [("note", NEXT)]


def test_labels_in_a_comment_row_make_sections() -> None:
    sheet = opening()
    words = f"**Reason:** {LONG}\n**Next steps:** {NEXT}"
    sheet.table(LIST_WIDTHS, [HEAD, ROWS[0], [C(words, cols=6), None, None, None, None, None], ROWS[1]])
    first, second = read(sheet).blocks
    assert said(first) == [("reason", LONG), ("outlook", NEXT)]
    assert [c.heading for c in first.commentary] == ["Reason:", "Next steps:"]
    assert second.commentary == ()


def test_columns_of_words_are_commentary_and_owners_are_split_from_their_roles() -> None:
    sheet = opening(width=842, height=595)
    sheet.table(
        [150, 120, 50, 60, 50, 160, 150],
        [
            ["Measure", "Lead officer", "Target", "Actual", "RAG", "Reason for performance", "Remedial action"],
            ["Bins collected on the day due", "Morag Teal - Head of Streets", "99%", "96%", C("R", fill=RED), LONG, NEXT],
        ],
        head=1,
    )  # fmt: skip
    block = one(sheet)
    assert said(block) == [("reason", LONG), ("action", NEXT)]
    assert [(o.name, o.role) for o in block.owners] == [("Morag Teal", "Head of Streets")]
    assert (block.rag, block.rag_shown_as) == ("red", "letter")
    assert figures(block) == {"2021/22 Q2": 96}


def test_band_rows_name_the_service_of_the_rows_below() -> None:
    sheet = opening()
    band = lambda t: [C(t, cols=6, fill=NAVY, colour=WHITE), None, None, None, None, None]  # noqa: E731
    sheet.table(LIST_WIDTHS, [HEAD, band("Streets"), ROWS[0], ROWS[1], band("Lighting"), ROWS[2]], head=1)
    assert [b.service and b.service.rpartition(" > ")[2] for b in read(sheet).blocks] == [
        "Streets",
        "Streets",
        "Lighting",
    ]


def test_a_heading_names_the_service_of_the_list_below() -> None:
    sheet = opening()
    sheet.say("Priority 2: Clean streets", 14, bold=True)
    sheet.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    assert {b.service for b in read(sheet).blocks} == {"Priority 2: Clean streets"}


def test_the_title_of_the_report_is_no_service() -> None:
    sheet = opening()
    sheet.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    assert {b.service for b in read(sheet).blocks} == {None}


@pytest.mark.parametrize("repeated", [True, False], ids=["header repeated", "no header"])
def test_a_list_goes_on_over_the_page_and_a_cut_row_is_joined(repeated: bool) -> None:
    head = ["Ref", "Measure", "Target", "Actual", "RAG", "Comments"]
    widths = [40, 130, 50, 50, 50, 170]
    one_, two = opening(), Sheet(2)
    cut = LONG.split()
    one_.table(widths, [head, ["ST1", "Bins collected on the day due", "99%", "98%", "Amber", "Crews were one short in May."], ["ST2", "Fly-tips cleared within two days", "90%", "70%", "Red", " ".join(cut[:9])]], head=1)  # fmt: skip
    rest: list[list[C | str | None]] = [["", "", "", "", "", " ".join(cut[9:])], ["ST3", "Street lights mended in a week", "85%", "90%", "Green", "Cable faults are fewer."]]  # fmt: skip
    two.table(widths, [head, *rest] if repeated else rest, head=1 if repeated else 0)
    found = read(one_, two)
    assert [b.ref for b in found.blocks] == ["ST1", "ST2", "ST3"]
    assert said(found.blocks[1]) == [("note", LONG)]
    assert [r.page for r in found.blocks[1].regions] == [1, 2]
    assert [r.page for r in found.blocks[2].regions] == [2]


def test_a_text_cut_by_the_page_has_a_region_on_both() -> None:
    one_, two = opening(), Sheet(2)
    cut = LONG.split()
    head = ["Ref", "Measure", "Target", "Actual", "RAG", "Comments"]
    widths = [40, 130, 50, 50, 50, 170]
    one_.table(
        widths, [head, ["ST2", "Fly-tips cleared within two days", "90%", "70%", "Red", " ".join(cut[:9])]]
    )
    two.table(widths, [head, ["", "", "", "", "", " ".join(cut[9:])]])
    [comment] = one(one_, two).commentary
    assert comment.text == LONG
    assert [r.page for r in comment.regions] == [1, 2]


def test_rows_by_ref_alone_on_the_next_page_join_their_titles() -> None:
    one_, two = opening(), Sheet(2)
    one_.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    two.table(
        [60, 200, 200],
        [["Ref", "Reason for performance", "Next steps"], ["ST1", LONG, NEXT], ["ST3", NEXT, LONG]],
        head=1,
    )
    found = read(one_, two)
    assert [b.ref for b in found.blocks] == ["ST1", "ST2", "ST3"]
    assert said(found.blocks[0]) == [("reason", LONG), ("outlook", NEXT)]
    assert found.blocks[1].commentary == ()
    assert said(found.blocks[2]) == [("reason", NEXT), ("outlook", LONG)]
    assert [r.page for r in found.blocks[2].regions] == [1, 2]


def test_actions_have_their_milestone_as_target() -> None:
    sheet = opening()
    sheet.table(
        [40, 220, 80, 60, 80],
        [
            ["Ref", "Key action", "Milestone", "RAG", "Lead"],
            ["1.1", "Open a second depot in the north of the borough", "March 2022", C(fill=AMBER), "Head of Streets"],
            ["1.2", "Replace the oldest cage lorries with electric ones", "Complete by 30/09/2021", C(fill=BLUE), "Ivo Stannard"],
        ],
        head=1,
    )  # fmt: skip
    first, second = read(sheet).blocks
    assert (first.kind, first.ref, first.rag, first.rag_shown_as) == ("action", "1.1", "amber", "colour")
    assert first.target is not None and (first.target.text, first.target.value) == ("March 2022", None)
    assert second.target is not None and second.target.text == "Complete by 30/09/2021"
    assert second.rag == "blue"
    assert [(o.name, o.role) for o in (*first.owners, *second.owners)] == [
        (None, "Head of Streets"),
        ("Ivo Stannard", None),
    ]


def test_signs_and_arrows_in_cells() -> None:
    sheet = opening()
    row = lambda t, sign, way: [t, "90%", "88%", C(signs=(sign,)), C(signs=(way,))]  # noqa: E731
    sheet.table(
        [200, 60, 60, 60, 80],
        [
            ["Measure", "Target", "Actual", "Status", "Direction of travel"],
            row("Bins collected on the day due", make.dot(RED), make.arrow("down", RED)),
            row("Fly-tips cleared within two days", make.star(GREEN), make.arrow("up", GREEN)),
            row("Street lights mended in a week", make.dot(AMBER), make.double_arrow()),
        ],
        head=1,
    )
    assert [(b.rag, b.rag_shown_as, b.direction) for b in read(sheet).blocks] == [
        ("red", "icon", "worsening"),
        ("green", "icon", "improving"),
        ("amber", "icon", "steady"),
    ]


def test_numerator_and_denominator_belong_to_the_percentage_they_make() -> None:
    sheet = opening()
    sheet.table(
        [200, 60, 110, 60],
        [
            ["Measure", "Target", "Actual", "RAG"],
            ["Homes let within target time", "90%", "(164/173) 94.8%", "Green"],
            ["Calls answered within a minute", "80%", "71.4% (5/7)", "Red"],
        ],
        head=1,
    )
    for block, pair in zip(read(sheet).blocks, ((164, 173), (5, 7)), strict=True):
        figure = block.outturns[0]
        assert (figure.numerator, figure.denominator) == pair
        check_percentage(block)


def check_percentage(block: Block) -> None:
    """A printed percentage is numerator over denominator to the precision it is printed with."""
    for o in block.outturns:
        if o.unit == "%" and o.value is not None and o.numerator is not None and o.denominator:
            places = len(str(o.value).partition(".")[2]) if not float(o.value).is_integer() else 0
            assert 100 * o.numerator / o.denominator == pytest.approx(o.value, abs=0.5 * 10**-places + 1e-9)


@pytest.mark.parametrize(
    ("title", "polarity"),
    [
        ("Days to let a home (lower is better)", "lower"),
        ("Visits to leisure centres (higher is better)", "higher"),
        ("Visits to leisure centres (all ages)", None),
    ],
)
def test_polarity_in_the_brackets_of_a_title(title: str, polarity: str | None) -> None:
    sheet = opening()
    sheet.table(
        [260, 60, 60, 60], [["Measure", "Target", "Actual", "RAG"], [title, "21", "35", "Red"]], head=1
    )
    block = one(sheet)
    assert block.polarity == polarity
    assert block.title == title


def test_status_by_the_heading_above() -> None:
    sheet = opening()
    sheet.say("Red indicators", 14, bold=True)
    sheet.table(
        [240, 60, 60],
        [["Measure", "Target", "Actual"], ["Bins collected on the day due", "99%", "90%"]],
        head=1,
    )
    sheet.say("Green indicators", 14, bold=True)
    sheet.table(
        [240, 60, 60],
        [["Measure", "Target", "Actual"], ["Fly-tips cleared within two days", "90%", "95%"]],
        head=1,
    )
    assert [(b.rag, b.rag_shown_as) for b in read(sheet).blocks] == [("red", "heading"), ("green", "heading")]


def test_status_by_the_heading_above_prose() -> None:
    sheet = opening()
    sheet.say("Red indicators", 14, bold=True)
    sheet.say("**Measure:** Bins collected on the day due")
    sheet.say(f"**Commentary:** {LONG}")
    block = one(sheet)
    assert (block.rag, block.rag_shown_as) == ("red", "heading")


def test_readings_that_disagree_are_warned_about_with_page_and_title() -> None:
    sheet = opening()
    sheet.table(
        [240, 60, 60, 60],
        [
            ["Measure", "Target", "Actual", "RAG"],
            ["Bins collected on the day due", "99%", "90%", C("Green", fill=RED)],
        ],
        head=1,
    )
    found = read(sheet)
    [warning] = found.warnings
    assert (warning.code, warning.page) == ("status_conflict", 1)
    assert "Bins collected" in warning.message and "text says green" in warning.message
    assert found.blocks[0].rag == "green"
    sure = opening()
    sure.table(
        [240, 60, 60, 60],
        [
            ["Measure", "Target", "Actual", "RAG"],
            ["Bins collected on the day due", "99%", "90%", C("Red", fill=RED)],
        ],
        head=1,
    )
    assert found.blocks[0].confidence < one(sure).confidence


# --- what is no block ---------------------------------------------------------------------------------------


def with_list(write: Callable[[Sheet], object]) -> Segmented:
    sheet = opening()
    write(sheet)
    sheet.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    return read(sheet)


def key(sheet: Sheet) -> None:
    sheet.table(
        [60, 300],
        [
            ["Key", "What the colours mean"],
            [C(fill=GREEN), "On target"],
            [C(fill=AMBER), "Within tolerance of the target"],
            [C(fill=RED), "Below target"],
        ],
    )


def key_in_a_row(sheet: Sheet) -> None:
    sheet.table(
        [30, 120, 30, 130, 30, 120],
        [[C(fill=GREEN), "On target", C(fill=AMBER), "Slightly off target", C(fill=RED), "Off target"]],
    )


def counts(sheet: Sheet) -> None:
    sheet.table(
        [120, 60, 60, 60],
        [["Service", "Red", "Amber", "Green"], ["Streets", "1", "1", "1"], ["Homes", "4", "0", "12"]],
    )


def counts_by_quarter(sheet: Sheet) -> None:
    sheet.table(
        [120, 80, 80],
        [
            ["Measures", "Q1 2021/22", "Q2 2021/22"],
            ["Red indicators", "1", "2"],
            ["Amber indicators", "3", "1"],
            ["Green indicators", "9", "10"],
        ],
    )


def key_with_descriptions(sheet: Sheet) -> None:
    sheet.table(
        [80, 300],
        [
            ["RAG rating", "Description"],
            [C("Green", fill=GREEN), "The target was met or exceeded in the quarter"],
            [C("Amber", fill=AMBER), "The figure lies within tolerance of the target"],
            [C("Red", fill=RED), "The target was missed by more than the tolerance"],
        ],
        head=1,
    )


def key_with_a_heading_row(sheet: Sheet) -> None:
    sheet.table(
        [60, 240, 100],
        [
            ["RAG", "Performance", "Direction"],
            [C("G", fill=GREEN), "Target met or exceeded", "▲ Improving"],
            [C("A", fill=AMBER), "Within tolerance of the target", "► No change"],
            [C("R", fill=RED), "Target missed by more than the tolerance", "▼ Worsening"],
        ],
        head=1,
    )


def contents(sheet: Sheet) -> None:
    sheet.say("Contents", 14, bold=True)
    for k, words in enumerate(("Clean streets", "Good homes", "Strong towns")):
        sheet.say(f"{words} {'.' * 60} {k + 3}", gap=2)
    sheet.y += 20
    sheet.say("Clean streets", 14, bold=True)


def cover(sheet: Sheet) -> None:
    sheet.say("Report for Scrutiny Committee, 4 November 2021")
    sheet.say("This paper sets out how the council did in the second quarter and asks members to note it.")


@pytest.mark.parametrize(
    "write",
    [
        key,
        key_in_a_row,
        key_with_descriptions,
        key_with_a_heading_row,
        counts,
        counts_by_quarter,
        contents,
        cover,
    ],
)
def test_keys_counts_contents_and_covers_are_no_blocks(write: Callable[[Sheet], object]) -> None:
    found = with_list(write)
    assert [b.ref for b in found.blocks] == ["ST1", "ST2", "ST3"]
    assert not any(b.commentary for b in found.blocks)


def test_a_letter_without_council_period_or_items_is_told_of() -> None:
    sheet = Sheet()
    sheet.say("The meeting will take place in the town hall.")
    found = read(sheet)
    assert found.blocks == []
    assert {w.code for w in found.warnings} >= {"no_period", "no_council"}


def test_the_key_gives_blue_purple_and_words_their_meaning() -> None:
    sheet = opening()
    sheet.table(
        [60, 300],
        [
            ["Key", ""],
            [C(fill=BLUE), "On target"],
            [C(fill=PURPLE), "Action complete"],
            [C("Drifting", fill=AMBER), "Within tolerance of the target"],
            [C("Sunk", fill=RED), "Below target"],
        ],
    )
    row = lambda t, status: [t, "90%", "88%", status]  # noqa: E731
    sheet.table(
        [240, 60, 60, 60],
        [
            ["Measure", "Target", "Actual", "RAG"],
            row("Bins collected on the day due", C(fill=BLUE)),
            row("Fly-tips cleared within two days", C(fill=PURPLE)),
            row("Street lights mended in a week", "Drifting"),
            row("Potholes made safe within a day", "Sunk"),
        ],
        head=1,
    )
    assert [b.rag for b in read(sheet).blocks] == ["green", "blue", "amber", "red"]


def test_a_key_can_make_a_colour_mean_not_rated() -> None:
    sheet = opening()
    sheet.table(
        [60, 300],
        [
            ["Key", ""],
            [C(fill=GREEN), "On target"],
            [C(fill=RED), "Below target"],
            [C(fill=PURPLE), "No target set"],
        ],
    )
    sheet.table(
        [240, 60, 60, 60],
        [
            ["Measure", "Target", "Actual", "RAG"],
            ["Bins collected on the day due", "-", "88%", C(fill=PURPLE)],
        ],
        head=1,
    )
    assert one(sheet).rag == "grey"


# --- forms --------------------------------------------------------------------------------------------------


def form(sheet: Sheet, title: str, status: C) -> None:
    sheet.table(
        [110, 95, 95, 95, 95],
        [
            [C("Measure", fill=PALE), C(title, cols=4), None, None, None],
            [C("Responsible officer", fill=PALE), C("Morag Teal, Head of Streets", cols=4), None, None, None],
            [C("Good performance is", fill=PALE), C("High", cols=4), None, None, None],
            ["", "Q3 2020/21", "Q4 2020/21", "Q1 2021/22", "Q2 2021/22"],
            ["Actual", "95%", "96%", "97.5%", "98.1%"],
            ["Target", "98%", "98%", "99%", "99%"],
            ["RAG", C("Red", fill=RED), C("Amber", fill=AMBER), C("Amber", fill=AMBER), status],
            [C("Reason for performance", cols=5, fill=PALE), None, None, None, None],
            [C(LONG, cols=5), None, None, None, None],
            [C("What are we doing about it?", cols=5, fill=PALE), None, None, None, None],
            [C(NEXT, cols=5), None, None, None, None],
        ],
    )


def test_a_form_with_a_grid_of_periods() -> None:
    sheet = opening()
    form(sheet, "Bins collected on the day due", C("Amber", fill=AMBER))
    form(sheet, "Fly-tips cleared within two days", C("Green", fill=GREEN))
    first, second = read(sheet).blocks
    assert (first.title, first.rag, first.polarity) == ("Bins collected on the day due", "amber", "higher")
    assert [(o.name, o.role) for o in first.owners] == [("Morag Teal", "Head of Streets")]
    assert [(o.period, o.value, o.rag) for o in first.outturns] == [
        ("2020/21 Q3", 95, "red"),
        ("2020/21 Q4", 96, "amber"),
        ("2021/22 Q1", 97.5, "amber"),
        ("2021/22 Q2", 98.1, "amber"),
    ]
    assert first.target is not None and first.target.value == 99
    assert said(first) == [("reason", LONG), ("action", NEXT)]
    assert (second.title, second.rag) == ("Fly-tips cleared within two days", "green")


# --- slides, cards, prose -----------------------------------------------------------------------------------


def slide(number: int, title: str, period: str, figure: str, target: str, word: str) -> Sheet:
    sheet = Sheet(number, 960, 540)
    sheet.say(title, 24, bold=True, gap=24)
    top = sheet.y
    for x, label, value in ((50.0, period, figure), (220.0, "Target", target)):
        sheet.y = top
        sheet.say(label, 12, x=x, width=140, gap=4)
        sheet.say(value, 30, x=x, width=140)
    sheet.y = top
    sheet.say(word, 12, x=400, width=200)
    sheet.y = top + 90
    sheet.say("**Why is it like this?**", 12, gap=4)
    sheet.say(LONG, 12)
    sheet.say("**What next?**", 12, gap=4)
    sheet.say(NEXT, 12)
    return sheet


def cover_slide() -> Sheet:
    return opening(1, 960, 540)


def test_slides_with_figures_called_out() -> None:
    found = read(
        cover_slide(),
        slide(2, "Bins collected on the day due", "Q2 2021/22", "98.1%", "99%", "Improving"),
        slide(3, "Fly-tips cleared within two days", "Q2 2021/22", "61%", "90%", "Getting worse"),
    )
    assert titles(found) == ["Bins collected on the day due", "Fly-tips cleared within two days"]
    first, second = found.blocks
    assert ("2021/22 Q2", "98.1%") in [(o.period, o.text) for o in first.outturns]
    assert first.target is not None and first.target.value == 99
    assert (first.direction, second.direction) == ("improving", "worsening")
    assert said(first) == [("reason", LONG), ("outlook", NEXT)]
    assert {r.page for r in second.regions} == {3}


def test_figures_called_out_on_a_slide_count_once() -> None:
    block = one(
        cover_slide(), slide(2, "Bins collected on the day due", "Q2 2021/22", "98.1%", "99%", "Improving")
    )
    assert [(o.period, o.text) for o in block.outturns] == [("2021/22 Q2", "98.1%")]


@pytest.mark.parametrize(
    "painted",
    [
        True,
        False,
    ],
    ids=["on a ground", "in a frame"],
)
def test_cards_beside_each_other(painted: bool) -> None:
    sheet = cover_slide()
    two = Sheet(2, 960, 540)
    two.say("Clean streets", 24, bold=True, gap=20)
    cards = [
        ("Bins collected on the day due", "98.1%", "Target: 99%", AMBER, make.arrow("up", GREEN)),
        ("Fly-tips cleared within two days", "61%", "Target: 90%", RED, make.arrow("down", RED)),
        ("Street lights mended in a week", "88%", "Target: 85%", GREEN, make.arrow("right", AMBER)),
    ]
    top = two.y
    for k, (title, figure, target, colour, way) in enumerate(cards):
        x = 50 + 290 * k
        if painted:
            two.paint(x, top, x + 270, top + 200, PALE)
        else:
            two.frame(x, top, x + 270, top + 200)
        two.paint(x, top, x + 270, top + 8, colour)
        two.y = top + 20
        two.say(title, 13, bold=True, x=x + 12, width=240)
        two.say(figure, 32, x=x + 12, width=150)
        two.say(target, 11, x=x + 12, width=150)
        two.draw(way, x + 230, top + 90)
    found = read(sheet, two)
    assert titles(found) == [c[0] for c in cards]
    assert [b.rag for b in found.blocks] == ["amber", "red", "green"]
    assert [b.rag_shown_as for b in found.blocks] == ["colour"] * 3
    assert [b.target and b.target.value for b in found.blocks] == [99, 90, 85]
    assert [figures(b) for b in found.blocks] == [
        {"2021/22 Q2": 98.1},
        {"2021/22 Q2": 61},
        {"2021/22 Q2": 88},
    ]
    assert [b.direction for b in found.blocks] == ["improving", "worsening", "steady"]


def test_prose_with_labels() -> None:
    sheet = opening()
    for title, status in (
        ("Bins collected on the day due", "Amber"),
        ("Fly-tips cleared within two days", "Red"),
    ):
        sheet.say(f"**Measure:** {title}")
        sheet.say(f"**Target:** 99% **Actual:** 91% **Status:** {status}")
        sheet.say(f"**Reason for {status}:** {LONG}")
        sheet.say(f"**Remedial action:** {NEXT}")
    first, second = read(sheet).blocks
    assert (first.title, first.rag, second.rag) == ("Bins collected on the day due", "amber", "red")
    assert first.target is not None and first.target.value == 99
    assert figures(first) == {"2021/22 Q2": 91}
    assert said(second) == [("reason", LONG), ("action", NEXT)]


@pytest.mark.parametrize(
    ("printed", "section", "heading", "words"),
    [
        ("**Reason for Red:** crews are short", "reason", "Reason for Red:", 3),
        ("**Next steps** crews will be hired", "outlook", "Next steps", 2),
        ("Remedial action: crews will be hired", "action", "Remedial action:", 2),
        ("**Next steps** – crews will be hired", "outlook", "Next steps", 3),
        ("What next? Crews will be hired", "outlook", "What next?", 2),
        ("**Financial implications**", "finance", "Financial implications", 2),
        ("Crews were short: two had no driver", None, None, 0),
        ("Note that crews were short", None, None, 0),
        ("**Update:** crews were hired in May", "note", "Update:", 1),
        ("The action: crews will be hired", None, None, 0),
    ],
)
def test_run_in_labels(printed: str, section: str | None, heading: str | None, words: int) -> None:
    sheet = Sheet()
    sheet.say(printed)
    found = section_label(paragraphs(sheet.words)[0])
    assert found == ((section, heading, words) if section else None)


def test_several_titles_share_the_text_below() -> None:
    sheet = opening()
    sheet.say("**Measures:**", gap=2)
    sheet.say("• Bins collected on the day due", gap=2)
    sheet.say("• Fly-tips cleared within two days")
    sheet.say(f"**Reason for Red:** {LONG}")
    first, second = read(sheet).blocks
    assert [first.title, second.title] == [
        "Bins collected on the day due",
        "Fly-tips cleared within two days",
    ]
    assert said(first) == said(second) == [("reason", LONG)]


def test_several_titles_over_as_many_bullets_get_one_each() -> None:
    sheet = opening()
    sheet.say("**Measures:**", gap=2)
    sheet.say("• Bins collected on the day due", gap=2)
    sheet.say("• Fly-tips cleared within two days")
    sheet.say("**Remedial action**", gap=2)
    sheet.say("• Hire two drivers for the hill round.", gap=2)
    sheet.say("• Lease a second cage lorry.")
    first, second = read(sheet).blocks
    assert said(first) == [("action", "Hire two drivers for the hill round.")]
    assert said(second) == [("action", "Lease a second cage lorry.")]


def test_risks_by_their_heading() -> None:
    sheet = opening()
    sheet.say("Corporate risks", 16, bold=True)
    sheet.table(
        [40, 240, 60, 150],
        [["Ref", "Risk description", "RAG", "Mitigating actions"], ["CR1", "The depot lease may end before a new site is found", C("A", fill=AMBER), NEXT]],
        head=1,
    )  # fmt: skip
    block = one(sheet)
    assert (block.kind, block.ref, block.rag) == ("risk", "CR1", "amber")
    assert said(block) == [("action", NEXT)]


# --- commentary that names its items ------------------------------------------------------------------------

ACTIONS: list[list[C | str | None]] = [
    ["Ref", "Key action", "Due date", "RAG"],
    ["1.1", "Open a second depot in the north of the borough", "March 2022", C(fill=AMBER)],
    ["1.2", "Replace the oldest cage lorries with electric ones", "June 2022", C(fill=RED)],
    ["1.3", "Teach every crew the new rules for sorting glass", "May 2022", C(fill=GREEN)],
    ["1.4", "Count the trees along the main roads", "July 2022", C(fill=GREEN)],
]


def by_number(*texts: str) -> dict[str | None, list[str]]:
    """Texts of "Next steps" below a list of actions, by the ref of the block that got them."""
    sheet = opening()
    sheet.table([40, 280, 80, 60], ACTIONS, head=1)
    sheet.say("Next steps", 12, bold=True)
    for t in texts:
        sheet.say(t)
    found = read(sheet)
    assert len(found.blocks) == 4
    assert all(c.section == "outlook" for b in found.blocks for c in b.commentary)
    return {b.ref: [c.text for c in b.commentary] for b in found.blocks if b.commentary}


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("Action 1.2 waits for chargers, which the network will fit in May at the earliest.", ["1.2"]),
        ("Actions 1.2 and 1.4 wait for the same team, which was lent to the flood work.", ["1.2", "1.4"]),
        ("Actions 1.1, 1.2 and 1.4 were held up by the flood work in the autumn.", ["1.1", "1.2", "1.4"]),
        ("Actions 1.2 to 1.4 were held up by the flood work in the autumn.", ["1.2", "1.3", "1.4"]),
        ("Actions 1.2-1.4 were held up by the flood work in the autumn.", ["1.2", "1.3", "1.4"]),
        ("KPI 1.3 and item 1.4: the last two crews will be taught before Easter.", ["1.3", "1.4"]),
        (
            "Milestone 1.3: the last two crews will be taught before Easter.",
            ["1.3"],
        ),
        ("Work on 1.2 has stopped while the chargers are fitted.", ["1.2"]),
        ("The budget was cut to 1.2 million pounds, of which little was spent.", []),
        ("Sick days fell to 1.2 days per head over the quarter.", []),
    ],
)  # fmt: skip
def test_commentary_goes_to_the_items_it_names(text: str, refs: list[str]) -> None:
    assert by_number(text) == {r: [text] for r in refs}


def test_a_paragraph_without_a_number_goes_on_with_the_items_before_it() -> None:
    a = "Action 1.2 waits for chargers, which the network will fit in May."
    b = "Until then the old lorries are kept on the road with parts from the spare one."
    assert by_number(a, b) == {"1.2": [f"{a}\n{b}"]}


def test_a_paragraph_can_name_its_item_by_its_subject() -> None:
    text = "Replacing the oldest cage lorries by electric ones is held up by the grid."
    assert by_number(text) == {"1.2": [text]}


def test_commentary_that_names_no_item_is_warned_about() -> None:
    sheet = opening()
    sheet.table([40, 280, 80, 60], ACTIONS, head=1)
    sheet.say("Next steps", 12, bold=True)
    sheet.say("A long winter was followed by a late spring in the whole of the valley.")
    found = read(sheet)
    assert not any(b.commentary for b in found.blocks)
    assert [(w.code, w.page) for w in found.warnings] == [("text_without_item", 1)]
    assert "A long winter" in found.warnings[0].message


# --- one item printed twice ---------------------------------------------------------------------------------


def test_an_item_in_a_bullet_and_in_a_table_is_one_block() -> None:
    sheet = opening()
    sheet.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    sheet.say("Measures off target", 14, bold=True)
    sheet.say("**ST3 Street lights mended in a week**", gap=2)
    sheet.say(f"**Reason for Red:** {LONG}")
    found = read(sheet)
    assert [b.ref for b in found.blocks] == ["ST1", "ST2", "ST3"]
    third = found.blocks[2]
    assert said(third) == [("reason", LONG)]
    assert figures(third) == {"2021/22 Q1": 80, "2021/22 Q2": 61}


def test_two_items_of_like_title_stay_two_where_their_figures_differ() -> None:
    sheet = opening()
    for service, figure in (("Priority 1: North", "91%"), ("Priority 2: South", "75%")):
        sheet.say(service, 14, bold=True)
        sheet.table(
            [240, 60, 60, 60],
            [["Measure", "Target", "Actual", "RAG"], ["Bins collected on the day due", "99%", figure, "Red"]],
            head=1,
        )
    found = read(sheet)
    assert [(b.service, figures(b)["2021/22 Q2"]) for b in found.blocks] == [
        ("Priority 1: North", 91),
        ("Priority 2: South", 75),
    ]
    assert len({b.id for b in found.blocks}) == 2


def test_two_items_of_like_title_stay_two_where_their_targets_differ() -> None:
    sheet = opening()
    for service, target in (("Priority 1: North", "91%"), ("Priority 2: South", "75%")):
        sheet.say(service, 14, bold=True)
        sheet.table(
            [240, 60, 60], [["Measure", "Target", "RAG"], ["Bins collected on the day due", target, "Red"]]
        )
    assert [b.target and b.target.value for b in read(sheet).blocks] == [91, 75]


# --- what holds for every report ----------------------------------------------------------------------------


def families() -> dict[str, list[Sheet]]:
    listed = opening()
    listed.table(LIST_WIDTHS, [HEAD, *ROWS], head=1)
    noted = opening()
    noted.table(
        LIST_WIDTHS, [HEAD, ROWS[0], [C(LONG, cols=6), None, None, None, None, None], ROWS[1]], head=1
    )
    formed = opening()
    form(formed, "Bins collected on the day due", C("Amber", fill=AMBER))
    prose = opening()
    prose.say("**Measure:** Bins collected on the day due")
    prose.say("**Target:** 99% **Actual:** 91% **Status:** Amber")
    prose.say(f"**Reason for Amber:** {LONG}")
    return {
        "list": [listed],
        "notes": [noted],
        "form": [formed],
        "prose": [prose],
        "slides": [
            cover_slide(),
            slide(2, "Bins collected on the day due", "Q2 2021/22", "98.1%", "99%", "Improving"),
        ],
    }


@pytest.mark.parametrize("family", families())
def test_printed_pages_give_the_blocks_of_pages_made_by_hand(family: str) -> None:
    sheets = families()[family]
    by_hand = segment(document(*sheets))
    printed = segment(pdf.read_bytes(print_pdf(*sheets), "report.pdf"))
    assert [bare(b) for b in printed.blocks] == [bare(b) for b in by_hand.blocks]
    assert by_hand.blocks
    for a, b in zip(printed.blocks, by_hand.blocks, strict=True):
        assert [r.page for r in a.regions] == [r.page for r in b.regions]
        for r, other in zip(a.regions, b.regions, strict=True):
            assert r.bbox == pytest.approx(other.bbox, abs=6)


def bare(block: Block) -> Block:
    """A block without places and id, which follow from the bytes."""
    texts = tuple(c.model_copy(update={"regions": ()}) for c in block.commentary)
    return block.model_copy(update={"id": "", "regions": (), "commentary": texts})


@pytest.mark.parametrize("family", families())
def test_same_bytes_same_blocks_other_bytes_other_ids(family: str) -> None:
    data = print_pdf(*families()[family])
    one_, two = (segment(pdf.read_bytes(data, name)) for name in ("report.pdf", "report.pdf"))
    assert one_ == two
    other = segment(pdf.read_bytes(data + b"\n", "report.pdf"))
    assert {b.id for b in other.blocks}.isdisjoint(b.id for b in one_.blocks)
    assert [bare(b) for b in other.blocks] == [bare(b) for b in one_.blocks]


SAMPLES = sorted((ROOT / "corpus" / "reports").glob("*.pdf"))


@cache
def sample(path: Path) -> tuple[pdf.Document, Segmented]:
    found = pdf.read_pages(path)
    return found, segment(found)


samples = pytest.mark.parametrize("path", SAMPLES, ids=[p.stem for p in SAMPLES])


def boxes_of(thing: Block | Commentary) -> list[Box]:
    return [Box(r.page, *r.bbox) for r in thing.regions]


@samples
def test_regions_lie_on_their_pages_and_in_their_blocks(path: Path) -> None:
    found, report = sample(path)
    sizes = {p.number: Box(p.number, 0, 0, p.width, p.height) for p in found.pages}
    for block in report.blocks:
        outer = {b.page: b for b in boxes_of(block)}
        assert len(outer) == len(block.regions) > 0, "one region a page"
        for b in outer.values():
            assert sizes[b.page].contains(b, 1), block.title
            assert b.area > 0
        for c in block.commentary:
            assert c.regions, block.title
            for inner in boxes_of(c):
                assert outer[inner.page].contains(inner, 0.5), (block.title, c.text[:40])


@samples
def test_commentary_stands_where_its_regions_say(path: Path) -> None:
    """Each word of a text is a word of its page, inside the text's region there."""
    found, report = sample(path)
    printed = {id(w) for p in found.pages for w in p.words}
    for (i, k), m in report.maps.items():
        c = report.blocks[i].commentary[k]
        assert m.text == c.text
        assert {id(w) for w in m.words} <= printed
        regions = {b.page: b for b in boxes_of(c)}
        assert all(regions[b.page].contains(b, 0.5) for b in m.boxes(0, len(m.text)))
        for start, end in ((a.start(), a.end()) for a in re.finditer(r"\S+", m.text)):
            assert per_page(m.boxes(start, end)), m.text[start:end]
    assert set(report.maps) == {(i, k) for i, b in enumerate(report.blocks) for k in range(len(b.commentary))}


@samples
def test_blocks_are_whole(path: Path) -> None:
    _, report = sample(path)
    assert len({b.id for b in report.blocks}) == len(report.blocks)
    for block in report.blocks:
        assert len(block.title) > 3 and block.title == block.title.strip()
        assert 0 < block.confidence < 1
        assert (block.rag is None) == (block.rag_shown_as is None)
        assert all(c.text.strip() for c in block.commentary)
        check_percentage(block)


def test_samples_read_again_are_the_same() -> None:
    path = SAMPLES[0]
    found, report = sample(path)
    again = pdf.read_pages(path)
    assert again == found
    assert segment(again) == report

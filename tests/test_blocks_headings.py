"""Items and what stands around them: headings, leads, frames, lines within a title's cell."""

from __future__ import annotations

import pytest

from councilscope.blocks import Segmented, segment
from pages import AMBER, GREEN, PALE, RED, C, Sheet, document, dot, opening, polygon

HEAD = ["Ref", "Measure", "Target", "Q2 2021/22", "RAG"]


def read(*sheets: Sheet) -> Segmented:
    return segment(document(*sheets))


def listed(sheet: Sheet, title: str = "Bins collected on the day due") -> None:
    sheet.table(
        [50, 220, 60, 80, 60],
        [
            HEAD,
            ["ST01", title, "99%", "98.1%", C("Red", fill=RED)],
            ["ST02", "Fly-tips cleared within two days", "90%", "92%", C("Green", fill=GREEN)],
        ],
        head=1,
    )


def test_a_heading_that_only_says_what_the_list_is_names_no_service() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    sheet.say("Key performance measures", 13, bold=True)
    listed(sheet)
    assert [b.service for b in read(sheet).blocks] == ["Clean and green streets"] * 2


def test_a_lead_below_a_heading_owns_the_list() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    sheet.say("**Lead:** Head of Street Care")
    listed(sheet)
    assert [[o.role for o in b.owners] for b in read(sheet).blocks] == [["Head of Street Care"]] * 2


def test_a_label_within_the_cell_of_a_title_is_a_field() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    listed(sheet, "Bins collected on the day due\nManaged by: Ann Other")
    block = read(sheet).blocks[0]
    assert block.title == "Bins collected on the day due"
    assert [o.name for o in block.owners] == ["Ann Other"]


def test_prose_under_a_listed_title_goes_to_it() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    listed(sheet)
    later = Sheet(2)
    later.say("Bins collected on the day due", 14, bold=True)
    later.say("Two rounds were missed in August when a vehicle caught fire at the depot.")
    first, second = read(sheet, later).blocks
    assert "vehicle caught fire" in first.commentary[0].text
    assert second.commentary == ()


def test_a_milestone_under_a_title_is_its_target() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 18, bold=True)
    sheet.say("Prepare a plan for street trees", 14, bold=True)
    sheet.say("**Status:** Amber")
    sheet.say("**Milestone:** Draft to committee by December 2021")
    (block,) = read(sheet).blocks
    assert (block.title, block.kind) == ("Prepare a plan for street trees", "action")
    assert block.target is not None and block.target.text == "Draft to committee by December 2021"


def test_a_table_in_a_frame_is_read_as_a_table() -> None:
    sheet = opening()
    top = sheet.y
    sheet.y += 12
    sheet.say("CS-12: Bins collected on the day due", 13, bold=True, x=60, width=460)
    sheet.left = 60
    sheet.table(
        [60, 60, 60, 60],
        [["Q1", "Q2", "Target", "Status"], ["97.0%", "98.1%", "99%", C("R", fill=RED)]],
        head=1,
    )
    sheet.say("**Comment:** Two rounds were missed in August.", x=60, width=460)
    sheet.frame(50, top, 545, sheet.y + 6)
    (block,) = read(sheet).blocks
    assert (block.ref, block.rag) == ("CS-12", "red")
    assert [o.value for o in block.outturns] == [97.0, 98.1]


def test_a_line_that_names_the_service_lead_is_an_owner_and_no_service() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    sheet.say("Service lead: Ann Other, Head of Street Care")
    listed(sheet)
    blocks = read(sheet).blocks
    assert [b.service for b in blocks] == ["Clean and green streets"] * 2
    assert [[(o.name, o.role) for o in b.owners] for b in blocks] == [
        [("Ann Other", "Head of Street Care")]
    ] * 2


def test_a_heading_that_only_says_that_actions_follow_names_no_service() -> None:
    sheet = opening()
    sheet.say("Service plan actions", 16, bold=True)
    listed(sheet)
    assert [b.service for b in read(sheet).blocks] == [None, None]


def test_panels_of_risks_have_the_status_of_the_ground_below_the_score() -> None:
    sheet = opening()
    sheet.say("Corporate risks", 18, bold=True)
    top = sheet.y + 10
    panels = (("Budgets for social care", "20", RED), ("Deficits of schools", "9", AMBER))
    for x, (title, score, colour) in zip((50, 310), panels, strict=True):
        sheet.frame(x, top, x + 230, top + 150)
        sheet.paint(x, top, x + 230, top + 150, PALE)
        sheet.line(x + 10, top + 10, title, 12, bold=True)
        sheet.line(x + 10, top + 34, "Q1 score: 12")
        sheet.draw(polygon([(0, 0), (75, 0), (75, 16), (0, 16), (0, 0)], colour), x + 118, top + 32)
        sheet.line(x + 125, top + 34, f"Q2 score: {score}")
        sheet.line(x + 10, top + 56, "Risk owner: Ann Other")
        sheet.line(x + 10, top + 78, "Why it matters", bold=True)
        sheet.line(x + 10, top + 92, "Placements cost more each week.")
    sheet.y = top + 170
    blocks = read(sheet).blocks
    assert [(b.title, b.kind, b.rag, b.service) for b in blocks] == [
        ("Budgets for social care", "risk", "red", None),
        ("Deficits of schools", "risk", "amber", None),
    ]
    assert {b.commentary[0].section for b in blocks} == {"impact"}


@pytest.mark.parametrize(
    ("cell", "owner"),
    [
        ("Xanthe Brook\nHead of Finance", ("Xanthe Brook", "Head of Finance")),
        ("Ann Other\nDirector of Public Services", ("Ann Other", "Director of Public Services")),
        ("Anne Marie\nOther, Head of Parks", ("Anne Marie Other", "Head of Parks")),
        ("Street Scene\nOperations Manager", (None, "Street Scene Operations Manager")),
        (
            "Ann Marie\nOthersby, Director of Public Services",
            ("Ann Marie Othersby", "Director of Public Services"),
        ),
    ],
)
def test_a_name_over_a_post_in_the_same_type_is_one_owner(cell: str, owner: tuple[str | None, str]) -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    rows = [["Ref", "Action", "Lead", "Due", "RAG"]]
    rows += [[f"A{k}", f"Plant trees in ward {k}", cell, "March 2022", "Green"] for k in (1, 2)]
    sheet.table([40, 190, 94, 80, 60], rows, head=1)
    assert [[(o.name, o.role) for o in b.owners] for b in read(sheet).blocks] == [[owner]] * 2


def test_who_is_accountable_is_an_owner() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    sheet.say("Bins collected on the day due", 13, bold=True)
    sheet.say("Target: 95% Actual: 91%")
    sheet.say("Accountable: Ann Other, Head of Street Care")
    (block,) = read(sheet).blocks
    assert [(o.name, o.role) for o in block.owners] == [("Ann Other", "Head of Street Care")]


def test_lines_with_signs_under_the_heading_of_a_key_are_no_items() -> None:
    sheet = opening()
    sheet.say("Key to symbols", 14, bold=True)
    for heading, lines in (
        ("Measures", ((GREEN, "Met or better than target"), (RED, "Well short of target"))),
        ("Actions", ((GREEN, "In progress and on schedule"), (RED, "Will not meet the due date"))),
    ):
        sheet.say(heading, 11, bold=True, gap=2)
        for colour, said in lines:
            sheet.draw(dot(colour), 56, sheet.y + 6)
            sheet.say(said, x=70, gap=4)
    sheet.say("Clean and green streets", 16, bold=True)
    listed(sheet)
    assert [b.ref for b in read(sheet).blocks] == ["ST01", "ST02"]


def test_up_and_down_beside_a_risk_say_how_its_score_moved() -> None:
    sheet = opening()
    sheet.say("Strategic risks", 16, bold=True)
    rows = [["Ref", "Risk", "Score Q1", "Score Q2", "Movement", "Controls"]]
    rows += [
        ["CR03", "Children come to harm", "16", "20", "Up", "Weekly review of caseloads."],
        ["CR09", "The budget cannot be balanced", "16", "12", "Down", "The gap has been closed."],
        ["CR12", "A cyber attack", "12", "12", "Same", "Copies are kept apart."],
    ]
    sheet.table([40, 130, 55, 55, 60, 150], rows, head=1)
    assert [b.direction for b in read(sheet).blocks] == ["worsening", "improving", "steady"]


def test_an_undrawn_table_of_counts_in_a_panel_is_no_card() -> None:
    sheet = opening()
    top = sheet.y + 10
    sheet.frame(50, top, 290, top + 90)
    sheet.frame(310, top, 550, top + 90)
    sheet.line(320, top + 8, "How we report", 12, bold=True)
    sheet.line(320, top + 30, "Measures are compared with their targets.")
    sheet.line(60, top + 8, "Measures by theme", 12, bold=True)
    rows = (("Theme", "Measures", "Off target"), ("Environment", "4", "1"), ("Quality of life", "3", "1"))
    for k, row in enumerate((*rows, ("Growth", "2", "0"))):
        for x, text in zip((60, 160, 225), row, strict=True):
            sheet.line(x, top + 28 + 15 * k, text, 9, bold=k == 0)
    sheet.y = top + 110
    sheet.say("Clean and green streets", 16, bold=True)
    listed(sheet)
    assert [b.ref for b in read(sheet).blocks] == ["ST01", "ST02"]

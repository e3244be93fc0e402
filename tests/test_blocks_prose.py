"""Items in running prose: the status in a heading or on the line below it, facts in lines, texts that are no items."""

from __future__ import annotations

import pytest

from councilscope.blocks import Segmented, segment
from councilscope.blocks.facts import field_pairs
from councilscope.blocks.headings import group_status, status_at_end
from councilscope.status import Key
from pages import BLACK, GREEN, RED, Sheet, arrow, document, dot, opening

WHY = "Two rounds were missed in August when a vehicle caught fire at the depot."
NEXT = "A second crew starts in October and the hill round moves to Tuesdays."


def read(*sheets: Sheet) -> Segmented:
    return segment(document(*sheets))


def items(*sheets: Sheet) -> list[tuple[str | None, str, str | None]]:
    return [(b.ref, b.title, b.rag) for b in read(*sheets).blocks]


def prose(*headings: str, below: str = "") -> Sheet:
    """A service's heading over headings with a paragraph each."""
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    for heading in headings:
        sheet.say(heading, 12, bold=True)
        if below:
            sheet.say(below, gap=0)
        sheet.say(WHY)
    return sheet


def test_the_status_at_the_end_of_a_heading_is_no_part_of_the_title() -> None:
    sheet = prose(
        "1.1 Bins collected on the day due – Off target", "1.2 Fly-tips cleared in two days (On target)"
    )
    assert items(sheet) == [
        ("1.1", "Bins collected on the day due", "red"),
        ("1.2", "Fly-tips cleared in two days", "green"),
    ]
    first = read(sheet).blocks[0]
    assert (first.service, first.rag_shown_as) == ("Clean and green streets", "text")
    assert [(c.section, c.text) for c in first.commentary] == [("note", WHY)]


def test_a_heading_set_like_those_with_a_status_names_an_item_without_one() -> None:
    sheet = prose(
        "1.1 Bins collected on the day due – Red",
        "1.2 Fly-tips cleared in two days",
        "1.3 Street lights mended – Green",
    )
    assert items(sheet)[1] == ("1.2", "Fly-tips cleared in two days", None)


def test_the_words_of_a_key_without_colours_are_known_in_headings() -> None:
    sheet = opening()
    sheet.say("Key", 12, bold=True)
    sheet.table(
        [120, 260],
        [
            ["Adrift", "5% or more adrift of target"],
            ["Keep watching", "less than 5% adrift of target"],
            ["Holding up", "target reached"],
        ],
    )
    sheet.say("Clean and green streets", 16, bold=True)
    for heading in (
        "Bins collected on the day due – Keep watching",
        "Fly-tips cleared in two days – Holding up",
    ):
        sheet.say(heading, 12, bold=True)
        sheet.say(WHY)
    assert items(sheet) == [
        (None, "Bins collected on the day due", "amber"),
        (None, "Fly-tips cleared in two days", "green"),
    ]


def test_a_status_on_the_line_below_the_heading_is_no_commentary() -> None:
    sheet = prose(
        "1.1 Bins collected on the day due", "1.2 Fly-tips cleared in two days", below="Status: Off target"
    )
    assert items(sheet) == [
        ("1.1", "Bins collected on the day due", "red"),
        ("1.2", "Fly-tips cleared in two days", "red"),
    ]
    assert [c.text for b in read(sheet).blocks for c in b.commentary] == [WHY, WHY]


def test_a_status_in_another_colour_on_the_second_line_of_a_heading() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    for title, word in (("Bins collected on the day due", "Alert"), ("Fly-tips cleared in two days", "OK")):
        sheet.say(f"{title} –", 12, bold=True, gap=0)
        sheet.say(word, 12, bold=True, colour=RED)
        sheet.say(WHY)
    assert items(sheet) == [
        (None, "Bins collected on the day due", "red"),
        (None, "Fly-tips cleared in two days", "green"),
    ]


@pytest.mark.parametrize(
    ("text", "rag"),
    [
        ("Red measures", "red"),
        ("Off target indicators", "red"),
        ("On target KPIs (7)", "green"),
        ("3. Indicators that are slightly below target", "amber"),
        ("Performing well", "green"),
        ("Measures with no target", "grey"),
        ("Completed actions", "blue"),
        ("OK measures", "green"),
        ("Performance", None),
        ("Good neighbours", None),
        ("Performance of red and amber measures", None),
        ("Monitoring", None),
        ("High risk buildings", None),
        ("Key performance indicators", None),
    ],
)
def test_what_a_heading_says_of_its_group(text: str, rag: str | None) -> None:
    assert group_status(text, Key()) == rag


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rent collected – Off target", ("Rent collected", "red", True)),
        ("Rent collected (Amber)", ("Rent collected", "amber", True)),
        ("Appraisals - completed", ("Appraisals", "blue", False)),
        ("Status: Red", None),
        ("Rent collected (%)", None),
        ("Corporate indicators – Red", None),
        ("Homes – new and existing", None),
    ],
)
def test_what_a_heading_says_at_its_end(text: str, found: tuple[str, str, bool] | None) -> None:
    assert status_at_end(text, Key()) == found


def test_one_title_that_ends_like_a_status_keeps_its_end() -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    for heading in ("Street audits – completed", "Bins collected on the day due"):
        sheet.say(heading, 12, bold=True)
        sheet.say("**Why:** " + WHY)
        sheet.say("**Next steps:** " + NEXT)
    assert items(sheet)[0] == (None, "Street audits – completed", None)


def test_a_heading_gives_the_status_of_the_table_below_and_is_no_service() -> None:
    sheet = opening()
    head = ["Ref", "Measure", "Target", "Q2 2021/22"]
    sheet.say("Clean and green streets", 16, bold=True)
    for k, heading in enumerate(("Off target", "Performing well")):
        sheet.say(heading, 13, bold=True)
        sheet.table(
            [50, 220, 60, 80],
            [
                head,
                [f"ST{k}1", f"Bins collected in round {k}", "99%", "98.1%"],
                [f"ST{k}2", f"Tips cleared in {k} days", "90%", "92%"],
            ],
            head=1,
        )
    blocks = read(sheet).blocks
    assert [(b.rag, b.rag_shown_as) for b in blocks] == [("red", "heading")] * 2 + [("green", "heading")] * 2
    assert {b.service for b in blocks} == {"Clean and green streets"}


def test_a_glossary_holds_no_items() -> None:
    sheet = prose(
        "1.1 Bins collected on the day due – Off target", "1.2 Fly-tips cleared in two days (On target)"
    )
    sheet.say("Glossary", 12, bold=True)
    sheet.table(
        [80, 260],
        [["KPI", "Key performance indicator"], ["RAG", "Red, amber, green"], ["FTE", "Full time equivalent"]],
    )
    assert len(items(sheet)) == 2


def test_initials_and_their_words_are_a_glossary_under_any_heading() -> None:
    sheet = prose(
        "1.1 Bins collected on the day due – Off target", "1.2 Fly-tips cleared in two days (On target)"
    )
    sheet.say("Words used", 12, bold=True)
    sheet.table([80, 260], [["KPI", "Key performance indicator"], ["FTE", "Full time equivalent"]])
    assert len(items(sheet)) == 2


# --- lines of facts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        (
            "Target: 90% | 19/20 Outturn: 91.5% | Q1 2020/21: 88% | Status: Amber",
            [
                ("target", "90%"),
                ("period:19/20 Outturn", "91.5%"),
                ("period:Q1 2020/21", "88%"),
                ("rag", "Amber"),
            ],
        ),
        (
            "Due February 2022. Led by Ann Other, Head of Street Care.",
            [("due", "February 2022"), ("owner", "Ann Other, Head of Street Care")],
        ),
        (
            "Target at least 60%. July–September 100%; April–June 83%; July–September 2020 89%. Direction: better.",
            [
                ("target", "at least 60%"),
                ("period:July–September", "100%"),
                ("period:April–June", "83%"),
                ("period:July–September 2020", "89%"),
                ("direction", "better"),
            ],
        ),
        (
            "Good is: Lower Target: No more than 5.3 days",
            [("polarity", "Lower"), ("target", "No more than 5.3 days")],
        ),
        ("Target: 99% Actual: 91% Status: Red", [("target", "99%"), ("current", "91%"), ("rag", "Red")]),
        ("Owner: A Bell; C Dunn", [("owner", "A Bell; C Dunn")]),
        ("Target 90% · Actual 85% · Q1 80%", [("target", "90%"), ("current", "85%"), ("period:Q1", "80%")]),
        ("Due to frost. Target dates were moved.", []),
        ("Performance was 60%. Two crews were short.", []),
        (
            "2022/23: 80.6% (224 of 278) | Target: 82%",
            [("period:2022/23", "80.6% (224 of 278)"), ("target", "82%")],
        ),
        ("June 2020", []),
        ("Led by the new manager, crews met their target.", []),
        ("Target 60% was missed; two crews were short.", []),
    ],
)
def test_lines_of_facts(text: str, pairs: list[tuple[str, str]]) -> None:
    assert field_pairs(text) == pairs


def test_a_newsletter_in_two_columns() -> None:
    sheet = opening()
    top = sheet.y

    def item(x: float, title: str, status: str, facts: str) -> None:
        sheet.say(f"{title} –", 12, bold=True, x=x, width=230, gap=0)
        sheet.say(status, 12, bold=True, x=x, width=230, colour=RED)
        sheet.say(facts, x=x, width=230)
        sheet.say("**Why:** " + WHY, x=x, width=230)
        sheet.say("**Putting it right:** " + NEXT, x=x, width=230)

    measure = "Target at least 60%. July–September 50%; April–June 83%. Direction: worse."
    item(50, "Bins collected on the day due", "off target", measure)
    item(50, "Tips cleared in two days", "on target", measure)
    sheet.y = top
    item(
        310,
        "Plan for street trees adopted",
        "at risk",
        "Due February 2022. Led by Ann Other, Head of Street Care.",
    )
    item(310, "Depot moved to the new site", "complete", "Due March 2022. Led by Cy Dunn, Head of Property.")
    blocks = read(sheet).blocks
    assert [(b.title, b.rag) for b in blocks] == [
        ("Bins collected on the day due", "red"),
        ("Tips cleared in two days", "green"),
        ("Plan for street trees adopted", "amber"),
        ("Depot moved to the new site", "blue"),
    ]
    first, third = blocks[0], blocks[2]
    assert first.target is not None and (first.target.value, first.target.comparator) == (60, ">=")
    assert [o.value for o in first.outturns] == [50, 83]
    assert first.direction == "worsening"
    assert [(o.name, o.role) for o in third.owners] == [("Ann Other", "Head of Street Care")]
    assert third.target is not None and third.target.text == "February 2022"
    assert third.kind == "action"
    assert [(c.section, c.heading) for c in first.commentary] == [
        ("reason", "Why:"),
        ("action", "Putting it right:"),
    ]
    assert [c.text for c in first.commentary] == [WHY, NEXT]


# --- slides -------------------------------------------------------------------------------------------------


def slide(number: int, service: str, title: str, letter: str, up: bool) -> Sheet:
    """Commentary in boxes with larger headings on the left, facts with the status apart from its label on the right."""
    sheet = Sheet(number, 960, 540)
    sheet.y = 60
    sheet.say(service, 10, x=40, gap=0)
    sheet.say(title, 13, bold=True, x=40, gap=14)
    top = sheet.y
    for heading, text in (("Reason for variance", WHY), ("Forecast", NEXT)):
        y = sheet.y
        sheet.y += 4
        sheet.say(heading, 14, bold=True, x=46, width=480, gap=2)
        sheet.say(text, 12, x=46, width=480, gap=4)
        sheet.frame(40, y, 540, sheet.y)
        sheet.y += 10
    sheet.y = top
    sheet.say("This quarter: 81%", 12, x=600, width=300)
    sheet.say("Target: 84%", 12, x=600, width=300)
    y = sheet.y
    sheet.say("Rating:", 12, x=600, width=100)
    sheet.paint(700, y - 3, 800, y + 17, RED if letter == "R" else GREEN)
    sheet.line(706, y, letter, 12)
    y = sheet.y
    sheet.say("Direction of travel:", 12, x=600, width=150)
    sheet.draw(arrow("up" if up else "down", BLACK), 740, y + 7)
    return sheet


def test_slides_with_the_status_apart_from_its_label() -> None:
    cover = opening(1, 960, 540)
    found = read(
        cover,
        slide(2, "Clean and green streets", "Bins collected on the day due", "R", up=False),
        slide(3, "Homes and places", "Homes made safe in time", "G", up=True),
    )
    assert [(b.title, b.rag, b.rag_shown_as, b.direction) for b in found.blocks] == [
        ("Bins collected on the day due", "red", "letter", "worsening"),
        ("Homes made safe in time", "green", "letter", "improving"),
    ]
    assert [b.service for b in found.blocks] == ["Clean and green streets", "Homes and places"]
    for block in found.blocks:
        assert [(c.section, c.heading, c.text) for c in block.commentary] == [
            ("reason", "Reason for variance", WHY),
            ("outlook", "Forecast", NEXT),
        ]
        assert block.target is not None and block.target.value == 84


def test_a_label_of_status_with_nothing_beside_it_is_no_text() -> None:
    sheet = prose(
        "1.1 Bins collected on the day due – Off target", "1.2 Fly-tips cleared in two days (On target)"
    )
    sheet.say("Direction of travel:")
    last = read(sheet).blocks[-1]
    assert [c.text for c in last.commentary] == [WHY]
    assert last.direction is None


# --- commentary by number -----------------------------------------------------------------------------------


def test_a_paragraph_that_begins_with_a_number_and_a_colon_goes_to_its_row() -> None:
    sheet = opening()
    sheet.table(
        [40, 220, 60, 80],
        [
            ["Ref", "Measure", "Target", "Q2 2021/22"],
            ["1.2", "Bins collected on the day due", "99%", "98.1%"],
            ["2.3", "Tips cleared in two days", "90%", "92%"],
        ],
        head=1,
    )
    sheet.say("Commentary on the measures above", 13, bold=True)
    sheet.say("1.2: " + WHY)
    sheet.say("We expect to be back on target in the next quarter.")
    sheet.say("2.3: " + NEXT)
    first, second = read(sheet).blocks
    assert [c.text for c in first.commentary] == [
        f"1.2: {WHY}\nWe expect to be back on target in the next quarter."
    ]
    assert [c.text for c in second.commentary] == [f"2.3: {NEXT}"]


def test_numbers_of_headings_over_facts_are_refs() -> None:
    sheet = opening()
    sheet.say("1 Clean and green streets", 16, bold=True)
    for heading in ("1.1 Bins collected on the day due", "1.2 Tips cleared in two days"):
        sheet.say(heading, 12, bold=True)
        sheet.say("Lead: Ann Other")
        sheet.say("Target: 90% | Actual: 85%")
        sheet.say("Comment: " + WHY)
    assert [b.ref for b in read(sheet).blocks] == ["1.1", "1.2"]


@pytest.mark.parametrize("drawn", ["sign", "shape"])
def test_a_sign_behind_the_label_of_a_line_is_the_status(drawn: str) -> None:
    sheet = opening()
    sheet.say("Clean and green streets", 16, bold=True)
    for ref, title, colour in (("S1", "Bins collected on the day due", RED), ("S2", "Lights mended", GREEN)):
        sheet.say(f"{ref} {title}", 12, bold=True)
        sheet.say("Target: 95%", gap=2)
        top = sheet.y
        sheet.say("RAG status:", gap=2)
        if drawn == "sign":
            sheet.line(150, top, "●", colour=colour)
        else:
            sheet.draw(dot(colour), 155, top + 6)
        sheet.say("Comment", 10, bold=True)
        sheet.say(WHY)
    assert [(b.ref, b.rag, b.rag_shown_as) for b in read(sheet).blocks] == [
        ("S1", "red", "icon"),
        ("S2", "green", "icon"),
    ]


def test_planned_actions_in_a_run_in_label_are_a_section_of_their_own() -> None:
    sheet = prose("KPI1 – Bins collected on the day due")
    sheet.say("Rounds are being redrawn.")
    sheet.say(f"**Actions planned:** {NEXT}")
    (block,) = read(sheet).blocks
    assert [(c.section, c.text) for c in block.commentary] == [
        ("note", f"{WHY}\nRounds are being redrawn."),
        ("action", NEXT),
    ]

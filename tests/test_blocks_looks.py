"""One layout in several looks: small tables under titles, forms under bands, cards with painted ratings, turned services."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from councilscope import pdf
from councilscope.blocks import Segmented, segment
from councilscope.blocks.labels import at_label
from councilscope.geometry import Box, enclose
from councilscope.text import Paragraph, lines_of
from pages import AMBER, GREEN, NAVY, PALE, RED, C, Sheet, document, opening

ITEMS = [
    ("1.1", "Bins collected on the day due", "97%", "95%", "Green"),
    ("1.2", "Fly-tips cleared within two days", "88%", "90%", "Amber"),
    ("1.3", "Street lights mended in a week", "71%", "90%", "Red"),
]
NOTE = "Two crews were short of drivers in May and June."


def read(*sheets: Sheet) -> Segmented:
    return segment(document(*sheets))


def facts(found: Segmented) -> list[tuple[str | None, str, str | None, float | None]]:
    return [(b.ref, b.title, b.rag, b.target.value if b.target else None) for b in found.blocks]


def wanted() -> list[tuple[str | None, str, str | None, float | None]]:
    return [(ref, title, rag.lower(), float(target.rstrip("%"))) for ref, title, _, target, rag in ITEMS]


@pytest.mark.parametrize("top", [False, True])
def test_small_tables_with_level_rules_alone_stand_each_under_its_title(top: bool) -> None:
    sheet = opening()
    widths = (120, 120, 120, 120)
    for ref, title, now, target, rag in ITEMS:
        sheet.say(f"{ref}: {title}", 11, bold=True, gap=8, colour=NAVY)
        head, x0 = sheet.y, sheet.left
        for k, cell in enumerate(("Quarter 1 2021/22", "Quarter 2 2021/22", "Target", "RAG status")):
            sheet.line(x0 + 4 + sum(widths[:k]), head, cell, 9, bold=True)
        for k, cell in enumerate(("80%", now, target, rag)):
            sheet.line(x0 + 4 + sum(widths[:k]), head + 17, cell, 9)
        for y in ([head - 3] if top else []) + [head + 14, head + 31]:
            sheet.across(x0, x0 + 480, y)
        sheet.y = head + 44
        sheet.say("Comments", 10, bold=True, gap=2)
        sheet.say(NOTE)
    found = read(sheet)
    assert facts(found) == wanted()
    assert [[c.text for c in b.commentary] for b in found.blocks] == [[NOTE]] * 3
    assert [len(b.outturns) for b in found.blocks] == [2, 2, 2]


def test_a_band_over_facts_and_one_period_is_a_form() -> None:
    sheet = opening()
    for ref, title, now, target, rag in ITEMS:
        sheet.table(
            (125, 125, 125, 120),
            [
                [C(f"{ref} {title}", cols=4, fill=PALE), None, None, None],
                ["Service area", "Lead", "Target", "RAG"],
                ["People and organisation", "Morag Teal", target, rag],
                [C("Q2 2021/22", cols=4), None, None, None],
                [C(now, cols=4), None, None, None],
                ["Notes", C(NOTE, cols=3), None, None],
            ],
        )
    found = read(sheet)
    assert facts(found) == wanted()
    assert [[o.text for o in b.outturns] for b in found.blocks] == [["97%"], ["88%"], ["71%"]]
    assert {b.service for b in found.blocks} == {"People and organisation"}


def test_a_form_with_a_short_numbered_title_is_a_form_of_its_own() -> None:
    sheet = opening()
    for title, rag in (
        ("2.1 Time from advertising a post to an offer", "Green"),
        ("2.2 Spend on agency staff", "Red"),
    ):
        sheet.table(
            (120, 120, 120, 135),
            [
                [C(title, cols=4, fill=PALE), None, None, None],
                ["Directorate", "People", "Lead officer", "Morag Teal"],
                ["RAG status", rag, "Target", "47"],
                ["Manager's comments", C(NOTE, cols=3), None, None],
            ],
        )
    found = read(sheet)
    assert [(b.ref, b.rag) for b in found.blocks] == [("2.1", "green"), ("2.2", "red")]


@pytest.mark.parametrize("shown", ["beside", "behind"])
def test_a_card_shows_its_status_in_a_painted_field(shown: str) -> None:
    sheet = opening(width=842, height=595)
    top = sheet.y
    for k, ((ref, title, now, target, _), colour) in enumerate(zip(ITEMS, (GREEN, AMBER, RED), strict=True)):
        x = 50 + 250 * k
        sheet.frame(x, top, x + 240, top + 150)
        if shown == "behind":
            sheet.paint(x + 4, top + 5, x + 236, top + 25, colour)
        sheet.y = top + 8
        sheet.say(f"{ref} {title}", 10, bold=True, x=x + 6, width=228, gap=5)
        sheet.say(f"Quarter 2 2021/22: {now}", x=x + 6, gap=3)
        sheet.say(f"Target: {target}", x=x + 6, gap=8)
        if shown == "beside":
            sheet.line(x + 8, sheet.y + 3, "Status", 10)
            sheet.paint(x + 120, sheet.y, x + 234, sheet.y + 18, colour)
            sheet.y += 26
        sheet.say("Owner: Morag Teal, Head of Waste", x=x + 6)
    found = read(sheet)
    assert facts(found) == wanted()
    assert {b.rag_shown_as for b in found.blocks} == {"colour"}


def test_an_earlier_figure_of_the_same_quarter_last_year_tells_of_no_direction() -> None:
    sheet = opening()
    for _, title, now, target, rag in ITEMS:
        sheet.say(title, 14, bold=True)
        sheet.say("Same quarter last year: 71%", gap=14)
        sheet.say(f"Current performance: {now}", gap=14)
        sheet.say(f"Target: {target}", gap=14)
        sheet.say(f"RAG: {rag}", gap=14)
    found = read(sheet)
    assert [b.rag for b in found.blocks] == ["green", "amber", "red"]
    assert [b.direction for b in found.blocks] == [None] * 3


def test_a_status_that_its_column_breaks_is_joined_for_the_direction_too() -> None:
    sheet = opening()
    rows: list[list[C | str | None]] = [["Ref", "Measure", "Target", "Q2 2021/22", "Direction of travel"]]
    rows += [[ref, title, target, now, ""] for ref, title, now, target, _ in ITEMS]
    box = sheet.table((40, 220, 80, 80, 64), rows, head=1)
    for k in range(3):
        y = box.y1 - 18 * (3 - k)
        sheet.line(476, y, "Deteriorate", 8)
        sheet.line(500, y + 8, "d", 8)
    assert [b.direction for b in read(sheet).blocks] == ["worsening"] * 3


def turn(sheet: Sheet, text: str, x: float, foot: float) -> None:
    """Words that read upwards from `foot`."""
    y = foot
    for word in text.split():
        first = len(sheet.words)
        wide = sheet.line(0, 0, word, 8, bold=True)
        box = Box(sheet.number, x, y - wide, x + 9, y)
        sheet.words[first] = replace(sheet.words[first], box=box, angle=90)
        y -= wide + 2.3


@pytest.mark.parametrize("lines", ["rows beside", "none"])
def test_a_turned_service_is_that_of_all_rows_beside_it(lines: str) -> None:
    sheet = opening(width=842, height=595)
    x0, widths = sheet.left, (40, 50, 230, 110, 110, 110)
    xs = [x0 + sum(widths[:k]) for k in range(7)]
    head = ["Service", "Ref", "Measure", "Target", "Q2 2021/22", "RAG"]
    top = sheet.y
    for x, text in zip(xs, head, strict=False):
        sheet.line(x + 3, top, text, 9, bold=True)
    y = top + 16
    services = ["Housing and homes", "Waste and streets"]
    for s in services:
        if lines != "none":
            sheet.across(xs[0], xs[6], y)
        for k, (ref, title, now, target, rag) in enumerate(ITEMS):
            if k and lines != "none":
                sheet.across(xs[1], xs[6], y)
            for x, text in zip(xs[1:], (f"{s[0]}{ref[-1]}", title, target, now, rag), strict=False):
                sheet.line(x + 3, y + 6, text, 9)
            y += 36
        turn(sheet, s, x0 + 8, y - 6)
    if lines != "none":
        sheet.across(xs[0], xs[6], y)
    found = read(sheet)
    assert [(b.ref, b.title) for b in found.blocks] == [
        (f"{s[0]}{ref[-1]}", title) for s in services for ref, title, *_ in ITEMS
    ]
    assert [b.service for b in found.blocks] == [s for s in services for _ in ITEMS]


def test_a_row_that_a_page_break_cuts_goes_on_below_the_repeated_heading() -> None:
    head: list[C | str | None] = ["Ref", "Measure", "Q2 2021/22", "Target", "Status"]
    widths = (40, 190, 90, 90, 80)
    one, two = opening(), Sheet(2)
    one.table(
        widths,
        [
            head,
            ["D6", "Homes let", "71%", "70%", "Green"],
            ["D7", "Permanent admissions to care homes of people aged", "625.1", "No more than 499.1", "Red"],
        ],
        head=1,
    )
    two.table(
        widths,
        [head, ["", "over 65", "", "per 100,000", ""], ["D8", "Direct payments", "22%", "28%", "Red"]],
        head=1,
    )
    found = read(one, two)
    assert [(b.ref, b.title) for b in found.blocks] == [
        ("D6", "Homes let"),
        ("D7", "Permanent admissions to care homes of people aged over 65"),
        ("D8", "Direct payments"),
    ]
    assert found.blocks[1].target is not None
    assert found.blocks[1].target.text == "No more than 499.1 per 100,000"


def test_a_line_that_opens_commentary_is_parted_from_the_facts_right_above_it() -> None:
    sheet = Sheet()
    for text in ("Quarter 1 2021/22: n/a", "Quarter 2 2021/22: -", "Narrative: No great change is foreseen."):
        sheet.say(text, gap=0)
    lines = tuple(lines_of(sheet.words))
    parts = at_label(Paragraph(lines, enclose(ln.box for ln in lines)))
    assert [p.text.replace("\n", " ") for p in parts] == [
        "Quarter 1 2021/22: n/a Quarter 2 2021/22: -",
        "Narrative: No great change is foreseen.",
    ]


def test_a_line_between_cells_is_no_sign(tmp_path: Path) -> None:
    """Slides draw each side of a cell as a path of its own, beside signs that are paths too."""
    with pdf.pymupdf.open() as made:
        page = made.new_page()
        page.insert_text((60, 60), "Bins collected on the day due in the second quarter of the year")
        page.draw_line((100, 100), (100, 145), color=(0.4, 0.4, 0.4))
        page.draw_line((100, 145), (140, 145), color=(0.4, 0.4, 0.4))
        page.draw_circle((120, 120), 4, color=None, fill=GREEN)
        made.save(tmp_path / "cell.pdf")
    (read_page,) = pdf.read_pages(tmp_path / "cell.pdf").pages
    assert [s.curved for s in read_page.shapes] == [True]

"""Pages to one stream: no word is lost or doubled, columns and pages are read in order, running lines set aside."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councilscope.geometry import Box
from councilscope.layout import Laid, body_size, lay_out
from councilscope.page import Fill, Page, Rule, Word
from pages import NAVY, PALE, C, Sheet

TOKENS = ["crews", "•", "1.", "2.", "-", "Reason:", "94.8%", "tŷ", "a)", "o", "Page", "3", "RED", "lorries."]


@st.composite
def pages(draw: st.DrawFn, number: int = 1) -> Page:
    """A page of words, lines and grounds thrown anywhere."""
    width, height = draw(st.sampled_from([(595.0, 842.0), (842.0, 595.0)]))
    words: dict[Box, Word] = {}
    for _ in range(draw(st.integers(0, 40))):
        x, y = draw(st.integers(0, 110)) * 5.0, draw(st.integers(0, 110)) * 5.0
        size = draw(st.sampled_from([8.0, 10.0, 10.0, 18.0]))
        token = draw(st.sampled_from(TOKENS))
        box = Box(number, x, y, x + 0.5 * size * len(token), y + 1.2 * size)
        angle = draw(st.sampled_from([0, 0, 0, 0, 90, 180, 270]))
        words[box] = Word(token, box, size, bold=draw(st.booleans()), angle=angle)
    rules = []
    for _ in range(draw(st.integers(0, 12))):
        x, y, long = (
            draw(st.integers(0, 50)) * 10.0,
            draw(st.integers(0, 50)) * 10.0,
            draw(st.integers(1, 30)) * 10.0,
        )
        if draw(st.booleans()):
            rules.append(Rule(Box(number, x, y, x + long, y), True))
        else:
            rules.append(Rule(Box(number, x, y, x, y + long), False))
    fills = []
    for _ in range(draw(st.integers(0, 6))):
        x, y = draw(st.integers(0, 50)) * 10.0, draw(st.integers(0, 50)) * 10.0
        box = Box(number, x, y, x + draw(st.integers(1, 30)) * 10.0, y + draw(st.integers(1, 20)) * 10.0)
        fills.append(Fill(box, draw(st.sampled_from([NAVY, PALE]))))
    return Page(number, width, height, tuple(words.values()), tuple(rules), tuple(fills))


def placed(laid: Laid) -> list[Word]:
    """Words of all cells and paragraphs, markers of paragraphs included."""
    out: list[Word] = []
    for e in laid.elements:
        assert (e.paragraph is None) != (e.table is None)
        if e.paragraph is not None:
            out += [*e.paragraph.marker, *e.paragraph.words]
        if e.table is not None:
            out += [w for c in e.table.cells for w in c.words]
    return out


def check_words(given_pages: list[Page], laid: Laid) -> None:
    """Each word is in one cell, one paragraph or one running line."""
    found = Counter(id(w) for w in placed(laid))
    assert max(found.values(), default=1) == 1
    whole = {id(w): w for p in given_pages for w in p.words}
    assert set(found) <= set(whole)
    aside = Counter((w.box.page, w.text) for i, w in whole.items() if i not in found)
    running = Counter((page, t) for page, line in laid.running for t in line.split(" "))
    assert aside == running


@given(pages())
def test_each_word_ends_in_exactly_one_place(page: Page) -> None:
    check_words([page], lay_out([page]))


@settings(max_examples=25)
@given(pages(1), pages(2), pages(3))
def test_each_word_ends_in_exactly_one_place_over_pages(one: Page, two: Page, three: Page) -> None:
    laid = lay_out([one, two, three])
    check_words([one, two, three], laid)
    numbers = [e.page for e in laid.elements]
    assert numbers == sorted(numbers)


@given(pages())
def test_elements_hold_the_words_they_are_made_of(page: Page) -> None:
    for e in lay_out([page]).elements:
        if e.paragraph is not None:
            assert all(e.box.contains(w.box, 0.01) for w in e.paragraph.words)


@given(pages())
def test_laying_out_twice_gives_the_same(page: Page) -> None:
    assert lay_out([page]) == lay_out([page])


def stream(*sheets: Sheet) -> list[str]:
    found = [s.page() for s in sheets]
    laid = lay_out(found)
    check_words(found, laid)
    return [e.paragraph.text if e.paragraph else "|".join(c.text for c in e.table.cells) for e in laid.elements if e.paragraph or e.table]  # type: ignore[union-attr]  # fmt: skip


LEFT = "The round through the hill villages was run by two crews instead of three until the end of August."
RIGHT = "A second cage lorry began work in the spring and tips are now cleared within the day in most wards."


def test_two_columns_are_read_one_after_the_other() -> None:
    sheet = Sheet()
    sheet.say("Streets", 18, bold=True)
    top = sheet.y
    for _ in range(2):
        sheet.say(LEFT, width=220)
    sheet.y = top
    for _ in range(2):
        sheet.say(RIGHT, x=310, width=220)
    sheet.say(
        "Both columns end here and the page goes on over its whole width, from one margin to the other."
    )
    found = stream(sheet)
    assert found[:5] == ["Streets", LEFT, LEFT, RIGHT, RIGHT]
    assert found[5].startswith("Both columns")


def test_a_table_stands_at_its_place_between_paragraphs() -> None:
    sheet = Sheet()
    sheet.say("Before the table.")
    sheet.table([100, 100], [["Measure", "RAG"], ["Bins", "Red"]])
    sheet.say("After the table.")
    assert stream(sheet) == ["Before the table.", "Measure|RAG|Bins|Red", "After the table."]


def test_boxes_of_one_column_are_read_box_by_box() -> None:
    sheet = Sheet()
    for k, words in enumerate((LEFT, RIGHT)):
        x = 50 + 260 * k
        sheet.frame(x, 100, x + 240, 220)
        sheet.y = 110
        sheet.say(words, x=x + 8, width=220)
    found = [s.page() for s in (sheet,)]
    laid = lay_out(found)
    assert [e.paragraph.text for e in laid.elements if e.paragraph] == [LEFT, RIGHT]
    assert len({e.boxed for e in laid.elements}) == 2 and None not in {e.boxed for e in laid.elements}


def report(first: int, last: int, foot: str = "Aldermoor Borough Council | Page {n}") -> list[Sheet]:
    sheets = []
    for n in range(first, last + 1):
        sheet = Sheet(n)
        sheet.say("Streets", 16, bold=True)
        sheet.say(LEFT)
        sheet.line(50, 800, foot.format(n=n), 8)
        sheets.append(sheet)
    return sheets


def test_running_lines_are_set_aside_whatever_number_they_bear() -> None:
    sheets = report(1, 4)
    laid = lay_out([s.page() for s in sheets])
    assert laid.running == [(n, f"Aldermoor Borough Council | Page {n}") for n in range(1, 5)]
    assert not any("Page" in t for t in stream(*sheets))


def test_running_lines_on_a_band_are_set_aside_too() -> None:
    sheets = report(1, 4)
    for sheet in sheets:
        sheet.paint(0, 20, sheet.width, 50, NAVY)
        sheet.line(50, 28, "Scrutiny Committee", 10, colour=(1, 1, 1))
    assert "Scrutiny Committee" not in stream(*sheets)


@pytest.mark.parametrize("number", ["7", "Page 7", "7 of 12", "Page 7 of 12", "- 7 -", "Page 7/12"])
def test_a_bare_page_number_is_set_aside_even_on_one_page(number: str) -> None:
    sheet = Sheet()
    sheet.say(LEFT)
    sheet.line(290, 815, number, 9)
    assert stream(sheet) == [LEFT]


def test_a_line_in_the_margin_that_does_not_come_again_stays() -> None:
    assert "Printed in April" in stream(*report(1, 5), *report(6, 6, "Printed in April"))


def test_headings_of_commentary_at_the_top_of_every_page_are_kept() -> None:
    sheets = []
    for n in range(1, 5):
        sheet = Sheet(n)
        sheet.y = 40
        sheet.say("Next steps", 10, bold=True)
        sheet.y = 200
        sheet.say(LEFT)
        sheets.append(sheet)
    assert stream(*sheets).count("Next steps") == 4


def test_repeated_words_in_the_middle_of_pages_are_no_running_lines() -> None:
    assert stream(*report(1, 5)).count("Streets") == 5


@pytest.mark.parametrize(
    ("text", "style", "heading"),
    [
        ("Streets and rounds", {"size": 14.0}, True),
        ("Streets and rounds", {"bold": True}, True),
        ("STREETS AND ROUNDS", {}, True),
        ("Streets and rounds", {}, False),
        ("A larger sentence that ends with a stop.", {"size": 14.0}, False),
        ("**Reason:** crews are short", {}, False),
        ("• Streets and rounds", {"bold": True}, False),
        ("94.8%", {"size": 24.0}, False),
    ],
)
def test_what_looks_like_a_heading(text: str, style: dict[str, float], heading: bool) -> None:
    sheet = Sheet()
    sheet.say(LEFT)
    sheet.y += 30
    sheet.say(text, **style)  # type: ignore[arg-type]
    sheet.y += 30
    sheet.say(RIGHT)
    flags = [e.heading for e in lay_out([sheet.page()]).elements]
    assert flags == [False, heading, False]


def test_headings_rank_by_size_band_and_weight() -> None:
    sheet = Sheet()
    sheet.say("Report", 20)
    sheet.say("Streets", 14)
    sheet.say("Rounds", 10, bold=True)
    top = sheet.y
    sheet.y = top + 60
    sheet.paint(50, sheet.y - 4, 545, sheet.y + 20, NAVY)
    sheet.say("Homes", 12, bold=True, colour=(1, 1, 1))
    sheet.y += 60
    sheet.say(LEFT)
    level = {e.paragraph.text: e.level for e in lay_out([sheet.page()]).elements if e.paragraph}
    assert level["Report"] > level["Homes"] > level["Rounds"] > level[LEFT]
    assert level["Report"] > level["Streets"] > level["Rounds"]


def test_size_of_the_body_is_the_one_most_characters_have() -> None:
    sheet = Sheet()
    sheet.say("Streets and rounds", 20)
    sheet.say(LEFT, 9)
    assert body_size(sheet.words) == 9
    assert body_size([]) == 10


def test_blank_pages_and_no_pages() -> None:
    assert lay_out([]).elements == []
    assert lay_out([Page(1, 0, 0), Page(2, 595, 842)]).elements == []


def test_a_cell_that_spans_columns_is_one_cell_in_the_stream() -> None:
    sheet = Sheet()
    sheet.table([100, 100], [["Measure", "RAG"], [C("Crews were short", cols=2), None]])
    assert stream(sheet) == ["Measure|RAG|Crews were short"]

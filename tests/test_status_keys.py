"""What a report's own key says of colours, letters, signs and arrows; signs of symbol fonts; drawn ticks and crosses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import pages as make
from councilscope import pdf, status
from councilscope.blocks import Segmented, segment
from councilscope.geometry import Box
from councilscope.page import Colour, Shape, Word
from councilscope.status import Key
from councilscope.tables import Cell
from pages import AMBER, BLACK, BLUE, GREEN, GREY, PALE, PURPLE, RED, WHITE, C, Sheet, document, opening

YELLOW: Colour = (1.0, 1.0, 0.0)
SAID = "The team kept the pace that was set in the spring and expects no change before the year ends."
TITLES = ["Bins collected on the day", "Calls answered in time", "Council tax collected", "Homes inspected", "Books lent"]  # fmt: skip
Row = Sequence[C | str | None]


def cell(text: str = "", font: str = "", colour: Colour = BLACK, shapes: tuple[Shape, ...] = ()) -> Cell:
    here = Box(1, 100, 100, 160, 130)
    words = tuple(
        Word(t, Box(1, 102 + 20 * k, 104, 118 + 20 * k, 116), font=font, colour=colour)
        for k, t in enumerate(text.split())
    )
    return Cell(0, 1, 0, 1, here, words, None, shapes, ())


def indicators(sheet: Sheet, shown: Row, head: str = "Status", polarity: Sequence[str] = ()) -> Sheet:
    """A list whose column `head` holds `shown`, one row each."""
    heads: list[C | str | None] = ["Ref", "Measure", "Target", "Q2 2021/22", head, "Comment"]
    rows: list[Row] = [[f"PI{k + 1}", TITLES[k], "95%", "94.1%", c, SAID] for k, c in enumerate(shown)]
    widths = [35.0, 110, 45, 60, 60, 180]
    if polarity:
        heads.insert(2, "Good is")
        rows = [[*r[:2], polarity[k], *r[2:]] for k, r in enumerate(rows)]
        widths.insert(2, 45)
    sheet.table(widths, [heads, *rows], head=1, size=8)
    return sheet


def rags(sheet: Sheet) -> list[str | None]:
    return [b.rag for b in read(sheet).blocks]


def directions(sheet: Sheet) -> list[str | None]:
    return [b.direction for b in read(sheet).blocks]


def read(sheet: Sheet) -> Segmented:
    return segment(document(sheet))


def key_table(sheet: Sheet, rows: Sequence[Row], widths: Sequence[float] = (50, 260)) -> Sheet:
    sheet.say("Key", 12, bold=True)
    sheet.table(widths, rows)
    return sheet


# --- swatches -----------------------------------------------------------------------------------------------


def test_blue_is_what_the_key_says_and_words_in_a_row_do_not_change_it() -> None:
    sheet = key_table(
        opening(),
        [
            [C(signs=(make.star(GREEN),)), "Performance is better than target"],
            [C(signs=(make.dot(BLUE),)), "Performance is within tolerance of the target"],
            [C(signs=(make.triangle("up", RED),)), "Performance is behind target"],
        ],
    )
    sheet = indicators(sheet, [C(signs=(make.dot(BLUE),)), C("Scheme is complete", signs=(make.dot(BLUE),))])
    found = read(sheet)
    assert [b.rag for b in found.blocks] == ["amber", "amber"]
    told = [w for w in found.warnings if w.code == "status_conflict"]
    assert [w.page for w in told] == [1] and "its icon says amber; its text says blue" in told[0].message


@pytest.mark.parametrize(
    ("colour", "said", "rag"),
    [
        (BLUE, "Action completed", "blue"),
        (PURPLE, "Data not available", "grey"),
        (GREY, "No target set", "grey"),
        (YELLOW, "No data available yet", "grey"),
        (YELLOW, "Up to five per cent below target", "amber"),
        (RED, "Completed", "red"),
    ],
)
def test_a_coloured_cell_means_what_the_key_puts_beside_its_colour(
    colour: Colour, said: str, rag: str
) -> None:
    """Red, amber and green mean themselves; yellow, blue, purple and grey what the key says."""
    other = AMBER if colour == RED else RED
    sheet = key_table(
        opening(), [[C(fill=other), "Target missed"], [C(fill=colour), said], [C(fill=GREEN), "Target met"]]
    )
    assert rags(indicators(sheet, [C(fill=colour), C(fill=GREEN)])) == [rag, "green"]


def test_grey_cells_say_nothing_where_no_key_has_grey() -> None:
    assert rags(indicators(opening(), [C(fill=GREY), C(fill=GREEN)])) == [None, "green"]


def test_names_beside_swatches_are_words_of_the_report() -> None:
    sheet = key_table(
        opening(), [[C(fill=RED), "Stormy"], [C(fill=AMBER), "Choppy"], [C(fill=GREEN), "Calm"]]
    )
    assert rags(indicators(sheet, ["Stormy", "Choppy", "Calm"])) == ["red", "amber", "green"]


def test_letters_of_a_key() -> None:
    sheet = key_table(
        opening(),
        [["R", "Red - off target"], ["A", "Amber - just off target"], ["G", "Green - on target"], ["N", "Not measured this quarter"], ["B", "Blue - within tolerance"]],
    )  # fmt: skip
    assert rags(indicators(sheet, ["R", "A", "G", "N", "B"])) == ["red", "amber", "green", "grey", "amber"]


def test_a_tick_upon_a_dot_is_no_swatch() -> None:
    """White strokes on the grey dot of "no target" do not make everything white grey."""
    stroke = make.polygon([(-2, 0), (0, 2), (3, -3)], WHITE, stroked=True)
    sheet = key_table(
        opening(),
        [
            [C(signs=(make.dot(GREEN, 11), stroke)), "On or above target"],
            [C(signs=(make.dot(RED, 11), stroke)), "Below target"],
            [C(signs=(make.dot(GREY, 11), stroke)), "No target set"],
        ],
    )
    assert rags(indicators(sheet, [C(signs=(make.dot(WHITE),)), C(signs=(make.dot(GREEN),))])) == [
        None,
        "green",
    ]


def test_narrow_swatches_in_a_row_are_a_key() -> None:
    sheet = opening()
    sheet.say("Key", 12, bold=True)
    sheet.table(
        [16, 90, 16, 90, 16, 90],
        [[C(fill=BLUE), "within tolerance", C(fill=GREEN), "on target", C(fill=RED), "off target"]],
    )
    assert rags(indicators(sheet, [C(fill=BLUE), C(fill=GREEN), C(fill=RED)])) == ["amber", "green", "red"]


def test_descriptions_may_stand_before_their_swatch() -> None:
    """The first one ("complete") has run out of the table; the others tell which side they belong to."""
    sheet = opening()
    sheet.table(
        [45, 65, 45, 65, 45, 65, 45],
        [
            [C("Part 2: Corporate Plan actions", cols=7, fill=PALE), *[None] * 6],
            [C(fill=BLUE), "on schedule", C(fill=GREEN), "slipping", C(fill=AMBER), "behind", C(fill=RED)],
        ],
    )
    assert rags(indicators(sheet, [C(fill=BLUE), C(fill=GREEN), C(fill=RED)])) == ["blue", "green", "red"]


def test_a_status_set_beside_the_two_lines_of_a_title() -> None:
    sheet = opening()
    for k, title in enumerate(("Hours of care at home assessed but not yet provided, per", "Books lent in all of our libraries taken together, per")):  # fmt: skip
        top = sheet.y
        right = sheet.line(50, top, title, 12, bold=True)
        mark, colour = ("● Off track", RED) if k == 0 else ("● On track", GREEN)
        sheet.line(right + 14, top + 1, mark, 11, colour, bold=True)
        sheet.line(50, top + 14, "week", 12, bold=True)
        sheet.y = top + 44
        sheet.say("Target: 280")
        sheet.say("Why is it like this?", bold=True)
        sheet.say(SAID)
    found = read(sheet)
    assert [(b.title.split()[-1], b.rag) for b in found.blocks] == [("week", "red"), ("week", "green")]
    assert not any("track" in b.title for b in found.blocks)


# --- keys in lines of text ----------------------------------------------------------------------------------


def key_line(sheet: Sheet, marks: Sequence[tuple[Shape, str]], lead: str = "Key:") -> Sheet:
    """One line of text with an icon before each of its parts."""
    x, y = sheet.left, sheet.y
    if lead:
        x = sheet.line(x, y, lead, bold=True) + 8
    for sign, words in marks:
        sheet.draw(sign, x + 6, y + 6)
        x = sheet.line(x + 14, y, words) + 10
    sheet.y += 24
    return sheet


def test_icons_in_a_line_that_begins_as_a_key() -> None:
    marks = [(make.dot(BLUE), "Within tolerance"), (make.dot(GREEN), "On target"), (make.dot(RED), "Off target")]  # fmt: skip
    dots: Row = [C(signs=(make.dot(c),)) for c in (BLUE, GREEN, RED)]
    assert rags(indicators(key_line(opening(), marks), dots)) == ["amber", "green", "red"]
    assert rags(indicators(key_line(opening(), marks, lead=""), dots)) == ["blue", "green", "red"]


def test_icons_in_paragraphs_under_the_heading_of_a_key() -> None:
    sheet = opening()
    sheet.say("Key to symbols", 13, bold=True)
    for colour, words in ((BLUE, "Within tolerance"), (GREEN, "On target"), (RED, "Off target")):
        key_line(sheet, [(make.dot(colour), words)], lead="")
    dots: Row = [C(signs=(make.dot(c),)) for c in (BLUE, GREEN, RED)]
    assert rags(indicators(sheet, dots)) == ["amber", "green", "red"]


@pytest.mark.parametrize(
    "line",
    [
        "Blue: within tolerance; Green: on target; Red: off target.",
        "blue – within tolerance; green – on target",
    ],
)
def test_colours_named_in_a_sentence(line: str) -> None:
    sheet = opening()
    sheet.say(line[0].upper() + line[1:])
    assert rags(indicators(sheet, [C(fill=BLUE), C(fill=GREEN)])) == ["amber", "green"]


def test_words_with_their_colour_in_brackets() -> None:
    sheet = opening()
    sheet.say("Status: Stormy (Red), Choppy (Amber), Calm (Green)")
    assert rags(indicators(sheet, ["Stormy", "Choppy", "Calm"])) == ["red", "amber", "green"]


# --- arrows by the key --------------------------------------------------------------------------------------

UP, DOWN = make.arrow("up", BLACK), make.arrow("down", BLACK)


@pytest.mark.parametrize(
    ("up", "down", "found"),
    [
        ("Figure has increased since last quarter", "Figure has decreased", ["improving", "worsening", "worsening", "improving"]),
        ("Performance has improved since last quarter", "Performance has declined", ["improving", "worsening", "improving", "worsening"]),
    ],
)  # fmt: skip
def test_arrows_show_what_the_key_says_they_show(up: str, down: str, found: list[str]) -> None:
    rows: list[Row] = [
        [C(signs=(UP,)), up],
        [C(signs=(DOWN,)), down],
        [C(signs=(make.arrow("right", BLACK),)), "No change"],
    ]
    sheet = key_table(opening(), rows)
    arrows: Row = [C(signs=(s,)) for s in (UP, DOWN, UP, DOWN)]
    sheet = indicators(sheet, arrows, "Direction of travel", ["High", "High", "Low", "Low"])
    assert directions(sheet) == found
    assert directions(indicators(key_table(opening(), rows), arrows[:2], "Direction of travel")) == (
        [None, None] if "Figure" in up else ["improving", "worsening"]
    )


@pytest.mark.parametrize(
    ("text", "polarity", "direction"),
    [
        ("Increased", "higher", "improving"),
        ("Increased", "lower", "worsening"),
        ("Reduced since Q1", "lower", "improving"),
        ("Wedi gostwng", "lower", "improving"),
        ("Increased", None, None),
        ("Performance improved", "lower", "improving"),
        ("Sefydlog", "lower", "steady"),
        ("Yn gwaethygu", None, "worsening"),
    ],
)
def test_which_way_a_figure_moved(text: str, polarity: str | None, direction: str | None) -> None:
    assert status.read_direction(cell(text), Key(), polarity) == direction


def test_a_risk_that_increased_got_worse() -> None:
    sheet = opening()
    sheet.say("Corporate risks", 14, bold=True)
    sheet.table(
        [35, 120, 45, 50, 80, 160],
        [
            ["Ref", "Risk", "Score", "Rating", "Direction of travel", "Mitigation"],
            ["R1", "Failure of the waste contract", "12", "Red", "Increased", SAID],
            ["R2", "Loss of a key system", "9", "Amber", "Reduced", SAID],
        ],
        head=1,
    )
    assert directions(sheet) == ["worsening", "improving"]


def test_the_wording_of_a_title_tells_what_increased_means() -> None:
    sheet = opening()
    sheet.table(
        [35, 170, 50, 60, 60, 100],
        [
            ["Ref", "Measure", "Target", "Q2 2021/22", "Status", "Direction of travel"],
            ["PI1", "A reduction in days lost to sickness", "8", "9", "Amber", "Increased"],
            ["PI2", "Increase the number of foster homes", "90", "80", "Amber", "Increased"],
        ],
        head=1,
    )
    assert directions(sheet) == ["worsening", "improving"]


# --- words --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rag"),
    [
        ("Amber/Green", "amber"),
        ("Red / Amber", "amber"),
        ("Green / Amber", "amber"),
        ("Dark green", "green"),
        ("Yellow", "amber"),
        ("Red or amber", None),
        ("Red to green", None),
        ("Scheme is complete", "blue"),
        ("Scheme not complete", None),
        ("80% of works complete", None),
        ("Tracked only", "grey"),
        ("Data not available", "grey"),
        ("Not due", "grey"),
        ("Oren", "amber"),
        ("Melyn", "amber"),
        ("Ar y trywydd", "green"),
        ("Oddi ar y targed", "red"),
        ("Wedi'i gwblhau", "blue"),
        ("Dim targed", "grey"),
    ],
)
def test_phrases_and_steps_between_two_colours(text: str, rag: str | None) -> None:
    assert status.word_rag(text) == rag


# --- signs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "font", "sign"),
    [
        ("4", "ITCZapfDingbatsStd", "✔"),
        ("8", "ABCDEF+ITCZapfDingbats-Medium", "✖"),
        ("n", "ZapfDingbatsITC", "■"),
        ("4", "D050000L", "✔"),
        ("4", "Dingbats", "✔"),
        ("l", "Wingdings-Bold", "●"),
        ("ì", "Wingdings", "↗"),
        ("Þ", "Wingdings", "↓"),
        ("J", "Wingdings", "☺"),
        ("p", "Wingdings 3", "▲"),
        ("P", "Wingdings2", "✔"),
        ("\xad", "StandardSymbolsPS", "↑"),
        ("Ö", "SymbolMT", "✔"),
        ("4", "Arial", "4"),
        ("l", "Wingate-Regular", "l"),
    ],
)
def test_letters_of_symbol_fonts_under_all_their_names(text: str, font: str, sign: str) -> None:
    assert status.sign_of(Word(text, Box(1, 0, 0, 5, 5), font=font)) == sign


@pytest.mark.parametrize(("text", "rag"), [("J", "green"), ("K", "amber"), ("L", "red")])
def test_faces(text: str, rag: str) -> None:
    found = status.read_status(cell(text, "Wingdings"), Key())
    assert [(e.rag, e.shown_as) for e in found] == [(rag, "icon")]


TICK = make.polygon([(-5, 0), (-1, 5), (6, -5)], BLACK, stroked=True)
CROSS = make.polygon([(-5, -5), (5, 5), (5, -5), (-5, 5)], BLACK, stroked=True)
FILLED_TICK = make.polygon([(-6, 1), (-4, -1), (-1, 2), (5, -5), (7, -3), (-1, 6), (-6, 1)], BLACK)
FILLED_CROSS = make.polygon(
    [(-5, -7), (0, -2), (5, -7), (7, -5), (2, 0), (7, 5), (5, 7), (0, 2), (-5, 7), (-7, 5), (-2, 0), (-7, -5)], BLACK
)  # fmt: skip
STROKES = (
    make.polygon([(-5, -5), (5, 5)], BLACK, stroked=True),
    make.polygon([(-5, 5), (5, -5)], BLACK, stroked=True),
)


@pytest.mark.parametrize(
    ("shapes", "rag"),
    [((TICK,), "green"), ((FILLED_TICK,), "green"), ((CROSS,), "red"), ((FILLED_CROSS,), "red"), (STROKES, "red"), ((make.square(BLACK),), None), ((make.star(BLACK),), None), ((make.arrow("up", BLACK),), None), ((make.triangle("down", BLACK),), None), (STROKES[:1], None)],
)  # fmt: skip
def test_black_ticks_and_crosses_are_told_by_their_form(shapes: tuple[Shape, ...], rag: str | None) -> None:
    found = status.read_status(cell(shapes=shapes), Key())
    assert [(e.rag, e.shown_as) for e in found] == ([(rag, "icon")] if rag else [])


def test_a_key_may_give_the_tick_another_meaning() -> None:
    found = status.read_status(cell(shapes=(TICK,)), Key(signs={"✔": "blue"}))
    assert [e.rag for e in found] == ["blue"]


# --- pictures -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "name"),
    [([(GREEN, 16), (RED, 8)], "green"), ([(RED, 14), (BLUE, 10)], "red"), ([(GREY, 24)], "grey"), ([(BLACK, 24)], None), ([(WHITE, 24)], None)],
)  # fmt: skip
def test_a_picture_has_the_colour_of_most_of_it(parts: list[tuple[Colour, int]], name: str | None) -> None:
    """A picture of several bands, 24 dots high in all, printed 12 points wide."""
    pix = make.flat(WHITE)
    top = 0
    for colour, high in parts:
        pix.set_rect(pdf.pymupdf.IRect(0, top, 24, top + high), tuple(int(255 * c) for c in colour))
        top += high
    doc = pdf.pymupdf.open()
    page = doc.new_page()
    page.insert_text((72, 72), "Status of the bins")
    page.insert_image(pdf.pymupdf.Rect(100, 100, 112, 112), pixmap=pix)
    (picture,) = pdf.read_bytes(doc.tobytes(), "p.pdf").pages[0].pictures
    assert status.colour_name(picture.colour) == name


def test_a_letter_that_a_symbol_font_draws_as_a_dot_is_told_by_its_colour() -> None:
    sheet = opening()
    dots: list[Row] = [
        [C("l", font="Wingdings", colour=colour), f"{name}: {said}"]
        for colour, name, said in (
            (RED, "Red", "more than 10% away from target"),
            (AMBER, "Amber", "missed target by up to 10%"),
            (GREEN, "Green", "target met or exceeded"),
        )
    ]
    key_table(sheet, dots)
    found = indicators(sheet, [C("l", font="Wingdings", colour=c) for c in (GREEN, AMBER, RED)])
    assert rags(found) == ["green", "amber", "red"]


def test_a_colour_in_brackets_goes_before_words_that_sound_like_another_status() -> None:
    sheet = opening()
    scale = [
        ["Status", "What it means"],
        ["On target", "The result equals the target or is better (green)"],
        ["Below target but close", "The result is within 5% of the target (amber)"],
        ["Off target", "The result misses the target by more than 5% (red)"],
    ]
    sheet.table([150, 330], scale, head=1)
    said = [C("On target"), C("Below target but close"), C("Off target")]
    assert rags(indicators(sheet, said)) == ["green", "amber", "red"]

"""Status and direction of travel from whatever shows them, and what the report's own key changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages as make
from councilscope import status
from councilscope.geometry import Box
from councilscope.page import Colour, Picture, Shape, Word
from councilscope.status import Evidence, Key
from councilscope.tables import Cell
from pages import AMBER, BLACK, BLUE, GREEN, GREY, NAVY, PALE, PURPLE, RED, WHITE

HERE = Box(1, 100, 100, 160, 130)


def cell(
    text: str = "",
    font: str = "",
    colour: Colour = BLACK,
    fill: Colour | None = None,
    shapes: tuple[Shape, ...] = (),
    picture: Colour | None = None,
) -> Cell:
    words = tuple(
        Word(t, Box(1, 102 + 20 * k, 104, 118 + 20 * k, 116), font=font, colour=colour)
        for k, t in enumerate(text.split())
    )
    pictures = (Picture(Box(1, 120, 110, 130, 120), picture),) if picture else ()
    return Cell(0, 1, 0, 1, HERE, words, fill, shapes, pictures)


def shown(found: Cell, key: Key | None = None) -> tuple[str, str] | None:
    """(status, read from) of the first reading."""
    readings = status.read_status(found, key or Key())
    return (readings[0].rag, readings[0].shown_as) if readings else None


# --- words and letters --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rag"),
    [
        ("RED", "red"),
        ("Amber", "amber"),
        ("green", "green"),
        ("Off target", "red"),
        ("Slightly off target", "amber"),
        ("On Target", "green"),
        ("Target met", "green"),
        ("Target not met", "red"),
        ("Alert", "red"),
        ("Warning", "amber"),
        ("OK", "green"),
        ("Completed", "blue"),
        ("Data only", "grey"),
        ("No target", "grey"),
        ("N/A", "grey"),
        ("Not started", "grey"),
        ("Status: Red", "red"),
        ("RED (was AMBER)", "red"),
        ("Rated amber this quarter", "amber"),
        ("Behind schedule", "red"),
        ("Slightly behind schedule", "amber"),
        ("Coch", "red"),
        ("Ambr", "amber"),
        ("Gwyrdd", "green"),
    ],
)
def test_words_of_status(text: str, rag: str) -> None:
    assert status.word_rag(text) == rag
    assert shown(cell(text)) == (rag, "text")


@pytest.mark.parametrize(
    "text", ["", "Bins", "94.8%", "Red lion square", "The redesign of the green waste round is complete in part only", "Red or amber", "Greenwich"]
)  # fmt: skip
def test_other_texts_say_no_status(text: str) -> None:
    assert status.word_rag(text) in ((None, "red") if text == "Red lion square" else (None,))


@pytest.mark.parametrize(
    ("text", "rag"),
    [("R", "red"), ("A", "amber"), ("G", "green"), ("B", "blue"), ("A/G", "amber"), ("A / R", "amber"), ("NR", "grey"), ("X", None), ("Ref", None)],
)  # fmt: skip
def test_letters(text: str, rag: str | None) -> None:
    assert status.letter_rag(text) == rag
    if rag:
        assert shown(cell(text)) == (rag, "letter")


def test_a_word_in_one_of_several_lines_counts() -> None:
    assert shown(cell("Q2 ; Amber")) == ("amber", "text")


# --- colours ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        (RED, "red"),
        ((1.0, 0.0, 0.0), "red"),
        ((0.75, 0.0, 0.25), "red"),
        (AMBER, "amber"),
        ((1.0, 1.0, 0.0), "amber"),
        ((1.0, 0.5, 0.0), "amber"),
        (GREEN, "green"),
        ((0.57, 0.82, 0.31), "green"),
        (BLUE, "blue"),
        (PURPLE, "purple"),
        (GREY, "grey"),
        (WHITE, None),
        (BLACK, None),
        (PALE, None),
        ((0.05, 0.08, 0.2), None),
        (None, None),
    ],
)
def test_names_of_colours(colour: Colour | None, name: str | None) -> None:
    assert status.colour_name(colour) == name


@pytest.mark.parametrize(("fill", "rag"), [(RED, "red"), (AMBER, "amber"), (GREEN, "green"), (BLUE, "blue")])
def test_a_coloured_cell_without_words(fill: Colour, rag: str) -> None:
    assert shown(cell(fill=fill)) == (rag, "colour")


@pytest.mark.parametrize(
    ("fill", "rag"), [((0.97, 0.8, 0.8), "red"), ((1.0, 0.92, 0.7), "amber"), ((0.8, 0.93, 0.8), "green")]
)
def test_pale_tints_of_a_cell_count_too(fill: Colour, rag: str) -> None:
    assert shown(cell(fill=fill)) == (rag, "colour")


@pytest.mark.parametrize("fill", [None, WHITE, PALE, GREY, PURPLE])
def test_a_cell_without_signal_says_nothing(fill: Colour | None) -> None:
    assert shown(cell(fill=fill)) is None


def test_text_in_colour_is_the_last_resort() -> None:
    assert shown(cell("91.4%", colour=RED)) == ("red", "colour")
    assert shown(cell("Amber", colour=RED)) == ("amber", "text")


@given(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)))
def test_every_colour_has_one_name_or_none(colour: Colour) -> None:
    assert status.colour_name(colour) in {"red", "amber", "green", "blue", "purple", "grey", None}


# --- signs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "font", "colour", "rag"),
    [
        ("●", "", RED, "red"),
        ("●", "", AMBER, "amber"),
        ("■", "", GREEN, "green"),
        ("▲", "", RED, "red"),
        ("★", "", GREEN, "green"),
        ("✔", "", BLACK, "green"),
        ("✖", "", BLACK, "red"),
        ("✔", "", AMBER, "amber"),
        ("⚠", "", BLACK, "amber"),
        ("🔴", "", BLACK, "red"),
        ("🟢", "", BLACK, "green"),
        ("●", "", BLACK, None),
        ("l", "ABCDEF+Wingdings-Regular", GREEN, "green"),
        ("l", "Wingdings", RED, "red"),
        ("\uf0b7", "SymbolMT", AMBER, "amber"),
        ("\uf06c", "", RED, "red"),
        ("ü", "Wingdings", BLACK, "green"),
        ("\uf0fc", "Wingdings", BLACK, "green"),
        ("û", "Wingdings", BLACK, "red"),
        ("P", "Wingdings2", BLACK, "green"),
        ("O", "Wingdings2", BLACK, "red"),
        ("a", "Webdings", BLACK, "green"),
        ("r", "Webdings", BLACK, "red"),
        ("4", "ZapfDingbats", BLACK, "green"),
        ("8", "ZapfDingbats", BLACK, "red"),
        ("l", "ZapfDingbats", AMBER, "amber"),
        ("n", "ZapfDingbats", GREEN, "green"),
    ],
)
def test_signs_printed_as_characters(text: str, font: str, colour: Colour, rag: str | None) -> None:
    found = shown(cell(text, font, colour))
    if rag is None:
        assert found is None or found[1] != "icon"
    else:
        assert found == (rag, "icon")


def test_a_letter_of_a_symbol_font_is_no_letter_of_status() -> None:
    """An R in Wingdings 2 is a tick, an n in Wingdings a square."""
    assert shown(cell("R", "Wingdings2")) == ("green", "icon")
    assert shown(cell("R", "Arial")) == ("red", "letter")


@pytest.mark.parametrize(
    ("sign", "rag"),
    [(make.dot(RED), "red"), (make.dot(AMBER), "amber"), (make.star(GREEN), "green"), (make.square(BLUE), "blue"), (make.dot(GREY), "grey"), (make.dot(PURPLE), None), (make.dot(BLACK), None), (make.dot(RED, 2.0), None)],
)  # fmt: skip
def test_drawn_icons(sign: Shape, rag: str | None) -> None:
    assert shown(cell(shapes=(sign,))) == ((rag, "icon") if rag else None)


def test_the_largest_icon_speaks() -> None:
    assert shown(cell(shapes=(make.dot(RED, 4), make.dot(GREEN, 10)))) == ("green", "icon")


def test_a_small_picture_counts_by_its_colour() -> None:
    assert shown(cell(picture=AMBER)) == ("amber", "icon")


# --- several readings ---------------------------------------------------------------------------------------


def test_a_word_that_names_a_colour_goes_before_the_fill_and_both_are_kept() -> None:
    readings = status.read_status(cell("Amber", fill=AMBER), Key())
    assert readings == [Evidence("amber", "text"), Evidence("amber", "colour")]
    assert status.disagreement(readings) is None


def test_a_word_that_councils_use_differently_yields_to_the_colour() -> None:
    assert shown(cell("Delayed", fill=RED)) == ("red", "colour")
    assert shown(cell("Delayed")) == ("amber", "text")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (cell("Green", fill=RED), "its text says green; its colour says red"),
        (cell("G", shapes=(make.dot(AMBER),)), "its letter says green; its icon says amber"),
        (cell("Green", fill=GREEN), None),
        (cell("Red", fill=GREY), None),
        (cell(), None),
    ],
)
def test_contradictions_are_put_in_a_sentence(found: Cell, said: str | None) -> None:
    assert status.disagreement(status.read_status(found, Key())) == said


# --- the report's own key -----------------------------------------------------------------------------------


def test_a_key_gives_blue_and_purple_a_meaning() -> None:
    key = Key(colours={"blue": "green", "purple": "grey"})
    assert shown(cell(fill=BLUE), key) == ("green", "colour")
    assert shown(cell(shapes=(make.dot(PURPLE),)), key) == ("grey", "icon")
    assert shown(cell(fill=RED), key) == ("red", "colour")


def test_a_key_gives_words_and_signs_a_meaning() -> None:
    key = Key(words={"sailing": "green", "delayed": "red"}, signs={"◆": "amber"})
    assert shown(cell("Sailing"), key) == ("green", "text")
    assert shown(cell("Delayed"), key) == ("red", "text")
    assert shown(cell("Delayed", fill=AMBER), key) == ("red", "text")
    assert shown(cell("◆"), key) == ("amber", "icon")
    assert status.exact_rag("Sailing", key) == "green"
    assert status.exact_rag("Sailing away", key) is None


# --- arrows -------------------------------------------------------------------------------------------------

ARROWS = [
    (make.arrow, "filled arrow"),
    (make.pen_arrow, "arrow drawn with a pen"),
    (make.triangle, "triangle"),
]


@pytest.mark.parametrize(("draw", "name"), ARROWS, ids=[n for _, n in ARROWS])
@pytest.mark.parametrize(
    ("turn", "points"), [("up", "up"), ("down", "down"), ("left", "level"), ("right", "level")]
)
@pytest.mark.parametrize("size", [6.0, 10.0, 24.0])
def test_where_drawn_arrows_point(draw: object, name: str, turn: str, points: str, size: float) -> None:
    assert callable(draw)
    assert status.arrow_turn(draw(turn, BLACK, size)) == points


@given(st.sampled_from(["up", "down"]), st.floats(4, 40), st.floats(0.6, 1.6), st.booleans())
def test_arrows_of_any_build_point_the_same_way(turn: str, size: float, stretch: float, shaft: bool) -> None:
    """Wider or narrower, with or without a shaft, a point ahead still decides."""
    shape = (make.arrow if shaft else make.triangle)(turn, BLACK, size)
    points = [(round(x * stretch, 2), round(y, 2)) for x, y in shape.points]
    assert status.arrow_turn(make.polygon(points, BLACK)) == turn


def test_an_arrow_with_two_heads_is_level() -> None:
    assert status.arrow_turn(make.double_arrow()) == "level"


@pytest.mark.parametrize("tall", [1.8, 2.2, 3.0])
def test_a_tall_arrow_with_a_head_at_either_side_is_level(tall: float) -> None:
    points = [(x, y * tall) for x, y in make.double_arrow().points]
    assert status.arrow_turn(make.polygon(points, AMBER)) == "level"


@pytest.mark.parametrize(
    "shape",
    [
        make.dot(),
        make.star(),
        make.square(),
        make.polygon([(0, -5), (5, 0), (0, 5), (-5, 0), (0, -5)], RED),  # a diamond
        make.polygon(
            [(-3, -5), (3, -5), (5, -3), (5, 3), (3, 5), (-3, 5), (-5, 3), (-5, -3)], RED
        ),  # octagon
        make.polygon([(-5, 0), (5, 0)], RED, stroked=True),  # a dash
        make.polygon([(-4, 0), (-1, 4), (5, -4)], GREEN, stroked=True),  # a tick
        make.polygon([(-4, -4), (4, 4)], RED, stroked=True),
    ],
    ids=["dot", "star", "square", "diamond", "octagon", "dash", "tick", "stroke"],
)
def test_other_forms_are_no_arrows(shape: Shape) -> None:
    assert status.arrow_turn(shape) is None


@pytest.mark.parametrize(
    ("shape", "direction"),
    [
        (make.arrow("up", GREEN), "improving"),
        (make.arrow("down", RED), "worsening"),
        (make.arrow("down", GREEN), "improving"),
        (make.arrow("up", RED), "worsening"),
        (make.arrow("up", NAVY), "improving"),
        (make.arrow("down", NAVY), "worsening"),
        (make.arrow("right", AMBER), "steady"),
        (make.arrow("right", RED), "steady"),
        (make.double_arrow(), "steady"),
        (make.polygon([(-6, -2), (6, -2), (6, 2), (-6, 2), (-6, -2)], AMBER), "steady"),
        (make.dot(GREEN), None),
    ],
)
def test_what_a_drawn_arrow_means(shape: Shape, direction: str | None) -> None:
    """Its colour decides where it is red or green, else the way it points."""
    assert status.read_direction(cell(shapes=(shape,)), Key()) == direction


def test_where_arrows_show_the_figure_polarity_turns_them_round() -> None:
    key = Key(arrows_show_value=True)
    up = cell(shapes=(make.arrow("up", NAVY),))
    assert status.read_direction(up, key, "lower") == "worsening"
    assert status.read_direction(up, key, "higher") == "improving"
    assert status.read_direction(up, Key(), "lower") == "improving"


@pytest.mark.parametrize(
    ("text", "font", "direction"),
    [
        ("▲", "", "improving"),
        ("▼", "", "worsening"),
        ("►", "", "steady"),
        ("↑", "", "improving"),
        ("↓", "", "worsening"),
        ("→", "", "steady"),
        ("◄►", "", "steady"),
        ("↔", "", "steady"),
        ("⬆\ufe0f", "", "improving"),
        ("é", "Wingdings", "improving"),
        ("ê", "Wingdings", "worsening"),
        ("è", "Wingdings", "steady"),
        ("\uf0e9", "Wingdings-Regular", "improving"),
        ("\uf0ea", "", "worsening"),
        ("\uf0ae", "Symbol", "steady"),
        ("\uf0ad", "SymbolMT", "improving"),
        ("\uf0af", "ABCDEF+SymbolMT", "worsening"),
        ("é", "Arial", "improving"),
        ("ê", "Arial", "worsening"),
        ("è", "Calibri", "steady"),
        ("p", "Wingdings3", "improving"),
        ("q", "ABCDEF+Wingdings3", "worsening"),
        ("s", "ZapfDingbats", "improving"),
        ("t", "ZapfDingbats", "worsening"),
        ("5", "Webdings", "improving"),
        ("Improving", "", "improving"),
        ("Getting worse", "", "worsening"),
        ("No change since Q1", "", "steady"),
        ("Improved since last quarter", "", "improving"),
        ("Gwella", "", "improving"),
        ("Dirywio", "", "worsening"),
        ("caf\u00e9", "Arial", None),
        ("Bins", "", None),
        ("", "", None),
    ],
)
def test_directions_in_signs_and_words(text: str, font: str, direction: str | None) -> None:
    assert status.read_direction(cell(text, font), Key()) == direction


@pytest.mark.parametrize(
    ("colour", "direction"), [(GREEN, "improving"), (RED, "worsening"), (BLACK, "worsening")]
)
def test_a_sign_in_colour_means_its_colour(colour: Colour, direction: str) -> None:
    assert status.read_direction(cell("▼", colour=colour), Key()) == direction


# --- what only a status column can hold -----------------------------------------------------------------------

PALE_GREEN: Colour = (0.42, 0.75, 0.51)


def test_a_pale_icon_counts_where_a_status_is_looked_for() -> None:
    assert shown(cell(picture=PALE_GREEN)) == ("green", "icon")
    assert status.icon_rags((), cell(picture=PALE_GREEN).pictures, Key()) == []


def test_a_line_drawn_in_a_cell_is_no_icon() -> None:
    line = Shape(Box(1, 120, 100, 120.4, 130), GREY, ((120.2, 100), (120.2, 130)))
    assert shown(cell(shapes=(line,))) is None


# --- words that a narrow column broke -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "rag"),
    [
        (("Underperform", "ing"), "red"),
        (("Off", "target"), "red"),
        (("Com", "pleted"), "blue"),
        (("Over", "ing"), None),
    ],
)
def test_a_status_word_broken_without_a_hyphen_is_read_whole(lines: tuple[str, str], rag: str | None) -> None:
    words = tuple(Word(t, Box(1, 10, 10 + 12 * k, 40, 20 + 12 * k)) for k, t in enumerate(lines))
    held = Cell(0, 1, 0, 1, Box(1, 5, 5, 45, 40), words, None, (), ())
    key = Key(words={"underperforming": "red"})
    found = status.read_status(held, key)
    assert (found[0].rag if found else None) == rag

"""Words to lines and paragraphs, and to text that knows where each character stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages as make
from councilscope import text
from councilscope.geometry import Box
from councilscope.page import Word
from councilscope.text import Paragraph
from pages import BLACK, GREEN, NAVY, C, Sheet


def column(*lines: str, size: float = 10.0, width: float = 600.0, **at: float) -> list[Word]:
    """Words of lines set under each other, one line a string; a string ending in "~" is followed by wide leading.

    Leading spaces indent a line by 10 points each.
    """
    sheet = Sheet(width=width)
    y = at.get("y", 100.0)
    for ln in lines:
        body = ln.rstrip("~")
        indent = 10.0 * (len(body) - len(body.lstrip(" ")))
        sheet.line(50 + indent, y, body.strip(), size)
        y += make.HEIGHT * size * (1.9 if ln.endswith("~") else 1.0)
    return sheet.words


def read(*lines: str, **style: float) -> list[str]:
    return [p.text for p in text.paragraphs(column(*lines, **style))]


# --- where paragraphs end -----------------------------------------------------------------------------------

LONG = "The round through the hill villages was run by two crews"  # a line that reaches the right edge


@pytest.mark.parametrize(
    ("lines", "paragraphs"),
    [
        pytest.param((LONG, "instead of three until the end of August."), 1, id="one sentence over two lines"),
        pytest.param((LONG + "~", LONG), 2, id="wide leading"),
        pytest.param((LONG, "ended.", LONG), 2, id="a line that ends early with a full stop"),
        pytest.param((LONG, "ended", LONG), 1, id="a short line without a full stop"),
        pytest.param(("• Crews are short", "• Lorries are old"), 2, id="bullets"),
        pytest.param(("• Crews are short and", "  lorries are old", "• Depots are far"), 2, id="bullet of two lines"),
        pytest.param(("1. Hire crews", "2. Lease lorries", "3. Open depots"), 3, id="numbers"),
        pytest.param(("a) Hire crews", "b) Lease lorries"), 2, id="letters"),
        pytest.param(("i. Hire crews", "ii. Lease lorries", "iii. Open depots"), 3, id="roman numbers"),
        pytest.param((LONG + " in", "2. That was too few to keep every round going."), 1, id="a lone number is no list"),
        pytest.param(("– Hire crews", "– Lease lorries"), 2, id="dashes"),
        pytest.param((LONG, "– two short – and so lost a day"), 1, id="a dash in a sentence"),
        pytest.param(("**Reason:** crews are short", "**Action:** hire more"), 2, id="bold labels"),
        pytest.param(("**Reason**", LONG), 2, id="a bold line over plain text"),
        pytest.param((LONG, "**Next steps**", LONG), 3, id="a bold line between"),
        pytest.param((LONG, "**two** crews were short"), 1, id="a bold word at a line's start is no label"),
    ],
)  # fmt: skip
def test_where_paragraphs_end(lines: tuple[str, ...], paragraphs: int) -> None:
    found = read(*lines)
    assert len(found) == paragraphs, found


@pytest.mark.parametrize(
    ("leads", "paragraphs"), [((1.2, 1.2), 1), ((1.2, 1.6), 2), ((1.6, 1.6), 1), ((1.2, 2.5), 2)]
)
def test_leading_is_wide_by_what_is_usual_in_its_column(leads: tuple[float, ...], paragraphs: int) -> None:
    sheet = Sheet()
    y = 100.0
    for lead in (*leads, 0.0):
        sheet.line(50, y, LONG)
        y += lead * 10
    assert len(text.paragraphs(sheet.words)) == paragraphs


def test_markers_are_told_and_left_out_of_the_text() -> None:
    found = text.paragraphs(column("• Crews are short", "1. Hire crews", "2. Lease lorries", "Plain words"))
    assert [(p.bullet, p.number) for p in found[:3]] == [(True, None), (False, "1."), (False, "2.")]
    assert [p.text for p in found][:2] == ["Crews are short", "Hire crews"]
    assert [[w.text for w in p.marker] for p in found[:3]] == [["•"], ["1."], ["2."]]


@pytest.mark.parametrize("marker", ["•", "●", "▪", "◦", "➢", "→", "\uf0b7", "\uf0a7", "o", "-", "–"])
def test_characters_that_stand_for_bullets(marker: str) -> None:
    sheet = Sheet()
    for k, words in enumerate(("Crews are short", "Lorries are old")):
        sheet.line(50, 100 + 12 * k, marker)
        sheet.line(66, 100 + 12 * k, words)
    found = text.paragraphs(sheet.words)
    assert [(p.bullet, p.text) for p in found] == [(True, "Crews are short"), (True, "Lorries are old")]


def test_a_drawn_dot_before_a_line_is_its_bullet() -> None:
    sheet = Sheet()
    for k, words in enumerate((LONG, LONG)):
        sheet.line(70, 100 + 12 * k, words)
        sheet.draw(make.dot(BLACK, 3), 60, 106 + 12 * k)
    assert len(text.paragraphs(sheet.words)) == 1
    found = text.paragraphs(sheet.words, sheet.shapes)
    assert [p.bullet for p in found] == [True, True]


def test_paragraphs_part_where_type_or_colour_changes() -> None:
    sheet = Sheet()
    sheet.line(50, 100, "Streets and rounds", 18)
    sheet.line(50, 122, LONG, 10)
    sheet.line(50, 134, "a line in another colour all through", 10, NAVY)
    assert len(text.paragraphs(sheet.words)) == 3


def test_centred_lines_are_one_heading() -> None:
    sheet = Sheet()
    for k, words in enumerate(("How the council did.", "Quarter two")):
        wide = sheet.line(0, 0, words) if False else make._FONTS[False].text_length(words, 10)
        sheet.line(300 - wide / 2, 100 + 12 * k, words)
    assert len(text.paragraphs(sheet.words)) == 1


def test_bold_of_a_paragraph() -> None:
    plain, label, heading = (
        text.paragraphs(column(t))[0] for t in ("crews are short", "**Reason:** crews", "**Reason:**")
    )
    assert (plain.bold_prefix, label.bold_prefix, heading.bold_prefix) == (0, 1, 1)
    assert (plain.all_bold, label.all_bold, heading.all_bold) == (False, False, True)
    assert label.bold and not plain.bold
    assert plain.size == 10


# --- the text of a paragraph --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (("crews and", "lorries"), "crews and lorries"),
        (("a day-", "long stop"), "a day-long stop"),
        (("short-", "and long-term"), "short- and long-term"),
        (("crews -", "two of them"), "crews - two of them"),
        (("the years 2019-", "20"), "the years 2019-20"),
    ],
)
def test_hyphens_at_a_lines_end(lines: tuple[str, ...], joined: str) -> None:
    part = text.paragraphs(column(*lines))
    assert text.text_map(part).text.replace("\n", " ") == joined
    assert text.plain(column(*lines)) == joined


def test_paragraphs_are_joined_by_a_line_feed_and_a_label_can_be_left_out() -> None:
    parts = text.paragraphs(column("**Reason:** crews are short~", "Lorries are old"))
    assert text.text_map(parts).text == "Reason: crews are short\nLorries are old"
    assert text.text_map(parts, start=1).text == "crews are short\nLorries are old"


def test_words_that_touch_are_not_parted() -> None:
    a = Word("94.8", Box(1, 50, 100, 70, 112))
    b = Word("%", Box(1, 70, 100, 78, 112), space_before=False)
    c = Word("now", Box(1, 82, 100, 99, 112))
    assert text.plain([a, b, c]) == "94.8% now"
    assert text.text_map(text.paragraphs([a, b, c])).text == "94.8% now"


WORDS = st.lists(
    st.sampled_from(["crews", "lorries", "short-", "•", "1.", "2.", "-", "–", "Reason:", "94.8%", "£1.2m", "tŷ", "a", "o", "and"]),
    min_size=1,
    max_size=30,
)  # fmt: skip


@st.composite
def columns(draw: st.DrawFn) -> list[Word]:
    """Words on lines of a column, of mixed weight and some in larger type."""
    sheet = Sheet(width=300)
    y = 60.0
    for _ in range(draw(st.integers(1, 6))):
        size = draw(st.sampled_from([8.0, 10.0, 14.0]))
        bold = draw(st.booleans())
        sheet.line(50 + draw(st.sampled_from([0, 0, 18])), y, " ".join(draw(WORDS)), size, bold=bold)
        y += size * draw(st.sampled_from([1.2, 1.2, 2.4]))
    return sheet.words


@given(columns())
def test_each_word_of_a_column_is_in_one_paragraph_or_its_marker(words: list[Word]) -> None:
    parts = text.paragraphs(words)
    found = [w for p in parts for w in (*p.marker, *p.words)]
    assert sorted(map(id, found)) == sorted(map(id, words))
    for p in parts:
        assert all(p.box.contains(w.box) for w in p.words)


@given(columns(), st.integers(0, 3))
def test_each_character_comes_from_the_word_it_names(words: list[Word], start: int) -> None:
    parts = text.paragraphs(words)
    start = min(start, len(parts[0].words) - 1)
    m = text.text_map(parts, start)
    assert len(m.origin) == len(m.text)
    assert list(m.words) == [w for k, p in enumerate(parts) for w in p.words[start if k == 0 else 0 :]]
    rebuilt: dict[int, str] = {}
    for ch, o in zip(m.text, m.origin, strict=True):
        if o < 0:
            assert ch in " \n"
        else:
            rebuilt[o] = rebuilt.get(o, "") + ch
    assert rebuilt == {k: w.text for k, w in enumerate(m.words)}
    assert m.boxes(0, len(m.text)) == [w.box for w in m.words]


@given(columns(), st.data())
def test_offsets_lead_to_the_boxes_of_the_words_they_touch(words: list[Word], data: st.DataObject) -> None:
    m = text.text_map(text.paragraphs(words))
    start = data.draw(st.integers(0, len(m.text)))
    end = data.draw(st.integers(start, len(m.text)))
    touched = sorted({o for o in m.origin[start:end] if o >= 0})
    assert m.boxes(start, end) == [m.words[o].box for o in touched]


@given(columns())
def test_plain_text_and_paragraphs_say_the_same_words(words: list[Word]) -> None:
    plain = text.plain(words)
    assert sorted(plain.replace(" ", "")) == sorted("".join(w.text for w in words))
    assert "\n" not in plain and plain == plain.strip()


# --- lines --------------------------------------------------------------------------------------------------


@given(st.permutations(column("one two three", "four five", "six seven eight")))
def test_lines_do_not_depend_on_the_order_of_drawing(words: list[Word]) -> None:
    lines = text.lines_of(words)
    assert [" ".join(w.text for w in ln.words) for ln in lines] == [
        "one two three",
        "four five",
        "six seven eight",
    ]


@given(columns())
def test_lines_that_are_remembered_are_those_found_anew(words: list[Word]) -> None:
    first = text.lines_of(words)
    cut = [text.segments(line) for line in first]
    first.clear()
    again = text.lines_of(words)
    text.forget_lines()
    assert again == text.lines_of(words)
    assert cut == [text.segments(line) for line in text.lines_of(words)]


def test_a_small_raised_word_stays_on_its_line() -> None:
    sheet = Sheet()
    right = sheet.line(50, 100, "Rounds kept")
    sheet.line(right, 98, "2", 6)
    sheet.line(right + 12, 100, "in May")
    assert [len(ln.words) for ln in text.lines_of(sheet.words)] == [5]


@pytest.mark.parametrize(("angle", "order"), [(90, [0, 1, 2]), (270, [2, 1, 0])])
def test_words_that_run_up_or_down_read_along_their_direction(angle: int, order: list[int]) -> None:
    stacked = [Word(f"w{k}", Box(1, 50, 300 - 40 * k, 62, 330 - 40 * k), angle=angle) for k in range(3)]
    upright = column("level words")
    lines = text.lines_of([*stacked, *upright])
    assert [w.text for w in lines[0].words] == ["level", "words"]
    assert [w.text for w in lines[-1].words] == [f"w{k}" for k in order]


def test_a_line_is_cut_at_wide_white_space_but_not_after_its_marker() -> None:
    sheet = Sheet()
    sheet.line(50, 100, "Rounds kept")
    sheet.line(200, 100, "on time")
    sheet.line(50, 130, "1.2")
    sheet.line(90, 130, "Rounds kept")
    first, second = text.lines_of(sheet.words)
    assert [" ".join(w.text for w in s.words) for s in text.segments(first)] == ["Rounds kept", "on time"]
    assert len(text.segments(second)) == 1


def test_figures_of_two_columns_are_parted_by_less_white_space() -> None:
    sheet = Sheet()
    right = sheet.line(50, 100, "94.8%")
    sheet.line(right + 8, 100, "91.2%")
    assert len(text.segments(text.lines_of(sheet.words)[0])) == 2


def test_no_words_no_paragraphs() -> None:
    assert text.paragraphs([]) == [] and text.lines_of([]) == [] and text.plain([]) == ""
    assert text.text_map([]).text == ""


def test_cells_and_paragraphs_of_one_sheet_agree() -> None:
    """The helper's own promise: what `say` and `table` set is what is read."""
    sheet = Sheet()
    sheet.say("Crews are **short** of lorries")
    sheet.table([100, 100], [["Rounds", C("kept", fill=GREEN)]])
    found: list[Paragraph] = text.paragraphs(sheet.words)
    assert found[0].text == "Crews are short of lorries"
    assert {w.text for w in sheet.words} >= {"Rounds", "kept"}

"""English and Welsh: told apart, both kept, tags in English only; items that are printed twice are one block."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import language
from councilscope.annotate import read, tag
from councilscope.blocks import segment
from councilscope.language import english_only, language_of
from pages import Sheet, document, opening, print_pdf

CY = (
    "Collwyd dwy o'r chwe rownd ym mis Mehefin oherwydd nad oedd digon o yrwyr ar gael.",
    "Mae'r tîm yn penodi pedwar swyddog newydd erbyn diwedd mis Rhagfyr.",
)
EN = (
    "Two of the six rounds were missed in June because there were not enough drivers.",
    "The team is recruiting four new officers by the end of December.",
)
NAMES = (
    ("Canran y gwastraff a ailgylchwyd", "Percentage of waste recycled"),
    ("Nifer y cartrefi a archwiliwyd", "Number of homes inspected"),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [*((t, "cy") for t in CY), *((t, "en") for t in EN), *((cy, "cy") for cy, _ in NAMES), ("94.1%", None), ("", None), ("Oren / Amber", None)],
)  # fmt: skip
def test_the_language_of_a_text(text: str, found: str | None) -> None:
    assert language_of(text) == found


@pytest.mark.parametrize("between", ["\n", " ", " / ", "\n\n"])
@pytest.mark.parametrize("first", ["cy", "en"])
def test_only_the_welsh_is_blanked(between: str, first: str) -> None:
    text = between.join((CY[0], EN[0]) if first == "cy" else (EN[0], CY[0]))
    left = english_only(text)
    assert len(left) == len(text)
    assert left.strip(" /\n") == EN[0]
    assert text.index(EN[0]) == left.index(EN[0])


def test_english_with_a_welsh_name_stays() -> None:
    text = "Cyngor Gwynedd and the Canolfan Iaith run the course together. A second one begins in May."
    assert english_only(text) == text


@given(st.lists(st.sampled_from([*CY, *EN, "68.2%", "Q2", "/"]), max_size=6).map(" ".join))
def test_what_is_left_stands_where_it_stood(text: str) -> None:
    left = english_only(text)
    assert len(left) == len(text)
    assert all(a == b or (b == " " and not a.isspace()) for a, b in zip(text, left, strict=True))
    assert not set(re.findall(r"\w+", left)) & {"oherwydd", "penodi"}


@given(st.text(max_size=200))
def test_any_text_keeps_its_length(text: str) -> None:
    assert len(english_only(text)) == len(text)
    assert language.language_of(text) in ("en", "cy", None)


def test_tags_are_found_in_the_english_only() -> None:
    text = f"{CY[0]} {CY[1]}\n{EN[0]} {EN[1]}"
    (found,) = tag([{"id": 1, "text": text}])
    assert found["text"] == text
    assert found["spans"] and all(s["start"] > text.index("\n") for s in found["spans"])
    assert all(text[s["start"] : s["end"]] == s["text"] for s in found["spans"])
    (welsh,) = tag([{"id": 2, "text": " ".join(CY)}])
    assert welsh["spans"] == [] and welsh["themes"] == []


# --- reports ------------------------------------------------------------------------------------------------

HEADS = ["Cyf / Ref", "Dangosydd / Indicator", "Targed / Target", "Ch2 2021/22 / Q2 2021/22", "Statws / Status", "Cyfeiriad / Direction", "Sylwadau / Commentary"]  # fmt: skip
WELSH_HEADS = ["Cyf", "Dangosydd", "Targed", "Chwarter 2 2021/22", "Statws", "Cyfeiriad teithio", "Sylwadau"]


def test_both_languages_in_every_cell() -> None:
    sheet = opening()
    rows = [
        [
            "A1",
            " / ".join(NAMES[0]),
            "70%",
            "68.2%",
            "Oren / Amber",
            "Gwella / Improving",
            f"{CY[0]}\n{EN[0]}",
        ],
        ["A2", " / ".join(NAMES[1]), "90%", "72%", "Coch / Red", "Dirywio / Worsening", f"{CY[1]}\n{EN[1]}"],
    ]
    sheet.table([30, 110, 45, 60, 50, 60, 150], [HEADS, *rows], size=8, head=1)
    found = segment(document(sheet))
    assert found.language == "en"
    assert [(b.ref, b.rag, b.direction) for b in found.blocks] == [("A1", "amber", "improving"), ("A2", "red", "worsening")]  # fmt: skip
    assert [o.period for b in found.blocks for o in b.outturns] == ["2021/22 Q2"] * 2
    assert (
        CY[0][:30] in found.blocks[0].commentary[0].text and EN[0][:30] in found.blocks[0].commentary[0].text
    )


def test_a_report_in_welsh_alone() -> None:
    sheet = Sheet()
    sheet.say("Cyngor Sir Ceredigion", 20, bold=True)
    sheet.say("Adroddiad Perfformiad Chwarter 2 2021/22", 16, bold=True)
    rows = [
        ["A1", NAMES[0][0], "70%", "68.2%", "Oren", "Gwella", CY[0]],
        ["A2", NAMES[1][0], "90%", "72%", "Coch", "Dirywio", CY[1]],
    ]
    sheet.table([30, 110, 45, 60, 50, 60, 150], [WELSH_HEADS, *rows], size=8, head=1)
    found = segment(document(sheet))
    assert found.language == "cy"
    assert [(b.title, b.rag, b.direction) for b in found.blocks] == [(NAMES[0][0], "amber", "improving"), (NAMES[1][0], "red", "worsening")]  # fmt: skip
    assert [c.text for b in found.blocks for c in b.commentary] == list(CY)


def test_titles_in_two_columns_the_english_one_names_the_block() -> None:
    sheet = opening()
    rows = [[f"A{k + 1}", *NAMES[k], "70%", "68.2%", "Oren", CY[k], EN[k]] for k in range(2)]
    heads = ["Cyf / Ref", "Dangosydd", "Indicator", "Targed / Target", "Q2 2021/22", "Statws / Status", "Sylwadau", "Commentary"]  # fmt: skip
    sheet.table([30, 80, 80, 40, 50, 50, 85, 85], [heads, *rows], size=8, head=1)
    found = segment(document(sheet))
    assert [b.title for b in found.blocks] == [en for _, en in NAMES]
    assert [c.text for c in found.blocks[0].commentary] == [CY[0], EN[0]]


def side_by_side(result: str = "68.2%") -> Sheet:
    """Each page in two columns, Welsh at the left; `result` is the figure in the Welsh one."""
    sheet = opening()
    sheet.y += 10
    for k, (cy, en) in enumerate(NAMES):
        top = sheet.y
        for x, words in (
            (
                50.0,
                (f"A{k + 1} {cy}", "Targed: 70%", f"Canlyniad: {result}", "Statws: Oren", "Sylwadau", CY[k]),
            ),
            (320.0, (f"A{k + 1} {en}", "Target: 70%", "Result: 68.2%", "Status: Amber", "Commentary", EN[k])),
        ):
            sheet.y = top
            for n, said in enumerate(words):
                sheet.say(said, 14 if n == 0 else 10, bold=n in (0, 4), x=x, width=220)
        sheet.y += 20
    return sheet


def test_an_item_printed_in_either_language_is_one_block() -> None:
    found = segment(document(side_by_side()))
    assert [(b.title.removeprefix(f"A{k + 1} "), b.rag) for k, b in enumerate(found.blocks)] == [(en, "amber") for _, en in NAMES]  # fmt: skip
    assert [[c.text for c in b.commentary] for b in found.blocks] == [[EN[k], CY[k]] for k in range(2)]


def test_items_with_other_figures_stay_apart() -> None:
    assert len(segment(document(side_by_side("61.0%"))).blocks) == 4


def test_the_reader_is_told_of_texts_that_were_not_tagged(tmp_path: Path) -> None:
    sheet = opening()
    rows = [["A1", NAMES[0][1], "70%", "68.2%", "Amber", f"{EN[0]}\n{CY[0]}"]]
    sheet.table([30, 130, 50, 60, 60, 170], [["Ref", "Indicator", "Target", "Q2 2021/22", "Status", "Commentary"], *rows], head=1)  # fmt: skip
    path = tmp_path / "report.pdf"
    path.write_bytes(print_pdf(sheet))
    report = read(path)
    (warning,) = [w for w in report.warnings if w.code == "welsh_text"]
    assert warning.page == 1 and "1 text is in Welsh" in warning.message
    assert not [w for w in read(path, tag=False).warnings if w.code == "welsh_text"]

"""Columns under headings that no list knows, told by what they hold."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from councilscope.blocks import columns, guess, segment
from councilscope.lexicon import header_role
from councilscope.records import Block
from pages import document, opening

PEOPLE = ("Ann Hughes", "Tom Okafor", "Bethan Price", "Ravi Nair")
ROWS = (
    ("CS1", "Bins collected on the day they are due", "95%", "91.2%", "Amber"),
    ("CS2", "Calls answered within two minutes", "80%", "84.0%", "Green"),
    ("CS3", "Housing repairs done at the first visit", "90%", "92.5%", "Green"),
    ("CS4", "Invoices paid within thirty days", "98%", "88.1%", "Red"),
)


def blocks_with(heading: str, cells: tuple[str, ...]) -> list[Block]:
    """The blocks of a list whose last column has this heading and these cells."""
    made = opening()
    rows = [[*row, cell] for row, cell in zip(ROWS, cells, strict=True)]
    made.table(
        [40, 150, 60, 60, 60, 90],
        [["Ref", "Measure", "Target", "Actual", "Status", heading], *rows],
        head=1,
    )
    return segment(document(made)).blocks


@pytest.mark.parametrize("heading", ["Wozzle", "Kept in hand"])
def test_a_column_of_names_under_a_strange_heading_is_the_owners(heading: str) -> None:
    assert header_role(heading) is None
    blocks = blocks_with(heading, PEOPLE)
    assert [[o.name for o in b.owners] for b in blocks] == [[p] for p in PEOPLE]
    assert [(b.ref, b.rag, b.target and b.target.text) for b in blocks] == [
        (r[0], r[4].lower(), r[2]) for r in ROWS
    ]


def test_a_column_that_might_be_anything_is_left_alone() -> None:
    plain = blocks_with("Wozzle", ("x7", "kk", "x7", "q"))
    assert all(not b.owners and len(b.outturns) == 1 for b in plain)


def test_a_heading_that_the_lists_know_is_never_overruled(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(columns, "guess_role", lambda heading, *_: asked.append(heading))
    blocks_with("Lead officer", PEOPLE)
    assert asked == []


def test_the_weights_are_small_and_say_what_they_were_fitted_on() -> None:
    text = (files("councilscope") / "data" / "columns.json").read_text(encoding="utf-8")
    assert len(text) < 300_000
    assert {"fitted_by", "fitted_on", "sha256_of_gold"} <= json.loads(text)["about"].keys()
    assert set(guess.weights()) == {
        *guess.ROLES,
        "ref",
        "owner",
        "service",
        "target",
        "direction",
        "rag",
        "other",
    }

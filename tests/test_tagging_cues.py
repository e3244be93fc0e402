"""Cue words: stock phrases, denials, kinds of owner, due dates."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from councilscope.records import Period
from councilscope.tagging import cues, deadlines, rules
from councilscope.tagging.finish import finish
from councilscope.tagging.passages import Passage

EXAMPLES = tomllib.loads((Path(__file__).parent / "data" / "negation.toml").read_text(encoding="utf-8"))[
    "example"
]


@pytest.mark.parametrize(
    "text",
    [
        "None",
        "None.",
        "N/A",
        "n/a ",
        "No items by exception to report",
        "Nil return",
        "",
        "-",
        "34.0%",
        "Not applicable",
    ],
)
def test_stock_phrases_say_nothing(text: str) -> None:
    assert cues.says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "None, as the work is in the plan already",
        "No remedial action is required.",
        "Snow.",
        "Nonetheless late",
    ],
)
def test_a_text_with_content_says_something(text: str) -> None:
    assert not cues.says_nothing(text)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e["text"][:40])
def test_assertion_of_causes(example: dict[str, str]) -> None:
    start = example["text"].index(example["cause"])
    assert cues.assertion(example["text"], start, start + len(example["cause"])) == example["assertion"]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Head of Finance", "role"),
        ("managers", "role"),
        ("Early Years Team", "team"),
        ("Human Resources", "team"),
        ("Cabinet", "body"),
        ("Gold Group", "body"),
        ("Healthy Weight Steering Group", "body"),
        ("Tom Bell", "person"),
        ("Cllr Priya Nair", "person"),
    ],
)
def test_kind_of_owner(name: str, kind: str) -> None:
    assert cues.owner_kind(name) == kind


def test_due_date_in_brackets_explains_a_vague_one() -> None:
    text = "Decision to be taken next month (August)."
    start = text.index("next month")
    draft = rules.Draft(start, start + 10, "DEADLINE", {})
    period = Period(financial_year="2020/21", quarter=1)
    (span,) = finish(Passage(text, None, period), [draft], [0]).spans
    assert span.attrs["iso"] == "2020-08-31"


def test_dates_of_the_past_are_no_deadlines() -> None:
    assert (
        deadlines.find("The home was inspected in July 2019 and the report published in September 2019.")
        == []
    )
    text = "The plan will be finished by September 2021."
    assert [text[a:b] for a, b in deadlines.find(text)] == ["by September 2021"]

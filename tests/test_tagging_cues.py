"""Cue words: stock phrases, denials, kinds of owner, due dates."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from councilscope.records import Label, Period
from councilscope.tagging import cues, deadlines, edges, rules
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


def test_words_that_deny_a_cause_outweigh_the_model() -> None:
    text = "The fall is not due to vacancies."
    start = text.index("vacancies")
    draft = rules.Draft(
        start, start + 9, "CAUSE", {"theme": "workforce", "assertion": "asserted", "effect": "adverse"}
    )
    (span,) = finish(Passage(text), [draft], [0]).spans
    assert span.attrs["assertion"] == "negated"


def test_what_is_called_a_target_date_is_a_deadline() -> None:
    for text, date in [
        ("Revised completion date: 31 May 2021", "31 May 2021"),
        ("An alternative timescale of March 2021 is suggested.", "March 2021"),
        ("The target date has been moved to the end of June 2021.", "the end of June 2021"),
    ]:
        assert [text[d.start : d.end] for d in edges.sure_deadlines(text, [])] == [date]
    assert edges.sure_deadlines("The new total of May 2020 was 12.", []) == []


def test_causes_after_plain_connectives() -> None:
    text = "Delays were due to a late survey caused by snow. The panel is due to meet in May. Calls are down to 412."
    assert [text[d.start : d.end] for d in edges.sure_causes(text, [])] == ["a late survey", "snow"]


@pytest.mark.parametrize(
    ("text", "rough", "mended"),
    [
        (
            "A review of schools (special and nursery) is under way.",
            "review of schools (special",
            "review of schools (special and nursery)",
        ),
        ("Spending of £1,200 was approved.", "1,200 was approved", "£1,200 was approved"),
        ("It was agreed by the Head of Housing.", "the Head of Housing.", "Head of Housing"),
    ],
)
def test_edges_are_mended(text: str, rough: str, mended: str) -> None:
    start = text.index(rough)
    label: Label = "OWNER" if "Head" in rough else "ACTION"
    draft = edges.mend(text, rules.Draft(start, start + len(rough), label, {}))
    assert draft is not None and text[draft.start : draft.end] == mended

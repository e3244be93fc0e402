"""The block scorer on blocks small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from scoring import best_pairs, pair_blocks, period_key, plain, right_field, score

PARKS: dict[str, Any] = {
    "ref": "P1",
    "title": "Parks with a green flag",
    "kind": "indicator",
    "rag": "amber",
    "target": {"text": "≥ 12", "value": 12},
    "owners": [{"name": "Mrs Ada Park", "role": "Head of Parks"}],
    "outturns": [{"period": "2021/22 Q1", "text": "11", "value": 11}],
    "commentary": [
        {"section": "reason", "heading": "Why", "text": "One park lost its flag after the flood."}
    ],
}
BINS: dict[str, Any] = {"ref": None, "title": "Missed bin collections per 100,000", "kind": "indicator"}
GOLD: dict[str, Any] = {
    "council": "Merefold Council",
    "gss_code": "X1",
    "period": {"financial_year": "2021/22", "quarter": 1},
    "blocks": [PARKS, BINS],
}
FOUND = {**GOLD, "council": {"name": "Merefold Council", "gss": "X1"}}


def with_parks(**changes: Any) -> dict[str, Any]:
    return {**FOUND, "blocks": [{**PARKS, **changes}, BINS]}


def test_gold_against_itself_is_perfect() -> None:
    result = score(GOLD, FOUND)
    assert set(result.as_dict().values()) == {1.0}
    assert result.misses == []


def test_a_block_not_found_is_wrong_in_every_field_and_loses_its_lists() -> None:
    result = score(GOLD, {**FOUND, "blocks": [BINS]})
    assert result["blocks"] == pytest.approx(2 / 3)
    assert result["rag"] == result["kind"] == 0.5
    assert result["outturns"] == result["owners"] == result["commentary"] == 0.0
    assert result.misses == ["not found: P1 'Parks with a green flag'"]


def test_a_block_too_many_costs_precision_only() -> None:
    result = score(GOLD, {**FOUND, "blocks": [PARKS, BINS, {"ref": "Z9", "title": "A heading"}]})
    assert result["blocks"] == pytest.approx(0.8)
    assert result["rag"] == 1.0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("rag", "red"),
        ("rag", None),
        ("kind", "action"),
        ("title", "Parks with a flag"),
        ("target", {"text": "13", "value": 13}),
        ("target", None),
        ("direction", "steady"),
        ("service", "Parks"),
    ],
)
def test_a_wrong_field_is_wrong(field: str, value: Any) -> None:
    assert score(GOLD, with_parks(**{field: value}))[field] == 0.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("outturns", [{"period": "2021/22 Q2", "text": "11", "value": 11}]),
        ("outturns", [{"period": "2021/22 Q1", "text": "12", "value": 12}]),
        ("outturns", [{"period": "2021/22 Q1", "text": "11", "value": None}]),
        ("owners", [{"name": "Bob Green", "role": "Ada Park"}]),
        ("owners", [{"name": "Bob Green", "role": "Head of Parks"}]),
        ("commentary", [{"section": "action", "text": "One park lost its flag after the flood."}]),
        ("commentary", [{"section": "reason", "text": "One park lost."}]),
    ],
)
def test_a_wrong_entry_of_a_list_is_wrong(name: str, value: Any) -> None:
    assert score(GOLD, with_parks(**{name: value}))[name] == 0.0


def test_print_makes_no_difference() -> None:
    assert plain("•\u00a0the  council’s\nplan – “go”") == 'the council\'s plan - "go"'
    changed = with_parks(title="PARKS with a  green flag", ref="(P1)", owners=[{"name": "Ada Park"}])
    assert score(GOLD, changed).misses == []


def test_a_target_of_not_applicable_is_no_target() -> None:
    assert right_field("target", {"target": None}, {"target": {"text": "N/A", "value": None}})
    assert right_field("target", {"target": None}, {"target": {"text": "Data only", "value": None}})
    assert not right_field("target", {"target": None}, {"target": {"text": "4", "value": 4}})


def test_a_service_may_be_given_by_its_innermost_heading() -> None:
    gold = {"service": "Priority 1: Places where people are proud to live > Parks and Open Spaces"}
    assert right_field("service", gold, {"service": "Parks & open space"})
    assert not right_field("service", gold, {"service": "Priority 1: Places where people are proud to live"})


def test_references_pair_before_titles_and_each_block_pairs_once() -> None:
    gold = [{"ref": "1", "title": "Visits on time"}, {"ref": "2", "title": "Visits on time"}]
    assert pair_blocks(gold, [{"ref": "2", "title": "Calls answered"}, {"title": "Visits on time"}]) == {
        1: 0,
        0: 1,
    }
    assert best_pairs([(0.9, 0, 0), (1.0, 1, 0), (0.8, 0, 1)]) == {1: 0, 0: 1}


def test_another_reference_asks_for_a_likelier_title() -> None:
    gold = [{"ref": "1", "title": "Visits on time in the period"}]
    found = {"title": "Visits on time in the month"}
    assert pair_blocks(gold, [found]) == {0: 0}
    assert pair_blocks(gold, [{**found, "ref": "7"}]) == {}


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2019/20 Q3", (2019, "Q3")),
        ("2018/19 Year End", (2018, "Y")),
        ("2018/19", (2018, "Y")),
        ("Apr 2019", (2019, "M4")),
        ("Mar 2019", (2018, "M3")),
        ("2019", (None, "2019")),
        (None, (2021, "Q2")),
    ],
)
def test_periods(text: str | None, key: tuple[int | None, str]) -> None:
    assert period_key(text, 2021, 2) == key


def test_what_the_gold_leaves_open_is_no_fault() -> None:
    flood = "The flood of January closed three parks for a month."
    gold = {
        **GOLD,
        "section_commentary": [{"text": flood}],
        "scoring": {"field_alt": {"P1": {"polarity": ["higher"]}}, "section_alt": {"Why": ["note"]}},
    }
    said = [{"section": "note", "text": PARKS["commentary"][0]["text"]}, {"section": "impact", "text": flood}]
    found = with_parks(commentary=said, polarity="higher")
    assert score(gold, found).misses == []
    assert len(score(GOLD, found).misses) == 2


def test_a_text_that_says_nothing_does_not_count() -> None:
    said = [*PARKS["commentary"], {"section": "action", "text": "N/A"}]
    assert score(GOLD, with_parks(commentary=said)).misses == []


def test_the_document_is_judged_too() -> None:
    wrong = {
        **FOUND,
        "council": {"name": "Otherby Council", "gss": None},
        "period": {"financial_year": "2020/21"},
    }
    result = score(GOLD, wrong)
    assert (result["council"], result["gss"], result["period"]) == (0.0, 0.0, 0.0)

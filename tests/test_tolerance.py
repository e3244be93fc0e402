"""A report's own rule for red, amber and green: read, applied, and held against the printed status."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope.blocks import segment
from councilscope.records import Polarity, Target, Warning
from councilscope.values import (
    Limit,
    Tolerance,
    limit_column,
    parse_target,
    possible_status,
    read_limits,
    read_rule,
    recomputed_status,
)
from pages import AMBER, GREEN, RED, C, Sheet, document, opening

FIVE = {"green": "On or above target", "amber": "Up to 5% below target", "red": "More than 5% below target"}


def may_be(
    rule: Tolerance | None, actual: float, target: str = "90%", polarity: Polarity | None = "higher"
) -> str:
    """The letters of the statuses that a result may have, in the order of the alphabet."""
    assert rule is not None
    found = possible_status(parse_target(target), actual, polarity, rule)
    return "".join(sorted(r[0] for r in found))


# --- read ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("green", "amber", "red", "rule"),
    [
        ("on or above target", "up to 5% below", "more than 5 percentage points below", Tolerance(None, Limit(5, "points", True))),
        ("at or better than target", "within 5–10 % of target", "over 10% off", Tolerance(Limit(5, "percent"), Limit(10, "percent", True))),
        ("within 1% or better", "1-5% adrift", "5% or more adrift", Tolerance(Limit(1, "percent", True), Limit(5, "percent", False))),
        ("target met", "within 10% of target", "not achieved", Tolerance(None, Limit(10, "percent", True))),
        ("on target", "less than 5% below target", "5% or more below target", Tolerance(None, Limit(5, "percent", False))),
        ("on target", "within 2 percentage points of target", "", Tolerance(None, Limit(2, "points", True))),
        ("on target or within a 5% threshold", "", "outside the 5% threshold", None),
        ("on target", "0.1% to 5% below target", "> 5% below target", Tolerance(None, Limit(5, "percent", True))),
        ("within 10% of target", "over 10% off but better than last year", "over 10% off, no better than last year", None),
        ("on target", "up to 5% below target", "more than 10% below target", None),
        ("on target", "within tolerance", "outside tolerance", None),
        ("on track", "some slippage", "more than 4 weeks behind schedule", None),
        ("", "", "", None),
    ],
)  # fmt: skip
def test_rules_of_keys(green: str, amber: str, red: str, rule: Tolerance | None) -> None:
    said = {c: t for c, t in (("green", green), ("amber", amber), ("red", red)) if t}
    if not amber and green.startswith("on target or"):  # two steps
        rule = Tolerance(Limit(5, "percent", True), None)
    assert read_rule(said) == rule


def test_a_key_of_four_steps_gives_no_rule() -> None:
    assert read_rule({**FIVE, "yellow": "Up to 2% below target"}) is None
    yellow = {"green": "on target", "yellow": "up to 5% below target", "red": "more than 5% below target"}
    assert read_rule(yellow) == Tolerance(None, Limit(5, "percent", True))


@pytest.mark.parametrize(
    ("limits", "rule"),
    [
        ({"tolerance": "5%"}, Tolerance(None, Limit(5, "percent"))),
        ({"tolerance": "+/- 2 percentage points"}, Tolerance(None, Limit(2, "points"))),
        ({"tolerance": "3 days"}, Tolerance(None, Limit(3, "points"))),
        ({"red": "80%", "amber": "85%"}, Tolerance(Limit(85, "figure"), Limit(80, "figure"))),
        ({"green": "90%", "red": "80%"}, Tolerance(Limit(90, "figure"), Limit(80, "figure"))),
        ({"red": "80%"}, Tolerance(None, Limit(80, "figure"))),
        ({"amber": "85%"}, Tolerance(None, Limit(85, "figure"), open=True)),
        ({"tolerance": "n/a"}, None),
        ({"red": "-"}, None),
        ({}, None),
    ],
)
def test_limits_of_a_measure(limits: dict[str, str], rule: Tolerance | None) -> None:
    assert read_limits(limits) == rule


@pytest.mark.parametrize(
    ("heading", "name"),
    [("Tolerance", "tolerance"), ("Red T'hold", "red"), ("Amber threshold", "amber"), ("Intervention level", "red"), ("Green Threshold", "green"), ("Target", None), ("", None), (None, None)],
)  # fmt: skip
def test_columns_of_limits(heading: str | None, name: str | None) -> None:
    assert limit_column(heading) == name


# --- applied ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "found"), [(95, "g"), (90, "g"), (89.9, "a"), (85.6, "a"), (85.2, "ar"), (84.9, "r")]
)
def test_per_cent_of_a_percentage_may_be_points(actual: float, found: str) -> None:
    """5% of 90% is 4.5 points; many councils mean 5."""
    assert may_be(read_rule(FIVE), actual) == found


def test_per_cent_of_a_number_is_a_share_of_it() -> None:
    rule = read_rule(FIVE)
    assert [may_be(rule, x, "200 visits") for x in (200, 190, 189)] == ["g", "a", "r"]


def test_lower_may_be_better() -> None:
    rule = read_rule(
        {"green": "on target", "amber": "within 10% of target", "red": "more than 10% off target"}
    )
    assert [may_be(rule, x, "10 days", "lower") for x in (9, 10, 11, 11.5)] == ["g", "g", "a", "r"]
    assert [may_be(rule, x, "≤ 10 days", None) for x in (9, 11.5)] == ["g", "r"]
    assert may_be(rule, 15, "10 days", None) == "gr"


def test_thresholds_tell_which_way_is_better() -> None:
    rule = read_limits({"amber": "10 days", "red": "12 days"})
    assert [may_be(rule, x, "9 days", None) for x in (8, 11, 13)] == ["g", "a", "r"]
    assert may_be(rule, 12, "9 days", None) == "ar"


def test_a_target_with_two_ends() -> None:
    rule = read_rule(FIVE)
    assert [may_be(rule, x, "between 8 and 10") for x in (9, 11)] == ["g", "ar"]


def test_without_figures_nothing_is_told() -> None:
    rule = read_rule(FIVE)
    assert rule is not None
    assert possible_status(parse_target("90%"), None, "higher", rule) == frozenset()
    assert possible_status(parse_target("Top quartile"), 80, "higher", rule) == frozenset()
    assert possible_status(None, 80, "higher", rule) == frozenset()
    assert recomputed_status(parse_target("90%"), 80, "higher", rule) == "red"
    assert recomputed_status(parse_target("90%"), 85.2, "higher", rule) is None


RULES = st.builds(
    lambda inner, more, how: Tolerance(Limit(inner, how, True) if inner else None, Limit(inner + more, how, True)),
    st.integers(0, 10), st.integers(1, 20), st.sampled_from(["percent", "points"]),
)  # fmt: skip
ORDER = {"red": 0, "amber": 1, "green": 2}


@given(RULES, st.floats(10, 500), st.floats(0, 600), st.floats(0, 100), st.sampled_from(["%", None]))
def test_a_better_result_is_never_rated_worse(
    rule: Tolerance, goal: float, actual: float, more: float, unit: str | None
) -> None:
    target = Target(text=str(goal), value=goal, unit=unit)
    before = possible_status(target, actual, "higher", rule)
    after = possible_status(target, actual + more, "higher", rule)
    assert max(ORDER[r] for r in after) >= max(ORDER[r] for r in before)
    assert min(ORDER[r] for r in after) >= min(ORDER[r] for r in before)


@given(RULES, st.floats(10, 500), st.floats(-100, 100))
def test_higher_and_lower_mirror_each_other(rule: Tolerance, goal: float, off: float) -> None:
    target = Target(text=str(goal), value=goal)
    above = possible_status(target, goal + off, "lower", rule)
    assert above == possible_status(target, goal - off, "higher", rule)
    assert above <= possible_status(target, goal + off, None, rule)


@given(RULES, st.floats(1, 500), st.sampled_from(["higher", "lower"]))
def test_a_target_that_is_met_is_green(rule: Tolerance, goal: float, polarity: Polarity) -> None:
    assert recomputed_status(Target(text="x", value=goal), goal, polarity, rule) == "green"


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_the_reading_of_rules(one: str, two: str) -> None:
    read_rule({"green": one, "amber": two, "red": one + two})
    read_limits({"tolerance": one})
    read_limits({"red": one, "amber": two})
    limit_column(one)


# --- in a report --------------------------------------------------------------------------------------------


def told(sheet: Sheet) -> list[Warning]:
    return [w for w in segment(document(sheet)).warnings if w.code == "status_differs"]


def rated(sheet: Sheet, *rows: tuple[str, str, str]) -> Sheet:
    """A list of (target, result, status); more is better."""
    body = [[f"PI{k + 1}", f"Requests answered in area {k + 1}", "High", *r] for k, r in enumerate(rows)]
    sheet.table(
        [40, 170, 50, 60, 70, 60], [["Ref", "Measure", "Good is", "Target", "Q2 2021/22", "Status"], *body], head=1
    )  # fmt: skip
    return sheet


def with_key() -> Sheet:
    sheet = opening()
    sheet.say("Key", 12, bold=True)
    sheet.table(
        [50, 200], [[C(fill=c), FIVE[n]] for n, c in (("green", GREEN), ("amber", AMBER), ("red", RED))]
    )
    return sheet


def test_a_printed_status_that_the_key_contradicts_is_told_and_stays() -> None:
    sheet = rated(with_key(), ("90%", "92%", "Red"), ("90%", "87%", "Amber"), ("90%", "70%", "Green"))
    found = segment(document(sheet))
    assert [b.rag for b in found.blocks] == ["red", "amber", "green"]
    assert [(w.page, w.message) for w in told(sheet)] == [
        (
            1,
            "status of 'PI1' is printed as red, but 92% against a target of 90% is green by the report's key",
        ),
        (
            1,
            "status of 'PI3' is printed as green, but 70% against a target of 90% is red by the report's key",
        ),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ["Green: on or above target; Amber: up to 5% below; Red: more than 5 percentage points below."],
        ["Green – target met or exceeded", "Amber – within 5% of target", "Red – more than 5% off target"],
    ],
)
def test_the_rule_may_stand_in_text(lines: list[str]) -> None:
    sheet = opening()
    for line in lines:
        sheet.say(line)
    assert len(told(rated(sheet, ("90%", "92%", "Red"), ("90%", "87%", "Amber")))) == 1


def test_counts_and_sums_within_the_year_are_not_held_against_their_annual_target() -> None:
    assert not told(rated(with_key(), ("900", "450", "Green"), ("£1.2m", "£0.4m", "Green")))


def test_a_measures_own_tolerance_goes_before_the_key() -> None:
    sheet = with_key()
    sheet.table(
        [40, 150, 50, 60, 60, 70, 60],
        [
            ["Ref", "Measure", "Good is", "Target", "Tolerance", "Q2 2021/22", "Status"],
            ["PI1", "Requests answered in time", "High", "90%", "20%", "78%", "Amber"],
            ["PI2", "Letters answered in time", "High", "90%", "2%", "87%", "Amber"],
        ],
        head=1,
    )
    assert [w.message for w in told(sheet)] == [
        "status of 'PI2' is printed as amber, but 87% against a target of 90% is red by its own tolerance"
    ]


def test_thresholds_in_columns() -> None:
    sheet = opening()
    sheet.table(
        [40, 150, 60, 60, 60, 70, 60],
        [
            ["Ref", "Measure", "Red threshold", "Amber threshold", "Target", "Q2 2021/22", "Status"],
            ["PI1", "Requests answered in time", "80%", "85%", "90%", "83%", "Amber"],
            ["PI2", "Letters answered in time", "80%", "85%", "90%", "71%", "Green"],
        ],
        head=1,
    )
    assert [w.message.split(" is ")[-1] for w in told(sheet)] == ["red by its own tolerance"]

"""Forms of figures, targets and periods that only some councils print."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import values
from councilscope.blocks import segment
from councilscope.records import Period
from pages import document, opening

Q3 = Period(financial_year="2021/22", quarter=3)
YEARS = st.integers(2006, 2039)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("£(0.3)m", -0.3, "£m"),
        ("(£0.3m)", -0.3, "£m"),
        ("£450k underspend", 450, "£k"),
        ("12.5 per 1000", 12.5, "per 1000"),
        ("92.1%*", 92.1, "%"),
        ("92.1 %¹", 92.1, "%"),
        ("87%(2)", 87, "%"),
        ("92.1% (p)", 92.1, "%"),
        ("92.1%p", 92.1, "%"),
        ("1,234p", 1234, None),
        ("c.45", 45, None),
    ],
)
def test_marks_and_brackets_around_a_figure(text: str, value: float, unit: str | None) -> None:
    found = values.parse_figure(text)
    assert found is not None and (found.value, found.unit, found.text) == (value, unit, text)


@pytest.mark.parametrize("text", ["3:45", "3 mins 45 secs", "2 hrs 10 mins", "12 weeks 3 days", "12 345"])
def test_a_figure_of_two_parts_is_not_half_read(text: str) -> None:
    found = values.parse_figure(text)
    assert found is not None and (found.text, found.value) == (text, None)
    target = values.parse_target(text)
    assert target is not None and (target.text, target.value) == (text, None)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("between 8 and 10", (8, 10)),
        ("8 – 10 days", (8, 10)),
        ("£1.2m to £1.5m", (1.2, 1.5)),
        ("45-50%", (45, 50)),
        ("85% +/- 5", (80, 90)),
        ("85% (+/-5%)", (80, 90)),
        ("20 days ± 10%", (18, 22)),
        ("≥ 95 %", None),
        ("2021/22", None),
        ("31 March 2021", None),
        ("54/60 (90%)", None),
        ("", None),
        (None, None),
    ],
)
def test_the_two_ends_of_a_target(text: str | None, ends: tuple[float, float] | None) -> None:
    assert values.target_range(text) == ends


def test_a_target_with_a_margin_has_no_comparator() -> None:
    found = values.parse_target("85% +/- 5")
    assert found is not None and (found.value, found.unit, found.comparator) == (85, "%", None)


@pytest.mark.parametrize("text", ["Annual", "Tracked only", "Data not yet available", "N/A", "TBC", "n/k"])
def test_words_instead_of_a_target(text: str) -> None:
    assert values.parse_target(text) is None


@given(
    st.integers(1, 400), st.integers(0, 400), st.sampled_from(["{}-{}", "between {} and {}", "{} to {} days"])
)
def test_both_ends_come_back_in_order(low: int, wide: int, form: str) -> None:
    assert values.target_range(form.format(low, low + wide)) == (low, low + wide)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("FQ3", "2021/22 Q3"),
        ("QTR1", "2021/22 Q1"),
        ("Prev Qtr", "2021/22 Q2"),
        ("Quarter ended 30 June 2021", "2021/22 Q1"),
        ("Mid-year 2022/23", "2022/23 Q2"),
        ("First half of 2021/22", "2021/22 Q2"),
        ("2nd half 2020/21", "2020/21 Q4"),
        ("H1 2021/22", "2021/22 Q2"),
        ("Q1-Q3 2021/22", "2021/22 Q3"),
        ("Quarters 1 to 3", "2021/22 Q3"),
        ("12 months to June 2019", "2019/20 Q1"),
        ("Year ending March 2021", "2020/21 Year End"),
        ("Rolling 12 months to Oct 2021", "Oct 2021"),
        ("AY 2020/21", "2020/21 Year End"),
        ("Summer term 2021", "Jul 2021"),
        ("Summer term 2020/21", "Jul 2021"),
        ("Autumn Term 2020/21", "Dec 2020"),
        ("Tymor yr Hydref 2021", "Dec 2021"),
        ("P6 2021/22", "Sep 2021"),
        ("M9", "Dec 2021"),
        ("Period 12", "Mar 2021"),
        ("YTD Dec 21", "2021/22 YTD"),
        ("Q3 YTD", "2021/22 YTD"),
        ("Q3 YTD 2020/21", "2020/21 YTD"),
        ("Q2 YTD", "2021/22 Q2"),
        ("Oct 21 - Dec 21", "2021/22 Q3"),
        ("Rhag 2021", "Dec 2021"),
        ("Chwarter diwethaf", "2021/22 Q2"),
        ("Y llynedd", "2020/21 Year End"),
    ],
)
def test_columns_of_periods(text: str, label: str) -> None:
    assert values.parse_period(text, Q3) == label


def test_a_lone_p_and_number_may_be_a_code() -> None:
    assert not values.looks_like_period("P6") and not values.looks_like_period("M1")
    assert values.looks_like_period("P6 2021/22") and values.looks_like_period("Period 6")


@given(YEARS, st.integers(1, 12), st.sampled_from(["P{} {}", "M{} {}", "Period {} {}", "Month {} {}"]))
def test_accounting_periods_count_from_april(year: int, number: int, form: str) -> None:
    said = form.format(number, values.financial_year(year))
    month = dt.date(year + (number > 9), (number + 2) % 12 + 1, 1)
    assert values.parse_period(said, Q3) == f"{month:%b %Y}"
    found = values.find_report_period([(said, 1.0)])
    assert found is not None and found.label == f"{values.financial_year(year)} Q{(number + 2) // 3}"


@given(YEARS, st.integers(1, 3), st.integers(1, 3))
def test_a_run_of_quarters_is_its_last(year: int, first: int, more: int) -> None:
    last = min(4, first + more)
    said = f"Q{first} - Q{last} {values.financial_year(year)}"
    assert values.parse_period(said) == f"{values.financial_year(year)} Q{last}"


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("H1 2021/22", "2021/22 Q2"),
        ("Half 2 2021/22", "2021/22 Q4"),
        ("Position at 30/09/2021", "2021/22 Q2"),
        ("Oct 21 - Dec 21", "2021/22 Q3"),
        ("Month 9 2021/22", "2021/22 Q3"),
        ("Quarters 1 to 3 2021/22", "2021/22 Q3"),
    ],
)
def test_periods_of_reports(text: str, label: str) -> None:
    found = values.find_report_period([(text, 1.0)])
    assert found is not None and found.label == label


def test_columns_of_accounting_periods() -> None:
    sheet = opening()
    rows = [["PI1", "Bins collected on the day due", "99%", "97.5%", "98.1%", "Amber"]]
    sheet.table(
        [40, 170, 60, 60, 60, 60], [["Ref", "Measure", "Target", "P5", "P6", "Status"], *rows], head=1
    )
    (block,) = segment(document(sheet)).blocks
    assert [(o.period, o.value) for o in block.outturns] == [("Aug 2021", 97.5), ("Sep 2021", 98.1)]


@pytest.mark.parametrize("text", ["No standard set", "Dim targed / No target", "No goal"])
def test_words_in_the_place_of_a_target_are_none(text: str) -> None:
    assert values.parse_target(text) is None


def test_an_abbreviated_comparator_keeps_its_figure() -> None:
    target = values.parse_target("max. 3 days")
    assert target is not None
    assert (target.value, target.unit, target.comparator) == (3, "days", "<=")

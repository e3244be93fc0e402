"""Figures, targets, goals, polarity, periods and due dates as councils print them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import values
from councilscope.records import Period

Q1 = Period(financial_year="2019/20", quarter=1)
YEAR = Period(financial_year="2019/20")


@pytest.mark.parametrize(
    ("text", "value", "unit", "numerator", "denominator"),
    [
        ("94.8%", 94.8, "%", None, None),
        ("95.2 %", 95.2, "%", None, None),
        ("(164/173) 94.8%", 94.8, "%", 164, 173),
        ("(15,038,824/ 55,154,964) 27.27%", 27.27, "%", 15038824, 55154964),
        ("5/6 83.3%", 83.3, "%", 5, 6),
        ("83.3% (5/6)", 83.3, "%", 5, 6),
        ("51 / 63 81%", 81, "%", 51, 63),
        ("5 out of 6 (83.3%)", 83.3, "%", 5, 6),
        ("5/6", None, None, 5, 6),
        ("£1.2m", 1.2, "£m", None, None),
        ("£1.2 million", 1.2, "£m", None, None),
        ("£820,477", 820477, "£", None, None),
        ("£(1.2m)", -1.2, "£m", None, None),
        ("(12)", -12, None, None, None),
        ("(94.8%)", 94.8, "%", None, None),
        ("-0.13", -0.13, None, None, None),
        ("−0.13", -0.13, None, None, None),
        ("+3.2%", 3.2, "%", None, None),
        ("12.3 days", 12.3, "days", None, None),
        ("10 days per WTE", 10, "days per wte", None, None),
        ("8.9 per 1,000", 8.9, "per 1,000", None, None),
        ("56/10,000", 56, "per 10,000", None, None),
        ("1,284 (cumulative)", 1284, None, None, None),
        ("87.1%*", 87.1, "%", None, None),
        ("87.1¹", 87.1, None, None, None),
        ("67.4% (A)", 67.4, "%", None, None),
        ("64 letters", 64, None, None, None),
        ("a) 68% (Lorries)", 68, "%", None, None),
        ("Q2 51.3 Overall YTD - 48.9", 51.3, None, None, None),
        ("82% (lorries) (Cumulative: 61%)", 82, "%", None, None),
        ("Nil", 0, None, None, None),
        (".5", 0.5, None, None, None),
        ("G 98%", 98, "%", None, None),
        ("100.0%G", 100, "%", None, None),
        ("12\u00a0345", 12345, None, None, None),
    ],
)
def test_figures_are_read_as_stated(text, value, unit, numerator, denominator):
    found = values.parse_figure(text)
    assert found is not None
    unit_found = found.unit.casefold() if found.unit and unit == "days per wte" else found.unit
    assert (found.value, unit_found, found.numerator, found.denominator) == (
        value,
        unit,
        numerator,
        denominator,
    )


@pytest.mark.parametrize(
    "text",
    [
        "Delayed", "September 2020", "30 June 2018", "2019/20", "Q2", "45-50%", "1:4", "3rd", "Not Available", "i) Letters 31 ii) Calls 7",
        "31/03/2021", "1. Plan agreed", "between 5 and 10", "12:30", "1.2.3", "1 in 4", "<5",
    ],
)  # fmt: skip
def test_words_dates_and_ranges_have_no_value(text):
    found = values.parse_figure(text)
    assert found is not None and found.value is None and found.text == text


@pytest.mark.parametrize("text", ["", "-", "–", " — ", "...", None])
def test_blank_cells_are_blank(text):
    assert values.is_blank(text)
    assert values.parse_figure(text) is None
    assert values.parse_target(text) is None


@pytest.mark.parametrize("text", ["n/a", "N/A", "Not applicable", "data not yet available", "TBC", "(n/a)"])
def test_words_for_no_figure_are_not_blank_but_not_available(text):
    assert values.is_not_available(text)
    assert not values.is_blank(text)
    assert values.parse_target(text) is None


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).map(lambda x: round(x, 2)))
def test_a_printed_number_comes_back(number):
    plain = f"{number:,.2f}"
    found = values.parse_figure(plain + "%")
    assert found is not None and found.value == pytest.approx(number) and found.unit == "%"


@given(st.text(max_size=60))
def test_no_text_breaks_a_reader(text):
    values.parse_figure(text)
    values.parse_target(text)
    values.goal_in_title(text)
    values.polarity_of(text)
    values.polarity_in_title(text)
    values.parse_period(text, Q1, text)
    values.due_date(text, Q1)
    values.find_report_period([(text, 1.0)])


@pytest.mark.parametrize(
    ("text", "value", "unit", "comparator"),
    [
        ("≥95%", 95, "%", ">="),
        (">= 95%", 95, "%", ">="),
        (">95%", 95, "%", ">"),
        ("95%+", 95, "%", ">="),
        ("95% or above", 95, "%", ">="),
        ("at least 95%", 95, "%", ">="),
        ("Minimum of 40", 40, None, ">="),
        ("less than 5", 5, None, "<"),
        ("<5", 5, None, "<"),
        ("no more than 12", 12, None, "<="),
        ("below 7%", 7, "%", "<"),
        ("≤ 3", 3, None, "<="),
        ("3.75% or lower", 3.75, "%", "<="),
        ("within 20 days", 20, "days", "<="),
        ("280 (Cumulative target)", 280, None, None),
        ("65% (England Average)", 65, "%", None),
        ("England average (65%)", 65, "%", None),
        ("480 (rate of 51/10,000) by end of June 2021", 480, None, None),
        ("5% fewer calls (target around 240 for the year)", 240, None, None),
        ("Target: 90%", 90, "%", None),
        ("Green: >95%", 95, "%", ">"),
        ("Zero", 0, None, None),
        ("45-50%", None, None, None),
        ("September 2020", None, None, None),
        ("Band 3", None, None, None),
        ("in line with the regional average", None, None, None),
    ],
)
def test_targets(text, value, unit, comparator):
    found = values.parse_target(text)
    assert found is not None
    assert (found.text, found.value, found.unit, found.comparator) == (text, value, unit, comparator)


@pytest.mark.parametrize(
    "text", ["None", "No target set", "Data only", "not set", "Target: n/a", "For information only", "TBC"]
)
def test_words_for_no_target(text):
    assert values.parse_target(text) is None


@pytest.mark.parametrize(
    ("title", "goal", "value", "comparator", "polarity"),
    [
        ("Library visits increased to 98,000 for 2021/22.", "98,000 for 2021/22", 98000, None, "higher"),
        (
            "The share of late invoices to be 4.5% or lower for 2021/22.",
            "4.5% or lower for 2021/22",
            4.5,
            "<=",
            "lower",
        ),
        (
            "The number of fly-tips to be less than 300 in 2021/22",
            "less than 300 in 2021/22",
            300,
            "<",
            "lower",
        ),
        ("Repairs done on time to reach 93%", "93%", 93, None, "higher"),
        (
            "A reduction in agency spend of 15% from last year's level",
            "15% from last year's level",
            15,
            None,
            "lower",
        ),
        ("An increase in the number of foster homes by 12 per year", "12 per year", 12, None, "higher"),
        ("Reduce waiting times from 20 days to 15 days", "15 days", 15, None, "lower"),
        (
            "Attainment improved from 41% to be in line with the national level",
            "in line with the national level",
            None,
            None,
            "higher",
        ),
        (
            "Attendance to rise and to be at least in line with national level",
            "at least in line with national level",
            None,
            ">=",
            "higher",
        ),
        ("85% of enquiries answered at first contact", "85%", 85, None, "higher"),
        ("At least 90% of bins collected on the day", "At least 90%", 90, ">=", "higher"),
        ("500 new homes built by March 2022", "500 new homes built by March 2022", 500, None, "higher"),
        (
            "All appeals decided within 8 weeks of receipt",
            "All appeals decided within 8 weeks",
            None,
            None,
            "higher",
        ),
        ("Streets cleaned to standard (target: 95%)", "95%", 95, None, None),
        ("Reduce sickness absence from 11 days", None, None, None, "lower"),
        ("A reduction in claimants from 2.4% of 16-64 year olds", None, None, None, "lower"),
        ("An increase in pupils attending clubs from 22% in March 2020", None, None, None, "higher"),
        ("Percentage of major applications determined within 13 weeks", None, None, None, None),
        ("Number of visits to leisure centres", None, None, None, None),
        ("% of adults aged 18 to 64 in settled homes", None, None, None, None),
        ("Sickness absence (days lost per FTE)", None, None, None, None),
        ("People whose needs were reduced", None, None, None, None),
    ],
)
def test_goals_and_polarity_of_a_measures_wording(title, goal, value, comparator, polarity):
    found = values.goal_in_title(title)
    assert (found.text if found else None) == goal
    if found:
        assert (found.value, found.comparator) == (value, comparator)
    assert values.polarity_in_title(title) == polarity


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Higher is better", "higher"), ("high", "higher"), ("Low", "lower"), ("Bigger is Better", "higher"), ("smaller values are best", "lower"),
        ("Increase", "higher"), ("lower the better", "lower"), ("Aim to minimise", "lower"), ("↑ is better", "higher"), ("Smaller is better", "lower"),
        ("Polarity: Higher", "higher"), ("Good is low", "lower"), ("Green", None), ("", None), ("Higher Education", None), ("No polarity", None),
    ],
)  # fmt: skip
def test_polarity_labels(text, side):
    assert values.polarity_of(text) == side


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Q1 2020/21", "2020/21 Q1"), ("Qtr 4 17/18", "2017/18 Q4"), ("2019-20 Year End", "2019/20 Year End"), ("2018-19 Outturn", "2018/19 Year End"),
        ("2018/19", "2018/19 Year End"), ("Apr – Jun 2019", "2019/20 Q1"), ("Q4 Jan-Mar 2019", "2018/19 Q4"), ("FQ3 2018/19", "2018/19 Q3"),
        ("As at 31 March 2019", "2018/19 Year End"), ("As at 30 June 2019", "2019/20 Q1"), ("Mar-19", "Mar 2019"), ("Jun-19", "Jun 2019"),
        ("2019", "2019"), ("Chwarter 2 2018/19", "2018/19 Q2"), ("April - September 2018", "2018/19 Q2"), ("YTD 2019/20", "2019/20 YTD"),
        ("Q1", "2019/20 Q1"), ("Q3", "2018/19 Q3"), ("April", "Apr 2019"), ("Jan", "Jan 2019"), ("1st Qtr", "2019/20 Q1"),
        ("Current quarter", "2019/20 Q1"), ("Last quarter", "2018/19 Q4"), ("Same quarter last year", "2018/19 Q1"), ("Last year", "2018/19 Year End"),
        ("Actual", "2019/20 Q1"), ("Year to date", "2019/20 YTD"), ("Year End", "2018/19 Year End"),
        ("Status", None), ("Q1 Target", None), ("England 2018/19", None), ("Lead Officer", None), ("95%", None), ("", None),
    ],
)  # fmt: skip
def test_column_headers(text, label):
    assert values.parse_period(text, Q1) == label


@pytest.mark.parametrize(
    ("banner", "text", "label"),
    [
        ("2018/19", "Q1", "2018/19 Q1"), ("Q1", "2018/19", "2018/19 Q1"), ("Annual", "2018/19", "2018/19 Year End"), ("2018/19", "Mar", "Mar 2019"),
        ("2018/19", "Actual", "2018/19 Year End"), ("Apr 2019", "Value", "Apr 2019"), ("Q3 2018/19", "Result", "2018/19 Q3"), ("2018/19", "Target", None),
    ],
)  # fmt: skip
def test_headers_under_a_banner(banner, text, label):
    assert values.parse_period(text, Q1, banner) == label


def test_a_target_columns_period_can_be_asked_for():
    assert values.period_in("Target Q1 2019/20") == "2019/20 Q1"


def test_without_a_report_a_bare_quarter_is_no_period():
    assert values.parse_period("Q1") is None
    assert values.looks_like_period("Q1")
    assert not values.looks_like_period("Commentary")


@given(st.integers(2006, 2040), st.integers(1, 4))
def test_normal_forms_are_kept(year, quarter):
    label = f"{year}/{(year + 1) % 100:02d} Q{quarter}"
    assert values.parse_period(label) == label
    found = values.find_report_period([(f"Performance report {label}", 1.0)])
    assert found is not None and found.label == label
    assert found.start and found.end and found.start < found.end


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        (["Quarter 1 2020/21"], "2020/21 Q1"),
        (["Quarter 1 (April – June 2019)"], "2019/20 Q1"),
        (["Progress to 30th June 2018 - Quarter 1"], "2018/19 Q1"),
        (["Quarter 4 and year end 2021/22"], "2021/22 Q4"),
        (["Annual Performance Report 2016/17"], "2016/17"),
        (["April to September 2019"], "2019/20 Q2"),
        (["as at 31 December 2021"], "2021/22 Q3"),
        (["October 2022 – December 2022"], "2022/23 Q3"),
        (["Our Plan 2017-2020: quarterly report, Quarter 1 2019/20"], "2019/20 Q1"),
        (["Q3 (Oct-Dec) 2022"], "2022/23 Q3"),
        (["Monitoring report June 2019"], "2019/20 Q1"),
        (["some-council-2020-21-q1.pdf"], "2020/21 Q1"),
        (["Q3_2122"], "2021/22 Q3"),
        (["qtr2-201920"], "2019/20 Q2"),
        (["Quarter 4 2017/18", "Cabinet 10th July 2018"], "2017/18 Q4"),
        (["Cabinet 14 February 2023", "Quarter 3"], "2022/23 Q3"),
        (["Plan 2021-25", "Quarter 2", "2022/23"], "2022/23 Q2"),
        (["Budget 2021/22", "Quarter 4 2020/21"], "2020/21 Q4"),
        (["Chwarter 2 2019/20"], "2019/20 Q2"),
        (["Strategy 2019-2023"], None),
        (["nothing"], None),
    ],
)
def test_the_reports_own_period(texts, label):
    found = values.find_report_period([(t, 1.0) for t in texts])
    assert (found.label if found else None) == label
    if found:
        assert found.evidence


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("by year end", "2020-03-31"), ("end of December 2020", "2020-12-31"), ("in Quarter 2", "2019-09-30"), ("by Q3", "2019-12-31"),
        ("by the end of March", "2020-03-31"), ("September 2020", "2020-09-30"), ("12 May 2021", "2021-05-12"), ("from 1 April", "2020-04-01"),
        ("31/03/2021", "2021-03-31"), ("by 30/09", "2019-09-30"), ("in 2021/22", "2022-03-31"), ("by the end of the quarter", "2019-06-30"),
        ("before September", "2019-08-31"), ("in the first quarter of 2021/22", "2021-06-30"), ("at its October meeting", "2019-10-31"),
        ("by Christmas", None), ("in the autumn", None), ("next month", None), ("in the Quarter 2 report", None), ("shortly", None),
    ],
)  # fmt: skip
def test_due_dates(text, due):
    assert values.due_date(text, Q1) == due


def test_a_due_date_without_a_year_needs_the_period():
    assert values.due_date("by September", None) is None
    assert values.due_date("by September 2021", None) == "2021-09-30"
    assert values.due_date("by year end", Period(financial_year="2019/20", quarter=4)) == "2021-03-31"


@given(st.dates(dt.date(2006, 1, 1), dt.date(2040, 12, 31)))
def test_full_dates_come_back(day):
    assert values.due_date(f"{day.day} {day:%B} {day.year}", None) == day.isoformat()
    assert values.due_date(f"{day:%d/%m/%Y}", None) == day.isoformat()


def test_quarters_of_the_financial_year():
    assert values.quarter_bounds(2019, 4) == (dt.date(2020, 1, 1), dt.date(2020, 3, 31))
    assert values.bounds(YEAR) == (dt.date(2019, 4, 1), dt.date(2020, 3, 31))
    assert values.own_label(YEAR) == "2019/20 Year End"

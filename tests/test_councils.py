"""Which council a report is from, and under which code."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope.councils import authorities, find_council
from councilscope.records import Period


def year(start: int) -> Period:
    return Period(financial_year=f"{start}/{(start + 1) % 100:02d}")


@pytest.mark.parametrize(
    ("text", "gss"),
    [
        ("CYNGOR SIR POWYS COUNTY COUNCIL.", "W06000023"),
        ("LB Hackney", "E09000012"),
        ("London Borough of Hackney", "E09000012"),
        ("City of York Council", "E06000014"),
        ("Comhairle nan Eilean Siar", "S12000013"),
        ("Basingstoke & Deane Borough Council", "E07000084"),
        ("Telford and Wrekin Council", "E06000020"),
        ("St. Helens Council", "E08000013"),
        ("Borough Council of King’s Lynn & West Norfolk", "E07000146"),
        ("P O W Y S  C O U N T Y  C O U N C I L", "W06000023"),
        ("Cyngor Sir Ynys Môn", "W06000001"),
        ("Durham County Council", "E06000047"),
        ("Reading Borough Council", "E06000038"),
        ("reading-q1-2019-20.pdf", "E06000038"),
        ("performance@westberks.gov.uk", "E06000037"),
        ("www.worcestershire.gov.uk", "E10000034"),
        ("Worcester City Council", "E07000237"),
        ("Lancashire County Council", "E10000017"),
        ("Lancaster City Council", "E07000121"),
        ("Newcastle City Council", "E08000021"),
        ("Newcastle-under-Lyme Borough Council", "E07000195"),
    ],
)
def test_names_addresses_and_file_names(text, gss):
    found = find_council([(text, 1.0)], year(2019))
    assert found is not None and found.gss == gss and found.evidence


@pytest.mark.parametrize(
    "text",
    [
        "Reading a good book in the bath",
        "The Council will report",
        "Great Oakley Parish Council",
        "Full Council",
        "",
        "Arts Council England",
    ],
)
def test_words_that_are_no_principal_council(text):
    assert find_council([(text, 1.0)]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Harrowmere Borough Council",
        "HARROWMERE BOROUGH COUNCIL",
        "Quarterly report of Harrowmere Borough Council",
    ],
)
def test_an_unknown_council_is_named_without_code(text):
    found = find_council([(text, 5.0), ("Work with Harrow and with Lancashire County Council goes on.", 0.3)])
    assert found is not None and (found.name, found.gss) == ("Harrowmere Borough Council", None)


def test_a_county_is_not_its_namesake_district():
    found = find_council([("Lancashire Borough Council", 1.0)])
    assert found is not None and found.gss is None


def test_the_reports_own_council_beats_its_partners():
    page = "We work with Kent County Council. " * 20
    found = find_council([("Dover District Council", 4.0), ("Performance report", 4.0), (page, 0.3)])
    assert found is not None and found.name == "Dover District Council"


def test_the_body_of_the_text_is_enough():
    found = find_council([("In Rotherham the council met. Rotherham's plan is good. Sheffield helped.", 0.5)])
    assert found is not None and found.gss == "E08000018"


@pytest.mark.parametrize(
    ("text", "start", "gss"),
    [
        ("St Albans City and District Council", 2010, "E07000100"),
        ("St Albans City and District Council", 2016, "E07000240"),
        ("Northumberland County Council", 2012, "E06000048"),
        ("Northumberland County Council", 2019, "E06000057"),
        ("Fife Council", 2016, "S12000015"),
        ("Fife Council", 2019, "S12000047"),
        ("Somerset Council", 2018, "E10000027"),
        ("Somerset Council", 2024, "E06000066"),
        ("dorset-2017-18-q1.pdf", 2017, "E10000009"),
        ("dorset-2021-22-q1.pdf", 2021, "E06000059"),
        ("Cumbria County Council", 2018, "E10000006"),
    ],
)
def test_the_code_is_the_one_of_the_reports_period(text, start, gss):
    found = find_council([(text, 1.0)], year(start))
    assert found is not None and found.gss == gss


def test_every_authority_is_found_by_its_own_name_and_code():
    prefixes = {
        "County": "E10",
        "London borough": "E09",
        "Metropolitan district": "E08",
        "Non-metropolitan district": "E07",
        "Unitary authority": "E06",
    }
    seen: set[str] = set()
    for a in authorities():
        assert a.gss == "" or re.fullmatch(r"[ENSW]\d{8}", a.gss), a.name
        assert a.gss[:3] == prefixes.get(a.type, a.gss[:3]), a.name
        assert not a.gss or a.gss not in seen, a.name
        seen.add(a.gss)
        day = a.end or "2025-06-30"
        start = int(day[:4]) - (day[5:7] < "04")
        found = find_council([(a.name, 1.0)], year(start))
        assert found is not None and found.name == a.name, (a.name, found)
    assert len(authorities()) > 400


def test_all_successors_are_in_the_file():
    names = {a.name for a in authorities()}
    assert all(s in names for a in authorities() for s in a.successors)


@given(st.lists(st.tuples(st.text(max_size=80), st.floats(0, 10)), max_size=5))
def test_no_text_breaks_the_search(texts):
    found = find_council(texts)
    assert found is None or found.name

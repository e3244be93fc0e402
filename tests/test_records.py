"""The records of the contract: JSON there and back, the published schema, and what they refuse."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from councilscope import records
from councilscope.records import Block, Commentary, Outturn, Owner, Period, Report, Source, Span, Target
from strategies import reports

VALIDATOR = jsonschema.Draft202012Validator(records.json_schema())
BARE = Report(source=Source(path="a.pdf", sha256="0" * 64))


@given(reports())
@settings(max_examples=40)
def test_json_out_and_in_is_the_same_report_and_fits_the_schema(report: Report) -> None:
    text = report.to_json()
    back = Report.model_validate_json(text)
    assert back == report
    assert back.to_json() == text
    VALIDATOR.validate(json.loads(text))
    for block in report.blocks:
        for commentary in block.commentary:
            for span in commentary.spans:
                assert commentary.text[span.start : span.end] == span.text


def schema_of(name: str) -> dict[str, Any]:
    schema = records.json_schema()
    node: dict[str, Any] = schema if name == "Report" else schema["$defs"][name]
    return node


# The contract by name: a field that is renamed or dropped breaks every reader of the JSON.
CONTRACT = {
    "Report": "schema_version source council period title blocks counts warnings models",
    "Source": "path sha256 pages media_type ocr language",
    "Council": "name gss evidence",
    "Period": "financial_year quarter start end evidence",
    "Block": "id kind ref title service owners type polarity rag rag_shown_as direction target outturns commentary regions confidence",
    "Owner": "name role",
    "Target": "text value unit comparator",
    "Outturn": "period text value numerator denominator unit rag label",
    "Commentary": "section heading text regions spans relations themes",
    "Span": "start end label text attrs score regions",
    "Relation": "label head tail",
    "Theme": "id score",
    "Region": "page bbox",
    "Warning": "code page message",
    "Counts": "page heading scope period kind text red amber green blue grey",
    "ModelInfo": "name version hash",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_schema_names_every_field_of_the_contract(name: str) -> None:
    assert set(schema_of(name)["properties"]) == set(CONTRACT[name].split())


def test_schema_requires_every_field() -> None:
    for name in CONTRACT:
        assert set(schema_of(name).get("required", ())) == set(schema_of(name)["properties"]), name


def test_schema_refuses_a_report_that_lacks_a_field() -> None:
    good = json.loads(BARE.to_json())
    for name in good:
        assert not VALIDATOR.is_valid({k: v for k, v in good.items() if k != name}), name


def test_schema_is_itself_valid_and_refuses_what_the_contract_does_not_name() -> None:
    jsonschema.Draft202012Validator.check_schema(records.json_schema())
    good = json.loads(BARE.to_json())
    VALIDATOR.validate(good)
    bad: list[dict[str, Any]] = [
        good | {"colour": "red"},
        good | {"schema_version": "2"},
        good | {"blocks": None},
    ]
    for document in bad:
        assert not VALIDATOR.is_valid(document), document


def test_optional_fields_are_present_with_null_or_an_empty_list() -> None:
    block = json.loads(BARE.model_copy(update={"blocks": (Block(id="x", title="Bins"),)}).to_json())[
        "blocks"
    ][0]
    nothing = {k for k, v in block.items() if v is None}
    empty = {k for k, v in block.items() if v == []}
    assert nothing == {"ref", "service", "type", "polarity", "rag", "rag_shown_as", "direction", "target"}
    assert empty == {"owners", "outturns", "commentary", "regions"}


def test_json_keeps_letters_as_they_are_printed() -> None:
    report = BARE.model_copy(update={"title": "Adroddiad Chwarter 2 – tŷ, “Ysgol” £5"})
    assert "tŷ, “Ysgol” £5" in report.to_json().replace('\\"', '"')


@pytest.mark.parametrize(
    "fields",
    [
        {"rag": "yellow"},
        {"kind": "measure"},
        {"direction": "up"},
        {"polarity": "high"},
        {"rag_shown_as": "dot"},
        {"confidence": 1.2},
        {"colour": "red"},
    ],
)
def test_words_outside_the_contract_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Block(id="x", title="Bins", **fields)


def test_records_are_frozen() -> None:
    with pytest.raises(ValidationError):
        BARE.title = "Another"


@pytest.mark.parametrize(("quarter", "label"), [(3, "2020/21 Q3"), (None, "2020/21")])
def test_period_label(quarter: int | None, label: str) -> None:
    assert Period(financial_year="2020/21", quarter=quarter).label == label


def test_reports_and_blocks_show_themselves_and_escape_what_they_print() -> None:
    block = Block(
        id="x",
        ref="HS1",
        title="Re-lets <21 days & voids",
        rag="red",
        owners=(Owner(role="Head of Homes"),),
        target=Target(text="<21"),
        outturns=(Outturn(period="2020/21 Q3", text="35"),),
        commentary=(Commentary(section="reason", text="Gas checks <late>"),),
    )
    report = Report(source=Source(path="a.pdf", sha256="0" * 64, pages=3), blocks=tuple([block] * 60))
    for part in ("HS1", "RED", "target <21", "2020/21 Q3: 35", "1 texts"):
        assert part in repr(block)
    assert "60 blocks" in repr(report) and "unknown council" in repr(report)
    for shown in (block._repr_html_(), report._repr_html_()):
        assert "Re-lets &lt;21 days &amp; voids" in shown
        assert "<21" not in shown
    assert "Gas checks &lt;late&gt;" in block._repr_html_()
    assert report._repr_html_().count("<tr>") == 1 + 50 and "and 10 more" in report._repr_html_()
    span = Span(start=0, end=3, label="OWNER", text="Gas", attrs={"kind": "team", "iso": None})
    assert repr(span) == "OWNER('Gas' kind=team)"

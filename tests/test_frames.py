from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import drill
from councilscope import frames
from councilscope.records import (
    Block,
    Commentary,
    Council,
    Outturn,
    Owner,
    Period,
    Region,
    Report,
    Source,
    Target,
)
from strategies import reports

KEYS = {
    "documents": ["doc_id"],
    "blocks": ["doc_id", "block_id"],
    "outturns": ["doc_id", "block_id", "outturn_index"],
    "commentary": ["doc_id", "block_id", "commentary_index"],
    "spans": ["doc_id", "block_id", "commentary_index", "span_index"],
    "themes": ["doc_id", "block_id", "commentary_index", "id"],
}


def sample() -> Report:
    block = Block(
        id="b1",
        ref="M1.8",
        title="Visits within six weeks",
        rag="amber",
        direction="worsening",
        owners=(Owner(name="A. Lead", role="Head of Visits"),),
        target=Target(text="≥95%", value=95.0, unit="%", comparator=">="),
        outturns=(
            Outturn(
                period="2020/21 Q1",
                text="(63/150) 42.0%",
                value=42.0,
                numerator=63,
                denominator=150,
                unit="%",
            ),
        ),
        commentary=(
            Commentary(section="reason", text="Few visits.", regions=(Region(page=3, bbox=(1, 2, 3, 4)),)),
        ),
    )
    return Report(
        source=Source(path="a/x.pdf", sha256="f" * 64, pages=6),
        council=Council(name="Thornshire County Council", gss="E10000099"),
        period=Period(financial_year="2020/21", quarter=1),
        blocks=(block,),
    )


def test_the_tables_hold_the_report_s_facts_under_the_contract_s_names() -> None:
    made = sample().to_frames()
    assert list(made) == ["documents", "blocks", "outturns", "commentary", "spans", "relations", "themes"]
    document = made["documents"].iloc[0]
    assert document["paths"] == ["a/x.pdf"]
    assert (document["status"], document["council_gss"], document["period_quarter"]) == ("ok", "E10000099", 1)
    assert (document["n_pages"], document["n_blocks"], document["n_spans"]) == (6, 1, 0)
    block = made["blocks"].iloc[0]
    assert (block["ref"], block["rag"], block["target_value"], block["target_comparator"]) == (
        "M1.8",
        "amber",
        95.0,
        ">=",
    )
    assert block["owners"] == [{"name": "A. Lead", "role": "Head of Visits"}]
    assert made["outturns"].iloc[0]["denominator"] == 150
    assert made["commentary"].iloc[0]["page"] == 3
    assert made["commentary"].iloc[0]["regions"] == [{"page": 3, "bbox": [1.0, 2.0, 3.0, 4.0]}]


def test_no_report_gives_empty_tables_with_the_same_columns_and_dtypes() -> None:
    empty, full = frames.to_frames([]), frames.to_frames([sample()])
    for name, table in empty.items():
        assert len(table) == 0
        pd.testing.assert_series_equal(table.dtypes, full[name].dtypes)


def test_statuses_are_categories_in_the_contract_s_order_even_where_few_occur() -> None:
    rag = sample().to_frames()["blocks"]["rag"]
    assert list(rag.cat.categories) == ["red", "amber", "green", "blue", "grey"]
    assert rag.value_counts()["green"] == 0


def test_a_content_that_comes_twice_is_one_document_with_both_paths() -> None:
    one = sample()
    two = one.model_copy(update={"source": one.source.model_copy(update={"path": "b/y.pdf"})})
    made = frames.to_frames([two, one])
    assert made["documents"]["paths"].tolist() == [["a/x.pdf", "b/y.pdf"]]
    assert len(made["blocks"]) == 1


def test_pages_that_were_not_read_make_the_document_partial_with_a_reason_that_names_it() -> None:
    report = drill.report("scan.pdf", "a" * 64)
    warning = {"code": "no_text_page", "page": 1, "message": "page 1 is a picture without text"}
    partial = Report.model_validate(report.model_dump() | {"warnings": [warning]})
    row = partial.to_frames()["documents"].iloc[0]
    assert row["status"] == "partial"
    assert "scan.pdf" in row["reason"]


@given(st.lists(reports(), max_size=3))
def test_every_table_has_its_dtypes_unique_keys_and_parents(given_reports: list[Report]) -> None:
    made = frames.to_frames(given_reports)
    empty = frames.to_frames([])
    for name, table in made.items():
        pd.testing.assert_series_equal(table.dtypes, empty[name].dtypes)
        if name in KEYS:
            assert not table.duplicated(KEYS[name]).any()
    for child, parent in [
        ("blocks", "documents"),
        ("outturns", "blocks"),
        ("spans", "commentary"),
        ("themes", "commentary"),
    ]:
        keys = KEYS[parent]
        assert (
            made[child]
            .merge(made[parent][keys], on=keys, how="left", indicator=True)["_merge"]
            .eq("both")
            .all()
        )


@given(reports())
def test_spans_are_the_text_of_their_commentary(report: Report) -> None:
    made = frames.to_frames([report])
    keys = KEYS["commentary"]
    both = made["spans"].merge(made["commentary"], on=keys, suffixes=("", "_whole"))
    assert len(both) == len(made["spans"])
    rows = both[["text_whole", "start", "end", "text"]].to_numpy().tolist()
    assert all(whole[start:end] == text for whole, start, end, text in rows)


def test_an_attribute_without_a_column_is_not_lost_silently() -> None:
    report = sample()
    text = report.blocks[0].commentary[0].model_dump()
    text["spans"] = [{"start": 0, "end": 3, "label": "CAUSE", "text": "Few", "attrs": {"mood": "dark"}}]
    block = report.blocks[0].model_copy(update={"commentary": (Commentary.model_validate(text),)})
    with pytest.raises(ValueError, match="mood"):
        report.model_copy(update={"blocks": (block,)}).to_frames()

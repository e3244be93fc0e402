"""The made layouts: the committed sample is what its names say, is read no worse than its floors, and is varied."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pymupdf
import pytest

from councilscope import records
from layouts import gold as layout_gold
from layouts.bank import load
from layouts.families import FAMILIES
from layouts.make import as_json, make, parts_of
from score_reports import pairs_in
from scoring import score

LAYOUTS = Path(__file__).resolve().parents[1] / "corpus/layouts"
SAMPLE = {path.stem: path for path in sorted((LAYOUTS / "sample").glob("*.pdf"))}
FLOORS: dict[str, dict[str, float]] = tomllib.loads((LAYOUTS / "floors.toml").read_text(encoding="utf-8"))


def gold_of(name: str) -> dict[str, Any]:
    path = LAYOUTS / "sample" / f"{name}.gold.json"
    return dict(json.loads(path.read_text(encoding="utf-8")))


def test_every_family_has_a_report_and_every_report_its_gold_and_floors() -> None:
    assert {parts_of(name)[0] for name in SAMPLE} == set(FAMILIES)
    assert {pdf.stem for pdf in pairs_in(LAYOUTS / "sample")} == set(SAMPLE) == set(FLOORS)


@pytest.mark.parametrize("name", SAMPLE)
def test_a_seed_gives_the_committed_gold(name: str) -> None:
    made = make(*parts_of(name))
    committed = (LAYOUTS / "sample" / f"{name}.gold.json").read_text(encoding="utf-8")
    assert as_json(made.gold) == committed


def test_a_seed_gives_the_same_page_and_another_seed_another() -> None:
    one, again, other = (make("rows", "calc", seed) for seed in (3, 3, 4))
    assert one.source == again.source
    assert one.source != other.source


@pytest.mark.parametrize("name", SAMPLE)
def test_the_pages_print_what_the_gold_says(name: str) -> None:
    with pymupdf.open(SAMPLE[name]) as document:
        assert layout_gold.lacking(gold_of(name), document) == []


@pytest.mark.parametrize("name", SAMPLE)
def test_gold_holds_to_the_contract(name: str) -> None:
    for block in gold_of(name)["blocks"]:
        fields = {k: v for k, v in block.items() if k in records.Block.model_fields}
        texts = [{k: c[k] for k in ("section", "heading", "text")} for c in block["commentary"]]
        records.Block.model_validate({**fields, "commentary": texts})
        assert (block["rag"] is None) == (block["rag_shown_as"] is None)
        assert (block["direction"] is None) == (block["direction_shown_as"] is None)
        assert {c["section"] for c in block["commentary"]} <= set(get_args(records.Section))


@pytest.mark.parametrize("name", SAMPLE)
def test_reading_keeps_its_floors(name: str, read_report: Callable[[Path], records.Report]) -> None:
    figures = score(gold_of(name), read_report(SAMPLE[name]).model_dump(mode="json")).as_dict()
    assert {k: figures[k] for k, floor in FLOORS[name].items() if figures[k] < floor} == {}


def test_counts_of_a_summary_agree_with_the_blocks() -> None:
    """What a reader adds up: the line of counts over a table, against the statuses in the gold."""
    seen = 0
    for seed in range(40):
        made = make("rows", "chromium", seed)
        start = made.source.find("the status is as follows: ")
        if start < 0:
            continue
        seen += 1
        said = made.source[start : made.source.index(".</p>", start)]
        told = sum(int(part.split()[0]) for part in said.split(": ", 1)[1].split(", "))
        assert told == sum(b["rag"] is not None for b in made.gold["blocks"])
    assert seen


def test_what_a_report_does_not_print_is_null() -> None:
    for seed in range(20):
        made = make("rows", "chromium", seed)
        shown = [b["polarity"] is not None for b in made.gold["blocks"]]
        assert len(set(shown)) == 1, "a column is there for all indicators or for none"
        assert all(b["owners"] == [] for b in made.gold["blocks"]) or all(
            b["owners"] for b in made.gold["blocks"]
        )


def test_the_bank_is_broad_and_its_gaps_are_known() -> None:
    topics = load("commentary")["topics"]
    sentences = [s for kinds in topics.values() for some in kinds.values() for s in some]
    measures = [row for s in load("indicators")["services"] for row in s["indicators"]]
    assert len(measures) >= 120
    assert len({row[0] for row in measures}) == len(measures)
    assert len(set(sentences)) == len(sentences) >= 250
    assert {s["topic"] for s in load("indicators")["services"]} == set(topics)

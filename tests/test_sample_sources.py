"""The sample archive: its gold belongs to its PDFs, says only what they print, and covers what the tool must meet."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pymupdf
import pytest

from councilscope import records

ROOT = Path(__file__).resolve().parents[1]
REPORTS = ROOT / "corpus/reports"
NAMES = sorted(path.stem for path in REPORTS.glob("*.pdf"))
PERIOD = re.compile(
    r"20\d\d/\d\d (Q[1-4]|Year End|YTD)|(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) 20\d\d|20\d\d"
)


@cache
def gold(name: str) -> dict[str, Any]:
    return json.loads((REPORTS / "gold" / f"{name}.gold.json").read_text(encoding="utf-8"))


def squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@cache
def page_texts(name: str) -> tuple[str, ...]:
    with pymupdf.open(REPORTS / f"{name}.pdf") as document:
        return tuple(squash(page.get_text()) for page in document)


def printed(text: str, pages: list[str]) -> bool:
    """Whether `text` stands on one of the pages, or begins on one and ends on the next."""
    wanted = squash(text)
    if any(wanted in page for page in pages):
        return True
    return any(
        wanted[:cut] in one and wanted[cut:] in other
        for one, other in pairwise(pages)
        for cut in range(1, len(wanted))
    )


def texts_of(block: dict[str, Any]) -> list[str]:
    """Every string of a block that has to stand on its pages."""
    fixed = [block["ref"], block["title"]]
    owners = [part for owner in block["owners"] for part in owner.values()]
    figures = [block["target"] and block["target"]["text"], *(o["text"] for o in block["outturns"])]
    lines = [line for c in block["commentary"] for line in c["text"].splitlines()]
    return [text for text in [*fixed, *owners, *figures, *lines] if text]


def test_every_pdf_has_gold_and_every_gold_a_pdf() -> None:
    with_gold = sorted(
        path.name.removesuffix(".gold.json") for path in (REPORTS / "gold").glob("*.gold.json")
    )
    assert NAMES
    assert with_gold == NAMES


def test_archive_is_broad() -> None:
    all_gold = [gold(name) for name in NAMES]
    quarters = {(g["period"]["financial_year"], g["period"]["quarter"]) for g in all_gold}
    pandemic = {g["council"] for g in all_gold if g["period"] == {"financial_year": "2020/21", "quarter": 1}}
    assert len(NAMES) >= 14
    assert len({g["council"] for g in all_gold}) >= 4
    assert len({layout for g in all_gold for layout in g["layouts"]}) >= 6
    assert {g["engine"] for g in all_gold} >= {"chromium", "calc", "writer"}
    assert len(quarters) >= 4
    assert len(pandemic) >= 3


def test_archive_shows_status_and_direction_in_many_ways() -> None:
    blocks = [block for name in NAMES for block in gold(name)["blocks"]]
    assert {b["rag_shown_as"] for b in blocks} >= {"text", "letter", "icon", "colour"}
    assert {b["direction_shown_as"] for b in blocks} >= {"arrow", "text", None}
    assert {b["kind"] for b in blocks} == {"indicator", "action", "risk"}
    assert {b["rag"] for b in blocks} >= {"red", "amber", "green", "blue", "grey"}


@pytest.mark.parametrize("name", NAMES)
def test_gold_says_only_what_the_block_s_pages_print(name: str) -> None:
    pages = page_texts(name)
    for block in gold(name)["blocks"]:
        own = [pages[number - 1] for number in block["pages"]]
        missing = [text for text in texts_of(block) if not printed(text, own)]
        assert not missing, (block["id"], block["pages"], missing)


@pytest.mark.parametrize("name", NAMES)
def test_gold_title_headings_and_services_are_printed(name: str) -> None:
    everything = list(page_texts(name))
    report = gold(name)
    headings = {c["heading"] for b in report["blocks"] for c in b["commentary"]}
    services = {part for b in report["blocks"] for part in b["service"].split(" > ")}
    assert [h for h in {report["title"], *headings, *services} if not printed(h, everything)] == []


@pytest.mark.parametrize("name", NAMES)
def test_gold_holds_to_the_contract(name: str) -> None:
    report = gold(name)
    assert 5 <= len(report["blocks"]) <= 25
    assert 2 <= report["page_count"] == len(page_texts(name)) <= 8
    assert len({b["id"] for b in report["blocks"]}) == len(report["blocks"])
    for block in report["blocks"]:
        fields = {k: v for k, v in block.items() if k in records.Block.model_fields}
        texts = [{k: c[k] for k in ("section", "heading", "text")} for c in block["commentary"]]
        records.Block.model_validate({**fields, "commentary": texts})
        assert block["pages"]
        assert (block["rag"] is None) == (block["rag_shown_as"] is None)
        assert all(PERIOD.fullmatch(o["period"]) for o in block["outturns"])
        assert {c["section"] for c in block["commentary"]} <= set(get_args(records.Section))


def test_same_measure_can_be_followed_over_the_quarters() -> None:
    seen: dict[tuple[str, str], set[str]] = {}
    for name in NAMES:
        report = gold(name)
        for block in report["blocks"]:
            if block["commentary"]:
                seen.setdefault((report["council"], block["ref"] or block["title"]), set()).add(name)
    assert sum(len(names) >= 3 for names in seen.values()) >= 20


def test_gold_is_what_the_sources_say() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/print-reports"), "--check"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_pdfs_are_small() -> None:
    assert max(path.stat().st_size for path in REPORTS.glob("*.pdf")) < 300_000

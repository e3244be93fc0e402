"""The annotated commentary repeats neither itself nor the reports that it is measured on, and its datasheet counts right."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from training import copies, corpus, counts, datasheet

TEXTS = [(t["id"], t["text"]) for t in corpus.read()]
DREDGER = (
    "The harbour dredger was in dry dock for seven weeks, so the two ferries berthed at the outer pier and loaded "
    "only at high water. A spare gearbox has been ordered, and the harbour master expects the full timetable back "
    "before the lambing sales."
)
REWORDED = DREDGER.replace("seven weeks", "nine weeks").replace("A spare gearbox", "Another gearbox").upper()
QUOTING = f"Sailings as timetabled: 61%. {DREDGER.split('. ')[0]}. Freight was carried by road. " + (
    "Islanders were told by text message and on the pier's board each evening, and nobody asked for a refund. "
    * 3
)
APART = (
    "Dredging kept the harbour shut for seven weeks. The ferries used the outer pier, where they can load at high "
    "water alone; a gearbox is on order."
)


@pytest.mark.parametrize("copy", [REWORDED, QUOTING, DREDGER.split(". ")[1]])
def test_a_planted_near_copy_is_found(copy: str) -> None:
    found = list(copies.near_copies([*TEXTS, ("one", DREDGER), ("two", copy)]))
    assert [(pair.one, pair.other) for pair in found] == [("one", "two")]


def test_the_same_facts_in_other_words_are_no_copy() -> None:
    assert list(copies.near_copies([("one", DREDGER), ("two", APART)])) == []


def test_no_text_of_the_corpus_is_near_another() -> None:
    assert [str(pair) for pair in copies.near_copies(TEXTS)] == []


def test_no_text_is_near_a_report_it_is_measured_on(evaluation: Path) -> None:
    quoted = copies.report_texts(evaluation / "reports")
    assert quoted
    assert [str(pair) for pair in copies.near_copies(TEXTS, quoted)] == []


def test_a_copy_from_a_report_is_found(tmp_path: Path) -> None:
    gold = {"council": "Skerry", "indicators": [{"title": "Sailings", "commentary": [{"text": REWORDED}]}]}
    (tmp_path / "skerry.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    found = list(copies.near_copies([("ours", DREDGER)], copies.report_texts(tmp_path)))
    assert [(pair.one, pair.other) for pair in found] == [("ours", "skerry.gold.json")]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the scripts and of the corpus, to change and to check."""
    shutil.copytree(
        corpus.ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copytree(corpus.FOLDER, tmp_path / "corpus" / "commentary")
    return tmp_path


def check(project: Path, evaluation: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(project / "scripts" / "check-corpus")]
    environment = os.environ | {"COUNCILSCOPE_EVAL": evaluation}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_the_script_says_what_it_skipped_and_fails_on_a_copy_across_splits(project: Path) -> None:
    sound = check(project)
    assert sound.returncode == 0 and "skipped" in sound.stderr
    path = project / "corpus" / "commentary" / "t1.jsonl"
    copied = next(t for t in corpus.split("train") if len(t["text"].split()) > 40)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[0] |= {"text": copied["text"] + " Nothing further.", "spans": [], "relations": []}
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    faulty = check(project)
    assert faulty.returncode == 1
    assert f"{copied['id']} and {lines[0]['id']}" in faulty.stdout


def test_the_script_looks_at_the_reports_that_are_named(project: Path) -> None:
    reports = project / "evaluation" / "reports"
    reports.mkdir(parents=True)
    copied = next(t for t in corpus.read() if len(t["text"].split()) > 40)
    (reports / "skerry.gold.json").write_text(json.dumps({"text": copied["text"]}), encoding="utf-8")
    found = check(project, str(reports.parent))
    assert found.returncode == 1 and f"{copied['id']} and skerry.gold.json" in found.stdout


def test_the_totals_of_the_datasheet_agree_with_the_corpus() -> None:
    page = datasheet.PAGE.read_text(encoding="utf-8")
    assert page == datasheet.with_counts(corpus.read()), "run scripts/corpus-counts --write"


def test_every_service_has_a_group_and_every_group_a_service() -> None:
    texts = corpus.read()
    assert {counts.service_group(t) for t in texts} == {*counts.groups(), "not given"}
    for service, group in (
        ("environmental health", "regulation"),
        ("SEN transport", "education and early years"),
    ):
        assert counts.service_group({"service": service}) == group


def test_lists_and_hard_negatives_are_told_from_others() -> None:
    denied = {"label": "CAUSE", "attrs": {"assertion": "negated"}}
    given = {"label": "CAUSE", "attrs": {"assertion": "asserted"}}
    assert counts.is_list({"text": "Vacancies; sickness; a late start"}) and counts.is_list(
        {"text": "a\nb\nc"}
    )
    assert not counts.is_list({"text": "Two posts are vacant; one is being filled."})
    assert counts.is_hard_negative({"spans": []}) and counts.is_hard_negative({"spans": [denied, given]})
    assert not counts.is_hard_negative({"spans": [given]})

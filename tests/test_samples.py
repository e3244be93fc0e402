"""Whole reports against their gold, with the floors of floors.toml."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from councilscope.records import Report
from score_reports import load, pairs_in, table
from scoring import Score, score, total

Reader = Callable[[Path], Report]
FLOORS = tomllib.loads(Path(__file__).with_name("floors.toml").read_text(encoding="utf-8"))


def score_folder(folder: Path, read_report: Reader) -> dict[str, Score]:
    return {
        pdf.stem: score(load(gold), read_report(pdf).model_dump(mode="json"))
        for pdf, gold in pairs_in(folder).items()
    }


def below(scores: dict[str, Score], floors: dict[str, float]) -> dict[str, tuple[float, float]]:
    """{name: (figure, floor)} of what is too low."""
    figures = total(scores.values()).as_dict()
    return {name: (figures[name], floor) for name, floor in floors.items() if figures[name] < floor}


def test_sample_archive_keeps_its_floors(root: Path, read_report: Reader) -> None:
    folder = root / "corpus" / "reports"
    scores = score_folder(folder, read_report)
    assert len(scores) == len(list(folder.glob("*.pdf"))) >= 12, "every sample report has its gold"
    assert not below(scores, FLOORS["sample-archive"]), "\n" + table(scores)


def test_rebuilt_reports_keep_their_floors(evaluation: Path, read_report: Reader) -> None:
    scores = score_folder(evaluation / "reports", read_report)
    assert scores
    assert not below(scores, FLOORS["rebuilt-reports"]), "\n" + table(scores)


def test_every_kind_of_rebuilt_report_is_read(evaluation: Path, read_report: Reader) -> None:
    """The floors hold for all together; none of the five may be carried by the others."""
    scores = score_folder(evaluation / "reports", read_report)
    assert not {name: s["blocks"] for name, s in scores.items() if s["blocks"] < 0.75}


def test_our_figures_agree_with_the_independent_scorer(
    evaluation: Path, read_report: Reader, tmp_path: Path
) -> None:
    tool = evaluation / "tools" / "score_blocks.py"
    if not tool.is_file():
        pytest.skip(f"no independent scorer at {tool}")
    paths = []
    for pdf, gold in pairs_in(evaluation / "reports").items():
        found = tmp_path / f"{pdf.stem}.json"
        found.write_text(read_report(pdf).to_json(), encoding="utf-8")
        paths += [gold, found]
    run = subprocess.run(
        [sys.executable, tool, "--json", *paths], capture_output=True, text=True, check=True, timeout=300
    )
    theirs = json.loads(run.stdout)["overall"]
    figures = {"blocks": theirs["blocks"]["f1"]}
    figures |= {name: row["accuracy"] for name, row in theirs["accuracy"].items()}
    figures |= {name: theirs["f1"][name]["f1"] for name in ("owners", "outturns", "commentary")}
    ours = total(score_folder(evaluation / "reports", read_report).values()).as_dict()
    assert {name: ours[name] for name in figures} == pytest.approx(figures, abs=0.01)

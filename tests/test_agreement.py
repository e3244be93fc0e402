"""scripts/agreement: two annotations of the same texts, compared as a reader would count them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SICK = "Two officers were off sick, so the team will ask Cabinet for cover in May."
DONE = "The backlog was cleared."


def span(text: str, words: str, label: str, **attrs: str | None) -> dict[str, Any]:
    start = text.index(words)
    return {"start": start, "end": start + len(words), "label": label, "text": words, "attrs": attrs}


def item(
    text: str, spans: list[dict[str, Any]], themes: list[str], *links: tuple[int, int]
) -> dict[str, Any]:
    relations = [{"label": "owned_by", "head": h, "tail": t} for h, t in links]
    return {"text": text, "spans": spans, "relations": relations, "themes": themes}


def write(path: Path, *items: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(i) + "\n" for i in items), encoding="utf-8")
    return path


@pytest.fixture
def first(tmp_path: Path) -> Path:
    spans = [
        span(SICK, "Two officers were off sick", "CAUSE", theme="workforce", assertion="asserted"),
        span(SICK, "team", "OWNER", kind="team"),
        span(SICK, "will ask Cabinet for cover", "ACTION", status="planned"),
    ]
    return write(
        tmp_path / "first.jsonl",
        item(SICK, spans, ["workforce"], (2, 1)),
        item(DONE, [span(DONE, "The backlog was cleared", "ACTION", status="done")], ["demand"]),
    )


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """The same texts in another order: one edge, one status and one theme differ, one action and link are missing."""
    spans = [
        span(SICK, "Two officers were off sick", "CAUSE", theme="workforce", assertion="asserted"),
        span(SICK, "team", "OWNER", kind="team"),
        span(SICK, "ask Cabinet for cover", "ACTION", status="proposed"),
    ]
    return write(
        tmp_path / "second.jsonl", item(DONE, [], []), item(SICK, spans, ["workforce", "governance"])
    )


def agreement(one: Path, other: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "scripts" / "agreement"), str(one), str(other)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def rows(printed: str) -> dict[str, list[str]]:
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in printed.splitlines() if "|" in line]
    return {c[0]: c[1:] for c in cells if c[0]}


def test_what_two_annotations_share_is_counted(first: Path, second: Path) -> None:
    done = agreement(first, second)
    assert done.returncode == 0, done.stderr
    table = rows(done.stdout)
    assert table["CAUSE"] == ["1", "1", "1.000", "1.000"]
    assert table["ACTION"] == ["2", "1", "0.000", "0.667"]
    assert table["ALL"] == ["4", "3", "0.571", "0.857"]
    assert table["relations"] == ["1", "0", "", "0.000"]
    assert "2 in the first, 2 in the second, F1 0.500" in done.stdout
    assert table["ACTION.status"] == ["0.000", "1"] and table["CAUSE.theme"] == ["1.000", "1"]
    # 32 pairs of text and theme, 30 alike, 2 marked on each side: (30/32 - 229/256) / (1 - 229/256)
    assert "kappa 0.467" in done.stdout


def test_an_annotation_agrees_with_itself(first: Path) -> None:
    table = rows(agreement(first, first).stdout)
    assert table["ALL"][2:] == ["1.000", "1.000"] and table["relations"][3] == "1.000"


def test_labels_that_were_read_twice_are_put_on_the_spans_of_the_corpus(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    from training import corpus

    spans = [
        span(SICK, "Two officers were off sick", "CAUSE", theme="demand", assertion="asserted"),
        span(SICK, "team", "OWNER", kind="team"),
        span(SICK, "will ask Cabinet for cover", "ACTION", status="done"),
    ]
    monkeypatch.setattr(corpus, "read", lambda: [{"id": "x-1", **item(SICK, spans, [])}])
    monkeypatch.setattr(corpus, "READINGS", tmp_path / "labels.tsv")
    head = "id\treading\tthemes\tcauses\tactions\n"
    lines = [
        "x-1\tfirst\t\tworkforce asserted adverse\tplanned\n",
        "x-1\tsecond\tdemand workforce\tcovid possible adverse\tproposed\n",
    ]
    corpus.READINGS.write_text(head + "".join(lines), encoding="utf-8")
    (one,), (two,) = corpus.label_readings()
    assert (one["themes"], two["themes"]) == ([], ["demand", "workforce"])
    assert two["spans"][0]["attrs"] == {"theme": "covid", "assertion": "possible", "effect": "adverse"}
    assert [t["spans"][2]["attrs"]["status"] for t in (one, two)] == ["planned", "proposed"]
    for broken in (
        "x-1\tfirst\t\t\tplanned\n",
        "x-1\tfirst\t\tcovid asserted adverse\tdone done\n",
        "x-2\tfirst\t\t\t\n",
    ):
        corpus.READINGS.write_text(head + broken, encoding="utf-8")
        with pytest.raises(ValueError, match=r"labels\.tsv: x-"):
            corpus.label_readings()


def test_a_text_that_only_one_file_holds_is_named(first: Path, tmp_path: Path) -> None:
    done = agreement(first, write(tmp_path / "short.jsonl", item(DONE, [], [])))
    assert done.returncode == 1 and "short.jsonl" in done.stderr and "Two officers" in done.stderr

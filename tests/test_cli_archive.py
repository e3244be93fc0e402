"""The commands that look after an archive and ask it in SQL, as a user types them."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import councilscope as cs

Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def store(tmp_path: Path, sample_store: Path) -> Path:
    """A copy of the sample archive."""
    return Path(shutil.copytree(sample_store, tmp_path / "store"))


@pytest.mark.parametrize(
    "words", [["sql"], ["store", "verify"], ["store", "compact"], ["store", "merge"], ["store", "remove"]]
)
def test_every_help_has_an_example(command: Command, words: list[str]) -> None:
    assert f"  councilscope {' '.join(words)}" in command(*words, "--help").stdout


def test_sql_prints_a_table_csv_or_json_of_the_same_rows(command: Command, sample_store: Path) -> None:
    query = "select council_name, n_blocks, ocr from documents order by council_name, n_blocks limit 3"
    words = ["sql", "--store", sample_store, query]
    table, plain, data = (command(*words, *more) for more in ([], ["--csv"], ["--json"]))
    rows = json.loads(data.stdout)
    assert len(rows) == 3 and list(rows[0]) == ["council_name", "n_blocks", "ocr"]
    from_csv = list(csv.DictReader(io.StringIO(plain.stdout)))
    assert [(r["council_name"], int(r["n_blocks"])) for r in from_csv] == [
        (r["council_name"], r["n_blocks"]) for r in rows
    ]
    lines = table.stdout.splitlines()
    assert len(lines) == 4 and lines[0].split() == ["council_name", "n_blocks", "ocr"]
    assert all(r["council_name"] in line for r, line in zip(rows, lines[1:], strict=True))
    assert (
        len(command("sql", "--store", sample_store, "-", input="from blocks select block_id").stdout.split())
        > 100
    )


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from nothing", "The tables are documents, blocks"),
        ("selec 1", "syntax error"),
        ("delete from documents", "only one SELECT"),
        ("select 'x'::int from documents", "Could not convert"),
    ],
)
def test_a_query_that_fails_is_wrong_usage(
    command: Command, sample_store: Path, query: str, said: str
) -> None:
    done = command("sql", "--store", sample_store, query)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_store_is_verified_compacted_and_merged(command: Command, store: Path, tmp_path: Path) -> None:
    before = cs.Archive(store).frames()
    n = len(before["documents"])
    assert f"sound; {n} documents" in command("store", "verify", store).stdout
    assert "parts are now 1" in command("store", "compact", store).stdout
    done = command("store", "merge", store, store, "--into", tmp_path / "all")
    assert f"{n} documents added" in done.stdout and f"{n} there already" in done.stdout
    for name, frame in cs.Archive(tmp_path / "all").frames().items():
        assert frame.equals(before[name]) or frame.astype(str).equals(before[name].astype(str)), name


def test_a_damaged_store_is_5_until_it_is_repaired(command: Command, store: Path) -> None:
    victim = next((store / "spans").iterdir())
    victim.write_bytes(victim.read_bytes()[:-9])
    done = command("store", "verify", store)
    assert done.returncode == 5, done.stderr
    assert str(victim) in done.stderr and "--repair" in done.stderr
    assert not json.loads(command("store", "verify", store, "--json").stdout)["sound"]
    assert command("store", "verify", store, "--repair").returncode == 0
    assert "sound" in command("store", "verify", store).stdout


def test_reports_are_removed_by_path(command: Command, store: Path) -> None:
    n = len(cs.Archive(store))
    done = command("store", "remove", store, "path:thornshire-*")
    left = cs.Archive(store).documents
    assert f"{n - len(left)} documents taken out; {len(left)} are left" in done.stdout
    assert 0 < len(left) < n and not any("thornshire" in paths[0] for paths in left["paths"])
    done = command("store", "remove", store, "everything")
    assert done.returncode == 2 and "'everything' chooses nothing; write failed" in done.stderr


def test_status_counts_what_is_worth_a_look(command: Command, sample_store: Path) -> None:
    data = json.loads(command("store", "status", sample_store, "--json").stdout)
    table = cs.Archive(sample_store).documents
    assert data["worth_a_look"] == {
        "read with warnings": int((table["warnings"].str.len() > 0).sum()),
        "read, and no block found": int((table["n_blocks"] == 0).sum()),
    }


def test_what_is_given_to_annotate_counts(
    command: Command, tmp_path: Path, sample_reports: list[Path]
) -> None:
    report = sample_reports[0]
    (tmp_path / "known.csv").write_text(f"Path,Council,Period\n{report},Leeds,2019/20 Q3\n{report},Leads,\n")
    done = command(
        "annotate", "--given", tmp_path / "known.csv", "--store", tmp_path / "store", "--workers", "0"
    )
    assert done.returncode == 3
    assert "line 3: no council has the name or code 'Leads'; did you mean Leeds" in done.stderr
    row = cs.Archive(tmp_path / "store").documents.iloc[0]
    assert (row["council_name"], row["period_quarter"]) == ("Leeds City Council", 3)
    assert row["council_evidence"].startswith("given: ")


def test_wrong_words_of_annotate_are_wrong_usage(command: Command, tmp_path: Path) -> None:
    done = command("annotate", "x.pdf", "--store", tmp_path / "store", "--redo", "slow")
    assert done.returncode == 2 and "'slow' chooses nothing" in done.stderr
    done = command("annotate", "--store", tmp_path / "store")
    assert done.returncode == 2 and "--given" in done.stderr
    assert not (tmp_path / "store").exists()
    (tmp_path / "reports").mkdir()
    done = command("annotate", "reprots", "--store", "store", cwd=tmp_path)
    assert done.returncode == 4 and "did you mean reports?" in done.stderr

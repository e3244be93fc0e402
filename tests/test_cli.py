"""The command line as a user types it: exit codes, standard output against standard error."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pymupdf
import pytest

import councilscope as cs

AES_256 = 5  # pymupdf.PDF_ENCRYPT_AES_256, which its type stubs lack
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory, sample_reports: list[Path]) -> Path:
    """A folder with one good report and one of each kind that cannot be read."""
    folder = tmp_path_factory.mktemp("mixed")
    shutil.copy(sample_reports[0], folder / "good.pdf")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "words.pdf").write_text("no pdf at all")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
    with pymupdf.open() as document:
        document.new_page().insert_text((72, 72), "A secret")
        document.save(folder / "locked.pdf", encryption=AES_256, user_pw="sesame", owner_pw="o")
    with pymupdf.open() as document:
        page = document.new_page()
        page.draw_rect(pymupdf.Rect(50, 50, 500, 700), fill=(0.5, 0.5, 0.5))
        document.save(folder / "scan.pdf")
    return folder


def no_traceback(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr + done.stdout


# ------------------------------------------------------------------------------ help and usage


@pytest.mark.parametrize(
    "words", [[], ["read"], ["annotate"], ["themes"], ["tag"], ["schema"], ["store"], ["store", "status"]]
)
def test_every_help_has_an_example_that_can_be_typed(command: Command, words: list[str]) -> None:
    done = command(*words, "--help")
    assert done.returncode == 0
    assert f"  councilscope {' '.join(words)}".rstrip() in done.stdout or not words
    assert "councilscope" in done.stdout


def test_the_version_is_printed(command: Command) -> None:
    assert command("--version").stdout == f"councilscope {cs.__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["read"],
        ["read", "x.pdf", "--nonsense"],
        ["annotate", "x.pdf"],
        ["annotate", "x.pdf", "--store", "s", "--workers", "-1"],
        ["themes"],
        ["read", "x.pdf", "--password-file", "/nowhere/passwords"],
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(command: Command, words: list[str], tmp_path: Path) -> None:
    done = command(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Error" in done.stderr
    no_traceback(done)
    assert not list(tmp_path.iterdir())


# ------------------------------------------------------------------------------ read


def test_read_shows_a_report_without_escapes_in_a_pipe(command: Command, sample_reports: list[Path]) -> None:
    done = command("read", sample_reports[0])
    assert done.returncode == 0
    assert done.stderr == ""
    report = cs.read(sample_reports[0])
    assert report.council
    assert report.council.name in done.stdout
    assert "[CAUSE" in done.stdout
    assert "\x1b" not in done.stdout


def test_read_json_is_the_contract_s(command: Command, sample_reports: list[Path]) -> None:
    done = command("read", sample_reports[0], "--json")
    schema = json.loads(command("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(done.stdout), schema)
    assert done.stdout == cs.read(sample_reports[0]).to_json() + "\n"


def test_several_reports_are_one_json_object_a_line(command: Command, sample_reports: list[Path]) -> None:
    done = command("read", *sample_reports[:2], "--json", "--no-tags")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["source"]["path"] for line in lines] == [str(p) for p in sample_reports[:2]]
    assert all(line["models"] == {} for line in lines)


def test_read_goes_on_past_what_cannot_be_read(command: Command, mixed: Path) -> None:
    done = command(
        "read", mixed / "nowhere.pdf", mixed / "good.pdf", mixed / "words.pdf", "--json", "--no-tags"
    )
    assert done.returncode == 3
    assert json.loads(done.stdout)["source"]["path"] == str(mixed / "good.pdf")
    assert "nowhere.pdf" in done.stderr
    assert "words.pdf" in done.stderr
    no_traceback(done)


@pytest.mark.parametrize("name", ["nowhere", "empty", "words", "broken", "locked", "scan"])
def test_nothing_read_is_4_with_file_and_remedy(command: Command, mixed: Path, name: str) -> None:
    done = command("read", mixed / f"{name}.pdf", "--no-tags")
    assert done.returncode == 4
    assert done.stdout == ""
    assert f"{name}.pdf: " in done.stderr
    no_traceback(done)


def test_a_password_file_opens_a_locked_report(command: Command, mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "passwords").write_text("wrong\nsesame\n")
    done = command("read", mixed / "locked.pdf", "--no-tags", "--password-file", tmp_path / "passwords")
    assert done.returncode == 0, done.stderr


def test_a_reader_that_leaves_ends_it_quietly(sample_reports: list[Path]) -> None:
    program = Path(sys.executable).with_name("councilscope")
    line = f"'{program}' read --no-tags {' '.join(map(str, sample_reports))} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "0"
    assert done.stderr == ""


def test_output_is_utf_8_whatever_the_locale(command: Command, sample_reports: list[Path]) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = command("read", sample_reports[0], "--no-tags", env=environment, encoding="utf-8")
    assert done.returncode == 0
    assert "●" in done.stdout or "◆" in done.stdout


# ------------------------------------------------------------------------------ annotate


def test_annotate_records_everything_and_says_so_on_standard_error(
    command: Command, mixed: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    done = command("annotate", mixed, tmp_path / "missing.pdf", "--store", store)
    assert done.returncode == 3
    assert done.stdout == ""
    documents = cs.Archive(store).documents
    found = {Path(p[0]).stem: s for p, s in zip(documents["paths"], documents["status"], strict=True)}
    assert found == {
        "good": "ok",
        "empty": "empty",
        "words": "not_pdf",
        "broken": "damaged",
        "locked": "encrypted",
        "scan": "no_text",
        "missing": "error",
    }
    for reason in documents["reason"].dropna():
        assert reason in done.stderr
    assert f"--store {store}" in done.stderr
    assert "\x1b" not in done.stderr
    again = command("annotate", mixed, tmp_path / "missing.pdf", "--store", store)
    assert again.returncode == 3
    assert "0 read now" in again.stderr
    assert "7 known already" in again.stderr


def test_annotate_is_0_where_all_is_well_and_4_where_nothing_is(
    command: Command, mixed: Path, tmp_path: Path
) -> None:
    assert command("annotate", mixed / "good.pdf", "--store", tmp_path / "a").returncode == 0
    assert command("annotate", mixed / "words.pdf", "--store", tmp_path / "b").returncode == 4
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    done = command("annotate", nothing, "--store", tmp_path / "c")
    assert done.returncode == 4
    assert "no PDF or Office file" in done.stderr


def test_annotate_goes_on_when_nobody_listens(mixed: Path, tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("councilscope")
    line = (
        f"'{program}' annotate '{mixed}' --store '{tmp_path}/store' -v 2>&1 | true; echo ${{PIPESTATUS[0]}}"
    )
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "3"
    assert len(cs.Archive(tmp_path / "store")) == 6


def test_annotate_takes_a_list_and_logs_json(command: Command, mixed: Path, tmp_path: Path) -> None:
    listed = f"{mixed / 'good.pdf'}\n{mixed / 'words.pdf'}\n"
    done = command("annotate", "-", "--store", tmp_path / "store", "--log-json", input=listed)
    assert done.returncode == 3
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert {Path(e["path"]).name: e["status"] for e in lines if e["event"] == "document"} == {
        "good.pdf": "ok",
        "words.pdf": "not_pdf",
    }
    assert lines[-1]["event"] == "end"
    assert lines[-1]["statuses"] == {"ok": 1, "not_pdf": 1}


def test_a_place_that_is_no_archive_is_5(command: Command, mixed: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("x")
    for words in (
        ["annotate", mixed / "good.pdf", "--store", tmp_path],
        ["themes", "--store", tmp_path / "nowhere"],
        ["store", "status", tmp_path / "nowhere"],
    ):
        done = command(*words)
        assert done.returncode == 5
        assert done.stdout == ""
        no_traceback(done)


def test_debug_shows_where_it_failed(command: Command, tmp_path: Path) -> None:
    done = command("--debug", "themes", "--store", tmp_path / "nowhere")
    assert done.returncode == 5
    assert "Traceback" in done.stderr


def test_a_terminal_gets_a_progress_bar(sample_reports: list[Path], tmp_path: Path) -> None:
    program = Path(sys.executable).with_name("councilscope")
    master, slave = pty.openpty()
    words = [str(program), "annotate", str(sample_reports[0]), "--store", str(tmp_path / "store")]
    with subprocess.Popen(
        words, stderr=slave, stdout=subprocess.PIPE, env={**os.environ, "TERM": "xterm"}
    ) as process:
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:
                break
            if not piece:
                break
            seen += piece
        assert process.stdout
        assert process.stdout.read() == b""
    os.close(master)
    assert b"Reading reports" in seen
    assert process.returncode == 0


# ------------------------------------------------------------------------------ themes and store


def test_themes_reports_on_the_archive(command: Command, sample_store: Path) -> None:
    done = command("themes", "--store", sample_store)
    assert done.returncode == 0
    assert done.stderr == ""
    for fact in ("covid", "workforce", "off track", "%", "“", ".pdf, page "):
        assert fact in done.stdout


def test_themes_as_csv_and_json_hold_the_same_rows(command: Command, sample_store: Path) -> None:
    words = ["themes", "--store", sample_store, "--by", "council", "--by", "year"]
    rows = list(csv.DictReader(io.StringIO(command(*words, "--csv").stdout)))
    data = json.loads(command(*words, "--json").stdout)
    assert data["by"] == ["council", "year"]
    assert [r["theme"] for r in rows] == [r["theme"] for r in data["themes"]]
    assert len(rows) == 16 * len(data["totals"])
    assert any(r["texts_share"] is None for r in data["themes"]) == any(
        t["texts"] == 0 for t in data["totals"]
    )
    limited = json.loads(command(*words, "--json", "--limit", 2).stdout)
    assert len(limited["themes"]) == 2 * len(data["totals"])


def test_themes_can_be_filtered(command: Command, sample_store: Path) -> None:
    done = command(
        "themes",
        "--store",
        sample_store,
        "--by",
        "rag",
        "--where",
        "rag=red,amber",
        "--since",
        "2020/21",
        "--json",
    )
    assert {t["rag"] for t in json.loads(done.stdout)["totals"]} == {"red", "amber"}


@pytest.mark.parametrize(
    "words", [["--by", "colour"], ["--where", "rag"], ["--where", "mood=dark"], ["--since", "soon"]]
)
def test_a_question_that_cannot_be_asked_is_wrong_usage(
    command: Command, sample_store: Path, words: list[str]
) -> None:
    done = command("themes", "--store", sample_store, *words)
    assert done.returncode == 2
    assert "Error" in done.stderr
    no_traceback(done)


def test_store_status_says_what_is_there(
    command: Command, sample_store: Path, sample_reports: list[Path]
) -> None:
    data = json.loads(command("store", "status", sample_store, "--json").stdout)
    assert data["documents"] == {"ok": len(sample_reports)}
    assert data["failures"] == []
    shown = command("store", "status", sample_store).stdout
    assert all(name in shown for name in data["councils"])


def test_a_filter_that_matches_nothing_says_what_there_is(command: Command, sample_store: Path) -> None:
    done = command("themes", "--store", sample_store, "--where", "council=Atlantis")
    assert "no commentary matches --where council=Atlantis" in done.stderr
    assert "Thornshire County Council" in done.stderr


def test_a_place_that_cannot_be_written_is_named(
    command: Command, sample_reports: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    done = command("annotate", sample_reports[0], "--store", tmp_path / "file" / "archive")
    assert done.returncode == 5
    assert str(tmp_path / "file") in done.stderr and "unexpected" not in done.stderr
    no_traceback(done)


# ------------------------------------------------------------------------------ tag


def test_tag_answers_line_by_line_and_reports_bad_ones(command: Command) -> None:
    lines = [
        '{"id": "a", "text": "Visits fell because of vacancies.", "section": "reason", "other": 1}',
        "",
        "not json",
        '{"id": "b", "text": "The rota will be reviewed by year end.", "period": "2021/22 Q2"}',
        '{"id": "c"}',
        '{"id": "d", "text": "None", "section": "preface"}',
    ]
    done = command("tag", input="\n".join(lines))
    made = [json.loads(line) for line in done.stdout.splitlines()]
    assert [m["id"] for m in made] == ["a", "b"]
    assert [s["attrs"]["iso"] for s in made[1]["spans"] if s["label"] == "DEADLINE"] == ["2022-03-31"]
    for number in (3, 5, 6):
        assert f"line {number}: " in done.stderr
    assert done.returncode == 3
    no_traceback(done)


def test_tag_is_0_where_all_lines_are_good_and_4_where_none_is(command: Command) -> None:
    assert command("tag", input='{"id": 1, "text": "None"}\n').returncode == 0
    assert command("tag", input="").returncode == 0
    assert command("tag", input="[]\n").returncode == 4


def test_reports_that_do_not_contradict_themselves_are_no_empty_answer(
    command: Command, sample_store: Path
) -> None:
    none = command("check", "--store", sample_store, "--where", "check=percent")
    assert none.returncode == 0
    assert "nothing contradicts itself" in none.stderr and "Looked at: percent" in none.stdout
    lost = command("check", "--store", sample_store, "--where", "council=Nowhere")
    assert "leave out a --where" in lost.stderr

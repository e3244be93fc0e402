"""The store and the batch runner, with `drill.read` in the place of the reader: files say what happens to them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import councilscope as cs
import drill
from councilscope.archive import Summary, annotate_paths, repair, verify
from councilscope.errors import ConfigError
from councilscope.frames import to_frames
from councilscope.records import Report
from strategies import reports

Put = Callable[..., Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Writes files into a folder: `put(a="ok 1", b="crash")` makes in/a.pdf and in/b.pdf."""

    def write(**files: str) -> Path:
        folder = tmp_path / "in"
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name}.pdf").write_text(text)
        return folder

    return write


def run(paths: Path | list[Any], store: Path, workers: int = 0, **options: object) -> Summary:
    given = [paths] if isinstance(paths, Path) else paths
    return annotate_paths(given, store, workers=workers, read=drill.read, **options)  # type: ignore[arg-type]


def same(one: dict[str, pd.DataFrame], other: dict[str, pd.DataFrame]) -> None:
    for name in one:
        pd.testing.assert_frame_equal(one[name], other[name])


def by_status(store: Path) -> dict[str, str]:
    table = cs.Archive(store).documents
    return {Path(p[0]).stem: s for p, s in zip(table["paths"], table["status"], strict=True)}


# ------------------------------------------------------------------------------ the store


@settings(max_examples=15)
@given(st.lists(reports(), max_size=3, unique_by=lambda r: r.source.sha256))
def test_what_is_written_is_what_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, given_reports: list[Report]
) -> None:
    archive = cs.Archive(tmp_path_factory.mktemp("s") / "store", create=True)
    archive.write(given_reports)
    in_order = sorted(given_reports, key=lambda r: r.source.sha256)
    same(cs.Archive(archive.path).frames(), to_frames(in_order))


def test_an_empty_archive_can_be_read(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    same(archive.frames(), to_frames([]))
    assert "0 documents" in repr(archive)
    (tmp_path / "bare").mkdir()
    assert len(cs.Archive(tmp_path / "bare")) == 0


def test_a_place_without_an_archive_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere.*annotate"):
        cs.Archive(tmp_path / "nowhere")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("x")
    with pytest.raises(ConfigError, match=r"other things"):
        cs.Archive(tmp_path / "letters", create=True)


def test_some_columns_of_some_documents(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    archive.write([drill.report("a", "a" * 64), drill.report("b", "b" * 64)])
    table = archive.table("spans", ["text", "start"], doc_ids=["b" * 64])
    assert list(table.columns) == ["start", "text"]
    assert len(table) == len(drill.report("b", "b" * 64).blocks)
    with pytest.raises(KeyError, match="nonsense"):
        archive.table("spans", ["nonsense"])


def test_a_report_written_again_replaces_the_old_one(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    old, other = drill.report("a", "a" * 64), drill.report("b", "b" * 64)
    archive.write([old, other])
    archive.write([old.model_copy(update={"title": "Corrected"})])
    again = cs.Archive(tmp_path / "store")
    assert again.documents["title"].tolist()[0] == "Corrected"
    assert len(again.table("blocks")) == len(old.blocks) + len(other.blocks)


def test_what_an_interrupted_batch_left_is_ignored_and_then_cleared(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    archive.write([drill.report("a", "a" * 64)])
    before = archive.frames()
    whole = next((tmp_path / "store" / "blocks").iterdir())
    stray = whole.with_name("part-000009-0123456789ab.parquet")
    stray.write_bytes(whole.read_bytes())
    half = whole.with_name(".part-000009-0123456789ab.parquet.tmp")
    half.write_bytes(b"PAR1")
    same(cs.Archive(tmp_path / "store").frames(), before)
    cs.Archive(tmp_path / "store").write([drill.report("b", "b" * 64)])
    assert not stray.exists()
    assert not half.exists()


@pytest.mark.parametrize("step", range(6))
def test_a_batch_is_there_whole_or_not_at_all_wherever_it_is_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    store = tmp_path / "store"
    cs.Archive(store, create=True).write([drill.report("a", "a" * 64)])
    before = cs.Archive(store).frames()
    calls, replace = iter(range(100)), os.replace

    def cut(source: Path, target: Path) -> None:
        if next(calls) == step:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(os, "replace", cut)
    new = [drill.report("a2", "a" * 64), drill.report("b", "b" * 64)]
    try:
        cs.Archive(store).write(new)
    except KeyboardInterrupt:
        same(cs.Archive(store).frames(), before)
    else:
        assert step == 5  # blocks, commentary, spans, themes and, last, documents
        assert len(cs.Archive(store)) == 2
    monkeypatch.undo()
    cs.Archive(store).write(new)
    assert len(cs.Archive(store)) == 2


@pytest.mark.parametrize("table", ["documents", "spans"])
def test_a_damaged_file_is_named_with_what_to_do_and_that_helps(tmp_path: Path, put: Put, table: str) -> None:
    folder, store = put(a="ok a", b="ok b"), tmp_path / "store"
    run(folder, store, batch_size=1)
    before = cs.Archive(store).frames()
    victim = sorted((store / table).glob("part-*"))[0]
    victim.write_bytes(victim.read_bytes()[:100])
    with pytest.raises(ConfigError) as caught:
        cs.Archive(store).frames()
    assert str(victim) in str(caught.value)
    if table == "documents":
        assert f"remove {victim}" in str(caught.value)
        victim.unlink()
    else:
        assert f"store verify {store} --repair" in str(caught.value)
        assert repair(cs.Archive(store), verify(cs.Archive(store))) == 1
    assert run(folder, store).read == 1
    same(cs.Archive(store).frames(), before)


def test_another_version_of_the_store_is_refused(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    archive.write([drill.report("a", "a" * 64)])
    part = next((tmp_path / "store" / "documents").glob("part-*"))
    data = pq.read_table(part)
    note = json.loads(data.schema.metadata[b"councilscope"]) | {"schema_version": "99"}
    pq.write_table(data.replace_schema_metadata({b"councilscope": json.dumps(note).encode()}), part)
    with pytest.raises(ConfigError, match="schema 99"):
        cs.Archive(tmp_path / "store").frames()
    pq.write_table(pa.table({"x": [1]}), part)
    with pytest.raises(ConfigError, match="not written by councilscope"):
        cs.Archive(tmp_path / "store").frames()


def test_two_writers_at_a_time_are_refused(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    with archive.writing(), pytest.raises(ConfigError, match="another councilscope"):
        cs.Archive(tmp_path / "store").write([])


def test_names_in_an_archive_stay_inert_in_a_notebook(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "<script>alert(1)<", create=True)
    assert "<script>" not in archive._repr_html_()


# ------------------------------------------------------------------------------ the runner


def test_every_kind_of_failure_costs_only_its_document(tmp_path: Path, put: Put) -> None:
    good = {f"good{i:02}": f"ok {i}" for i in range(40)}
    bad = {
        "crash": "crash",
        "quits": "exit",
        "hang": "hang",
        "hog": "hog",
        "raise": "raise",
        "part": "part",
        "locked": "locked x",
    }
    folder = put(**good, **bad)
    summary = run(folder, tmp_path / "store", workers=2, timeout=3, timeout_per_page=0, memory=512)
    found = by_status(tmp_path / "store")
    assert {name: found[name] for name in bad} == {
        "crash": "crashed",
        "quits": "crashed",
        "hang": "timeout",
        "hog": "memory",
        "raise": "error",
        "part": "partial",
        "locked": "encrypted",
    }
    assert {found[name] for name in good} == {"ok"}
    assert summary.exit_code == 3
    for path, _, reason in summary.failures:
        assert path in reason
    documents = cs.Archive(tmp_path / "store").documents.set_index("doc_id")
    crashed = documents.loc[hashlib.sha256(b"crash").hexdigest()]
    assert "SIGSEGV" in crashed["reason"]


def test_the_rows_do_not_depend_on_the_number_of_workers(tmp_path: Path, put: Put) -> None:
    folder = put(**{f"f{i}": f"ok {i}" for i in range(12)}, bad="raise")
    run(folder, tmp_path / "one", workers=0)
    run(folder, tmp_path / "two", workers=2, batch_size=5)
    same(cs.Archive(tmp_path / "one").frames(), cs.Archive(tmp_path / "two").frames())


def test_running_again_reads_only_what_is_new(tmp_path: Path, put: Put) -> None:
    folder, store = put(a="ok a", b="raise", empty=""), tmp_path / "store"
    assert run(folder, store).read == 3
    parts = sorted(p.name for p in (store / "documents").iterdir())
    again = run(folder, store)
    assert (again.read, again.known, again.exit_code) == (0, 3, 3)
    assert sorted(p.name for p in (store / "documents").iterdir()) == parts
    put(c="ok c")
    assert (run(folder, store).read, len(cs.Archive(store))) == (1, 4)
    assert run(folder, store, redo=["failed"]).read == 1


def test_another_model_reads_again_what_was_read(
    tmp_path: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    from councilscope import annotate
    from councilscope.records import ModelInfo

    monkeypatch.setattr(annotate, "read", drill.read)
    folder, store = put(a="ok a", b="raise"), tmp_path / "store"
    monkeypatch.setattr(annotate, "models", lambda own: {})
    assert run(folder, store).read == 2
    assert run(folder, store).read == 0
    monkeypatch.setattr(
        annotate, "models", lambda own: {"tagger": ModelInfo(name="cues", version="2", hash="x")}
    )
    assert run(folder, store).read == 1


def test_a_content_at_two_paths_is_read_once_and_both_are_listed(tmp_path: Path, put: Put) -> None:
    folder, store = put(b="ok same", a="ok same"), tmp_path / "store"
    summary = run(folder, store)
    assert (summary.inputs, summary.documents, summary.read) == (2, 1, 1)
    put(c="ok same")
    assert run(folder, store).read == 0
    archive = cs.Archive(store)
    assert archive.documents["paths"].tolist() == [[str(folder / f"{n}.pdf") for n in "abc"]]
    assert len(archive.table("blocks")) == archive.documents["n_blocks"].sum()


def test_a_path_that_failed_without_a_byte_is_not_failed_any_more_once_it_is_read(
    tmp_path: Path, put: Put
) -> None:
    folder, store = put(a=""), tmp_path / "store"
    missing = folder / "b.pdf"
    summary = run([folder / "a.pdf", missing], store)
    assert by_status(store) == {"a": "empty", "b": "error"}
    assert summary.exit_code == 4
    assert hashlib.sha256(str(missing).encode()).hexdigest() in set(cs.Archive(store).documents["doc_id"])
    put(a="ok a", b="ok b")
    assert run([folder / "a.pdf", missing], store).exit_code == 0
    assert cs.Archive(store).documents["status"].tolist() == ["ok", "ok"]


def test_inputs_are_files_folders_at_any_depth_and_lists(tmp_path: Path, put: Put) -> None:
    folder, store = put(a="ok a"), tmp_path / "store"
    deep = folder / "deep" / "er"
    deep.mkdir(parents=True)
    (deep / "B.PDF").write_text("ok b")
    (deep / "._B.PDF").write_text("a resource fork")
    (deep / "notes.docx").write_text("ok notes")
    (tmp_path / "c.pdf").write_text("ok c")
    named = tmp_path / "d.html"
    named.write_text("<p>")
    listed = io.StringIO(f"{tmp_path / 'c.pdf'}\n\n")
    summary = run([folder, "-", folder / "a.pdf", named], store, stdin=listed)
    assert by_status(store) == {"a": "ok", "B": "ok", "notes": "ok", "c": "ok", "d": "unsupported"}
    assert summary.inputs == 5
    assert "web page" in summary.failures[0][2]


def test_a_name_that_is_no_utf_8_is_read_and_shown(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    name = os.path.join(os.fsencode(folder), b"gr\xfcn.pdf")
    try:
        Path(os.fsdecode(name)).write_text("ok a")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert run(folder, tmp_path / "store").exit_code == 0
    assert cs.Archive(tmp_path / "store").documents["paths"][0] == [f"{folder}/gr\\xfcn.pdf"]


def test_what_is_no_regular_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.pdf")
    summary = run([tmp_path / "pipe.pdf"], tmp_path / "store")
    assert "not a regular file" in summary.failures[0][2]


def test_passwords_open_what_was_encrypted_before(tmp_path: Path, put: Put) -> None:
    folder, store = put(a="locked sesame"), tmp_path / "store"
    assert run(folder, store).exit_code == 4
    assert run(folder, store, passwords=["wrong"]).exit_code == 4
    assert run(folder, store, passwords=["wrong", "sesame"]).exit_code == 0
    assert by_status(store) == {"a": "ok"}


@pytest.mark.parametrize("workers", [0, 1])
def test_a_damaged_model_ends_the_run_and_is_no_fault_of_a_document(
    tmp_path: Path, put: Put, workers: int
) -> None:
    with pytest.raises(ConfigError, match="damaged"):
        run(put(a="config"), tmp_path / "store", workers=workers)
    assert len(cs.Archive(tmp_path / "store")) == 0


SCRIPT = """
import sys
import drill
from councilscope.archive import annotate_paths
if __name__ == "__main__":
    said = lambda step: print("done" if step.path else step.phase, flush=True)
    summary = annotate_paths(sys.argv[2:], sys.argv[1], workers=2, batch_size=3, read=drill.read, progress=said)
    sys.exit(summary.exit_code)
"""


def start(tmp_path: Path, store: Path, folder: Path) -> subprocess.Popen[str]:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    paths = os.pathsep.join([str(Path(drill.__file__).parent), *sys.path])
    return subprocess.Popen(
        [sys.executable, str(script), str(store), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,
    )


def wait_for(process: subprocess.Popen[str], times: int) -> None:
    assert process.stdout
    while times:
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        times -= line.strip() == "done"


@pytest.mark.parametrize("after", [1, 3, 4, 9, 17])
def test_kill_9_loses_at_most_the_batch_in_flight_and_the_next_run_completes_the_rows(
    tmp_path: Path, put: Put, after: int
) -> None:
    folder, store = put(**{f"f{i:02}": f"slow 0.0{i:02}" for i in range(20)}), tmp_path / "store"
    process = start(tmp_path, store, folder)
    wait_for(process, after)
    process.kill()
    process.wait()
    for _ in range(50):  # the workers notice that they are orphans
        if not _alive_in_session(process.pid):
            break
        time.sleep(0.2)
    assert not _alive_in_session(process.pid)
    kept = len(cs.Archive(store)) if (store / "documents").is_dir() else 0
    assert kept >= after - 3
    summary = run(folder, store)
    assert summary.read == 20 - kept
    run(folder, tmp_path / "undisturbed")
    same(cs.Archive(store).frames(), cs.Archive(tmp_path / "undisturbed").frames())


def _alive_in_session(session: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir() if Path("/proc/self").exists() else []:
        try:
            state, _, _, its = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
        except (OSError, ValueError):
            continue
        if entry.name.isdigit() and int(its) == session and state not in "ZX":
            found.append(int(entry.name))
    return found


def test_ctrl_c_finishes_what_is_in_flight_and_leaves_a_good_store(tmp_path: Path, put: Put) -> None:
    folder, store = put(**{f"f{i:02}": f"slow 0.1{i:02}" for i in range(30)}), tmp_path / "store"
    process = start(tmp_path, store, folder)
    wait_for(process, 3)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers as well
    _, talk = process.communicate(timeout=60)
    assert process.returncode == 130, talk
    kept = by_status(store)
    assert set(kept.values()) == {"ok"}
    assert 3 <= len(kept) < 30
    assert run(folder, store).read == 30 - len(kept)


def test_a_second_ctrl_c_stops_at_once_and_still_leaves_a_good_store(tmp_path: Path, put: Put) -> None:
    folder, store = put(a="ok a", **{f"b{i}": f"slow 50{i}" for i in range(3)}), tmp_path / "store"
    process = start(tmp_path, store, folder)
    wait_for(process, 1)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, talk = process.communicate(timeout=40)
    assert process.returncode == 130, talk
    assert by_status(store) == {"a": "ok"}

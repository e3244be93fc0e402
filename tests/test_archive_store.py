"""Looking after a store: compact, merge, verify, remove, SQL, another place than a folder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

import councilscope as cs
import drill
from councilscope.archive import annotate_paths, choice, compact, merge, remove, repair, verify
from councilscope.archive.parts import TABLES, to_bytes
from councilscope.errors import ConfigError

Bytes = dict[str, bytes]


def same(one: cs.Archive, other: cs.Archive) -> None:
    for name, frame in one.frames().items():
        pd.testing.assert_frame_equal(frame, other.frames()[name])


def fill(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.pdf").write_text(text)
    return folder


def run(folder: Path, store: Path | str, **options: object) -> cs.Archive:
    annotate_paths([folder], store, workers=0, read=drill.read, **options)  # type: ignore[arg-type]
    return cs.Archive(store)


def content(store: Path) -> Bytes:
    return {str(p.relative_to(store)): p.read_bytes() for p in sorted(store.rglob("part-*"))}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    return fill(tmp_path / "in", **{f"f{i:02}": f"ok {i}" for i in range(12)}, bad="raise")


# ------------------------------------------------------------------------------ compact


def test_the_same_reports_are_compacted_to_the_same_bytes_whatever_they_went_through(
    tmp_path: Path, reports: Path
) -> None:
    plain = run(reports, tmp_path / "a")
    other = run(reports / "f03.pdf", tmp_path / "b", batch_size=1)
    gone = fill(tmp_path / "gone", gone="ok gone")
    run(gone, tmp_path / "b")
    run(reports, tmp_path / "b", batch_size=5, redo=["all"])
    remove(other, choice(["path:gone/*"]))
    before = plain.frames()
    assert compact(plain) == (1, 1)
    assert compact(cs.Archive(tmp_path / "b"))[1] == 1
    assert content(tmp_path / "a") == content(tmp_path / "b")
    for name, frame in cs.Archive(tmp_path / "a").frames().items():
        pd.testing.assert_frame_equal(frame, before[name])
    assert verify(cs.Archive(tmp_path / "b")).problems == []


def test_a_compacted_store_takes_more_reports_and_can_be_compacted_again(
    tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from councilscope.archive import keep

    monkeypatch.setattr(keep, "COMPACTED", 5)
    archive = run(reports, tmp_path / "a")
    compact(archive)
    assert len(archive.parts.held()) == 3
    more = fill(tmp_path / "more", g="ok g")
    both = run(more, tmp_path / "a")
    assert len(both) == 14
    compact(both)
    fresh = run(reports, tmp_path / "fresh")
    same(run(more, tmp_path / "fresh"), cs.Archive(tmp_path / "a"))
    compact(fresh)
    assert content(tmp_path / "a") == content(tmp_path / "fresh")
    kept = content(tmp_path / "a")
    compact(cs.Archive(tmp_path / "a"))
    assert content(tmp_path / "a") == kept


@pytest.mark.parametrize("step", range(6))
def test_compaction_cut_short_anywhere_leaves_the_same_rows(
    tmp_path: Path, reports: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """Cut at the n-th change of the disk: a rename or a removal."""
    from councilscope.archive import keep, place

    monkeypatch.setattr(keep, "COMPACTED", 7)
    store = tmp_path / "a"
    run(reports, store, batch_size=4)
    before = run(reports, store, batch_size=4, redo=["path:f0?.pdf"])
    calls, rename, unlink = iter(range(1000)), place.Folder.rename, place.Folder.remove

    def cut(act: Callable[..., None]) -> Callable[..., None]:
        def acting(self: place.Folder, *names: str) -> None:
            if next(calls) == step * 6:
                raise KeyboardInterrupt
            act(self, *names)

        return acting

    with monkeypatch.context() as patch:
        patch.setattr(place.Folder, "rename", cut(rename))
        patch.setattr(place.Folder, "remove", cut(unlink))
        try:
            compact(cs.Archive(store))
        except KeyboardInterrupt:
            same(cs.Archive(store), run(reports, tmp_path / "b"))
        else:
            assert next(calls) <= step * 6
    compact(cs.Archive(store))
    other = run(reports, tmp_path / "b")
    compact(other)
    assert content(store) == content(tmp_path / "b")
    assert before.place.names(".trying") == []


# ------------------------------------------------------------------------------ merge, remove


def test_merged_stores_hold_each_report_once_with_all_its_paths(tmp_path: Path) -> None:
    north = fill(tmp_path / "north", a="ok a", both="ok both", late="locked x")
    south = fill(tmp_path / "south", b="ok b", copy="ok both", late="locked x")
    one, two = run(north, tmp_path / "one"), run(south, tmp_path / "two", passwords=["x"])
    into = cs.Archive(tmp_path / "all", create=True)
    merged = merge([one, two], into)
    assert (merged.added, merged.over, merged.known) == (4, 1, 1)
    table = cs.Archive(tmp_path / "all").documents
    assert set(table["status"]) == {"ok"}
    paths = {tuple(Path(p).name for p in paths) for paths in table["paths"]}
    assert paths == {("a.pdf",), ("both.pdf", "copy.pdf"), ("late.pdf", "late.pdf"), ("b.pdf",)}
    kept = content(tmp_path / "all")
    merge([one, two], cs.Archive(tmp_path / "all"))
    assert content(tmp_path / "all") == kept
    assert verify(cs.Archive(tmp_path / "all")).problems == []
    with pytest.raises(ConfigError, match="into itself"):
        merge([one], one)


def test_what_is_removed_is_gone_and_read_again_only_when_given_again(tmp_path: Path, reports: Path) -> None:
    archive = run(reports, tmp_path / "a")
    assert remove(archive, choice(["error", "path:f0[01].pdf"])) == 3
    assert len(archive) == 10
    assert set(archive.table("blocks")["doc_id"]) == set(archive.documents["doc_id"])
    assert len(run(reports, tmp_path / "a")) == 13


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("failed", {"bad"}),
        ("error", {"bad"}),
        ("path:f0*.pdf", {"old", "new"}),
        ("all", {"old", "new", "bad"}),
        ("reader", {"old", "bad"}),
        ("reader=1", {"old"}),
        ("tagger=7", {"new"}),
        ("models", {"old"}),
    ],
)
def test_documents_are_chosen_by_status_path_and_what_read_them(word: str, names: set[str]) -> None:
    def model(role: str, version: str) -> dict[str, str]:
        return {"role": role, "name": role, "version": version, "hash": version * 12}

    now = [model("tagger", "7"), model("reader", "2")]
    rows: dict[str, dict[str, object]] = {
        "old": {
            "status": "ok",
            "paths": ["x/f01.pdf"],
            "models": [model("tagger", "6"), model("reader", "1")],
        },
        "new": {"status": "partial", "paths": ["x/f02.pdf"], "models": now},
        "bad": {"status": "error", "paths": ["x/bad.pdf"], "models": []},
    }
    chosen = choice([word], lambda: now)
    assert {name for name, row in rows.items() if chosen(row)} == names


def test_a_word_that_chooses_nothing_is_refused_with_those_there_are(tmp_path: Path, reports: Path) -> None:
    with pytest.raises(ValueError, match=r"'slow' chooses nothing; write failed"):
        run(reports, tmp_path / "a", redo=["slow"])
    assert not (tmp_path / "a").exists()


# ------------------------------------------------------------------------------ verify


def test_a_sound_store_is_found_sound(tmp_path: Path, reports: Path) -> None:
    archive = run(reports, tmp_path / "a", batch_size=5)
    verdict = verify(archive)
    assert (verdict.problems, verdict.left, verdict.documents, verdict.parts) == ([], [], 13, 3)
    assert verdict.rows["blocks"] == archive.documents["n_blocks"].sum()
    (tmp_path / "a" / "spans" / ".part-000009-0123456789ab.parquet.tmp").write_bytes(b"PAR1")
    assert len(verify(archive).left) == 1


def spoil_bytes(part: Path) -> None:
    data = bytearray(part.read_bytes())
    data[120] ^= 0xFF  # in a page of the first column, which has a checksum
    part.write_bytes(data)


def spoil_rows(part: Path) -> None:
    table = pq.read_table(part)
    note = json.loads(table.schema.metadata[b"councilscope"])
    part.write_bytes(to_bytes(table.slice(1).replace_schema_metadata({b"councilscope": json.dumps(note)})))


@pytest.mark.parametrize(
    ("table", "spoil", "said"),
    [
        ("spans", spoil_bytes, "SHA-256"),
        ("blocks", spoil_rows, "SHA-256"),
        ("commentary", Path.unlink, "missing"),
        ("documents", spoil_bytes, "damaged"),
    ],
)
@pytest.mark.parametrize("form", ["batches", "compacted"])
def test_what_is_wrong_is_named_and_repair_and_annotate_mend_it(
    tmp_path: Path, reports: Path, table: str, spoil: Callable[[Path], None], said: str, form: str
) -> None:
    store = tmp_path / "a"
    archive = run(reports, store, batch_size=5)
    if form == "compacted":
        compact(archive)
    sound = archive.frames()
    victim = sorted((store / table).glob("part-*"))[0]
    spoil(victim)
    verdict = verify(cs.Archive(store))
    assert [p.path for p in verdict.problems] == [str(victim)]
    assert said in str(verdict.problems[0])
    repair(cs.Archive(store), verdict)
    assert verify(cs.Archive(store)).problems == []
    for name, frame in run(reports, store).frames().items():
        pd.testing.assert_frame_equal(frame, sound[name])


def test_rows_without_their_parent_and_keys_that_come_twice_are_found(tmp_path: Path) -> None:
    """As a store of the first layout, whose parts have no hashes yet: it is read, and verified by what is in it."""
    store = tmp_path / "a"
    cs.Archive(store, create=True).write([drill.report("a", "e" * 64)])
    part = next((store / "commentary").iterdir())
    table = pq.read_table(part)
    assert len(table) > 1
    part.write_bytes(to_bytes(table.take([0] * len(table)).replace_schema_metadata(table.schema.metadata)))
    documents = next((store / "documents").iterdir())
    data = pq.read_table(documents)
    note = json.loads(data.schema.metadata[b"councilscope"])
    rows = note.pop("parts")[documents.name]["rows"]
    old = json.dumps(note | {"store_version": 1, "rows": rows}).encode()
    documents.write_bytes(to_bytes(data.replace_schema_metadata({b"councilscope": old})))
    said = [str(p) for p in verify(cs.Archive(store)).problems]
    assert any("have a key" in s and "commentary" in s for s in said)
    assert any("have no row in commentary" in s and "spans" in s for s in said)


# ------------------------------------------------------------------------------ SQL


@pytest.mark.parametrize("form", ["batches", "read again", "compacted"])
def test_sql_sees_the_rows_that_the_frames_have(tmp_path: Path, reports: Path, form: str) -> None:
    archive = run(reports, tmp_path / "a", batch_size=5)
    if form == "read again":
        archive = run(reports, tmp_path / "a", redo=["path:f0?.pdf"], batch_size=3)
    if form == "compacted":
        compact(archive)
    for table, frame in archive.frames().items():
        assert archive.sql(f"select count(*) as n from {table}")["n"][0] == len(frame)
        assert archive.sql(f"select * from {table} limit 1").columns.tolist() == frame.columns.tolist()
    found = archive.sql("select s.text from spans s join documents d using (doc_id) where d.status = 'ok'")
    assert sorted(found["text"]) == sorted(archive.table("spans")["text"])


@pytest.mark.parametrize(
    "query",
    [
        "select * from read_text('/etc/hostname')",
        "select * from read_parquet('{store}/spans/*.parquet')",
        "copy documents to '{store}/x.csv'",
        "explain analyze copy documents to '{store}/x.csv'",
        "drop view spans",
        "set enable_external_access=true",
        "attach '{store}/x.db'",
        "select 1; select 2",
    ],
)
def test_sql_reaches_nothing_but_the_tables(tmp_path: Path, reports: Path, query: str) -> None:
    archive = run(reports, tmp_path / "a")
    before = content(tmp_path / "a")
    with pytest.raises(ValueError, match=r"only"):
        archive.sql(query.format(store=tmp_path / "a"))
    assert content(tmp_path / "a") == before
    assert not (tmp_path / "a" / "x.csv").exists()


def test_a_wrong_query_is_answered_with_what_there_is(tmp_path: Path, reports: Path) -> None:
    archive = run(reports, tmp_path / "a")
    with pytest.raises(ValueError, match=r"(?s)blokcs.*The tables are documents, blocks"):
        archive.sql("select * from blokcs")
    with pytest.raises(ValueError, match="titel"):
        archive.sql("select titel from blocks")


# ------------------------------------------------------------------------------ kill -9, other places

SCRIPT = """
import sys
from councilscope.archive import Archive, compact
archive = Archive(sys.argv[1])
print("go", flush=True)
compact(archive)
"""


def test_kill_9_while_compacting_leaves_the_same_rows(tmp_path: Path, reports: Path) -> None:
    store = tmp_path / "a"
    before = run(reports, store, batch_size=1).frames()
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(store)], stdout=subprocess.PIPE, text=True, env=os.environ.copy()
    )
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    for name, frame in cs.Archive(store).frames().items():
        pd.testing.assert_frame_equal(frame, before[name])


def test_a_store_at_an_address_is_as_one_in_a_folder(tmp_path: Path, reports: Path) -> None:
    fsspec = pytest.importorskip("fsspec")
    system = fsspec.filesystem("memory")
    for file in reports.iterdir():
        system.pipe_file(f"/reports/{file.name}", file.read_bytes())
    far = "memory://archive"
    summary = annotate_paths(["memory://reports"], far, workers=0, read=drill.read, batch_size=5)
    assert (summary.statuses, summary.read) == ({"ok": 12, "error": 1}, 13)
    assert annotate_paths(["memory://reports/*"], far, workers=0, read=drill.read).read == 0
    near, archive = run(reports, tmp_path / "a"), cs.Archive(far)
    for name in set(TABLES) - {"documents"}:
        pd.testing.assert_frame_equal(near.table(name), archive.table(name))
    assert archive.documents["paths"].str[0].str.startswith("memory://").all()
    assert archive.sql("select count(*) as n from spans")["n"][0] == len(near.table("spans"))
    assert compact(archive)[1] == 1
    assert verify(cs.Archive(far)).problems == []
    merge([cs.Archive(far)], near)
    assert all(len(paths) == 2 for paths in near.documents["paths"])
    with pytest.raises(ConfigError, match="no such archive"):
        cs.Archive("memory://nowhere")
    summary = annotate_paths(["memory://reports/none.pdf"], far, workers=0, read=drill.read)
    assert "no report at this address" in summary.failures[0][2]

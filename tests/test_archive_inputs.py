"""What can be given to `annotate`: patterns, lists, zip archives, a CSV file of what is known; limits on each report."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from pathlib import Path

import pytest

import councilscope as cs
import drill
from councilscope.archive import Summary, annotate_paths
from councilscope.archive.inputs import expand, look
from councilscope.errors import ConfigError


def run(paths: list[object], store: Path, workers: int = 0, **options: object) -> Summary:
    return annotate_paths(paths, store, workers=workers, read=drill.read, **options)  # type: ignore[arg-type]


def rows(store: Path) -> dict[str, dict[str, object]]:
    table = cs.Archive(store).documents.set_index("doc_id")
    return {Path(row["paths"][0]).stem: dict(row) for _, row in table.iterrows()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("2019/a.pdf", "2019/deep/b.pdf", "2020/c.pdf", "2020/[d].pdf"):
        file = tmp_path / "in" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"ok {name}")
    return tmp_path / "in"


def packed(path: Path, **members: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


# ------------------------------------------------------------------------------ patterns and lists


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("2019/*.pdf", "a"),
        ("2019/**/*.pdf", "ab"),
        ("**/*.pdf", "[abcd]"),
        ("20??", "[abcd]"),
        ("2020/[d].pdf", "[d]"),
    ],
)
def test_a_quoted_pattern_means_all_it_matches_and_a_file_of_that_name_itself(
    folder: Path, pattern: str, names: str
) -> None:
    found = [Path(p).stem for p in expand([f"{folder}/{pattern}"])]
    assert sorted("".join(found)) == sorted(names)


def test_lists_come_from_files_and_standard_input(folder: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text(f"{folder}/2019/a.pdf\n\n{folder}/2020/c.pdf\n")
    stdin = io.StringIO(f"{folder}/2019\0{folder}/2020/c.pdf\0")
    assert [Path(p).stem for p in expand([f"@{listed}", "-"], stdin)] == ["a", "c", "b"]
    with pytest.raises(ConfigError, match=r"nowhere\.txt: the list of paths cannot be read"):
        list(expand(["@nowhere.txt"]))


def test_a_mistyped_path_is_named_with_the_one_that_may_be_meant(folder: Path) -> None:
    said = [
        look(path).reason or "" for path in expand([f"{folder}/2018", f"{folder}/x/y.pdf", f"{folder}/*.doc"])
    ]
    assert f"did you mean {folder}/20" in said[0]
    assert f"nor a folder {folder}/x" in said[1]
    assert "no file matches this pattern" in said[2]


# ------------------------------------------------------------------------------ zip archives


def test_reports_in_a_zip_archive_are_read_under_its_name(tmp_path: Path) -> None:
    pack = packed(
        tmp_path / "in.zip", **{"a.pdf": "ok a", "q1/b.pdf": "part", "notes.txt": "x", "__MACOSX/a.pdf": "x"}
    )
    summary = run([pack], tmp_path / "store", workers=1)
    assert summary.statuses == {"ok": 1, "partial": 1}
    found = rows(tmp_path / "store")
    assert list(found["a"]["paths"]) == [f"{pack}!/a.pdf"]  # type: ignore[call-overload]
    assert f"{pack}!/q1/b.pdf" in str(found["b"]["reason"])
    assert run([tmp_path], tmp_path / "store").read == 0  # found in the folder as well
    (tmp_path / "a.pdf").write_text("ok a")
    assert run([tmp_path / "a.pdf"], tmp_path / "store").read == 0
    assert run([f"{pack}!/q1/b.pdf", f"{pack}!/none.pdf"], tmp_path / "store").statuses == {
        "partial": 1,
        "error": 1,
    }


def test_bombs_tricks_and_locks_in_a_zip_archive_cost_only_themselves(tmp_path: Path) -> None:
    pack = tmp_path / "in.zip"
    with zipfile.ZipFile(pack, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("good.pdf", "ok good")
        file.writestr("bomb.pdf", b"\0" * (3 << 20))
        file.writestr("stored.pdf", bytes(range(256)) * 400, zipfile.ZIP_STORED)
        file.writestr("../out.pdf", "ok out")
        file.writestr("/abs.pdf", "ok abs")
        file.writestr("nested.zip", "PK")
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("locked.pdf", "ok locked")
    data = bytearray(pack.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # the bit that says: encrypted
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            if data[at : at + 80].find(b"locked.pdf") > 0 and data[at : at + 80].find(b"locked.pdf") < 60:
                data[at + flags] |= 1
    pack.write_bytes(data)
    summary = run([pack], tmp_path / "store")
    found = {Path(p).name: (s, r) for p, s, r in summary.failures if s != "error"}
    assert {name: s for name, (s, _) in found.items()} == {
        "bomb.pdf": "unsupported",
        "out.pdf": "unsupported",
        "abs.pdf": "unsupported",
        "nested.zip": "unsupported",
        "link.pdf": "unsupported",
        "locked.pdf": "encrypted",
    }
    assert "bomb" in found["bomb.pdf"][1] and "leads out" in found["out.pdf"][1]
    assert summary.statuses["ok"] == 1
    assert not (tmp_path / "out.pdf").exists()


def test_a_bomb_in_a_zip_archive_of_small_reports_is_refused_alone(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {"good.pdf": "ok good", "bomb.pdf": b"\0" * (16 << 20)}
    pack = packed(tmp_path / "in.zip", **members)
    summary = run([pack], tmp_path / "store")
    assert summary.statuses == {"ok": 1, "unsupported": 1}
    assert [(Path(p).name, "bomb" in reason) for p, _, reason in summary.failures] == [("bomb.pdf", True)]


def test_a_member_that_is_larger_than_its_zip_archive_says_is_read_no_further(tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {"good.pdf": "ok good", "liar.pdf": b"\0" * (16 << 20)}
    pack = packed(tmp_path / "in.zip", **members)
    data = bytearray(pack.read_bytes())
    at = data.rfind(b"PK\x01\x02")  # the last entry of the directory: the liar's
    data[at + 24 : at + 28] = (100_000).to_bytes(4, "little")
    pack.write_bytes(data)
    summary = run([pack], tmp_path / "store")
    assert summary.statuses == {"ok": 1, "damaged": 1}


def test_a_zip_archive_that_is_a_bomb_as_a_whole_or_damaged_or_empty_is_named(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "bomb.zip", **{f"{i}.pdf": b"\0" * (1 << 20) for i in range(4)})
    damaged = tmp_path / "damaged.zip"
    damaged.write_bytes(b"PK\x03\x04 nothing")
    empty = packed(tmp_path / "none.zip", **{"a.txt": "x"})
    torn = packed(tmp_path / "torn.zip", **{"a.pdf": "ok " + "torn" * 50})
    data = bytearray(torn.read_bytes())
    data[38] ^= 0xFF
    torn.write_bytes(data)
    summary = run([bomb, damaged, empty, torn], tmp_path / "store")
    said = {Path(path).name: (status, reason) for path, status, reason in summary.failures}
    assert {name: s for name, (s, _) in said.items()} == {
        "bomb.zip": "unsupported",
        "damaged.zip": "damaged",
        "none.zip": "unsupported",
        "a.pdf": "damaged",
    }
    assert "bomb" in said["bomb.zip"][1]


# ------------------------------------------------------------------------------ what is given


def test_what_is_given_counts_before_what_is_read_and_stays(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "known.csv"
    table.write_text(
        "path,council,period\n"
        "in/2019/a.pdf,Leeds,2019/20 Q3\n"
        f"{folder}/2019/deep/b.pdf,e06000014,\n"
        "in/2020/c.pdf,Atlantis,2020/21\n"
        "in/2020/[d].pdf,,last year\n"
    )
    store = tmp_path / "store"
    summary = run([], store, given=table)
    found = rows(store)
    assert found["a"]["council_name"] == "Leeds City Council"
    assert found["a"]["period_financial_year"] == "2019/20" and found["a"]["period_quarter"] == 3
    assert found["a"]["period_evidence"] == f"given: {table}, line 2"
    assert found["b"]["council_name"] == "City of York Council" and found["b"]["council_gss"] == "E06000014"
    assert set(found) == {"a", "b"}
    reasons = [reason for _, _, reason in summary.failures]
    assert any("line 4: no council has the name or code 'Atlantis'" in r for r in reasons)
    assert any("line 5: the period 'last year' is not known" in r for r in reasons)
    assert (summary.exit_code, summary.inputs) == (3, 4)
    table.write_text("path,council,period\nin/2019/a.pdf,Leeds,2019/20 Q4\n")
    assert run([], store, given=table).read == 0
    assert rows(store)["a"]["period_quarter"] == 4
    assert run([folder], store, redo=["all"]).read == 4
    assert rows(store)["a"]["period_quarter"] == 4


@pytest.mark.parametrize(
    ("council", "period", "name", "code"),
    [
        ("Somerset", "2023/24", "Somerset Council", "E06000066"),
        ("Somerset County Council", "2019/20", "Somerset County Council", "E10000027"),
        ("Northumberland", "2019/20", "Northumberland County Council", "E06000057"),
    ],
)
def test_the_council_given_is_the_one_of_that_time(
    folder: Path, tmp_path: Path, council: str, period: str, name: str, code: str
) -> None:
    table = tmp_path / "known.csv"
    table.write_text(f"path,council,period\nin/2019/a.pdf,{council},{period}\n")
    run([], tmp_path / "store", given=table)
    row = rows(tmp_path / "store")["a"]
    assert (row["council_name"], row["council_gss"]) == (name, code)


def test_a_file_that_is_no_table_of_paths_is_refused(folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "known.csv"
    table.write_text("file;council\n")
    with pytest.raises(ConfigError, match="no column path"):
        run([], tmp_path / "store", given=table)
    table.write_bytes(b"path\n\xff\xfe\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        run([], tmp_path / "store", given=table)


# ------------------------------------------------------------------------------ limits, reading again


@pytest.mark.parametrize("workers", [0, 1])
def test_a_report_with_too_many_pages_is_not_read(folder: Path, tmp_path: Path, workers: int) -> None:
    (folder / "2019" / "a.pdf").write_text("pages 12")
    summary = run([folder], tmp_path / "store", workers, max_pages=11)
    assert summary.statuses == {"ok": 3, "unsupported": 1}
    assert "12 pages, more than 11; raise --max-pages" in summary.failures[0][2]
    again = run([folder], tmp_path / "store", workers, max_pages=12, redo=["unsupported"])
    assert (again.read, again.statuses) == (1, {"ok": 4})


def test_every_row_says_which_version_of_the_program_read_it(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from councilscope import annotate
    from councilscope.records import ModelInfo

    monkeypatch.setattr(annotate, "read", drill.read)
    monkeypatch.setattr(annotate, "models", lambda own: {})
    (folder / "bad.pdf").write_text("raise")
    store = tmp_path / "store"
    assert run([folder], store).read == 5
    assert {json.dumps(m[0]["version"]) for m in cs.Archive(store).documents["models"]} == {
        f'"{cs.__version__}"'
    }
    assert run([folder], store, redo=["reader"]).read == 0
    newer = ModelInfo(name="councilscope", version="99", hash="x")
    monkeypatch.setattr(annotate, "reader", lambda: newer)
    assert run([folder], store).read == 0
    assert run([folder], store, redo=["reader=0"]).read == 0
    assert run([folder], store, redo=["reader"]).read == 5
    assert run([folder], store, redo=["reader=99", "path:nothing"]).read == 5


def test_the_hash_of_the_reader_covers_every_module_that_reads() -> None:
    from councilscope.annotate import READERS
    from test_import_order import ORDER

    assert set(READERS) == {*ORDER[: ORDER.index("annotate") + 1], "data"}

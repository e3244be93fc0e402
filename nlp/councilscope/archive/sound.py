"""Is a store sound? Each file is read and compared with its hash and count, and each row has its parent."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from councilscope.archive.parts import DATA, PART, TABLES
from councilscope.archive.place import TEMPORARY
from councilscope.archive.schema import SCHEMAS, check, conform, only
from councilscope.archive.store import Archive, Entry
from councilscope.errors import ConfigError

KEYS = {
    "blocks": ["doc_id", "block_id"],
    "outturns": ["doc_id", "block_id", "outturn_index"],
    "commentary": ["doc_id", "block_id", "commentary_index"],
    "spans": ["doc_id", "block_id", "commentary_index", "span_index"],
    "relations": ["doc_id", "block_id", "commentary_index", "label", "head", "tail"],
    "themes": ["doc_id", "block_id", "commentary_index", "id"],
}
PARENTS = (
    ("blocks", "documents", ["doc_id"]),
    ("outturns", "blocks", ["doc_id", "block_id"]),
    ("commentary", "blocks", ["doc_id", "block_id"]),
    ("spans", "commentary", ["doc_id", "block_id", "commentary_index"]),
    ("relations", "commentary", ["doc_id", "block_id", "commentary_index"]),
    ("themes", "commentary", ["doc_id", "block_id", "commentary_index"]),
)
COUNTED = {"n_blocks": "blocks", "n_commentary": "commentary", "n_spans": "spans"}


@dataclass(frozen=True)
class Problem:
    """What is wrong with a file of the store, and what to do; `part` names the part whose documents it concerns."""

    path: str
    what: str
    remedy: str
    part: str | None = None

    def __str__(self) -> str:
        return f"{self.path}: {self.what}; {self.remedy}"


@dataclass
class Verdict:
    """What `verify` found. `left` are files that no committed part has: they do no harm, and go at the next run."""

    parts: int = 0
    documents: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def verify(archive: Archive, told: Callable[[int, int], None] = lambda done, total: None) -> Verdict:
    """Read everything: versions, hashes, numbers of rows, keys that come twice, rows without their parent.

    Nothing is changed. A file of `documents` that cannot be read is a problem like any other.
    """
    verdict = Verdict(rows=dict.fromkeys(DATA, 0))
    if not _documents(archive, verdict):
        return verdict
    live, held = archive.parts.live(), archive.parts.held()
    rows = {row["doc_id"]: row for row in archive.parts.documents().select(["doc_id", *COUNTED]).to_pylist()}
    verdict.documents = len(rows)
    for done, (part, ids) in enumerate(live.items()):  # what no document has any more does no harm
        told(done, len(live))
        verdict.parts += 1
        tables, found = _read(archive, part, held[part])
        verdict.problems += found
        if found:
            continue
        now = {t: only(data, ids) for t, data in tables.items()}
        for table, data in now.items():
            verdict.rows[table] += len(data)
        say = _speaker(archive, part)
        verdict.problems += [say(*p) for p in (*_strays(now, ids), *_miscounted(now, [rows[i] for i in ids]))]
    verdict.left = _left(archive, set(held))
    told(len(live), len(live))
    return verdict


def repair(archive: Archive, verdict: Verdict) -> int:
    """Take the documents of damaged parts out, so that the next `annotate` reads them anew; gives their number.

    A damaged file of `documents` is removed, and all that it alone names with it. What is sound stays.
    """
    names = {p.path: p.part for p in verdict.problems}
    for name in archive.place.names("documents"):
        if PART.fullmatch(name) and archive.place.show("documents", name) in names:
            archive.place.remove("documents", name)
    again = Archive(str(archive.path))
    bad = {p.part for p in verdict.problems if p.part}
    with again.writing():
        rows = [r for r in again.parts.documents().to_pylist() if r["batch"] in bad]
        again.commit([Entry({k: v for k, v in r.items() if k != "batch"}, withdrawn=True) for r in rows])
    return len(rows)


def _documents(archive: Archive, verdict: Verdict) -> bool:
    sound = True
    for name in archive.place.names("documents"):
        if PART.fullmatch(name):
            try:
                archive.parts.note(name)
            except ConfigError as error:
                path = archive.place.show("documents", name)
                what, _, remedy = str(error).removeprefix(f"{path}: ").partition("; ")
                verdict.problems.append(Problem(path, what, remedy))
                sound = False
    return sound


def _speaker(archive: Archive, part: str) -> Callable[[str, str], Problem]:
    return lambda table, what: Problem(
        archive.place.show(table, part),
        what,
        archive.parts.remedy(table, part) if table != "documents" else archive.parts.remedy("blocks", part),
        part,
    )


def _read(archive: Archive, part: str, facts: dict[str, Any]) -> tuple[dict[str, pa.Table], list[Problem]]:
    """The data tables of one part, and what is wrong with their files."""
    say = _speaker(archive, part)
    tables: dict[str, pa.Table] = {}
    found: list[Problem] = []
    for table in DATA:
        expected = facts["rows"].get(table, 0)
        if not expected:
            tables[table] = SCHEMAS[table].empty_table()
            continue
        try:
            content = archive.place.read(table, part)
        except FileNotFoundError:
            found.append(say(table, "a file of the store is missing"))
            continue
        digest = facts["sha256"].get(table)
        if digest and hashlib.sha256(content).hexdigest() != digest:
            found.append(say(table, "the file is not the one that was written (its SHA-256 differs)"))
            continue
        try:
            file = pq.ParquetFile(BytesIO(content))
            check(file.schema_arrow.metadata, archive.place.show(table, part))
            data = conform(file.read(), SCHEMAS[table])
        except ConfigError as error:
            found.append(say(table, str(error).partition(": ")[2].partition(";")[0]))
            continue
        except (pa.ArrowException, OSError, ValueError) as error:
            found.append(say(table, f"the file is damaged ({str(error).splitlines()[0]})"))
            continue
        if len(data) != expected:
            found.append(say(table, f"the file has {len(data):,} rows, and {expected:,} were written"))
        tables[table] = data
    return tables, found


def _strays(tables: dict[str, pa.Table], ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Keys that come twice, rows without parent, relations that point beside the spans."""
    parents = {**tables, "documents": pa.table({"doc_id": pa.array(ids, pa.string())})}
    for table, keys in KEYS.items():
        twice = len(tables[table]) - len(tables[table].select(keys).group_by(keys).aggregate([]))
        if twice:
            yield table, f"{twice:,} rows have a key ({', '.join(keys)}) that another row has"
    for table, parent, keys in PARENTS:
        lost = _without(tables[table].select(keys), parents[parent].select(keys), keys)
        if lost:
            yield table, f"{lost:,} rows have no row in {parent}"
    at = ["doc_id", "block_id", "commentary_index"]
    spans = tables["spans"].select([*at, "span_index"])
    for end in ("head", "tail"):
        given = tables["relations"].select([*at, end]).rename_columns([*at, "span_index"])
        if lost := _without(given, spans, [*at, "span_index"]):
            yield "relations", f"{lost:,} rows name a span as {end} that is not there"


def _without(data: pa.Table, parent: pa.Table, keys: list[str]) -> int:
    return len(data.join(parent.group_by(keys).aggregate([]), keys, join_type="left anti"))


def _miscounted(tables: dict[str, pa.Table], rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for column, table in COUNTED.items():
        found = dict(zip(*(c.to_pylist() for c in _counts(tables[table])), strict=True))
        wrong = [r["doc_id"] for r in rows if (r[column] or 0) != found.get(r["doc_id"], 0)]
        if wrong:
            yield table, f"{len(wrong):,} documents have another number of rows than their {column} says"


def _counts(data: pa.Table) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    counted = data.group_by("doc_id").aggregate([([], "count_all")])
    return counted["doc_id"], pc.cast(counted["count_all"], pa.int64())


def _left(archive: Archive, held: set[str]) -> list[str]:
    names = archive.parts.names()
    return [
        archive.place.show(table, name)
        for table in TABLES
        for name in archive.place.names(table)
        if TEMPORARY.fullmatch(name)
        or (PART.fullmatch(name) and name not in (names if table == "documents" else held))
    ]

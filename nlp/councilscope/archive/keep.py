"""Looking after a store: take documents out, join stores, write one anew in its plainest form."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from councilscope.archive.choose import Choice
from councilscope.archive.parts import DATA, number_of, to_bytes
from councilscope.archive.schema import DOCUMENTS, stamp
from councilscope.archive.store import Archive, Entry, part_facts
from councilscope.errors import ConfigError
from councilscope.frames import COLUMNS

READ = ("ok", "partial")
MERGED = 1024  # documents that are copied together
COMPACTED = 4096  # documents of a compacted part


@dataclass
class Merged:
    """What became of the documents of merged stores: `added`, taken `over` one that had failed, `known` already."""

    added: int = 0
    over: int = 0
    known: int = 0


def remove(archive: Archive, choice: Choice) -> int:
    """Take the documents that are chosen out of the archive; gives their number."""
    with archive.writing():
        rows = [
            row
            for row in archive.parts.documents().select(list(COLUMNS["documents"])).to_pylist()
            if choice(row)
        ]
        archive.commit([Entry(row, withdrawn=True) for row in rows])
    return len(rows)


def merge(sources: Sequence[Archive], into: Archive) -> Merged:
    """Copy what the stores hold into another one, which may hold documents already.

    A content that is in several stands once, with all its paths. A reading counts before a failure, else what
    is there already, or comes first. Cut short, it can be run again.
    """
    if any(str(source.path) == str(into.path) for source in sources):
        raise ConfigError(
            f"{into.path}: an archive cannot be merged into itself; name another place for --into"
        )
    merged = Merged()
    with into.writing():
        for source in sources:
            known = into.known(tuple(COLUMNS["documents"]))
            fresh: list[dict[str, Any]] = []
            moved: list[Entry] = []
            for doc_id, row in source.known(tuple(COLUMNS["documents"])).items():
                old = known.get(doc_id)
                row["paths"] = sorted({*row["paths"], *(old["paths"] if old else ())})
                if old is None or (old["status"] not in READ and row["status"] in READ):
                    fresh.append(row | {"batch": ""})
                    merged.added += old is None
                    merged.over += old is not None
                    continue
                merged.known += 1
                if old["paths"] != row["paths"]:
                    batch = old.pop("batch")
                    moved.append(Entry(old | {"paths": row["paths"]}, batch=batch))
            into.commit(moved)
            for rows in _pieces(fresh, MERGED):
                ids = [row["doc_id"] for row in rows]
                into.put(rows, {t: source.arrow(t, doc_ids=ids) for t in DATA})
    return merged


def compact(archive: Archive, told: Callable[[int, int], None] = lambda done, total: None) -> tuple[int, int]:
    """Write a store anew: no row that counts no more, few large parts, the same bytes for the same content.

    The new parts are written beside the old ones; the file of `documents` that names them is the commit, and only
    then the old ones go. Gives the number of parts before and after. Memory: the rows of 4,096 documents.
    """
    with archive.writing():
        before = len(archive.parts.held())
        documents = archive.parts.documents()
        ids = documents["doc_id"].to_pylist()
        if _is_compact(archive, ids):
            return before, before
        batches: list[str] = []
        parts: dict[str, dict[str, Any]] = {}
        for chunk in _pieces(ids, COMPACTED):
            told(len(batches), len(ids))
            data = {t: archive.arrow(t, doc_ids=chunk) for t in DATA}
            payload = {t: to_bytes(stamp(d)) for t, d in data.items() if len(d)}
            digest = hashlib.sha256(b"".join([*payload.values(), "".join(chunk).encode()])).hexdigest()
            name = f"part-000000-{digest[:12]}.parquet"
            archive.place.put([(t, name, content) for t, content in payload.items()])
            parts[name] = part_facts(
                payload, {t: len(d) for t, d in data.items()} | {"documents": len(chunk)}
            )
            batches += [name] * len(chunk)
        _commit(archive, documents, batches, parts)
        archive.parts.clean()
        told(len(ids), len(ids))
        return before, len(parts)


def _commit(
    archive: Archive, documents: pa.Table, batches: list[str], parts: Mapping[str, Mapping[str, Any]]
) -> None:
    at = DOCUMENTS.get_field_index("batch")
    data = documents.set_column(at, DOCUMENTS.field(at), pa.array(batches, pa.string()))
    base = to_bytes(stamp(data, parts=parts, base=True))
    name = f"part-{archive.parts.next_number():06d}-{hashlib.sha256(base).hexdigest()[:12]}.parquet"
    archive.place.put([("documents", name, base)])


def _is_compact(archive: Archive, ids: Sequence[str]) -> bool:
    names = archive.parts.names()
    rows = [facts["rows"]["documents"] for facts in archive.parts.held().values()]
    note = archive.parts.note(names[0]) if names else {}
    return bool(len(names) == 1 and note.get("base") and not number_of(names[0])) and sum(rows) == len(ids)


def _pieces(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    listed = list(items)
    for i in range(0, len(listed), size):
        yield listed[i : i + size]

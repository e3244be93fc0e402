"""Which part files of a store count, and what is in them: all that is read from disk goes through here.

A batch is one part file a table, all of one name, and its file in `documents/` is the commit. Its metadata
(`note`) say how many rows each table has and their SHA-256. A compacted store has one file in `documents/` for all
its parts, marked as `base`: parts with a lower number count no more, whether they are still there or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from councilscope.archive.place import TEMPORARY, Bucket, Folder
from councilscope.archive.schema import DOCUMENTS, check, conform, only
from councilscope.errors import ConfigError
from councilscope.frames import COLUMNS

PART = re.compile(r"part-(\d{6,})-[0-9a-f]{12}\.parquet")
TABLES = tuple(COLUMNS)
DATA = tuple(t for t in TABLES if t != "documents")
ROW_GROUP = 1 << 17


def number_of(name: str) -> int:
    """The number of a part; a later one counts before an earlier one."""
    found = PART.fullmatch(name)
    assert found
    return int(found[1])


class Parts:
    """The committed parts of a store. A part never changes, so each file of `documents` is read once."""

    def __init__(self, where: Folder | Bucket) -> None:
        self.place = where
        self._read: dict[str, tuple[pa.Table, dict[str, Any]]] = {}
        self._latest: tuple[list[str], pa.Table] | None = None

    def names(self) -> list[str]:
        """Files of `documents` that count, oldest first: the last base, and what was written after it."""
        found = [n for n in self.place.names("documents") if PART.fullmatch(n)]
        found.sort(key=lambda n: (number_of(n), n))
        for i in range(len(found) - 1, 0, -1):
            if self.note(found[i]).get("base"):
                return [n for n in found[i:] if n == found[i] or number_of(n) > number_of(found[i])]
        return found

    def documents(self) -> pa.Table:
        """The row that counts (the latest) of each document that was not withdrawn, by `doc_id`."""
        names = self.names()
        if self._latest is None or self._latest[0] != names:
            data = pa.concat_tables([DOCUMENTS.empty_table(), *(self._part(name)[0] for name in names)])
            last = {doc_id: i for i, doc_id in enumerate(data["doc_id"].to_pylist())}
            data = data.take(pa.array([last[doc_id] for doc_id in sorted(last)], pa.int64()))
            held = pa.array(
                sorted(self.held()), pa.string()
            )  # a part that was taken out takes its rows along
            self._latest = names, data.filter(pc.is_in(data["batch"], value_set=held))
        return self._latest[1]

    def live(self) -> dict[str, list[str]]:
        """The documents whose rows each part holds, by part."""
        live: dict[str, list[str]] = {}
        for row in self.documents().select(["doc_id", "batch"]).to_pylist():
            live.setdefault(row["batch"], []).append(row["doc_id"])
        return dict(sorted(live.items()))

    def held(self) -> dict[str, dict[str, Any]]:
        """What the notes say of each committed part: `rows` and `sha256` by table."""
        return {
            part: facts for name in self.names() for part, facts in _parts_of(name, self.note(name)).items()
        }

    def note(self, name: str) -> dict[str, Any]:
        return self._part(name)[1]

    def rows(
        self, part: str, table: str, doc_ids: Sequence[str], schema: pa.Schema, facts: Mapping[str, Any]
    ) -> pa.Table:
        """The rows of these documents in one part, with the schema's columns."""
        if not facts["rows"].get(table):
            return schema.empty_table()
        data = conform(self.load(table, part, schema.names)[0], schema)
        return data if len(doc_ids) == facts["rows"].get("documents") else only(data, doc_ids)

    def load(
        self, table: str, name: str, columns: Sequence[str] | None = None
    ) -> tuple[pa.Table, dict[str, Any]]:
        """A file of the store and its note. ConfigError, with what to do, where it is missing or damaged."""
        shown = self.place.show(table, name)
        try:
            source = self.place.source(table, name)
            file = pq.ParquetFile(source, page_checksum_verification=table == "documents")
            note = check(file.schema_arrow.metadata, shown)
            held = None if columns is None else [c for c in columns if c in file.schema_arrow.names]
            return file.read(columns=held), note
        except (
            pa.ArrowException,
            OSError,
            ValueError,
        ) as error:  # ValueError: text in the footer is no UTF-8
            missing = isinstance(error, FileNotFoundError)
            what = "is missing" if missing else f"is damaged ({_line(error)})"
            raise ConfigError(f"{shown}: a file of the store {what}; {self.remedy(table, name)}") from error

    def remedy(self, table: str, name: str) -> str:
        """What to do about a file that cannot be used."""
        if table == "documents":
            return f"remove {self.place.show(table, name)} and run the same annotate again: only the reports of that part are read anew"
        return (
            f"run: councilscope store verify {self.place} --repair, and then the same annotate again: "
            "only the reports of that part are read anew"
        )

    def clean(self) -> None:
        """Remove temporary files, parts that were never committed and those that count no more."""
        names, held = self.names(), self.held()
        for table in TABLES:
            keep = names if table == "documents" else held
            for name in self.place.names(table):
                if TEMPORARY.fullmatch(name) or (PART.fullmatch(name) and name not in keep):
                    self.place.remove(table, name)
        if names and self.note(names[0]).get("base") and number_of(names[0]):
            self.place.rename(
                "documents", names[0], f"part-000000-{names[0].partition('-')[2].partition('-')[2]}"
            )

    def next_number(self) -> int:
        found = [number_of(n) for n in self.place.names("documents") if PART.fullmatch(n)]
        return max(found, default=0) + 1

    def _part(self, name: str) -> tuple[pa.Table, dict[str, Any]]:
        if name not in self._read:
            data, note = self.load("documents", name)
            self._read[name] = conform(data, DOCUMENTS), note
        return self._read[name]


def _parts_of(name: str, note: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = note.get("parts") or {
        name: {"rows": note.get("rows", {}), "sha256": {}}
    }
    return found


def to_bytes(data: pa.Table) -> bytes:
    """A table as a Parquet file; equal tables give equal bytes."""
    sink = BytesIO()
    pq.write_table(
        data.combine_chunks(), sink, compression="zstd", write_page_checksum=True, row_group_size=ROW_GROUP
    )
    return sink.getvalue()


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")

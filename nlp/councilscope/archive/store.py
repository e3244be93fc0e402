"""The store: `PLACE/<table>/part-<number>-<hash>.parquet`, batch by batch, whole or not at all.

A batch is one part file a table, all of one name. They are written under temporary names, synced to disk and
renamed, `documents` last: that rename is the commit. Readers take the names from `documents/` and ignore all
others; what an interrupted batch left behind goes when the store is next opened for writing. A document that
was read again stands in two parts; the later one counts. There is no other ledger.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from councilscope.archive.parts import DATA, TABLES, Parts, to_bytes
from councilscope.archive.place import Folder, place
from councilscope.archive.schema import DOCUMENTS, SCHEMAS, only, stamp, to_arrow
from councilscope.errors import ConfigError
from councilscope.frames import COLUMNS, to_rows, typed
from councilscope.records import Report

if TYPE_CHECKING:
    import pandas as pd

    from councilscope.analysis import ThemeReport


@dataclass
class Entry:
    """One document of a batch: its row of `documents` and its rows of the other tables.

    `batch` names the part that already holds the rows (where only the document's row changes);
    `withdrawn` takes the document out of the archive; `stored`: it was written already, by another machine.
    """

    row: dict[str, Any]
    tables: dict[str, pa.Table] = field(default_factory=dict)
    batch: str | None = None
    withdrawn: bool = False
    stored: bool = False


class Archive:
    """A folder of annotated reports as tidy tables, on this machine or at an address that fsspec knows.

    `table("spans")` and `frames()` give pandas frames, `documents` lists what was read and what could not be,
    `themes(by=…)` the theme report, `sql(query)` what DuckDB answers. Rows are in the order of `doc_id`, then in reading order, whatever the
    order in which the documents came in.

    ConfigError where the folder is no archive, or one of another version.
    """

    def __init__(self, directory: str | Path, *, create: bool = False) -> None:
        self.place = place(directory)
        self.path = self.place.path if isinstance(self.place, Folder) else self.place.address
        self.parts = Parts(self.place)
        if self.place.is_file():
            raise ConfigError(
                f"{self.path}: this is a file; an archive is a folder, name another place for it"
            )
        names = self.place.names()
        if "documents" not in names:
            self._start(create, [n for n in names if not n.startswith(".")])

    def _start(self, create: bool, others: Sequence[str]) -> None:
        if others:
            raise ConfigError(
                f"{self.path}: this folder holds other things ({others[0]}, …) and no councilscope archive; "
                "name an archive, or a new or empty folder"
            )
        if create:
            self.place.make()
        elif not self.place.exists():
            raise ConfigError(
                f"{self.path}: there is no such archive; make one with: councilscope annotate REPORTS --store {self.path}"
            )

    # ------------------------------------------------------------------ reading

    def frames(self) -> dict[str, pd.DataFrame]:
        """The seven tables of the contract as pandas frames."""
        return {name: self.table(name) for name in TABLES}

    def table(
        self, name: str, columns: Sequence[str] | None = None, doc_ids: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """One table as a typed pandas frame; `columns` and `doc_ids` spare memory where only some are wanted."""
        data = self.arrow(name, columns, doc_ids)
        return typed(name, {c: _plain(data[c], COLUMNS[name][c]) for c in data.column_names})

    def arrow(
        self, name: str, columns: Sequence[str] | None = None, doc_ids: Iterable[str] | None = None
    ) -> pa.Table:
        """One table as an Arrow table. KeyError for a name or column that the contract does not have."""
        wanted = list(columns) if columns is not None else list(COLUMNS[name])
        unknown = set(wanted) - set(COLUMNS[name])
        if unknown:
            raise KeyError(f"{name} has no column {sorted(unknown)[0]!r}; it has {', '.join(COLUMNS[name])}")
        chosen = None if doc_ids is None else set(doc_ids)
        if name == "documents":
            data = self.parts.documents()
            return (data if chosen is None else only(data, sorted(chosen))).select(wanted)
        keep = wanted if "doc_id" in wanted else ["doc_id", *wanted]
        schema = pa.schema([SCHEMAS[name].field(c) for c in keep])
        held = self.parts.held()
        pieces = [
            self.parts.rows(
                part, name, ids if chosen is None else sorted(chosen.intersection(ids)), schema, held[part]
            )
            for part, ids in self.parts.live().items()
            if chosen is None or chosen.intersection(ids)
        ]
        data = pa.concat_tables([schema.empty_table(), *pieces])
        return data.take(pc.sort_indices(data, [("doc_id", "ascending")])).select(wanted)

    @property
    def documents(self) -> pd.DataFrame:
        """The `documents` table: everything that was given, read or not, with status and reason."""
        return self.table("documents")

    def themes(self, by: str | Sequence[str] = (), **filters: Any) -> ThemeReport:
        """How often each theme stands in the commentary, by council, quarter, service, rag, nation, …

        See `analysis.theme_report`.
        """
        from councilscope.analysis import theme_report

        return theme_report(self, by=by, **filters)

    def sql(self, query: str) -> pd.DataFrame:
        """What DuckDB answers to one SELECT over the seven tables. See `archive.sql`."""
        from councilscope.archive.sql import ask

        frame: pd.DataFrame = ask(self, query, lambda answer: answer.df())
        return frame

    def __len__(self) -> int:
        return len(self.parts.documents())

    def __repr__(self) -> str:
        return f"<Archive {self.path} · {self._says()}>"

    def _repr_html_(self) -> str:
        return f"<p>Archive <code>{html.escape(str(self.path))}</code> · {html.escape(self._says())}</p>"

    def _says(self) -> str:
        docs = self.parts.documents().select(["status", "council_name", "n_blocks"]).to_pylist()
        read = [d for d in docs if d["status"] in ("ok", "partial")]
        names = {d["council_name"] for d in read if d["council_name"]}
        bits = [_count(len(docs), "document"), _count(len(names), "council")]
        bits.append(_count(sum(d["n_blocks"] or 0 for d in read), "block"))
        if len(read) < len(docs):
            bits.append(f"{len(docs) - len(read)} could not be read")
        return " · ".join(bits)

    def known(
        self, columns: Sequence[str] = ("doc_id", "paths", "status", "models")
    ) -> dict[str, dict[str, Any]]:
        """These columns of `documents` by `doc_id`, with the part that holds each one's rows as `batch`."""
        rows = self.parts.documents().select([*dict.fromkeys(["doc_id", *columns, "batch"])]).to_pylist()
        return {row["doc_id"]: row for row in rows}

    def row(self, doc_id: str) -> dict[str, Any]:
        """One row of `documents` without `batch`. KeyError where the document is not there."""
        data = only(self.parts.documents(), [doc_id]).select(list(COLUMNS["documents"])).to_pylist()
        if not data:
            raise KeyError(doc_id)
        return dict(data[0])

    # ------------------------------------------------------------------ writing

    def write(self, reports: Iterable[Report]) -> None:
        """Add reports as one batch, whole or not at all; a report that is there already is replaced."""
        entries = []
        with self.writing():
            known = self.known()
            for report in reports:
                paths = {report.source.path, *known.get(report.source.sha256, {}).get("paths", [])}
                entries.append(to_entry(report, sorted(paths)))
            self.commit(entries)

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the store for writing, and clear what an interrupted batch left.

        ConfigError where another process holds it.
        """
        with self.place.lock():
            self.parts.clean()
            yield

    def commit(self, entries: Sequence[Entry]) -> None:
        """Write one batch. To be called within `writing()`."""
        if not entries:
            return
        entries = sorted(entries, key=lambda e: str(e.row["doc_id"]))
        data = {
            t: pa.concat_tables([SCHEMAS[t].empty_table(), *(e.tables[t] for e in entries if e.tables)])
            for t in DATA
        }
        self.put([e.row | {"batch": _batch(e)} for e in entries], data)

    def put(self, rows: Sequence[Mapping[str, Any]], data: Mapping[str, pa.Table]) -> None:
        """Write one batch as tables. Rows of `documents` whose `batch` is "" belong to this part."""
        payload = {t: to_bytes(stamp(d)) for t, d in data.items() if len(d)}
        digest = hashlib.sha256(b"".join(payload.values()))
        digest.update(repr([sorted(row.items(), key=str) for row in rows]).encode())
        part = f"part-{self.parts.next_number():06d}-{digest.hexdigest()[:12]}.parquet"
        own = sum(row["batch"] == "" for row in rows)
        placed = [{**row, "batch": part if row["batch"] == "" else row["batch"]} for row in rows]
        documents = pa.Table.from_pylist(placed, schema=DOCUMENTS)
        facts = part_facts(payload, {**{t: len(d) for t, d in data.items()}, "documents": own})
        last = to_bytes(stamp(documents, parts={part: facts}))  # its rename is the commit
        self.place.put([*((t, part, content) for t, content in payload.items()), ("documents", part, last)])


def part_facts(payload: Mapping[str, bytes], rows: Mapping[str, int]) -> dict[str, Any]:
    """What the note says of one part."""
    return {"rows": dict(rows), "sha256": {t: hashlib.sha256(c).hexdigest() for t, c in payload.items()}}


def _batch(entry: Entry) -> str | None:
    return None if entry.withdrawn else entry.batch or ""


def to_entry(report: Report, paths: Sequence[str] | None = None) -> Entry:
    """A report as an entry of a batch."""
    rows = to_rows(report, paths)
    return Entry(rows["documents"][0], {t: to_arrow(t, rows[t]) for t in DATA})


def _plain(column: pa.ChunkedArray, kind: str) -> Any:
    """A column as `frames.typed` takes it; lists as Python lists."""
    if kind in ("text", "word", "float"):
        return column.to_pandas()
    if kind == "int":
        return column.to_pylist() if column.null_count else column.to_numpy()
    return _objects(column.to_pylist())


def _objects(values: list[Any]) -> Any:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"

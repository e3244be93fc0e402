"""The store on disk: `DIR/<table>/part-<number>-<hash>.parquet`, batch by batch, whole or not at all.

A batch is one part file a table, all of one name. They are written under temporary names, synced to disk and
renamed, `documents` last: that rename is the commit. Readers take the names from `documents/` and ignore all
others; what an interrupted batch left behind goes when the store is next opened for writing. A document that
was read again stands in two parts; the later one counts. There is no other ledger.
"""

from __future__ import annotations

import contextlib
import hashlib
import html
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from councilscope.archive.schema import DOCUMENTS, SCHEMAS, check, conform, only, stamp, to_arrow
from councilscope.errors import ConfigError
from councilscope.frames import COLUMNS, to_rows, typed
from councilscope.records import Report

if TYPE_CHECKING:
    import pandas as pd

    from councilscope.analysis import ActionRegister, CauseReport, IndicatorTable, ThemeReport

PART = re.compile(r"part-(\d{6,})-[0-9a-f]{12}\.parquet")
TABLES = tuple(COLUMNS)
DATA = tuple(t for t in TABLES if t != "documents")


@dataclass
class Entry:
    """One document of a batch: its row of `documents` and its rows of the other tables.

    `batch` names the part that already holds the rows (where only the document's row changes);
    `withdrawn` takes the document out of the archive.
    """

    row: dict[str, Any]
    tables: dict[str, pa.Table] = field(default_factory=dict)
    batch: str | None = None
    withdrawn: bool = False


class Archive:
    """A folder of annotated reports as tidy tables.

    `table("spans")` and `frames()` give pandas frames, `documents` lists what was read and what could not be,
    `themes(by=…)` the theme report. Rows are in the order of `doc_id`, then in reading order, whatever the
    order in which the documents came in.

    ConfigError where the folder is no archive, or one of another version.
    """

    def __init__(self, directory: str | Path, *, create: bool = False) -> None:
        self.path = Path(directory)
        self._parts: dict[str, tuple[pa.Table, dict[str, Any]]] = {}
        self._latest: tuple[list[str], pa.Table] | None = None
        if self.path.exists() and not self.path.is_dir():
            raise ConfigError(
                f"{self.path}: this is a file; an archive is a folder, name another place for it"
            )
        if not (self.path / "documents").is_dir():
            self._start(create)

    def _start(self, create: bool) -> None:
        others = (
            [p.name for p in self.path.iterdir() if not p.name.startswith(".")] if self.path.exists() else []
        )
        if others:
            raise ConfigError(
                f"{self.path}: this folder holds other things ({others[0]}, …) and no councilscope archive; "
                "name an archive, or a new or empty folder"
            )
        if create:
            (self.path / "documents").mkdir(parents=True, exist_ok=True)
        elif not self.path.exists():
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
            data = self._documents()
            return (data if chosen is None else only(data, sorted(chosen))).select(wanted)
        keep = wanted if "doc_id" in wanted else ["doc_id", *wanted]
        schema = pa.schema([SCHEMAS[name].field(c) for c in keep])
        pieces = [
            self._rows(part, name, ids if chosen is None else sorted(chosen.intersection(ids)), schema)
            for part, ids in self._live().items()
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

    def causes(self, by: str | Sequence[str] = (), **filters: Any) -> CauseReport:
        """Which causes are given, and how often. See `analysis.cause_report`."""
        from councilscope.analysis import cause_report

        return cause_report(self, by=by, **filters)

    def actions(self, by: str | Sequence[str] = (), **filters: Any) -> ActionRegister:
        """Every action with its owner, deadline and history. See `analysis.action_register`."""
        from councilscope.analysis import action_register

        return action_register(self, by=by, **filters)

    def indicator(self, measure: str, **filters: Any) -> IndicatorTable:
        """The figures of one measure at all councils: `archive.indicator("missed bins")`. See `analysis.indicator_table`."""
        from councilscope.analysis import indicator_table

        return indicator_table(self, measure=measure, **filters)

    def __len__(self) -> int:
        return len(self._documents())

    def __repr__(self) -> str:
        return f"<Archive {self.path} · {self._says()}>"

    def _repr_html_(self) -> str:
        return f"<p>Archive <code>{html.escape(str(self.path))}</code> · {html.escape(self._says())}</p>"

    def _says(self) -> str:
        docs = self._documents().select(["status", "council_name", "n_blocks"]).to_pylist()
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
        rows = self._documents().select([*dict.fromkeys(["doc_id", *columns, "batch"])]).to_pylist()
        return {row["doc_id"]: row for row in rows}

    def row(self, doc_id: str) -> dict[str, Any]:
        """One row of `documents` without `batch`. KeyError where the document is not there."""
        data = only(self._documents(), [doc_id]).select(list(COLUMNS["documents"])).to_pylist()
        if not data:
            raise KeyError(doc_id)
        return dict(data[0])

    def _documents(self) -> pa.Table:
        """The row that counts (the latest) of each document that was not withdrawn, by `doc_id`."""
        names = self._names()
        if self._latest is None or self._latest[0] != names:
            data = pa.concat_tables([DOCUMENTS.empty_table(), *(self._part(name)[0] for name in names)])
            last = {doc_id: i for i, doc_id in enumerate(data["doc_id"].to_pylist())}
            data = data.take(pa.array([last[doc_id] for doc_id in sorted(last)], pa.int64()))
            self._latest = names, data.filter(pc.is_valid(data["batch"]))
        return self._latest[1]

    def _live(self) -> dict[str, list[str]]:
        """The documents whose rows each part holds, by part."""
        live: dict[str, list[str]] = {}
        for row in self._documents().select(["doc_id", "batch"]).to_pylist():
            live.setdefault(row["batch"], []).append(row["doc_id"])
        return dict(sorted(live.items()))

    def _names(self) -> list[str]:
        """Names of the committed parts, oldest first."""
        try:
            found = [n for n in os.listdir(self.path / "documents") if PART.fullmatch(n)]
        except FileNotFoundError:
            return []
        return sorted(found, key=lambda n: (int(PART.fullmatch(n).group(1)), n))  # type: ignore[union-attr]

    def _part(self, name: str) -> tuple[pa.Table, dict[str, Any]]:
        """A part of `documents` and the note in it; parts never change, so each is read once."""
        if name not in self._parts:
            data, note = self._load("documents", name, None)
            self._parts[name] = conform(data, DOCUMENTS), note
        return self._parts[name]

    def _rows(self, part: str, table: str, doc_ids: list[str], schema: pa.Schema) -> pa.Table:
        counts = self._part(part)[1].get("rows", {})
        if not counts.get(table):
            return schema.empty_table()
        data, _ = self._load(table, part, schema.names)
        data = conform(data, schema)
        return data if len(doc_ids) == counts.get("documents") else only(data, doc_ids)

    def _load(self, table: str, name: str, columns: Sequence[str] | None) -> tuple[pa.Table, dict[str, Any]]:
        path = self.path / table / name
        try:
            file = pq.ParquetFile(path)
            note = check(file.schema_arrow.metadata, str(path))
            held = None if columns is None else [c for c in columns if c in file.schema_arrow.names]
            return file.read(columns=held), note
        except (pa.ArrowException, OSError) as error:
            missing = isinstance(error, FileNotFoundError)
            what = (
                "a file of the store is missing"
                if missing
                else f"a file of the store is damaged ({_line(error)})"
            )
            raise ConfigError(
                f"{path}: {what}; remove {self.path / 'documents' / name} and run the same annotate again: "
                "only the reports of that part are read anew"
            ) from error

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
        (self.path / "documents").mkdir(parents=True, exist_ok=True)
        with open(self.path / ".lock", "ab") as lock:
            _lock(lock, self.path)
            self._clean()
            yield

    def commit(self, entries: Sequence[Entry]) -> None:
        """Write one batch. To be called within `writing()`."""
        if not entries:
            return
        entries = sorted(entries, key=lambda e: str(e.row["doc_id"]))
        data = {t: _gather(t, entries) for t in DATA}
        counts = {t: len(d) for t, d in data.items()} | {
            "documents": sum(not (e.batch or e.withdrawn) for e in entries)
        }
        payload = {t: _bytes(stamp(d)) for t, d in data.items() if len(d)}
        digest = hashlib.sha256(b"".join(payload.values()))
        digest.update(repr([sorted(e.row.items(), key=str) for e in entries]).encode())
        names = self._names()
        number = int(PART.fullmatch(names[-1]).group(1)) + 1 if names else 1  # type: ignore[union-attr]
        part = f"part-{number:06d}-{digest.hexdigest()[:12]}.parquet"
        rows = [e.row | {"batch": None if e.withdrawn else e.batch or part} for e in entries]
        documents = pa.Table.from_pylist(rows, schema=DOCUMENTS)
        payload["documents"] = _bytes(stamp(documents, rows=counts))  # last: its rename is the commit
        for table, content in payload.items():
            _write(self.path / table / f".{part}.tmp", content)
        for table in payload:
            os.replace(self.path / table / f".{part}.tmp", self.path / table / part)
            _sync_folder(self.path / table)
        _sync_folder(self.path)

    def _clean(self) -> None:
        """Remove temporary files, and parts of batches that were never committed."""
        names = set(self._names())
        for table in TABLES:
            folder = self.path / table
            for name in os.listdir(folder) if folder.is_dir() else ():
                stale = name.startswith(".part-") and name.endswith(".tmp")
                if stale or (PART.fullmatch(name) and name not in names):
                    (folder / name).unlink()


def to_entry(report: Report, paths: Sequence[str] | None = None) -> Entry:
    """A report as an entry of a batch."""
    rows = to_rows(report, paths)
    return Entry(rows["documents"][0], {t: to_arrow(t, rows[t]) for t in DATA})


def _gather(table: str, entries: Sequence[Entry]) -> pa.Table:
    return pa.concat_tables([SCHEMAS[table].empty_table(), *(e.tables[table] for e in entries if e.tables)])


def _bytes(data: pa.Table) -> bytes:
    sink = BytesIO()
    pq.write_table(data, sink, compression="zstd")
    return sink.getvalue()


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(file: Any, where: Path) -> None:
    """Hold the file until it is closed, or the process ends in whatever way."""
    try:
        import fcntl
    except ImportError:  # Windows: two writers at a time are not guarded against
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise ConfigError(
            f"{where}: another councilscope is writing to this archive; wait until it has ended, or use another --store"
        ) from None
    except OSError:  # a file system without locks
        return


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


def _line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0].rstrip(".")

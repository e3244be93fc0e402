"""Many documents into an archive: worker processes, limits a document, batches, resume.

A worker that crashes, hangs or eats memory costs its document and nothing else. What is done is what is in the
store: a document is read again only where its content, or a model, is new, or where `redo` asks for it.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from councilscope import annotate, office
from councilscope import ocr as ocr_module
from councilscope.archive.choose import choice
from councilscope.archive.cluster import Cluster
from councilscope.archive.given import Given, carried, read_given
from councilscope.archive.inputs import Input, alone, expand, look
from councilscope.archive.interrupt import Interrupt
from councilscope.archive.pool import Limits, Pool
from councilscope.archive.store import Archive, Entry
from councilscope.archive.worker import Reader, Setup, Task, completed, reader
from councilscope.frames import COLUMNS, document_row

READ = ("ok", "partial")
KNOWN = tuple(
    c
    for c in COLUMNS["documents"]
    if c in ("doc_id", "paths", "status", "reason", "models") or c.startswith(("council_", "period_"))
)
MAX_PAGES = 2000
BATCH, BATCH_SECONDS = 32, 20.0  # a batch is written when it holds so many documents, or after so long


@dataclass(frozen=True)
class Progress:
    """How far a run is. `phase` is `looking` (finding and hashing files) or `reading`; the rest is about the
    document that was just finished, None where none was."""

    phase: str
    done: int
    total: int
    failed: int = 0
    path: str | None = None
    status: str | None = None
    reason: str | None = None
    pages: int | None = None
    seconds: float | None = None


@dataclass
class Summary:
    """What became of the inputs of a run.

    `inputs` counts files given, `documents` distinct contents; `statuses` counts those by status, done now or
    before; `read` were read in this run, `known` were in the archive already. `failures` lists path, status and
    reason of all that is not `ok`.
    """

    store: str
    inputs: int = 0
    documents: int = 0
    read: int = 0
    known: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    failures: list[tuple[str, str, str]] = field(default_factory=list)
    interrupted: bool = False
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 all read · 3 some failed or were read in part · 4 none could be read · 130 interrupted."""
        if self.interrupted:
            return 130
        if not any(self.statuses[s] for s in READ):
            return 4
        return 0 if self.statuses.total() == self.statuses["ok"] else 3


def annotate_paths(
    paths: Iterable[str | Path],
    store: str | Path | Archive,
    *,
    workers: int | None = None,
    timeout: float = 60.0,
    timeout_per_page: float = 2.0,
    memory: int = 2048,
    max_pages: int = MAX_PAGES,
    batch_size: int = BATCH,
    passwords: Sequence[str] = (),
    redo: Sequence[str] = (),
    given: str | Path | None = None,
    scheduler: Any = None,
    ocr: str = "auto",
    theme_model: str | Path | None = None,
    progress: Callable[[Progress], None] | None = None,
    read: Reader = annotate.read,
    stdin: TextIO | None = None,
) -> Summary:
    """Read reports into the archive at `store`: files, folders (all PDF, Office and zip files in them, at any depth),
    zip archives, patterns (`2023/**/*.pdf`), lists (`-`, `@FILE`), addresses that fsspec knows (`s3://…`).

    Args:
        workers: processes; by default one a core. 0 reads in this process, without limits.
        timeout, timeout_per_page: seconds that a document may take, and more for each page.
        memory: MiB that a worker may hold.
        max_pages: a longer document is not read (0: any length).
        batch_size: documents that are written to the store together.
        passwords: each is tried on documents that are encrypted.
        redo: which documents to read again, in the words of `archive.CHOICES`: `failed`, a status, `path:PATTERN`,
            `reader`, `ROLE=VERSION`, `all`, …
        given: a CSV file with the columns path, council and period: reports to read, and what is known of them.
        scheduler: a Dask scheduler's address or a `distributed.Client`; its workers then read, write to the store
            themselves, and `workers` does not count. The store and the inputs must be where they can reach them.
        ocr: `auto` reads pages without text from their picture where Tesseract is installed, `off` does not.
        theme_model: folder of a theme model of one's own; another one than before has all documents read again.
        progress: is told what happens, document by document.
        read: another reader with the signature of `annotate.read`, importable by the workers.
        stdin: where `-` reads from, by default standard input.

    Every input gets its row in `documents`; nothing that is wrong with one stops the others. ConfigError where
    the store, a model, a list or a data file cannot be used or no Dask worker answers, ValueError for a word of
    `redo` that means nothing. In a script with `workers` above 0, call it under `if __name__ == "__main__":`, as for
    every use of processes.
    """
    choice(redo)
    known = read_given(given) if given else Given()
    archive = store if isinstance(store, Archive) else Archive(store, create=True)
    own = str(Path(theme_model).resolve()) if theme_model is not None else None
    setup = Setup(
        read=read,
        ocr=ocr,
        passwords=tuple(passwords),
        memory=memory << 20,
        max_pages=max_pages,
        theme_model=own,
        folder=os.getcwd(),
    )
    limits = Limits(timeout, timeout_per_page, memory << 20)
    crew: Pool | Cluster
    if scheduler is None:
        crew = Pool(setup, limits, _cores() if workers is None else workers)
    else:
        crew = Cluster(scheduler, setup, limits, archive, batch_size)
    run = _Run(archive, crew, batch_size, redo, known, progress or (lambda _: None))
    with archive.writing():
        return run.run(list(expand([*paths, *known.facts], stdin)))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


class _Run:
    def __init__(
        self,
        archive: Archive,
        crew: Pool | Cluster,
        batch_size: int,
        redo: Sequence[str],
        given: Given,
        progress: Callable[[Progress], None],
    ) -> None:
        self.archive, self.crew, self.setup = archive, crew, crew.setup
        self.batch_size, self.given, self.tell = batch_size, given, progress
        self.reader = reader(self.setup)
        self.chosen = choice(redo, lambda: [*self.crew.models(), *self.reader])
        self.known = archive.known(KNOWN)
        self.batch: list[Entry] = []
        self.written = time.monotonic()
        self.summary = Summary(store=str(archive.path))
        self.done = self.total = 0

    def run(self, paths: list[str]) -> Summary:
        began = time.monotonic()
        for path, reason in self.given.wrong:
            self._count(path, "error", reason, new=True)
        self.summary.inputs = len(self.given.wrong)
        with Interrupt() as interrupt:
            looked = self._look(paths, interrupt)
            with self.crew:
                tasks = self._sort_out(looked)
                self.total = len(tasks)
                self.tell(Progress("reading", 0, self.total))
                for task, entry, seconds in self.crew.map(tasks, interrupt):
                    self._finished(task, entry, seconds)
            self._flush()
            self.summary.interrupted = bool(interrupt.count)
        self.summary.seconds = time.monotonic() - began
        self.summary.failures.sort()
        return self.summary

    def _look(self, paths: list[str], interrupt: Interrupt) -> list[Input]:
        looked: list[Input] = []
        for i, path in enumerate(paths):
            if interrupt.count:
                break
            self.tell(Progress("looking", i, len(paths)))
            looked.append(look(path))
        self.tell(Progress("looking", len(looked), len(paths)))
        return looked

    def _sort_out(self, looked: list[Input]) -> list[Task]:
        """Record what needs no reading, and give back the rest as tasks, in order of path."""
        groups: dict[str, list[Input]] = {}
        for item in looked:
            groups.setdefault(item.doc_id, []).append(item)
        self.summary.inputs += len(looked)
        self.summary.documents = len(groups)
        self._withdraw(looked)
        tasks: list[Task] = []
        for doc_id, items in sorted(groups.items(), key=lambda g: min(i.path for i in g[1])):
            old = self.known.get(doc_id)
            now = {annotate.printable(i.path) for i in items}
            paths = tuple(sorted(now | set(old["paths"] if old else ())))
            path = min(i.path for i in items)
            facts = (carried(old) if old else {}) | self._facts(items)
            bad = next((i for i in items if i.status), None)
            if all(i.status for i in items) and bad and bad.status:
                self._record_bad(doc_id, bad, paths, facts, old)
            elif old and not self._again(old):
                self._keep(old, paths, facts)
            else:
                good = min(i.path for i in items if not i.status)
                tasks.append(Task(len(tasks), 0, good if bad else path, doc_id, paths, facts))
        return tasks

    def _facts(self, items: list[Input]) -> dict[str, Any]:
        """What the user gave for a content, at the first of its paths for which there is something."""
        given = (self.given.facts.get(i.path) for i in sorted(items, key=lambda i: i.path))
        return next((facts for facts in given if facts), {})

    def _withdraw(self, looked: list[Input]) -> None:
        """Take out the rows of paths that had no readable byte when they were last looked at, and have now."""
        for item in looked:
            before = alone(annotate.printable(item.path))
            if before in self.known and item.doc_id != before:
                self._add(Entry(self.archive.row(before), withdrawn=True))
                del self.known[before]

    def _again(self, old: dict[str, Any]) -> bool:
        """Whether a document that is in the archive is to be read anew."""
        if self.chosen(old) or (
            self.setup.read is annotate.read and now_possible(old["reason"], self.setup.ocr)
        ):
            return True
        if old["status"] in READ:
            return self.setup.read is annotate.read and self._by_other_models(old)
        return old["status"] == "encrypted" and bool(self.setup.passwords)

    def _by_other_models(self, old: dict[str, Any]) -> bool:
        """Another reader or OCR engine gives no reason by itself to read a report again."""
        now = self.crew.models()
        roles = {m["role"] for m in now}
        return [m for m in old["models"] if m["role"] in roles] != now

    def _record_bad(
        self,
        doc_id: str,
        item: Input,
        paths: tuple[str, ...],
        facts: dict[str, Any],
        old: dict[str, Any] | None,
    ) -> None:
        assert item.status and item.reason
        row = document_row(doc_id, paths, item.status, item.reason) | facts
        if not old or any(old[column] != row[column] for column in old if column not in ("batch", "models")):
            self._add(Entry(row))
        self._count(item.path, item.status, item.reason, new=not old)

    def _keep(self, old: dict[str, Any], paths: tuple[str, ...], facts: dict[str, Any]) -> None:
        new = {"paths": list(paths)} | facts
        if any(old[column] != value for column, value in new.items()):
            self._add(Entry(self.archive.row(str(old["doc_id"])) | new, batch=str(old["batch"])))
        self._count(paths[0], old["status"], old["reason"], new=False)

    def _finished(self, task: Task, entry: Entry, seconds: float) -> None:
        if not entry.stored:
            self._add(completed(entry, task, self.reader))
        self.done += 1
        status, reason = entry.row["status"], entry.row["reason"]
        self._count(task.path, status, reason, new=True)
        self.tell(
            Progress(
                "reading",
                self.done,
                self.total,
                failed=len(self.summary.failures),
                path=annotate.printable(task.path),
                status=status,
                reason=reason,
                pages=entry.row["n_pages"],
                seconds=seconds,
            )
        )

    def _count(self, path: str, status: str, reason: str | None, *, new: bool) -> None:
        self.summary.statuses[status] += 1
        if new:
            self.summary.read += 1
        else:
            self.summary.known += 1
        if status != "ok":
            self.summary.failures.append((annotate.printable(path), status, reason or ""))

    def _add(self, entry: Entry) -> None:
        self.batch.append(entry)
        if len(self.batch) >= self.batch_size or time.monotonic() - self.written > BATCH_SECONDS:
            self._flush()

    def _flush(self) -> None:
        self.archive.commit(self.batch)
        self.batch = []
        self.written = time.monotonic()


def now_possible(reason: object, mode: str) -> bool:
    """Whether what a document was refused for, wholly or in part, has been installed since."""
    said = str(reason or "")
    return (mode != "off" and ocr_module.INSTALL in said and ocr_module.available()) or (
        office.INSTALL in said and office.available()
    )

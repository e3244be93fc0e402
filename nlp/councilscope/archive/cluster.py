"""The same run on many machines: batches of documents through Dask, each worker with the same guarded pool.

A batch is one task. Its worker reads the documents one by one in a process of its own (`pool.Pool` with one
process), so that time and memory are limited and a crash costs one document, and writes the batch to the store
itself; only a line a document comes back. Where a worker dies, Dask gives the batch to another. A document in
whose time two workers died is not tried a third time: while it is read, an empty file in `.trying/` of the store
says so, and what stays there is a death.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
import uuid
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from councilscope.annotate import printable
from councilscope.archive import worker
from councilscope.archive.interrupt import Interrupt
from councilscope.archive.place import Folder
from councilscope.archive.pool import Limits, Pool
from councilscope.archive.store import Archive, Entry
from councilscope.archive.worker import Setup, Task, completed, failed
from councilscope.errors import ConfigError
from councilscope.frames import document_row

TRYING = ".trying"
DEATHS = 2  # after so many a document is left alone
ANSWER, JOIN = 10, 60  # seconds to wait for the scheduler, and for the first worker
LOOK = 0.1  # seconds between looks at the futures
AHEAD = 2  # batches a thread of a worker that are with the scheduler


@dataclass(frozen=True)
class Job:
    """What every batch needs; `store` as the workers reach it."""

    setup: Setup
    limits: Limits
    store: str


@dataclass(frozen=True)
class Said:
    """What a worker says of one document that it has written to the store."""

    number: int
    status: str
    reason: str | None
    pages: int | None
    seconds: float


class Cluster:
    """`map` as of `Pool`, with the workers of a Dask scheduler (its address, or a `distributed.Client`)."""

    def __init__(
        self, scheduler: Any, setup: Setup, limits: Limits, archive: Archive, batch_size: int
    ) -> None:
        where = os.path.abspath(archive.path) if isinstance(archive.place, Folder) else str(archive.path)
        self.setup, self.archive, self.batch_size = setup, archive, batch_size
        self.job = Job(setup, limits, where)
        self._scheduler = scheduler
        self._client: Any = None
        self._models: list[dict[str, str]] | None = None

    def __enter__(self) -> Cluster:
        try:
            import distributed
        except ImportError:
            raise ConfigError("--scheduler needs Dask; install it with: pip install distributed") from None
        if isinstance(self._scheduler, str):
            try:
                self._client = distributed.Client(self._scheduler, timeout=ANSWER, set_as_default=False)
            except (OSError, ValueError) as error:
                raise ConfigError(
                    f"{self._scheduler}: no Dask scheduler answers there ({error}); start one with: dask scheduler"
                ) from None
        else:
            self._client = self._scheduler
        self._check()
        for name in self.archive.place.names(TRYING):
            self.archive.place.remove(TRYING, name)
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if self._client is not None and isinstance(self._scheduler, str):
            self._client.close()

    def models(self) -> list[dict[str, str]]:
        """The models that the workers use."""
        if self._models is None:
            self._models = self._client.submit(worker.models, self.setup, pure=False).result()
        return self._models

    def map(self, tasks: Sequence[Task], interrupt: Interrupt) -> Iterator[tuple[Task, Entry, float]]:
        size = self.batch_size
        waiting = deque((list(tasks[i : i + size]), 0) for i in range(0, len(tasks), size))
        running: dict[Any, tuple[list[Task], int]] = {}
        while running or (waiting and not interrupt.count):
            if interrupt.count > 1:
                self._client.cancel(list(running), force=True)
                return
            threads = sum(self._client.nthreads().values())
            while waiting and not interrupt.count and len(running) < max(1, AHEAD * threads):
                batch, tries = waiting.popleft()
                future = self._client.submit(read_batch, self.job, batch, pure=False)
                running[future] = batch, tries + 1
            ended = [future for future in running if future.done()]
            if not ended:
                time.sleep(LOOK)
            for future in ended:
                batch, tries = running.pop(future)
                said = self._said(future)
                if said is not None:
                    yield from _told(batch, said)
                elif tries <= DEATHS * len(batch):
                    waiting.appendleft((batch, tries))
                else:
                    yield from ((t, failed(t, "crashed", _deadly(t)), 0.0) for t in batch)

    def _said(self, future: Any) -> list[Said] | None:
        """What a worker said of a batch; None where all that tried it died."""
        import distributed

        if future.status in ("cancelled", "lost"):
            raise ConfigError(
                f"{self._shown()}: the scheduler has dropped the work; what was read is in the archive, "
                "the same command goes on from there"
            )
        error = future.exception()
        if error is None:
            said: list[Said] = future.result()
            return said
        if isinstance(error, distributed.KilledWorker):
            return None
        if isinstance(error, ConfigError):
            raise error
        raise ConfigError(
            f"{self._shown()}: a worker could not read and store its batch ({type(error).__name__}: {error}); "
            "the store and the inputs must be where every worker reaches them"
        )

    def _check(self) -> None:
        """Wait for a worker, and see that all have this councilscope."""
        try:
            self._client.wait_for_workers(1, timeout=JOIN)
        except TimeoutError:
            raise ConfigError(
                f"{self._shown()}: no worker has joined the scheduler; start some with: dask worker ADDRESS"
            ) from None
        try:
            found = self._client.run(worker.reader, self.setup)
        except ImportError as error:
            raise ConfigError(
                f"{self._shown()}: the workers cannot import councilscope ({error}); install it where they run"
            ) from None
        other = sorted(address for address, version in found.items() if version != worker.reader(self.setup))
        if other:
            raise ConfigError(
                f"{self._shown()}: {len(other)} of {len(found)} workers ({other[0]}, …) have another councilscope than "
                "this machine; install the same everywhere, so that all rows are read alike"
            )

    def _shown(self) -> str:
        return str(self._client.scheduler.address)


def read_batch(job: Job, batch: Sequence[Task]) -> list[Said]:
    """On a worker: read the documents of a batch and write them to the store, whole or not at all."""
    archive = Archive(job.store, create=True)
    models = worker.reader(job.setup)
    left = archive.place.names(TRYING)
    entries: list[Entry] = []
    said: list[Said] = []
    mine: list[str] = []
    for task in batch:
        deaths = [name for name in left if name.startswith(task.doc_id)]
        if len(deaths) >= DEATHS:
            entry, seconds = failed(task, "crashed", _deadly(task)), 0.0
        else:
            mark = f"{task.doc_id}.{uuid.uuid4().hex[:8]}"
            archive.place.mark(TRYING, mark)
            try:
                _, entry, seconds = next(iter(_guard(job).map([task], Interrupt())))
            finally:
                archive.place.remove(TRYING, mark)
        mine += deaths
        entries.append(completed(entry, task, models))
        row = entry.row
        said.append(Said(task.number, row["status"], row["reason"], row["n_pages"], seconds))
    archive.commit(entries)
    for name in mine:
        archive.place.remove(TRYING, name)
    return said


_here = threading.local()


def _guard(job: Job) -> Pool:
    """This thread's pool of one process, which stays warm between batches."""
    held: tuple[Job, Pool] | None = getattr(_here, "guard", None)
    if held is None or held[0] != job:
        if held is not None:
            held[1].__exit__(None, None, None)
        # Dask's nanny starts its workers as daemons, which may have no children; theirs end with them (worker.start).
        multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
        held = _here.guard = job, Pool(job.setup, job.limits, 1).__enter__()
    return held[1]


def _told(batch: Sequence[Task], said: Sequence[Said]) -> Iterator[tuple[Task, Entry, float]]:
    by_number = {s.number: s for s in said}
    for task in batch:
        of = by_number[task.number]
        row = document_row(task.doc_id, task.paths, of.status, of.reason) | {"n_pages": of.pages}
        yield task, Entry(row, stored=True), of.seconds


def _deadly(task: Task) -> str:
    return (
        f"{printable(task.path)}: {DEATHS} workers died while they read it, and it was not tried again; read it alone "
        "on one machine, or report the file"
    )

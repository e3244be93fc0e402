"""Tasks through worker processes that may die: pebble's pool, with limits on time and memory for each document."""

from __future__ import annotations

import concurrent.futures as cf
import contextlib
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from typing import Any

from pebble import ProcessExpired, ProcessPool

from councilscope import annotate
from councilscope.annotate import printable
from councilscope.archive import worker
from councilscope.archive.interrupt import Interrupt
from councilscope.archive.store import Entry
from councilscope.archive.worker import SLOT, THREADS, Setup, Task, failed, too_big
from councilscope.errors import ConfigError
from councilscope.ocr import PAGE_SECONDS

MAX_TASKS = 100  # documents after which a worker is replaced, so that what it hoards goes back
LOOK = 0.1  # seconds between looks at the workers
TRIES = 2  # a document in whose time the whole pool broke is tried so often
PRELOAD = [
    "councilscope.archive.worker",
    "councilscope.blocks",
    "councilscope.tagging",
    "councilscope.themes",
]


@dataclass(frozen=True)
class Limits:
    """Seconds a document and more for each page, and bytes that a worker may hold (0: no limit)."""

    seconds: float
    seconds_per_page: float
    memory: int


@dataclass
class _Running:
    task: Task
    future: Any
    tries: int = 1
    ended_as: str | None = None  # `timeout` or `memory` where this parent ended it
    seconds: float = 0.0
    pages: int = 0
    scans: int = 0


class Pool:
    """`map` gives each task back with its entry and the seconds it took, in the order in which they end."""

    def __init__(self, setup: Setup, limits: Limits, workers: int) -> None:
        self.setup, self.limits, self.workers = setup, limits, workers
        self._window = max(1, 2 * workers)
        self._pool: ProcessPool | None = None
        self._slots: Any = None
        self._environment: dict[str, str | None] = {}

    def __enter__(self) -> Pool:
        self._environment = {name: os.environ.get(name) for name in THREADS}
        self._scratch = tempfile.mkdtemp(prefix="councilscope-")
        self.setup = replace(self.setup, scratch=self._scratch)
        for name in THREADS:  # inherited by the workers; two threads a worker only get in each other's way
            os.environ.setdefault(name, "1")
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        for name, value in self._environment.items():
            if value is None:
                os.environ.pop(name, None)
        self._stop()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def models(self) -> list[dict[str, str]]:
        """The models that the workers use."""
        return worker.models(self.setup)

    def map(self, tasks: Sequence[Task], interrupt: Interrupt) -> Iterator[tuple[Task, Entry, float]]:
        if self.workers:
            yield from self._map(tasks, interrupt)
            return
        for task in tasks:
            if interrupt.count:
                return
            began = time.monotonic()
            yield task, worker.attempt(self.setup, task, lambda _: None), time.monotonic() - began

    def _map(self, tasks: Sequence[Task], interrupt: Interrupt) -> Iterator[tuple[Task, Entry, float]]:
        waiting = deque((task, 1) for task in tasks)
        running: list[_Running] = []
        breaks = 0
        while running or (waiting and not interrupt.count):
            if interrupt.count > 1:
                self._stop()
                return
            if interrupt.count:
                running = [r for r in running if self._begun(r) or not r.future.cancel()]
            while waiting and len(running) < self._window and not interrupt.count and self._alive():
                task, tries = waiting[0]
                with contextlib.suppress(
                    RuntimeError
                ):  # the pool broke just now; what it had comes back below
                    running.append(self._schedule(task, tries, running))
                    waiting.popleft()
            if not running and waiting and not self._alive():  # the pool broke while it was idle
                breaks += 1
                self._give_up_after(breaks)
                self._stop()
                continue
            cf.wait([r.future for r in running], timeout=LOOK, return_when=cf.FIRST_COMPLETED)
            self._watch(running)
            broken: list[_Running] = []
            for r in [r for r in running if r.future.done() and not _pending_cancel(r.future)]:
                running.remove(r)
                entry = self._entry(r)
                if entry is None:
                    broken.append(r)
                else:
                    breaks = 0
                    yield r.task, entry, r.seconds
            if broken:
                breaks += 1
                self._give_up_after(breaks)
                broken += running
                running = []
                self._stop()
                for r in broken:
                    if r.tries < TRIES or not self._begun(r):
                        waiting.appendleft((r.task, r.tries + 1))
                    else:
                        yield r.task, failed(r.task, "crashed", _crash(r.task.path, None)), r.seconds

    def _schedule(self, task: Task, tries: int, running: list[_Running]) -> _Running:
        taken = {r.task.slot for r in running}
        slot = next(i for i in range(self._window) if i not in taken)
        pool = self._started()
        self._slots[slot * SLOT : slot * SLOT + SLOT] = [-1, 0, 0, 0, 0]
        task = replace(task, slot=slot)
        return _Running(task, pool.schedule(worker.work, args=(task,)), tries)

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = _context(self.setup)
            self._slots = context.RawArray("d", SLOT * self._window)
            self._pool = ProcessPool(
                max_workers=self.workers,
                max_tasks=MAX_TASKS,
                initializer=worker.start,
                initargs=(self.setup, self._slots),
                context=context,
            )
        return self._pool

    def _give_up_after(self, breaks: int) -> None:
        if breaks > TRIES + 1:
            self._stop()
            raise _cannot_start()

    def _alive(self) -> bool:
        """Whether tasks can be scheduled: there is no pool yet, or a whole one."""
        return self._pool is None or bool(self._pool.active)

    def _stop(self) -> None:
        if self._pool is not None:
            with contextlib.suppress(Exception):
                self._pool.stop()
                self._pool.join()
            self._pool = None

    def _begun(self, r: _Running) -> bool:
        return r.pages > 0 or r.seconds > 0 or bool(self._slots[r.task.slot * SLOT] == r.task.number)

    def _watch(self, running: Sequence[_Running]) -> None:
        """End what is beyond its limits. pebble stops the worker of a future that is cancelled, and starts another."""
        for r in running:
            number, pid, since, pages, scans = self._slots[r.task.slot * SLOT : r.task.slot * SLOT + SLOT]
            if number != r.task.number or not since or r.future.done():
                continue
            r.seconds, r.pages, r.scans = time.monotonic() - since, int(pages), int(scans)
            if r.seconds > self._allowed(r):
                r.ended_as = "timeout"
            elif self.limits.memory and _resident(int(pid)) > self.limits.memory:
                r.ended_as = "memory"
            if r.ended_as and not r.future.cancel():
                r.ended_as = None  # it ended by itself meanwhile

    def _entry(self, r: _Running) -> Entry | None:
        """The entry of a task that has ended; None where the pool broke, through it or another."""
        if r.ended_as == "timeout":
            return failed(r.task, "timeout", self._too_slow(r))
        if r.ended_as == "memory":
            return failed(r.task, "memory", too_big(r.task.path, self.limits.memory))
        try:
            entry: Entry = r.future.result()
        except ProcessExpired as error:
            return failed(r.task, "crashed", _crash(r.task.path, error.exitcode))
        except BrokenProcessPool:
            return None
        return entry

    def _allowed(self, r: _Running) -> float:
        """Seconds that a document may take; each page that OCR reads has its own limit besides."""
        return self.limits.seconds + self.limits.seconds_per_page * r.pages + PAGE_SECONDS * r.scans

    def _too_slow(self, r: _Running) -> str:
        allowed = self._allowed(r)
        of = f" ({r.pages} page{'s' * (r.pages > 1)})" if r.pages else ""
        return (
            f"{printable(r.task.path)}{of}: reading it took more than {allowed:.0f} s; "
            "raise --timeout, or print the report to PDF again"
        )


def _context(setup: Setup) -> Any:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if context.get_start_method() == "forkserver":
        context.set_forkserver_preload(PRELOAD if setup.read is annotate.read else PRELOAD[:1])
    return context


def _pending_cancel(future: Any) -> bool:
    """Whether a cancelled future's worker may still run: pebble notifies once it has stopped it."""
    return bool(future.cancelled() and future._state == "CANCELLED")


def _resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where the system does not tell."""
    try:
        with open(f"/proc/{pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0


def _crash(path: str, code: int | None) -> str:
    how = ""
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            how = f" ({signal.Signals(-code).name})"
        if -code == getattr(signal, "SIGKILL", 9):
            how += ", which the system sends when memory runs out"
    elif code is not None:
        how = f" (exit code {code})"
    return (
        f"{printable(path)}: the process that read it crashed{how}; print the report to PDF again and try that, "
        "or report the file"
    )


def _cannot_start() -> ConfigError:
    return ConfigError(
        'the worker processes cannot start; in a script, call annotate_paths under `if __name__ == "__main__":`, '
        "or use workers=0"
    )

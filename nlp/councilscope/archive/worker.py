"""What a worker process does: read one document, whatever is wrong with it, and give back its rows.

A worker tells the parent through a few shared numbers (a `Slot` a task) which task it is at, since when, and how
many pages it found, so that the parent can hold it to its time and memory.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from councilscope import annotate
from councilscope.archive.files import on_this_machine
from councilscope.archive.place import is_address
from councilscope.archive.store import Entry, to_entry
from councilscope.errors import ConfigError, UnreadableError
from councilscope.frames import document_row
from councilscope.records import Report

Reader = Callable[..., Report]

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
SLOT = 5  # numbers a task: task, process id, start (seconds of the monotonic clock), pages, pages for OCR


@dataclass(frozen=True)
class Task:
    """One document to read. `number` is unique in the run; `slot` its place among the shared numbers."""

    number: int
    slot: int
    path: str
    doc_id: str
    paths: tuple[str, ...]
    facts: dict[str, Any] = field(
        default_factory=dict
    )  # columns of `documents` that count before what is read


@dataclass(frozen=True)
class Setup:
    """What all workers of a run share; `memory` in bytes, `max_pages` of a document, 0 for no limit.

    `scratch` is where copies of what is not a file of this machine lie while they are read, `folder` the one from
    which the paths are seen.
    """

    read: Reader = annotate.read
    ocr: str = "auto"
    passwords: tuple[str, ...] = ()
    memory: int = 0
    max_pages: int = 0
    theme_model: str | None = None
    quiet: bool = True
    scratch: str | None = None
    folder: str = ""


_setup = Setup()
_slots: Any = None
_ready = False


def start(setup: Setup, slots: Any) -> None:
    """Prepare a worker process: one thread for the numeric libraries, no chatter, no life after the parent's."""
    global _setup, _slots
    _setup, _slots = setup, slots
    for name in THREADS:
        os.environ.setdefault(name, "1")
    if setup.quiet:  # libraries in C write to these
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
    threading.Thread(target=_outlive_not, args=(os.getppid(),), daemon=True).start()


def work(task: Task) -> Entry:
    """Read one document. Everything that is wrong with it becomes its status; ConfigError is the run's."""
    _load()
    _note(task.slot, task.number, os.getpid(), time.monotonic(), 0)
    try:
        return attempt(_setup, task, lambda pages: _note_pages(task.slot, pages))
    finally:
        _note(task.slot, -1, 0, 0, 0)


def models(setup: Setup) -> list[dict[str, str]]:
    """The models a run uses, as the `models` column holds them."""
    found = annotate.models(setup.theme_model)
    return [{"role": role, **info.model_dump()} for role, info in sorted(found.items())]


def in_use() -> list[dict[str, str]]:
    """The models and the reader of this installation, as the `models` column holds them."""
    return [*models(Setup()), *reader(Setup())]


def attempt(setup: Setup, task: Task, on_pages: Callable[[int], None]) -> Entry:
    """Read one document with each password in turn."""
    try:
        return to_entry(_read(setup, task, on_pages), task.paths)
    except ConfigError:
        raise
    except UnreadableError as error:
        reason = f"{annotate.printable(task.path)}: {error.reason}"
        return failed(task, error.status, reason)
    except (zipfile.BadZipFile, zlib.error) as error:
        reason = (
            f"{annotate.printable(task.path)}: it cannot be unpacked ({error}); pack the zip archive again"
        )
        return failed(task, "damaged", reason)
    except MemoryError:
        return failed(task, "memory", too_big(task.path, setup.memory))
    except (Exception, SystemExit) as error:
        detail = (str(error).splitlines() or [""])[0]
        reason = (
            f"{annotate.printable(task.path)}: councilscope failed on it ({type(error).__name__}: {detail}); "
            f"run `councilscope --debug read` on it and report what it prints"
        )
        return failed(task, "error", reason)


def failed(task: Task, status: str, reason: str) -> Entry:
    return Entry(document_row(task.doc_id, task.paths, status, reason))


def too_big(path: str, memory: int) -> str:
    return (
        f"{annotate.printable(path)}: reading it took more than {memory >> 20} MiB of memory; "
        "raise --memory, or split the file"
    )


def _read(setup: Setup, task: Task, on_pages: Callable[[int], None]) -> Report:
    passwords: Sequence[str | None] = (None, *setup.passwords)
    more: dict[str, Any] = {}
    if setup.read.__module__ == annotate.__name__:  # another reader need not know of OCR
        more = {"ocr": setup.ocr, "on_scans": lambda scans: _note_scans(task.slot, scans)}
        more["theme_model"] = setup.theme_model

    def counted(pages: int) -> None:
        on_pages(pages)
        if setup.max_pages and pages > setup.max_pages:
            reason = f"it has {pages:,} pages, more than {setup.max_pages:,}; raise --max-pages, or split it"
            raise UnreadableError(task.path, "unsupported", reason)

    path = task.path if is_address(task.path) else os.path.join(setup.folder, task.path)
    with on_this_machine(path, setup.scratch) as here:
        for i, password in enumerate(passwords):
            try:
                report = setup.read(here, password=password, on_pages=counted, **more)
            except UnreadableError as error:
                if error.status != "encrypted" or i + 1 == len(passwords):
                    raise
            else:
                return report if here == task.path else _named(report, task.path)
    raise AssertionError("unreachable")


def _named(report: Report, path: str) -> Report:
    """The report of a copy, as one of the file itself."""
    source = report.source.model_copy(update={"path": annotate.printable(path)})
    return report.model_copy(update={"source": source})


def completed(entry: Entry, task: Task, models: Sequence[dict[str, str]]) -> Entry:
    """The entry with what was given for the document, and with what read it."""
    entry.row |= task.facts
    entry.row["models"] = [*entry.row["models"], *models]
    return entry


def reader(setup: Setup) -> list[dict[str, str]]:
    """The program that reads, as the `models` column holds it; nothing where it is another reader."""
    return [{"role": "reader", **annotate.reader().model_dump()}] if setup.read is annotate.read else []


def _load() -> None:
    """Load the models once a process, then limit what it may add to its memory."""
    global _ready
    if _ready:
        return
    if _setup.read is annotate.read:
        annotate.load(_setup.theme_model)
    if _setup.memory:
        _limit(_setup.memory)
    _ready = True


def _limit(memory: int) -> None:
    """Let allocations fail that go `memory` bytes beyond what the process holds now (where the system can)."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm") as file:
            now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (now + memory, hard))


def _note(slot: int, number: int, pid: int, since: float, pages: int) -> None:
    if _slots is not None:
        _slots[slot * SLOT + 1 : slot * SLOT + SLOT] = [pid, since, pages, 0]
        _slots[slot * SLOT] = number


def _note_pages(slot: int, pages: int) -> None:
    if _slots is not None:
        _slots[slot * SLOT + 3] = pages


def _note_scans(slot: int, scans: int) -> None:
    if _slots is not None:
        _slots[slot * SLOT + 4] = scans


def _outlive_not(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)

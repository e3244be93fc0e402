"""What `annotate`, `store` and `sql` say: progress bars, the summary, what is in an archive, rows as a table."""

from __future__ import annotations

import contextlib
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from councilscope.render import style
from councilscope.render.style import DIM, clean, joined, line, plural

if TYPE_CHECKING:
    from councilscope.archive import Summary
    from councilscope.archive.runner import Progress as Step

SHOWN = 20  # failures that are spelled out
STATUS = {"ok": "green", "partial": "yellow"}


@contextlib.contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal: is told how many of how many are done."""
    console = style.console(sys.stderr)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_table(
    names: Sequence[str], rows: Sequence[Sequence[Any]], *, console: Console | None = None
) -> None:
    """Rows as a table: on a terminal as wide as that is, else each row on one line."""
    console = console or style.console()
    numbers = [all(isinstance(row[i], (int, float)) for row in rows) for i in range(len(names))]
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name, number in zip(names, numbers, strict=True):
        table.add_column(
            line(str(name)), justify="right" if number and rows else "left", no_wrap=not console.is_terminal
        )
    for row in rows:
        table.add_row(*(line("" if value is None else str(value)) for value in row))
    if not console.is_terminal:
        console.width = max(console.width, console.measure(table).maximum)
    console.print(table)


class RunBar:
    """A progress bar on standard error, where that is a terminal; else nothing."""

    def __init__(self) -> None:
        self._console = style.console(sys.stderr)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[rate]}", markup=False),
            TextColumn("{task.fields[note]}", markup=False),
            console=self._console,
            transient=True,
            disable=not self._console.is_terminal,
        )
        self._task = self._progress.add_task("Looking at files", total=None, note="", rate="")
        self._pages, self._began = 0, 0.0

    def __enter__(self) -> RunBar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, step: Step) -> None:
        words = {"looking": "Looking at files", "reading": "Reading reports"}
        note = f"{step.failed} not whole" if step.failed else ""
        self._began = self._began or time.monotonic()
        self._pages += step.pages or 0
        rate = self._pages / max(time.monotonic() - self._began, 0.1)
        self._progress.update(
            self._task,
            description=words[step.phase],
            completed=step.done,
            total=step.total or None,
            note=note,
            rate=f"{rate:.1f} pages/s" if self._pages else "",
        )


def print_summary(summary: Summary, *, console: Console | None = None) -> None:
    """What became of a run's inputs, what failed and why, and what to try next."""
    console = console or style.console(sys.stderr)
    bits = [f"{plural(summary.inputs, 'file')}"]
    if summary.documents != summary.inputs:
        bits.append(f"{plural(summary.documents, 'different document')}")
    bits += [f"{summary.read:,} read now in {summary.seconds:.0f} s", f"{summary.known:,} known already"]
    console.print(joined([Text(b) for b in bits]))
    order = sorted(summary.statuses.items(), key=lambda s: (s[0] != "ok", s[0] != "partial", -s[1], s[0]))
    shown = [Text.assemble((f"{n:,} ", "bold"), (word, STATUS.get(word, "red"))) for word, n in order]
    if shown:
        console.print(joined(list(shown)))
    for _, status, reason in summary.failures[:SHOWN]:
        _failure(console, status, reason)
    if len(summary.failures) > SHOWN:
        console.print(Text(f"  … and {len(summary.failures) - SHOWN:,} more in the table documents", DIM))
    if summary.interrupted:
        console.print("Interrupted; what was read is in the archive. The same command goes on from here.")
    console.print(Text.assemble("Archive: ", (summary.store, "bold")), soft_wrap=True)
    if not summary.interrupted and summary.exit_code != 4:
        console.print(
            Text(f"Next: councilscope themes --store {shlex.quote(summary.store)} --by council", DIM),
            soft_wrap=True,
        )


def _failure(console: Console, status: str, reason: str) -> None:
    """One line in a pipe or a log; on a terminal as many as it takes."""
    text = Text.assemble((f"{status}  ", STATUS.get(status, "red")), line(reason))
    if console.is_terminal:
        console.print(Padding(text, (0, 2)))
    else:
        console.print(Text("  ") + text, soft_wrap=True)


def print_status(
    path: str,
    facts: Mapping[str, Mapping[str, int]],
    failures: list[tuple[str, str]],
    *,
    console: Console | None = None,
) -> None:
    """What is in an archive: counts under headings, and what could not be read."""
    console = console or style.console()
    console.print(Text(f"Archive {clean(path)}", "bold"))
    for heading, counts in facts.items():
        if not counts:
            continue
        table = Table(
            title=Text(heading, "bold"), title_justify="left", box=None, show_header=False, padding=(0, 2)
        )
        table.add_column()
        table.add_column(justify="right")
        for name, n in counts.items():
            table.add_row(clean(name), f"{n:,}")
        console.print(Padding(table, (1, 0, 0, 0)))
    if failures:
        console.print()
        console.print(Text("Not read, or in part", "bold"))
    for status, reason in failures[:SHOWN]:
        _failure(console, status, reason)
    if len(failures) > SHOWN:
        console.print(Text(f"  … and {len(failures) - SHOWN:,} more in the table documents", DIM))

"""A reader for tests of the batch runner: what a file's first line says is what happens when it is read.

It has the signature of `annotate.read` and is importable by worker processes.
"""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from councilscope.errors import ConfigError, UnreadableError
from councilscope.records import Block, Commentary, Region, Report, Source, Span, Theme, Warning


def read(
    path: str | Path,
    *,
    password: str | None = None,
    tag: bool = True,
    on_pages: Callable[[int], None] | None = None,
) -> Report:
    data = Path(path).read_bytes()
    word, _, rest = data.decode().partition(" ")
    if on_pages:
        on_pages(int(rest) if word == "pages" else 1)
    if word == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if word == "exit":
        os._exit(7)
    if (
        word == "poison"
    ):  # end the process that started the one that starts the workers, as a dying machine does
        os.kill(
            int(Path(f"/proc/{os.getppid()}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGKILL
        )
        time.sleep(600)
    if word == "hang":
        time.sleep(600)
    if word == "hog":
        hoard = []
        while True:
            hoard.append(bytearray(b"x" * (8 << 20)))
            time.sleep(0.002)
    if word == "raise":
        raise ZeroDivisionError("a defect")
    if word == "config":
        raise ConfigError("models/tagger: damaged; install councilscope again")
    if word == "locked" and password != rest.strip():
        raise UnreadableError(
            str(path), "encrypted", "it is protected; give the password with --password-file"
        )
    if word == "slow":
        time.sleep(float(rest))
    warnings = (
        (Warning(code="page_unreadable", page=1, message="page 1 could not be read"),)
        if word == "part"
        else ()
    )
    return report(str(path), hashlib.sha256(data).hexdigest(), warnings=warnings)


def report(path: str, sha256: str, warnings: tuple[Warning, ...] = ()) -> Report:
    """A small report whose facts follow from its hash."""
    here = (Region(page=1, bbox=(10.0, 10.0, 90.0, 20.0)),)
    cause = Span(
        start=0, end=15, label="CAUSE", text="Staff shortages", attrs={"theme": "workforce"}, regions=here
    )
    text = Commentary(
        section="reason",
        text="Staff shortages slowed the work.",
        regions=here,
        spans=(cause,),
        themes=(Theme(id="workforce", score=0.9),),
    )
    blocks = tuple(
        Block(id=f"b{i}", title=f"Measure {sha256[:4]} {i}", rag="red", commentary=(text,), regions=here)
        for i in range(1 + int(sha256[0], 16) % 3)
    )
    return Report(source=Source(path=path, sha256=sha256, pages=1), blocks=blocks, warnings=warnings)

"""What the user names to the files that are meant: files, folders, a list on standard input."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from councilscope import office
from councilscope.annotate import printable

KINDS = {
    ".csv": "a table of text",
    ".htm": "a web page",
    ".html": "a web page",
    ".txt": "plain text",
    ".md": "plain text",
    ".jpg": "a picture",
    ".jpeg": "a picture",
    ".png": "a picture",
    ".tif": "a picture",
    ".tiff": "a picture",
    ".epub": "an e-book",
    ".xps": "an XPS document",
    ".oxps": "an XPS document",
    ".zip": "a zip archive",
    ".eml": "an e-mail",
    ".msg": "an e-mail",
}
REPORTS = (".pdf", *office.SUFFIXES)
CHUNK = 1 << 20


@dataclass(frozen=True)
class Input:
    """One file: its path, `doc_id`, and status and reason where it need not be opened to know that it fails."""

    path: str
    doc_id: str
    status: str | None = None
    reason: str | None = None


def expand(paths: Iterable[str | Path], stdin: TextIO | None = None) -> Iterator[str]:
    """The files meant by `paths`, each once, in the order given; folders give their PDF and Office files, sorted,
    at any depth.

    `-` stands for a list on standard input, one path a line (or parted by NUL, as `find -print0` writes it).
    Hidden files and folders within a folder are passed over; a folder that cannot be entered, or holds no PDF,
    is given as it is, so that it is reported.
    """
    seen: set[str] = set()
    for given in paths:
        names = _listed(stdin or sys.stdin) if str(given) == "-" else [os.fspath(given)]
        for name in names:
            for path in _folder(name) if os.path.isdir(name) else [name]:
                if (path := os.path.normpath(path)) not in seen:
                    seen.add(path)
                    yield path


def _listed(stream: TextIO) -> list[str]:
    text = stream.read()
    return [line for line in (text.split("\0") if "\0" in text else text.splitlines()) if line.strip()]


def _folder(folder: str) -> list[str]:
    found: list[str] = []
    closed: list[str] = []
    for here, folders, files in os.walk(folder, onerror=lambda e: closed.append(str(e.filename))):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        reports = (f for f in files if f.lower().endswith(REPORTS) and not f.startswith((".", "~$")))
        found += [os.path.join(here, f) for f in reports]
    return sorted(found) + sorted(closed) or [folder]


def look(path: str) -> Input:
    """Hash a file, and see what needs no reader to be seen. Opens nothing that is not a regular file."""
    shown = printable(path)
    alone = hashlib.sha256(shown.encode()).hexdigest()
    if not os.path.lexists(path):
        return Input(path, alone, "error", f"{shown}: there is no such file; check the path")
    if os.path.isdir(path):
        closed = not os.access(path, os.R_OK | os.X_OK)
        what = (
            "this folder cannot be entered; check its permissions"
            if closed
            else "no PDF or Office file is in this folder"
        )
        return Input(path, alone, "error", f"{shown}: {what}")
    if not os.path.isfile(path):
        return Input(path, alone, "error", f"{shown}: this is not a regular file; name a PDF file")
    try:
        with open(path, "rb") as file:
            head = file.read(CHUNK)
            digest = hashlib.sha256(head)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        reason = f"{shown}: the file cannot be opened ({error.strerror}); check its permissions"
        return Input(path, alone, "error", reason)
    if not head:
        return Input(path, alone, "empty", f"{shown}: the file is empty; download or export it again")
    kind = KINDS.get(os.path.splitext(path)[1].lower())
    if kind and b"%PDF-" not in head[:4096]:
        reason = f"{shown}: this is {kind}; save or print it as PDF and annotate that"
        return Input(path, digest.hexdigest(), "unsupported", reason)
    return Input(path, digest.hexdigest())

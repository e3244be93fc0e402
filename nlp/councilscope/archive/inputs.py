"""What the user names to the files that are meant: files, folders, patterns, lists, zip archives, addresses."""

from __future__ import annotations

import difflib
import glob
import hashlib
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from councilscope import office
from councilscope.annotate import printable
from councilscope.archive.files import member_of, member_trouble, members, open_input, zip_trouble
from councilscope.archive.place import filesystem, is_address
from councilscope.errors import ConfigError

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
    ".eml": "an e-mail",
    ".msg": "an e-mail",
}
REPORTS = (".pdf", *office.SUFFIXES)
CHUNK = 1 << 20
PATTERN = re.compile(r"[*?[]")


@dataclass(frozen=True)
class Input:
    """One file: its path, `doc_id`, and status and reason where it need not be opened to know that it fails."""

    path: str
    doc_id: str
    status: str | None = None
    reason: str | None = None


def expand(paths: Iterable[str | Path], stdin: TextIO | None = None) -> Iterator[str]:
    """The files meant by `paths`, each once, in the order given; folders give their PDF, Office and zip files, sorted,
    at any depth, and zip archives their PDF and Office files.

    `-` stands for a list on standard input, one path a line (or parted by NUL, as `find -print0` writes it), `@FILE`
    for such a list in a file; a path with `*`, `?` or `[…]` that is no file for all it matches (`**`: at any depth).
    Paths may be addresses that fsspec knows. Hidden files and folders within a folder are passed over; a folder that
    cannot be entered or holds no report, and a pattern that matches nothing, is given as it is, to be reported.
    """
    seen: set[str] = set()
    for given in paths:
        for name in _named(os.fspath(given), stdin):
            for path in _within(name.removeprefix("file://")):
                if (path := normal(path)) not in seen:
                    seen.add(path)
                    yield path


def normal(path: str) -> str:
    """A path in the one way of writing it; the name of a member in a zip archive stays as it is."""
    if is_address(path):
        return path
    path = path.removeprefix("file://")
    if inside := member_of(path):
        return f"{os.path.normpath(inside[0])}!/{inside[1]}"
    return os.path.normpath(path)


def _named(name: str, stdin: TextIO | None) -> list[str]:
    """The paths of a list, or the one path."""
    if name == "-":
        return _listed((stdin or sys.stdin).read())
    if not name.startswith("@") or os.path.lexists(name):
        return [name]
    try:
        with open(name[1:], encoding="utf-8", errors="surrogateescape") as file:
            return _listed(file.read())
    except OSError as error:
        raise ConfigError(f"{name[1:]}: the list of paths cannot be read ({error.strerror})") from None


def _listed(text: str) -> list[str]:
    return [line for line in (text.split("\0") if "\0" in text else text.splitlines()) if line.strip()]


def _within(name: str) -> Iterator[str]:
    """What a path stands for: itself, the files of a folder or of a zip archive, all that a pattern matches."""
    if is_address(name):
        found = _far(name)
    elif os.path.isdir(name):
        found = _folder(name)
    elif PATTERN.search(name) and not os.path.lexists(name) and not member_of(name):
        matched = sorted(glob.glob(name, recursive=True))
        found = [f for m in matched for f in (_folder(m) if os.path.isdir(m) else [m])] or [name]
    else:
        found = [name]
    for path in found:
        yield from _members(path) if path.lower().endswith(".zip") else [path]


def _members(path: str) -> list[str]:
    """The reports in a zip archive; the archive itself where it cannot be used, or holds none."""
    try:
        if (not is_address(path) and not os.path.isfile(path)) or zip_trouble(path):
            return [path]
        return [f"{path}!/{name}" for name in sorted(members(path)) if _is_report(name)] or [path]
    except OSError:
        return [path]


def _is_report(name: str) -> bool:
    base = name.rpartition("/")[2]
    return (
        base.lower().endswith((*REPORTS, ".zip"))
        and not base.startswith((".", "~$"))
        and "__MACOSX/" not in name
    )


def _far(address: str) -> list[str]:
    """The files behind an address: one, those of a folder, or those that a pattern matches."""
    system, path = filesystem(address)
    try:
        if PATTERN.search(path):
            found = system.glob(path)
        elif system.isdir(path):
            found = [f for f in system.find(path) if _is_report(f)]
        else:
            return [address]
    except Exception as error:  # each system has errors of its own
        raise ConfigError(f"{address}: the address cannot be read ({error})") from error
    return sorted(system.unstrip_protocol(f) for f in found) or [address]


def _folder(folder: str) -> list[str]:
    found: list[str] = []
    closed: list[str] = []
    for here, folders, files in os.walk(folder, onerror=lambda e: closed.append(str(e.filename))):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        found += [os.path.join(here, f) for f in files if _is_report(f)]
    return sorted(found) + sorted(closed) or [folder]


def look(path: str) -> Input:
    """Hash a file, and see what needs no reader to be seen. Opens nothing that is not a regular file."""
    shown = printable(path)
    status, reason = _trouble(path) or (None, None)
    if status:
        return Input(path, alone(shown), status, f"{shown}: {reason}")
    try:
        with open_input(path) as file:
            head = file.read(CHUNK)
            digest = hashlib.sha256(head)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except OSError as error:
        reason = f"{shown}: the file cannot be opened ({error.strerror or error}); check its permissions"
        return Input(path, alone(shown), "error", reason)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        reason = f"{shown}: it cannot be unpacked ({error}); download or pack the zip archive again"
        return Input(path, alone(shown), "damaged", reason)
    if not head:
        return Input(path, alone(shown), "empty", f"{shown}: the file is empty; download or export it again")
    kind = KINDS.get(os.path.splitext(path)[1].lower())
    if kind and b"%PDF-" not in head[:4096]:
        reason = f"{shown}: this is {kind}; save or print it as PDF and annotate that"
        return Input(path, digest.hexdigest(), "unsupported", reason)
    return Input(path, digest.hexdigest())


def alone(shown: str) -> str:
    """The `doc_id` of a file of which no byte could be read."""
    return hashlib.sha256(shown.encode()).hexdigest()


def _trouble(path: str) -> tuple[str, str] | None:
    """Why a file is not even opened: status and reason."""
    if inside := member_of(path):
        if not is_address(path) and not os.path.isfile(inside[0]):
            return "error", missing(inside[0])
        return member_trouble(*inside)
    if is_address(path):
        system, at = filesystem(path)
        return None if system.isfile(at) else ("error", "there is no report at this address; check it")
    if not os.path.lexists(path):
        return "error", missing(path)
    if os.path.isdir(path):
        if os.access(path, os.R_OK | os.X_OK):
            return "error", "no PDF or Office file is in this folder"
        return "error", "this folder cannot be entered; check its permissions"
    if not os.path.isfile(path):
        return "error", "this is not a regular file; name a PDF file"
    if path.lower().endswith(".zip"):
        return zip_trouble(path) or ("unsupported", "no PDF or Office file is in this zip archive")
    return None


def missing(path: str) -> str:
    """That there is no such file, with the name nearest to it beside it."""
    if PATTERN.search(path):
        return "no file matches this pattern; check it"
    folder, name = os.path.split(path.rstrip("/"))
    try:
        near = difflib.get_close_matches(name, os.listdir(folder or "."), 1, 0.7)
    except OSError:
        return f"there is no such file, nor a folder {printable(folder)}; check the path"
    meant = f"; did you mean {printable(os.path.join(folder, near[0]))}?" if near else "; check the path"
    return f"there is no such file{meant}"

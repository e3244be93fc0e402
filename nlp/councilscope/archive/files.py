"""The bytes behind an input: a file of this machine, a member of a zip archive (`reports.zip!/q1.pdf`), an address.

A member is read under the name that the archive gives it and never written under it; what an archive says of itself
(sizes, encryption, kinds) is judged before a byte is unpacked.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any

from councilscope.archive.place import filesystem, is_address

MEMBER = re.compile(r"(.+?\.zip)!/(.+)", re.I | re.S)
MAX_MEMBERS = 20_000
MAX_MEMBER = 1 << 30  # bytes of one member, unpacked
MAX_RATIO = 200  # bytes unpacked per byte packed, of the whole archive and of each member above SMALL
SMALL = 1 << 20
Bad = tuple[str, str]  # the contract's status, and what is wrong and what to do


def member_of(path: str) -> tuple[str, str] | None:
    """Archive and member where a path is one within a zip archive."""
    found = MEMBER.fullmatch(path)
    return (found[1], found[2]) if found and not os.path.lexists(path) else None


def zip_trouble(path: str) -> Bad | None:
    """Why a zip archive cannot be used at all."""
    try:
        infos = _zip(path).infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        return "damaged", f"the zip archive is damaged ({error}); download or pack it again"
    except OSError as error:
        return "error", f"the zip archive cannot be opened ({error.strerror or error}); check its permissions"
    if len(infos) > MAX_MEMBERS:
        return (
            "unsupported",
            f"the zip archive has more than {MAX_MEMBERS:,} members; unpack it and give the folder",
        )
    packed, unpacked = (
        _size(path),
        sum(i.file_size for i in infos if not _too_large(i)),
    )  # those are refused alone
    if unpacked > SMALL and unpacked > MAX_RATIO * packed:
        return "unsupported", (
            f"the zip archive would unpack to {unpacked >> 20:,} MiB, more than {MAX_RATIO} times its size; "
            "it looks like a bomb and was not opened"
        )
    return None


def members(path: str) -> list[str]:
    """The names within a zip archive, as they are, without folders."""
    return [info.filename for info in _zip(path).infolist() if not info.is_dir()]


def member_trouble(archive: str, name: str) -> Bad | None:
    """Why a member of a zip archive is not read."""
    if bad := zip_trouble(archive):
        return bad
    try:
        info = _zip(archive).getinfo(name)
    except KeyError:
        return "error", "there is no such member in the zip archive; check the name"
    parts = name.replace("\\", "/").split("/")
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "unsupported", "its name leads out of the zip archive; it was not opened, pack it again"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "unsupported", "it is a link, not a file; pack the file itself"
    if info.flag_bits & 1:
        return "encrypted", "the zip archive is protected by a password; unpack it and give the folder"
    if name.lower().endswith(".zip"):
        return "unsupported", "it is a zip archive within a zip archive; unpack it and give the folder"
    return _too_large(info)


def _too_large(info: zipfile.ZipInfo) -> Bad | None:
    """Why a member is too large to be unpacked, by what the archive says of it; reading ends at that size in any case."""
    if info.file_size > MAX_MEMBER:
        return "unsupported", f"it would unpack to more than {MAX_MEMBER >> 20:,} MiB; it was not opened"
    if info.file_size > SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        return "unsupported", (
            f"it would unpack to {info.file_size >> 20:,} MiB, more than {MAX_RATIO} times its packed size; "
            "it looks like a bomb and was not opened"
        )
    return None


def open_input(path: str) -> IO[bytes]:
    """Open an input for reading. OSError, also where a member of a zip archive is damaged only when read."""
    if inside := member_of(path):
        return _zip(inside[0]).open(inside[1])
    if is_address(path):
        system, at = filesystem(path)
        opened: IO[bytes] = system.open(at, "rb")
        return opened
    return open(path, "rb")


@contextlib.contextmanager
def on_this_machine(path: str, scratch: str | None) -> Iterator[str]:
    """A path to the input's bytes for those who cannot read from a stream; a copy in `scratch` where it must be."""
    if not member_of(path) and not is_address(path):
        yield path
        return
    suffix = os.path.splitext(path)[1][:10]
    with tempfile.NamedTemporaryFile(suffix=suffix, dir=scratch) as copy:
        with open_input(path) as source:
            shutil.copyfileobj(source, copy, 1 << 20)
        copy.flush()
        yield copy.name


def _zip(path: str) -> zipfile.ZipFile:
    if is_address(path):
        return _opened(path, None)
    facts = os.stat(path)
    return _opened(path, (facts.st_mtime_ns, facts.st_size))


@lru_cache(maxsize=2)  # the directory of an archive is read once, not for every member
def _opened(path: str, version: Any) -> zipfile.ZipFile:
    return zipfile.ZipFile(filesystem(path)[0].open(path, "rb") if is_address(path) else path)


def _size(path: str) -> int:
    if is_address(path):
        system, at = filesystem(path)
        return int(system.size(at) or 0)
    return os.path.getsize(path)

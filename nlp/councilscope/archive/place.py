"""Where a store lies: a folder of this machine, or an address that fsspec knows (`s3://bucket/archive`).

Both write files whole or not at all, in the order given, so that the last one is a batch's commit.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from councilscope.errors import ConfigError

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)
TEMPORARY = re.compile(r"\.part-.*\.tmp")
File = tuple[str, str, bytes]  # folder, name, content


def is_address(path: str | Path) -> bool:
    """Whether a path is one for fsspec and not of this machine (`file://` is)."""
    return isinstance(path, str) and bool(ADDRESS.match(path)) and not path.startswith("file://")


def filesystem(address: str) -> tuple[Any, str]:
    """fsspec's file system of an address, and the path within it. ConfigError where it cannot be had."""
    try:
        import fsspec
    except ImportError:
        raise ConfigError(
            f"{address}: addresses need fsspec; install it with: pip install fsspec, and s3fs for s3://"
        ) from None
    try:
        system, path = fsspec.core.url_to_fs(address)
        return system, str(path)
    except (ImportError, ValueError, OSError) as error:
        raise ConfigError(f"{address}: this address cannot be used ({error})") from error


def place(address: str | Path) -> Folder | Bucket:
    """The place that an address or a path names."""
    if is_address(address):
        return Bucket(str(address))
    return Folder(str(address).removeprefix("file://"))


class Folder:
    """A folder of this machine, or one that it has mounted."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def __str__(self) -> str:
        return str(self.path)

    def show(self, folder: str, name: str) -> str:
        """A file's path for people."""
        return str(self.path / folder / name)

    def exists(self) -> bool:
        return self.path.exists()

    def is_file(self) -> bool:
        return self.path.is_file()

    def make(self) -> None:
        (self.path / "documents").mkdir(parents=True, exist_ok=True)

    def names(self, folder: str = "") -> list[str]:
        """Names in a folder of the store, none where it is not there."""
        try:
            return sorted(os.listdir(self.path / folder))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def size(self) -> int:
        return sum(f.stat().st_size for f in self.path.rglob("*") if f.is_file())

    def source(self, folder: str, name: str) -> Any:
        """What pyarrow opens."""
        return self.path / folder / name

    def url(self, folder: str, name: str) -> str:
        """What DuckDB opens."""
        return os.path.abspath(self.path / folder / name)

    def read(self, folder: str, name: str) -> bytes:
        return (self.path / folder / name).read_bytes()

    def put(self, files: Sequence[File]) -> None:
        for folder, name, content in files:
            (self.path / folder).mkdir(parents=True, exist_ok=True)
            with open(self.path / folder / f".{name}.tmp", "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for folder, name, _ in files:
            self.rename(folder, f".{name}.tmp", name)
        _sync(self.path)

    def rename(self, folder: str, old: str, new: str) -> None:
        os.replace(self.path / folder / old, self.path / folder / new)
        _sync(self.path / folder)

    def remove(self, folder: str, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            (self.path / folder / name).unlink()

    def mark(self, folder: str, name: str) -> None:
        """Make an empty file."""
        (self.path / folder).mkdir(parents=True, exist_ok=True)
        (self.path / folder / name).touch()

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the store for writing until the block, or the process, ends. ConfigError where another holds it."""
        self.make()
        with open(self.path / ".lock", "ab") as file:
            _lock(file, str(self.path))
            yield


class Bucket:
    """A place behind fsspec. An object store puts an object whole or not at all; it has no lock."""

    def __init__(self, address: str) -> None:
        self.address = address.rstrip("/")
        self.system, path = filesystem(self.address)
        self.root = PurePosixPath(path)

    def __str__(self) -> str:
        return self.address

    def show(self, folder: str, name: str) -> str:
        return f"{self.address}/{folder}/{name}"

    def exists(self) -> bool:
        return bool(self.names())

    def is_file(self) -> bool:
        return bool(self.system.isfile(str(self.root)))

    def make(self) -> None:
        """Nothing: folders are there with their first file."""

    def names(self, folder: str = "") -> list[str]:
        where = str(self.root / folder)
        try:
            self.system.invalidate_cache(where)
            found = self.system.ls(where, detail=False)
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(PurePosixPath(f).name for f in found)

    def size(self) -> int:
        return int(self.system.du(str(self.root)))

    def source(self, folder: str, name: str) -> Any:
        return self.system.open(self._at(folder, name), "rb")

    def url(self, folder: str, name: str) -> str:
        return str(self.system.unstrip_protocol(self._at(folder, name)))

    def read(self, folder: str, name: str) -> bytes:
        return bytes(self.system.cat_file(self._at(folder, name)))

    def put(self, files: Sequence[File]) -> None:
        for folder, name, content in files:
            try:
                self.system.pipe_file(self._at(folder, name), content)
            except FileNotFoundError:  # a system that has folders
                self.system.makedirs(str(self.root / folder), exist_ok=True)
                self.system.pipe_file(self._at(folder, name), content)

    def rename(self, folder: str, old: str, new: str) -> None:
        self.system.copy(self._at(folder, old), self._at(folder, new))
        self.remove(folder, old)

    def remove(self, folder: str, name: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self.system.rm_file(self._at(folder, name))

    def mark(self, folder: str, name: str) -> None:
        self.put([(folder, name, b"")])

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        yield

    def _at(self, folder: str, name: str) -> str:
        return str(self.root / folder / name)


def _sync(folder: Path) -> None:
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _lock(file: Any, where: str) -> None:
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

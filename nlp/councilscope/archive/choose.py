"""What `--redo` and `store remove` choose documents by: status, path, the version of what read them."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from councilscope.frames import WORDS

STATUSES = WORDS["documents", "status"]
HELP = (
    "failed, a status (timeout, partial, …), path:PATTERN (path:*2019*), reader (read by another version of the "
    "program), models (by other models), ROLE=VERSION (reader=0.1.0, tagger=…), all"
)

Choice = Callable[[Mapping[str, Any]], bool]
Models = Callable[[], Sequence[Mapping[str, str]]]


def choice(words: Sequence[str], now: Models = list) -> Choice:
    """Whether a row of `documents` (`status`, `paths`, `models`) is meant by any of these words.

    `now` gives the models and the reader in use, for the words that compare with them. ValueError for a word
    that means nothing, with the words there are.
    """
    tests = [_test(word.strip(), now) for word in words]
    return lambda row: any(test(row) for test in tests)


def _test(word: str, now: Models) -> Choice:
    key, colon, pattern = word.partition(":")
    if colon and key == "path" and pattern:
        return lambda row: any(_matches(path, pattern) for path in row["paths"])
    role, equals, version = word.partition("=")
    if equals and role and version:
        return lambda row: any(m["role"] == role and _is(m, version) for m in row["models"])
    if word == "all":
        return lambda row: True
    if word == "failed":
        return lambda row: row["status"] not in ("ok", "partial")
    if word in STATUSES:
        return lambda row: row["status"] == word
    if word == "reader":
        return lambda row: _by(row, True) != _by({"models": now()}, True)
    if word == "models":
        return lambda row: row["status"] in ("ok", "partial") and not _same_models(row, now())
    raise ValueError(f"{word!r} chooses nothing; write {HELP}")


def _matches(path: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"*/{pattern}")


def _is(model: Mapping[str, str], version: str) -> bool:
    return model["version"] == version or (len(version) >= 6 and model["hash"].startswith(version))


def _by(row: Mapping[str, Any], reader: bool) -> list[tuple[str, str]]:
    return [(m["version"], m["hash"]) for m in row["models"] if (m["role"] == "reader") == reader]


def _same_models(row: Mapping[str, Any], now: Sequence[Mapping[str, str]]) -> bool:
    used = {m["role"]: dict(m) for m in row["models"]}
    return all(used.get(m["role"]) == dict(m) for m in now if m["role"] != "reader")

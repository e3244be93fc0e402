"""What the manifest of a model folder says of the run that made it."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from typing import Any

from training import corpus

VERSION = "1.0.0"


def data_hash() -> str:
    """One hash over the corpus files and who is in which split."""
    digest = hashlib.sha256()
    for path in (*corpus.files(), corpus.PHRASES):
        digest.update(path.read_bytes())
    for split in corpus.SPLITS:
        digest.update(json.dumps([split, sorted(corpus.authors(split))]).encode())
    return digest.hexdigest()


def run_facts(
    name: str,
    libraries: list[str],
    settings: dict[str, Any],
    texts: int,
    fitted: list[str],
    chosen: list[str],
) -> dict[str, Any]:
    """What a manifest says of a run: `fitted` and `chosen` are the splits for training and for choosing settings."""
    return {
        "name": name,
        "version": VERSION,
        "data": {"sha256": data_hash(), "texts": texts, "fitted_on": fitted, "chosen_on": chosen},
        "settings": settings,
        "libraries": {"python": platform.python_version(), **{lib: version(lib) for lib in libraries}},
    }

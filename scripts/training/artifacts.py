"""Files of a model folder: arrays whose bytes depend on nothing but their numbers, and the manifest."""

from __future__ import annotations

import hashlib
import io
import json
import platform
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

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


def write_npz(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """An .npz whose bytes depend on its arrays alone (no time stamps)."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in sorted(arrays.items()):
            buffer = io.BytesIO()
            np.save(buffer, np.ascontiguousarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())


def write_manifest(folder: Path, facts: dict[str, Any], files: list[str]) -> None:
    """`manifest.json` with the hash of every file that the model consists of."""
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in sorted(files)}
    text = json.dumps({**facts, "files": hashes}, indent=2, ensure_ascii=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")

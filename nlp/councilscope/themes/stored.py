"""Theme models on disk: `classifier.json`, `classifier.npz`, `manifest.json`; read without scikit-learn."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from councilscope.codebook import Codebook, from_table, shipped
from councilscope.encoder import model_folder, read_manifest
from councilscope.errors import ConfigError
from councilscope.themes.scorer import Scorer

FILES = ("classifier.json", "classifier.npz")
S = TypeVar("S", bound=Scorer)


def facts_of(scorer: Scorer, parameters: dict[str, Any]) -> dict[str, Any]:
    """What is no number about a fitted classifier, for its JSON file; the project's own codebook is not repeated."""
    book = scorer.codebook
    table = None
    if book is not None:
        table = {
            "name": book.name,
            "description": book.description,
            "theme": [
                {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(c).items()} for c in book.codes
            ],
        }
    return {
        "parameters": {k: v for k, v in parameters.items() if k != "codebook"},
        "codebook": table,
        "themes": [str(c) for c in scorer.classes_],
        "vocabulary": list(scorer.vocabulary_),
        "characters": list(scorer.chars_),
    }


def restored(kind: type[S], path: Path | None, encoder: Path | None = None) -> tuple[S, dict[str, Any]]:
    """The classifier in a folder (None: the shipped one) as a `kind`, and its manifest.

    ConfigError where a file is missing or damaged, or the classifier was fitted with another encoder or for other
    themes than are there now.
    """
    folder = model_folder("themes", path)
    again = "run scripts/train themes" if path is None else "train it again with `councilscope themes train`"
    manifest = read_manifest(folder)
    try:
        facts = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
        book = codebook_of(facts, folder)
        with np.load(folder / FILES[1], allow_pickle=False) as stored:
            scorer = kind.restored(facts, {k: stored[k] for k in stored.files}, book)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{folder} is not a theme classifier of this version ({error}); "
            + ("reinstall councilscope" if path is None else again)
        ) from error
    if book is None and list(scorer.classes_) != list(shipped().ids):
        raise ConfigError(f"{folder} was fitted for other themes than data/themes.toml lists; {again}")
    base = model_folder("tagger", encoder)
    if read_manifest(base)["files"]["encoder.onnx"] != manifest.get("encoder"):
        raise ConfigError(f"{folder} was fitted with another encoder than {base} holds; {again}")
    return scorer, manifest


def codebook_of(facts: dict[str, Any], folder: Path) -> Codebook | None:
    """The codebook that a model brings along; None where it is the project's own."""
    return from_table(facts["codebook"], str(folder)) if facts["codebook"] else None

"""One vector a word piece and one a text, from the shipped ONNX encoder.

The model is a small BERT (see `models/tagger/README.md`) run by onnxruntime on one thread, one text at a time:
no padding, so a text's vectors do not depend on what else is in the batch or in which order it comes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from councilscope.errors import ConfigError
from councilscope.records import ModelInfo

if TYPE_CHECKING:
    import onnxruntime
    from tokenizers import Tokenizer

WINDOW = 512
"""The most pieces the encoder takes at once, markers included."""
OVERLAP = 64
"""How many pieces two windows of a long text share at least."""


def model_folder(name: str, path: Path | None = None) -> Path:
    """Where a shipped model lies: `path` if given, else in the installed package, else in the checkout."""
    if path is not None:
        places = [Path(path)]
    else:
        package = Path(str(resources.files("councilscope")))
        places = [package / "models" / name, package.parents[1] / "models" / name]
    for place in places:
        if (place / "manifest.json").is_file():
            return place
    raise ConfigError(
        f"The model '{name}' is missing; looked in {', '.join(map(str, places))}. Reinstall councilscope."
    )


def read_manifest(folder: Path) -> dict[str, Any]:
    """The model's manifest, after every file it lists was found whole; `ConfigError` otherwise."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        files: dict[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{folder / 'manifest.json'} cannot be read ({error}); reinstall councilscope"
        ) from error
    for name, wanted in files.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ConfigError(f"{folder / name} is missing; reinstall councilscope") from error
        if found != wanted:
            raise ConfigError(
                f"{folder / name} is damaged or of another version (its hash differs); reinstall councilscope"
            )
    return dict(manifest)


def model_info(manifest: dict[str, Any]) -> ModelInfo:
    """Name, version and one hash over all files of a model."""
    together = hashlib.sha256(json.dumps(manifest["files"], sort_keys=True).encode()).hexdigest()
    return ModelInfo(name=manifest["name"], version=manifest["version"], hash=together)


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


def windows(length: int, starts: Sequence[int], room: int, overlap: int = OVERLAP) -> list[tuple[int, int]]:
    """Cut `length` pieces into overlapping stretches of at most `room`, beginning at `starts` where that is possible.

    `starts` are piece indexes at which sentences or lines begin, ascending. Every piece is in a stretch.
    """
    out, begin = [], 0
    while length - begin > room:
        end = max((s for s in starts if begin + room // 2 < s <= begin + room), default=begin + room)
        out.append((begin, end))
        begin = max((s for s in starts if end - room // 2 <= s <= end - overlap), default=end - overlap)
    out.append((begin, length))
    return out


class Encoder:
    """The shipped encoder; `threads` is the number of onnxruntime's threads."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.folder, self.threads = folder, threads

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The word piece tokenizer, without padding or truncation."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return tokenizer

    @cached_property
    def session(self) -> onnxruntime.InferenceSession:
        """The running model."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        path = self.folder / "encoder.onnx"
        try:
            return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has many kinds, none public
            raise ConfigError(f"{path} cannot be loaded ({error}); reinstall councilscope") from error

    def vectors(self, ids: np.ndarray, starts: Sequence[int] = (), prefix: int = 1) -> np.ndarray:
        """One float32 vector a piece (n x width) for the piece ids of one text.

        `ids` begins with `prefix` pieces that every window repeats ([CLS] and the section's name) and ends with
        [SEP]. A text of more than `WINDOW` pieces is read in overlapping windows that begin at `starts` where
        possible; a piece that two windows share takes its vector from the one in which it is farther from the cut.
        """
        if len(ids) <= WINDOW:
            return np.asarray(self.session.run(None, {"ids": ids})[0])
        head, body, tail = ids[:prefix], ids[prefix:-1], ids[-1:]
        cuts = windows(len(body), [s - prefix for s in starts if s > prefix], WINDOW - prefix - 1)
        out: np.ndarray | None = None
        for k, (begin, end) in enumerate(cuts):
            piece = self.session.run(None, {"ids": np.concatenate([head, body[begin:end], tail])})[0]
            if out is None:
                out = np.zeros((len(ids), piece.shape[1]), np.float32)
                out[:prefix] = piece[:prefix]
            keep = begin if k == 0 else (begin + cuts[k - 1][1]) // 2
            out[prefix + keep : prefix + end] = piece[prefix + keep - begin : prefix + end - begin]
            out[-1] = piece[-1]
        assert out is not None
        return out

    def encode(self, texts: Iterable[str]) -> np.ndarray:
        """One unit-length float32 vector a text (n x width): the mean of its pieces' vectors."""
        rows = []
        for text in texts:
            ids = np.array(self.tokenizer.encode(text).ids, np.int64)
            mean = self.vectors(ids).mean(axis=0)
            rows.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
        return np.stack(rows) if rows else np.zeros((0, 0), np.float32)

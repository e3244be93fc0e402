"""The encoder: windows lose nothing, vectors depend on the text alone."""

from __future__ import annotations

import itertools
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope.encoder import WINDOW, Encoder, model_folder, read_manifest, windows
from councilscope.errors import ConfigError


@given(st.integers(1, 3000), st.lists(st.integers(1, 3000), unique=True).map(sorted))
def test_windows_cover_every_piece_and_share_some(length: int, starts: list[int]) -> None:
    cuts = windows(length, [s for s in starts if s < length], 500)
    assert cuts[0][0] == 0 and cuts[-1][1] == length
    assert all(0 < b - a <= 500 for a, b in cuts)
    assert all(a < c <= b - 64 and d > b for (a, b), (c, d) in itertools.pairwise(cuts))


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(model_folder("tagger"))


def test_vectors_of_texts_do_not_depend_on_the_batch(encoder: Encoder) -> None:
    texts = ["Snow in March", "The Head of Finance will report to Cabinet by the end of the year", "x"]
    together = encoder.encode(texts)
    assert together.shape[0] == 3 and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.array_equal(together[::-1], encoder.encode(texts[::-1]))


def test_no_character_is_unknown(encoder: Encoder) -> None:
    unknown = encoder.tokenizer.token_to_id("[UNK]")
    for word in ["Ynys Môn", "£1,200", "antidisestablishmentarianism", "qzxv", "50%", "–", "’"]:
        assert unknown not in encoder.tokenizer.encode(word).ids


def test_long_inputs_get_a_vector_for_each_piece(encoder: Encoder) -> None:
    ids = np.array(encoder.tokenizer.encode("The target was missed. " * 400).ids, np.int64)
    assert len(ids) > 3 * WINDOW
    vectors = encoder.vectors(ids)
    assert vectors.shape[0] == len(ids) and np.all(np.abs(vectors).sum(axis=1) > 0)


def test_a_manifest_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ConfigError, match=r"manifest\.json"):
        read_manifest(tmp_path)


def test_a_file_gone_from_a_model_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "m"
    folder.mkdir()
    shutil.copy(model_folder("tagger") / "manifest.json", folder)
    name = sorted(json.loads((folder / "manifest.json").read_text())["files"])[0]
    with pytest.raises(ConfigError, match=name):
        read_manifest(folder)

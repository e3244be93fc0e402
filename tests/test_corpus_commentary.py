"""The annotated commentary: every text is sound, no author on two sides, no text twice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from training import corpus

TEXTS = corpus.read()


@pytest.mark.parametrize("path", corpus.files(), ids=lambda p: p.name)
def test_every_text_is_sound(path: Path) -> None:
    texts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(t["id"], f) for t in texts for f in corpus.faults(t)] == []


def test_ids_and_texts_are_not_used_twice() -> None:
    assert [i for i, n in Counter(t["id"] for t in TEXTS).items() if n > 1] == []
    assert [b for b, n in Counter(t["text"] for t in TEXTS).items() if n > 1] == []


def test_every_author_is_in_exactly_one_split() -> None:
    table = json.loads((corpus.FOLDER / "splits.json").read_text(encoding="utf-8"))
    placed = Counter(a for name in corpus.SPLITS for a in table[name])
    assert set(placed) == {t["author"] for t in TEXTS} and set(placed.values()) == {1}


def test_restated_commentary_is_for_development_only() -> None:
    restated = {t["text"] for t in corpus.lines(corpus.FOLDER / "restated.jsonl")}
    assert restated == {t["text"] for t in corpus.split("development")}
    assert not restated & {t["text"] for t in corpus.split("train", "validation", "reporting")}


@pytest.mark.parametrize("name", corpus.second_annotations())
def test_a_second_annotation_is_sound_and_of_texts_in_the_corpus(name: str) -> None:
    annotated = corpus.second_annotations()[name]
    assert [(t["id"], f) for t in annotated for f in corpus.faults(t)] == []
    assert {t["text"] for t in annotated} <= {t["text"] for t in TEXTS}


def test_the_checker_sees_faults() -> None:
    text = {
        "text": "The team will act.",
        "section": "reason",
        "themes": ["gardening"],
        "spans": [
            {"start": 0, "end": 8, "label": "OWNER", "text": "The team", "attrs": {"kind": "team"}},
            {"start": 9, "end": 18, "label": "ACTION", "text": "will act.", "attrs": {"status": "maybe"}},
        ],
        "relations": [{"label": "due", "head": 1, "tail": 0}],
    }
    found = " ".join(corpus.faults(text))
    for word in ("article", "punctuation", "status", "gardening", "relation due"):
        assert word in found

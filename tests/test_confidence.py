"""How sure a block is read right: a probability, never raised by a doubt, that tells right blocks from wrong ones."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import lexicon
from councilscope.blocks import confidence
from councilscope.blocks.confidence import DOUBTS, FACTS, facts_of, probability
from councilscope.blocks.draft import Draft
from councilscope.errors import ConfigError
from councilscope.geometry import Box
from councilscope.page import Line, Word
from councilscope.status import Evidence
from councilscope.text import Paragraph

SAMPLE = Path(__file__).resolve().parents[1] / "corpus/layouts/sample"
SHARES = st.floats(0, 1)
SETS = st.fixed_dictionaries(dict.fromkeys(FACTS, SHARES))


@given(SETS)
def test_it_is_a_probability(facts: dict[str, float]) -> None:
    assert 0 < probability(facts) < 1


@given(SETS, st.sampled_from(DOUBTS), SHARES)
def test_a_doubt_never_raises_it(facts: dict[str, float], doubt: str, more: float) -> None:
    doubted = {**facts, doubt: max(facts[doubt], more)}
    assert probability(doubted) <= probability(facts)


def test_conflicts_and_unread_cells_lower_it() -> None:
    sure = {**dict.fromkeys(FACTS, 0.0), "status": 1.0}
    for doubt in ("conflict", "unread", "cut", "odd_title", "outside"):
        assert probability({**sure, doubt: 1.0}) < probability(sure) - 0.05, doubt


def test_a_file_of_other_facts_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        confidence, "load_toml", lambda name: {"constant": 0.0, "weights": {"form": 1.0, "old": 1.0}}
    )
    confidence.weights.cache_clear()
    with pytest.raises(ConfigError, match=r"conflict.*old.*scripts/train confidence"):
        confidence.weights()
    confidence.weights.cache_clear()


def test_the_file_says_what_it_was_fitted_on() -> None:
    text = (Path(lexicon.__file__).parent / "data/confidence.toml").read_text(encoding="utf-8")
    assert "scripts/train confidence" in text and "seeds" in text and "SHA-256" in text


def paragraph(text: str) -> Paragraph:
    words = tuple(Word(w, Box(1, 50.0 + 10 * i, 100, 58.0 + 10 * i, 110)) for i, w in enumerate(text.split()))
    return Paragraph((Line(words, words[0].box),), words[0].box)


def drafts(*texts: str) -> list[Draft]:
    made = [Draft(f"Measure of thing number {k}") for k in range(len(texts))]
    for d, text in zip(made, texts, strict=True):
        d.note("note", None, [paragraph(text)])
    return made


def test_a_text_without_an_end_counts_where_the_others_have_one() -> None:
    whole = "Several of the visits were late because two of the vans broke down."
    part = whole.removesuffix(" vans broke down.")
    assert [f["cut"] for f in facts_of(drafts(whole, part, whole, whole), {}, (), ())] == [0, 1, 0, 0]
    assert [f["cut"] for f in facts_of(drafts(part, part, part), {}, (), ())] == [0, 0, 0]


def test_words_beside_a_block_count_on_its_own_pages() -> None:
    near, far = Draft("Bins collected on time", page=1), Draft("Calls answered in time", page=2)
    near.status = [Evidence("red", "text")]
    found = facts_of([near, far], {1: 0.4}, [0], ())
    assert [f["outside"] for f in found] == [0.4, 0.0]
    assert [f["conflict"] for f in found] == [1, 0]
    assert [f["status"] for f in found] == [1, 0]


def test_it_tells_more_than_a_constant_on_reports_it_was_not_fitted_on() -> None:
    """The committed sample, whose seeds the weights were not fitted on."""
    from training.fit_confidence import FITTED, brier
    from training.right_blocks import read_all

    pdfs = sorted(SAMPLE.glob("*.pdf"))
    assert not any(pdf.stem.endswith(f"-{seed}") for pdf, seed in product(pdfs, FITTED))
    blocks = read_all(pdfs)
    right = [float(b.right) for b in blocks]
    share = sum(right) / len(right)
    assert brier([probability(b.facts) for b in blocks], right) < 0.9 * brier([share] * len(right), right)

"""The search for a text's spans: the best set there is, never over a line's start, never over each other."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from councilscope.tagging import segments


def _heads(labels: int, width: int, inner: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    shapes = {
        "words.weight": (3 * labels, width),
        "words.bias": (3 * labels,),
        "first.weight": (inner, width),
        "first.bias": (inner,),
        "last.weight": (inner, width),
        "last.bias": (inner,),
        "pair": (labels, inner, inner),
        "lengths": (labels, segments.LONGEST),
    }
    return {f"segments.{name}": rng.normal(size=shape) for name, shape in shapes.items()}


def _best_by_hand(scores: np.ndarray) -> float:
    """The most that spans which do not overlap can score together, by trying all sets."""
    n = len(scores)
    spans = [(j - k, j + 1, scores[j, k]) for j in range(n) for k in range(j + 1)]
    most = 0.0
    for count in range(1, n + 1):
        for some in combinations(spans, count):
            ordered = sorted(some)
            if all(a[1] <= b[0] for a, b in pairwise(ordered)):
                most = max(most, sum(s[2] for s in some))
    return most


@given(st.integers(0, 10_000), st.integers(1, 4))
def test_no_other_set_of_spans_scores_more(seed: int, n: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(2, n, n)).astype(np.float32)
    scores[:, np.arange(n)[:, None] < np.arange(n)] = segments.NEVER
    for k, spans in enumerate(segments.best(scores)):
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        assert all(0 <= a < b <= n for a, b in spans)
        total = sum(float(scores[k, b - 1, b - 1 - a]) for a, b in spans)
        assert abs(total - _best_by_hand(scores[k])) < 1e-4


def test_a_span_scores_its_words_its_pair_of_edges_and_its_length() -> None:
    rng = np.random.default_rng(3)
    words, heads = rng.normal(size=(6, 8)), _heads(2, 8, 4, rng)
    scores = segments.scores(words, np.zeros(6, int), heads)
    parts = words @ heads["segments.words.weight"].T + heads["segments.words.bias"]
    for k in range(2):
        for a in range(6):
            for b in range(a + 1, 7):
                first = np.maximum(
                    words[a] @ heads["segments.first.weight"].T + heads["segments.first.bias"], 0
                )
                last = np.maximum(
                    words[b - 1] @ heads["segments.last.weight"].T + heads["segments.last.bias"], 0
                )
                wanted = parts[a, 3 * k] + parts[a + 1 : b, 3 * k + 1].sum() + parts[b - 1, 3 * k + 2]
                wanted += parts[a, 3 * k + 1] + first @ heads["segments.pair"][k] @ last / 2
                wanted += heads["segments.lengths"][k, b - a - 1]
                assert np.isclose(scores[k, b - 1, b - a - 1], wanted, atol=1e-4)


@given(st.integers(0, 10_000), st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_no_span_runs_over_the_start_of_a_line(seed: int, lengths: list[int]) -> None:
    rng = np.random.default_rng(seed)
    lines = np.repeat(np.arange(len(lengths)), lengths)
    heads = _heads(2, 8, 4, rng)
    heads["segments.lengths"] += 5
    for spans in segments.best(segments.scores(rng.normal(size=(len(lines), 8)), lines, heads)):
        assert all(lines[a] == lines[b - 1] for a, b in spans)


def test_a_text_without_words_has_no_spans() -> None:
    rng = np.random.default_rng(1)
    scores = segments.scores(np.zeros((0, 8)), np.zeros(0, int), _heads(2, 8, 4, rng))
    assert segments.best(scores) == [[], []]

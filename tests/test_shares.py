"""How sure a share is: clusters, intervals, correction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import shares
from councilscope.shares import Errors


def of(hits: list[int], sizes: list[int]) -> shares.Shares:
    return shares.shares(np.array(hits, float)[:, None], np.array(sizes, float))


def width(found: shares.Shares) -> float:
    return float(found.high[0] - found.low[0])


def test_texts_that_are_alike_within_councils_give_a_wider_interval() -> None:
    spread = of([50] * 10, [100] * 10)
    bunched = of([100] * 5 + [0] * 5, [100] * 10)
    assert spread.share[0] == bunched.share[0] == 0.5
    assert width(bunched) > 0.5 > 0.05 > width(spread)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(1)
    held = 0
    for trial in range(200):
        rates = rng.beta(2, 6, size=8)  # councils differ; the true share is a quarter
        hits = rng.binomial(40, rates)
        made = shares.shares(hits[:, None].astype(float), np.full(8, 40.0), draws=400, seed=trial)
        held += bool(made.low[0] <= 0.25 <= made.high[0])
    assert 0.9 <= held / 200 <= 1.0


def test_few_clusters_are_told_by_wider_intervals() -> None:
    assert shares.widening(2) > shares.widening(5) > shares.widening(50) > 1
    assert np.isnan(of([3], [10]).low[0]) and of([3], [10]).share[0] == pytest.approx(0.3)


def test_none_and_all_do_not_look_certain() -> None:
    nothing, everything = of([0] * 6, [20] * 6), of([20] * 6, [20] * 6)
    assert nothing.low[0] == 0 and 0.02 < nothing.high[0] < 0.3
    assert everything.high[0] == 1 and everything.low[0] == pytest.approx(1 - nothing.high[0])
    assert np.isnan(shares.shares(np.zeros((0, 1)), np.zeros(0)).share[0])


def test_the_same_numbers_give_the_same_interval() -> None:
    assert of([1, 5, 9], [10] * 3).low.tolist() == of([1, 5, 9], [10] * 3).low.tolist()


def test_each_group_is_drawn_from_councils_then_reports_then_blocks() -> None:
    group = np.array([0, 0, 1, 1, 2, 2, 3])
    levels = [
        np.array(level) for level in ([0, 1, 0, 0, 0, 0, 0], [0, 1, 2, 3, 4, 4, 5], [0, 1, 2, 3, 4, 5, 6])
    ]
    carried = np.array([0, 2, 3, 4]), np.array([0, 0, 1, 1])
    told = shares.of_groups(group, levels, carried, (5, 2), least=2)
    assert [t and (t.unit, t.clusters) for t in told] == [(0, 2), (1, 2), (2, 2), None, None]
    assert [t.found.share.tolist() for t in told if t] == [[0.5, 0], [0.5, 0.5], [0, 0.5]]


def test_correction_gives_back_the_true_share() -> None:
    # 200 of 1,000 have it; a classifier of sensitivity 0.8 and specificity 0.95 finds 160 + 40.
    errors = Errors(right=800, missed=200, wrong=50, without=950)
    hits, sizes = np.full((10, 1), 20.0), np.full(10, 100.0)
    made = shares.corrected(hits, sizes, [errors])
    assert made.share[0] == pytest.approx(0.2)
    assert made.low[0] < 0.2 < made.high[0]


def test_error_rates_from_few_texts_widen_the_corrected_interval() -> None:
    hits, sizes = np.array([[18.0], [22.0], [25.0], [15.0], [20.0]]), np.full(5, 100.0)
    many, few = Errors(800, 200, 50, 950), Errors(16, 4, 2, 38)
    assert width(shares.corrected(hits, sizes, [few])) > width(shares.corrected(hits, sizes, [many]))


@pytest.mark.parametrize(
    "errors", [None, Errors(3, 2, 1, 90), Errors(50, 50, 50, 50), Errors(90, 10, 300, 700)]
)
def test_what_cannot_be_corrected_is_missing(errors: Errors | None) -> None:
    """No errors, too few texts, no better than chance, and less found than the false alarms alone would give."""
    made = shares.corrected(np.full((6, 1), 1.0), np.full(6, 100.0), [errors])
    assert np.isnan(made.share[0]) and np.isnan(made.low[0])


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=12))
def test_ends_lie_around_the_share_and_within_0_and_1(pairs: list[tuple[int, int]]) -> None:
    hits, sizes = [min(p) for p in pairs], [max(p) for p in pairs]
    made = shares.shares(np.array(hits, float)[:, None], np.array(sizes, float), draws=100)
    if not np.isnan(made.low[0]):
        assert 0 <= made.low[0] <= made.share[0] <= made.high[0] <= 1

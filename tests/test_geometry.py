"""Laws of boxes: union, enclosure, intersection, clustering."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import geometry
from councilscope.geometry import Box

SIDE = st.integers(-2000, 2000).map(lambda n: n / 4)


@st.composite
def boxes(draw: st.DrawFn, pages: int = 1) -> Box:
    x0, y0 = draw(SIDE), draw(SIDE)
    width, height = draw(st.integers(0, 800)) / 4, draw(st.integers(0, 800)) / 4
    return Box(draw(st.integers(1, pages)), x0, y0, x0 + width, y0 + height)


@given(boxes(), boxes(), boxes())
def test_union_is_the_least_box_around_both(a: Box, b: Box, c: Box) -> None:
    both = a.union(b)
    assert both.contains(a) and both.contains(b)
    assert both == b.union(a)
    assert both.union(c) == a.union(b.union(c))
    assert a.union(a) == a
    if c.contains(a) and c.contains(b):
        assert c.contains(both)
    assert both.area >= max(a.area, b.area)


@given(boxes(), boxes())
def test_intersection_is_symmetric_and_no_larger_than_either(a: Box, b: Box) -> None:
    shared = a.intersection(b)
    assert shared == b.intersection(a)
    assert 0 <= shared <= min(a.area, b.area)
    assert a.intersection(a) == a.area
    if a.contains(b):
        assert shared == b.area
    sides = geometry.overlap_1d(a.x0, a.x1, b.x0, b.x1) * geometry.overlap_1d(a.y0, a.y1, b.y0, b.y1)
    assert shared == sides


@given(boxes(), st.integers(0, 100))
def test_a_grown_box_holds_the_old_one_by_just_that_much(box: Box, by: int) -> None:
    grown = box.grow(by)
    assert grown.contains(box)
    assert box.contains(grown, slack=by)
    assert (grown.cx, grown.cy) == (box.cx, box.cy)
    assert grown.contains_point(box.x0 - by, box.y1 + by)
    assert not grown.contains_point(box.x0 - by - 1, box.cy)


@given(st.lists(boxes(), min_size=1, max_size=6))
def test_enclose_is_the_union_of_all_in_any_order(found: list[Box]) -> None:
    whole = geometry.enclose(found)
    assert all(whole.contains(b) for b in found)
    assert whole == geometry.enclose(reversed(found))
    for side in ("x0", "y0"):
        assert getattr(whole, side) == min(getattr(b, side) for b in found)
    for side in ("x1", "y1"):
        assert getattr(whole, side) == max(getattr(b, side) for b in found)


@given(st.lists(boxes(pages=3), max_size=8))
def test_per_page_gives_one_box_a_page_in_order(found: list[Box]) -> None:
    out = geometry.per_page(found)
    assert [b.page for b in out] == sorted({b.page for b in found})
    for b in out:
        assert b == geometry.enclose(x for x in found if x.page == b.page)


def test_boxes_on_two_pages_share_nothing_and_cannot_be_united() -> None:
    a, b = Box(1, 0, 0, 10, 10), Box(2, 0, 0, 10, 10)
    assert a.intersection(b) == 0
    assert not a.contains(b)
    with pytest.raises(ValueError, match="pages 1 and 2"):
        a.union(b)
    with pytest.raises(ValueError, match="several pages"):
        geometry.enclose([a, b])
    with pytest.raises(ValueError, match="no box"):
        geometry.enclose([])


def test_boxes_that_only_touch_share_no_area() -> None:
    assert Box(1, 0, 0, 10, 10).intersection(Box(1, 10, 0, 20, 10)) == 0
    assert geometry.overlap_1d(0, 10, 10, 20) == 0
    assert geometry.overlap_1d(0, 10, 30, 40) == 0


@given(st.lists(SIDE, max_size=20), st.integers(0, 40))
def test_clusters_are_sorted_and_further_apart_than_the_tolerance(
    values: list[float], tolerance: int
) -> None:
    centres = geometry.cluster(values, tolerance)
    groups = geometry.cluster_items(values, lambda v: v, tolerance)
    assert centres == sorted(centres)
    assert [v for g in groups for v in g] == sorted(values)
    assert centres == pytest.approx([sum(g) / len(g) for g in groups])
    for g, after in itertools.pairwise(groups):
        assert after[0] - g[-1] > tolerance
    for g in groups:
        assert all(b - a <= tolerance for a, b in itertools.pairwise(g))

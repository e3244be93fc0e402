"""Boxes on pages and the few things one does with them. Units are PDF points, origin top left, pages from 1."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots, for what there are thousands of on a page.

    That it is frozen is the type checker's business only: to check it at run time as well makes each three times
    as dear to build.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


@record
class Box:
    """A rectangle on one page. Boxes on different pages never overlap and cannot be united."""

    page: int
    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        w, h = self.x1 - self.x0, self.y1 - self.y0
        return w * h if w > 0 and h > 0 else 0.0

    @property
    def cx(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def cy(self) -> float:
        return (self.y0 + self.y1) / 2

    def contains_point(self, x: float, y: float, slack: float = 0.0) -> bool:
        return self.x0 - slack <= x <= self.x1 + slack and self.y0 - slack <= y <= self.y1 + slack

    def contains(self, other: Box, slack: float = 0.0) -> bool:
        return (
            self.page == other.page
            and self.x0 - slack <= other.x0
            and self.y0 - slack <= other.y0
            and self.x1 + slack >= other.x1
            and self.y1 + slack >= other.y1
        )

    def intersection(self, other: Box) -> float:
        """Area in square points that both cover; 0 on different pages."""
        if self.page != other.page:
            return 0.0
        a, b = self.x0, other.x0
        c, d = self.x1, other.x1
        w = (c if c < d else d) - (a if a > b else b)
        if w <= 0:
            return 0.0
        a, b = self.y0, other.y0
        c, d = self.y1, other.y1
        h = (c if c < d else d) - (a if a > b else b)
        return w * h if h > 0 else 0.0

    def union(self, other: Box) -> Box:
        if self.page != other.page:
            raise ValueError(f"boxes on pages {self.page} and {other.page} cannot be united")
        return Box(
            self.page,
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )

    def grow(self, by: float) -> Box:
        return Box(self.page, self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)


def enclose(boxes: Iterable[Box]) -> Box:
    """The smallest box around boxes of one page. ValueError where there is none, or they lie on several pages."""
    found = boxes if type(boxes) is list else list(boxes)
    if not found:
        raise ValueError("no box to enclose")
    first: Box = found[0]
    if len(found) == 1:
        return first
    page, x0, y0, x1, y1 = first.page, first.x0, first.y0, first.x1, first.y1
    for b in found:
        if b.page != page:
            raise ValueError("boxes on several pages cannot be enclosed by one")
        x0 = b.x0 if b.x0 < x0 else x0
        y0 = b.y0 if b.y0 < y0 else y0
        x1 = b.x1 if b.x1 > x1 else x1
        y1 = b.y1 if b.y1 > y1 else y1
    return Box(page, x0, y0, x1, y1)


def per_page(boxes: Iterable[Box]) -> list[Box]:
    """One enclosing box a page, by page."""
    by: dict[int, list[Box]] = {}
    for b in boxes:
        if b.page in by:
            by[b.page].append(b)
        else:
            by[b.page] = [b]
    return [enclose(by[p]) for p in sorted(by)]


def overlap_1d(a0: float, a1: float, b0: float, b1: float) -> float:
    """Length that two intervals share; 0 where they are apart."""
    shared = (a1 if a1 < b1 else b1) - (a0 if a0 > b0 else b0)
    return shared if shared > 0.0 else 0.0


def cluster(values: Iterable[float], tolerance: float) -> list[float]:
    """Sorted centres of values that lie within `tolerance` of their neighbour."""
    groups: list[list[float]] = []
    for v in sorted(values):
        if groups and v - groups[-1][-1] <= tolerance:
            groups[-1].append(v)
        else:
            groups.append([v])
    return [sum(g) / len(g) for g in groups]


def cluster_items(items: Sequence[T], key: Callable[[T], float], tolerance: float) -> list[list[T]]:
    """Items grouped by a coordinate, neighbours at most `tolerance` apart, in order of that coordinate."""
    groups: list[list[T]] = []
    last = 0.0
    for item in sorted(items, key=key):
        value = key(item)
        if groups and value - last <= tolerance:
            groups[-1].append(item)
        else:
            groups.append([item])
        last = value
    return groups

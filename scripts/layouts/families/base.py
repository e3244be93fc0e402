"""What a family of layouts is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from layouts.model import Document
from layouts.plan import Item, Plan, Wishes

Maker = Callable[[Plan, str], Document]


@dataclass(frozen=True)
class Family:
    """A way to lay out a report; `make` turns a plan into a document for a producer and may empty the fields of
    the plan's items that it does not print, so that gold is made after it.
    """

    name: str
    says: str
    make: Maker
    producers: tuple[str, ...]
    wishes: Wishes = field(default_factory=Wishes)


def alter(plan: Plan, **changes: object) -> None:
    """Set fields of all items."""
    plan.items = [replace(item, **changes) for item in plan.items]  # type: ignore[arg-type]


def without_headings(item: Item) -> Item:
    return replace(item, texts=tuple(replace(t, heading=None) for t in item.texts))

"""Families of wide sheets, whose columns go on on the next page."""

from __future__ import annotations

from dataclasses import replace

from layouts import grids, parts
from layouts.families.base import Family
from layouts.model import Block, Break, Document
from layouts.plan import Plan, Wishes


def wide(plan: Plan, producer: str) -> Document:
    """Calc breaks the sheet between columns by itself; for others the table is cut and goes on after a page break."""
    rng = plan.rng
    form = replace(
        grids.choose(plan, note="column", group="none"), heads=1, whole=True, turned_heads=False, scale=1.0
    )
    fields = list(form.fields)
    repeated = rng.random() < 0.6
    lead = [f for f in fields if f in ("ref", "title")]
    form = replace(form, fields=tuple(lead + [f for f in fields if f not in lead]))
    front = parts.front(plan, cover=False)
    if producer == "calc":
        repeat = len(lead) if repeated else 0
        flow: list[Block] = [*front, Break(), grids.table(plan, plan.items, form, repeat)]
        return parts.document(plan, flow, landscape=True, wide=470.0)
    rest = [f for f in form.fields if f not in lead]
    cut = max(1, len(rest) // 2)
    again = tuple(lead) if repeated else ()
    one = grids.table(plan, plan.items, replace(form, fields=tuple(lead + rest[:cut])))
    two = grids.table(plan, plan.items, replace(form, fields=again + tuple(rest[cut:])))
    return parts.document(plan, [*front, Break(), one, Break(), two], landscape=True)


FAMILIES = [
    Family("wide", "a sheet whose columns go on on the next page", wide, ("calc", "chromium"),
           replace(Wishes(), items=(6, 9), always=frozenset({"rag", "ref", "target", "owner"}), services=(1, 1),
                   maybe=frozenset({"polarity", "direction"}), statuses=("word", "word_fill", "letter_fill", "dot"))),
]  # fmt: skip

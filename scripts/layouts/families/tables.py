"""Families in which an indicator is a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from layouts import grids, looks, parts
from layouts.bank import load
from layouts.families.base import Family, without_headings
from layouts.model import Block, Break, Cell, Document, Table, cell, para
from layouts.plan import Item, Plan, Text, Wishes


def by_service(plan: Plan, form: grids.Form, mode: str, repeat: int = 0) -> list[Block]:
    """One table, or under a heading one for each service."""
    if mode != "heading" or not any(i.service for i in plan.items):
        return [grids.table(plan, plan.items, form, repeat)]
    found: list[Block] = []
    for service, items in plan.by_service():
        found += [para(service or "", level=2), grids.table(plan, items, form, repeat)]
    return found


def service_mode(plan: Plan, producer: str) -> str:
    modes = ["heading", "row", "column"] + (["turned"] if producer in ("chromium", "writer") else [])
    return plan.rng.choice(modes) if "service" in plan.shown else "none"


def rows(plan: Plan, producer: str) -> Document:
    mode = service_mode(plan, producer)
    note = "none" if not any(i.texts for i in plan.items) else "column"
    form = grids.choose(plan, note=note, group=mode)
    flow = [*parts.front(plan), *by_service(plan, form, mode), *parts.back(plan)]
    wide = len(form.fields) + len(plan.columns) > 8
    return parts.document(
        plan, flow, landscape=True, sheet="a3" if wide and plan.rng.random() < 0.4 else "a4"
    )


def comment_rows(plan: Plan, producer: str) -> Document:
    mode = service_mode(plan, producer)
    if plan.rng.random() < 0.35:
        plan.items = [without_headings(i) for i in plan.items]
    form = grids.choose(plan, note="row", group=mode)
    flow = [*parts.front(plan), *by_service(plan, form, mode), *parts.back(plan)]
    return parts.document(plan, flow, landscape=plan.rng.random() < 0.7)


def referring(plan: Plan, producer: str) -> Document:
    """A table, then commentary that names its items by number, one or several, or goes on about the last."""
    rng = plan.rng
    mode = service_mode(plan, producer)
    form = grids.choose(plan, note="none", group=mode)
    heading = rng.choice(load("headings")["referring"]["headings"])
    kept = {i.ref: i for i in plan.items}
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    about = [i for i in plan.items if i.rag in ("red", "amber")] or plan.items[:2]
    manner = rng.choice(["lead", "bracket", "subject"])
    for k, item in enumerate(about):
        ref, said = (
            str(item.ref),
            item.texts[0].paragraphs[0] if item.texts else plan.says.take("general", "note"),
        )
        others = [ref]
        if k and rng.random() < 0.2:
            others = [str(about[k - 1].ref), ref]
        names = " and ".join(others)
        line = {
            "lead": f"{names}: {said}",
            "bracket": f"{said.rstrip('.')} ({names}).",
            "subject": f"{'Measures' if len(others) > 1 else 'Measure'} {names}: {said}",
        }[manner]
        block = [line]
        if rng.random() < 0.25:
            block.append(plan.says.take("general", "outlook"))
        for other in others:
            found.setdefault(other, []).extend(block)
        lines += block
    plan.items = [
        replace(
            i,
            texts=(Text("note", heading, tuple(found[str(i.ref)]), tied=True),)
            if str(i.ref) in found
            else (),
        )
        for i in kept.values()
    ]
    said_blocks: list[Block] = [para(heading, level=2), *(para(line) for line in lines)]
    flow = [*parts.front(plan), *by_service(plan, form, mode), *said_blocks, *parts.back(plan)]
    return parts.document(plan, flow, landscape=rng.random() < 0.4)


def list_and_detail(plan: Plan, producer: str) -> Document:
    """A summary list of all indicators, then a table with their figures: one block each."""
    rng = plan.rng
    first = tuple(f for f in ("ref", "title", "rag") if f in ("title", "rag") or f in plan.shown)
    look = grids.choose(plan, note="none")
    listed = grids.table(
        plan, plan.items, replace(look, fields=first, heads=1, group="none", turned_heads=False)
    )
    mode = service_mode(plan, producer)
    form = grids.choose(plan, note=rng.choice(["column", "row"]), group=mode)
    headings = load("headings")["parts"]
    flow = [
        *parts.front(plan),
        para(rng.choice(headings["summary"]), level=2),
        listed,
        *([Break()] if rng.random() < 0.5 else []),
        para(rng.choice(headings["detail"]), level=2),
        *by_service(plan, form, mode),
        *parts.back(plan),
    ]
    return parts.document(plan, flow, landscape=True)


def bilingual(plan: Plan, producer: str) -> Document:
    mode = plan.rng.choice(["heading", "column"]) if "service" in plan.shown else "none"
    form = grids.choose(plan, note=plan.rng.choice(["column", "row"]), group=mode)
    flow = [*parts.front(plan, cover=False), *by_service(plan, form, mode)]
    return parts.document(plan, flow, landscape=True)


def with_risks(plan: Plan, producer: str) -> Document:
    """Indicators first, then the risk register with the same colours."""
    mode = service_mode(plan, producer)
    form = grids.choose(plan, note="column", group=mode)
    front = parts.front(plan)
    table = by_service(plan, form, mode)
    risks, register = _risks(plan, form)
    plan.items = [*plan.items, *risks]
    flow = [
        *front,
        *table,
        para(plan.rng.choice(["Corporate risks", "Strategic risk register"]), level=2),
        register,
    ]
    return parts.document(plan, flow, landscape=True)


def _risks(plan: Plan, form: grids.Form) -> tuple[list[Item], Table]:
    rng, stock = plan.rng, load("commentary")
    prefix = rng.choice(["CR", "SR", "R", "CRR"])
    head = {"bold": True, "fill": form.head_fill, "colour": form.head_colour}
    action, update = (
        rng.choice(["Mitigating actions", "Mitigation"]),
        rng.choice(["Risk update", "Risk updates"]),
    )
    names = ["Risk ref", "Risk", "Risk owner", plan.words["rag"], action, update]
    found, lines = [], [tuple(cell(n, **head) for n in names)]
    for k, risk in enumerate(rng.sample(stock["risks"], rng.randint(3, 5)), 1):
        acts = tuple(plan.says.take("risk", "action") for _ in range(rng.randint(1, 3)))
        told = (plan.says.take("risk", "update"),)
        owner = {"name": plan.says.name(), "role": None}
        rag = rng.choice(["red", "amber", "green"])
        item = Item(
            "risk", f"{prefix}{k}", risk["title"], None, (owner,), None, rag, None, 0, None, (),
            (Text("action", action, acts), Text("risk", update, told)),
        )  # fmt: skip
        found.append(item)
        lines.append(
            (
                cell(item.ref or ""),
                cell(item.title),
                cell(item.owner_text),
                plan.look.status_cell(rag),
                *(Cell(tuple(para(p) for p in t.paragraphs)) for t in item.texts),
            )
        )
    return found, Table((1, 3, 2, 1.3, 5, 4), tuple(lines), 1, form.rules, form.whole, 0, form.scale)


def by_status(plan: Plan, producer: str) -> Document:
    """Tables under headings that give the status: red indicators, amber indicators …"""
    rng, look = plan.rng, plan.look
    plan.shown -= {"rag"}
    form = grids.choose(plan, note=rng.choice(["column", "row"]), group="column")
    noun = rng.choice(["indicators", "measures", "KPIs"])
    flow = parts.front(plan, key=False)
    ordered: list[Item] = []
    for rag in (*looks.RAGS, None):
        items = [i for i in plan.items if i.rag == rag]
        if items:
            title = f"{look.words[rag]} {noun}" if rag else "No result this period"
            flow += [para(title, level=2), grids.table(plan, items, form)]
            ordered += items
    plan.items = ordered
    if "direction" in plan.shown:
        flow += parts.legend(plan)
    return parts.document(plan, [*flow, *parts.back(plan)], landscape=True)


def _wishes(**more: object) -> Wishes:
    return replace(Wishes(), **more)  # type: ignore[arg-type]


WHOLE_CELL = ("word", "word_fill", "letter", "letter_fill", "fill", "dot", "sign", "wing", "zapf")
ALL: Sequence[str] = ("chromium", "writer", "calc", "impress")
FAMILIES = [
    Family("rows", "an indicator to a row", rows, tuple(ALL), _wishes(items=(8, 16))),
    Family("comment-rows", "a comment row beneath each indicator", comment_rows, tuple(ALL), _wishes(long=3)),
    Family(
        "referring", "a table and commentary that refers to its items by number", referring,
        ("chromium", "writer", "calc"), _wishes(always=frozenset({"rag", "ref", "target"}), long=3),
    ),
    Family("list-and-detail", "a summary list, then a table of details", list_and_detail, ("chromium", "writer", "calc"),
           _wishes(statuses=WHOLE_CELL, always=frozenset({"rag", "ref", "target"}))),
    Family("bilingual", "headings and status in Welsh and English", bilingual, ("chromium", "writer"),
           _wishes(welsh=True, statuses=("word", "word_fill", "fill", "dot"), directions=("word", "arrow", "triangle"))),
    Family("by-status", "tables under headings that give the status", by_status, ("chromium", "writer", "impress"),
           _wishes(statuses=("heading",), items=(8, 14))),
    Family("risks", "indicators and a risk register", with_risks, ("chromium", "writer", "calc"),
           _wishes(statuses=WHOLE_CELL)),
]  # fmt: skip

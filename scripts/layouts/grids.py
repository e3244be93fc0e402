"""Indicator tables: columns in the report's order, heads of one to three rows, group rows, a row for the comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from layouts.model import Cell, Para, Run, Table, cell
from layouts.parts import accent, text_paras
from layouts.plan import Item, Plan

WIDTHS = {"ref": 1.1, "title": 4.0, "service": 2.0, "owner": 2.1, "polarity": 1.7, "target": 1.5, "value": 1.5,
          "rag": 1.6, "direction": 1.7, "note": 6.5}  # fmt: skip


@dataclass(frozen=True)
class Form:
    """How the tables of one report look."""

    fields: tuple[str, ...]
    heads: int
    rules: str
    head_fill: str | None
    head_colour: str | None
    group: str  # "row", "turned" or "none"
    note_row: bool
    turned_heads: bool
    whole: bool
    scale: float
    centre: bool


def choose(plan: Plan, fixed: Sequence[str] = (), note: str = "column", group: str | None = None) -> Form:
    """Fields in an order of this report's own; `note` says where comments stand: "column", "row", "none"."""
    rng, shown = plan.rng, plan.shown
    order: list[str] = [f for f in ("ref", "title", "owner", "polarity") if f == "title" or f in shown]
    if rng.random() < 0.25 and "owner" in order:
        order.remove("owner")
        late = True
    else:
        late = False
    if "service" in shown and group == "column":
        order.insert(rng.choice([0, len(order)]), "service")
    figures: list[str] = [f for f in ("target", "values") if f == "values" or f in shown]
    if rng.random() < 0.5:
        figures.reverse()
    signs = [
        f
        for f in ("rag", "direction")
        if f in shown and not (f == "rag" and plan.look.status in ("value_fill", "bracket"))
    ]
    if rng.random() < 0.2:
        signs.reverse()
    order += figures + signs + (["owner"] if late else [])
    has_texts = any(i.texts for i in plan.items)
    if note == "column" and has_texts:
        headings = dict.fromkeys(t.heading for i in plan.items for t in i.texts)
        order += [f"text:{h}" for h in headings]
    fill = rng.choice([accent(plan), accent(plan), "#d9e2f3", "#eeeeee", None])
    banner = len(plan.columns) > 1 and len({c.banner for c in plan.columns}) < len(plan.columns)
    return Form(
        tuple(fixed or order),
        rng.choice([1, 2, 2, 3]) if banner else 1,
        rng.choice(["all", "all", "all", "rows", "head"]),
        fill,
        "#ffffff" if fill == accent(plan) else None,
        group if group in ("row", "turned") and "service" in shown else "none",
        note == "row",
        rng.random() < 0.15,
        rng.random() < 0.5,
        rng.choice([0.85, 0.9, 1.0]),
        rng.random() < 0.6,
    )


def value_cells(plan: Plan, item: Item) -> list[Cell]:
    cells = [cell(v) for v in item.values]
    if fill := plan.look.value_fill(item.rag):
        cells[-1] = replace(cells[-1], fill=fill)
    return cells


def field_cells(plan: Plan, item: Item, name: str) -> list[Cell]:
    match name:
        case "values":
            return value_cells(plan, item)
        case "ref":
            return [cell(item.ref or "")]
        case "title":
            return [cell(item.title)]
        case "service":
            return [cell(item.service or "")]
        case "owner":
            return [cell(item.owner_text)]
        case "polarity":
            return [cell(plan.words[f"polarity_{item.polarity}"] if item.polarity else "")]
        case "target":
            return [cell(item.target_text or "-")]
        case "rag":
            return [plan.look.status_cell(item.rag)]
        case "direction":
            return [plan.look.direction_cell(item.direction, item.rises)]
    heading = name.removeprefix("text:")
    return [Cell(tuple(p for t in item.texts if t.heading == heading for p in text_paras(t, "none")))]


def width_of(name: str, plan: Plan, texts: int) -> list[float]:
    if name == "values":
        long = max((len(v) for i in plan.items for v in i.values), default=4)
        return [WIDTHS["value"] if long < 12 else 2.0] * len(plan.columns)
    return [WIDTHS.get(name, WIDTHS["note"] / (1 if texts < 2 else 1.6))]


def heads(plan: Plan, form: Form, extra: int = 0) -> list[tuple[Cell, ...]]:
    """One to three head rows; with more than one, years stand over their quarters."""
    look = {"bold": True, "fill": form.head_fill, "colour": form.head_colour}

    def label(name: str) -> str:
        return name.removeprefix("text:") if name.startswith("text:") else plan.words[name]

    def made(text: str, **more: object) -> Cell:
        return cell(text, **{**look, **more})

    rows: list[list[Cell]] = [[] for _ in range(form.heads)]
    if extra:
        rows[0].append(made("Service", down=form.heads))
    for name in form.fields:
        if name != "values":
            turned = form.turned_heads and name in ("rag", "direction", "polarity")
            rows[0].append(made(label(name), down=form.heads, turned=turned))
            continue
        if form.heads == 1:
            rows[0] += [made(c.label) for c in plan.columns]
            continue
        if form.heads == 3:
            rows[0].append(made("Performance results", span=len(plan.columns), centre=True))
        for banner, group in groupby(plan.columns, key=lambda c: c.banner):
            rows[-2].append(made(banner, span=len(list(group)), centre=True))
        rows[-1] += [made(c.under) for c in plan.columns]
    return [tuple(row) for row in rows]


def table(plan: Plan, items: Sequence[Item], form: Form, repeat: int = 0) -> Table:
    """The table of `items`; with group rows, all services in one table."""
    texts = sum(f.startswith("text:") for f in form.fields)
    widths = [w for f in form.fields for w in width_of(f, plan, texts)]
    turned = form.group == "turned"
    rows = heads(plan, form, extra=int(turned))
    count = len(rows)
    for service, own in groupby(items, key=lambda i: i.service):
        group = list(own)
        if form.group == "row" and service:
            rows.append((cell(service, span=len(widths), bold=True, fill="#e7e6e6"),))
        for k, item in enumerate(group):
            line = [c for f in form.fields for c in field_cells(plan, item, f)]
            if turned and k == 0:
                down = len(group) * (2 if form.note_row else 1)
                line.insert(0, cell(service or "", turned=True, down=down, bold=True, centre=True))
            rows.append(tuple(line))
            if form.note_row:
                rows.append((note_cell(item, len(widths)),))
    if turned:
        widths.insert(0, 0.9)
    return Table(tuple(widths), tuple(rows), count, form.rules, form.whole, repeat, form.scale)


def note_cell(item: Item, span: int) -> Cell:
    """The comment beneath an indicator, over all columns; empty where there is none."""
    paras: list[Para] = []
    for t in item.texts:
        paras += text_paras(t, "within")
    return Cell(tuple(paras), span=span)


def label_cell(text: str, fill: str | None = "#eeeeee") -> Cell:
    return Cell((Para((Run(text, bold=True),)),), fill=fill)

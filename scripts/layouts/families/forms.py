"""Families in which an indicator is a form or a small table of its own."""

from __future__ import annotations

from dataclasses import replace

from layouts import grids, parts
from layouts.bank import load
from layouts.families.base import Family
from layouts.model import Block, Break, Cell, Document, Table, cell, para
from layouts.plan import Item, Plan, Wishes

UNITS = 24  # columns of a form, which its cells span


def labels(plan: Plan) -> dict[str, str]:
    """The words that stand before values in this report, the same for all its forms."""
    return {k: plan.rng.choice(v) for k, v in load("headings")["labels"].items()}


def form(plan: Plan, producer: str) -> Document:
    """A form: a band with reference and title, pairs of label and value, figures by period, texts under headings."""
    rng, said = plan.rng, labels(plan)
    fill = rng.choice([parts.accent(plan), "#dddddd", "#cfe2f3"])
    colour = "#ffffff" if fill == parts.accent(plan) else None
    style = (
        rng.choice(["pairs", "heads"]),
        rng.choice(["own", "beside"]),
        rng.choice(["one", "one", "three"]),
    )
    flow: list[Block] = parts.front(plan)
    page_each = rng.random() < 0.3
    for item in plan.items:
        flow += [Break()] if page_each else []
        flow += _form(plan, item, said, fill, colour, style)
    flow += parts.back(plan)
    return parts.document(plan, flow)


def _form(
    plan: Plan, item: Item, said: dict[str, str], fill: str, colour: str | None, style: tuple[str, str, str]
) -> list[Block]:
    title = f"{item.ref}  {item.title}" if item.ref else item.title
    label = grids.label_cell
    band = (cell(title, span=4, bold=True, fill=fill, colour=colour),)
    facts: list[tuple[str, Cell]] = []
    if item.service:
        facts.append((said["service"], cell(item.service)))
    if item.owners:
        facts.append((said["owner"], cell(item.owner_text)))
    if item.polarity:
        facts.append((said["polarity"], cell(plan.words[f"polarity_{item.polarity}"])))
    if "target" in plan.shown:
        facts.append((said["target"], cell(item.target_text or "-")))
    facts.append((said["rag"], plan.look.status_cell(item.rag)))
    if "direction" in plan.shown:
        facts.append((said["direction"], plan.look.direction_cell(item.direction, item.rises)))
    if len(facts) % 2:
        facts.append(("", Cell()))
    rows: list[tuple[Cell, ...]] = [band]
    if style[0] == "pairs":
        rows += [(label(a), x, label(b), y) for (a, x), (b, y) in zip(facts[::2], facts[1::2], strict=True)]
    else:
        facts = [f for f in facts if f[0]]
        rows += [tuple(label(a) for a, _ in facts), tuple(x for _, x in facts)]
    figures = [tuple(label(c.label) for c in plan.columns), tuple(cell(v) for v in item.values)]
    texts: list[tuple[Cell, ...]] = []
    for t in item.texts:
        said_here = Cell(parts.text_paras(t, "none"))
        texts += (
            [(label(t.heading or ""),), (said_here,)]
            if style[1] == "own"
            else [(label(t.heading or ""), said_here)]
        )
    if style[2] == "one":
        return [Table((1.0,) * UNITS, tuple(map(spread, rows + figures + texts)))]
    found: list[Block] = [
        Table((1.0,) * UNITS, tuple(map(spread, part))) for part in (rows, figures, texts) if part
    ]
    return found


def spread(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Cells over all columns of a form; of two, the first is the narrower."""
    if len(cells) == 2:
        return (replace(cells[0], span=UNITS // 4), replace(cells[1], span=UNITS - UNITS // 4))
    edges = [round(k * UNITS / len(cells)) for k in range(len(cells) + 1)]
    return tuple(replace(c, span=b - a) for c, a, b in zip(cells, edges, edges[1:], strict=False))


def key_value(plan: Plan, producer: str) -> Document:
    """A table of two columns per indicator: label left, value right."""
    rng, said = plan.rng, labels(plan)
    fill = rng.choice(["#eeeeee", "#dbe5f1", None])
    rules, colon = rng.choice(["all", "rows", "none"]), rng.choice(["", ":"])
    title_row = rng.random() < 0.6
    flow: list[Block] = parts.front(plan)
    for item in plan.items:
        if not title_row:
            flow.append(para(f"{item.ref} {item.title}" if item.ref else item.title, level=3))
        lines = _lines(plan, item, said, title_row)
        rows = tuple((grids.label_cell(name + colon, fill), c) for name, c in lines)
        flow.append(Table((2.0, 5.0), rows, rules=rules))
    flow += parts.back(plan)
    return parts.document(plan, flow)


def _lines(plan: Plan, item: Item, said: dict[str, str], title_row: bool) -> list[tuple[str, Cell]]:
    lines: list[tuple[str, Cell]] = []
    if title_row:
        lines.append((said["title"], cell(item.title)))
        if item.ref:
            lines.insert(0, (said["ref"], cell(item.ref)))
    if item.service:
        lines.append((said["service"], cell(item.service)))
    if item.owners:
        lines.append((said["owner"], cell(item.owner_text)))
    if item.polarity:
        lines.append((said["polarity"], cell(plan.words[f"polarity_{item.polarity}"])))
    lines += [(c.label, cell(v or "-")) for c, v in zip(plan.columns, item.values, strict=True)]
    if "target" in plan.shown:
        lines.append((said["target"], cell(item.target_text or "-")))
    lines.append((said["rag"], plan.look.status_cell(item.rag)))
    if "direction" in plan.shown:
        lines.append((said["direction"], plan.look.direction_cell(item.direction, item.rises)))
    return lines + [(t.heading or "", Cell(parts.text_paras(t, "none"))) for t in item.texts]


BOXED = ("word", "word_fill", "letter_fill", "fill", "dot", "sign", "zapf", "wing")
FAMILIES = [
    Family("form", "a form per indicator", form, ("chromium", "writer"),
           replace(Wishes(), items=(4, 7), texts="labelled", statuses=BOXED, always=frozenset({"rag", "ref", "target"}))),
    Family("key-value", "a table of labels and values per indicator", key_value, ("chromium", "writer"),
           replace(Wishes(), items=(4, 8), texts="labelled", statuses=BOXED, always=frozenset({"rag", "target"}))),
]  # fmt: skip

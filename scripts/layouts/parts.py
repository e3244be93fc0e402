"""Parts that most reports have: cover or letterhead, introduction, summary of counts, key, glossary; page and type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from layouts.bank import load
from layouts.looks import RAGS
from layouts.model import Block, Break, Cell, Document, Inline, Para, Run, Table, cell, para
from layouts.plan import Plan, Text

FONTS = [
    "Liberation Sans",
    "Liberation Sans",
    "Carlito",
    "DejaVu Sans",
    "Liberation Serif",
    "Liberation Sans Narrow",
]
SHEETS = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}
SERIF = "Liberation Serif"


def document(
    plan: Plan, flow: Sequence[Block], landscape: bool = False, sheet: str = "a4", **more: object
) -> Document:
    """A document of the report's own page, type and running lines around `flow`."""
    rng = plan.rng
    width, height = SHEETS[sheet]
    if landscape:
        width, height = height, width
    running = [
        text.format(council=plan.council, title=plan.title, period=plan.period_words)
        for text in rng.sample(load("headings")["parts"]["running"], 2)
    ]
    made = Document(
        width,
        height,
        rng.choice([12.0, 15.0, 18.0]),
        rng.choice(FONTS),
        rng.choice([8.5, 9.0, 9.5, 10.0]),
        accent(plan),
        running[0] if rng.random() < 0.5 else "",
        running[1] if rng.random() < 0.7 else "",
        tuple(flow),
        meta={"title": plan.title},
    )
    return replace(made, **more)  # type: ignore[arg-type]


def accent(plan: Plan) -> str:
    """The council's colour: the same wherever it is asked for."""
    colours = load("devices")["colours"]["accents"]
    return str(colours[sum(map(ord, plan.council)) % len(colours)])


def front(plan: Plan, key: bool = True, cover: bool = True) -> list[Block]:
    """Cover or letterhead, an introduction, perhaps counts, and the key."""
    rng, stock = plan.rng, load("commentary")["general"]
    title = load("headings")["welsh"]["heading"] if "key" in plan.words else plan.title
    plan.title = title
    found: list[Block] = []
    if cover and rng.random() < 0.25:
        found += [para(plan.council, level=2), para(plan.title, level=1), para(plan.period_words, level=2)]
        found += [para(f"{plan.day:%B %Y}"), Break()]
        found += [para(plan.title, level=2)]
    else:
        found += [para(plan.council, level=3), para(plan.title, level=1)]
        found += [para(plan.period_words, level=3)]
        if rng.random() < 0.5:
            found += [para(f"Report to: {plan.committee}"), para(f"Date: {plan.day.day} {plan.day:%B %Y}")]
    found.append(para(rng.choice(stock["intro"])))
    if rng.random() < 0.2:
        found += contents(plan)
    if rng.random() < 0.4 and plan.items:
        found += summary(plan)
    if key:
        found += legend(plan)
    return found


def legend(plan: Plan) -> tuple[Block, ...]:
    words = load("headings")["parts"]["key"]
    heading = plan.words.get("key") or plan.rng.choice(words)
    return plan.look.key(heading, "direction" in plan.shown and any(i.direction for i in plan.items))


def contents(plan: Plan) -> list[Block]:
    names = [s for s, _ in plan.by_service() if s] or ["Introduction", "Performance indicators"]
    rows = tuple((cell(name), cell(str(2 + k))) for k, name in enumerate(names))
    return [para("Contents", level=3), Table((8, 1), rows, rules="none")]


def summary(plan: Plan) -> list[Block]:
    """How many indicators have which status, as one table or a line; agrees with the blocks."""
    rng, look = plan.rng, plan.look
    counts = Counter(i.rag for i in plan.items if i.rag and i.kind == "indicator")
    rags = [r for r in RAGS if counts[r]]
    found: list[Block] = [para(rng.choice(load("headings")["parts"]["summary"]), level=3)]
    by_service = plan.by_service()
    if len(by_service) > 1 and by_service[0][0] and rng.random() < 0.5:
        head = (
            cell("Service", bold=True),
            *(cell(look.words[r], bold=True) for r in rags),
            cell("Total", bold=True),
        )
        rows: list[tuple[Cell, ...]] = [head]
        for service, items in by_service:
            own = Counter(i.rag for i in items if i.rag)
            rows.append((cell(service or ""), *(cell(str(own[r])) for r in rags), cell(str(len(items)))))
        found.append(Table((4, *(1.2 for _ in rags), 1), tuple(rows), head=1))
    elif rng.random() < 0.5:
        head = tuple(cell(look.words[r], bold=True, fill=look.colours[r]) for r in rags)
        found.append(Table(tuple(1.0 for _ in rags), (head, tuple(cell(str(counts[r])) for r in rags))))
    else:
        said = ", ".join(f"{counts[r]} {look.words[r].lower()}" for r in rags)
        found.append(
            para(f"Of the {len(plan.items)} measures in this report, the status is as follows: {said}.")
        )
    return found


def back(plan: Plan) -> list[Block]:
    rng, heads = plan.rng, load("headings")["parts"]
    if rng.random() < 0.3:
        rows = tuple(
            (cell(a, bold=True), cell(b)) for a, b in rng.sample(load("commentary")["general"]["glossary"], 5)
        )
        return [
            para(rng.choice(heads["glossary"]), level=3),
            Table((1, 5), rows, rules=rng.choice(["none", "all"])),
        ]
    if rng.random() < 0.2:
        return [para("* " + rng.choice(load("commentary")["general"]["footnotes"]), scale=0.85)]
    return []


def text_paras(text: Text, heading: str) -> tuple[Para, ...]:
    """The paragraphs of a text; `heading` is "none", "above" or "within" (before the first words)."""
    made = [para(p, bullet=text.bullets) for p in text.paragraphs]
    if heading == "none" or not text.heading:
        return tuple(made)
    label = text.heading
    if heading == "above" or text.bullets:
        return (Para((Run(label, bold=True),)), *made)
    colon: tuple[Inline, ...] = (Run(label + ": ", bold=True),)
    return (replace(made[0], inlines=colon + made[0].inlines), *made[1:])

"""Families in which an indicator is a piece of text under a heading."""

from __future__ import annotations

from dataclasses import replace

from layouts import drawings, grids, parts
from layouts.families.base import Family, alter
from layouts.families.forms import labels
from layouts.model import Block, Document, Inline, Para, Run, para
from layouts.plan import Item, Plan, Text, Wishes
from printing.figures import figure


def labelled(plan: Plan, producer: str) -> Document:
    """A heading, then "Label: value" lines, then "Reason: …" paragraphs."""
    rng, said = plan.rng, labels(plan)
    bold = rng.random() < 0.8
    between = rng.choice(["", "", " | ", "\u2003"])  # facts in one line, or each in its own
    within = rng.choice(["within", "above"])
    flow: list[Block] = parts.front(plan)
    for service, items in plan.by_service():
        flow += [para(service, level=2)] if service else []
        for item in items:
            flow.append(para(f"{item.ref} {item.title}" if item.ref else item.title, level=3))
            flow += _facts(plan, item, said, bold, between)
            for t in item.texts:
                flow += parts.text_paras(t, within)
    flow += parts.back(plan)
    return parts.document(plan, flow)


def _facts(plan: Plan, item: Item, said: dict[str, str], bold: bool, between: str) -> list[Block]:
    facts: list[tuple[str, tuple[Inline, ...]]] = []
    if item.owners:
        facts.append((said["owner"], (Run(item.owner_text),)))
    if item.polarity:
        facts.append((said["polarity"], (Run(plan.words[f"polarity_{item.polarity}"]),)))
    figures: list[tuple[str, tuple[Inline, ...]]] = []
    if "target" in plan.shown and item.target_text:
        figures.append((said["target"], (Run(item.target_text),)))
    figures += [(c.label, (Run(v),)) for c, v in zip(plan.columns, item.values, strict=True) if v]
    if item.rag:
        figures.append((said["rag"], plan.look.status_run(item.rag)))
    if item.direction:
        figures.append((said["direction"], plan.look.direction_run(item.direction, item.rises)))
    if not between:
        return [Para((Run(f"{name}: ", bold=bold), *value)) for name, value in facts + figures]
    line: list[Inline] = []
    for name, value in figures:
        line += [Run(between)] if line else []
        line += [Run(f"{name}: ", bold=bold), *value]
    return [*(Para((Run(f"{name}: ", bold=bold), *value)) for name, value in facts), Para(tuple(line))]


def running(plan: Plan, producer: str) -> Document:
    """Paragraphs under a numbered heading that holds the status; the figures stand in the sentences."""
    rng = plan.rng
    manner = rng.choice(["dash", "bracket", "line"])
    plan.shown = frozenset(plan.shown & {"rag", "service"})
    numbered = []
    flow: list[Block] = parts.front(plan, key=rng.random() < 0.5)
    for k, (service, items) in enumerate(plan.by_service(), 1):
        flow += [para(service, level=2)] if service else []
        for n, item in enumerate(items, 1):
            ref = f"{k}.{n}"
            word = plan.look.words[item.rag] if item.rag else ""
            title = {"dash": f"{item.title} – {word}", "bracket": f"{item.title} ({word})"}.get(
                manner, item.title
            )
            flow.append(para(f"{ref} {title if word else item.title}", level=3))
            if manner == "line" and word:
                flow.append(Para((Run("Status: "), Run(word, bold=True))))
            texts = tuple(_with_figures(plan, item, t) for t in item.texts)
            flow += [para(p) for t in texts for p in t.paragraphs]
            empty = replace(item, owners=(), polarity=None, direction=None, target=None, values=())
            numbered.append(replace(empty, ref=ref, texts=texts))
    plan.items, plan.columns = numbered, []
    flow += parts.back(plan)
    return parts.document(plan, flow)


def _with_figures(plan: Plan, item: Item, text: Text) -> Text:
    """The text with a sentence that holds the figure."""
    goal = item.target or {}
    now, unit = (
        item.values[-1],
        f" against a target of {goal['text']}" if goal.get("value") is not None else "",
    )
    if figure(now)["value"] is None:
        return text
    lead = plan.rng.choice([
        f"Performance in the period was {now}.", f"The result was {now}{unit}.", f"The latest figure is {now}.",
    ])  # fmt: skip
    return replace(text, paragraphs=(f"{lead} {text.paragraphs[0]}", *text.paragraphs[1:]))


def section(plan: Plan, producer: str) -> Document:
    """A section to an indicator: heading, chart, a small table of figures, text."""
    rng = plan.rng
    plan.shown = plan.shown - {"owner", "polarity"}
    alter(plan, owners=(), polarity=None)
    form = grids.choose(
        plan, fixed=[f for f in ("values", "target", "rag", "direction") if f == "values" or f in plan.shown]
    )
    form = replace(form, heads=1, group="none", whole=True, note_row=False, turned_heads=False, scale=1.0)
    if rng.random() < 0.4:
        plan.items = [replace(i, texts=tuple(replace(t, heading=None) for t in i.texts)) for i in plan.items]
    flow: list[Block] = parts.front(plan)
    pixels = rng.random() < 0.5
    above = rng.random() < 0.5
    for service, items in plan.by_service():
        flow += [para(service, level=2)] if service else []
        for item in items:
            flow.append(para(f"{item.ref}: {item.title}" if item.ref else item.title, level=3))
            picture = drawings.chart(list(item.numbers), item.goal or None, parts.accent(plan), 70, pixels)
            small = grids.table(plan, [item], form)
            flow += [picture, small] if above else [small, picture]
            for t in item.texts:
                flow += parts.text_paras(t, "above" if t.heading else "none")
    flow += parts.back(plan)
    return parts.document(plan, flow)


WORDS = ("word", "dot_word", "word")
FAMILIES = [
    Family("labelled", "prose with labels: Reason, Action, Owner", labelled, ("chromium", "writer"),
           replace(Wishes(), items=(5, 9), texts="labelled", long=3, statuses=WORDS, drawn=False,
                   directions=("word", "word", "arrow"))),
    Family("running", "prose under a numbered heading", running, ("chromium", "writer"),
           replace(Wishes(), items=(5, 9), texts="prose", long=4, statuses=("word",), drawn=False,
                   always=frozenset({"rag", "service", "target"}))),
    Family("section", "heading, chart, small table and text", section, ("chromium", "writer", "impress"),
           replace(Wishes(), items=(4, 7), long=3, statuses=("word", "word_fill", "letter_fill", "fill", "dot", "value_fill"))),
]  # fmt: skip

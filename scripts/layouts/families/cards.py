"""Families of cards and of slides with text boxes."""

from __future__ import annotations

from dataclasses import replace

from layouts import drawings, looks, measure, parts
from layouts.families.base import Family
from layouts.families.forms import labels
from layouts.model import Block, Cards, Cell, Document, Frame, Inline, Para, Run, Slide, Table, para
from layouts.plan import Item, Plan, Wishes

WIDTH, HEIGHT = 280.0, 157.5  # a slide of 16:9


def cards(plan: Plan, producer: str) -> Document:
    """Cards in two or three columns: title, large figure, facts, a short comment."""
    rng, said = plan.rng, labels(plan)
    across = rng.choice([2, 2, 3])
    fill = rng.choice([None, None, "#f6f6f6"])
    bar = rng.random() < 0.4
    flow: list[Block] = parts.front(plan)
    for service, items in plan.by_service():
        flow += [para(service, level=2)] if service else []
        boxes = tuple(_card(plan, item, said, bar) for item in items)
        flow.append(Cards(boxes, across, fill=fill))
    return parts.document(plan, flow, landscape=rng.random() < 0.5)


def _card(plan: Plan, item: Item, said: dict[str, str], bar: bool) -> tuple[Block, ...]:
    title = f"{item.ref} {item.title}" if item.ref else item.title
    found: list[Block] = []
    strong = Para((Run(title, bold=True),))
    if bar and item.rag and plan.look.status in ("word_fill", "fill"):
        found.append(Table((1.0,), ((Cell((strong,), fill=plan.look.colours[item.rag]),),), rules="none"))
    else:
        found.append(strong)
    for column, value in zip(plan.columns, item.values, strict=True):
        if value:
            found.append(Para((Run(f"{column.label}: "), Run(value, bold=True))))
    found += _facts(plan, item, said, not bar)
    for t in item.texts:
        found += parts.text_paras(t, "within")
    return tuple(found)


def _facts(plan: Plan, item: Item, said: dict[str, str], with_fill: bool) -> list[Block]:
    found: list[Block] = []
    if item.target_text:
        found.append(para(f"{said['target']}: {item.target_text}"))
    status = plan.look.status_run(item.rag)
    if status:
        found.append(Para((Run(f"{said['rag']}: "), *status)))
    elif item.rag and with_fill:
        row = (Cell((para(said["rag"]),)), plan.look.status_cell(item.rag))
        found.append(Table((1.0, 1.0), (row,), rules="all"))
    if way := plan.look.direction_run(item.direction, item.rises):
        found.append(Para((Run(f"{said['direction']}: "), *way)))
    if item.owners:
        found.append(para(f"{said['owner']}: {item.owner_text}"))
    return found


def slides(plan: Plan, producer: str) -> Document:
    """One indicator to a slide, in text boxes whose drawing order is any."""
    rng, said = plan.rng, labels(plan)
    left = rng.random() < 0.6
    shuffle = rng.random() < 0.8
    pixels = rng.random() < 0.5
    made = [_title_slide(plan), _key_slide(plan)]
    document = parts.document(plan, (), size=rng.choice([10.0, 11.0, 12.0]), margin=8.0)
    for item in plan.items:
        frames = _slide(plan, item, said, left, pixels, document)
        if shuffle:
            head, rest = frames[:1], frames[1:]
            rng.shuffle(rest)
            frames = rest + head if rng.random() < 0.3 else head + rest
        made.append(Slide(tuple(frames)))
    return replace(document, width=WIDTH, height=HEIGHT, slides=tuple(made), header="")


def _title_slide(plan: Plan) -> Slide:
    words: tuple[Block, ...] = (
        para(plan.council, level=2),
        para(plan.title, level=1),
        para(plan.period_words, level=2),
    )
    return Slide((Frame(20, 40, WIDTH - 40, 60, words),))


def _key_slide(plan: Plan) -> Slide:
    heading, table = parts.legend(plan)
    assert isinstance(heading, Para)
    return Slide((Frame(10, 8, 120, 10, (heading,)), Frame(10, 22, 120, 60, (table,))))


def _slide(
    plan: Plan, item: Item, said: dict[str, str], left: bool, pixels: bool, document: Document
) -> list[Frame]:
    title = f"{item.ref} {item.title}" if item.ref else item.title
    narrow = 78.0
    facts_x, text_x = (10.0, 96.0) if left else (WIDTH - narrow - 10, 10.0)
    wide = WIDTH - narrow - 30
    heads: tuple[Block, ...] = (para(title, level=3),)
    if item.service:
        heads = (para(item.service, colour="#666666"), *heads)
    frames = [Frame(10, 6, WIDTH - 20, 17, heads)]
    y = 26.0
    for column, value in zip(plan.columns, item.values, strict=True):
        if value:
            frames.append(
                Frame(facts_x, y, narrow, 8, (Para((Run(f"{column.label}: "), Run(value, bold=True))),))
            )
            y += 8
    if item.target_text:
        frames.append(Frame(facts_x, y, narrow, 8, (para(f"{said['target']}: {item.target_text}"),)))
        y += 8
    for name, run, fill in _signs(plan, item, said):
        frames.append(Frame(facts_x, y, 38, 8, (para(f"{name}:"),)))
        icons = [i for i in run if not isinstance(i, Run)]
        if icons:
            frames.append(Frame(facts_x + 42, y + 1, 5, 5, icon=replace(icons[0], size=5.0)))
        else:
            look = Para(run, colour="#ffffff" if fill and looks.dark(fill) else None)
            frames.append(Frame(facts_x + 40, y, narrow - 40, 8, (look,), fill=fill))
        y += 9
    if item.owners:
        frames.append(Frame(facts_x, y, narrow, 13, (para(f"{said['owner']}: {item.owner_text}"),)))
        y += 13
    if y < 95 and len(item.numbers) > 1:
        chart = drawings.chart(list(item.numbers), item.goal or None, parts.accent(plan), 60, pixels)
        frames.append(Frame(facts_x, y, 60, 30, (chart,)))
    down = 26.0
    for t in item.texts:
        content = parts.text_paras(t, "above")
        high = sum(measure.para_height(p, wide - 3, document.size, document.font) for p in content) + 5
        frames.append(Frame(text_x, down, wide, high, content, line="#999999"))
        down += high + 2
    return frames


def _signs(plan: Plan, item: Item, said: dict[str, str]) -> list[tuple[str, tuple[Inline, ...], str | None]]:
    found: list[tuple[str, tuple[Inline, ...], str | None]] = []
    if item.rag:
        cell = plan.look.status_cell(item.rag)
        found.append((said["rag"], plan.look.status_run(item.rag), cell.fill))
    if item.direction:
        found.append((said["direction"], plan.look.direction_run(item.direction, item.rises), None))
    return found


FAMILIES = [
    Family("cards", "cards in two or three columns", cards, ("chromium", "writer", "impress"),
           replace(Wishes(), items=(6, 12), many_periods=False, drawn=True, long=1,
                   statuses=("word", "dot", "dot_word", "letter", "fill"), directions=("word", "arrow", "triangle"))),
    Family("slides", "one indicator to a slide", slides, ("chromium", "impress"),
           replace(Wishes(), items=(4, 7), many_periods=False, texts="labelled", long=2,
                   statuses=("word", "word_fill", "letter_fill", "fill", "dot"), directions=("word", "arrow", "triangle"))),
]  # fmt: skip

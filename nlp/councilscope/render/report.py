"""One annotated report in the terminal, block by block."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from councilscope.records import Block, Commentary, Outturn, Report, Span
from councilscope.render import style
from councilscope.render.style import DIM, DIRECTION, POLARITY, SPAN, clean, joined, line, plural, status

SIDE_BY_SIDE = 96  # columns from which on the themes stand beside the text
NEXT = 3  # characters: what is no farther from an action is seen to belong to it
SILENT = {"assertion": "asserted", "effect": "adverse"}  # attributes that go without saying


def print_report(
    report: Report, *, console: Console | None = None, blocks: Sequence[Block] | None = None
) -> None:
    """Print a report, or only some of its blocks, to a console (by default standard output)."""
    console = console or style.console()
    for part in _parts(report, report.blocks if blocks is None else blocks, console.width):
        console.print(part)


def to_svg(report: Report, *, width: int = 110, blocks: Sequence[Block] | None = None) -> str:
    """A report, or only some of its blocks, as an SVG picture of a terminal of `width` columns."""
    who = report.council.name if report.council else report.source.path
    return style.svg(
        lambda c: print_report(report, console=c, blocks=blocks),
        width=width,
        title=f"councilscope read · {who}",
    )


def _parts(report: Report, blocks: Sequence[Block], width: int) -> Iterator[RenderableType]:
    yield _head(report)
    if any(c.spans for b in blocks for c in b.commentary):
        yield Padding(_legend(), (0, 1))
    service: str | None = None
    for block in blocks:
        if block.service and block.service != service:
            yield ""
            yield Rule(Text(line(block.service), "bold"), style=DIM, align="left", characters="─")
            service = block.service
        yield ""
        yield _block(block, width)
    if report.warnings:
        yield ""
        yield Rule(Text("Not read with confidence", "bold"), style=DIM, align="left")
        for warning in report.warnings:
            where = f"page {warning.page}: " if warning.page else ""
            yield Padding(Text(f"! {where}{line(warning.message)}"), (0, 2))


def _head(report: Report) -> RenderableType:
    who = line(report.council.name) if report.council else "council not recognised"
    when = report.period.label if report.period else "period not recognised"
    first = joined([Text(who, "bold"), Text(when, "bold")])
    if report.council and report.council.gss:
        first.append(f"  {report.council.gss}", DIM)
    counts: Counter[str | None] = Counter(b.rag for b in report.blocks)
    shown = [Text.assemble(f"{counts[r]} ", status(r)) for r in style.RAG if counts[r]]
    size = f"{plural(report.source.pages, 'page')} · {plural(len(report.blocks), 'block')}"
    rows: list[Text] = [first]
    if report.title:
        rows.append(Text(line(report.title)))
    rows += [joined([size, *shown], "  "), Text(clean(report.source.path), DIM)]
    return Panel(Group(*rows), border_style=DIM, padding=(0, 1))


def _legend() -> Text:
    parts: list[Text | str] = []
    for label, (colour, meaning) in SPAN.items():
        parts.append(Text.assemble(("[", DIM), (f"{label} ", f"{colour} dim"), (meaning, colour), ("]", DIM)))
    return joined(parts, "  ")


def _block(block: Block, width: int) -> RenderableType:
    title = Text(line(block.title), "bold")
    if block.ref:
        title = Text.assemble((f"{line(block.ref)}  ", "bold bright_blue"), title)
    head = Table.grid(padding=(0, 2, 0, 0))
    head.add_column(no_wrap=True)
    head.add_column()
    head.add_row(status(block.rag), title)
    rows: list[RenderableType] = [head]
    owners = ", ".join(_owner(o.name, o.role) for o in block.owners)
    page = f"page {block.regions[0].page}" if block.regions else ""
    kind = "" if block.kind == "indicator" else block.kind
    target = Text.assemble(("target ", DIM), (line(block.target.text), "bold")) if block.target else ""
    facts = joined(
        [
            kind,
            target,
            Text(DIRECTION[block.direction], _direction_style(block.direction)) if block.direction else "",
            POLARITY.get(block.polarity or "", ""),
            line(owners),
            Text(page, DIM),
        ]
    )
    if facts:
        rows.append(Padding(facts, (0, 0, 0, 2)))
    rows += [Padding(table, (0, 0, 0, 2)) for table in _outturns(block.outturns, width - 4)]
    rows += [_commentary(c, width) for c in block.commentary]
    return Group(*rows)


def _owner(name: str | None, role: str | None) -> str:
    return f"{name} ({role})" if name and role else name or role or ""


def _direction_style(direction: str) -> str:
    return {"improving": "green", "worsening": "red"}.get(direction, "")


def _outturns(outturns: Sequence[Outturn], width: int) -> Iterator[Table]:
    """Periods as columns, as many beside each other as there is room for."""
    row: list[tuple[Text, Text]] = []
    used = 0
    for outturn in outturns:
        head = Text(" ".join(filter(None, [outturn.period or "?", line(outturn.label)])), DIM)
        figure = Text(line(outturn.text))
        if outturn.rag:
            figure = Text.assemble(figure, " ", status(outturn.rag))
        figure.truncate(max(12, width // 2), overflow="ellipsis")
        need = max(head.cell_len, figure.cell_len) + 3
        if row and used + need > width:
            yield _figures(row)
            row, used = [], 0
        row.append((head, figure))
        used += need
    if row:
        yield _figures(row)


def _figures(row: Sequence[tuple[Text, Text]]) -> Table:
    table = Table.grid(padding=(0, 3, 0, 0))
    for _ in row:
        table.add_column(no_wrap=True)
    table.add_row(*(head for head, _ in row))
    table.add_row(*(figure for _, figure in row))
    return table


def _commentary(commentary: Commentary, width: int) -> RenderableType:
    heading = line(commentary.heading) or commentary.section
    rows: list[RenderableType] = [Text(heading.rstrip(":"), "bold underline")]
    text = marked(commentary)
    names = [Text.assemble(("▪ ", DIM), line(t.id), (f" {t.score:.2f}", DIM)) for t in commentary.themes]
    if names and width >= SIDE_BY_SIDE:
        table = Table.grid(padding=(0, 0, 0, 3), expand=True)
        table.add_column(ratio=1)
        table.add_column(width=max(22, *(n.cell_len + 3 for n in names)))
        table.add_row(text, Group(*names))
        rows.append(table)
    else:
        rows.append(text)
        if names:
            rows.append(Text.assemble(("themes  ", DIM), joined(list(names), "  ")))
    return Padding(Group(*rows), (1, 0, 0, 4))


def marked(commentary: Commentary) -> Text:
    """The text with its spans in brackets: `[CAUSE the lockdown · covid]`; also legible without colour."""
    spans = sorted(commentary.spans, key=lambda s: (s.start, -s.end))
    related: dict[int, list[Span]] = {}
    for relation in commentary.relations:
        related.setdefault(id(commentary.spans[relation.head]), []).append(commentary.spans[relation.tail])
    cuts = sorted({0, len(commentary.text), *(s.start for s in spans), *(s.end for s in spans)})
    out = Text()
    for at, until in zip(cuts, [*cuts[1:], None], strict=True):
        for span in sorted((s for s in spans if s.end == at), key=lambda s: -s.start):
            colour = SPAN[span.label][0]
            if notes := _notes(span, related.get(id(span), [])):
                out.append(f" · {notes}", f"{colour} dim")
            out.append("]", DIM)
        for span in (s for s in spans if s.start == at and s.end > at):
            out.append("[", DIM)
            out.append(f"{span.label} ", f"{SPAN[span.label][0]} dim")
        if until is not None:
            inside = [s for s in spans if s.start <= at and s.end >= until]
            out.append(clean(commentary.text[at:until]), SPAN[inside[-1].label][0] if inside else "")
    return out


def _notes(span: Span, related: Sequence[Span]) -> str:
    """The attributes that say something: theme, negated or possible, favourable, status of an action, date; and who
    does an action, and by when, where that does not stand in it or next to it."""
    shown = []
    for name, value in span.attrs.items():
        if value and SILENT.get(name) != value and name != "kind":
            shown.append("nothing to do" if (name, value) == ("status", "none") else line(value))
    outside = [f"→ {line(r.text)}" for r in related if r.end < span.start - NEXT or r.start > span.end + NEXT]
    return ", ".join(shown) + "".join(f" {name}" for name in outside)

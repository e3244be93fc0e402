"""The theme report in the terminal: bars, counts with their denominators, and one quoted example each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from councilscope.render import style
from councilscope.render.style import DIM, line, plural

if TYPE_CHECKING:
    from councilscope.analysis import ThemeReport

BAR = 12
WIDE = 100  # columns of a terminal in which there is room for bars
CORRECTED = ("texts_corrected", "corrected_low", "corrected_high")
BLOCKS = " ▏▎▍▌▋▊▉█"


def print_themes(report: ThemeReport, *, console: Console | None = None, limit: int | None = None) -> None:
    """Print a theme report; `limit` themes a group, by default 5 where there are groups, else all."""
    console = console or style.console()
    for part in _parts(report, limit, console.width):
        console.print(part)


def themes_to_svg(report: ThemeReport, *, width: int = 110, limit: int | None = None) -> str:
    """A theme report as an SVG picture of a terminal of `width` columns."""
    return style.svg(
        lambda c: print_themes(report, console=c, limit=limit), width=width, title="councilscope themes"
    )


def _parts(report: ThemeReport, limit: int | None, width: int) -> Iterator[RenderableType]:
    totals = report.totals
    if not len(totals) or not totals["texts"].sum():
        yield Text("No commentary: there is nothing to count themes in.")
        return
    limit = limit or (5 if report.by else len(report.table))
    total: dict[str, Any]
    for total in totals.to_dict("records"):  # type: ignore[assignment]
        rows = report.table
        for name in report.by:
            rows = rows[rows[name] == total[name]]
        yield from _group(report.by, total, rows[rows["texts"] > 0].head(limit), width)
    few = f" Of fewer than {report.least} no share is given." if report.least > 1 else ""
    yield Text(
        "Share of all commentary texts; and of the red and amber blocks that have commentary. A text can carry "
        "several themes. In brackets 95% intervals, from drawing whole councils (reports, blocks) again; corrected: "
        f"without the classifier's known errors.{few}",
        DIM,
    )


def _group(by: tuple[str, ...], total: dict[str, Any], rows: Any, width: int) -> Iterator[RenderableType]:
    name = " · ".join(line(str(total[n])) for n in by) or "All reports"
    silent = int(total["off_track_silent"])
    size = (
        f"{plural(int(total['documents']), 'report')} · {plural(int(total['blocks']), 'block')} · "
        f"{plural(int(total['texts']), 'text')} · {int(total['off_track_blocks']):,} off track"
    )
    if silent:
        size += f" ({silent:,} without commentary)"
    yield Rule(Text(name, "bold"), style=DIM, align="left")
    yield Padding(Text(size, DIM), (0, 0, 1, 2))
    if not len(rows):
        yield Padding(Text("no theme found" if int(total["texts"]) else "no commentary", DIM), (0, 0, 1, 2))
        return
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style=DIM)
    table.add_column("theme", no_wrap=True, style="bold")
    corrected = rows["texts_corrected"].notna().any()
    for heading in ("texts", "share"):
        table.add_column(heading, justify="right", no_wrap=True)
    drawn = width >= WIDE
    if drawn:
        table.add_column("", no_wrap=True, width=BAR)
    if corrected:
        table.add_column("corrected", justify="right", no_wrap=True)
    for heading in ("off track", "share"):
        table.add_column(heading, justify="right", no_wrap=True)
    for row in rows.to_dict("records"):
        table.add_row(
            line(row["theme"]),
            f"{int(row['texts']):,}",
            _share(row["texts_share"], row["texts_low"], row["texts_high"]),
            *([bar(row["texts_share"])] if drawn else []),
            *([_share(*(row[n] for n in CORRECTED))] if corrected else []),
            f"{int(row['off_track']):,} of {int(row['off_track_of']):,}",
            _share(row["off_track_share"], row["off_track_low"], row["off_track_high"]),
        )
    yield Padding(table, (0, 0, 1, 2))
    quotes = Table.grid(padding=(0, 2, 0, 0))
    quotes.add_column(no_wrap=True, style="bold")
    quotes.add_column()
    for row in rows.to_dict("records"):
        quotes.add_row(line(row["theme"]), _example(row))
    yield Padding(quotes, (0, 2, 1, 2))


def _example(row: dict[str, Any]) -> Text:
    page = _text(row["page"])
    where = [
        _text(row["council"]),
        _text(row["period"]),
        _text(row["report"]),
        f"page {page}" if page else "",
    ]
    cited = ", ".join(line(w) for w in where if w)
    return Text.assemble(f"“{line(_text(row['quote']))}”  ", (cited, DIM))


def bar(share: float, width: int = BAR) -> Text:
    """A bar that fills `width` columns at 100 %, exact to an eighth of a column."""
    if share != share:
        return Text()
    eighths = max(1, round(share * width * 8)) if share else 0
    full, rest = divmod(eighths, 8)
    return Text("█" * full + (BLOCKS[rest] if rest else ""), "cyan")


def _share(share: float, low: float, high: float) -> str:
    """A share with its interval: "42% (31–55)"."""
    ends = f" ({100 * low:.0f}–{100 * high:.0f})" if low == low and high == high else ""
    return _percent(share) + ends


def _percent(share: float) -> str:
    return "–" if share != share else f"{100 * share:.0f}%"


def _text(value: Any) -> str:
    return "" if value is None or value != value or str(value) == "<NA>" else str(value)

"""An answer across councils in the terminal: a table of the columns that are looked at first, groups apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from councilscope.render import style
from councilscope.render.style import DIM, line, plural

if TYPE_CHECKING:
    import pandas as pd

    from councilscope.analysis import Answer

WORDS = {
    "causes_of": "of", "causes_share": "share", "blocks_of": "of", "councils_of": "of", "quote": "example",
    "family_name": "measure", "target_text": "target", "text": "text", "rag": "status", "history": "history",
}  # fmt: skip
WIDE = ("quote", "finding", "history", "title", "text")
TRIED = ("history", "quote", "title")  # left out, in this order, where the terminal is narrow


def print_answer(
    answer: Answer, table: pd.DataFrame, *, limit: int, note: str = "", console: Console | None = None
) -> None:
    """Print the first `limit` rows of `table`, the columns of the answer's `brief()`, one table a group."""
    console = console or style.console()
    columns = [c for c in answer.SHOWN if c in table and c not in answer.by]
    for name in TRIED:
        if console.width < 120 and len(columns) > 6 and name in columns:
            columns.remove(name)
    shown = table.head(limit)
    groups = shown.groupby(list(answer.by), sort=False, dropna=False) if answer.by else [((), shown)]
    for names, rows in groups:
        if answer.by:
            console.print(
                Rule(
                    Text(" · ".join(_cell(n) for n in names) or "not known", "bold"), style=DIM, align="left"
                )
            )
        if len(rows):
            console.print(Padding(_table(rows, columns), (0, 0, 1, 0)))
    if len(table) > limit:
        rest = plural(len(table) - limit, "more row")
        console.print(Text(f"… and {rest}: --limit {len(table)}, or --csv for all", DIM))
    if note:
        console.print(Text(note, DIM))


def _table(rows: pd.DataFrame, columns: list[str]) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False, header_style=DIM)
    for name in columns:
        number = str(rows[name].dtype).lower().startswith(("int", "float"))
        least = 16 if name in WIDE else None
        table.add_column(
            WORDS.get(name, name),
            justify="right" if number else "left",
            no_wrap=number,
            min_width=least,
            overflow="fold",
        )
    for row in rows.to_dict("records"):
        table.add_row(*(_shown(name, row[name], row) for name in columns))
    return table


def _shown(name: str, value: Any, row: Mapping[Any, Any]) -> Text:
    if name == "rag":
        return style.status(None if value != value or value is None or str(value) == "<NA>" else str(value))
    if isinstance(value, float) and value == value and name.endswith("_share"):
        low, high = (row.get(name.replace("_share", end), value) for end in ("_low", "_high"))
        between = f" ({100 * low:.0f}–{100 * high:.0f})" if low == low and low < high else ""
        return Text(f"{100 * value:.0f}%{between}")
    return Text(_cell(value))


def _cell(value: Any) -> str:
    if value is None or value != value or str(value) == "<NA>":
        return "–"
    return f"{value:,}" if isinstance(value, int) else line(str(value))

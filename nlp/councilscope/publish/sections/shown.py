"""How figures and words are written in the report's tables, and how much of a long list is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from councilscope.lexicon import load_toml

MOST = {"councils": 40, "families": 30, "rows": 120, "findings": 100, "owners": 40, "groups": 12}
"""How much of a long list is shown; the workbook and the CSV files have all."""


def names_of_themes() -> dict[str, str]:
    return {t["id"]: t["name"] for t in load_toml("themes.toml")["theme"]} | {"not named": "Not named"}


def share(value: Any) -> str:
    return "–" if value is None or value != value else f"{100 * float(value):.0f}%"


def between(row: Mapping[str, Any], name: str) -> str:
    """A share with its interval: "42% (31–55)". A line may break before the interval, not within."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is None or high is None or low != low:
        return share(row.get(f"{name}_share"))
    between = f" ({100 * low:.0f}\u2060–\u2060{100 * high:.0f})"
    return share(row.get(f"{name}_share")) + between


def word(value: Any) -> str:
    return "–" if value is None or value is pd.NA or value != value else str(value)


def number(value: Any) -> str:
    return "–" if value is None or value is pd.NA or value != value else f"{int(value):,}"


def rows_of(table: pd.DataFrame, most: int | None = None) -> list[dict[str, Any]]:
    return (table if most is None else table.head(most)).to_dict("records")  # type: ignore[return-value]


def more(table: Any, most: int) -> str:
    rest = len(table) - most
    return f"{rest:,} more are in the workbook and the CSV tables (--xlsx, --csv)." if rest > 0 else ""

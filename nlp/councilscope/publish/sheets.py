"""The report's tables as an Excel workbook and as CSV files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from councilscope.publish.gather import Gathered

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell must not begin with in a CSV that a spreadsheet opens (OWASP, "CSV Injection")."""
WIDEST, CELL = 60, 32_767


def write_xlsx(found: Gathered, path: str | Path) -> None:
    """A workbook with one sheet a table: headings fixed, filters on, columns as wide as they need.

    Text is written as text whatever it begins with: there are no formulas and no links in the workbook.
    """
    import xlsxwriter

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        head = book.add_format(
            {"bold": True, "bg_color": "#1f3a5f", "font_color": "#ffffff", "valign": "top"}
        )
        formats = {
            "share": book.add_format({"num_format": "0%", "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for name, table in found.tables().items():
            sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31])
            _fill(sheet, table, head, formats)


def _fill(sheet: Any, table: pd.DataFrame, head: Any, formats: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for x, column in enumerate(table.columns):
        sheet.write_string(0, x, str(column).replace("_", " "), head)
        kind = "share" if str(column).endswith(("_share", "_low", "_high")) else "text"
        longest = len(str(column)) + 3
        for y, value in enumerate(table[column], 1):
            if value is None or value is pd.NA or value != value:
                continue
            if isinstance(value, bool):
                sheet.write_boolean(y, x, value, formats["text"])
            elif isinstance(value, (int, float)):
                sheet.write_number(y, x, value, formats[kind])
            else:
                text = printable(str(value))[:CELL]
                longest = max(longest, min(len(text), WIDEST))
                sheet.write_string(y, x, text, formats["text"])
        sheet.set_column(x, x, longest)
    if len(table.columns):
        sheet.autofilter(0, 0, max(1, len(table)), len(table.columns) - 1)


def write_csv(found: Gathered, directory: str | Path) -> list[Path]:
    """One CSV file a table, UTF-8 with a mark by which Excel knows it. Text that a spreadsheet would take for a formula
    is written with an apostrophe before it."""
    folder = Path(directory)
    folder.mkdir(parents=True, exist_ok=True)
    out = []
    for name, table in found.tables().items():
        path = folder / f"{name.replace(' ', '-')}.csv"
        texts: dict[str, Any] = {
            str(c): table[c].map(_safe) for c in table if not pd.api.types.is_numeric_dtype(table[c])
        }
        table.assign(**texts).to_csv(path, index=False, encoding="utf-8-sig")
        out.append(path)
    return out


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def printable(text: str) -> str:
    """Text without characters that XML cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "", text)

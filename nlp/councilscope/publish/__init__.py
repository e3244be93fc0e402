"""The report across councils, to be opened by anybody: one HTML file, an Excel workbook, CSV tables.

The only importer of jinja2 and xlsxwriter. What stands in reports is text wherever it is written: the HTML escapes it,
the workbook and the CSV files never hold it as a formula.
"""

from __future__ import annotations

from councilscope.publish.gather import Gathered, gather
from councilscope.publish.html import Made, write_html
from councilscope.publish.sheets import write_csv, write_xlsx

__all__ = ["Gathered", "Made", "gather", "write_csv", "write_html", "write_xlsx"]

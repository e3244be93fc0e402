"""Codebooks: lists of themes with definitions, examples and counter-examples, as TOML, CSV (Taguette) and REFI-QDA."""

from __future__ import annotations

from councilscope.codebook.book import SHIPPED, TEMPLATE, Code, Codebook, from_table, load, shipped, slug
from councilscope.codebook.exchange import read_any, write_any

__all__ = [
    "SHIPPED",
    "TEMPLATE",
    "Code",
    "Codebook",
    "from_table",
    "load",
    "read_any",
    "shipped",
    "slug",
    "write_any",
]

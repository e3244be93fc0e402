"""Questions across councils: themes, causes, actions, indicators, and checks on the reports themselves.

Each takes an archive, reports or their frames and gives an answer whose `table` is a pandas frame.
"""

from __future__ import annotations

from councilscope.analysis.themes import BY, ThemeReport, percent, quote, theme_report

__all__ = ["BY", "ThemeReport", "percent", "quote", "theme_report"]

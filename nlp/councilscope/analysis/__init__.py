"""Questions across councils: themes, causes, actions, indicators, and checks on the reports themselves.

Each takes an archive, reports or their frames and gives an answer whose `table` is a pandas frame.
"""

from __future__ import annotations

from councilscope.analysis import scope
from councilscope.analysis.actions import BY as ACTIONS_BY
from councilscope.analysis.actions import STATES, ActionRegister, action_register
from councilscope.analysis.causes import BY as CAUSES_BY
from councilscope.analysis.causes import CauseReport, cause_report, cause_report_of, cause_spans
from councilscope.analysis.checks import BY as CHECKS_BY
from councilscope.analysis.checks import CHECKS, Findings, check_reports
from councilscope.analysis.indicators import BY as INDICATORS_BY
from councilscope.analysis.indicators import IndicatorTable, indicator_table, read_review, review
from councilscope.analysis.matching import Family, Matcher, catalogue
from councilscope.analysis.themes import BY, ThemeReport, percent, quote, theme_report

__all__ = [
    "ACTIONS_BY",
    "BY",
    "CAUSES_BY",
    "CHECKS",
    "CHECKS_BY",
    "INDICATORS_BY",
    "STATES",
    "ActionRegister",
    "CauseReport",
    "Family",
    "Findings",
    "IndicatorTable",
    "Matcher",
    "ThemeReport",
    "action_register",
    "catalogue",
    "cause_report",
    "cause_report_of",
    "cause_spans",
    "check_reports",
    "indicator_table",
    "percent",
    "quote",
    "read_review",
    "review",
    "scope",
    "theme_report",
]

"""Questions across councils: themes, causes, actions, indicators, and checks on the reports themselves.

Each takes an archive, reports or their frames and gives an answer whose `table` is a pandas frame.
"""

from __future__ import annotations

from councilscope.analysis.actions import BY as ACTIONS_BY
from councilscope.analysis.actions import STATES, ActionRegister, action_register
from councilscope.analysis.causes import BY as CAUSES_BY
from councilscope.analysis.causes import CauseReport, cause_report, cause_report_of, cause_spans
from councilscope.analysis.checks import BY as CHECKS_BY
from councilscope.analysis.checks import CHECKS, Findings, check_reports
from councilscope.analysis.indicators import BY as INDICATORS_BY
from councilscope.analysis.indicators import IndicatorTable, indicator_table, read_review, review
from councilscope.analysis.matching import Family, Matcher, catalogue
from councilscope.analysis.scope import (
    BLOCK,
    DOCUMENTS,
    GROUPS,
    KEYS,
    Answer,
    blocks_of,
    check,
    documents,
    labelled,
    ranked,
)
from councilscope.analysis.themes import BY, ThemeReport, percent, quote, theme_report

__all__ = [
    "ACTIONS_BY",
    "BLOCK",
    "BY",
    "CAUSES_BY",
    "CHECKS",
    "CHECKS_BY",
    "DOCUMENTS",
    "GROUPS",
    "INDICATORS_BY",
    "KEYS",
    "STATES",
    "ActionRegister",
    "Answer",
    "CauseReport",
    "Family",
    "Findings",
    "IndicatorTable",
    "Matcher",
    "ThemeReport",
    "action_register",
    "blocks_of",
    "catalogue",
    "cause_report",
    "cause_report_of",
    "cause_spans",
    "check",
    "check_reports",
    "documents",
    "indicator_table",
    "labelled",
    "percent",
    "quote",
    "ranked",
    "read_review",
    "review",
    "theme_report",
]

"""Strings to facts: figures, targets, goals, polarity, periods and due dates as UK councils print them.

Pure functions; the word lists are in data/values.toml.
"""

from __future__ import annotations

from councilscope.values.dues import due_date
from councilscope.values.figures import Figure, is_blank, is_date, is_not_available, parse_figure
from councilscope.values.goals import goal_in_title, polarity_in_title, polarity_of
from councilscope.values.periods import (
    bounds,
    financial_year,
    looks_like_period,
    own_label,
    parse_period,
    period_in,
    quarter_bounds,
    start_year,
)
from councilscope.values.reporting import find_report_period
from councilscope.values.targets import no_target, parse_target, target_range
from councilscope.values.tolerance import (
    Limit,
    Tolerance,
    limit_column,
    possible_status,
    read_limits,
    read_rule,
    recomputed_status,
)

__all__ = [
    "Figure",
    "Limit",
    "Tolerance",
    "bounds",
    "due_date",
    "financial_year",
    "find_report_period",
    "goal_in_title",
    "is_blank",
    "is_date",
    "is_not_available",
    "limit_column",
    "looks_like_period",
    "no_target",
    "own_label",
    "parse_figure",
    "parse_period",
    "parse_target",
    "period_in",
    "polarity_in_title",
    "polarity_of",
    "possible_status",
    "quarter_bounds",
    "read_limits",
    "read_rule",
    "recomputed_status",
    "start_year",
    "target_range",
]

"""Reports and tables as people read them: in the terminal and as pictures. The only importer of rich.

Status is never colour alone: each has a word and a shape of its own. What is piped has no colour and no escape
sequences; `NO_COLOR` is respected; control characters that stand in a PDF never reach the terminal.
"""

from __future__ import annotations

from councilscope.render.report import print_report, to_svg
from councilscope.render.style import console
from councilscope.render.talk import RunBar, counting, print_status, print_summary, print_table
from councilscope.render.themes import print_themes, themes_to_svg

__all__ = [
    "RunBar",
    "console",
    "counting",
    "print_report",
    "print_status",
    "print_summary",
    "print_table",
    "print_themes",
    "themes_to_svg",
    "to_svg",
]

"""The command line: `councilscope read | annotate | themes | causes | actions | indicators | check | report | …`. The only importer of typer.

Data go to standard output, talk to standard error. Exit codes: 0 all done · 1 unexpected error · 2 wrong usage ·
3 some inputs failed or were read in part · 4 nothing could be processed · 5 bad configuration, model or store
version · 130 interrupted. Everything heavy is imported by the command that needs it.
"""

from __future__ import annotations

from councilscope.cli.app import main

__all__ = ["main"]

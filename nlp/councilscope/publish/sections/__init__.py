"""What the report says, section by section: each figure with its denominator, its table and its evidence."""

from __future__ import annotations

from collections.abc import Callable

from councilscope.publish.evidence import Evidence
from councilscope.publish.gather import Gathered
from councilscope.publish.html import Section
from councilscope.publish.sections.doing import actions, owners
from councilscope.publish.sections.doubts import checks
from councilscope.publish.sections.measures import measures
from councilscope.publish.sections.overview import archive, status, summary
from councilscope.publish.sections.subjects import themes
from councilscope.publish.sections.why import causes


def sections(found: Gathered, evidence: Evidence) -> list[Section]:
    """The sections in their order; they ask for evidence in the order of importance."""
    makers: list[Callable[[Gathered, Evidence], Section]] = [
        summary, causes, actions, measures, themes, status, owners, checks, archive,
    ]  # fmt: skip
    made = [make(found, evidence) for make in makers]
    order = ("summary", "archive", "status", "causes", "actions", "indicators", "themes", "owners", "checks")
    return sorted(made, key=lambda s: order.index(s.id))


__all__ = ["sections"]

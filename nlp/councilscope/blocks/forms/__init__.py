"""Forms: tables in which labels and their values share the cells, one indicator each; and small tables of figures."""

from __future__ import annotations

from councilscope.blocks.draft import Draft
from councilscope.blocks.forms.cells import read_label_cell
from councilscope.blocks.forms.fields import Facts, figures_only, join, set_field
from councilscope.blocks.forms.grid import grid_of_periods
from councilscope.blocks.forms.rest import read_rest
from councilscope.blocks.forms.shape import is_facing, rows_of_labels
from councilscope.blocks.row_figures import RowContext
from councilscope.tables import Table

__all__ = ["Facts", "figures_only", "is_facing", "join", "read_form", "rows_of_labels", "set_field"]


def read_form(table: Table, ctx: RowContext) -> Facts | None:
    """The facts of a table that is a form or a grid of figures; None where hardly a label is known."""
    facts = Facts(
        Draft(title="", kind=ctx.kind or "indicator", source="form", table=ctx.number, page=table.box.page)
    )
    cells = [c for c in table.cells if c.words or c.shapes or c.pictures or c.fill]
    grid_of_periods(table, cells, facts, ctx)
    for i, c in enumerate(cells):
        if i in facts.used or not c.words:
            continue
        read_label_cell(table, cells, i, facts, ctx)
    if facts.labels + facts.sections < 2 and not (facts.labels and facts.draft.figures):
        return None
    read_rest(table, cells, facts, ctx)
    facts.draft.boxes.append(table.box)
    facts.draft.boxes += [c.box for c in cells if c.box.page != table.box.page]
    return facts

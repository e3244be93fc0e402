"""Figures under period headings, row by row, and periods with their figures beside them."""

from __future__ import annotations

from councilscope.blocks.columns import FIGURES, STATED, cell_role, is_figure_text
from councilscope.blocks.draft import better
from councilscope.blocks.forms.fields import Facts
from councilscope.blocks.row_figures import RowContext, own_period, read_figure
from councilscope.lexicon import fold, header_role
from councilscope.status import colour_rag, read_direction, read_status
from councilscope.tables import Cell, Table
from councilscope.values import is_not_available, looks_like_period, parse_period, parse_target, polarity_of

IN_SERIES = frozenset((*FIGURES, *STATED, "ignored")) - {"period", "owner"}  # columns of a table of periods
OFTEN = frozenset(("quarterly", "monthly", "annual", "annually", "yearly", "termly", "half yearly", "weekly"))


def grid_of_periods(table: Table, cells: list[Cell], facts: Facts, ctx: RowContext) -> None:
    """Figures under period headings, row by row; what a row holds is said by its first cell."""
    heads: dict[int, tuple[str, int]] = {}
    head_cells: set[int] = set()
    if not series_of(table) or not _read_series(table, cells, facts, ctx):
        _pairs_in_rows(cells, facts, ctx)
    for i, c in enumerate(cells):
        if i in facts.used or not c.words or not looks_like_period(c.text) or len(c.text.split()) > 7:
            continue
        said = header_role(c.text)
        if (said and said[1] >= 0.99 and c.col0 == 0) or fold(c.text) in OFTEN:
            continue
        if said and said[0] in STATED:
            continue
        below = [d for d in cells if d.row0 >= c.row1 and d.col0 == c.col0 and d.col1 <= c.col1]
        if not below:
            continue
        banner = " ".join(
            b.text
            for b in cells
            if b.words
            and b.row1 <= c.row0
            and b.col0 <= c.col0
            and b.col1 >= c.col1
            and b.row1 >= c.row0 - 0
            and looks_like_period(b.text)
        )
        period = parse_period(c.text, ctx.report, banner or None)
        if period is None:
            continue
        for j in range(c.col0, c.col1):
            if j not in heads or heads[j][1] < c.row1:
                heads[j] = (period, c.row1)
        head_cells.add(i)
    if len({p for p, _ in heads.values()}) < 1 or not heads:
        return
    first = max(row for _, row in heads.values())
    rows = sorted({c.row0 for c in cells if c.row0 >= min(row for _, row in heads.values())})
    matched = 0
    for r in rows:
        name_cell = next((c for c in cells if c.row0 <= r < c.row1 and c.col0 < min(heads) and c.words), None)
        row_cells = [(i, c) for i, c in enumerate(cells) if c.row0 == r and c.col0 in heads]
        if not row_cells or r < first:
            continue
        if name_cell is None and matched:
            break
        role = _row_role(name_cell.text) if name_cell is not None else "current"
        if role is None:
            if any(len(c.text.split()) > 8 for _, c in row_cells) or (
                matched and len({c.col0 for _, c in row_cells}) < 2
            ):
                break
            role = "current"
            if name_cell is not None and len(name_cell.text.split()) > 5:
                break
        if role not in (
            *FIGURES,
            "rag",
            "target",
            "direction",
            "numerator",
            "denominator",
            "ignored",
            "forecast",
            "previous_rag",
        ):
            break
        matched += 1
        if name_cell is not None and _names_polarity(cells, name_cell):
            facts.draft.polarity = facts.draft.polarity or polarity_of(name_cell.text)
        _grid_row(facts, role, name_cell, row_cells, heads, ctx)
        if name_cell is not None:
            facts.used.add(cells.index(name_cell))
        facts.used |= {i for i, _ in row_cells}
    if matched:
        facts.used |= head_cells
        facts.labels += matched
        top = min(c.row0 for i, c in enumerate(cells) if i in head_cells)
        for i, c in enumerate(cells):  # the corner above the row names says nothing
            if c.row0 >= top and c.row0 < first and c.col0 < min(heads) and not header_role(c.text):
                facts.used.add(i)


def _names_polarity(cells: list[Cell], cell: Cell) -> bool:
    """Whether the heading right above a cell asks which way is better ("Good is" over "Low")."""
    over = (c for c in cells if c.words and c.row1 == cell.row0 and c.col0 == cell.col0)
    return any(cell_role(c.text)[0] == "polarity" for c in over)


def series_of(table: Table) -> list[int]:
    """Rows that are periods, named in their first cell, under a row that names what the other cells are; none elsewhere."""
    heads = [c for c in table.row(0) if c.words and c.col0 > 0]
    if not heads or any(cell_role(c.text)[0] not in IN_SERIES for c in heads):
        return []
    firsts = [c for r in range(1, table.n_rows) for c in table.row(r)[:1]]
    if len(firsts) < 2 or any(c.col0 or not looks_like_period(c.text) for c in firsts):
        return []
    return [c.row0 for c in firsts]


def _read_series(table: Table, cells: list[Cell], facts: Facts, ctx: RowContext) -> bool:
    """Take value, target and status of each period; the target and status of the report's period, else the last, count."""
    roles = {c.col0: cell_role(c.text)[0] for c in table.row(0) if c.words and c.col0 > 0}
    if not {"current", "ytd"} & set(roles.values()):
        return False
    place = {id(c): i for i, c in enumerate(cells)}
    own = own_period(ctx.report) if ctx.report else None
    draft, told = facts.draft, False
    for r in series_of(table):
        first, *rest = table.row(r)
        period = parse_period(first.text, ctx.report)
        facts.used |= {place[id(c)] for c in (first, *rest) if id(c) in place}
        row = {roles.get(c.col0): c for c in rest}
        value = row.get("current") or row.get("ytd")
        figure = read_figure(value.text, period) if value is not None and value.words else None
        if figure is not None and value is not None:
            figure.rag = colour_rag(value.fill, ctx.key, 0.11)
            draft.figures.append(figure)
            facts.labels += 1
        if period and (status := row.get("rag")) is not None and (found := read_status(status, ctx.key)):
            draft.rags[period] = found
        if told and period != own:
            continue
        told = told or period == own
        if (aim := row.get("target")) is not None and (target := parse_target(aim.text)) is not None:
            draft.target = target
        if (way := row.get("direction")) is not None:
            draft.direction = read_direction(way, ctx.key, better(draft)) or draft.direction
    facts.used |= {place[id(c)] for c in table.row(0) if id(c) in place}
    return facts.labels > 0


def _pairs_in_rows(cells: list[Cell], facts: Facts, ctx: RowContext) -> None:
    """Periods with their figures at their right: "Q3 2022/23 | 93.1% | Q4 2022/23 | 91.4%", or one pair a row."""
    at = {(c.row0, c.col0): i for i, c in enumerate(cells) if c.words}
    filled: dict[int, int] = {}
    for c in cells:
        filled[c.row0] = filled.get(c.row0, 0) + bool(c.words)
    pairs: dict[int, list[tuple[int, int, str]]] = {}
    for i, c in enumerate(cells):
        if not c.words or not looks_like_period(c.text) or len(c.text.split()) > 5:
            continue
        k = at.get((c.row0, c.col1))
        period = parse_period(c.text, ctx.report)
        if k is None or period is None:
            continue
        value = cells[k].text
        if not looks_like_period(value) and (is_figure_text(value) or is_not_available(value)):
            pairs.setdefault(c.row0, []).append((i, k, period))
    sure = {r: ps for r, ps in pairs.items() if filled[r] == 2 or len(ps) >= 2}
    if sum(len(ps) for ps in sure.values()) < 2:
        return
    for i, k, period in (p for ps in sure.values() for p in ps):
        facts.used |= {i, k}
        facts.labels += 1
        figure = read_figure(cells[k].text, period)
        if figure is not None:
            figure.rag = figure.rag or colour_rag(cells[k].fill, ctx.key, 0.11)
            facts.draft.figures.append(figure)


def _row_role(text: str) -> str | None:
    role, share = cell_role(text)
    if role == "period" or role is None:
        return None
    return role if share >= 0.3 else None


def _grid_row(
    facts: Facts,
    role: str,
    name: Cell | None,
    row: list[tuple[int, Cell]],
    heads: dict[int, tuple[str, int]],
    ctx: RowContext,
) -> None:
    draft = facts.draft
    own = own_period(ctx.report) if ctx.report else None
    for _, c in row:
        period = heads[c.col0][0]
        if role in FIGURES:
            figure = read_figure(c.text, period) if c.words else None
            rag = colour_rag(c.fill, ctx.key, 0.11)
            if figure is not None:
                figure.rag = figure.rag or rag
                known = [f for f in draft.figures if f.period == period]
                if known:
                    figure.label = fold(name.text) if name is not None else None
                draft.figures.append(figure)
        elif role == "rag":
            found = read_status(c, ctx.key)
            if found:
                for f in draft.figures:
                    if f.period == period and f.rag is None:
                        f.rag = found[0].rag
                draft.rags[period] = found
        elif role == "target" and c.words:
            target = parse_target(c.text)
            if target is not None and (draft.target is None or period == own):
                draft.target = target
        elif role == "direction" and (own is None or period == own):
            draft.direction = read_direction(c, ctx.key, better(draft)) or draft.direction
        elif role in ("numerator", "denominator") and c.words:
            figure = read_figure(c.text, period)
            for f in draft.figures:
                if figure is not None and f.period == period and getattr(f, role) is None:
                    setattr(f, role, figure.value)

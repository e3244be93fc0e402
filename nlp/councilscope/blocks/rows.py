"""Rows of a list to drafts: group rows, comment rows, rows that a page break cut, cells by the role of their column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from councilscope.blocks.columns import FIGURES, TITLES, Column, Header, cell_role
from councilscope.blocks.draft import (
    Draft,
    better,
    extend,
    field_text,
    is_code,
    norm_title,
    owners_in,
    owners_of,
    split_ref,
)
from councilscope.blocks.facts import field_pairs
from councilscope.blocks.labels import split_notes
from councilscope.blocks.row_figures import (
    RowContext,
    figure_period,
    finish_targets,
    fractions,
    is_prose,
    own_period,
    read_figure,
    status_from_figures,
    under,
)
from councilscope.lexicon import fold, section_guess, section_of
from councilscope.page import Colour, Shape, Word
from councilscope.records import Direction
from councilscope.status import (
    Evidence,
    Key,
    arrow_turn,
    colour_rag,
    icon_rags,
    read_direction,
    read_status,
)
from councilscope.tables import Cell, Table
from councilscope.text import lines_of, paragraphs
from councilscope.values import (
    is_not_available,
    limit_column,
    no_target,
    parse_target,
    polarity_of,
)


def read_list(
    table: Table, header: Header, title_col: int, ctx: RowContext, previous: Draft | None = None
) -> list[Draft]:
    """A draft per row (or per merged title cell); group rows give the service, rows of one long cell commentary."""
    drafts: list[Draft] = []
    group: list[str] = []
    looks: set[tuple[Colour | None, bool]] = set()  # fill and weight of the rows that gave a group
    last: Draft | None = previous
    rows = _row_groups(table, header, title_col)
    tinted = tinted_columns(table, header)
    coded = _are_coded(table, header, title_col)
    heads = {fold(said) for c in header.columns for said in (c.own, c.banner) if said}
    titled_by_rows = title_col < 0
    above: Cell | None = None
    for r0, r1 in rows:
        cells = table.rows_between(r0, r1)
        filled = [c for c in cells if c.words]
        if not filled or _repeats_header(filled, heads):
            continue
        beside = [c for c in filled if not _spans_rows(c, r0, r1, header)]
        only = beside[0] if len({id(c) for c in beside}) == 1 else None
        wide_row = only is not None and only.col1 - only.col0 >= 0.5 * table.n_cols
        if titled_by_rows and wide_row and r0 + 1 < table.n_rows and _has_several(table, r0 + 1):
            above = only
            continue
        if only is not None and last is not None and _field_row(only, last, ctx):
            continue
        if only is not None and not any(c.shapes or c.pictures for c in cells):
            wide = only.col1 - only.col0 >= 0.5 * table.n_cols or only.col0 == 0
            look = (only.fill, all(w.bold for w in only.words))
            named = look in looks and only.fill is not None and not only.text.endswith((".", "!", "?"))
            if wide and not named and _is_comment_row(only, last):
                assert last is not None
                _comment_row(only, last)
                continue
            if (
                (wide and len(only.text.split()) <= 30 and not only.col0 == title_col == only.col1 - 1)
                or _is_group(only, table, header)
                or (only.col0 == title_col and _is_painted_row(cells, table, header))
            ):
                group = [only.text]
                ctx.at_foot = group if named else []
                looks.add(look)
                continue
        pair = _label_and_text(beside)
        if pair is not None and last is not None and table.n_cols > 2:
            label, text_cell = pair
            last.note(section_guess(label), label, paragraphs(text_cell.words))
            last.boxes += [c.box for c in filled]
            continue
        title_cell = next((c for c in cells if c.col0 <= title_col < c.col1 and c.words), None)
        if titled_by_rows:
            title_cell, above = above, None
        if title_cell is None or _continues(
            title_cell, cells, header, last, r0, header.first + header.rows, coded
        ):
            if last is not None and (drafts or previous is not None):
                _continue_row(last, cells, header)
            else:
                ctx.warn(
                    "row_without_title",
                    table.box.page,
                    f"a row without a title was left out: {filled[0].text[:60]!r}",
                )
            continue
        if len(title_cell.text) < 2 or (is_total(title_cell.text)):
            continue
        draft = _row(cells, header, title_col, title_cell, ctx, tinted)
        if draft is None:
            continue
        draft.service = " > ".join([*ctx.service, *group, *_services(cells, header, title_col)]) or None
        draft.row = r0
        ctx.at_foot = []
        drafts.append(draft)
        last = draft
    return drafts


def _spans_rows(cell: Cell, r0: int, r1: int, header: Header) -> bool:
    """Whether a cell is a service's, printed once for more rows than these."""
    return (cell.row0 < r0 or cell.row1 > r1) and header.columns[cell.col0].role == "service"


def is_total(text: str) -> bool:
    return bool(re.fullmatch(r"(?i)(?:grand |sub ?-?)?totals?:?", text.strip()))


def _is_group(cell: Cell, table: Table, header: Header) -> bool:
    bold = all(w.bold for w in cell.words)
    return len(cell.text.split()) <= 14 and (bold or cell.fill is not None) and cell.col0 == 0


def _is_painted_row(cells: list[Cell], table: Table, header: Header) -> bool:
    """Whether all cells of a row have one fill, which less than a third of the table's rows have in their first cell."""
    fills = {c.fill for c in cells}
    if len(fills) != 1 or None in fills or len(cells) < 3:
        return False
    first = [c.fill for c in table.cells if c.col0 == 0 and c.row0 >= header.first + header.rows]
    return first.count(next(iter(fills))) < 0.34 * max(len(first), 1)


def _row_groups(table: Table, header: Header, title_col: int) -> list[tuple[int, int]]:
    """Row ranges of one item each: the rows that one title cell spans; a row of its own elsewhere."""
    out: list[tuple[int, int]] = []
    r = header.first + header.rows
    while r < table.n_rows:
        end = r + 1
        anchors = [j for j in (title_col, *header.all("ref")) if j >= 0]
        for j in anchors:
            cell = next(
                (
                    c
                    for c in table.row(r)
                    if c.col0 <= j < c.col1 and c.words and c.col1 - c.col0 < max(2, table.n_cols - 1)
                ),
                None,
            )
            if cell is not None:
                end = max(end, cell.row1)
        out.append((r, min(end, table.n_rows)))
        r = end
    return out


def _repeats_header(cells: list[Cell], heads: set[str]) -> bool:
    texts = [fold(c.text) for c in cells]
    return len(texts) >= 2 and sum(1 for t in texts if t in heads) >= 0.8 * len(texts)


def _is_comment_row(cell: Cell, last: Draft | None) -> bool:
    if last is None:
        return False
    text = cell.text
    label = label_before(text)
    if label and (section_of(label) or section_guess(label) != "note"):
        return True
    words = len(text.split())
    return words > 24 or (words > 9 and text.rstrip().endswith(".") and not all(w.bold for w in cell.words))


def label_before(text: str) -> str | None:
    """A short label before a colon or dash at the start of a text."""
    m = re.match(r"^([A-Z][^:.;!?]{1,70}?)(?::| [-–—] )", text)
    return m.group(1).strip() if m and len(m.group(1).split()) <= 10 else None


def _comment_row(cell: Cell, last: Draft) -> None:
    for section, heading, parts, skip in split_notes(paragraphs(cell.words), "note", None):
        last.note(section, heading, parts, skip)
    last.boxes.append(cell.box)


def _label_and_text(cells: list[Cell]) -> tuple[str, Cell] | None:
    """A row of a label cell and one long text cell ("Commentary" | "...")."""
    if len(cells) != 2:
        return None
    a, b = sorted(cells, key=lambda c: c.col0)
    if section_of(a.text) and len(a.text.split()) <= 8 and len(b.text.split()) >= 4 and b.col1 - b.col0 > 1:
        return a.text, b
    return None


def _are_coded(table: Table, header: Header, title_col: int) -> bool:
    """Whether each title but the first begins with a code, so that a first one without is the rest of a title."""
    first = header.first + header.rows
    texts = [c.text for c in table.cells if c.col0 == title_col and c.row0 > first and c.words]
    return bool(texts) and all(split_ref(t)[0] for t in texts)


def _continues(
    title_cell: Cell,
    cells: list[Cell],
    header: Header,
    last: Draft | None,
    row: int,
    first_body: int,
    coded: bool,
) -> bool:
    """Whether the first row after a page break goes on with the row before it: no ref, status or figure of its own."""
    if last is None or row != first_body:
        return False
    ref = header.index("ref")
    if ref is not None:
        own_ref = next((c for c in cells if c.col0 <= ref < c.col1 and c.words), None)
        if own_ref is not None or last.ref is None:
            return False
        cut = title_cell.text[:1].islower() and not _has_facts(cells, header, "period", "current", "rag")
        return cut or not _has_facts(cells, header)
    if _has_facts(cells, header):
        return False
    cut = coded and last.ref is not None and split_ref(title_cell.text)[0] is None
    return cut or title_cell.text[:1].islower()


def _has_facts(cells: list[Cell], header: Header, *roles: str) -> bool:
    for j in header.all(*(roles or ("target", "period", "current", "rag", "direction"))):
        for c in cells:
            if c.col0 <= j < c.col1 and (c.words or c.shapes):
                return True
    return False


def _continue_row(last: Draft, cells: list[Cell], header: Header) -> None:
    for c in cells:
        if not c.words:
            continue
        col = header.columns[c.col0]
        if col.role == "section":
            parts = paragraphs(c.words)
            note = next((n for n in last.notes if n.section == col.section and n.heading == col.own), None)
            if note is not None and parts:
                extend(note.parts, parts)
                last.boxes += [p.box for p in parts]
            else:
                last.note(col.section or "note", col.own, parts)
        elif col.role in TITLES:
            last.title = f"{last.title} {c.text}".strip()
        elif col.role == "target" and last.target is not None:
            last.target = parse_target(f"{last.target.text} {c.text}") or last.target
        last.boxes.append(c.box)


def _services(cells: list[Cell], header: Header, title_col: int) -> list[str]:
    out = []
    for j in header.all("service"):
        if j == title_col:
            continue
        text = next((c.text for c in cells if c.col0 <= j < c.col1 and c.words), "")
        if text and text not in out:
            out.append(text)
    return out


def tinted_columns(table: Table, header: Header) -> set[int]:
    """Columns whose cells have fills that differ from row to row or from their neighbours: fills that say something."""
    out: set[int] = set()
    fills: dict[int, set[Colour | None]] = {}
    for c in table.cells:
        if c.row0 >= header.first + header.rows:
            fills.setdefault(c.col0, set()).add(c.fill)
    titles = [j for j in fills if header.columns[j].role in TITLES]
    for j, own in fills.items():
        others = {fill for k in titles if k != j for fill in fills[k]}
        if own - others - {None}:
            out.add(j)
    return out


def _row(
    cells: list[Cell], header: Header, title_col: int, title_cell: Cell, ctx: RowContext, tinted: set[int]
) -> Draft | None:
    cols = header.columns
    words, ref = _without_ref(title_cell)
    words, told = _without_fields(words)
    title = field_text(words)
    role = cols[title_col].role if title_col >= 0 else None
    kind = ctx.kind or (role if role in TITLES else "indicator")
    if kind == "action" and len(header.all("period", "current", "ytd")) >= 2 and not header.all("due"):
        kind = "indicator"  # "Activity" beside figures is a measure
    if kind == "indicator" and header.all("due") and not header.all("period", "current", "ytd", "target"):
        kind = "action"  # due on a day and measured by nothing
    draft = Draft(title=title, kind=kind, source="list", table=ctx.number, page=title_cell.box.page)
    for j in header.all("ref"):
        cell = next((c for c in cells if c.col0 <= j < c.col1 and c.words), None)
        if cell is not None and is_code(cell.text) and cell is not title_cell:
            ref = ref or cell.text
    if ref is None:
        ref, draft.title = split_ref(title)
    draft.ref = ref
    _take_fields(told, draft)
    for j in header.all("polarity"):
        for c in under(cells, j):
            letter = {"h": "higher", "l": "lower"}.get(c.text.strip().casefold())
            draft.polarity = draft.polarity or letter or polarity_of(c.text) or _arrow_polarity(c, ctx.key)
    for j, col in enumerate(cols):
        if col.role in (None, "ignored", "target") and (name := limit_column(col.own)):
            draft.limits.update((name, c.text) for c in under(cells, j) if c.words)
    labels = _sub_labels(cells, header, title_cell)
    for c in cells:
        if c is title_cell:
            continue
        col = cols[c.col0]
        read_cell(draft, c, col, ctx, labels.get(c.row0), c.col0 in tinted, header)
    finish_targets(draft, cells, header, ctx)
    fractions(draft, cells, header, ctx)
    status_from_figures(draft, cells, header, ctx)
    if not draft.status:
        said = [
            c
            for c in cells
            if cols[c.col0].role
            not in ("direction", "direction_long", "previous_rag", "forecast_rag", "ignored", *FIGURES)
        ]
        shapes = [
            s
            for c in said
            for s in c.shapes
            if s.box.height > 4 and not arrow_turn(s) and not _is_bullet(s, c)
        ]
        for rag in icon_rags(shapes, [p for c in said for p in c.pictures], ctx.key)[:1]:
            draft.status.append(Evidence(rag, "icon"))
    draft.boxes = [c.box for c in cells if c.words or c.shapes or c.pictures] + draft.boxes
    draft.unread = sum(_is_unread(c, cols[c.col0].role, draft) for c in cells if c is not title_cell)
    if not draft.status and ctx.heading_status:
        draft.status.append(Evidence(ctx.heading_status, "heading"))  # type: ignore[arg-type]
    return draft


def _is_unread(c: Cell, role: str | None, draft: Draft) -> bool:
    """Whether a cell holds words or signs, and the draft nothing of what its column should give."""
    signs = bool(c.shapes or c.pictures)
    if not (c.words or signs) or is_not_available(c.text):
        return False
    read: dict[str | None, object] = {
        None: None,
        "owner": draft.owners,
        "target": draft.target or no_target(c.text),
    }
    read |= dict.fromkeys(FIGURES, draft.figures)
    if c.words and role in read:
        return not read[role]
    return (role == "rag" and not draft.status) or (role == "direction" and not draft.direction)


def _without_ref(cell: Cell) -> tuple[list[Word], str | None]:
    """The words of a title less a code that stands alone on its last line, and that code."""
    lines = lines_of(cell.words)
    if len(lines) > 1:
        last = " ".join(w.text for w in lines[-1].words)
        if (
            len(lines[-1].words) <= 2
            and is_code(last)
            and re.search(r"[A-Z]", last)
            and re.search(r"\d", last)
        ):
            return [w for ln in lines[:-1] for w in ln.words], last.strip("()[]")
    return list(cell.words), None


FIELDS = ("owner", "target", "due", "polarity")  # what a line of a title's own cell may tell


def _without_fields(words: list[Word]) -> tuple[list[Word], list[tuple[str, str]]]:
    """The words of a title less the lines that begin with a field's label ("Managed by: ..."), and what those say."""
    lines = lines_of(words)
    for k in range(1, len(lines)):
        pairs = field_pairs(" ".join(w.text for ln in lines[k:] for w in ln.words))
        if (
            pairs
            and ":" in field_text(lines[k].words)
            and all(role in FIELDS and value for role, value in pairs)
        ):
            return [w for ln in lines[:k] for w in ln.words], pairs
    return words, []


def _take_fields(pairs: Sequence[tuple[str, str]], draft: Draft) -> None:
    for role, value in pairs:
        if role == "owner":
            draft.owners += [o for o in owners_of(value) if o not in draft.owners]
        elif role == "target":
            draft.target = draft.target or parse_target(value)
        elif role == "polarity":
            draft.polarity = draft.polarity or polarity_of(value)


def _has_several(table: Table, row: int) -> bool:
    return len([c for c in table.row(row) if c.words]) > 1


def _field_row(cell: Cell, last: Draft, ctx: RowContext) -> bool:
    """A row of one cell that holds a field of the item above it ("Service Head: Andrea Pugh")."""
    pairs = field_pairs(cell.text)
    known = [(role, value) for role, value in pairs if role in FIELDS and value]
    if not known or len(known) < len(pairs) or len(cell.text.split()) > 16:
        return False
    _take_fields(known, last)
    last.boxes.append(cell.box)
    return True


def _is_bullet(s: Shape, c: Cell) -> bool:
    """Whether a small dark dot stands before a line of a cell's text."""
    return max(s.box.width, s.box.height) < 6 and max(s.colour) < 0.4


def _arrow_polarity(cell: Cell, key: Key) -> str | None:
    from councilscope.status import arrow_turn, sign_of, sign_turn

    turn = next((t for w in cell.words if (t := sign_turn(sign_of(w)))), None)
    turn = turn or next((t for s in cell.shapes if (t := arrow_turn(s))), None)
    return {"up": "higher", "down": "lower"}.get(turn or "")


def _sub_labels(cells: list[Cell], header: Header, title_cell: Cell) -> dict[int, str]:
    """Row names inside an item that takes several rows ("Target", "Actual"), by row."""
    if title_cell.row1 - title_cell.row0 < 2:
        return {}
    out: dict[int, str] = {}
    for c in cells:
        if c.row1 - c.row0 == 1 and c.words and c is not title_cell:
            role, share = cell_role(c.text)
            if (
                role in ("current", "target", "rag", "ytd")
                and share > 0.6
                and header.columns[c.col0].role not in FIGURES
            ):
                out.setdefault(c.row0, role)
    return out


def _score_moved(draft: Draft, text: str) -> Direction | None:
    """Direction of a risk beside which stands only "Up" or "Down": its score moved so, and more is worse."""
    if draft.kind != "risk" or (draft.polarity or "lower") != "lower":
        return None
    return {"up": "worsening", "down": "improving"}.get(fold(text))  # type: ignore[return-value]


def read_cell(
    draft: Draft, c: Cell, col: Column, ctx: RowContext, sub: str | None, tinted: bool, header: Header
) -> None:
    text = c.text
    role = col.role
    if role == "section" and c.words:
        for section, heading, parts, skip in split_notes(paragraphs(c.words), col.section or "note", col.own):
            draft.note(section, heading, parts, skip)
    elif role == "rag":
        found = read_status(c, ctx.key)
        if col.period and ctx.report and col.period != own_period(ctx.report):
            return
        if not draft.status or not found:
            draft.status += found
        if not draft.direction and not found:
            draft.direction = read_direction(c, ctx.key, better(draft))
    elif role == "direction" and not draft.direction:
        if col.period and ctx.report and role == "period":
            return
        draft.direction = _score_moved(draft, text) or read_direction(c, ctx.key, better(draft))
    elif role == "owner" and c.words:
        draft.owners += [o for o in owners_in(c.words) if o not in draft.owners]
    elif role == "type" and c.words:
        draft.type = text
    elif role in FIGURES and c.words and (stacked := _stacked(text)):
        _read_stacked(draft, c, col, ctx, stacked, tinted)
    elif role in FIGURES and c.words and sub not in ("target", "rag"):
        figure = read_figure(text, figure_period(col, ctx.report))
        if figure is not None and figure.value is None and is_prose(text):
            draft.note(section_guess(col.own), col.own or None, paragraphs(c.words))
        elif figure is not None:
            if role == "progress":
                figure.label = figure.label or fold(col.own) or None
            figure.rag = figure.rag or (colour_rag(c.fill, ctx.key, 0.11) if tinted else None)
            figure.rag = figure.rag or next(iter(_icon_rag(c, ctx.key)), None)
            if figure.period is None and ctx.report is not None:
                figure.period = own_period(ctx.report)
            draft.figures.append(figure)
        if role == "current" and not draft.direction and c.shapes:
            draft.direction = read_direction(c, ctx.key, better(draft))
    elif role in FIGURES and sub == "target" and c.words:
        period = figure_period(col, ctx.report)
        if draft.target is None or (ctx.report and period == own_period(ctx.report)):
            draft.target = parse_target(text) or draft.target


def _stacked(text: str) -> dict[str, str]:
    """The parts of a cell that holds several figures under each other ("Target: 90% Result: 86%"), by role."""
    pairs = field_pairs(text)
    roles = dict(pairs)
    return (
        roles if "target" in roles and len(roles) >= 2 and set(roles) <= {"target", *FIGURES, "rag"} else {}
    )


def _read_stacked(
    draft: Draft, c: Cell, col: Column, ctx: RowContext, parts: dict[str, str], tinted: bool
) -> None:
    period = figure_period(col, ctx.report)
    own = own_period(ctx.report) if ctx.report else None
    target = parse_target(parts["target"])
    if target is not None and (draft.target is None or period == own):
        draft.target = target
    for role in FIGURES:
        figure = read_figure(parts[role], period) if parts.get(role) else None
        if figure is not None:
            figure.rag = colour_rag(c.fill, ctx.key, 0.11) if tinted else None
            draft.figures.append(figure)


def _icon_rag(c: Cell, key: Key) -> list[str]:
    shapes = [s for s in c.shapes if not arrow_turn(s)]
    return list(icon_rags(shapes, c.pictures, key))


def read_partial(table: Table, header: Header, ctx: RowContext) -> list[Draft]:
    """Rows that name their item by its ref alone: columns that did not fit on the page of the titles."""
    ref_col = header.index("ref")
    assert ref_col is not None
    for c in header.columns:
        if c.role in TITLES and c.own:
            c.role, c.section = "section", section_of(c.own) or section_guess(c.own)
    out: list[Draft] = []
    for r0, r1 in _row_groups(table, header, ref_col):
        cells = table.rows_between(r0, r1)
        ref_cell = next((c for c in cells if c.col0 <= ref_col < c.col1 and c.words), None)
        if ref_cell is None or not is_code(ref_cell.text):
            continue
        draft = _row(cells, header, ref_col, ref_cell, ctx, tinted_columns(table, header))
        if draft is not None:
            draft.ref, draft.title, draft.partial = ref_cell.text, ref_cell.text, True
            out.append(draft)
    return out


def read_beside(
    table: Table, header: Header, tied: Sequence[tuple[Draft, int, int]], ctx: RowContext
) -> list[tuple[Draft, Draft]]:
    """What the further columns of a wide sheet give: each draft with a partial one from its rows (end exclusive)."""
    tinted = tinted_columns(table, header)
    out = []
    for draft, r0, r1 in tied:
        cells = table.rows_between(r0, r1)
        if not any(c.words or c.shapes or c.pictures or c.fill for c in cells):
            continue
        nameless = Cell(r0, r0 + 1, -1, -1, cells[0].box)
        found = _row(cells, header, -1, nameless, ctx, tinted)
        if found is not None:
            found.partial = True
            out.append((draft, found))
    return out


def title_key(title: str) -> str:
    return norm_title(title)

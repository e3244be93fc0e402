"""Forms: tables in which labels and their values share the cells, one indicator each; and small tables of figures."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from councilscope.blocks.columns import FIGURES, cell_role, is_figure_text
from councilscope.blocks.draft import Draft, Figure, better, is_code, is_name, owners_of, split_ref
from councilscope.blocks.facts import field_pairs
from councilscope.blocks.labels import clean, run_in, section_label, split_notes, title_of
from councilscope.blocks.rows import RowContext, own_period, read_figure
from councilscope.lexicon import fold, header_role, is_known_label, section_guess, section_of, title_label
from councilscope.page import Word
from councilscope.status import colour_rag, read_direction, read_status, word_rag
from councilscope.tables import Cell, Table
from councilscope.text import Paragraph, paragraphs, plain, segments
from councilscope.values import is_not_available, looks_like_period, parse_period, parse_target, polarity_of

FIELDS = {
    "ref", "indicator", "action", "risk", "service", "owner", "target", "due", "rag", "direction", "polarity", "type",
    "current", "ytd", "previous", "last_year", "same_last_year", "numerator", "denominator", "progress",
}  # fmt: skip


WAS = re.compile(
    r"(?P<now>[^(]*\d[^(]*?),? \(?(?:was|previously|up from|down from) (?P<then>[^)]*\d[^)]*)\)?$"
)
OFTEN = frozenset(("quarterly", "monthly", "annual", "annually", "yearly", "termly", "half yearly", "weekly"))


@dataclass
class Facts:
    """What a form or a small table of figures says, before it becomes a draft or joins one."""

    draft: Draft
    titled: bool = False
    labels: int = 0
    sections: int = 0
    used: set[int] = field(default_factory=set)
    free: list[tuple[Cell, str, list[Word]]] = field(default_factory=list)


def read_form(table: Table, ctx: RowContext) -> Facts | None:
    """The facts of a table that is a form or a grid of figures; None where hardly a label is known."""
    facts = Facts(
        Draft(title="", kind=ctx.kind or "indicator", source="form", table=ctx.number, page=table.box.page)
    )
    cells = [c for c in table.cells if c.words or c.shapes or c.pictures or c.fill]
    _grid_of_periods(table, cells, facts, ctx)
    for i, c in enumerate(cells):
        if i in facts.used or not c.words:
            continue
        _read_label_cell(table, cells, i, facts, ctx)
    if facts.labels + facts.sections < 2 and not (facts.labels and facts.draft.figures):
        return None
    _read_rest(table, cells, facts, ctx)
    facts.draft.boxes.append(table.box)
    facts.draft.boxes += [c.box for c in cells if c.box.page != table.box.page]
    return facts


# --- periods over rows --------------------------------------------------------------------------------------


def _grid_of_periods(table: Table, cells: list[Cell], facts: Facts, ctx: RowContext) -> None:
    """Figures under period headings, row by row; what a row holds is said by its first cell."""
    heads: dict[int, tuple[str, int]] = {}
    head_cells: set[int] = set()
    _pairs_in_rows(cells, facts, ctx)
    for i, c in enumerate(cells):
        if i in facts.used or not c.words or not looks_like_period(c.text) or len(c.text.split()) > 7:
            continue
        said = header_role(c.text)
        if (said and said[1] >= 0.99 and c.col0 == 0) or fold(c.text) in OFTEN:
            continue
        if said and said[0] in (
            "target",
            "rag",
            "direction",
            "polarity",
            "owner",
            "previous_rag",
            "forecast",
            "due",
            "direction_long",
        ):
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


# --- labels and values --------------------------------------------------------------------------------------


def _read_label_cell(table: Table, cells: list[Cell], i: int, facts: Facts, ctx: RowContext) -> None:
    c = cells[i]
    parts = paragraphs(c.words)
    first = parts[0]
    pairs = field_pairs(c.text)
    if len(pairs) >= 2 and sum(1 for name, said in pairs if name in FIELDS and said) >= 2:
        for name, said in pairs:
            if name in FIELDS and said and set_field(facts.draft, name, name, said, None, ctx, facts):
                facts.labels += 1
        facts.used.add(i)
        return
    wide = len(c.text.split()) > 8 or c.col1 - c.col0 >= 0.6 * table.n_cols
    found = section_label(first)
    if (
        found
        and (wide or len(found[1].split()) > 1 or _value_cell(table, cells, i) is not None)
        and (not _is_field(found[1], c, parts) or _has_sentences(table, cells, i))
    ):
        _section_cell(table, cells, i, facts, parts)
        return
    titled = title_of(first)
    if titled and titled[2] < sum(len(p.words) for p in parts):
        kind, _, n = titled
        words = [w for p in parts for w in p.words][n:]
        _set_title(facts, plain(words), kind)
        facts.used.add(i)
        facts.labels += 1
        return
    if (
        c.col0 == 0
        and not header_role(c.text.rstrip(": "))
        and 2 <= len(c.text.split()) <= 10
        and _is_row_label(table, cells, i)
    ):
        facts.used.add(i)
        facts.sections += 1
        value = _value_cell(table, cells, i)
        assert value is not None
        facts.used.add(value)
        for section, head, ps, skip in split_notes(
            paragraphs(cells[value].words), section_guess(c.text), clean(c.text)
        ):
            facts.draft.note(section, head, ps, skip)
        return
    label, rest = _label_of(first, parts)
    role = header_role(label)
    known = bool(label and rest and role and role[0] in FIELDS and role[1] >= 0.6)
    if known and role and _set_field(facts, role[0], label, plain(rest), None, ctx):
        facts.used.add(i)
        facts.labels += 1
        return
    if not rest or (role and role[1] >= 0.9 and len(c.text.split()) <= 8):
        whole = c.text.rstrip(": ")
        role = header_role(whole)
        value = _value_cell(table, cells, i)
        title_kind = title_label(whole)
        if (
            value is not None
            and title_kind
            and cells[value].words
            and not header_role(cells[value].text.rstrip(": "))
        ):
            _set_title(facts, cells[value].text, title_kind)
            facts.used |= {i, value}
            facts.labels += 1
        elif value is not None and role and role[0] in FIELDS and role[1] >= 0.6:
            v = cells[value]
            if _set_field(facts, role[0], whole, v.text, v, ctx):
                facts.used |= {i, value}
                facts.labels += 1
            elif role[0] == "ref":
                facts.used.add(i)
                facts.labels += 1
        elif role and role[0] in FIELDS and role[1] >= 0.9 and c.text.rstrip().endswith(":"):
            facts.used.add(i)
            facts.labels += 1


def _is_row_label(table: Table, cells: list[Cell], i: int) -> bool:
    """Whether a cell of the first column is set like a label and has a longer text at its right."""
    c = cells[i]
    value = _value_cell(table, cells, i)
    if value is None or cells[value].row0 != c.row0 or cells[value].col0 < c.col1:
        return False
    v = cells[value]
    marked = (
        (c.fill is not None and c.fill != v.fill)
        or (all(w.bold for w in c.words) and not all(w.bold for w in v.words))
        or c.text.endswith(("?", ":"))
    )
    return marked and len(v.text.split()) >= 4 and c.text[:1].isupper()


def _is_field(heading: str, c: Cell, parts: list[Paragraph]) -> bool:
    """Whether a heading that could open commentary is here the label of a value ("Performance | 91%")."""
    role = header_role(heading.rstrip(": "))
    return bool(
        role
        and role[1] >= 0.99
        and role[0] in ("current", "risk", "action", "progress", "forecast")
        and len(c.text.split()) <= 3
    )


def _has_sentences(table: Table, cells: list[Cell], i: int) -> bool:
    """Whether a label's value is prose, so that the label is a heading of commentary ("Forecast")."""
    value = _value_cell(table, cells, i)
    text = cells[value].text if value is not None else ""
    return len(text.split()) >= 6 and text.rstrip().endswith((".", "!", "?"))


def _label_of(first: Paragraph, parts: list[Paragraph]) -> tuple[str, list[Word]]:
    found = run_in(first)
    words = [w for p in parts for w in p.words]
    if found and found[1] <= len(words):
        label, n = found
        return label.rstrip(": "), words[n:]
    return first.text.rstrip(": "), words[len(first.words) :]


def _section_cell(table: Table, cells: list[Cell], i: int, facts: Facts, parts: list[Paragraph]) -> None:
    c = cells[i]
    facts.used.add(i)
    facts.sections += 1
    notes = list(split_notes(parts, "note", None))
    if notes:
        for section, heading, ps, skip in notes:
            facts.draft.note(section, heading, ps, skip)
        return
    value = _value_cell(table, cells, i)
    heading = clean(c.text)
    if value is not None:
        v = cells[value]
        facts.used.add(value)
        if v.words:
            for section, head, ps, skip in split_notes(
                paragraphs(v.words), section_of(c.text) or section_guess(c.text), heading
            ):
                facts.draft.note(section, head, ps, skip)
        return
    facts.draft.pending = (section_of(c.text) or section_guess(c.text), heading)


def _value_cell(table: Table, cells: list[Cell], i: int) -> int | None:
    """Index of the cell that holds a label's value: the next to the right in its row, else the one below."""
    c = cells[i]
    right = [
        (d.col0, k)
        for k, d in enumerate(cells)
        if d is not c and d.row0 <= c.row0 < d.row1 and d.col0 >= c.col1 and d.col0 - c.col1 <= 1
    ]
    if right:
        k = min(right)[1]
        if _says_something(c, cells[k]):
            text = cells[k].text
            role = header_role(text.rstrip(": "))
            if not (role and role[1] >= 0.99 and role[0] in FIELDS and not word_rag(text)) and not (
                section_of(text)
                and len(text.split()) < 7
                and cells[k].row0 == c.row0
                and role is None
                and text.endswith(":")
            ):
                return k
    if any(
        d.col0 == c.col1
        and d.row0 == c.row0
        and d.row1 == c.row1
        and not (d.words or d.shapes or d.pictures)
        and d.box.width > 1.5 * c.box.width
        for d in table.cells
    ):
        return None  # its value is left empty
    below = [
        (d.row0, k) for k, d in enumerate(cells) if d.row0 == c.row1 and d.col0 <= c.col0 and d.col1 >= c.col1
    ]
    below = below or [(d.row0, k) for k, d in enumerate(cells) if d.row0 == c.row1 and d.col0 == c.col0]
    if below:
        k = min(below)[1]
        role = header_role(cells[k].text.rstrip(": "))
        if _says_something(c, cells[k]) and not (
            role and role[1] >= 0.99 and role[0] in FIELDS and cells[k].text.endswith(":")
        ):
            return k
    return None


def _says_something(label: Cell, value: Cell) -> bool:
    return bool(value.words or value.shapes or value.pictures) or _is_painted_status(label, value)


def _is_painted_status(label: Cell, value: Cell) -> bool:
    """Whether a cell without words shows by its ground alone the status that the label speaks of."""
    role = header_role(label.text.rstrip(": "))
    return role is not None and role[0] == "rag" and value.fill is not None and value.fill != label.fill


def is_facing(table: Table) -> bool:
    """Whether rows are labels with their values at their right, once or twice a row, so that no row is a heading."""
    if table.n_cols not in (2, 4) or table.n_rows < 3:
        return False
    rows = [[c for c in table.row(r) if c.col1 - c.col0 == 1] for r in range(table.n_rows)]
    pairs = [(r[k], r[k + 1]) for r in rows if len(r) == table.n_cols for k in range(0, table.n_cols, 2)]
    named = sum(1 for a, b in pairs if _is_known(a.text) and not (b.words and _is_known(b.text)))
    return named >= max(3, 0.7 * table.n_rows * table.n_cols / 2)


def _is_known(text: str) -> bool:
    """Whether a text is, as a whole, a label that the lists know, or a period."""
    return is_known_label(text) or looks_like_period(text.rstrip(": "))


def rows_of_labels(table: Table, first: int) -> int:
    """How many rows from `first` on hold two labels or more and nothing else."""
    rows = ([c.text for c in table.row(r) if c.words] for r in range(first, table.n_rows))
    return sum(1 for texts in rows if len(texts) >= 2 and all(map(_is_known, texts)))


def _set_title(facts: Facts, text: str, kind: str) -> None:
    ref, title = split_ref(text)
    facts.draft.ref = facts.draft.ref or ref
    facts.draft.title = title
    facts.draft.kind = kind
    facts.titled = True


def _set_field(facts: Facts, role: str, label: str, text: str, cell: Cell | None, ctx: RowContext) -> bool:
    """Set one field; False where the value cannot be one of its kind."""
    return set_field(facts.draft, role, label, text, cell, ctx, facts)


def set_field(
    draft: Draft,
    role: str,
    label: str,
    text: str,
    cell: Cell | None,
    ctx: RowContext,
    facts: Facts | None = None,
) -> bool:
    """Set a field of a draft from a label's role and the value's text (or cell, for icons and fills)."""
    text = text.strip()
    if role.startswith("period:"):
        figure = read_figure(text, parse_period(role.split(":", 1)[1], ctx.report))
        if figure is None or (figure.value is None and len(text.split()) > 3):
            return False
        if all((f.period, f.text) != (figure.period, figure.text) for f in draft.figures):
            draft.figures.append(figure)
    elif role == "ref":
        if not is_code(text):
            return False
        draft.ref = draft.ref or text
    elif role in ("indicator", "action", "risk"):
        if len(text) < 4:
            return False
        if facts is not None:
            _set_title(facts, text, role)
        elif not draft.title:
            draft.title = text
    elif role == "service":
        draft.service = f"{draft.service} > {text}" if draft.service and text not in draft.service else text
    elif role == "owner":
        draft.owners += [o for o in owners_of(text) if o not in draft.owners]
    elif role in ("target", "due"):
        target = parse_target(text)
        if target is not None and target.value is None and text.endswith(".") and len(text.split()) >= 4:
            return False  # "Our goal: to reach people quickly."
        if (draft.target is None and (role == "target" or draft.kind == "action")) or (
            role == "target" and target is not None
        ):
            draft.target = target
    elif role == "rag":
        found = read_status(cell, ctx.key) if cell is not None else []
        if not found and (rag := word_rag(text, ctx.key)):
            from councilscope.status import Evidence

            found = [Evidence(rag, "text")]
        if not found:
            return False
        draft.status += found
    elif role == "direction":
        from councilscope.status import arrow_meaning, moved, sign_turn, word_direction

        side = better(draft)
        got = (
            read_direction(cell, ctx.key, side)
            if cell is not None
            else word_direction(text) or moved(text, side)
        )
        if got is None and text and (turn := next((t for w in text.split() if (t := sign_turn(w))), None)):
            got = arrow_meaning(turn, None, ctx.key, side)
        draft.direction = draft.direction or got
    elif role == "polarity":
        draft.polarity = polarity_of(text) or draft.polarity
    elif role == "type":
        draft.type = text or None
    elif role in FIGURES:
        was = WAS.match(text) if role in ("current", "ytd") else None
        if was:
            set_field(draft, "previous", "previous", was.group("then"), None, ctx)
            text = was.group("now")
        period = _label_period(label, role, ctx)
        figure = read_figure(text, period)
        if figure is not None:
            if cell is not None:
                figure.rag = figure.rag or colour_rag(cell.fill, ctx.key, 0.11)
                draft.direction = draft.direction or read_direction(cell, ctx.key, better(draft))
            draft.figures.append(figure)
    return True


def _label_period(label: str, role: str, ctx: RowContext) -> str | None:
    from councilscope.values import period_in

    found = period_in(label, ctx.report)
    if found:
        return found
    words = {
        "previous": "previous quarter",
        "last_year": "previous year",
        "same_last_year": "same quarter last year",
        "ytd": "YTD",
    }
    return parse_period(words.get(role, "current quarter"), ctx.report)


# --- what stands without a label ----------------------------------------------------------------------------


def _read_rest(table: Table, cells: list[Cell], facts: Facts, ctx: RowContext) -> None:
    """Cells without a label: a status in colour, names, a period, the title, the service."""
    draft = facts.draft
    texts: list[tuple[Cell, str, list[Word]]] = []
    for i, c in enumerate(cells):
        if i in facts.used:
            continue
        if not c.words:
            continue
        for words in _pieces(c):
            text = plain(words)
            if word_rag(text, ctx.key) and len(text.split()) <= 3:
                if not draft.status:
                    draft.status += read_status(c, ctx.key)
            elif looks_like_period(text) and len(text.split()) <= 6:
                continue
            elif (
                draft.ref is None
                and c.row0 <= 1
                and is_code(text)
                and re.search(r"\d", text)
                and re.search(r"[A-Za-z]", text)
            ):
                draft.ref = text
            elif _all_names(text) and not _is_label(text):
                draft.owners += [o for o in owners_of(text) if o not in draft.owners]
            else:
                texts.append((c, text, words))
    body = [t for t in texts if len(t[1].split()) >= 2 and not _is_label(t[1])]
    could = [t for t in body if not _is_told(t[1])]
    if not facts.titled and could:
        best = max(
            could,
            key=lambda t: (
                min(len(t[1].split()), 12)
                + 6 * all(w.bold for w in t[2])
                - 0.6 * t[0].row0
                - (30 if len(t[1].split()) > 45 else 0)
            ),
        )
        if len(best[1].split()) <= 45 and (len(best[1].split()) >= 3 or best[0].row0 == 0):
            ref, title = split_ref(best[1])
            draft.ref = draft.ref or ref
            draft.title = title
            facts.titled = True
            body.remove(best)
    heads = [t for t in body if t[0].row0 <= 1 and len(t[1].split()) <= 8]
    if heads and draft.service is None:
        draft.service = heads[0][1]
        body.remove(heads[0])
    for _, text, words in body:
        if len(text.split()) >= 8 and text.rstrip().endswith((".", "!", "?")):
            draft.note("note", None, paragraphs(words))
    rags = draft.rags
    if not draft.status and rags:
        own = own_period(ctx.report) if ctx.report else None
        draft.status += rags.get(own or "") or list(rags.values())[-1]
    for f in draft.figures:
        if f.rag is None and f.period in rags:
            f.rag = rags[f.period][0].rag
    if not draft.status and draft.figures:
        own = own_period(ctx.report) if ctx.report else None
        mine = [f for f in draft.figures if f.rag and (own is None or f.period == own)]
        if mine:
            from councilscope.status import Evidence

            draft.status.append(Evidence(mine[-1].rag, "colour"))  # type: ignore[arg-type]


def _is_told(text: str) -> bool:
    """Whether a text is sentences of commentary, so that it cannot be a title."""
    return len(text.split()) > 15 and bool(re.search(r"[a-z)][.?!]\s+\S|[a-z)]\.$", text))


def _is_label(text: str) -> bool:
    role = header_role(text.rstrip(": "))
    return bool(role and role[1] >= 0.75)


def _pieces(c: Cell) -> list[list[Word]]:
    """The words of a cell, apart where wide white space parts them in one line."""
    from councilscope.text import lines_of

    lines = lines_of(c.words)
    if len(lines) == 1:
        return [list(s.words) for s in segments(lines[0], 2.5)]
    return [list(c.words)]


def _all_names(text: str) -> bool:
    parts = [p for p in re.split(r"\s*[/;,&]\s*|\sand\s", text) if p]
    return bool(parts) and len(text.split()) <= 12 and all(is_name(p) for p in parts)


def figures_only(facts: Facts) -> bool:
    """Whether a table held figures and fields but no title and no commentary: a mini table of its section's item."""
    return not facts.titled and not facts.draft.notes


def join(draft: Draft, facts: Facts) -> None:
    """Give the facts of a mini table to the item it stands under."""
    f = facts.draft
    draft.ref = draft.ref or f.ref
    draft.service = draft.service or f.service
    draft.owners += [o for o in f.owners if o not in draft.owners]
    draft.status = draft.status or f.status
    draft.direction = draft.direction or f.direction
    draft.polarity = draft.polarity or f.polarity
    draft.target = draft.target or f.target
    draft.type = draft.type or f.type
    known = {(x.period, x.text) for x in draft.figures}
    draft.figures += [x for x in f.figures if (x.period, x.text) not in known]
    draft.notes += f.notes
    draft.boxes += f.boxes


def no_figure(x: Figure) -> bool:
    return x.value is None and not x.text

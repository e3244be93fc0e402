"""Tables with a header row and an indicator, action or risk per row, whatever the order of their columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from councilscope.blocks.draft import (
    Draft,
    Figure,
    extend,
    field_text,
    is_code,
    norm_title,
    owners_in,
    split_ref,
)
from councilscope.lexicon import fold, header_role, mentions, section_guess, section_of, word_list
from councilscope.records import Period
from councilscope.page import Shape
from councilscope.status import Evidence, Key, arrow_turn, colour_name, colour_rag, icon_rags, read_direction, read_status, word_direction, word_rag
from councilscope.tables import Cell, Table
from councilscope.text import paragraphs
from councilscope.values import is_date, looks_like_period, parse_figure, parse_period, parse_target, polarity_of

TITLES = ("indicator", "action", "risk")
FIGURES = ("current", "ytd", "previous", "last_year", "same_last_year", "period", "progress")


@dataclass
class Column:
    """What one column of a table holds. `own` is its lowest heading, `banner` the headings above joined."""

    role: str | None
    own: str = ""
    banner: str = ""
    period: str | None = None
    share: float = 1.0
    section: str | None = None


@dataclass
class Header:
    """The columns of a table and how many rows the heading takes; `lead` are texts of single-cell rows above it."""

    columns: list[Column]
    first: int
    rows: int
    lead: list[str] = field(default_factory=list)

    def index(self, *roles: str) -> int | None:
        for role in roles:
            for i, c in enumerate(self.columns):
                if c.role == role:
                    return i
        return None

    def all(self, *roles: str) -> list[int]:
        return [i for i, c in enumerate(self.columns) if c.role in roles]

    def signature(self) -> tuple[str, ...]:
        return tuple(fold(f"{c.banner} {c.own}") for c in self.columns)


@lru_cache(maxsize=16384)
def cell_role(text: str) -> tuple[str | None, float]:
    """Role of a heading, `period` for a period, `section:NAME` for commentary, with the share of words that fit."""
    if not text:
        return None, 0.0
    role = header_role(text)
    section = section_of(text)
    if role and role[1] >= 0.99 and not (section and role[0] in ("current", "ignored")):
        return role
    if looks_like_period(text) and not (role and role[0] in (*TITLES, "target", "rag", "direction", "polarity", "owner", "previous_rag", "forecast", "due", "direction_long")):
        return "period", 1.0
    if section and (role is None or role[1] < 0.75):
        return f"section:{section}", 0.9
    if role and role[1] >= 0.28:
        return role
    return None, 0.0


def is_header_row(cells: Sequence[Cell]) -> bool:
    """Whether most of the filled cells of a row are headings by their words."""
    texts = [c.text for c in cells if c.words]
    if len(texts) < 2 or any(len(t.split()) > 26 for t in texts):
        return False
    if any(re.search(r"[A-Za-z]: ?\S", t) for t in texts) or sum(1 for t in texts if t.endswith(":")) * 2 > len(texts):
        return False
    known = [cell_role(t)[0] for t in texts]
    hits = sum(1 for k in known if k)
    if any(parse_figure(t) and parse_figure(t).value is not None and not looks_like_period(t) for t in texts if not header_role(t)):  # type: ignore[union-attr]
        hits -= 1
    return hits >= 2 and hits >= 0.55 * len(texts) and hits > 0.5 * len(texts) - 0.01


def find_header(table: Table, report: Period | None) -> Header | None:
    """The heading rows of a list table, or None where the table has none."""
    lead: list[str] = []
    first = 0
    while first < min(5, table.n_rows):
        cells = [c for c in table.row(first) if c.words and c.row0 == first]
        if is_header_row([c for c in table.row(first) if c.words]):
            break
        if len(cells) == 1 and len(cells[0].text.split()) <= 24 and (first == 0 or lead):
            lead.append(cells[0].text)
            first += 1
            continue
        below = [c for c in table.row(first + 1) if c.words] if first + 1 < table.n_rows else []
        if len(cells) >= 1 and first == 0 and all(len(c.text.split()) <= 6 for c in cells) and is_header_row(below) and any(c.col1 - c.col0 > 1 for c in cells):
            break
        return None
    else:
        return None
    if first >= table.n_rows:
        return None
    rows = 1
    while first + rows < table.n_rows and rows < 4:
        nxt = [c for c in table.row(first + rows) if c.words]
        new = [c for c in nxt if c.row0 == first + rows]
        hanging = any(c.row1 > first + rows for c in table.row(first + rows - 1) if c.row0 < first + rows and c.words and c.row0 >= first)
        if new and hanging and all(len(c.text.split()) <= 12 for c in new) and _all_heads(new):
            rows += 1
        elif new and is_header_row(new) and not _alternates(table, first, rows):
            rows += 1
        else:
            break
    columns = [_column(table, j, first, rows, report) for j in range(table.n_cols)]
    header = Header(columns, first, rows, lead)
    return header if sum(1 for c in columns if c.role) >= 2 else None


def _all_heads(cells: Sequence[Cell]) -> bool:
    known = [cell_role(c.text)[0] for c in cells]
    return sum(1 for k in known if k) >= 0.6 * len(cells)


def _alternates(table: Table, first: int, rows: int) -> bool:
    """Whether two rows alike in form follow each other, as in a form of label and value pairs."""
    a = [cell_role(c.text)[0] is not None for c in table.row(first) if c.words]
    return len(a) >= 2 and not all(a) and rows >= 1 and a[0] and not a[1]


def _column(table: Table, j: int, first: int, rows: int, report: Period | None) -> Column:
    stack: list[Cell] = []
    for r in range(first, first + rows):
        for c in table.row(r):
            if c.col0 <= j < c.col1 and c not in stack:
                stack.append(c)
    texts = [c.text for c in stack if c.words]
    if not texts:
        return Column(None)
    own, banner = texts[-1], " ".join(texts[:-1])
    role, share = cell_role(own)
    if role is None and banner:
        whole_role, whole_share = cell_role(f"{banner} {own}")
        role, share = (whole_role, whole_share) if whole_role else (None, 0.0)
    banner_role = cell_role(banner)[0] if banner else None
    period = None
    if role == "period":
        period = parse_period(own, report, banner or None)
        if banner_role in ("target", "rag", "direction"):
            role = banner_role
    elif banner and looks_like_period(banner) and role in ("current", "target", "rag", "direction", "ytd"):
        period = parse_period(banner, report)
    elif role in ("current", "ytd", "target", "last_year", "rag", "direction", "previous", "forecast"):
        period = _period_within(own, report)
    column = Column(role, own, banner, period, share)
    if role and role.startswith("section:"):
        column.role, column.section = "section", role.split(":")[1]
    return column


def _period_within(text: str, report: Period | None) -> str | None:
    """The period named beside another word in a heading ("Q2 actual", "2019/20 outturn")."""
    from councilscope.values import period_in

    return period_in(text, report)


# --- roles that depend on the other columns and on what the cells hold --------------------------------------


def settle(table: Table, header: Header, report: Period | None) -> int | None:
    """Decide the title column and mend roles that the cells contradict. Returns the title column or None."""
    body = range(header.first + header.rows, table.n_rows)
    texts: list[list[str]] = [
        [c.text for c in table.cells if c.col0 <= j < c.col1 and c.row0 in body and c.words and c.col1 - c.col0 <= max(1, 0.4 * table.n_cols)]
        for j in range(table.n_cols)
    ]
    length = [sum(len(t.split()) for t in ts) / len(ts) if ts else 0.0 for ts in texts]
    cols = header.columns
    for j, c in enumerate(cols):
        numeric = [t for t in texts[j] if _is_figure(t)]
        if c.role in ("current", "direction", "progress", "previous", "forecast", "rag", "ytd") and length[j] >= 9:
            c.role, c.section = "section", section_guess(c.own)
        elif c.role == "forecast" and length[j] >= 3.5 and not numeric:
            c.role, c.section = "section", "outlook"
        elif c.role == "period" and length[j] >= 25 and not numeric:
            c.role, c.section = "section", section_guess(c.own)
        elif c.role == "section" and texts[j] and len(numeric) > 0.6 * len(texts[j]) and length[j] < 3:
            c.role, c.section = "current", None
        elif c.role == "ref" and length[j] > 5:
            c.role = None
        elif c.role == "target" and length[j] > 14:
            c.role, c.section = "section", "note"
    dues = header.all("due")
    if len(dues) > 1 and header.index(*TITLES) is None:  # "Milestone" beside "Due": the milestone is what is to be done
        worded = [j for j in dues if length[j] >= 3 and not all(is_date(t) for t in texts[j])]
        if worded:
            cols[worded[0]].role = "action"
    title = _title_column(table, header, length, texts)
    if title is None:
        return None
    for j, c in enumerate(cols):
        if j == title:
            continue
        if c.role in (None, "context", "ignored") and c.own and length[j] >= 6 and not _mostly_figures(texts[j]):
            c.role, c.section = "section", section_guess(c.own)
            continue
        if c.role not in TITLES:
            continue
        if j > title and (length[j] >= 5 or section_of(c.own)):
            c.role, c.section = "section", section_of(c.own) or section_guess(c.own)
        else:
            c.role = "context"
    return title


def _title_column(table: Table, header: Header, length: list[float], texts: list[list[str]]) -> int | None:
    cols = header.columns
    for role in TITLES:
        found = [j for j in header.all(role) if texts[j] and length[j] >= 1.5]
        if found:
            best = max(found, key=lambda j: (cols[j].share, length[j]))
            if role == "indicator" or header.index("indicator") is None:
                return best
    if sum(1 for c in cols if c.role and c.role not in ("service", "context")) < 2 - bool(header.all("service")):
        return None
    free = [j for j, c in enumerate(cols) if c.role in (None, "service", "context", "type") and texts[j] and length[j] >= 2 and not _mostly_figures(texts[j])]
    named = [j for j in free if cols[j].role is None]
    pick = named or free
    if not pick:
        return None
    # the first column of words before the figures
    return min(pick, key=lambda j: (j > min((k for k, c in enumerate(cols) if c.role in FIGURES or c.role in ("target", "rag")), default=99), -length[j]))


def _is_figure(text: str) -> bool:
    f = parse_figure(text)
    return f is not None and f.value is not None


def _mostly_figures(ts: list[str]) -> bool:
    return sum(1 for t in ts if _is_figure(t)) > 0.5 * len(ts)


# --- tables that are no lists of indicators -----------------------------------------------------------------


def is_counts(table: Table, header: Header | None) -> bool:
    """Whether a table counts reds and greens: statuses as headings or row names, whole numbers or % as cells."""
    texts = [c.text for c in table.cells if c.words]
    if not texts:
        return True
    heads = {c.text for c in table.cells if c.row0 == 0 or c.col0 == 0}
    statuses = {word_rag(t) for t in heads if len(t.split()) <= 4 and word_rag(t)} - {"grey"}
    body = [c.text for c in table.cells if c.words and c.row0 > 0 and c.col0 > 0]
    plain_numbers = [t for t in body if re.fullmatch(r"\d{1,4}(?: ?\(?\d{1,3}(?:\.\d+)? ?%\)?)?|\d{1,3}(?:\.\d+)? ?%|-|–|0", t)]
    if not body:
        return False
    if len(plain_numbers) < 0.75 * len(body):
        return False
    if len(statuses) >= 2:
        return True
    named = header is not None and (header.index(*TITLES) is not None or header.index("target", "rag", "direction") is not None)
    return not named and table.n_cols <= 3 and not (header and header.all("period"))


def is_key(table: Table, header: Header | None, key_words: Callable[[str], bool] = lambda t: mentions(t, "key")) -> bool:
    """Whether a table explains colours and signs: few rows, each with a status and words about targets."""
    texts = [c.text for c in table.cells if c.words]
    first = fold(texts[0]) if texts else ""
    if first in ("key", "legend", "rag key", "key to symbols", "status key") or first.startswith(("key to", "key:", "rag key", "rag status key")):
        return True
    long_texts = [t for t in texts if len(t.split()) >= 2]
    about = sum(1 for t in long_texts if key_words(t) or word_rag(t) or word_direction(t))
    shown = sum(1 for c in table.cells if (c.words and word_rag(c.text)) or ((c.shapes or c.pictures) and len(c.text.split()) <= 12) or (len(c.text) <= 2 and (c.fill or (c.words and not c.text.isalnum()))))
    if table.n_rows <= 2 and len(texts) >= 3 and about >= 0.5 * len(long_texts) and shown >= 2:
        return True
    if header is not None and header.all("target", "period", "current", "owner", "ref", "due"):
        return False
    if table.n_rows > 9:
        return False
    if table.n_cols <= 3 and _explains(table):
        return True
    if not long_texts:
        return False
    return about >= 0.6 * len(long_texts) and shown >= 2


def _explains(table: Table) -> bool:
    """Whether each row has a different status in its first cell and words, no figures, beside it."""
    rows = [table.row(r) for r in range(table.n_rows)]
    shown = [(c, colour_name(c.fill, 0.11) or word_rag(c.text)) for r in rows if r and (c := r[0]) and len(c.text.split()) <= 3]
    named = [(c.text, what) for c, what in shown if what and what != "purple"]
    others = [c.text for r in rows for c in r[1:] if c.words]
    if len(named) < max(3, 0.7 * len(rows)) or len({t or w for t, w in named}) < len(named):
        return False
    return bool(others) and sum(len(t.split()) for t in others) / len(others) >= 3 and not any(_is_figure(t) for t in others)


def learn_key(table: Table, key: Key) -> None:
    """Take over what a key says: words and unusual colours by their description."""
    for r in range(table.n_rows):
        cells = table.row(r)
        for k, c in enumerate(cells):
            after = next((d for d in cells[k + 1 :] if d.words), None)
            said = after.text if after else c.text
            meaning = word_rag(said) or _word_in(said)
            names = [colour_name(s.colour) for s in c.shapes] + [colour_name(p.colour) for p in c.pictures]
            names += [colour_name(c.fill, 0.11)] if len(c.text.split()) <= 4 else []
            names += [colour_name(w.colour) for w in c.words] if len(c.words) == 1 and len(c.text) == 1 else []
            for name in names:
                if name in ("blue", "purple") and meaning and name not in key.colours:
                    key.colours[name] = meaning  # type: ignore[assignment]
                if name in ("red", "amber", "green", "blue") and 1 <= len(c.text.split()) <= 4 and len(c.text) > 2 and not word_rag(c.text):
                    key.words.setdefault(fold(c.text), name)  # type: ignore[arg-type]
            if after is not None and len(c.text) > 2 and re.search(r"[a-z]", c.text.casefold()) and c.fill is not None:
                name = colour_name(c.fill, 0.11)
                if name in ("red", "amber", "green", "blue", "grey"):
                    key.words[fold(c.text)] = name  # type: ignore[assignment]


def _word_in(text: str) -> str | None:
    """A status said anywhere in a key's description, for colours that have no meaning of their own."""
    s = f" {fold(text)} "
    for rag in ("blue", "grey", "amber", "green", "red"):
        for w in word_list(rag):
            if f" {w} " in s and len(w) > 3:
                return rag
    return None


# --- rows to drafts -----------------------------------------------------------------------------------------


@dataclass
class RowContext:
    """What the surroundings give a row: services by headings, kind, the report's period, key and table number."""

    service: list[str]
    report: Period | None
    key: Key
    number: int
    heading_status: str | None = None
    kind: str | None = None
    warn: Callable[[str, int, str], None] = lambda code, page, message: None


def read_list(table: Table, header: Header, title_col: int, ctx: RowContext, previous: Draft | None = None) -> list[Draft]:
    """A draft per row (or per merged title cell); group rows give the service, rows of one long cell commentary."""
    drafts: list[Draft] = []
    group: list[str] = []
    cols = header.columns
    last: Draft | None = previous
    rows = _row_groups(table, header, title_col)
    tinted = _tinted_columns(table, header)
    for r0, r1 in rows:
        cells = [c for c in table.cells if c.row0 < r1 and c.row1 > r0]
        filled = [c for c in cells if c.words]
        if not filled or _repeats_header(filled, header, table):
            continue
        only = filled[0] if len({id(c) for c in filled}) == 1 else None
        if only is not None and not any(c.shapes or c.pictures for c in cells):
            wide = only.col1 - only.col0 >= 0.5 * table.n_cols or only.col0 == 0
            if wide and _is_comment_row(only, last):
                assert last is not None
                _comment_row(only, last)
                continue
            if wide and len(only.text.split()) <= 30 and not only.col0 == title_col == only.col1 - 1 or _is_group(only, table, header):
                group = _push_group(group, only)
                continue
        pair = _label_and_text(filled)
        if pair is not None and last is not None and table.n_cols > 2:
            label, text_cell = pair
            last.note(section_guess(label), label, paragraphs(text_cell.words))
            last.boxes += [c.box for c in filled]
            continue
        title_cell = next((c for c in cells if c.col0 <= title_col < c.col1 and c.words), None)
        if title_cell is None or _continues(title_cell, cells, header, last, r0, header.first + header.rows):
            if last is not None and (drafts or previous is not None):
                _continue_row(last, cells, header)
            else:
                ctx.warn("row_without_title", table.box.page, f"a row without a title was left out: {filled[0].text[:60]!r}")
            continue
        if len(title_cell.text) < 2 or (is_total(title_cell.text)):
            continue
        draft = _row(cells, header, title_col, title_cell, ctx, tinted)
        if draft is None:
            continue
        draft.service = " > ".join([*ctx.service, *group, *_services(cells, header, title_col)]) or None
        drafts.append(draft)
        last = draft
    return drafts


def is_total(text: str) -> bool:
    return bool(re.fullmatch(r"(?i)(?:grand |sub ?-?)?totals?:?", text.strip()))


def _push_group(group: list[str], cell: Cell) -> list[str]:
    text = cell.text
    return [text]


def _is_group(cell: Cell, table: Table, header: Header) -> bool:
    bold = all(w.bold for w in cell.words)
    return len(cell.text.split()) <= 14 and (bold or cell.fill is not None) and cell.col0 == 0


def _row_groups(table: Table, header: Header, title_col: int) -> list[tuple[int, int]]:
    """Row ranges of one item each: the rows that one title cell spans; a row of its own elsewhere."""
    out: list[tuple[int, int]] = []
    r = header.first + header.rows
    while r < table.n_rows:
        end = r + 1
        anchors = [title_col] + [j for j in header.all("ref")]
        for j in anchors:
            cell = next((c for c in table.row(r) if c.col0 <= j < c.col1 and c.words and c.col1 - c.col0 < max(2, table.n_cols - 1)), None)
            if cell is not None:
                end = max(end, cell.row1)
        out.append((r, min(end, table.n_rows)))
        r = end
    return out


def _repeats_header(cells: list[Cell], header: Header, table: Table) -> bool:
    heads = {fold(c.own) for c in header.columns if c.own} | {fold(c.banner) for c in header.columns if c.banner}
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
    from councilscope.blocks.labels import split_notes

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


def _continues(title_cell: Cell, cells: list[Cell], header: Header, last: Draft | None, row: int, first_body: int) -> bool:
    """Whether the first row after a page break goes on with the row before it: no ref, status or figure of its own."""
    if last is None or row != first_body:
        return False
    ref = header.index("ref")
    if ref is not None:
        own_ref = next((c for c in cells if c.col0 <= ref < c.col1 and c.words), None)
        return own_ref is None and last.ref is not None and not _has_facts(cells, header)
    text = title_cell.text
    return bool(text[:1].islower()) and not _has_facts(cells, header)


def _has_facts(cells: list[Cell], header: Header) -> bool:
    for j in header.all("target", "period", "current", "rag", "direction"):
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


def _tinted_columns(table: Table, header: Header) -> set[int]:
    """Columns whose cells have fills that differ from row to row or from their neighbours: fills that say something."""
    out: set[int] = set()
    for j in range(table.n_cols):
        fills = {c.fill for c in table.cells if c.col0 == j and c.row0 >= header.first + header.rows}
        others = {c.fill for c in table.cells if c.col0 != j and c.row0 >= header.first + header.rows and header.columns[c.col0].role in TITLES}
        if fills - others - {None}:
            out.add(j)
    return out


def _row(
    cells: list[Cell], header: Header, title_col: int, title_cell: Cell, ctx: RowContext, tinted: set[int]
) -> Draft | None:
    cols = header.columns
    title = field_text(title_cell.words)
    ref: str | None = None
    role = cols[title_col].role
    kind = ctx.kind or (role if role in TITLES else "indicator")
    draft = Draft(title=title, kind=kind, source="list", table=ctx.number, page=title_cell.box.page)
    for j in header.all("ref"):
        cell = next((c for c in cells if c.col0 <= j < c.col1 and c.words), None)
        if cell is not None and is_code(cell.text) and cell is not title_cell:
            ref = ref or cell.text
    if ref is None:
        ref, draft.title = split_ref(title)
    draft.ref = ref
    for j in header.all("polarity"):
        for c in _under(cells, j):
            draft.polarity = draft.polarity or polarity_of(c.text) or _arrow_polarity(c, ctx.key)
    labels = _sub_labels(cells, header, title_cell)
    for c in cells:
        if c is title_cell:
            continue
        col = cols[c.col0]
        _read_cell(draft, c, col, ctx, labels.get(c.row0), c.col0 in tinted, header)
    _finish_targets(draft, cells, header, ctx)
    _status_from_figures(draft, header, ctx)
    if not draft.status:
        said = [c for c in cells if cols[c.col0].role not in ("direction", "direction_long", "previous_rag", "forecast_rag", "ignored", *FIGURES)]
        shapes = [s for c in said for s in c.shapes if s.box.height > 4 and not arrow_turn(s) and not _is_bullet(s, c)]
        for rag in icon_rags(shapes, [p for c in said for p in c.pictures], ctx.key)[:1]:
            draft.status.append(Evidence(rag, "icon"))
    draft.boxes = [c.box for c in cells if c.words or c.shapes or c.pictures] + [b for b in draft.boxes]
    if not draft.status and ctx.heading_status:
        draft.status.append(Evidence(ctx.heading_status, "heading"))  # type: ignore[arg-type]
    return draft


def _is_bullet(s: Shape, c: Cell) -> bool:
    """Whether a small dark dot stands before a line of a cell's text."""
    return max(s.box.width, s.box.height) < 6 and max(s.colour) < 0.4


def _under(cells: list[Cell], j: int) -> list[Cell]:
    return [c for c in cells if c.col0 <= j < c.col1 and (c.words or c.shapes or c.pictures)]


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
            if role in ("current", "target", "rag", "ytd") and share > 0.6 and header.columns[c.col0].role not in FIGURES:
                out.setdefault(c.row0, role)
    return out


def _read_cell(draft: Draft, c: Cell, col: Column, ctx: RowContext, sub: str | None, tinted: bool, header: Header) -> None:
    text = c.text
    role = col.role
    if role == "section" and c.words:
        from councilscope.blocks.labels import split_notes

        for section, heading, parts, skip in split_notes(paragraphs(c.words), col.section or "note", col.own):
            draft.note(section, heading, parts, skip)
    elif role == "rag":
        found = read_status(c, ctx.key)
        if col.period and ctx.report and col.period != _own(ctx.report):
            return
        if not draft.status or not found:
            draft.status += found
        if not draft.direction and not found:
            draft.direction = read_direction(c, ctx.key, draft.polarity)
    elif role == "direction" and not draft.direction:
        if col.period and ctx.report and "period" == role:
            return
        draft.direction = read_direction(c, ctx.key, draft.polarity)
    elif role == "owner" and c.words:
        draft.owners += [o for o in owners_in(c.words) if o not in draft.owners]
    elif role == "type" and c.words:
        draft.type = text
    elif role in FIGURES and c.words and sub not in ("target", "rag"):
        figure = read_figure(text, _figure_period(col, ctx.report))
        if figure is not None:
            if role == "progress":
                figure.label = figure.label or fold(col.own) or None
            figure.rag = figure.rag or (colour_rag(c.fill, ctx.key, 0.11) if tinted else None)
            figure.rag = figure.rag or next(iter(_icon_rag(c, ctx.key)), None)
            if figure.period is None and ctx.report is not None:
                figure.period = _own(ctx.report)
            draft.figures.append(figure)
        if role == "current" and not draft.direction and c.shapes:
            draft.direction = read_direction(c, ctx.key, draft.polarity)
    elif role in FIGURES and sub == "target" and c.words:
        period = _figure_period(col, ctx.report)
        if draft.target is None or (ctx.report and period == _own(ctx.report)):
            draft.target = parse_target(text) or draft.target
    elif role in FIGURES and not c.words and tinted and c.fill is not None:
        pass


def _icon_rag(c: Cell, key: Key) -> list[str]:
    shapes = [s for s in c.shapes if not arrow_turn(s)]
    return list(icon_rags(shapes, c.pictures, key))


def _own(report: Period) -> str:
    from councilscope.values import own_label

    return own_label(report)


def _figure_period(col: Column, report: Period | None) -> str | None:
    if col.period:
        return col.period
    words = {"previous": "previous quarter", "last_year": "previous year", "same_last_year": "same quarter last year", "ytd": "YTD"}
    return parse_period(words.get(col.role or "", "current quarter"), report)


def read_figure(text: str, period: str | None) -> Figure | None:
    """An outturn from a cell's text; None for a dash, an empty cell or "n/a"."""
    from councilscope.values import is_blank

    if is_blank(text):
        return None
    f = parse_figure(text)
    shown = re.sub(r"\s*[▲▼►◄↑↓→←↔⇧⇩⇨⬆⬇➡●■◆★✔✖✓✗⚠]+\s*", " ", text).strip()
    if f is None:
        return Figure(period, shown) if shown else None
    rag = None
    m = re.search(r"\((\w+)\)$", text)
    if m:
        rag = word_rag(m.group(1)) if len(m.group(1)) > 1 else None
    return Figure(period, shown or text, f.value, f.numerator, f.denominator, f.unit, rag)


def _finish_targets(draft: Draft, cells: list[Cell], header: Header, ctx: RowContext) -> None:
    """The target of the report's period: of several target columns the one that names it, else annual, else the last."""
    found: list[tuple[int, str]] = []
    for j in header.all("target"):
        col = header.columns[j]
        for c in _under(cells, j):
            if c.words:
                own = fold(f"{col.banner} {col.own}")
                rank = 1
                if ctx.report and col.period:
                    rank = 0 if col.period == _own(ctx.report) else (2 if col.period.startswith(ctx.report.financial_year) else 4)
                elif re.search(r"\b(?:quarter|q[1-4]|qtr|ytd|to date|profiled|current|this)\b", own):
                    rank = 0
                elif re.search(r"\b(?:last|previous|prior|next)\b", own):
                    rank = 5
                found.append((rank, c.text))
    for _, text in sorted(found, key=lambda f: f[0]):
        target = parse_target(text)
        if target is not None:
            draft.target = target
            break
    if draft.target is None:
        for j in header.all("due"):
            for c in _under(cells, j):
                if c.words and draft.target is None:
                    draft.target = parse_target(c.text)


def _status_from_figures(draft: Draft, header: Header, ctx: RowContext) -> None:
    """Where no column holds the status, the colour of the reported period's own figure is it."""
    if draft.status or header.all("rag"):
        return
    own = _own(ctx.report) if ctx.report else None
    coloured = [f for f in draft.figures if f.rag]
    if not coloured:
        return
    mine = [f for f in coloured if f.period == own] or ([coloured[-1]] if own is None else [])
    if mine:
        draft.status.append(Evidence(mine[-1].rag, "colour"))  # type: ignore[arg-type]


def read_partial(table: Table, header: Header, ctx: RowContext) -> list[Draft]:
    """Rows that name their item by its ref alone: columns that did not fit on the page of the titles."""
    ref_col = header.index("ref")
    assert ref_col is not None
    out: list[Draft] = []
    for r0, r1 in _row_groups(table, header, ref_col):
        cells = [c for c in table.cells if c.row0 < r1 and c.row1 > r0]
        ref_cell = next((c for c in cells if c.col0 <= ref_col < c.col1 and c.words), None)
        if ref_cell is None or not is_code(ref_cell.text):
            continue
        draft = _row(cells, header, ref_col, ref_cell, ctx, _tinted_columns(table, header))
        if draft is not None:
            draft.ref, draft.title, draft.partial = ref_cell.text, ref_cell.text, True
            out.append(draft)
    return out


def title_key(title: str) -> str:
    return norm_title(title)

"""Which column of a table is what: heading rows found, roles by words and by what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from councilscope.blocks.draft import is_code
from councilscope.blocks.guess import guess_role
from councilscope.language import language_of
from councilscope.lexicon import fold, header_role, section_guess, section_of
from councilscope.records import Period
from councilscope.status import Key, arrow_turn, exact_rag, sign_turn, word_direction
from councilscope.tables import Cell, Table
from councilscope.text import lines_of
from councilscope.values import (
    is_date,
    is_not_available,
    looks_like_period,
    no_target,
    own_label,
    parse_figure,
    parse_period,
    parse_target,
    polarity_of,
)

TITLES = ("indicator", "action", "risk")
WEAK = 0.5  # share of a heading's words that a list knows, below which the heading alone decides nothing
FIGURES = ("current", "ytd", "previous", "last_year", "same_last_year", "period", "progress")
# what a column states of an item beside its figures
STATED = (
    "target",
    "rag",
    "direction",
    "polarity",
    "owner",
    "previous_rag",
    "forecast",
    "due",
    "direction_long",
)


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
    if _period_part(text) and not (role and role[1] >= 0.25 and role[0] in (*TITLES, *STATED)):
        return "period", 1.0
    if section and (role is None or role[1] < 0.75):
        return f"section:{section}", 0.9
    if role and role[1] >= 0.28:
        return role
    return None, 0.0


def _period_part(text: str) -> str | None:
    """The text, or the part of a heading in two languages, that is a period; None where neither is."""
    if looks_like_period(text):
        return text
    return next(
        (part for part in re.split(r"\s+/\s+", text) if part != text and looks_like_period(part)), None
    )


def is_header_row(cells: Sequence[Cell]) -> bool:
    """Whether most of the filled cells of a row are headings by their words."""
    texts = [c.text for c in cells if c.words]
    if len(texts) < 2 or any(len(t.split()) > 26 for t in texts):
        return False
    if any(re.search(r"[A-Za-z]: ?\S", t) for t in texts) or sum(
        1 for t in texts if t.endswith(":")
    ) * 2 > len(texts):
        return False
    known = [cell_role(t)[0] for t in texts]
    hits = sum(1 for k in known if k)
    figures = sum(
        1
        for t in texts
        if not header_role(t) and not looks_like_period(t) and (is_figure_text(t) or is_not_available(t))
    )
    if figures >= 2:
        return False  # labels and their values side by side
    hits -= bool(figures)
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
        if first == 0 and _is_key_row(cells) and is_header_row(below):
            first += 1
            continue
        if (
            len(cells) >= 1
            and first == 0
            and all(len(c.text.split()) <= 6 for c in cells)
            and is_header_row(below)
            and any(c.col1 - c.col0 > 1 for c in cells)
        ):
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
        hanging = any(
            c.row1 > first + rows
            for c in table.row(first + rows - 1)
            if c.row0 < first + rows and c.words and c.row0 >= first
        )
        if new and hanging and all(len(c.text.split()) <= 12 for c in new) and _all_heads(new):
            rows += 1
        elif new and is_header_row(new) and not _alternates(table, first, rows):
            rows += 1
        else:
            break
    columns = [_column(table, j, first, rows, report) for j in range(table.n_cols)]
    _accounting_periods(columns, report)
    header = Header(columns, first, rows, lead)
    return header if sum(1 for c in columns if c.role) >= 2 else None


def _is_key_row(cells: Sequence[Cell]) -> bool:
    """Whether a row is a key set over the headings: two grounds of different colours or more, words in each."""
    grounds = {c.fill for c in cells if c.fill is not None and max(c.fill) - min(c.fill) > 0.2}
    painted = sum(1 for c in cells if c.fill is not None)
    return len(grounds) >= 2 and painted >= len(cells) - 1 and not is_header_row(cells)


def _accounting_periods(columns: list[Column], report: Period | None) -> None:
    """Headings "P6" or "M9", which alone may be codes, are periods where several of them follow each other."""
    short = [c for c in columns if c.role is None and re.fullmatch(r"[PM]\d{1,2}", c.own)]
    if len(short) >= 2 and len({c.own[0] for c in short}) == 1:
        for c in short:
            c.role, c.period = "period", parse_period(c.own, report, c.banner or None)


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
    texts = [heading_text(c) for c in stack if c.words]
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
        period = parse_period(_period_part(own) or own, report, banner or None)
        if banner_role in ("target", "rag", "direction"):
            role = banner_role
    elif banner and looks_like_period(banner) and role in ("current", "target", "rag", "direction", "ytd"):
        period = parse_period(banner, report)
    elif role in (
        "current",
        "ytd",
        "target",
        "last_year",
        "rag",
        "direction",
        "previous",
        "forecast",
        "numerator",
        "denominator",
    ):
        period = _period_within(own, report)
    column = Column(role, own, banner, period, share)
    if role and role.startswith("section:"):
        column.role, column.section = "section", role.split(":")[1]
    return column


def heading_text(cell: Cell) -> str:
    """A heading's text; a word that its narrow column broke is one word again ("Move- ment", "Performa nce status")."""
    text = re.sub(r"(?<=[a-z])[-\u2010] (?=[a-z]{2})", "", cell.text)
    lines = [" ".join(w.text for w in ln.words) for ln in lines_of(cell.words)]
    if cell_role(text)[1] >= 0.99 or not 2 <= len(lines) <= 4:
        return text
    best = text
    for k in range(1, len(lines)):
        if not (lines[k - 1][-1:].islower() and lines[k][:1].islower()):
            continue
        glued = " ".join([*lines[: k - 1], lines[k - 1] + lines[k], *lines[k + 1 :]])
        role = header_role(glued)
        if role is not None and role[1] > max(cell_role(best)[1], 0.6):
            best = glued
    return best


def _period_within(text: str, report: Period | None) -> str | None:
    """The period named beside another word in a heading ("Q2 actual", "2019/20 outturn")."""
    from councilscope.values import period_in

    return period_in(text, report)


# --- roles that depend on the other columns and on what the cells hold --------------------------------------


def settle(table: Table, header: Header, report: Period | None) -> int | None:
    """Decide the title column and mend roles that the cells contradict. Returns the title column or None."""
    body = range(header.first + header.rows, table.n_rows)
    texts: list[list[str]] = [[] for _ in range(table.n_cols)]
    for cell in table.cells:
        if cell.row0 in body and cell.words and cell.col1 - cell.col0 <= max(1, 0.4 * table.n_cols):
            for j in range(cell.col0, min(cell.col1, table.n_cols)):
                texts[j].append(cell.text)
    length = [sum(len(t.split()) for t in ts) / len(ts) if ts else 0.0 for ts in texts]
    cols = header.columns
    for j, c in enumerate(cols):
        numeric = [t for t in texts[j] if is_figure_text(t)]
        if (
            c.role in ("current", "direction", "progress", "previous", "forecast", "rag", "ytd")
            and length[j] >= 9
        ):
            c.role, c.section = "section", section_guess(c.own)
        elif c.role == "forecast" and length[j] >= 3.5 and not numeric:
            c.role, c.section = "section", "outlook"
        elif c.role == "period" and length[j] >= 9 and not any(len(t.split()) <= 8 for t in numeric):
            c.role, c.section = "section", section_guess(c.own)
        elif c.role == "section" and texts[j] and len(numeric) > 0.6 * len(texts[j]) and length[j] < 3:
            c.role, c.section = "current", None
        elif (
            c.role in TITLES
            and texts[j]
            and sum(1 for t in texts[j] if is_code(t) and re.search(r"\d", t)) > 0.8 * len(texts[j])
            and not header.all("ref")
        ):
            c.role = "ref"
        elif c.role == "ref" and length[j] > 5:
            c.role = None
        elif c.role == "service" and texts[j] and not header.all("target") and all(map(_is_goal, texts[j])):
            c.role = "target"  # "Ambition", "Outcome" over figures
        elif c.role == "target" and length[j] > 14:  # "Why is it off target?"
            c.role, c.section = "section", section_guess(c.own)
    for j, c in enumerate(cols):
        if c.role in ("period", "current", None) and _mostly_statuses(texts[j]):
            other = c.period is not None and report is not None and c.period != own_label(report)
            c.role = "previous_rag" if other else "rag"
        elif c.role in ("ignored", "context", None) and c.own and _mostly_directions(texts[j]):
            c.role = "direction"
        elif c.role in ("target", None) and c.own and _mostly_polarities(texts[j]):
            c.role = "polarity"
    for j, c in enumerate(cols):
        numbered = j == 0 and _is_numbering(texts[j])
        if c.role is None and not c.own and not header.all("ref") and (numbered or _mostly_codes(texts[j])):
            c.role = "ref"
        elif c.role is None and not c.own:
            c.role = _role_by_signs([x for x in table.cells if x.col0 == j and x.row0 in body])
    _guess_weak(table, header, body)
    dues = header.all("due")
    if (
        len(dues) > 1 and header.index(*TITLES) is None
    ):  # "Milestone" beside "Due": the milestone is what is to be done
        worded = [j for j in dues if length[j] >= 3 and not all(is_date(t) for t in texts[j])]
        if worded:
            cols[worded[0]].role = "action"
    title = _title_column(table, header, length, texts)
    if title is None or cols[title].role not in TITLES:
        by_rows = _titled_by_rows(table, header)
        title = -1 if by_rows else title
    if title is None:
        return None
    for j, c in enumerate(cols):
        if j == title:
            continue
        if (
            c.role in (None, "context", "ignored")
            and c.own
            and length[j] >= 6
            and not _mostly_figures(texts[j])
        ):
            c.role, c.section = "section", section_guess(c.own)
            continue
        if c.role not in TITLES:
            continue
        if j > title and (length[j] >= 5 or section_of(c.own)):
            c.role, c.section = "section", section_of(c.own) or section_guess(c.own)
        else:
            c.role = "context"
    return title


def _is_goal(text: str) -> bool:
    """Whether a cell says what is to be reached, and no more ("Above 60%", "No ambition")."""
    if no_target(text):
        return True
    target = parse_target(text) if len(text.split()) <= 6 else None
    if target is None or target.value is None or re.fullmatch(r"\d{1,2}(?:\.\d+)*", text):
        return False
    return target.comparator is not None or is_figure_text(text)


def _guess_weak(table: Table, header: Header, body: range) -> None:
    """Roles of columns whose headings the lists know weakly or not at all, where what they hold leaves little doubt."""
    roles = [c.role if c.share >= WEAK else None for c in header.columns]
    for j, c in enumerate(header.columns):
        if roles[j] or not c.own:
            continue
        cells = [
            x
            for x in table.cells
            if x.row0 in body and x.col0 == j and x.col1 - x.col0 <= max(1, 0.4 * table.n_cols)
        ]
        role = guess_role(f"{c.banner} {c.own}", cells, j, roles) if any(x.words for x in cells) else None
        if role == "section":
            c.role, c.section = role, section_guess(c.own)
        elif role == "ref" and all(is_date(x.text) for x in cells if x.words):
            c.role = "due"
        elif role:
            c.role = role


def _mostly_statuses(texts: list[str]) -> bool:
    """Whether the cells of a column are single letters of a scale (R, A, G, B, Y) or status words, not figures."""
    said = [t.strip() for t in texts]
    letters = [t for t in said if t in ("R", "A", "G", "B", "Y", "N/A", "-", "–")]
    if len(letters) >= 3 and len(letters) == len(said) and len(set(letters) & set("RAGBY")) >= 2:
        return True
    return len(said) >= 3 and sum(1 for t in said if exact_rag(t, Key())) >= 0.8 * len(said)


def _mostly_directions(texts: list[str]) -> bool:
    """Whether the cells of a column say how things move ("Up", "Same", "Improved") and nothing else."""
    said = [
        t for t in texts if word_direction(t) or sign_turn(t) or fold(t) in ("up", "down", "same", "level")
    ]
    return len(texts) >= 3 and len(said) >= 0.8 * len(texts)


def _mostly_polarities(texts: list[str]) -> bool:
    """Whether the cells of a column say which way is better ("Maximise", "Minimise") and hold no figure."""
    return len(texts) >= 2 and sum(1 for t in texts if polarity_of(t)) >= 0.8 * len(texts)


def _mostly_codes(texts: list[str]) -> bool:
    """Whether the cells of a column are references with a digit, no two the same."""
    codes = [t for t in texts if is_code(t) and re.search(r"\d", t) and not is_figure_text(t)]
    return len(texts) >= 2 and len(codes) >= 0.9 * len(texts) and len(set(codes)) == len(codes)


def _is_numbering(texts: list[str]) -> bool:
    """Whether the cells of a column are dotted numbers that rise ("3.1", "3.2")."""
    if len(texts) < 2 or not all(re.fullmatch(r"\d{1,2}(?:\.\d{1,2})+", t) for t in texts):
        return False
    numbers = [tuple(map(int, t.split("."))) for t in texts]
    return all(a < b for a, b in pairwise(numbers))


def _role_by_signs(cells: list[Cell]) -> str | None:
    """What a column without a heading shows: arrows a direction, dots and coloured letters a status."""
    held = [c for c in cells if c.words or c.shapes or c.pictures]
    if len(held) < 2 or any(len(c.text.split()) > 3 for c in held):
        return None
    turns = sum(1 for c in held if any(arrow_turn(s) for s in c.shapes) or sign_turn(c.text))
    dots = sum(1 for c in held if c.shapes and not any(arrow_turn(s) for s in c.shapes))
    if turns > 0.6 * len(held):
        return "direction"
    return "rag" if dots > 0.6 * len(held) else None


def _titled_by_rows(table: Table, header: Header) -> bool:
    """Whether rows as wide as the table come before rows of figures, so that they are titles and not groups."""
    wide = figures = 0
    for r in range(header.first + header.rows, table.n_rows - 1):
        here = [c for c in table.row(r) if c.words]
        after = [c for c in table.row(r + 1) if c.words]
        alone = len(here) == 1 and here[0].col1 - here[0].col0 >= 0.5 * table.n_cols
        if alone and len(after) > 2 and len(here[0].text.split()) <= 30:
            wide += 1
        if len(here) > 2:
            figures += 1
    if len([c for c in table.row(table.n_rows - 1) if c.words]) > 2:
        figures += 1
    return wide >= 1 and wide >= 0.8 * figures and header.index(*TITLES) is None


def _title_column(table: Table, header: Header, length: list[float], texts: list[list[str]]) -> int | None:
    cols = header.columns
    named = [j for j in header.all(*TITLES) if texts[j] and length[j] >= 1.5]
    if named:
        order = {role: -k for k, role in enumerate(TITLES)}

        welsh = {j: language_of(" ".join(texts[j])) == "cy" for j in named}
        both = len(set(welsh.values())) == 2  # the same titles in either language

        def rank(j: int) -> tuple[bool, bool, float, int, float]:
            role = cols[j].role or ""
            named_so = role == "indicator" and cols[j].share >= 0.4
            return not (both and welsh[j]), named_so, cols[j].share, order[role], length[j]

        return max(named, key=rank)
    if sum(1 for c in cols if c.role and c.role not in ("service", "context")) < 2 - bool(
        header.all("service")
    ):
        return None
    free = [
        j
        for j, c in enumerate(cols)
        if c.role in (None, "service", "context", "type")
        and texts[j]
        and length[j] >= 2
        and not _mostly_figures(texts[j])
    ]
    bare = [j for j in free if cols[j].role is None]
    pick = bare or free
    if not pick:
        return None
    # the first column of words before the figures
    return min(
        pick,
        key=lambda j: (
            j
            > min(
                (k for k, c in enumerate(cols) if c.role in FIGURES or c.role in ("target", "rag")),
                default=99,
            ),
            -length[j],
        ),
    )


def is_figure_text(text: str) -> bool:
    f = parse_figure(text)
    return f is not None and f.value is not None


def _mostly_figures(ts: list[str]) -> bool:
    return sum(1 for t in ts if is_figure_text(t)) > 0.5 * len(ts)

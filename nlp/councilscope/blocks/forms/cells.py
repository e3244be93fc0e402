"""Cells that are or begin with a label, and the values and commentary that belong to them."""

from __future__ import annotations

from councilscope.blocks.facts import field_pairs
from councilscope.blocks.forms.fields import FIELDS, Facts, set_field, set_title
from councilscope.blocks.forms.shape import value_cell
from councilscope.blocks.labels import clean, run_in, section_label, split_notes, title_of
from councilscope.blocks.row_figures import RowContext
from councilscope.lexicon import header_role, section_guess, section_of, title_label
from councilscope.page import Word
from councilscope.tables import Cell, Table
from councilscope.text import Paragraph, paragraphs, plain


def read_label_cell(table: Table, cells: list[Cell], i: int, facts: Facts, ctx: RowContext) -> None:
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
        and (wide or len(found[1].split()) > 1 or value_cell(table, cells, i) is not None)
        and (not _is_field(found[1], c, parts) or _has_sentences(table, cells, i))
    ):
        _section_cell(table, cells, i, facts, parts)
        return
    titled = title_of(first)
    if titled and titled[2] < sum(len(p.words) for p in parts):
        kind, _, n = titled
        words = [w for p in parts for w in p.words][n:]
        set_title(facts, plain(words), kind)
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
        value = value_cell(table, cells, i)
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
    if known and role and set_field(facts.draft, role[0], label, plain(rest), None, ctx, facts):
        facts.used.add(i)
        facts.labels += 1
        return
    if not rest or (role and role[1] >= 0.9 and len(c.text.split()) <= 8):
        whole = c.text.rstrip(": ")
        role = header_role(whole)
        value = value_cell(table, cells, i)
        title_kind = title_label(whole)
        if (
            value is not None
            and title_kind
            and cells[value].words
            and not header_role(cells[value].text.rstrip(": "))
        ):
            set_title(facts, cells[value].text, title_kind)
            facts.used |= {i, value}
            facts.labels += 1
        elif value is not None and role and role[0] in FIELDS and role[1] >= 0.6:
            v = cells[value]
            if set_field(facts.draft, role[0], whole, v.text, v, ctx, facts):
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
    value = value_cell(table, cells, i)
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
    value = value_cell(table, cells, i)
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
    value = value_cell(table, cells, i)
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

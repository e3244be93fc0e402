"""What stands in a form without a label: a status in colour, names, a period, the title, the service."""

from __future__ import annotations

import re

from councilscope.blocks.draft import is_code, is_name, owners_of, split_ref
from councilscope.blocks.forms.fields import Facts
from councilscope.blocks.row_figures import RowContext, own_period
from councilscope.lexicon import header_role
from councilscope.page import Word
from councilscope.status import Evidence, read_status, word_rag
from councilscope.tables import Cell, Table
from councilscope.text import lines_of, paragraphs, plain, segments
from councilscope.values import looks_like_period, parse_target


def read_rest(table: Table, cells: list[Cell], facts: Facts, ctx: RowContext) -> None:
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
    could = [t for t in body if not _is_told(t[1]) and not _is_amount(t[1])]
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
            draft.status.append(Evidence(mine[-1].rag, "colour"))  # type: ignore[arg-type]


def _is_told(text: str) -> bool:
    """Whether a text is sentences of commentary, so that it cannot be a title."""
    return len(text.split()) > 15 and bool(re.search(r"[a-z)][.?!]\s+\S|[a-z)]\.$", text))


def _is_amount(text: str) -> bool:
    """Whether a text is a figure or a target by itself ("89.9% or more"), so that it cannot be a title."""
    short = len(text.split()) <= 5 and split_ref(text)[0] is None  # "2.2 Spend on agency staff"
    target = parse_target(text) if short and text[:1] in "0123456789£<>≤≥-" else None
    return target is not None and target.value is not None


def _is_label(text: str) -> bool:
    role = header_role(text.rstrip(": "))
    return bool(role and role[1] >= 0.75)


def _pieces(c: Cell) -> list[list[Word]]:
    """The words of a cell, apart where wide white space parts them in one line."""
    lines = lines_of(c.words)
    if len(lines) == 1:
        return [list(s.words) for s in segments(lines[0], 2.5)]
    return [list(c.words)]


def _all_names(text: str) -> bool:
    parts = [p for p in re.split(r"\s*[/;,&]\s*|\sand\s", text) if p]
    return bool(parts) and len(text.split()) <= 12 and all(is_name(p) for p in parts)

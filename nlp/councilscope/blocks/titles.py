"""Which headings name an item beyond doubt: by the status they end with, the line below them, or the type they share."""

from __future__ import annotations

import re

from councilscope.blocks.columns import TITLES
from councilscope.blocks.draft import norm_ref, split_ref
from councilscope.blocks.headings import titled_status
from councilscope.blocks.items import Style, style_of
from councilscope.blocks.labels import at_label, field_label
from councilscope.blocks.walk_tables import Tables
from councilscope.geometry import enclose
from councilscope.layout import Element
from councilscope.lexicon import header_role, is_section_phrase, section_of, starts_with
from councilscope.status import Key, exact_rag
from councilscope.text import Paragraph

DOTTED = re.compile(r"\d{1,2}(?:\.\d{1,2})+")


class Titles(Tables):
    """What is learnt of the headings before the walk."""

    def _learn_titles(self) -> None:
        """Which headings name an item: those with a status at their end or right below, and those set like most of them."""
        told: dict[Style, list[int]] = {}
        like: dict[Style, list[int]] = {}
        elements = self.laid.elements
        numbered: dict[Style, list[str]] = {}  # refs of headings over a measure's facts
        unsure = 0
        for k, e in enumerate(elements):
            p = e.paragraph
            if p is None or not (e.heading or (p.all_bold and len(p.words) <= 25)):
                continue
            below = elements[k + 1] if k + 1 < len(elements) else None
            after = elements[k + 2] if k + 2 < len(elements) else None
            line = first_line_text(below.paragraph) if below and below.paragraph else ""
            apart = below is not None and below.heading and bool(exact_rag(line, self.found.key))
            if apart:
                below = after
            if below is None or below.paragraph is None or (below.heading and below.level >= e.level):
                continue
            text = p.text.replace("\n", " ")
            if self._is_no_title(text):
                continue
            style = style_of(p)
            like.setdefault(style, []).append(k)
            ref = split_ref(text)[0]
            if ref and DOTTED.fullmatch(ref) and any(map(self._tells_facts, elements[k + 1 : k + 3])):
                numbered.setdefault(style, []).append(norm_ref(ref))
            found = titled_status(p, self.found.key)
            if found and not found[2]:
                unsure += 1
            if found or apart or status_line(line, self.found.key):
                told.setdefault(style, []).append(k)
        self.statuses_in_titles = unsure >= 2
        self.known_refs |= {ref for refs in numbered.values() if len(refs) >= 2 for ref in refs}
        for style, ks in told.items():
            if len(ks) < 2 or len(ks) < 0.4 * len(like[style]):
                continue
            self.statuses_in_titles = True
            by_number = style[-1]
            named = [k for k in like[style] if k in ks or by_number or ks[0] < k < ks[-1]]
            for k in named:
                paragraph = elements[k].paragraph
                assert paragraph is not None
                self.item_headings.add(id(elements[k]))
                ref = split_ref(paragraph.text)[0]
                if ref:
                    self.known_refs.add(norm_ref(ref))

    def _tells_facts(self, e: Element) -> bool:
        """Whether an element states facts of one measure, its target, figures, status or polarity: a line, or a table
        without titles of a row or three."""
        if e.table is not None:
            header = self.headers.get(id(e.table))
            if header is None or header.index(*TITLES, "ref") is not None:
                return False
            body = e.table.n_rows - header.first - header.rows
            return 1 <= body <= 3 and len(header.all("target", "rag", "period", "current", "direction")) >= 2
        pairs = field_label(e.paragraph) if e.paragraph is not None and not e.heading else []
        return any(
            value
            and (role in ("target", "rag", "polarity", "direction", "current") or role.startswith("period:"))
            for role, value in pairs
        )

    def _is_no_title(self, text: str) -> bool:
        return (
            self._names_report(text)
            or self._says_status(text)
            or starts_with(text, "group")
            or starts_with(text, "key_start")
            or is_section_phrase(text)
            or bool(section_of(text))
        )


def status_line(text: str, key: Key) -> bool:
    """Whether a line is a label of status with its value ("Status: Off target")."""
    label, colon, said = text.partition(":")
    role = header_role(label) if colon else None
    return bool(role and role[0] == "rag" and role[1] >= 0.99 and exact_rag(said, key))


def apart(p: Paragraph, key: Key) -> list[Paragraph]:
    """A paragraph, or its parts where a line that gives a status ("Status: Alert") stands over running text, or lines of
    facts over a line that opens commentary."""
    if len(p.lines) < 2 or not status_line(first_line_text(p), key):
        return at_label(p)
    first, rest = p.lines[:1], p.lines[1:]
    return [
        Paragraph(first, first[0].box, p.bullet, p.number, p.marker),
        Paragraph(rest, enclose(ln.box for ln in rest)),
    ]


def first_line_text(p: Paragraph) -> str:
    return " ".join(w.text for w in p.lines[0].words)

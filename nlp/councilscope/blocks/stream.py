"""The reading order walked once: headings, labels, tables and paragraphs become drafts and loose commentary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from councilscope.blocks.draft import Draft, is_code, norm_ref, norm_title, split_ref
from councilscope.blocks.forms import Facts, figures_only, join, read_form, set_field
from councilscope.blocks.cards import call_outs, find_cards, is_figure
from councilscope.blocks.labels import field_label, said_in, section_label, title_of, unknown_label
from councilscope.blocks.lists import (
    Header,
    TITLES,
    RowContext,
    cell_role,
    find_header,
    is_counts,
    is_key,
    learn_key,
    read_figure,
    read_list,
    read_partial,
    settle,
)
from councilscope.geometry import overlap_1d
from councilscope.layout import Element, Laid
from councilscope.lexicon import COLOUR_WORD, fold, header_role, section_guess, starts_with
from councilscope.page import Shape
from councilscope.records import Period, Warning
from councilscope.status import Evidence, Key, arrow_turn, exact_rag, icon_rags, shape_direction, word_direction, word_rag
from councilscope.tables import Table
from councilscope.text import Paragraph, paragraphs, text_map
from councilscope.values import is_blank, is_not_available, looks_like_period, own_label, parse_figure, parse_period, parse_target, polarity_of

STATUS_HEADING = re.compile(
    rf"\b(?P<c>{COLOUR_WORD})\b[\w -]{{0,24}}?\b(?:indicators?|measures?|exceptions?|kpis?|actions?|risks?|performance|rated|pis?|items?|status|targets?)\b"
    rf"|\b(?:rated|status|performance|indicators?|measures?)\b[ :–-]{{1,4}}(?P<d>{COLOUR_WORD})\b|^(?P<e>{COLOUR_WORD})$",
    re.IGNORECASE,
)
GROUP_LINE = re.compile(r"^(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[A-Z][\w-]+(?: [a-z]+)?(?: \w{1,3})?\s*[:–—-]\s+\S")
Style = tuple[int, bool, bool, tuple[float, ...], bool, bool]


@dataclass
class Loose:
    """Commentary that no open item takes: it may name its items by number."""

    section: str
    heading: str | None
    paragraph: Paragraph
    run: int  # paragraphs with one run number stand under the same heading
    labelled: bool = False


@dataclass
class Found:
    """What the walk yields."""

    drafts: list[Draft] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    key: Key = field(default_factory=Key)


def style_of(p: Paragraph) -> Style:
    """Type size, weight, colour and capitals of a paragraph's first word: what makes labels look alike."""
    w = p.words[0]
    return (round(w.size), w.bold, w.italic, tuple(round(c, 1) for c in w.colour), p.text.isupper(), bool(re.match(r"\d", p.words[0].text)))


class Walk:
    """State of the walk: headings above, the item that is open, the section its text belongs to."""

    def __init__(self, laid: Laid, report: Period | None, title: str | None = None) -> None:
        self.laid, self.report = laid, report
        self.found = Found()
        self.headings: list[tuple[float, str, Element]] = []
        self.current: Draft | None = None
        self.section: tuple[str, str | None] | None = None
        self.label_styles: set[Style] = set()
        self.title_styles: set[Style] = set()
        self.preface: list[Element] = []
        self.titles_follow: str | None = None
        self.group: list[Draft] = []
        self.code: str | None = None
        self.last_start: Draft | None = None
        self.kicker: str | None = None
        self.dropped: tuple[float, str, Element] | None = None
        self.stray: list[Element] = []
        self.group_texts: set[str] = {norm_title(title)} if title else set()
        self.open_list: tuple[Table, Header, int, RowContext] | None = None
        self.tables = 0
        self.run = 0
        self.groups: list[list[Draft]] = []
        self.item_level: float | None = None
        self.heading_open = False
        self.known_refs: set[str] = set()

    # --- entry ------------------------------------------------------------------------------------------

    def walk(self) -> Found:
        self._learn_keys()
        cards = find_cards(self.laid, RowContext([], self.report, self.found.key, -1))
        for e in self.laid.elements:
            if e.boxed in cards:
                self._card(cards[e.boxed])
                continue
            if e.table is not None:
                self._table(e, e.table)
            elif e.paragraph is not None:
                self._paragraph(e, e.paragraph)
        self._flush()
        for group in self.groups:
            _share_out(group)
        return self.found

    def _learn_keys(self) -> None:
        for e in self.laid.elements:
            if e.table is None:
                continue
            header = find_header(e.table, self.report)
            if is_key(e.table, header):
                learn_key(e.table, self.found.key)
                continue
            if header is not None:
                ref = header.index("ref")
                if ref is not None:
                    self.known_refs |= {
                        norm_ref(c.text) for c in e.table.cells if c.col0 == ref and c.row0 >= header.first + header.rows and c.words
                    }

    def warn(self, code: str, page: int, message: str) -> None:
        self.found.warnings.append(Warning(code=code, page=page, message=message))

    def _card(self, draft: Draft) -> None:
        if draft.placed:
            return
        draft.placed = True
        draft.service = draft.service or " > ".join(self._services([])) or None
        if self.headings:
            self.group_texts.add(norm_title(self.headings[-1][1]))
        self._status_from_heading(draft)
        self.found.drafts.append(draft)
        self.current = None
        self.open_list = None

    def _context(self, service: list[str]) -> RowContext:
        self.tables += 1
        return RowContext(service, self.report, self.found.key, self.tables, self._heading_status(), warn=self.warn)

    # --- tables -----------------------------------------------------------------------------------------

    def _table(self, e: Element, table: Table) -> None:
        self._flush()
        header = find_header(table, self.report)
        if header is None and self._continues_list(table):
            self._go_on(table)
            return
        if is_key(table, header):
            return
        if is_counts(table, header):
            self.open_list = None
            return
        if header is not None and self._same_header(header, table):
            self._go_on(table, header)
            return
        title_col = settle(table, header, self.report) if header is not None else None
        if header is not None and self._is_partial(table, header, title_col):
            ctx = self._context(self._services(header.lead))
            self.found.drafts += read_partial(table, header, ctx)
            self.current = None
            self.open_list = None
            return
        if header is not None and title_col is not None and not self._is_form(table, header):
            ctx = self._context(self._services(header.lead))
            drafts = read_list(table, header, title_col, ctx)
            if drafts:
                self._take_list(e, table, header, title_col, ctx, drafts)
                return
        if header is not None and header.first + header.rows >= table.n_rows and (at := header.index(*TITLES)) is not None:
            self.open_list = (table, header, at, self._context(self._services(header.lead)))
            self.group_texts |= {norm_title(t) for _, t, _ in self.headings}
            self.current = None
            self.heading_open = False
            return
        if header is not None and title_col is None and not _rows_are_named(table, header) and self._headed_facts(e, table, header):
            return
        ctx = self._context(self._services([]))
        facts = read_form(table, ctx)
        if facts is None:
            self._dissolve(e, table)
            return
        self._take_form(e, facts, ctx)

    def _is_form(self, table: Table, header: Header) -> bool:
        """A list has its header at the top; a form has labelled commentary in cells as wide as the table."""
        wide = [c for c in table.cells if c.words and c.row0 >= header.first + header.rows and c.col1 - c.col0 >= 0.7 * table.n_cols]
        labelled = [c for c in wide if section_label(paragraphs(c.words)[0])]
        body = table.n_rows - header.first - header.rows
        return len(labelled) >= 2 and len(labelled) >= 0.5 * body and body - len(labelled) <= 4 and header.first > 0

    def _is_partial(self, table: Table, header: Header, title_col: int | None) -> bool:
        """Whether a list has refs that are all known already, and no column of titles."""
        ref = header.index("ref")
        if ref is None or (title_col is not None and header.columns[title_col].role in TITLES and header.columns[title_col].share > 0.3):
            return False
        known = {norm_ref(d.ref) for d in self.found.drafts if d.ref and not d.partial}
        refs = [norm_ref(c.text) for c in table.cells if c.col0 == ref and c.row0 >= header.first + header.rows and c.words]
        return bool(refs) and sum(1 for r in refs if r in known) >= 0.8 * len(refs)

    def _continues_list(self, table: Table) -> bool:
        if self.open_list is None:
            return False
        old, header, _, _ = self.open_list
        if table.box.page != old.box.page + 1 and table.box.page != old.box.page:
            return False
        return table.n_cols == len(header.columns) and abs(table.box.x0 - old.box.x0) < 12 and abs(table.box.x1 - old.box.x1) < 12

    def _same_header(self, header: Header, table: Table) -> bool:
        """Whether a table repeats the header of the list before it, so that it goes on with it."""
        if self.open_list is None or self.heading_open:
            return False
        return header.signature() == self.open_list[1].signature() and table.n_cols == len(self.open_list[1].columns) and not header.lead

    def _go_on(self, table: Table, own: Header | None = None) -> None:
        assert self.open_list is not None
        _, header, title_col, ctx = self.open_list
        body = Header(header.columns, own.first if own else 0, own.rows if own else 0)
        last = self.found.drafts[-1] if self.found.drafts and self.found.drafts[-1].table == ctx.number else None
        drafts = read_list(table, body, title_col, ctx, last)
        if drafts and last is not None:  # the group row of the page before still holds
            head = last.service
            for d in drafts:
                if d.service == (" > ".join(ctx.service) or None) and head:
                    d.service = head
        self.found.drafts += drafts
        self.open_list = (table, header, title_col, ctx)
        self.current = None

    def _take_list(self, e: Element, table: Table, header: Header, title_col: int, ctx: RowContext, drafts: list[Draft]) -> None:
        alone = len(drafts) == 1 and self._last_heading() is not None and norm_title(drafts[0].title) == norm_title(self._last_heading() or "")
        self.found.drafts += drafts
        self.open_list = (table, header, title_col, ctx)
        self.group_texts |= {norm_title(t) for _, t, _ in self.headings}
        self.current = drafts[0] if alone or len(drafts) == 1 else None
        self.section = None
        self.heading_open = False
        self.group = []
        self.run += 1

    def _headed_facts(self, e: Element, table: Table, header: Header) -> bool:
        """A table with headings but no titles: figures, or columns of commentary, of the item it stands under."""
        body = table.n_rows - header.first - header.rows
        if body < 1 or body > 3:
            return False
        draft = self.current or self._open_item(e)
        if draft is None:
            return False
        from councilscope.blocks.lists import _finish_targets, _read_cell, _status_from_figures, _tinted_columns

        ctx = self._context([])
        tinted = _tinted_columns(table, header) | set(header.all("period", "current"))
        cells = [c for c in table.cells if c.row0 >= header.first + header.rows]
        for c in cells:
            if c.words or c.shapes or c.pictures or c.fill:
                _read_cell(draft, c, header.columns[c.col0], ctx, None, c.col0 in tinted, header)
        _finish_targets(draft, cells, header, ctx)
        _status_from_figures(draft, header, ctx)
        draft.boxes.append(table.box)
        return True

    def _take_form(self, e: Element, facts: Facts, ctx: RowContext) -> None:
        draft = facts.draft
        if figures_only(facts) or not facts.titled:
            item = self.current or self._open_item(e)
            if item is not None:
                join(item, facts)
                self._carry(draft, item)
                return
            if not facts.titled:
                self._loose_notes(draft)
                return
        if self.current is not None and norm_title(self.current.title) == norm_title(draft.title):
            join(self.current, facts)
            self._carry(draft, self.current)
            return
        if draft.service is None:
            draft.service = " > ".join(self._services([])) or None
        self._status_from_heading(draft)
        self.found.drafts.append(draft)
        self.current = draft
        self.item_level = None
        self.open_list = None
        self.heading_open = False
        self._carry(draft, draft)

    def _carry(self, read: Draft, item: Draft) -> None:
        """A heading that ended its table without text waits for the text on the next page."""
        self.section = read.pending or self.section
        if read.pending is None and item.notes:
            last = item.notes[-1]
            self.section = (last.section, last.heading)

    def _loose_notes(self, draft: Draft) -> None:
        for n in draft.notes:
            for p in n.parts:
                self.found.loose.append(Loose(n.section, n.heading, p, self.run))

    def _dissolve(self, e: Element, table: Table) -> None:
        """A table nobody understands: its cells as text in reading order, so that labels and numbers still count."""
        if self.current is not None and self.current.source == "form" and self._goes_on_with_form(table):
            return
        for c in table.cells:
            if not c.words:
                continue
            for p in paragraphs(c.words):
                element = Element(e.page, p.box, p, None, c.fill, -1, False, 1.0)
                self._paragraph(element, p)

    def _goes_on_with_form(self, table: Table) -> bool:
        """Rows of a label and its text that a page break cut off from the form they belong to."""
        assert self.current is not None
        rows = [[c for c in table.row(r) if c.words] for r in range(table.n_rows)]
        if not all(len(r) in (1, 2) for r in rows) or not any(len(r) == 2 for r in rows):
            return False
        if any(len(r) == 2 and len(r[0].text.split()) > 12 for r in rows):
            return False
        for r in rows:
            if len(r) == 2:
                self.section = (section_guess(r[0].text), r[0].text)
            section, heading = self.section or ("note", None)
            self.current.note(section, heading, paragraphs(r[-1].words))
        self.current.boxes.append(table.box)
        return True

    # --- paragraphs -------------------------------------------------------------------------------------

    def _paragraph(self, e: Element, p: Paragraph) -> None:
        if self.titles_follow and self._group_title(p):
            return
        if len(p.words) <= 4 and (rag := exact_rag(p.text, self.found.key)) and p.text.strip() not in ("OK", "Good", "Up"):
            if self.current is not None and not self.current.status and self.current.source == "item":
                self.current.status.append(Evidence(rag, "text"))
                self.current.boxes.append(p.box)
            else:
                self.preface.append(e)
            return
        if not e.heading and len(p.words) <= 22 and GROUP_LINE.match(p.text) and not p.text.endswith(".") and starts_with(re.sub(r"^[\d.]+\s+", "", p.text), "group"):
            self._heading(e, p)
            return
        if e.heading and starts_with(re.sub(r"^[\d.]+\s+", "", p.text), "group") and not title_of(p):
            self._heading(e, p)
            return
        titled = title_of(p)
        if titled and not (e.heading and e.level > 1.5 and titled[2] == len(p.words)):
            self._titled(e, p, titled)
            return
        labelled = section_label(p)
        if labelled and not self._outranks(e, p, labelled):
            self._labelled(e, p, labelled)
            return
        if self._ref_start(e, p):
            return
        if self.current is not None and (unknown := unknown_label(p)):
            self._labelled(e, p, unknown)
            return
        fields = field_label(p)
        if fields and self._fields(e, p, fields):
            return
        if e.heading:
            self._heading(e, p)
            return
        self._text(e, p)

    def _outranks(self, e: Element, p: Paragraph, labelled: tuple[str, str, int]) -> bool:
        """Whether a would-be label is a heading as high as the title it would belong to."""
        if not e.heading or labelled[2] < len(p.words) or p.text.endswith((":", "?")):
            return False
        if self.current is not None:
            return self.item_level is not None and e.level > self.item_level - 0.01 and style_of(p) not in self.label_styles
        if style_of(p) in self.label_styles:
            return False
        here = [h[0] for h in self.headings if h[2].page == e.page]
        return e.level > max(here) - 0.01 if here else e.level >= 1.25

    def _group_title(self, p: Paragraph) -> bool:
        """A bullet below "Measures:" is one of several titles."""
        if section_label(p):
            self.titles_follow = None
            return False
        if p.bullet or p.number or not self.group:
            assert self.titles_follow is not None
            draft = self._start(p.text, self.titles_follow, p, new_group=not self.group)
            self.group.append(draft)
            if len(self.group) == 2:
                self.groups.append(self.group)
            return True
        self.titles_follow = None
        return False

    def _titled(self, e: Element, p: Paragraph, titled: tuple[str, str, int]) -> None:
        kind, _, n = titled
        rest = " ".join(w.text for w in p.words[n:])
        self.group = []
        if not rest:
            self.titles_follow = kind
            self.current = None
            return
        text = text_map([p], n).text
        number = re.search(r"([A-Z]{0,3}\d{1,3}(?:\.\d{1,3})*[a-z]?):?$", titled[1])
        titles = re.split(r"\s+&\s+(?=[A-Z%])|;\s+(?=[A-Z%])", text) if fold(titled[1]).endswith("s") else [text]
        for k, title in enumerate(titles):
            draft = self._start(title, kind, p, new_group=k == 0)
            if number and draft.ref is None and (norm_ref(number.group(1)) in self.known_refs or "." in number.group(1)):
                draft.ref = number.group(1)
            if len(titles) > 1:
                self.group.append(draft)

    def _start(self, text: str, kind: str, p: Paragraph, new_group: bool = True) -> Draft:
        self._flush()
        ref, title = split_ref(text.replace("\n", " "))
        draft = Draft(title=title, kind=kind, ref=ref, source="item", page=p.box.page, table=-1)
        draft.service = " > ".join(self._services([])) or None
        draft.boxes.append(p.box)
        if kind == "indicator":
            draft.kind = self._heading_kind()
        self._status_from_heading(draft)
        self._icons(draft, p)
        self.found.drafts.append(draft)
        self.current = draft
        self.item_level = None
        self.section = None
        self.preface = []
        self.open_list = None
        self.heading_open = False
        if new_group:
            self.group = []
        return draft

    def _labelled(self, e: Element, p: Paragraph, labelled: tuple[str, str, int]) -> None:
        section, heading, n = labelled
        self._flush()
        self.titles_follow = None
        self.run += 1
        if self.current is None:
            self._open_item(e)
        if n == len(p.words) and (self.current is not None or self.open_list is not None):
            self.label_styles.add(style_of(p))
        self.section = (section, heading)
        said = STATUS_HEADING.search(heading) or re.search(rf"\b(?P<c>{COLOUR_WORD})\b", heading, re.IGNORECASE)
        if self.current is not None and said and not self.current.status:
            self._status_said(self.current, said)
        if self.current is not None and self.current.source == "item" and section == "reason" and re.search(r"(?i)\brisk\b", heading):
            self.current.kind = "risk"
        if n < len(p.words):
            self._add(section, heading, p, n)

    def _status_said(self, draft: Draft, said: re.Match[str]) -> None:
        word = next((g for g in said.groupdict().values() if g), None)
        rag = word_rag(word) if word else None
        if rag:
            draft.status.append(Evidence(rag, "heading"))

    def _add(self, section: str, heading: str | None, p: Paragraph, skip: int = 0) -> None:
        if self.group and len(self.group) > 1:
            for d in self.group:
                d.note(section, heading, [p], skip)
        elif self.current is not None:
            self.current.note(section, heading, [p], skip)
        else:
            self.found.loose.append(Loose(section, heading, p, self.run, labelled=True))

    def _ref_start(self, e: Element, p: Paragraph) -> bool:
        """A paragraph that begins with a code opens an item: in bold, as a heading or as a bullet."""
        text = p.text
        ref, title = split_ref(text)
        if ref is None or starts_with(text, "group") or (e.heading and re.fullmatch(r"\d+(?:\.\d+)*", ref) and norm_ref(ref) not in self.known_refs):
            return False
        known = norm_ref(ref) in self.known_refs
        words = len(text.split())
        prominent = e.heading or p.bold_prefix >= 2 or (p.bullet and text[:1] in "([")
        if not known and not (prominent and re.search(r"[A-Za-z]", ref) and words <= 60):
            return False
        if known and not prominent:
            after = text[len(ref) :].lstrip(")] ")
            if not after.startswith((":", "-", "–", "—")) and words > 25:
                return False
            self.run += 1
            self.found.loose.append(Loose(self.section[0] if self.section else "note", self.section[1] if self.section else None, p, self.run))
            return True
        bold = " ".join(w.text for w in p.words[: p.bold_prefix])
        name = split_ref(bold)[1] if 0 < p.bold_prefix < len(p.words) and split_ref(bold)[0] else title
        before = self.current if self.last_start is not None and self.current is self.last_start else None
        bare = before is not None and not before.notes and not before.owners and before.source == "item" and not before.opened
        shared = [*(self.group or [before]), None] if bare and p.bullet else []
        draft = self._start(f"{ref} {name}", "indicator", p)
        self.last_start = draft
        self.item_level = e.level if e.heading else None
        if shared:
            self.group = [d for d in shared if d is not None] + [draft]
        draft.ref, draft.title = ref, name.strip(" -–:")
        draft.polarity = draft.polarity or next((v for b in re.findall(r"\(([^)]*)\)", text) if (v := polarity_of(b))), None)
        self._said(draft, " ".join(w.text for w in p.words[p.bold_prefix :]) if 0 < p.bold_prefix < len(p.words) else "")
        if e.heading or 0 < p.bold_prefix < len(p.words):
            self.title_styles.add(style_of(p))
        self.section = ("note", text if p.bullet or p.bold_prefix < len(p.words) else None)
        if e.heading:
            self.section = None
        return True

    def _fields(self, e: Element, p: Paragraph, fields: list[tuple[str, str]]) -> bool:
        known = [f for f in fields if f[1]]
        if not known:
            return False
        if self.current is None and (len(known) < 2 and known[0][0] not in ("target", "rag", "current", "owner", "polarity", "direction")):
            return False
        if self.current is None:
            self._open_item(e)
        if self.current is None:
            return False
        ctx = RowContext([], self.report, self.found.key, -1)
        done = False
        for role, value in known:
            for draft in self.group if len(self.group) > 1 else [self.current]:
                done = set_field(draft, role, role, value, None, ctx) or done
        if done:
            self.current.boxes.append(p.box)
        return done

    def _heading(self, e: Element, p: Paragraph) -> None:
        text = p.text.replace("\n", " ").strip()
        if len(text.split()) <= 6 and (looks_like_period(text) or parse_figure(text) and parse_figure(text).value is not None and len(text.split()) <= 3):  # type: ignore[union-attr]
            self._text(e, p)
            return
        if is_blank(text) or is_not_available(text) or text.casefold() in ("none", "nil"):
            self._text(e, p)
            return
        if is_code(text) and re.search(r"\d", text) and re.search(r"[A-Z]", text):
            self.code = text
            return
        style = style_of(p)
        below = self.current is not None and self.item_level is not None and e.level < self.item_level - 0.1
        if below and self.current is not None and self.current.source == "item" and not starts_with(text, "group"):
            self._flush()
            self.section = (section_guess(text), text)
            self.run += 1
            return
        if self.current is not None and (self.item_level is None or e.level < self.item_level) and style in self.label_styles and style not in self.title_styles and not starts_with(text, "group"):
            self.section = (section_guess(text), text)
            self.run += 1
            return
        if re.fullmatch(r"\d+(?:\.\d+)*\.?", text):
            return
        same = [k for k, h in enumerate(self.headings) if norm_title(h[1]) == norm_title(text)]
        if same:
            del self.headings[same[0] :]
        self._flush()
        while self.headings and (self.headings[-1][0] <= e.level + 0.02 or self.headings[-1][2].page < e.page - 3):
            self.headings.pop()
        close = self.dropped is not None and self.dropped[2].page == e.page and not self.preface and self.current is None
        self.kicker = self.dropped[1] if close and self.dropped is not None and self.dropped[0] < e.level else None
        self.headings.append((e.level, text, e))
        self.dropped = self.headings[-1]
        self.current = None
        self.section = None
        self.group = []
        self.preface = []
        self.heading_open = True
        self.titles_follow = None
        self.run += 1

    def _flush(self) -> None:
        """Short texts that came between a title and its first heading: call-outs of the item that is open."""
        stray, self.stray = self.stray, []
        if stray and self.current is not None:
            self._preface(self.current, stray)

    def _text(self, e: Element, p: Paragraph) -> None:
        if self.current is not None and self.current.source == "item" and self.section is None and _is_call_out(p):
            self.stray.append(e)
            return
        if self.current is not None and (self.section is not None or self.current.source != "list"):
            section, heading = self.section or ("note", None)
            self._add(section, heading, p)
            return
        self.preface.append(e)
        section, heading = self.section or ("note", None)
        self.found.loose.append(Loose(section, heading, p, self.run, labelled=self.section is not None))

    # --- opening an item by the heading above -----------------------------------------------------------

    def _last_heading(self) -> str | None:
        return self.headings[-1][1] if self.headings else None

    def _open_item(self, e: Element) -> Draft | None:
        """An item whose title is the nearest heading, unless that heading stands over groups or lists."""
        if not self.headings or not self.heading_open:
            return None
        level, text, at = self.headings[-1]
        if looks_like_period(re.sub(r"\(.*?\)", "", text)) or norm_title(text) in self.group_texts or starts_with(text, "not_blocks") or starts_with(text, "group") or STATUS_HEADING.search(text):
            return None
        if e.page - at.page > 1:
            return None
        assert at.paragraph is not None
        preface, self.preface = self.preface, []
        ref, title = split_ref(text)
        if ref is None or (re.fullmatch(r"[\d.]+", ref) and norm_ref(ref) not in self.known_refs):
            ref, title = split_ref(re.sub(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\S)", "", text))
        draft = Draft(title=re.sub(r"^\d{1,2}[.)]?\s+(?=[A-Z])", "", title), ref=ref, source="item", page=at.page, opened=True)
        draft.ref, self.code = draft.ref or self.code, None
        draft.service = self.kicker or " > ".join(t for _, t, _ in self._service_headings(self.headings[:-1])) or None
        above, self.headings = self.headings, self.headings[:-1]
        draft.kind = self._heading_kind()
        self.headings = above
        draft.boxes.append(at.box)
        self.title_styles.add(style_of(at.paragraph))
        self._status_from_heading(draft)
        self._icons(draft, at.paragraph)
        self._preface(draft, preface)
        self.found.drafts.append(draft)
        self.current = draft
        self.item_level = level
        self.open_list = None
        self.heading_open = False
        return draft

    def _preface(self, draft: Draft, elements: Iterable[Element]) -> None:
        """What stands between a title and the first label: a period with its figure, a direction, prose."""
        taken = []
        elements = list(elements)
        for period, value in call_outs(elements):
            role = header_role(period)
            if role and role[0] == "target":
                draft.target = draft.target or parse_target(value)
            else:
                figure = read_figure(value, parse_period(period, self.report))
                if figure is not None:
                    draft.figures.append(figure)
        for e in elements:
            p = e.paragraph
            if p is None:
                continue
            text = p.text
            ctx = RowContext([], self.report, self.found.key, -1)
            for role, value in field_label(p):
                if value:
                    set_field(draft, role, role, value, None, ctx)
            if len(text.split()) <= 3 and (rag := word_rag(text, self.found.key)) and not draft.status:
                draft.status.append(Evidence(rag, "text"))
            if len(text.split()) <= 40:
                self._said(draft, text)
            if len(text.split()) <= 12:
                self._call_out(draft, text)
                draft.direction = draft.direction or word_direction(re.sub(r"(?i)direction of travel:?", "", text))
                taken.append(p)
                draft.boxes.append(p.box)
            elif text.rstrip().endswith(".") and not p.words[0].italic:
                draft.note("note", None, [p])
                taken.append(p)
            if e.boxed is not None:
                near = [s for s in self.laid.shapes.get(e.page, []) if e.box.y0 - 12 <= s.box.cy <= e.box.y1 + 12]
                self._icons_from(draft, near)
        gone = {id(p) for p in taken}
        self.found.loose = [x for x in self.found.loose if id(x.paragraph) not in gone]

    def _said(self, draft: Draft, text: str) -> None:
        """Figures that the line of a title states in words."""
        said = said_in(text)
        if said.target and draft.target is None:
            draft.target = parse_target(said.target)
        own = own_label(self.report) if self.report else None
        if said.current:
            figure = read_figure(said.current, own)
            if figure is not None:
                draft.figures.append(figure)
        for period, value in said.periods:
            figure = read_figure(value, parse_period(period, self.report))
            if figure is not None and all(f.period != figure.period for f in draft.figures):
                draft.figures.append(figure)
        if said.status and not any(x.shown_as in ("text", "icon") for x in draft.status):
            rag = word_rag(said.status)
            if rag:
                draft.status.insert(0, Evidence(rag, "text"))

    def _call_out(self, draft: Draft, text: str) -> None:
        words = text.split()
        for n in range(min(4, len(words) - 1), 0, -1):
            head = " ".join(words[:n])
            if looks_like_period(head):
                f = parse_figure(words[n])
                if f is not None and f.value is not None:
                    figure = read_figure(words[n], parse_period(head, self.report))
                    if figure is not None:
                        draft.figures.append(figure)
                    rest = " ".join(words[n + 1 :])
                    draft.direction = draft.direction or word_direction(rest)
                return

    # --- services and status by headings, icons ---------------------------------------------------------

    def _service_headings(self, headings: list[tuple[float, str, Element]]) -> list[tuple[float, str, Element]]:
        named = [h for h in headings if starts_with(h[1], "group") or _is_band(h[2])]
        if named:
            return named[-2:]
        return [h for h in headings[-1:] if not starts_with(h[1], "not_blocks") and h[2].page > 0]

    def _services(self, lead: list[str]) -> list[str]:
        return [t for _, t, _ in self._service_headings(self.headings)] + lead

    def _heading_status(self) -> str | None:
        for _, text, _ in reversed(self.headings):
            m = STATUS_HEADING.search(text)
            if m:
                word = next((g for g in m.groupdict().values() if g), None)
                return word_rag(word) if word else None
        return None

    def _heading_kind(self) -> str:
        """The kind that the headings above give to what stands under them."""
        for _, text, _ in reversed(self.headings[-2:]):
            words = set(fold(text).split())
            if words & {"measures", "indicators", "kpis", "performance"}:
                return "indicator"
            if words & {"risks", "risk"}:
                return "risk"
            if words & {"actions", "commitments", "milestones", "projects", "deliverables"}:
                return "action"
        return "indicator"

    def _status_from_heading(self, draft: Draft) -> None:
        rag = self._heading_status()
        if rag and not draft.status:
            draft.status.append(Evidence(rag, "heading"))  # type: ignore[arg-type]

    def _icons(self, draft: Draft, p: Paragraph) -> None:
        """Icons that stand beside a title."""
        line = p.box
        near = [
            s
            for s in self.laid.shapes.get(line.page, [])
            if overlap_1d(line.y0 - 3, line.y1 + 3, s.box.y0, s.box.y1) > 0.5 * s.box.height and max(s.box.width, s.box.height) > 5
        ]
        pictures = [q for q in self.laid.pictures.get(line.page, []) if line.y0 - 3 <= q.box.cy <= line.y1 + 3 and q.colour]
        self._icons_from(draft, near)
        if not any(x.shown_as == "icon" for x in draft.status):
            for rag in icon_rags([], pictures, self.found.key)[:1]:
                draft.status.insert(0, Evidence(rag, "icon"))

    def _icons_from(self, draft: Draft, near: list[Shape]) -> None:
        dots = [s for s in near if not arrow_turn(s)]
        for rag in icon_rags(dots, [], self.found.key)[:1]:
            if rag != "grey" and not any(x.shown_as == "icon" for x in draft.status):
                draft.status.insert(0, Evidence(rag, "icon"))
        if draft.direction is None:
            draft.direction = shape_direction(near, self.found.key, draft.polarity)


def _is_call_out(p: Paragraph) -> bool:
    """Whether a text is a figure, a period or a role by itself, or an arrow with a word."""
    text = p.text
    if len(p.words) > 6:
        return False
    role = header_role(text)
    return is_figure(text) or looks_like_period(text) or bool(role and role[1] >= 0.99) or bool(word_direction(text))


def _is_band(e: Element) -> bool:
    """Whether a heading stands on a dark band."""
    return e.fill is not None and sum(e.fill) / 3 < 0.62


def _rows_are_named(table: Table, header: Header) -> bool:
    """Whether the first cells of the rows say what they hold (Actual, Target, RAG)."""
    names = [c.text for c in table.cells if c.col0 == 0 and c.row0 >= header.first + header.rows and c.words]
    return any(cell_role(n)[0] in ("current", "target", "rag", "ytd", "direction") for n in names)


def _share_out(group: list[Draft]) -> None:
    """Several titles over one list of as many items: each title gets the item that stands at its place."""
    for k in range(len(group[0].notes)):
        parts = group[0].notes[k].parts
        if len(parts) == len(group) and sum(1 for p in parts if p.bullet or p.number) >= len(group) - 1 and len(group) > 1:
            for i, d in enumerate(group):
                if k < len(d.notes) and len(d.notes[k].parts) == len(group):
                    d.notes[k].parts = [parts[i]]


def walk(laid: Laid, report: Period | None, title: str | None = None) -> Found:
    """Drafts, loose commentary, the report's key and warnings of a laid-out document."""
    return Walk(laid, report, title).walk()


def fold_heading(text: str) -> str:
    return fold(text)

"""Tables met on the walk: lists, lists that go on, forms, figures under a heading, rows by ref alone."""

from __future__ import annotations

from collections.abc import Sequence

from councilscope.blocks.columns import TITLES, Header, cell_role, settle
from councilscope.blocks.draft import Draft, is_code, norm_ref, norm_title
from councilscope.blocks.forms import Facts, figures_only, is_facing, join, read_form, rows_of_labels
from councilscope.blocks.items import Items, Loose
from councilscope.blocks.labels import section_label
from councilscope.blocks.legends import is_counts, is_glossary, is_key, is_paper_head
from councilscope.blocks.merge import join_drafts
from councilscope.blocks.row_figures import RowContext, finish_targets, status_from_figures
from councilscope.blocks.rows import read_beside, read_cell, read_list, read_partial, tinted_columns
from councilscope.blocks.sheets import Part, names_columns_only, side_of
from councilscope.layout import Element
from councilscope.lexicon import is_section_phrase, section_guess
from councilscope.tables import Table
from councilscope.text import paragraphs


class Tables(Items):
    """What the walk does with a table."""

    def _table(self, e: Element, table: Table) -> None:
        self._flush()
        header = self.headers[id(table)]
        if self._is_beside(e, table, header):
            return
        if header is None and self._continues_list(table):
            self._go_on(table)
            return
        if is_key(table, header) or is_glossary(table, header, self._last_heading()) or is_paper_head(table):
            self.found.set_aside.add(id(table))
            return
        if is_counts(table, header, self.found.key):
            self.found.set_aside.add(id(table))
            self.open_list = None
            return
        if header is not None and self._same_header(header, table):
            self._go_on(table, header)
            return
        if header is not None and self._titled_by_band(e, table, header):
            return
        title_col = settle(table, header, self.report) if header is not None else None
        if header is not None and self._is_partial(table, header, title_col):
            ctx = self._context(self._services(header.lead))
            self.found.drafts += read_partial(table, header, ctx)
            self.current = None
            if not self.heading_open:  # a facing page: the list may go on after it
                return
            self.open_list = None
            return
        if header is not None and title_col is not None and not self._is_form(table, header):
            ctx = self._context(self._services(header.lead))
            drafts = read_list(table, header, title_col, ctx)
            if drafts:
                self._take_list(e, table, header, title_col, ctx, drafts)
                return
        if (
            header is not None
            and header.first + header.rows >= table.n_rows
            and (at := header.index(*TITLES)) is not None
        ):
            self.open_list = (table, header, at, self._context(self._services(header.lead)))
            self.group_texts |= {norm_title(t) for _, t, _ in self.headings}
            self.current = None
            self.heading_open = False
            return
        if (
            header is not None
            and title_col is None
            and not _rows_are_named(table, header)
            and not self._is_form(table, header)
            and self._headed_facts(e, table, header)
        ):
            return
        ctx = self._context(self._services([]))
        facts = read_form(table, ctx)
        if facts is None:
            self._dissolve(e, table)
            return
        self._take_form(e, facts, ctx)

    def _titled_by_band(self, e: Element, table: Table, header: Header) -> bool:
        """A band with a title over one row of facts under their names: a form of two rows."""
        body = table.n_rows - header.first - header.rows
        if body != 1 or not header.lead or header.index(*TITLES, "ref") is not None or header.first < 1:
            return False
        band = [c for c in table.row(header.first - 1) if c.words]
        if len(band) != 1 or len(header.all("owner", "target", "rag", "polarity", "direction")) < 2:
            return False
        assert self.start is not None
        self.start(header.lead[-1], "indicator", paragraphs(band[0].words)[0])
        return self._headed_facts(e, table, header)

    def _is_form(self, table: Table, header: Header) -> bool:
        """A list has its header at the top; a form has labelled commentary in cells as wide as the table."""
        wide = [
            c
            for c in table.cells
            if c.words and c.row0 >= header.first + header.rows and c.col1 - c.col0 >= 0.7 * table.n_cols
        ]
        if header.first > 0 and _is_banded(table) and rows_of_labels(table, header.first + header.rows):
            return True  # a title over labels and values, row under row
        labelled = [c for c in wide if section_label(paragraphs(c.words)[0])]
        body = table.n_rows - header.first - header.rows
        return (
            len(labelled) >= 2
            and len(labelled) >= 0.5 * body
            and body - len(labelled) <= 4
            and header.first > 0
        )

    def _is_beside(self, e: Element, table: Table, header: Header | None) -> bool:
        """Take the further columns of a sheet too wide for its page: headed as no list is, or as those before."""
        if header is None and self.side is not None:
            before, headed = self.side
            if self.open_list is not None and _in_place(table, before):
                header = Header(headed.columns, 0, 0)
        if header is None or not names_columns_only(header) or is_key(table, header) or not self._leads(e):
            return False
        found = side_of(self.parts, table, header)
        if found is None:
            return False
        part, tied = found
        part.beside.append(header.signature())
        title_col = settle(table, header, self.report)
        if title_col is not None and title_col >= 0 and header.columns[title_col].role is None:
            column = header.columns[title_col]
            column.role, column.section = "section", section_guess(column.own)
        for draft, more in read_beside(table, header, tied, part.ctx):
            join_drafts(draft, more)
        self.side = (table, header)
        self.current = None
        return True

    def _leads(self, e: Element) -> bool:
        """Whether nothing stands above a table on its page but what stood on the page of the list before it as well."""
        if not self.parts:
            return False
        told = {
            norm_title(x.paragraph.text)
            for x in self.laid.elements
            if x.page == self.parts[-1].table.box.page and x.paragraph is not None
        }
        above = [x for x in self.laid.elements if x.page == e.page and x.box.y1 <= e.box.y0 + 1]
        return all(x.paragraph is None or norm_title(x.paragraph.text) in told for x in above)

    def _is_partial(self, table: Table, header: Header, title_col: int | None) -> bool:
        """Whether a list has refs that are all known already, and no column that gives their titles again."""
        ref = header.index("ref")
        if ref is None:
            return False
        known = {norm_ref(d.ref): d for d in self.found.drafts if d.ref and not d.partial}
        body = header.first + header.rows
        refs = {
            c.row0: norm_ref(c.text)
            for c in table.cells
            if c.col0 == ref and c.row0 >= body and is_code(c.text)
        }
        if not refs or sum(1 for r in refs.values() if r in known) < 0.8 * len(refs):
            return False
        if title_col is None or (column := header.columns[title_col]).role not in TITLES:
            return True
        if column.role == "indicator" and column.share >= 0.4:
            return False
        told = [
            norm_title(c.text)[:24] == norm_title(known[refs[c.row0]].title)[:24]
            for c in table.cells
            if c.col0 == title_col and c.words and refs.get(c.row0) in known
        ]
        return sum(told) < 0.3 * len(refs)

    def _continues_list(self, table: Table) -> bool:
        if self.open_list is None or is_facing(table):
            return False
        old, header, _, _ = self.open_list
        last = max(old.box.page, self.side[0].box.page if self.side is not None else 0)
        if not old.box.page <= table.box.page <= last + 1:
            return False
        return table.n_cols == len(header.columns) and _in_place(table, old)

    def _same_header(self, header: Header, table: Table) -> bool:
        """Whether a table repeats the header of the list before it, so that it goes on with it."""
        if self.open_list is None or self.heading_open:
            return False
        return (
            header.signature() == self.open_list[1].signature()
            and table.n_cols == len(self.open_list[1].columns)
            and not header.lead
        )

    def _go_on(self, table: Table, own: Header | None = None) -> None:
        assert self.open_list is not None
        _, header, title_col, ctx = self.open_list
        body = Header(header.columns, own.first if own else 0, own.rows if own else 0)
        last = next((d for d in reversed(self.found.drafts) if not d.partial), None)
        last = last if last is not None and last.table == ctx.number else None
        group, ctx.at_foot = ctx.at_foot, []
        drafts = read_list(table, body, title_col, ctx, last)
        if drafts and last is not None:  # the group row of the page before still holds
            head = " > ".join([*ctx.service, *group]) if group else last.service
            for d in drafts:
                if d.service == (" > ".join(ctx.service) or None) and head:
                    d.service = head
            _join_services([d for d in self.found.drafts if d.table == ctx.number], drafts)
        self._give_lead(drafts)
        self.found.drafts += drafts
        self.open_list = (table, header, title_col, ctx)
        self.parts.append(Part(table, body, ctx, drafts))
        self.current = None

    def _give_lead(self, drafts: list[Draft]) -> None:
        """Whoever a line under the heading names as lead owns the measures of the list that have no owner."""
        if self.current is not None and _is_only_led(self.current):
            self.lead = self.current.owners
        for d in drafts:
            d.owners = d.owners or list(self.lead)

    def _take_list(
        self, e: Element, table: Table, header: Header, title_col: int, ctx: RowContext, drafts: list[Draft]
    ) -> None:
        alone = (
            len(drafts) == 1
            and self._last_heading() is not None
            and norm_title(drafts[0].title) == norm_title(self._last_heading() or "")
        )
        self._give_lead(drafts)
        self.found.drafts += drafts
        self.open_list = (table, header, title_col, ctx)
        self.parts.append(Part(table, header, ctx, drafts))
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

        ctx = self._context([])
        tinted = tinted_columns(table, header) | set(header.all("period", "current"))
        cells = [c for c in table.cells if c.row0 >= header.first + header.rows]
        for c in cells:
            if c.words or c.shapes or c.pictures or c.fill:
                read_cell(draft, c, header.columns[c.col0], ctx, None, c.col0 in tinted, header)
        finish_targets(draft, cells, header, ctx)
        status_from_figures(draft, cells, header, ctx)
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
        if table.n_rows >= 3 and table.n_cols >= 3:
            self.warn(
                "table_not_understood",
                e.page,
                f"a table of {table.n_rows} rows was read as text: {table.cells[0].text[:60]!r}",
            )
        for c in table.cells:
            if not c.words:
                continue
            for p in paragraphs(c.words):
                element = Element(e.page, p.box, p, None, c.fill, -1, False, 1.0)
                self.read_paragraph(element, p)

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


def _join_services(before: Sequence[Draft], drafts: Sequence[Draft]) -> None:
    """A service whose cell a page break cut ("Waste and | street scene") is one for the rows on both pages."""
    old, new = before[-1].service, drafts[0].service
    if not old or not new or not new.rpartition(" > ")[2][:1].islower():
        return
    whole = f"{old} {new.rpartition(' > ')[2]}"
    for d in (*before, *drafts):
        d.service = whole if d.service in (old, new) else d.service


def _in_place(table: Table, other: Table) -> bool:
    """Whether two tables have as many columns and begin and end at the same place across the page."""
    return (
        table.n_cols == other.n_cols
        and abs(table.box.x0 - other.box.x0) < 12
        and abs(table.box.x1 - other.box.x1) < 12
    )


def _is_banded(table: Table) -> bool:
    """Whether the first row is one cell over the whole width."""
    first = [c for c in table.row(0) if c.words]
    return len(first) == 1 and first[0].col1 - first[0].col0 == table.n_cols


def _rows_are_named(table: Table, header: Header) -> bool:
    """Whether the first cells of the rows say what they hold (Actual, Target, RAG, Reason)."""
    names = [c.text for c in table.cells if c.col0 == 0 and c.row0 >= header.first + header.rows and c.words]
    named = ("current", "target", "rag", "ytd", "direction")
    return any(cell_role(n)[0] in named or is_section_phrase(n) for n in names)


def _is_only_led(draft: Draft) -> bool:
    """Whether an item opened by a heading has nothing but an owner: a heading over a list, with who leads it."""
    return (
        draft.source == "item"
        and draft.opened
        and bool(draft.owners)
        and not (draft.figures or draft.status or draft.target or draft.direction or draft.ref)
    )

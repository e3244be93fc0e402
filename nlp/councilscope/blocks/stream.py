"""The reading order walked once: headings, labels, tables and paragraphs become drafts and loose commentary."""

from __future__ import annotations

import re
from itertools import pairwise

from councilscope.blocks.beside import bare_label, parted, value_beside
from councilscope.blocks.callouts import is_figure
from councilscope.blocks.cards import boxes_of_counts, cards_in_rows, find_cards, with_cells
from councilscope.blocks.columns import find_header
from councilscope.blocks.draft import (
    LETTERED,
    Draft,
    better,
    is_code,
    norm_ref,
    norm_title,
    owners_of,
    split_ref,
)
from councilscope.blocks.forms import is_facing, set_field
from councilscope.blocks.headings import STATUS_HEADING, group_status
from councilscope.blocks.items import GROUP_LINE, Found, Loose, style_of
from councilscope.blocks.labels import (
    field_label,
    section_label,
    title_of,
    unknown_label,
)
from councilscope.blocks.legends import (
    is_counts,
    is_key,
    is_marked,
    learn_key,
    learn_key_icons,
    learn_key_line,
    swatch_lists,
)
from councilscope.blocks.margins import titles_first
from councilscope.blocks.pills import learn_pill
from councilscope.blocks.row_figures import RowContext
from councilscope.blocks.starts import Starts
from councilscope.blocks.stitched import stitch
from councilscope.blocks.titles import apart
from councilscope.layout import Element, Laid
from councilscope.lexicon import (
    COLOUR_WORD,
    fold,
    header_role,
    is_section_phrase,
    section_guess,
    section_of,
    starts_with,
    title_label,
)
from councilscope.page import Line
from councilscope.records import Period
from councilscope.status import (
    Evidence,
    colour_rag,
    exact_rag,
    read_direction,
    read_status,
    word_direction,
    word_rag,
)
from councilscope.tables import Table
from councilscope.text import Paragraph, text_map
from councilscope.values import (
    is_blank,
    is_not_available,
    looks_like_period,
    parse_target,
)

# A heading that asks about the item above it: "What did we do?"
QUESTION = re.compile(r"^(?:what|why|how|when|who|where|is|are|do|does|did|will)\b.{3,80}\?$", re.IGNORECASE)


LABEL_WITH_CODE = re.compile(r"(?:[A-Za-z]+ ){1,4}(?P<ref>[A-Z]{1,4}[ -]?\d{1,3}[a-z]?)")
AGAIN = re.compile(r"^(?:[A-Z][\w' -]{2,30}(?::| [-–—]) (\S.{8,})|(\S.{8,}?) \(cont\w*[.'’]*\w*\))$")


FOOTNOTE = "*†‡§¹²³⁴⁵⁶⁷⁸⁹"  # what a footnote begins with


class Walk(Starts):
    """The walk itself: what each paragraph is, by its words, its type and its place."""

    def walk(self) -> Found:
        self.read_paragraph = self._paragraph
        self.start = self._start
        elements, self.margins = titles_first(self.laid)
        self.laid.elements = stitch(elements)
        self._learn_keys()
        self._learn_titles()
        self.item_headings |= self.margins.titles
        counts = boxes_of_counts(self.laid, self.found.key)
        cards = find_cards(self.laid, RowContext([], self.report, self.found.key, -1))
        listed = self._listed()
        in_rows = cards_in_rows(self.laid, RowContext([], self.report, self.found.key, -1), listed)
        self.first = {e.page: id(e) for e in reversed(self.laid.elements)}
        self.after = {id(e): n for e, n in pairwise(self.laid.elements)}
        for e in self.laid.elements:
            if e.boxed in counts:
                continue
            if e.boxed in cards:
                self._card(cards[e.boxed])
                continue
            if e.table is not None and id(e.table) in in_rows:
                self._flush()
                for draft in in_rows[id(e.table)]:
                    self._card(draft)
                continue
            if e.table is not None:
                self._table(e, e.table)
            elif e.paragraph is not None:
                if id(e) in self.spent:
                    continue
                self.before, self.at = self.at, id(e)
                labels, left = parted(e.paragraph)
                for part in apart(left, self.found.key) if left else ():
                    self._paragraph(e, part)
                for line in labels:
                    self._beside(e, line)
        self._flush()
        for group in self.groups:
            _share_out(group)
        return self.found

    def _listed(self) -> set[int]:
        """Identities of tables with headings, and of those that go on with one: as many columns at the same place."""
        out: set[int] = set()
        before: Table | None = None
        for e in self.laid.elements:
            if e.table is None:
                continue
            goes_on = (
                before is not None
                and e.table.n_cols == before.n_cols > 2
                and abs(e.table.box.x0 - before.box.x0) < 12
                and abs(e.table.box.x1 - before.box.x1) < 12
            )
            if self.headers.get(id(e.table)) is not None or goes_on:
                out.add(id(e.table))
                before = e.table
            else:
                before = None
        return out

    def _beside(self, e: Element, line: Line) -> None:
        """A status or direction that stands to the right of its label, apart from it."""
        cell, spent = value_beside(self.laid, line, e.page, self.found.key)
        draft = self.current or self._open_item(e)
        if cell is None or draft is None:
            return
        if bare_label(line) == "rag":
            draft.status += read_status(cell, self.found.key)
        else:
            draft.direction = draft.direction or read_direction(cell, self.found.key, better(draft))
        draft.boxes += [line.box, cell.box]
        self.spent |= {id(x) for x in spent}

    def _learn_keys(self) -> None:
        under_key: int | None = None  # the page of a heading over a key
        level = 0.0  # and its level: smaller headings divide the key
        listed = swatch_lists(self.laid)
        for e in self.laid.elements:
            if e.paragraph is not None:
                text = e.paragraph.text
                if e.heading and (lettered := LETTERED.match(text)):
                    self.lettered.add(lettered.group("ref"))
                learn_key_line(text, self.found.key)
                if under_key == e.page and learn_pill(e, self.laid, self.found.key):
                    continue
                if starts_with(text, "key_start") and (e.heading or len(text.split()) <= 4):
                    under_key, level = e.page, e.level
                elif e.heading and e.level > level - 0.02:
                    under_key = None
                learn_key_icons(
                    e.paragraph, self.laid.shapes.get(e.page, []), self.laid.pictures.get(e.page, []),
                    self.found.key, under_key == e.page or id(e) in listed,
                )  # fmt: skip
            elif e.table is not None:
                under_key = None
            if e.table is None:
                continue
            header = None if is_facing(e.table) else find_header(e.table, self.report)
            self.headers[id(e.table)] = header
            if is_key(e.table, header):
                if not is_counts(e.table, header):
                    learn_key(e.table, self.found.key)
                continue
            if header is not None:
                ref = header.index("ref")
                if ref is not None:
                    self.known_refs |= {
                        norm_ref(c.text)
                        for c in e.table.cells
                        if c.col0 == ref and c.row0 >= header.first + header.rows and c.words
                    }

    def _card(self, draft: Draft) -> None:
        if draft.placed:
            return
        draft.placed = True
        draft.kind = "risk" if self._heading_kind() == "risk" else draft.kind
        draft.service = draft.service or " > ".join(self._services([])) or None
        if self.headings:
            self.group_texts.add(norm_title(self.headings[-1][1]))
        self._status_from_heading(draft)
        self.found.drafts.append(draft)
        self.current = None
        self.open_list = None

    def _paragraph(self, e: Element, p: Paragraph) -> None:
        if id(e) in self.margins.facts and self.current is not None:
            self.stray.append(e)
            return
        if self._in_key(e):
            return
        if self.titles_follow and self._group_title(p):
            return
        if e.heading and self._heads_group(e, p):
            self._heading(e, p)
            return
        if (
            len(p.words) <= 4
            and (rag := exact_rag(p.text, self.found.key))
            and (p.text.strip() not in ("OK", "Good", "Up") or self._is_bare_title(e))
        ):
            if self.current is not None and not self.current.status and self.current.source == "item":
                self.current.title = self.current.title.rstrip(" –—-:")
                self.current.status.append(Evidence(rag, "text"))
                self.current.boxes.append(p.box)
            else:
                self.preface.append(e)
                self.band = (e.page, rag) if e.boxed is not None else None
            return
        if (
            not e.heading
            and len(p.words) <= 22
            and GROUP_LINE.match(p.text)
            and not p.text.endswith(".")
            and starts_with(re.sub(r"^[\d.]+\s+", "", p.text), "group")
            and not _names_owner(p)
        ):
            if not self._repeats_heading(p.text):
                self._heading(e, p)
            return
        if (
            e.heading
            and starts_with(re.sub(r"^[\d.]+\s+", "", p.text), "group")
            and not (title_of(p) or _names_owner(p))
        ):
            self._heading(e, p)
            return
        if id(e) in self.item_headings:
            self._start(p.text, "indicator", p)
            self.item_level = e.level
            self.title_styles.add(style_of(p))
            return
        titled = title_of(p)
        if titled and self._names_known(p, titled):
            section, heading = self.section or ("note", None)
            self.found.loose.append(Loose(section, heading, p, self.run, labelled=True))
            return
        if titled and not (e.heading and e.level > 1.5 and titled[2] == len(p.words)):
            self._titled(e, p, titled)
            return
        labelled = None if e.heading and starts_with(p.text, "key_start") else section_label(p)
        if labelled and not self._outranks(e, p, labelled):
            self._labelled(e, p, labelled)
            return
        if self._ref_start(e, p):
            return
        if self._bold_start(e, p) or self._status_start(p):
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
        if self._names_slide(e, p):
            self.over = (e.page, p.text.replace("\n", " "))
            return
        self._text(e, p)

    def _in_key(self, e: Element) -> bool:
        """Whether a line under the heading of a key explains a sign, or is a small heading over such lines."""
        _, text, at = self.headings[-1] if self.headings else (0.0, "", None)
        if at is None or at.page != e.page or self.current is not None or not starts_with(text, "key_start"):
            return False
        below = self.after.get(id(e)) if e.heading and e.level < at.level - 0.02 else e
        return below is not None and is_marked(below, self.laid)

    def _heads_group(self, e: Element, p: Paragraph) -> bool:
        """Whether a heading gives the status of what stands under it: a table or further headings, no text of an item."""
        if not group_status(p.text, self.found.key) or (section_label(p) and self.current is not None):
            return False
        if self.current is not None and self.item_level is not None and e.level < self.item_level - 0.01:
            return False
        below = self.after.get(id(e))
        return below is not None and (
            below.table is not None or (below.heading and below.level < e.level - 0.01)
        )

    def _repeats_heading(self, text: str) -> bool:
        """Whether a line names the service again that the last heading names ("Department: Housing" under "Housing")."""
        named = norm_title(re.sub(r"^[^:–—]*[:–—]\s+", "", text))
        return self.current is None and named == norm_title(self._last_heading() or "")

    def _is_bare_title(self, e: Element) -> bool:
        """Whether a heading goes on with the one before it, which has just opened an item."""
        return e.heading and self.before in self.item_headings and self.current is not None

    def _is_bare_item(self) -> bool:
        """Whether a heading has opened an item that has neither target, figures nor commentary yet."""
        c = self.current
        return c is not None and c.source == "item" and not (c.target or c.figures or c.notes)

    def _names_known(self, p: Paragraph, titled: tuple[str, str, int]) -> bool:
        """Whether a sentence begins with the number of an item that a list holds ("Milestone 1.3: the crews ...")."""
        number = re.search(r"([A-Z]{0,3}\d{1,3}(?:\.\d{1,3})*[a-z]?):?$", titled[1])
        known = number is not None and norm_ref(number.group(1)) in self.known_refs
        known = (
            known or norm_ref(titled[1]) in self.known_refs
        )  # "KPI 017a: ...", where KPI is part of the number
        return known and p.bold_prefix == 0 and p.text.endswith(".") and len(p.words) - titled[2] >= 4

    def _outranks(self, e: Element, p: Paragraph, labelled: tuple[str, str, int]) -> bool:
        """Whether a would-be label is a heading as high as the title it would belong to, or as a service's."""
        if not e.heading or labelled[2] < len(p.words) or p.text.endswith((":", "?")):
            return False
        if e.boxed is not None and is_section_phrase(p.text):
            return False  # a box of commentary on a slide, in larger type than the title
        if self.current is not None:
            if self.item_level is None:  # an item of a table: a heading that comes once, set like a service's
                return self.heading_count[fold(p.text)] == 1 and any(
                    h[2].paragraph is not None and style_of(h[2].paragraph) == style_of(p)
                    for h in self.headings
                )
            return e.level > self.item_level - 0.01 and style_of(p) not in self.label_styles
        comes_again = self.heading_count[fold(p.text)] > 1
        if style_of(p) in self.label_styles or (
            self.open_list is not None and comes_again and is_section_phrase(p.text)
        ):
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
        if rest and fold(titled[1]) == "milestone" and self._is_bare_item():
            assert self.current is not None  # "Milestone: report by December" under a title: its target
            self.current.kind = "action"
            self.current.target = parse_target(text_map([p], n).text)
            self.current.boxes.append(p.box)
            return
        if (
            rest
            and fold(titled[1].rstrip(": ")) == "milestone"
            and self.current is None
            and self._open_item(e)
        ):
            self._titled(e, p, titled)
            return
        self.group = []
        if not rest:
            self.titles_follow = kind
            self.current = None
            return
        text = text_map([p], n).text
        number = re.search(r"([A-Z]{0,3}\d{1,3}(?:\.\d{1,3})*[a-z]?):?$", titled[1])
        titles = (
            re.split(r"\s+&\s+(?=[A-Z%])|;\s+(?=[A-Z%])", text) if fold(titled[1]).endswith("s") else [text]
        )
        for k, title in enumerate(titles):
            draft = self._start(title, kind, p, new_group=k == 0)
            if (
                number
                and draft.ref is None
                and (norm_ref(number.group(1)) in self.known_refs or "." in number.group(1))
            ):
                draft.ref = number.group(1)
            if len(titles) > 1:
                self.group.append(draft)

    def _labelled(self, e: Element, p: Paragraph, labelled: tuple[str, str, int]) -> None:
        section, heading, n = labelled
        self._flush()
        self.titles_follow = None
        self.run += 1
        if self.current is None:
            self._open_item(e, own=section in ("issue", "reason") and n < len(p.words))
        if n == len(p.words) and (self.current is not None or self.open_list is not None):
            self.label_styles.add(style_of(p))
        self.section = (section, heading)
        said = STATUS_HEADING.search(heading) or re.search(
            rf"\b(?P<c>{COLOUR_WORD})\b", heading, re.IGNORECASE
        )
        if self.current is not None and said and not self.current.status:
            self._status_said(self.current, said)
        if (
            self.current is not None
            and self.current.source == "item"
            and section == "reason"
            and re.search(r"(?i)\brisk\b", heading)
        ):
            self.current.kind = "risk"
        if n < len(p.words):
            self._add(section, heading, p, n)

    def _status_said(self, draft: Draft, said: re.Match[str]) -> None:
        word = next((g for g in said.groupdict().values() if g), None)
        rag = word_rag(word) if word else None
        if rag:
            draft.status.append(Evidence(rag, "heading"))

    def _fields(self, e: Element, p: Paragraph, fields: list[tuple[str, str]]) -> bool:
        known = with_cells(fields, p, self._ground(e))
        if not known:
            return False
        if self.current is None and (
            len(known) < 2
            and known[0][0] not in ("target", "rag", "current", "owner", "polarity", "direction")
        ):
            return False
        if self.current is None:
            self._open_item(e)
        if self.current is None:
            self.lead = [o for role, v, _ in known if role == "owner" for o in owners_of(v)] or self.lead
            return False
        ctx = RowContext([], self.report, self.found.key, -1)
        self._dated(self.current, {role for role, _, _ in known})
        done = False
        for role, value, cell in known:
            for draft in self.group if len(self.group) > 1 else [self.current]:
                done = set_field(draft, role, role, value, cell, ctx) or done
                if role == "rag" and not draft.status and (ground := colour_rag(e.fill, self.found.key)):
                    draft.status.append(Evidence(ground, "colour"))
                    done = True
        if done:
            self.current.boxes.append(p.box)
        return done

    def _dated(self, draft: Draft, roles: set[str]) -> None:
        """An item of prose that is due on a day and has neither target nor figures is an action."""
        measured = any(r.startswith("period:") or r in ("target", "current", "polarity") for r in roles)
        if "due" in roles and not (measured or draft.figures or draft.target) and draft.kind == "indicator":
            draft.kind = "action"

    def _heading(self, e: Element, p: Paragraph) -> None:
        text = p.text.replace("\n", " ").strip()
        numbered = re.match(r"\d{1,2} [A-Z]", text)  # "3 Strategic risks" is no figure
        if len(text.split()) <= 6 and (looks_like_period(text) or (is_figure(text) and not numbered)):
            self._text(e, p)
            return
        if is_blank(text) or is_not_available(text) or text.casefold() in ("none", "nil"):
            self._text(e, p)
            return
        if (
            is_code(text)
            and re.search(r"\d", text)
            and re.search(r"[A-Z]", text)
            and not re.search(r"[a-z]{3}", text)
        ):
            self.code = text
            return
        if (coded := LABEL_WITH_CODE.fullmatch(text)) and (kind := title_label(text)):
            self._flush()
            while self.headings and self.headings[-1][0] <= e.level + 0.02:
                self.headings.pop()
            self.current = self.section = None
            self.code, self.coded_kind = coded.group("ref"), kind
            return
        if self.current is not None and self.current.source == "item" and QUESTION.match(text):
            self.section = (section_guess(text), text)
            self.run += 1
            return
        if (told := self._told_before(text)) is not None:
            self._start(text, told.kind, p)
            assert self.current is not None
            self.current.title, self.current.ref, self.current.service = told.title, told.ref, told.service
            self.item_level = e.level
            return
        style = style_of(p)
        below = self.current is not None and self.item_level is not None and e.level < self.item_level - 0.1
        if (
            below
            and self.current is not None
            and self.current.source == "item"
            and not starts_with(text, "group")
        ):
            self._flush()
            self.section = (section_guess(text), text)
            self.run += 1
            return
        if (
            self.current is not None
            and (self.item_level is None or e.level < self.item_level)
            and style in self.label_styles
            and style not in self.title_styles
            and not starts_with(text, "group")
        ):
            self.section = (section_guess(text), text)
            self.run += 1
            return
        if re.fullmatch(r"\d+(?:\.\d+)*\.?", text):
            return
        same = [k for k, h in enumerate(self.headings) if norm_title(h[1]) == norm_title(text)]
        if same:
            del self.headings[same[0] :]
        self._flush()
        while self.headings and (
            self.headings[-1][0] <= e.level + 0.02 or self.headings[-1][2].page < e.page - 3
        ):
            self.headings.pop()
        close = (
            self.dropped is not None
            and self.dropped[2].page == e.page
            and not self.preface
            and self.current is None
        )
        self.kicker = (
            self.dropped[1] if close and self.dropped is not None and self.dropped[0] <= e.level else None
        )
        self.kicker = self.kicker or self._over_title(e.page)
        self.lead = []
        self.headings.append((e.level, text, e))
        self.dropped = self.headings[-1]
        self.current = None
        self.section = None
        self.group = []
        self.preface = []
        self.heading_open = True
        self.titles_follow = None
        self.run += 1
        if self.open_list is not None and _heads_commentary(text):
            self.section = (section_guess(text), text)
            self.heading_open = False

    def _is_chart_text(self, p: Paragraph) -> bool:
        """Whether a paragraph is a mark on a chart's axis or a caption: smaller than the text, and no sentence."""
        small = p.size < 0.85 * self.laid.body_size
        return small and len(p.words) <= 10 and p.text[-1:] not in ".!?:" and not p.bullet

    def _is_footnote(self, p: Paragraph) -> bool:
        """Whether a paragraph stands in smaller type behind a mark: "* Excludes cases ..."."""
        marks = "".join(w.text for w in p.marker) or p.words[0].text
        return p.size < 0.92 * self.laid.body_size and marks[:1] in FOOTNOTE

    def _told_before(self, text: str) -> Draft | None:
        """The item whose title a heading tells again after other words: "In focus: Rent collected", "... (continued)"."""
        m = AGAIN.match(text)
        title = norm_title(next(g for g in m.groups() if g)) if m else ""
        found = [d for d in self.found.drafts if norm_title(d.title) == title] if title else []
        return found[0] if len(found) == 1 else None

    def _names_slide(self, e: Element, p: Paragraph) -> bool:
        """Whether a short line at the top of a page, right above a heading, names the service of what follows."""
        below = self.after.get(id(e))
        return (
            self.first.get(e.page) == id(e)
            and below is not None
            and below.page == e.page
            and below.heading
            and 0 <= below.box.y0 - e.box.y1 < 1.5 * p.size
            and abs(below.box.x0 - e.box.x0) < 4
            and len(p.words) <= 8
            and p.text[:1].isupper()
            and p.text[-1:] not in ".,;:?!"
            and not re.search(r"\d", p.text)
            and not self._names_report(p.text)
        )

    def _text(self, e: Element, p: Paragraph) -> None:
        if (
            self.current is not None
            and self.current.source == "item"
            and self.section is None
            and _is_call_out(p)
        ):
            self.stray.append(e)
            return
        if self.section is None and self._is_chart_text(p):
            return
        if self.current is not None and (self.section is not None or self.current.source != "list"):
            section, heading = self.section or ("note", None)
            if not self._is_footnote(p):
                self._add(section, heading, p)
            return
        if self.section is not None and self._is_chart_text(p):
            return
        self.preface.append(e)
        section, heading = self.section or ("note", None)
        if self.section is None and p.size < 0.88 * self.laid.body_size and split_ref(p.text)[0] is None:
            return  # a footnote
        self.found.loose.append(
            Loose(
                section, heading, p, self.run, labelled=self.section is not None, under=self._last_heading()
            )
        )


def _names_owner(p: Paragraph) -> bool:
    """Whether a line says who leads ("Service lead: Ann Other, Head of Streets"), and nothing else."""
    return [role for role, _ in field_label(p)] == ["owner"]


def _heads_commentary(text: str) -> bool:
    """Whether a heading stands over commentary on the list before it ("Commentary on the measures above")."""
    named = is_section_phrase(text) or re.match(r"(?i)(?:\w+ ){0,2}(?:commentary|comments|narrative)\b", text)
    return bool(named) and len(text.split()) <= 8 and section_of(text) is not None


def _is_call_out(p: Paragraph) -> bool:
    """Whether a text is a figure, a period or a role by itself, or an arrow with a word."""
    text = p.text
    if len(p.words) > 6:
        return False
    role = header_role(text)
    return (
        is_figure(text)
        or looks_like_period(text)
        or bool(role and role[1] >= 0.99)
        or bool(word_direction(text))
    )


def _share_out(group: list[Draft]) -> None:
    """Several titles over one list of as many items: each title gets the item that stands at its place."""
    for k in range(len(group[0].notes)):
        parts = group[0].notes[k].parts
        if (
            len(parts) == len(group)
            and sum(1 for p in parts if p.bullet or p.number) >= len(group) - 1
            and len(group) > 1
        ):
            for i, d in enumerate(group):
                if k < len(d.notes) and len(d.notes[k].parts) == len(group):
                    d.notes[k].parts = [parts[i]]


def walk(laid: Laid, report: Period | None, title: str | None = None) -> Found:
    """Drafts, loose commentary, the report's key and warnings of a laid-out document."""
    return Walk(laid, report, title).walk()

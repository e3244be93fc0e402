"""The state of the walk through a report, and how an item is opened by the heading above it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from councilscope.blocks.callouts import call_outs, is_figure
from councilscope.blocks.cards import Ground, with_cells
from councilscope.blocks.columns import Header
from councilscope.blocks.draft import Draft, better, is_code, norm_ref, norm_title, split_ref
from councilscope.blocks.forms import set_field
from councilscope.blocks.headings import STATUS_HEADING, group_status, status_apart, status_at_end
from councilscope.blocks.labels import field_label, said_in
from councilscope.blocks.margins import Margins
from councilscope.blocks.pills import is_within, pill
from councilscope.blocks.row_figures import RowContext, read_figure
from councilscope.blocks.sheets import Part
from councilscope.geometry import Box, overlap_1d
from councilscope.layout import Element, Laid
from councilscope.lexicon import fold, header_role, is_one_of, names_kind, names_list, starts_with
from councilscope.page import Shape
from councilscope.records import Owner, Period, Warning
from councilscope.status import (
    Evidence,
    Key,
    arrow_turn,
    colour_rag,
    icon_rags,
    shape_direction,
    word_direction,
    word_rag,
)
from councilscope.tables import Table
from councilscope.text import Paragraph
from councilscope.values import (
    looks_like_period,
    own_label,
    parse_figure,
    parse_period,
    parse_target,
    period_in,
)

GROUP_LINE = re.compile(
    r"^(?:\d{1,2}(?:\.\d{1,2})*\.?\s+)?[A-Z][\w-]+(?: [a-z]+)?(?: \w{1,3})?\s*[:–—-]\s+\S"
)
CODED_GROUP = re.compile(
    r"^(?:[A-Za-z-]+ ){1,4}([A-Z]{0,2}\d{0,2}(?:\.\d{1,2})*)\s*[:–—-]\s+(\S.*)$", re.DOTALL
)
COUNCIL_NAME = re.compile(r"(?:^|(?!Our |Your |The |An? )[A-Z][\w'’-]+ )(?:Council|COUNCIL)[.:]?$")
Style = tuple[int, bool, bool, tuple[float, ...], bool, bool]


@dataclass
class Loose:
    """Commentary that no open item takes: it may name its items by number."""

    section: str
    heading: str | None
    paragraph: Paragraph
    run: int  # paragraphs with one run number stand under the same heading
    labelled: bool = False
    under: str | None = None  # the heading above it
    skip: int = 0  # words at its start that only say which item it belongs to


@dataclass
class Found:
    """What the walk yields."""

    drafts: list[Draft] = field(default_factory=list)
    loose: list[Loose] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    key: Key = field(default_factory=Key)
    set_aside: set[int] = field(default_factory=set)  # identities of the tables read as keys or counts


def style_of(p: Paragraph) -> Style:
    """Type size, weight, colour and capitals of a paragraph's first word: what makes labels look alike."""
    w = p.words[0]
    return (
        round(w.size),
        w.bold,
        w.italic,
        tuple(round(c, 1) for c in w.colour),
        p.text.isupper(),
        bool(re.match(r"\d", p.words[0].text)),
    )


class Items:
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
        self.code: str | None = None  # a ref that stood alone, above the title it belongs to
        self.coded_kind: str | None = None  # and what its line called it ("Corporate risk CR2")
        self.band: tuple[int, str] | None = None  # a status on a band above the title it belongs to
        self.last_start: Draft | None = None
        self.kicker: str | None = None
        self.over: tuple[int, str] | None = None  # page and text of a line right above the title of a slide
        self.lead: list[Owner] = []  # who a line under the last heading says leads all that stands under it
        self.dropped: tuple[float, str, Element] | None = None
        self.stray: list[Element] = []
        self.title = norm_title(title) if title else ""
        self.running = _on_most_pages(laid)
        self.running_services = {
            page: text
            for page, text in laid.running
            if fold(text) not in self.running and not re.search(r"\d", text) and not self._names_report(text)
        }
        self.heading_count = Counter(
            fold(e.paragraph.text) for e in laid.elements if e.heading and e.paragraph is not None
        )
        self.group_texts: set[str] = {norm_title(title)} if title else set()
        self.open_list: tuple[Table, Header, int, RowContext] | None = None
        self.read_paragraph: Callable[[Element, Paragraph], None] = lambda e, p: None
        self.start: Callable[[str, str, Paragraph], Draft] | None = None
        self.tables = 0
        self.parts: list[Part] = []  # the lists read, page by page
        self.side: tuple[Table, Header] | None = None  # the last table read as further columns of a list
        self.headers: dict[int, Header | None] = {}  # by the identity of the table
        self.run = 0
        self.groups: list[list[Draft]] = []
        self.item_level: float | None = None
        self.heading_open = False
        self.known_refs: set[str] = set()
        self.lettered: set[str] = set()  # what headings begin with and might be a ref, such as "A3"
        self.item_headings: set[int] = set()  # identities of the elements that name an item beyond doubt
        self.spent: set[int] = set()  # identities of elements that were read with the label beside them
        self.before = self.at = 0  # identities of the last two paragraphs walked
        self.margins = Margins()
        self.statuses_in_titles = False  # whether several titles end with a status

    def _flush(self) -> None:
        """Short texts that came between a title and its first heading: call-outs of the item that is open."""
        stray, self.stray = self.stray, []
        if stray and self.current is not None:
            self._preface(self.current, stray)

    def warn(self, code: str, page: int, message: str) -> None:
        self.found.warnings.append(Warning(code=code, page=page, message=message))

    def _context(self, service: list[str]) -> RowContext:
        self.tables += 1
        return RowContext(
            service, self.report, self.found.key, self.tables, self._heading_status(), warn=self.warn
        )

    # --- opening an item by the heading above -----------------------------------------------------------

    def _last_heading(self) -> str | None:
        return self.headings[-1][1] if self.headings else None

    def _open_item(self, e: Element, own: bool = False) -> Draft | None:
        """An item whose title is the nearest heading, unless that heading stands over groups or lists.

        `own`: what follows can only belong to one item ("Issue: ..." right below), so that a heading that names
        its group with a code ("Priority G: Communications") is the item of that code.
        """
        if not self.headings or not self.heading_open:
            return None
        level, text, at = self.headings[-1]
        if (
            looks_like_period(re.sub(r"\(.*?\)", "", text))
            or norm_title(text) in self.group_texts
            or starts_with(text, "not_blocks")
            or starts_with(text, "key_start")
            or is_one_of(text, "not_titles")
            or (starts_with(text, "group") and not (own and CODED_GROUP.match(text)))
            or self._says_status(text)
            or self._names_report(text)
        ):
            return None
        if e.page - at.page > 1:
            return None
        assert at.paragraph is not None
        preface, self.preface = self.preface, []
        if own and starts_with(text, "group") and (coded := CODED_GROUP.match(text)):
            self.code, text = coded.group(1) or None, coded.group(2)
        ref, title = split_ref(text)
        if ref is None or (re.fullmatch(r"[\d.]+", ref) and norm_ref(ref) not in self.known_refs):
            ref, title = split_ref(re.sub(r"^\d{1,2}(?:\.\d{1,2})*\.?\s+(?=\S)", "", text))
        draft = Draft(
            title=re.sub(r"^\d{1,2}[.)]?\s+(?=[A-Z])", "", title),
            ref=ref,
            source="item",
            page=at.page,
            opened=True,
        )
        draft.ref, kind = draft.ref or self.code, self.coded_kind
        self.code = self.coded_kind = None
        draft.service = (
            self.kicker or " > ".join(t for _, t, _ in self._service_headings(self.headings[:-1])) or None
        )
        above, self.headings = self.headings, self.headings[:-1]
        draft.kind = kind or self._heading_kind()
        self.headings = above
        draft.boxes.append(at.box)
        self.title_styles.add(style_of(at.paragraph))
        self._status_from_heading(draft)
        self._status_in_title(draft, at.paragraph)
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
        pairs = call_outs(elements)
        figures = {figure for _, figure in pairs}
        for period, value in pairs:
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
            if draft.ref is None and _is_ref(text):
                draft.ref = text.strip("()[]")
                taken.append(p)
                draft.boxes.append(p.box)
                continue
            if text in figures or (pairs and is_figure(text)):
                taken.append(p)
                draft.boxes.append(p.box)
                continue
            fields = with_cells(field_label(p), p, self._ground(e))
            for name, said, cell in fields:
                set_field(draft, name, name, said, cell, ctx)
            if len(text.split()) <= 3 and (rag := word_rag(text, self.found.key)) and not draft.status:
                draft.status.append(Evidence(rag, "text"))
            elif not draft.status and text not in figures and not looks_like_period(text):
                ground = colour_rag(pill(e, self.laid), self.found.key)
                draft.status += [Evidence(ground, "colour")] if ground and ground != "grey" else []
            if len(text.split()) <= 40:
                had = len(draft.figures)
                self._said(draft, text)
                if draft.service is None and len(draft.figures) > had:
                    draft.service = _service_before_figures(text)
            if len(text.split()) <= 12:
                self._call_out(draft, text)
                if not fields:  # "Same quarter last year: 21,571" tells of no direction
                    moved = word_direction(re.sub(r"(?i)direction of travel:?", "", text))
                    draft.direction = draft.direction or moved
                taken.append(p)
                draft.boxes.append(p.box)
            elif text.rstrip().endswith(".") and not p.words[0].italic:
                draft.note("note", None, [p])
                taken.append(p)
            if e.boxed is not None:
                frame = self.laid.boxes.get(e.boxed)
                near = [
                    s
                    for s in self.laid.shapes.get(e.page, [])
                    if e.box.y0 - 12 <= s.box.cy <= e.box.y1 + 12
                    and (frame is None or frame.x0 <= s.box.cx <= frame.x1)
                ]
                self._icons_from(draft, near)
        gone = {id(p) for p in taken}
        self.found.loose = [x for x in self.found.loose if id(x.paragraph) not in gone]

    def _ground(self, e: Element) -> Ground:
        """What is drawn to the right of a line, up to the next text."""
        beside = (
            o.box.x0
            for o in self.laid.elements
            if o.page == e.page and o.box.x0 > e.box.x1 and o.box.y0 < e.box.y1 and e.box.y0 < o.box.y1
        )
        right = min(beside, default=self.laid.sizes[e.page][0])
        frame = Box(e.page, e.box.x0, e.box.y0, right, e.box.y1)
        drawn = self.laid
        return Ground(
            frame, drawn.shapes.get(e.page, []), drawn.pictures.get(e.page, []), drawn.fills.get(e.page, [])
        )

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

    def _service_headings(
        self, headings: list[tuple[float, str, Element]]
    ) -> list[tuple[float, str, Element]]:
        headings = [h for h in headings if not (self._says_status(h[1]) or names_kind(h[1]))]
        named = [
            h
            for h in headings
            if (starts_with(h[1], "group") or _is_band(h[2])) and not self._names_report(h[1])
        ]
        if named:
            return named[-2:]
        above = next((h for h in reversed(headings) if not names_list(h[1])), None)
        for h in (above, *headings[-1:]):
            if h is not None and not self._names_report(h[1]):
                return [h]
        return []

    def _names_report(self, text: str) -> bool:
        """Whether a heading is the report's title, its council's name, its period or a part of the paper."""
        words = text.split()
        return (
            norm_title(text) == self.title
            or (len(words) >= 2 and any(fold(text) in line for line in self.running))  # as on every page
            or starts_with(text, "not_blocks")
            or is_one_of(text, "not_titles")
            or (len(words) <= 8 and bool(COUNCIL_NAME.search(text)))
            or looks_like_period(text)
            or (bool(re.search(r"\breport\b", text, re.IGNORECASE)) and period_in(text) is not None)
            or bool(
                re.search(
                    r"\b(?:performance|monitoring|progress|scorecard) report$"
                    r"|\breport (?:to|for|of) (?:the )?(?:cabinet|council|committee|executive|scrutiny|board|portfolio)\b",
                    text,
                    re.IGNORECASE,
                )
            )
        )

    def _services(self, lead: list[str]) -> list[str]:
        return [t for _, t, _ in self._service_headings(self.headings)] + lead

    def _over_title(self, page: int) -> str | None:
        """The service that a line right above the title of a slide names, or else the running line of its pages alone."""
        over, self.over = self.over, None
        if over is not None and over[0] == page:
            return over[1]
        named = self.running_services.get(page)
        return named if len(set(self.running_services.values())) > 1 else None

    def _says_status(self, text: str) -> bool:
        """Whether a heading names the status of what stands under it, so that it is neither service nor title."""
        return bool(STATUS_HEADING.search(text)) or group_status(text, self.found.key) is not None

    def _heading_status(self) -> str | None:
        for _, text, _ in reversed(self.headings):
            if self._says_status(text):
                return group_status(text, self.found.key)
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
        band, self.band = self.band, None
        if band is not None and band[0] == draft.page and not draft.status:
            draft.status.append(Evidence(band[1], "text"))  # type: ignore[arg-type]
            return
        rag = self._heading_status()
        if rag and not draft.status:
            draft.status.append(Evidence(rag, "heading"))  # type: ignore[arg-type]

    def _status_in_title(self, draft: Draft, p: Paragraph | None = None) -> None:
        """A status that a title ends with is taken off it; `p` is the paragraph that is the title and no more."""
        told = status_at_end(draft.title, self.found.key)
        if told is None and p is not None and p.text.replace("\n", " ").endswith(draft.title):
            told = status_apart(p, self.found.key)
            if told is not None:
                said = len(p.text.split()) - len(told[0].split())
                told = (" ".join(draft.title.split()[:-said]).rstrip(" –—-:("), *told[1:])
        if told is None or not (told[2] or self.statuses_in_titles):
            return
        draft.title = told[0]
        draft.status = [Evidence(told[1], "text")]

    def _icons(self, draft: Draft, p: Paragraph) -> None:
        """Icons that stand beside a title."""
        line = p.box
        near = [
            s
            for s in self.laid.shapes.get(line.page, [])
            if overlap_1d(line.y0 - 3, line.y1 + 3, s.box.y0, s.box.y1) > 0.5 * s.box.height
            and max(s.box.width, s.box.height) > 5
        ]
        pictures = [
            q
            for q in self.laid.pictures.get(line.page, [])
            if line.y0 - 3 <= q.box.cy <= line.y1 + 3 and q.colour
        ]
        self._icons_from(draft, near)
        if not any(x.shown_as == "icon" for x in draft.status):
            for rag in icon_rags([], pictures, self.found.key)[:1]:
                draft.status.insert(0, Evidence(rag, "icon"))

    def _icons_from(self, draft: Draft, near: list[Shape]) -> None:
        near = [s for s in near if not any(is_within(s, o) for o in near)]
        dots = [s for s in near if not arrow_turn(s)]
        for rag in icon_rags(dots, [], self.found.key)[:1]:
            if rag != "grey" and not any(x.shown_as == "icon" for x in draft.status):
                draft.status.insert(0, Evidence(rag, "icon"))
        if draft.direction is None:
            draft.direction = shape_direction(near, self.found.key, better(draft))


def _on_most_pages(laid: Laid) -> list[str]:
    """Folded running lines that stand on more than half of the pages."""
    pages: dict[str, set[int]] = {}
    for page, text in laid.running:
        pages.setdefault(fold(text), set()).add(page)
    return [text for text, on in pages.items() if len(on) > 0.5 * max(len(laid.sizes), 1) and len(on) > 1]


def _service_before_figures(text: str) -> str | None:
    """The service that a line of facts begins with: "Adult Social Care. Quarter 3: 2.1% (target 4.5%)."."""
    m = re.match(r"([A-Z][A-Za-z,&’' -]{2,60}?)(?:\.| [|·•–—]|;) (?=\S)", text)
    if m is None or len(m.group(1).split()) > 7:
        return None
    small = {"and", "of", "the", "for", "in", "to", "with", "&", "–", "-"}
    named = all(w in small or w[:1].isupper() for w in m.group(1).split())
    return m.group(1).strip() if named and header_role(m.group(1)) is None else None


def _is_band(e: Element) -> bool:
    """Whether a heading stands on a dark band."""
    return e.fill is not None and sum(e.fill) / 3 < 0.62


def _is_ref(text: str) -> bool:
    """Whether a line is a ref by itself ("ECI 104")."""
    return is_code(text) and bool(re.search(r"[A-Z].*\d", text)) and not looks_like_period(text)

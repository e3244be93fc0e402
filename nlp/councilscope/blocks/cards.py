"""Cards: boxes beside each other, each with a title, a large figure, a target, an arrow and a coloured bar or dot."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from councilscope.blocks.beside import painted_beside, rated
from councilscope.blocks.callouts import is_figure, paired
from councilscope.blocks.draft import ROLE_WORDS, Draft, better, is_name, lone_code, owners_of, split_ref
from councilscope.blocks.facts import field_pairs
from councilscope.blocks.forms import set_field
from councilscope.blocks.labels import at_label, field_label, said_in, section_label
from councilscope.blocks.pills import pill
from councilscope.blocks.row_figures import RowContext, read_figure
from councilscope.geometry import Box, cluster_items, enclose, overlap_1d
from councilscope.layout import Element, Laid, box_paragraphs
from councilscope.lexicon import fold, header_role, mentions
from councilscope.page import Colour, Fill, Line, Picture, Shape
from councilscope.records import Rag
from councilscope.status import (
    Evidence,
    Key,
    arrow_meaning,
    arrow_turn,
    colour_name,
    colour_rag,
    exact_rag,
    glyph_rag,
    icon_rags,
    shape_direction,
    sign_of,
    sign_turn,
    word_direction,
    word_rag,
)
from councilscope.tables import Cell, Table
from councilscope.text import Paragraph
from councilscope.values import looks_like_period, parse_period, parse_target


def find_cards(laid: Laid, ctx: RowContext) -> dict[int | None, Draft]:
    """Drafts by the number of the box they stand in; none where fewer than two boxes of one width look like cards."""
    by_box: dict[int, list[Element]] = {}
    for e in laid.elements:
        if e.boxed is not None and e.boxed >= 0:
            by_box.setdefault(e.boxed, []).append(e)
    found: dict[int, tuple[Draft, float]] = {}
    boxes_with: Counter[str] = Counter()
    for elements in by_box.values():
        boxes_with.update({fold(e.paragraph.text) for e in elements if e.paragraph is not None})
    labels = frozenset(text for text, n in boxes_with.items() if n > 1)
    for number, elements in by_box.items():
        if _hangs_under_title(number, laid, by_box):
            continue
        draft = _card(elements, laid, ctx, labels=labels)
        if draft is not None:
            box = _frame(elements, laid)
            found[number] = (draft, box.width)
    out: dict[int | None, Draft] = {}
    for number, (draft, width) in found.items():
        twins = sum(1 for _, w in found.values() if abs(w - width) <= 0.15 * width)
        if twins >= 2:
            out[number] = draft
    return out


def boxes_of_counts(laid: Laid, key: Key) -> set[int]:
    """Numbers of boxes that hold an undrawn table of counts: names of columns, a status among them, over whole numbers."""
    by_box: dict[int, list[Line]] = {}
    for e in laid.elements:
        if e.boxed is not None and e.boxed >= 0 and e.paragraph is not None:
            by_box.setdefault(e.boxed, []).extend(e.paragraph.lines)
    out: set[int] = set()
    for number, held in by_box.items():
        texts = [(ln, " ".join(w.text for w in ln.words)) for ln in held]
        counts = [ln for ln, text in texts if re.fullmatch(r"\d{1,3}", text)]
        columns = cluster_items(counts, lambda ln: ln.box.cx, 6.0)
        heads = [text for ln, text in texts if ln.words[0].bold and len(ln.words) <= 4]
        if (
            len(columns) >= 2
            and min(map(len, columns)) >= 2
            and len({len(c) for c in columns}) == 1
            and any(word_rag(text, key) for text in heads)
            and all(len(ln.words) <= 6 for ln in held)
        ):
            out.add(number)
    return out


def _hangs_under_title(number: int, laid: Laid, by_box: dict[int, list[Element]]) -> bool:
    """Whether a box is the lower part of one whose upper part, of its width, is a heading by itself."""
    box = laid.boxes.get(number)
    if box is None:
        return False
    for other, elements in by_box.items():
        above = laid.boxes.get(other)
        if (
            above is not None
            and above.page == box.page
            and abs(above.y1 - box.y0) < 2.5
            and abs(above.x0 - box.x0) < 3
            and abs(above.x1 - box.x1) < 3
            and all(e.heading for e in elements)
            and len(elements) <= 2
        ):
            return True
    return False


def cards_in_rows(laid: Laid, ctx: RowContext, listed: Container[int] = ()) -> dict[int, list[Draft]]:
    """Drafts of grids whose rows are cards, each over one cell or several, by the identity of the table.

    `listed` holds the identities of tables that have a heading row and so are lists.
    """
    out: dict[int, list[Draft]] = {}
    for e in laid.elements:
        if e.table is None or id(e.table) in listed:
            continue
        drafts = []
        held = [r for r in range(e.table.n_rows) if any(c.words for c in e.table.row(r))]
        for r in held:
            if max(c.row1 - c.row0 for c in e.table.row(r)) != 1:
                break  # all rows are cards, or none
            parts: list[Element] = []
            for c in e.table.row(r):
                ps = box_paragraphs(list(c.words), e.page, laid.shapes.get(e.page, []))
                parts += [Element(e.page, p.box, p, None, c.fill, -1) for p in ps]
            extra = [s for c in e.table.row(r) for s in c.shapes]
            draft = _card(parts, laid, ctx, extra) if parts else None
            if draft is None:
                break
            drafts.append(draft)
        if drafts and len(drafts) == len(held) and _look_alike(drafts):
            out[id(e.table)] = drafts
    return out


def _look_alike(drafts: Sequence[Draft]) -> bool:
    return all(len(d.boxes) >= 5 for d in drafts) and all(d.figures for d in drafts)


def _frame(elements: Sequence[Element], laid: Laid) -> Box:
    """The drawn box around a card's text, or the text's own box."""
    inner = enclose(e.box for e in elements)
    around = [f.box for f in laid.fills.get(inner.page, []) if f.box.contains(inner, 2.0)]
    painted = min(around, key=lambda b: b.area) if around else inner
    drawn = laid.boxes.get(-1 if elements[0].boxed is None else elements[0].boxed)
    return (
        drawn
        if drawn is not None
        and drawn.contains(inner, 2.0)
        and not (painted.contains(drawn, 3.0) and painted.area < 1.5 * drawn.area)
        else painted
    )


def _card(
    elements: Sequence[Element],
    laid: Laid,
    ctx: RowContext,
    shapes: Sequence[Shape] = (),
    labels: frozenset[str] = frozenset(),
) -> Draft | None:
    """The draft of a box; `labels` are texts that other boxes hold as well and that so are no titles."""
    words = sum(len(e.paragraph.words) for e in elements if e.paragraph)
    if len(elements) < 3 or words > 260:
        return None
    frame = _frame(elements, laid)
    elements, rating = _without_rating(elements, laid.fills.get(frame.page, []), frame, ctx.key)
    pairs = paired(elements)
    heads = {id(p) for _, _, p in pairs}
    named = [e.paragraph for e in elements if e.paragraph and id(e.paragraph) not in heads]
    named = [p for p in named if _may_title(p, ctx) and fold(p.text) not in labels]
    if not named:
        return None
    title = next((p for p in named if p.all_bold), named[0])
    text = title.text.replace("\n", " ")
    ref, name = split_ref(text)
    draft = Draft(title=name, ref=ref, source="card", page=elements[0].page)
    draft.boxes = [e.box for e in elements]
    draft.status += [Evidence(rating, "colour")] if rating else []
    own = parse_period("current quarter", ctx.report)
    for e in elements:
        if e.table is not None:
            _panel(draft, e.table, ctx)
    for label, figure_text, _ in pairs:
        value = figure_text.text
        role = header_role(label)
        if role and role[0] in ("target", "current", "previous", "last_year", "same_last_year", "ytd"):
            set_field(draft, role[0], label, value, None, ctx)
        else:
            figure = read_figure(value, parse_period(label, ctx.report))
            if figure is not None:
                draft.figures.append(figure)
    biggest = max(
        (e.paragraph.size for e in elements if e.paragraph and is_figure(e.paragraph.text)), default=0.0
    )
    section: tuple[str, str | None] | None = None
    signs, pictures = [*shapes, *laid.shapes.get(frame.page, [])], laid.pictures.get(frame.page, [])
    for e in elements:
        p = e.paragraph
        if p is None or p is title or id(p) in heads:
            continue
        if draft.ref is None and fold(p.text) not in labels and _is_ref_of(p, title):
            draft.ref = lone_code(p.text)
            continue
        labelled = section_label(p)
        if labelled:
            section = (labelled[0], labelled[1])
            if labelled[2] < len(p.words):
                draft.note(labelled[0], labelled[1], [p], labelled[2])
            continue
        if section is not None and not field_label(p):
            draft.note(section[0], section[1], [p])
            continue
        _card_line(
            draft, p, ctx, own, biggest, Ground(frame, signs, pictures, laid.fills.get(frame.page, []))
        )
    _card_signs(draft, elements, laid, ctx, shapes)
    if not draft.status and (banner := _banner_rag(title.box, frame, laid, ctx.key)):
        draft.status.append(Evidence(banner, "colour"))
    if not draft.status:  # the arrow beside the figure is all there is
        marks = (
            w for e in elements if e.paragraph and is_figure(e.paragraph.text) for w in e.paragraph.words
        )
        shown = (r for w in marks if (r := glyph_rag(sign_of(w), w.colour, ctx.key)))
        draft.status += [Evidence(r, "icon") for r in islice(shown, 1)]
    if not (draft.figures or draft.target) or not (draft.status or draft.target or draft.direction):
        return None
    return draft


def _without_rating(
    elements: Sequence[Element], fills: Sequence[Fill], frame: Box, key: Key
) -> tuple[list[Element], Rag | None]:
    """The elements of a card less the line that is the label of a painted status, and that status."""
    out: list[Element] = []
    found: Rag | None = None
    parts = [
        replace(e, paragraph=p) for e in elements for p in (at_label(e.paragraph) if e.paragraph else [None])
    ]
    for e in parts:
        if e.paragraph is None or found:
            out.append(e)
            continue
        found, left = rated(e.paragraph, fills, frame.x1, key)
        if left is not None:
            out.append(replace(e, paragraph=left))
    return out, found


def _panel(draft: Draft, table: Table, ctx: RowContext) -> None:
    """Labels and values beside each other in a card."""
    for r in range(table.n_rows):
        label, value = (c.text for c in table.row(r))
        role = header_role(label.rstrip(": "))
        name = role[0] if role and role[1] >= 0.75 and not looks_like_period(label) else f"period:{label}"
        set_field(draft, name, label, value, None, ctx)


def _may_title(p: Paragraph, ctx: RowContext) -> bool:
    text = p.text
    return (
        len(text.split()) >= 2
        and len(text) >= 8
        and not is_figure(text)
        and not (text.endswith((".", "?")) and len(text.split()) >= 5)
        and not exact_rag(text, ctx.key)
        and not looks_like_period(text)
        and not section_label(p)
        and not field_label(p)
        and not (mentions(text, "key") and len(text.split()) <= 4 and not p.all_bold)
    )


def _is_ref_of(p: Paragraph, title: Paragraph) -> bool:
    """Whether a paragraph is a code by itself in the line above a card's title, in it or below it."""
    near = overlap_1d(p.box.y0, p.box.y1, title.box.y0 - 2 * p.size, title.box.y1 + 1.5 * p.size) > 0
    return near and lone_code(p.text) is not None


@dataclass(frozen=True)
class Ground:
    """The frame in which a line's value may stand, such as a card's, and what is drawn on its page."""

    frame: Box
    shapes: Sequence[Shape]
    pictures: Sequence[Picture]
    fills: Sequence[Fill] = ()

    def beside(self, p: Paragraph, value: str) -> Cell:
        """What stands behind the label that ends a paragraph: the words of its value, signs and pictures."""
        n = len(value.split())
        words = tuple(p.words[len(p.words) - n :])
        line = p.lines[-1].box
        x0 = words[0].box.x0 if words else line.x1
        box = Box(line.page, x0 - 1, line.y0 - 3, max(self.frame.x1, x0), line.y1 + 3)
        shapes = tuple(s for s in self.shapes if box.contains_point(s.box.cx, s.box.cy))
        pictures = tuple(q for q in self.pictures if box.contains_point(q.box.cx, q.box.cy))
        painted = None if value else painted_beside(p.lines[-1], self.fills, box.x1)
        return Cell(0, 1, 0, 1, box, words, painted, shapes, pictures)


def with_cells(
    pairs: Sequence[tuple[str, str]], p: Paragraph, ground: Ground
) -> list[tuple[str, str, Cell | None]]:
    """The fields of a line that have a value, the last with what stands behind its label: a sign may be all of it."""
    out: list[tuple[str, str, Cell | None]] = []
    for k, (role, value) in enumerate(pairs, start=1):
        cell = ground.beside(p, value) if k == len(pairs) and role in ("rag", "direction") else None
        if value or (cell is not None and (cell.shapes or cell.pictures or (cell.fill and role == "rag"))):
            out.append((role, value, cell))
    return out


def _shows_movement(turn: str, tone: Colour | None, key: Key) -> bool:
    """Whether an arrow beside a figure moves with its colour (green up, red down), so that it is not a warning sign."""
    told = key.arrow(turn, tone) is not None
    return told or (turn, colour_name(tone)) in (("up", "green"), ("down", "red"))


def _card_line(
    draft: Draft, p: Paragraph, ctx: RowContext, own: str | None, biggest: float, ground: Ground
) -> None:
    text = p.text.replace("\n", " ")
    bare = " ".join(
        w.text
        for w in p.words
        if not sign_turn(sign_of(w))
        and len(sign_of(w)) > 0
        and glyph_rag(sign_of(w), w.colour, ctx.key) is None
    )
    pieces = [x for x in re.split(r"\s+[·|•]\s+", text) if x]
    if len(pieces) > 1:
        for piece in pieces:
            found = field_pairs(piece)
            for name, value in found:
                set_field(draft, name, name, value, None, ctx)
            if not found:
                draft.direction = draft.direction or word_direction(piece)
        return
    pairs = field_label(p)
    if pairs:
        for role, value, cell in with_cells(pairs, p, ground):
            set_field(draft, role, role, value, cell, ctx)
        return
    turn, tone = next(
        ((t, w.colour) for w in p.words if len(w.text) <= 2 and (t := sign_turn(sign_of(w)))), (None, None)
    )
    rag = word_rag(bare, ctx.key) if bare else None
    moves = turn is not None and is_figure(text) and _shows_movement(turn, tone, ctx.key)
    signs = [] if moves else [r for w in p.words if (r := glyph_rag(sign_of(w), w.colour, ctx.key))]
    if (rag or signs) and len(p.words) <= 5:
        if rag:
            draft.status.append(Evidence(rag, "text"))
        draft.status += [Evidence(r, "icon") for r in signs[:1]]
        return
    said = word_direction(bare) if len(p.words) <= 6 else None
    if (turn or said) and len(p.words) <= 6 and not is_figure(text):
        draft.direction = (
            draft.direction or said or arrow_meaning(turn or "level", tone, ctx.key, better(draft))
        )
        return
    if is_figure(text):
        if turn and draft.direction is None:  # an arrow beside the figure: "78.6% ▼"
            draft.direction = arrow_meaning(turn, tone, ctx.key, better(draft))
        if (
            p.size >= biggest - 0.1
            and not draft.status
            and (said_by := colour_rag(p.words[0].colour, ctx.key))
        ):
            draft.status.append(Evidence(said_by, "colour"))
        known = {f.text for f in draft.figures}
        if p.size >= biggest - 0.1 and text not in known and not any(f.period == own for f in draft.figures):
            figure = read_figure(text, own)
            if figure is not None:
                draft.figures.append(figure)
        return
    if re.fullmatch(r"(?i)no target.*|target not set", text) or looks_like_period(text):
        return
    stated = said_in(text)
    if stated.target and draft.target is None and len(p.words) <= 12:
        draft.target = parse_target(stated.target)
        return
    if len(p.words) <= 8 and not text.endswith((".", "!", "?")):
        if is_name(text) or ROLE_WORDS.search(text):
            draft.owners += [o for o in owners_of(text) if o not in draft.owners]
        return
    draft.note("note", None, [p])


def _card_signs(
    draft: Draft, elements: Sequence[Element], laid: Laid, ctx: RowContext, own: Sequence[Shape] = ()
) -> None:
    """Status and direction from what is drawn in a card: pill of a figure, dot, bar along an edge, ground, arrow."""
    frame = _frame(elements, laid)
    wide = frame.grow(3.0)
    shapes = [*own, *(s for s in laid.shapes.get(frame.page, []) if wide.contains_point(s.box.cx, s.box.cy))]
    pictures = [q for q in laid.pictures.get(frame.page, []) if wide.contains_point(q.box.cx, q.box.cy)]
    if draft.direction is None:
        shafts = [s for s in shapes if len(s.points) >= 7 and arrow_turn(s)]  # beside them a triangle warns
        draft.direction = shape_direction(shafts or shapes, ctx.key, better(draft))
    turned = next((q for q in pictures if q.turn), None)
    if draft.direction is None and turned is not None and turned.turn:
        draft.direction = arrow_meaning(turned.turn, turned.colour, ctx.key, better(draft))
    if draft.status:
        return
    grounds = (
        colour_rag(pill(e, laid), ctx.key)
        for e in elements
        if e.paragraph and re.search(r"\d", e.paragraph.text)
    )
    if (shown := next((r for r in grounds if r and r != "grey"), None)) is not None:
        draft.status.append(Evidence(shown, "colour"))
        return
    rag = _bar_rag(frame, laid, ctx)
    if rag:
        draft.status.append(Evidence(rag, "colour"))
        return
    for rag in icon_rags(_icons(shapes), pictures, ctx.key):
        draft.status.append(Evidence(rag, "icon"))
        return


def _bar_rag(frame: Box, laid: Laid, ctx: RowContext) -> Rag | None:
    """Status of the bar or ground in a card's frame, else of a bar that lies against it: a line under the bar ends it."""
    grey = False
    for reach in (3.0, 16.0):
        around = frame.grow(reach)
        for f in laid.fills.get(frame.page, []):
            b = f.box
            along = b.height <= 16 and overlap_1d(b.x0, b.x1, frame.x0, frame.x1) > 0.8 * frame.width
            beside = b.width <= 16 and overlap_1d(b.y0, b.y1, frame.y0, frame.y1) > 0.8 * frame.height
            if not (along or beside) or b.intersection(around) < 0.6 * b.area:
                continue
            if reach > 3.0 and b.intersection(frame.grow(1.5)) <= 0:
                continue
            rag = colour_rag(f.colour, ctx.key)
            if rag and rag != "grey":
                return rag
            grey = grey or (rag == "grey" and min(b.width, b.height) >= 3)
        if grey:
            return "grey"
    return None


def _banner_rag(title: Box, frame: Box, laid: Laid, key: Key) -> Rag | None:
    """Status of the band that is painted behind a card's title, as wide as the card; grey says it only by the key."""
    for f in laid.fills.get(frame.page, []):
        wide = overlap_1d(f.box.x0, f.box.x1, frame.x0, frame.x1) > 0.85 * frame.width
        if wide and f.box.contains(title, 3.0) and f.box.height < 0.5 * frame.height:
            rag = colour_rag(f.colour, key)
            if rag and (rag != "grey" or key.swatches or "grey" in key.colours):
                return rag
    return None


def _icons(shapes: Sequence[Shape]) -> list[Shape]:
    """The shapes of a card that may show its status: dots, diamonds, and triangles where an arrow stands beside them."""
    arrows = [s for s in shapes if arrow_turn(s) and len(s.points) >= 7]
    out = []
    for s in shapes:
        if s.curved:
            if not _has_arrow_inside(s.box, shapes):
                out.append(s)
        elif len(s.points) in (3, 4, 5) and 6 <= max(s.box.width, s.box.height) <= 30:
            even = 0.7 < s.box.width / max(s.box.height, 0.1) < 1.45
            inner = any(o is not s and o.box.contains(s.box) for o in shapes)
            if even and not inner and (arrow_turn(s) is None or arrows):
                out.append(s)
    return out


def _has_arrow_inside(ring: Box, shapes: Sequence[object]) -> bool:
    from councilscope.status import arrow_turn

    return any(arrow_turn(s) and ring.contains_point(s.box.cx, s.box.cy) for s in shapes)  # type: ignore[arg-type,attr-defined]

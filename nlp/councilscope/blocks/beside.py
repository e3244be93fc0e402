"""Values that stand apart from their label: the status or arrow to the right of "Rating:", in a box or drawn."""

from __future__ import annotations

from collections.abc import Sequence

from councilscope.geometry import enclose
from councilscope.layout import Element, Laid
from councilscope.lexicon import header_role
from councilscope.page import Colour, Fill, Line
from councilscope.records import Rag
from councilscope.status import (
    Key,
    colour_rag,
    exact_rag,
    is_sign,
    letter_rag,
    sign_of,
    sign_turn,
    word_direction,
)
from councilscope.tables import Cell
from councilscope.text import Paragraph

FAR = 220.0  # points from a label to its value at most


def bare_label(line: Line) -> str | None:
    """`rag` or `direction` where a line is such a label with its colon and nothing after it, else None."""
    text = " ".join(w.text for w in line.words)
    role = header_role(text.rstrip(": ")) if text.endswith(":") else None
    return role[0] if role and role[1] >= 0.99 and role[0] in ("rag", "direction") else None


def value_beside(laid: Laid, line: Line, page: int, key: Key) -> tuple[Cell | None, list[Element]]:
    """What stands to the right of a label on its line, as a cell, and the elements that are used up by it."""
    box = line.box
    top, foot, right = box.y0 - 0.3 * box.height, box.y1 + 0.3 * box.height, box.x1 - 1
    end = right + FAR

    def beside(x0: float, y: float) -> bool:
        return right <= x0 <= end and top <= y <= foot

    spent = [
        e
        for e in laid.elements
        if e.page == page
        and e.paragraph is not None
        and beside(e.box.x0, e.box.cy)
        and _is_value(e.paragraph, key)
    ]
    spent = sorted(spent, key=lambda e: e.box.x0)[:1]
    shapes = tuple(s for s in laid.shapes.get(page, []) if beside(s.box.x0, s.box.cy))
    pictures = tuple(q for q in laid.pictures.get(page, []) if beside(q.box.x0, q.box.cy))
    words = tuple(w for e in spent for w in (e.paragraph.words if e.paragraph else ()))
    found = [*(w.box for w in words), *(s.box for s in shapes), *(q.box for q in pictures)]
    if not found:
        return None, []
    fill = next((e.fill for e in spent if e.fill), None)
    return Cell(0, 1, 1, 2, enclose(found), words, fill, shapes, pictures), spent


def painted_beside(line: Line, fills: Sequence[Fill], right: float) -> Colour | None:
    """The colour of a field painted behind a label on its line, not beyond `right`, as in "Rating" and a green cell."""
    box = line.box
    for f in fills:
        b = f.box
        if (
            box.x1 <= b.x0 + 1
            and b.x1 <= right + 3
            and b.y0 - 1 <= box.cy <= b.y1 + 1
            and b.height < 4 * box.height
        ):
            return f.colour
    return None


def rated(p: Paragraph, fills: Sequence[Fill], right: float, key: Key) -> tuple[Rag | None, Paragraph | None]:
    """The status painted beside a line that is the label of one by itself, and the paragraph without that line."""
    for line in p.lines:
        role = header_role(" ".join(w.text for w in line.words).rstrip(": "))
        if role is None or role[1] < 0.99 or role[0] != "rag":
            continue
        if rag := colour_rag(painted_beside(line, fills, right), key):
            rest = [ln for ln in p.lines if ln is not line]
            return rag, without(p, rest) if rest else None
    return None, p


def _is_value(p: Paragraph, key: Key) -> bool:
    """Whether a short text says a status or a direction and nothing else."""
    text, signs = p.text, [sign_of(w) for w in p.words]
    if len(signs) > 5:
        return False
    plain = " ".join(s for s in signs if not (is_sign(s) or sign_turn(s)))
    if not plain:
        return True
    return bool(letter_rag(text) or exact_rag(plain, key) or word_direction(plain))


def parted(p: Paragraph) -> tuple[list[Line], Paragraph | None]:
    """The lines of a paragraph that are bare labels, and what is left of it."""
    labels = [ln for ln in p.lines if bare_label(ln)]
    if not labels:
        return [], p
    rest = [ln for ln in p.lines if ln not in labels]
    left = without(p, rest) if rest else None
    return labels, left


def without(p: Paragraph, lines: Sequence[Line]) -> Paragraph:
    """A paragraph of some of its lines."""
    kept = tuple(lines)
    return Paragraph(kept, enclose(ln.box for ln in kept), p.bullet, p.number, p.marker)

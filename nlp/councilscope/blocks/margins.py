"""Facts in a margin: the figures at the left of a title and its text are read behind that title, not before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from councilscope.blocks.callouts import is_figure
from councilscope.layout import Element, Laid
from councilscope.lexicon import section_of
from councilscope.values import looks_like_period

EVEN = 14.0  # points: the top of a title and of what stands in its margin are no further apart
FEW = 8  # words of a line in a margin at most


@dataclass
class Margins:
    """What stands in margins: identities of the titles beside them, and of the facts that they hold."""

    titles: set[int] = field(default_factory=set)
    facts: set[int] = field(default_factory=set)


def titles_first(laid: Laid) -> tuple[list[Element], Margins]:
    """The stream with each title moved before the facts at its left, where a rule parts such items or two stand alike.

    The facts of an item reach from the height of its title to the next title or rule below.
    """
    out: list[Element] = []
    found = Margins()
    pages: dict[int, list[Element]] = {}
    for e in laid.elements:
        pages.setdefault(e.page, []).append(e)
    for page, elements in pages.items():
        out += _on_page(elements, _rules(laid, page), found)
    return out, found


def _rules(laid: Laid, page: int) -> list[float]:
    """Heights of the level lines that run over most of a page."""
    boxes = (f.box for f in laid.fills.get(page, []))
    return sorted(b.cy for b in boxes if b.height < 3 and b.width > 0.7 * laid.sizes[page][0])


def _on_page(elements: list[Element], rules: Sequence[float], margins: Margins) -> list[Element]:
    found: list[tuple[int, int]] = []  # where the margin begins in the stream, and where its title stands
    ruled = False
    for at, title in enumerate(elements):
        if not _may_title(title):
            continue
        first = _margin_before(elements, at)
        if first < at:
            found.append((first, at))
            ruled = ruled or any(0 < title.box.y0 - y < 2 * EVEN for y in rules)
    if not found or not (ruled or len(found) > 1):
        return elements
    out = list(elements)
    for first, at in found:
        out[first : at + 1] = [out[at], *out[first:at]]
        margins.titles.add(id(elements[at]))
        margins.facts |= {id(e) for e in elements[first:at] if e.paragraph is not None}
    return out


def _may_title(e: Element) -> bool:
    p = e.paragraph
    if p is None or not e.heading or e.boxed is not None or len(p.words) < 2:
        return False
    return not (is_figure(p.text) or looks_like_period(p.text) or section_of(p.text))


def _margin_before(elements: Sequence[Element], at: int) -> int:
    """Where the facts in the margin of a title begin: the elements right before it, all left of it and level with it or
    lower, each a short line or a small table, a figure among them; `at` where there are none."""
    title = elements[at]
    first = at
    while first > 0 and _is_fact(elements[first - 1], title):
        first -= 1
    margin = elements[first:at]
    if len(margin) < 2 or abs(min(e.box.y0 for e in margin) - title.box.y0) > EVEN:
        return at
    told = any(e.paragraph is not None and is_figure(e.paragraph.text) for e in margin)
    after = elements[at + 1] if at + 1 < len(elements) else None
    prose = after is not None and after.paragraph is not None and abs(after.box.x0 - title.box.x0) < 4
    return first if told and prose else at


def _is_fact(e: Element, title: Element) -> bool:
    if e.box.x1 > title.box.x0 or e.box.y0 < title.box.y0 - EVEN:
        return False
    if e.table is not None:
        return e.table.n_cols <= 3 and all(len(c.words) <= FEW for c in e.table.cells)
    return e.paragraph is not None and len(e.paragraph.words) <= FEW and len(e.paragraph.lines) <= 2

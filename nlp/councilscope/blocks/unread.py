"""What of a page no item took: told page by page, so that a reader knows where to look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from councilscope.blocks.draft import Draft
from councilscope.geometry import Box
from councilscope.layout import Laid
from councilscope.lexicon import starts_with
from councilscope.page import Word
from councilscope.records import Warning

PROSE = 12  # words: a shorter paragraph outside all items is a heading or a caption
ENOUGH = 40  # words on a page that no item took and that are worth a warning


def unread_runs(laid: Laid, drafts: Iterable[Draft], keys: Iterable[int]) -> dict[int, list[list[Word]]]:
    """The words by page that belong to no item, of paragraphs and tables of 12 words or more.

    `keys`: identities of the tables that were read as keys and legends or as counts.
    """
    taken = taken_by(drafts)
    known = set(keys)
    left: dict[int, list[list[Word]]] = defaultdict(list)
    for e in laid.elements:
        words: list[Word] = []
        if e.table is not None and id(e.table) not in known:
            words = [w for c in e.table.cells for w in c.words]
        elif e.paragraph is not None and len(e.paragraph.words) >= PROSE:
            words = list(e.paragraph.words)
        free = outside(words, taken)
        if e.table is not None and len(free) < 0.7 * len(words):
            continue  # the headings of a table that was read
        words = free
        if len(words) >= PROSE and not starts_with(" ".join(w.text for w in words[:12]), "nothing"):
            left[words[0].box.page].append(words)
    return dict(left)


def taken_by(drafts: Iterable[Draft]) -> dict[int, list[Box]]:
    """The places by page that items took: their own, and the lines of their commentary."""
    taken: dict[int, list[Box]] = defaultdict(list)
    for d in drafts:
        for b in d.boxes:
            taken[b.page].append(b)
        for note in d.notes:
            for p in note.parts:
                for line in p.lines:
                    taken[line.box.page].append(line.box)
    return taken


def tell_unread(left: Mapping[int, Sequence[Sequence[Word]]]) -> list[Warning]:
    """One warning for each page with 40 words or more that belong to no item."""
    out = []
    for page, runs in sorted(left.items()):
        count = sum(len(run) for run in runs)
        if count >= ENOUGH:
            first = " ".join(w.text for w in runs[0][:8])
            out.append(
                Warning(
                    code="text_outside_items",
                    page=page,
                    message=f"{count} words belong to no indicator, the first of them: {first!r}",
                )
            )
    return out


def outside(words: Iterable[Word], taken: Mapping[int, Sequence[Box]]) -> list[Word]:
    """Words whose middle is in none of the boxes of their page. The box that holds one is tried first for the next."""
    held = list(words)
    middles = [(w.box.y0 + w.box.y1) / 2 for w in held]
    if not held:
        return []
    top, foot = min(middles), max(middles)
    near = {
        page: [b for b in taken.get(page, ()) if b.y0 - 1.0 <= foot and b.y1 + 1.0 >= top]
        for page in {w.box.page for w in held}
    }
    out: list[Word] = []
    page, x0, y0, x1, y1 = -1, 0.0, 0.0, 0.0, 0.0
    for w, y in zip(held, middles, strict=True):
        own = w.box
        x = (own.x0 + own.x1) / 2
        if own.page == page and x0 <= x <= x1 and y0 <= y <= y1:
            continue
        for b in near[own.page]:
            if b.y0 - 1.0 <= y <= b.y1 + 1.0 and b.x0 - 1.0 <= x <= b.x1 + 1.0:
                page, x0, y0, x1, y1 = b.page, b.x0 - 1.0, b.y0 - 1.0, b.x1 + 1.0, b.y1 + 1.0
                break
        else:
            out.append(w)
    return out

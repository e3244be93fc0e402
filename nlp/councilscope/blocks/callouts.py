"""Call-outs: a large figure with the period or role that stands over or under it."""

from __future__ import annotations

from collections.abc import Sequence

from councilscope.blocks.labels import field_label
from councilscope.geometry import Box, cluster_items, enclose, overlap_1d
from councilscope.layout import Element
from councilscope.lexicon import header_role
from councilscope.page import Word
from councilscope.text import Paragraph
from councilscope.values import looks_like_period, parse_figure, parse_target

NEAR = 46.0  # points between a call-out's figure and the label over or under it


def call_outs(elements: Sequence[Element]) -> list[tuple[str, str]]:
    """(label, figure) pairs of short texts: a figure with the period or role that stands over or under it."""
    return [(label, figure.text) for label, figure, _ in paired(elements)]


def paired(elements: Sequence[Element]) -> list[tuple[str, Paragraph, Paragraph]]:
    """Labels with their figures and the paragraphs that the labels come from."""
    labels: list[tuple[str, Box, Paragraph]] = []
    figures: list[Paragraph] = []
    others: list[Paragraph] = []
    for e in elements:
        p = e.paragraph
        if p is None:
            continue
        text = p.text
        if is_figure(text) or _is_bound(text):
            figures.append(p)
        elif len(text.split()) <= 5 and not field_label(p) and _is_label(text):
            labels.append((text, p.box, p))
        else:
            others.append(p)
    labels += _headings_of_rows(figures, others)
    out: list[tuple[str, Paragraph, Paragraph]] = []
    used: set[int] = set()
    for f in figures:
        best: tuple[float, float, int] | None = None
        for i, (_, box, _) in enumerate(labels):
            if i in used or overlap_1d(box.x0, box.x1, f.box.x0, f.box.x1) <= 0:
                continue
            gap = max(box.y0 - f.box.y1, f.box.y0 - box.y1, 0.0)
            apart = abs(box.cx - f.box.cx)
            if gap <= NEAR and (best is None or (gap, apart) < best[:2]):
                best = (gap, apart, i)
        if best is not None:
            used.add(best[2])
            out.append((labels[best[2]][0], f, labels[best[2]][2]))
    return out


def _is_label(text: str) -> bool:
    return looks_like_period(text) or (header_role(text) or ("", 0.0))[1] >= 0.9


def _headings_of_rows(
    figures: Sequence[Paragraph], others: Sequence[Paragraph]
) -> list[tuple[str, Box, Paragraph]]:
    """One line of words over or under three or more figures in a row, shared out to the figures nearest to them."""
    out: list[tuple[str, Box, Paragraph]] = []
    for row in cluster_items(list(figures), lambda p: p.box.cy, 3.0):
        if len(row) < 3:
            continue
        top, foot = min(p.box.y0 for p in row), max(p.box.y1 for p in row)
        for p in others:
            gap = max(p.box.y0 - foot, top - p.box.y1)
            if len(p.lines) != 1 or not -2 <= gap <= 20 or p.box.x1 < row[0].box.x0:
                continue
            groups: dict[int, list[Word]] = {}
            for w in p.words:
                nearest = min(range(len(row)), key=lambda k: abs(row[k].box.cx - w.box.cx))
                groups.setdefault(nearest, []).append(w)
            texts = [(" ".join(w.text for w in ws), enclose(w.box for w in ws)) for ws in groups.values()]
            if len(texts) >= 3 and sum(1 for t, _ in texts if _is_label(t)) >= 0.7 * len(texts):
                out += [(t, box, p) for t, box in texts]
    return out


def is_figure(text: str) -> bool:
    """Whether a text is a figure by itself, with no more than a unit."""
    f = parse_figure(text)
    return f is not None and f.value is not None and len(text.split()) <= 3 and not looks_like_period(text)


def _is_bound(text: str) -> bool:
    """Whether a text is a target by itself: a figure with a comparator ("at least 85%")."""
    target = parse_target(text) if len(text.split()) <= 5 else None
    return target is not None and target.value is not None and target.comparator is not None

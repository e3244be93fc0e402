"""One block for what a report prints twice: a bullet and a scorecard row, a summary row and a detail page."""

from __future__ import annotations

import re

from rapidfuzz.fuzz import ratio, token_sort_ratio

from councilscope.blocks.draft import Draft, norm_ref, norm_title


def merge(drafts: list[Draft]) -> list[Draft]:
    """Drafts with doublets joined; each stands where it was first, and keeps the fields of the richer printing."""
    out: list[Draft] = []
    names = {id(d): norm_title(d.title) for d in drafts}
    for d in drafts:
        twin = next((o for o in out if _same(o, d, names[id(o)], names[id(d)])), None)
        if twin is None:
            out.append(d)
        else:
            join_drafts(twin, d)
    return out


def _same(a: Draft, b: Draft, ta: str, tb: str) -> bool:
    if a.kind != b.kind and "risk" in (a.kind, b.kind):
        return False
    if a.table == b.table and a.table >= 0:
        return False
    if a.partial or b.partial:
        return bool(a.ref and b.ref) and norm_ref(a.ref or "") == norm_ref(b.ref or "")
    if a.ref and b.ref and norm_ref(a.ref) != norm_ref(b.ref):
        return False
    alike = ratio(ta, tb) / 100
    if a.ref and b.ref:
        if (
            {a.source, b.source} == {"item", "list"}
            and re.search(r"[A-Za-z]", a.ref)
            and re.search(r"\d", a.ref)
        ):
            return True
        return (
            alike >= 0.45
            or token_sort_ratio(ta, tb) >= 60
            or ta.startswith(tb[:20])
            or _conflicts(a, b) is False
        )
    if a.source == "item" and b.source == "item" and ta != tb:
        return False
    if (alike < 0.93 or not _same_words(ta, tb)) and not (
        min(len(ta), len(tb)) > 24 and (ta.startswith(tb) or tb.startswith(ta))
    ):
        return False
    if (
        a.source == "list"
        and b.source == "list"
        and (a.service or "") != (b.service or "")
        and _conflicts(a, b)
    ):
        return False
    return not _conflicts(a, b)


def _same_words(a: str, b: str) -> bool:
    """Whether two titles differ in no word but for a slip of the pen or a small one ("CP" is not "LAC")."""
    left = [w for w in a.split() if w not in b.split()]
    right = [w for w in b.split() if w not in a.split()]
    small = {"the", "a", "an", "of", "in", "for", "to", "and", "&", "%", "no", "number", "percentage"}
    left, right = [w for w in left if w not in small], [w for w in right if w not in small]
    return all(any(ratio(w, v) >= 70 for v in right) for w in left) and all(
        any(ratio(w, v) >= 70 for v in left) for w in right
    )


def _conflicts(a: Draft, b: Draft) -> bool:
    """Whether two drafts print different figures for one period, or different targets or owners."""
    fa = {f.period: f.value for f in a.figures if f.value is not None and not f.label}
    fb = [(f.period, f.value) for f in b.figures if f.value is not None and not f.label and f.period in fa]
    agreed = {period for period, value in fb if abs((fa[period] or 0) - value) <= 1e-6 and b.source == "item"}
    if any(abs((fa[period] or 0) - value) > 1e-6 for period, value in fb if period not in agreed):
        return True  # beside a figure that agrees, an item's others are the marks of a chart
    if a.target and b.target and a.target.value is not None and b.target.value is not None:
        return abs(a.target.value - b.target.value) > 1e-6
    return False


def join_drafts(a: Draft, b: Draft) -> None:
    """Take b into a. Fields of a list or form win over those of prose."""
    rank = {"form": 2, "list": 2, "card": 1, "item": 0}
    first, second = (a, b) if rank[a.source] - 3 * a.partial >= rank[b.source] - 3 * b.partial else (b, a)
    a.partial = a.partial and b.partial
    a.merged = True
    a.unread = first.unread
    title, ref, service = first.title, first.ref or second.ref, first.service or second.service
    if second.ref and first.ref and second.ref != first.ref:
        a.aliases.add(second.ref)
    a.title, a.ref, a.service = title, ref, service
    a.kind = first.kind
    a.owners = first.owners or second.owners
    a.type = first.type or second.type
    a.polarity = first.polarity or second.polarity
    a.status = [*first.status, *second.status]
    a.direction = first.direction or second.direction
    a.target = first.target or second.target
    known = {(f.period, f.value) for f in first.figures}
    told = {f.period for f in first.figures if not f.label} if second.source == "item" else set()
    new = [f for f in second.figures if (f.period, f.value) not in known]
    other = [f for f in new if not f.label and f.period is not None and f.period in told]
    a.figures = [*first.figures, *(f for f in new if f not in other)]
    a.dropped = [*a.dropped, *b.dropped, *other]
    notes = list(a.notes)
    seen = {(n.section, n.heading, n.text) for n in notes}
    notes += [n for n in b.notes if (n.section, n.heading, n.text) not in seen]
    a.notes = notes
    a.boxes = [*a.boxes, *b.boxes]
    a.source = first.source
    if first.table >= 0:
        a.table = first.table

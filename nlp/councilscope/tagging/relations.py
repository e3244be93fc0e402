"""Who owns which action and when it is due: read from the order of the spans within a sentence or line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from councilscope.records import Relation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from councilscope.records import Span


def breaks_between(text: str, breaks: Sequence[int], a: Span, b: Span) -> int:
    """How many sentence or line starts lie between two spans."""
    low, high = min(a.start, b.start), max(a.start, b.start)
    return sum(low < x <= high for x in breaks)


def relate(text: str, spans: Sequence[Span], breaks: Sequence[int]) -> tuple[Relation, ...]:
    """`owned_by` and `due` by nearness: each owner and deadline goes to the action it stands in or next to.

    `breaks` are the offsets at which sentences and lines start. An owner before an action that has no other
    owner in between is its doer; after an action it is its agent. A deadline belongs to the action that it
    stands in, else to the one before it in the sentence, else to the next.
    """
    out = []
    actions = [i for i, s in enumerate(spans) if s.label == "ACTION"]
    for j, tail in enumerate(spans):
        if tail.label not in ("OWNER", "DEADLINE"):
            continue
        best: tuple[float, int] | None = None
        for i in actions:
            head = spans[i]
            if breaks_between(text, breaks, head, tail):
                continue
            if head.start <= tail.start and tail.end <= head.end:
                gap = -1.0
            elif head.start >= tail.end:
                gap = head.start - tail.end + (25.0 if tail.label == "DEADLINE" else 0.0)
            else:
                gap = tail.start - head.end + (0.0 if tail.label == "DEADLINE" else 2.0)
            if best is None or gap < best[0]:
                best = (gap, i)
        if best is not None and best[0] < 120:
            out.append(Relation(label="owned_by" if tail.label == "OWNER" else "due", head=best[1], tail=j))
    return tuple(sorted(out, key=lambda r: (r.label != "owned_by", r.head, r.tail)))

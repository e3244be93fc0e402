"""A report's own counts of statuses against the blocks that were read: printed 12 red, read 11.

A difference says that one of the two is wrong, not which: a block may have been missed or its status misread. A count
is only held against blocks that it may be of: of its kind, of the service that its row or heading names, else of the
whole report where all such counts in it agree. Several readings may be open ("measures" with or without actions); one
that fits is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from councilscope.analysis.indicators import label_of
from councilscope.analysis.scope import rows_of
from councilscope.lexicon import fold

COMPARED = ("red", "amber", "green", "blue")
EXCEPTED = ("green", "blue")
"""Statuses that reports by exception count, and print no blocks of."""
LEAST = 6  # characters of a name that may be the beginning of a longer one
Read = Sequence[tuple[str, str | None, str | None]]  # kind, status, service of each block


def differences(
    documents: pd.DataFrame, blocks: pd.DataFrame, looked: dict[str, int]
) -> Iterator[tuple[str, str, int]]:
    """What to say, the document and the page, for each count that no reading of the blocks bears out.

    `documents` has `doc_id`, `quarter` and `counts`; `blocks` is what was read of them, nothing filtered out.
    """
    read: dict[str, list[Any]] = {}
    for doc, *facts in blocks[["doc_id", "kind", "rag", "service"]].itertuples(index=False, name=None):
        read.setdefault(doc, []).append(tuple(None if pd.isna(f) else str(f) for f in facts))
    for row in rows_of(documents):
        own, label = read.get(row.doc_id, []), None if pd.isna(row.quarter) else label_of(str(row.quarter))
        counts = [c for c in row.counts or () if c["period"] in (None, label)]
        placed = [(c, _parts(c, own)) for c in counts if own]
        unplaced = {(c["kind"], *(c[r] for r in COMPARED)) for c, parts in placed if parts is None}
        for c, parts in placed:
            if parts is None and (c["scope"] or len({u for u in unplaced if u[0] == c["kind"]}) > 1):
                continue  # of a part of the report, and nothing says of which
            told = _told(c, own if parts is None else parts, own)
            if told is not None:
                looked["summary"] += 1
                if told:
                    yield told, row.doc_id, int(c["page"])


def _parts(count: Mapping[str, Any], own: Read) -> Read | None:
    """The blocks of the service that a count's row names, else the last of its headings that names one; None without."""
    names = [count["scope"]] if count["scope"] else (count["heading"] or "").split(" > ")[::-1]
    for name in names:
        if found := [b for b in own if b[2] and any(_same(name, part) for part in b[2].split(" > "))]:
            return found
    return None


def _same(one: str, other: str) -> bool:
    a, b = fold(one), fold(other)
    return a == b or (min(len(a), len(b)) >= LEAST and (a.startswith(b) or b.startswith(a)))


def _told(count: Mapping[str, Any], blocks: Read, own: Read) -> str | None:
    """The difference in a sentence, "" where there is none, None where the two cannot be compared."""
    seen = {rag for _, rag, _ in own}
    wanted = {r: int(count[r]) for r in COMPARED if count[r] is not None and (r in seen or r not in EXCEPTED)}
    kinds = {kind for kind, _, _ in blocks}
    if len(wanted) < 2 or (count["kind"] and count["kind"] not in kinds):
        return None
    readings = [[b for b in blocks if b[0] == k] for k in sorted(kinds) if count["kind"] in (None, k)]
    best = min(([*readings, blocks]), key=lambda some: _distance(wanted, some))
    if not _distance(wanted, best):
        return ""
    found = Counter(rag for _, rag, _ in best)
    without = f", and {found[None]} without a status" if found[None] else ""
    of = f" of {count['scope']}" if count["scope"] else ""
    return (
        f"the summary{of} prints {_listed(wanted)}, and {_listed({r: found[r] for r in wanted})} were read{without}; "
        "one of them is wrong, perhaps the reading"
    )


def _distance(wanted: Mapping[str, int], blocks: Read) -> int:
    found = Counter(rag for _, rag, _ in blocks)
    return sum(abs(n - found[r]) for r, n in wanted.items())


def _listed(counts: Mapping[str, int]) -> str:
    *most, last = [f"{n} {rag}" for rag, n in counts.items()]
    return f"{', '.join(most)} and {last}"


__all__ = ["differences"]

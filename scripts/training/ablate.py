"""The tagger with parts of it taken away: what the rules find alone, what the network finds alone, what both find."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

from councilscope.tagging import cues, edges, finish
from councilscope.tagging.model import Model

PARTS = ("edges", "cues", "wording")
"""edges: rules that mend where spans begin and end; cues: causes and dates that cue words are sure of, and words that
deny; wording: linear weights and theme words beside the network's own heads of attributes."""
ROWS: dict[str, tuple[str, ...]] = {
    "network alone": (),
    "network + edges": ("edges",),
    "network + cues": ("cues",),
    "network + wording": ("wording",),
    "all (as shipped)": PARTS,
}


@contextmanager
def only(parts: tuple[str, ...], model: Model) -> Iterator[None]:
    """While it lasts, the tagger has of `PARTS` only these."""
    with ExitStack() as stack:

        def put(owner: Any, name: str, instead: Callable[..., Any]) -> None:
            stack.enter_context(mock.patch.object(owner, name, instead))

        if "edges" not in parts:
            put(edges, "mend", lambda text, draft: draft)
        if "cues" not in parts:
            put(edges, "sure_causes", lambda text, found: [])
            put(edges, "sure_deadlines", lambda text, found: [])
            put(finish, "_denied", lambda text, draft: True)
            put(cues, "assertion", lambda text, start, end: "asserted")
        if "wording" not in parts:
            put(model, "wording_weight", dict.fromkeys(model.wording_weight, 0.0))
            put(model, "lexicon_weight", 0.0)
        yield


def table(rows: dict[str, dict[str, Any]]) -> str:
    """A Markdown table: strict / relaxed F1 by label, and attributes that are right on matching spans."""
    labels = ("CAUSE", "ACTION", "OWNER", "DEADLINE", "ALL")
    keys = ("CAUSE.theme", "CAUSE.assertion", "CAUSE.effect", "ACTION.status", "OWNER.kind")
    lines = [
        f"| | {' | '.join(labels)} | {' | '.join(keys)} | relations |",
        f"| --- |{' --- |' * (len(labels) + len(keys) + 1)}",
    ]
    for name, row in rows.items():
        spans, attributes = row["spans"], row["attributes"]
        cells = [
            f"{spans[x]['strict'].f1:.3f} / {spans[x]['relaxed'].f1:.3f}" if x in spans else "–"
            for x in labels
        ]
        cells += [f"{attributes[k][0] / attributes[k][1]:.3f}" if k in attributes else "–" for k in keys]
        cells.append(f"{spans['relations']['touching'].f1:.3f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)

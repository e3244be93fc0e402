"""From drafts to the contract's records: attributes, due dates, order, relations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from councilscope.records import Span
from councilscope.tagging import cues, deadlines
from councilscope.tagging.passages import Passage, Tagged
from councilscope.tagging.relations import relate

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np

    from councilscope.tagging.rules import Draft

DEFAULTS: dict[str, dict[str, str | None]] = {
    "CAUSE": {"theme": None, "assertion": "asserted", "effect": "adverse"},
    "ACTION": {"status": "ongoing"},
    "OWNER": {"kind": "body"},
    "DEADLINE": {"iso": None},
}

IN_BRACKETS = re.compile(r"\W{0,2} \(((?:end (?:of )?)?\w+ ?\d{0,4})\)")
"""A date that explains a vague one: "next month (August)"."""


def attributes(passage: Passage, draft: Draft) -> dict[str, str | None]:
    """The draft's attributes, those it lacks filled from the cue words."""
    text, given = passage.text, dict(draft.attrs)
    if draft.label == "CAUSE":
        said = cues.assertion(text, draft.start, draft.end)
        given.setdefault("assertion", said)
        if said == "negated" or (given["assertion"] == "negated" and not _denied(text, draft)):
            given["assertion"] = said
        if given.get("theme") == "covid" and cues.before_covid(passage.period):
            given["theme"] = None
        given.setdefault("effect", cues.effect(text, draft.start, draft.end))
    elif draft.label == "OWNER":
        given.setdefault("kind", cues.owner_kind(text[draft.start : draft.end]))
    elif draft.label == "DEADLINE":
        given["iso"] = deadlines.iso(text[draft.start : draft.end], passage.period)
        if given["iso"] is None and (m := IN_BRACKETS.match(text, draft.end)):
            given["iso"] = deadlines.iso(m.group(1), passage.period)
    return {k: given.get(k, v) for k, v in DEFAULTS[draft.label].items()}


DENIAL = re.compile(
    r"\b(?:no|not|none|nor|neither|never|without|cannot|rather than|instead of|despite|unrelated|rule[sd] out|"
    r"unaffected|unlikely|untrue|denied|disproved|eliminated|discounted|excluded|immaterial|nil)\b|n't\b|n’t\b",
    re.IGNORECASE,
)


def _denied(text: str, draft: Draft) -> bool:
    """Whether the sentence around a cause has a word of denial: "due to a lack of staff" is a cause and no denial."""
    begin = max((m.end() for m in re.finditer(r"[.;!?]\s|\n", text[: draft.start])), default=0)
    end = re.compile(r"[.;!?](?:\s|$)|\n").search(text, draft.end)
    around = text[begin : draft.start] + " | " + text[draft.end : end.start() if end else len(text)]
    return bool(DENIAL.search(around)) or bool(
        re.match(r"(?:no|nil|neither)\b", text[draft.start :], re.IGNORECASE)
    )


def finish(
    passage: Passage,
    drafts: Iterable[Draft],
    breaks: Sequence[int],
    vector: np.ndarray | None = None,
) -> Tagged:
    """The passage's records; `breaks` are the offsets at which its sentences and lines start."""
    ordered = sorted(drafts, key=lambda d: (d.start, d.end, d.label))
    spans = tuple(
        Span(
            start=d.start,
            end=d.end,
            label=d.label,
            text=passage.text[d.start : d.end],
            attrs=attributes(passage, d),
            score=d.score,
        )
        for d in ordered
    )
    return Tagged(spans, relate(passage.text, spans, breaks), vector)

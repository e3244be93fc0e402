"""What only the commentary of an item states: its status ("RAG status is RED") and its figure."""

from __future__ import annotations

import re
from functools import lru_cache

from councilscope.blocks.draft import Draft
from councilscope.blocks.labels import FIGURE, PERIOD
from councilscope.blocks.row_figures import read_figure
from councilscope.lexicon import label_phrases
from councilscope.records import Period
from councilscope.status import Evidence, word_rag
from councilscope.values import own_label, parse_period

STATUS = re.compile(
    r"\b(?:RAG|BRAG)(?: status| rating)?(?: is| was|:| of| remains| rated)* ?(?:currently |now |as |at )*(?P<a>[Rr]ed|RED|[Aa]mber|AMBER|[Gg]reen|GREEN|[Bb]lue|BLUE)\b"
    r"|\b(?P<b>RED|AMBER|GREEN)\b"
)


def read_notes(draft: Draft, report: Period | None) -> None:
    """Take status and figure from an item's first two texts where nothing else shows them."""
    if draft.status and draft.figures:
        return
    for note in draft.notes[:2]:
        text = note.text[:500]
        if not draft.status and (m := STATUS.search(text)):
            rag = word_rag(m.group("a") or m.group("b"))
            if rag:
                draft.status.append(Evidence(rag, "text"))
        if not draft.figures and draft.source == "item" and draft.kind != "risk":
            _figure(draft, text, report)


def _figure(draft: Draft, text: str, report: Period | None) -> None:
    m = _stated().search(text)
    if m is None:
        return
    said = m.group("p1") or m.group("p2")
    period = parse_period(said, report) if said else own_label(report) if report else None
    figure = read_figure((m.group("v1") or m.group("v2") or m.group("v3")).strip(), period)
    if figure is not None and period is not None:
        draft.figures.append(figure)


@lru_cache(maxsize=1)
def _stated() -> re.Pattern[str]:
    """ "Performance for April 2018 is 92%", "Quarter 1 performance was 85%", "The current rate is 4.1%"."""
    subject = (
        "(?:"
        + "|".join(re.escape(p) for p in sorted(label_phrases("figure_subjects"), key=len, reverse=True))
        + ")"
    )
    is_ = r"(?:is|was|were|stands at|stood at|remains at|remained at|rose to|fell to|dropped to)(?: (?:at|now|currently))?"
    end = r"(?=[\s.,;)]|$)(?! (?:above|below|more|less|higher|lower|points?|percentage points?)\b)"
    return re.compile(
        rf"\b{subject} (?:for|in|at|during|to|as at|at the end of|for the end of) (?:the )?(?P<p1>{PERIOD}) {is_} (?P<v1>{FIGURE}){end}"
        rf"|\b(?P<p2>{PERIOD})(?:'s)? {subject} {is_} (?P<v2>{FIGURE}){end}"
        rf"|\b(?:current|latest) {subject} {is_} (?P<v3>{FIGURE}){end}",
        re.IGNORECASE,
    )

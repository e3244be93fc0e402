"""The facts of a form and how a label sets one of them from its value's text or cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from councilscope.blocks.columns import FIGURES
from councilscope.blocks.draft import Draft, better, is_code, owners_of, split_ref
from councilscope.blocks.row_figures import RowContext, read_figure
from councilscope.status import (
    Evidence,
    arrow_meaning,
    colour_rag,
    moved,
    read_direction,
    read_status,
    sign_turn,
    word_direction,
    word_rag,
)
from councilscope.tables import Cell
from councilscope.values import parse_period, parse_target, period_in, polarity_of

FIELDS = {
    "ref", "indicator", "action", "risk", "service", "owner", "target", "due", "rag", "direction", "polarity", "type",
    "current", "ytd", "previous", "last_year", "same_last_year", "numerator", "denominator", "progress",
}  # fmt: skip


WAS = re.compile(
    r"(?P<now>[^(]*\d[^(]*?),? \(?(?:was|previously|up from|down from) (?P<then>[^)]*\d[^)]*)\)?$"
)


@dataclass
class Facts:
    """What a form or a small table of figures says, before it becomes a draft or joins one."""

    draft: Draft
    titled: bool = False
    labels: int = 0
    sections: int = 0
    used: set[int] = field(default_factory=set)


def set_title(facts: Facts, text: str, kind: str) -> None:
    ref, title = split_ref(text)
    facts.draft.ref = facts.draft.ref or ref
    facts.draft.title = title
    facts.draft.kind = kind
    facts.titled = True


def set_field(
    draft: Draft,
    role: str,
    label: str,
    text: str,
    cell: Cell | None,
    ctx: RowContext,
    facts: Facts | None = None,
) -> bool:
    """Set a field of a draft from a label's role and the value's text (or cell, for icons and fills)."""
    text = text.strip()
    if role.startswith("period:"):
        figure = read_figure(text, parse_period(role.split(":", 1)[1], ctx.report))
        if figure is None or (figure.value is None and len(text.split()) > 3):
            return False
        if all((f.period, f.text) != (figure.period, figure.text) for f in draft.figures):
            draft.figures.append(figure)
    elif role == "ref":
        if not is_code(text):
            return False
        draft.ref = draft.ref or text
    elif role in ("indicator", "action", "risk"):
        if len(text) < 4:
            return False
        if facts is not None:
            set_title(facts, text, role)
        elif not draft.title:
            draft.title = text
    elif role == "service":
        draft.service = f"{draft.service} > {text}" if draft.service and text not in draft.service else text
    elif role == "owner":
        draft.owners += [o for o in owners_of(text) if o not in draft.owners]
    elif role in ("target", "due"):
        target = parse_target(text)
        if target is not None and target.value is None and text.endswith(".") and len(text.split()) >= 4:
            return False  # "Our goal: to reach people quickly."
        if (draft.target is None and (role == "target" or draft.kind == "action")) or (
            role == "target" and target is not None
        ):
            draft.target = target
    elif role == "rag":
        found = read_status(cell, ctx.key) if cell is not None else []
        if not found and (rag := word_rag(text, ctx.key)):
            found = [Evidence(rag, "text")]
        if not found:
            return False
        draft.status += found
    elif role == "direction":
        side = better(draft)
        got = (
            read_direction(cell, ctx.key, side)
            if cell is not None
            else word_direction(text) or moved(text, side)
        )
        if got is None and text and (turn := next((t for w in text.split() if (t := sign_turn(w))), None)):
            got = arrow_meaning(turn, None, ctx.key, side)
        draft.direction = draft.direction or got
    elif role == "polarity":
        draft.polarity = polarity_of(text) or draft.polarity
    elif role == "type":
        draft.type = text or None
    elif role in FIGURES:
        was = WAS.match(text) if role in ("current", "ytd") else None
        if was:
            set_field(draft, "previous", "previous", was.group("then"), None, ctx)
            text = was.group("now")
        period = _label_period(label, role, ctx)
        figure = read_figure(text, period)
        if figure is not None:
            if cell is not None:
                figure.rag = figure.rag or colour_rag(cell.fill, ctx.key, 0.11)
                draft.direction = draft.direction or read_direction(cell, ctx.key, better(draft))
            draft.figures.append(figure)
    return True


def _label_period(label: str, role: str, ctx: RowContext) -> str | None:
    found = period_in(label, ctx.report)
    if found:
        return found
    words = {
        "previous": "previous quarter",
        "last_year": "previous year",
        "same_last_year": "same quarter last year",
        "ytd": "YTD",
    }
    return parse_period(words.get(role, "current quarter"), ctx.report)


def figures_only(facts: Facts) -> bool:
    """Whether a table held figures and fields but no title and no commentary: a mini table of its section's item."""
    return not facts.titled and not facts.draft.notes


def join(draft: Draft, facts: Facts) -> None:
    """Give the facts of a mini table to the item it stands under."""
    f = facts.draft
    draft.ref = draft.ref or f.ref
    draft.service = draft.service or f.service
    draft.owners += [o for o in f.owners if o not in draft.owners]
    draft.status = draft.status or f.status
    draft.direction = draft.direction or f.direction
    draft.polarity = draft.polarity or f.polarity
    draft.target = draft.target or f.target
    draft.type = draft.type or f.type
    known = {(x.period, x.text) for x in draft.figures}
    draft.figures += [x for x in f.figures if (x.period, x.text) not in known]
    draft.notes += f.notes
    draft.boxes += f.boxes

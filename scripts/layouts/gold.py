"""Gold from the same items as the print; the fields of corpus/reports/gold."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pymupdf

from layouts.plan import Item, Plan
from printing.figures import figure
from printing.programs import squash

Json = dict[str, Any]


def outturns(plan: Plan, item: Item) -> list[Json]:
    filled = plan.look.status in ("value_fill", "bracket")
    return [
        {
            "period": column.period,
            "text": text,
            **figure(text),
            "rag": item.rag if filled and column is plan.columns[-1] else None,
        }
        for column, text in zip(plan.columns, item.values, strict=bool(item.values))
        if text not in ("", "-")
    ]


def block(plan: Plan, item: Item, number: int) -> Json:
    texts = []
    for t in item.texts:
        one: Json = {"section": t.section, "heading": t.heading, "text": "\n".join(t.paragraphs)}
        texts.append(one | ({"tied_by": ["number"] * len(t.paragraphs)} if t.tied else {}))
    arrows = "text" if plan.look.direction == "word" else "arrow"
    return {
        "id": f"b{number:02d}",
        "kind": item.kind,
        "ref": item.ref,
        "title": item.title,
        "service": item.service,
        "owners": list(item.owners),
        "type": None,
        "polarity": item.polarity,
        "rag": item.rag,
        "rag_shown_as": plan.look.shown_as if item.rag else None,
        "direction": item.direction,
        "direction_shown_as": arrows if item.direction else None,
        "target": item.target,
        "outturns": outturns(plan, item),
        "commentary": texts,
    }


def report(plan: Plan, name: str, family: str, producer: str) -> Json:
    return {
        "report": name,
        "council": plan.council,
        "official_name": plan.council,
        "gss_code": None,
        "period": {"financial_year": f"{plan.year}/{(plan.year + 1) % 100:02d}", "quarter": plan.quarter},
        "title": plan.title,
        "layouts": [family],
        "engine": producer,
        "devices": {"status": plan.look.status, "direction": plan.look.direction},
        "blocks": [block(plan, item, k) for k, item in enumerate(plan.items, 1)],
        "section_commentary": [],
        "notes": [],
    }


def lacking(gold: Json, document: pymupdf.Document) -> list[str]:
    """Texts of the gold that the PDF does not print: a proof that a report says what its gold says.

    A text may go on on the next page, and a long one behind running lines: then its beginning and its end count.
    """
    pages = [re.sub(r"[•\u2002]", "", squash(document[k].get_text())) for k in range(document.page_count)]
    everything = "".join(pages)

    def printed(text: str) -> bool:
        wanted = squash(text)
        if wanted in everything or (
            len(wanted) > 60 and wanted[:12] in everything and wanted[-12:] in everything
        ):
            return True
        cuts = range(1, len(wanted))
        return any(wanted[:c] in one and wanted[c:] in other for one, other in pairwise(pages) for c in cuts)

    found = []
    for b in gold["blocks"]:
        texts = [b["ref"], b["title"], b["service"], (b["target"] or {}).get("text")]
        texts += [part for owner in b["owners"] for part in owner.values()]
        texts += [o["text"] for o in b["outturns"]]
        texts += [line for c in b["commentary"] for line in [c["heading"], *c["text"].split("\n")]]
        found += [f"{b['id']}: {t}" for t in texts if t and not printed(t)]
    return found

"""Regions and cells to indicator blocks, whatever shape they stand in: the front door is `segment`."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

from councilscope import councils
from councilscope.blocks.bilingual import join_languages
from councilscope.blocks.confidence import facts_of, probability
from councilscope.blocks.draft import Draft, Figure, norm_title, polarity_said, split_lettered
from councilscope.blocks.items import Loose
from councilscope.blocks.merge import merge
from councilscope.blocks.notes import read_notes
from councilscope.blocks.numbers import attach
from councilscope.blocks.rating import against_rule, status_within_title
from councilscope.blocks.stream import walk
from councilscope.blocks.tallies import printed_counts
from councilscope.blocks.unread import tell_unread, unread_runs
from councilscope.geometry import Box, per_page
from councilscope.language import counts
from councilscope.layout import Laid, lay_out
from councilscope.lexicon import starts_with
from councilscope.page import TextMap
from councilscope.pdf import Document
from councilscope.records import Block, Commentary, Council, Counts, Outturn, Period, Region, Warning
from councilscope.status import disagreement
from councilscope.values import find_report_period, goal_in_title, read_rule

__all__ = ["Segmented", "segment"]


@dataclass
class Segmented:
    """Structure of a report: blocks without spans, and a map from each commentary's text to the page.

    `maps` is keyed by (index of the block, index of the commentary); `facts` are what each block's confidence rests on.
    """

    title: str | None
    council: Council | None
    period: Period | None
    language: str
    blocks: list[Block]
    maps: dict[tuple[int, int], TextMap] = field(default_factory=dict)
    warnings: list[Warning] = field(default_factory=list)
    facts: list[dict[str, float]] = field(default_factory=list)
    counts: tuple[Counts, ...] = ()


def segment(document: Document) -> Segmented:
    """Indicator blocks of a document with its council, period and title."""
    laid = lay_out(document.pages)
    period = find_report_period(_period_texts(document, laid))
    council = councils.find_council(_council_texts(document, laid), period)
    title = _title(document, laid)
    found = walk(laid, period, title)
    refs = {d.ref for d in found.drafts if d.ref}
    for d in found.drafts:
        if d.ref is None:
            d.ref, d.title = split_lettered(d.title, refs)
        status_within_title(d)
    loose = list(found.loose)
    for d in found.drafts:
        if not _is_block(d):  # what stands under a heading that is no item may still name items by number
            loose += [
                Loose(n.section, n.heading, p, -1 - k, True, d.title)
                for k, n in enumerate(d.notes)
                for p in n.parts
            ]
    drafts = join_languages(merge([d for d in found.drafts if _is_block(d)]))
    for d in drafts:
        if d.partial:
            warn_partial(d, found.warnings)
    drafts = [d for d in drafts if not d.partial]
    _tell_left(attach(drafts, loose), found.warnings)
    for d in drafts:
        read_notes(d, period)
    warnings = [*document.warnings, *found.warnings]
    rule = read_rule(found.key.rules)
    blocks: list[Block] = []
    maps: dict[tuple[int, int], TextMap] = {}
    seen: dict[str, int] = {}
    differing: list[int] = []
    for d in drafts:
        block, texts = _finish(d, document.sha256, seen, warnings)
        if told := against_rule(d, block, period, rule):
            warnings.append(told)
            differing.append(len(blocks))
        for k, m in enumerate(texts):
            maps[(len(blocks), k)] = m
        blocks.append(block)
    left = unread_runs(laid, drafts, found.set_aside)
    warnings += tell_unread(left)
    words = {p.number: len(p.words) for p in document.pages}
    outside = {page: sum(map(len, runs)) / max(words[page], 1) for page, runs in left.items()}
    contradicted = [i for i, d in enumerate(drafts) if disagreement(d.status)]
    facts = facts_of(drafts, outside, contradicted, differing)
    blocks = [b.model_copy(update={"confidence": probability(f)}) for b, f in zip(blocks, facts, strict=True)]
    if period is None:
        warnings.append(
            Warning(code="no_period", page=None, message="the reporting period could not be found")
        )
    if council is None:
        warnings.append(Warning(code="no_council", page=None, message="the council could not be found"))
    printed = printed_counts(laid, drafts, found.set_aside, found.key)
    return Segmented(title, council, period, _language(document), blocks, maps, warnings, facts, printed)


# --- what the whole report says -----------------------------------------------------------------------------


def _first_lines(laid: Laid, pages: int = 3) -> list[tuple[str, float, int]]:
    """Texts of the first pages with their rank as headings and their page."""
    out = []
    for e in laid.elements:
        if e.page <= pages and e.paragraph is not None:
            rank = e.level if e.heading else 0.5
            out.append((e.paragraph.text.replace("\n", " "), rank, e.page))
            if len(e.paragraph.lines) > 1 and e.heading:
                out += [(" ".join(w.text for w in ln.words), rank, e.page) for ln in e.paragraph.lines]
        elif e.page <= pages and e.table is not None:
            out += [
                (c.text, 0.4, e.page) for c in e.table.cells[:40] if c.words and len(c.text.split()) <= 14
            ]
    return out


def _running_texts(laid: Laid) -> list[tuple[str, int]]:
    count: dict[str, int] = {}
    for _, text in laid.running:
        count[text] = count.get(text, 0) + 1
    return sorted(count.items(), key=lambda kv: -kv[1])


def _period_texts(document: Document, laid: Laid) -> list[tuple[str, float]]:
    out = [(Path(document.path).stem, 2.0)]
    if document.title:
        out.append((document.title, 2.0))
    for text, level, page in _first_lines(laid):
        out.append((text, (3.0 if level > 1.1 else 1.0) / page))
    out += [(text, 2.0) for text, _ in _running_texts(laid)[:12]]
    return out


def _council_texts(document: Document, laid: Laid) -> list[tuple[str, float]]:
    out = [(Path(document.path).stem, 2.0)]
    if document.title:
        out.append((document.title, 2.0))
    for text, level, page in _first_lines(laid):
        out.append((text, (3.0 if level > 1.1 else 0.7) / page))
    out += [(text, 4.0) for text, _ in _running_texts(laid)[:12]]
    out += [
        (part.strip(), weight)
        for text, weight in out
        if len(text) < 160
        for part in re.split(r"[|:–—]| - ", text)[:3]
        if part.strip() != text
    ]
    for e in laid.elements:
        if e.page > 3 and e.paragraph is not None and "council" in e.paragraph.text.casefold():
            out.append((e.paragraph.text[:400], 0.2))
    return out


def _title(document: Document, laid: Laid) -> str | None:
    heads = [
        (e.level, -i, e.paragraph.text.replace("\n", " "))
        for i, e in enumerate(laid.elements)
        if e.page == 1 and e.heading and e.paragraph is not None
    ]
    best = max(heads)[2] if heads else None
    meta = document.title
    if (
        meta
        and not re.search(r"(?i)\.(?:docx?|xlsx?|pptx?|html?|indd)$|^microsoft|^untitled|^slide 1", meta)
        and len(meta.split()) >= 3
    ):
        return meta
    return best or meta


def _language(document: Document) -> str:
    """`cy` for a report in Welsh; one in both languages counts as English, since it can be read as such."""
    english, welsh = counts([w.text.strip(".,;:()/") for p in document.pages for w in p.words])
    return "cy" if welsh > 2 * english else "en"


# --- drafts to records --------------------------------------------------------------------------------------


def _is_block(d: Draft) -> bool:
    """A title and at least one fact or text; headings that only looked like items have neither."""
    if len(norm_title(d.title)) < 3:
        return d.partial
    if d.opened and not (d.status or d.target or d.figures or d.direction):
        return any(n.section in ("reason", "issue", "action", "outlook", "progress") for n in d.notes)
    return bool(d.status or d.target or d.figures or d.notes or d.ref or d.direction or d.source == "list")


def _tell_left(left: list[Loose], warnings: list[Warning]) -> None:
    """A warning for each headed piece of commentary that no item could be found for."""
    told: set[tuple[int, str | None]] = set()
    for item in left:
        text = item.paragraph.text
        key = (item.paragraph.box.page, item.heading)
        if not item.labelled or len(text.split()) < 6 or starts_with(text, "nothing") or key in told:
            continue
        told.add(key)
        message = f"commentary under {item.heading!r} names no item and was left out: {text[:60]!r}"
        warnings.append(Warning(code="text_without_item", page=item.paragraph.box.page, message=message))


def warn_partial(d: Draft, warnings: list[Warning]) -> None:
    message = f"a row for {d.ref!r} was found, but no item of that number; its texts were left out"
    warnings.append(Warning(code="row_without_title", page=d.page, message=message))


def _region(b: Box) -> Region:
    return Region(page=b.page, bbox=(b.x0, b.y0, b.x1, b.y1))


def _finish(d: Draft, sha: str, seen: dict[str, int], warnings: list[Warning]) -> tuple[Block, list[TextMap]]:
    texts: list[TextMap] = []
    commentary: list[Commentary] = []
    for n in d.notes:
        m = n.text_map()
        if not m.text.strip():
            continue
        texts.append(m)
        boxes = per_page(w.box for p in n.parts for w in p.words)
        commentary.append(
            Commentary(
                section=n.section,  # type: ignore[arg-type]
                heading=n.heading or None,
                text=m.text,
                regions=tuple(_region(b) for b in boxes),
            )
        )
    said = disagreement(d.status)
    title = d.title.strip()
    if said:
        warnings.append(
            Warning(
                code="status_conflict",
                page=d.page,
                message=f"status of {d.ref or title[:60]!r} is not certain: {said}",
            )
        )
    if d.dropped:
        others = ", ".join(f"{f.text} for {f.period}" for f in d.dropped)
        warnings.append(
            Warning(
                code="figures_differ",
                page=d.page,
                message=f"{d.ref or title[:60]!r} is printed again with other figures (or marks of a chart), left out: {others}",
            )
        )
    status = d.status[0] if d.status else None
    polarity = polarity_said(d)
    target = d.target or (goal_in_title(title) if d.kind == "indicator" else None)
    stem = hashlib.sha256(
        f"{sha}|{d.kind}|{d.ref}|{norm_title(title)}|{norm_title(d.service or '')}".encode()
    ).hexdigest()[:12]
    seen[stem] = seen.get(stem, 0) + 1
    block = Block(
        id=stem if seen[stem] == 1 else f"{stem}-{seen[stem]}",
        kind=d.kind,  # type: ignore[arg-type]
        ref=d.ref,
        title=title,
        service=d.service,
        owners=tuple(d.owners),
        type=d.type,
        polarity=polarity,  # type: ignore[arg-type]
        rag=status.rag if status else None,
        rag_shown_as=status.shown_as if status else None,
        direction=d.direction,  # type: ignore[arg-type]
        target=target,
        outturns=tuple(
            Outturn(
                period=f.period,
                text=f.text,
                value=f.value,
                numerator=f.numerator,
                denominator=f.denominator,
                unit=f.unit,
                rag=f.rag,  # type: ignore[arg-type]
                label=f.label,
            )
            for f in _once(d.figures)
        ),
        commentary=tuple(commentary),
        regions=tuple(_region(b) for b in per_page(d.boxes)),
    )
    return block, texts


def _once(figures: list[Figure]) -> list[Figure]:
    """Figures without those that are told again for the same period, as beside a series of quarters."""
    out: list[Figure] = []
    for f in figures:
        same = next((g for g in out if (g.period, g.text) == (f.period, f.text)), None)
        if same is None or (f.label and same.label):
            out.append(f)
        else:
            same.rag = same.rag or f.rag
            same.label = same.label if f.label else None
    return out

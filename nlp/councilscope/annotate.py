"""One PDF to one annotated report (`read`), and passages to tags (`tag`). Light to import: the parts load on use."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from councilscope.geometry import Box, overlap_1d
from councilscope.language import english_only
from councilscope.records import (
    Block,
    Commentary,
    ModelInfo,
    Period,
    Region,
    Relation,
    Report,
    Section,
    Source,
    Span,
    Theme,
    Warning,
)

if TYPE_CHECKING:
    from councilscope.blocks import Segmented
    from councilscope.page import TextMap
    from councilscope.tagging import Passage, Tagged, Tagger
    from councilscope.themes import ThemeLabeller

BATCH = 64  # passages that are tagged together
IN_PART = ("page_unreadable", "no_text_page")  # warnings that mean: some of the report was not read


def read(
    path: str | Path,
    *,
    password: str | None = None,
    tag: bool = True,
    on_pages: Callable[[int], None] | None = None,
) -> Report:
    """Read one PDF: council, period, indicator blocks and, unless `tag` is False, what their commentary says.

    `on_pages` is told the number of pages as soon as it is known. The same bytes and models give the same report.

    Raises:
        UnreadableError: not a PDF, encrypted, empty, damaged, without text, or no such file; its `reason`
            says what to do.
        ConfigError: a model or data file is missing or damaged.
    """
    from councilscope import blocks, pdf

    document = pdf.read_pages(path, password)
    if on_pages:
        on_pages(document.page_count)
    segmented = blocks.segment(document)
    found = _annotated(segmented) if tag else tuple(segmented.blocks)
    warnings = _unique([*document.warnings, *segmented.warnings, *(_in_welsh(found) if tag else ())])
    if not found:
        message = "no indicator, action or risk was found; is this a performance report?"
        warnings.append(Warning(code="no_blocks", message=message))
    return Report(
        source=Source(
            path=printable(path),
            sha256=document.sha256,
            pages=document.page_count,
            language=segmented.language or "en",
        ),
        council=segmented.council,
        period=segmented.period,
        title=segmented.title,
        blocks=found,
        warnings=tuple(warnings),
        models=models() if tag else {},
    )


def outcome(report: Report) -> tuple[str, str | None]:
    """The contract's status of a report that was read (`ok` or `partial`), and the reason where it is not whole."""
    missed = [w for w in report.warnings if w.code in IN_PART]
    if not missed:
        return "ok", None
    pages = sorted({w.page for w in missed if w.page})
    where = ", ".join(str(p) for p in pages[:10]) + (" …" if len(pages) > 10 else "")
    noun = "page" if len(pages) == 1 else "pages"
    return (
        "partial",
        f"{report.source.path}: {noun} {where} of {report.source.pages} not read: {missed[0].message}",
    )


def tag(passages: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Tag passages `{"id", "text"}` with optional `section` and `period`; other keys are ignored.

    Yields `{"id", "text", "spans", "relations", "themes"}` in the same order. `period` is an object as in the
    contract or a string such as "2021/22 Q4". ValueError, saying what is wrong, for a passage without text, or
    with a section or period that does not exist.
    """
    feed = iter(passages)
    while batch := list(itertools.islice(feed, BATCH)):
        ready = [to_passage(p) for p in batch]
        for given, passage, (tagged, found) in zip(batch, ready, _tag_batch(ready), strict=True):
            yield {
                "id": given.get("id"),
                "text": passage.text,
                "spans": [span.model_dump(mode="json") for span in tagged.spans],
                "relations": [relation.model_dump(mode="json") for relation in tagged.relations],
                "themes": [theme.model_dump(mode="json") for theme in found],
            }


def to_passage(given: Mapping[str, Any]) -> Passage:
    """Check one passage of the contract. ValueError says what is wrong with it."""
    from councilscope.tagging import Passage

    if not isinstance(given, Mapping):
        raise ValueError('a passage is an object such as {"id": 1, "text": "…"}')
    text, section, period = given.get("text"), given.get("section"), given.get("period")
    if not isinstance(text, str):
        raise ValueError('"text" is missing or not a string')
    if section is not None and section not in get_args(Section):
        raise ValueError(f'"section" is {section!r}; known are {", ".join(get_args(Section))}')
    return Passage(text=text, section=section, period=to_period(period) if period is not None else None)


def to_period(given: Any) -> Period:
    """A period from a string ("2021/22 Q4", "2021/22") or the contract's object. ValueError where it is neither."""
    from councilscope import values

    said = given
    if isinstance(given, Mapping):
        year, quarter = given.get("financial_year"), given.get("quarter")
        said = f"{year} Q{quarter}" if quarter else year
    normal = values.parse_period(said) if isinstance(said, str) else None
    named = re.fullmatch(r"(\d{4}/\d\d) (?:Q([1-4])|Year End)", normal or "")
    if named is None:
        raise ValueError(f'"period" is {given!r}; write it as "2021/22 Q4" or "2021/22"')
    number = int(named[2]) if named[2] else None
    start, end = values.quarter_bounds(int(named[1][:4]), number)
    return Period(financial_year=named[1], quarter=number, start=start.isoformat(), end=end.isoformat())


def models() -> dict[str, ModelInfo]:
    """The models that `read` and `tag` use, by their part in it."""
    return {"tagger": _tagger().model, "themes": _labeller().model}


@functools.cache
def _tagger() -> Tagger:
    from councilscope import tagging

    return tagging.load_tagger()


@functools.cache
def _labeller() -> ThemeLabeller:
    from councilscope import themes

    return themes.load_themes()


def _tag_batch(passages: Sequence[Passage]) -> list[tuple[Tagged, tuple[Theme, ...]]]:
    """Tags and themes of passages; the models know English, so that Welsh in them is passed over."""
    english = [dataclasses.replace(p, text=english_only(p.text)) for p in passages]
    tagged = list(_tagger().pipe(english))
    return list(zip(tagged, _labeller().label(english, tagged), strict=True))


def _in_welsh(blocks: Iterable[Block]) -> list[Warning]:
    """One warning that tells of the texts without tags because they are in Welsh, or partly so."""
    welsh = [c for b in blocks for c in b.commentary if english_only(c.text) != c.text]
    if not welsh:
        return []
    page = min((r.page for c in welsh for r in c.regions), default=None)
    noun = "text is" if len(welsh) == 1 else "texts are"
    message = (
        f"{len(welsh)} {noun} in Welsh, whole or in part; their Welsh is kept, but causes, actions, owners, deadlines "
        "and themes are found in English only"
    )
    return [Warning(code="welsh_text", page=page, message=message)]


def _annotated(segmented: Segmented) -> tuple[Block, ...]:
    """The blocks with spans, relations and themes; all commentary of the report goes through the models at once."""
    from councilscope.tagging import Passage

    places = [(b, c) for b, block in enumerate(segmented.blocks) for c in range(len(block.commentary))]
    passages = []
    for b, c in places:
        commentary = segmented.blocks[b].commentary[c]
        passages.append(Passage(text=commentary.text, section=commentary.section, period=segmented.period))
    new: dict[int, list[Commentary]] = {}
    for (b, c), (tagged, found) in zip(places, _tag_batch(passages) if passages else [], strict=True):
        spans = tuple(_placed(span, segmented.maps.get((b, c))) for span in tagged.spans)
        relations: tuple[Relation, ...] = tuple(tagged.relations)
        update = {"spans": spans, "relations": relations, "themes": tuple(found)}
        new.setdefault(b, []).append(segmented.blocks[b].commentary[c].model_copy(update=update))
    return tuple(
        block.model_copy(update={"commentary": tuple(new[b])}) if b in new else block
        for b, block in enumerate(segmented.blocks)
    )


def _placed(span: Span, text_map: TextMap | None) -> Span:
    """The span with its place on the page, one region a line."""
    if text_map is None:
        return span
    regions = tuple(
        Region(page=b.page, bbox=(round(b.x0, 2), round(b.y0, 2), round(b.x1, 2), round(b.y1, 2)))
        for b in by_line(text_map.boxes(span.start, span.end))
    )
    return span.model_copy(update={"regions": regions})


def by_line(boxes: Iterable[Box]) -> list[Box]:
    """Boxes of words in reading order, joined where they follow each other on one line.

    A line goes on while the next box is on the same page, shares half of the lower box's height with it, and
    does not lie to its left; so two columns of one height stay apart when the text jumps back.
    """
    lines: list[Box] = []
    for box in boxes:
        last = lines[-1] if lines else None
        if last and last.page == box.page and box.x0 >= last.x0:
            shared = overlap_1d(last.y0, last.y1, box.y0, box.y1)
            if shared >= 0.5 * min(last.height, box.height):
                lines[-1] = last.union(box)
                continue
        lines.append(box)
    return lines


def printable(path: str | Path) -> str:
    """A path as text that JSON and Parquet can hold: bytes that are no UTF-8 are shown as `\\xNN`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _unique(warnings: Iterable[Warning]) -> list[Warning]:
    return list(dict.fromkeys(warnings))

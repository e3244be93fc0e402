"""One PDF to one annotated report (`read`), and passages to tags (`tag`). Light to import: the parts load on use."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import itertools
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from councilscope.errors import UnreadableError
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
    from councilscope.pdf import Document
    from councilscope.tagging import Passage, Tagged, Tagger
    from councilscope.themes import ThemeLabeller

OCR_TRUST = 0.85  # share of a block's confidence that is left where it was read from a picture
BATCH = 64  # passages that are tagged together
OCR = "ocr"  # the part of `models` that only reports with pages read by OCR have
READERS = (  # modules, and the word lists, of which `reader` gives the hash
    "errors geometry page records lexicon language text values councils pdf office ocr tables panels layout status blocks "
    "encoder tagging codebook themes annotate data"
).split()
IN_PART = ("page_unreadable", "no_text_page")  # warnings that mean: some of the report was not read


def read(
    path: str | Path,
    *,
    password: str | None = None,
    tag: bool = True,
    ocr: str = "auto",
    theme_model: str | Path | None = None,
    on_pages: Callable[[int], None] | None = None,
    on_scans: Callable[[int], None] | None = None,
) -> Report:
    """Read one report: council, period, indicator blocks and, unless `tag` is False, what their commentary says.

    It is a PDF, or an Office file where LibreOffice is installed. With `ocr` "auto" pages without usable text are
    read from their picture where Tesseract is installed; "off" leaves them out. `theme_model` is the folder of a theme
    model of one's own, instead of the shipped one. `on_pages` is told the number of
    pages as soon as it is known, `on_scans` the number of those that OCR is about to read. The same bytes and models
    give the same report.

    Raises:
        UnreadableError: not a PDF, encrypted, empty, damaged, without text, or no such file; its `reason`
            says what to do.
        ConfigError: a model or data file is missing or damaged.
        ValueError: `ocr` is neither "auto" nor "off".
    """
    from councilscope import blocks

    document = _document(path, password, ocr, on_pages, on_scans)
    segmented = blocks.segment(document)
    segmented.blocks = [_less_sure(b, document.ocr) for b in segmented.blocks]
    found = _annotated(segmented, theme_model) if tag else tuple(segmented.blocks)
    warnings = _unique([*document.warnings, *segmented.warnings, *(_in_welsh(found) if tag else ())])
    if not found:
        message = "no indicator, action or risk was found; is this a performance report?"
        warnings.append(Warning(code="no_blocks", message=message))
    return Report(
        source=Source(
            path=printable(path),
            sha256=document.sha256,
            pages=document.page_count,
            media_type=document.media_type,
            ocr=document.ocr,
            language=segmented.language or "en",
        ),
        council=segmented.council,
        period=segmented.period,
        title=segmented.title,
        blocks=found,
        counts=segmented.counts,
        warnings=tuple(warnings),
        models=(models(theme_model) if tag else {}) | _ocr_engine(document),
    )


def _document(
    path: str | Path,
    password: str | None,
    mode: str,
    on_pages: Callable[[int], None] | None,
    on_scans: Callable[[int], None] | None,
) -> Document:
    """The pages of a PDF or Office file, those without text read from their picture."""
    from councilscope import ocr, office, pdf

    if mode not in ocr.MODES:
        raise ValueError(f"ocr is {mode!r}; it is one of {', '.join(ocr.MODES)}")
    data, name = pdf.load(path), str(path)
    kind = office.kind_of(data)
    if office.is_locked(data):
        raise UnreadableError(
            name, "encrypted", "this Office file is protected by a password; take it off, or save it as PDF"
        )
    printed = data if kind is None else office.to_pdf(data, name, kind)
    document = pdf.read_bytes(printed, name, password, textless=True, on_pages=on_pages)
    document = ocr.complete(document, printed, password, mode, on_scans)
    if kind is None:
        return document
    message = f"this is {kind.name}, printed as PDF by LibreOffice; pages and places are those of that PDF"
    return dataclasses.replace(
        document,
        sha256=hashlib.sha256(data).hexdigest(),
        media_type=kind.media_type,
        warnings=(Warning(code="converted", message=message), *document.warnings),
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


def tag(
    passages: Iterable[Mapping[str, Any]], *, theme_model: str | Path | None = None
) -> Iterator[dict[str, Any]]:
    """Tag passages `{"id", "text"}` with optional `section` and `period`; other keys are ignored.

    Yields `{"id", "text", "spans", "relations", "themes"}` in the same order. `period` is an object as in the
    contract or a string such as "2021/22 Q4"; `theme_model` as for `read`. ValueError, saying what is wrong, for a passage without text, or
    with a section or period that does not exist.
    """
    feed = iter(passages)
    while batch := list(itertools.islice(feed, BATCH)):
        ready = [to_passage(p) for p in batch]
        for given, passage, (tagged, found) in zip(batch, ready, _tag_batch(ready, theme_model), strict=True):
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


def models(theme_model: str | Path | None = None) -> dict[str, ModelInfo]:
    """The models that `read` and `tag` use, by their part in it; the shipped ones' files are looked at, not loaded."""
    own = {} if theme_model is None else {"themes": _labeller(theme_model).model}
    return _shipped() | own


@functools.cache
def _shipped() -> dict[str, ModelInfo]:
    from councilscope.encoder import model_folder, model_info, read_manifest

    return {part: model_info(read_manifest(model_folder(part))) for part in ("tagger", "themes")}


def load(theme_model: str | Path | None = None) -> None:
    """Load the models now, which else the first report that is tagged does."""
    _tagger()
    _labeller(theme_model)


@functools.cache
def reader() -> ModelInfo:
    """The program as a model: its version, and the hash of the code and word lists that read reports."""
    import councilscope

    root = Path(__file__).parent
    files = [f for part in READERS for f in (root / part).rglob("*")] + [
        root / f"{part}.py" for part in READERS
    ]
    digest = hashlib.sha256()
    for file in sorted(f for f in files if f.is_file() and "__pycache__" not in f.parts):
        digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return ModelInfo(name="councilscope", version=councilscope.__version__, hash=digest.hexdigest()[:12])


def _ocr_engine(document: Document) -> dict[str, ModelInfo]:
    """The OCR engine as a model, where it took part."""
    from councilscope import ocr

    said = ocr.engine() if document.ocr else None
    digest = hashlib.sha256((said or "").encode()).hexdigest()[:12]
    return {OCR: ModelInfo(name="tesseract", version=said, hash=digest)} if said else {}


@functools.cache
def _tagger() -> Tagger:
    from councilscope import tagging

    return tagging.load_tagger()


@functools.cache
def _labeller(folder: str | Path | None = None) -> ThemeLabeller:
    from councilscope import themes

    return themes.load_themes(Path(folder) if folder is not None else None)


def _tag_batch(
    passages: Sequence[Passage], theme_model: str | Path | None = None
) -> list[tuple[Tagged, tuple[Theme, ...]]]:
    """Tags and themes of passages; the models know English, so that Welsh in them is passed over."""
    english = [dataclasses.replace(p, text=english_only(p.text)) for p in passages]
    tagged = list(_tagger().pipe(english))
    return list(zip(tagged, _labeller(theme_model).label(english, tagged), strict=True))


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


def _annotated(segmented: Segmented, theme_model: str | Path | None) -> tuple[Block, ...]:
    """The blocks with spans, relations and themes; all commentary of the report goes through the models at once."""
    from councilscope.tagging import Passage

    places = [(b, c) for b, block in enumerate(segmented.blocks) for c in range(len(block.commentary))]
    passages = []
    for b, c in places:
        commentary = segmented.blocks[b].commentary[c]
        passages.append(Passage(text=commentary.text, section=commentary.section, period=segmented.period))
    new: dict[int, list[Commentary]] = {}
    tags = _tag_batch(passages, theme_model) if passages else []
    for (b, c), (tagged, found) in zip(places, tags, strict=True):
        spans = tuple(_placed(span, segmented.maps.get((b, c))) for span in tagged.spans)
        relations: tuple[Relation, ...] = tuple(tagged.relations)
        update = {"spans": spans, "relations": relations, "themes": tuple(found)}
        new.setdefault(b, []).append(segmented.blocks[b].commentary[c].model_copy(update=update))
    return tuple(
        block.model_copy(update={"commentary": tuple(new[b])}) if b in new else block
        for b, block in enumerate(segmented.blocks)
    )


def _less_sure(block: Block, pages: Sequence[int]) -> Block:
    """A block of which a part was read by OCR: at most as sure as such reading is."""
    if not any(r.page in pages for r in block.regions):
        return block
    return block.model_copy(update={"confidence": round(block.confidence * OCR_TRUST, 2)})


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

"""The evidence behind a figure: the quotation with its span marked, report, page, and a picture of the place.

A picture is drawn only from the very file that was read (same SHA-256, at the path where it was found), and only as
many as fit the report's size.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from councilscope.analysis import BLOCK, KEYS, quote
from councilscope.pdf import clipped

PICTURES = 1_300_000  # bytes of base64 for all pictures together
SPAN = [*KEYS, "span_index"]


@dataclass
class Quote:
    """One piece of evidence: `before`, `marked`, `after` make the sentence."""

    id: str
    before: str
    marked: str
    after: str
    council: str
    quarter: str
    report: str
    page: int | None
    title: str
    why: str
    doc_id: str = ""
    boxes: list[tuple[int, list[float]]] = field(default_factory=list)
    picture: str | None = None


class Evidence:
    """Collects quotations, each once, and gives them ids ("e12"). Ask for the most important first."""

    def __init__(self, frames: Mapping[str, pd.DataFrame], blocks: pd.DataFrame) -> None:
        self.quotes: dict[Any, Quote] = {}
        self._texts = _indexed(frames["commentary"], KEYS)
        self._spans = _indexed(frames["spans"], SPAN)
        self._first = self._first_spans(frames["spans"])
        self._blocks = _indexed(frames["blocks"], BLOCK)
        facts = blocks.drop_duplicates("doc_id")[["doc_id", "council", "quarter", "report"]]
        self._documents = {r["doc_id"]: r for r in facts.to_dict("records")}
        paths = frames["documents"][["doc_id", "paths"]]
        self._paths = {d: list(p) for d, p in zip(paths["doc_id"], paths["paths"], strict=True)}

    @staticmethod
    def _first_spans(spans: pd.DataFrame) -> dict[Any, int]:
        wanted = spans[spans["label"].isin(["CAUSE", "ACTION"])]
        first = wanted.drop_duplicates(KEYS)
        return {tuple(k): int(i) for *k, i in first[SPAN].itertuples(index=False, name=None)}

    def of(self, row: Mapping[str, Any], why: str) -> str | None:
        """The id of the quotation at a row's keys: of its span, else of its text, else of its block. None without any."""
        block = (row.get("doc_id"), row.get("block_id"))
        if _missing(block[0]) or block not in self._blocks:
            return None
        text: Any = row.get("commentary_index")
        span: Any = row.get("span_index")
        key: tuple[Any, ...] = block
        if not _missing(text):
            key = (*block, int(text))
            span = self._first.get(key) if _missing(span) else int(span)
            key = (*key, span) if span is not None else key
        if key not in self.quotes:
            self.quotes[key] = self._made(key, f"e{len(self.quotes) + 1}", why)
        return self.quotes[key].id

    def _made(self, key: tuple[Any, ...], name: str, why: str) -> Quote:
        block, document = self._blocks[key[:2]], self._documents.get(key[0], {})
        text = self._texts.get(key[:3]) if len(key) > 2 else None
        span = self._spans.get(key) if len(key) > 3 else None
        place = next((p for p in (span, text, block) if p is not None and len(_regions(p))), block)
        said = str(text["text"]) if text else str(block["title"])
        start, end = (int(span["start"]), int(span["end"])) if span else (0, 0)
        shown = quote(said, start, end, 320)
        marked = " ".join(said[start:end].split())
        at = shown.find(marked) if marked else -1
        cut = (shown[:at], marked, shown[at + len(marked) :]) if at >= 0 else (shown, "", "")
        page: Any = place.get("page")
        return Quote(
            name, *cut, _word(document.get("council")) or "council not known", _word(document.get("quarter")),
            _word(document.get("report")), None if _missing(page) else int(page), str(block["title"]), why, key[0],
            [(int(r["page"]), [float(v) for v in r["bbox"]]) for r in _regions(place)],
        )  # fmt: skip

    def draw(self, budget: int = PICTURES) -> tuple[int, list[str]]:
        """Put pictures on the quotations, in the order in which they were asked for, as far as `budget` bytes go.

        Returns how many there are, and what kept others away, in words.
        """
        drawn, gone, full = 0, set(), False
        with ExitStack() as stack:
            open_files: dict[str, Any] = {}
            for q in self.quotes.values():
                if budget <= 0:
                    full = True
                    break
                if q.doc_id not in open_files:
                    open_files[q.doc_id] = self._open(q.doc_id, stack)
                cut = open_files[q.doc_id]
                if cut is None:
                    gone.add(q.report)
                    continue
                page = q.boxes[0][0] if q.boxes else None
                boxes = [b for p, b in q.boxes if p == page]
                try:
                    picture = base64.b64encode(cut(page, boxes)).decode() if page else ""
                except Exception:  # MuPDF raises many kinds; a picture that cannot be drawn is left out
                    continue
                if picture and len(picture) <= budget:
                    q.picture, budget, drawn = picture, budget - len(picture), drawn + 1
        notes = []
        if gone:
            some = ", ".join(sorted(gone)[:3])
            notes.append(
                f"no pictures from {len(gone)} reports ({some}{', …' if len(gone) > 3 else ''}): their PDFs are not at the "
                "place where they were read, have changed since, or are no PDFs"
            )
        if full:
            notes.append(f"pictures for the first {drawn} quotations; more would make the file too large")
        return drawn, notes

    def _open(self, doc_id: str, stack: ExitStack) -> Any:
        for path in self._paths.get(doc_id, ()):
            try:
                data = Path(path).read_bytes()
                if hashlib.sha256(data).hexdigest() == doc_id and data[:1024].find(b"%PDF-") >= 0:
                    return stack.enter_context(clipped(data))
            except Exception:  # not there, not allowed, or encrypted: the quotation goes without a picture
                continue
        return None


def _indexed(table: pd.DataFrame, keys: list[str]) -> dict[tuple[Any, ...], dict[str, Any]]:
    columns = [c for c in ("text", "title", "start", "end", "page", "regions") if c in table]
    names = zip(*(table[k] for k in keys), strict=True)
    rows: list[Any] = table[columns].to_dict("records")
    return {tuple(k): r for k, r in zip(names, rows, strict=True)}


def _regions(place: Mapping[str, Any]) -> list[Any]:
    found = place.get("regions")
    return [] if found is None else list(found)


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))


def _word(value: Any) -> str:
    return "" if _missing(value) else str(value)

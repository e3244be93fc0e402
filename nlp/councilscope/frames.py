"""Reports to tidy tables, one row per thing. The only importer of pandas.

`COLUMNS` is the one description of the contract's seven tables; the DataFrames and the archive's Parquet files
are both made from it. Kinds of column: `text` (string), `word` (category with the contract's values, in its
order), `int` (Int64), `float` (float64), `texts`/`ints` (lists), and `owners`, `regions`, `warnings`, `counts`,
`models` (lists of dicts with the contract's fields).
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from councilscope import records
from councilscope.annotate import outcome
from councilscope.records import Block, Commentary, Region, Report

Rows = dict[str, list[dict[str, Any]]]

ATTRS = ("theme", "assertion", "effect", "status", "kind", "iso")
"""Attributes of spans that have a column of their own (`attrs_theme`, …)."""

_KEYS = {"doc_id": "text", "block_id": "text"}

COLUMNS: dict[str, dict[str, str]] = {
    "documents": {
        "doc_id": "text",
        "paths": "texts",
        "status": "word",
        "reason": "text",
        "title": "text",
        "council_name": "text",
        "council_gss": "text",
        "council_evidence": "text",
        "period_financial_year": "text",
        "period_quarter": "int",
        "period_start": "text",
        "period_end": "text",
        "period_evidence": "text",
        "n_pages": "int",
        "n_blocks": "int",
        "n_commentary": "int",
        "n_spans": "int",
        "media_type": "text",
        "language": "text",
        "ocr": "ints",
        "models": "models",
        "warnings": "warnings",
        "counts": "counts",
        "schema_version": "text",
    },
    "blocks": {
        **_KEYS,
        "kind": "word",
        "ref": "text",
        "title": "text",
        "service": "text",
        "owners": "owners",
        "type": "text",
        "polarity": "word",
        "rag": "word",
        "rag_shown_as": "word",
        "direction": "word",
        "target_text": "text",
        "target_value": "float",
        "target_unit": "text",
        "target_comparator": "word",
        "page": "int",
        "regions": "regions",
        "confidence": "float",
    },
    "outturns": {
        **_KEYS,
        "outturn_index": "int",
        "period": "text",
        "text": "text",
        "value": "float",
        "numerator": "float",
        "denominator": "float",
        "unit": "text",
        "rag": "word",
        "label": "text",
    },
    "commentary": {
        **_KEYS,
        "commentary_index": "int",
        "section": "word",
        "heading": "text",
        "text": "text",
        "page": "int",
        "regions": "regions",
    },
    "spans": {
        **_KEYS,
        "commentary_index": "int",
        "span_index": "int",
        "start": "int",
        "end": "int",
        "label": "word",
        "text": "text",
        **{f"attrs_{name}": "text" for name in ATTRS},
        "score": "float",
        "page": "int",
        "regions": "regions",
    },
    "relations": {**_KEYS, "commentary_index": "int", "label": "word", "head": "int", "tail": "int"},
    "themes": {**_KEYS, "commentary_index": "int", "id": "text", "score": "float"},
}

WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("documents", "status"): typing.get_args(records.Status),
    ("blocks", "kind"): typing.get_args(records.Kind),
    ("blocks", "polarity"): typing.get_args(records.Polarity),
    ("blocks", "rag"): typing.get_args(records.Rag),
    ("blocks", "rag_shown_as"): typing.get_args(records.ShownAs),
    ("blocks", "direction"): typing.get_args(records.Direction),
    ("blocks", "target_comparator"): typing.get_args(records.Comparator),
    ("outturns", "rag"): typing.get_args(records.Rag),
    ("commentary", "section"): typing.get_args(records.Section),
    ("spans", "label"): typing.get_args(records.Label),
    ("relations", "label"): ("owned_by", "due"),
}


def to_frames(reports: Iterable[Report]) -> dict[str, pd.DataFrame]:
    """The seven tables of any number of reports; no report gives empty frames with the same columns and dtypes.

    A content that comes twice is kept once, with both paths. Join `documents` to the others on `doc_id`,
    and blocks to theirs on `doc_id` and `block_id`.
    """
    rows: Rows = {name: [] for name in COLUMNS}
    seen: dict[str, dict[str, Any]] = {}
    for report in reports:
        doc_id = report.source.sha256
        if doc_id in seen:
            seen[doc_id]["paths"] = sorted({*seen[doc_id]["paths"], report.source.path})
            continue
        for name, found in to_rows(report).items():
            rows[name].extend(found)
        seen[doc_id] = rows["documents"][-1]
    return {name: to_frame(name, found) for name, found in rows.items()}


def to_frame(table: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of one of the seven tables as a frame with that table's columns and dtypes."""
    return typed(table, {column: [row[column] for row in rows] for column in COLUMNS[table]})


def typed(table: str, columns: Mapping[str, Any]) -> pd.DataFrame:
    """Columns of one table (values, arrays or Series) as a frame with the contract's dtypes, in its order."""
    kinds = COLUMNS[table]
    return pd.DataFrame({c: _series(table, c, kinds[c], columns[c]) for c in kinds if c in columns})


def _series(table: str, column: str, kind: str, values: Any) -> pd.Series[Any]:
    if kind == "word":
        return pd.Series(pd.Categorical(values, categories=list(WORDS[table, column])))
    if kind == "text":
        return pd.Series(values, dtype="string")
    if kind == "int":
        return pd.Series(values, dtype="Int64")
    if kind == "float":
        return pd.Series(values, dtype="float64")
    return pd.Series(values, dtype="object")


def to_rows(report: Report, paths: Sequence[str] | None = None) -> Rows:
    """One report as plain rows of the seven tables, in reading order."""
    doc_id = report.source.sha256
    rows: Rows = {name: [] for name in COLUMNS}
    for block in report.blocks:
        keys = {"doc_id": doc_id, "block_id": block.id}
        rows["blocks"].append(keys | _block_row(block))
        for i, outturn in enumerate(block.outturns):
            rows["outturns"].append(keys | {"outturn_index": i} | outturn.model_dump())
        for i, commentary in enumerate(block.commentary):
            _commentary_rows(rows, keys | {"commentary_index": i}, commentary)
    status, reason = outcome(report)
    rows["documents"] = [document_row(doc_id, paths or [report.source.path], status, reason, report)]
    rows["documents"][0] |= {
        "n_blocks": len(rows["blocks"]),
        "n_commentary": len(rows["commentary"]),
        "n_spans": len(rows["spans"]),
    }
    return rows


def document_row(
    doc_id: str, paths: Sequence[str], status: str, reason: str | None, report: Report | None = None
) -> dict[str, Any]:
    """A row of `documents`, also for a file that could not be read (`report` None: its facts are null)."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS["documents"])
    row |= {"doc_id": doc_id, "paths": list(paths), "status": status, "reason": reason}
    row |= {"ocr": [], "models": [], "warnings": [], "counts": [], "schema_version": records.SCHEMA_VERSION}
    if report is None:
        return row
    source, council, period = report.source, report.council, report.period
    row |= {
        "title": report.title,
        "n_pages": source.pages,
        "media_type": source.media_type,
        "language": source.language,
        "ocr": list(source.ocr),
        "models": [{"role": role, **info.model_dump()} for role, info in sorted(report.models.items())],
        "warnings": [w.model_dump() for w in report.warnings],
        "counts": [c.model_dump() for c in report.counts],
    }
    if council:
        row |= {f"council_{k}": v for k, v in council.model_dump().items()}
    if period:
        row |= {f"period_{k}": v for k, v in period.model_dump().items()}
    return row


def _regions(regions: Sequence[Region]) -> dict[str, Any]:
    return {
        "page": regions[0].page if regions else None,
        "regions": [{"page": r.page, "bbox": list(r.bbox)} for r in regions],
    }


def _block_row(block: Block) -> dict[str, Any]:
    row: dict[str, Any] = {
        name: getattr(block, name)
        for name in (
            "kind",
            "ref",
            "title",
            "service",
            "type",
            "polarity",
            "rag",
            "rag_shown_as",
            "direction",
        )
    }
    target = block.target
    row |= {f"target_{k}": getattr(target, k, None) for k in ("text", "value", "unit", "comparator")}
    row |= {"owners": [o.model_dump() for o in block.owners], "confidence": block.confidence}
    return row | _regions(block.regions)


def _commentary_rows(rows: Rows, keys: dict[str, Any], commentary: Commentary) -> None:
    rows["commentary"].append(
        keys
        | {"section": commentary.section, "heading": commentary.heading, "text": commentary.text}
        | _regions(commentary.regions)
    )
    for i, span in enumerate(commentary.spans):
        if unknown := set(span.attrs) - set(ATTRS):
            raise ValueError(
                f"the attribute {sorted(unknown)[0]!r} of a span has no column; add it to frames.ATTRS"
            )
        rows["spans"].append(
            keys
            | {"span_index": i, "start": span.start, "end": span.end, "label": span.label, "text": span.text}
            | {f"attrs_{name}": span.attrs.get(name) for name in ATTRS}
            | {"score": span.score}
            | _regions(span.regions)
        )
    rows["relations"] += [keys | relation.model_dump() for relation in commentary.relations]
    rows["themes"] += [keys | theme.model_dump() for theme in commentary.themes]

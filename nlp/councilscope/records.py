"""The output contract: one annotated report as frozen records, its JSON Schema and version.

Everything optional is present with `null` or `[]`, never missing. Boxes are PDF points with the origin
at the top left; pages count from 1; offsets are characters into the commentary's text, end exclusive.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSION = "1"

Kind = Literal["indicator", "action", "risk"]
Rag = Literal["red", "amber", "green", "blue", "grey"]
ShownAs = Literal["text", "letter", "icon", "colour", "heading"]
Direction = Literal["improving", "worsening", "steady"]
Polarity = Literal["higher", "lower"]
Comparator = Literal[">=", "<=", ">", "<", "="]
Section = Literal[
    "reason",
    "issue",
    "action",
    "outlook",
    "progress",
    "improvement",
    "finance",
    "impact",
    "risk",
    "strategy",
    "note",
]
Label = Literal["CAUSE", "ACTION", "OWNER", "DEADLINE"]
Status = Literal[
    "ok",
    "partial",
    "encrypted",
    "not_pdf",
    "empty",
    "damaged",
    "no_text",
    "timeout",
    "memory",
    "crashed",
    "unsupported",
    "error",
]


class Record(BaseModel):
    """Base of all records: frozen, and refusing fields the contract does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Region(Record):
    """A place in the PDF: `page` from 1, `bbox` as [x0, y0, x1, y1] in points."""

    page: int = Field(ge=1)
    bbox: tuple[float, float, float, float]


class Span(Record):
    """A stretch of a commentary: `text` is `commentary.text[start:end]`; `attrs` depend on the label."""

    start: int = Field(ge=0)
    end: int
    label: Label
    text: str
    attrs: dict[str, str | None] = Field(default_factory=dict)
    score: float = Field(default=1.0, ge=0, le=1)
    regions: tuple[Region, ...] = ()

    def __repr__(self) -> str:
        extra = " ".join(f"{k}={v}" for k, v in self.attrs.items() if v)
        return f"{self.label}({self.text!r}{' ' + extra if extra else ''})"


class Relation(Record):
    """`head` (an ACTION) to `tail` (an OWNER or a DEADLINE), by index into the commentary's spans."""

    label: Literal["owned_by", "due"]
    head: int = Field(ge=0)
    tail: int = Field(ge=0)


class Theme(Record):
    id: str
    score: float = Field(ge=0, le=1)


class Commentary(Record):
    """One section's text about a block, whole paragraphs joined by a line feed."""

    section: Section
    heading: str | None = None
    text: str
    regions: tuple[Region, ...] = ()
    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    themes: tuple[Theme, ...] = ()


class Owner(Record):
    name: str | None = None
    role: str | None = None


class Target(Record):
    """`value` is the figure as stated (94.8 for "94.8%", unit "%"); null for a target in words."""

    text: str
    value: float | None = None
    unit: str | None = None
    comparator: Comparator | None = None


class Outturn(Record):
    """One figure of one period; `period` is normalised ("2019/20 Q1", "2018/19 Year End", "Apr 2019")."""

    period: str | None = None
    text: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    unit: str | None = None
    rag: Rag | None = None
    label: str | None = None


class Block(Record):
    """One indicator, action or risk of a report."""

    id: str
    kind: Kind = "indicator"
    ref: str | None = None
    title: str
    service: str | None = None
    owners: tuple[Owner, ...] = ()
    type: str | None = None
    polarity: Polarity | None = None
    rag: Rag | None = None
    rag_shown_as: ShownAs | None = None
    direction: Direction | None = None
    target: Target | None = None
    outturns: tuple[Outturn, ...] = ()
    commentary: tuple[Commentary, ...] = ()
    regions: tuple[Region, ...] = ()
    confidence: float = Field(default=1.0, ge=0, le=1)

    def __repr__(self) -> str:
        bits = [self.kind, self.ref, repr(self.title), (self.rag or "no status").upper()]
        if self.target:
            bits.append(f"target {self.target.text}")
        if self.outturns:
            bits.append(f"{self.outturns[-1].period}: {self.outturns[-1].text}")
        bits.append(f"{len(self.commentary)} texts")
        return f"<Block {' · '.join(b for b in bits if b)}>"

    def _repr_html_(self) -> str:
        rows = [
            ("Status", " ".join(filter(None, [self.rag, self.direction]))),
            ("Service", self.service),
            ("Owners", ", ".join(filter(None, (o.name or o.role for o in self.owners)))),
            ("Target", self.target.text if self.target else None),
            ("Outturns", "; ".join(f"{o.period or '?'}: {o.text}" for o in self.outturns)),
            *((c.heading or c.section, c.text) for c in self.commentary),
        ]
        body = "".join(
            f"<tr><th style='text-align:left'>{html.escape(k)}</th><td style='text-align:left'>{html.escape(v)}</td></tr>"
            for k, v in rows
            if v
        )
        name = html.escape(" ".join(filter(None, [self.ref, self.title])))
        return f"<table><caption>{name}</caption>{body}</table>"


class Source(Record):
    path: str
    sha256: str
    pages: int = 0
    media_type: str = "application/pdf"
    ocr: tuple[int, ...] = ()
    language: str = "en"


class Council(Record):
    """`gss` is the ONS code valid in the report's period; null for a body that is not in the council file."""

    name: str
    gss: str | None = None
    evidence: str | None = None


class Period(Record):
    """`financial_year` as "2020/21"; `quarter` null for a full year; `start` and `end` as ISO dates."""

    financial_year: str
    quarter: int | None = Field(default=None, ge=1, le=4)
    start: str | None = None
    end: str | None = None
    evidence: str | None = None

    @property
    def label(self) -> str:
        return f"{self.financial_year} Q{self.quarter}" if self.quarter else self.financial_year


class Warning(Record):
    """Something that was seen and could not be read with confidence; `page` null where it concerns the whole."""

    code: str
    page: int | None = None
    message: str


class Counts(Record):
    """How many blocks have which status by the report's own summary; null for a status that it does not name.

    `text` is the summary as printed, `heading` what stands over it (nested headings joined by " > "), `scope` the name of
    its row or column where that names a part of the report, `period` the one it is told for, if another may be meant,
    `kind` what is counted.
    """

    page: int = Field(ge=1)
    heading: str | None = None
    scope: str | None = None
    period: str | None = None
    kind: Kind | None = None
    text: str
    red: int | None = None
    amber: int | None = None
    green: int | None = None
    blue: int | None = None
    grey: int | None = None


class ModelInfo(Record):
    name: str
    version: str
    hash: str


class Report(Record):
    """One annotated report."""

    schema_version: Literal["1"] = "1"
    source: Source
    council: Council | None = None
    period: Period | None = None
    title: str | None = None
    blocks: tuple[Block, ...] = ()
    counts: tuple[Counts, ...] = ()
    warnings: tuple[Warning, ...] = ()
    models: dict[str, ModelInfo] = Field(default_factory=dict)

    def to_json(self, indent: int | None = 2) -> str:
        """The contract's JSON, non-ASCII characters as they are."""
        return self.model_dump_json(indent=indent)

    def to_frames(self) -> dict[str, pd.DataFrame]:
        """The report as tidy tables: `documents`, `blocks`, `outturns`, `commentary`, `spans`, `relations`, `themes`."""
        from councilscope.frames import to_frames

        return to_frames([self])

    def __repr__(self) -> str:
        who = self.council.name if self.council else "unknown council"
        when = self.period.label if self.period else "unknown period"
        return (
            f"<Report {who} · {when} · {self.source.pages} pages · {len(self.blocks)} blocks"
            f" · {len(self.warnings)} warnings>"
        )

    def _repr_html_(self) -> str:
        head = html.escape(repr(self).strip("<>"))
        rows = "".join(
            f"<tr><td>{html.escape(b.ref or '')}</td><td style='text-align:left'>{html.escape(b.title)}</td>"
            f"<td>{html.escape(b.rag or '')}</td><td>{html.escape(b.direction or '')}</td>"
            f"<td>{html.escape(b.target.text if b.target else '')}</td><td>{len(b.commentary)}</td></tr>"
            for b in self.blocks[:50]
        )
        more = f"<p>… and {len(self.blocks) - 50} more</p>" if len(self.blocks) > 50 else ""
        return (
            f"<p>{head}</p><table><thead><tr><th>ref</th><th>title</th><th>status</th><th>direction</th>"
            f"<th>target</th><th>texts</th></tr></thead><tbody>{rows}</tbody></table>{more}"
        )


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a report, all fields required as the contract says."""
    schema = Report.model_json_schema(mode="serialization")
    for part in [schema, *schema.get("$defs", {}).values()]:
        if part.get("type") == "object" and "properties" in part:
            part["required"] = list(part["properties"])
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return schema

"""The report as one HTML file: sections of charts and tables, and behind each figure its evidence.

The file loads nothing from anywhere and works with scripts off; scripts only add a filter. Everything from reports goes
through Jinja's autoescape; charts are SVG made by Matplotlib, in which text is escaped too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from councilscope.publish.evidence import Evidence, Quote
from councilscope.publish.gather import Gathered

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Cell:
    """One cell of a table; `href` is the id of its evidence, `rag` a status that is shown as shape and word."""

    text: str
    href: str | None = None
    number: bool = False
    head: bool = False
    rag: str | None = None


@dataclass(frozen=True)
class Grid:
    """A table: headings (text, whether numbers), rows of cells with the council they belong to."""

    caption: str
    heads: Sequence[tuple[str, bool]]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """A static chart; `says` is its message in a sentence, for those who cannot see it."""

    svg: Any
    says: str


@dataclass
class Section:
    id: str
    title: str
    intro: str = ""
    parts: list[Grid | Chart | str] = field(default_factory=list)


@dataclass(frozen=True)
class Made:
    """What was written: bytes, quotations, pictures, and what kept pictures away."""

    size: int
    quotes: int
    pictures: int
    notes: tuple[str, ...]


def write_html(found: Gathered, path: str | Path, *, pictures: bool = True) -> Made:
    """Write the report. OSError where the file cannot be written."""
    from councilscope.publish.sections import sections

    evidence = Evidence(found.frames, found.blocks)
    made = sections(found, evidence)
    drawn, notes = evidence.draw() if pictures else (0, [])
    text = _render(found, made, list(evidence.quotes.values()), notes)
    data = text.encode("utf-8")
    Path(path).write_bytes(data)
    return Made(len(data), len(evidence.quotes), drawn, tuple(notes))


def _render(found: Gathered, made: Sequence[Section], quotes: Sequence[Quote], notes: Sequence[str]) -> str:
    import jinja2
    from markupsafe import Markup

    import councilscope

    environment = jinja2.Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        loader=jinja2.FunctionLoader(_data),
    )
    environment.filters["clean"] = clean
    environment.tests["grid"] = lambda part: isinstance(part, Grid)
    environment.tests["chart"] = lambda part: isinstance(part, Chart)
    councils = sorted({row for s in made for p in s.parts if isinstance(p, Grid) for row, _ in p.rows if row})
    return environment.get_template("report.html").render(
        title=found.title,
        asked=found.asked,
        made=dt.date.today().isoformat(),
        version=councilscope.__version__,
        sections=made,
        councils=councils,
        quotes=quotes,
        notes=notes,
        style=Markup(_data("report.css")),
        script=Markup(_data("report.js")),
    )


@cache
def _data(name: str) -> str:
    return (files("councilscope") / "data" / "report" / name).read_text(encoding="utf-8")


def clean(text: Any) -> str:
    """Text without control characters."""
    return CONTROL.sub("", str(text))


def picture(figure: Any, says: str) -> Chart:
    """A Matplotlib figure as a chart. Ids are made the chart's own, so that two charts in a page do not mix."""
    from markupsafe import Markup

    from councilscope.charts import svg

    text = svg(figure)
    own = f"c{abs(hash_of(text)):x}"
    text = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{own}-", text)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', text).groups()  # type: ignore[union-attr]
    opening = f'<svg role="img" aria-label="{_attribute(says)}" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    return Chart(Markup(re.sub(r"^<svg[^>]*>", lambda _: opening, text)), says)


def hash_of(text: str) -> int:
    import zlib

    return zlib.crc32(text.encode())


def _attribute(text: str) -> str:
    from markupsafe import escape

    return str(escape(clean(text)))


def as_mapping(row: Any) -> Mapping[str, Any]:
    return dict(row)


__all__ = ["Cell", "Chart", "Grid", "Made", "Section", "clean", "picture", "write_html"]

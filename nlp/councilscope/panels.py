"""Panels: lines of a box that each hold a label and, at some distance, its value, read as a table of two columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from councilscope.geometry import Box, enclose
from councilscope.lexicon import header_role
from councilscope.page import Line, Word
from councilscope.tables import Cell, Table
from councilscope.text import lines_of, segments
from councilscope.values import is_not_available, looks_like_period

LINES = 3  # a panel has at least so many


def split_panel(words: Sequence[Word], page: int) -> list[list[Word] | Table]:
    """The words of a box in runs: lines of text as words, three or more lines of label and value as a table."""
    out: list[list[Word] | Table] = []
    run: list[tuple[Line, Line]] = []
    text: list[Word] = []

    def close() -> None:
        nonlocal run, text
        if len(run) >= LINES and sum(_is_label(a) for a, _ in run) >= 0.75 * len(run) and _aligned(run):
            if text:
                out.append(text)
                text = []
            out.append(_table(run, page))
        else:
            text += [w for pair in run for part in pair for w in part.words]
        run = []

    for line in lines_of(list(words)):
        parts = segments(line)
        if len(parts) == 2 and _is_value(parts[1]) and len(parts[0].words) <= 6:
            run.append((parts[0], parts[1]))
            continue
        close()
        text += line.words
    close()
    if text:
        out.append(text)
    return out


def _text(line: Line) -> str:
    return " ".join(w.text for w in line.words)


def _is_label(line: Line) -> bool:
    text = _text(line)
    role = header_role(text.rstrip(": "))
    return text.endswith(":") or looks_like_period(text) or bool(role and role[1] >= 0.75)


def _is_value(line: Line) -> bool:
    text = _text(line)
    return len(line.words) <= 5 and (bool(re.search(r"\d", text)) or is_not_available(text))


def _aligned(run: Sequence[tuple[Line, Line]]) -> bool:
    """Whether labels begin at one place and values begin or end at one place."""

    def even(values: list[float]) -> bool:
        middle = median(values)
        return sum(1 for v in values if abs(v - middle) <= 3.0) >= 0.75 * len(values)

    return even([a.box.x0 for a, _ in run]) and (
        even([b.box.x0 for _, b in run]) or even([b.box.x1 for _, b in run])
    )


def _table(run: Sequence[tuple[Line, Line]], page: int) -> Table:
    box = enclose([part.box for pair in run for part in pair])
    middle = max(a.box.x1 for a, _ in run)
    cells = []
    for r, (a, b) in enumerate(run):
        top, foot = min(a.box.y0, b.box.y0), max(a.box.y1, b.box.y1)
        left = Box(page, box.x0, top, max(a.box.x1, min(middle, b.box.x0)), foot)
        right = Box(page, left.x1, top, box.x1, foot)
        cells.append(Cell(r, r + 1, 0, 1, left, tuple(a.words), None, (), ()))
        cells.append(Cell(r, r + 1, 1, 2, right, tuple(b.words), None, (), ()))
    return Table(box, tuple(cells), len(run), 2)

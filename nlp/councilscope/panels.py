"""Labels and values that stand apart, read as tables of two columns: panels of lines, charts with printed figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from councilscope.geometry import cluster_items, enclose
from councilscope.lexicon import header_role
from councilscope.page import Line, Word
from councilscope.tables import Cell, Table
from councilscope.text import lines_of, segments
from councilscope.values import is_not_available, looks_like_period, parse_figure

CHART = 240.0  # points: the height of a chart's plot at most
LINES = 3  # a panel has at least so many


def split_panel(words: Sequence[Word], page: int) -> list[list[Word] | Table]:
    """The words of a box in runs: lines of text as words; charts and three or more lines of label and value as tables."""
    charts, words = lift_charts(words, page)
    out: list[list[Word] | Table] = [*charts]
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

    lines = lines_of(list(words))
    starts = [parts[1].box.x0 for line in lines if len(parts := segments(line)) == 2]
    for line in lines:
        parts = segments(line)
        if len(parts) == 1 and len(starts) > 1 and (halves := _close_pair(line, starts)):
            parts = list(halves)
        if len(parts) == 2 and len(parts[0].words) <= 6 and (_is_value(parts[1]) or _is_field(parts)):
            run.append((parts[0], parts[1]))
            continue
        if run and len(parts) == 1 and _goes_on(run[-1], line):
            a, b = run[-1]
            run[-1] = (a, Line((*b.words, *line.words), b.box.union(line.box)))
            continue
        close()
        text += line.words
    close()
    if text:
        out.append(text)
    return out


def lift_charts(words: Sequence[Word], page: int) -> tuple[list[Table], list[Word]]:
    """Charts as tables of period and figure, and the words that are left.

    A chart has three or more periods in one line under its axis and, over most of them, figures at any height
    and nothing but figures close below.
    """
    parts = [s for line in lines_of(list(words)) for s in segments(line)]
    periods = [s for s in parts if len(s.words) <= 4 and looks_like_period(_text(s))]
    if len(periods) < 3:
        return [], list(words)
    figures = [s for s in parts if len(s.words) <= 2 and _is_figure(_text(s))]
    tables: list[Table] = []
    gone: set[int] = set()
    for row in cluster_items(periods, lambda s: s.box.cy, 2.0):
        axis = sorted((s for s in row if id(s) not in gone), key=lambda s: s.box.cx)
        if len(axis) < 3 or not figures:
            continue
        apart = min(b.box.cx - a.box.cx for a, b in pairwise(axis))
        pairs: list[tuple[Line, Line]] = []
        for label in axis:
            near = [f for f in figures if abs(f.box.cx - label.box.cx) < 0.35 * apart and id(f) not in gone]
            size = label.words[0].size
            if any(-1 < f.box.y0 - label.box.y1 < 1.8 * size for f in near):
                pairs = []  # a heading row with its figures below
                break
            over = [f for f in near if 0 < label.box.y0 - f.box.y1 < CHART and f.words[0].size < 1.6 * size]
            if over:
                pairs.append((label, max(over, key=lambda f: f.box.y1)))
        if len(pairs) >= 3 and len(pairs) >= 0.75 * len(axis):
            tables.append(_table(pairs, page))
            gone |= {id(part) for pair in pairs for part in pair}
    taken = {id(w) for s in parts if id(s) in gone for w in s.words}
    return tables, [w for w in words if id(w) not in taken]


def _is_figure(text: str) -> bool:
    f = parse_figure(text)
    return f is not None and f.value is not None and not looks_like_period(text)


def _text(line: Line) -> str:
    return " ".join(w.text for w in line.words)


def _is_label(line: Line) -> bool:
    text = _text(line)
    role = header_role(text.rstrip(": "))
    return text.endswith(":") or looks_like_period(text) or bool(role and role[1] >= 0.75)


def _is_value(line: Line) -> bool:
    text = _text(line)
    return len(line.words) <= 5 and (bool(re.search(r"\d", text)) or is_not_available(text))


def _close_pair(line: Line, starts: Sequence[float]) -> tuple[Line, Line] | None:
    """A label and its value with hardly a gap, told apart where the values of the other lines begin."""
    for k, w in enumerate(line.words[1:7], start=1):
        if sum(1 for x in starts if abs(x - w.box.x0) < 1.5) >= 2:
            halves = [
                Line(ws, enclose(v.box for v in ws)) for ws in (tuple(line.words[:k]), tuple(line.words[k:]))
            ]
            return (halves[0], halves[1]) if _is_label(halves[0]) else None
    return None


def _goes_on(pair: tuple[Line, Line], line: Line) -> bool:
    """Whether a line goes on with the value above it: it begins where that begins, close below."""
    value = pair[1]
    return (
        abs(line.box.x0 - value.box.x0) < 1.5
        and pair[0].box.x1 < line.box.x0
        and line.box.y0 - value.box.y1 < 0.6 * line.words[0].size
    )


def _is_field(parts: Sequence[Line]) -> bool:
    """Whether a line is a label that is sure and a value of a few words ("Owner   Deborah Haigh, Consultant")."""
    role = header_role(_text(parts[0]).rstrip(": "))
    return role is not None and role[1] >= 0.99 and len(parts[1].words) <= 12


def _aligned(run: Sequence[tuple[Line, Line]]) -> bool:
    """Whether labels begin at one place and values begin or end at one place."""

    def even(values: list[float]) -> bool:
        middle = median(values)
        return sum(1 for v in values if abs(v - middle) <= 3.0) >= 0.75 * len(values)

    return even([a.box.x0 for a, _ in run]) and (
        even([b.box.x0 for _, b in run]) or even([b.box.x1 for _, b in run])
    )


def _table(run: Sequence[tuple[Line, Line]], page: int) -> Table:
    cells = []
    for r, (a, b) in enumerate(run):
        cells.append(Cell(r, r + 1, 0, 1, a.box, tuple(a.words), None, (), ()))
        cells.append(Cell(r, r + 1, 1, 2, b.box, tuple(b.words), None, (), ()))
    return Table(enclose([part.box for pair in run for part in pair]), tuple(cells), len(run), 2)

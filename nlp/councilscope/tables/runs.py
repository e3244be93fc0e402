"""Lines cut into runs of words, and which of them are figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from councilscope.geometry import Box, enclose
from councilscope.page import Line, Word

SPACE = 0.75  # type sizes: words no further apart are one run, unless both are figures
DIGITS = 0.2  # type sizes: figures further apart are two
FIGURE = re.compile(r"[^\w]*\d(?:[^A-Za-z]*|[^A-Za-z]*[A-Za-z]{1,2}[^A-Za-z]*)")
DIGIT = re.compile(r"\d")
BLANK = re.compile(r"[–—−‐*†‡#.…·-]{1,6}|\(?(?:X|NA|N/A|n/a|na|D|S|Z|z|x)\)?")


@dataclass(frozen=True)
class Run:
    """Words of one line without wide space between them; `figure` where it is one figure."""

    words: tuple[Word, ...]
    box: Box
    figure: bool


@dataclass
class Row:
    """A line in the making of a table; it is cut into runs only where these are asked for."""

    line: Line

    @cached_property
    def runs(self) -> list[Run]:
        return runs_of(self.line)

    @cached_property
    def figures(self) -> int:
        """How many of its runs are figures, counting dashes and the like beside a figure."""
        return sum(1 for r in self.runs if r.figure) if has_digits(self.line.words, 1) else 0

    @property
    def rich(self) -> bool:
        """Whether the line speaks for a table: two figures, or one beside two texts."""
        return self.figures >= 2 or (self.figures == 1 and len(self.runs) >= 3)


def has_digits(words: Iterable[Word], need: int) -> bool:
    """Whether at least so many words hold a digit: a quick look before a thorough one."""
    for w in words:
        if not w.text.isalpha() and DIGIT.search(w.text):
            need -= 1
            if need <= 0:
                return True
    return False


def is_figure(text: str) -> bool:
    """Whether a word is a figure as statistics print it, with signs and notes around: "**12,760", "(0.3)", "$1.1M"."""
    return len(text) <= 20 and bool(FIGURE.fullmatch(text))


def runs_of(line: Line) -> list[Run]:
    """A line cut where white space is wide; two figures are always two runs."""
    groups: list[list[Word]] = [[line.words[0]]]
    for a, b in pairwise(line.words):
        gap = b.box.x0 - a.box.x1
        size = max(min(a.size, b.size), 4.0)
        if gap > SPACE * size or (gap > DIGITS * size and _stands(a.text) and _stands(b.text)):
            groups.append([b])
        else:
            groups[-1].append(b)
    return [_run(ws) for ws in groups]


def _stands(text: str) -> bool:
    return is_figure(text) or (bool(BLANK.fullmatch(text)) and text != ".")


def _run(words: list[Word]) -> Run:
    figure = all(_stands(w.text) or w.text in ("$", "£", "€", "%") for w in words) and len(words) <= 3
    return Run(tuple(words), enclose(w.box for w in words), figure and words[0].text != ".")


def ends_early(lines: Sequence[Line], width: float) -> bool:
    """Whether lines of a cell so wide are a list: most of them had room for the first word of the next."""
    room = 0
    for a, b in pairwise(lines):
        words = [w for w in a.words if any(c.isalnum() for c in w.text)] or a.words[
            :1
        ]  # leading dots end anywhere
        end = words[-1].box.x1 - a.words[0].box.x0
        room += end + 0.3 * words[-1].size + b.words[0].box.width < width
    return room >= 0.7 * (len(lines) - 1)

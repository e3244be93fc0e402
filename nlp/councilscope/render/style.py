"""Colours, shapes and words that all displays share."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Callable
from typing import IO, Any, cast

from rich.console import Console, RenderableType
from rich.terminal_theme import TerminalTheme
from rich.text import Text

RAG = {
    "red": ("◆", "RED", "bold red"),
    "amber": ("▲", "AMBER", "bold yellow"),
    "green": ("●", "GREEN", "bold green"),
    "blue": ("■", "BLUE", "bold bright_blue"),
    "grey": ("○", "GREY", "bold bright_black"),
    None: ("·", "NO STATUS", "bright_black"),
}
DIRECTION = {"improving": "↗ improving", "worsening": "↘ worsening", "steady": "→ steady"}
POLARITY = {"higher": "higher is better", "lower": "lower is better"}
SPAN = {
    "CAUSE": ("magenta", "why"),
    "ACTION": ("cyan", "what is done about it"),
    "OWNER": ("bright_blue", "who"),
    "DEADLINE": ("bold", "by when"),
}
DIM = "bright_black"
PICTURE = TerminalTheme(  # of pictures: every colour stands out from the background by 4.5 : 1 or more, dimmed by 3 : 1
    (24, 27, 33),
    (222, 226, 232),
    [
        (24, 27, 33),
        (255, 120, 110),
        (130, 210, 120),
        (245, 200, 85),
        (120, 175, 255),
        (230, 150, 245),
        (95, 215, 225),
        (222, 226, 232),
    ],
    [
        (150, 158, 170),
        (255, 140, 130),
        (160, 230, 150),
        (255, 220, 120),
        (125, 185, 255),
        (240, 175, 255),
        (130, 235, 240),
        (255, 255, 255),
    ],
)
PIPED = 100  # columns where there is no terminal to ask, unless COLUMNS says otherwise


def console(file: IO[str] | None = None, *, width: int | None = None, **options: Any) -> Console:
    """A console that leaves text as it is: no markup, no emoji codes, no guessed highlights."""
    file = file or sys.stdout
    piped = not file.isatty()
    if width is None and piped and not os.environ.get("COLUMNS", "").isdigit():
        width = PIPED
    if piped and not options:
        file = cast("IO[str]", _Trimmed(file))
    return _Console(file=file, width=width, markup=False, emoji=False, highlight=False, **options)


class _Console(Console):
    """Leaves it to the command line what happens when the reader of a pipe has left."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


class _Trimmed:
    """A stream that leaves out the blanks with which a terminal's lines are filled up."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> int:
        return self._file.write(re.sub(r" +(?=\n)", "", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def svg(paint: Callable[[Console], None], *, width: int, title: str) -> str:
    """What `paint` prints, as an SVG picture of a terminal."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        recorder = console(
            nowhere, width=width, record=True, force_terminal=True, color_system="truecolor", no_color=False
        )
        paint(recorder)
        return recorder.export_svg(title=clean(title), theme=PICTURE)


def clean(text: str | None) -> str:
    """Text without control and direction characters, line feeds apart: a PDF must not steer the terminal."""
    if not text:
        return ""
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co"))


def line(text: str | None) -> str:
    """`clean`, on one line."""
    return " ".join(clean(text).split())


def status(rag: str | None, *, word: bool = True) -> Text:
    """A status as coloured shape and word."""
    shape, name, style = RAG.get(rag, RAG[None])
    colour = style.removeprefix("bold ")
    return Text.assemble((shape, colour), " ", (name, style)) if word else Text(shape, colour)


def plural(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def joined(parts: list[Text | str], between: str = " · ") -> Text:
    """The parts that are not empty, with a light mark between them."""
    out = Text()
    for part in (p for p in parts if p):
        if out:
            out.append(between, DIM)
        out.append(part)
    return out


__all__ = [
    "DIM",
    "DIRECTION",
    "POLARITY",
    "RAG",
    "SPAN",
    "RenderableType",
    "clean",
    "console",
    "joined",
    "line",
    "plural",
    "status",
    "svg",
]

"""How a report shows status and direction of travel: words, letters, fills, signs, symbol fonts, drawings; its key."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from layouts.bank import load
from layouts.model import Block, Cell, Icon, Inline, Para, Run, Table, cell, para

RAGS = ("red", "amber", "green", "grey")
WAYS = ("improving", "steady", "worsening")
STATUS_IN_TABLE = (
    "word",
    "word_fill",
    "letter",
    "letter_fill",
    "fill",
    "value_fill",
    "dot",
    "sign",
    "wing",
    "zapf",
    "bracket",
)
STATUS_IN_TEXT = ("word", "word", "dot_word", "letter_word")
DRAWN = ("icon", "picture")
DIRECTION = ("word", "arrow", "triangle", "wing", "zapf", "coloured")
SIGNS = {"red": "✖", "amber": "!", "green": "✔"}
ZAPF = {"red": "✘", "amber": "●", "green": "✔"}
ARROWS = {1: "↑", 0: "→", -1: "↓"}
TRIANGLES = {1: "▲", 0: "►", -1: "▼"}
WING_ARROWS = {1: "é", 0: "è", -1: "ê"}
ZAPF_ARROWS = {1: "▲", 0: "➔", -1: "▼"}
TURNS = {1: "up", 0: "level", -1: "down"}
SHOWN_AS = {"word": "text", "word_fill": "text", "dot_word": "text", "bracket": "text", "letter": "letter",
            "letter_fill": "letter", "letter_word": "letter", "fill": "colour", "value_fill": "colour",
            "heading": "heading"}  # fmt: skip
HAS_NO_GREY = {"sign", "zapf"}


@dataclass(frozen=True)
class Look:
    status: str
    direction: str
    words: dict[str, str]
    meanings: dict[str, str]
    colours: dict[str, str]
    shapes: dict[str, str]
    ways: dict[str, str]
    way_meanings: dict[str, str]
    tolerance: int
    arrow_colours: dict[int, str] = field(default_factory=dict)

    @property
    def shown_as(self) -> str:
        return SHOWN_AS.get(self.status, "icon")

    def shows(self, rag: str | None) -> bool:
        """Does the report show this status at all?"""
        return rag is not None and not (rag == "grey" and self.status in HAS_NO_GREY)

    # --- status ---

    def status_run(self, rag: str | None) -> tuple[Inline, ...]:
        if rag is None or not self.shows(rag):
            return ()
        colour, word = self.colours[rag], self.words[rag]
        darker = "#b38600" if rag == "amber" else colour  # yellow type is hard to see on white
        match self.status:
            case "letter" | "letter_fill" | "letter_word":
                return (Run(letter(rag)),)
            case "fill" | "value_fill" | "heading":
                return ()
            case "dot":
                return (Run("●", colour=darker, scale=1.5),)
            case "dot_word":
                return (Run("● ", colour=colour), Run(word))
            case "sign":
                return (Run(SIGNS[rag], colour=darker, bold=True),)
            case "zapf":
                return (Run(ZAPF[rag], colour=darker, font="D050000L", scale=1.2),)
            case "wing":
                return (Run("l", colour=colour, font="Wingdings", scale=1.3),)
            case "icon" | "picture":
                shape = self.shapes[rag]
                return (Icon(shape, darker if shape == "bang" else colour, 4.0, self.status == "picture"),)
        return (Run(word),)

    def status_cell(self, rag: str | None) -> Cell:
        run = self.status_run(rag)
        filled = self.status in ("word_fill", "letter_fill", "fill") and self.shows(rag)
        fill = self.colours[rag] if filled and rag else None
        colour = "#ffffff" if fill and dark(fill) else None
        return Cell((Para(run),) if run else (), fill=fill, centre=True, colour=colour)

    def value_fill(self, rag: str | None) -> str | None:
        return self.colours[rag] if rag and self.status == "value_fill" else None

    # --- direction ---

    def direction_run(self, way: str | None, rises: int, colour: str | None = None) -> tuple[Inline, ...]:
        """`rises` says where a coloured arrow points; all other arrows point up for better."""
        if way is None:
            return ()
        turn = {"improving": 1, "steady": 0, "worsening": -1}[way]
        match self.direction:
            case "arrow":
                return (Run(ARROWS[turn], colour=colour),)
            case "triangle":
                return (Run(TRIANGLES[turn], colour=colour),)
            case "wing":
                return (Run(WING_ARROWS[turn], font="Wingdings"),)
            case "zapf":
                return (Run(ZAPF_ARROWS[turn], font="D050000L"),)
            case "icon" | "picture":
                return (Icon(TURNS[turn], "#333333", 4.0, self.direction == "picture"),)
            case "coloured":
                return (Run(ARROWS[rises], colour=self.arrow_colours[turn], bold=True),)
        return (Run(self.ways[way]),)

    def direction_cell(self, way: str | None, rises: int) -> Cell:
        run = self.direction_run(way, rises)
        return Cell((Para(run),) if run else (), centre=True)

    # --- key ---

    def status_key(self) -> list[tuple[Cell, str]]:
        rags = [r for r in RAGS if self.shows(r) and self.status != "heading"]
        if self.status in ("value_fill", "fill"):
            return [(Cell(fill=self.colours[r]), f"{self.words[r]}: {self.meanings[r]}") for r in rags]
        if self.status in ("word", "word_fill", "bracket", "dot_word"):
            filled = self.status == "word_fill"
            if not filled:
                return [(cell(self.words[r]), self.meanings[r]) for r in rags]
            return [(self.status_cell(r), self.meanings[r]) for r in rags]
        return [(self.status_cell(r), f"{self.words[r]}: {self.meanings[r]}") for r in rags]

    def direction_key(self) -> list[tuple[Cell, str]]:
        if self.direction == "coloured":
            said = {"improving": "green arrow", "steady": "grey arrow", "worsening": "red arrow"}
            arrows = {w: Cell((Para((Run("↑↓" if w != "steady" else "→", colour=self.arrow_colours[t]),)),)) for w, t in
                      zip(WAYS, (1, 0, -1), strict=True)}  # fmt: skip
            return [
                (arrows[w], f"{said[w]}: {self.way_meanings[w]} (the arrow points as the figure moved)")
                for w in WAYS
            ]
        return [(self.direction_cell(w, 0), self.way_meanings[w]) for w in WAYS]

    def key(self, heading: str, with_direction: bool) -> tuple[Block, ...]:
        """The report's key as a heading and a table of two columns."""
        pairs = self.status_key() + (self.direction_key() if with_direction else [])
        rows = tuple((sign, cell(said)) for sign, said in pairs)
        return (para(heading, level=3), Table((2.0, 6.0), rows, rules="all", whole=True, scale=0.9))


def dark(fill: str) -> bool:
    """Is white type read better on it?"""
    red, green, blue = (int(fill[k : k + 2], 16) for k in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue < 110


def letter(rag: str) -> str:
    return {"red": "R", "amber": "A", "green": "G", "grey": "N/R"}[rag]


def make(rng: Random, statuses: tuple[str, ...], directions: tuple[str, ...]) -> Look:
    devices = load("devices")
    status = rng.choice(statuses)
    tolerance = rng.choice([5, 10])
    scheme = rng.choice(devices["status"])
    if status in ("letter", "letter_fill", "letter_word"):
        scheme = devices["status"][0]
    meanings = {k: v.format(tolerance=tolerance) for k, v in scheme["key"].items()}
    shapes = rng.choice([
        dict.fromkeys(RAGS, "circle"),
        dict.fromkeys(RAGS, "square"),
        {"red": "triangle", "amber": "circle", "green": "star", "grey": "diamond"},
        {"red": "cross", "amber": "bang", "green": "tick", "grey": "circle"},
    ])  # fmt: skip
    way_meanings = {w: rng.choice(devices["direction_key"][w]) for w in WAYS}
    return Look(
        status,
        rng.choice(directions),
        scheme["words"],
        meanings,
        rng.choice(devices["colours"]["sets"]),
        shapes,
        rng.choice(devices["direction"])["words"],
        way_meanings,
        tolerance,
        {1: "#2f9e44", 0: "#777777", -1: "#e03131"},
    )

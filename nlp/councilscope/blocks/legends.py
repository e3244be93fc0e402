"""Tables that are no lists of indicators: keys and legends, counts of reds and greens; and what a key says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import zip_longest

from councilscope.blocks.columns import Header, is_figure_text
from councilscope.geometry import Box
from councilscope.layout import Element, Laid
from councilscope.lexicon import COLOUR_WORD, fold, header_role, is_one_of, mentions, starts_with
from councilscope.page import Colour, Line, Picture, Shape
from councilscope.records import Rag
from councilscope.status import (
    DULL,
    NEITHER,
    TINT,
    Key,
    arrow_turn,
    colour_name,
    is_sign,
    is_yellow,
    letter_rag,
    meaning_of,
    moved,
    names_colour,
    sign_of,
    sign_turn,
    word_direction,
    word_rag,
)
from councilscope.tables import Cell, Table
from councilscope.text import Paragraph, lines_of
from councilscope.values import looks_like_period, read_rule

TITLES = ("indicator", "action", "risk")
FIGURES = ("current", "ytd", "previous", "last_year", "same_last_year", "period", "progress")


def is_counts(table: Table, header: Header | None, key: Key | None = None) -> bool:
    """Whether a table counts reds and greens: statuses as headings or row names, whole numbers or % as cells.

    `key` knows the report's own words for statuses.
    """
    texts = [c.text for c in table.cells if c.words]
    if not texts:
        return True
    heads = {c.text for c in table.cells if c.row0 == 0 or c.col0 == 0}
    statuses = {rag for t in heads if len(t.split()) <= 4 and (rag := word_rag(t, key))} - {"grey"}
    body = [c.text for c in table.cells if c.words and c.row0 > 0 and c.col0 > 0]
    plain_numbers = [
        t
        for t in body
        if re.fullmatch(r"\d{1,4}(?: ?\(?\d{1,3}(?:\.\d+)? ?%\)?)?|\d{1,3}(?:\.\d+)? ?%|-|–|0", t)
    ]
    if not body:
        return False
    if len(plain_numbers) < 0.75 * len(body):
        return False
    if len(statuses) >= 2:
        return True
    named = header is not None and (
        header.index(*TITLES) is not None or header.index("target", "rag", "direction") is not None
    )
    names = [c.text for c in table.cells if c.col0 == 0 and c.words]
    facts = sum(1 for t in names if looks_like_period(t) or (header_role(t) or ("", 0.0))[0] == "target")
    return not named and facts < 2 and table.n_cols <= 3 and not (header and header.all("period"))


def is_glossary(table: Table, header: Header | None, heading: str | None) -> bool:
    """Whether a table explains words or abbreviations: two columns under such a heading, or initials and their words."""
    if table.n_cols != 2 or (header is not None and header.all("target", "period", "current", "rag")):
        return False
    rows = [[c for c in table.row(r) if c.words] for r in range(table.n_rows)]
    pairs = [(r[0].text, r[1].text) for r in rows if len(r) == 2]
    if not pairs or any(c.shapes or c.pictures for r in rows for c in r):
        return False
    if heading is not None and starts_with(heading, "glossary"):
        return True
    spelled = [a for a, b in pairs if len(a) >= 2 and initials(b).startswith(fold(a).replace(" ", ""))]
    return len(spelled) >= 2 and len(spelled) >= 0.5 * len(pairs)


def is_paper_head(table: Table) -> bool:
    """Whether a table says by label and value for which meeting a paper was written, by whom and when."""
    if table.n_cols > 4 or table.n_rows < 2:
        return False
    rows = [[c.text for c in table.row(r) if c.words] for r in range(table.n_rows)]
    heads = [texts[0] for texts in rows if texts]
    told = sum(1 for t in heads if is_one_of(t.rstrip(": "), "paper_labels"))
    return told >= 2 and told >= 0.6 * len(heads)


def initials(text: str) -> str:
    return "".join(w[0] for w in fold(text).split())


def is_key(
    table: Table, header: Header | None, key_words: Callable[[str], bool] = lambda t: mentions(t, "key")
) -> bool:
    """Whether a table explains colours and signs: few rows, each with a status and words about targets."""
    texts = [c.text for c in table.cells if c.words]
    first = fold(texts[0]) if texts else ""
    if first in ("key", "legend", "rag key", "key to symbols", "status key") or first.startswith(
        ("key to", "key:", "rag key", "rag status key")
    ):
        return True
    if table.n_rows > 9:
        return False
    long_texts = [t for t in texts if len(t.split()) >= 2]

    def told(share: float) -> bool:
        """Whether so many of the long texts are about targets and statuses, and two cells or more show one."""
        shown = sum(
            1
            for c in table.cells
            if (c.words and word_rag(c.text))
            or ((c.shapes or c.pictures) and len(c.text.split()) <= 12)
            or (len(c.text) <= 2 and (c.fill or (c.words and not c.text.isalnum())))
        )
        if shown < 2:
            return False
        about = sum(
            1 for t in long_texts if key_words(t) or word_rag(t) or word_direction(t) or moved(t, "higher")
        )
        return about >= share * len(long_texts)

    measured = header is not None and header.all("target") and any(c.period for c in header.columns)
    if table.n_rows <= 2 and len(texts) >= 3 and not measured and told(0.5):
        return True
    if (table.n_cols <= 3 and _explains(table)) or _explains_in_pairs(table):
        return True
    if header is not None and header.all("target", "period", "current", "owner", "ref", "due"):
        return False
    return bool(long_texts) and told(0.6)


def _explains(table: Table) -> bool:
    """Whether each row has a different status in its first cell and words, no figures, beside it."""
    rows = [table.row(r) for r in range(table.n_rows)]
    shown = [
        (c, colour_name(c.fill, 0.11) or word_rag(c.text))
        for r in rows
        if r and (c := r[0]) and len(c.text.split()) <= 3
    ]
    named = [(c.text, what) for c, what in shown if what and what != "purple"]
    others = [c.text for r in rows for c in r[1:] if c.words]
    if len(named) < max(3, 0.7 * len(rows)) or len({t or w for t, w in named}) < len(named):
        return False
    if table.n_cols == 2 and not any(t for t, _ in named) and all(len(t.split()) <= SHORT for t in others):
        return bool(others) and not any(is_figure_text(t) for t in others)
    return (
        bool(others)
        and sum(len(t.split()) for t in others) / len(others) >= 3
        and not any(is_figure_text(t) for t in others)
    )


def _explains_in_pairs(table: Table) -> bool:
    """Whether two or more pairs of columns hold a sign, letter or swatch at the left and words at its right, each sign of
    a pair but once."""
    if table.n_cols < 4 or table.n_cols % 2 or table.n_rows > 9:
        return False
    pairs = 0
    for k in range(0, table.n_cols, 2):
        cells = {(c.row0, c.col0): c for c in table.cells if c.col0 in (k, k + 1) and c.col1 - c.col0 == 1}
        rows = [(cells.get((r, k)), cells.get((r, k + 1))) for r in range(table.n_rows)]
        told = [(_mark(a), b.text) for a, b in rows if a is not None and b is not None and b.words]
        marks = [m for m, _ in told if m is not None]
        if any(m is None for m, _ in told) or len(set(marks)) < len(marks):
            return False
        if any(is_figure_text(t) for _, t in told):
            return False
        pairs += len(marks) >= 3
    return pairs >= 2


def _mark(c: Cell) -> tuple[str | None, str | None, str] | None:
    """What a cell shows as a sign: its colour, where it points and its letter; None where it shows words or nothing."""
    signs = [sign_of(w) for w in c.words]
    if len(c.text) > 2:
        return None
    drawn: list[tuple[Colour | None, str | None]] = [
        (s.colour, arrow_turn(s)) for s in c.shapes if _outer(s, c.shapes)
    ]
    drawn += [(q.colour, q.turn) for q in c.pictures]
    if not (drawn or signs or c.fill):
        return None
    colour, turn = drawn[0] if drawn else (c.fill or c.words[0].colour, None)
    return colour_name(colour, TINT), turn, "".join(signs)


# --- what a key says ----------------------------------------------------------------------------------------

SHORT = 4  # words: a name of a status, no description of it
COLOURED = ("red", "amber", "green", "blue", "grey")


def learn_key(table: Table, key: Key) -> None:
    """Take over what a key says: words, letters and signs by their colour, unusual colours by their description."""
    for r in range(table.n_rows):
        cells = table.row(r)
        turned = _described_before(cells)
        for k, c in enumerate(cells):
            if (c.shapes or c.pictures or any(is_sign(sign_of(w)) for w in c.words)) and len(c.words) > 1:
                marks = [m for ln in lines_of(c.words) for m in _marked(ln, c.shapes, c.pictures)]
                if len(marks) == 1:  # its words may take several lines
                    marks = [(*marks[0][:2], c.text)]
                for colour, turn, said in marks:
                    _learn_mark(colour, turn, said, key)
                if marks:
                    continue
            after = next((d for d in (cells[:k][::-1] if turned else cells[k + 1 :]) if d.words), None)
            said = after.text if after else c.text
            if not said and not turned and r + 1 < table.n_rows:
                said = next((d.text for d in table.row(r + 1) if d.col0 == c.col0 and d.words), "")
            _learn_cell(c, said, after is not None, key)


def _described_before(cells: Sequence[Cell]) -> bool:
    """Whether the words for each swatch of a row stand before it: by which side agrees with more of the colours."""
    before = after = 0
    for k, c in enumerate(cells):
        name = colour_name(c.fill, TINT) or next((n for s in c.shapes if (n := colour_name(s.colour))), None)
        if name not in COLOURED or len(c.text.split()) > SHORT:
            continue
        before += k > 0 and meaning_of(cells[k - 1].text) == name
        after += k + 1 < len(cells) and meaning_of(cells[k + 1].text) == name
    return before > after


def _learn_cell(c: Cell, said: str, beside: bool, key: Key) -> None:
    """What one cell of a key shows, described by `said`, which stands beside it or is its own text."""
    own = c.text
    meaning = meaning_of(said)
    filled = c.fill if len(own.split()) <= SHORT else None
    signs = [(sign_of(w), w.colour) for w in c.words] if len(c.words) == 1 and len(own) <= 2 else []
    icons = (
        [s.colour for s in c.shapes if _outer(s, c.shapes)]
        + [p.colour for p in c.pictures]
        + [colour for _, colour in signs]
    )
    for colour in icons:
        key.learn_colour(colour, meaning)
    key.learn_colour(filled, meaning, TINT)
    shown = next((n for n in map(colour_name, icons) if n in COLOURED), None) or colour_name(filled, TINT)
    rag = word_rag(own) if names_colour(own) and len(own.split()) <= SHORT else None
    if shown in COLOURED or rag:
        yellow = any(
            is_yellow(x) for x in (*icons, filled) if x is not None and colour_name(x, TINT) == "amber"
        )
        _learn_rule("yellow" if yellow or fold(own) == "yellow" else rag or shown, said, key)
    for turn in _turns(c, signs):
        _learn_arrow(turn, said, key)
    if way := word_direction(said):
        arrows = [(arrow_turn(x), x.colour) for x in c.shapes] + [(q.turn, q.colour) for q in c.pictures]
        arrows += [(sign_turn(sign), colour) for sign, colour in signs]
        key.arrows += [(turn, colour, way) for turn, colour in arrows if turn and colour is not None]
    if shown in COLOURED:
        name = key.colours.get(shown, shown) if shown in ("blue", "grey") else shown
        if 1 <= len(own.split()) <= SHORT and len(own) > 2 and (beside or not word_rag(own)):
            if filled is not None and beside:
                key.words[fold(own)] = name  # type: ignore[assignment]
            else:
                key.words.setdefault(fold(own), name)  # type: ignore[arg-type]
        if not own:
            _learn_name(name, said, key)
    drawn = any(sign_of(w) != w.text for w in c.words)  # a letter of a symbol font is no letter
    if beside and 1 <= len(own) <= 3 and own.isalpha() and not drawn and not word_direction(own):
        letter = _letter_meaning(own, said, meaning)
        if letter:
            key.words.setdefault(fold(own), letter)
    scale = not (shown or icons) and beside and len(own) > 2 and len(own.split()) <= SHORT  # of words alone
    if scale and not names_colour(own) and not word_direction(own):
        step = _colour_in_words(said) or word_rag(own) or _distance(said) or meaning
        if step:
            key.words.setdefault(fold(own), step)
    if signs and meaning and not _turns(c, signs):
        sign, colour = signs[0]
        if colour_name(colour) is None and sign.strip() and not sign.isalnum():
            key.signs.setdefault(sign, meaning)


def _colour_in_words(said: str) -> Rag | None:
    """The colour that a description names in brackets, if it is but one ("The result is within 5% of the target (amber)")."""
    named = {word_rag(w) for w in re.findall(rf"\(({COLOUR_WORD})\)", said, re.IGNORECASE)}
    return named.pop() if len(named) == 1 else None


def _distance(said: str) -> Rag | None:
    """Red or amber for a description that says how far from its target a measure is ("5% or more adrift of target")."""
    for rag in ("red", "amber"):
        rule = read_rule({rag: said})
        if rule is not None and rule.amber is not None:
            return rag
    return None


def _learn_name(rag: str | None, said: str, key: Key) -> None:
    """What a colour is called: the whole text beside it, or what stands before a colon ("Close: within 5% of target")."""
    named = re.match(r"([A-Z][^:]{2,40}): ", said)
    name = named.group(1) if named else said
    if 1 <= len(name.split()) <= SHORT and not word_rag(name):
        key.words.setdefault(fold(name), rag)  # type: ignore[arg-type]


def _letter_meaning(letter: str, said: str, meaning: Rag | None) -> Rag | None:
    """What a letter of a key means: the colour that its description names first, except where R, A and G say it anyway."""
    known = letter_rag(letter)
    if known in ("red", "amber", "green"):
        return None
    first = re.match(rf"\W*({COLOUR_WORD})\b\W*", said, re.IGNORECASE)
    named = word_rag(first.group(1)) if first else None
    if named in ("red", "amber", "green"):
        return named
    return (meaning_of(said[first.end() :]) or named) if first else meaning


def _turns(c: Cell, signs: Sequence[tuple[str, Colour]]) -> list[str]:
    drawn = [t for s in c.shapes if (t := arrow_turn(s))] + [p.turn for p in c.pictures if p.turn]
    return drawn + [t for sign, _ in signs if (t := sign_turn(sign))]


def _learn_arrow(turn: str, said: str, key: Key) -> None:
    """Whether arrows show performance or the figure: "performance has improved" or "value has increased"."""
    way = {"up": "higher", "down": "lower"}.get(turn)
    if way is None or word_direction(said) or not (moved(said, "higher")):
        return
    if (moved(said, "higher") == "improving") == (way == "higher"):
        key.arrows_show_value = True


def _learn_rule(rag: str | None, said: str, key: Key) -> None:
    """The description of a colour; the first that gives a figure or speaks of a target counts."""
    text = re.sub(rf"^\W*{COLOUR_WORD}\b\W*", "", said, flags=re.IGNORECASE)
    if rag in ("red", "amber", "yellow", "green") and is_rule(text):
        key.rules.setdefault(rag, text)


KEY_PAIR = re.compile(
    r"(?P<word>[A-Z][A-Za-z]+(?: [A-Za-z]+){0,3}) \((?P<colour>(?i:red|amber|green|blue|grey|yellow))\)"
    r"|(?:^|[;.,:] ?)(?P<c2>[Rr]ed|[Aa]mber|[Gg]reen|[Bb]lue|[Gg]rey|RED|AMBER|GREEN|BLUE|GREY) ?[–=:-] ?(?P<w2>[a-z][a-z ]{2,30})(?=[;.,]|$)"
)
RULE_START = re.compile(
    r"(?:^|(?<=[;.,:|•)\s]))(?P<c>(?i:red|amber|green|yellow))\b(?: status)?(?: ?[–=:-] ?| is | means )"
)


KEY_COLOURS = ("red", "amber", "green", "blue", "grey", "yellow")
KEY_COLOUR = re.compile(
    r"\((?:red|amber|green|blue|grey|yellow)\)|(?:red|amber|green|blue|grey) ?[–=:-]", re.IGNORECASE
)  # what each of its pairs holds


def learn_key_line(text: str, key: Key) -> None:
    """What a line of prose ties to colours: "COMPLETE (blue); ON TRACK (green)", "blue – done; green – on course".

    The descriptions of red, amber and green ("Amber: up to 5% below target") are kept as the report's rule.
    """
    low = text.casefold()
    if not any(colour in low for colour in KEY_COLOURS):
        return
    starts = list(RULE_START.finditer(text))
    if len({s.group("c").casefold() for s in starts}) >= 2 or (starts and starts[0].start() == 0):
        for s, nxt in zip(starts, [*starts[1:], None], strict=True):
            said = text[s.end() : nxt.start() if nxt else len(text)].strip(" ;,.|\n")
            if len(said.split()) <= 25:
                _learn_rule(s.group("c").casefold(), said, key)
    if not KEY_COLOUR.search(text):
        return
    found = list(KEY_PAIR.finditer(text))
    if len(found) < 2:
        return
    for m in found:
        colour = word_rag(m.group("colour") or m.group("c2"))
        word = fold(m.group("word") or m.group("w2"))
        if not colour or not word:
            continue
        if colour in ("blue", "grey") and m.group("w2") and (meaning := meaning_of(word)):
            key.colours.setdefault(colour, meaning)
            colour = meaning
        key.words.setdefault(word, colour)
        for n in range(1, len(word.split())):  # "statuses: COMPLETE (blue)" has run on from its sentence
            key.words.setdefault(" ".join(word.split()[n:]), colour) if m.group("word") else None


def learn_key_icons(
    p: Paragraph, shapes: Sequence[Shape], pictures: Sequence[Picture], key: Key, under_key: bool
) -> None:
    """What icons in a line of a key mean by the words to their right: "● On target ● Within tolerance".

    `under_key` is True where a heading above says that a key follows; else the line itself must begin as a key does.
    """
    marks = [m for ln in p.lines for m in _marked(ln, shapes, pictures)]
    names = {colour_name(colour, DULL) for colour, turn, _ in marks if turn is None}
    if under_key or starts_with(p.text, "key_start") or {"red", "amber", "green"} <= names:
        for colour, turn, said in marks:
            if len(said.split()) <= 20:
                _learn_mark(colour, turn, said, key)


def is_marked(e: Element, laid: Laid) -> bool:
    """Whether each line of a paragraph begins with an icon, small picture or sign and goes on with words."""
    if e.paragraph is None or e.heading:
        return False
    drawn = laid.shapes.get(e.page, []), laid.pictures.get(e.page, [])
    return all(len(ln.words) <= 12 and _marked(ln, *drawn) for ln in e.paragraph.lines)


def swatch_lists(laid: Laid) -> set[int]:
    """Identities of paragraphs that follow each other with a swatch before each, red, amber and green among them, or
    with arrows before each and what they mean."""
    out: set[int] = set()
    run: list[tuple[int, set[str | None]]] = []
    for e in [*laid.elements, None]:
        names: set[str | None] = set()
        if e is not None and e.paragraph is not None:
            ln = e.paragraph.lines[0]
            marks = _marked(ln, laid.shapes.get(e.page, []), laid.pictures.get(e.page, []))
            names = {
                colour_name(c, DULL) for c, turn, said in marks if turn is None and len(said.split()) > 1
            }
        if e is not None and names:
            run.append((id(e), names))
            continue
        arrows = sum("arrow" in n for _, n in run)
        if {"red", "amber", "green"} <= set().union(*(n for _, n in run)) or arrows >= 2:
            out |= {i for i, _ in run}
        run = []
    return out


def _marked(
    ln: Line, shapes: Sequence[Shape], pictures: Sequence[Picture]
) -> list[tuple[Colour | None, str | None, str]]:
    """Each icon, small picture or sign in a line: its colour, where it points, and the words up to the next one."""

    top, foot, right = ln.box.y0 - 2, ln.box.y1 + 2, ln.box.x1

    def beside(box: Box) -> bool:
        return top <= (box.y0 + box.y1) / 2 <= foot and box.x0 < right

    marks: list[tuple[Box, Colour | None, str | None]] = [
        (s.box, s.colour, arrow_turn(s)) for s in shapes if beside(s.box) and _outer(s, shapes)
    ]
    marks += [(q.box, q.colour, q.turn) for q in pictures if beside(q.box)]
    signs = set()
    for w in [w for w in ln.words if len(w.text) <= 2]:
        sign = sign_of(w)
        if len(sign) <= 2 and not sign.isalnum() and (is_sign(sign) or sign_turn(sign)):
            marks.append((w.box, w.colour, sign_turn(sign)))
            signs.add(id(w))
    if not marks:
        return []
    plain = [w for w in ln.words if id(w) not in signs]
    marks.sort(key=lambda m: m[0].x0)
    out: list[tuple[Colour | None, str | None, str]] = []
    bare: list[
        tuple[Colour | None, str | None]
    ] = []  # signs right before one that has words: they share them
    for (box, colour, turn), nxt in zip_longest(marks, marks[1:]):
        end = nxt[0].x0 if nxt else float("inf")
        said = " ".join(w.text for w in plain if box.x0 <= w.box.x0 < end)
        if said:
            out += [(c, t, said) for c, t in (*bare, (colour, turn)) if c == colour]
        bare = [] if said else [*bare, (colour, turn)] if turn else bare
    return out


def _outer(s: Shape, shapes: Sequence[Shape]) -> bool:
    """Whether a shape is not drawn upon a larger one, as the tick in a dot is."""
    return not any(o.box.area > s.box.area and o.box.contains_point(s.box.cx, s.box.cy) for o in shapes)


def _learn_mark(colour: Colour | None, turn: str | None, said: str, key: Key) -> None:
    """What one icon of a key means by the words beside it."""
    if turn:
        _learn_arrow(turn, said, key)
        way = NEITHER if re.search(r"(?i)\bneither\b", said) else word_direction(said)
        if colour is not None and way:
            key.arrows.append((turn, colour, way))
    key.learn_colour(colour, meaning_of(said))
    name = colour_name(colour, DULL)
    _learn_rule("yellow" if colour and name == "amber" and is_yellow(colour) else name, said, key)
    head, colon, _ = said.partition(":")
    word = head if colon and len(head.split()) <= 4 else said
    if name in ("red", "amber", "green", "grey") and len(word.split()) <= SHORT:
        key.words.setdefault(fold(word), name)  # type: ignore[arg-type]


def is_rule(text: str) -> bool:
    """Whether a description says how far from its target a measure may be."""
    return bool(re.search(r"\d", text)) or meaning_of(text) is not None

"""Tables that are no lists of indicators: keys and legends, counts of reds and greens; and what a key says."""

from __future__ import annotations

import re
from collections.abc import Callable

from councilscope.blocks.columns import Header, is_figure_text
from councilscope.lexicon import fold, header_role, mentions, word_list
from councilscope.status import (
    Key,
    colour_name,
    word_direction,
    word_rag,
)
from councilscope.tables import Table
from councilscope.values import looks_like_period

TITLES = ("indicator", "action", "risk")
FIGURES = ("current", "ytd", "previous", "last_year", "same_last_year", "period", "progress")


def is_counts(table: Table, header: Header | None) -> bool:
    """Whether a table counts reds and greens: statuses as headings or row names, whole numbers or % as cells."""
    texts = [c.text for c in table.cells if c.words]
    if not texts:
        return True
    heads = {c.text for c in table.cells if c.row0 == 0 or c.col0 == 0}
    statuses = {word_rag(t) for t in heads if len(t.split()) <= 4 and word_rag(t)} - {"grey"}
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
    long_texts = [t for t in texts if len(t.split()) >= 2]
    about = sum(1 for t in long_texts if key_words(t) or word_rag(t) or word_direction(t))
    shown = sum(
        1
        for c in table.cells
        if (c.words and word_rag(c.text))
        or ((c.shapes or c.pictures) and len(c.text.split()) <= 12)
        or (len(c.text) <= 2 and (c.fill or (c.words and not c.text.isalnum())))
    )
    if table.n_rows <= 2 and len(texts) >= 3 and about >= 0.5 * len(long_texts) and shown >= 2:
        return True
    if table.n_rows <= 9 and table.n_cols <= 3 and _explains(table):
        return True
    if header is not None and header.all("target", "period", "current", "owner", "ref", "due"):
        return False
    if table.n_rows > 9:
        return False
    if not long_texts:
        return False
    return about >= 0.6 * len(long_texts) and shown >= 2


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
    return (
        bool(others)
        and sum(len(t.split()) for t in others) / len(others) >= 3
        and not any(is_figure_text(t) for t in others)
    )


def learn_key(table: Table, key: Key) -> None:
    """Take over what a key says: words and unusual colours by their description."""
    for r in range(table.n_rows):
        cells = table.row(r)
        for k, c in enumerate(cells):
            after = next((d for d in cells[k + 1 :] if d.words), None)
            said = after.text if after else c.text
            meaning = word_rag(said) or _word_in(said)
            names = [colour_name(s.colour) for s in c.shapes] + [colour_name(p.colour) for p in c.pictures]
            names += [colour_name(c.fill, 0.11)] if len(c.text.split()) <= 4 else []
            names += (
                [colour_name(w.colour) for w in c.words] if len(c.words) == 1 and len(c.text) == 1 else []
            )
            for name in names:
                if name in ("blue", "purple") and meaning and name not in key.colours:
                    key.colours[name] = meaning  # type: ignore[assignment]
                if (
                    name in ("red", "amber", "green", "blue")
                    and 1 <= len(c.text.split()) <= 4
                    and len(c.text) > 2
                    and not word_rag(c.text)
                ):
                    key.words.setdefault(fold(c.text), name)  # type: ignore[arg-type]
            if (
                after is not None
                and len(c.text) > 2
                and re.search(r"[a-z]", c.text.casefold())
                and c.fill is not None
            ):
                name = colour_name(c.fill, 0.11)
                if name in ("red", "amber", "green", "blue", "grey"):
                    key.words[fold(c.text)] = name  # type: ignore[assignment]


KEY_PAIR = re.compile(
    r"(?P<word>[A-Z][A-Za-z]+(?: [A-Za-z]+){0,3}) \((?P<colour>red|amber|green|blue|grey|yellow)\)"
    r"|(?:^|[;.,:] ?)(?P<c2>[Rr]ed|[Aa]mber|[Gg]reen|[Bb]lue|[Gg]rey) ?[–=:-] ?(?P<w2>[a-z][a-z ]{2,30})(?=[;.,]|$)"
)


def learn_key_line(text: str, key: Key) -> None:
    """Words that a line of prose ties to colours: "COMPLETE (blue); ON TRACK (green)", "blue – done; green – on course"."""
    found = list(KEY_PAIR.finditer(text))
    if len(found) < 2:
        return
    for m in found:
        colour = word_rag(m.group("colour") or m.group("c2"))
        word = fold(m.group("word") or m.group("w2"))
        if colour and word:
            key.words.setdefault(word, colour)
            for n in range(1, len(word.split())):  # "statuses: COMPLETE (blue)" has run on from its sentence
                key.words.setdefault(" ".join(word.split()[n:]), colour) if m.group("word") else None


def _word_in(text: str) -> str | None:
    """A status said anywhere in a key's description, for colours that have no meaning of their own."""
    s = f" {fold(text)} "
    for rag in ("blue", "grey", "amber", "green", "red"):
        for w in word_list(rag):
            if f" {w} " in s and len(w) > 3:
                return rag
    return None

"""Counts of statuses that a report prints itself: "12 red, 5 amber, 30 green", "Green 30 (64%)", a table of them.

Only what surely is such a count is taken: two statuses or more, each with its own number, in one sentence, in lines that
follow each other, or in a table that was set aside as counts. What belongs to an item is its commentary, no summary.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from councilscope.blocks.draft import Draft
from councilscope.blocks.unread import outside, taken_by
from councilscope.layout import Element, Laid
from councilscope.lexicon import fold, load_toml, status_words
from councilscope.records import Counts
from councilscope.status import Key, word_rag
from councilscope.tables import Cell, Table
from councilscope.values import looks_like_period, parse_period, period_in

COLOURS = ("red", "amber", "green", "blue", "grey")
BRIEF = 8  # words of a line that is one count and nothing else
LONGEST = 160  # characters of a summary that are kept as its text
PERCENT = r"\d{1,3}(?:\.\d+)? ?%"
CELL = re.compile(rf"(\d{{1,4}})(?: ?\(?{PERCENT}\)?)?|{PERCENT} ?\((\d{{1,4}})\)|([-–—])")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)")
Pair = tuple[str, str, int]  # the status as printed, its colour, and how many


def printed_counts(laid: Laid, drafts: Iterable[Draft], aside: Iterable[int], key: Key) -> tuple[Counts, ...]:
    """Every count of statuses in a report. `aside`: identities of the tables read as keys or as counts."""
    tables, taken = set(aside), taken_by(drafts)
    found: list[Counts] = []
    headings: list[tuple[float, str]] = []
    run: list[tuple[Element, str, Pair]] = []
    for e in laid.elements:
        pair = None
        heading = " > ".join(text for _, text in headings) or None
        if e.table is not None:
            found += _of_table(e.table, e.page, heading, key) if id(e.table) in tables else ()
        elif e.paragraph is not None:
            free = len(outside(e.paragraph.words, taken)) > 0.5 * len(e.paragraph.words)
            said = _of_text(e.paragraph.text, e.page, heading, key) if free else []
            found += said
            pair = _alone(e.paragraph.text, key) if free and not said else None
        if pair is None or (run and run[-1][0].page != e.page):
            found += _of_run(run, heading)
            run = []
        if pair is not None and e.paragraph is not None:
            run.append((e, e.paragraph.text, pair))
        elif e.heading and e.paragraph is not None:
            while headings and headings[-1][0] <= e.level + 0.02:
                headings.pop()
            headings.append((e.level, " ".join(e.paragraph.text.split())))
    return tuple(dict.fromkeys([*found, *_of_run(run, " > ".join(t for _, t in headings) or None)]))


# --- in words -----------------------------------------------------------------------------------------------


def _of_text(text: str, page: int, heading: str | None, key: Key) -> list[Counts]:
    found = []
    for sentence in SENTENCE.split(text):
        pairs = pairs_in(sentence, key)
        if len({rag for _, rag, _ in pairs}) < 2 or len({w for w, _, _ in pairs}) < len(pairs):
            continue
        if any(f" {w} " in f" {fold(sentence)} " for w in _words("elsewhere")):
            continue
        kind = _kind(sentence, (word for word, _, _ in pairs))
        if kind is None and not all(_is_certain(word, key) for word, _, _ in pairs):
            continue  # "12 were missed and 5 delayed" may be of bins
        found.append(_counts(pairs, page, heading, None, period_in(sentence), kind, sentence))
    return found


def _of_run(run: Sequence[tuple[Element, str, Pair]], heading: str | None) -> list[Counts]:
    """Lines below each other, each with one status and its number: one count."""
    pairs = [pair for _, _, pair in run]
    if len({rag for _, rag, _ in pairs}) < 2 or len({w for w, _, _ in pairs}) < len(pairs):
        return []
    text = ", ".join(" ".join(t.split()) for _, t, _ in run)
    return [
        _counts(pairs, run[0][0].page, heading, None, None, _kind(text, (word for word, _, _ in pairs)), text)
    ]


def _alone(text: str, key: Key) -> Pair | None:
    """The one count that a short line holds beside nothing but words for what is counted."""
    pairs = pairs_in(text, key) if len(text.split()) <= BRIEF else []
    if len(pairs) != 1 or not _is_certain(pairs[0][0], key):
        return None
    known = {*_words("between"), *_nouns(), *pairs[0][0].split(), *_numbers()}
    rest = [w for w in fold(text).split() if w not in known and not re.fullmatch(r"\(?\d+%?\)?", w)]
    return None if rest else pairs[0]


def pairs_in(text: str, key: Key) -> list[Pair]:
    """The statuses of a sentence with the number that belongs to each, from left to right.

    Numbers stand before all statuses or behind all; the way that gives more pairs counts.
    """
    said = " ".join(text.casefold().replace("–", "-").replace("\n", "; ").split())
    if not any(c.isdigit() for c in said) and not any(f" {n} " in f" {said}" for n in _numbers()):
        return []
    before, behind = _patterns(tuple(sorted(key.words)))
    ways = [[m for m in p.finditer(said) if not m["s"].isdigit()] for p in (before, behind)]
    best = max(ways, key=len)
    pairs = [(m["s"], key.words.get(fold(m["s"])) or word_rag(m["s"]), _number(m["n"])) for m in best]
    return [(word, rag, n) for word, rag, n in pairs if rag is not None]


@lru_cache(maxsize=64)
def _patterns(own: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Number before status, and status before number, with the words that may stand between."""
    status = _any(w for w in (*own, *status_words()) if len(w) > 1)
    number = rf"(?P<n>\d{{1,3}}|{_any(n for n in _numbers())})"
    nouns = _any(_nouns())
    between = _any([*_words("between"), *_nouns()])
    share = rf"(?: ?\({PERCENT}\)| ?, ?{PERCENT},)?"
    end = rf"(?=\s*(?:$|[,.;:()|/]|-|and\b|with\b|while\b|but\b|&|\+|{nouns}\b))"
    before = rf"(?<![\w.,/£%-])\(?{number}\)?{share}(?: (?:of|out of) (?:the )?\d{{1,3}}{share})?"
    before += rf"(?:(?: (?:{between})){{0,4}}{share}){{1,2}} \(?(?P<s>{status}){end}"
    behind = rf"(?<![\w-])(?P<s>{status})(?: (?:{nouns}|total|status|rated)){{0,3}}\)?\s*[:=(-]?\s*(?:{PERCENT} ?[(,-] ?)?{number}"
    behind += r"(?![\w£])(?![.,/]\d|-\d| ?%)"
    return re.compile(before), re.compile(behind)


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def _is_certain(word: str, key: Key) -> bool:
    """Whether a word is a colour of the scale or one of the report's own key."""
    return fold(word) in key.words or word in COLOURS


def _kind(text: str, statuses: Iterable[str] = ()) -> Any:
    """The contract's kind of what a sentence counts, None where it names none or several; "at risk" names none."""
    said = f" {fold(text)} "
    for status in statuses:
        said = said.replace(f" {fold(status)} ", "  ")
    kinds = {kind for kind, nouns in _list("nouns").items() if any(f" {n} " in said for n in nouns)}
    return kinds.pop() if len(kinds) == 1 else None


# --- in tables ----------------------------------------------------------------------------------------------


def _of_table(table: Table, page: int, heading: str | None, key: Key) -> list[Counts]:
    """One count a row under headings that are statuses, or one a column beside names that are."""
    by = {(c.row0, c.col0): c for c in table.cells if c.words}
    for row in range(min(table.n_rows, 3)):
        heads = {c.col0: c for c in table.row(row) if c.words and _status(c, key)}
        if len({_status(c, key) for c in heads.values()}) >= 2:
            lines = [
                (by.get((r, 0)), {k: by.get((r, k)) for k in heads}) for r in range(row + 1, table.n_rows)
            ]
            return [
                made
                for name, cells in lines
                if (made := _of_line(heads, cells, None if 0 in heads else name, page, heading, key))
            ]
    heads = {c.row0: c for c in table.cells if c.col0 == 0 and c.words and _status(c, key)}
    if len({_status(c, key) for c in heads.values()}) < 2:
        return []
    top = min(heads)
    columns = [
        (by.get((top - 1, k)) if top else None, {r: by.get((r, k)) for r in heads})
        for k in range(1, table.n_cols)
    ]
    return [m for name, cells in columns if (m := _of_line(heads, cells, name, page, heading, key))]


def _of_line(
    heads: Mapping[int, Cell], cells: Mapping[int, Cell | None], name: Cell | None, page: int,
    heading: str | None, key: Key,
) -> Counts | None:  # fmt: skip
    """The count of one row or column; None where a cell holds no whole number."""
    pairs: list[Pair] = []
    for at, head in heads.items():
        cell = cells[at]
        found = CELL.fullmatch(cell.text.strip()) if cell is not None else None
        if found is None:
            return None
        pairs.append((fold(head.text), str(_status(head, key)), int(found[1] or found[2] or 0)))
    said = " ".join(name.text.split()) if name is not None else ""
    period = parse_period(said) if looks_like_period(said) else None
    scope = None if period or _is_whole(said) else said
    text = ", ".join(f"{head.text} {n}" for head, (_, _, n) in zip(heads.values(), pairs, strict=True))
    return _counts(pairs, page, heading, scope, period, _kind(said), text)


def _status(cell: Cell, key: Key) -> str | None:
    words = [w for w in fold(cell.text).split() if w not in _nouns()]
    if not 1 <= len(words) <= 4:
        return None
    return key.words.get(" ".join(words)) or word_rag(" ".join(words), key)


def _is_whole(name: str) -> bool:
    known = {*_words("whole"), *_words("between"), *_nouns()}
    return fold(name) in known or all(w in known for w in fold(name).split())


# --- both ---------------------------------------------------------------------------------------------------


def _counts(
    pairs: Sequence[Pair], page: int, heading: str | None, scope: str | None, period: str | None, kind: Any,
    text: str,
) -> Counts:  # fmt: skip
    sums: dict[str, int] = {}
    for _, rag, n in pairs:
        sums[rag] = sums.get(rag, 0) + n
    shown = " ".join(text.split())[:LONGEST]
    return Counts(page=page, heading=heading, scope=scope, period=period, kind=kind, text=shown, **sums)


def _number(text: str) -> int:
    return int(text) if text.isdigit() else _numbers()[text]


@cache
def _list(name: str) -> dict[str, Any]:
    found: dict[str, Any] = load_toml("counts.toml")[name]
    return found


def _numbers() -> dict[str, int]:
    return _list("numbers")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_list(name)["words"])


@cache
def _nouns() -> frozenset[str]:
    return frozenset(n for nouns in _list("nouns").values() for n in nouns)


__all__ = ["pairs_in", "printed_counts"]

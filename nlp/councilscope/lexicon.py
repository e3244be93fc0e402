"""The word lists as Python sees them: headings of columns, of commentary, labels, status words and signs.

All lists are data files in `data/`, each with its source; nothing here knows a word by heart.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from councilscope.errors import ConfigError

COLOURS = ("red", "amber", "green", "blue", "grey", "gray", "yellow", "orange", "black")
COLOUR_WORD = f"(?:{'|'.join(COLOURS)})"


def load_toml(name: str) -> dict[str, Any]:
    """A data file by name. Raises ConfigError that names the file where it is missing or not TOML."""
    try:
        return tomllib.loads((files("councilscope") / "data" / name).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"data file {name} cannot be read: {e}") from None


@cache
def given_names() -> frozenset[str]:
    """Given names by which a person is told from a role (`given_names.txt`), in lower case."""
    text = (files("councilscope") / "data" / "given_names.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if not line.startswith("#") for w in line.split())


def is_given_name(word: str) -> bool:
    return word.casefold() in given_names()


PUNCTUATION = re.compile(r"[^\w%#&/' ]+")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, accents and quotes plain, punctuation gone, one space between words."""
    if text.isascii():
        s = text.lower()
    else:
        s = unicodedata.normalize("NFKC", text).casefold().replace("’", "'").replace("‘", "'")
    return " ".join(PUNCTUATION.sub(" ", s.replace("'s ", "s ")).split())


@dataclass(frozen=True)
class _Phrase:
    text: str
    target: str
    exact: bool = False
    anywhere: bool = False
    order: int = 0


@cache
def _phrases(name: str, table: str | None = None) -> tuple[_Phrase, ...]:
    out: list[_Phrase] = []
    data = load_toml(name)
    groups = data[table] if table else data
    for order, (target, entry) in enumerate(groups.items()):
        for p in entry["phrases"] if isinstance(entry, dict) else entry:
            exact, anywhere = p.startswith("="), p.startswith("~")
            out.append(_Phrase(fold_keep(p.lstrip("=~")), target, exact, anywhere, order))
    return tuple(sorted(out, key=lambda p: (-len(p.text), p.order)))


@dataclass(frozen=True)
class _Index:
    """The phrases of a list by their text, each with its rank in the list, so that none is tried in turn."""

    whole: dict[str, str]
    starts: dict[str, tuple[int, str]]
    inside: tuple[tuple[int, str, str], ...]
    longest: int  # letters of the longest phrase in `starts`

    def at_start(self, s: str, least: int = 0) -> tuple[int, str, str] | None:
        """Rank, text and target of the first phrase of `least` letters or more that whole words of `s` begin with."""
        found = None
        at = s.find(" ")
        while 0 <= at <= self.longest:
            hit = self.starts.get(s[:at]) if at >= least else None
            if hit and (found is None or hit[0] < found[0]):
                found = (hit[0], s[:at], hit[1])
            at = s.find(" ", at + 1)
        return found

    def at_end(self, s: str) -> tuple[int, str, str] | None:
        """The same for the phrase that `s` ends with."""
        found = None
        at = s.find(" ", max(0, len(s) - self.longest - 1))
        while at >= 0:
            hit = self.starts.get(s[at + 1 :])
            if hit and (found is None or hit[0] < found[0]):
                found = (hit[0], s[at + 1 :], hit[1])
            at = s.find(" ", at + 1)
        return found


@cache
def _index(name: str) -> _Index:
    whole: dict[str, str] = {}
    starts: dict[str, tuple[int, str]] = {}
    inside = []
    for rank, p in enumerate(_phrases(name)):
        whole.setdefault(p.text, p.target)
        if not p.exact:
            starts.setdefault(p.text, (rank, p.target))
        if p.anywhere:
            inside.append((rank, p.text, p.target))
    return _Index(whole, starts, tuple(inside), max(map(len, starts), default=0))


def fold_keep(text: str) -> str:
    """`fold`, but `{rag}` stays."""
    return " ".join("{rag}" if part == "{rag}" else fold(part) for part in text.split())


YEARS = re.compile(
    r"\b(?:20)?\d\d ?[/-] ?(?:20)?\d\d\b|\b20\d\d\b|\bq[1-4]\b|\bquarter [1-4]\b|\bqtr [1-4]\b"
)
# What a label may say around its name without meaning anything else: "our target", "target this quarter", "status for 2021"
AROUND = re.compile(
    r"^(?:our|the) | (?:(?:for|in|at|by) )?(?:(?:this|the|current) )*(?:quarter|period|year|month|year end)$| (?:for|in|at|by)$"
)
AROUND_ENDS = (
    " for",
    " in",
    " at",
    " by",
    " quarter",
    " period",
    " year",
    " month",
    " end",
)  # what AROUND ends with
THIS_PERIOD = re.compile(
    r"\bthis (?:period|month|half year|year)\b"
)  # sections.toml has them with "this quarter"
TIMELESS = frozenset(
    {"target", "rag", "direction", "polarity", "owner"}
)  # roles that a period does not change
LANGUAGES = re.compile(r"\s+/\s+|\n")
COLOURED = re.compile(rf"\b{COLOUR_WORD}\b")
LIST_NUMBER = re.compile(r"^\d{1,2}(?: \d{1,2})* (?=\D)")
BRACKETS = re.compile(r"\([^)]*\)|\[[^]]*\]")
YEAR_OR_BRACKET = re.compile(r"[\d(\[]")  # without one there is nothing for YEARS and BRACKETS


@lru_cache(maxsize=4096)
def header_role(text: str) -> tuple[str, float] | None:
    """What a column heading or field label stands for, with the share of its words that say so, or None."""
    if len(text) > 160:
        return None
    full = fold(text)
    if not full:
        return None
    whole = text.isascii() and not YEAR_OR_BRACKET.search(text)
    bare = full if whole else fold(YEARS.sub(" ", BRACKETS.sub(" ", text).casefold()))
    several = "/" in text or "\n" in text
    for part in LANGUAGES.split(text) if several else ():  # two languages in one heading
        if part != text and len(part) > 1 and (role := header_role(part)) and role[1] >= 0.99:
            return role
    best: tuple[str, float] | None = None
    index = _index("headers.toml")
    for s in dict.fromkeys((bare, full)):
        if not s:
            continue
        if s in index.whole:
            return index.whole[s], 1.0
        may_shrink = s.startswith(("our ", "the ")) or s.endswith(AROUND_ENDS)
        core = AROUND.sub("", AROUND.sub("", s)) if may_shrink else s
        if core != s and index.whole.get(core) in TIMELESS:
            return index.whole[core], 1.0
        _, phrase, target = min(filter(None, (index.at_start(s), index.at_end(s))), default=(0, "", ""))
        share = len(phrase) / len(s)
        if phrase and (best is None or share > best[1]):
            best = (target, share)
    return best


@lru_cache(maxsize=4096)
def section_of(heading: str) -> str | None:
    """The canonical section a commentary heading belongs to by the phrases of sections.toml, or None."""
    for part in re.split(r"\s+/\s+", heading) if "/" in heading else ():  # two languages in one heading
        if part != heading and len(part) > 3 and (found := section_of(part)):
            return found
    s = fold(BRACKETS.sub(" ", heading)) or fold(heading)
    if not s or len(s) > 220:
        return None
    if "this " in s:
        s = THIS_PERIOD.sub("this quarter", s)
    coloured = COLOURED.sub("{rag}", s) if any(colour in s for colour in COLOURS) else s
    index = _index("sections.toml")
    forms = (s,) if s == coloured else (s, coloured)
    for form in forms:
        if form in index.whole:
            return index.whole[form]
    for form in forms:
        first = index.at_start(form, 4)
        for rank, text, target in index.inside:
            if text in form:
                if first is None or rank < first[0]:
                    first = (rank, text, target)
                break
        if first is not None:
            return first[2]
    return None


def is_section_phrase(text: str) -> bool:
    """Whether a text is, as a whole, a phrase of sections.toml."""
    return THIS_PERIOD.sub("this quarter", fold(text)) in _index("sections.toml").whole


def is_known_label(text: str) -> bool:
    """Whether a text is, as a whole, a label of headers.toml or sections.toml."""
    bare = text.rstrip(": ")
    role = header_role(bare)
    return bool(role and role[1] >= 0.99) or is_section_phrase(bare)


@cache
def _keywords() -> tuple[tuple[str, str], ...]:
    data = load_toml("sections.toml")
    return tuple((k, section) for section, entry in data.items() for k in entry.get("keywords", ()))


def section_guess(heading: str) -> str:
    """The section of a heading that is certainly one of commentary: by phrase, else by keyword, else `note`."""
    found = section_of(heading)
    if found:
        return found
    words = fold(heading).split()
    for k, section in _keywords():
        if k in words:
            return section
    return "note"


@cache
def label_phrases(group: str) -> tuple[str, ...]:
    data = load_toml("labels.toml")[group]
    return tuple(sorted((fold(p) for p in data["phrases"]), key=len, reverse=True))


@cache
def _label_set(group: str) -> tuple[frozenset[str], int]:
    """The phrases of a group and the length of the longest."""
    phrases = label_phrases(group)
    return frozenset(phrases), max(map(len, phrases), default=0)


@lru_cache(maxsize=4096)
def starts_with(text: str, group: str) -> bool:
    """Whether a text begins with a phrase of a group of labels.toml (`group`, `not_blocks`, `nothing`), its number left out."""
    s = LIST_NUMBER.sub("", fold(text))
    phrases, longest = _label_set(group)
    if s in phrases:
        return True
    at = s.find(" ")
    while 0 <= at <= longest:
        if s[:at] in phrases:
            return True
        at = s.find(" ", at + 1)
    return False


def is_one_of(text: str, group: str) -> bool:
    """Whether a text is, as a whole, a phrase of a group of labels.toml."""
    return fold(text) in _label_set(group)[0]


def names_list(text: str) -> bool:
    """Whether a heading only says what the list below it is ("Delivery plan actions"): all its words are `list_words`."""
    words = fold(text).split()
    return bool(words) and all(w in _label_set("list_words")[0] for w in words)


def names_kind(text: str) -> bool:
    """Whether a heading only says which kind of item follows, so that it names no service: a phrase of `kinds`.

    A heading over the narrative of measures that stand elsewhere ("Commentary on measures off target") does the same.
    """
    bare = LIST_NUMBER.sub("", fold(text))
    return is_one_of(bare, "kinds") or starts_with(bare, "narratives")


@cache
def _begun(group: str) -> tuple[str, ...]:
    """The phrases of a group with a blank before each."""
    return tuple(" " + p for p in label_phrases(group))


@lru_cache(maxsize=4096)
def mentions(text: str, group: str) -> bool:
    """Whether a phrase of a group of labels.toml stands anywhere in a text."""
    s = " " + fold(text) + " "
    return any(p in s for p in _begun(group))


@cache
def _titles() -> dict[str, str]:
    """Folded label to what its title is one of."""
    out: dict[str, str] = {}
    for kind, phrases in load_toml("labels.toml")["title"].items():
        for p in phrases:
            out.setdefault(fold(p), str(kind))
    return out


@lru_cache(maxsize=4096)
def title_label(text: str) -> str | None:
    """`indicator`, `action` or `risk` where a label says that a title follows ("Measure", "KPI 4"), else None."""
    s = re.sub(r"\s+(?:no )?[a-z]{0,3}\d{1,3}(?: ?\d{1,3})?[a-z]?$", "", fold(text))
    return _titles().get(s)


@cache
def status_data() -> dict[str, Any]:
    """The tables of status.toml."""
    return load_toml("status.toml")


@cache
def status_words() -> dict[str, str]:
    """Folded status word or phrase to rag."""
    return {fold(w): rag for rag, ws in status_data()["words"].items() for w in ws}


@cache
def direction_words() -> dict[str, str]:
    """Folded word or phrase to direction of travel."""
    return {fold(w): d for d, ws in status_data()["direction_words"].items() for w in ws}


@cache
def symbol_fonts() -> dict[str, dict[str, str]]:
    """Folded font name to its map of characters to signs; private-use twins of the characters included."""
    out: dict[str, dict[str, str]] = {}
    for font, table in status_data()["symbol_fonts"].items():
        chars = dict(table)
        for c, sign in table.items():
            raw = c.encode("cp1252", "ignore")
            if len(raw) == 1:
                chars[chr(0xF000 + raw[0])] = sign
        out[re.sub(r"[^a-z0-9]", "", font.casefold())] = chars
    return out


def first_of(texts: Iterable[str | None]) -> str | None:
    """The first that is neither None nor empty."""
    return next((t for t in texts if t), None)


@cache
def word_list(rag: str) -> tuple[str, ...]:
    """Folded status words of one rag, the longest first."""
    return tuple(sorted((fold(w) for w in status_data()["words"][rag]), key=len, reverse=True))

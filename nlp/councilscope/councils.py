"""Which council a report is from: every UK principal authority by its names, its web domain and its codes over time.

The names come from data/councils.csv (facts of mySociety's "UK Local Authority Names and Codes", CC BY 4.0).
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from councilscope import records
from councilscope.errors import ConfigError

_KINDS = {
    "County": ("county council", "council", "cc"),
    "Non-metropolitan district": ("district council", "borough council", "city council", "council", "bc", "dc"),
    "Unitary authority": ("council", "borough council", "city council", "bc", "unitary authority"),
    "Metropolitan district": (
        "metropolitan borough council", "metropolitan district council", "metropolitan borough", "borough council", "city council", "council",
        "mbc", "mdc", "metropolitan council",
    ),
    "London borough": ("council", "london borough", "london borough council", "borough council"),
    "Welsh unitary authority": ("county council", "county borough council", "city council", "council", "cbc", "cc"),
    "Scottish unitary authority": ("council", "city council"),
    "NI district": ("district council", "borough council", "city council", "council"),
    "City corporation": ("corporation",),
}  # fmt: skip
_LONDON = ("london borough of {}", "lb {}", "lb of {}", "royal borough of {}", "rb {}", "{} lbc")
_BOROUGH = (
    "borough of {}",
    "city of {}",
    "city of {} council",
    "metropolitan borough of {}",
    "borough council of {}",
)
_WELSH = (
    "cyngor {}",
    "cyngor sir {}",
    "cyngor bwrdeistref sirol {}",
    "cyngor dinas {}",
    "county borough of {}",
)
_HOST = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*)\.(?:gov\.(?:uk|wales|scot)|llyw\.cymru)\b", re.I)
_ADDRESS = re.compile(r"\.(?:gov|llyw|moderngov|public-i|cmis)\b", re.I)
_MODERN = re.compile(r"\b([a-z0-9-]+)\.(?:moderngov|public-i|cmis)\b", re.I)
_BODY = re.compile(
    r"(?<![\w'-])(?P<name>[A-Z][\w'-]*(?:[ -](?:and|upon|on|of|the|in|le|under|with|by|&|[A-Z][\w'-]*)){0,6}?)\s+"
    r"(?P<kind>(?:(?:Metropolitan|County|London|Royal|City and)\s+)*(?:District|Borough|City|County)|Metropolitan)\s+(?:Council|COUNCIL)\b"
    r"|(?:(?:London|Royal)\s+)?(?P<first>Borough|City|District)\s+of\s+(?P<place>[A-Z][\w'-]*(?:[ -](?:and|upon|on|of|the|[A-Z][\w'-]*)){0,4}?)\s+(?:Council|COUNCIL)\b"
)
_BARE_BODY = re.compile(
    r"^(?P<name>[A-Z][\w'-]+(?: (?:and|&|upon|on|of|[A-Z][\w'-]*)){0,4}) (?:Council|COUNCIL)\b"
)
_NOT_NAMES = frozenset(
    "the a an our this your full new old local youth parish town community city county district borough metropolitan every each all other any annual"
    " health arts british general national research schools school works press sports care medical design fire police european state advisory joint"
    " planning student housing executive council with for and from by to in of unitary neighbouring strategic principal whole welcome".split()
)
_LOWER = frozenset("and of on upon the in le under with by".split())
_OUT_OF_TIME, _LONGEST, _NEAR = 0.15, 9, 80


@dataclass(frozen=True, slots=True)
class Authority:
    """One principal authority. `former` are codes with the last day on which each counted; dates are ISO, "" unknown."""

    name: str
    names: tuple[str, ...]
    short: tuple[str, ...]
    ambiguous: frozenset[str]
    domains: tuple[str, ...]
    gss: str
    former: tuple[tuple[str, str], ...]
    type: str
    nation: str
    region: str
    start: str
    end: str
    successors: tuple[str, ...]

    def code_on(self, day: str | None) -> str | None:
        """The GSS code that counted on an ISO day; the latest where no day is given."""
        for code, until in self.former:
            if day and day <= until:
                return code
        return self.gss or None

    def existed(self, first: str, last: str) -> bool:
        """Whether the body existed on some day from `first` to `last` (ISO)."""
        return (not self.start or self.start <= last) and (not self.end or self.end >= first)


@cache
def authorities() -> tuple[Authority, ...]:
    """All authorities of data/councils.csv. Raises ConfigError where the file is missing or damaged."""
    try:
        text = files("councilscope").joinpath("data/councils.csv").read_text(encoding="utf-8")
        rows = list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
        return tuple(_authority(row) for row in rows)
    except (OSError, KeyError, ValueError, AttributeError) as err:
        raise ConfigError(f"data/councils.csv cannot be read: {err!r}; reinstall councilscope") from err


def _authority(row: dict[str, str]) -> Authority:
    def several(key: str) -> tuple[str, ...]:
        return tuple(part for part in row[key].split("|") if part)

    former = tuple((code, until) for code, until in (part.split(":") for part in several("former_gss")))
    return Authority(
        name=row["name"], names=several("names"), short=several("short"), ambiguous=frozenset(several("ambiguous")), domains=several("domains"),
        gss=row["gss"], former=former, type=row["type"], nation=row["nation"], region=row["region"], start=row["from"], end=row["to"],
        successors=several("successors"),
    )  # fmt: skip


_GENITIVE = re.compile(r"['’‘`]s(?![^\W_])", re.I)
_QUOTES = re.compile(r"['’‘`]")
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[a-z0-9]+")
_LETTERS = re.compile(r"(?<![^\W_])(?:[A-Za-z] ){3,}[A-Za-z](?![^\W_])")


def _words(text: str) -> list[str]:
    """Lower-case words without accents, hyphens and apostrophes; "&" as "and"; letters set apart joined.

    A genitive's "s" is a word of its own, so that "Rotherham's" names Rotherham.
    """
    plain = _QUOTES.sub("", _GENITIVE.sub(" s ", text.replace("&", " and ")))
    if not plain.isascii():
        plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", plain))
    plain = _LETTERS.sub(lambda m: m[0].replace(" ", ""), plain)
    return _WORD.findall(plain.casefold())


def _forms(a: Authority) -> Iterator[str]:
    """The names under which a body is known in full."""
    yield a.name
    yield from a.names
    for short in a.short:
        kinds = _KINDS["County"] if "County Council" in a.name else _KINDS.get(a.type, ("council",))
        for kind in kinds:
            yield f"{short} {kind}"
        patterns = _LONDON if a.type == "London borough" else _WELSH if a.nation == "Wales" else ()
        if a.type in ("Metropolitan district", "Non-metropolitan district", "Unitary authority"):
            patterns = _BOROUGH
        for pattern in patterns:
            yield pattern.format(short)


def _apart(a: Authority, b: Authority) -> bool:
    """Whether one body ended before the other began (Dorset County Council and Dorset Council)."""
    return bool((a.end and b.start and a.end < b.start) or (b.end and a.start and b.end < a.start))


@cache
def _index() -> tuple[
    dict[tuple[str, ...], tuple[int, ...]], dict[tuple[str, ...], tuple[int, ...]], dict[str, tuple[int, ...]]
]:
    """Names in full, short names and domain labels, each to the positions of the bodies in `authorities()`."""
    full: dict[tuple[str, ...], list[int]] = defaultdict(list)
    short: dict[tuple[str, ...], list[int]] = defaultdict(list)
    labels: dict[str, list[int]] = defaultdict(list)
    for i, a in enumerate(authorities()):
        official = {tuple(_words(name)) for name in (a.name, *a.names)}
        for key in official:
            full[key].append(i)
        for name in a.short:
            short[tuple(_words(name))].append(i)
        for label in a.domains:
            labels[label].append(i)
    derived: dict[tuple[str, ...], set[int]] = defaultdict(set)
    for i, a in enumerate(authorities()):
        for form in _forms(a):
            key = tuple(_words(form))
            if all(_apart(a, authorities()[other]) for other in full.get(key, ())):
                derived[key].add(i)
    for key, found in derived.items():
        full[key] = sorted({*full.get(key, ()), *found})
    return (
        {k: tuple(v) for k, v in full.items()},
        {k: tuple(v) for k, v in short.items()},
        {k: tuple(v) for k, v in labels.items()},
    )


@cache
def _first_words() -> tuple[frozenset[str], frozenset[str]]:
    full, short, _ = _index()
    return frozenset(k[0] for k in full), frozenset(k[0] for k in short)


def _mentions(words: Sequence[str]) -> Iterator[tuple[tuple[int, ...], bool, int, int]]:
    """(bodies, in full?, first word, word after) of each mention, longest first and without overlaps."""
    full, short, _ = _index()
    full_starts, short_starts = _first_words()
    at = 0
    while at < len(words):
        step = 1
        if words[at] in full_starts or words[at] in short_starts:
            for size in range(min(_LONGEST, len(words) - at), 0, -1):
                key = tuple(words[at : at + size])
                found = full.get(key)
                if found is None and key in short:
                    yield short[key], False, at, at + size
                    step = size
                    break
                if found is not None:
                    yield found, True, at, at + size
                    step = size
                    break
        at += step


def _hosts(text: str) -> Iterator[tuple[tuple[int, ...], str]]:
    """Bodies named by web and mail addresses, from the label nearest to .gov.uk."""
    if ".gov" not in text and not _ADDRESS.search(text):
        return
    _, _, labels = _index()
    for found in _HOST.finditer(text):
        for label in reversed(found[1].casefold().split(".")):
            if label in labels:
                yield labels[label], found[0]
                break
    for found in _MODERN.finditer(text):
        if found[1].casefold() in labels:
            yield labels[found[1].casefold()], found[0]


def _is_file_name(text: str) -> bool:
    return (
        " " not in text.strip()
        and bool(re.search(r"[-_.\d]", text))
        and "@" not in text
        and "://" not in text
        and not _HOST.search(text)
    )


def _claims(text: str) -> Iterator[tuple[tuple[int, ...], float, str]]:
    """(bodies, strength, evidence) of everything in one text that names a council."""
    for found, host in _hosts(text):
        yield found, 8.0, host
    words = _words(text)
    if _is_file_name(text):
        for found, _, _, _ in _mentions(words):
            yield found, 7.0, text
        return
    everyone = authorities()
    for found, in_full, start, stop in _mentions(words):
        if in_full:
            yield found, 10.0, " ".join(words[start:stop])
        elif stop - start == len(words):
            yield found, 4.0, text
        else:
            name = {tuple(_words(s)) for i in found for s in everyone[i].ambiguous}
            if tuple(words[start:stop]) not in name:
                yield found, 1.0, " ".join(words[start:stop])


def _strangers(text: str) -> Iterator[tuple[str, float]]:
    """Bodies that are named like councils and are not in the file, with their strength."""
    full, _, _ = _index()
    if "ouncil" not in text and "OUNCIL" not in text:
        return
    if len(text) > _NEAR:
        around = (text[max(0, m.start() - _NEAR) : m.end()] for m in re.finditer(r"[Cc]ouncil|COUNCIL", text))
        text = "\n".join(part.partition(" ")[2] for part in around)
    shown = re.sub(r"[^\S\n]+", " ", _LETTERS.sub(lambda m: m[0].replace(" ", ""), text))
    shown = re.sub(
        r"\b[A-Z]{2,}(?:['-][A-Z]+)*\b",
        lambda m: m[0].title() if len(m[0]) > 2 or m[0] in ("OF", "ON") else m[0],
        shown,
    )
    shown = re.sub(
        r"\b(?:And|Of|On|Upon|The|In|Le|Under|With|By)\b",
        lambda m: m[0].casefold() if m.start() else m[0],
        shown,
    )
    for pattern, strength in ((_BODY, 9.0), (_BARE_BODY, 4.0)):
        for found in pattern.finditer(shown):
            groups = found.groupdict()
            name = groups["name"] or groups.get("place") or ""
            words = _words(name)
            while words and (words[0] in _NOT_NAMES):
                words.pop(0)
                name = name.split(" ", 1)[1] if " " in name else ""
            if not words or words[-1] in _NOT_NAMES or any(w.isdigit() for w in words):
                continue
            kind = groups.get("kind")
            whole = (
                f"{name} {kind} Council" if kind else found[0] if groups.get("place") else f"{name} Council"
            )
            if tuple(_words(whole)) in full or _ends_known(_words(whole)):
                continue
            yield whole, strength


def _ends_known(words: Sequence[str]) -> bool:
    """Whether a known name in full ends the words ("Report of Powys County Council")."""
    full, _, _ = _index()
    return any(tuple(words[i:]) in full for i in range(1, len(words) - 1))


def _factor(a: Authority, period: records.Period | None) -> float:
    """Less for a body that did not exist in the report's period; a little less for a former body where none is known."""
    if period is None:
        return 0.9 if a.end else 1.0
    year = int(period.financial_year[:4])
    first, last = period.start or f"{year}-04-01", period.end or f"{year + 1}-03-31"
    return 1.0 if a.existed(first, last) else _OUT_OF_TIME


def _add_up(claims: Iterable[tuple[float, float]]) -> float:
    """Score of a body: its strongest mention (strength times weight) and the others with falling value."""
    products = sorted((strength * weight for strength, weight in claims), reverse=True)
    return (
        products[0] + products[0] * 0.5 * math.log1p(sum(products[1:]) / products[0])
        if products and products[0] > 0
        else 0.0
    )


def find_council(
    texts: Sequence[tuple[str, float]], period: records.Period | None = None
) -> records.Council | None:
    """The council whose report this is, from candidate texts with weights; None where none is named.

    Texts may be titles, running headers and footers, file names (no blanks), web and mail addresses, PDF metadata and body
    text (low weight; one text may be a whole page). Names in full count most, then addresses, file names, and short
    names last; ambiguous short names ("Reading") count only with "Council" or in a file name or address. A body named
    like a council that is not in the file is returned without code where it outweighs all known ones; it is never taken
    for a similar known one. The code is the one that counted at the end of the report's period.
    """
    everyone = authorities()
    claims: dict[int, list[tuple[float, float]]] = defaultdict(list)
    evidence: dict[int, tuple[float, str]] = {}
    strangers: dict[str, list[tuple[float, float]]] = defaultdict(list)
    spelled: dict[str, str] = {}
    for text, weight in texts:
        if not text or weight <= 0:
            continue
        for found, strength, shown in _claims(text):
            for i in found:
                claims[i].append((strength, weight))
                if strength * weight > evidence.get(i, (0.0, ""))[0]:
                    evidence[i] = (strength * weight, shown)
        for name, strength in _strangers(text):
            strangers[name.casefold()].append((strength, weight))
            spelled.setdefault(name.casefold(), name)
    scores = {i: _add_up(c) * _factor(everyone[i], period) for i, c in claims.items()}
    best = max(scores, key=lambda i: (scores[i], not everyone[i].end, everyone[i].name), default=None)
    odd = {name: _add_up(c) for name, c in strangers.items()}
    oddest = max(odd, key=lambda n: (odd[n], n), default=None)
    if oddest is not None and (best is None or odd[oddest] > scores[best]):
        return records.Council(name=_title(spelled[oddest]), gss=None, evidence=spelled[oddest])
    if best is None or scores[best] <= 0:
        return None
    chosen = everyone[best]
    day = period.end or f"{int(period.financial_year[:4]) + 1}-03-31" if period else None
    return records.Council(
        name=chosen.name,
        gss=chosen.code_on(day),
        evidence=re.sub(r"\s+", " ", evidence[best][1]).strip()[:120],
    )


def _title(name: str) -> str:
    words = [w if w != w.upper() or len(w) < 3 else w.title() for w in name.split()]
    return " ".join(w.casefold() if i and w.casefold() in _LOWER else w for i, w in enumerate(words))

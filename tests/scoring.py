"""Scores the blocks of a report against gold.

Gold and report are dictionaries in the output contract's field names. What is counted:

- blocks: pairs of a gold block and a block found, one to one, by equal reference first (the likest titles where
  several share one), then by titles at least 0.8 alike (0.9 where both have references and they differ).
- fields (`FIELDS`): the share of gold blocks whose field is right; a block not found is wrong in every field, and a
  field the gold leaves empty is right only where it was left empty. Titles count from 0.9 alike, services from 0.8.
  A target is its value, or its words (0.8 alike) where it has none; "n/a" is no target.
- lists (`LISTS`): precision, recall and F1 of owners (by name, else by role), of outturns (period and value, or period
  and words) and of commentary (all texts of one section joined, 0.9 alike, under the right section).

The gold may allow for doubt in `scoring`: `ignore_commentary` and `optional_commentary` (texts that are no fault),
`field_alt` ({ref: {field: [other right answers]}}), `section_alt` ({heading: [other right sections]}); a block's
`ref_aliases` are right references, and texts in `section_commentary` (they name no block) are no fault.
Likeness is 1 − edits ÷ characters (insertions and deletions only) of the normalised texts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Indel

Json = dict[str, Any]
FIELDS = ("ref", "title", "kind", "rag", "direction", "polarity", "target", "service")
LISTS = ("owners", "outturns", "commentary")


@dataclass(frozen=True)
class Tally:
    """Counts of right, found and expected things; for a field, `found` and `gold` are both its gold blocks."""

    right: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.found + other.found, self.gold + other.gold)

    @property
    def f1(self) -> float:
        """F1, the accuracy where `found` equals `gold`; 1 where nothing was wanted and nothing found."""
        both = self.found + self.gold
        return 2 * self.right / both if both else 1.0


@dataclass
class Score:
    """Tallies by name: "blocks", the FIELDS, the LISTS and of the document "council", "gss", "period"."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, tally: Tally) -> None:
        self.tallies[name] = self.tallies.get(name, Tally()) + tally

    def __getitem__(self, name: str) -> float:
        return self.tallies[name].f1

    def as_dict(self) -> dict[str, float]:
        return {name: round(t.f1, 4) for name, t in self.tallies.items()}


# --- normalised text -------------------------------------------------------------------------------------------

_PLAIN = str.maketrans("‘’‚`´“”„–—―‐‑−", "'''''\"\"\"------") | dict.fromkeys(
    map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff")
)
_BULLET = re.compile(r"^[ \t]*[•●▪■◦‣∙·\uf0b7\uf0a7*o-][ \t]+", re.M)
_NOTHING = re.compile(r"(n ?/? ?a|none|nil|not (applicable|available)|no (comments?|update)|tb[ac]|[-.]*)\.?")
_NO_TARGET = re.compile(
    r"(n ?/? ?a|none( set)?|no target( set)?|not (set|applicable)|data only|contextual|tbc|-*)\.?"
)
_NO_FIGURE = ("blank", "no data")
_TITLES = re.compile(r"\b(mrs?|ms|miss|dr|prof|sir|cllr|councillor)\b\.?")
_LEAD = re.compile(
    r"(service( area)?|directorate|portfolio|theme|priority|outcome|objective|area|part)\s*(\d+[a-z]?|[a-z])?\s*[:.-]\s*"
    r"|\d+(\.\d+)*\.?\s+"
)


def plain(text: object) -> str:
    """Text without what print may change: case, kinds of quotes and dashes, bullets, white space."""
    s = unicodedata.normalize("NFKC", "" if text is None else str(text)).translate(_PLAIN)
    return " ".join(_BULLET.sub("", s).split()).casefold()


def alike(a: str, b: str) -> float:
    return Indel.normalized_similarity(a, b)


def plain_ref(ref: object) -> str:
    return re.sub(r"[\s()\[\]:;,|]+", "", plain(ref)).strip(".-")


def plain_name(name: object) -> str:
    return " ".join(re.findall(r"\w+", _TITLES.sub(" ", plain(name))))


def plain_service(service: str) -> str:
    s = plain(service)
    lead = _LEAD.match(s)
    return re.sub(r"\band\b", "&", (s[lead.end() :].strip() if lead else "") or s)


def number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def same_number(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(a), abs(b))


# --- pairing ---------------------------------------------------------------------------------------------------


def best_pairs(candidates: Iterable[tuple[float, int, int]]) -> dict[int, int]:
    """One to one, the best first: (how good, left, right) to {left: right}."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, left, right in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if left not in pairs and right not in taken:
            pairs[left] = right
            taken.add(right)
    return pairs


def right_refs(block: Json) -> set[str]:
    return {plain_ref(r) for r in (block.get("ref"), *(block.get("ref_aliases") or ())) if r}


def pair_blocks(gold: Sequence[Json], found: Sequence[Json]) -> dict[int, int]:
    """{index of a gold block: index of the block found for it}."""
    titles = [plain(b.get("title")) for b in found]
    refs = [plain_ref(b.get("ref")) for b in found]
    likeness = [[alike(plain(g.get("title")), t) for t in titles] for g in gold]
    wanted = [right_refs(g) for g in gold]
    by_ref = best_pairs(
        (likeness[i][j], i, j) for i, w in enumerate(wanted) for j, r in enumerate(refs) if r in w
    )

    def by_title() -> Iterator[tuple[float, int, int]]:
        for i in set(range(len(gold))) - by_ref.keys():
            own = plain_ref(gold[i].get("ref"))
            for j in set(range(len(found))) - set(by_ref.values()):
                other_ref = bool(own and refs[j] and own != refs[j])
                if likeness[i][j] >= (0.9 if other_ref else 0.8):
                    yield likeness[i][j], i, j

    return best_pairs(by_title()) | by_ref


# --- fields ----------------------------------------------------------------------------------------------------


def _set_target(target: Json | None) -> Json | None:
    if target and number(target.get("value")) is None and _NO_TARGET.fullmatch(plain(target.get("text"))):
        return None
    return target


def _same_target(gold: Json, found: Json) -> bool:
    a, b = number(gold.get("value")), number(found.get("value"))
    if a is None and b is None:
        return alike(plain(gold.get("text")), plain(found.get("text"))) >= 0.8
    return a is not None and b is not None and same_number(a, b)


def _same_service(gold: str, found: str) -> bool:
    ways = ((gold, found), (gold.split(" > ")[-1], found.split(" > ")[-1]))
    return any(alike(plain_service(a), plain_service(b)) >= 0.8 for a, b in ways)


_SAME: dict[str, Callable[[Any, Any], bool]] = {
    "title": lambda a, b: alike(plain(a), plain(b)) >= 0.9,
    "target": _same_target,
    "service": _same_service,
}


def right_field(name: str, gold: Json, found: Json, others: Sequence[Any] = ()) -> bool:
    """Is the field right? `others` are further right answers."""
    if name == "ref" and gold.get("ref"):
        return plain_ref(found.get("ref")) in right_refs(gold)
    answer = found.get(name)
    for want in (gold.get(name), *others):
        if name == "target":
            want, answer = _set_target(want), _set_target(answer)
        if not want or not answer:
            if not want and not answer:
                return True
        elif _SAME.get(name, lambda a, b: plain(a) == plain(b))(want, answer):
            return True
    return False


# --- lists -----------------------------------------------------------------------------------------------------


def score_owners(gold: Sequence[Json], found: Sequence[Json]) -> Tally:
    """A gold owner without a name is known by the role, which may then stand beside a name in what was found."""
    want = {plain_name(o.get("name") or o.get("role")): bool(o.get("name")) for o in gold}
    want.pop("", None)
    names = (tuple(plain_name(o[k]) for k in ("name", "role") if o.get(k)) for o in found)
    have = [n for n in dict.fromkeys(names) if n]
    candidates = (
        (max(alike(name, n) for n in (other[:1] if named else other)), i, j)
        for i, (name, named) in enumerate(want.items())
        for j, other in enumerate(have)
    )
    return Tally(len(best_pairs(c for c in candidates if c[0] >= 0.9)), len(have), len(want))


_PERIOD = re.compile(r"(?:20)?(\d\d)/(?:20)?(\d\d)\s*(?:q([1-4])|(year end|ytd|year to date|outturn))?")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = re.compile(rf"({'|'.join(_MONTHS)})[a-z]*(?: (?:20)?(\d\d))?")
Period = tuple[int | None, str]


def period_key(text: str | None, year: int | None, quarter: int | None) -> Period:
    """(year the financial year starts in, part of it) of one of the contract's periods.

    `year` and `quarter` are the report's, meant by a figure without a period. Other words stay words, of no year.
    """
    t = plain(text)
    if not t:
        return year, f"Q{quarter}" if quarter else "Y"
    if (m := _PERIOD.fullmatch(t)) and (int(m[1]) + 1) % 100 == int(m[2]):
        return 2000 + int(m[1]), f"Q{m[3]}" if m[3] else "Y"
    if m := _MONTH.fullmatch(t):
        month = _MONTHS.index(m[1]) + 1
        return (2000 + int(m[2]) - (month < 4) if m[2] else None), f"M{month}"
    if m := re.fullmatch(r"q([1-4])", t):
        return None, f"Q{m[1]}"
    return None, t


def score_outturns(
    gold: Sequence[Json], found: Sequence[Json], year: int | None, quarter: int | None
) -> Tally:
    def figures(outturns: Sequence[Json]) -> list[tuple[Period, float | None, str]]:
        rows: dict[tuple[Period, float | None, str], None] = {}
        for o in outturns:
            value, text = number(o.get("value")), plain(o.get("text"))
            if value is not None or not (_NOTHING.fullmatch(text) or text in _NO_FIGURE):
                rows[period_key(o.get("period"), year, quarter), value, "" if value is not None else text] = (
                    None
                )
        return list(rows)

    def same(a: tuple[Period, float | None, str], b: tuple[Period, float | None, str]) -> bool:
        (year_a, part_a), value_a, text_a = a
        (year_b, part_b), value_b, text_b = b
        if part_a != part_b or (year_a != year_b and None not in (year_a, year_b)):
            return False
        if value_a is None or value_b is None:
            return value_a is value_b and alike(text_a, text_b) >= 0.8
        return same_number(value_a, value_b)

    want, have = figures(gold), figures(found)
    pairs = best_pairs(
        (float(a[0] == b[0]), i, j) for i, a in enumerate(want) for j, b in enumerate(have) if same(a, b)
    )
    return Tally(len(pairs), len(have), len(want))


@dataclass(frozen=True)
class Allowances:
    """What the gold leaves open."""

    free: frozenset[str] = frozenset()  # texts neither wanted nor a fault
    optional: frozenset[str] = frozenset()  # texts that may be missing
    sections: Json = field(default_factory=dict)
    fields: Json = field(default_factory=dict)

    @classmethod
    def of(cls, gold: Json) -> Allowances:
        extra = gold.get("scoring") or {}
        nobody = [c.get("text") for c in gold.get("section_commentary") or ()]
        return cls(
            free=frozenset(map(plain, [*extra.get("ignore_commentary", ()), *nobody])),
            optional=frozenset(map(plain, extra.get("optional_commentary", ()))),
            sections=extra.get("section_alt") or {},
            fields=extra.get("field_alt") or {},
        )

    def section(self, gold: Sequence[Json], section: str, text: str) -> str:
        """The gold's section of a text, where another section is as right."""
        for c in gold:
            if (
                section in self.sections.get(str(c.get("heading")), ())
                and alike(text, plain(c.get("text"))) >= 0.85
            ):
                return str(c.get("section"))
        return section


def score_commentary(gold: Sequence[Json], found: Sequence[Json], allow: Allowances) -> Tally:
    def said(entries: Sequence[Json]) -> list[tuple[str, str]]:
        rows = [(str(c.get("section")), plain(c.get("text"))) for c in entries]
        return [(s, t) for s, t in rows if not _NOTHING.fullmatch(t)]

    def by_section(rows: Iterable[tuple[str, str]]) -> dict[str, str]:
        texts: dict[str, str] = {}
        for section, text in rows:
            texts[section] = f"{texts[section]} {text}" if section in texts else text
        return texts

    wanted = [(s, t) for s, t in said(gold) if t not in allow.optional]

    def fault(text: str) -> bool:
        free = max((alike(text, t) for t in allow.free | allow.optional), default=0.0)
        return free < 0.85 or free <= max((alike(text, t) for _, t in wanted), default=0.0)

    want = by_section(wanted)
    have = by_section((allow.section(gold, s, t), t) for s, t in said(found) if fault(t))
    right = sum(alike(text, have[section]) >= 0.9 for section, text in want.items() if section in have)
    return Tally(right, len(have), len(want))


# --- a report --------------------------------------------------------------------------------------------------


def report_period(report: Json) -> tuple[int | None, int | None]:
    period = report.get("period") or {}
    year = re.match(r"\d{4}", str(period.get("financial_year") or ""))
    return (int(year[0]) if year else None), period.get("quarter")


def _council_names(report: Json) -> list[str]:
    """The gold's council is a string with an official name beside it, or the contract's object."""
    council = report.get("council")
    names = [council.get("name") if isinstance(council, dict) else council, report.get("official_name")]
    return [plain(part) for name in names if name for part in (name, *name.split(" / "))]


def _score_document(score: Score, gold: Json, found: Json) -> None:
    council = found.get("council")
    wanted_council = gold.get("council")
    gss = gold.get("gss_code") or (wanted_council.get("gss") if isinstance(wanted_council, dict) else None)
    answers = {}
    if wanted := _council_names(gold):
        answers["council"] = any(alike(a, b) >= 0.9 for a in wanted for b in _council_names(found))
    if gss:
        answers["gss"] = isinstance(council, dict) and council.get("gss") == gss
    if gold.get("period"):
        answers["period"] = report_period(gold) == report_period(found)
    for name, right in answers.items():
        score.add(name, Tally(int(right), 1, 1))
        if not right:
            score.misses.append(f"{name}: gold {gold.get(name)!r}, found {found.get(name)!r}")


def _score_block(
    score: Score, gold: Json, found: Json | None, allow: Allowances, period: tuple[int | None, int | None]
) -> None:
    name = gold.get("ref") or gold.get("title")
    others = allow.fields.get(str(gold.get("ref") or gold.get("id"))) or {}
    for f in FIELDS:
        right = found is not None and right_field(f, gold, found, others.get(f) or ())
        score.add(f, Tally(int(right), 1, 1))
        if found is not None and not right:
            score.misses.append(f"{name}: {f}: gold {gold.get(f)!r}, found {found.get(f)!r}")
    of_gold = [gold.get(f) or () for f in LISTS]
    of_found = [(found or {}).get(f) or () for f in LISTS]
    tallies = (
        score_owners(of_gold[0], of_found[0]),
        score_outturns(of_gold[1], of_found[1], *period),
        score_commentary(of_gold[2], of_found[2], allow),
    )
    for f, tally in zip(LISTS, tallies, strict=True):
        score.add(f, tally)
        if found is not None and not tally.right == tally.found == tally.gold:
            score.misses.append(
                f"{name}: {f}: {tally.right} right of {tally.found} found, {tally.gold} in the gold"
            )


def score(gold: Json, found: Json) -> Score:
    """The score of one report; `found` is `Report.model_dump(mode="json")` or the JSON of `councilscope read --json`."""
    result = Score({n: Tally() for n in ("blocks", *FIELDS, *LISTS)})
    want, have = gold.get("blocks") or [], found.get("blocks") or []
    pairs = pair_blocks(want, have)
    result.add("blocks", Tally(len(pairs), len(have), len(want)))
    allow, period = Allowances.of(gold), report_period(gold)
    for i, block in enumerate(want):
        if i not in pairs:
            result.misses.append(f"not found: {block.get('ref') or ''} {block.get('title')!r}")
        _score_block(result, block, have[pairs[i]] if i in pairs else None, allow, period)
    extra = (b for j, b in enumerate(have) if j not in pairs.values())
    result.misses += [f"no such block: {b.get('ref') or ''} {b.get('title')!r}" for b in extra]
    _score_document(result, gold, found)
    return result


def total(scores: Iterable[Score]) -> Score:
    """All reports together, every block counting once."""
    result = Score()
    for s in scores:
        for name, tally in s.tallies.items():
            result.add(name, tally)
    return result

"""How alike two measures are: their titles, units, polarities and services as one probability.

A title is compared in its own words and, after abbreviations are written out and counting words are left out, in what
is left (`core`). The parts of likeness (`FEATURES`) are joined by a logistic regression whose weights
`scripts/train indicators` fits (data/indicator_weights.toml). The words are in data/indicators.toml.
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any

import numpy as np
from rapidfuzz import fuzz
from scipy import sparse

from councilscope.encoder import Encoder, model_folder
from councilscope.errors import ConfigError
from councilscope.lexicon import load_toml

FILE = "indicators.toml"
WEIGHTS = "indicator_weights.toml"
_WIDTH = 1 << 18  # columns of a table of words, each word in the one that its checksum names
FEATURES = (
    "words", "rare words", "covered", "order", "letters", "sense", "sense alone", "unit", "polarity", "service",
    "numbers", "told apart", "told by one",
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """An indicator as a report names it; only the title must be known. `others`: further names of the same."""

    title: str
    unit: str | None = None
    polarity: str | None = None
    service: str | None = None
    others: tuple[str, ...] = ()

    @cached_property
    def plain(self) -> str:
        return plain(self.title)

    @cached_property
    def core(self) -> str:
        return core(self.title)

    @cached_property
    def apart(self) -> dict[str, frozenset[int]]:
        found: dict[str, frozenset[int]] = {}
        for said in (self.plain, *map(plain, self.others)):
            for group, rows in contrasts(said).items():
                found[group] = found.get(group, frozenset()) | rows
        return found

    @cached_property
    def kind(self) -> str | None:
        return unit_kind(self.unit, self.plain)

    @cached_property
    def numbers(self) -> frozenset[str]:
        return frozenset(re.findall(r"\d+", self.plain)) - _YEARS


_YEARS = frozenset(str(y) for y in range(1990, 2060))
_UNITS = (  # what a figure counts, by its unit and else by the words of its title
    ("per", r"\bper (?:1 ?000|10 ?000|100 ?000|head|person|capita|household|dwelling|million)\b|/1,?0"),
    ("share", r"%|\bper ?cent|\bproportion\b|\bpercentage\b|\bshare of\b"),
    ("money", r"£|\bcosts?\b|\bspend\b|\bincome\b|\bsavings\b|\bbudget\b"),
    ("time", r"\b(?:days?|weeks?|hours?|minutes?|mins?|seconds?|secs?|months?) (?:to|taken|lost|per)\b|\btime taken\b|\baverage time\b"),
    ("weight", r"\b(?:kg|kilograms?|tonnes?)\b"),
    ("count", r"\bnumbers? of\b"),
)  # fmt: skip
_OF_UNIT = {
    "time": r"^(?:working |calendar )?(?:days?|weeks?|hours?|minutes?|mins?|seconds?|secs?|months?)$",
    "count": r"^number$|^no\.?$",
}


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Lower case, one space between words, no punctuation but "+", "&", "%", "£"."""
    said = text.lower().replace("’", "'").replace("'s ", "s ").replace("'", "")
    return " ".join(
        re.sub(r"(?<=\d),(?=\d{3})", "", re.sub(r"[^\w+&%£,]|(?<!\d),|,(?!\d)", " ", said)).split()
    )


@lru_cache(maxsize=50_000)
def core(text: str) -> str:
    """What a title measures: abbreviations written out, counting words and brackets of scope left out."""
    said = plain(text)
    for pattern, instead in _same():
        said = pattern.sub(instead, said)
    left = " ".join(_count_words().sub(" ", said).split())
    return left or said


@lru_cache(maxsize=50_000)
def contrasts(said: str) -> dict[str, frozenset[int]]:
    """For each group of data/indicators.toml that the title has words of, which rows they are in."""
    found = {}
    for group, rows in _contrasts():
        hits = frozenset(i for i, pattern in enumerate(rows) if pattern.search(said))
        if hits:
            found[group] = frozenset({min(hits)}) if group in _FIRST else hits
    return found


_FIRST = frozenset(
    {
        "size of application",
        "road class",
        "claims",
        "drug",
        "kind of litter",
        "teachers",
        "what waste",
        "count or speed",
        "whose delay",
        "first or again",
    }
)
"""Groups whose later words are parts of earlier ones ("opiate" of "non opiate"): the first row that fits counts."""


def unit_kind(unit: str | None, said: str) -> str | None:
    """What the figure counts: share, count, money, time, weight or per (so many people); None unknown."""
    given = (unit or "").strip().casefold()
    if re.search(_UNITS[0][1], said):
        return "per"
    for text in (given, said):
        for kind, pattern in _UNITS:
            if text and (re.search(pattern, text) or re.search(_OF_UNIT.get(kind, r"^$"), text)):
                return kind
    return None


@cache
def _same() -> tuple[tuple[re.Pattern[str], str], ...]:
    same = load_toml(FILE)["same"]
    return tuple(
        (re.compile(rf"(?<!\w){re.escape(plain(k))}(?!\w)"), plain(v))
        for k, v in sorted(same.items(), key=lambda kv: -len(kv[0]))
    )


@cache
def _count_words() -> re.Pattern[str]:
    words = sorted(load_toml(FILE)["count"]["words"], key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(plain(w)) for w in words) + r")(?!\w)")


@cache
def _contrasts() -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    def pattern(phrases: Sequence[str]) -> re.Pattern[str]:
        inner = "|".join(re.escape(plain(p.replace("*", "zzz"))).replace("zzz", r"\w*") for p in phrases)
        return re.compile(rf"(?<!\w)(?:{inner})(?![\w+])")

    return tuple((c["group"], tuple(pattern(row) for row in c["words"])) for c in load_toml(FILE)["contrast"])


class Likeness:
    """Compares measures; remembers the vectors of the titles that it has seen."""

    def __init__(self, weights: dict[str, Any] | None = None) -> None:
        self.weights = weights or load_weights()
        self._vectors: dict[str, np.ndarray] = {}
        self._rarity: dict[str, float] = {}
        self._rarest = 1.0
        self._bags: dict[int, sparse.csr_matrix] = {}  # of tuples of measures, by identity
        self._stacks: dict[int, np.ndarray] = {}

    @cached_property
    def _encoder(self) -> Encoder:
        return Encoder(model_folder("tagger"))

    def vectors(self, measures: Sequence[Measure]) -> np.ndarray:
        """One unit-length vector a title (n x width)."""
        if isinstance(measures, tuple) and id(measures) in self._stacks:
            return self._stacks[id(measures)]
        texts = [_written_out(m) for m in measures]
        new = [t for t in dict.fromkeys(texts) if t not in self._vectors]
        if new:
            self._vectors |= dict(zip(new, self._encoder.encode(new), strict=True))
        made = np.stack([self._vectors[t] for t in texts]) if texts else np.zeros((0, 1), np.float32)
        if isinstance(measures, tuple):
            self._stacks[id(measures)] = made
        return made

    def learn_rarity(self, texts: Iterable[str]) -> None:
        """How rare each word is among these titles: -log of its share of them."""
        seen: dict[str, int] = {}
        n = 0
        for text in texts:
            n += 1
            for word in set(_words(text)):
                seen[word] = seen.get(word, 0) + 1
        self._rarity = {w: math.log((n + 1) / (c + 0.5)) for w, c in seen.items()}
        self._rarest = math.log((n + 1) / 0.5)

    def rarity(self, word: str) -> float:
        return self._rarity.get(word, self._rarest)

    def nearest(self, left: Sequence[Measure], right: Sequence[Measure], most: int) -> list[np.ndarray]:
        """For each of `left` the indexes of the `most` of `right` that may be like it, by sense and rare words."""
        if not left or not right:
            return [np.zeros(0, int) for _ in left]
        out = []
        va, vb = self.vectors(left), self.vectors(right)
        a, b = self._bag(left), self._bag(right)
        for start in range(0, len(left), 512):
            rows = slice(start, start + 512)
            score = va[rows] @ vb.T + 1.5 * np.asarray((a[rows] @ b.T).todense())
            k = min(most, score.shape[1])
            out += list(np.argpartition(-score, k - 1, axis=1)[:, :k])
        return out

    def _bag(self, side: Sequence[Measure]) -> sparse.csr_matrix:
        """The words of each title, weighed by how rare they are, each row of length 1."""
        if isinstance(side, tuple) and id(side) in self._bags:
            return self._bags[id(side)]
        rows, columns, values = [], [], []
        for i, m in enumerate(side):
            bag = {w: self.rarity(w) for w in set(_words(m.core))}
            length = math.sqrt(sum(v * v for v in bag.values())) or 1.0
            rows += [i] * len(bag)
            columns += [zlib.crc32(w.encode()) % _WIDTH for w in bag]
            values += [v / length for v in bag.values()]
        made = sparse.csr_matrix((values, (rows, columns)), shape=(len(side), _WIDTH), dtype=np.float32)
        if isinstance(side, tuple):  # the list of names, asked again and again
            self._bags[id(side)] = made
        return made

    def features(self, a: Measure, b: Measure, sense: float) -> tuple[float, ...]:
        """The parts of likeness, in the order of `FEATURES`; `sense` is the product of the two vectors."""
        wa, wb = set(_words(a.core)), set(_words(b.core))
        both, of_a, of_b = (sum(map(self.rarity, words)) for words in (wa & wb, wa, wb))
        every = of_a + of_b - both
        rare = both / min(of_a, of_b) if of_a and of_b else 0.0
        return (
            both / every if every else 0.0,
            rare,
            both / of_a if of_a else 0.0,
            fuzz.token_sort_ratio(a.core, b.core) / 100,
            fuzz.partial_ratio(a.core, b.core) / 100,
            sense,
            sense * (1 - rare),
            _agree(a.kind, b.kind) * ("per" not in (a.kind, b.kind) or a.kind == b.kind),
            _agree(a.polarity, b.polarity),
            fuzz.token_set_ratio(a.service, b.service) / 100 if a.service and b.service else 0.4,
            float(bool(a.numbers and b.numbers and not a.numbers & b.numbers)),
            float(any(not a.apart[g] & b.apart[g] for g in a.apart.keys() & b.apart.keys())),
            float(bool(a.apart.keys() - b.apart.keys())),
        )

    def probability(self, rows: np.ndarray) -> np.ndarray:
        """The probability that two measures are one, for rows of features."""
        z = rows @ np.array([self.weights["weights"][f] for f in FEATURES]) + self.weights["constant"]
        return np.asarray(1 / (1 + np.exp(-z)))

    def pairs(
        self, left: Sequence[Measure], right: Sequence[Measure], among: Sequence[np.ndarray]
    ) -> list[np.ndarray]:
        """For each of `left` the probabilities that it is the same as each of `right` that `among` names."""
        va, vb = self.vectors(left), self.vectors(right)
        out = []
        for i, chosen in enumerate(among):
            senses = vb[chosen] @ va[i] if len(chosen) else []
            rows = [self.features(left[i], right[j], float(s)) for j, s in zip(chosen, senses, strict=True)]
            out.append(self.probability(np.array(rows)) if rows else np.zeros(0))
        return out


@lru_cache(maxsize=20_000)
def _written_out(m: Measure) -> str:
    said = m.plain
    for pattern, instead in _same():
        said = pattern.sub(instead, said)
    return " ".join(said.split())


@cache
def _words(text: str) -> tuple[str, ...]:
    return tuple(_stem(w) for w in text.split())


def _stem(word: str) -> str:
    """A word without its ending, so that "visits" and "visit", "applications" and "application" are one."""
    for end, instead in (
        ("ies", "y"),
        ("ings", ""),
        ("ing", ""),
        ("ions", "ion"),
        ("es", ""),
        ("ed", ""),
        ("s", ""),
    ):
        if word.endswith(end) and len(word) - len(end) >= 3 and not word.endswith("ss"):
            return word[: len(word) - len(end)] + instead
    return word.rstrip("e") if len(word) > 4 else word


def _agree(a: str | None, b: str | None) -> float:
    return 0.0 if not a or not b else 1.0 if a == b else -1.0


def load_weights() -> dict[str, Any]:
    """The fitted weights. ConfigError where the file is missing or of other features."""
    weights = load_toml(WEIGHTS)
    if set(weights.get("weights", ())) != set(FEATURES):
        raise ConfigError(f"data/{WEIGHTS} is of other features; run scripts/train indicators")
    return weights

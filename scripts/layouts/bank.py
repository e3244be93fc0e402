"""The words that reports are made of, from corpus/layouts/bank/, and sentences with their gaps filled."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

BANK = Path(__file__).resolve().parents[2] / "corpus/layouts/bank"
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]  # fmt: skip


@cache
def load(name: str) -> dict[str, Any]:
    return tomllib.loads((BANK / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Measure:
    """A line of indicators.toml with the service it belongs to."""

    title: str
    unit: str
    polarity: str
    usual: float
    change: float
    service: str
    topic: str


@cache
def services() -> dict[str, dict[str, Any]]:
    return {s["name"]: s for s in load("indicators")["services"]}


@cache
def measures(service: str) -> tuple[Measure, ...]:
    one = services()[service]
    return tuple(Measure(t, u, p, v, c, service, one["topic"]) for t, u, p, v, c in one["indicators"])


class Sentences:
    """Sentences of a report; none comes twice while there are others."""

    def __init__(self, rng: Random, year: int, quarter: int | None) -> None:
        self.rng, self.year, self.quarter = rng, year, quarter
        self._used: dict[tuple[str, str], list[str]] = {}
        self._people = load("people")

    def name(self) -> str:
        return f"{self.rng.choice(self._people['first'])} {self.rng.choice(self._people['last'])}"

    def take(self, topic: str, kind: str, service: str | None = None) -> str:
        stock = load("commentary")
        kinds: dict[str, Any] = stock["topics"].get(topic, stock.get(topic, {}))
        key = (topic, kind)
        if not self._used.get(key):
            self._used[key] = self.rng.sample(kinds[kind], len(kinds[kind]))
        return self.fill(self._used[key].pop(), service)

    def fill(self, sentence: str, service: str | None) -> str:
        one = services().get(service or "") or self.rng.choice(list(services().values()))
        said = re.sub(r"\{(\w+)\}", lambda m: self._gap(m[1], one), sentence)
        said = re.sub(r"(?<=[a-z,;] )The (?=[A-Z])", "the ", said)
        return said[0].upper() + said[1:]

    def _gap(self, name: str, service: dict[str, Any]) -> str:
        rng = self.rng
        match name:
            case "n":
                return rng.choice(["two", "three", "four", "five", "six", "7", "8", "9"])
            case "big":
                return str(rng.randint(20, 400))
            case "pct":
                return str(rng.randint(3, 40))
            case "money":
                return rng.choice(
                    [
                        f"£{rng.randint(12, 480)},000",
                        f"£{rng.randint(11, 48) / 10}m",
                        f"£{rng.randint(20, 900)}k",
                    ]
                )
            case "month":
                return MONTHS[(3 + 3 * ((self.quarter or 4) - 1) + rng.randrange(3)) % 12]
            case "when":
                return self._when()
            case "team":
                return str(rng.choice(service["teams"]))
            case "role":
                return "The " + str(rng.choice(service["roles"]))
            case "name":
                return self.name()
            case "partner":
                return str(rng.choice(self._people["partners"]))
        raise KeyError(f"no such gap in a sentence: {name}")

    def _when(self) -> str:
        """A time after the period."""
        ahead = 3 + 3 * (self.quarter or 4) + self.rng.randrange(0, 8)
        month, year = MONTHS[ahead % 12], self.year + ahead // 12
        return self.rng.choice([
            f"by the end of {month}", f"in {month} {year}", f"from {month}", f"by {month} {year}",
            "in the next quarter", f"on {self.rng.randint(2, 28)} {month} {year}", "by year end",
        ])  # fmt: skip

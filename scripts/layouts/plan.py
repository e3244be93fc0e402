"""What one report says: council, period, indicators. A field that the report will not print is empty from the start."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Any

from layouts import looks
from layouts.bank import Measure, Sentences, load, measures, services
from layouts.figures import Column, columns, make_series, printed, short, target_of, with_counts

Owner = dict[str, str | None]


@dataclass(frozen=True)
class Text:
    section: str
    heading: str | None
    paragraphs: tuple[str, ...]
    bullets: bool = False
    tied: bool = False  # tied to its item by number


@dataclass(frozen=True)
class Item:
    kind: str
    ref: str | None
    title: str
    service: str | None
    owners: tuple[Owner, ...]
    polarity: str | None
    rag: str | None
    direction: str | None
    rises: int
    target: dict[str, Any] | None
    values: tuple[str, ...]
    texts: tuple[Text, ...]
    numbers: tuple[float, ...] = ()
    goal: float = 0.0

    @property
    def owner_text(self) -> str:
        one = self.owners[0] if self.owners else {"name": None, "role": None}
        return ", ".join(part for part in (one["name"], one["role"]) if part)

    @property
    def target_text(self) -> str:
        return str(self.target["text"]) if self.target else ""


@dataclass(frozen=True)
class Wishes:
    """What a family asks of its reports; each of `maybe` is printed or not by chance."""

    items: tuple[int, int] = (6, 12)
    always: frozenset[str] = frozenset({"rag"})
    maybe: frozenset[str] = frozenset({"ref", "owner", "polarity", "target", "direction", "service"})
    statuses: tuple[str, ...] = looks.STATUS_IN_TABLE
    directions: tuple[str, ...] = looks.DIRECTION
    drawn: bool = True
    many_periods: bool = True
    values: bool = True
    texts: str = "single"  # "single", "labelled", "prose", "none"
    long: int = 2  # sentences to a paragraph
    services: tuple[int, int] = (2, 4)
    welsh: bool = False


@dataclass
class Plan:
    """One report; families read it, gold is made from its items."""

    rng: Random
    council: str
    year: int
    quarter: int | None
    title: str
    committee: str
    day: date
    columns: list[Column]
    look: looks.Look
    shown: frozenset[str]
    words: dict[str, str]
    says: Sentences
    owner_manner: str
    items: list[Item] = field(default_factory=list)

    @property
    def period_words(self) -> str:
        year = short(self.year, 0)
        if self.quarter is None:
            return f"Annual report {year}"
        months = ("April to June", "July to September", "October to December", "January to March")
        return f"Quarter {self.quarter} {year} ({months[self.quarter - 1]})"

    def by_service(self) -> list[tuple[str | None, list[Item]]]:
        found: dict[str | None, list[Item]] = {}
        for item in self.items:
            found.setdefault(item.service, []).append(item)
        return list(found.items())


def _refs(rng: Random, count: int) -> list[str]:
    start = rng.randint(1, 30)
    prefix = rng.choice(["KPI", "AS", "CP-", "LPI", "PI", "BV", "HS"])
    numbers = sorted(rng.sample(range(start, start + 3 * count), count))
    match rng.randrange(5):
        case 0:
            return [f"{prefix} {n:02d}" for n in numbers]
        case 1:
            return [f"{prefix}{n}" for n in numbers]
        case 2:
            return [f"{1 + k // 4}.{1 + k % 4}" for k in range(count)]
        case 3:
            return [
                rng.choice(["NI", "LI", prefix]) + f" {n:03d}" + rng.choice(["", "", "a"]) for n in numbers
            ]
    return [f"{rng.choice('ABCDEH')}{1 + k}" for k in range(count)]


def make(seed: str, wishes: Wishes) -> Plan:
    """The report of a seed ("7-forms-chromium")."""
    rng = Random(seed)
    year, quarter = rng.randint(2014, 2024), rng.choice([1, 2, 3, 4, 1, 2, 3, 4, None])
    heads, people = load("headings"), load("people")
    council = rng.choice(people["welsh_councils"] if wishes.welsh else people["councils"])
    shown = set(wishes.always) | {f for f in sorted(wishes.maybe) if rng.random() < 0.65}
    drawn = looks.DRAWN if wishes.drawn else ()
    more = () if wishes.statuses == ("heading",) else drawn
    look = looks.make(rng, wishes.statuses + more, wishes.directions + drawn)
    if wishes.welsh:
        words = heads["welsh"]
        look = replace(look, words={r: words[r] for r in looks.RAGS}, ways={w: words[w] for w in looks.WAYS})
    cols = columns(rng, year, quarter, wishes.many_periods) if wishes.values else []
    named = {k: rng.choice(_fitting(v, quarter)) for k, v in heads["columns"].items()}
    named["target"] = named["target"].format(now=cols[-1].banner if cols else short(year, 0))
    if wishes.welsh:
        named |= heads["welsh"]
    says = Sentences(rng, year, quarter)
    month = {1: (8, 0), 2: (11, 0), 3: (2, 1), 4: (6, 1), None: (6, 1)}[quarter]
    plan = Plan(
        rng, council, year, quarter, rng.choice(heads["parts"]["titles"]),
        rng.choice(heads["parts"]["committees"]), date(year + month[1], month[0], rng.randint(1, 28)),
        cols, look, frozenset(shown), named, says, rng.choice(["name", "name", "role", "both"]),
    )  # fmt: skip
    plan.items = _items(plan, wishes)
    return plan


def _fitting(words: list[str], quarter: int | None) -> list[str]:
    """Words that fit the report: none about quarters in an annual report."""
    unfit = ("quarter", "q4", "annual")
    return words if quarter else [w for w in words if not any(u in w.lower() for u in unfit)] or words


def _items(plan: Plan, wishes: Wishes) -> list[Item]:
    rng = plan.rng
    count = rng.randint(*wishes.items)
    chosen = rng.sample(sorted(services()), rng.randint(*wishes.services))
    each = -(-count // len(chosen))
    pool = [m for s in chosen for m in rng.sample(measures(s), min(len(measures(s)), each))]
    refs = _refs(rng, len(pool))
    polarity_words = {k: rng.choice(v) for k, v in load("headings")["polarity"].items()}
    plan.words |= {f"polarity_{k}": v for k, v in polarity_words.items()}
    manner = _Manner(plan, wishes)
    return [manner.item(m, ref) for m, ref in zip(pool, refs, strict=True)]


class _Manner:
    """What all items of a report have in common."""

    def __init__(self, plan: Plan, wishes: Wishes) -> None:
        rng, heads = plan.rng, load("headings")
        self.plan, self.wishes = plan, wishes
        self.long = rng.random() < 0.5
        self.target = rng.choices(["plain", "sign", "words", "after"], [6, 1, 1, 1])[0]
        self.counts = rng.randrange(3) if rng.random() < 0.6 else None
        self.single = plan.words["note"]
        self.sections = rng.choice(heads["sections"]["sets"])
        self.missing = {k: _fitting(v, plan.quarter) for k, v in heads["missing"].items()}
        self.bullets = rng.random() < 0.4
        self.owners: dict[str, list[Owner]] = {}

    def item(self, m: Measure, ref: str) -> Item:
        plan, rng = self.plan, self.plan.rng
        shown, look = plan.shown, plan.look
        periods = [c.period for c in plan.columns]
        series = make_series(m, rng, periods or [""], look.tolerance)
        numbers = [*reversed(series.before.values()), series.now]
        values = [self.figure(m, v) for v in numbers] if periods else []
        rag: str | None = series.rag
        target: dict[str, Any] | None = None
        way = "range" if rng.random() < 0.03 else self.target
        if rng.random() < 0.07:
            rag = "grey"
            text = rng.choice(self.missing["target"])
            target = None if text == "-" else {"text": text, "value": None, "unit": None, "comparator": None}
        else:
            target = target_of(m, series.target, way, printed(m.unit, series.target, self.long))
        direction: str | None = series.direction
        if periods and rng.random() < 0.05:
            values[-1] = rng.choice(self.missing["figure"])
            rag = direction = None
        if look.status == "bracket" and rag:
            values[-1] += f" ({look.words[rag]})"
        if len(values) > 1 and rng.random() < 0.06:
            values[0] = rng.choice(self.missing["figure"])
        texts = self.texts(m, rag)
        return Item(
            "indicator",
            ref if "ref" in shown else None,
            m.title,
            m.service if "service" in shown else None,
            (self.owner(m.service),) if "owner" in shown else (),
            m.polarity if "polarity" in shown else None,
            rag if "rag" in shown and look.shows(rag) else None,
            direction if "direction" in shown else None,
            series.rises,
            target if "target" in shown else None,
            tuple(values),
            texts,
            tuple(numbers),
            series.target if rag != "grey" else 0.0,
        )

    def figure(self, m: Measure, value: float) -> str:
        if m.unit == "share" and self.counts is not None:
            return with_counts(value, self.plan.rng, self.counts)
        return printed(m.unit, value, self.long)

    def owner(self, service: str) -> Owner:
        rng = self.plan.rng
        if service not in self.owners:
            roles = services()[service]["roles"]
            self.owners[service] = [{"name": self.plan.says.name(), "role": r} for r in roles[:2]]
        one = rng.choice(self.owners[service])
        keep = {"name": ("name",), "role": ("role",), "both": ("name", "role")}[self.plan.owner_manner]
        return {k: one[k] if k in keep else None for k in ("name", "role")}

    # --- texts ---

    def texts(self, m: Measure, rag: str | None) -> tuple[Text, ...]:
        match self.wishes.texts:
            case "none":
                return ()
            case "labelled":
                return self.labelled(m, rag)
            case "prose":
                return (Text("note", None, self.paragraphs(m, rag, self.plan.rng.randint(1, 3))),)
        if rag == "green" and self.plan.rng.random() < 0.3:
            return ()
        return (Text("note", self.single, self.paragraphs(m, rag, self.plan.rng.choice([1, 1, 2]))),)

    def said(self, m: Measure, kind: str) -> str:
        topic = m.topic if kind in ("reason", "action", "progress") else "general"
        return self.plan.says.take(topic, kind, m.service)

    def paragraphs(self, m: Measure, rag: str | None, count: int) -> tuple[str, ...]:
        rng = self.plan.rng
        if rag in ("red", "amber"):
            order = ["reason", "reason", "action", "action", "outlook"]
        elif rag is None:
            order = ["note", "outlook"]
        else:
            order = ["progress", rng.choice(["steady", "note"]), "outlook"]
        long = min(len(order), max(count, rng.randint(1, self.wishes.long) + count - 1))
        kinds = sorted(rng.sample(range(len(order)), long))
        said = [self.said(m, order[k]) for k in kinds]
        cuts = sorted(rng.sample(range(1, len(said)), min(count - 1, len(said) - 1))) if len(said) > 1 else []
        parts = [said[a:b] for a, b in zip([0, *cuts], [*cuts, len(said)], strict=True)]
        return tuple(" ".join(part) for part in parts)

    def labelled(self, m: Measure, rag: str | None) -> tuple[Text, ...]:
        rng = self.plan.rng
        if rag in ("green", "grey", None):
            words = self.plan.words["note"]
            return (Text("note", words, self.paragraphs(m, rag, 1)),) if rng.random() < 0.7 else ()
        texts = []
        for section, heading in self.sections:
            kind = {"issue": "reason", "note": "reason"}.get(section, section)
            count = rng.randint(1, self.wishes.long)
            said = [self.said(m, kind) for _ in range(1 if kind in ("outlook", "finance") else count)]
            bullets = self.bullets and kind == "action" and len(said) > 1
            if bullets or (len(said) > 2 and rng.random() < 0.4):
                texts.append(Text(section, heading, tuple(said), bullets))
            else:
                texts.append(Text(section, heading, (" ".join(said),)))
        return tuple(texts)

"""Figures, targets and periods of made indicators, and how they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from layouts.bank import Measure, load
from printing.figures import figure


def rounded(unit: str, value: float) -> float:
    value = max(value, 0)
    if unit in ("%", "%1", "share"):
        value = min(value, 100)
    if unit in ("%1", "share", "days1", "mins", "rate", "per1000", "per100k", "£m"):
        return round(value, 1)
    return float(round(value))


def printed(unit: str, value: float, long: bool) -> str:
    """A figure as a report prints it; in `long` ones units follow where they need not."""
    match unit:
        case "%":
            return f"{value:.0f}%"
        case "%1" | "share":
            return f"{value:.1f}%"
        case "days" | "weeks" | "kg":
            return f"{value:.0f} {unit}" if long else f"{value:.0f}"
        case "days1":
            return f"{value:.1f} days" if long else f"{value:.1f}"
        case "mins":
            return f"{value:.1f} minutes" if long else f"{value:.1f}"
        case "t":
            return f"{value:,.0f} tonnes" if long else f"{value:,.0f}"
        case "£":
            return f"£{value:,.0f}"
        case "£k":
            return f"£{value:.0f}k" if long else f"£{value * 1000:,.0f}"
        case "£m":
            return f"£{value:.1f}m"
        case "per1000":
            return f"{value:.1f} per 1,000" if long else f"{value:.1f}"
        case "per100k":
            return f"{value:,.1f} per 100,000" if long else f"{value:,.1f}"
        case "rate":
            return f"{value:.1f}"
    return f"{value:,.0f}"


def with_counts(value: float, rng: Random, manner: int) -> str:
    """A share with its two counts."""
    below = rng.randint(40, 320)
    above = round(value * below / 100)
    share = f"{100 * above / below:.1f}%"
    return (f"{share} ({above}/{below})", f"{above}/{below} ({share})", f"{share} ({above} of {below})")[
        manner
    ]


@dataclass(frozen=True)
class Series:
    """One indicator's figures by period, its target and how far it is from it."""

    now: float
    before: dict[str, float]
    target: float
    rag: str
    direction: str
    rises: int  # 1, 0 or -1: the figure itself against the one before


def make_series(m: Measure, rng: Random, periods: list[str], tolerance: int) -> Series:
    """`periods` from the oldest to the reported one; the status follows from the printed figures."""
    sign = 1 if m.polarity == "higher" else -1
    target = rounded(m.unit, m.usual + m.change * rng.uniform(-0.5, 0.8)) or 1
    wish = rng.choices(["red", "amber", "green"], [3, 3, 5])[0]
    spread = {"red": (-3.0, -1.15), "amber": (-0.9, -0.15), "green": (0.0, 1.2)}[wish]
    now = rounded(m.unit, target * (1 + sign * rng.uniform(*spread) * tolerance / 100))
    before, at = {}, now
    for period in reversed(periods[:-1]):
        at = rounded(m.unit, at if rng.random() < 0.08 else at + rng.gauss(0, 1) * m.change)
        before[period] = at
    last = before[periods[-2]] if len(periods) > 1 else rounded(m.unit, now + rng.gauss(0, 1) * m.change)
    gap = sign * (target - now) / target * 100
    rag = "green" if gap <= 0 else "amber" if gap <= tolerance else "red"
    rises = (now > last) - (now < last)
    direction = {1: "improving", 0: "steady", -1: "worsening"}[rises * sign]
    return Series(now, before, target, rag, direction, rises)


def target_of(m: Measure, value: float, manner: str, text: str) -> dict[str, Any]:
    """Gold of a target printed in one of the manners "plain", "sign", "words", "after", "range"."""
    higher = m.polarity == "higher"
    known = {"value": figure(text)["value"], "unit": figure(text)["unit"]}
    match manner:
        case "sign":
            return {
                "text": ("≥ " if higher else "≤ ") + text,
                **known,
                "comparator": ">=" if higher else "<=",
            }
        case "words":
            words = "At least " if higher else "No more than "
            return {"text": words + text, **known, "comparator": ">=" if higher else "<="}
        case "after":
            return {
                "text": text + (" or more" if higher else " or less"),
                **known,
                "comparator": ">=" if higher else "<=",
            }
        case "range" if m.unit in ("%", "n", "days"):
            other = value * 1.1 + 1
            low, high = f"{value:.0f}", f"{other:.0f}{'%' if m.unit == '%' else ''}"
            return {"text": f"{low} - {high}", "value": None, "unit": None, "comparator": None}
    return {"text": text, **known, "comparator": None}


@dataclass(frozen=True)
class Column:
    """A column of figures: the contract's period, its label in one row, and the two rows of a banner."""

    period: str
    label: str
    banner: str
    under: str


def short(year: int, manner: int) -> str:
    return (
        f"{year}/{(year + 1) % 100:02d}",
        f"{year}-{(year + 1) % 100:02d}",
        f"{year % 100:02d}/{(year + 1) % 100:02d}",
    )[manner % 3]


def of_quarter(year: int, quarter: int, manner: int) -> Column:
    y, q = short(year, manner // 3), quarter
    label = (f"Q{q} {y}", f"{y} Q{q}", f"Quarter {q} {y}", f"Qtr {q} {y}")[manner % 4]
    return Column(
        f"{year}/{(year + 1) % 100:02d} Q{q}", label, y, (f"Q{q}", f"Qtr {q}", f"Quarter {q}")[manner % 3]
    )


def of_year(year: int, manner: int) -> Column:
    y = short(year, manner // 3)
    label = (y, f"{y} Outturn", f"{y} Actual", f"Year end {y}")[manner % 4]
    return Column(
        f"{year}/{(year + 1) % 100:02d} Year End", label, y, ("Year end", "Outturn", "Annual")[manner % 3]
    )


def columns(rng: Random, year: int, quarter: int | None, many: bool) -> list[Column]:
    """The periods that a report prints, oldest first and the reported one last."""
    manner = rng.randrange(36)
    if quarter is None:
        count = rng.choice([1, 2, 3, 4]) if many else 2
        return [of_year(year - k, manner) for k in range(count - 1, -1, -1)]

    def back(k: int) -> Column:
        number = year * 4 + quarter - 1 - k
        return of_quarter(number // 4, number % 4 + 1, manner)

    words = load("headings")["columns"]
    now = Column(back(0).period, rng.choice(words["value_now"]), back(0).banner, back(0).under)
    ways = [
        [now],
        [back(1), back(0)],
        [back(4), back(1), back(0)],
        [of_year(year - 1, manner), *(back(k) for k in range(quarter - 1, -1, -1))],
        [of_year(year - 2, manner), of_year(year - 1, manner), back(0)],
        [back(k) for k in range(4, -1, -1)],
        [Column(back(1).period, rng.choice(words["value_before"]), back(1).banner, back(1).under), now],
        [Column(back(4).period, rng.choice(words["value_last_year"]), back(4).banner, back(4).under), now],
    ]
    return rng.choice(ways if many else [*ways[:3], *ways[6:]])

"""How far from its target a result may be for red, amber and green: a report's own rule read, and applied to a figure.

Rules as councils print them: in the key ("Amber: up to 5% below target", "Red: more than 5 percentage points below"),
in a column of each measure ("Tolerance 5%") or as limits ("Amber threshold 85%", "Intervention level 80%"). What a
rule leaves open (per cent of the target or percentage points, the exact limit, an unknown polarity) is left open here
too: `possible_status` gives every status that the rule allows, so that only a true contradiction is told.
The words are in data/values.toml.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Literal

from councilscope.records import Polarity, Rag, Target
from councilscope.values.figures import NUMBER, parse_figure, to_number
from councilscope.values.targets import parse_target, target_range
from councilscope.values.words import alternatives, lists, tidy

Measure = Literal["percent", "points", "figure"]


@dataclass(frozen=True, slots=True)
class Limit:
    """How far the worse side of a target reaches.

    `measure` says what `value` counts: `percent` of the target, `points` in the unit of the figure, or `figure`, a
    result itself rather than a distance. `met` tells whether a result exactly at the limit is still within it; None
    where the rule does not say. Councils write "5%" for percentage points too, so that `percent` of a target that is
    itself a percentage is read both ways.
    """

    value: float
    measure: Measure = "percent"
    met: bool | None = None


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A rule: green as far as `green` (at the target where None), amber as far as `amber`, then red.

    `amber` is None where the rule knows no amber or does not say where it ends (`open` is then True).
    """

    green: Limit | None = None
    amber: Limit | None = None
    open: bool = False


_AMOUNT = re.compile(
    rf"(?P<lo>{NUMBER})\s*(?P<u1>%|per cent|percentage points?|points?|pp|days?)?\s*(?:(?:-|to|and)\s*(?P<hi>{NUMBER})\s*)?"
    r"(?P<unit>%\s?(?:points?|pts)|%|per cent|percentage points?|points?|pp|ppts?)?",
    re.I,
)


def _phrases(name: str) -> str:
    return alternatives(lists()["tolerance"][name])


def _measure(unit: str) -> Measure | None:
    unit = unit.casefold()
    if "point" in unit or unit in ("pp", "ppt", "ppts") or "pts" in unit:
        return "points"
    return "percent" if unit in ("%", "per cent") else None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Distances below the target that one description covers: from `low` to `high`, None where open."""

    low: float | None
    high: float | None
    measure: Measure
    low_met: bool | None
    high_met: bool | None


def _stretch(text: str) -> _Stretch | None:
    """The distances that one description gives, None where it gives none or makes them depend on something else."""
    said = tidy(text).casefold()
    if re.search(rf"\b(?:{_phrases('conditions')})\b", said):
        return None
    amounts = [m for m in _AMOUNT.finditer(said) if _measure(m["unit"] or m["u1"] or "")]
    if len(amounts) != 1:
        return None
    m = amounts[0]
    measure = _measure(m["unit"] or m["u1"] or "")
    assert measure is not None
    before, after = said[: m.start()], said[m.end() :]
    if not re.search(rf"\b(?:{_phrases('about')})", said):
        return None
    low = to_number(m["lo"])
    if m["hi"]:
        return _Stretch(low, to_number(m["hi"]), measure, None, None)
    if re.search(rf"(?:\b(?:{_phrases('beyond')})|>|≥)\s*$", before) or re.match(
        r"\s*(?:\+|or more|and over|or over)", after
    ):
        reached = bool(re.match(r"\s*(?:\+|or more|and over|or over)", after)) or before.rstrip().endswith(
            "≥"
        )
        return _Stretch(low, None, measure, reached, None)
    if re.search(rf"(?:\b(?:{_phrases('up_to')})|≤|<|-|\+/-|±)\s*$", before):
        short = bool(re.search(r"(?:less than|under|below|<)\s*$", before))
        return _Stretch(None, low, measure, None, not short)
    if re.search(r"\bwithin\b", before):
        return _Stretch(None, low, measure, None, True)
    return None


def read_rule(rules: Mapping[str, str]) -> Tolerance | None:
    """The rule that the descriptions of a key's colours give, `{"green": …, "amber": …, "red": …}`; None where they give none.

    Yellow stands for amber where there is no amber. A key of more steps gives none, nor does one that makes a colour
    depend on last year, a trend or a forecast, or that contradicts itself.
    """
    if "yellow" in rules:
        if "amber" in rules:
            return None
        rules = {**rules, "amber": rules["yellow"]}
    if any(re.search(rf"\b(?:{_phrases('conditions')})\b", tidy(t).casefold()) for t in rules.values()):
        return None
    green, amber, red = (_stretch(rules.get(c, "")) for c in ("green", "amber", "red"))
    inner = None  # where green ends
    if green and green.high is not None:
        inner = Limit(green.high, green.measure, green.high_met)
    elif amber and amber.low:
        inner = Limit(amber.low, amber.measure, None) if amber.low >= 1 else None
    outer = None  # where amber ends
    ends = []
    if amber and amber.high is not None:
        ends.append(Limit(amber.high, amber.measure, amber.high_met))
    if red and red.low is not None:
        ends.append(Limit(red.low, red.measure, None if red.low_met is None else not red.low_met))
    if len({e.value for e in ends}) > 1:
        return None
    if ends:
        measure: Measure = "points" if any(e.measure == "points" for e in ends) else "percent"
        sure = {e.met for e in ends} - {None}
        outer = Limit(ends[0].value, measure, sure.pop() if len(sure) == 1 else None)
    if outer is None:
        return Tolerance(inner, None, open="amber" in rules) if inner else None
    if inner and inner.value >= outer.value:
        return None
    return Tolerance(inner, outer)


def read_limits(limits: Mapping[str, str | None]) -> Tolerance | None:
    """The rule of one measure from its own columns, by what they hold: `tolerance`, `red`, `amber`, `green`.

    `tolerance` is a distance from the target ("5%", "+/- 2 percentage points", "3 days"); the others are results:
    the worst that is green, the worst that is amber (which some councils call the red threshold or intervention level).
    None where they hold no figures.
    """
    said = tidy(limits.get("tolerance")).casefold()
    if said:
        m = _AMOUNT.search(said)
        if m is None or m["hi"]:
            return None
        measure = _measure(m["unit"] or m["u1"] or "") or "points"
        return Tolerance(None, Limit(to_number(m["lo"]), measure, None))
    found = {c: _result(limits.get(c)) for c in ("green", "amber", "red")}
    red, amber, green = found["red"], found["amber"], found["green"]
    if red is not None and amber is not None:
        return Tolerance(Limit(amber, "figure"), Limit(red, "figure")) if amber != red else None
    if green is not None and (red if red is not None else amber) is not None:
        end = red if red is not None else amber
        assert end is not None
        return Tolerance(Limit(green, "figure"), Limit(end, "figure")) if green != end else None
    if red is not None:
        return Tolerance(None, Limit(red, "figure"))
    if amber is not None:  # the worst amber, or the worst green: the heading does not say
        return Tolerance(None, Limit(amber, "figure"), open=True)
    return None


def _result(text: str | None) -> float | None:
    target = parse_target(text)
    if target is not None and target.value is not None:
        return target.value
    figure = parse_figure(text)
    return figure.value if figure else None


def limit_column(heading: str | None) -> str | None:
    """`tolerance`, `red`, `amber` or `green` where a column's heading says that it holds such a limit, else None."""
    said = re.sub(r"[^a-z ]+", " ", tidy(heading).casefold().replace("'", "")).strip()
    said = re.sub(r"\s+", " ", said)
    for name in ("red", "amber", "green", "tolerance"):
        if said in lists()["tolerance"]["columns"][name]:
            return name
    return None


# --- applied ------------------------------------------------------------------------------------------------


def possible_status(
    target: Target | None, actual: float | None, polarity: Polarity | None, rule: Tolerance
) -> frozenset[Rag]:
    """Every status that a result may have by a rule; empty where it cannot be told (no figure, no target).

    `actual` is in the unit of the target. A comparator of the target gives the polarity where none is known.
    """
    goal = target.value if target else None
    if actual is None or (goal is None and not (rule.amber and rule.amber.measure == "figure")):
        ends = target_range(target.text) if target else None
        if actual is None or ends is None:
            return frozenset()
        return frozenset({"green"}) if ends[0] <= actual <= ends[1] else frozenset({"amber", "red"})
    sides = [polarity] if polarity else _sides(target, rule)
    share = target is not None and target.unit == "%"
    out: set[Rag] = set()
    for side in sides:
        for how in product(*(_readings(m, share) for m in (rule.green, rule.amber))):
            out |= _judge(goal, actual, -1 if side == "lower" else 1, rule, how)
    return frozenset(out)


def recomputed_status(
    target: Target | None, actual: float | None, polarity: Polarity | None, rule: Tolerance
) -> Rag | None:
    """The one status that a rule gives to a result; None where it gives none or more than one."""
    found = possible_status(target, actual, polarity, rule)
    return next(iter(found)) if len(found) == 1 else None


def _sides(target: Target | None, rule: Tolerance) -> list[Polarity]:
    if target is not None and target.comparator in (">=", ">"):
        return ["higher"]
    if target is not None and target.comparator in ("<=", "<"):
        return ["lower"]
    inner = (
        rule.green.value
        if rule.green and rule.green.measure == "figure"
        else target.value
        if target
        else None
    )
    if rule.amber and rule.amber.measure == "figure" and inner is not None and rule.amber.value != inner:
        return ["higher"] if rule.amber.value < inner else ["lower"]
    return ["higher", "lower"]


def _readings(limit: Limit | None, share: bool) -> list[Measure]:
    if limit is None:
        return ["points"]
    return ["percent", "points"] if limit.measure == "percent" and share else [limit.measure]


def _beyond(limit: Limit | None, how: Measure, goal: float | None, actual: float, sign: int) -> set[bool]:
    """Whether a result is worse than a limit allows; both answers where it stands at a limit of which that is not said."""
    if limit is None or limit.measure == "figure":
        edge = limit.value if limit else goal
        if edge is None:
            return {True, False}
        short = (edge - actual) * sign
    else:
        assert goal is not None
        short = (goal - actual) * sign - (limit.value * abs(goal) / 100 if how == "percent" else limit.value)
    if abs(short) <= 1e-9 * max(1.0, abs(actual)):
        return {False} if limit is None or limit.met else {True} if limit.met is False else {True, False}
    return {short > 0}


def _judge(
    goal: float | None, actual: float, sign: int, rule: Tolerance, how: tuple[Measure, ...]
) -> set[Rag]:
    out: set[Rag] = set()
    for past_green in _beyond(rule.green, how[0], goal, actual, sign):
        if not past_green:
            out.add("green")
            continue
        if rule.amber is None:
            out |= {"amber", "red"} if rule.open else {"red"}
            continue
        for past_amber in _beyond(rule.amber, how[1], goal, actual, sign):
            out |= ({"amber", "red"} if rule.open else {"red"}) if past_amber else {"amber"}
    if rule.open and goal is not None and out == {"amber"}:
        out.add("green")
    return out

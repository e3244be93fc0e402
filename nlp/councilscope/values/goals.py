"""What the wording of a measure says of itself: its goal ("… increased to 90% for 2021/22") and its polarity.

The grammar is that of council plans: a change ("a reduction in", "increase", "improved") or an obligation ("to be",
"to reach"), then the level ("to 95%", "by 15 per year", "of 15%", "in line with …"). A baseline ("from 40%") is no goal.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from councilscope.records import Polarity, Target
from councilscope.values.figures import NUMBER, is_date
from councilscope.values.targets import comparator_patterns, read_goal
from councilscope.values.words import lists, tidy

_UP = (
    r"increas(?:e|es|ed|ing)|improv(?:e|es|ed|ing|ement|ements)|rais(?:e|es|ed|ing)|rise|rises|risen|grow|grows|growth|grown|maximis(?:e|ed|ing)"
    r"|maximiz(?:e|ed|ing)|boost(?:s|ed|ing)?|enhanc(?:e|ed|ing)|upward\s+trend"
)
_DOWN = (
    r"reduc(?:e|es|ed|ing|tion|tions)|decreas(?:e|es|ed|ing)|lower(?:s|ed|ing)|minimis(?:e|ed|ing|ation)|minimiz(?:e|ed|ing)|cut|cuts|cutting"
    r"|fall|falls|fallen|declin(?:e|es|ed|ing)|downward\s+trend|lower(?=\s+(?:the|our|number|rates?|levels?|proportion))"
)
_CHANGE = re.compile(rf"\b(?:{_UP}|{_DOWN})\b", re.I)
_PARTICIPLE = r"(?:\w{2,}ed|built|held|made|met|given|taken|sent|found|kept|paid|run|let|set|undertaken|begun|brought|sold|won|put)"
_WORSE_IF_MORE = re.compile(
    r"\b(?:absences?|sickness|time\s+taken|turnaround|waiting|complaints?|days|delay\w*|debt|arrears|crimes?|vacan\w+|turnover|emissions?|costs?)\b",
    re.I,
)
_LEVEL = re.compile(
    r"\b(?:(?P<must>to\s+be|is|are|to\s+reach|reach(?:es|ing)?|to\s+achieve|achiev(?:e|es|ing)|to\s+exceed|to\s+remain|remains?(?:\s+at)?"
    r"|maintain(?:ed|ing)?(?:\s+at)?|target(?:\s+of|\s+is|:)?|goal\s+of)|(?P<to>to)|(?P<by>by)|(?P<of>of)|(?P<at>at))\s+(?P<goal>[^\s].*)$",
    re.I | re.S,
)
_IN_LINE = re.compile(
    r"(?P<goal>(?:at\s+least\s+)?in\s+line\s+with(?P<better>\s+or\s+(?:better|above|higher|lower|below)\s+than)?\s+.+|(?:at|above|below|better\s+than)\s+(?:or\s+(?:above|below|better\s+than)\s+)?the\s+(?:national|england|welsh|regional|scottish|uk)\b.*)$",
    re.I | re.S,
)
_CLAUSE_END = re.compile(
    r"(?<=[a-z%\d)])[.;](?:\s|$)|\s+(?:-|and\s+to|while|whilst|so\s+that|compared)\s+|,\s+(?:and|with|as|which|from)\s",
    re.I,
)
_STANDARD = re.compile(
    rf"^(?P<goal>(?:all|every|100%\s+of)\s+.+?\b{_PARTICIPLE}\b.*?\bwithin\s+(?:\d+|one|two|three|four|five|six|ten)\s+(?:[a-z]+\s+)?(?:minutes?|hours?|days?|weeks?|months?|years?))\b",
    re.I,
)
_BAND = re.compile(
    r"^(?:to\s+)?(?:maintain|maintenance|maintaining|retain|retaining|retention|achieve|achieving|attain|attaining|secure)\s+(?:of\s+)?(?:the\s+|a\s+|an\s+|our\s+)?"
    r"(?P<goal>(?:band|level|tier|grade|rating|stage|category)\s+(?:\d+|[a-z]\b)|(?:gold|silver|bronze|good|outstanding)\s+(?:rating|award|standard|status|accreditation))",
    re.I,
)
_COUNT = re.compile(
    rf"^(?P<n>{NUMBER})\s+(?!year|month|week|day|hour)(?:[\w&'/-]+\s+){{0,6}}?[\w'-]+s\s+(?:[\w&'/()-]+\s+){{0,8}}?(?:\w+ly\s+)?{_PARTICIPLE}\b",
    re.I,
)
_CUT = re.compile(
    rf"^(?:an?\s+)?(?P<goal>(?:{NUMBER})\s*%\s+(?:annual\s+|year on year\s+)?(?:reduction|decrease|increase|improvement|growth|rise))\b",
    re.I,
)
_BRACKETED = re.compile(
    rf"\((?:annual\s+|year end\s+)?(?:target|goal)\s*(?:of|is|:|=|-)?\s*(?P<goal>[^)]+)\)|\b(?:target|goal)\s*(?:of|is|:|=)\s*(?P<goal2>[≥≤<>]*\s*£?(?:{NUMBER}).*)$",
    re.I,
)
_RELATIVE = re.compile(
    r"\b(?:that|who|which|whose)\s+(?:\w+\s+){0,2}$|\b(?:where|whose)\b[^,]*$|\b(?:needs?|risks?)\s+$", re.I
)
_BLANK = re.compile(r"\s(?=.)", re.S)
_BACKWARD_NUMBER = re.compile(rf"(?:{NUMBER})\s*%?\s*$")


def _trim(goal: str) -> str:
    """The goal up to the end of its clause, without the closing full stop."""
    end = _CLAUSE_END.search(goal)
    return (goal[: end.start()] if end else goal).strip().rstrip(".;,: ")


def _target(goal: str) -> Target | None:
    value, unit, comparator = read_goal(goal)
    return Target(text=goal, value=value, unit=unit, comparator=comparator) if value is not None else None


@lru_cache(maxsize=4096)
def goal_in_title(title: str | None) -> Target | None:
    """The goal that a measure's own wording states; None where it only names the measure or a baseline.

    `text` is the wording of the goal itself ("90% for 2021/22", "less than 300 in 2021/22", "in line with national level").
    """
    said = tidy(title).strip(" .")
    if not said:
        return None
    bracket = _BRACKETED.search(said)
    if bracket:
        found = _target(_trim(bracket["goal"] or bracket["goal2"]))
        if found:
            return found
    return _goal_at_start(said) or _goal_after_change(said) or _goal_in_line(said)


def _goal_at_start(said: str) -> Target | None:
    standard = _STANDARD.match(said)
    if standard:
        return Target(text=standard["goal"])
    band = _BAND.match(said)
    if band:
        return Target(text=band["goal"])
    cut = _CUT.match(said)
    if cut:
        return _target(cut["goal"])
    bare = re.sub(
        r"^(?:to\s+)?(?:ensure|achieve|maintain|deliver|attain|secure)\s+(?:that\s+)?", "", said, flags=re.I
    )
    first, *_ = comparator_patterns()
    share = re.match(
        rf"^(?:(?P<cmp>.{{2,40}}?)\s+)?(?:{NUMBER})\s*(?:%|per\s?cent)(?=\s+(?:of|or)\b)", bare, re.I
    )
    if share and (
        share["cmp"] is None or first.match(share["cmp"] + " 1") or share["cmp"] in ("≥", "≤", ">", "<")
    ):
        after = re.match(r"\s+or\s+\w+", bare[share.end() :])
        return _target(share[0] + (after[0] if after else ""))
    if first.match(bare) and not re.match(
        r"^(?:over|under|above|below|within)\s+\d+s?\b(?!\s*%)", bare, re.I
    ):
        return _target(_trim(bare))
    count = _COUNT.match(bare)
    if count and not re.search(r"\b(?:that|who|which|where|whose)\b", count[0], re.I) and not is_date(bare):
        return _target(_trim(bare))
    return None


def _goal_after_change(said: str) -> Target | None:
    change = _CHANGE.search(said)
    for start in (0, *(m.end() for m in _BLANK.finditer(said))):
        level = _LEVEL.match(said, start)
        if not level:
            continue
        head = said[:start]
        if not (level["must"] or (change and change.start() < start)):
            continue
        if level["of"] and not re.search(
            r"\b(?:reduction|decrease|increase|improvement|growth|rise)\b", head, re.I
        ):
            continue
        if level["at"] and not re.search(r"\b(?:maintain\w*|remain\w*|keep|kept|held)\b", head, re.I):
            continue
        if (
            level["to"]
            and _BACKWARD_NUMBER.search(head)
            and not re.search(rf"\bfrom\s+£?(?:{NUMBER})\s*%?\s*$", head, re.I)
        ):
            continue
        goal = _trim(level["goal"])
        found = _target(goal)
        if found and not (level["of"] and re.match(rf"^(?:{NUMBER})\s*(?:-|to)\s*\d", goal)):
            if level["must"] and level["must"].casefold() in ("is", "are") and found.comparator is None:
                continue
            if level["must"] and re.search(r"exceed", level["must"], re.I):
                return found.model_copy(update={"comparator": found.comparator or ">"})
            return found
    return None


def _goal_in_line(said: str) -> Target | None:
    found = _IN_LINE.search(said)
    if not found or not (
        _CHANGE.search(said[: found.start()])
        or re.search(r"\b(?:to\s+be|is|are|remain\w*|maintain\w*)\s*$", said[: found.start()], re.I)
    ):
        return None
    goal = _trim(found["goal"])
    above = re.search(
        r"\bor\s+(?:better|above|higher)\s+than\b|^at\s+least\b|^(?:at\s+or\s+)above\b", goal, re.I
    )
    below = re.search(r"\bor\s+(?:lower|below)\s+than\b|^at\s+or\s+below\b", goal, re.I)
    return Target(text=goal, comparator=">=" if above else "<=" if below else None)


@cache
def _polarity_words() -> dict[str, Polarity]:
    table = lists()["polarity"]
    return {w: side for side in ("higher", "lower") for w in table[side]}


@lru_cache(maxsize=4096)
def polarity_of(text: str | None) -> Polarity | None:
    """The polarity that a column, label or line prints ("Higher is better", "Low", "Aim to minimise", "↑ is better")."""
    said = tidy(text).casefold().strip(" .:*()[]")
    said = re.sub(
        r"^(?:polarity|good performance|good|aim|desired direction|better(?: is)?|what is good\??|direction of good)\s*[:=-]?\s*(?:is|to(?: be)?)?\s*(?=\S)",
        "",
        said,
    )
    if not said or len(said) > 60:
        return None
    if re.match(r"^[↑▲⬆△🔼+](?:\s|$)", said):
        return "higher"
    if re.match(r"^[↓▼⬇▽🔽-](?:\s|$)", said) and re.search(r"better|best|good|^[^\s-]$", said):
        return "lower"
    words = _polarity_words()
    bare = re.sub(
        r"\b(?:is|are|the|be|to|a|an|aim|aims|value|values|figure|figures|number|numbers|result|score|for|best|better|good|preferred|desirable|performance|this|we|want|it|of|should|gorau|gwell|yw|yn)\b|[^a-z ]",
        " ",
        said,
    )
    left = bare.split()
    if left and len(left) <= 2 and left[0] in words and all(words.get(w) == words[left[0]] for w in left):
        return words[left[0]]
    return None


@lru_cache(maxsize=4096)
def polarity_in_title(title: str | None) -> Polarity | None:
    """The polarity that the wording of a measure shows ("A reduction in …", "… to be less than 300"), else None."""
    said = tidy(title).strip(" .")
    goal = goal_in_title(said)
    if goal and goal.comparator in (">", ">="):
        return "higher"
    if goal and goal.comparator in ("<", "<="):
        return "lower"
    start = re.match(
        rf"^(?:to\s+)?(?:continue\s+to\s+|continued\s+)?(?:an?\s+|the\s+)?(?:(?:{NUMBER})\s*%\s+|further\s+|overall\s+|annual\s+|year[ -]on[ -]year\s+|sustained\s+)?(?:(?P<up>{_UP}|more|maximum)|(?P<down>{_DOWN}|fewer|less|minimum))\b",
        said, re.I,
    )  # fmt: skip
    if start and not re.match(
        r"^(?:improvement|reduction|growth|cut|fall|more|less)s?\s+(?:plan|notice|order|strategy|programme|action|board|than)\w*\b",
        said,
        re.I,
    ):
        return _side(bool(start["up"]), start[0], said)
    finite = re.search(
        r"(?<!\bto\s)(?<!\bbe\s)(?<!\bwere\s)(?<!\bwas\s)(?<!\bhas\s)(?<!\bhave\s)\b(?:(?P<up>increase[sd]|improve[sd]|rises|risen|grows|grown|to\s+(?:increase|improve|rise|grow)"
        r"|(?:continued\s+)?upward\s+trend)|(?P<down>decrease[sd]|reduce[sd]|falls|fallen|declines|lowered|to\s+(?:reduce|decrease|fall|decline)|(?:continued\s+)?downward\s+trend))(?=\s+(?:from|to|by)\b|\s*$|\s+and\s+(?:is|to)\b|\s+year[ -]on[ -]year|(?<=trend)\b)",
        said, re.I,
    )  # fmt: skip
    if finite and not _RELATIVE.search(re.sub(r"\([^)]*\)", "", said[: finite.start()])):
        return _side(bool(finite["up"]), finite[0], said)
    if (
        goal
        and (goal.value is not None or re.match(r"^(?:all|every|100%)\b", goal.text, re.I))
        and said.casefold().startswith(goal.text.casefold()[:12])
    ):
        return "higher"
    if goal and goal.value is not None and re.search(r"\bto\s+(?:reach|achieve|exceed)\s", said, re.I):
        return "higher"
    return None


def _side(up: bool, word: str, said: str) -> Polarity | None:
    if up and re.search(r"improv|enhanc", word, re.I) and _WORSE_IF_MORE.search(said):
        return None
    return "higher" if up else "lower"

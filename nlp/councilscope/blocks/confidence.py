"""How sure a block is read right: a logistic regression over facts of the draft, its weights in data/confidence.toml.

`scripts/train confidence` fits the weights on made reports; here they are only added up. The facts say what went wrong,
and how a block differs from the others of its report, rather than how much it holds: reports print more and less.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache

from councilscope.blocks.draft import Draft
from councilscope.errors import ConfigError
from councilscope.lexicon import load_toml

DOUBTS = ("conflict", "differs", "unread", "cut", "odd_title", "outside")
"""Facts that speak against a block: their weights are never above 0."""
FACTS = ("form", "card", "item", "status", "merged", *DOUBTS)
"""Where it was read (none of the first three: a row of a list), whether a status was, whether from two places; doubts."""
FEW = (
    1 / 3
)  # share of a report's blocks up to which an odd title or a text without an end is no habit of the report
LEAST, MOST = 0.01, 0.99


def facts_of(
    drafts: Sequence[Draft],
    outside: Mapping[int, float],
    contradicted: Collection[int],
    differing: Collection[int],
) -> list[dict[str, float]]:
    """Each draft's facts by the names of FACTS: 0 to 1, but for `unread`, which counts cells, 3 at most.

    `outside` is the share of each page's words that belong to no item; the numbers name the drafts whose readings of
    the status contradict each other, and those whose figures contradict their status.
    """
    cut = _if_few([any(_is_cut(n.text) for n in d.notes) for d in drafts])
    odd = _if_few([_is_odd(d.title) for d in drafts])
    return [
        {
            **{source: float(d.source == source) for source in ("form", "card", "item")},
            "status": float(bool(d.status)),
            "merged": float(d.merged),
            "conflict": float(i in contradicted),
            "differs": float(i in differing),
            "unread": float(min(d.unread, 3)),
            "cut": cut[i],
            "odd_title": odd[i],
            "outside": max(outside.get(page, 0.0) for page in {b.page for b in d.boxes} | {d.page}),
        }
        for i, d in enumerate(drafts)
    ]


def _if_few(said: Sequence[bool]) -> list[float]:
    few = sum(said) <= FEW * len(said)
    return [float(one and few) for one in said]


def _is_cut(text: str) -> bool:
    """Whether a text of a sentence's length begins or ends within a sentence."""
    words = text.split()
    ends = words[-1].rstrip("\"'”’)]")[-1:] if words else ""
    return len(words) >= 8 and (words[0][:1].islower() or ends not in tuple(".!?:;"))


def _is_odd(title: str) -> bool:
    """Whether a title looks like a piece of something else: one word or very many, lower case, ended as a sentence or label."""
    return not 2 <= len(title.split()) <= 28 or title[:1].islower() or title.rstrip()[-1:] in tuple(".:;,")


@cache
def weights() -> tuple[float, dict[str, float]]:
    """Constant and weight of every fact. Raises ConfigError where the file and FACTS name different facts."""
    data = load_toml("confidence.toml")
    found = {str(name): float(weight) for name, weight in data["weights"].items()}
    if odd := ", ".join(sorted(found.keys() ^ set(FACTS))):
        raise ConfigError(
            f"data file confidence.toml does not fit this version ({odd}); make it anew with scripts/train confidence"
        )
    return float(data["constant"]), found


def probability(facts: Mapping[str, float]) -> float:
    """The estimated probability, 0.01 to 0.99, that a block with these facts is read right."""
    constant, by_name = weights()
    odds = constant + sum(by_name[name] * facts[name] for name in FACTS)
    return round(min(MOST, max(LEAST, 1 / (1 + math.exp(-odds)))), 2)

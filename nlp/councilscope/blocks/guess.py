"""Roles of columns whose heading no list knows: a multinomial logistic regression, weights in data/columns.json.

`scripts/train columns` fits it on made reports; here weights are only added up.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from councilscope.blocks.draft import is_code, is_name
from councilscope.errors import ConfigError
from councilscope.lexicon import fold
from councilscope.status import Key, arrow_turn, exact_rag, sign_turn, word_direction
from councilscope.tables import Cell
from councilscope.values import is_date, is_not_available, parse_figure

SURE = 0.8
"""Probability from which a guess is taken: right for 98 of 100 columns of layouts left out of the fit, headings unseen."""
KNOWN = ("current", "period", "ytd")
ROLES = {"title": "indicator", "commentary": "section", "outturn": "current"}


def features(
    heading: str, cells: Sequence[Cell], place: int, roles: Sequence[str | None]
) -> dict[str, float]:
    """What is seen of a column: its heading's words and their pieces, what its cells hold, where it stands among which."""
    out: dict[str, float] = {"1": 1.0}
    words = fold(heading).split()
    for w in words:
        out[f"word {w}"] = 1.0
        for k in range(max(1, len(w) - 2)):
            out[f"part {f' {w} '[k : k + 4]}"] = 0.5
    texts = [c.text.strip() for c in cells if c.words]
    held = max(1, sum(bool(c.words or c.shapes or c.pictures) for c in cells))
    n = max(1, len(texts))

    def share(name: str, count: int, of: int) -> None:
        out[f"cells {name}"] = count / of

    figures = [f for t in texts if (f := parse_figure(t)) is not None and f.value is not None]
    share("figures", len(figures), n)
    share("whole", sum(f.value is not None and float(f.value).is_integer() for f in figures), n)
    share("percent", sum("%" in t for t in texts), n)
    share("money", sum("£" in t for t in texts), n)
    share(
        "limits",
        sum(
            bool(re.search(r"(?i)[<>≤≥]|at least|or (?:more|less|fewer)|under|above|below", t)) for t in texts
        ),
        n,
    )
    share("codes", sum(bool(is_code(t)) and any(ch.isdigit() for ch in t) for t in texts), n)
    share("dates", sum(is_date(t) for t in texts), n)
    share("names", sum(any(is_name(p.strip()) for p in re.split(r"[,;/(]", t)) for t in texts), n)
    share("status", sum(bool(exact_rag(t, Key())) for t in texts), n)
    share("letters", sum(t in "RAGBY" for t in texts), n)
    share("moves", sum(bool(word_direction(t) or sign_turn(t)) for t in texts), n)
    share("none", sum(is_not_available(t) for t in texts), n)
    share("arrows", sum(any(arrow_turn(s) for s in c.shapes) for c in cells), held)
    share("shapes", sum(bool(c.shapes) for c in cells), held)
    share("pictures", sum(bool(c.pictures) for c in cells), held)
    share("empty", sum(not c.words for c in cells), max(1, len(cells)))
    share("different", len(set(texts)), n)
    share("sentences", sum(t.endswith(".") for t in texts), n)
    out["fills differ"] = float(len({c.fill for c in cells}) > 2)
    length = sum(len(t.split()) for t in texts) / n
    for least in (1.5, 3, 5, 9, 15):
        out[f"words over {least}"] = float(length > least)
    out["first"], out["last"] = float(place == 0), float(place == len(roles) - 1)
    out["place"] = place / max(1, len(roles) - 1)
    for k, role in enumerate(roles):
        if k != place and role:
            out[f"has {role}"] = 1.0
            if abs(k - place) == 1:
                out[f"{'left' if k < place else 'right'} {role}"] = 1.0
    return out


@cache
def weights() -> dict[str, dict[str, float]]:
    """Weight of each feature for each role. Raises ConfigError where the file is missing or not JSON."""
    try:
        text = (files("councilscope") / "data" / "columns.json").read_text(encoding="utf-8")
        return dict(json.loads(text)["weights"])
    except (OSError, ValueError, KeyError) as e:
        raise ConfigError(
            f"data file columns.json cannot be read: {e}; make it anew with scripts/train columns"
        ) from None


def guess_role(heading: str, cells: Sequence[Cell], place: int, roles: Sequence[str | None]) -> str | None:
    """The role of a column where it is likely enough, else None. `roles` are those already known, by place."""
    seen = features(heading, cells, place, roles)
    odds = {label: sum(ws.get(f, 0.0) * x for f, x in seen.items()) for label, ws in weights().items()}
    best = max(odds, key=lambda label: odds[label])
    probability = 1 / sum(math.exp(o - odds[best]) for o in odds.values())
    if best == "outturn" and any(r in KNOWN for r in roles):
        return None  # beside known figures an unknown one may as well be a comparator ("Y&H 20/21")
    return ROLES.get(best, best) if best != "other" and probability >= SURE else None

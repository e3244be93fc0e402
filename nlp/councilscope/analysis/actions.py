"""The action register: what councils say they do about it, who does it and by when, and what became of it.

An action is a span marked as ACTION in the commentary, or an item of a report that is itself an action (a deliverable, a
milestone). The same action told again in a later report of the same council, about the same indicator, is one action
with a history.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

import pandas as pd
from rapidfuzz import fuzz

from councilscope.analysis import indicators, scope
from councilscope.analysis.scope import BLOCK, KEYS, Answer
from councilscope.records import Period
from councilscope.values import due_date

OWN = ("status", "state")
BY = (*scope.GROUPS, "owner", "owner_kind", "source", *OWN)
SPANS = [
    *KEYS,
    "span_index",
    "start",
    "end",
    "label",
    "text",
    "attrs_status",
    "attrs_kind",
    "attrs_iso",
    "page",
]
NEEDED: dict[str, list[str] | None] = {
    "documents": scope.DOCUMENTS,
    "blocks": None,
    "outturns": None,
    "spans": SPANS,
    "relations": None,
}
TOLD_AGAIN = 78  # rapidfuzz's token_set_ratio from which two texts about one indicator tell of one action
LAPSE = 8  # reports of a council after which an action that none of them tells is not looked for any more
SHORT = 12  # letters: below, a text says too little to be known again
STATES = ("done", "overdue", "slipped", "repeated", "promised", "under way", "proposed", "nothing planned")
FIRST = {
    "done": "done",
    "ongoing": "under way",
    "planned": "promised",
    "proposed": "proposed",
    "none": "nothing planned",
}
COLUMNS = [
    "action", "text", "state", "status", "due", "due_text", "overdue", "days_over", "owner", "owner_kind", "told", "history",
    "council", "year", "quarter", "period_end", "nation", "region", "council_type", "service", "kind", "ref", "title", "rag",
    "source", "report", "page", *KEYS, "span_index", "latest",
]  # fmt: skip


@dataclass(frozen=True)
class ActionRegister(Answer):
    """One row per action and telling.

    `action` names the action in all its tellings, `told` counts them, `latest` marks the last. `status` is what the
    text says, `due` the date where it is certain. `state` is what the tellings add up to: done, overdue (at `at`,
    and not told as done), slipped (a later date than before), repeated (told again), promised, under way, proposed.
    """

    SHOWN: ClassVar[tuple[str, ...]] = (
        "text",
        "state",
        "due",
        "owner",
        "council",
        "quarter",
        "history",
        "page",
    )
    NOUN: ClassVar[str] = "telling"
    at: str | None

    def brief(self) -> pd.DataFrame:
        return super().brief()[self.table["latest"].to_numpy(dtype=bool)]

    @property
    def actions(self) -> pd.DataFrame:
        """One row per action: its latest telling."""
        return self.table[self.table["latest"]].reset_index(drop=True)

    def plot(self, **options: Any) -> Any:
        """Actions by state, as a Matplotlib figure."""
        from councilscope.charts import bars

        counts = self.actions["state"].value_counts().reindex(STATES).dropna()
        return bars(counts, title="Actions by what became of them", **options)


def action_register(
    source: Any,
    by: str | Sequence[str] = (),
    *,
    since: str | None = None,
    where: Mapping[str, str | Sequence[str]] | None = None,
    at: str | dt.date | None = None,
) -> ActionRegister:
    """Every action with its indicator, status, owner, deadline and history.

    `at` is the day (ISO) at which an action counts as overdue, and later reports are then left out; without it, it is the
    end of the latest period that the council of the action reports on. Other arguments and errors as in `theme_report`.
    """
    names = scope.as_names(by)
    scope.check(names, where, BY)
    day = _day(at)
    frames = scope.frames_of(source, NEEDED)
    own = {k: v for k, v in (where or {}).items() if k not in scope.GROUPS}
    rest = {k: v for k, v in (where or {}).items() if k in scope.GROUPS}
    blocks = scope.blocks_of(
        frames, list(frames["blocks"].columns), None, {k: v for k, v in rest.items() if k in scope.PLACES}
    )
    if day is not None:
        blocks = blocks[blocks["period_end"].le(day).fillna(False)]
    table = pd.concat([_spoken(frames, blocks), _items(blocks)], ignore_index=True)
    table = _judged(_linked(table, blocks), day)
    if since is not None:
        table = table[table["quarter"].ge(scope.since_period(since)).fillna(False)]
    for name, wanted in {**{k: v for k, v in rest.items() if k not in scope.PLACES}, **own}.items():
        table = scope.kept(table, name, wanted)
    order = [*names, "council", "action", "period_end", "span_index"]
    table = table.sort_values([*dict.fromkeys(order)], kind="stable", na_position="last", key=scope.ranked)
    return ActionRegister(names, table[COLUMNS].reset_index(drop=True), day)


def _day(at: str | dt.date | None) -> str | None:
    if at is None or isinstance(at, dt.date):
        return at.isoformat() if at else None
    try:
        return dt.date.fromisoformat(at.strip()).isoformat()
    except ValueError:
        raise ValueError(f'at is {at!r}; write a day as "2021-03-31"') from None


def _spoken(frames: Mapping[str, pd.DataFrame], blocks: pd.DataFrame) -> pd.DataFrame:
    """Actions in commentary, each with the first owner and deadline that belong to it."""
    spans = frames["spans"][SPANS]
    found = spans[spans["label"].eq("ACTION")].rename(columns={"attrs_status": "status"})
    linked = frames["relations"].merge(
        spans[[*KEYS, "span_index", "text", "attrs_kind", "attrs_iso"]],
        left_on=[*KEYS, "tail"],
        right_on=[*KEYS, "span_index"],
    )
    linked["span_index"] = linked["head"]
    for label, names in (
        ("owned_by", {"text": "owner", "attrs_kind": "owner_kind"}),
        ("due", {"text": "due_text", "attrs_iso": "due"}),
    ):
        some = linked[linked["label"].astype("string").eq(label)].drop_duplicates([*KEYS, "head"])
        some = some[[*KEYS, "span_index", *names]].rename(columns=names)
        found = found.drop(columns=[c for c in names if c != "text"], errors="ignore")
        found = found.merge(some, on=[*KEYS, "span_index"], how="left")
    found = found.drop(columns=["attrs_kind", "attrs_iso", "label", "start", "end"], errors="ignore")
    facts = blocks[[*BLOCK, "kind", "ref", "title", *scope.PLACES, "service", "rag", "report", "period_end"]]
    return found.merge(facts, on=BLOCK).assign(source="commentary")


def _items(blocks: pd.DataFrame) -> pd.DataFrame:
    """Items of a report that are actions; blue is done (the report's own key has been read), the rest is under way."""
    items = blocks[blocks["kind"].eq("action")].copy()
    items["text"] = items["title"]
    items["status"] = (
        items["rag"].eq("blue").fillna(False).map({True: "done", False: "ongoing"}).astype("string")
    )
    items["due_text"] = items["target_text"]
    due = [_due(t, y) for t, y in zip(items["target_text"], items["quarter"], strict=True)]
    items["due"] = pd.Series(due, index=items.index, dtype="string")
    owners = [(o[0] if len(o) else {}) for o in items["owners"]]
    who = [o.get("name") or o.get("role") for o in owners]
    items["owner"] = pd.Series(who, index=items.index, dtype="string")
    kinds = [None if not o else "person" if o.get("name") else "role" for o in owners]
    items["owner_kind"] = pd.Series(kinds, index=items.index, dtype="string")
    none = pd.Series(pd.NA, index=items.index, dtype="Int64")
    return items.assign(source="item", commentary_index=none, span_index=none)


def _due(text: Any, quarter: Any) -> str | None:
    if pd.isna(text):
        return None
    year, _, q = ("" if pd.isna(quarter) else str(quarter)).partition(" Q")
    period = Period(financial_year=year, quarter=int(q) if q else None) if year else None
    return due_date(str(text), period)


# ---------------------------------------------------------------------- the same action, told again


def _linked(table: pd.DataFrame, blocks: pd.DataFrame) -> pd.DataFrame:
    """`action`: one name for all tellings of an action. Looked for within one council and one indicator."""
    chosen = blocks.assign(family=pd.Series(pd.NA, index=blocks.index, dtype="string"))
    names = chosen[BLOCK].assign(about=indicators.series(chosen))
    table = table.merge(names, on=BLOCK, how="left")
    table["about"] = table["about"].fillna(table["doc_id"] + table["block_id"])
    table = table.sort_values(
        ["council", "about", "period_end", *KEYS, "span_index"], kind="stable"
    ).reset_index(drop=True)
    names_of: dict[Any, Any] = {}
    told = table[["about", "period_end", "doc_id", "text", "source", *KEYS[1:], "span_index"]]
    rows: list[Any] = told.astype("object").where(told.notna(), None).to_dict("records")
    for _, about in groupby(enumerate(rows), lambda r: r[1]["about"]):
        known: list[dict[str, Any]] = []
        reports = groupby(about, lambda r: (r[1]["period_end"], r[1]["doc_id"]))
        for n, (_, some) in enumerate(reports):
            known = [k for k in known if n - k["n"] <= LAPSE]
            _link(dict(some), n, known, names_of)
    return table.assign(action=pd.Series(names_of, index=table.index, dtype="string"))


def _link(told: Mapping[Any, Any], n: int, known: list[dict[str, Any]], names: dict[Any, Any]) -> None:
    """Give each action of the n-th report the name of the earlier one that it tells again, or a new one."""
    scored = sorted(
        (-again, i, m)
        for m, k in enumerate(known)
        for i, row in told.items()
        if (again := _again(k, row)) > 0
    )
    used: set[int] = set()
    for _, i, m in scored:
        if m not in used and i not in names:
            used.add(m)
            names[i] = known[m]["name"]
            known[m] |= {"text": told[i]["text"], "n": n}
    for i, row in told.items():
        if i not in names:
            keys = "|".join(str(row[c]) for c in (*KEYS, "span_index"))
            names[i] = hashlib.sha256(keys.encode()).hexdigest()[:10]
            known.append({"name": names[i], "text": row["text"], "source": row["source"], "n": n})


def _again(known: Mapping[str, Any], row: Mapping[str, Any]) -> float:
    if known["source"] != row["source"]:
        return 0.0
    if row["source"] == "item":  # the items of one series
        return 100.0
    a, b = str(known["text"]).casefold(), str(row["text"]).casefold()
    if min(len(a), len(b)) < SHORT:
        return 100.0 if a == b else 0.0
    alike = min(fuzz.token_set_ratio(a, b), fuzz.token_sort_ratio(a, b) + 25)
    return alike if alike >= TOLD_AGAIN else 0.0


def _judged(table: pd.DataFrame, at: str | None) -> pd.DataFrame:
    """`told`, `history`, `state`, `overdue`, `days_over` and `latest` of each telling."""
    table = table.sort_values(["action", "period_end"], kind="stable").reset_index(drop=True)
    ends = table.groupby("council", dropna=False)["period_end"].transform("max")
    days = ends if at is None else pd.Series(at, index=table.index, dtype="string")
    told = table[["action", "status", "due", "quarter"]].assign(day=days)
    rows: list[Any] = told.astype("object").where(told.notna(), None).to_dict("records")
    columns: dict[str, list[Any]] = {
        n: [None] * len(table) for n in ("told", "history", "state", "overdue", "days_over", "latest")
    }
    for _, tellings in groupby(enumerate(rows), lambda r: r[1]["action"]):
        history: list[str] = []
        due: str | None = None
        every = list(tellings)
        for n, (at_row, row) in enumerate(every):
            new = row["due"]
            state = FIRST.get(str(row["status"]), "under way")
            if n and state not in ("done", "nothing planned"):
                state = "slipped" if new and due and new > due else "repeated"
            due = new or due
            history.append(_step(row, state, new))
            day = row["day"]
            over = bool(due and day and due < day and state not in ("done", "nothing planned"))
            last = n == len(every) - 1
            facts = {
                "told": n + 1,
                "history": " → ".join(history),
                "state": "overdue" if over and last else state,
                "overdue": over and last,
                "days_over": (dt.date.fromisoformat(day) - dt.date.fromisoformat(due)).days
                if over and last and day and due
                else None,
                "latest": last,
            }
            for name, value in facts.items():
                columns[name][at_row] = value
    types = {"told": "Int64", "days_over": "Int64", "overdue": "bool", "latest": "bool"}
    made = {n: pd.Series(v, index=table.index, dtype=types.get(n, "string")) for n, v in columns.items()}
    return table.assign(**made)


def _step(row: Mapping[str, Any], state: str, due: str | None) -> str:
    when = row["quarter"] or "no period"
    return f"{when} {state}" + (f", due {due}" if due else "")


__all__ = ["BY", "STATES", "ActionRegister", "action_register"]

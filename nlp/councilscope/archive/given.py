"""What the user knows of reports: a CSV file with the columns `path`, `council` and `period`.

It names reports to read, and its council and period count before those that are printed in them.
"""

from __future__ import annotations

import csv
import difflib
import os
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from councilscope.annotate import printable, to_period
from councilscope.archive.inputs import normal
from councilscope.councils import Authority, authorities
from councilscope.errors import ConfigError
from councilscope.records import Period

COLUMNS = ("path", "council", "period")
Facts = dict[str, Any]  # columns of `documents`: council_name, council_gss, …, period_end, period_evidence
GIVEN = "given: "  # how the evidence begins


@dataclass
class Given:
    """The rows of the file: the facts by path, in its order, and what is wrong, row by row."""

    facts: dict[str, Facts] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)  # path, and reason with the line's number


def read_given(file: str | Path) -> Given:
    """Read the file. A row that cannot be used is in `wrong`; ConfigError where the file as a whole cannot.

    A path is as seen from the folder where the program runs or, where there is no such file, from the CSV's.
    """
    shown = printable(file)
    given = Given()
    try:
        with open(file, encoding="utf-8-sig", newline="") as stream:
            rows = csv.DictReader(stream)
            names = {n.strip().casefold(): n for n in rows.fieldnames or [] if n}
            if "path" not in names:
                raise ConfigError(
                    f"{shown}: it has no column path; its first line names the columns: {','.join(COLUMNS)}"
                )
            for row in rows:
                values = {c: (row.get(names.get(c, "")) or "").strip() for c in COLUMNS}
                if any(values.values()):
                    _add(given, values, shown, rows.line_num, Path(file).parent)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        why = getattr(error, "strerror", None) or f"it is no CSV file in UTF-8: {error}"
        raise ConfigError(f"{shown}: the file cannot be read ({why})") from None
    return given


def carried(row: Facts) -> Facts:
    """What was given for a document when it was read before, so that it stays when it is read again."""
    return {
        column: value
        for kind in ("council", "period")
        if str(row.get(f"{kind}_evidence") or "").startswith(GIVEN)
        for column, value in row.items()
        if column.startswith(f"{kind}_")
    }


def _add(given: Given, values: dict[str, str], file: str, line: int, folder: Path) -> None:
    path = values["path"]
    where = f"{file}, line {line}"
    if path and not os.path.lexists(path) and os.path.lexists(folder / path):
        path = str(folder / path)
    try:
        if not path:
            raise ValueError("the row has no path")
        facts = _facts(values["council"], values["period"], f"{GIVEN}{where}")
        before = given.facts.setdefault(normal(path), facts)
        if {k: v for k, v in before.items() if "evidence" not in k} != {
            k: v for k, v in facts.items() if "evidence" not in k
        }:
            raise ValueError("the path stands in another line with another council or period")
    except ValueError as error:
        given.wrong.append((printable(path) or file, f"{where}: {error}"))


def _facts(council: str, period: str, evidence: str) -> Facts:
    facts: Facts = {}
    when: Period | None = None
    if period:
        try:
            when = to_period(period)
        except ValueError:
            raise ValueError(
                f'the period {period!r} is not known; write it as "2021/22 Q4" or "2021/22"'
            ) from None
        facts |= {f"period_{k}": v for k, v in when.model_dump().items()} | {"period_evidence": evidence}
    if council:
        body = _body(council, when)
        facts |= {
            "council_name": body.name,
            "council_gss": body.code_on(when.end if when else None),
            "council_evidence": evidence,
        }
    return facts


def _body(said: str, when: Period | None) -> Authority:
    """The council of that name or GSS code, in that period. ValueError where there is none, or more than one."""
    names = _names()
    found = names.get(_plain(said), ())
    if not found:
        near = difflib.get_close_matches(_plain(said), names, 1, 0.7)
        meant = f"; did you mean {names[near[0]][0].name}?" if near else ""
        raise ValueError(f"no council has the name or code {said!r}{meant}")
    there = [a for a in found if when and when.start and when.end and a.existed(when.start, when.end)]
    left = there or [a for a in found if not a.end] or list(found)
    if len(left) > 1:
        raise ValueError(f"{said!r} may be {' or '.join(a.name for a in left)}; write the name in full")
    return left[0]


@lru_cache(maxsize=1)
def _names() -> dict[str, tuple[Authority, ...]]:
    """Bodies by code, name and short name; a full name counts before another body's short one."""
    full: dict[str, tuple[Authority, ...]] = {}
    short: dict[str, tuple[Authority, ...]] = {}
    for body in authorities():
        for name in {
            _plain(n) for n in (body.name, *body.names, body.gss, *(c for c, _ in body.former)) if n
        }:
            full[name] = (*full.get(name, ()), body)
        for name in {_plain(n) for n in body.short if n}:
            short[name] = (*short.get(name, ()), body)
    return short | full


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("&", "and").split())

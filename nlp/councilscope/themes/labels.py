"""Texts that somebody labelled: CSV, doccano's JSON Lines and Label Studio's JSON, and tasks for them to label."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import numpy as np

from councilscope.codebook import Codebook
from councilscope.errors import ConfigError
from councilscope.records import Section
from councilscope.tagging import Passage

FORMATS = ("csv", "label-studio", "doccano")
COLUMNS = ("text", "themes")
GROUPS = ("group", "council", "report", "author")  # columns that tell which texts belong together
YES, NO = frozenset("1 1.0 true yes x y".split()), frozenset(("", "0", "0.0", "false", "no", "n"))


@dataclass(frozen=True)
class Labelled:
    """Texts and their themes. `Y` is a 0/1 matrix in the codebook's order; `groups` names what belongs together."""

    passages: list[Passage]
    Y: np.ndarray
    groups: list[str] | None = None
    skipped: list[str] = field(default_factory=list)


def read_labels(path: str | Path, book: Codebook) -> Labelled:
    """Labelled texts from a file.

    CSV: a column `text`, and either a column `themes` with ids or names separated by ";", or a column of 0 and 1 for
    each theme; perhaps `section` and, so that texts of one source are kept together when scores are measured, `council`,
    `report` or `group`. `.jsonl`: doccano's export. `.json`: Label Studio's export. Texts that nobody has labelled
    yet (Label Studio tasks without annotations, CSV rows whose themes are "?") are left out and counted.

    ConfigError names the file, the line and what is wrong.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = _rows(path, text, book)
    except (OSError, UnicodeDecodeError, csv.Error, json.JSONDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None
    names = {n.casefold(): i for i, c in enumerate(book.codes) for n in (c.name, c.id)}
    passages, marks, groups, skipped = [], [], [], []
    for where, row in rows:
        said = row.get("text")
        if not isinstance(said, str) or not said.strip():
            raise ConfigError(f"{path}, {where}: it has no text")
        if row["themes"] is None:
            skipped.append(where)
            continue
        line = np.zeros(len(book.codes), int)
        for name in row["themes"]:
            if name.casefold() not in names:
                raise ConfigError(
                    f"{path}, {where}: {name!r} is no theme of the codebook {book.name!r}; it has {', '.join(book.ids)}"
                )
            line[names[name.casefold()]] = 1
        section = row.get("section")
        passages.append(Passage(said.strip(), section if section in get_args(Section) else None))
        marks.append(line)
        groups.append(str(next((row[g] for g in GROUPS if row.get(g)), "")))
    if not passages:
        raise ConfigError(f"{path}: it holds no labelled text; its columns are text and themes")
    known = groups if all(groups) and len(set(groups)) >= 5 else None
    return Labelled(passages, np.array(marks), known, skipped)


def _rows(path: Path, text: str, book: Codebook) -> list[tuple[str, dict[str, Any]]]:
    """Each row's place in the file, and the row with `themes` as a list of names (None: not labelled yet)."""
    if path.suffix.lower() == ".json":
        return [(f"task {n}", _from_label_studio(t)) for n, t in enumerate(json.loads(text), 1)]
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
        return [(f"line {n}", _from_doccano(json.loads(line))) for n, line in lines]
    reader = csv.DictReader(io.StringIO(text, newline=""))
    heads = [(h or "").strip() for h in reader.fieldnames or ()]
    own = {h: i for h in heads for i in book.ids if h.casefold() == i}
    if "text" not in heads or ("themes" not in heads and not own):
        raise ConfigError(
            f"{path}: the first line must name the columns text and themes; it names {', '.join(heads)}"
        )
    out = []
    for row in reader:
        where = f"line {reader.line_num}"
        given = {(k or "").strip(): v for k, v in row.items()}
        out.append((where, given | {"themes": _marks(given, own, f"{path}, {where}")}))
    return out


def _marks(row: Mapping[str, Any], own: Mapping[str, str], where: str) -> list[str] | None:
    if "themes" in row:
        said = (row["themes"] or "").strip()
        return None if said == "?" else [n for n in (p.strip() for p in re.split(r"[;|]", said)) if n]
    found = []
    for head, name in own.items():
        value = (row.get(head) or "").strip().casefold()
        if value not in YES | NO:
            raise ConfigError(f"{where}: {head} is {value!r}; write 1 or 0")
        if value in YES:
            found.append(name)
    return found


def _from_doccano(task: Any) -> dict[str, Any]:
    if not isinstance(task, dict):
        return {"text": None, "themes": None}
    given = task.get("label", task.get("labels", task.get("themes")))
    return {**task, "themes": [str(g) for g in given] if isinstance(given, list) else None}


def _from_label_studio(task: Any) -> dict[str, Any]:
    if not isinstance(task, dict):
        return {"text": None, "themes": None}
    inner = task.get("data")
    data = inner if isinstance(inner, dict) else task
    done = [a for a in task.get("annotations") or () if not a.get("was_cancelled")]
    themes = None
    if done:
        values = [r.get("value", {}).get("choices", []) for r in done[-1].get("result", ())]
        themes = [str(c) for choices in values for c in choices]
    return {**data, "themes": themes}


def write_tasks(rows: Iterable[Mapping[str, Any]], form: str, book: Sequence[str], model: str) -> str:
    """Texts to label, as the named format has them.

    `rows` have `id`, `text`, `guess` (themes with scores, the likeliest first) and what else is known of the text. The
    CSV has an empty column `themes` to fill in ("?" marks what is still to do), and `themes train` reads it.
    """
    rows = list(rows)
    if form == "csv":
        out = io.StringIO()
        facts = [k for k in (rows[0] if rows else {}) if k not in ("id", "text", "guess")]
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["id", "text", "themes", "guess", *facts])
        for r in rows:
            guess = "; ".join(f"{t} {s:.2f}" for t, s in r["guess"])
            writer.writerow([r["id"], r["text"], "?", guess, *(r[k] for k in facts)])
        return out.getvalue()
    plain = [{k: v for k, v in r.items() if k != "guess"} for r in rows]
    names = [[t for t, _ in r["guess"]] for r in rows]
    if form == "doccano":
        done = [{**p, "label": g} for p, g in zip(plain, names, strict=True)]
        return "".join(json.dumps(t, ensure_ascii=False) + "\n" for t in done)
    tasks = [
        {
            "data": p,
            "predictions": [
                {
                    "model_version": model,
                    "result": [
                        {"from_name": "themes", "to_name": "text", "type": "choices", "value": {"choices": g}}
                    ],
                }
            ],
        }
        for p, g in zip(plain, names, strict=True)
    ]
    return json.dumps(tasks, indent=1, ensure_ascii=False) + "\n"


def label_studio_view(book: Codebook) -> str:
    """The labelling interface for Label Studio (its "labelling config") for a codebook."""
    from xml.sax.saxutils import quoteattr

    choices = "".join(
        f"    <Choice value={quoteattr(c.id)} hint={quoteattr(c.definition)}/>\n" for c in book.codes
    )
    return (
        '<View>\n  <Text name="text" value="$text"/>\n'
        f'  <Choices name="themes" toName="text" choice="multiple">\n{choices}  </Choices>\n</View>\n'
    )

"""The annotated commentary of corpus/commentary: reading, splitting, checking."""

from __future__ import annotations

import csv
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "corpus" / "commentary"
SECOND = FOLDER / "second"
READINGS = SECOND / "labels.tsv"
PHRASES = ROOT / "corpus" / "phrases" / "causes.tsv"
SPLITS = ("train", "validation", "reporting", "development")
LABELS = ("CAUSE", "ACTION", "OWNER", "DEADLINE")
THEMES = (
    "covid workforce demand finance providers partnership policy data systems assets weather economy redesign "
    "governance practice public"
).split()
VALUES: dict[str, dict[str, tuple[str, ...]]] = {
    "CAUSE": {
        "theme": tuple(THEMES),
        "assertion": ("asserted", "negated", "possible"),
        "effect": ("adverse", "favourable"),
    },
    "ACTION": {"status": ("done", "ongoing", "planned", "proposed", "none")},
    "OWNER": {"kind": ("person", "role", "team", "body")},
    "DEADLINE": {},
}
SECTIONS = "reason issue action outlook progress improvement finance impact risk strategy note".split()
DAY = re.compile(r"\d{4}-\d\d-\d\d")
ENDS_WITH = {"owned_by": "OWNER", "due": "DEADLINE"}

Text = dict[str, Any]


def files() -> list[Path]:
    """The corpus files, by name."""
    return sorted(FOLDER.glob("*.jsonl"))


def lines(path: Path) -> list[Text]:
    """The texts of one file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def read() -> list[Text]:
    """Every text of the corpus, in the order of the files."""
    return [text for path in files() for text in lines(path)]


def second_annotations() -> dict[str, list[Text]]:
    """The annotations that were settled into the corpus, by file name; never trained or scored on."""
    return {path.name: lines(path) for path in sorted(SECOND.glob("*.jsonl"))}


def label_readings() -> tuple[list[Text], list[Text]]:
    """The texts whose labels were read twice, with the labels of the first reading and of the second.

    The spans are those of the corpus; only themes of texts and attributes of causes and actions were read twice. A
    line of `second/labels.tsv` has the text's id, which reading it is, its themes, its causes ("demand asserted
    adverse; ...") and the status of its actions, in the order of the spans. Raises ValueError where they do not fit.
    """
    known = {t["id"]: t for t in read()}
    out: tuple[list[Text], list[Text]] = ([], [])
    with READINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            if row["id"] not in known:
                raise ValueError(f"{READINGS.name}: {row['id']} is no text of the corpus")
            out[row["reading"] == "second"].append(_as_read(known[row["id"]], row))
    return out


def _as_read(text: Text, row: dict[str, str]) -> Text:
    causes = iter([c.split() for c in row["causes"].split("; ") if c])
    actions = iter(row["actions"].split())
    spans = []
    try:
        for s in text["spans"]:
            if s["label"] == "CAUSE":
                s = {**s, "attrs": dict(zip(VALUES["CAUSE"], next(causes), strict=True))}
            elif s["label"] == "ACTION":
                s = {**s, "attrs": {"status": next(actions)}}
            spans.append(s)
    except (StopIteration, ValueError):
        raise ValueError(f"{READINGS.name}: {row['id']} has fewer labels than spans") from None
    if next(causes, None) or next(actions, None):
        raise ValueError(f"{READINGS.name}: {row['id']} has more labels than spans")
    return {**text, "spans": spans, "themes": row["themes"].split()}


def phrases() -> list[dict[str, str]]:
    """The bank of causes: `author`, `theme`, `effect` and `phrase`, which no text of the corpus holds."""
    with PHRASES.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def authors(*splits: str) -> set[str]:
    """The authors of the named splits."""
    table = json.loads((FOLDER / "splits.json").read_text(encoding="utf-8"))
    return {a for split in splits for a in table[split]}


def split(*names: str) -> list[Text]:
    """The texts of the named splits."""
    wanted = authors(*names)
    return [t for t in read() if t["author"] in wanted]


def span_faults(text: Text) -> Iterator[str]:
    """What is wrong with the spans of one text."""
    body = text["text"]
    for i, s in enumerate(text["spans"]):
        where = f"span {i} {s['label']} {s['text']!r}"
        if body[s["start"] : s["end"]] != s["text"]:
            yield f"{where}: the offsets give {body[s['start'] : s['end']]!r}"
        if s["text"] != s["text"].strip() or "\n" in s["text"] or not s["text"]:
            yield f"{where}: space at an edge, a line break inside, or nothing"
        if s["text"] and (s["text"][-1] in ".,;:!?-–" or s["text"][0] in ".,;:!?)–"):
            yield f"{where}: punctuation at an edge"
        if s["label"] == "OWNER" and s["text"].lower().startswith(("the ", "a ", "an ", "our ")):
            yield f"{where}: an owner keeps no article"
        wanted = VALUES[s["label"]]
        for key, values in wanted.items():
            if s["attrs"].get(key) not in values:
                yield f"{where}: {key} is {s['attrs'].get(key)!r}"
        if extra := set(s["attrs"]) - set(wanted) - ({"iso"} if s["label"] == "DEADLINE" else set()):
            yield f"{where}: unknown attributes {sorted(extra)}"
        if (iso := s["attrs"].get("iso")) and not DAY.fullmatch(iso):
            yield f"{where}: iso is {iso!r}, not a day such as 2021-03-31"
    for label in LABELS:
        placed = sorted((s["start"], s["end"]) for s in text["spans"] if s["label"] == label)
        for (_, end), (start, _) in itertools.pairwise(placed):
            if start < end:
                yield f"two {label} spans overlap at {start}"


def faults(text: Text) -> Iterator[str]:
    """Everything that is wrong with one text, a sentence each."""
    yield from span_faults(text)
    if text["section"] not in SECTIONS:
        yield f"section {text['section']!r} is not one of the contract's"
    if unknown := set(text["themes"]) - set(THEMES):
        yield f"unknown themes {sorted(unknown)}"
    if text["text"] != text["text"].strip():
        yield "space at the start or end of the text"
    for r in text["relations"]:
        head, tail = text["spans"][r["head"]], text["spans"][r["tail"]]
        if head["label"] != "ACTION" or tail["label"] != ENDS_WITH.get(r["label"]):
            yield f"relation {r['label']} from {head['label']} to {tail['label']}"

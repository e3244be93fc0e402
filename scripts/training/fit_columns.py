"""Fit the roles of columns on made reports; write data/columns.json and say how often families left out are guessed right."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from councilscope.blocks.columns import Header, find_header
from councilscope.blocks.guess import SURE, features
from councilscope.layout import lay_out
from councilscope.pdf import read_pages
from councilscope.status import Key, read_direction, read_status
from councilscope.tables import Cell, Table
from training.right_blocks import data_hash, gold_of, printed, scoring

FITTED = range(101, 109)
FILE = Path(__file__).resolve().parents[2] / "nlp/councilscope/data/columns.json"
LABELS = ("ref", "title", "commentary", "owner", "service", "target", "outturn", "direction", "rag")
LEAST = 6  # columns that must show a feature
FORGET = 0.3  # share of the other columns' roles that a training example is not told
Gold = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """A column with its true label; `headed` where the features include its heading."""

    family: str
    label: str
    seen: dict[str, float]
    headed: bool


def labels_of(cell: Cell, gold: Gold) -> set[str]:
    """What a cell of a gold block's row may be."""
    text, out = scoring.plain(cell.text), set()
    if text:
        facts = {
            "title": _is_title(text, gold),
            "ref": bool(gold.get("ref")) and scoring.plain_ref(text) == scoring.plain_ref(gold["ref"]),
            "owner": any(scoring.plain(o.get("name") or o.get("role")) in text for o in gold["owners"]),
            "service": scoring.plain((gold.get("service") or "").split(" > ")[-1]) == text,
            "target": scoring.plain((gold.get("target") or {}).get("text")) == text,
            "outturn": any(scoring.plain(o["text"]) == text for o in gold["outturns"]),
            "commentary": len(text.split()) > 3
            and any(_begins(text, scoring.plain(c["text"])) for c in gold["commentary"]),
        }
        out = {name for name, right in facts.items() if right}
    if len(text.split()) <= 4:
        if gold.get("rag") and any(e.rag == gold["rag"] for e in read_status(cell, Key())):
            out.add("rag")
        if gold.get("direction") and read_direction(cell, Key(), None) == gold["direction"]:
            out.add("direction")
    return out


def _is_title(text: str, gold: Gold) -> bool:
    ways = (gold["title"], f"{gold.get('ref') or ''} {gold['title']}")
    return any(scoring.alike(text, scoring.plain(w)) >= 0.85 for w in ways)


def _begins(text: str, commentary: str) -> bool:
    return scoring.alike(text, commentary) >= 0.7 or (len(text) > 25 and commentary[:25] in text)


def labels(table: Table, header: Header, blocks: Sequence[Gold]) -> list[str | None]:
    """Each column's label by the gold of its rows; None where fewer than two rows of known blocks fill it."""
    votes: list[Counter[str]] = [Counter() for _ in range(table.n_cols)]
    filled = [0] * table.n_cols
    for r in range(header.first + header.rows, table.n_rows):
        cells = [c for c in table.row(r) if c.col1 - c.col0 == 1]
        gold = next((b for c in cells for b in blocks if labels_of(c, b) & {"title", "ref"}), None)
        for c in cells if gold else ():
            if c.words or c.shapes or c.pictures or c.fill:
                filled[c.col0] += 1
                votes[c.col0].update(labels_of(c, gold or {}))
    out: list[str | None] = []
    for vote, count in zip(votes, filled, strict=True):
        best = max(LABELS, key=lambda name: vote[name])
        out.append(None if count < 2 else best if 2 * vote[best] >= count else "other")
    return out


def examples(pdfs: Sequence[Path]) -> Iterator[Example]:
    """Each labelled column three times: as it is, with roles of its neighbours forgotten, and without its heading."""
    chance = random.Random(1)
    for pdf in pdfs:
        gold = json.loads(gold_of(pdf).read_text(encoding="utf-8"))
        for e in lay_out(read_pages(pdf).pages).elements:
            header = find_header(e.table, None) if e.table is not None else None
            if e.table is None or header is None:
                continue
            for j, label in enumerate(labels(e.table, header, gold["blocks"])):
                if label is None:
                    continue
                body = range(header.first + header.rows, e.table.n_rows)
                cells = [c for c in e.table.cells if c.row0 in body and c.col0 == j]
                heading = f"{header.columns[j].banner} {header.columns[j].own}"
                for headed, forget in ((True, 0.0), (True, FORGET), (False, FORGET)):
                    roles = [c.role if chance.random() >= forget else None for c in header.columns]
                    seen = features(heading if headed else "", cells, j, roles)
                    yield Example(gold["layouts"][0], label, seen, headed)


def fit(some: Sequence[Example]) -> tuple[DictVectorizer, LogisticRegression]:
    count = Counter(name for e in some for name in e.seen)
    vectors = DictVectorizer()
    X = vectors.fit_transform([{k: x for k, x in e.seen.items() if count[k] >= LEAST} for e in some])
    model = LogisticRegression(C=0.5, max_iter=1000, fit_intercept=False)
    return vectors, model.fit(X, [e.label for e in some])


def weights_of(vectors: DictVectorizer, model: LogisticRegression) -> dict[str, dict[str, float]]:
    """{label: {feature: weight}} as data/columns.json holds it: rounded, without what hardly counts."""
    return {
        str(label): {
            name: round(float(w), 2)
            for name, w in zip(vectors.feature_names_, row, strict=True)
            if abs(w) >= 0.03
        }
        for label, row in zip(model.classes_, model.coef_, strict=True)
    }


def run(layouts: Path | None = None) -> None:
    """Fit, write the file, and print how often columns of each family are guessed right by a fit on the others."""
    with printed(FITTED, layouts) as pdfs:
        some = list(examples(pdfs))
        sha = data_hash(pdfs)
    right: dict[bool, list[tuple[bool, bool]]] = {True: [], False: []}
    for family in sorted({e.family for e in some}):
        vectors, model = fit([e for e in some if e.family != family])
        left_out = [e for e in some if e.family == family]
        odds = model.predict_proba(vectors.transform([e.seen for e in left_out]))
        found = model.classes_[odds.argmax(axis=1)]
        for e, label, p in zip(left_out, found, odds.max(axis=1), strict=True):
            right[e.headed].append((bool(label == e.label), bool(p >= SURE)))
        blind = [f == e.label for e, f in zip(left_out, found, strict=True) if not e.headed]
        print(f"{family}: {len(blind)} columns, {np.mean(blind):.3f} right without their heading")
    for headed, answers in right.items():
        sure = [ok for ok, is_sure in answers if is_sure]
        print(
            f"all, {'with' if headed else 'without'} heading: {np.mean([ok for ok, _ in answers]):.3f} right; "
            f"from {SURE}: {np.mean(sure):.3f} of {len(sure) / len(answers):.1%}"
        )
    table = weights_of(*fit(some))
    about = {
        "what": "weights of a multinomial logistic regression for the role of a column (councilscope/blocks/guess.py)",
        "fitted_by": "scripts/train columns (scikit-learn)",
        "fitted_on": f"{len(some) // 3} columns of made reports (corpus/layouts), seeds {FITTED[0]} to {FITTED[-1]}",
        "sha256_of_gold": sha,
    }
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in table.items())
    text = f'{{"about": {json.dumps(about, indent=1)},\n"weights": {{\n{lines}\n}}}}\n'
    FILE.write_text(text, encoding="utf-8")
    print(f"{FILE} written: {len(text) / 1024:.0f} KB")

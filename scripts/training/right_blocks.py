"""Which blocks read from a report are right, and the facts their confidence rests on."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))
import scoring
from councilscope.blocks import segment
from councilscope.pdf import read_pages
from layouts.make import make, print_all, wanted

ENOUGH = 0.8  # F1 of a block's outturns and of its commentary, from which they count as right


@dataclass(frozen=True)
class Read:
    """A block as it was read: its report, the facts, and whether it is right."""

    report: str
    facts: dict[str, float]
    right: bool


@contextmanager
def printed(seeds: Sequence[int], folder: Path | None) -> Iterator[list[Path]]:
    """The made reports of these seeds, in order: from a folder with a sub-folder for each seed, else printed for the while."""
    with TemporaryDirectory() as temporary:
        found = []
        for seed in seeds:
            place = (folder or Path(temporary)) / str(seed)
            if not list(place.glob("*.pdf")):
                print_all([make(*one) for one in wanted((), (), [seed])], place)
            found += sorted(place.glob("*.pdf"))
        yield found


def is_right(gold: dict[str, Any], found: dict[str, Any], allow: Any, period: Any) -> bool:
    """Title, status, direction and target right, and outturns and commentary with an F1 of 0.8 or more."""
    others = allow.fields.get(str(gold.get("ref") or gold.get("id"))) or {}
    if not all(
        scoring.right_field(f, gold, found, others.get(f) or ())
        for f in ("title", "rag", "direction", "target")
    ):
        return False
    figures = scoring.score_outturns(gold.get("outturns") or (), found["outturns"], *period)
    texts = scoring.score_commentary(gold.get("commentary") or (), found["commentary"], allow)
    return min(figures.f1, texts.f1) >= ENOUGH


def read_blocks(pdf: Path, gold_path: Path) -> list[Read]:
    """Every block read from a report; one that the gold does not have is wrong."""
    gold = json.loads(gold_path.read_text(encoding="utf-8"))
    segmented = segment(read_pages(pdf))
    found = [b.model_dump(mode="json") for b in segmented.blocks]
    pairs = {j: i for i, j in scoring.pair_blocks(gold["blocks"], found).items()}
    allow, period = scoring.Allowances.of(gold), scoring.report_period(gold)
    return [
        Read(
            pdf.stem,
            segmented.facts[j],
            j in pairs and is_right(gold["blocks"][pairs[j]], block, allow, period),
        )
        for j, block in enumerate(found)
    ]


def gold_of(pdf: Path) -> Path:
    beside = pdf.with_name(f"{pdf.stem}.gold.json")
    return beside if beside.is_file() else pdf.parent / "gold" / beside.name


def read_all(pdfs: Sequence[Path]) -> list[Read]:
    return [read for pdf in pdfs if gold_of(pdf).is_file() for read in read_blocks(pdf, gold_of(pdf))]


def data_hash(pdfs: Sequence[Path]) -> str:
    """One hash over the gold of the reports, which their seeds decide."""
    digest = hashlib.sha256()
    for pdf in pdfs:
        digest.update(gold_of(pdf).read_bytes())
    return digest.hexdigest()

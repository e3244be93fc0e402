"""How well a family of layouts is read when what is learned of columns was learned from the other families alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from councilscope.annotate import read
from councilscope.blocks import guess
from training import fit_columns
from training.right_blocks import gold_of, printed, scoring

SEEDS = (8, 9)
"""Seeds that nothing was fitted on; the hand-written rules were mended on seeds 1 to 7."""
COLUMNS = ("blocks", "rag", "direction", "target", "outturns", "commentary")


@contextmanager
def learned_from(some: list[fit_columns.Example]) -> Iterator[None]:
    """While it lasts, columns are guessed by a fit on these examples."""
    fitted = fit_columns.weights_of(*fit_columns.fit(some))
    with mock.patch.object(guess, "weights", return_value=fitted):
        yield


def families(layouts: Path | None, log: Callable[[str], None]) -> dict[str, dict[str, scoring.Score]]:
    """{family: {"left out": its score, "all": the same with the shipped fit}}, on reports of `SEEDS`."""
    with printed(fit_columns.FITTED, layouts) as pdfs:
        some = list(fit_columns.examples(pdfs))
    out: dict[str, dict[str, scoring.Score]] = {}
    with printed(SEEDS, layouts) as pdfs:
        gold = {pdf: json.loads(gold_of(pdf).read_text(encoding="utf-8")) for pdf in pdfs}
        for family in sorted({g["layouts"][0] for g in gold.values()}):
            own = [pdf for pdf in pdfs if gold[pdf]["layouts"][0] == family]

            def scored(own: list[Path] = own) -> scoring.Score:
                found = (scoring.score(gold[p], read(p, tag=False).model_dump(mode="json")) for p in own)
                return scoring.total(list(found))

            with learned_from([e for e in some if e.family != family]):
                left_out = scored()
            out[family] = {"left out": left_out, "all": scored()}
            log(f"{family}: {len(own)} reports")
    return out


def table(found: dict[str, dict[str, scoring.Score]]) -> str:
    """A Markdown row a family: the score left out, and in brackets with the shipped fit where that differs."""
    lines = ["| family left out | " + " | ".join(COLUMNS) + " |", "| --- |" + " ---: |" * len(COLUMNS)]
    rows = {**found, "all": {k: scoring.total([f[k] for f in found.values()]) for k in ("left out", "all")}}
    for family, both in rows.items():
        cells = []
        for c in COLUMNS:
            left, shipped = (f"{both[k][c]:.3f}" for k in ("left out", "all"))
            cells.append(left if left == shipped else f"{left} ({shipped})")
        lines.append(f"| {family} | " + " | ".join(cells) + " |")
    return "\n".join(lines)

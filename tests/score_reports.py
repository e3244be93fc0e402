"""Reads reports, scores them against their gold and prints the table: the command behind `scripts/score`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from scoring import FIELDS, LISTS, Json, Score, score, total

ROOT = Path(__file__).resolve().parent.parent


def pairs_in(folder: Path, gold: Path | None = None) -> dict[Path, Path]:
    """{report: its gold}: every PDF under `folder` with a NAME.gold.json in `gold`, beside it or in gold/ beside it."""
    found = {}
    for pdf in sorted(folder.rglob("*.pdf")):
        places = [gold] if gold else [pdf.parent, pdf.parent / "gold", folder / "gold"]
        for place in places:
            if (path := place / f"{pdf.stem}.gold.json").is_file():
                found[pdf] = path
                break
    return found


def load(path: Path) -> Json:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def default_folders() -> list[Path]:
    further = os.environ.get("COUNCILSCOPE_EVAL")
    return [ROOT / "corpus" / "reports", *([Path(further) / "reports"] if further else [])]


def table(scores: dict[str, Score]) -> str:
    """One row per report and one for all; the blocks found and expected stand beside their F1."""
    columns = ("blocks", *FIELDS, *LISTS)
    rows: list[tuple[str, ...]] = [("report", "found/gold", *columns)]
    for name, s in {**scores, "ALL": total(scores.values())}.items():
        blocks = s.tallies["blocks"]
        rows.append((name, f"{blocks.found}/{blocks.gold}", *(f"{s[c]:.3f}" for c in columns)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(
            cell.ljust(w) if k == 0 else cell.rjust(w)
            for k, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    everything = total(scores.values()).tallies
    facts = [
        f"{n} {everything[n].right}/{everything[n].gold}"
        for n in ("council", "gss", "period")
        if n in everything
    ]
    return "\n".join([*lines, ", ".join(facts)])


def by_family(scores: dict[str, Score], gold: dict[str, Path]) -> str:
    """One row for each layout and program that printed it, by the gold's `layouts` and `engine`; then all together."""
    columns = ("blocks", "rag", "direction", "target", "outturns", "commentary")
    groups: dict[str, list[Score]] = {}
    for name, s in scores.items():
        facts = load(gold[name])
        family, engine = (facts.get("layouts") or ["?"])[0], facts.get("engine", "?")
        for group in (f"{family} ({engine})", f"{family}"):
            groups.setdefault(group, []).append(s)
    lines = [f"{'layout':40}{'reports':>9}" + "".join(f"{c:>12}" for c in columns)]
    for group, some in [*sorted(groups.items()), ("ALL", list(scores.values()))]:
        together = total(some)
        figures = "".join(f"{together[c]:12.3f}" for c in columns)
        lines.append(f"{group if group.endswith(')') else group.upper():40}{len(some):9}{figures}")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/score", description="Score what is read from reports against their gold."
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="folders or PDFs with NAME.gold.json beside or in gold/"
    )
    parser.add_argument("--gold", type=Path, help="the folder of the gold")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--by-family", action="store_true", help="group by layout and printing program")
    parser.add_argument("--misses", action="store_true", help="list every miss on standard error")
    options = parser.parse_args(argv)
    from councilscope.annotate import read

    for path in options.paths or default_folders():
        pairs = pairs_in(path, options.gold) if path.is_dir() else {}
        if path.is_file():
            pairs = {p: g for p, g in pairs_in(path.parent, options.gold).items() if p == path}
        if not pairs:
            print(f"{path}: no PDF with a NAME.gold.json here", file=sys.stderr)
            return 2
        scores = {}
        for pdf, gold in pairs.items():
            scores[pdf.stem] = s = score(load(gold), read(pdf, tag=False).model_dump(mode="json"))
            if options.misses:
                print(*(f"{pdf.stem}: {m}" for m in s.misses), sep="\n", file=sys.stderr)
        if options.json:
            print(
                json.dumps(
                    {n: s.as_dict() for n, s in {**scores, "ALL": total(scores.values())}.items()}, indent=1
                )
            )
        elif options.by_family:
            print(f"{path}\n{by_family(scores, {p.stem: g for p, g in pairs.items()})}\n")
        else:
            print(f"{path}\n{table(scores)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes reports: plans, pages before printing, PDFs and gold. The command behind scripts/make-layouts."""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pymupdf

from layouts import fodp, fods, fodt, gold, html, plan
from layouts.families import FAMILIES
from layouts.slides import as_slides
from printing.programs import settle, to_pdfs

WRITERS = {
    "chromium": ("html", html.write),
    "writer": ("fodt", fodt.write),
    "calc": ("fods", fods.write),
    "impress": ("fodp", fodp.write),
}


@dataclass(frozen=True)
class Made:
    """One report before printing: its source for the producer, and its gold without pages."""

    name: str
    suffix: str
    source: str
    gold: dict[str, Any]
    day: str


def make(family: str, producer: str, seed: int) -> Made:
    """The same for the same arguments, always."""
    one = FAMILIES[family]
    name = f"{family}-{producer}-{seed}"
    report = plan.make(name, one.wishes)
    document = one.make(report, producer)
    if producer == "impress" and not document.slides:
        document = as_slides(document)
    suffix, write = WRITERS[producer]
    return Made(
        name, suffix, write(document), gold.report(report, name, family, producer), report.day.isoformat()
    )


def wanted(
    families: Sequence[str], producers: Sequence[str], seeds: Sequence[int]
) -> Iterator[tuple[str, str, int]]:
    for seed in seeds:
        for name, family in FAMILIES.items():
            for producer in family.producers:
                if (not families or name in families) and (not producers or producer in producers):
                    yield name, producer, seed


def parts_of(name: str) -> tuple[str, str, int]:
    """Family, producer and seed of a report's name."""
    found = re.fullmatch(r"(.+)-(\w+)-(\d+)", name)
    if not found or found[1] not in FAMILIES or found[2] not in FAMILIES[found[1]].producers:
        raise ValueError(f"no such report: {name} (a name is FAMILY-PRODUCER-SEED, as in rows-calc-3)")
    return found[1], found[2], int(found[3])


def print_all(made: Sequence[Made], out: Path, keep: bool = False) -> int:
    """Print the reports into `out`, gold beside them; how many do not print what their gold says."""
    out.mkdir(parents=True, exist_ok=True)
    bad = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        sources = []
        for one in made:
            source = (out if keep else folder) / f"{one.name}.{one.suffix}"
            source.write_text(one.source, encoding="utf-8")
            sources.append(source.resolve())
        pdfs = to_pdfs(sources, folder)
        for one, pdf in zip(made, pdfs, strict=True):
            facts = {"date": one.day, "title": one.gold["title"], "official_name": one.gold["official_name"]}
            settle(pdf, out / f"{one.name}.pdf", facts)
            (out / f"{one.name}.gold.json").write_text(as_json(one.gold), encoding="utf-8")
            with pymupdf.open(out / f"{one.name}.pdf") as document:
                lacking = gold.lacking(one.gold, document)
                pages = document.page_count
            bad += bool(lacking)
            print(f"{one.name}: {pages} pages, {len(one.gold['blocks'])} blocks")
            for text in lacking:
                print(f"  not printed: {text}", file=sys.stderr)
    return bad


def as_json(gold: dict[str, Any]) -> str:
    return json.dumps(gold, ensure_ascii=False, indent=1) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    listed = "\n".join(f"  {n:16} {f.says} ({', '.join(f.producers)})" for n, f in FAMILIES.items())
    parser = argparse.ArgumentParser(
        prog="scripts/make-layouts",
        description="Make performance reports in many layouts with exact gold, for trying the reader on.",
        epilog=f"families:\n{listed}\n\nexample:\n  scripts/make-layouts --seed 3 --out /tmp/layouts && "
        "scripts/score --by-family /tmp/layouts",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="only these reports (rows-calc-3: family, producer, seed)"
    )
    parser.add_argument(
        "--seed", type=int, default=1, help="the first seed; a seed gives the same reports always (default 1)"
    )
    parser.add_argument("--out", type=Path, required=True, help="folder for NAME.pdf and NAME.gold.json")
    parser.add_argument("--count", type=int, default=1, help="how many seeds, from --seed on (default 1)")
    parser.add_argument(
        "--family", action="append", choices=FAMILIES, default=[], help="only this family (may repeat)"
    )
    parser.add_argument(
        "--producer", action="append", choices=WRITERS, default=[], help="only this producer (may repeat)"
    )
    parser.add_argument("--keep", action="store_true", help="leave the pages before printing beside the PDFs")
    options = parser.parse_args(argv)
    seeds = range(options.seed, options.seed + options.count)
    try:
        named = [parts_of(name) for name in options.names]
    except ValueError as problem:
        parser.error(str(problem))
    made = [make(*one) for one in named or wanted(options.family, options.producer, seeds)]
    if not made:
        parser.error("no such family is made by this producer")
    bad = print_all(made, options.out, options.keep)
    if bad:
        print(f"{bad} reports do not print all that their gold says", file=sys.stderr)
    return 3 if bad else 0

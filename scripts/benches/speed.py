"""How much longer reading a report takes than MuPDF's own text extraction.

    scripts/bench speed                    the sample archive
    scripts/bench speed FOLDER|FILE …      these PDFs
    COUNCILSCOPE_EVAL=… scripts/bench speed    the sample archive and the reports there

For each PDF the stages run one after another, again and again (`--repeats`), on one core, and each stage's median
of processor time counts:

    mupdf     open the PDF and `page.get_text("dict")` of every page: the floor all else is a ratio to
    pages     open the PDF to words, rules, fills, shapes and pictures
    laid out  the same and tables, paragraphs, reading order
    blocks    the same and indicator blocks, council, period; no tagging

What the program remembers of texts it has seen (`lru_cache`) is forgotten before each reading, so each is as the
first of its kind; `again` is the ratio of `blocks` where nothing is forgotten, as for the same form a quarter later.
Files that cannot be read (scans, damaged) are left out and named.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / "lib"), str(ROOT / "nlp")]
import own_env  # noqa: E402, F401

os.environ.setdefault("OMP_NUM_THREADS", "1")
from councilscope import pdf  # noqa: E402
from councilscope.blocks import segment  # noqa: E402
from councilscope.errors import UnreadableError  # noqa: E402
from councilscope.layout import lay_out  # noqa: E402

STAGES = ("mupdf", "pages", "laid out", "blocks", "again")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="FOLDER|FILE", help="PDFs to read")
    parser.add_argument("--repeats", type=int, default=5, help="readings of each file (default 5)")
    parser.add_argument("--json", action="store_true", help="print numbers for machines")
    args = parser.parse_args()
    groups: dict[str, list[dict[str, float]]] = {}
    for name, files in _groups(args.paths):
        for f in files:
            row = _measure(f, max(1, args.repeats))
            if row is not None:
                groups.setdefault(name, []).append(row)
                if not args.json:
                    _print(f.name, [row])
        if not args.json and name in groups:
            _print(f"{name}: {len(groups[name])} files, {_pages(groups[name])} pages", groups[name])
    if args.json:
        print(json.dumps({name: _sums(rows) for name, rows in groups.items()}, indent=1))
    if not groups:
        print("No PDF could be read; name a folder or files.", file=sys.stderr)
    return 0 if groups else 4


def _groups(paths: Iterable[Path]) -> Iterable[tuple[str, list[Path]]]:
    given = list(paths)
    if not given:
        given = [ROOT / "corpus" / "reports"]
        if held := os.environ.get("COUNCILSCOPE_EVAL"):
            given.append(Path(held) / "reports")
    for p in given:
        yield str(p), sorted(p.rglob("*.pdf")) if p.is_dir() else [p]


def _measure(path: Path, repeats: int) -> dict[str, float] | None:
    """Median milliseconds of each stage and the number of pages; None where the file cannot be read."""
    name = str(path)
    try:
        data = path.read_bytes()
        pages = pdf.read_bytes(data, name).page_count
    except (OSError, UnreadableError) as e:
        print(f"left out: {e}", file=sys.stderr)
        return None
    segment(pdf.read_bytes(data, name))  # word lists are loaded
    took: dict[str, list[float]] = {stage: [] for stage in STAGES}
    for _ in range(repeats):
        took["mupdf"].append(_time(lambda: _floor(data)))
        for forget in _memories():
            forget()
        took["pages"].append(_time(lambda: pdf.read_bytes(data, name)))
        document = pdf.read_bytes(data, name)
        took["laid out"].append(took["pages"][-1] + _time(lambda: lay_out(document.pages)))  # noqa: B023
        for forget in _memories():
            forget()
        document = pdf.read_bytes(data, name)
        took["blocks"].append(took["pages"][-1] + _time(lambda: segment(document)))  # noqa: B023
        document = pdf.read_bytes(data, name)
        took["again"].append(took["pages"][-1] + _time(lambda: segment(document)))  # noqa: B023
    return {"pages of it": float(pages), **{stage: median(times) for stage, times in took.items()}}


def _time(what: Callable[[], object]) -> float:
    start = time.process_time()
    what()
    return (time.process_time() - start) * 1000


def _floor(data: bytes) -> None:
    with pdf.pymupdf.open(stream=data, filetype="pdf") as doc:
        for page in doc:
            page.get_text("dict")


@functools.cache
def _memories() -> list[Callable[[], None]]:
    """What forgets the texts seen so far: the bounded caches of the package's functions, not its word lists."""
    found: dict[int, Any] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("councilscope"):
            for thing in vars(module).values():
                if hasattr(thing, "cache_parameters") and thing.cache_parameters()["maxsize"] is not None:
                    found[id(thing)] = thing.cache_clear
    return list(found.values())


def _pages(rows: list[dict[str, float]]) -> int:
    return int(sum(r["pages of it"] for r in rows))


def _sums(rows: list[dict[str, float]]) -> dict[str, Any]:
    floor = sum(r["mupdf"] for r in rows)
    return {
        "files": len(rows),
        "pages": _pages(rows),
        "mupdf_ms_per_page": round(floor / _pages(rows), 3),
        "ratios": {s: round(sum(r[s] for r in rows) / floor, 2) for s in STAGES[1:]},
    }


def _print(name: str, rows: list[dict[str, float]]) -> None:
    sums = _sums(rows)
    ratios = "   ".join(f"{stage} {ratio:5.2f}" for stage, ratio in sums["ratios"].items())
    print(f"{name:44}   mupdf {sums['mupdf_ms_per_page']:6.2f} ms/page   times that: {ratios}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())

"""Structure of tables on ICDAR 2013 against pdfplumber, Camelot and PyMuPDF.

The data is the competition's own (PDFs of government documents with NAME-str.xml beside each), not part of the
project: name its folder, or the folder above it by COUNCILSCOPE_EVAL. Every tool gets the PDF and nothing else, and
has to find the tables as well. The other tools are installed once into an environment of their own, .bench/tables.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / "lib"), str(ROOT / "nlp")]
import own_env  # noqa: E402, F401
from icdar import Count, GridCell, PageTable, compare, documents, read_gold, relations  # noqa: E402
from peer_tables import TOOLS  # noqa: E402

from councilscope.pdf import read_pages  # noqa: E402
from councilscope.tables import tables_of  # noqa: E402

PEERS = ["pdfplumber==0.11.*", "camelot-py==2.0.*", "pymupdf==2.0"]
PLACES = ("", "icdar2013-us", "peers/icdar2013-us")  # below the folder that is named
OURS = "councilscope"


def data_folder(named: str | None) -> Path | None:
    """The folder with the PDFs: the one that was named, or one of PLACES below it."""
    start = named or os.environ.get("COUNCILSCOPE_EVAL")
    for place in PLACES if start else ():
        folder = Path(str(start)) / place
        if documents(folder):
            return folder
    return None


def councilscope_tables(path: Path) -> list[PageTable]:
    return [
        (page.number, [GridCell(c.row0, c.row1, c.col0, c.col1, c.text) for c in table.cells])
        for page in read_pages(path).pages
        for table in tables_of(page)
    ]


def run_ours(paths: list[Path]) -> dict[str, Any]:
    from councilscope import __version__

    councilscope_tables(paths[0])
    found = {}
    for path in paths:
        start = time.perf_counter()
        tables = councilscope_tables(path)
        found[path.stem] = {"seconds": time.perf_counter() - start, "tables": tables}
    return {"version": __version__, "documents": found}


def peers_python() -> Path:
    """The Python of the environment with the other tools, made where it is not there yet."""
    home = ROOT / ".bench" / "tables"
    python, stamp = home / "bin" / "python", home / "installed"
    wanted = "\n".join(PEERS)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        print(f"Installing {', '.join(PEERS)} into {home} (once, needs a network) …", file=sys.stderr)
        venv.create(home, with_pip=True, clear=True)
        done = subprocess.run([str(python), "-m", "pip", "install", "-q", *PEERS], check=False)
        if done.returncode:
            raise SystemExit("The other tools could not be installed; the lines above say why.")
        stamp.write_text(wanted, encoding="utf-8")
    return python


def run_peer(tool: str, paths: list[Path]) -> dict[str, Any]:
    script = ROOT / "scripts" / "lib" / "peer_tables.py"
    done = subprocess.run(
        [str(peers_python()), str(script), tool, *map(str, paths)], stdout=subprocess.PIPE, check=False
    )
    if done.returncode:
        raise SystemExit(f"{tool} stopped with exit code {done.returncode}; the lines above say why.")
    return dict(json.loads(done.stdout))


def counts(result: dict[str, Any], golds: dict[str, Path]) -> dict[str, Count]:
    out = {}
    for name, gold in golds.items():
        tables = [
            (page, [GridCell(*c) for c in cells]) for page, cells in result["documents"][name]["tables"]
        ]
        out[name] = compare(relations(read_gold(gold)), relations(tables))
    return out


def figures(tool: str, result: dict[str, Any], by: dict[str, Count], ours: float) -> dict[str, Any]:
    """What is reported of a tool; `halves` are the documents with odd and with even places in the list."""
    total = sum(by.values(), Count())
    halves = [sum(list(by.values())[start::2], Count()).f1 for start in (0, 1)]
    seconds = sum(d["seconds"] for d in result["documents"].values())
    return {
        "tool": tool,
        "version": result["version"],
        "precision": total.precision,
        "recall": total.recall,
        "f1": total.f1,
        "mean_f1": sum(c.f1 for c in by.values()) / len(by),
        "halves": halves,
        "seconds": seconds,
        "ratio": seconds / ours,
    }


def line(row: dict[str, Any]) -> str:
    odd, even = row["halves"]
    return (
        f"| {row['tool']} {row['version']} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} "
        f"| {row['mean_f1']:.3f} | {odd:.3f} · {even:.3f} | {row['ratio']:.1f} |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="scripts/bench tables",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="example: scripts/bench tables /data/icdar2013-us",
    )
    parser.add_argument("folder", nargs="?", help="the PDFs and their gold; else COUNCILSCOPE_EVAL is asked")
    parser.add_argument("--only", nargs="*", metavar="NAME", help="only these documents (us-001 …)")
    parser.add_argument("--ours", action="store_true", help="councilscope alone, one row a document")
    parser.add_argument("--json", action="store_true", help="print numbers for machines")
    given = parser.parse_args()
    folder = data_folder(given.folder)
    if folder is None:
        print(
            f"No PDFs with NAME-str.xml beside them in {given.folder or 'the folder'}. Name the folder with the ICDAR 2013 "
            "table data: scripts/bench tables FOLDER, or COUNCILSCOPE_EVAL=FOLDER scripts/bench tables.",
            file=sys.stderr,
        )
        return 2
    chosen = {n: d for n, d in documents(folder).items() if not given.only or n in given.only}
    if not chosen:
        print(f"None of {', '.join(given.only)} is in {folder}.", file=sys.stderr)
        return 2
    paths, golds = [p for p, _ in chosen.values()], {n: g for n, (_, g) in chosen.items()}
    result = run_ours(paths)
    by = counts(result, golds)
    seconds = sum(d["seconds"] for d in result["documents"].values())
    total = sum(c.gold for c in by.values())
    if given.ours and not given.json:
        for name, c in by.items():
            print(
                f"{name:10} precision {c.precision:.3f}  recall {c.recall:.3f}  F1 {c.f1:.3f}  ({c.gold} relations)"
            )
    if not given.json:
        print(
            f"ICDAR 2013 tables: {len(paths)} documents, {total} relations; every tool finds the tables itself.\n"
        )
        print(
            "| tool | precision | recall | F1 | F1, mean of documents | F1, odd · even documents | time, × ours |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- |")
    rows = []
    for tool in [OURS] if given.ours else [OURS, *TOOLS]:
        found = result if tool == OURS else run_peer(tool, paths)
        rows.append(figures(tool, found, counts(found, golds), seconds))
        if not given.json:
            print(line(rows[-1]), flush=True)
    if given.json:
        print(json.dumps({"documents": len(paths), "relations": total, "tools": rows}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

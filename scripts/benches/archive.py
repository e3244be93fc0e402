"""Archives: throughput and its scaling, memory, size, a run with nothing to do, queries, kills and faults.

    scripts/bench archive                          2,000 reports, all parts (about an hour on two cores)
    scripts/bench archive --reports 200 --kills 5  a smaller one
    scripts/bench archive --only kills faults      these parts

Parts:

    throughput   an archive of reports read with 1 and 2 workers (--workers): pages a second, and a second of processor
                 time (which other programs on the machine touch less), memory of the parent and of the largest worker,
                 bytes a report in the store; then the same command again, which has nothing to do
    flat         10,000 small documents (--documents): memory of the parent after a tenth of the run and at its end
    queries      themes by council on a store of a million spans (--spans), in SQL and through `Archive.themes`
    kills        runs that `kill -9` ends at a random moment (--kills), each resumed: the same rows as undisturbed
    faults       200 documents of which two crash, one hangs, one eats memory and one is a bomb: 195 read, five recorded

The reports are those of the sample archive and, with --made FOLDER, what scripts/make-layouts has put there,
multiplied until there are enough: each copy differs from the others by a keyword in its metadata, so that it is another
document for the archive, with the same pages. Kills and faults use the small reader of tests/drill.py, since they try
the runner. Memory is read from /proc (Linux only).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / "lib"), str(ROOT / "nlp"), str(ROOT / "tests")]
import own_env  # noqa: E402, F401

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["PYTHONPATH"] = os.pathsep.join(sys.path[:3])
import councilscope as cs  # noqa: E402
import drill  # noqa: E402
from councilscope.archive import compact, verify  # noqa: E402

PAGE = os.sysconf("SC_PAGE_SIZE")
PARTS = ("throughput", "flat", "queries", "kills", "faults")
RUN = """
import sys
import councilscope as cs
if __name__ == "__main__":
    read = {}
    if sys.argv[4] == "drill":
        import drill
        read = {"read": drill.read}
    done = cs.annotate_paths(
        [sys.argv[1]], sys.argv[2], workers=int(sys.argv[3]), batch_size=int(sys.argv[5]), timeout=3 if read else 60,
        timeout_per_page=0 if read else 2, memory=512 if read else 2048, **read)
    print(done.statuses.total(), dict(done.statuses), done.seconds)
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help="these parts")
    parser.add_argument("--reports", type=int, default=2000, help="reports of the archive (default 2,000)")
    parser.add_argument(
        "--made", type=Path, help="a folder of reports by scripts/make-layouts, to use as well"
    )
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[1, 2], help="numbers of workers to compare"
    )
    parser.add_argument("--spans", type=int, default=1_000_000, help="spans of the store that is queried")
    parser.add_argument("--documents", type=int, default=10_000, help="documents of the part flat")
    parser.add_argument("--kills", type=int, default=50, help="runs that are killed (default 50)")
    parser.add_argument("--seed", type=int, default=1, help="for the moments of the kills")
    parser.add_argument("--json", action="store_true", help="print numbers for machines")
    args = parser.parse_args()
    facts: dict[str, Any] = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    parts: dict[str, Callable[[Path, Any], dict[str, Any]]] = {
        "throughput": throughput,
        "flat": flat,
        "queries": queries,
        "kills": kills,
        "faults": faults,
    }
    for name in args.only:
        with tempfile.TemporaryDirectory(prefix="councilscope-bench-") as folder:
            facts[name] = parts[name](Path(folder), args)
        if not args.json:
            print(
                f"{name}:", *(f"  {key}: {value}" for key, value in facts[name].items()), sep="\n", flush=True
            )
    if args.json:
        print(json.dumps(facts, indent=2))
    return (
        0
        if facts.get("kills", {}).get("differing", 0) == 0 and facts.get("faults", {}).get("right", True)
        else 1
    )


# ------------------------------------------------------------------------------ throughput


def throughput(folder: Path, args: Any) -> dict[str, Any]:
    reports = multiplied(folder / "in", args.reports, args.made)
    facts: dict[str, Any] = {"reports": reports}
    for n in args.workers:
        store = folder / f"store{n}"
        first = watched(folder / "in", store, n)
        pages = int(cs.Archive(store).documents["n_pages"].sum())
        again = watched(folder / "in", store, n)
        facts |= {
            "pages": pages,
            f"{n} workers, pages/s": round(pages / first.seconds, 2),
            f"{n} workers, pages per second of processor time": round(pages / first.processor, 2),
            f"{n} workers, reports/h": round(3600 * reports / first.seconds),
            f"{n} workers, MiB of the parent": max(first.parent) >> 20,
            f"{n} workers, MiB of the largest worker": first.worker >> 20,
            f"{n} workers, again, s": round(again.seconds, 1),
            f"{n} workers, again, share of the first run": round(again.seconds / first.seconds, 4),
            "bytes a report": cs.Archive(store).place.size() // reports,
        }
        compact(cs.Archive(store))
        facts["bytes a report, compacted"] = cs.Archive(store).place.size() // reports
    rates = [facts[f"{n} workers, pages/s"] for n in args.workers]
    facts["scaling"] = [round(rate / rates[0], 2) for rate in rates]
    stores = [content(folder / f"store{n}") for n in args.workers]
    facts["the same bytes when compacted"] = all(store == stores[0] for store in stores)
    facts["load"] = round(os.getloadavg()[0], 1)
    return facts


def multiplied(folder: Path, wanted: int, made: Path | None) -> int:
    """Reports, and copies of them that differ by a keyword in their metadata."""
    import pymupdf

    folder.mkdir()
    sources = sorted((ROOT / "corpus" / "reports").glob("*.pdf")) + sorted(made.glob("*.pdf") if made else ())
    for i in range(wanted):
        source = sources[i % len(sources)]
        with pymupdf.open(source) as pdf:
            pdf.set_metadata({**(pdf.metadata or {}), "keywords": f"copy {i}"})
            pdf.save(folder / f"{source.stem}-{i:05}.pdf", deflate=True)
    return wanted


@dataclass
class Watched:
    """A run: seconds, seconds of processor time, the parent's memory as time went by, the largest worker's, in bytes."""

    seconds: float = 0.0
    processor: float = 0.0
    parent: list[int] = field(default_factory=list)
    worker: int = 0


def watched(folder: Path, store: Path, workers: int, reader: str = "annotate") -> Watched:
    run, used = Watched(), {}
    began = time.monotonic()
    process = started(folder, store, workers, reader, 32)
    while process.poll() is None:
        held = {pid: resident(pid) for pid in family(process.pid)}
        used |= {pid: seconds for pid in held if (seconds := processor(pid))}
        run.parent.append(held.pop(process.pid, 0) or (run.parent or [0])[-1])
        run.worker = max(run.worker, *held.values(), 0)
        time.sleep(0.2)
    if process.returncode:
        raise SystemExit(f"the run failed: {process.stderr.read() if process.stderr else ''}")
    run.seconds, run.processor = time.monotonic() - began, sum(used.values())
    return run


def processor(pid: int) -> float:
    """Seconds of processor time of a process so far; 0 where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def flat(folder: Path, args: Any) -> dict[str, Any]:
    written(folder / "in", {f"f{i:05}": f"ok {i}" for i in range(args.documents)})
    run = watched(folder / "in", folder / "store", 2, "drill")
    early, late = run.parent[len(run.parent) // 10], run.parent[-1]
    return {"documents": args.documents, "MiB after a tenth": early >> 20, "MiB at the end": late >> 20}


def started(folder: Path, store: Path, workers: int, reader: str, batch: int) -> subprocess.Popen[str]:
    script = folder.parent / "run.py"
    script.write_text(RUN)
    return subprocess.Popen(
        [sys.executable, str(script), str(folder), str(store), str(workers), reader, str(batch)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def family(pid: int) -> Iterator[int]:
    """A process and its descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
    found = [pid]
    for one in found:
        found += [child for child, parent in parents.items() if parent == one]
    yield from found


def resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except (OSError, IndexError):
        return 0


def content(store: Path) -> dict[str, bytes]:
    return {str(p.relative_to(store)): p.read_bytes() for p in sorted(store.rglob("part-*"))}


# ------------------------------------------------------------------------------ queries

BY_COUNCIL = (
    "select council_name, t.id, count(*) as n from themes t join documents using (doc_id) "
    "group by all order by council_name, n desc"
)
CAUSES = (
    "select attrs_theme, b.rag, count(*) as n from spans s join blocks b using (doc_id, block_id) "
    "where label = 'CAUSE' group by all order by n desc"
)


def queries(folder: Path, args: Any) -> dict[str, Any]:
    archive = cs.Archive(folder / "store", create=True)
    spans = fill(archive, args.spans)
    compact(archive)
    return {
        "spans": spans,
        "themes": len(archive.sql("select id from themes")),
        "themes by council, SQL, s": best(lambda: archive.sql(BY_COUNCIL)),
        "themes of causes by status, SQL, s": best(lambda: archive.sql(CAUSES)),
        "Archive.themes(by='council'), s": best(lambda: cs.Archive(archive.path).themes(by="council"), 1),
        "load": round(os.getloadavg()[0], 1),
    }


def fill(archive: cs.Archive, wanted: int) -> int:
    """Reports with 300 spans each, of 400 councils: the sample's rows again and again under other ids."""
    from councilscope.archive.store import to_entry

    report = drill.report("x", "e" * 64)
    block = report.blocks[0]
    themes = ("workforce", "finance", "demand", "policy")
    blocks = []
    for i in range(100):
        text = block.commentary[0]
        theme = text.themes[0].model_copy(update={"id": themes[i % 4]})
        spans = (text.spans[0],) * 3
        commentary = (text.model_copy(update={"spans": spans, "themes": (theme,)}),)
        blocks.append(block.model_copy(update={"id": f"b{i}", "commentary": commentary}))
    entry = to_entry(report.model_copy(update={"blocks": tuple(blocks)}))
    made = 0
    with archive.writing():
        while made < wanted:
            rows, tables = [], {name: [] for name in entry.tables}  # type: ignore[var-annotated]
            for _ in range(min(500, -(-(wanted - made) // 300))):
                doc_id = f"{made:064x}"
                council = f"Council {made // 300 % 400:03}"
                rows.append(
                    entry.row | {"doc_id": doc_id, "council_name": council, "paths": [doc_id], "batch": ""}
                )
                for name, table in entry.tables.items():
                    tables[name].append(table.set_column(0, "doc_id", [[doc_id] * len(table)]))
                made += 300
            import pyarrow as pa

            archive.put(rows, {name: pa.concat_tables(many) for name, many in tables.items()})
    return made


def best(act: Callable[[], Any], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        began = time.monotonic()
        act()
        taken.append(time.monotonic() - began)
    return round(min(taken), 3)


# ------------------------------------------------------------------------------ kills, faults


def kills(folder: Path, args: Any) -> dict[str, Any]:
    chance = random.Random(args.seed)
    source = written(folder / "in", {f"f{i:02}": f"slow 0.0{i % 50:02}" for i in range(60)})
    began = time.monotonic()
    started(source, folder / "plain", 2, "drill", 3).wait()
    whole = time.monotonic() - began
    wanted = cs.Archive(folder / "plain").frames()
    differing = lost = 0
    for i in range(args.kills):
        store = folder / f"store{i}"
        process = started(source, store, 2, "drill", 3)
        time.sleep(chance.uniform(0.1, whole))
        process.kill()
        process.wait()
        kept = len(cs.Archive(store)) if store.exists() else 0
        cs.annotate_paths([source], store, workers=0, read=drill.read, batch_size=3)
        found = cs.Archive(store).frames()
        sound = not verify(cs.Archive(store)).problems
        differing += not (sound and all(found[name].equals(wanted[name]) for name in wanted))
        lost += kept < 60
        shutil.rmtree(store)
    return {"killed": args.kills, "before their end": lost, "differing": differing}


def faults(folder: Path, args: Any) -> dict[str, Any]:
    good = {f"f{i:03}": f"slow 0.02{i:03}" for i in range(195)}
    source = written(folder / "in", good | {"x1": "crash", "x2": "exit", "x3": "hang", "x4": "hog"})
    with zipfile.ZipFile(source / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("bomb.pdf", bytes(8 << 20))
    began = time.monotonic()
    started(source, folder / "store", 2, "drill", 32).wait()
    found = cs.Archive(folder / "store").documents["status"].value_counts()
    statuses = {str(k): int(v) for k, v in found.items() if v}
    wanted = {"ok": 195, "crashed": 2, "timeout": 1, "memory": 1, "unsupported": 1}
    return statuses | {"seconds": round(time.monotonic() - began, 1), "right": statuses == wanted}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.pdf").write_text(text)
    return folder


if __name__ == "__main__":
    raise SystemExit(main())

"""How long the report across councils takes for 500 reports, and how large it is.

    scripts/bench report [--reports 500]

The sample archive is read once, then its rows are multiplied into an archive of that many reports, each copy with a
council's name and years of its own. The PDFs lie where they were read, so pictures are drawn too. Printed are the seconds of
`gather` and `write_html`, on the clock and of the processor, and the size of the file.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "scripts" / "lib"), str(ROOT / "nlp")]
import own_env  # noqa: E402, F401

os.environ.setdefault("OMP_NUM_THREADS", "1")
import councilscope as cs  # noqa: E402
from councilscope import publish  # noqa: E402


def multiplied(reports: list[cs.Report], wanted: int) -> list[cs.Report]:
    """Copies with names, years and identities of their own, in sets of five years a council."""
    out: list[cs.Report] = []
    for n in range(wanted):
        report, copy = reports[n % len(reports)], n // len(reports)
        if not copy:
            out.append(report)
            continue
        council, period = report.council, report.period
        assert council and period
        year = int(period.financial_year[:4]) + 5 * (copy % 3)
        shifted = period.model_copy(
            update={
                "financial_year": f"{year}/{(year + 1) % 100:02}",
                "end": f"{int((period.end or '2020')[:4]) + 5 * (copy % 3)}{(period.end or '2020-03-31')[4:]}",
            }
        )
        source = report.source.model_copy(update={"sha256": f"{n:064x}"})
        named = council.model_copy(update={"name": f"{council.name} {copy // 3 + 1}"})
        out.append(report.model_copy(update={"source": source, "council": named, "period": shifted}))
    return out


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reports", type=int, default=500)
    args = parser.parse_args()
    reports = [cs.read(p) for p in sorted((ROOT / "corpus" / "reports").glob("*.pdf"))]
    with tempfile.TemporaryDirectory() as folder:
        archive = cs.Archive(Path(folder) / "store", create=True)
        archive.write(multiplied(reports, args.reports))
        begun, worked = time.perf_counter(), time.process_time()
        found = publish.gather(archive)
        middle = time.perf_counter()
        made = publish.write_html(found, Path(folder) / "report.html")
        end, worked = time.perf_counter(), time.process_time() - worked
    print(
        f"{args.reports} reports, {len(found.blocks):,} blocks: gather {middle - begun:.1f} s, write {end - middle:.1f} s ({worked:.1f} s of one processor), "
        f"{made.size / 1e6:.2f} MB, {made.quotes} quotations, {made.pictures} pictures"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

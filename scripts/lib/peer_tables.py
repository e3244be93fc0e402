"""Tables by one other tool; run by the peers' own Python: peer_tables.py TOOL PDF... prints one JSON object.

{"version": ..., "documents": {stem: {"seconds": ..., "tables": [[page, [[row0, row1, col0, col1, text], ...]], ...]}}}
The first document is read once before the clock starts. Needs nothing of councilscope.
"""

import importlib.metadata
import json
import logging
import os
import sys
import time
import warnings
from pathlib import Path

SNAP = 1.0  # points: sides of cells no further apart are one


def distinct(values):
    out = []
    for v in sorted(values):
        if not out or v - out[-1] > SNAP:
            out.append(v)
    return out


def at(values, v):
    return min(range(len(values)), key=lambda i: abs(values[i] - v))


def by_boxes(table):
    """pdfplumber and PyMuPDF: the box of every cell (None where another covers the place) and the texts beside it."""
    boxes = [c for row in table.rows for c in row.cells if c]
    xs = distinct(v for b in boxes for v in (b[0], b[2]))
    ys = distinct(v for b in boxes for v in (b[1], b[3]))
    cells = []
    for row, texts in zip(table.rows, table.extract(), strict=False):
        for b, text in zip(row.cells, texts, strict=False):
            if b:
                cells.append([at(ys, b[1]), at(ys, b[3]), at(xs, b[0]), at(xs, b[2]), text or ""])
    return cells


def by_walls(table):
    """Camelot: places without a wall between them are one cell, as far as they form a rectangle with text in one place."""
    grid = table.cells
    done = set()
    cells = []
    for r, row in enumerate(grid):
        for c, _ in enumerate(row):
            if (r, c) in done:
                continue
            r1, c1 = r + 1, c + 1
            while c1 < len(row) and not (row[c1 - 1].right or row[c1].left):
                c1 += 1
            while r1 < len(grid) and not any(grid[r1 - 1][k].bottom or grid[r1][k].top for k in range(c, c1)):
                r1 += 1
            places = [(i, k) for i in range(r, r1) for k in range(c, c1)]
            if len(places) == len(grid) * len(row):  # no walls at all: nothing is merged
                places, r1, c1 = [(r, c)], r + 1, c + 1
            done.update(places)
            cells.append([r, r1, c, c1, " ".join(t for i, k in places if (t := grid[i][k].text.strip()))])
    return cells


def pdfplumber_tables(path, settings):
    import pdfplumber

    with pdfplumber.open(path) as doc:
        return [[p.page_number, by_boxes(t)] for p in doc.pages for t in p.find_tables(settings)]


def camelot_tables(path, flavor):
    import camelot

    try:
        found = camelot.read_pdf(str(path), pages="all", flavor=flavor, suppress_stdout=True)
    except (ValueError, IndexError, ZeroDivisionError, TypeError) as e:
        print(f"{path}: camelot {flavor}: {e!r}", file=sys.stderr)
        return []
    return [[t.page, by_walls(t)] for t in found if t.cells]


def pymupdf_tables(path, strategy):
    import pymupdf

    out = []
    with pymupdf.open(path) as doc:
        for page in doc:
            finder = page.find_tables(strategy=strategy, use_layout=False)
            out += [[page.number + 1, by_boxes(t)] for t in finder.tables]
    return out


TEXT = {"vertical_strategy": "text", "horizontal_strategy": "text"}
TOOLS = {
    "pdfplumber lines": ("pdfplumber", lambda p: pdfplumber_tables(p, {})),
    "pdfplumber text": ("pdfplumber", lambda p: pdfplumber_tables(p, TEXT)),
    "camelot lattice": ("camelot-py", lambda p: camelot_tables(p, "lattice")),
    "camelot stream": ("camelot-py", lambda p: camelot_tables(p, "stream")),
    "camelot network": ("camelot-py", lambda p: camelot_tables(p, "network")),
    "camelot hybrid": ("camelot-py", lambda p: camelot_tables(p, "hybrid")),
    "camelot auto": ("camelot-py", lambda p: camelot_tables(p, "auto")),
    "pymupdf lines": ("pymupdf", lambda p: pymupdf_tables(p, "lines")),
    "pymupdf text": ("pymupdf", lambda p: pymupdf_tables(p, "text")),
}


def run(tool, paths):
    package, tables = TOOLS[tool]
    tables(paths[0])
    documents = {}
    for path in paths:
        start = time.perf_counter()
        found = tables(path)
        documents[Path(path).stem] = {"seconds": time.perf_counter() - start, "tables": found}
    return {"version": importlib.metadata.version(package), "documents": documents}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    answers = os.dup(1)  # the tools print on standard output; their talk goes to standard error
    os.dup2(2, 1)
    result = run(sys.argv[1], sys.argv[2:])
    with os.fdopen(answers, "w") as out:
        json.dump(result, out)

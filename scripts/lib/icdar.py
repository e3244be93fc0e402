"""The measure of the ICDAR 2013 table competition: pairs of neighbouring cells, by their text.

Source: Göbel, Hassan, Oro, Orsi, "ICDAR 2013 Table Competition", and "A Methodology for Evaluating Algorithms for
Table Understanding in PDF Documents" (DocEng 2012). A table is turned into its adjacency relations: for every cell
the nearest cell with text to the right and the nearest one below, blank cells skipped. Relations of what was found
and of the gold are compared as bags, page by page, so that a table invented or missed costs as well.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree


class GridCell(NamedTuple):
    """A cell with the rows and columns it covers, end exclusive."""

    row0: int
    row1: int
    col0: int
    col1: int
    text: str


Relation = tuple[int, str, str, str]  # page, direction, text, text of the neighbour
PageTable = tuple[int, Sequence[GridCell]]


@dataclass(frozen=True)
class Count:
    """Relations of the gold, relations found, and how many of them are the same."""

    gold: int = 0
    found: int = 0
    same: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.gold + other.gold, self.found + other.found, self.same + other.same)

    @property
    def recall(self) -> float:
        return self.same / self.gold if self.gold else 1.0

    @property
    def precision(self) -> float:
        return self.same / self.found if self.found else float(not self.gold)

    @property
    def f1(self) -> float:
        both = self.gold + self.found
        return 2 * self.same / both if both else 1.0


def normal(text: str) -> str:
    """Text as the competition compares it: no white space, capitals, every run of other signs as one "_"."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\W_]+", "_", re.sub(r"\s+", "", text)).upper()


def relations(tables: Iterable[PageTable]) -> Counter[Relation]:
    """The adjacency relations of tables, each a page and its cells, as a bag."""
    out: Counter[Relation] = Counter()
    for page, cells in tables:
        held = [c._replace(text=t) for c in cells if (t := normal(c.text))]
        pairs: set[tuple[str, int, int]] = set()
        by_row: dict[int, list[int]] = {}
        by_col: dict[int, list[int]] = {}
        for i, c in enumerate(held):
            for r in range(c.row0, c.row1):
                by_row.setdefault(r, []).append(i)
            for k in range(c.col0, c.col1):
                by_col.setdefault(k, []).append(i)
        for row in by_row.values():
            row.sort(key=lambda i: held[i].col0)
            pairs.update(("right", a, b) for a, b in itertools.pairwise(row))
        for col in by_col.values():
            col.sort(key=lambda i: held[i].row0)
            pairs.update(("below", a, b) for a, b in itertools.pairwise(col))
        out.update((page, way, held[a].text, held[b].text) for way, a, b in pairs)
    return out


def compare(gold: Counter[Relation], found: Counter[Relation]) -> Count:
    return Count(gold.total(), found.total(), (gold & found).total())


def read_gold(path: Path) -> list[PageTable]:
    """Tables of a NAME-str.xml. Parts of a table on one page are set beside each other by their increments; what stands of
    a table on another page counts as a table of its own."""
    out: list[PageTable] = []
    for table in ElementTree.parse(path).iter("table"):
        pages: dict[int, list[GridCell]] = {}
        for region in table.iter("region"):
            cells = pages.setdefault(int(region.get("page", 1)), [])
            down, right = (int(region.get(f"{k}-increment", 0)) if cells else 0 for k in ("row", "col"))
            for cell in region.iter("cell"):
                r, c = int(cell.get("start-row", 0)), int(cell.get("start-col", 0))
                r1, c1 = int(cell.get("end-row", r)) + 1, int(cell.get("end-col", c)) + 1
                text = cell.findtext("content") or ""
                cells.append(GridCell(r + down, r1 + down, c + right, c1 + right, text))
        out.extend(pages.items())
    return out


def documents(folder: Path) -> dict[str, tuple[Path, Path]]:
    """{name: (its PDF, its gold)}. A second gold of the same PDF (NAMEb-str.xml without a PDF) is left out."""
    return {
        pdf.stem: (pdf, gold)
        for pdf in sorted(folder.glob("*.pdf"))
        if (gold := pdf.with_name(f"{pdf.stem}-str.xml")).is_file()
    }

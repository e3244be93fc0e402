"""The measure of scripts/bench tables: relations of neighbouring cells, the gold's files, and what is said without data."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from lib.icdar import Count, GridCell, compare, documents, normal, read_gold, relations


def cell(row: int, col: int, text: str, rows: int = 1, cols: int = 1) -> GridCell:
    return GridCell(row, row + rows, col, col + cols, text)


def test_neighbours_are_the_nearest_cells_with_text() -> None:
    table = [
        cell(0, 0, "Measure"),
        cell(0, 1, ""),
        cell(0, 2, "Rate"),
        cell(1, 0, " "),
        cell(2, 0, "Bins"),
        cell(2, 2, "9"),
    ]
    assert sorted(relations([(1, table)])) == [
        (1, "below", "MEASURE", "BINS"),
        (1, "below", "RATE", "9"),
        (1, "right", "BINS", "9"),
        (1, "right", "MEASURE", "RATE"),
    ]


def test_a_cell_over_several_columns_has_a_neighbour_below_in_each_and_once() -> None:
    table = [cell(0, 0, "2022", cols=2), cell(1, 0, "Number"), cell(1, 1, "Rate"), cell(2, 0, "All", cols=2)]
    found = relations([(1, table)])
    assert found[1, "below", "2022", "NUMBER"] == found[1, "below", "2022", "RATE"] == 1
    assert found[1, "below", "NUMBER", "ALL"] == found[1, "below", "RATE", "ALL"] == 1
    assert found.total() == 5


def test_the_same_pair_counts_as_often_as_it_stands_there_and_only_on_its_page() -> None:
    row = [cell(0, 0, "a"), cell(0, 1, "b")]
    twice = [(1, row), (1, row)]
    assert compare(relations(twice), relations([(1, row)])) == Count(2, 1, 1)
    assert compare(relations(twice), relations([(2, row)])) == Count(2, 1, 0)


@pytest.mark.parametrize(
    ("count", "precision", "recall", "f1"),
    [(Count(4, 2, 2), 1.0, 0.5, 2 / 3), (Count(4, 0, 0), 0.0, 0.0, 0.0), (Count(0, 0, 0), 1.0, 1.0, 1.0)],
)
def test_precision_recall_and_f1(count: Count, precision: float, recall: float, f1: float) -> None:
    assert (count.precision, count.recall, count.f1) == pytest.approx((precision, recall, f1))


def test_white_space_capitals_and_runs_of_signs_do_not_count() -> None:
    assert normal("Margin of\n error (±)") == normal("margin  oferror(*)") == "MARGINOFERROR_"
    assert normal("All . . . . .") == normal("All ...") and normal(" ") == ""


GOLD = """<document filename='x.pdf'><table id='1'>
<region id='1' page='2' col-increment='0' row-increment='0'>
<cell start-row='0' start-col='0' end-col='1'><content>Age</content></cell>
<cell start-row='1' start-col='0' end-row='2'><content>20</content></cell></region>
<region id='2' page='2' col-increment='2' row-increment='0'>
<cell start-row='0' start-col='0'><content>Share</content></cell></region>
<region id='3' page='3' col-increment='0' row-increment='1'>
<cell start-row='0' start-col='0'><content>Total</content></cell></region>
</table></document>"""


def test_parts_of_a_table_on_one_page_stand_beside_each_other_and_those_on_the_next_apart(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x-str.xml"
    path.write_text(GOLD, encoding="utf-8")
    assert read_gold(path) == [
        (2, [cell(0, 0, "Age", cols=2), cell(1, 0, "20", rows=2), cell(0, 2, "Share")]),
        (3, [cell(0, 0, "Total")]),
    ]


def test_a_gold_without_its_pdf_and_a_pdf_without_gold_are_left_out(tmp_path: Path) -> None:
    for name in ("a.pdf", "a-str.xml", "b-str.xml", "c.pdf"):
        (tmp_path / name).write_bytes(b"")
    assert list(documents(tmp_path)) == ["a"]


def test_without_data_the_benchmark_says_how_to_name_it(root: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / "bench"), "tables", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2 and done.stdout == ""
    assert str(tmp_path) in done.stderr and "COUNCILSCOPE_EVAL=FOLDER scripts/bench tables" in done.stderr


def test_councilscope_alone_is_scored_without_other_tools(root: Path, tmp_path: Path) -> None:
    import pages

    sheet = pages.Sheet()
    sheet.table([100, 60], [["Measure", "Rate"], ["Bins", "9"]])
    (tmp_path / "x.pdf").write_bytes(pages.print_pdf(sheet))
    cells = "".join(
        f"<cell start-row='{r}' start-col='{c}'><content>{t}</content></cell>"
        for r, row in enumerate([["Measure", "Rate"], ["Bins", "9"]])
        for c, t in enumerate(row)
    )
    gold = f"<document><table id='1'><region id='1' page='1'>{cells}</region></table></document>"
    (tmp_path / "x-str.xml").write_text(gold, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(root / "scripts" / "bench"), "tables", str(tmp_path), "--ours", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (row,) = json.loads(done.stdout)["tools"]
    assert row["tool"] == "councilscope" and row["f1"] == row["mean_f1"] == 1.0

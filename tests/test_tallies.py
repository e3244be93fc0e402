"""A report's own counts of statuses, printed by hand in every usual form, held against its blocks."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

import councilscope as cs
from councilscope.analysis import Findings, check_reports
from councilscope.blocks.tallies import pairs_in
from councilscope.records import Report
from councilscope.status import Key
from pages import AMBER, GREEN, RED, C, Sheet, opening, print_pdf

STATUS = {"Red": RED, "Amber": AMBER, "Green": GREEN}
Rows = list[list[C | str | None]]


def listed(sheet: Sheet, *statuses: str, first: int = 1) -> None:
    rows: Rows = [["Ref", "Measure", "Target", "Q1 2021/22", "Q2 2021/22", "RAG"]]
    for n, status in enumerate(statuses, first):
        title = f"Share of street {'ABCDEFGHIJ'[n]} that was swept on time"
        rows.append([f"ST{n}", title, "90%", f"{80 + n}%", f"{81 + n}%", C(status, fill=STATUS[status])])
    sheet.table([40, 170, 60, 70, 70, 60], rows, head=1)


def read(folder: Path, *sheets: Sheet) -> Report:
    (folder / "report.pdf").write_bytes(print_pdf(*sheets))
    return cs.read(folder / "report.pdf", tag=False)


def found(report: Report, **options: object) -> Findings:
    return check_reports([report], where={"check": "summary"}, **options)  # type: ignore[arg-type]


def in_a_sentence(sheet: Sheet) -> None:
    sheet.say("Of the 4 indicators in this report, one is green, 1 (25%) is amber and 2 are red.")


def in_brief(sheet: Sheet) -> None:
    sheet.say("2 red, 1 amber, 1 green")


def line_by_line(sheet: Sheet) -> None:
    for line in ("Green 1 (25%)", "Amber 1 (25%)", "Red 2 (50%)"):
        sheet.say(line, gap=14)


def in_a_row(sheet: Sheet) -> None:
    sheet.table(
        [150, 60, 60, 60], [["Status", "Red", "Amber", "Green"], ["Number of indicators", "2", "1", "1"]]
    )


def in_columns(sheet: Sheet) -> None:
    rows: Rows = [
        ["Status", "Q1 2021/22", "Q2 2021/22"],
        ["Red", "3", "2"],
        ["Amber", "0", "1"],
        ["Green", "1", "1"],
    ]
    sheet.table([120, 80, 80], rows)


@pytest.mark.parametrize("summary", [in_a_sentence, in_brief, line_by_line, in_a_row, in_columns])
def test_a_printed_count_is_held_against_the_blocks(summary: object, tmp_path: Path) -> None:
    right, wrong = opening(), opening()
    for sheet, last in ((right, "Red"), (wrong, "Green")):
        sheet.say("Summary", 13, bold=True)
        summary(sheet)  # type: ignore[operator]
        sheet.say("Indicators", 13, bold=True)
        listed(sheet, "Red", "Amber", "Green", last)
    answer = found(read(tmp_path, right))
    assert (len(answer), answer.looked_at["summary"]) == (0, 1)
    row = found(read(tmp_path, wrong)).table.iloc[0]
    assert row["finding"].startswith(
        "the summary prints 2 red, 1 amber and 1 green, and 1 red, 1 amber and 2 green were read"
    )
    assert (row["report"], row["page"], row["council"]) == ("report.pdf", 1, "Aldermoor Borough Council")


def test_counts_by_service_are_of_its_blocks(tmp_path: Path) -> None:
    sheet = opening()
    rows: Rows = [["Service", "Red", "Amber", "Green"], ["Streets", "1", "0", "1"], ["Homes", "2", "1", "0"]]
    sheet.table([120, 60, 60, 60], [*rows, ["Total", "3", "1", "1"]])
    sheet.say("Streets", 14, bold=True)
    listed(sheet, "Red", "Green")
    sheet.say("Homes", 14, bold=True)
    listed(sheet, "Red", "Amber", first=3)
    told = found(read(tmp_path, sheet)).table["finding"].tolist()
    assert len(told) == 2
    assert "summary of Homes prints 2 red, 1 amber and 0 green, and 1 red, 1 amber and 0 green" in told[0]


@pytest.mark.parametrize(
    "said",
    [
        "In the last quarter 3 were red and 1 was amber.",
        "Since June 2 indicators have moved from red to amber and 1 from amber to green.",
        "We expect that 3 indicators will be red and 1 amber.",
        "Among the rounds 12 were missed and 5 were delayed.",
        "50% are red and 25% amber.",
    ],
)
def test_what_is_no_count_of_this_report_is_left_alone(said: str, tmp_path: Path) -> None:
    sheet = opening()
    sheet.say(said)
    listed(sheet, "Red", "Amber", "Green", "Green")
    assert read(tmp_path, sheet).counts == ()


def test_a_report_by_exception_prints_no_green_blocks(tmp_path: Path) -> None:
    sheet = opening()
    in_a_row(sheet)
    listed(sheet, "Red", "Amber", "Red")
    answer = found(read(tmp_path, sheet))
    assert (len(answer), answer.looked_at["summary"]) == (0, 1)


def test_counts_of_parts_that_nothing_names_are_not_compared(tmp_path: Path) -> None:
    sheet = opening()
    for statuses in (("Red", "Amber"), ("Green", "Amber", "Red")):
        sheet.say(", ".join(f"{statuses.count(s)} {s.lower()}" for s in STATUS))
        listed(sheet, *statuses)
    answer = found(read(tmp_path, sheet))
    assert (len(answer), answer.looked_at["summary"]) == (0, 0)


@pytest.mark.parametrize(
    ("said", "pairs"),
    [
        ("Red: 12; Amber: 5; Green: 30", {"red": 12, "amber": 5, "green": 30}),
        ("30 of the 47 indicators (64%) are green, 5 are amber", {"green": 30, "amber": 5}),
        ("Green 64% (30), Amber 11% (5)", {"green": 30, "amber": 5}),
        ("three are on track, no measure is off track", {"green": 3, "red": 0}),
        ("Nearly 12,500 red bags", {}),
    ],
)
def test_each_status_gets_its_own_number(said: str, pairs: dict[str, int]) -> None:
    assert {rag: n for _, rag, n in pairs_in(said, Key())} == pairs


def test_a_store_keeps_counts_and_one_from_before_says_that_it_has_none(tmp_path: Path) -> None:
    sheet = opening()
    in_brief(sheet)
    listed(sheet, "Red", "Amber", "Green", "Green")
    archive = cs.Archive(tmp_path / "store", create=True)
    archive.write([read(tmp_path, sheet)])
    assert [c["red"] for c in archive.documents["counts"][0]] == [2]
    assert len(check_reports(archive, where={"check": "summary"})) == 1
    for part in (tmp_path / "store" / "documents").glob("*.parquet"):  # as an earlier version wrote it
        pq.write_table(pq.read_table(part).drop_columns("counts"), part)
    older = check_reports(cs.Archive(tmp_path / "store"))
    assert older.looked_at["summary"] == 0
    assert "--redo reader" in older.notes[0]

"""Pages without usable text: which they are, what is drawn on their picture, and what Tesseract makes of them."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import councilscope as cs
import pages as make
from councilscope import annotate, ocr, pdf
from councilscope.archive import runner
from councilscope.errors import UnreadableError
from councilscope.geometry import Box
from councilscope.ocr import picture, tesseract
from councilscope.page import Page, Picture, Word
from pages import AMBER, BLACK, GREEN, NAVY, RED, WHITE, C, Sheet

HEAD = ("Ref", "Indicator", "Target", "Q2 2021/22", "Status", "Commentary")
WIDTHS = (40, 110, 50, 65, 50, 180)


def grid() -> Sheet:
    """A page of a report: heads in white on blue, statuses that only the colour of a cell shows, a dash."""
    sheet = make.opening()
    sheet.table(
        WIDTHS,
        [
            [C(h, fill=NAVY, colour=WHITE) for h in HEAD],
            ["H1", "Bins collected on time", "95%", "91%", C(fill=AMBER), "Two drivers left in the summer."],
            ["H2", "Potholes mended in a day", "90%", "93%", C(fill=GREEN), "The new plant is at work."],
            ["H3", "Calls answered", "80%", "61%", C(fill=RED), "Sickness led to long queues."],
            ["H4", "Homes visited", "75%", "-", C(fill=GREEN), "Figures come in the spring."],
        ],
        head=1,
    )
    sheet.say(
        "**Note:** figures are rounded to one place. Missed calls are counted by the hour they came in."
    )
    return sheet


@pytest.fixture
def with_tesseract() -> None:
    if not ocr.available():
        pytest.skip("no tesseract command with English here (Debian, Ubuntu: apt install tesseract-ocr)")


@pytest.fixture
def without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tesseract, "version", lambda: None)


def drawn(sheet: Sheet, turn: float = 0.0, dpi: float = 200) -> picture.Drawn:
    with pdf.rendered(make.scan(make.print_pdf(sheet), turn=turn)) as draw:
        return picture.drawn(draw(1, dpi, -turn), 1)


def page_of(words: list[str], pictures: tuple[Picture, ...] = ()) -> Page:
    placed = [Word(w, Box(1, 50.0 + 40 * (k % 12), 60.0 + 12 * (k // 12), 85.0 + 40 * (k % 12), 70.0 + 12 * (k // 12)))
              for k, w in enumerate(words)]  # fmt: skip
    return Page(1, 595.0, 842.0, tuple(placed), pictures=pictures)


WHOLE = (Picture(Box(1, 0, 0, 595, 842)),)
ENGLISH = (
    "Visits were late in the second half of the quarter because two posts in the team stood empty and the new rota "
    "for weekends began only in June so that fewer homes could be seen on the day that was agreed with families"
).split()


# --------------------------------------------------------------------------------------------- which pages need it


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (page_of([], WHOLE), "without text"),
        (page_of([]), None),
        (page_of(["Page", "3"]), None),
        (page_of(["Page", "3"], WHOLE), "hardly any text"),
        (page_of(ENGLISH, WHOLE), None),
        (page_of(["\ue012\ue044\ue0a1"] * 9), "cannot be decoded"),
        (page_of(["\ufffd\ufffd\ufffd"] * 9 + ["ok"]), "cannot be decoded"),
        (page_of(["(cid:12)(cid:7)"] * 9), "cannot be decoded"),
        (page_of(["".join(chr(ord(c) + 1) for c in w) for w in ENGLISH] * 2), "cannot be decoded"),
        (page_of([f"{n}.{n % 7}%" for n in range(90)]), None),
        (page_of([f"CB{n}x" for n in range(90)]), None),
        (page_of([*ENGLISH, "\uf0b7"]), None),
        (
            page_of("Mae gwasanaethau wedi gwella yn y chwarter ac mae cynllun newydd ar waith".split() * 4),
            None,
        ),
    ],
)
def test_pages_whose_text_is_missing_or_a_lie_are_told_from_others(page: Page, why: str | None) -> None:
    found = ocr.needs_ocr(page)
    assert found is None if why is None else why in str(found)


# --------------------------------------------------------------------------------------------- what is drawn


@pytest.mark.parametrize("turn", [0.0, 1.3, -2.4])
def test_the_lines_and_colours_of_a_scanned_table_are_found(turn: float) -> None:
    sheet = grid()
    found = drawn(sheet, turn)
    for horizontal in (True, False):
        want = {
            round(r.box.cy if horizontal else r.box.cx) for r in sheet.rules if r.horizontal == horizontal
        }
        got = [r.box.cy if horizontal else r.box.cx for r in found.rules if r.horizontal == horizontal]
        painted = [
            e for f in found.fills for e in ((f.box.y0, f.box.y1) if horizontal else (f.box.x0, f.box.x1))
        ]
        for place in want:  # a line beside a coloured cell may be that cell's edge
            assert min(abs(place - g) for g in [*got, *painted]) < 2.0
    for colour in (AMBER, GREEN, RED):
        cell = next(f.box for f in sheet.fills if f.colour == colour)
        over = max(found.fills, key=lambda f: f.box.intersection(cell))
        assert over.box.intersection(cell) > 0.8 * cell.area
        assert over.colour == pytest.approx(colour, abs=0.08)


def test_letters_are_no_lines_and_no_signs() -> None:
    sheet = Sheet()
    sheet.say("HMMN INTERIM FINANCIAL IMPLICATIONS lllll", 20, bold=True)
    sheet.say("Nothing is drawn on this page, and all of it is text of an ordinary size.", 10)
    found = drawn(sheet)
    assert (found.rules, found.fills, found.signs, found.bullets) == ([], [], [], [])


def test_the_turn_of_a_scan_is_measured() -> None:
    for turn in (0.0, 0.7, -1.9, 3.0):
        with pdf.rendered(make.scan(make.print_pdf(grid()), turn=turn)) as draw:
            assert picture.turn_of(draw(1, 100, 0.0)) == pytest.approx(-turn, abs=0.12)


def test_arrows_and_dots_of_a_scan_are_signs_with_colour_and_turn() -> None:
    sheet = grid()
    sheet.draw(make.arrow("up", GREEN, 14), 200, 600)
    sheet.draw(make.dot(RED, 12), 260, 600)
    found = drawn(sheet)
    assert len(found.signs) == 2
    with pdf.rendered(make.scan(make.print_pdf(sheet))) as draw:
        raster = draw(1, 200, 0.0)
    arrow, dot = (pdf.sign_in(raster, b) for b in sorted(found.signs, key=lambda b: b.x0))
    assert arrow.turn == "up" and arrow.colour == pytest.approx(GREEN, abs=0.12)
    assert dot.turn is None and dot.colour == pytest.approx(RED, abs=0.12)


@pytest.mark.parametrize(("way", "turn"), [("up", "up"), ("down", "down"), ("right", "level")])
def test_black_arrows_of_a_scan_are_signs(way: str, turn: str) -> None:
    sheet = Sheet()
    sheet.say("Letters that are stout: AVTLJ DO vy 4 7 1", 12, bold=True)
    sheet.draw(make.arrow(way, BLACK, 12), 200, 300)
    (sign,) = drawn(sheet).signs
    with pdf.rendered(make.scan(make.print_pdf(sheet))) as draw:
        assert pdf.sign_in(draw(1, 200, 0.0), sign).turn == turn


# --------------------------------------------------------------------------------------------- the whole line


def facts(report: cs.Report) -> list[tuple[object, ...]]:
    return [
        (
            b.ref,
            b.title,
            b.rag,
            b.target.text if b.target else None,
            [(o.period, o.text) for o in b.outturns],
            [c.text for c in b.commentary],
        )
        for b in report.blocks
    ]


@pytest.mark.parametrize("turn", [0.0, 1.6])
def test_a_scan_is_read_as_the_printed_report(tmp_path: Path, with_tesseract: None, turn: float) -> None:
    printed, scanned = tmp_path / "printed.pdf", tmp_path / "scanned.pdf"
    printed.write_bytes(make.print_pdf(grid()))
    scanned.write_bytes(make.scan(printed.read_bytes(), turn=turn))
    want, got = cs.read(printed, tag=False), cs.read(scanned, tag=False)
    assert len(want.blocks) == 4
    assert facts(got) == facts(want)
    assert got.source.ocr == (1,) and want.source.ocr == ()
    assert [w.page for w in got.warnings if w.code == "ocr"] == [1]
    assert got.models["ocr"].name == "tesseract" and want.models == {}
    for scan, ink in zip(got.blocks, want.blocks, strict=True):
        assert scan.confidence < ink.confidence
        assert scan.regions[0].bbox == pytest.approx(ink.regions[0].bbox, abs=3)


def test_words_of_a_scan_have_size_weight_and_place(with_tesseract: None) -> None:
    sheet = Sheet()
    sheet.say("Late visits", 16, bold=True)
    sheet.say("**Reason:** two posts stood empty in May, and (as planned) the rota changed.", 11)
    sheet.draw(make.dot(BLACK, 4.5), 52, sheet.y + 7)
    sheet.say("the first step is taken", 11, x=62)
    data = make.scan(make.print_pdf(sheet))
    document = ocr.complete(pdf.read_bytes(data, "a.pdf", textless=True), data)
    (bullet,) = [w for w in document.pages[0].words if w.text == "•"]
    words = [w for w in document.pages[0].words if w.text != "•"]
    assert bullet.box.cx == pytest.approx(52, abs=1)
    assert [w.text for w in words] == [w.text for w in sheet.words]
    assert [w.bold for w in words] == [w.bold for w in sheet.words]
    for found, meant in zip(words, sheet.words, strict=True):
        assert found.size == pytest.approx(meant.size, rel=0.07)
        assert found.box.x0 == pytest.approx(meant.box.x0, abs=1.5)
        assert found.box.cy == pytest.approx(meant.box.cy, abs=2.5)


def test_a_stamp_on_a_scan_stays_and_is_not_read_twice(with_tesseract: None) -> None:
    doc = pdf.pymupdf.open(stream=make.scan(make.print_pdf(grid())))
    doc[0].insert_text((270, 820), "Page 17")
    data = doc.tobytes()
    page = ocr.complete(pdf.read_bytes(data, "a.pdf", textless=True), data).pages[0]
    assert [w.text for w in page.words].count("17") == 1
    assert "Potholes" in [w.text for w in page.words]


def test_a_photograph_is_no_missing_page(tmp_path: Path, with_tesseract: None) -> None:
    doc = pdf.pymupdf.open(stream=make.print_pdf(grid()))
    doc.new_page().insert_image(pdf.pymupdf.Rect(0, 0, 595, 842), pixmap=make.flat(GREEN, 200))
    path = tmp_path / "cover.pdf"
    path.write_bytes(doc.tobytes())
    report = cs.read(path, tag=False)
    assert "found no text" in next(w.message for w in report.warnings if w.code == "ocr")
    assert annotate.outcome(report) == ("ok", None)


@pytest.mark.parametrize(("tip", "sign"), [(1, "≥"), (-1, "≤")])
def test_signs_of_comparison_are_no_figures(with_tesseract: None, tip: int, sign: str) -> None:
    sheet = Sheet()
    sheet.say("Target for the quarter, as agreed in May", 12)
    angle = [(-2.8 * tip, -2.6), (2.8 * tip, 0.0), (-2.8 * tip, 2.6)]
    for points in (angle, [(-2.8, 4.4), (2.8, 4.4)]):
        sheet.draw(make.polygon(points, BLACK, stroked=True), 56, sheet.y + 6)
    sheet.line(60, sheet.y, "95%", 12)
    data = make.scan(make.print_pdf(sheet))
    words = ocr.complete(pdf.read_bytes(data, "a.pdf", textless=True), data).pages[0].words
    assert words[-1].text == f"{sign}95%"


# --------------------------------------------------------------------------------------------- where it cannot be


def mixed(tmp_path: Path) -> Path:
    doc = pdf.pymupdf.open(stream=make.print_pdf(grid()))
    doc.insert_pdf(pdf.pymupdf.open(stream=make.scan(make.print_pdf(grid()), dpi=100)))
    path = tmp_path / "mixed.pdf"
    path.write_bytes(doc.tobytes())
    return path


def test_without_tesseract_the_page_is_named_with_what_to_install(
    tmp_path: Path, without_tesseract: None
) -> None:
    report = cs.read(mixed(tmp_path), tag=False)
    (warning,) = [w for w in report.warnings if w.code == "no_text_page"]
    assert (
        warning.page == 2 and "page 2" in warning.message and "apt install tesseract-ocr" in warning.message
    )
    assert len(report.blocks) == 4
    status, reason = annotate.outcome(report)
    assert status == "partial" and "Tesseract" in str(reason)
    scanned = tmp_path / "scan.pdf"
    scanned.write_bytes(make.scan(make.print_pdf(grid()), dpi=50))
    with pytest.raises(UnreadableError, match="apt install tesseract-ocr") as error:
        cs.read(scanned)
    assert error.value.status == "no_text"


def test_ocr_can_be_switched_off(tmp_path: Path) -> None:
    report = cs.read(mixed(tmp_path), tag=False, ocr="off")
    assert report.source.ocr == ()
    assert "--ocr auto" in next(w.message for w in report.warnings if w.code == "no_text_page")
    with pytest.raises(ValueError, match="auto, off"):
        cs.read(mixed(tmp_path), ocr="on")


@pytest.fixture
def fake_tesseract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """A `tesseract` that is there, and does what a line of Python says when it is to read a page."""
    folder = tmp_path / "bin"
    folder.mkdir()
    tesseract.version.cache_clear()

    def put(then: str) -> None:
        script = folder / "tesseract"
        script.write_text(
            f"#!{sys.executable}\nimport sys, time\n"
            "if '--version' in sys.argv: print('tesseract 5.9')\n"
            "elif '--list-langs' in sys.argv: print('List (2):\\neng\\ncym\\nosd')\n"
            f"else: {then}\n"
        )
        script.chmod(0o755)

    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return put


@pytest.mark.parametrize(
    ("then", "said"),
    [("time.sleep(60)", "more than 1 s"), ("sys.exit('out of paper')", "out of paper")],
)
def test_a_page_that_tesseract_fails_on_costs_only_itself(
    tmp_path: Path,
    fake_tesseract: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    then: str,
    said: str,
) -> None:
    fake_tesseract(then)
    assert ocr.engine() == "5.9 eng+cym"
    monkeypatch.setattr(ocr, "PAGE_SECONDS", 1.0)
    report = cs.read(mixed(tmp_path), tag=False)
    scanned = tmp_path / "scan.pdf"
    scanned.write_bytes(make.scan(make.print_pdf(grid()), dpi=50))
    with pytest.raises(UnreadableError, match=r"OCR found no words.*scan it again") as error:
        cs.read(scanned)
    assert error.value.status == "no_text"
    tesseract.version.cache_clear()
    assert said in next(w.message for w in report.warnings if w.code == "no_text_page" and w.page == 2)
    assert len(report.blocks) == 4


# --------------------------------------------------------------------------------------------- the archive


def test_a_scan_in_an_archive_is_not_read_again(tmp_path: Path, with_tesseract: None) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(mixed(tmp_path), tmp_path / "in" / "a.pdf")
    store = tmp_path / "store"
    assert cs.annotate_paths([tmp_path / "in"], store, workers=0).statuses == {"ok": 1}
    row = cs.Archive(store).documents.iloc[0]
    assert list(row["ocr"]) == [2] and "ocr" in {m["role"] for m in row["models"]}
    again = cs.annotate_paths([tmp_path / "in"], store, workers=0)
    assert (again.read, again.known) == (0, 1)


def test_what_was_refused_for_want_of_tesseract_is_read_once_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, with_tesseract: None
) -> None:
    path, store = mixed(tmp_path), tmp_path / "store"
    with monkeypatch.context() as patch:
        patch.setattr(tesseract, "version", lambda: None)
        assert cs.annotate_paths([path], store, workers=0).statuses == {"partial": 1}
        assert cs.annotate_paths([path], store, workers=0).read == 0
    assert cs.annotate_paths([path], store, workers=0, ocr="off").read == 0
    assert cs.annotate_paths([path], store, workers=0).statuses == {"ok": 1}
    assert not runner.now_possible("page 2 not read: it took Tesseract more than 60 s", "auto")


def test_the_real_scan_is_read_as_its_gold_says(evaluation: Path, with_tesseract: None) -> None:
    from score_reports import load
    from scoring import score

    path = evaluation / "reports" / "west-berkshire-2020-21-q1.scanned.pdf"
    if not path.is_file():
        pytest.skip(f"{path.name} is not among the further reports")
    gold = load(path.with_name(path.name.replace(".scanned.pdf", ".gold.json")))
    found = score(gold, cs.read(path, tag=False).model_dump(mode="json"))
    assert found["blocks"] >= 0.95 and found["rag"] >= 0.95 and found["commentary"] >= 0.85


def test_fills_of_one_colour_are_equal_after_the_scan() -> None:
    sheet = Sheet()
    pale = (0.86, 0.9, 0.95)
    for k in range(4):
        sheet.paint(60.0 + 100 * k, 100, 150.0 + 100 * k, 130, pale)
    found = drawn(sheet)
    assert len({f.colour for f in found.fills}) == 1 and len(found.fills) == 4

"""Real PDFs to pages: words with their style and place, what is drawn, and clear words about what cannot be read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import pages as make
from councilscope import pdf
from councilscope.errors import UnreadableError
from councilscope.geometry import Box
from councilscope.page import Page, Word
from councilscope.pdf import pymupdf
from pages import AMBER, GREEN, NAVY, RED, C, Sheet

AES = 5  # MuPDF's number for AES-256


def read(*sheets: Sheet) -> pdf.Document:
    return pdf.read_bytes(make.print_pdf(*sheets), "report.pdf")


def sheet(text: str = "Bins are collected on time", **style: float) -> Sheet:
    out = Sheet()
    out.say(text, **style)  # type: ignore[arg-type]
    return out


def texts(page: Page) -> list[str]:
    return [w.text for w in page.words]


def test_words_keep_their_place_size_weight_and_colour() -> None:
    s = Sheet(width=842, height=595)
    s.say("Missed **collections** fell", 12)
    s.say("_slightly_", 9, colour=RED)
    document = read(s)
    page = document.pages[0]
    assert (page.number, page.width, page.height) == (1, 842, 595)
    assert texts(page) == ["Missed", "collections", "fell", "slightly"]
    assert [w.bold for w in page.words] == [False, True, False, False]
    assert [w.italic for w in page.words] == [False, False, False, True]
    assert [w.size for w in page.words] == [12, 12, 12, 9]
    assert page.words[3].colour == pytest.approx(RED, abs=0.01)
    for found, meant in zip(page.words, s.words, strict=True):
        assert found.box.intersection(meant.box) > 0.8 * meant.box.area
        assert found.box.x0 == pytest.approx(meant.box.x0, abs=0.5)


def test_document_says_what_it_is(tmp_path: Path) -> None:
    data = make.print_pdf(sheet(), sheet("Second page"))
    doc = pymupdf.open(stream=data)
    doc.set_metadata({"title": " Quarter 2 report "})
    path = tmp_path / "q2.pdf"
    path.write_bytes(doc.tobytes())
    document = pdf.read_pages(path)
    assert document.path == str(path)
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert document.page_count == len(document.pages) == 2
    assert [p.number for p in document.pages] == [1, 2]
    assert document.title == "Quarter 2 report"
    assert document.warnings == ()
    assert read(sheet()).title is None


def test_same_bytes_same_pages() -> None:
    data = make.print_pdf(sheet(), sheet("Second page"))
    assert pdf.read_bytes(data, "a.pdf").pages == pdf.read_bytes(data, "b.pdf").pages


def test_words_that_touch_are_told_from_words_apart() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((72, 100), "Target:", fontsize=10, fontname="hebo")
    page.insert_text((72 + pymupdf.Font("hebo").text_length("Target:", 10), 100), "95%", fontsize=10)
    page.insert_text((200, 100), "91% now", fontsize=10)
    words = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].words
    by = {w.text: w for w in words}
    if "Target:95%" not in by:  # MuPDF may give them as one word or as two that touch
        assert not by["95%"].space_before
    assert by["now"].space_before and by["91%"].space_before


def test_words_printed_twice_to_look_bold_come_once() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    for shift in (0, 0.1, 0.3):
        page.insert_text((100 + shift, 100), "Recycling rate", fontsize=14)
    page.insert_text((100, 300), "Recycling rate", fontsize=14)
    words = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].words
    assert [w.text for w in words] == ["Recycling", "rate", "Recycling", "rate"]


@pytest.mark.parametrize("x", [72.9, 76.8])
def test_overprinted_words_come_once_wherever_they_stand(x: float) -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    for shift in (0, 0.3):
        page.insert_text((x + shift, 100), "Recycling", fontsize=14)
    words = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].words
    assert [w.text for w in words] == ["Recycling"]


def test_soft_hyphens_and_ligatures_do_not_reach_the_text() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    writer = pymupdf.TextWriter(page.rect)
    writer.append((72, 100), "e\ufb03cient pro\u00adcess", font=pymupdf.Font("cjk"), fontsize=10)
    writer.write_text(page)
    words = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].words
    assert [w.text for w in words] == ["efficient", "process"]


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotated_pages_read_as_they_are_seen(rotation: int) -> None:
    """A page printed sideways and turned for the reader gives the words, lines and fills that the upright one gives."""
    s = Sheet(width=500, height=700)
    s.say("Homes let within target time")
    s.table([120, 80], [["Measure", "RAG"], ["Voids", C("Red", fill=RED)]])
    upright = read(s).pages[0]
    doc = pymupdf.open(stream=make.print_pdf(s))
    turned = pymupdf.open()
    swap = rotation in (90, 270)
    page = turned.new_page(width=700 if swap else 500, height=500 if swap else 700)
    page.show_pdf_page(page.rect, doc, 0, rotate=rotation)
    page.set_rotation(rotation)
    found = pdf.read_bytes(turned.tobytes(), "a.pdf").pages[0]
    assert (found.width, found.height) == (500, 700)
    assert texts(found) == texts(upright)
    assert {w.angle for w in found.words} == {0}
    for a, b in zip(found.words, upright.words, strict=True):
        assert (a.box.cx, a.box.cy) == pytest.approx((b.box.cx, b.box.cy), abs=2)
    assert len(found.rules) == len(upright.rules)
    assert sum(r.horizontal for r in found.rules) == sum(r.horizontal for r in upright.rules)
    fill, other = found.fills[0].box, upright.fills[0].box
    assert fill.intersection(other) > 0.9 * other.area


def test_text_that_runs_upwards_or_downwards_says_so() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((100, 300), "Upwards", fontsize=10, rotate=90)
    page.insert_text((200, 300), "Downwards", fontsize=10, rotate=270)
    page.insert_text((300, 300), "Level", fontsize=10)
    words = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].words
    assert {w.text: w.angle for w in words} == {"Upwards": 90, "Downwards": 270, "Level": 0}


def test_lines_frames_and_fills() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((72, 700), "text")
    page.draw_line((72, 100), (300, 100))  # a pen's line
    page.draw_rect(pymupdf.Rect(72, 200, 300, 201), color=None, fill=NAVY)  # a thin rectangle is a line
    page.draw_rect(pymupdf.Rect(72, 300, 73, 400), color=None, fill=NAVY)
    page.draw_rect(pymupdf.Rect(72, 450, 300, 500), color=None, fill=AMBER)
    page.draw_rect(pymupdf.Rect(72, 550, 300, 600))  # a frame is four lines
    found = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0]
    across = sorted(round(r.box.cy) for r in found.rules if r.horizontal)
    down = sorted(round(r.box.cx) for r in found.rules if not r.horizontal)
    assert across == pytest.approx([100, 200, 550, 600], abs=1)
    assert down == pytest.approx([72, 72, 300], abs=1)
    assert [(round(f.box.width), round(f.box.height)) for f in found.fills] == [(228, 50)]
    assert found.fills[0].colour == pytest.approx(AMBER, abs=0.01)


@pytest.mark.parametrize("rotation", [0, 90])
def test_lines_with_a_mitre_are_where_they_are_drawn(rotation: int) -> None:
    """MuPDF's box of such a line is as high as its mitre might reach: twenty points for a line of one."""
    doc = pymupdf.open()
    page = doc.new_page(width=600, height=800)
    page.insert_text((72, 700), "text")
    xref = page.get_contents()[0]
    drawn = (
        b"\nq 1 w 72 700 m 300 700 l S 72 600 100 50 re S 12 w 400 300 m 500 300 l S 1 w 72 72 m 90 99 l S Q"
    )
    doc.update_stream(xref, doc.xref_stream(xref) + drawn)
    page.set_rotation(rotation)
    found = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0]
    across = sorted(round(r.box.cy) for r in found.rules if r.horizontal)
    down = sorted(round(r.box.cx) for r in found.rules if not r.horizontal)
    level, upright = [100, 150, 200], [72, 172]
    if rotation:
        level, upright = upright, sorted(800 - y for y in level)
    assert (across, down) == (level, upright)
    assert all(min(r.box.width, r.box.height) <= 1.1 for r in found.rules)
    assert [sorted((round(f.box.width), round(f.box.height))) for f in found.fills] == [[12, 100]]  # a bar


def test_words_of_a_font_that_claims_much_room_stand_on_their_line() -> None:
    span = {"bbox": (60.0, 84.5, 66.0, 114.6), "size": 12.0, "origin": (60.0, 109.3)}
    blocks = [{"type": 0, "lines": [{"dir": (1.0, 0.0), "spans": [span]}]}]
    bullet = Word("•", Box(1, 60.0, 84.5, 66.0, 114.6), 12.0, "Symbol")
    text = Word("Bins", Box(1, 72.0, 99.7, 90.0, 111.8), 9.0)
    lowered, same = pdf._with_true_heights([bullet, text], blocks)
    assert same == text
    assert (lowered.text, lowered.box.x0, lowered.box.x1) == ("•", 60.0, 66.0)
    assert 97 < lowered.box.y0 < 100 and 111 < lowered.box.y1 < 113


@pytest.mark.parametrize(
    ("sign", "curved", "stroked"),
    [(make.dot(GREEN), True, False), (make.arrow("up", GREEN), False, False), (make.pen_arrow("down", GREEN), False, True), (make.star(GREEN), False, False)],
)  # fmt: skip
def test_small_signs_keep_form_and_colour(sign: make.Shape, curved: bool, stroked: bool) -> None:
    s = sheet()
    s.draw(sign, 200, 300)
    found = read(s).pages[0].shapes
    assert len(found) == 1
    assert (found[0].curved, found[0].stroked) == (curved, stroked)
    assert found[0].colour == pytest.approx(GREEN, abs=0.01)
    assert found[0].box.contains_point(200, 300)
    assert found[0].box.width == pytest.approx(sign.box.width, abs=1.5)
    if not curved:
        assert set(found[0].points) == {(x + 200, y + 300) for x, y in sign.points} or stroked


def test_a_picture_as_large_as_an_icon_has_the_mean_colour_of_its_ink() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((72, 100), "text")
    page.insert_image(pymupdf.Rect(100, 200, 112, 212), pixmap=make.flat(RED))
    page.insert_image(pymupdf.Rect(200, 200, 212, 212), pixmap=make.flat((0.5, 0.5, 0.5)))
    page.insert_image(pymupdf.Rect(300, 200, 500, 400), pixmap=make.flat(GREEN))
    pictures = {round(p.box.x0): p for p in pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].pictures}
    assert pictures[100].colour == pytest.approx(RED, abs=0.05)
    assert pictures[200].colour == pytest.approx((0.5, 0.5, 0.5), abs=0.05), "a grey icon is a status too"
    assert pictures[300].colour is None, "a photograph is no icon"


def test_an_icon_beside_the_page_does_not_cost_the_page() -> None:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_text((72, 100), "text")
    page.insert_image(pymupdf.Rect(100, 200, 112, 212), pixmap=make.flat(RED))
    page.insert_image(pymupdf.Rect(700, 200, 712, 212), pixmap=make.flat(GREEN))
    document = pdf.read_bytes(doc.tobytes(), "a.pdf")
    assert not document.warnings
    assert [w.text for w in document.pages[0].words] == ["text"]
    pictures = {round(p.box.x0): p.colour for p in document.pages[0].pictures}
    assert pictures[100] == pytest.approx(RED, abs=0.05)
    assert pictures.get(700) is None


# --- what cannot be read ------------------------------------------------------------------------------------


def no_pages() -> bytes:
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF"
    )


def locked() -> bytes:
    return make.print_pdf(sheet(), encryption=AES, user_pw="secret", owner_pw="other")


def scan(*more: Sheet) -> bytes:
    doc = pymupdf.open()
    page = doc.new_page()
    page.insert_image(page.rect, pixmap=make.flat((0.9, 0.9, 0.8), 200))
    if more:
        doc.insert_pdf(pymupdf.open(stream=make.print_pdf(*more)))
    data: bytes = doc.tobytes()
    return data


def web_page() -> bytes:
    return b"<!DOCTYPE html><html><body><h1>404</h1><p>Page not found</p></body></html>"


def photograph() -> bytes:
    data: bytes = make.flat(RED).tobytes("png")
    return data


def blank() -> bytes:
    doc = pymupdf.open()
    doc.new_page()
    data: bytes = doc.tobytes()
    return data


@pytest.mark.parametrize(
    ("make_bytes", "status", "advice"),
    [
        (lambda: b"", "empty", "download or export it again"),
        (lambda: b"\n \0\0", "empty", "download or export it again"),
        (lambda: b"Bins;Target;95%\n", "not_pdf", "as PDF"),
        (web_page, "not_pdf", "as PDF"),
        (photograph, "not_pdf", "as PDF"),
        (lambda: b"PK\x03\x04" + b"word/document.xml" * 9, "unsupported", "save it as PDF"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "unsupported", "save it as PDF"),
        (lambda: b"%PDF-1.7\n", "damaged", "export it again"),
        (lambda: b"%PDF-1.7\n" + b"\x93\x01" * 400, "damaged", "export it again"),
        (no_pages, "damaged", "export it again"),
        (locked, "encrypted", "--password-file"),
        (scan, "no_text", "OCR"),
        (blank, "no_text", "OCR"),
    ],
)
def test_what_cannot_be_read_is_said_with_what_to_do(
    tmp_path: Path, make_bytes: Callable[[], bytes], status: str, advice: str
) -> None:
    path = tmp_path / "given.pdf"
    path.write_bytes(make_bytes())
    with pytest.raises(UnreadableError) as error:
        pdf.read_pages(path)
    assert error.value.status == status
    assert advice in error.value.reason
    assert str(path) in str(error.value)
    assert error.value.exit_code == 4


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="no such file"):
        pdf.read_pages(tmp_path / "none.pdf")
    with pytest.raises(UnreadableError, match="a folder"):
        pdf.read_pages(tmp_path)


def test_a_locked_file_opens_with_its_password_and_says_when_it_is_wrong() -> None:
    assert texts(pdf.read_bytes(locked(), "a.pdf", "secret").pages[0])[0] == "Bins"
    with pytest.raises(UnreadableError, match="the password given does not open it"):
        pdf.read_bytes(locked(), "a.pdf", "guess")
    with pytest.raises(UnreadableError, match="protected by a password"):
        pdf.read_bytes(locked(), "a.pdf")


def test_a_file_locked_against_copying_only_is_read() -> None:
    data = make.print_pdf(sheet(), encryption=AES, owner_pw="other", permissions=0)
    assert texts(pdf.read_bytes(data, "a.pdf").pages[0])[0] == "Bins"


def test_a_file_cut_short_is_repaired_as_far_as_it_goes() -> None:
    data = make.print_pdf(sheet(), sheet("Second page"))
    document = pdf.read_bytes(data[: data.rindex(b"startxref")], "a.pdf")
    assert [texts(p)[0] for p in document.pages] == ["Bins", "Second"]


def test_a_file_that_lost_its_first_line_is_repaired() -> None:
    data = make.print_pdf(sheet())
    assert texts(pdf.read_bytes(data[data.index(b"\n") + 1 :], "a.pdf").pages[0])[0] == "Bins"


def test_bytes_before_the_header_do_no_harm() -> None:
    assert texts(pdf.read_bytes(b"\r\n\r\n" + make.print_pdf(sheet()), "a.pdf").pages[0])[0] == "Bins"


def painted(inside: Callable[[int, int], bool], colour: tuple[int, int, int]) -> pymupdf.Pixmap:
    """A white picture of 48 pixels a side, painted where `inside` (column, row) says."""
    pix = pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 48, 48))
    pix.set_rect(pix.irect, (255, 255, 255))
    for x in range(48):
        for y in range(48):
            if inside(x, y):
                pix.set_pixel(x, y, colour)
    return pix


def test_an_arrow_in_a_picture_points_somewhere_though_the_cells_rule_runs_through_its_box() -> None:
    up = painted(lambda x, y: abs(x - 24) < (y - 2 if y < 24 else 8) and 2 < y < 46, (30, 160, 60))
    equals = painted(lambda x, y: 8 < x < 40 and (14 < y < 20 or 27 < y < 33), (120, 120, 120))
    doc = pymupdf.open()
    page = doc.new_page()
    bar = painted(lambda x, y: 4 < x < 44 and 17 < y < 31, (60, 110, 170))
    for x, pix in ((100, up), (200, equals), (300, bar)):
        page.insert_image(pymupdf.Rect(x, 100, x + 14, 114), pixmap=pix)
    page.insert_text((50, 80), "Short trend")
    page.draw_line((50, 100.5), (400, 100.5), width=0.7)
    turns = {round(p.box.x0): p.turn for p in pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0].pictures}
    assert turns == {100: "up", 200: "level", 300: "level"}


def test_a_page_that_is_only_a_picture_is_told_of_and_the_others_are_read() -> None:
    document = pdf.read_bytes(scan(sheet()), "a.pdf")
    assert [w.code for w in document.warnings] == ["no_text_page"]
    assert document.warnings[0].page == 1
    assert "page 1" in document.warnings[0].message and "OCR" in document.warnings[0].message
    assert texts(document.pages[1])[0] == "Bins"


def test_a_blank_page_is_no_reason_to_warn() -> None:
    assert read(sheet(), Sheet(2), sheet()).warnings == ()


def test_a_page_that_fails_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = pdf._read_page

    def failing(page: pymupdf.Page, number: int) -> Page:
        if number == 2:
            raise RuntimeError("syntax error in content stream\nmore")
        return whole(page, number)

    monkeypatch.setattr(pdf, "_read_page", failing)
    document = read(sheet(), sheet("Second"), sheet("Third"))
    assert [len(p.words) > 0 for p in document.pages] == [True, False, True]
    assert [(w.code, w.page) for w in document.warnings] == [("page_unreadable", 2)]
    assert "syntax error in content stream" in document.warnings[0].message
    monkeypatch.setattr(pdf, "_read_page", lambda page, number: 1 / 0)
    with pytest.raises(UnreadableError) as error:
        read(sheet())
    assert error.value.status == "damaged"


def test_nothing_is_printed_by_the_pdf_library(capfd: pytest.CaptureFixture[str]) -> None:
    data = make.print_pdf(sheet())
    pdf.read_bytes(data[: data.rindex(b"startxref")], "a.pdf")
    with pytest.raises(UnreadableError):
        pdf.read_bytes(b"%PDF-1.7\n" + b"\x93\x01" * 400, "a.pdf")
    assert capfd.readouterr() == ("", "")


@given(st.floats(-3000, 30_000, width=32) | st.integers(-9999, 100_000).map(lambda n: n / 8))
def test_coordinates_are_rounded_as_round_does(x: float) -> None:
    assert repr(pdf._near(x)) == repr(round(x, 2))


def test_the_outline_of_a_card_with_round_corners_is_where_it_is_drawn() -> None:
    doc = pymupdf.open()
    page = doc.new_page(width=595, height=842)
    page.insert_text((80, 140), "Bins collected on the day due")
    page.draw_rect(pymupdf.Rect(60, 100, 290, 260), color=NAVY, fill=AMBER, width=1.5, radius=0.05)
    xref = page.get_contents()[-1]
    doc.update_stream(
        xref, doc.xref_stream(xref).replace(b"1 j", b"0 j")
    )  # corners mitred, as browsers have them
    found = pdf.read_bytes(doc.tobytes(), "a.pdf").pages[0]
    drawn = [(f.box.x0, f.box.y0, f.box.x1, f.box.y1) for f in found.fills if f.rounded]
    assert drawn == [pytest.approx((60, 100, 290, 260), abs=1.5)] * 2, "the ground and its outline"

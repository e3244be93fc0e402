"""Office files: told by their bytes, printed by LibreOffice where it is installed, refused with advice where not."""

from __future__ import annotations

import hashlib
import io
import os
import sys
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

import councilscope as cs
from councilscope import office
from councilscope.errors import UnreadableError

HEAD = ("Ref", "Indicator", "Owner", "Target", "Q1 2020/21", "RAG", "Commentary")
ROWS = (
    ("H1", "Bins collected on time", "J. Bloggs", "95%", "91%", "Amber", "Two drivers left in the summer."),
    ("H2", "Potholes mended in a day", "A. Smith", "90%", "93%", "Green", "The new plant is at work."),
    ("H3", "Calls answered in a minute", "P. Jones", "80%", "61%", "Red", "Sickness led to long queues."),
)


def rtf() -> bytes:
    def row(cells: tuple[str, ...]) -> str:
        edges = "".join(
            rf"\clbrdrt\brdrs\clbrdrl\brdrs\clbrdrb\brdrs\clbrdrr\brdrs\cellx{1350 * (k + 1)}"
            for k in range(len(cells))
        )
        return rf"\trowd{edges}" + "".join(rf"\intbl {c}\cell" for c in cells) + r"\row"

    title = r"{\b\fs36 Thornshire Council performance report Quarter 1 2020/21}\par\pard "
    return (r"{\rtf1\ansi " + title + "".join(row(r) for r in (HEAD, *ROWS)) + r"\pard\par}").encode()


def xlsx(rows: tuple[tuple[str, ...], ...]) -> bytes:
    """A workbook of one sheet, as plain as can be: no borders, no widths, texts that do not fit their cells."""
    spread = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in row) + "</row>" for row in rows
    )
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="'
        'application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName='
        '"/xl/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        "</Types>",
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
        f'"{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{spread}" xmlns:r="{links}"><sheets>'
        '<sheet name="Q1" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type='
        f'"{links}/worksheet" Target="sheet1.xml"/></Relationships>',
        "xl/sheet1.xml": f'<worksheet xmlns="{spread}"><sheetData>{cells}</sheetData></worksheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        for name, text in parts.items():
            held.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return out.getvalue()


@pytest.fixture
def with_libreoffice() -> None:
    if not office.available():
        pytest.skip("no soffice command here (Debian, Ubuntu: apt install libreoffice)")


def open_document(media_type: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as held:
        held.writestr("mimetype", media_type)
    return out.getvalue()


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("data", "suffix"),
    [
        (rtf(), ".rtf"),
        (xlsx((HEAD,)), ".xlsx"),
        (open_document("application/vnd.oasis.opendocument.text"), ".odt"),
        (open_document("application/epub+zip"), None),
        (OLD + "WordDocument".encode("utf-16-le"), ".doc"),
        (OLD + "Workbook".encode("utf-16-le"), ".xls"),
        (OLD, None),
        (b"PK\x03\x04 cut short", None),
        (b"%PDF-1.7", None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_bytes(data: bytes, suffix: str | None) -> None:
    kind = office.kind_of(data)
    assert (kind.suffix if kind else None) == suffix


@pytest.mark.parametrize(
    ("name", "data"), [("a.rtf", rtf()), ("a.xlsx", xlsx((HEAD, *ROWS))), ("a.pdf", rtf())]
)
def test_without_libreoffice_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes
) -> None:
    monkeypatch.setattr(office, "command", lambda: None)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableError, match=r"install LibreOffice .*save it as PDF") as error:
        cs.read(tmp_path / name)
    assert error.value.status == "unsupported"


def test_a_locked_office_file_is_encrypted(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(OLD + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(UnreadableError, match="take it off") as error:
        cs.read(path)
    assert error.value.status == "encrypted"


@pytest.mark.parametrize("suffix", [".rtf", ".xlsx"])
def test_an_office_file_is_read_block_by_block(tmp_path: Path, with_libreoffice: None, suffix: str) -> None:
    path = tmp_path / f"thornshire{suffix}"
    title = ("Thornshire Council performance report Quarter 1 2020/21",)
    path.write_bytes(rtf() if suffix == ".rtf" else xlsx((title, HEAD, *ROWS)))
    report = cs.read(path, tag=False)
    assert [(b.ref, b.title, b.rag) for b in report.blocks] == [(r[0], r[1], r[5].lower()) for r in ROWS]
    assert [b.outturns[0].text for b in report.blocks] == [r[4] for r in ROWS]
    assert [b.commentary[0].text for b in report.blocks] == [r[6] for r in ROWS]
    assert report.source.media_type == office.KINDS[suffix].media_type
    assert report.source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "LibreOffice" in next(w.message for w in report.warnings if w.code == "converted")


def test_a_wide_sheet_keeps_its_last_column(tmp_path: Path, with_libreoffice: None) -> None:
    months = tuple(
        f"{m} {y}" for y in (2018, 2019, 2020) for m in "Jan Feb Mar Apr May Jun Jul Aug Sep".split()
    )
    head, row = (*HEAD[:4], *months, *HEAD[4:]), ROWS[0]
    values = tuple(f"{70 + k}%" for k in range(len(months)))
    path = tmp_path / "thornshire-2020-21-q1.xlsx"
    path.write_bytes(xlsx((head, (*row[:4], *values, *row[4:]), (*ROWS[1][:4], *values, *ROWS[1][4:]))))
    report = cs.read(path, tag=False)
    assert report.source.pages == 1
    assert [b.commentary[0].text for b in report.blocks] == [row[6], ROWS[1][6]]
    assert report.blocks[0].outturns[0].text == "70%" and report.blocks[0].outturns[-1].text == "91%"


def test_sheets_are_ruled_where_rows_hold_cells_and_titles_stay() -> None:
    names = "office style table text fo".split()
    spaces = {
        n: f"urn:oasis:names:tc:opendocument:xmlns:{n if n != 'fo' else 'xsl-fo-compatible'}:1.0"
        for n in names
    }
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    flat = (
        "<office:document "
        + " ".join(f'xmlns:{k}="{v}"' for k, v in spaces.items())
        + "><office:automatic-styles/>"
        "<office:body><office:spreadsheet><table:table><table:table-column/><table:table-row>"
        + cell.format("Title")
        + "</table:table-row><table:table-row>"
        + cell.format("a")
        + "<table:table-cell/>"
        + cell.format("b")
        + "</table:table-row></table:table></office:spreadsheet></office:body></office:document>"
    )
    root = ElementTree.fromstring(office.ruled(flat.encode()))
    styles = [
        c.get(f"{{{spaces['table']}}}style-name") for c in root.iter(f"{{{spaces['table']}}}table-cell")
    ]
    assert styles == [None, "ruled0", "ruled0", "ruled0"]
    (made,) = root.iter(f"{{{spaces['style']}}}table-cell-properties")
    assert made.get(f"{{{spaces['fo']}}}border") and made.get(f"{{{spaces['fo']}}}wrap-option") == "wrap"


def test_folders_give_office_files_and_leave_their_locks(tmp_path: Path, with_libreoffice: None) -> None:
    folder, store = tmp_path / "in", tmp_path / "store"
    folder.mkdir()
    (folder / "thornshire-2020-21-q1.rtf").write_bytes(rtf())
    (folder / "broken.docx").write_bytes(b"PK\x03\x04 no more")
    (folder / "~$ornshire.docx").write_bytes(b"\x05owner")
    summary = cs.annotate_paths([folder], store, workers=1)
    documents = cs.Archive(store).documents
    found = {Path(p[0]).name: s for p, s in zip(documents["paths"], documents["status"], strict=True)}
    assert found == {"thornshire-2020-21-q1.rtf": "ok", "broken.docx": "unsupported"}
    assert summary.read == 2
    assert cs.annotate_paths([folder], store, workers=1).read == 0


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script with a first line for Unix")
def test_a_conversion_that_hangs_is_ended_with_its_children(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script, pids = tmp_path / "soffice", tmp_path / "pids"
    script.write_text(
        f"#!{sys.executable}\nimport os, subprocess, time\n"
        f"child = subprocess.Popen(['sleep', '60'])\n"
        f"open({str(pids)!r}, 'w').write(f'{{os.getpid()}} {{child.pid}}')\ntime.sleep(60)\n"
    )
    script.chmod(0o755)
    monkeypatch.setattr(office, "command", lambda: str(script))
    with pytest.raises(UnreadableError, match="more than 2 s") as error:
        office.to_pdf(rtf(), "a.rtf", office.KINDS[".rtf"], seconds=2)
    assert error.value.status == "timeout"
    for _ in range(50):
        alive = [p for p in pids.read_text().split() if _runs(p)]
        if not alive:
            break
        time.sleep(0.1)
    assert alive == []


def _runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"

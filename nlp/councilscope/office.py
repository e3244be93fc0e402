"""Office files to PDF, through LibreOffice's command where it is installed.

Word, Excel, PowerPoint and OpenDocument files and RTF, in their present and their old forms. Each conversion has a
profile of its own, so that several can run beside each other; macros and links to other places are switched off. A
sheet becomes one page however wide it is ("single page sheets"), so no column is cut off.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from councilscope.errors import UnreadableError

SECONDS = 120.0  # that a conversion may take
INSTALL = (
    "install LibreOffice (Debian, Ubuntu: apt install libreoffice; macOS: brew install --cask libreoffice; "
    "Windows: choco install libreoffice-fresh) to have it read, or save it as PDF and read that"
)


@dataclass(frozen=True)
class Kind:
    """A kind of Office file: what it is called, its media type, and the filter that prints it as PDF."""

    name: str
    suffix: str
    media_type: str
    sheet: bool = False


_OPEN, _MS = "application/vnd.oasis.opendocument.", "application/vnd.openxmlformats-officedocument."
KINDS = {
    kind.suffix: kind
    for kind in (
        Kind("a Word document", ".docx", _MS + "wordprocessingml.document"),
        Kind("a spreadsheet", ".xlsx", _MS + "spreadsheetml.sheet", sheet=True),
        Kind("a presentation", ".pptx", _MS + "presentationml.presentation"),
        Kind("a text document", ".odt", _OPEN + "text"),
        Kind("a spreadsheet", ".ods", _OPEN + "spreadsheet", sheet=True),
        Kind("a presentation", ".odp", _OPEN + "presentation"),
        Kind("a Word document", ".doc", "application/msword"),
        Kind("a spreadsheet", ".xls", "application/vnd.ms-excel", sheet=True),
        Kind("a presentation", ".ppt", "application/vnd.ms-powerpoint"),
        Kind("a text document", ".rtf", "application/rtf"),
    )
}
SUFFIXES = tuple(KINDS)
MAX_COLUMNS = 2048  # of a sheet that are looked at
WIDER = 1.3  # columns are made wider by this factor
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_OFFICE, _STYLE, _TABLE = _OASIS + "office:1.0}", _OASIS + "style:1.0}", _OASIS + "table:1.0}"
_FO = _OASIS + "xsl-fo-compatible:1.0}"
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the compound files of Office before 2007
_STREAMS = {"WordDocument": ".doc", "Workbook": ".xls", "PowerPoint Document": ".ppt"}
_FOLDERS = {"word/": ".docx", "xl/": ".xlsx", "ppt/": ".pptx"}


def command() -> str | None:
    """LibreOffice's command on this computer, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def available() -> bool:
    """Whether Office files can be read here."""
    return command() is not None


def kind_of(data: bytes) -> Kind | None:
    """What kind of Office file these bytes are, whatever the file is called; None where they are none."""
    if data[:5] == b"{\\rtf":
        return KINDS[".rtf"]
    if data[:8] == _OLD:
        suffix = next((s for name, s in _STREAMS.items() if name.encode("utf-16-le") in data), None)
        return KINDS[suffix] if suffix else None
    if data[:4] != b"PK\x03\x04":
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as held:
            names = held.namelist()
            if "mimetype" in names and held.getinfo("mimetype").file_size < 200:
                said = held.read("mimetype").decode("ascii", "replace").strip()
                return next((k for k in KINDS.values() if k.media_type == said), None)
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError):
        return None
    inside = (s for folder, s in _FOLDERS.items() if any(n.startswith(folder) for n in names))
    return KINDS.get(next(inside, "")) if "[Content_Types].xml" in names else None


def is_locked(data: bytes) -> bool:
    """Whether these are the bytes of an Office file that is protected by a password (Office since 2007)."""
    return data[:8] == _OLD and "EncryptedPackage".encode("utf-16-le") in data


def to_pdf(data: bytes, name: str, kind: Kind, seconds: float = SECONDS) -> bytes:
    """An Office file as PDF; `name` stands in messages.

    Raises UnreadableError with status `unsupported` where LibreOffice is not installed, `timeout` where it takes
    longer than `seconds`, and `damaged` where it makes nothing of the file.
    """
    program = command()
    if program is None:
        raise UnreadableError(name, "unsupported", f"this is {kind.name}; {INSTALL}")
    with tempfile.TemporaryDirectory(prefix="councilscope-", ignore_cleanup_errors=True) as held:
        folder = Path(held)
        source = folder / f"report{kind.suffix}"
        source.write_bytes(data)
        _profile(folder / "profile")
        target = "pdf"
        if kind.sheet:
            flat = _convert(program, source, "fods", name, kind, seconds)
            with contextlib.suppress(ElementTree.ParseError):  # then it is printed as it is
                flat.write_bytes(ruled(flat.read_bytes()))
            source, target = (
                flat,
                'pdf:calc_pdf_Export:{"SinglePageSheets":{"type":"boolean","value":"true"}}',
            )
        return _convert(program, source, target, name, kind, seconds).read_bytes()


def _convert(program: str, source: Path, target: str, name: str, kind: Kind, seconds: float) -> Path:
    """The file that LibreOffice makes of `source`, beside it."""
    folder = source.parent
    arguments = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
    ]
    arguments += ["--convert-to", target, "--outdir", str(folder), str(source)]
    said = _run(arguments, name, kind, seconds, folder)
    out = source.with_suffix("." + target.split(":")[0])
    if not out.is_file():
        detail = f" ({said})" if said else ""
        raise UnreadableError(
            name,
            "damaged",
            f"this is {kind.name}, and LibreOffice could not open it{detail}; "
            "take off its password where it has one, or save it as PDF and read that",
        )
    return out


def ruled(flat: bytes) -> bytes:
    """A flat OpenDocument spreadsheet whose rows of cells are ruled and whose texts are wrapped in their cells.

    On the screen the grid shows which words share a cell, and long texts are cut off; in print there is no grid.
    Rows that hold one text only (titles) stay as they are.
    """
    for _, (prefix, uri) in ElementTree.iterparse(io.BytesIO(flat), ["start-ns"]):
        with contextlib.suppress(ValueError):
            ElementTree.register_namespace(prefix, uri)
    root = ElementTree.fromstring(flat)
    automatic = root.find(_OFFICE + "automatic-styles")
    if automatic is None:
        return flat
    styles = {s.get(_STYLE + "name"): s for s in automatic.iter(_STYLE + "style")}
    for style in automatic.iter(_STYLE + "table-row-properties"):
        style.set(_STYLE + "use-optimal-row-height", "true")
    for style in automatic.iter(_STYLE + "table-column-properties"):  # room for the borders
        if width := re.fullmatch(r"([\d.]+)(\w+)", style.get(_STYLE + "column-width", "")):
            style.set(_STYLE + "column-width", f"{WIDER * float(width[1]):.4f}{width[2]}")
    made: dict[str, str] = {}
    for table in root.iter(_TABLE + "table"):
        columns = [
            c.get(_TABLE + "default-cell-style-name", "Default")
            for c in table.iter(_TABLE + "table-column")
            for _ in range(min(int(c.get(_TABLE + "number-columns-repeated", "1")), MAX_COLUMNS))
        ]
        for row in table.iter(_TABLE + "table-row"):
            cells = [c for c in row if c.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell")]
            full = [k for k, c in enumerate(cells) if len(c)]
            place = 0
            for k, cell in enumerate(cells):
                usual = columns[place] if place < len(columns) else "Default"
                place += int(cell.get(_TABLE + "number-columns-repeated", "1"))
                cell.attrib.pop(_TABLE + "formula", None)  # its value stands beside it
                if len(full) > 1 and full[0] <= k <= full[-1]:
                    old = (
                        cell.get(_TABLE + "style-name")
                        or row.get(_TABLE + "default-cell-style-name")
                        or usual
                    )
                    if old not in made:
                        made[old] = f"ruled{len(made)}"
                        automatic.append(_ruled_style(styles.get(old), old, made[old]))
                    cell.set(_TABLE + "style-name", made[old])
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _ruled_style(old: ElementTree.Element | None, old_name: str, name: str) -> ElementTree.Element:
    """A cell style as it was, with its texts wrapped and, where it has no border of its own, a thin one."""
    if old is None:
        style = ElementTree.Element(
            _STYLE + "style", {_STYLE + "family": "table-cell", _STYLE + "parent-style-name": old_name}
        )
    else:
        style = copy.deepcopy(old)
    style.set(_STYLE + "name", name)
    cell = style.find(_STYLE + "table-cell-properties")
    if cell is None:
        cell = ElementTree.Element(_STYLE + "table-cell-properties")
        style.insert(0, cell)
    cell.set(_FO + "wrap-option", "wrap")
    cell.set(_STYLE + "shrink-to-fit", "false")
    if not any(v and v != "none" for k, v in cell.attrib.items() if k.startswith(_FO + "border")):
        cell.set(_FO + "border", "0.5pt solid #808080")
    return style


def _profile(folder: Path) -> None:
    """A fresh profile that runs no macros and follows no links to other places."""
    items = {
        "/org.openoffice.Office.Common/Security/Scripting": {
            "DisableMacrosExecution": "true",
            "MacroSecurityLevel": "3",
            "BlockUntrustedRefererLinks": "true",
        },
        "/org.openoffice.Office.Calc/Content/Update": {"Link": "1"},  # never
        "/org.openoffice.Office.Writer/Content/Update": {"Link": "0"},  # never
    }
    rows = [
        f'<item oor:path="{path}"><prop oor:name="{key}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, values in items.items()
        for key, value in values.items()
    ]
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        + "".join(rows)
        + "</oor:items>\n",
        encoding="utf-8",
    )


def _run(arguments: list[str], name: str, kind: Kind, seconds: float, folder: Path) -> str:
    """Run LibreOffice and its children; all are ended when the time is up, also where this process is ended first."""
    keeper = shutil.which("timeout")  # ends them where nobody is left to do so
    before = [keeper, "-k", "5", str(int(seconds) + 10)] if keeper else []
    environment = {**os.environ, "HOME": str(folder)}
    try:
        process = subprocess.Popen(
            [*before, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
    except OSError as error:
        raise UnreadableError(
            name, "unsupported", f"this is {kind.name}, and LibreOffice cannot be started ({error.strerror})"
        ) from None
    try:
        _, said = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise UnreadableError(
            name,
            "timeout",
            f"this is {kind.name}, and it took LibreOffice more than {seconds:.0f} s; save it as PDF and read that",
        ) from None
    except BaseException:
        _end(process)
        raise
    lines = [ln for ln in said.decode("utf-8", "replace").splitlines() if re.match(r"(?i)error", ln)]
    return lines[-1].strip() if lines else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, getattr(signal, "SIGTERM", 15))
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(3)
            os.killpg(process.pid, getattr(signal, "SIGKILL", 9))
    with contextlib.suppress(Exception):
        process.kill()
        process.wait(5)

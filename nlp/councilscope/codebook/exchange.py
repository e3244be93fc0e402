"""Codebooks to and from other programs: CSV as Taguette writes and reads it, and REFI-QDA's `.qdc`.

CSV: a header with `tag` and `description` (Taguette's), and columns of our own for what Taguette has no place for.
QDC: the codebook exchange of REFI-QDA 1.0 (namespace urn:QDA-XML:codebook:1.0, https://www.qdasoftware.org), which NVivo,
MAXQDA, ATLAS.ti and QualCoder use; examples stand in a code's description, below a line `[councilscope]`.
"""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

from councilscope.codebook.book import ID, LISTS, Code, Codebook, clean, load, slug, tidy
from councilscope.errors import ConfigError

QDC = "urn:QDA-XML:codebook:1.0"
MARK = "[councilscope]"
FIELDS = {"id": "Id", "examples": "Example", "counter_examples": "Counter-example", "words": "Word"}
INDENT = "    "
MOST = 20_000_000  # bytes of a file to import
NAMES = ("tag", "name", "path", "code")  # headings under which programs write a code's name
NOTES = ("description", "definition", "memo")


def read_any(path: str | Path) -> Codebook:
    """A codebook from a `.toml`, `.csv` or `.qdc` file. ConfigError names the file and what is wrong with it."""
    path = Path(path)
    kinds: dict[str, Callable[[str, str], Codebook]] = {".csv": from_csv, ".qdc": from_qdc}
    kind = kinds.get(path.suffix.lower())
    if kind is None:
        if path.suffix.lower() == ".toml":
            return load(path)
        raise ConfigError(f"{path}: a codebook is read from .toml, .csv or .qdc")
    try:
        data = path.read_bytes()
        if len(data) > MOST:
            raise ConfigError(f"{path}: {len(data):,} bytes are too many for a codebook")
        return kind(data.decode("utf-8-sig"), str(path))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text; export it again as UTF-8") from None


def write_any(book: Codebook, path: str | Path) -> None:
    """Write a codebook as the file's suffix says: `.toml`, `.csv` or `.qdc`."""
    path = Path(path)
    kinds: dict[str, Callable[[Codebook], str]] = {
        ".toml": Codebook.to_toml,
        ".csv": to_csv,
        ".qdc": to_qdc,
    }
    if path.suffix.lower() not in kinds:
        raise ConfigError(f"{path}: a codebook is written as .toml, .csv or .qdc")
    path.write_text(kinds[path.suffix.lower()](book), encoding="utf-8", newline="")


def to_csv(book: Codebook) -> str:
    """Taguette's columns, then ours; several examples in one cell stand on lines of their own."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["tag", "description", "id", *LISTS])
    for c in book.codes:
        lists = ["\n".join(map(_one_line, getattr(c, k))) for k in LISTS]
        writer.writerow([c.name, c.definition, c.id, *lists])
    return out.getvalue()


def from_csv(text: str, where: str = "codebook.csv") -> Codebook:
    """A codebook from CSV with a header; only the column with the names (`tag`) must be there."""
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise ConfigError(f"{where} cannot be read as CSV: {error}") from None
    heads = {(h or "").strip().casefold(): h for h in (rows[0] if rows else {})}
    named = next((heads[n] for n in NAMES if n in heads), None)
    if named is None:
        raise ConfigError(f"{where}: no column is called tag or name; the first line must name the columns")
    noted = next((heads[n] for n in NOTES if n in heads), "")
    codes: list[Code] = []
    for row in rows:
        if not (name := (row[named] or "").strip()):
            continue
        given = (row.get(heads.get("id", "")) or "").strip()
        lists = {
            k: tuple(map(_lines_again, (row.get(heads.get(k, "")) or "").replace("\r\n", "\n").split("\n")))
            for k in LISTS
        }
        codes.append(Code(_id(given, name, codes), name, row.get(noted) or "", **lists))
    return tidy(Path(where).stem, codes)


def _one_line(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _lines_again(text: str) -> str:
    return re.sub(r"\\([n\\])", lambda m: "\n" if m[1] == "n" else m[1], text)


def _id(given: str, name: str, codes: list[Code]) -> str:
    taken = [c.id for c in codes]
    return given if ID.fullmatch(given) and given not in taken else slug(name, taken)


def to_qdc(book: Codebook) -> str:
    """The codebook as REFI-QDA XML; a code's guid depends on its id alone."""
    root = ElementTree.Element("CodeBook", {"xmlns": QDC, "origin": "councilscope"})
    codes = ElementTree.SubElement(root, "Codes")
    for c in book.codes:
        guid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{QDC}:{c.id}")).upper()
        element = ElementTree.SubElement(codes, "Code", {"guid": guid, "name": c.name, "isCodable": "true"})
        ElementTree.SubElement(element, "Description").text = _described(c)
    ElementTree.SubElement(root, "Sets")
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _described(code: Code) -> str:
    """Definition, and below the mark a line for the id, each example and each word; further lines are indented."""
    lines = [code.definition, MARK, f"{FIELDS['id']}: {code.id}"]
    for key in LISTS:
        lines += [f"{FIELDS[key]}: " + v.replace("\n", "\n" + INDENT) for v in getattr(code, key)]
    return "\n".join(lines)


def from_qdc(text: str, where: str = "codebook.qdc") -> Codebook:
    """A codebook from REFI-QDA XML. Codes within codes are named by their path; those that are only folders are left
    out. A document type or entity is refused, as no such file has one and harmful files do."""
    import defusedxml.ElementTree as Safe
    from defusedxml.common import DefusedXmlException

    try:
        root = Safe.fromstring(text.encode(), forbid_dtd=True)
    except DefusedXmlException:
        raise ConfigError(f"{where}: it declares a document type or entities; a codebook has none") from None
    except ElementTree.ParseError as error:
        raise ConfigError(f"{where} cannot be read as XML: {error}") from None
    if _plain(root.tag) != "CodeBook":
        raise ConfigError(f"{where}: this is no REFI-QDA codebook (its root is {_plain(root.tag)})")
    codes: list[Code] = []
    for name, described in _codes(root):
        definition, _, below = described.rpartition(MARK) if MARK in described else (described, "", "")
        facts = _facts(below)
        given = (facts["id"] or [""])[0]
        lists = {k: tuple(facts[k]) for k in LISTS}
        codes.append(Code(_id(given, name, codes), name, definition, **lists))
    return tidy(Path(where).stem, codes)


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _codes(root: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Name (with those of the codes around it) and description of each code that texts can have."""
    stack = [
        (e, "")
        for top in root
        if _plain(top.tag) == "Codes"
        for e in reversed(top)
        if _plain(e.tag) == "Code"
    ]
    while stack:
        element, above = stack.pop()
        name = clean(element.get("name") or "")
        path = f"{above} / {name}" if above else name
        inner = {_plain(e.tag): e for e in element}
        if element.get("isCodable", "true").lower() in ("true", "1") and name:
            said = inner.get("Description")
            yield path, clean("".join(said.itertext())) if said is not None else ""
        stack += [(e, path) for e in reversed(element) if _plain(e.tag) == "Code"]


def _facts(below: str) -> dict[str, list[str]]:
    """The lines below the mark by field."""
    facts: dict[str, list[str]] = {key: [] for key in FIELDS}
    last: list[str] | None = None
    for said in below.split("\n"):
        if said.startswith(INDENT) and last:
            last[-1] += "\n" + said[len(INDENT) :]
            continue
        head, _, value = said.partition(": ")
        last = next((facts[k] for k, v in FIELDS.items() if v == head), None)
        if last is not None:
            last.append(value)
    return facts

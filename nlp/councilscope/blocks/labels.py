"""Run-in labels: where a paragraph's heading ends and its text begins, and what the heading says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from councilscope.lexicon import fold, header_role, section_of, title_label
from councilscope.text import Paragraph

WEAK = frozenset({"note", "notes", "nb", "update", "summary", "details", "detail", "information", "context", "why", "highlights"})  # also plain prose
SEPARATOR = re.compile(r"^[-–—:]$")


def run_in(p: Paragraph) -> tuple[str, int] | None:
    """The label a paragraph may begin with, and how many of its words it takes, separator included.

    A label ends with a colon, with a dash that stands alone, or where bold type ends.
    """
    words = p.words
    bold = p.bold_prefix
    for n in range(1, min(len(words), 22) + 1):
        w = words[n - 1]
        if w.text.endswith(":") and n <= 20:
            return " ".join(x.text for x in words[:n]), n
        if SEPARATOR.match(w.text) and n > 1 and (n <= 9 or n - 1 <= bold):
            if w.text == ":":
                return " ".join(x.text for x in words[:n]), n
            return " ".join(x.text for x in words[: n - 1]), n
        if w.text.endswith((".", ";")) and n > 1 and not w.bold:
            break
    if 0 < bold < len(words) and bold <= 20:
        return " ".join(x.text for x in words[:bold]), bold
    return None


def clean(label: str) -> str:
    """A label as headings are printed in the record: no trailing dash or space; a colon stays."""
    return re.sub(r"\s*[-–—]\s*$", "", label).strip()


def section_label(p: Paragraph) -> tuple[str, str, int] | None:
    """(section, heading, words taken) where a paragraph begins with, or is, a heading of commentary."""
    text = p.text
    if len(p.words) <= 30 and p.all_bold | text.endswith((":", "?")) | text.isupper() or len(p.words) <= 7:
        section = section_of(text)
        if section and (p.all_bold or text.isupper() or text.endswith((":", "?")) or _exact(text)):
            return section, clean(text), len(p.words)
    found = run_in(p)
    if found:
        label, n = found
        section = section_of(label)
        if section and p.bold_prefix < 1 and fold(label) in WEAK:
            section = None
        if section and (n < len(p.words)):
            strong = label.endswith(":") or p.bold_prefix >= n - 1 or SEPARATOR.match(p.words[n - 1].text)
            if strong and (p.bold_prefix >= n - 1 or _exact(label) or len(label.split()) <= 6):
                return section, clean(label), n
    q = text.find("?")
    if 0 < q < 80:
        label = text[: q + 1]
        section = section_of(label)
        if section:
            n = len(label.split())
            return section, label, n
    return None


def _exact(text: str) -> bool:
    from councilscope.lexicon import _phrases

    s = fold(text)
    return any(s == ph.text for ph in _phrases("sections.toml"))


def field_label(p: Paragraph) -> list[tuple[str, str]]:
    """(role, value) pairs of a paragraph such as "Target: 95% Actual: 91% Status: Red"; [] where it is none."""
    text = p.text.replace("\n", " ")
    parts = re.split(r"(?:(?<=^)|(?<=\s)|(?<=[|•]))([A-Z][A-Za-z0-9/&'’ ()%-]{1,48}?)\s*:\s*", text)
    out: list[tuple[str, str]] = []
    if len(parts) >= 3 and not parts[0].strip():
        for label, value in zip(parts[1::2], parts[2::2], strict=True):
            role = header_role(label)
            if role and role[1] >= 0.7:
                out.append((role[0], value.strip(" |•;,")))
            else:
                return out
    return out


def title_of(p: Paragraph) -> tuple[str, str, int] | None:
    """(kind, label, words taken) where a paragraph says that a title follows ("Measure - ...", "KPI 4: ...")."""
    found = run_in(p)
    if not found:
        if p.all_bold or p.text.endswith(":"):
            kind = title_label(p.text.rstrip(": "))
            return (kind, clean(p.text), len(p.words)) if kind else None
        return None
    label, n = found
    kind = title_label(label.rstrip(": "))
    return (kind, clean(label), n) if kind else None


def split_notes(
    parts: Sequence[Paragraph], section: str, heading: str | None
) -> Iterable[tuple[str, str | None, list[Paragraph], int]]:
    """Paragraphs of one cell as (section, heading, paragraphs, words of the first that are its label).

    A paragraph that begins with a known label opens a new section; before the first, the given one holds.
    """
    current: list[Paragraph] = []
    sec, head, skip = section, heading, 0
    for p in parts:
        found = section_label(p)
        if found:
            if current:
                yield sec, head, current, skip
            sec, head, n = found
            if n < len(p.words):
                current, skip = [p], n
            else:
                current, skip = [], 0
        else:
            current.append(p)
    if current:
        yield sec, head, current, skip

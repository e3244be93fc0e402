"""Run-in labels: where a paragraph's heading ends and its text begins, and what the heading says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from councilscope.blocks.facts import field_pairs
from councilscope.geometry import enclose
from councilscope.lexicon import fold, header_role, is_section_phrase, section_guess, section_of, title_label
from councilscope.text import Paragraph
from councilscope.values import is_not_available, parse_figure

WEAK = frozenset(
    {
        "note",
        "notes",
        "nb",
        "summary",
        "details",
        "detail",
        "information",
        "context",
        "why",
        "highlights",
    }
)  # also plain prose
ENDS = frozenset("-–—:.;")  # what the last word of a label may end with
SEPARATOR = re.compile(r"^[-–—:]$")


def run_in(p: Paragraph) -> tuple[str, int] | None:
    """The label a paragraph may begin with, and how many of its words it takes, separator included.

    A label ends with a colon, with a dash that stands alone, or where bold type ends.
    """
    words = p.words
    bold = p.bold_prefix
    for n, w in enumerate(words[:22], start=1):
        last = w.text[-1:]
        if last not in ENDS:
            continue
        if last == ":" and n <= 20:
            return " ".join(x.text for x in words[:n]), n
        if SEPARATOR.match(w.text) and n > 1 and (n <= 9 or n - 1 <= bold):
            if w.text == ":":
                return " ".join(x.text for x in words[:n]), n
            return " ".join(x.text for x in words[: n - 1]), n
        if last in (".", ";") and n > 1 and not w.bold:
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
    if (len(p.words) <= 30 and p.all_bold | text.endswith((":", "?")) | text.isupper()) or len(p.words) <= 7:
        section = section_of(text)
        if section and (p.all_bold or text.isupper() or text.endswith((":", "?")) or is_section_phrase(text)):
            return section, clean(text), len(p.words)
    found = run_in(p)
    if found:
        label, n = found
        section = section_of(label)
        if section and _is_figure_of(label, " ".join(w.text for w in p.words[n:])):
            return None
        if section and p.bold_prefix < 1 and fold(label) in WEAK:
            section = None
        if section and (n < len(p.words)):
            strong = label.endswith(":") or p.bold_prefix >= n - 1 or SEPARATOR.match(p.words[n - 1].text)
            if strong and (p.bold_prefix >= n - 1 or is_section_phrase(label) or len(label.split()) <= 6):
                return section, clean(label), n
    q = text.find("?")
    if 0 < q < 80:
        label = text[: q + 1]
        section = section_of(label)
        if section:
            n = len(label.split())
            return section, label, n
    return None


def _is_figure_of(label: str, value: str) -> bool:
    """Whether a label that could open commentary stands here before a figure ("Performance: 91%")."""
    role = header_role(label.rstrip(": "))
    return bool(role and role[1] >= 0.99 and role[0] in ("current", "ytd", "progress")) and (
        is_not_available(value)
        or ((f := parse_figure(value)) is not None and f.value is not None and len(value.split()) <= 4)
    )


def unknown_label(p: Paragraph) -> tuple[str, str, int] | None:
    """A bold run-in heading that no list knows ("Supply chain: ..."), by the words it holds."""
    found = run_in(p)
    if not found:
        return None
    label, n = found
    if not (
        2 <= n <= 10
        and n < len(p.words)
        and p.bold_prefix == n
        and label.endswith((":", "?", "."))
        and len(p.words) - n >= (1 if label.endswith("?") else 4)
    ):
        return None
    if label.endswith("?"):  # "When will it be back on target? January"
        return section_guess(label), clean(label), n
    if header_role(label.rstrip(": ")) or title_label(label.rstrip(": ")):
        return None
    return section_guess(label), clean(label), n


def field_label(p: Paragraph) -> list[tuple[str, str]]:
    """(role, value) pairs of a paragraph such as "Target: 95% Actual: 91% Status: Red"; [] where it is none."""
    whole = field_pairs(p.text.replace("\n", " "))
    if len(p.lines) == 1:
        return whole
    texts = [" ".join(w.text for w in ln.words) for ln in p.lines]
    told = [field_pairs(text) if ":" in text and text[0].isalpha() else [] for text in texts]
    by_line = [
        pair for pairs in told for pair in pairs
    ]  # "Q3: Reported in Q4 | Q4: 162" is plain only line by line
    return by_line if all(told) and len(by_line) > len(whole) else whole


def at_label(p: Paragraph) -> list[Paragraph]:
    """A paragraph, or its parts where a line that opens commentary ("Narrative: ...") stands right below lines of facts."""
    for k in range(1, len(p.lines)):
        above, below = p.lines[:k], p.lines[k:]
        rest = Paragraph(below, enclose(ln.box for ln in below))
        if section_label(rest):
            facts = Paragraph(above, enclose(ln.box for ln in above), p.bullet, p.number, p.marker)
            return [facts, rest] if field_label(facts) else [p]
    return [p]


FIGURE = r"-?£?\d[\d,]*(?:\.\d+)?\s?(?:%|days?|weeks?|hours?|kg|tonnes|minutes|per [\d,]+|[mk]\b)?"
PERIOD = (
    r"(?:(?:F?Q|Quarter |Qtr )[1-4](?:[ ,]+(?:of )?(?:20\d\d ?[/-] ?\d\d(?:\d\d)?|last year))?|20\d\d ?[/-] ?\d\d(?:\d\d)?"
    r"|(?:same|this) (?:quarter|period|time) last year|(?:last|previous) (?:quarter|year)"
    r"|(?:January|February|March|April|May|June|July|August|September|October|November|December) 20\d\d)"
)
AGAINST = re.compile(
    rf"(?P<v>{FIGURE})\s*(?:against|compared (?:to|with)|vs\.?|versus)\s+(?:an? |the |our )?(?:[a-z]+ ){{0,2}}target (?:of )?(?P<t>{FIGURE})",
    re.IGNORECASE,
)
TARGET = re.compile(
    rf"\btarget(?: of| is| was|:)?\s*(?P<t>(?:no more than |at least |below |above |under |less than |over |[≤≥<>] ?)?{FIGURE})",
    re.IGNORECASE,
)
PAIR = re.compile(
    rf"\b(?P<p>{PERIOD})\s*(?::|=|was|is|stood at|at|–)?\s*(?P<v>{FIGURE})(?![\d/])", re.IGNORECASE
)
SHOUTED = re.compile(r"(?:[–—-]|\(|: ?)\s*(?P<c>RED|AMBER|GREEN|BLUE|Red|Amber|Green|Blue)\)?\s*\.?$")


@dataclass
class Said:
    """Figures that a line about a measure states in words."""

    current: str | None = None
    target: str | None = None
    periods: list[tuple[str, str]] = dataclass_field(default_factory=list)
    status: str | None = None


def said_in(text: str) -> Said:
    """Figure, target, other periods and status from a line such as "61% against a target of 75% (Q2 2020/21: 70%) – RED"."""
    out = Said()
    lead = re.match(rf"^[–—:-]?\s*(?P<v>{FIGURE})(?=\s*(?:\(|[–—-]|$))", text, re.IGNORECASE)
    if lead:
        out.current = lead.group("v").strip()
    m = AGAINST.search(text)
    if m:
        out.current, out.target = m.group("v").strip(), m.group("t").strip()
    elif t := TARGET.search(text):
        out.target = t.group("t").strip()
    out.periods = [(p.group("p"), p.group("v").strip()) for p in PAIR.finditer(text)]
    if c := SHOUTED.search(text):
        out.status = c.group("c")
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

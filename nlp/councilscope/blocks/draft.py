"""A block while it is being put together: fields with their evidence, commentary as paragraphs, places on pages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from councilscope.geometry import Box
from councilscope.lexicon import fold, is_given_name
from councilscope.page import Line, TextMap, Word
from councilscope.records import Owner, Target
from councilscope.status import Evidence
from councilscope.text import Paragraph, lines_of, plain_text, text_map
from councilscope.values import looks_like_period, polarity_in_title, polarity_of


@dataclass
class Note:
    """One section's commentary: `parts` are paragraphs; of the first, `skip` words are a run-in label."""

    section: str
    heading: str | None
    parts: list[Paragraph] = field(default_factory=list)
    skip: int = 0
    closed: bool = False

    def text_map(self) -> TextMap:
        return text_map(self.parts, self.skip)

    @property
    def text(self) -> str:
        return plain_text(self.parts, self.skip)


@dataclass
class Figure:
    """One outturn as it will be printed in the record."""

    period: str | None
    text: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    unit: str | None = None
    rag: str | None = None
    label: str | None = None


@dataclass
class Draft:
    """A block in the making. `source` is `list`, `form`, `item` (prose, slide) or `card`; `table` a number per table."""

    title: str
    kind: str = "indicator"
    ref: str | None = None
    service: str | None = None
    owners: list[Owner] = field(default_factory=list)
    type: str | None = None
    polarity: str | None = None
    status: list[Evidence] = field(default_factory=list)
    direction: str | None = None
    target: Target | None = None
    figures: list[Figure] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    source: str = "list"
    table: int = -1
    row: int = -1  # the row of its table that it begins with
    page: int = 1
    aliases: set[str] = field(default_factory=set)
    unread: int = 0  # cells of its row that hold something of which nothing was read
    merged: bool = False  # printed more than once
    dropped: list[Figure] = field(
        default_factory=list
    )  # that a second printing gives for a period told otherwise
    rags: dict[str, list[Evidence]] = field(
        default_factory=dict
    )  # status per period, where a row of a grid shows it
    limits: dict[str, str] = field(default_factory=dict)  # tolerance or thresholds of its own, by kind
    opened: bool = False  # opened by a label or table under a heading that by itself might be anything
    placed: bool = False
    partial: bool = False  # a row that gives only its ref: the rest of an item stands elsewhere
    pending: tuple[str, str] | None = None  # a heading whose text comes on the next page

    def note(self, section: str, heading: str | None, parts: Iterable[Paragraph], skip: int = 0) -> None:
        """Add paragraphs under a section; to the last note where section and heading are the same."""
        found = list(parts)
        if not found:
            return
        last = self.notes[-1] if self.notes else None
        if last and last.section == section and last.heading == heading and not skip and not last.closed:
            extend(last.parts, found)
        else:
            self.notes.append(Note(section, heading, found, skip))
        self.boxes += [p.box for p in found]

    def words_of_notes(self) -> int:
        return sum(len(p.words) for n in self.notes for p in n.parts)


def extend(parts: list[Paragraph], more: list[Paragraph]) -> None:
    """Paragraphs after paragraphs; one that the end of a page or column cut in two is joined again."""
    head, last = more[0], parts[-1] if parts else None
    cut = last is not None and (head.box.page != last.box.page or head.box.y0 < last.box.y0)
    if last is not None and cut and not head.bullet and not head.number:
        text = last.text
        if text[-1:] not in ".:;?!" and (
            head.text[:1].islower() or not head.text[:1].isalpha() or text[-1:] == ","
        ):
            parts[-1] = Paragraph(last.lines + head.lines, last.box, last.bullet, last.number, last.marker)
            more = more[1:]
    parts.extend(more)


REF_CORE = r"(?:[A-Z]{1,8}[ _./-]{0,2})?\d{1,4}(?:[./-]?[A-Z]?\d{0,3})*(?:\([a-z0-9]{1,3}\)|[a-z]{1,3}\d?)?"
CODE = re.compile(
    r"^[\[(]?(?P<ref>"
    r"[A-Z]{1,8}[ _/.-]{0,2}\d{1,4}[A-Za-z]{0,3}(?:[._/-]\d{1,3}[A-Za-z]?)*(?:\([a-z0-9]{1,3}\))?"  # CS12, NI 191, LI035a, M1.8
    r"|\d{1,3}[._]?[A-Z]{1,3}[._]?\d{0,3}[a-z]?(?:\([a-z0-9]{1,3}\))?"  # 1.A2, 3B, 4.B1(a)
    r"|\d{1,3}(?:\.\d{1,3}){1,3}[a-z]?"  # 1.12, 2.3.4
    r"|[A-Z][A-Za-z]{1,12}\d{1,4}[a-z]{0,3}"  # CBgasc2, KPI03
    r"|[A-Z]{2,5}(?:[ _/-][A-Z]{1,5})?[ _/-]?\d{1,4}[a-z]?"
    r")[\])]?(?:\s*[:–—|-]\s*|\s+|$)"
)
NO_REF = re.compile(
    r"^(?:Q[1-4]|20\d\d|[A-Z][a-z]+ ?20\d\d|COVID.*|GCSE.*|KS\d|A\d|AS\d|CO2|PM\d+.*|H1|H2|M\d{2}|Year ?\d+)$"
)


def split_ref(text: str) -> tuple[str | None, str]:
    """A code at the start of a title ("CS12 – Missed bins") and the title without it; (None, text) where none is."""
    m = CODE.match(text)
    if not m:
        return None, text
    ref, rest = m.group("ref").strip(), text[m.end() :].strip()
    if NO_REF.match(ref) or not rest or not re.match(r"[A-Z%£\"'‘“(]|[\d.,]+\s?%|[\d,]+ ", rest):
        return None, text
    bracketed = text[:1] in "(["
    if re.fullmatch(r"\d+", ref) and not bracketed:
        return None, text
    return ref, rest


def lone_code(text: str) -> str | None:
    """The code that a line consists of ("SCA/001", "(LI 4)", "CER/OT/03"), or None; bare figures and periods are none."""
    bare = text.strip().strip("()[]:")
    if (
        not (re.search(r"[A-Z]", bare) and re.search(r"\d", bare))
        or NO_REF.match(bare)
        or looks_like_period(bare)
    ):
        return None
    m = CODE.match(bare)
    whole = (m is not None and m.end() == len(bare)) or re.fullmatch(
        r"[A-Z]{2,5}(?:[/_-][A-Z]{1,5}){0,2}[/_ -]\d{1,4}[a-z]?", bare
    )
    return bare if whole else None


LETTERED = re.compile(r"(?P<ref>[A-Z]\d{1,2})[ :.–-]+(?P<rest>[A-Z].{6,})", re.DOTALL)


def split_lettered(text: str, refs: Iterable[str]) -> tuple[str | None, str]:
    """As `split_ref`, for a letter and a number ("A3 Homes built"), which might be a road or paper.

    It is a ref where three of `refs` are formed alike and do not begin with its letter alone.
    """
    m = LETTERED.match(text)
    alike = {r for r in refs if re.fullmatch(r"[A-Z]\d{1,2}", r)}
    if m is None or len(alike) < 3 or len({r[0] for r in alike}) < 2:
        return None, text
    return m.group("ref"), m.group("rest")


@lru_cache(maxsize=4096)
def is_code(text: str) -> bool:
    """Whether a whole cell is a reference: short, with a digit or all capitals, no sentence."""
    s = text.strip().strip("()[]")
    if not s or len(s) > 24 or len(s.split()) > 4:
        return False
    if re.fullmatch(r"[\w .,/()&–-]*\d[\w .,/()&–-]*", s):
        return not re.search(r"[%£]|\b[a-z]{4,}\b", s)
    return bool(re.fullmatch(r"[A-Z]{1,6}", s))


@lru_cache(maxsize=4096)
def norm_ref(ref: str) -> str:
    return re.sub(r"[^a-z0-9]", "", ref.casefold())


@lru_cache(maxsize=4096)
def norm_title(title: str) -> str:
    return fold(re.sub(r"[^\w%£ ]+", " ", title))


def field_text(words: Iterable[Word]) -> str:
    """Text of a field as one line, list items apart by a line feed."""
    from councilscope.text import paragraphs

    parts = paragraphs(words)
    if any(p.bullet or p.number for p in parts):
        out = []
        for p in parts:
            t = p.text
            out.append(t)
        return "\n".join(out)
    return " ".join(p.text for p in parts)


NAME = re.compile(
    r"^(?:(?:Cllr|Councillor|Dr|Mr|Mrs|Ms|Miss|Prof|Sir)\.? )?[A-Z][\w'’-]+(?: (?:[A-Z]\.?|de|van|von|le|la))*(?: [A-Z][\w'’-]+){1,2}$"
)
ROLE_WORDS = re.compile(
    r"\b(?:director|head|manager|officer|lead|leader|chief|executive|assistant|strategic|service|services|team|board|group|cabinet|member|portfolio|council|"
    r"corporate|interim|deputy|commissioner|coordinator|consultant|engineer|solicitor|treasurer|principal|partner|business|finance|housing|planning|adult|children|customer|hr|ict)\b",
    re.IGNORECASE,
)
BODY = re.compile(
    r"(?i)\b(?:partnership|trust|authority|consortium|alliance|association|agency|university|nhs)\b"
)


@lru_cache(maxsize=4096)
def is_name(text: str) -> bool:
    """Whether a text looks like a person's name."""
    t = text.strip(" .,;:")
    return bool(NAME.match(t)) and not ROLE_WORDS.search(t) and len(t.split()) <= 4


def owners_of(text: str) -> list[Owner]:
    """Owners named in a field: "Ailsa Barr - CYPS", "A Sharp / P Coe", "Head of Housing (Jo Bell)"."""
    text = re.sub(r"\s+", " ", text).strip(" ;,:")
    if not text or re.fullmatch(r"(?i)n/?a|none|tbc|tba|vacant|-+|–|not applicable", text):
        return []
    out: list[Owner] = []
    for part in re.split(r"\s*(?:;|\n|\s/\s|(?<=[a-z])/(?=[A-Z]))\s*", text):
        part = part.strip(" ,;")
        if not part:
            continue
        both = re.split(r"\s+(?:&|and)\s+", part)
        if len(both) > 1 and all(is_name(b) for b in both):
            out += [Owner(name=b) for b in both]
            continue
        first = re.match(r"(?P<a>[^,(]+?)(?:,| [-–—]) +(?P<b>.+)$", part)
        if first and is_name(first.group("a")):
            out.append(Owner(name=first.group("a").strip(), role=first.group("b").strip()))
            continue
        m = re.fullmatch(r"(?P<a>.+?)\s*\((?P<b>[^()]+)\)", part) or re.fullmatch(
            r"(?P<a>.+?)\s*(?:,| [-–—] |:)\s*(?P<b>.+)", part
        )
        if m:
            a, b = m.group("a").strip(), m.group("b").strip()
            if is_name(a) and is_name(b):
                out += [Owner(name=a), Owner(name=b)]
            elif is_name(a):
                out.append(Owner(name=a, role=b))
            elif is_name(b):
                out.append(Owner(name=b, role=a))
            else:
                out.append(Owner(role=part))
        elif is_name(part):
            out.append(Owner(name=part))
        elif side := _beside(part):
            out.append(side)
        else:
            names = [n.strip() for n in part.split(",")]
            if len(names) > 1 and all(is_name(n) for n in names):
                out += [Owner(name=n) for n in names]
            else:
                out.append(Owner(role=part))
    return out


LAST_OF_ROLE = re.compile(
    r"\b(?:Director|Manager|Officer|Lead|Leader|Engineer|Solicitor|Treasurer|Commissioner|Coordinator)\b"
)


def _beside(text: str) -> Owner | None:
    """A role and a person without a comma between them, told apart by the given name ("Control Manager Bethan Ogle")."""
    ends = [m.end() for m in LAST_OF_ROLE.finditer(text)]
    if ends and is_name(text[ends[-1] :].strip()) and is_given_name(text[ends[-1] :].split()[0]):
        return Owner(name=text[ends[-1] :].strip(), role=text[: ends[-1]].strip())
    words = text.split()
    for n in (2, 3):
        role = " ".join(words[n:])
        if (
            len(words) > n + 1
            and is_given_name(words[0])
            and is_name(" ".join(words[:n]))
            and re.match(
                r"(?:Strategic |Service |Assistant |Interim |Corporate |Deputy |Senior |Chief )*[A-Z]\w+",
                role,
            )
            and ROLE_WORDS.match(role)
        ):
            return Owner(name=" ".join(words[:n]), role=role)
    return None


ROLE_OF = re.compile(r"(?:[A-Z]\w+ ){0,2}(?:Head|Director|Manager|Lead) (?:of|for)\b")


def owners_in(words: Iterable[Word]) -> list[Owner]:
    """Owners of a cell: a name on the first line over a role on the next ones is one owner."""
    found = lines_of(words)
    lines = [" ".join(w.text for w in ln.words) for ln in found]
    a, b = (found[0].words[0], found[1].words[0]) if len(found) > 1 else (None, None)
    other = (
        a is not None
        and b is not None
        and (abs(a.size - b.size) > 0.3 or a.italic != b.italic or a.bold != b.bold or a.colour != b.colour)
    )
    ends = len(found) > 1 and (
        is_given_name(lines[0].split()[0]) or ROLE_OF.match(lines[1]) or _stands_apart(found)
    )
    if (other or ends) and is_name(lines[0]) and not lines[0].endswith((",", ";", "/")):
        rest = " ".join(lines[1:])
        post = rest if other else rest.partition(",")[0]  # "Anne Marie | Lubanski, Director" is one name
        others = [part for part in re.split(r"[;,/]", rest) if is_name(part) and not BODY.search(part)]
        if ROLE_WORDS.search(post) and not others:
            return [Owner(name=lines[0].strip(), role=rest.strip(" ()"))]
    return owners_of(" ".join(lines))


def _stands_apart(lines: Sequence[Line]) -> bool:
    """Whether the first line is a paragraph by itself: further from the next than those are from each other, or with
    room left for the first word of the next."""
    gaps = [b.box.y0 - a.box.y1 for a, b in pairwise(lines)]
    room = max(ln.box.x1 for ln in lines) - lines[0].box.x1
    return (len(gaps) > 1 and gaps[0] > max(gaps[1:]) + 1) or room > lines[1].words[0].box.width + 4


def polarity_said(d: Draft) -> str | None:
    """Which way is better, as a column, a bracket in the title or the title's wording says; None where nothing does."""
    if d.polarity:
        return d.polarity
    title = d.title.strip()
    bracket = next((v for b in re.findall(r"\(([^)]*)\)", title) if (v := polarity_of(b))), None)
    return bracket or (polarity_in_title(title) if d.kind == "indicator" else None)


def better(d: Draft) -> str | None:
    """Which way of moving is better: its polarity; of a risk's score, down."""
    return polarity_said(d) or ("lower" if d.kind == "risk" else None)


def first_line(p: Paragraph) -> Line:
    return p.lines[0]


def as_paragraph(words: Iterable[Word]) -> Paragraph | None:
    """Words as one paragraph, in reading order; None where there are none."""
    lines = lines_of(words)
    if not lines:
        return None
    box = lines[0].box
    for ln in lines[1:]:
        box = box.union(ln.box)
    return Paragraph(tuple(lines), box)

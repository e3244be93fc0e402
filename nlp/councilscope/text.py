"""Words to lines, lines to paragraphs, paragraphs to text that remembers where each character stood.

Everything here works on the words of one column or cell; who shares a column is the layout's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from statistics import median

from councilscope.geometry import Box, enclose
from councilscope.lexicon import header_role, section_of
from councilscope.page import Colour, Line, Shape, TextMap, Word

BULLETS = frozenset("✖✘✗✕▲▼△▽◯⬤✅❌•●▪■◦‣∙·○◆◇❖➢➤►▶✓✔→⁃–—-*§ØÜ\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0e0")
WEAK_BULLETS = frozenset("–—-*·→✓✔§ØÜo")  # bullets only where a gap follows them
DASHES = frozenset("–—-")
NUMBERED = re.compile(r"^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]$")
NUMBER = re.compile(r"[£(+-]?[\d.,]+[%mk)]?\Z")
DECIMAL = re.compile(r"\d{1,3}\.\d+\Z")  # before another figure it is one as well, no number of a list
MARKER = re.compile(r"\(?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[a-z]|[ivx]{1,4})[.)]?")
SMALL_DOT = 7.0  # points: a drawn dot no larger than this at the left of a line is its bullet


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together. `bullet` says that a marker stood before the first (it is not in `lines`)."""

    lines: tuple[Line, ...]
    box: Box
    bullet: bool = False
    number: str | None = None
    marker: tuple[Word, ...] = field(default=(), repr=False)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(w for line in self.lines for w in line.words)

    @cached_property
    def text(self) -> str:
        return plain_text([self])

    @cached_property
    def size(self) -> float:
        return median(w.size for w in self.words)

    @cached_property
    def bold(self) -> bool:
        """Whether most of its characters are bold."""
        ws = self.words
        return sum(len(w.text) for w in ws if w.bold) * 2 > sum(len(w.text) for w in ws)

    @cached_property
    def all_bold(self) -> bool:
        return all(w.bold for w in self.words if w.text not in "-–—:")

    @property
    def bold_prefix(self) -> int:
        """How many words at its start are bold."""
        n = 0
        for w in self.words:
            if not w.bold:
                break
            n += 1
        return n


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Lines from top to bottom, their words from left to right. Rotated words form lines of their own, last."""
    given = words if isinstance(words, (list, tuple)) else list(words)
    turned: dict[int, list[Word]] = {}
    upright = [w for w in given if not w.angle]
    if len(upright) < len(given):
        for w in given:
            if w.angle:
                turned.setdefault(w.angle, []).append(w)
    if len(upright) == 1:
        out = [Line((upright[0],), upright[0].box)]
    else:
        key = tuple(map(id, upright))
        known = _KNOWN.get(key)
        if known is None:
            if len(_KNOWN) >= REMEMBERED:
                forget_lines()
            known = _KNOWN[key] = tuple(_upright_lines(upright))
        out = list(known)
    for angle, ws in turned.items():
        out += _turned_lines(ws, angle)
    return out


# The same words come again and again (a cell's as its text, as paragraphs, as a part of its row), so their lines are
# remembered by the identity of the words, which the lines keep alive; likewise the segments of a line.
REMEMBERED = 2000
_KNOWN: dict[tuple[int, ...], tuple[Line, ...]] = {}
_CUT: dict[tuple[int, float], tuple[Line, list[Line]]] = {}


def forget_lines() -> None:
    """Let go of the words of documents that were read before."""
    _KNOWN.clear()
    _CUT.clear()


def _upright_lines(words: Sequence[Word]) -> list[Line]:
    level: dict[tuple[float, float], list[Word]] = {}  # words of one top and foot go together
    for w in words:
        box = w.box
        key = (box.y0, box.y1)
        if key in level:
            level[key].append(w)
        else:
            level[key] = [w]
    runs = sorted([(y0 + y1, k, y0, y1, ws) for k, ((y0, y1), ws) in enumerate(level.items())])
    if len({run[0] for run in runs}) < len(runs) or any(y1 <= y0 for y0, y1 in level):
        order = sorted([(w.box.y0 + w.box.y1, w.box.x0, k, w) for k, w in enumerate(words)])
        runs = [(middle, k, w.box.y0, w.box.y1, [w]) for middle, _, k, w in order]
    rows: list[list[Word]] = []
    tops: list[float] = []
    feet: list[float] = []
    for _, _, y0, y1, ws in runs:
        height = y1 - y0
        best = -1
        i = len(rows)
        oldest = i - 5
        while i > 0 and i > oldest:  # the last five rows, the last first
            i -= 1
            top, foot = tops[i], feet[i]
            shared = (foot if foot < y1 else y1) - (top if top > y0 else y0)
            if shared > 0.5 * (height if height < foot - top else foot - top):
                best = i
                break
        if best < 0:
            rows.append(list(ws))
            tops.append(y0)
            feet.append(y1)
        else:
            rows[best] += ws
            if height > feet[best] - tops[best]:  # the tallest word of a line decides where it stands
                tops[best], feet[best] = y0, y1
    lines = []
    for row in rows:
        if len(row) > 1:
            row.sort(key=_LEFT)
        lines.append(Line(tuple(row), enclose([w.box for w in row])))
    lines.sort(key=_TOP)
    return lines


_LEFT, _TOP = attrgetter("box.x0"), attrgetter("box.y0")


def _turned_lines(words: list[Word], angle: int) -> list[Line]:
    def turn(w: Word) -> Word:
        b = w.box
        if angle == 90:  # reads upwards
            box = Box(b.page, -b.y1, b.x0, -b.y0, b.x1)
        elif angle == 270:  # reads downwards
            box = Box(b.page, b.y0, -b.x1, b.y1, -b.x0)
        else:
            box = Box(b.page, -b.x1, -b.y1, -b.x0, -b.y0)
        return Word(w.text, box, w.size, w.font, w.bold, w.italic, w.colour, 0, w.space_before)

    turned = []
    keep = {}
    for w in words:
        t = turn(w)
        keep[(t.box, t.text)] = w
        turned.append(t)
    out = []
    for line in _upright_lines(turned):
        ws = tuple(keep[(t.box, t.text)] for t in line.words)
        out.append(Line(ws, enclose(w.box for w in ws)))
    return out


def segments(line: Line, gap: float = 1.6) -> list[Line]:
    """A line cut where white space between two words is wider than `gap` times the type size."""
    if len(line.words) == 1:
        return [line]
    known = _CUT.get((id(line), gap))
    if known is None:
        if len(_CUT) >= 10 * REMEMBERED:
            forget_lines()
        known = _CUT[(id(line), gap)] = (line, _segments(line, gap))
    return list(known[1])


def _segments(line: Line, gap: float) -> list[Line]:
    out: list[list[Word]] = [[line.words[0]]]
    least = min(gap, 0.7)
    for a, b in pairwise(line.words):
        white = b.box.x0 - a.box.x1
        size = a.size if a.size < b.size else b.size
        if white <= least * (size if size > 4.0 else 4.0):  # no two words are parted by less
            out[-1].append(b)
        elif a.text.endswith(":") and len(out[-1]) <= 5 and out[-1][0].text[:1].isupper() and white < 160:
            out[-1].append(b)  # a label and its value, however far apart
        elif (
            len(out[-1]) == 1
            and _is_marker(a.text)
            and white < 5 * max(a.size, b.size)
            and not (DECIMAL.match(a.text) and _is_number(b.text))
        ):
            out[-1].append(b)
        elif white > _gap_between(a, b, gap):
            out.append([b])
        else:
            out[-1].append(b)
    if len(out) == 1:
        return [line]
    return [Line(tuple(ws), enclose([w.box for w in ws])) for ws in out]


def _gap_between(a: Word, b: Word, gap: float) -> float:
    """White space in points that parts two words of a line; two figures are parted by less."""
    if _is_number(b.text) and len(b.text) > 1:
        return (0.7 if _is_number(a.text) else 0.9) * max(min(a.size, b.size), 4.0)
    return gap * max(a.size, b.size, 4.0)


def _is_number(text: str) -> bool:
    return bool(NUMBER.match(text))


def _is_marker(text: str) -> bool:
    """Whether a word may be the bullet or number of the text after it, however far that is indented."""
    return text in BULLETS or (len(text) < 14 and text != "a" and bool(MARKER.fullmatch(text)))


def paragraphs(words: Iterable[Word], dots: Sequence[Shape] = ()) -> list[Paragraph]:
    """Paragraphs of one column: cut at bullets, numbers, wider leading, changes of weight and lines that end early."""
    return paragraphs_of_lines(lines_of(words), dots)


def paragraphs_of_lines(lines: Sequence[Line], dots: Sequence[Shape] = ()) -> list[Paragraph]:
    """`paragraphs` of words whose lines (`lines_of`) are known."""
    if not lines:
        return []
    upright = [ln for ln in lines if ln.words[0].angle == 0]
    right = max((ln.box.x1 for ln in upright), default=0.0)
    leads = [b.box.y0 - a.box.y0 for a, b in pairwise(upright) if 0 < b.box.y0 - a.box.y0 < 3 * b.box.height]
    usual = min(leads, default=None)
    dashes = sum(1 for ln in upright if ln.words[0].text in DASHES and len(ln.words) > 1)
    numbers = {
        text
        for ln in upright
        if len(ln.words) > 1 and (text := ln.words[0].text).endswith((".", ")")) and NUMBERED.match(text)
    }
    out: list[list[Line]] = []
    marks: list[tuple[bool, str | None, tuple[Word, ...]]] = []
    centred = _is_centred(upright)
    for i, line in enumerate(lines):
        previous = lines[i - 1] if i else None
        indented = previous is None or abs(line.box.x0 - previous.box.x0) > 3
        bullet, number, marker, rest = _marker(line, dots, numbers, dashes > 1 or indented)
        if (
            previous is None
            or not out
            or bullet
            or number
            or _breaks(out[-1], line, right, usual, centred, out[-1][0].box.x0 if marks[-1][0] else None)
        ):
            out.append([rest])
            marks.append((bullet, number, marker))
        else:
            out[-1].append(rest)
    return [
        Paragraph(tuple(ls), enclose([ln.box for ln in ls]), b, n, m)
        for ls, (b, n, m) in zip(out, marks, strict=True)
    ]


def _is_centred(lines: list[Line]) -> bool:
    if len(lines) < 2:
        return False
    left = max(ln.box.x0 for ln in lines) - min(ln.box.x0 for ln in lines)
    mid = max(ln.box.cx for ln in lines) - min(ln.box.cx for ln in lines)
    return left > 4 and mid < 3


def _marker(
    line: Line, dots: Sequence[Shape], numbers: set[str], dash_list: bool
) -> tuple[bool, str | None, tuple[Word, ...], Line]:
    """Whether a line starts with a bullet or a list number, and the line without it."""
    first = line.words[0]
    if first.angle == 0:
        for d in dots:
            if (
                0 <= line.box.x0 - d.box.x1 < 26
                and line.box.y0 - 1 <= d.box.cy <= line.box.y0 + 1.4 * first.size
                and d.box.height <= max(SMALL_DOT, 0.6 * first.size)
            ):
                return True, None, (), line
    if len(line.words) == 1:
        return False, None, (), line
    second = line.words[1]
    gap = second.box.x0 - first.box.x1
    if first.text in DASHES and not dash_list:
        return False, None, (), line
    if first.text in BULLETS and (first.text not in WEAK_BULLETS or gap > 0.12 * first.size):
        return True, None, (first,), _rest(line)
    if first.text == "o" and (gap > 0.9 * first.size or "courier" in first.font.lower()):
        return True, None, (first,), _rest(line)
    if (
        first.text.endswith((".", ")"))
        and NUMBERED.match(first.text)
        and gap > 0.2 * first.size
        and _in_sequence(first.text, numbers)
    ):
        return False, first.text, (first,), _rest(line)
    return False, None, (), line


def _rest(line: Line) -> Line:
    return Line(line.words[1:], enclose([w.box for w in line.words[1:]]))


def _in_sequence(mark: str, numbers: set[str]) -> bool:
    """Whether the numbers before or after stand in the same column, so that this is a list and no sentence."""
    core = mark.strip("().")
    if core.isdigit():
        n = int(core)
        near = {mark.replace(core, str(n - 1)), mark.replace(core, str(n + 1))}
    elif len(core) == 1:
        near = {mark.replace(core, chr(ord(core) - 1)), mark.replace(core, chr(ord(core) + 1))}
        near |= {mark.replace(core, "ii")} if core == "i" else set()
    else:
        return len(numbers) > 1
    return bool(near & numbers)


def _breaks(
    so_far: list[Line], line: Line, right: float, usual: float | None, centred: bool, hang: float | None
) -> bool:
    last = so_far[-1]
    a, b = last.words[-1], line.words[0]
    if a.angle != b.angle:
        return True
    if a.angle:
        return False
    height = max(last.words[0].size, b.size)
    turned = len(line.words) > 1 and a.italic != b.italic
    if (turned or _recoloured(a.colour, b.colour)) and _one_style(last) and _one_style(line):
        return True
    change = abs(b.size - last.words[0].size)
    if change > 0.3 * height or (change > 0.15 * height and len(line.words) > 1):
        return True
    lead = line.box.y0 - last.box.y0
    if lead > 1.75 * height + 2 or lead < 0:
        return True
    usual = lead if usual is None else usual
    if lead > usual * 1.22 + 0.6 and lead > 1.3 * height:
        return True
    if _all_bold(last) and not b.bold and _all_bold_lines(so_far):
        return True
    if not _all_bold(last) and _all_bold(line) and b.bold and _starts_label(line):
        return True
    labelled = b.bold and any(w.text.endswith((":", "?")) for w in line.words[: _bold_run(line)])
    if labelled and (not a.bold or (_all_bold(last) and _bold_run(line) < len(line.words))):
        return True
    if a.text[-1:] in ".)?!" and (_begins_section(line) or _begins_field(line)):
        return True
    if _begins_field(line) and _begins_field(last) and len(last.words) <= 12:
        return True
    if hang is not None and line.box.x0 < hang - 4:
        return True
    return not centred and a.text[-1:] in ".:;?!)" and right - last.box.x1 > b.box.width + 1.2 * height


def _recoloured(a: Colour, b: Colour) -> bool:
    return a != b and max(abs(x - y) for x, y in zip(a, b, strict=True)) > 0.18


def _begins_section(line: Line) -> bool:
    """Whether a line begins with a heading of commentary and a colon ("Update: ...")."""
    for n, w in enumerate(line.words[:5], start=1):
        if w.text.endswith(":"):
            return (
                line.words[0].text[:1].isupper()
                and section_of(" ".join(x.text for x in line.words[:n])) is not None
            )
    return False


def _begins_field(line: Line) -> bool:
    """Whether a line begins with the label of a field and a colon ("Owner: ...", "Trend: ...")."""
    for n, w in enumerate(line.words[:4], start=1):
        if w.text.endswith(":"):
            role = header_role(" ".join(x.text for x in line.words[:n]).rstrip(":"))
            return line.words[0].text[:1].isupper() and role is not None and role[1] >= 0.99
    return False


def _one_style(line: Line) -> bool:
    """Whether all words of a line share slant and colour."""
    w = line.words[0]
    return all(x.italic == w.italic and x.colour == w.colour for x in line.words)


def _bold_run(line: Line) -> int:
    n = 0
    while n < len(line.words) and line.words[n].bold:
        n += 1
    return n


def _starts_label(line: Line) -> bool:
    return line.words[0].text[:1].isupper()


def _all_bold(line: Line) -> bool:
    return all(w.bold for w in line.words)


def _all_bold_lines(lines: list[Line]) -> bool:
    return all(_all_bold(ln) for ln in lines)


def text_map(parts: Sequence[Paragraph], start: int = 0) -> TextMap:
    """Text of paragraphs joined by a line feed, lines by a space, with each character's word.

    `start` leaves out that many words of the first paragraph (a run-in label). A hyphen at a line's end stays
    and joins what it split, unless it is a soft one, which goes.
    """
    before, words = _pieces(parts, start)
    starts = []
    at = 0
    for s, w in zip(before, words, strict=True):
        at += len(s)
        starts.append(at)
        at += len(w.text)
    return TextMap(_joined(before, words), tuple(starts), tuple(words))


def plain_text(parts: Sequence[Paragraph], start: int = 0) -> str:
    """The text of `text_map` without its places."""
    return _joined(*_pieces(parts, start))


def _joined(before: Sequence[str], words: Sequence[Word]) -> str:
    return "".join([s for b, w in zip(before, words, strict=True) for s in (b, w.text)])


def _pieces(parts: Sequence[Paragraph], start: int) -> tuple[list[str], list[Word]]:
    """For each word what stands before it (nothing, a blank or a line feed), and the words."""
    before: list[str] = []
    words: list[Word] = []
    for p, part in enumerate(parts):
        skip = start if p == 0 else 0
        first_in_part = True
        for line in part.lines:
            ws = line.words
            if skip:
                ws, skip = ws[skip:], max(0, skip - len(ws))
                if not ws:
                    continue
            if first_in_part:
                before.append("\n" if words else "")
                first_in_part = False
            else:
                left = words[-1].text
                hyphen = left.endswith(("-", "\u2010")) and len(left) > 1 and left != "--"
                before.append("" if hyphen and not _keeps_space(left, ws[0].text) else " ")
            before += [" " if w.space_before else "" for w in ws[1:]]
            words += ws
    return before, words


def _keeps_space(left: str, right: str) -> bool:
    """A hyphen at a line's end that hangs ("short- and long-term", "2018-") is followed by a space."""
    return right in ("and", "or", "to", "&") or not left[-2].isalnum()


def plain(words: Iterable[Word]) -> str:
    """Text of a field: its words in reading order, joined by spaces, no line feeds."""
    held = list(words)
    if len(held) == 1:
        return held[0].text.strip()
    out: list[str] = []
    for line in lines_of(held):
        for k, w in enumerate(line.words):
            if out and (k == 0 or w.space_before):
                glue = (
                    k == 0
                    and len(out[-1]) > 1
                    and out[-1].endswith("-")
                    and not _keeps_space(out[-1], w.text)
                )
                if not glue:
                    out.append(" ")
            out.append(w.text)
    return "".join(out).strip()

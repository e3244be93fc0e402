"""How high text will be, for producers that do not fit rows and boxes to it: widths of Helvetica, a little generous."""

from __future__ import annotations

from functools import cache

import pymupdf

from layouts.model import HEADING_SCALE, Block, Cards, Cell, Para, Picture, Run, Table, places

MM = 25.4 / 72
WIDER = {"DejaVu Sans": 1.16, "Liberation Sans Narrow": 0.84, "Carlito": 0.93, "Liberation Serif": 0.95}


@cache
def _length(text: str, bold: bool) -> float:
    """Width of `text` in type of one point, in points."""
    return float(pymupdf.get_text_length(text, "hebo" if bold else "helv", 1))


def text_width(text: str, size: float, font: str) -> float:
    """Width of a line in mm."""
    return _length(text, True) * size * WIDER.get(font, 1.0) * MM


def lines(text: str, width: float, size: float, font: str, bold: bool = False) -> int:
    """Lines that `text` needs in `width` mm."""
    room = width / MM / size / WIDER.get(font, 1.0) / 1.04
    count, used = 1, 0.0
    for word in text.split(" "):
        long = _length(word + " ", bold)
        if used and used + long > room:
            count, used = count + 1, 0.0
        count += int(long // room) if long > room else 0
        used += min(long, room)
    return count


def para_height(p: Para, width: float, size: float, font: str, bold: bool = False) -> float:
    size *= p.scale * HEADING_SCALE[p.level]
    strong = bold or p.level > 0 or any(isinstance(r, Run) and r.bold for r in p.inlines)
    count = lines(p.text, width - (4 if p.bullet else 0), size, font, strong)
    return count * size * 1.27 * MM + (2.5 if p.level else 0.8)


def cell_height(c: Cell, width: float, size: float, font: str) -> float:
    if c.turned:
        return _length(c.text, True) * size * WIDER.get(font, 1.0) * MM + 4
    return sum(para_height(p, width - 2.2, size, font, c.bold) for p in c.paras) + 1.6


def row_heights(table: Table, width: float, size: float, font: str) -> list[float]:
    """Height of every row; a cell over several rows makes the last of them higher where it must."""
    total = sum(table.widths)
    heights: list[float] = []
    tall: list[tuple[int, int, float]] = []
    size *= table.scale
    for index, row in enumerate(places(table)):
        height = size * 1.27 * MM + 1.8
        for c, column in row:
            if c is None:
                continue
            own = sum(table.widths[column : column + c.span]) / total * width
            need = cell_height(c, own, size, font)
            if c.down > 1:
                tall.append((index, c.down, need))
            else:
                height = max(height, need)
        heights.append(height)
    for start, down, need in tall:
        lack = need - sum(heights[start : start + down])
        if lack > 0:
            heights[start + down - 1] += lack
    return heights


def height(block: Block, width: float, size: float, font: str) -> float:
    match block:
        case Para():
            return para_height(block, width, size, font)
        case Table():
            return sum(row_heights(block, width, size, font)) + 2
        case Picture():
            return block.height + 1
        case Cards():
            own = width / block.across - 4
            tall = [sum(height(b, own - 4, size, font) for b in box) + 5 for box in block.boxes]
            return sum(max(tall[i : i + block.across]) + 3 for i in range(0, len(tall), block.across))
    return 0.0

"""A flow of blocks laid out on slides, for presentations: each block a box, long tables cut with their head repeated."""

from __future__ import annotations

from dataclasses import replace

from layouts.measure import height, row_heights, text_width
from layouts.model import Block, Break, Cards, Document, Frame, Icon, Para, Slide, Table, places

WIDTH, HEIGHT = 280.0, 157.5  # as LibreOffice makes slides of 16:9
TOP, BOTTOM, SIDE = 8.0, 12.0, 10.0


def as_slides(document: Document) -> Document:
    laid = _Layer(replace(document, width=WIDTH, height=HEIGHT))
    for block in document.flow:
        laid.add(block)
    return replace(document, width=WIDTH, height=HEIGHT, flow=(), slides=tuple(laid.done()))


def framed(block: Block, frame: Frame, document: Document) -> list[Frame]:
    """The frame of a block; signs drawn within a line become pictures at its end."""
    icons = [i for i in block.inlines if isinstance(i, Icon)] if isinstance(block, Para) else []
    x = frame.x + 3
    if icons and isinstance(block, Para):
        x += text_width(block.text, document.size, document.font)
    drawn = [Frame(x + 5 * k, frame.y + 1, 4, 4, icon=icon) for k, icon in enumerate(icons)]
    return [frame, *drawn]


class _Layer:
    def __init__(self, document: Document) -> None:
        self.d = document
        self.width = document.width - 2 * SIDE
        self.pages: list[list[Frame]] = [[]]
        self.y = TOP
        self.waiting: list[tuple[Block, float]] = []  # headings that go with what follows

    def room(self) -> float:
        return self.d.height - BOTTOM - self.y

    def new(self) -> None:
        if self.pages[-1]:
            self.pages.append([])
        self.y = TOP

    def put(self, block: Block, high: float, x: float = SIDE, width: float | None = None) -> None:
        self.pages[-1] += framed(block, Frame(x, self.y, width or self.width, high, (block,)), self.d)

    def add(self, block: Block) -> None:
        if isinstance(block, Break):
            self.new()
            return
        high = height(block, self.width - 3, self.d.size, self.d.font) + 2
        if getattr(block, "level", 0):
            self.waiting.append((block, high))
            return
        lead = sum(h for _, h in self.waiting)
        least = min(high, 45.0)
        if lead + least > self.room():
            self.new()
        for heading, own in self.waiting:
            self.put(heading, own)
            self.y += own
        self.waiting = []
        if isinstance(block, Table):
            self.table(block)
        elif isinstance(block, Cards):
            self.cards(block)
        else:
            if high > self.room():
                self.new()
            self.put(block, high)
            self.y += high

    def table(self, table: Table) -> None:
        """As many rows to a slide as fit; rows that belong together by a spanning cell stay together."""
        heights = row_heights(table, self.width, self.d.size, self.d.font)
        head, used = sum(heights[: table.head]), 0.0
        rows: list[int] = []
        free = [all(c is not None or k for c, k in line[:1]) for line in places(table)]
        last = table.head
        for index in range(table.head, len(table.rows)):
            if rows and free[index] and head + used + heights[index] > self.room():
                self.piece(table, rows, head + used)
                self.new()
                rows, used = [], 0.0
            rows.append(index)
            used += heights[index]
            last = index
        if rows or last == table.head:
            self.piece(table, rows, head + used)
            self.y += head + used + 4

    def piece(self, table: Table, rows: list[int], high: float) -> None:
        lines = table.rows[: table.head] + tuple(table.rows[i] for i in rows)
        self.put(replace(table, rows=lines), high)

    def cards(self, cards: Cards) -> None:
        gap = 4.0
        own = (self.width - gap * (cards.across - 1)) / cards.across
        for start in range(0, len(cards.boxes), cards.across):
            boxes = cards.boxes[start : start + cards.across]
            highs = [[height(b, own - 5, self.d.size, self.d.font) + 0.8 for b in box] for box in boxes]
            tall = max(map(sum, highs)) + 5
            if tall > self.room():
                self.new()
            for k, (box, own_heights) in enumerate(zip(boxes, highs, strict=True)):
                x, y = SIDE + k * (own + gap), self.y + 2
                frame = Frame(x, self.y, own, tall, (), fill=cards.fill, line=cards.line)
                self.pages[-1].append(frame)
                for block, high in zip(box, own_heights, strict=True):
                    self.pages[-1] += framed(block, Frame(x + 1, y, own - 2, high, (block,)), self.d)
                    y += high
            self.y += tall + gap

    def done(self) -> list[Slide]:
        for heading, own in self.waiting:
            self.put(heading, own)
        return [Slide(tuple(frames)) for frames in self.pages if frames]

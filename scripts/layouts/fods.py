"""Writes a document as a flat workbook, for LibreOffice Calc: one grid of columns under all tables of a sheet."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from layouts.drawings import icon_svg
from layouts.measure import para_height, row_heights
from layouts.model import (
    HEADING_SCALE,
    Block,
    Break,
    Cards,
    Cell,
    Document,
    Icon,
    Para,
    Picture,
    Table,
    para,
    places,
)
from layouts.odf import Writer, mm, page_layout, running, tag


def edges(table: Table) -> list[float]:
    """Right edges of the columns, as shares of the width, to three places."""
    total, at, found = sum(table.widths), 0.0, []
    for width in table.widths:
        at += width
        found.append(round(at / total, 3))
    found[-1] = 1.0
    return found


class SheetWriter(Writer):
    as_char = False

    def sheet(self, name: str, blocks: list[Block], width: float) -> str:
        tables = [b for b in blocks if isinstance(b, Table)]
        grid = sorted({e for t in tables for e in edges(t)} | {1.0})
        shares = [b - a for a, b in zip([0.0, *grid], grid, strict=False)]
        rows: list[str] = []
        for block in blocks:
            if isinstance(block, Table):
                if len(tables) == 1 and block.head:
                    made = self.rows(block, grid, width)
                    rows.append(tag("table:table-header-rows", "".join(made[: block.head])))
                    rows += made[block.head :]
                else:
                    rows += self.rows(block, grid, width)
                rows.append(self.row([], 3.0))
            elif isinstance(block, Para):
                high = para_height(block, width, self.document.size, self.document.font) + 1
                content = self.cell(Cell((block,), span=len(grid)), "none")
                rows.append(self.row([content, *covered(len(grid) - 1)], high))
            elif isinstance(block, Picture):
                drawn = self.picture(
                    block.svg, block.width, block.height, block.pixels, svg__x="1mm", svg__y="1mm"
                )
                rows.append(self.row([tag("table:table-cell", drawn)], block.height + 2))
            elif isinstance(block, Cards):
                raise ValueError("a workbook has no cards")
        columns = [
            tag(
                "table:table-column",
                table__style_name=self.styles.name(
                    "table-column", tag("style:table-column-properties", style__column_width=mm(s * width))
                ),
            )
            for s in shares
        ]
        repeat = max((t.repeat for t in tables), default=0)
        if repeat:
            edge = edges(next(t for t in tables if t.repeat == repeat))[repeat - 1]
            cut = grid.index(edge) + 1
            columns = [tag("table:table-header-columns", "".join(columns[:cut])), *columns[cut:]]
        style = self.styles.name(
            "table", '<style:table-properties table:display="true"/>', style__master_page_name="Sheet"
        )
        return tag("table:table", "".join(columns + rows), table__name=name, table__style_name=style)

    def rows(self, t: Table, grid: list[float], width: float) -> list[str]:
        d = self.document
        marks = [0, *(grid.index(e) + 1 for e in edges(t))]
        made = []
        heights = row_heights(t, width, d.size, d.font)
        for index, (line, high) in enumerate(zip(places(t), heights, strict=True)):
            cells: list[str] = []
            for c, column in line:
                if c is None:
                    under = self.cell_style(Cell(), self.border(t.rules, index < t.head))
                    cells += covered(marks[column + 1] - marks[column], under)
                    continue
                span = marks[column + 1] - marks[column]
                full = marks[column + c.span] - marks[column]
                border = self.border(t.rules, index < t.head)
                hidden = self.cell_style(Cell(fill=c.fill), border)
                cells += [self.cell(replace(c, span=full), border, t.scale), *covered(span - 1, hidden)]
            made.append(self.row(cells, high))
        return made

    def row(self, cells: list[str], high: float) -> str:
        props = tag(
            "style:table-row-properties", style__row_height=mm(high), style__use_optimal_row_height="false"
        )
        return tag(
            "table:table-row",
            "".join(cells) or "<table:table-cell/>",
            table__style_name=self.styles.name("table-row", props),
        )

    def cell(self, c: Cell, border: str, scale: float = 1.0) -> str:
        look = {"style__rotation_angle": "90"} if c.turned else {}
        first = c.paras[0] if c.paras else para("")
        d = self.document
        text = tag("style:paragraph-properties", fo__text_align="center" if c.centre else "start")
        text += self.text_properties(
            size=d.size * scale * first.scale * HEADING_SCALE[first.level],
            bold=c.bold or first.level > 0,
            colour=c.colour or first.colour or (d.accent if first.level else None),
            font=d.font,
        )
        props = self.cell_style(
            c, border, text, style__vertical_align="middle" if c.centre else "top", **look
        )
        icons = [i for p in c.paras for i in p.inlines if isinstance(i, Icon)]
        drawn = "".join(
            self.picture(icon_svg(i), i.size, i.size, i.pixels, svg__x=mm(1.5 + 5 * k), svg__y="0.8mm")
            for k, i in enumerate(icons)
        )
        paras = "".join(
            tag(
                "text:p",
                ("• " if p.bullet else "") + "".join(self.inline(i, d.size * scale) for i in p.inlines),
            )
            for p in c.paras
            if p.text
        )
        return tag(
            "table:table-cell",
            drawn + paras,
            table__style_name=props,
            table__number_columns_spanned=c.span if c.span > 1 else None,
            table__number_rows_spanned=c.down if c.down > 1 else None,
            office__value_type="string" if paras else None,
        )


def _width(d: Document, blocks: list[Block]) -> float:
    """Of a sheet: the page's, but a wide table runs over pages side by side."""
    rows = max((len(b.rows) for b in blocks if isinstance(b, Table)), default=0)
    return d.wide if d.wide and len(blocks) == 1 and rows > 1 else d.width - 2 * d.margin


def covered(count: int, style: str | None = None) -> list[str]:
    """Cells that lie under a merged one; they draw its rules."""
    return [tag("table:covered-table-cell", table__style_name=style)] * count


def write(document: Document) -> str:
    d, writer = document, SheetWriter(document)
    sheets = [
        list(group) for is_break, group in groupby(d.flow, lambda b: isinstance(b, Break)) if not is_break
    ]
    body = "".join(writer.sheet(f"Sheet{k}", blocks, _width(d, blocks)) for k, blocks in enumerate(sheets, 1))
    part = tag("style:header-footer-properties", fo__min_height="6mm")
    extra = tag("style:header-style", part) + tag("style:footer-style", part)
    scale = {} if d.wide else {"style__scale_to_X": "1", "style__scale_to_Y": "0"}
    master = tag(
        "style:master-page",
        (running(writer, "header") or '<style:header style:display="false"/>')
        + (running(writer, "footer") or '<style:footer style:display="false"/>'),
        style__name="Sheet",
        style__page_layout_name="page",
    )
    layout = page_layout(d, d.margin, extra, style__print_page_order="ltr" if d.wide else "ttb", **scale)
    return writer.whole("spreadsheet", f"<office:spreadsheet>{body}</office:spreadsheet>", master, layout)

"""Writes a document as a flat text document, for LibreOffice Writer."""

from __future__ import annotations

from layouts.measure import row_heights
from layouts.model import Block, Break, Cards, Cell, Document, Para, Picture, Table, para, places
from layouts.odf import Writer, mm, page_layout, running, tag


class TextWriter(Writer):
    def __init__(self, document: Document) -> None:
        super().__init__(document)
        self._tables = 0

    def block(self, block: Block, width: float) -> str:
        match block:
            case Para():
                return self.para(block)
            case Table():
                return self.table(block, width)
            case Picture():
                return self.picture_para(block)
            case Cards():
                return self.cards(block, width)
            case Break():
                break_here = self.styles.name(
                    "paragraph", '<style:paragraph-properties fo:break-before="page"/>'
                )
                return tag("text:p", text__style_name=break_here)

    def start_table(self, widths: list[float]) -> tuple[str, str, str]:
        """Name, style and columns of a table whose columns are `widths` mm wide."""
        self._tables += 1
        props = tag(
            "style:table-properties",
            style__width=mm(sum(widths)),
            table__align="left",
            fo__margin_bottom=mm(3),
            fo__margin_top=mm(1),
        )
        columns = "".join(
            tag(
                "table:table-column",
                table__style_name=self.styles.name(
                    "table-column", tag("style:table-column-properties", style__column_width=mm(w))
                ),
            )
            for w in widths
        )
        return f"Table{self._tables}", self.styles.name("table", props), columns

    def table(self, t: Table, width: float) -> str:
        total = sum(t.widths)
        name, style, columns = self.start_table([w / total * width for w in t.widths])
        heights = row_heights(t, width, self.document.size, self.document.font)

        def row_style(index: int) -> str:
            """Rows grow with their text, but not with text that is turned."""
            turned = any(c.turned and c.down <= t.head for c in t.rows[index])
            least = {"style__min_row_height": mm(heights[index])} if turned or 0 < index < t.head else {}
            keep = "always" if t.whole else "auto"
            return self.styles.name(
                "table-row", tag("style:table-row-properties", fo__keep_together=keep, **least)
            )

        rows = [
            tag(
                "table:table-row",
                "".join(
                    "<table:covered-table-cell/>" if c is None else self.cell(c, t, index < t.head)
                    for c, _ in row
                ),
                table__style_name=row_style(index),
            )
            for index, row in enumerate(places(t))
        ]
        head = tag("table:table-header-rows", "".join(rows[: t.head])) if t.head else ""
        inside = columns + head + "".join(rows[t.head :])
        return tag("table:table", inside, table__name=name, table__style_name=style)

    def cell(self, c: Cell, t: Table, in_head: bool) -> str:
        turned = {"style__writing_mode": "bt-lr"} if c.turned else {}
        style = self.cell_style(c, self.border(t.rules, in_head), **turned)
        paras = "".join(self.para(p, c, t.scale) for p in c.paras or (para(""),))
        return tag(
            "table:table-cell",
            paras,
            table__style_name=style,
            table__number_columns_spanned=c.span if c.span > 1 else None,
            table__number_rows_spanned=c.down if c.down > 1 else None,
        )

    def cards(self, cards: Cards, width: float) -> str:
        """A table whose cells are the cards, with empty columns and rows between them."""
        gap = 3.0
        own = (width - gap * (cards.across - 1)) / cards.across
        widths = ([own, gap] * cards.across)[:-1]
        name, style, columns = self.start_table(widths)
        boxed = self.styles.name(
            "table-cell",
            tag(
                "style:table-cell-properties",
                fo__border=f"1pt solid {cards.line}",
                fo__padding=mm(1.8),
                fo__background_color=cards.fill,
            ),
        )
        empty = self.cell_style(Cell(), "none")
        keep = self.styles.name("table-row", tag("style:table-row-properties", fo__keep_together="always"))
        rows = []
        for start in range(0, len(cards.boxes), cards.across):
            line = []
            for k in range(cards.across):
                inside = (
                    "".join(self.block(b, own - 4) for b in cards.boxes[start + k])
                    if start + k < len(cards.boxes)
                    else ""
                )
                line.append(
                    tag(
                        "table:table-cell", inside + "<text:p/>", table__style_name=boxed if inside else empty
                    )
                )
                if k < cards.across - 1:
                    line.append(tag("table:table-cell", "<text:p/>", table__style_name=empty))
            rows.append(tag("table:table-row", "".join(line), table__style_name=keep))
        return tag("table:table", columns + "".join(rows), table__name=name, table__style_name=style)


def write(document: Document) -> str:
    d, writer = document, TextWriter(document)
    body = "".join(writer.block(b, d.width - 2 * d.margin) for b in d.flow)
    extra = "".join(
        tag(
            f"style:{part}-style",
            tag("style:header-footer-properties", fo__min_height="6mm", **{f"fo__margin_{side}": "3mm"}),
        )
        for part, side in (("header", "bottom"), ("footer", "top"))
    )
    master = tag(
        "style:master-page",
        running(writer, "header") + running(writer, "footer"),
        style__name="Standard",
        style__page_layout_name="page",
    )
    return writer.whole("text", f"<office:text>{body}</office:text>", master, page_layout(d, d.margin, extra))

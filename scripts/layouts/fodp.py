"""Writes slides as a flat presentation, for LibreOffice Impress."""

from __future__ import annotations

from layouts.drawings import icon_svg
from layouts.measure import row_heights
from layouts.model import Cell, Document, Frame, Icon, Para, Picture, Table, para, places
from layouts.odf import Writer, mm, page_layout, tag


class SlideWriter(Writer):
    as_char = False

    def frame(self, f: Frame) -> str:
        """A text box, or for a table or picture a frame of that kind."""
        spot = {"svg__x": mm(f.x), "svg__y": mm(f.y)}
        if f.icon:
            return self.picture(icon_svg(f.icon), f.icon.size, f.icon.size, f.icon.pixels, **spot)
        size = {"svg__width": mm(f.width), "svg__height": mm(f.height)}
        kinds = {type(b) for b in f.content}
        if kinds == {Picture}:
            picture = f.content[0]
            assert isinstance(picture, Picture)
            return self.picture(picture.svg, picture.width, picture.height, picture.pixels, **spot)
        if kinds == {Table}:
            table = f.content[0]
            assert isinstance(table, Table)
            return tag("draw:frame", self.table(table, f.width), **spot, **size) + self.icons(table, f)
        style = self.styles.name(
            "graphic",
            tag(
                "style:graphic-properties",
                draw__fill="solid" if f.fill else "none",
                draw__fill_color=f.fill,
                draw__stroke="solid" if f.line else "none",
                svg__stroke_color=f.line,
                fo__padding="1.2mm",
                draw__auto_grow_height="false",
                draw__textarea_vertical_align="top",
            ),
        )
        inside = "".join(self.para(b, tight=True) for b in f.content if isinstance(b, Para))
        box = tag("draw:text-box", inside or "<text:p/>")
        return tag("draw:frame", box, draw__style_name=style, **spot, **size)

    def icons(self, table: Table, f: Frame) -> str:
        """Signs in cells, drawn over the table."""
        total, top, drawn = sum(table.widths), f.y, []
        heights = row_heights(table, f.width, self.document.size, self.document.font)
        for line, high in zip(places(table), heights, strict=True):
            for c, column in line:
                left = f.x + sum(table.widths[:column]) / total * f.width
                inside = [i for p in c.paras for i in p.inlines] if c else []
                for k, i in enumerate(i for i in inside if isinstance(i, Icon)):
                    spot = {"svg__x": mm(left + 1.5 + 5 * k), "svg__y": mm(top + 1)}
                    drawn.append(self.picture(icon_svg(i), i.size, i.size, i.pixels, **spot))
            top += high
        return "".join(drawn)

    def table(self, t: Table, width: float) -> str:
        total = sum(t.widths)
        columns = "".join(
            tag(
                "table:table-column",
                table__style_name=self.styles.name(
                    "table-column",
                    tag("style:table-column-properties", style__column_width=mm(w / total * width)),
                ),
            )
            for w in t.widths
        )
        rows = []
        heights = row_heights(t, width, self.document.size, self.document.font)
        for index, (line, high) in enumerate(zip(places(t), heights, strict=True)):
            cells = "".join(
                "<table:covered-table-cell/>" if c is None else self.cell(c, t, index < t.head)
                for c, _ in line
            )
            props = tag("style:table-row-properties", style__row_height=mm(high))
            rows.append(tag("table:table-row", cells, table__style_name=self.styles.name("table-row", props)))
        return tag("table:table", columns + "".join(rows))

    def cell(self, c: Cell, t: Table, in_head: bool) -> str:
        border = self.border(t.rules, in_head)
        sides = {"fo__border": border} if t.rules in ("all", "none") else {"fo__border_bottom": border}
        content = tag(
            "style:graphic-properties",
            draw__fill="solid" if c.fill else "none",
            draw__fill_color=c.fill,
            fo__padding=mm(0.8),
            draw__textarea_vertical_align="top",
        ) + tag("style:paragraph-properties", **sides)
        paras = "".join(self.para(p, c, t.scale, tight=True) for p in c.paras or (para(""),))
        return tag(
            "table:table-cell",
            paras,
            table__style_name=self.styles.name("table-cell", content),
            table__number_columns_spanned=c.span if c.span > 1 else None,
            table__number_rows_spanned=c.down if c.down > 1 else None,
        )


def write(document: Document) -> str:
    d, writer = document, SlideWriter(document)
    pages = []
    for number, slide in enumerate(d.slides, 1):
        frames = [*slide.frames, Frame(d.width - 16, d.height - 9, 14, 7, (para(str(number), scale=0.8),))]
        if d.footer:
            frames.append(
                Frame(8, d.height - 9, d.width * 0.6, 7, (para(d.footer, scale=0.7, colour="#555555"),))
            )
        pages.append(
            tag(
                "draw:page",
                "".join(map(writer.frame, frames)),
                draw__name=f"page{number}",
                draw__master_page_name="Slide",
            )
        )
    master = tag("style:master-page", style__name="Slide", style__page_layout_name="page")
    body = f"<office:presentation>{''.join(pages)}</office:presentation>"
    return writer.whole("presentation", body, master, page_layout(d, 0))

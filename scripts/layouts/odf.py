"""What the three flat OpenDocument writers share: name spaces, automatic styles, paragraphs and pictures."""

from __future__ import annotations

from html import escape
from typing import ClassVar

from layouts.drawings import icon_svg, image
from layouts.model import HEADING_SCALE, Cell, Document, Icon, Inline, Para, Picture

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = " ".join(
    f'xmlns:{name}="{OASIS}:{path}:1.0"'
    for name, path in {
        "office": "office", "style": "style", "text": "text", "table": "table", "draw": "drawing",
        "fo": "xsl-fo-compatible", "svg": "svg-compatible", "presentation": "presentation",
    }.items()
)  # fmt: skip
PRIVATE = {"Wingdings", "Wingdings 2", "Wingdings 3", "Webdings"}


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """An element; "table__style_name" is table:style-name, empty and None values are left out."""
    said = "".join(
        f' {k.replace("__", ":").replace("_", "-")}="{escape(str(v))}"'
        for k, v in attributes.items()
        if v not in (None, "")
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def mm(length: float) -> str:
    return f"{length:.2f}mm"


class Styles:
    """Automatic styles, one for each different look."""

    KINDS: ClassVar[dict[str, str]] = {"paragraph": "P", "text": "T", "table-cell": "C", "table-row": "R",
                                       "table-column": "L", "table": "A", "graphic": "G"}  # fmt: skip

    def __init__(self) -> None:
        self._names: dict[tuple[str, str, str], str] = {}

    def name(self, family: str, content: str, **more: object) -> str:
        extra = " ".join(f'{k.replace("__", ":").replace("_", "-")}="{v}"' for k, v in more.items())
        key = (family, content, extra)
        if key not in self._names:
            self._names[key] = f"{self.KINDS[family]}{len(self._names) + 1}"
        return self._names[key]

    def xml(self) -> str:
        return "\n".join(
            f'<style:style style:name="{name}" style:family="{family}" {extra}>{content}</style:style>'
            for (family, content, extra), name in self._names.items()
        )


class Writer:
    """Paragraphs and pictures of one document; tables and pages are the subclass's."""

    as_char = True  # pictures may stand within a line

    def __init__(self, document: Document) -> None:
        self.document = document
        self.styles = Styles()

    def text_properties(self, **look: object) -> str:
        bold = look.get("bold")
        font = look.get("font")
        return tag(
            "style:text-properties",
            fo__font_size=f"{look['size']:.1f}pt" if look.get("size") else None,
            fo__font_family=f"'{font}'" if font else None,
            style__font_charset="x-symbol" if font in PRIVATE else None,
            fo__font_weight={True: "bold", False: None, None: None}[bold if isinstance(bold, bool) else None],
            fo__font_style="italic" if look.get("italic") else None,
            fo__color=look.get("colour"),
        )

    def picture(self, svg: str, width: float, height: float, pixels: bool, **place: object) -> str:
        kind, data = image(svg, pixels)
        inside = tag("draw:image", f"<office:binary-data>{data}</office:binary-data>", draw__mime_type=kind)
        size = {"svg__width": mm(width), "svg__height": mm(height)}
        return tag("draw:frame", inside, **place, **size)

    def inline(self, part: Inline, size: float) -> str:
        if isinstance(part, Icon):
            if not self.as_char:
                return ""
            return self.picture(
                icon_svg(part), part.size, part.size, part.pixels, text__anchor_type="as-char"
            )
        text = part.text
        if part.font in PRIVATE:
            text = "".join(chr(0xF000 + ord(c)) if ord(c) < 256 else c for c in text)
        plain = not (part.bold or part.italic or part.colour or part.font or part.scale != 1)
        if plain:
            return escape(text)
        own = size * part.scale if part.scale != 1 else None
        look = self.text_properties(
            bold=part.bold, italic=part.italic, colour=part.colour, font=part.font, size=own
        )
        return tag("text:span", escape(text), text__style_name=self.styles.name("text", look))

    def para(self, p: Para, owner: Cell | None = None, scale: float = 1.0, tight: bool = False) -> str:
        d = self.document
        size = d.size * scale * p.scale * HEADING_SCALE[p.level]
        colour = p.colour or (owner.colour if owner else None) or (d.accent if p.level else None)
        space = 0.2 if tight or owner else 0.5
        layout = tag(
            "style:paragraph-properties",
            fo__text_align="center" if p.centre or (owner and owner.centre) else "start",
            fo__margin_top=mm(2.4 if p.level and not owner and not tight else space),
            fo__margin_bottom=mm(1 if p.level and not tight else space),
            fo__margin_left=mm(4) if p.bullet else None,
            fo__text_indent=mm(-3) if p.bullet else None,
            fo__keep_with_next="always" if p.level else None,
        )
        bold = p.level > 0 or bool(owner and owner.bold)
        look = self.text_properties(size=size, colour=colour, bold=bold, font=d.font)
        style = self.styles.name("paragraph", layout + look)
        inside = ("•\u2002" if p.bullet else "") + "".join(self.inline(i, size) for i in p.inlines)
        if p.level and not owner and not tight:
            return tag("text:h", inside, text__style_name=style, text__outline_level=p.level)
        return tag("text:p", inside, text__style_name=style)

    def picture_para(self, p: Picture) -> str:
        return tag("text:p", self.picture(p.svg, p.width, p.height, p.pixels, text__anchor_type="as-char"))

    def cell_style(self, c: Cell, border: str, text: str = "", **more: object) -> str:
        sides = {"fo__border": border} if border in ("none", FULL) else {"fo__border_bottom": border}
        props = tag(
            "style:table-cell-properties",
            fo__background_color=c.fill,
            fo__padding=mm(0.8),
            fo__wrap_option="wrap",
            **sides,
            **more,
        )
        return self.styles.name("table-cell", props + text)

    def border(self, rules: str, in_head: bool) -> str:
        if rules == "all":
            return FULL
        if rules == "rows":
            return "0.5pt solid #999999"
        return "1.2pt solid #333333" if rules == "head" and in_head else "none"

    def whole(self, kind: str, body: str, masters: str, layouts: str) -> str:
        mime = f"application/vnd.oasis.opendocument.{kind}"
        styles = f"<office:automatic-styles>{self.styles.xml()}{layouts}</office:automatic-styles>"
        return (
            f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document {SPACES} office:version="1.3" '
            f'office:mimetype="{mime}">{styles}<office:master-styles>{masters}</office:master-styles>'
            f"<office:body>{body}</office:body></office:document>\n"
        )


FULL = "0.6pt solid #777777"


def page_layout(d: Document, margin: float, extra: str = "", **more: object) -> str:
    props = tag(
        "style:page-layout-properties",
        fo__page_width=mm(d.width),
        fo__page_height=mm(d.height),
        style__print_orientation="landscape" if d.width > d.height else "portrait",
        fo__margin=mm(margin),
        **more,
    )
    return tag("style:page-layout", props + extra, style__name="page")


def running(writer: Writer, part: str) -> str:
    """Header or footer of Writer and Calc pages."""
    d = writer.document
    text = escape(d.header if part == "header" else d.footer)
    if not text:
        return ""
    number = " Page <text:page-number>1</text:page-number>" if part == "footer" else ""
    look = writer.text_properties(size=8.0, font=d.font, colour="#555555")
    style = writer.styles.name("text", look)
    return f'<style:{part}><text:p><text:span text:style-name="{style}">{text}{number}</text:span></text:p></style:{part}>'

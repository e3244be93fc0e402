"""Writes a document as a web page, for Chromium."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from itertools import count

from layouts.bank import BANK
from layouts.drawings import icon_svg, image
from layouts.model import (
    HEADING_SCALE,
    Block,
    Break,
    Cards,
    Cell,
    Document,
    Frame,
    Icon,
    Para,
    Picture,
    Run,
    Table,
)

RULES = {
    "all": "td,th{border:0.6pt solid #777}",
    "rows": "tr{border-bottom:0.5pt solid #999}",
    "head": "thead{border-bottom:1.2pt solid #333}table{border-bottom:1.2pt solid #333}",
    "none": "",
}


def _style(**rules: object) -> str:
    said = ";".join(f"{k.replace('_', '-')}:{v}" for k, v in rules.items() if v)
    return f' style="{escape(said)}"' if said else ""


def _inline(part: Run | Icon) -> str:
    if isinstance(part, Icon):
        if part.pixels:
            kind, data = image(icon_svg(part), True)
            return f'<img src="data:{kind};base64,{data}" style="width:{part.size}mm;vertical-align:middle">'
        return icon_svg(part).replace("<svg ", '<svg style="vertical-align:middle" ')
    text = escape(part.text)
    look = _style(
        font_weight="bold" if part.bold else "",
        font_style="italic" if part.italic else "",
        color=part.colour,
        font_family=f"'{part.font}'" if part.font else "",
        font_size=f"{part.scale}em" if part.scale != 1 else "",
    )
    return f"<span{look}>{text}</span>" if look else text


def _para(p: Para) -> str:
    tag = f"h{p.level}" if p.level else "p"
    look = _style(
        text_align="center" if p.centre else "",
        color=p.colour,
        font_size=f"{p.scale * HEADING_SCALE[p.level]:.2f}em" if p.scale != 1 else "",
    )
    return f"<{tag}{' class=b' if p.bullet else ''}{look}>{''.join(map(_inline, p.inlines))}</{tag}>"


def _cell(c: Cell, tag: str) -> str:
    look = _style(
        background=c.fill,
        color=c.colour,
        text_align="center" if c.centre else "",
        font_weight="bold" if c.bold else "normal",
    )
    spans = (f" colspan={c.span}" if c.span > 1 else "") + (f" rowspan={c.down}" if c.down > 1 else "")
    inside = "".join(map(_para, c.paras))
    return f"<{tag}{spans}{look}>{f'<div class=t>{inside}</div>' if c.turned else inside}</{tag}>"


def _table(t: Table) -> str:
    total = sum(t.widths)
    columns = "".join(f'<col style="width:{w / total:.2%}">' for w in t.widths)

    def rows(some: tuple[tuple[Cell, ...], ...], tag: str) -> str:
        return "".join(f"<tr>{''.join(_cell(c, tag) for c in row)}</tr>" for row in some)

    head = f"<thead>{rows(t.rows[: t.head], 'th')}</thead>" if t.head else ""
    look = _style(font_size=f"{t.scale:.2f}em" if t.scale != 1 else "")
    return (
        f'<table class="{t.rules}{" whole" if t.whole else ""}"{look}><colgroup>{columns}</colgroup>{head}'
        f"<tbody>{rows(t.rows[t.head :], 'td')}</tbody></table>"
    )


def _block(block: Block) -> str:
    match block:
        case Para():
            return _para(block)
        case Table():
            return _table(block)
        case Picture():
            kind, data = image(block.svg, block.pixels)
            if not block.pixels:
                return f"<div>{block.svg}</div>"
            return f'<div><img src="data:{kind};base64,{data}" style="width:{block.width}mm"></div>'
        case Cards():
            look = _style(border=f"1pt solid {block.line}", background=block.fill)
            boxes = "".join(f"<div class=card{look}>{''.join(map(_block, box))}</div>" for box in block.boxes)
            return f'<div class=cards style="grid-template-columns:repeat({block.across},1fr)">{boxes}</div>'
        case Break():
            return "<div class=break></div>"


def _frame(f: Frame) -> str:
    look = _style(
        left=f"{f.x:.1f}mm",
        top=f"{f.y:.1f}mm",
        width=f"{f.width:.1f}mm",
        height=f"{f.height:.1f}mm",
        background=f.fill,
        border=f"0.8pt solid {f.line}" if f.line else "",
        padding="1.2mm" if not f.icon else "",
    )
    inside = _inline(f.icon) if f.icon else "".join(map(_block, f.content))
    return f"<div class=frame{look}>{inside}</div>"


def _running(document: Document) -> str:
    """Margin boxes with header, footer and page number."""

    def box(place: str, content: str) -> str:
        return f"@{place}{{content:{content};font:7.5pt '{document.font}';color:#555}}"

    quoted = [f'"{text}"' if text else "" for text in (document.header, document.footer)]
    boxes = box("top-right", quoted[0]) if quoted[0] else ""
    boxes += box("bottom-left", quoted[1]) if quoted[1] else ""
    return boxes + box("bottom-right", '"Page " counter(page)') if any(quoted) else boxes


@cache
def _font_face() -> str:
    """Our own signs under the name of the font whose places they take."""
    data = base64.b64encode((BANK / "symbols.ttf").read_bytes()).decode()
    return f"@font-face{{font-family:'Wingdings';src:url(data:font/ttf;base64,{data})}}"


def write(document: Document) -> str:
    d = document
    rules = "".join(
        ",".join(f"table.{name} {part}" for part in rule.split("{")[0].split(","))
        + "{"
        + rule.split("{", 1)[1]
        for name, rule in RULES.items()
        if rule and name != "head"
    )
    if d.slides:
        number = count(1)
        body = "".join(
            f"<div class=slide>{''.join(map(_frame, s.frames))}<div class=frame "
            f'style="right:6mm;bottom:3mm;font-size:8pt">{next(number)}</div></div>'
            for s in d.slides
        )
    else:
        body = "".join(map(_block, d.flow))
    symbols = "Wingdings" in body
    css = f"""{_font_face() if symbols else ""}
@page{{size:{d.width}mm {d.height}mm;margin:{0 if d.slides else d.margin}mm;{_running(d)}}}
*{{box-sizing:border-box}}
body{{font:{d.size}pt '{d.font}';line-height:1.2;margin:0;-webkit-print-color-adjust:exact}}
h1,h2,h3{{color:{d.accent};margin:2.5mm 0 1.2mm;break-after:avoid;font-weight:bold}}
h1{{font-size:1.9em}}h2{{font-size:1.4em}}h3{{font-size:1.15em}}
p{{margin:0.4mm 0 0.8mm}}p.b{{margin-left:4mm;text-indent:-3mm}}p.b::before{{content:"•";display:inline-block;width:3mm;text-indent:0}}
table{{border-collapse:collapse;width:100%;table-layout:fixed;margin:1mm 0 3mm}}
td,th{{padding:0.7mm 1mm;vertical-align:top;text-align:left;overflow-wrap:break-word}}
th p,td p{{margin:0.2mm 0}}.whole tr,.card{{break-inside:avoid}}
div.t{{writing-mode:vertical-rl;transform:rotate(180deg);white-space:nowrap}}
table.head thead{{border-bottom:1.2pt solid #333}}table.head{{border-bottom:1.2pt solid #333}}{rules}
.cards{{display:grid;gap:3mm;margin:2mm 0}}.card{{padding:2mm}}.break{{break-after:page}}
.slide{{position:relative;width:{d.width}mm;height:{d.height}mm;overflow:hidden;break-after:page}}
.frame{{position:absolute}}.frame h1,.frame h2,.frame h3{{margin:0 0 1mm}}.frame table{{margin:0}}
"""
    return f"<!doctype html><meta charset=utf-8><title>{escape(d.meta.get('title', ''))}</title><style>{css}</style>{body}\n"

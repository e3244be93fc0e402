"""Signs and charts as SVG, and as pixels where a report pastes pictures."""

from __future__ import annotations

import base64
import math
from functools import cache

import pymupdf

from layouts.model import Icon, Picture


def _star() -> str:
    points = []
    for k in range(10):
        r = 11 if k % 2 == 0 else 4.6
        a = math.pi * k / 5 - math.pi / 2
        points.append(f"{12 + r * math.cos(a):.1f},{12 + r * math.sin(a):.1f}")
    return f'<polygon points="{" ".join(points)}"/>'


ARROW = '<polygon transform="rotate({turn} 12 12)" points="2,9 13,9 13,4 22,12 13,20 13,15 2,15"/>'
SHAPES = {
    "circle": '<circle cx="12" cy="12" r="10"/>',
    "square": '<rect x="2" y="2" width="20" height="20"/>',
    "triangle": '<polygon points="12,2 23,22 1,22"/>',
    "diamond": '<polygon points="12,1 23,12 12,23 1,12"/>',
    "star": _star(),
    "tick": '<polygon points="2,13 6,9 10,13 19,3 23,7 10,21"/>',
    "cross": '<polygon points="3,6 6,3 12,9 18,3 21,6 15,12 21,18 18,21 12,15 6,21 3,18 9,12"/>',
    "bang": '<g><rect x="9.5" y="2" width="5" height="13"/><circle cx="12" cy="20" r="2.8"/></g>',
    "up": ARROW.format(turn=-90),
    "down": ARROW.format(turn=90),
    "level": ARROW.format(turn=0),
}


def icon_svg(icon: Icon) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{icon.size}mm" height="{icon.size}mm" '
        f'viewBox="0 0 24 24"><g fill="{icon.colour}">{SHAPES[icon.shape]}</g></svg>'
    )


@cache
def png(svg: str) -> bytes:
    with pymupdf.open(stream=svg.encode(), filetype="svg") as drawing:
        return bytes(drawing[0].get_pixmap(dpi=200).tobytes("png"))


def image(svg: str, pixels: bool) -> tuple[str, str]:
    """(media type, base64) of a drawing."""
    data = png(svg) if pixels else svg.encode()
    return ("image/png" if pixels else "image/svg+xml"), base64.b64encode(data).decode()


def chart(values: list[float], target: float | None, colour: str, width: float, pixels: bool) -> Picture:
    """Bars of the periods and a line for the target, without figures or words."""
    top = max([*values, target or 0]) or 1
    step = 100 / max(len(values), 1)
    bars = "".join(
        f'<rect x="{k * step + step * 0.2:.1f}" y="{48 - 44 * v / top:.1f}" width="{step * 0.6:.1f}" '
        f'height="{44 * v / top:.1f}" fill="{colour}"/>'
        for k, v in enumerate(values)
    )
    y = 48 - 44 * (target or 0) / top
    line = f'<path d="M0 {y:.1f}H100" stroke="#333" stroke-width="0.8" fill="none"/>' if target else ""
    height = width / 2
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" viewBox="0 0 100 50">'
        f'<path d="M0 48H100" stroke="#888" stroke-width="0.5" fill="none"/>{bars}{line}</svg>'
    )
    return Picture(svg, width, height, pixels)

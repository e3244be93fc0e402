"""Drawn forms: where arrows point and what that means; ticks and crosses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import combinations

from councilscope.geometry import Box
from councilscope.lexicon import status_data
from councilscope.page import Colour, Shape
from councilscope.records import Direction
from councilscope.status.key import NEITHER, Key, colour_name


def shape_direction(shapes: Iterable[Shape], key: Key, polarity: str | None = None) -> Direction | None:
    """Direction of the first drawn arrow among some shapes."""
    best: tuple[str, Colour] | None = None
    for s in sorted(shapes, key=lambda s: -s.box.area):
        turn = arrow_turn(s)
        if turn:
            best = (turn, s.colour)
            break
    return arrow_meaning(best[0], best[1], key, polarity) if best else None


@lru_cache(maxsize=4096)
def sign_turn(sign: str) -> str | None:
    """`up`, `down` or `level` where a character is an arrow, else None."""
    s = sign.replace("\ufe0f", "")
    for turn, signs in status_data()["direction_signs"].items():
        if s in signs:
            return str(turn)
    if len(s) > 1 and len(set(s)) == 1:
        return sign_turn(s[0])
    return None


def lost_arrow(text: str) -> str | None:
    """Where an arrow of Wingdings pointed of which only the letter is left."""
    return next(
        (str(t) for t, letters in status_data()["direction_letters"].items() if text in letters), None
    )


def arrow_turn(shape: Shape) -> str | None:
    """Where a drawn arrow points: `up`, `down`, `level`; None for dots, squares, stars and other forms.

    Three corners are a triangle, which points away from its level side. Other arrows end in one corner on the
    middle line, opposite a side where at least two corners lie.
    """
    pts = list(shape.points)
    if shape.stroked and not shape.curved:
        return _stroke_turn(pts, shape.box)
    if len(pts) > 1 and pts[0] == pts[-1]:
        pts.pop()
    pts = _corners(pts)
    b = shape.box
    if b.width < 2 or b.height < 2 or len(pts) < 3:
        return None
    if len(pts) == 3:
        return _triangle(pts, b.width, b.height)
    tip = _tip(pts, b)
    if tip and len(pts) != 10:
        return tip
    if not shape.curved and len(pts) in (10, 14) and (b.width > 1.3 * b.height or _two_tips(pts, b)):
        return "level"  # an arrow with a head at either end
    return None


def form_of(shape: Shape) -> str | None:
    """`tick` or `cross` where a path, drawn with a pen or filled, has that form, else None."""
    b = shape.box
    if b.width < 3 or b.height < 3:
        return None
    pts = [((x - b.x0) / b.width, (y - b.y0) / b.height) for x, y in shape.points]
    if shape.stroked:
        bare = [p for k, p in enumerate(pts) if k == 0 or p != pts[k - 1]]
        if len(bare) == 3:
            (ax, ay), (bx, by), (cx, cy) = bare if bare[0][0] < bare[2][0] else bare[::-1]
            return (
                "tick" if by > 0.85 and cy < 0.15 and ay > cy + 0.1 and ax < bx < 0.6 and cx > 0.85 else None
            )
        if len(bare) == 4 and _diagonal(bare[0], bare[1]) * _diagonal(bare[2], bare[3]) == -1:
            return "cross"
        return None
    corners = _corners(pts[:-1] if pts and pts[0] == pts[-1] else pts, 0.002)

    def inside(*places: tuple[float, float]) -> list[bool]:
        return [_within(x, y, corners) for x, y in places]

    if 10 <= len(corners) <= 20 and 0.7 < b.width / b.height < 1.4:
        arms = inside((0.14, 0.14), (0.86, 0.14), (0.14, 0.86), (0.86, 0.86), (0.5, 0.5))
        return (
            "cross" if all(arms) and not any(inside((0.5, 0.1), (0.1, 0.5), (0.9, 0.5), (0.5, 0.9))) else None
        )
    if 5 <= len(corners) <= 9:
        lowest = [x for x, y in corners if y > 0.93]
        highest = [x for x, y in corners if y < 0.07]
        if (
            lowest
            and highest
            and min(lowest) > 0.15
            and max(lowest) < 0.6
            and min(highest) > 0.65
            and not any(inside((0.1, 0.1), (0.35, 0.1), (0.92, 0.9), (0.08, 0.95)))
            and min((y for x, y in corners if x < 0.2), default=0) > 0.3
        ):
            return "tick"
    return None


def crossing(shapes: Sequence[Shape]) -> str | None:
    """`cross` where two strokes cross each other, each drawn as a path of its own."""
    strokes = [s for s in shapes if s.stroked and len(s.points) == 2 and min(s.box.width, s.box.height) > 2]
    for a, b in combinations(strokes, 2):
        together = abs(a.box.cx - b.box.cx) < 1 and abs(a.box.cy - b.box.cy) < 1
        if together and _diagonal(*a.points) * _diagonal(*b.points) < 0:
            return "cross"
    return None


def _diagonal(a: tuple[float, float], b: tuple[float, float]) -> int:
    """1 for a line that falls to the right, -1 for one that rises, 0 for level and upright ones."""
    slope = (b[0] - a[0]) * (b[1] - a[1])
    return (slope > 0) - (slope < 0)


def _within(x: float, y: float, corners: Sequence[tuple[float, float]]) -> bool:
    """Whether a point lies inside a polygon (even-odd rule)."""
    odd = False
    for k, (ax, ay) in enumerate(corners):
        bx, by = corners[k - 1]
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            odd = not odd
    return odd


def _corners(pts: list[tuple[float, float]], least: float = 0.15) -> list[tuple[float, float]]:
    """The points of a path less those that lie on the straight line between their neighbours."""
    out = []
    n = len(pts)
    for i in range(n):
        (ax, ay), (bx, by), (cx, cy) = pts[i - 1], pts[i], pts[(i + 1) % n]
        if abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) > least:
            out.append(pts[i])
    return out


def _stroke_turn(pts: list[tuple[float, float]], b: Box) -> str | None:
    """Where an arrow drawn with a pen points: a shaft and a head, more of its corners being at the head."""
    if len(pts) < 5 or len(pts) > 9 or max(b.width, b.height) < 3:
        return None
    dx = (sum(p[0] for p in pts) / len(pts) - b.cx) / max(b.width, 1.0)
    dy = (sum(p[1] for p in pts) / len(pts) - b.cy) / max(b.height, 1.0)
    if max(abs(dx), abs(dy)) < 0.06:
        return None
    if abs(dy) >= 0.5 * abs(dx):
        return "down" if dy > 0 else "up"
    return "level"


def _two_tips(pts: list[tuple[float, float]], b: Box) -> bool:
    """Whether one corner alone lies at the left, one at the right, and both on the middle line."""
    left = [y for x, y in pts if x - b.x0 <= 0.08 * b.width]
    right = [y for x, y in pts if b.x1 - x <= 0.08 * b.width]
    level = [y for y in (*left, *right) if abs(y - b.cy) <= 0.12 * b.height]
    heads = min(sum(abs(y - end) <= 0.08 * b.height for _, y in pts) for end in (b.y0, b.y1))
    return len(left) == len(right) == 1 and len(level) == 2 and heads >= 2


def _tip(pts: list[tuple[float, float]], b: Box) -> str | None:
    def near(values: list[float], at: float, size: float) -> list[int]:
        return [i for i, v in enumerate(values) if abs(v - at) <= 0.08 * size]

    xs, ys = [p[0] for p in pts], [p[1] for p in pts]
    sides = {
        "up": (near(ys, b.y0, b.height), near(ys, b.y1, b.height), xs, b.cx, b.width),
        "down": (near(ys, b.y1, b.height), near(ys, b.y0, b.height), xs, b.cx, b.width),
        "right": (near(xs, b.x1, b.width), near(xs, b.x0, b.width), ys, b.cy, b.height),
        "left": (near(xs, b.x0, b.width), near(xs, b.x1, b.width), ys, b.cy, b.height),
    }
    for turn, (tip, base, across, middle, size) in sides.items():
        if len(tip) == 1 and len(base) >= 2 and abs(across[tip[0]] - middle) <= 0.12 * size:
            spread = [across[i] for i in base]
            if abs((max(spread) + min(spread)) / 2 - middle) <= 0.15 * size:
                return turn if turn in ("up", "down") else "level"
    return None


def _triangle(pts: list[tuple[float, float]], width: float, height: float) -> str | None:
    ys = sorted(p[1] for p in pts)
    xs = sorted(p[0] for p in pts)
    if ys[2] - ys[1] < 0.15 * height:
        return "up"
    if ys[1] - ys[0] < 0.15 * height:
        return "down"
    if xs[2] - xs[1] < 0.15 * width or xs[1] - xs[0] < 0.15 * width:
        return "level"
    return None


def arrow_meaning(turn: str, colour: Colour | None, key: Key, polarity: str | None) -> Direction | None:
    """What an arrow means: its colour decides where it is red or green, else the way it points.

    Where the report says that arrows show the figure going up or down, polarity turns them round; None where the
    report then does not say which way is better.
    """
    name = colour_name(colour)
    if told := key.arrow(turn, colour):
        return None if told == NEITHER else told  # type: ignore[return-value]
    if turn == "level":
        return "steady"
    if name == "green":
        return "improving"
    if name == "red":
        return "worsening"
    up = turn == "up"
    if key.arrows_show_value:
        if polarity is None:
            return None
        up = up == (polarity == "higher")
    return "improving" if up else "worsening"

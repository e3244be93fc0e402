"""Charts as Matplotlib figures and as static SVG: bars, lines, stacked shares. The only importer of matplotlib.

No colour stands alone: lines have markers of their own and a label at their end, stacked bars have hatches, and every
chart in the report stands beside its table.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

RAG = {
    "red": "#b3261e",
    "amber": "#d98e04",
    "green": "#2e7d32",
    "blue": "#1f5fa8",
    "grey": "#8a8f98",
    "not stated": "#c9ccd1",
}
HATCH = {"red": "", "amber": "////", "green": "....", "blue": "xxxx", "grey": "----", "not stated": ""}
SERIES = ("#1f4e79", "#b3541e", "#2e7d32", "#7b3f98", "#8a6d00", "#00707a", "#a3195b", "#555555")
MARKERS = "osD^vPX*"
STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica", "sans-serif"],
    "font.size": 10,
    "svg.fonttype": "none",
    "svg.hashsalt": "councilscope",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "hatch.linewidth": 0.6,
}


def _figure(width: float, height: float) -> tuple[Figure, Any]:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.add_subplot()


def _percent_axis(axis: Any) -> None:
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def bars(
    values: pd.Series,
    *,
    title: str = "",
    share: bool = False,
    low: pd.Series | None = None,
    high: pd.Series | None = None,
) -> Figure:
    """Horizontal bars, one a row of `values` in their order, with the figure at the end of each.

    `low` and `high` are the ends of an interval for each bar; `share` writes values from 0 to 1 as percentages.
    """
    figure, ax = _figure(7.2, 0.7 + 0.3 * max(1, len(values)))
    names = [_short(str(n)) for n in values.index]
    at = range(len(values))
    ax.barh(at, values.astype(float).to_numpy(), color=SERIES[0], height=0.65)
    if low is not None and high is not None:
        for y, (a, b) in enumerate(zip(low, high, strict=True)):
            if a == a and b == b:
                ax.plot([a, b], [y, y], color="#111111", linewidth=1.4, marker="|", markersize=7)
    ax.set_yticks(list(at), names)
    ax.invert_yaxis()
    for y, value in enumerate(values.astype(float)):
        end = value if high is None or high.iloc[y] != high.iloc[y] else max(value, float(high.iloc[y]))
        if value == value:
            ax.annotate(
                f"{value:.0%}" if share else f"{value:,.0f}",
                (end, y),
                (4, 0),
                textcoords="offset points",
                va="center",
            )
    if share:
        _percent_axis(ax.xaxis)
    ax.margins(x=0.12)
    ax.set_title(title, loc="left", fontweight="bold")
    return figure


def lines(wide: pd.DataFrame, *, title: str = "", unit: str = "", share: bool = False) -> Figure:
    """Lines over the rows of `wide` (periods, in order), one a column, each with its marker and its name."""
    figure, ax = _figure(7.2, 3.2)
    x = range(len(wide))
    for n, name in enumerate(wide.columns):
        ax.plot(
            x, wide[name].astype(float), color=SERIES[n % len(SERIES)], marker=MARKERS[n % len(MARKERS)], markersize=5,
            linewidth=1.6, label=_short(str(name)),
        )  # fmt: skip
    step = max(1, len(wide) // 12)
    ax.set_xticks(
        list(x)[::step], [str(i) for i in wide.index][::step], rotation=40, ha="right", rotation_mode="anchor"
    )
    if share:
        _percent_axis(ax.yaxis)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(unit)
    ax.grid(axis="y", color="#e1e3e8", linewidth=0.8)
    ax.set_title(title, loc="left", fontweight="bold")
    if len(wide.columns):
        ax.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)
    return figure


def stacked(wide: pd.DataFrame, *, title: str = "", colours: Mapping[str, str] | None = None) -> Figure:
    """Horizontal bars of 100 %, one a row of `wide`, one part a column, with the number in each part that has room."""
    figure, ax = _figure(7.2, 0.9 + 0.34 * max(1, len(wide)))
    total = wide.sum(axis=1).astype(float)
    left = [0.0] * len(wide)
    for n, name in enumerate(wide.columns):
        shares = (wide[name].astype(float) / total.where(total > 0)).fillna(0).to_list()
        colour = (colours or RAG).get(str(name), SERIES[n % len(SERIES)])
        ax.barh(
            range(len(wide)), shares, left=left, color=colour, edgecolor="white", hatch=HATCH.get(str(name), ""), height=0.7,
            label=str(name),
        )  # fmt: skip
        for y, (share, count) in enumerate(zip(shares, wide[name], strict=True)):
            if share >= 0.06:
                ax.annotate(
                    f"{int(count)}", (left[y] + share / 2, y), ha="center", va="center", color="#111111",
                    bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
                )  # fmt: skip
        left = [a + b for a, b in zip(left, shares, strict=True)]
    ax.set_yticks(range(len(wide)), [_short(str(n)) for n in wide.index])
    ax.invert_yaxis()
    ax.set_xlim(0, 1)
    _percent_axis(ax.xaxis)
    figure.legend(  # across the whole figure: the axes are narrow beside long names
        *ax.get_legend_handles_labels(), loc="outside upper left", ncols=len(wide.columns), frameon=False, title=title or None,
        alignment="left", title_fontproperties={"weight": "bold", "size": "large"},
    )  # fmt: skip
    return figure


def svg(figure: Figure) -> str:
    """The figure as an `<svg>` element without scripts, links or a date: the same figure gives the same text."""
    from matplotlib import rc_context

    with rc_context(STYLE), io.StringIO() as out:
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
        text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    return re.sub(r">\s+<", "><", re.sub(r"<!--.*?-->\s*", "", text, flags=re.S))


def _short(name: str, most: int = 44) -> str:
    name = name.replace("$", r"\$")  # no mathematics
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"

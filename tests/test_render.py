from __future__ import annotations

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from councilscope import render
from councilscope.analysis import theme_report
from councilscope.records import (
    Block,
    Commentary,
    Outturn,
    Region,
    Relation,
    Report,
    Source,
    Span,
    Target,
    Theme,
)
from strategies import reports

SAID = "Not due to staffing. The team, back now, will visit again by June."


def sample(rag: str | None = "red") -> Report:
    spans = (
        Span(
            start=11,
            end=19,
            label="CAUSE",
            text="staffing",
            attrs={"theme": "workforce", "assertion": "negated"},
        ),
        Span(start=25, end=29, label="OWNER", text="team", attrs={"kind": "team"}),
        Span(start=41, end=65, label="ACTION", text=SAID[41:65], attrs={"status": "planned"}),
        Span(start=58, end=65, label="DEADLINE", text="by June", attrs={"iso": "2020-06-30"}),
    )
    relations = (Relation(label="owned_by", head=2, tail=1), Relation(label="due", head=2, tail=3))
    commentary = Commentary(
        section="reason",
        heading="REASON FOR RED:",
        text=SAID,
        spans=spans,
        relations=relations,
        themes=(Theme(id="workforce", score=0.8),),
    )
    block = Block(
        id="b",
        ref="M1.8",
        title="Visits",
        rag=rag,  # type: ignore[arg-type]
        direction="worsening",
        polarity="higher",
        target=Target(text="≥95%"),
        outturns=(
            Outturn(period="2020/21 Q1", text="42.0%", rag="amber"),
            Outturn(period="2020/21 Q2", text="44%"),
        ),
        commentary=(commentary,),
        regions=(Region(page=3, bbox=(0, 0, 1, 1)),),
    )
    return Report(source=Source(path="x.pdf", sha256="0" * 64, pages=6), blocks=(block,))


def printed(report: Report, width: int = 100, **options: object) -> str:
    file = io.StringIO()
    render.print_report(report, console=render.console(file, width=width, **options))
    return file.getvalue()


def test_a_block_reads_without_colour() -> None:
    shown = printed(sample())
    assert "◆ RED" in shown
    for fact in (
        "M1.8",
        "Visits",
        "target ≥95%",
        "↘ worsening",
        "higher is better",
        "page 3",
        "42.0% ▲ AMBER",
        "REASON FOR RED",
    ):
        assert fact in shown
    assert "▪ workforce 0.80" in shown
    flat = " ".join(shown.replace("▪ workforce 0.80", "").split())
    assert "[CAUSE staffing · workforce, negated]" in flat
    assert "[OWNER team]" in flat
    assert "[ACTION will visit again [DEADLINE by June · 2020-06-30] · planned → team]" in flat


def test_each_status_has_a_word_and_a_shape_of_its_own() -> None:
    heads = []
    for rag in ("red", "amber", "green", "blue", "grey", None):
        line = next(line for line in printed(sample(rag)).splitlines() if line.endswith("M1.8  Visits"))
        heads.append(line.removesuffix("M1.8  Visits").split(maxsplit=1))
    assert len({shape for shape, _ in heads}) == 6
    assert [word.strip() for _, word in heads] == ["RED", "AMBER", "GREEN", "BLUE", "GREY", "NO STATUS"]


def test_a_pipe_gets_no_escape_sequences_and_no_trailing_blanks() -> None:
    shown = printed(sample())
    assert "\x1b" not in shown
    assert not re.search(r" \n", shown)


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = printed(sample(), force_terminal=True)
    assert re.search(r"\x1b\[[\d;]*31m", coloured)  # red
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[\d;]*3[1-7]m", printed(sample(), force_terminal=True))


@pytest.mark.parametrize("width", [40, 60, 95, 96, 140])
def test_lines_keep_to_the_width(width: int) -> None:
    assert max(len(line) for line in printed(sample(), width).splitlines()) <= width


@settings(max_examples=25)
@given(reports())
def test_whatever_stands_in_a_report_it_can_be_shown_and_steers_no_terminal(report: Report) -> None:
    for shown in (printed(report), printed(report, 40)):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_markup_and_escapes_in_a_pdf_are_shown_as_text() -> None:
    block = Block(id="b", title="[bold]x[/bold] :smile: \x1b[31mred\x1b]0;owned\x07")
    shown = printed(
        Report(source=Source(path="x.pdf", sha256="0" * 64), blocks=(block,)), force_terminal=False
    )
    assert "[bold]x[/bold] :smile: [31mred]0;owned" in shown


def test_pictures_are_svg_with_the_payload_escaped() -> None:
    block = Block(id="b", title="<script>alert(1)</script>", rag="green")
    report = Report(source=Source(path="x.pdf", sha256="0" * 64), blocks=(block,))
    for picture in (render.to_svg(report), render.themes_to_svg(theme_report([sample()]))):
        assert picture.startswith("<svg")
        assert "<script>" not in picture
    assert "GREEN" in render.to_svg(report)


@given(st.floats(0, 1), st.integers(1, 60))
def test_a_bar_fills_its_share_and_shows_everything_above_nothing(share: float, width: int) -> None:
    length = render.themes.bar(share, width).cell_len
    assert length <= width
    assert abs(length - share * width) <= 1
    assert bool(length) == (share > 0)


def test_the_theme_report_shows_counts_and_quotes() -> None:
    file = io.StringIO()
    render.print_themes(theme_report([sample()], by="rag", least=1), console=render.console(file, width=100))
    shown = file.getvalue()
    for fact in ("workforce", "100%", "1 of 1", "“Not due to staffing.”", "x.pdf", "1 off track"):
        assert fact in shown
    file = io.StringIO()
    render.print_themes(theme_report([]), console=render.console(file, width=100))
    assert "No commentary" in file.getvalue()

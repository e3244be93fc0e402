from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import councilscope as cs
from councilscope.analysis import BY, quote, theme_report
from councilscope.records import Block, Commentary, Council, Period, Region, Report, Source, Span, Theme
from strategies import reports

HERE = (Region(page=4, bbox=(0, 0, 9, 9)),)


def text(
    said: str, *themes: str, section: str = "reason", cause: tuple[int, int, str] | None = None
) -> Commentary:
    spans: tuple[Span, ...] = ()
    if cause:
        start, end, theme = cause
        spans = (
            Span(
                start=start,
                end=end,
                label="CAUSE",
                text=said[start:end],
                attrs={"theme": theme},
                regions=HERE,
            ),
        )
    found = tuple(Theme(id=t, score=0.9) for t in themes)
    return Commentary(section=section, text=said, spans=spans, themes=found, regions=HERE)  # type: ignore[arg-type]


def report(
    name: str, council: str | None, period: tuple[str, int | None], *blocks: Block, gss: str | None = None
) -> Report:
    return Report(
        source=Source(path=f"in/{name}.pdf", sha256=name.ljust(64, "0"), pages=4),
        council=Council(name=council, gss=gss) if council else None,
        period=Period(financial_year=period[0], quarter=period[1]),
        blocks=blocks,
    )


def block(number: int, rag: str | None, *commentary: Commentary, **facts: str) -> Block:
    return Block.model_validate(
        {"id": f"b{number}", "title": f"T{number}", "rag": rag, "commentary": commentary} | facts
    )


THORN = report(
    "thorn",
    "Thornshire County Council",
    ("2020/21", 1),
    block(
        1,
        "red",
        text("Visits fell because staff left. The rest held.", "workforce", cause=(20, 30, "workforce")),
    ),
    block(
        2,
        "amber",
        text("The lockdown closed the centre.", "covid"),
        text("Staff will return.", "workforce", section="action"),
    ),
    block(3, "green", text("Steady.")),
    block(4, "red"),
    gss="E10000014",
)
ALDER = report(
    "alder", "Aldermoor Borough Council", ("2018/19", 4), block(1, "green", text("More staff.", "workforce"))
)
SILENT = report("silent", "Quietham District Council", ("2020/21", 2), block(1, "red"))


def row(table: pd.DataFrame, **wanted: str) -> pd.Series:
    for name, value in wanted.items():
        table = table[table[name] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_counts_have_their_denominators() -> None:
    found = row(theme_report([THORN, ALDER], least=1).table, theme="workforce")
    assert (found["texts"], found["texts_of"]) == (3, 5)
    assert found["texts_share"] == pytest.approx(0.6)
    assert (found["blocks"], found["blocks_of"]) == (3, 4)
    assert (found["off_track"], found["off_track_of"]) == (2, 2)  # the fourth block, red, says nothing


def test_what_is_missing_is_apart_from_zero() -> None:
    made = theme_report([THORN, SILENT], by="council", least=1)
    heard = row(made.table, council="Thornshire County Council", theme="weather")
    assert (heard["texts"], heard["texts_share"]) == (0, 0.0)
    mute = row(made.table, council="Quietham District Council", theme="weather")
    assert (mute["texts"], mute["texts_of"]) == (0, 0)
    assert pd.isna(mute["texts_share"])
    assert pd.isna(mute["off_track_share"])
    total = row(made.totals, council="Thornshire County Council")
    assert (total["off_track_blocks"], total["off_track_of"], total["off_track_silent"]) == (3, 2, 1)


def test_every_theme_of_the_data_file_has_its_row_in_every_group() -> None:
    made = theme_report([THORN, ALDER], by="council")
    assert made.table.groupby("council")["theme"].nunique().tolist() == [16, 16]


def test_an_example_is_the_sentence_of_the_cause_with_its_place() -> None:
    found = row(theme_report([ALDER, THORN]).table, theme="workforce")
    assert found["quote"] == "Visits fell because staff left."
    assert (found["council"], found["period"], found["report"], found["page"]) == (
        "Thornshire County Council",
        "2020/21 Q1",
        "thorn.pdf",
        4,
    )
    assert pd.isna(row(theme_report([THORN]).table, theme="weather")["quote"])


def test_groups_by_status_stand_in_its_order_and_what_is_not_stated_comes_last() -> None:
    other = report(
        "o", None, ("2021/22", None), block(1, None, text("x.", "data")), block(2, "blue", text("y.", "data"))
    )
    made = theme_report([THORN, other], by=["rag", "council"])
    assert list(dict.fromkeys(made.table["rag"])) == ["red", "amber", "green", "blue", "not stated"]
    assert row(made.table, rag="blue", theme="data")["council"] == "not known"


def test_a_block_counts_in_each_section_that_it_has() -> None:
    made = theme_report([THORN], by="section")
    assert row(made.table, section="action", theme="workforce")["texts_of"] == 1
    assert row(made.totals, section="reason")["blocks"] == 3


def test_place_comes_from_the_council_s_code() -> None:
    made = theme_report([THORN], by=["nation", "region"])
    assert set(made.totals["nation"]) == {"England"}
    assert "not known" not in set(made.totals["region"])


def test_since_and_where_leave_out_the_rest() -> None:
    assert set(theme_report([THORN, ALDER], by="council", since="2019/20").totals["council"]) == {
        "Thornshire County Council"
    }
    assert set(theme_report([THORN, ALDER], by="year", since="2020/21 Q1").totals["year"]) == {"2020/21"}
    assert not len(theme_report([THORN], by="year", since="2020/21 Q2").totals)
    made = theme_report([THORN, ALDER], where={"rag": ["RED", "amber"], "section": "reason"})
    assert made.totals["blocks"].tolist() == [2]
    assert row(made.table, theme="workforce")["texts"] == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"by": "colour"}, "colour"),
        ({"by": ["council", "rag", "kind"]}, "one or two"),
        ({"where": {"mood": "dark"}}, "mood"),
        ({"since": "soon"}, "soon"),
        ({"since": "2020/22"}, "2020/22"),
    ],
)
def test_what_cannot_be_asked_is_said(options: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        theme_report([THORN], **options)


def test_an_archive_answers_as_its_reports_do(tmp_path_factory: pytest.TempPathFactory) -> None:
    archive = cs.Archive(tmp_path_factory.mktemp("s") / "store", create=True)
    archive.write([THORN, ALDER, SILENT])
    for by in ((), "council", ("rag", "section")):
        pd.testing.assert_frame_equal(
            archive.themes(by=by).table, theme_report([ALDER, SILENT, THORN], by=by).table
        )


def test_no_report_gives_an_empty_answer_with_the_same_columns() -> None:
    for by in ((), "council"):
        empty, full = theme_report([], by=by), theme_report([THORN], by=by)
        pd.testing.assert_series_equal(empty.table.dtypes, full.table.dtypes)
        assert repr(empty)
    assert theme_report([]).table["texts"].sum() == 0


def test_payloads_in_a_report_stay_inert_in_a_notebook() -> None:
    nasty = "<script>alert(1)</script>"
    made = theme_report(
        [report("n", nasty, ("2020/21", 1), block(1, "red", text(f"{nasty}.", "data")))], by="council"
    )
    assert "<script" not in made._repr_html_()
    assert "&lt;script" in made._repr_html_()


@settings(max_examples=20)
@given(st.lists(reports(), max_size=3, unique_by=lambda r: r.source.sha256), st.sampled_from(BY))
def test_parts_never_exceed_the_whole_and_groups_add_up(given_reports: list[Report], by: str) -> None:
    whole, parts = theme_report(given_reports), theme_report(given_reports, by=by)
    for made in (whole, parts):
        table = made.table
        for name in ("texts", "blocks", "off_track"):
            assert (table[name] <= table[f"{name}_of"]).all()
    summed = parts.table.groupby("theme")["texts"].sum()
    together = whole.table.set_index("theme")["texts"]
    assert all(summed.get(theme, 0) == n for theme, n in together.items())


@given(st.text(max_size=600), st.data())
def test_a_quote_is_short_and_holds_the_start_of_its_span(said: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(said)))
    end = data.draw(st.integers(start, len(said)))
    made = quote(said, start, end)
    assert len(made) <= 200
    assert "\n" not in made


def test_a_long_sentence_is_cut_at_words_around_the_span() -> None:
    said = "word " * 60 + "because the bridge was closed for repairs " + "word " * 60
    at = said.index("the bridge")
    made = quote(said, at, at + len("the bridge was closed"))
    assert "the bridge was closed" in made
    assert made.startswith("… word")
    assert made.endswith("word …")


def many(name: str, council: str, carrying: int, texts: int, role: str = "") -> Report:
    """A report of a council with so many red blocks of one text each, the first ones about the workforce."""
    blocks = [
        block(i, "red", text(f"{name} {i}.", *(["workforce"] if i < carrying else []))) for i in range(texts)
    ]
    made = report(name, council, ("2020/21", 1), *blocks)
    if not role:
        return made
    from councilscope.encoder import model_folder, model_info, read_manifest
    from councilscope.records import ModelInfo

    shipped = model_info(read_manifest(model_folder("themes")))
    other = ModelInfo(name="mine", version="1", hash="0" * 64)
    return made.model_copy(update={"models": {"themes": shipped if role == "shipped" else other}})


def test_a_share_has_an_interval_by_councils_then_reports_then_blocks() -> None:
    four = [many(f"r{i}", f"Council {i}", c, 20) for i, c in enumerate((2, 6, 10, 14))]
    made = theme_report(four)
    found = row(made.table, theme="workforce")
    assert found["texts_low"] < found["texts_share"] == 0.4 < found["texts_high"]
    assert found["off_track_low"] < found["off_track_share"] < found["off_track_high"]
    assert made.totals["drawn_from"].tolist() == ["councils"]
    one = [many(f"r{i}", "Council", c, 20) for i, c in enumerate((2, 6, 10, 14))]
    assert theme_report(one).totals["drawn_from"].tolist() == ["reports"]
    single = theme_report(one[:1])
    assert single.totals["drawn_from"].tolist() == ["blocks"]
    assert 0 < row(single.table, theme="workforce")["texts_high"] < 0.5
    by = theme_report(four, by="council")
    assert (
        set(by.totals["drawn_from"]) == {"blocks"}
        and row(by.table, theme="workforce", council="Council 3")["texts_low"] > 0.4
    )


def test_of_few_texts_no_share_is_claimed_and_the_counts_stay() -> None:
    made = theme_report([many("r", "Council", 3, 9)])
    found = row(made.table, theme="workforce")
    assert (found["texts"], found["texts_of"]) == (3, 9)
    for name in (
        "texts_share",
        "texts_low",
        "texts_corrected",
        "off_track_share",
        "off_track_high",
        "blocks_share",
    ):
        assert pd.isna(found[name])
    assert row(theme_report([many("r", "Council", 3, 9)], least=9).table, theme="workforce")[
        "texts_share"
    ] == pytest.approx(1 / 3)


def test_shares_are_corrected_where_the_model_s_errors_are_known() -> None:
    shipped = [many(f"r{i}", f"Council {i}", 8, 20, "shipped") for i in range(4)]
    made = theme_report(shipped)
    found = row(made.table, theme="workforce")
    assert found["corrected_low"] <= found["texts_corrected"] <= found["corrected_high"]
    assert found["corrected_high"] - found["corrected_low"] > found["texts_high"] - found["texts_low"]
    assert not made.notes
    mixed = theme_report([*shipped, many("o", "Council 9", 8, 20, "other")])
    assert row(mixed.table, theme="workforce")[["texts_corrected"]].isna().all()
    assert "2 different theme models" in mixed.notes[0] and "mine" in mixed.notes[1]

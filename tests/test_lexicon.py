"""The word lists: what headings, labels and phrases stand for, and that the data files are sound."""

from __future__ import annotations

import itertools
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from councilscope import lexicon, records
from councilscope.errors import ConfigError


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Ref No.", "ref"),
        ("PI Code", "ref"),
        ("Performance Indicator", "indicator"),
        ("KPI description", "indicator"),
        ("Key Action", "action"),
        ("Risk description", "risk"),
        ("Portfolio", "service"),
        ("Lead Officer", "owner"),
        ("Responsible Officer(s)", "owner"),
        ("2021/22 Target", "target"),
        ("Annual target", "target"),
        ("Due date", "due"),
        ("RAG status", "rag"),
        ("Traffic light", "rag"),
        ("Direction of Travel", "direction"),
        ("DOT", "direction"),
        ("Long term trend", "direction_long"),
        ("Good performance is", "polarity"),
        ("Actual", "current"),
        ("Current value", "current"),
        ("Year to date", "ytd"),
        ("Previous quarter", "previous"),
        ("Same quarter last year", "same_last_year"),
        ("Previous year", "last_year"),
        ("Numerator", "numerator"),
        ("% complete", "progress"),
        ("Previous RAG", "previous_rag"),
        ("Forecast RAG", "forecast_rag"),
        ("Year end forecast", "forecast"),
        ("England average", "ignored"),
        ("National target", "ignored"),
        ("Risk score", "ignored"),
        ("TARGED", "target"),
        ("Our own lead officer", "owner"),
        ("  rag   STATUS: ", "rag"),
        ("Our target", "target"),
        ("Target this quarter", "target"),
        ("Target for the year", "target"),
        ("Status this period", "rag"),
        ("Status last quarter", "previous_rag"),
    ],
)
def test_headings_of_columns(heading: str, role: str) -> None:
    found = lexicon.header_role(heading)
    assert found is not None and found[0] == role
    assert found[1] > 0.5


@pytest.mark.parametrize("text", ["", "—", "Number of library visits per head", "Bins " * 40])
def test_other_texts_are_no_headings(text: str) -> None:
    found = lexicon.header_role(text)
    assert found is None or found[1] < 0.5


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("REASON FOR RED", "reason"),
        ("Reason for Amber:", "reason"),
        ("Why is this area of risk red?", "reason"),
        ("Root cause", "reason"),
        ("Why is it like this?", "reason"),
        ("Issue", "issue"),
        ("Remedial (management) action to be taken", "action"),
        ("Mitigating actions", "action"),
        ("Route to green", "action"),
        ("Current activity and future activity", "action"),
        ("What are we doing about it?", "action"),
        ("What next?", "outlook"),
        ("Next steps", "outlook"),
        ("Forecast", "outlook"),
        ("Commentary for areas of progress", "progress"),
        ("Commentary for areas for improvement and detail of ongoing action", "improvement"),
        ("Financial implications", "finance"),
        ("Commentary for Finance updates", "finance"),
        ("Impact on other measures", "impact"),
        ("Commentary for Risk updates", "risk"),
        ("Service plan updates required", "strategy"),
        ("Data notes", "note"),
        ("Performance details", "note"),
        ("Commentary", "note"),
    ],
)
def test_headings_of_commentary(heading: str, section: str) -> None:
    assert lexicon.section_of(heading) == section
    assert lexicon.section_guess(heading) == section


@pytest.mark.parametrize("text", ["Percentage of bins collected", "Housing", "", "Priority 2: Clean streets"])
def test_titles_are_no_headings_of_commentary(text: str) -> None:
    assert lexicon.section_of(text) is None


@pytest.mark.parametrize(
    ("heading", "section"),
    [("The reason we missed", "reason"), ("Our recovery journey", "action"), ("Money matters", "note")],
)
def test_a_heading_that_no_phrase_fits_is_told_by_a_word(heading: str, section: str) -> None:
    assert lexicon.section_guess(heading) == section


@pytest.mark.parametrize(
    ("text", "group", "starts"),
    [
        ("Priority 2: Clean streets", "group", True),
        ("Prioritised repairs", "group", False),
        ("Contents", "not_blocks", True),
        ("Appendix 2", "not_blocks", True),
        ("Keyworkers housed", "not_blocks", False),
        ("No exceptions this quarter", "nothing", True),
    ],
)
def test_what_a_text_begins_with(text: str, group: str, starts: bool) -> None:
    assert lexicon.starts_with(text, group) is starts


def test_what_a_text_mentions() -> None:
    assert lexicon.mentions("Performance is slightly off target.", "key")
    assert lexicon.mentions("On target", "key")
    assert not lexicon.mentions("Visits to leisure centres", "key")


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Measure", "indicator"), ("KPI 4", "indicator"), ("Key action", "action"), ("Corporate risk CR12", "risk"), ("Comment", None), ("Measured", None)],
)  # fmt: skip
def test_labels_that_a_title_follows(label: str, kind: str | None) -> None:
    assert lexicon.title_label(label) == kind


@pytest.mark.parametrize(
    ("text", "folded"),
    [("  Reason – for  RED: ", "reason for red"), ("What’s next?", "whats next"), ("% of PIs", "% of pis")],
)
def test_folding(text: str, folded: str) -> None:
    assert lexicon.fold(text) in (folded, folded.replace("whats", "what's"))
    assert lexicon.fold(lexicon.fold(text)) == lexicon.fold(text)


# --- the data files -----------------------------------------------------------------------------------------


def test_sections_are_those_of_the_contract() -> None:
    assert set(lexicon.load_toml("sections.toml")) == set(get_args(records.Section))


def test_status_lists_name_statuses_and_directions_of_the_contract() -> None:
    data = lexicon.status_data()
    rags, directions = set(get_args(records.Rag)), set(get_args(records.Direction))
    assert set(data["words"]) == rags and set(data["letters"]) == rags
    assert set(data["signs"]) == rags | {"coloured"}
    assert set(data["direction_words"]) == directions
    assert set(data["direction_signs"]) == set(data["direction_letters"]) == {"up", "down", "level"}


@pytest.mark.parametrize("table", ["words", "direction_words"])
def test_no_word_has_two_meanings(table: str) -> None:
    where: dict[str, list[str]] = {}
    for meaning, words in lexicon.status_data()[table].items():
        for word in words:
            where.setdefault(lexicon.fold(word), []).append(meaning)
    assert {w: m for w, m in where.items() if len(set(m)) > 1} == {}


def test_no_heading_of_a_column_is_listed_under_two_roles() -> None:
    where: dict[str, set[str]] = {}
    for role, entry in lexicon.load_toml("headers.toml").items():
        for phrase in entry["phrases"]:
            where.setdefault(lexicon.fold(phrase.lstrip("=")), set()).add(role)
    assert {p: r for p, r in where.items() if len(r) > 1} == {}


def test_no_heading_of_commentary_is_listed_under_two_sections() -> None:
    where: dict[str, set[str]] = {}
    for section, entry in lexicon.load_toml("sections.toml").items():
        for phrase in entry["phrases"]:
            where.setdefault(lexicon.fold_keep(phrase.lstrip("=~")), set()).add(section)
    assert {p: s for p, s in where.items() if len(s) > 1} == {}


def test_hues_cover_the_colour_wheel_once() -> None:
    ranges = sorted(tuple(r) for rs in lexicon.status_data()["hues"].values() for r in rs)
    assert ranges[0][0] == 0 and ranges[-1][1] == 360
    assert all(a[1] == b[0] for a, b in itertools.pairwise(ranges))


def test_private_use_twins_of_symbol_fonts() -> None:
    chars = lexicon.symbol_fonts()["wingdings"]
    assert chars["\uf0e9"] == chars["é"] == "↑"
    assert chars["\uf06c"] == chars["l"] == "●"


def test_every_data_file_says_where_it_comes_from() -> None:
    from importlib.resources import files

    for name in ("headers.toml", "sections.toml", "labels.toml", "status.toml"):
        text = (files("councilscope") / "data" / name).read_text(encoding="utf-8")
        assert "Source:" in text, name


def test_a_missing_data_file_is_named() -> None:
    with pytest.raises(ConfigError, match=r"no-such\.toml"):
        lexicon.load_toml("no-such.toml")


PHRASES = [p.text for name in ("headers.toml", "sections.toml") for p in lexicon._phrases(name)]


@given(st.lists(st.sampled_from([*PHRASES, "and", "the", "2021"]), min_size=1, max_size=4).map(" ".join))
def test_the_phrase_found_at_an_edge_is_the_first_of_the_list_that_stands_there(said: str) -> None:
    for name in ("headers.toml", "sections.toml"):
        listed = [p for p in lexicon._phrases(name) if not p.exact]
        at_start = next((p for p in listed if said.startswith(p.text + " ")), None)
        at_end = next((p for p in listed if said.endswith(" " + p.text)), None)
        index = lexicon._index(name)
        first, last = index.at_start(said), index.at_end(said)
        assert (first and first[1:]) == (at_start and (at_start.text, at_start.target))
        assert (last and last[1:]) == (at_end and (at_end.text, at_end.target))

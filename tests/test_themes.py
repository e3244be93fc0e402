"""Themes: the word list, the classifier, the shipped model."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from councilscope.encoder import model_folder
from councilscope.errors import ConfigError
from councilscope.tagging import Passage
from councilscope.tagging.words import Finder, Theme, expand, finder, themes
from councilscope.themes import ThemeLabeller, load_themes
from training import corpus, scores


@pytest.fixture(scope="module")
def labeller() -> ThemeLabeller:
    return load_themes()


def ids(labeller: ThemeLabeller, text: str) -> set[str]:
    return {t.id for t in labeller.label([Passage(text)])[0]}


def test_the_word_list_has_the_sixteen_themes() -> None:
    assert [t.id for t in themes()] == list(corpus.THEMES)
    assert all(t.words and t.definition for t in themes())


def test_phrases_expand_to_plain_ones() -> None:
    assert expand("(lock|shut) down(s)?") == {"lock down", "lock downs", "shut down", "shut downs"}
    assert expand("gps?") == {"gp", "gps"}


def test_phrases_match_whole_words_beginnings_and_hyphens() -> None:
    own = Finder((Theme("a", "", "", ("flood*", "re-open*", "ice")),))
    text = "Flooding reopened; the site re-opens. Service notice: ice"
    assert [text[h.start : h.end] for h in own.find(text)] == ["Flooding", "re-opens", "ice"]


@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("Visits stopped in March because of the coronavirus pandemic and the lockdown.", "covid"),
        ("Two vacancies and high sickness in the team, with recruitment still under way.", "workforce"),
        ("Heavy snow and flooding closed roads in February.", "weather"),
        ("The budget is overspent and savings of £2m are at risk.", "finance"),
    ],
)
def test_plain_cases(labeller: ThemeLabeller, text: str, theme: str) -> None:
    assert theme in ids(labeller, text)


@pytest.mark.parametrize("text", ["None", "N/A", "No items by exception to report", ""])
def test_stock_phrases_have_no_theme(labeller: ThemeLabeller, text: str) -> None:
    assert labeller.label([Passage(text)]) == [()]


def test_scores_are_ordered_and_reach_their_thresholds(labeller: ThemeLabeller) -> None:
    limits = dict(zip(labeller.ids, labeller.classifier.thresholds_, strict=True))
    for found in labeller.label([Passage(t["text"]) for t in corpus.split("reporting")[:40]]):
        assert [t.score for t in found] == sorted((t.score for t in found), reverse=True)
        assert all(limits[t.id] - 1e-4 <= t.score <= 1 for t in found)


def test_themes_depend_on_no_neighbour(labeller: ThemeLabeller) -> None:
    passages = [Passage(t["text"], t["section"]) for t in corpus.split("reporting")[:30]]
    together = labeller.label(passages)
    assert labeller.label(passages[::-1])[::-1] == together
    assert [labeller.label([p])[0] for p in passages] == together


def test_the_explanation_names_words_of_the_text(labeller: ThemeLabeller) -> None:
    text = "Two vacancies in the planning team; heavy snow in March."
    told = labeller.explain(text)
    assert set(told) == ids(labeller, text)
    assert any("vacanc" in w for w, _ in told["workforce"])
    assert any("snow" in w for w, _ in told["weather"])
    assert told["workforce"] == sorted(told["workforce"], key=lambda wv: -wv[1])


@pytest.mark.parametrize("name", ["classifier.json", "classifier.npz"])
def test_a_damaged_model_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "themes"
    shutil.copytree(model_folder("themes"), folder)
    (folder / name).write_bytes((folder / name).read_bytes()[:-7] + b"1234567")
    with pytest.raises(ConfigError, match=name):
        load_themes(folder)


def test_another_encoder_than_the_one_fitted_with_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "tagger"
    shutil.copytree(model_folder("tagger"), folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    data = (folder / "encoder.onnx").read_bytes() + b"0"
    (folder / "encoder.onnx").write_bytes(data)
    manifest["files"]["encoder.onnx"] = hashlib.sha256(data).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match="another encoder"):
        load_themes(encoder=folder)


def test_scores_stay_above_the_floors(labeller: ThemeLabeller) -> None:
    floors = json.loads((model_folder("themes") / "floors.json").read_text(encoding="utf-8"))["reporting"]
    texts = corpus.split("reporting")
    found = labeller.label([Passage(t["text"], t["section"]) for t in texts])
    table = scores.themes(texts, [{"themes": [t.model_dump() for t in x]} for x in found])
    assert {k: table[k].f1 for k, least in floors.items() if table[k].f1 < least} == {}


def test_the_finder_is_made_once() -> None:
    assert finder() is finder()

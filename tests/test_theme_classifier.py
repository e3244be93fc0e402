"""The theme classifier as a scikit-learn estimator."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks as checks

from councilscope.encoder import model_folder, read_manifest
from councilscope.errors import ConfigError
from councilscope.records import Span
from councilscope.tagging import Passage, load_tagger
from councilscope.themes import Sample, ThemeClassifier, load_themes
from councilscope.themes.scorer import sampled
from training import corpus

WORDS = {"weather": ("snow", "ice", "flood"), "finance": ("budget", "savings", "grant")}
TEXTS = [
    f"The {w} of month {i % 7} was noted in district {i % 5}"
    for i in range(12)
    for t in WORDS.values()
    for w in t
]
TEXTS += [f"Nothing of note in district {i % 5}" for i in range(24)]
Y = pd.DataFrame({name: [int(any(w in t for w in words)) for t in TEXTS] for name, words in WORDS.items()})


def small(**settings: object) -> ThemeClassifier:
    """A classifier that needs no model."""
    return ThemeClassifier(**{"tagged": False, "min_texts": 1, "min_char_texts": 1, "cv": 2, **settings})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def fitted() -> ThemeClassifier:
    return small().fit(TEXTS, Y)


def test_it_learns_and_names_its_themes(fitted: ThemeClassifier) -> None:
    assert fitted.classes_.tolist() == ["weather", "finance"]
    assert (
        fitted.predict(["Snow fell", "A grant and a flood", "Nothing much"]) == [[1, 0], [1, 1], [0, 0]]
    ).all()
    scores = fitted.predict_proba(TEXTS)
    assert ((scores >= 0) & (scores <= 1)).all() and scores.shape == (len(TEXTS), 2)


def test_the_same_texts_give_the_same_classifier_whatever_stands_beside_them(fitted: ThemeClassifier) -> None:
    again = small().fit(TEXTS, Y)
    assert np.array_equal(again.predict_proba(TEXTS), fitted.predict_proba(TEXTS))
    assert np.array_equal(fitted.predict_proba(TEXTS[:1]), fitted.predict_proba(TEXTS)[:1])


def test_scikit_learn_s_checks_that_need_no_table_of_numbers() -> None:
    """`check_estimator` runs those that apply to an estimator of texts; the others feed it matrices of numbers."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert all(r["status"] == "passed" for r in checks.check_estimator(small(), on_fail="raise"))
    for check in (
        checks.check_parameters_default_constructible,
        checks.check_no_attributes_set_in_init,
        checks.check_get_params_invariance,
        checks.check_set_params,
        checks.check_estimator_repr,
        checks.check_valid_tag_types,
        checks.check_mixin_order,
    ):
        check("ThemeClassifier", small())


def test_clone_pipeline_and_grid_search() -> None:
    assert clone(small(c=7.0)).get_params()["c"] == 7.0
    search = GridSearchCV(
        small(cv=0), {"c": [0.001, 3.0], "char_weight": [0.0, 1.0]}, scoring="f1_micro", cv=2
    )
    search.fit(TEXTS, Y.to_numpy())
    assert search.best_score_ > 0.8 and search.best_params_["c"] == 3.0
    assert make_pipeline(small()).fit(TEXTS, Y).predict(["ice"]).tolist() == [[1, 0]]
    left_out = cross_val_predict(small(cv=0), TEXTS, Y.to_numpy(), cv=3, method="predict_proba")
    assert left_out.shape == (len(TEXTS), 2)


def test_set_output_gives_frames_with_the_themes_as_columns() -> None:
    made = small().set_output(transform="pandas").fit(TEXTS, Y).transform(TEXTS[:2])
    assert isinstance(made, pd.DataFrame) and list(made.columns) == ["weather", "finance"]


@pytest.mark.parametrize("y", [[0, 1] * 48, np.zeros((3, 2)), np.full((96, 2), 0.5)])
def test_what_is_no_table_of_labels_is_refused(y: object) -> None:
    with pytest.raises(ValueError, match="0/1 matrix"):
        small().fit(TEXTS, y)


def test_an_unfitted_one_says_so() -> None:
    for ask in (small().predict, small().transform, small().decision_function):
        with pytest.raises(NotFittedError):
            ask(TEXTS)


def test_it_is_saved_without_pickle_and_reads_back_the_same(fitted: ThemeClassifier, tmp_path: Path) -> None:
    about = {
        "name": "small",
        "version": "1",
        "encoder": read_manifest(model_folder("tagger"))["files"]["encoder.onnx"],
    }
    own = small(codebook=load_themes().classifier.book).fit(TEXTS, Y)
    own.save(tmp_path, about)
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "classifier.json",
        "classifier.npz",
        "manifest.json",
    ]
    again = ThemeClassifier.load(tmp_path)
    assert np.array_equal(again.predict_proba(TEXTS), own.predict_proba(TEXTS))
    assert again.get_params() == own.get_params() and isinstance(clone(again), ThemeClassifier)
    first = (tmp_path / "classifier.npz").read_bytes()
    own.save(tmp_path, about)
    assert (tmp_path / "classifier.npz").read_bytes() == first
    (tmp_path / "classifier.npz").write_bytes(first[:-9] + b"123456789")
    with pytest.raises(ConfigError, match=r"classifier\.npz"):
        ThemeClassifier.load(tmp_path)


def test_the_shipped_model_is_this_class_and_small() -> None:
    shipped, light = ThemeClassifier.load(), load_themes().classifier
    texts = [t["text"] for t in corpus.split("development")[:10]]
    assert np.array_equal(shipped.predict_proba(texts), light.predict_proba(texts))
    assert sum(f.stat().st_size for f in model_folder("themes").iterdir()) <= 8_000_000


def test_scores_are_calibrated_on_texts_left_out_not_on_those_fitted() -> None:
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 2, (len(TEXTS), 1))  # nothing to learn, much to remember
    letters = "abcdefghijklmnopqrstuvwxyz"
    texts = [f"{t} un{letters[i % 26]}{letters[i // 26]}ique" for i, t in enumerate(TEXTS)]
    made = small(c=1e4, cv=4).fit(texts, noise)
    assert 0.25 < made.predict_proba(texts).mean() < 0.75
    assert 0 < made.slope_ < 0.3, "the scores of texts left out say nothing, so that they are flattened"


def test_groups_stay_on_one_side_when_scores_are_calibrated() -> None:
    authors = [i // 6 for i in range(len(TEXTS))]
    by_author = [f"author {'abcdefghijklmnop'[a] * 3} wrote this" for a in authors]
    y = np.array([[a % 2] for a in authors])
    apart = small(cv=3).fit(by_author, y, groups=authors)
    mixed = small(cv=3).fit(by_author, y)
    assert apart.slope_ < mixed.slope_


def test_causes_actions_and_sections_count() -> None:
    text = "Snow fell. Budgets were cut."
    bare = Sample(text, None, None)
    marked = Sample(
        text,
        None,
        "reason",
        (Span(start=0, end=4, label="CAUSE", text="Snow", attrs={"theme": "weather"}, score=0.9),),
    )
    made = small(cv=0).fit([bare, marked] * 6, np.array([[0], [1]] * 6))
    assert made.predict([bare, marked]).tolist() == [[0], [1]]
    blind = small(cv=0, tag_weight=0.0, section_weight=0.0).fit([bare, marked] * 6, np.array([[0], [1]] * 6))
    assert np.array_equal(*blind.decision_function([bare, marked]))


def test_texts_passages_frames_and_samples_are_read_alike() -> None:
    shipped = ThemeClassifier.load()
    text = "Two vacancies in the planning team; heavy snow in March."
    passage = Passage(text, "reason")
    sample = sampled(passage, next(iter(load_tagger().pipe([passage]))))
    frame = pd.DataFrame({"text": [text], "section": ["reason"]})
    wanted = shipped.predict_proba([sample])
    for given in ([passage], frame):
        assert np.array_equal(shipped.predict_proba(given), wanted)
    assert shipped.predict_proba([text]).shape == wanted.shape


def test_reasons_add_up_to_what_the_words_bring(fitted: ThemeClassifier) -> None:
    told = fitted.explain("Snow and a grant", most=50)
    assert told["weather"][0][0] == "snow" and told["finance"][0][0] == "grant"
    text = "snow"
    only = small(lexicon_weight=0.0, section_weight=0.0, tag_weight=0.0).fit(TEXTS, Y)
    wanted = only.slope_ * (only.decision_function([text]) - only.intercept_)[0, 0]
    assert sum(v for _, v in only.explain(text)["weather"]) == pytest.approx(wanted, abs=0.01)

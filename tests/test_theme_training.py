"""Theme models of one's own: labels in, training, the model everywhere, what to label next, what the codebook misses."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from conftest import Runner
from councilscope import codebook
from councilscope.annotate import tag
from councilscope.codebook import Code, Codebook
from councilscope.errors import ConfigError
from councilscope.themes import Sample, ThemeClassifier, load_themes, own
from councilscope.themes.discover import find_topics, to_codes, untold
from councilscope.themes.labels import Labelled, read_labels, write_tasks
from councilscope.themes.suggest import choose, spread, unsureness
from training.own_codebook import parts

BOOK = Codebook("mine", (Code("cold", "Cold weather"), Code("money", "Money")))


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


# ------------------------------------------------------------------------------ labels


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'text,themes\n"Snow, ice",cold\nA grant and snow,Money; COLD\nNothing,\nLater,?\n'),
        ("a.csv", "text,cold,money\nSnow,1,0\nBoth,yes,1\nNothing,,0\n"),
        (
            "a.jsonl",
            '{"text": "Snow", "label": ["cold"]}\n{"text": "Both", "label": ["cold", "money"]}\n{"text": "No", "label": []}',
        ),
        (
            "a.json",
            json.dumps(
                [
                    {"data": {"text": t}, "annotations": [{"result": [{"value": {"choices": c}}]}]}
                    for t, c in (("Snow", ["cold"]), ("Both", ["money", "cold"]), ("No", []))
                ]
                + [{"data": {"text": "Later"}, "annotations": []}]
            ),
        ),
    ],
)
def test_labels_of_each_tool_are_read(tmp_path: Path, name: str, text: str) -> None:
    given = read_labels(written(tmp_path, name, text), BOOK)
    assert given.Y.tolist() == [[1, 0], [1, 1], [0, 0]]
    assert len(given.skipped) == ("Later" in text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("text,themes\nSnow,cold\nIce,frost\n", "line 3.*'frost'.*cold, money"),
        ("words\nx\n", "columns text and themes"),
        ("text,cold,money\nSnow,perhaps,0\n", "'perhaps'"),
        ("text,themes\n,cold\n", "no text"),
        ("text,themes\nSnow,?\n", "no labelled text"),
    ],
)
def test_what_is_wrong_with_labels_is_said_with_file_and_line(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        read_labels(written(tmp_path, "mine.csv", text), BOOK)
    assert "mine.csv" in str(error.value)


@pytest.mark.parametrize("form", ["csv", "doccano", "label-studio"])
def test_tasks_written_for_a_tool_are_read_back_when_done(tmp_path: Path, form: str) -> None:
    rows = [{"id": "1", "text": "Snow,\nice", "guess": [("cold", 0.7)], "page": "3"}]
    text = write_tasks(rows, form, BOOK.ids, "m")
    if form == "csv":
        assert "?" in text
        path = written(tmp_path, "t.csv", text.replace(",?,", ",cold,"))
    elif form == "doccano":
        path = written(tmp_path, "t.jsonl", text)
    else:
        tasks = json.loads(text)
        tasks[0]["annotations"] = [{"result": tasks[0]["predictions"][0]["result"]}]
        path = written(tmp_path, "t.json", json.dumps(tasks))
    given = read_labels(path, BOOK)
    assert (given.passages[0].text, given.Y.tolist()) == ("Snow,\nice", [[1, 0]])


# ------------------------------------------------------------------------------ training


@pytest.fixture(scope="module")
def trained() -> tuple[Codebook, Labelled, own.Trained]:
    book, given = parts()
    return book, given["train"], own.train_own(book, given["train"])


def test_few_texts_are_enough_for_a_codebook_that_is_not_the_shipped_one(
    trained: tuple[Codebook, Labelled, own.Trained],
) -> None:
    book, _, made = trained
    held = parts()[1]["held"]
    _, micro, macro = own.measured(book.ids, held.Y, made.classifier.predict(own.prepared(held.passages)))
    assert macro[0] >= 0.57 and macro[1] < macro[0] < macro[2]
    assert micro[0] >= 0.55
    # What cross-validation promised was no better than it is on other texts, within its own interval.
    assert made.macro[1] - 0.1 <= macro[0]


def test_it_says_which_themes_have_too_little_data(trained: tuple[Codebook, Labelled, own.Trained]) -> None:
    advice = {s.theme: s.advice for s in trained[2].scores}
    assert "4 more texts" in advice["planning"] and "too little" not in advice["waste"]
    rows, _, _ = own.measured(("a", "b"), np.array([[1, 0]] * 3), np.array([[1, 0]] * 3))
    assert "not learned" in rows[1].advice


def test_an_own_model_is_taken_wherever_themes_are_given(
    trained: tuple[Codebook, Labelled, own.Trained], tmp_path: Path, command: Runner, root: Path
) -> None:
    book, given, made = trained
    own.save_own(made, book, given, tmp_path / "mine")
    labeller = load_themes(tmp_path / "mine")
    assert labeller.ids == book.ids and labeller.errors["waste"][0] > 0
    said = "Recycling fell because the bins were not emptied."
    told = next(tag([{"id": 1, "text": said}], theme_model=tmp_path / "mine"))["themes"]
    assert [t["id"] for t in told] == ["waste"]
    report = root / "corpus" / "reports" / "aldermoor-2019-20-q4.pdf"
    model = ("--theme-model", tmp_path / "mine")
    assert command("annotate", report, "--store", tmp_path / "s", "--workers", "0", *model).returncode == 0
    shown = json.loads(command("read", report, "--json", *model).stdout)
    assert shown["models"]["themes"]["name"] == "themes: services"
    assert {t["id"] for b in shown["blocks"] for c in b["commentary"] for t in c["themes"]} <= set(book.ids)
    asked = command("themes", "--store", tmp_path / "s", "--json", *model)
    rows = json.loads(asked.stdout)["themes"]
    assert {r["theme"] for r in rows} == set(book.ids) and not asked.stderr
    without = command("themes", "--store", tmp_path / "s", "--json")
    assert "another model (themes: services)" in without.stderr
    assert all(r["texts_corrected"] is None for r in json.loads(without.stdout)["themes"])
    again = command("annotate", report, "--store", tmp_path / "s", "--workers", "0")
    assert "1 read now" in again.stderr, "another theme model gives other themes: read again"


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="councilscope themes train"):
        load_themes(tmp_path)


def test_train_prints_scores_with_intervals(tmp_path: Path, command: Runner) -> None:
    book = written(tmp_path, "b.toml", BOOK.to_toml())
    rows = "".join(
        f"Snow and ice came in week {i}.,cold\nThe grant of £{i}m was cut.,money\n" for i in range(8)
    )
    labels = written(tmp_path, "l.csv", "text,themes\n" + rows + "Not yet,?\n")
    done = command("themes", "train", "--codebook", book, "--labels", labels, "--out", tmp_path / "m")
    assert done.returncode == 0, done.stderr
    assert "cold" in done.stdout and "to" in done.stdout and "7 more texts" in done.stdout
    assert "1 texts are not labelled" in done.stderr and (tmp_path / "m" / "codebook.toml").is_file()


def test_definitions_and_examples_alone_rank_texts() -> None:
    book, given = parts()
    held = given["held"]
    near = own.first_ranking(book, own.prepared(held.passages), load_themes().classifier)
    top = [held.Y[np.argsort(-near[:, k], kind="stable")[:10], k].mean() for k in range(len(book.ids))]
    assert np.mean(top) > 3 * held.Y.mean()


# ------------------------------------------------------------------------------ suggestions and topics


def test_the_least_sure_come_first() -> None:
    scores = np.array([[0.9, 0.0], [0.31, 0.0], [0.0, 0.0], [0.5, 0.29]])
    made = unsureness(scores, np.array([0.3, 0.3]))
    assert made.argsort()[::-1][:2].tolist() in ([1, 3], [3, 1]) and made[2] == 0


def test_suggestions_are_unsure_and_unlike_each_other() -> None:
    vectors = np.array([[1.0, 0], [1, 0], [0, 1], [0.6, 0.8]])
    assert spread(vectors, np.array([1.0, 0.99, 0.5, 0.1]), 2) == [0, 2]
    texts = ["snow", "snow", "grant", "snow and grant", "neither"]
    model = ThemeClassifier(tagged=False, min_texts=1, min_char_texts=1, cv=0).fit(
        texts, np.array([[1, 0], [1, 0], [0, 1], [1, 1], [0, 0]])
    )
    chosen = choose([Sample(t) for t in texts], model, 10)
    assert sorted(texts[i] for i in chosen) == sorted(set(texts)), (
        "each wording once, never more than there are"
    )


TOPICS = [
    (f"The school meals kitchen at site {w} served cold lunches", "north")
    for w in "alpha beta gamma delta".split()
] + [
    (f"Taxi drivers asked for a later licence renewal in {w}", s) for w, s in zip("abcd", "nnss", strict=True)
]
TOPICS += [(f"{w} was {w}ed and {w}ing", "s") for w in "jump walk look turn talk plant".split()]


def test_topics_recur_and_do_not_depend_on_the_order() -> None:
    texts, sources = zip(*TOPICS, strict=True)
    found = find_topics(texts, sources, topics=2)
    assert len(found) == 1, "the kitchens are those of one council alone"
    assert {"taxi", "licence"} & {w for word in found[0].words for w in word.split()}
    assert {texts[i] for i in found[0].texts} == set(texts[4:8])
    back = find_topics(texts[::-1], sources[::-1], topics=2)
    assert [t.words for t in back] == [t.words for t in found]
    assert sources[found[0].quotes[0]] != sources[found[0].quotes[1]], "quotes of different councils first"
    assert Codebook("x", tuple(to_codes(found, texts))).codes[0].examples


def test_texts_without_a_theme_are_looked_at() -> None:
    scores = np.full((50, 2), 0.9)
    scores[10:45] = 0.1
    assert untold(scores, np.array([0.5, 0.5])).tolist() == list(range(10, 45))


def test_the_commands_give_usable_files(tmp_path: Path, command: Runner, root: Path) -> None:
    store = tmp_path / "store"
    reports = [
        root / "corpus" / "reports" / f"{n}.pdf" for n in ("aldermoor-2019-20-q4", "kelderby-2018-19-q4")
    ]
    command("annotate", *reports, "--store", store, "--workers", "0")
    asked = command("themes", "suggest", "--store", store, "-n", "5")
    rows = list(csv.DictReader(io.StringIO(asked.stdout)))
    assert len(rows) == 5 and all(r["themes"] == "?" and r["report"] and r["page"] for r in rows)
    own_book = tmp_path / "my.toml"
    command("codebook", "new", own_book)
    first = command(
        "themes", "suggest", "--store", store, "--codebook", own_book, "-n", "4", "--format", "doccano"
    )
    lines = [json.loads(line) for line in first.stdout.splitlines()]
    assert len(lines) == 4 and all(
        any(w in line["text"].lower() for w in ("vacan", "recruit", "sick", "staff", "team", "post"))
        for line in lines[:1]
    )
    found = command("themes", "discover", "--store", store)
    assert found.returncode == 0
    assert codebook.from_table(tomllib.loads(found.stdout), "topics").codes

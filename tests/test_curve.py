"""The learning curve's tagger: what it marks are spans of the text, and it learns what it was shown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "scripts"))
from training.curve import LABELS, answers, curve, decode, tags, words


def text(said: str, *marked: tuple[str, str]) -> dict[str, Any]:
    spans = [
        {
            "start": said.index(part),
            "end": said.index(part) + len(part),
            "label": label,
            "text": part,
            "attrs": {},
        }
        for label, part in marked
    ]
    return {"text": said, "section": "reason", "spans": spans, "relations": [], "themes": []}


TEXTS = [
    text(
        f"Calls rose because of {what}. The manager will hire {n} staff by May.",
        ("CAUSE", what),
        ("OWNER", "manager"),
    )
    for n in range(2, 9)
    for what in ("the storm", "two vacancies", "a new system")
]


def test_marks_come_back_from_their_tags() -> None:
    for t in TEXTS:
        spans = words(t["text"])
        for label in LABELS:
            back = [s["text"] for s in decode(t["text"], spans, tags(t, spans, label), label)]
            assert back == [s["text"] for s in t["spans"] if s["label"] == label]


@given(st.text(alphabet="ab \n.", max_size=40), st.lists(st.sampled_from("BIO"), max_size=40))
def test_no_span_runs_over_a_line_feed(said: str, found: list[str]) -> None:
    spans = words(said)
    found = (found + ["O"] * len(spans))[: len(spans)]
    for s in decode(said, spans, found, "CAUSE"):
        assert s["text"] == said[s["start"] : s["end"]] and "\n" not in s["text"]


def test_it_learns_what_it_was_shown() -> None:
    (answer,) = answers(TEXTS, [TEXTS[0]])
    assert {(s["label"], s["text"]) for s in answer["spans"]} == {
        ("CAUSE", "the storm"),
        ("OWNER", "manager"),
    }
    (row,) = curve(TEXTS, {"same": TEXTS})
    assert row["texts"] == len(TEXTS) and row["same"]["CAUSE"] > 0.9

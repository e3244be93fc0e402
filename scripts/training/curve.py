"""A learning curve with the simplest tagger that shows one: a linear begin/inside/outside model over words.

It trains in a minute and is far below the shipped tagger; what counts is where it still gains as texts are added.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier

from training import scores

Item = dict[str, Any]
LABELS = ("CAUSE", "ACTION", "OWNER", "DEADLINE")
STEP = 1000
WORD = re.compile(r"\w+(?:[-'’]\w+)*|[^\w\s]|\n")


def words(text: str) -> list[tuple[int, int]]:
    """Character ranges of the words, marks and line feeds of a text."""
    return [m.span() for m in WORD.finditer(text)]


def features(text: Item, spans: Sequence[tuple[int, int]]) -> Iterator[list[str]]:
    """What a word, its form and its neighbours to three places on either side are, and the section of the text."""
    forms = [text["text"][a:b].lower() for a, b in spans]
    for i, (a, b) in enumerate(spans):
        own = text["text"][a:b]
        out = [f"w={forms[i]}", f"p={forms[i][:4]}", f"s={forms[i][-3:]}", f"sec={text.get('section')}"]
        out += ["cap"] * own[:1].isupper() + ["num"] * own[:1].isdigit()
        for k in (-3, -2, -1, 1, 2, 3):
            near = forms[i + k] if 0 <= i + k < len(forms) else "<>"
            out += [f"{k}={near}"]
        if i:
            out.append(f"b={forms[i - 1]} {forms[i]}")
        yield out


def tags(text: Item, spans: Sequence[tuple[int, int]], label: str) -> list[str]:
    out = ["O"] * len(spans)
    for s in text["spans"]:
        if s["label"] == label:
            inside = [i for i, (a, b) in enumerate(spans) if s["start"] <= a and b <= s["end"]]
            for n, i in enumerate(inside):
                out[i] = "I" if n else "B"
    return out


def decode(text: str, spans: Sequence[tuple[int, int]], found: Sequence[str], label: str) -> Iterator[Item]:
    """Runs of begin and inside as spans; none runs over a line feed."""
    start: int | None = None
    for i, tag in enumerate([*found, "O"]):
        ends = tag != "I" or (i < len(spans) and text[slice(*spans[i])] == "\n")
        if start is not None and ends:
            a, b = spans[start][0], spans[i - 1][1]
            yield {"start": a, "end": b, "label": label, "text": text[a:b], "attrs": {}}
            start = None
        if start is None and tag != "O" and i < len(spans) and text[slice(*spans[i])] != "\n":
            start = i


def answers(train: Sequence[Item], texts: Sequence[Item]) -> list[Item]:
    """Spans that a model fitted on `train` finds in `texts`."""
    hasher = FeatureHasher(2**18, input_type="string", alternate_sign=False)

    def matrix(items: Sequence[Item]) -> Any:
        return hasher.transform(f for t in items for f in features(t, words(t["text"])))

    seen, asked = matrix(train), matrix(texts)
    out: list[Item] = [{"spans": [], "relations": [], "themes": []} for _ in texts]
    for label in LABELS:
        wanted = [tag for t in train for tag in tags(t, words(t["text"]), label)]
        if len(set(wanted)) < 2:  # a label that no training text has
            continue
        model = SGDClassifier(loss="log_loss", alpha=1e-6, max_iter=8, tol=None, random_state=0).fit(
            seen, wanted
        )
        found = list(model.predict(asked))
        for text, answer in zip(texts, out, strict=True):
            spans = words(text["text"])
            mine, found = found[: len(spans)], found[len(spans) :]
            answer["spans"] += decode(text["text"], spans, mine, label)
    return out


def curve(
    train: Sequence[Item], sets: dict[str, list[Item]], log: Callable[[str], None] = lambda line: None
) -> list[dict[str, Any]]:
    """Relaxed F1 by label on each set after every thousand texts, in one shuffled order (seed 0)."""
    order = list(train)
    random.Random(0).shuffle(order)
    rows = []
    for n in [*range(STEP, len(order), STEP), len(order)]:
        log(f"{n} texts")
        row: dict[str, Any] = {"texts": n}
        every = [t for texts in sets.values() for t in texts]
        found = answers(order[:n], every)
        for name, texts in sets.items():
            mine, found = found[: len(texts)], found[len(texts) :]
            got = scores.spans(texts, mine)
            row[name] = {
                label: round(got[label]["relaxed"].f1, 3) for label in (*LABELS, "ALL") if label in got
            }
        rows.append(row)
    return rows


def by_group(
    train: Sequence[Item], texts: Sequence[Item], keys: dict[str, Callable[[Item], str]], least: int = 12
) -> dict[str, dict[str, tuple[int, float, float]]]:
    """Per group of texts (genre, service …) with `least` texts: their number and the relaxed F1 of all labels with the
    first thousand training texts and with all, in the order of `curve`."""
    order = list(train)
    random.Random(0).shuffle(order)
    few, all_ = answers(order[:STEP], texts), answers(order, texts)
    out: dict[str, dict[str, tuple[int, float, float]]] = {}
    for name, key in keys.items():
        groups: dict[str, list[int]] = {}
        for i, t in enumerate(texts):
            groups.setdefault(key(t), []).append(i)
        for group, ids in sorted(groups.items()):
            if len(ids) >= least:
                mine = [texts[i] for i in ids]
                a = scores.spans(mine, [few[i] for i in ids])["ALL"]["relaxed"].f1
                b = scores.spans(mine, [all_[i] for i in ids])["ALL"]["relaxed"].f1
                out.setdefault(name, {})[group] = (len(ids), round(a, 3), round(b, 3))
    return out


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The curve as Markdown."""
    names = [k for k in rows[0] if k != "texts"]
    lines = [
        "| texts | " + " | ".join(f"{name}: {label}" for name in names for label in (*LABELS, "ALL")) + " |"
    ]
    lines.append("| --- |" + " --- |" * (5 * len(names)))
    for row in rows:
        cells = [
            f"{row[name][label]:.2f}" if label in row[name] else "–"
            for name in names
            for label in (*LABELS, "ALL")
        ]
        lines.append(f"| {row['texts']:,} | " + " | ".join(cells) + " |")
    return "\n".join(lines)

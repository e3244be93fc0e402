"""Train on the small codebook of corpus/codebooks and score the model on texts kept apart."""

from __future__ import annotations

import csv
import time
from typing import Any

import numpy as np

from councilscope.codebook import load
from councilscope.tagging import Passage
from councilscope.themes import own
from councilscope.themes.labels import Labelled
from training import corpus

FOLDER = corpus.ROOT / "corpus" / "codebooks"


def parts() -> tuple[Any, dict[str, Labelled]]:
    """The codebook, and its labelled texts: `train` and `held`."""
    book = load(FOLDER / "services.toml")
    texts = {t["id"]: t for t in corpus.read()}
    with (FOLDER / "services.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    out = {}
    for part in ("train", "held"):
        mine = [r for r in rows if r["part"] == part]
        marks = [[i in r["themes"].split("; ") for i in book.ids] for r in mine]
        out[part] = Labelled([Passage(texts[r["id"]]["text"]) for r in mine], np.array(marks, int))
    return book, out


def score(log: Any = print, **settings: Any) -> dict[str, float]:
    """Macro and micro F1 on the held-out texts, cross-validated F1 beside them, and seconds of training."""
    book, given = parts()
    began = time.monotonic()
    made = own.train_own(book, given["train"], **settings)
    seconds = time.monotonic() - began
    held = own.prepared(given["held"].passages)
    rows, micro, macro = own.measured(book.ids, given["held"].Y, made.classifier.predict(held))
    cross = {s.theme: s for s in made.scores}
    for s in rows:
        log(
            f"{s.theme:12} {cross[s.theme].texts:3} texts to train  F1 {cross[s.theme].f1:.2f} cross-validated, {s.f1:.2f} held out ({s.texts})"
        )
    near = own.first_ranking(book, held, made.classifier)
    top = [
        given["held"].Y[np.argsort(-near[:, k], kind="stable")[:10], k].mean() for k in range(len(book.ids))
    ]
    result = {
        "macro_f1": macro[0], "macro_low": macro[1], "macro_high": macro[2], "micro_f1": micro[0],
        "cross_validated_macro_f1": made.macro[0], "first_ranking_precision_at_10": float(np.mean(top)),
        "seconds": seconds,
    }  # fmt: skip
    log("  ".join(f"{k} {v:.2f}" for k, v in result.items()))
    return result

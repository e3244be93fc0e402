"""What `themes train`, `suggest` and `discover` do; heavy modules load in the function that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from councilscope.cli.guard import out, say

if TYPE_CHECKING:
    from councilscope.themes import Sample

LONGEST = 400  # characters of a quote
KEYS = ["doc_id", "block_id", "commentary_index"]


def train(codebook: Path, labels: Path, folder: Path) -> int:
    from councilscope.codebook import read_any
    from councilscope.themes import FOLDS, read_labels, save_own, train_own

    book = read_any(codebook)
    given = read_labels(labels, book)
    if given.skipped:
        say(f"{len(given.skipped)} texts are not labelled yet and are left out")
    say(f"reading {len(given.passages)} texts, then fitting {FOLDS + 1} times")
    made = train_own(book, given)
    out(f"{'theme':24} {'texts':>5} {'P':>6} {'R':>6} {'F1':>6}  95% interval")
    for s in made.scores:
        numbers = f"{s.precision:6.2f} {s.recall:6.2f} {s.f1:6.2f}  {s.low:.2f} to {s.high:.2f}"
        out(f"{s.theme:24} {s.texts:5} {numbers if s.texts else '     –      –      –'}  {s.advice}".rstrip())
    for name, (value, low, high) in (("micro", made.micro), ("macro", made.macro)):
        out(f"{name + ' average':24} {'':5} {'':6} {'':6} {value:6.2f}  {low:.2f} to {high:.2f}")
    kept = "texts of one source together" if given.groups else "drawn at random"
    say(f"scores are cross-validated: {FOLDS} parts, {kept}")
    save_own(made, book, given, folder)
    say(f"{folder} written; use it with --theme-model {folder}")
    return 0


def suggest(store: str, model: Path | None, codebook: Path | None, number: int, form: str) -> int:
    from councilscope.themes import (
        choose,
        first_ranking,
        label_studio_view,
        load_themes,
        spread,
        unit,
        write_tasks,
    )

    labeller = load_themes(model)
    rows, samples = _texts(store)
    if not rows:
        say("the archive has no commentary in English to choose from")
        return 4
    if codebook is None:
        chosen = choose(samples, labeller.classifier, number)
        ids, scores = labeller.ids, labeller.classifier.predict_proba([samples[i] for i in chosen])
        reached = labeller.classifier.thresholds_
        name, book = labeller.model.name, labeller.classifier.book
    else:
        from councilscope.codebook import read_any

        book = read_any(codebook)
        near = first_ranking(book, samples, labeller.classifier)
        chosen = _each_theme_in_turn(near, number, spread, unit(labeller.classifier, samples))
        ids, scores, name = book.ids, near[chosen], f"{book.name}: first ranking"
        reached = scores.max(axis=0).clip(0.2) * 0.7
    tasks = []
    for i, row in zip(chosen, scores, strict=True):
        guess = sorted(
            ((ids[k], float(s)) for k, s in enumerate(row) if s >= reached[k]), key=lambda g: -g[1]
        )
        tasks.append({**rows[i], "guess": guess})
    sys.stdout.write(write_tasks(tasks, form, ids, name))
    if form == "label-studio":
        say("the labelling interface for these tasks (Label Studio: Settings, Labeling Interface, Code):")
        sys.stderr.write(label_studio_view(book))
    return 0


def _each_theme_in_turn(near: Any, number: int, spread: Any, vectors: Any) -> list[int]:
    """The nearest texts of each theme in turn, no two alike."""
    each = -(-number // near.shape[1])
    ranked = [near[:, k].argsort(kind="stable")[::-1][: 5 * each] for k in range(near.shape[1])]
    lists = [
        [int(r[j]) for j in spread(vectors[r], near[r, k].clip(0), len(r))] for k, r in enumerate(ranked)
    ]
    chosen: list[int] = []
    for place in range(max(map(len, lists))):
        for mine in lists:
            if place < len(mine) and mine[place] not in chosen and len(chosen) < number:
                chosen.append(mine[place])
    return chosen


def discover(store: str, model: Path | None, topics: int | None) -> int:
    from councilscope.analysis import quote
    from councilscope.codebook import Codebook
    from councilscope.themes import find_topics, load_themes, to_codes, untold

    labeller = load_themes(model)
    rows, samples = _texts(store)
    if not rows:
        say("the archive has no commentary in English to look at")
        return 4
    left = untold(labeller.classifier.predict_proba(samples), labeller.classifier.thresholds_)
    kept = [rows[i] for i in left]
    texts = [r["text"] for r in kept]
    councils = {r["council"] for r in kept}
    found = find_topics(texts, [r["council"] if len(councils) > 1 else r["report"] for r in kept], topics)
    say(f"looked at {len(kept)} of {len(rows)} texts: those without a theme, or nearest to that")
    if not found:
        say("no topic comes again in them")
        return 0
    codes = to_codes(found, [quote(t, 0, min(len(t), LONGEST), LONGEST) for t in texts])
    out(
        "# Topics that the codebook misses. Name and define those that are worth keeping, and move them into yours."
    )
    for topic, code in zip(found, codes, strict=True):
        first = kept[topic.quotes[0]]
        out(f"# {code.id}: {len(topic.texts)} texts, such as {first['report']}, page {first['page']}")
    out("")
    sys.stdout.write(Codebook("topics", tuple(codes)).to_toml())
    return 0


def _texts(store: str) -> tuple[list[dict[str, Any]], list[Sample]]:
    """The archive's commentary, each wording once, in a fixed order, and what the tagger makes of it."""
    from pathlib import PurePath

    from councilscope.archive import Archive
    from councilscope.language import english_only
    from councilscope.tagging import Passage, says_nothing
    from councilscope.themes import prepared

    archive = Archive(store)
    facts = ["doc_id", "paths", "council_name", "period_financial_year", "period_quarter"]
    documents = {d["doc_id"]: d for d in archive.table("documents", facts).to_dict("records")}
    table = archive.table("commentary", [*KEYS, "section", "text", "page"]).sort_values(KEYS)
    rows: dict[str, dict[str, Any]] = {}
    for c in table.to_dict("records"):
        text = english_only(str(c["text"]))
        if says_nothing(text) or text in rows:
            continue
        d = documents[c["doc_id"]]
        quarter = f" Q{d['period_quarter']}" if d["period_quarter"] == d["period_quarter"] else ""
        rows[text] = {
            "id": f"{c['doc_id'][:12]}/{c['block_id']}/{c['commentary_index']}",
            "text": text,
            "section": _known(c["section"]),
            "council": _known(d["council_name"]),
            "period": _known(d["period_financial_year"]) + quarter.replace(" Q<NA>", ""),
            "report": PurePath(d["paths"][0]).name,
            "page": _known(c["page"]),
        }
    say(f"reading {len(rows):,} texts of the archive")
    passages = [Passage(r["text"], r["section"] or None) for r in rows.values()]
    return list(rows.values()), prepared(passages)


def _known(value: Any) -> str:
    return "" if value is None or value != value or str(value) == "<NA>" else str(value)

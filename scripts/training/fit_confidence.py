"""Fit how sure a block is read right, on made reports; write data/confidence.toml and say how well it holds.

Which facts to use was chosen on seeds 105 and 106 and on real reports, so neither says how well the choice holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from councilscope.blocks.confidence import DOUBTS, FACTS, probability, weights
from training.right_blocks import Read, data_hash, printed, read_all

FITTED, HELD_OUT = range(101, 105), range(107, 109)
ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "nlp/councilscope/data/confidence.toml"
HEADER = """\
# How sure a block is read right: constant and weights of a logistic regression over facts of the block, which
# councilscope/blocks/confidence.py explains. A block is right where its title, status, direction and target are, and
# 0.8 or more (F1) of its outturns and of its commentary.
# Fitted by `scripts/train confidence` (scikit-learn) on {blocks} blocks of {reports} made reports (corpus/layouts, seeds
# {first} to {last}, {share:.1%} of them right); SHA-256 of their gold:
# {sha}
"""


def matrix(blocks: Sequence[Read]) -> np.ndarray:
    return np.array([[b.facts[name] for name in FACTS] for b in blocks])


def fit(blocks: Sequence[Read]) -> tuple[float, dict[str, float]]:
    """Constant and weights. A fact that speaks against a block is left out (weight 0) where it would speak for it."""
    X, y = matrix(blocks), np.array([b.right for b in blocks])
    use = list(FACTS)
    while True:
        at = [FACTS.index(name) for name in use]
        model = LogisticRegression(max_iter=2000).fit(X[:, at], y)
        found = dict(zip(use, model.coef_[0], strict=True))
        wrong = [name for name in DOUBTS if found.get(name, 0.0) > 0]
        if not wrong:
            return float(model.intercept_[0]), {name: float(found.get(name, 0.0)) for name in FACTS}
        use = [name for name in use if name not in wrong]


def run(layouts: Path | None = None) -> None:
    """Fit on the fitted seeds, write the file, and print how it holds on the others and on the sample archive."""
    with printed(FITTED, layouts) as pdfs:
        blocks = read_all(pdfs)
        constant, found = fit(blocks)
        header = HEADER.format(
            blocks=len(blocks),
            reports=len(pdfs),
            share=sum(b.right for b in blocks) / len(blocks),
            first=FITTED[0],
            last=FITTED[-1],
            sha=data_hash(pdfs),
        )
    lines = [f"{name} = {found[name]:.3f}" for name in FACTS]
    text = f"{header}\nconstant = {constant:.3f}\n\n[weights]\n" + "\n".join(lines) + "\n"
    FILE.write_text(text, encoding="utf-8")
    weights.cache_clear()
    print(text)
    with printed(HELD_OUT, layouts) as pdfs:
        told("made reports not fitted on", read_all(pdfs))
    told("the sample archive", read_all(sorted((ROOT / "corpus/reports").glob("*.pdf"))))


def told(name: str, blocks: Sequence[Read]) -> None:
    """Print Brier score and calibration error, with what a constant (the share that is right) would score."""
    right = [float(b.right) for b in blocks]
    share = float(np.mean(right))
    sure = [probability(b.facts) for b in blocks]
    print(
        f"{name}: {len(blocks)} blocks, {share:.1%} right, mean confidence {np.mean(sure):.3f}, "
        f"Brier {brier(sure, right):.3f} (constant: {brier([share] * len(right), right):.3f}), "
        f"expected calibration error {calibration_error(sure, right):.3f}"
    )


def brier(probabilities: Sequence[float], right: Sequence[float]) -> float:
    """Mean squared difference of probability and truth (1 right, 0 wrong)."""
    return float(np.mean((np.asarray(probabilities) - np.asarray(right)) ** 2))


def calibration_error(probabilities: Sequence[float], right: Sequence[float], bins: int = 10) -> float:
    """Expected calibration error: mean difference of probability and share right over ten bins of one width."""
    p, y = np.asarray(probabilities), np.asarray(right)
    which = np.minimum((p * bins).astype(int), bins - 1)
    return float(
        sum(abs(p[which == k].mean() - y[which == k].mean()) * np.mean(which == k) for k in np.unique(which))
    )

"""The datasheet of the annotated commentary: the counts in it stand between two marks and are written by script."""

from __future__ import annotations

from training import corpus, counts
from training.corpus import Text

PAGE = corpus.FOLDER / "README.md"
START = "<!-- counts: written by scripts/corpus-counts --write -->"
END = "<!-- end of counts -->"


def with_counts(texts: list[Text]) -> str:
    """The datasheet as it is with the totals and shares of `texts` in place; ValueError where a mark is missing."""
    page = PAGE.read_text(encoding="utf-8")
    before, found, rest = page.partition(START)
    _, closed, after = rest.partition(END)
    if not found or not closed:
        raise ValueError(f"{PAGE}: the marks {START!r} and {END!r} are not both there")
    tables = [*counts.main_table(texts), "", *counts.shares(texts)]
    return "\n".join([f"{before}{START}", "", *tables, "", f"{END}{after}"])

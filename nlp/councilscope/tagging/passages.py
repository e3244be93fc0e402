"""What goes into the tagger and what comes out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from councilscope.records import Period, Relation, Span


@dataclass(frozen=True, slots=True)
class Passage:
    """One commentary text; `section` as the contract names it, `period` the report's, for due dates."""

    text: str
    section: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """The spans of one passage, by start, end and label, and the relations between them by index.

    `vector` is the encoder's text vector, kept so that the themes need not be encoded again; it takes no
    part in comparisons.
    """

    spans: tuple[Span, ...] = ()
    relations: tuple[Relation, ...] = ()
    vector: np.ndarray | None = field(default=None, compare=False, repr=False)

"""Status and direction of travel from whatever shows them: words, letters, fills, icons, glyphs, arrows.

Each kind of evidence is read by itself. The report's own key may give a colour or word another meaning;
red, amber and green always mean themselves. Evidence that disagrees is kept, for the caller to warn about.
"""

from __future__ import annotations

from councilscope.status.arrows import arrow_meaning, arrow_turn, form_of, shape_direction, sign_turn
from councilscope.status.key import DULL, NEITHER, STRONG, TINT, Key, colour_name, colour_rag, is_yellow
from councilscope.status.reading import (
    Evidence,
    disagreement,
    icon_rags,
    read_direction,
    read_status,
)
from councilscope.status.signs import glyph_rag, is_sign, sign_of
from councilscope.status.words import (
    exact_rag,
    letter_rag,
    meaning_of,
    moved,
    names_colour,
    word_direction,
    word_rag,
)

__all__ = [
    "DULL",
    "NEITHER",
    "STRONG",
    "TINT",
    "Evidence",
    "Key",
    "arrow_meaning",
    "arrow_turn",
    "colour_name",
    "colour_rag",
    "disagreement",
    "exact_rag",
    "form_of",
    "glyph_rag",
    "icon_rags",
    "is_sign",
    "is_yellow",
    "letter_rag",
    "meaning_of",
    "moved",
    "names_colour",
    "read_direction",
    "read_status",
    "shape_direction",
    "sign_of",
    "sign_turn",
    "word_direction",
    "word_rag",
]

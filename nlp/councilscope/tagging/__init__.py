"""Causes, actions, owners and deadlines in commentary: `load_tagger().pipe(passages)`.

spaCy stays within this package: it splits texts into words and sentences, and the tagger is also on offer as
spaCy components (`components`), found through the `spacy_factories` entry points.
"""

from __future__ import annotations

from councilscope.tagging.cues import before_covid, says_nothing
from councilscope.tagging.passages import Passage, Tagged
from councilscope.tagging.pieces import Cutter
from councilscope.tagging.tagger import RuleTagger, Tagger, load_tagger
from councilscope.tagging.words import Finder, Theme, finder, themes

__all__ = [
    "Cutter",
    "Finder",
    "Passage",
    "RuleTagger",
    "Tagged",
    "Tagger",
    "Theme",
    "before_covid",
    "finder",
    "load_tagger",
    "says_nothing",
    "themes",
]

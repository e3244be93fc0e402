"""Paragraphs that open an item: behind a code, named in bold, or behind a status."""

from __future__ import annotations

import re

from councilscope.blocks.draft import (
    ROLE_WORDS,
    Draft,
    is_code,
    is_name,
    norm_ref,
    owners_of,
    split_lettered,
    split_ref,
)
from councilscope.blocks.items import Loose, style_of
from councilscope.blocks.labels import (
    said_in,
)
from councilscope.blocks.titles import Titles
from councilscope.layout import Element
from councilscope.lexicon import (
    starts_with,
)
from councilscope.status import (
    Evidence,
    exact_rag,
    glyph_rag,
    sign_of,
)
from councilscope.text import Paragraph
from councilscope.values import (
    parse_target,
    polarity_of,
)


class Starts(Titles):
    """How the walk opens an item."""

    def _start(self, text: str, kind: str, p: Paragraph, new_group: bool = True) -> Draft:
        self._flush()
        ref, title = split_ref(text.replace("\n", " "))
        draft = Draft(title=title, kind=kind, ref=ref, source="item", page=p.box.page, table=-1)
        draft.service = self._over_title(draft.page) or " > ".join(self._services([])) or None
        draft.boxes.append(p.box)
        if kind == "indicator":
            draft.kind = self._heading_kind()
        self._status_from_heading(draft)
        self._status_in_title(draft, p)
        self._icons(draft, p)
        self.found.drafts.append(draft)
        self.current = draft
        self.item_level = None
        self.section = None
        self.preface = []
        self.open_list = None
        self.heading_open = False
        if new_group:
            self.group = []
        return draft

    def _add(self, section: str, heading: str | None, p: Paragraph, skip: int = 0) -> None:
        if self.group and len(self.group) > 1:
            for d in self.group:
                d.note(section, heading, [p], skip)
        elif self.current is not None:
            self.current.note(section, heading, [p], skip)
        else:
            self.found.loose.append(Loose(section, heading, p, self.run, labelled=True))

    def _ref_start(self, e: Element, p: Paragraph) -> bool:
        """A paragraph that begins with a code opens an item: in bold, as a heading or as a bullet."""
        text = p.text
        ref, title = split_ref(text)
        if ref is None and e.heading:
            ref, title = split_lettered(text, self.lettered)
        if (
            ref is None
            or starts_with(text, "group")
            or (e.heading and re.fullmatch(r"\d+(?:\.\d+)*", ref) and norm_ref(ref) not in self.known_refs)
        ):
            return False
        known = norm_ref(ref) in self.known_refs
        words = len(text.split())
        prominent = e.heading or p.bold_prefix >= 2 or (p.bullet and text[:1] in "([")
        if not known and not (prominent and re.search(r"[A-Za-z]", ref) and words <= 60):
            return False
        if known and not prominent:
            after = text[len(ref) :].lstrip(")] ")
            if not after.startswith((":", "-", "–", "—")) and words > 25:
                return False
            self.run += 1
            self.found.loose.append(
                Loose(
                    self.section[0] if self.section else "note",
                    self.section[1] if self.section else None,
                    p,
                    self.run,
                    labelled=_words_of_ref(p, ref) > 0,
                    skip=_words_of_ref(p, ref) if p.bullet else 0,
                )
            )
            return True
        bold = " ".join(w.text for w in p.words[: p.bold_prefix])
        owner_line = " ".join(w.text for w in p.lines[-1].words)
        leader, comma, post = owner_line.partition(",")
        if len(p.lines) > 1 and comma and is_name(leader) and ROLE_WORDS.search(post):
            title = title[: -len(owner_line)].strip() if title.endswith(owner_line) else title
        else:
            owner_line = ""
        name = split_ref(bold)[1] if 0 < p.bold_prefix < len(p.words) and split_ref(bold)[0] else title
        before = self.current if self.last_start is not None and self.current is self.last_start else None
        bare = (
            before is not None
            and not before.notes
            and not before.owners
            and before.source == "item"
            and not before.opened
        )
        shared = (self.group or [before]) if bare and before is not None and p.bullet else []
        draft = self._start(f"{ref} {name}", "indicator", p)
        self.last_start = draft
        self.item_level = e.level if e.heading else None
        if shared:
            self.group = [*shared, draft]
        draft.ref, draft.title = ref, name.strip(" -–:")
        self._status_in_title(draft, p)
        if owner_line:
            draft.owners = owners_of(owner_line)
        draft.polarity = draft.polarity or next(
            (v for b in re.findall(r"\(([^)]*)\)", text) if (v := polarity_of(b))), None
        )
        self._said(
            draft,
            " ".join(w.text for w in p.words[p.bold_prefix :]) if 0 < p.bold_prefix < len(p.words) else "",
        )
        if e.heading or 0 < p.bold_prefix < len(p.words):
            self.title_styles.add(style_of(p))
        self.section = ("note", text if p.bullet or p.bold_prefix < len(p.words) else None)
        if e.heading:
            self.section = None
        return True

    def _bold_start(self, e: Element, p: Paragraph) -> bool:
        """An item named in bold at the start of a paragraph: with its code in brackets, or before its figures."""
        n = p.bold_prefix
        if not 2 <= n < len(p.words) or e.heading:
            return False
        bold = " ".join(w.text for w in p.words[:n])
        rest = " ".join(w.text for w in p.words[n:])
        coded = re.match(r"^(?P<title>.{6,160}?)\s*\((?P<ref>[^()]{2,12})\)[.:]?$", bold)
        if coded and is_code(coded.group("ref")) and re.search(r"\d", coded.group("ref")):
            draft = self._start(coded.group("title"), "indicator", p)
            draft.ref = coded.group("ref")
            self._said(draft, " ".join(rest.split()[:60]))
            self.section = ("note", None)
            self._add("note", None, p, n)
            return True
        said = said_in(rest)
        marked = p.bullet or bool(p.marker)
        if not marked or len(rest.split()) > 24 or not (said.current or (said.target and said.periods)):
            return False
        draft = self._start(bold.strip(" –—-:"), "indicator", p)
        self._said(draft, rest)
        for w in p.marker:
            rag = glyph_rag(sign_of(w), w.colour, self.found.key)
            if rag:
                draft.status.insert(0, Evidence(rag, "icon"))
        self.section = ("note", None)
        return True

    def _status_start(self, p: Paragraph) -> bool:
        """An action behind its status: "ON TRACK – Plant 4,500 trees (lead: A Bell, due March 2023)"."""
        words = [w.text for w in p.words[:6]]
        at = next((k for k, w in enumerate(words) if w in ("–", "—", "-", ":")), None)
        if at is None or not 1 <= at <= 4 or len(p.words) - at < 4 or len(p.words) > 70:
            return False
        said = " ".join(words[:at])
        rag = exact_rag(said, self.found.key)
        if rag is None or not (said.isupper() or all(w.bold for w in p.words[:at])):
            return False
        text = " ".join(w.text for w in p.words[at + 1 :])
        above = self._last_heading()
        if above is not None and self._names_report(above):
            return False  # a key in words: "Green - the target was met"
        bracket = re.search(r"\((?P<in>[^()]*(?:lead|owner|due|by)[^()]*)\)\s*$", text, re.IGNORECASE)
        draft = self._start(text[: bracket.start()].strip() if bracket else text, "action", p)
        draft.status = [Evidence(rag, "text")]
        if bracket:
            who = re.search(r"(?i)\b(?:lead|owner)[: ]+(?P<v>.+?)(?:[,;] *due\b|$)", bracket.group("in"))
            when = re.search(r"(?i)\bdue[: ]+(?:by )?(?P<v>.+)$", bracket.group("in"))
            if who:
                draft.owners = owners_of(who.group("v"))
            if when:
                draft.target = parse_target(when.group("v"))
        self.section = None
        return True


def _words_of_ref(p: Paragraph, ref: str) -> int:
    """How many words a number before a dash takes at the start of a paragraph ("1.1 – The team ..."), else 0."""
    words = [w.text for w in p.words[:4]]
    for k, w in enumerate(words):
        if w in ("–", "—", "-", ":") and "".join(words[:k]) == ref.replace(" ", ""):
            return k + 1
    return 1 if words and words[0] == f"{ref}:" else 0

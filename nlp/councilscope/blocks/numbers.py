"""Commentary that names its items by number ("Actions 1.2 and 1.9 ..."), by going on, or by its subject."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from councilscope.blocks.draft import Draft, norm_ref, norm_title
from councilscope.blocks.items import Loose
from councilscope.blocks.labels import run_in
from councilscope.lexicon import fold, starts_with

NOUNS = r"(?:key |delivery |performance |council plan )?(?:actions?|measures?|indicators?|kpis?|pis?|milestones?|refs?|references?|items?|deliverables?|objectives?|projects?|risks?|commitments?)"
LIST = r"{r}(?:\s*(?:,|&|and|or|to|-|–|/|;|plus|as well as)\s*(?:{n}\s+)?{r})*"
SPELLED = r"[\[(]?(?:[A-Z]{1,8}[ _-]?|[A-Za-z]{1,8}(?=\d))?\d{1,4}(?:\.\d{1,3})*(?:\.?[A-Z]\d{0,3})?[a-z]?(?:\([a-z0-9]{1,2}\))?[\])]?"
LISTED = re.compile(LIST.format(r=SPELLED, n=NOUNS))
NAMED = re.compile(rf"\b({NOUNS})\s*(?:no\.?s?|numbers?|refs?)?\s*[:(]?\s*$", re.IGNORECASE)
RANGE = re.compile(rf"({SPELLED})\s*(?:to|-|–)\s*({SPELLED})")
OWN_NOUN = re.compile(rf"({NOUNS})\s+(.*)", re.IGNORECASE)
BETWEEN = re.compile(r"\s*(?:,|&|\band\b|\bor\b|\bplus\b|;|\bas well as\b)\s*")
PREFIXES = {
    "measure": ("m",),
    "indicator": ("m", "i", "pi", "kpi"),
    "kpi": ("kpi", "k"),
    "action": ("a",),
    "risk": ("r",),
}
STOP = frozenset(
    "the a an of to in and for by on with from at as is are be or that this which who will have has been was were number percentage proportion rate total".split()
)


def attach(drafts: list[Draft], loose: list[Loose]) -> list[Loose]:
    """Give loose paragraphs to the drafts whose title stands above them or whose number they name; returns the rest."""
    loose = _by_title(drafts, loose)
    by_ref = {norm_ref(d.ref): d for d in drafts if d.ref}
    for d in drafts:
        for alias in d.aliases:
            by_ref.setdefault(norm_ref(alias), d)
    if not by_ref:
        return loose
    left: list[Loose] = []
    previous: list[Draft] = []
    run = -1
    for item in loose:
        if item.run != run:
            previous, run = [], item.run
        text = item.paragraph.text
        if starts_with(text, "nothing"):
            left.append(item)
            previous = []
            continue
        refs = refs_in(text, by_ref)
        if item.labelled and not refs:
            refs = bare_refs(text, by_ref)
        named = {id(by_ref[r]) for r in refs}
        if not named and item.under:
            several = dict.fromkeys(id(by_ref[r]) for r in refs_in(item.under, by_ref))
            named = (
                set(several) if len(several) > 1 else set()
            )  # "CY2 and CY3 Stability for children in care"
        found = [d for d in drafts if id(d) in named]
        if not found and item.labelled:
            found = by_subject(text, drafts) or previous
        if not found:
            left.append(item)
            continue
        for d in found:
            d.note(item.section, item.heading, [item.paragraph], item.skip)
        previous = found
    return left


def refs_in(text: str, refs: Iterable[str]) -> list[str]:
    """Normalised refs that a text names. Refs with letters count anywhere, plain numbers after a noun ("action 1.2")."""
    known = set(refs)
    out: list[str] = []
    for m in LISTED.finditer(text):
        lead = NAMED.search(text[max(0, m.start() - 40) : m.start()])
        noun = fold(lead.group(1)).split()[-1].rstrip("s") if lead else None
        tokens = [t for t in BETWEEN.split(m.group(0)) if t]
        for k, token in enumerate(tokens):
            if k and token.isdigit() and "." in tokens[0]:
                continue  # "action 3.9, 11 new posts": a figure
            span = RANGE.fullmatch(token)
            if span and (noun or re.search(r"[A-Za-z]", span.group(1))):
                out += _between(norm_ref(span.group(1)), norm_ref(span.group(2)), known, noun)
                continue
            for part in token.split("/"):
                own = OWN_NOUN.match(part)
                if own:
                    noun, part = fold(own.group(1)).split()[-1].rstrip("s"), own.group(2)
                hit = _known(part, known, noun)
                if hit:
                    out.append(hit)
    return out


def bare_refs(text: str, refs: Iterable[str]) -> list[str]:
    """Normalised dotted refs that stand without a noun where a figure would not: "Work on 1.2 has halted"."""
    known = set(refs)
    out = []
    for m in re.finditer(
        r"(?:^|(?:\b(?i:on|in|for|under|of|with|to|against)|\()\s*)(\d{1,2}(?:\.\d{1,2})+[a-z]?)(?=[\s,.):;]|$)(?!\s*(?:%|million|m\b|k\b|days|weeks|points?|per|FTE|hours|years))",
        text,
    ):
        r = norm_ref(m.group(1))
        if r in known and r not in out:
            out.append(r)
    return out


def _known(token: str, known: set[str], noun: str | None) -> str | None:
    r = norm_ref(token)
    if not r:
        return None
    lettered = bool(re.search(r"[a-z]", r))
    if noun:
        for prefix in PREFIXES.get(noun, ()):
            if prefix + r in known:
                return prefix + r
    if r in known and (lettered or noun):
        return r
    return None


def _between(first: str, last: str, known: set[str], noun: str | None) -> list[str]:
    head_a, a = re.match(r"(.*?)(\d+)$", first).groups() if re.match(r"(.*?)(\d+)$", first) else ("", "")  # type: ignore[union-attr]
    head_b, b = re.match(r"(.*?)(\d+)$", last).groups() if re.match(r"(.*?)(\d+)$", last) else ("", "")  # type: ignore[union-attr]
    if not a or not b or (head_b and head_a != head_b) or not 0 < int(b) - int(a) < 40:
        return [r for r in (first, last) if r in known]
    return [r for k in range(int(a), int(b) + 1) if (r := _known(f"{head_a}{k}", known, noun or "x"))]


def by_subject(text: str, drafts: list[Draft]) -> list[Draft]:
    """The one draft most of whose title's words stand in a text, if the match is clear; else none."""
    have = set(_stems(text))
    scored: list[tuple[float, int]] = []
    for i, d in enumerate(drafts):
        want = _stems(d.title)
        if len(want) < 3:
            continue
        share = sum(1 for w in want if w in have) / len(want)
        scored.append((share, i))
    scored.sort(reverse=True)
    if scored and scored[0][0] >= 0.75 and (len(scored) < 2 or scored[1][0] < scored[0][0] - 0.15):
        return [drafts[scored[0][1]]]
    return []


@lru_cache(maxsize=4096)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(w[:5] for w in re.findall(r"[a-z]+", fold(text)) if w not in STOP and len(w) > 2)


def _titles_before(item: Loose, titles: dict[str, list[Draft]]) -> tuple[list[Draft], str, int] | None:
    """The items whose titles a paragraph begins with in bold ("Rent collected – The ..."), the titles, their words."""
    p = item.paragraph
    found = run_in(p) if p.bold_prefix else None
    if found is None or found[1] >= len(p.words):
        return None
    label = found[0].strip(" –—-:")
    whole = titles.get(norm_title(label), [])
    parts = (
        [whole] if whole else [titles.get(norm_title(x), []) for x in re.split(r"\s+(?:and|&)\s+|; ", label)]
    )
    if not all(len(x) == 1 for x in parts):
        return None
    return [x[0] for x in parts], label, found[1]


def _by_title(drafts: list[Draft], loose: list[Loose]) -> list[Loose]:
    """Give paragraphs to the one draft whose title is the heading above them; returns the others."""
    titles: dict[str, list[Draft]] = {}
    for d in drafts:
        titles.setdefault(norm_title(d.title), []).append(d)
    left: list[Loose] = []
    for item in loose:
        told = _titles_before(item, titles)
        if told is not None:
            for d in told[0]:
                d.note(item.section, told[1], [item.paragraph], told[2])
            continue
        named = titles.get(norm_title(item.under), []) if item.under else []
        if len(named) == 1:
            named[0].note(item.section, item.heading, [item.paragraph])
        else:
            left.append(item)
    return left

"""Reports that print each item twice, in Welsh and in English: the two are one block, with the texts of both."""

from __future__ import annotations

from collections.abc import Sequence

from councilscope.blocks.draft import Draft
from councilscope.geometry import overlap_1d
from councilscope.language import Language, language_of


def join_languages(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts less the Welsh twins of English ones. A twin says the same of target, figures and status in Welsh, under
    the same reference or at the same height of the page; its texts follow the English ones.
    """
    spoken = [_language(d) for d in drafts]
    if "cy" not in spoken:
        return list(drafts)
    gone: set[int] = set()
    english = [d for d, said in zip(drafts, spoken, strict=True) if said != "cy"]
    for k, (d, said) in enumerate(zip(drafts, spoken, strict=True)):
        if said != "cy":
            continue
        twin = next((e for e in english if _same_item(d, e)), None)
        if twin is None:
            continue
        twin.notes += d.notes
        twin.boxes += [b for b in d.boxes if b not in twin.boxes]
        twin.direction = twin.direction or d.direction
        gone.add(k)
        english.remove(twin)
    return [d for k, d in enumerate(drafts) if k not in gone]


def _language(d: Draft) -> Language | None:
    return language_of(d.title) or language_of(" ".join(n.text_map().text for n in d.notes))


def _same_item(welsh: Draft, english: Draft) -> bool:
    if welsh.kind != english.kind or bool(welsh.ref) != bool(english.ref):
        return False
    if welsh.ref:
        near = welsh.ref == english.ref
    else:
        a, b = welsh.boxes[:1], english.boxes[:1]
        near = bool(
            a
            and b
            and a[0].page == b[0].page
            and overlap_1d(a[0].y0, a[0].y1, b[0].y0, b[0].y1) > 0.5 * min(a[0].height, b[0].height)
        )
    return near and _facts(welsh) == _facts(english)


def _facts(d: Draft) -> tuple[object, ...]:
    return (
        d.target.value if d.target else None,
        tuple(f.value for f in d.figures),
        d.status[0].rag if d.status else None,
    )

"""Hypothesis strategies for records of the contract that hold together: offsets, relations and hashes fit."""

from __future__ import annotations

import hashlib
import typing

from hypothesis import strategies as st

from councilscope import records as r

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
FIGURES = st.one_of(st.none(), st.floats(-1e9, 1e9, allow_nan=False).map(lambda f: round(f, 3)))
SCORES = st.floats(0, 1).map(lambda f: round(f, 4))


def one_of(literal: object) -> st.SearchStrategy:
    return st.sampled_from(typing.get_args(literal))


def maybe(strategy: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | strategy


@st.composite
def regions(draw: st.DrawFn) -> tuple[r.Region, ...]:
    pages = draw(st.lists(st.integers(1, 400), max_size=3))
    side = st.floats(0, 2000).map(lambda f: round(f, 2))
    return tuple(r.Region(page=p, bbox=(draw(side), draw(side), draw(side), draw(side))) for p in pages)


@st.composite
def spans(draw: st.DrawFn, text: str) -> tuple[r.Span, ...]:
    found = []
    for label in draw(st.lists(one_of(r.Label), max_size=4)):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        keys = draw(
            st.lists(st.sampled_from(["theme", "assertion", "effect", "status", "kind", "iso"]), unique=True)
        )
        attrs = {key: draw(maybe(WORDS)) for key in keys}
        found.append(
            r.Span(
                start=start,
                end=end,
                label=label,
                text=text[start:end],
                attrs=attrs,
                score=draw(SCORES),
                regions=draw(regions()),
            )
        )
    return tuple(sorted(found, key=lambda s: (s.start, s.end, s.label)))


@st.composite
def commentaries(draw: st.DrawFn) -> r.Commentary:
    text = draw(TEXT)
    found = draw(spans(text))
    index = st.integers(0, len(found) - 1) if found else st.nothing()
    related = st.builds(r.Relation, label=st.sampled_from(["owned_by", "due"]), head=index, tail=index)
    themes = draw(st.lists(st.builds(r.Theme, id=WORDS, score=SCORES), max_size=3, unique_by=lambda t: t.id))
    return r.Commentary(
        section=draw(one_of(r.Section)),
        heading=draw(maybe(WORDS)),
        text=text,
        regions=draw(regions()),
        spans=found,
        relations=tuple(draw(st.lists(related, max_size=2))) if found else (),
        themes=tuple(themes),
    )


OUTTURNS = st.builds(
    r.Outturn,
    period=maybe(WORDS),
    text=TEXT,
    value=FIGURES,
    numerator=FIGURES,
    denominator=FIGURES,
    unit=maybe(WORDS),
    rag=maybe(one_of(r.Rag)),
    label=maybe(WORDS),
)
TARGETS = st.builds(
    r.Target, text=TEXT, value=FIGURES, unit=maybe(WORDS), comparator=maybe(one_of(r.Comparator))
)
OWNERS = st.builds(r.Owner, name=maybe(WORDS), role=maybe(WORDS))


@st.composite
def blocks(draw: st.DrawFn, number: int = 0) -> r.Block:
    return r.Block(
        id=f"b{number}",
        kind=draw(one_of(r.Kind)),
        ref=draw(maybe(WORDS)),
        title=draw(TEXT),
        service=draw(maybe(WORDS)),
        owners=tuple(draw(st.lists(OWNERS, max_size=2))),
        type=draw(maybe(WORDS)),
        polarity=draw(maybe(one_of(r.Polarity))),
        rag=draw(maybe(one_of(r.Rag))),
        rag_shown_as=draw(maybe(one_of(r.ShownAs))),
        direction=draw(maybe(one_of(r.Direction))),
        target=draw(maybe(TARGETS)),
        outturns=tuple(draw(st.lists(OUTTURNS, max_size=3))),
        commentary=tuple(draw(st.lists(commentaries(), max_size=2))),
        regions=draw(regions()),
        confidence=draw(SCORES),
    )


@st.composite
def periods(draw: st.DrawFn) -> r.Period:
    year = draw(st.integers(2000, 2040))
    return r.Period(
        financial_year=f"{year}/{(year + 1) % 100:02d}",
        quarter=draw(maybe(st.integers(1, 4))),
        start=draw(maybe(st.just(f"{year}-04-01"))),
        evidence=draw(maybe(WORDS)),
    )


@st.composite
def reports(draw: st.DrawFn) -> r.Report:
    """A report whose hash follows from a drawn name, so that two equal names are one content."""
    name = draw(WORDS)
    council = st.builds(r.Council, name=WORDS, gss=maybe(st.from_regex(r"[EWSN]\d{8}", fullmatch=True)))
    warning = st.builds(
        r.Warning,
        code=st.sampled_from(["no_blocks", "rag_unclear"]),
        page=maybe(st.integers(1, 9)),
        message=WORDS,
    )
    number = maybe(st.integers(0, 99))
    counts = st.builds(
        r.Counts, page=st.integers(1, 9), heading=maybe(WORDS), scope=maybe(WORDS), kind=maybe(st.just("risk")), text=WORDS,
        red=number, amber=number, green=number, grey=number,
    )  # fmt: skip
    model = st.builds(r.ModelInfo, name=WORDS, version=WORDS, hash=WORDS)
    return r.Report(
        source=r.Source(
            path=f"{name}.pdf",
            sha256=hashlib.sha256(name.encode()).hexdigest(),
            pages=draw(st.integers(1, 200)),
            ocr=tuple(draw(st.lists(st.integers(1, 9), max_size=2))),
        ),
        council=draw(maybe(council)),
        period=draw(maybe(periods())),
        title=draw(maybe(TEXT)),
        blocks=tuple(draw(blocks(i)) for i in range(draw(st.integers(0, 3)))),
        counts=tuple(draw(st.lists(counts, max_size=2))),
        warnings=tuple(draw(st.lists(warning, max_size=2))),
        models={"tagger": draw(model)} if draw(st.booleans()) else {},
    )

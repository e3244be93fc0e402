from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

import councilscope as cs
from councilscope.annotate import by_line, outcome, printable, tag, to_passage, to_period
from councilscope.errors import UnreadableError
from councilscope.geometry import Box
from councilscope.records import Report


@pytest.fixture(scope="module")
def report(sample_reports: list[Path]) -> Report:
    return cs.read(sample_reports[0])


def pdf(path: Path, *pages: str, **options: object) -> Path:
    with pymupdf.open() as document:
        for text in pages:
            document.new_page().insert_text((72, 72), text)
        document.save(path, **options)
    return path


def test_a_report_comes_out_whole(report: Report, sample_reports: list[Path]) -> None:
    assert report.source.path == str(sample_reports[0])
    assert report.source.pages > 0
    assert report.council
    assert report.period
    assert set(report.models) == {"tagger", "themes"}
    texts = [c for b in report.blocks for c in b.commentary]
    assert {s.label for c in texts for s in c.spans} == {"CAUSE", "ACTION", "OWNER", "DEADLINE"}
    assert any(c.themes for c in texts)
    assert outcome(report) == ("ok", None)


def test_the_models_are_known_without_loading_them() -> None:
    from councilscope import annotate

    assert annotate.models() == {"tagger": annotate._tagger().model, "themes": annotate._labeller().model}


def test_spans_are_the_text_and_lie_in_their_block(report: Report) -> None:
    for block in report.blocks:
        for commentary in block.commentary:
            for span in commentary.spans:
                assert commentary.text[span.start : span.end] == span.text
                assert span.regions, span
                for region in span.regions:
                    x0, y0, x1, y1 = region.bbox
                    assert x0 < x1
                    assert y0 < y1
                    assert any(
                        r.page == region.page
                        and r.bbox[0] - 2 <= x0
                        and r.bbox[1] - 2 <= y0
                        and r.bbox[2] + 2 >= x1
                        and r.bbox[3] + 2 >= y1
                        for r in block.regions
                    ), (block.id, span)
            for relation in commentary.relations:
                assert commentary.spans[relation.head].label == "ACTION"
                assert (
                    commentary.spans[relation.tail].label
                    == {"owned_by": "OWNER", "due": "DEADLINE"}[relation.label]
                )


def test_the_same_bytes_give_the_same_json(report: Report, sample_reports: list[Path]) -> None:
    assert cs.read(sample_reports[0]).to_json() == report.to_json()
    assert Report.model_validate_json(report.to_json()) == report


def test_without_tags_the_structure_is_the_same_and_no_model_took_part(
    report: Report, sample_reports: list[Path]
) -> None:
    bare = cs.read(sample_reports[0], tag=False)
    assert bare.models == {}
    assert [b.id for b in bare.blocks] == [b.id for b in report.blocks]
    assert [c.text for b in bare.blocks for c in b.commentary] == [
        c.text for b in report.blocks for c in b.commentary
    ]
    assert not any(c.spans or c.themes for b in bare.blocks for c in b.commentary)


def test_a_pdf_that_is_no_report_says_so(tmp_path: Path) -> None:
    report = cs.read(pdf(tmp_path / "letter.pdf", "Dear Sir or Madam, thank you for your letter."))
    assert report.blocks == ()
    assert "no_blocks" in {w.code for w in report.warnings}


def test_the_number_of_pages_is_told_early(tmp_path: Path) -> None:
    told: list[int] = []
    cs.read(pdf(tmp_path / "x.pdf", "one", "two"), on_pages=told.append)
    assert told == [2]


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", "empty"),
        (b"plain words", "not_pdf"),
        (b"PK\x03\x04 office", "unsupported"),
        (b"%PDF-1.7 broken", "damaged"),
    ],
)
def test_what_cannot_be_read_names_file_and_remedy(tmp_path: Path, content: bytes, status: str) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(content)
    with pytest.raises(UnreadableError) as caught:
        cs.read(path)
    assert caught.value.status == status
    assert str(path) in str(caught.value)


def test_a_password_opens_an_encrypted_report(tmp_path: Path) -> None:
    path = pdf(tmp_path / "x.pdf", "Hello there", encryption=5, user_pw="sesame", owner_pw="o")
    with pytest.raises(UnreadableError, match="--password-file"):
        cs.read(path)
    assert cs.read(path, password="sesame").source.pages == 1


def test_passages_are_tagged_in_order_beyond_one_batch() -> None:
    given_passages = [
        {"id": i, "text": f"Visits fell because of vacancies in team {i}.", "extra": 1} for i in range(70)
    ]
    made = list(tag(given_passages))
    assert [m["id"] for m in made] == list(range(70))
    assert [m["text"] for m in made] == [p["text"] for p in given_passages]
    assert set(made[0]) == {"id", "text", "spans", "relations", "themes"}
    assert any(s["label"] == "CAUSE" and "vacancies" in s["text"] for s in made[69]["spans"])


def test_the_period_decides_the_date_of_a_deadline() -> None:
    said = {"id": 1, "text": "The rota will be reviewed by year end.", "section": "action"}
    for period, iso in [
        ("2021/22 Q2", "2022-03-31"),
        ({"financial_year": "2019/20", "quarter": 3}, "2020-03-31"),
    ]:
        (made,) = tag([{**said, "period": period}])
        assert [s["attrs"]["iso"] for s in made["spans"] if s["label"] == "DEADLINE"] == [iso]


@pytest.mark.parametrize(
    ("given_period", "label", "start", "end"),
    [
        ("2021/22 Q4", "2021/22 Q4", "2022-01-01", "2022-03-31"),
        ("2021/22", "2021/22", "2021-04-01", "2022-03-31"),
        (
            {"financial_year": "2020/21", "quarter": 1, "start": None},
            "2020/21 Q1",
            "2020-04-01",
            "2020-06-30",
        ),
        ({"financial_year": "2020/21", "quarter": None}, "2020/21", "2020-04-01", "2021-03-31"),
    ],
)
def test_periods_are_taken_as_words_and_as_objects(
    given_period: object, label: str, start: str, end: str
) -> None:
    period = to_period(given_period)
    assert (period.label, period.start, period.end) == (label, start, end)


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        ([1], "object"),
        ({"id": 1}, '"text"'),
        ({"text": 5}, '"text"'),
        ({"text": "x", "section": "preface"}, "preface.*reason"),
        ({"text": "x", "period": "soon"}, "2021/22 Q4"),
        ({"text": "x", "period": {"quarter": 9}}, "2021/22 Q4"),
        ({"text": "x", "period": 7}, "2021/22 Q4"),
    ],
)
def test_a_passage_that_is_none_is_refused_with_what_is_wrong(passage: object, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        to_passage(passage)  # type: ignore[arg-type]


def test_boxes_of_one_line_become_one_and_columns_stay_apart() -> None:
    line = [Box(1, 10, 10, 30, 20), Box(1, 33, 11, 60, 21), Box(1, 10, 24, 40, 34), Box(2, 10, 24, 40, 34)]
    assert by_line(line) == [Box(1, 10, 10, 60, 21), Box(1, 10, 24, 40, 34), Box(2, 10, 24, 40, 34)]
    back = [Box(1, 300, 10, 340, 20), Box(1, 10, 10, 40, 20)]
    assert by_line(back) == back


BOXES = st.builds(
    lambda page, x, y, w, h: Box(page, x, y, x + w, y + h),
    st.integers(1, 2),
    st.integers(0, 500),
    st.integers(0, 700),
    st.integers(1, 90),
    st.integers(4, 12),
)


@given(st.lists(BOXES, max_size=12))
def test_every_box_lies_in_one_of_the_lines(boxes: list[Box]) -> None:
    lines = by_line(boxes)
    assert len(lines) <= len(boxes)
    assert all(any(line.contains(box) for line in lines) for box in boxes)


def test_paths_are_shown_so_that_json_can_hold_them() -> None:
    assert printable("a/b.pdf") == "a/b.pdf"
    assert printable(b"gr\xfcn.pdf".decode("utf-8", "surrogateescape")) == "gr\\xfcn.pdf"

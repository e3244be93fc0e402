"""The report across councils as people open it: in a browser, with and without scripts, as a workbook and as CSV."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import councilscope as cs
from councilscope import publish
from councilscope.records import (
    Block,
    Commentary,
    Council,
    Outturn,
    Owner,
    Period,
    Relation,
    Report,
    Source,
    Span,
    Target,
    Theme,
    Warning,
)  # fmt: skip

AXE = Path(__file__).parent / "data" / "axe" / "axe.min.js"
NASTY = "<script>window.bad=1</script><img src=x onerror=window.bad=2>\"'{{7*7}}$x$"
FORMULA = '=HYPERLINK("http://example.org","x")'


@pytest.fixture(scope="module")
def page_file(sample_store: Path, tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    path = tmp_path_factory.mktemp("report") / "report.html"
    made = publish.write_html(publish.gather(cs.Archive(sample_store)), path)
    assert made.pictures > 20
    assert made.size < 3_000_000
    return path


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> publish.Gathered:
    """Reports whose every text holds a script, a tag, a template or a formula."""
    said = f"{NASTY} broke the lift. {FORMULA}"
    end = len(NASTY)
    spans = (
        Span(start=0, end=end, label="CAUSE", text=NASTY, attrs={"theme": "assets"}),
        Span(start=0, end=end, label="ACTION", text=NASTY, attrs={"status": "planned"}),
        Span(start=0, end=end, label="OWNER", text=NASTY, attrs={"kind": "body"}),
    )
    text = Commentary(
        section="reason", text=said, spans=spans, relations=(Relation(label="owned_by", head=1, tail=2),),
        themes=(Theme(id="assets", score=0.9),),
    )  # fmt: skip
    reports = [
        Report(
            source=Source(path=f"{NASTY}{n}.pdf", sha256=str(n) * 64),
            council=Council(name=f"{NASTY} {n}"),
            period=Period(financial_year="2020/21", quarter=n, start="2020-04-01", end=f"2020-0{3 * n}-30"),
            blocks=(
                Block(id="b1", title=f"{FORMULA} {NASTY}", service=NASTY, rag="red", owners=(Owner(name=NASTY),),
                      target=Target(text=NASTY), outturns=(Outturn(text=NASTY),), commentary=(text,)),
                Block(id="b2", title="Missed bins", rag="red"),
            ),
            warnings=(Warning(code="status_differs", message=NASTY),),
        )
        for n in (1, 2)
    ]  # fmt: skip
    archive = cs.Archive(tmp_path_factory.mktemp("nasty") / "store", create=True)
    archive.write(reports)
    return publish.gather(archive, title=NASTY)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("there is no Chromium: the report is not opened in a browser (apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as run:
        chromium = run.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def opened(browser: Any, path: Path, **options: Any) -> tuple[Any, list[str]]:
    page = browser.new_page(**options)
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: said.append(str(e)))
    page.on("request", lambda r: said.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto(path.as_uri())
    return page, said


@pytest.mark.slow
def test_the_report_opens_quietly_and_is_accessible(browser: Any, page_file: Path) -> None:
    page, said = opened(browser, page_file)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    assert [(v["id"], v["nodes"][0]["html"]) for v in found["violations"]] == []
    assert said == []
    page.close()


@pytest.mark.slow
def test_filters_show_what_is_asked_for(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file)
    council = "Aldermoor Borough Council"
    page.select_option("#council", council)
    seen = page.eval_on_selector_all(
        "tr[data-council]", "rows => rows.filter(r => !r.hidden).map(r => r.dataset.council)"
    )
    assert set(seen) == {council}
    assert "rows are shown" in page.inner_text("#filtered")
    page.fill("#words", "local plan")
    rows = page.eval_on_selector_all(
        "tbody tr", "rows => rows.filter(r => !r.hidden).map(r => r.textContent.toLowerCase())"
    )
    assert rows
    assert all("local" in row and "plan" in row for row in rows)
    page.click("#clear")
    assert page.eval_on_selector_all("tr, article", "rows => rows.filter(r => r.hidden).length") == 0
    page.close()


@pytest.mark.slow
def test_a_link_to_evidence_that_is_filtered_away_shows_it(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file)
    page.fill("#words", "nothing has these words")
    page.evaluate("location.hash = 'e1'")
    page.wait_for_function("!document.getElementById('e1').hidden")
    assert page.evaluate("document.activeElement.id") == "e1"
    page.close()


@pytest.mark.slow
def test_without_scripts_everything_is_there(browser: Any, page_file: Path) -> None:
    page, _ = opened(browser, page_file, java_script_enabled=False)
    assert page.locator("#filter").is_hidden()
    assert page.locator("figure svg").count() >= 5
    assert page.locator("tbody tr").first.is_visible()
    page.close()


@pytest.mark.slow
def test_every_link_leads_to_its_quotation(page_file: Path) -> None:
    html = page_file.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    links = set(re.findall(r'<a [^>]*href="#([^"]+)"', html))
    assert len(links) > 100
    assert links <= set(ids)
    quotes = dict(re.findall(r'<article id="(e\d+)".*?<blockquote><p>(.*?)</p>', html, re.S))
    assert all(quotes[link] for link in links if re.fullmatch(r"e\d+", link))


@pytest.mark.slow
def test_payloads_stay_inert_in_a_browser(browser: Any, nasty: publish.Gathered, tmp_path: Path) -> None:
    publish.write_html(nasty, tmp_path / "nasty.html")
    page, said = opened(browser, tmp_path / "nasty.html")
    assert page.evaluate("window.bad") is None
    assert said == []
    assert page.locator("main script, main img[src=x]").count() == 0
    assert "{{7*7}}" in page.inner_text("h1")
    page.close()


def test_payloads_stay_text_in_tables(nasty: publish.Gathered, tmp_path: Path) -> None:
    import openpyxl

    publish.write_xlsx(nasty, tmp_path / "tables.xlsx")
    book = openpyxl.load_workbook(tmp_path / "tables.xlsx")
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert [c.coordinate for c in cells if c.data_type == "f" or c.hyperlink] == []
    assert any(str(c.value).startswith("=HYPERLINK") for c in cells)
    assert all(sheet.auto_filter.ref for sheet in book)
    for path in publish.write_csv(nasty, tmp_path / "csv"):
        with open(path, encoding="utf-8-sig", newline="") as file:
            values = [value for row in csv.reader(file) for value in row]
        assert [v for v in values if v.startswith(("=", "@")) or re.match(r"[+-]\D", v)] == []


def test_a_picture_is_only_drawn_from_the_file_that_was_read(nasty: publish.Gathered, tmp_path: Path) -> None:
    made = publish.write_html(nasty, tmp_path / "report.html")
    assert made.pictures == 0
    assert any("no pictures from 2 reports" in note for note in made.notes)


def test_an_archive_in_which_nothing_matches_gives_a_report_that_says_so(tmp_path: Path) -> None:
    archive = cs.Archive(tmp_path / "store", create=True)
    publish.write_html(publish.gather(archive), tmp_path / "empty.html")
    assert "Nothing in the archive matches" in (tmp_path / "empty.html").read_text(encoding="utf-8")

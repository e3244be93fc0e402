"""Codebooks: TOML, Taguette's CSV, REFI-QDA, and the commands."""

from __future__ import annotations

import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import Runner
from councilscope import codebook
from councilscope.codebook import Code, Codebook, from_table, slug
from councilscope.codebook.book import tidy
from councilscope.codebook.exchange import QDC, from_csv, from_qdc, to_csv, to_qdc
from councilscope.errors import ConfigError

TEXT = st.text(max_size=60)
CODES = st.lists(
    st.builds(
        Code,
        id=st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True),
        name=st.from_regex(r"[A-Za-z][\w &'<\"]{0,12}", fullmatch=True),
        definition=TEXT.filter(lambda t: "[councilscope]" not in t),
        examples=st.lists(TEXT, max_size=3).map(tuple),
        counter_examples=st.lists(TEXT, max_size=2).map(tuple),
        words=st.lists(TEXT, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda c: c.id,
)


@given(CODES, TEXT)
def test_a_codebook_survives_every_format(codes: list[Code], name: str) -> None:
    book = tidy(name, codes)
    assert from_table(tomllib.loads(book.to_toml()), "x.toml").codes == book.codes
    assert from_csv(to_csv(book)).codes == book.codes
    assert from_qdc(to_qdc(book)).codes == book.codes


def test_qdc_is_what_the_schema_of_refi_qda_asks_for() -> None:
    root = ElementTree.fromstring(to_qdc(codebook.shipped()))
    space = f"{{{QDC}}}"
    assert root.tag == f"{space}CodeBook" and root.get("origin")
    assert [e.tag for e in root] == [f"{space}Codes", f"{space}Sets"]
    for code in root[0]:
        assert code.tag == f"{space}Code" and set(code.attrib) == {"guid", "name", "isCodable"}
        assert len(code.attrib["guid"]) == 36 and [e.tag for e in code] == [f"{space}Description"]
    assert len({c.get("guid") for c in root[0]}) == 16


FOREIGN = f"""<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="{QDC}" origin="Another program">
 <Codes>
  <Code guid="A" name="Money" isCodable="false">
   <Code guid="B" name="Grants" isCodable="true" color="#46AA00"><Description>Money from others</Description></Code>
   <Code guid="C" name="Savings" isCodable="true"/>
  </Code>
  <Code guid="D" name="People" isCodable="true"><Code guid="E" name="Grants" isCodable="true"/></Code>
 </Codes>
 <Sets><Set guid="S" name="all"><MemberCode guid="B"/></Set></Sets>
</CodeBook>"""


def test_a_codebook_of_another_program_keeps_its_folders_as_paths() -> None:
    made = from_qdc(FOREIGN)
    assert [(c.id, c.name, c.definition) for c in made.codes] == [
        ("money-grants", "Money / Grants", "Money from others"),
        ("money-savings", "Money / Savings", ""),
        ("people", "People", ""),
        ("people-grants", "People / Grants", ""),
    ]


def test_harmful_xml_is_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + FOREIGN.split("?>")[1].replace(
        "Money", "&b;"
    )
    with pytest.raises(ConfigError, match="document type"):
        from_qdc(laughs)
    deep = (
        f'<CodeBook xmlns="{QDC}"><Codes>'
        + '<Code name="a">' * 3000
        + "</Code>" * 3000
        + "</Codes></CodeBook>"
    )
    assert len(from_qdc(deep).codes) == 3000
    for broken in ("<CodeBook", "<Other/>", f'<CodeBook xmlns="{QDC}"><Codes/></CodeBook>'):
        with pytest.raises(ConfigError):
            from_qdc(broken)


def test_taguette_s_own_export_is_read() -> None:
    made = from_csv(
        "tag,description,number of highlights\r\ninteresting,Further review required,1\r\npeople.staff,,2\r\n"
    )
    assert [(c.id, c.definition) for c in made.codes] == [
        ("interesting", "Further review required"),
        ("people-staff", ""),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no \\[\\[theme\\]\\]"),
        ("[[theme]]\nname = 'x'", "no id"),
        ("[[theme]]\nid = 'Big Id'", "'Big Id'"),
        ("[[theme]]\nid = 'a'\n[[theme]]\nid = 'a'", "twice"),
        ("[[theme]]\nid = 'a'\nexamples = 'one'", "examples"),
        ("[[theme]]\nid = 'a'\nkeywords = []", "'keywords'"),
        ("[[theme", "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_codebook_is_said_with_its_file(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "my.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as error:
        codebook.load(path)
    assert "my" in str(error.value)


def test_advice_names_what_is_thin() -> None:
    both = Code("a", "A", "", ("x",), ("x",), ("(y",))
    said = " ".join(Codebook("b", (both, Code("c", "a", "d"))).advice())
    for part in (
        "another theme has the name",
        "no definition",
        "1 examples",
        "at once",
        "brackets",
        "counter-example",
    ):
        assert part in said


def test_ids_made_from_names_are_new() -> None:
    assert slug("Cost of living!") == "cost-of-living"
    assert slug("Ärger", ["arger"]) == "arger-2" and slug("???") == "theme"


def test_the_commands_make_check_and_exchange(tmp_path: Path, command: Runner) -> None:
    own = tmp_path / "my.toml"
    assert command("codebook", "new", own).returncode == 0
    assert command("codebook", "new", own).returncode == 2, "a file that is there is kept"
    done = command("codebook", "check", own)
    assert done.returncode == 0 and "staffing" in done.stdout and "better:" in done.stdout
    assert command("codebook", "export", "shipped", tmp_path / "t.qdc").returncode == 0
    assert command("codebook", "import", tmp_path / "t.qdc", tmp_path / "back.toml").returncode == 0
    assert codebook.load(tmp_path / "back.toml").codes == codebook.shipped().codes
    bad = command("codebook", "import", tmp_path / "none.csv", tmp_path / "x.toml")
    assert bad.returncode == 5 and "none.csv" in bad.stderr


def test_what_is_wrong_with_an_entry_is_said_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text('name = "a"\n[[theme]]\nid = "A B"\nname = "x"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"mine\.toml: .*'A B' is no id"):
        codebook.load(file)

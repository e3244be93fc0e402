"""The README and CONTRIBUTING are true: their commands exist, their Python runs, their files are there."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from test_import_order import ORDER

ROOT = Path(__file__).resolve().parent.parent
PAGES = ("README.md", "CONTRIBUTING.md", "docs/themes.md")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.S | re.M)


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def blocks(name: str, language: str) -> list[str]:
    return [code for kind, code in BLOCK.findall(page(name)) if kind == language]


def shell_commands(name: str) -> list[list[str]]:
    """Every `councilscope …` of a page's shell examples as its words, up to a pipe or redirection."""
    commands = []
    for line in "\n".join(blocks(name, "bash")).splitlines():
        for part in re.split(r"\s[|>]\s", line):
            if part.startswith("councilscope "):
                commands.append(shlex.split(part, comments=True))
    return commands


def leaves(group: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Every command that does something, by its words: ("store status", command)."""
    for word, command in getattr(group, "commands", {}).items():
        if not command.hidden:
            yield from leaves(command, f"{name} {word}".strip())
    if name and (not getattr(group, "commands", {}) or group.invoke_without_command):
        yield name, group


@pytest.fixture(scope="module")
def program() -> dict[str, Any]:
    from councilscope.cli.app import app

    return dict(leaves(typer.main.get_command(app)))


def test_every_command_is_documented_and_has_help(program: dict[str, Any]) -> None:
    readme = page("README.md")
    assert {"read", "annotate", "themes", "tag", "schema"} <= set(program)
    assert [name for name in program if f"councilscope {name}" not in readme] == []
    assert [name for name, c in program.items() if not (c.help or "").strip()] == []
    for name, c in program.items():
        assert [p.name for p in c.params if p.param_type_name == "option" and not p.help] == [], name


@pytest.mark.parametrize(
    "words", [w for p in (*PAGES, "docs/archives.md") for w in shell_commands(p)], ids=" ".join
)
def test_documented_commands_and_options_exist(program: dict[str, Any], words: list[str]) -> None:
    name = max((n for n in program if words[1:][: len(n.split())] == n.split()), key=len)
    options = {o for p in program[name].params for o in (*p.opts, *p.secondary_opts)}
    assert [w for w in words if w.startswith("--") and w not in options] == []


@pytest.mark.parametrize("name", PAGES)
def test_files_that_are_named_exist(name: str) -> None:
    text = page(name)
    links = {link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link}
    paths = set(re.findall(r"(?:scripts|tests|corpus|docs|nlp)/[\w./-]*[\w/]", text))
    data = set(re.findall(r"`(\w+\.(?:toml|csv))`", text))
    missing = {p for p in links | paths if not (ROOT / p).exists()}
    missing |= {d for d in data if not (ROOT / "nlp" / "councilscope" / "data" / d).exists()}
    assert missing == set()


def test_the_readme_lists_the_modules_in_their_order() -> None:
    table = page("README.md").split("## How it is built")[1].split("\n- ")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.M) == ORDER


@pytest.mark.slow
@pytest.mark.parametrize("code", blocks("README.md", "python"), ids=lambda code: code.splitlines()[-1][:40])
def test_python_of_the_readme_runs(
    code: str, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(sample_store, tmp_path / "archive")
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(code, "README.md", "exec"), names)
    causes = names["causes"]
    assert len(causes) > 0  # type: ignore[arg-type]

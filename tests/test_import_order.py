"""The modules stand in one line: each imports only from those above it, and a heavy library has one importer.

Imports inside functions count as well (they only load later); imports for type checkers do not. `__init__` and
`__main__` are the doors of the package and may import anything.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = "councilscope"
ORDER = (
    "errors geometry page records lexicon language text values councils pdf office ocr tables panels layout status blocks "
    "encoder tagging codebook themes annotate frames archive shares analysis render cli"
).split()
DOORS = {"__init__", "__main__"}
# The only imports against the order: a record and an archive offer what a later module makes of them, loaded when called.
UPWARD = {("records", "frames"), ("archive", "analysis")}
HEAVY = {
    "pydantic": {"records"},
    "pymupdf": {"pdf"},
    "onnxruntime": {"encoder"},
    "tokenizers": {"encoder"},
    "spacy": {"tagging"},
    "defusedxml": {"codebook"},
    "sklearn": {"themes"},
    "pandas": {"frames", "analysis"},  # analysis takes frames and gives frames
    "pyarrow": {"archive"},
    "pebble": {"archive"},
    "duckdb": {"archive"},
    "distributed": {"archive"},
    "fsspec": {"archive"},
    "rich": {"render"},
    "jinja2": {"render"},
    "typer": {"cli"},
}
# Imported where it is installed, and done without where it is not.
OPTIONAL = {"distributed", "fsspec"}
NAMES_IN_PYPI = {"scikit-learn": "sklearn"}
SOURCE = Path(__file__).resolve().parent.parent / "nlp" / PACKAGE
FILES = sorted(SOURCE.rglob("*.py"))


def module_of(path: Path) -> str:
    """The name in the line: "tagging" for tagging.py as for tagging/rules.py."""
    return path.relative_to(SOURCE).with_suffix("").parts[0]


def for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).rpartition(".")[2] == "TYPE_CHECKING"


def imported(tree: ast.AST) -> Iterator[str]:
    """Dotted names that the code imports when it runs; of `from a import b` both `a` and `a.b`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
            yield str(node.module)
        elif for_type_checkers(node):
            assert isinstance(node, ast.If)
            for other in node.orelse:
                yield from imported(ast.Module([other], []))
        else:
            yield from imported(node)


def imports_of(path: Path) -> set[str]:
    return set(imported(ast.parse(path.read_text(encoding="utf-8"), str(path))))


def wrong_imports(module: str, names: set[str]) -> list[str]:
    """Imports of the package's modules that do not stand above `module`."""
    above = ORDER[: ORDER.index(module) + 1]
    targets = {n.split(".")[1] for n in names if n.startswith(f"{PACKAGE}.")}
    return sorted(t for t in targets & set(ORDER) if t not in above and (module, t) not in UPWARD)


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_module_imports_only_from_those_above_it(path: Path) -> None:
    module = module_of(path)
    if module in DOORS:
        return
    assert module in ORDER, f"{module} has no place in the line yet: give it one here and in the README"
    assert wrong_imports(module, imports_of(path)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_heavy_library_has_one_importer(path: Path) -> None:
    module = module_of(path)
    libraries = {name.split(".")[0] for name in imports_of(path)}
    assert sorted(x for x in libraries & HEAVY.keys() if module not in HEAVY[x]) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_a_folder_is_entered_by_its_front_door(path: Path) -> None:
    module = module_of(path)
    if module in DOORS:
        return
    folders = {p.name for p in SOURCE.iterdir() if (p / "__init__.py").is_file()}
    inside = {
        tuple(n.split(".")[1:3])
        for n in imports_of(path)
        if n.count(".") >= 2 and n.startswith(f"{PACKAGE}.")
    }
    parts = {(f.parent.name, f.stem) for f in FILES if f.parent.name in folders}
    assert sorted(i for i in inside & parts if i[0] != module) == []


def test_every_library_is_declared(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [re.split(r"[<>=!~;\[ ]", r, maxsplit=1)[0].lower() for r in project["dependencies"]]
    known = {NAMES_IN_PYPI.get(d, d) for d in declared} | set(sys.stdlib_module_names) | {PACKAGE}
    used = {name.split(".")[0] for path in FILES for name in imports_of(path)}
    assert sorted(used - known - OPTIONAL) == []


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("import a.b, c", {"a.b", "c"}),
        ("from a import b", {"a", "a.b"}),
        ("def f():\n    from a import b", {"a", "a.b"}),
        ("try:\n    import a\nexcept ImportError:\n    import b", {"a", "b"}),
        ("if TYPE_CHECKING:\n    import a\nelse:\n    import b", {"b"}),
        ("if typing.TYPE_CHECKING:\n    import a", set()),
    ],
)
def test_imports_are_found_wherever_they_stand(code: str, names: set[str]) -> None:
    assert set(imported(ast.parse(code))) == names


def test_an_import_against_the_order_is_found() -> None:
    assert wrong_imports("tables", {"councilscope.pdf", "councilscope.blocks", "blocks"}) == ["blocks"]
    assert wrong_imports("records", {"councilscope.frames.to_frames"}) == []


def test_help_loads_nothing_heavy() -> None:
    """`councilscope --help` answers at once, so none of the libraries that read, tag or tabulate may load."""
    slow = sorted(set(HEAVY) - {"typer", "rich"})
    code = (
        "import sys\n"
        "from councilscope.cli import main\n"
        "sys.argv = ['councilscope', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print(sorted(set({slow!r}) & set(sys.modules)), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "read" in run.stdout
    assert run.stderr.strip() == "[]"

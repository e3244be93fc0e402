"""The wheel, installed in an environment of its own and used outside the checkout, works."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    build: list[str | Path] = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    done = subprocess.run(build, cwd=root, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    (made,) = folder.glob("councilscope-*.whl")
    return made


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it; the libraries below it are borrowed from the present one."""
    place = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        place,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    ]
    subprocess.run(pip, check=True, capture_output=True)
    (site,) = place.glob("lib/python*/site-packages")
    # Named in a .pth file, a folder gives its libraries but not what its own .pth files name: not the checkout.
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return place


def run(environment: Path, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    program = [environment / "bin" / arguments[0], *arguments[1:]]
    return subprocess.run(
        program, cwd=cwd, env=clean, capture_output=True, text=True, check=False, timeout=300
    )


def test_the_wheel_carries_all_data_and_models_and_nothing_else(root: Path, wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    source = root / "nlp"
    wanted = {p.relative_to(source).as_posix() for p in source.rglob("*") if p.is_file()}
    wanted |= {
        f"councilscope/{p.relative_to(root).as_posix()}" for p in (root / "models").rglob("*") if p.is_file()
    }
    wanted = {p for p in wanted if "__pycache__" not in p and not p.endswith("/.gitkeep")}
    assert wanted <= inside
    others = {p for p in inside - wanted if ".dist-info/" not in p and not p.endswith("/.gitkeep")}
    assert others == set()
    assert {"councilscope/py.typed", "councilscope/records.py"} <= inside
    assert any(p.endswith(".dist-info/licenses/LICENSE") for p in inside)


def test_no_pickle_is_shipped(wheel: Path) -> None:
    assert [n for n in zipfile.ZipFile(wheel).namelist() if n.endswith((".pkl", ".pickle", ".joblib"))] == []


def test_the_package_in_use_is_the_installed_one(environment: Path, tmp_path: Path) -> None:
    done = run(environment, "python", "-c", "import councilscope; print(councilscope.__file__)", cwd=tmp_path)
    assert done.stdout.startswith(str(environment)), done.stderr


def test_schema(environment: Path, tmp_path: Path) -> None:
    done = run(environment, "councilscope", "schema", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["title"] == "Report"


def test_a_report_is_read_and_tagged(environment: Path, sample_reports: list[Path], tmp_path: Path) -> None:
    shutil.copy(sample_reports[0], tmp_path / "report.pdf")
    done = run(environment, "councilscope", "read", "report.pdf", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["council"]
    assert report["models"]
    spans = [s for b in report["blocks"] for c in b["commentary"] for s in c["spans"]]
    assert {s["label"] for s in spans} & {"CAUSE", "ACTION"}


def test_spacy_finds_the_components_without_an_import(environment: Path, tmp_path: Path) -> None:
    code = (
        "import spacy\n"
        "from importlib.metadata import entry_points\n"
        "names = sorted(e.name for e in entry_points(group='spacy_factories') if 'councilscope' in e.value)\n"
        "nlp = spacy.blank('en')\n"
        "for name in names:\n    nlp.add_pipe(name)\n"
        "print(*nlp.pipe_names)"
    )
    done = run(environment, "python", "-c", code, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "councilscope_tagger" in done.stdout.split()

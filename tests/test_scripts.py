"""The scripts a newcomer runs first: from any folder, twice, without a network once installed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# An address at which nothing answers: an attempt to install from the network fails at once.
NO_NETWORK = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_CONFIG_FILE": os.devnull}


def bash(code: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", code],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture
def installed(root: Path) -> Path:
    """The root, where its .venv is in place; making one is what CI's clone and a newcomer do."""
    if not (root / ".venv" / ".councilscope-installed").is_file():
        pytest.skip("no .venv made by scripts/test or scripts/demo here")
    return root


@pytest.fixture
def fake_pythons(tmp_path: Path) -> Path:
    """A PATH with bash's tools and no Python but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("bash", "dirname", "id"):
        (folder / tool).symlink_to(str(shutil.which(tool)))
    return folder


def make_python(folder: Path, name: str, exit_code: int) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\nexit {exit_code}\n", encoding="utf-8")
    path.chmod(0o755)


def find_python(root: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return bash(f'. "{root}/scripts/lib/env.sh"; find_python', root, PATH=str(path), **environment)


def test_without_a_suitable_python_the_message_says_what_to_install(root: Path, fake_pythons: Path) -> None:
    make_python(fake_pythons, "python3", exit_code=1)  # too old, or a launcher of a version that is not there
    found = find_python(root, fake_pythons, PYTHON="")
    assert found.returncode == 1
    assert found.stdout == ""
    assert "needs Python 3.11, 3.12 or 3.13" in found.stderr
    assert "apt-get install python3" in found.stderr


def test_the_newest_suitable_python_is_taken(root: Path, fake_pythons: Path) -> None:
    make_python(fake_pythons, "python3.13", exit_code=1)
    make_python(fake_pythons, "python3.12", exit_code=0)
    make_python(fake_pythons, "python3", exit_code=0)
    assert find_python(root, fake_pythons, PYTHON="").stdout.strip().endswith("/python3.12")


def test_a_python_that_was_named_is_taken_or_refused(root: Path, fake_pythons: Path) -> None:
    make_python(fake_pythons, "mine", exit_code=0)
    assert find_python(root, fake_pythons, PYTHON="mine").stdout.strip().endswith("/mine")
    make_python(fake_pythons, "mine", exit_code=1)
    refused = find_python(root, fake_pythons, PYTHON="mine")
    assert refused.returncode == 1
    assert "PYTHON is set to 'mine'" in refused.stderr


def test_an_environment_in_place_is_left_alone(installed: Path, tmp_path: Path) -> None:
    stamp = installed / ".venv" / ".councilscope-installed"
    before = stamp.stat().st_mtime_ns
    done = bash(f'. "{installed}/scripts/lib/env.sh"; make_venv; echo "$PY"', tmp_path, **NO_NETWORK)
    assert done.stdout.strip() == str(installed / ".venv" / "bin" / "python")
    assert done.stderr == ""
    assert stamp.stat().st_mtime_ns == before


@pytest.mark.slow
def test_the_demo_runs_from_anywhere_twice_and_offline(
    installed: Path, sample_store: Path, sample_reports: list[Path], tmp_path: Path
) -> None:
    store = tmp_path / "store"
    shutil.copytree(sample_store, store)
    done = bash(f'"{installed}/scripts/demo" store', tmp_path, **NO_NETWORK)
    assert done.returncode == 0, done.stderr
    assert "Installing" not in done.stderr
    assert "Try next" in done.stdout
    councils = {p.name.split("-")[0] for p in sample_reports}
    assert all(name in done.stdout.lower() for name in councils)
    parts = {p: p.stat().st_mtime_ns for p in store.rglob("*.parquet")}
    assert bash(f'"{installed}/scripts/demo" store', tmp_path, **NO_NETWORK).stdout == done.stdout
    assert {p: p.stat().st_mtime_ns for p in store.rglob("*.parquet")} == parts, "nothing was read again"


def test_the_demo_explains_itself(root: Path, tmp_path: Path) -> None:
    done = bash(f'"{root}/scripts/demo" --help', tmp_path)
    assert done.returncode == 0
    assert "usage: scripts/demo [STORE]" in done.stdout


@pytest.mark.parametrize("script", ["demo", "test", "score"])
def test_scripts_can_be_run_as_they_are(root: Path, script: str) -> None:
    path = root / "scripts" / script
    assert os.access(path, os.X_OK)
    assert bash(f'bash -n "{path}"', root).stderr == ""


def test_ci_runs_the_script_that_a_developer_runs(root: Path, tmp_path: Path) -> None:
    """With the further reports named where they lie beside the checkout."""
    clone = tmp_path / "clone"
    for name in (".ci", "scripts"):
        (clone / name).mkdir(parents=True)
    (tmp_path / "shared" / "reports").mkdir(parents=True)
    shutil.copy(root / ".ci" / "run", clone / ".ci" / "run")
    (clone / "scripts" / "test").write_text('echo "eval=$COUNCILSCOPE_EVAL arguments=$*"\n', encoding="utf-8")
    done = bash(f'bash "{clone}/.ci/run" -k x', root, COUNCILSCOPE_EVAL="")
    assert done.stdout.strip() == f"eval={tmp_path / 'shared'} arguments=-k x"

"""Places and things that many tests share."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from councilscope.records import Report

# One thread each, the same examples every time: a failure can then be repeated.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=50, database=None)
settings.load_profile("repeatable")

ROOT = Path(__file__).resolve().parent.parent
Runner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root folder."""
    return ROOT


@pytest.fixture(scope="session")
def evaluation() -> Path:
    """The folder with further reports, named by COUNCILSCOPE_EVAL; the test is skipped where it is not set."""
    named = os.environ.get("COUNCILSCOPE_EVAL")
    if not named:
        pytest.skip("COUNCILSCOPE_EVAL is not set: no further reports to measure against")
    folder = Path(named)
    assert (folder / "reports").is_dir(), f"COUNCILSCOPE_EVAL is {folder}, which has no folder reports/"
    return folder


@pytest.fixture(scope="session")
def sample_reports() -> list[Path]:
    """The PDFs of the sample archive, sorted by name."""
    return sorted((ROOT / "corpus" / "reports").glob("*.pdf"))


@pytest.fixture(scope="session")
def read_report() -> Callable[[Path], Report]:
    """Reads a report without tags, each once in a run of the tests."""
    from councilscope.annotate import read

    return cache(lambda path: read(path, tag=False))


@pytest.fixture(scope="session")
def command() -> Runner:
    """Runs `councilscope` as a user types it: `command("schema", cwd=folder)`; output as text, exit code unchecked."""

    def run(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
        program = Path(sys.executable).with_name("councilscope")
        return subprocess.run(
            [program, *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
            **options,
        )

    return run


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory, command: Runner) -> Path:
    """The sample archive, annotated once in a run of the tests. Read only: copy it before changing it."""
    store = tmp_path_factory.mktemp("sample") / "store"
    done = command("annotate", ROOT / "corpus" / "reports", "--store", store)
    assert done.returncode == 0, done.stderr
    return store

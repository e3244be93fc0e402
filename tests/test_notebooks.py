"""The worked notebooks run from top to bottom, in a kernel of their own, and show what they promise."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[1] / "corpus" / "notebooks"
SHOWN = {"pandemic": "pandemic", "own-codebook": "waste"}  # in the table that the last cell shows


def test_every_notebook_is_run() -> None:
    assert {p.stem for p in FOLDER.glob("*.ipynb")} == set(SHOWN)


@pytest.mark.slow
@pytest.mark.parametrize("name", SHOWN)
def test_a_notebook_runs_from_top_to_bottom(name: str) -> None:
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "a notebook is kept without its outputs"
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(FOLDER)}}).execute()
    last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
    shown = [o["data"]["text/html"] for o in last["outputs"] if "text/html" in o.get("data", {})]
    assert shown and SHOWN[name] in shown[0].casefold()

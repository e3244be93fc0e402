"""Imported first by the Python scripts: where no environment is active, goes on in the project's own `.venv`."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / ".venv" / "bin" / "python"

if sys.prefix == sys.base_prefix:
    if not OWN.exists():
        sys.exit("There is no environment yet: run scripts/demo or scripts/test once, which make it.")
    os.execv(OWN, [str(OWN), *sys.argv])

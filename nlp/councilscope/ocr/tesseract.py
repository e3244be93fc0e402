"""Tesseract's command: is it there, which languages it has, and the words of a picture.

The command rather than a binding: it comes with every system's packages, takes a time limit, and a crash costs a
page. `--psm 11` (sparse text) finds the most words in forms and tables; their order is the layout's business.
"""

from __future__ import annotations

import csv
import functools
import os
import shutil
import subprocess
from dataclasses import dataclass

from councilscope.ocr.picture import Bytes

INSTALL = (
    "install Tesseract (Debian, Ubuntu: apt install tesseract-ocr; macOS: brew install tesseract; "
    "Windows: choco install tesseract) to have it read"
)
LANGUAGES = ("eng", "cym")  # those that are installed are used together
QUESTION_SECONDS = 20


class OcrError(Exception):
    """Tesseract failed on a page or took too long; the message says which."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One word as Tesseract reads it: its box in pixels, how sure it is (0 to 100), and which line it is on."""

    text: str
    x0: int
    y0: int
    x1: int
    y1: int
    sure: float
    line: tuple[int, int, int]


@functools.cache
def version() -> str | None:
    """Version and languages of the command that will be used ("5.3.0 eng+cym"); None where there is none."""
    if shutil.which("tesseract") is None:
        return None
    try:
        said = _ask("--version").split()
        held = _ask("--list-langs").split()
    except (OSError, subprocess.SubprocessError):
        return None
    languages = [name for name in LANGUAGES if name in held]
    if "eng" not in languages or len(said) < 2:
        return None
    return f"{said[1].lstrip('v')} {'+'.join(languages)}"


def _ask(question: str) -> str:
    done = subprocess.run(
        ["tesseract", question], capture_output=True, timeout=QUESTION_SECONDS, check=True, encoding="utf-8"
    )
    return done.stdout or done.stderr


def words(grey: Bytes, dpi: int, seconds: float, mode: int = 11) -> list[Reading]:
    """The words of a grey picture. OcrError where Tesseract fails or takes longer than `seconds`."""
    found = version()
    if found is None:
        raise OcrError("there is no tesseract command")
    height, width = grey.shape
    command = ["tesseract", "stdin", "stdout", "-l", found.split()[-1], "--psm", str(mode), "--dpi", str(dpi)]
    command += [
        "-c",
        "tessedit_create_tsv=1",
        "-c",
        "debug_file=/dev/null" if os.name != "nt" else "debug_file=NUL",
    ]
    try:
        done = subprocess.run(
            command,
            input=b"P5 %d %d 255\n" % (width, height) + grey.tobytes(),
            capture_output=True,
            timeout=seconds,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},  # more threads only get in each other's way
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise OcrError(f"it took Tesseract more than {seconds:.0f} s") from None
    except OSError as error:
        raise OcrError(f"Tesseract cannot be started ({error.strerror})") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise OcrError(f"Tesseract failed on it ({said[-1] if said else f'exit code {done.returncode}'})")
    return list(_parsed(done.stdout.decode("utf-8", "replace")))


def _parsed(table: str) -> list[Reading]:
    out = []
    for row in csv.reader(table.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        if len(row) != 12 or row[0] != "5" or not row[11].strip():
            continue
        block, paragraph, line, _, x, y, w, h = (int(v) for v in row[2:10])
        text = "".join(row[11].split())
        out.append(Reading(text, x, y, x + w, y + h, float(row[10]), (block, paragraph, line)))
    return out

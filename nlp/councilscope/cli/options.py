"""Options that several commands have."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class OcrMode(StrEnum):
    """What is done about pages without text."""

    auto = "auto"
    off = "off"


PasswordFile = Annotated[
    str | None,
    typer.Option(
        "--password-file", metavar="FILE", help="Passwords for encrypted PDFs, one a line; each is tried."
    ),
]
StoreDir = Annotated[
    str, typer.Option("--store", metavar="DIR", help="The archive: a folder of Parquet tables.")
]
Ocr = Annotated[
    OcrMode,
    typer.Option(
        help="auto: pages without usable text are read from their picture where Tesseract is installed. off: they are left out."
    ),
]
ThemeModel = Annotated[
    Path | None,
    typer.Option(
        "--theme-model",
        metavar="DIR",
        help="A theme model of your own (councilscope themes train) instead of the shipped one.",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

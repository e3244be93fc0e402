"""Prints pages to PDF with Chromium and LibreOffice, and makes the same source give the same bytes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pymupdf


def squash(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def to_pdfs(sources: Sequence[Path], folder: Path) -> list[Path]:
    """The PDFs of HTML pages (Chromium) and OpenDocument files (LibreOffice) in `folder`, in the same order.

    LibreOffice is slow to start, so one call prints all its files of one kind. Ends the program, naming the file,
    where one could not be printed.
    """
    said = {source: _chromium(source, folder) for source in sources if source.suffix == ".html"}
    office = sorted((s for s in sources if s.suffix != ".html"), key=lambda s: s.suffix)
    for _, kind in groupby(office, key=lambda s: s.suffix):
        files = list(kind)
        for some in (files[i : i + 40] for i in range(0, len(files), 40)):
            said |= dict.fromkeys(some, _soffice(some, folder))
    pdfs = [folder / f"{source.stem}.pdf" for source in sources]
    for source, pdf in zip(sources, pdfs, strict=True):
        if not pdf.exists():
            sys.exit(f"{source.name}: could not be printed\n{said[source]}")
    return pdfs


def _run(command: list[str], seconds: int) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=seconds).stderr


def _chromium(source: Path, folder: Path) -> str:
    return _run(
        [
            shutil.which("chromium") or shutil.which("google-chrome") or "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            "--disable-background-networking",
            "--disable-pdf-tagging",
            f"--user-data-dir={folder / 'profile'}",
            f"--print-to-pdf={folder / source.stem}.pdf",
            source.as_uri(),
        ],
        240,
    )


def _soffice(sources: Sequence[Path], folder: Path) -> str:
    return _run(
        [
            "soffice",
            f"-env:UserInstallation={(folder / 'office').as_uri()}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *map(str, sources),
        ],
        120 + 20 * len(sources),
    )


def settle(pdf: Path, out: Path, report: dict[str, Any]) -> None:
    """Save the PDF small and without its making time, so that the same source gives the same bytes."""
    with pymupdf.open(pdf) as document:
        producer, creator = (document.metadata.get(k) or "" for k in ("producer", "creator"))
        day = "D:" + report["date"].replace("-", "") + "090000Z"
        document.set_metadata(
            {
                "title": report.get("file_title", report["title"]),
                "author": report["official_name"],
                "producer": producer,
                "creator": creator,
                "creationDate": day,
                "modDate": day,
            }
        )
        document.xref_set_key(-1, "ID", "null")  # LibreOffice draws it anew each time
        document.save(out, garbage=4, deflate=True, use_objstms=1, no_new_id=True)

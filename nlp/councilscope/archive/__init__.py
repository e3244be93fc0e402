"""An archive of annotated reports: a folder of Parquet tables, and the runner that fills it.

`Archive` is the store, `annotate_paths` reads files into it; `merge`, `compact`, `remove`, `verify` and `repair`
look after it. The only importer of pyarrow, of DuckDB, of the pool and of Dask.
"""

from __future__ import annotations

from councilscope.archive.choose import HELP as CHOICES
from councilscope.archive.choose import choice
from councilscope.archive.keep import compact, merge, remove
from councilscope.archive.runner import Summary, annotate_paths
from councilscope.archive.sound import repair, verify
from councilscope.archive.sql import ask
from councilscope.archive.store import Archive
from councilscope.archive.worker import in_use

__all__ = [
    "CHOICES",
    "Archive",
    "Summary",
    "annotate_paths",
    "ask",
    "choice",
    "compact",
    "in_use",
    "merge",
    "remove",
    "repair",
    "verify",
]

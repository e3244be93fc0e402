"""An archive of annotated reports: a folder of Parquet tables, and the runner that fills it.

`Archive` is the store, `annotate_paths` reads files into it. The only importer of pyarrow and of the pool.
"""

from __future__ import annotations

from councilscope.archive.runner import Summary, annotate_paths
from councilscope.archive.store import Archive

__all__ = ["Archive", "Summary", "annotate_paths"]

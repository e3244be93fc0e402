"""councilscope reads the performance reports that UK councils publish.

    import councilscope as cs

    report = cs.read("report.pdf")            # one PDF to records: council, period, blocks, commentary, spans
    report.blocks[0]                          # a readable record
    report.to_frames()["spans"]               # tidy pandas frames
    cs.annotate_paths(["reports/"], "store")  # many PDFs into an archive of Parquet tables
    cs.Archive("store").themes(by="council")  # and what they say

Names are loaded on first use, so that importing the package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from councilscope.analysis import theme_report as theme_report
    from councilscope.annotate import read as read
    from councilscope.annotate import tag as tag
    from councilscope.archive import Archive as Archive
    from councilscope.archive import annotate_paths as annotate_paths
    from councilscope.errors import ConfigError as ConfigError
    from councilscope.errors import CouncilscopeError as CouncilscopeError
    from councilscope.errors import UnreadableError as UnreadableError
    from councilscope.frames import to_frames as to_frames
    from councilscope.records import Block as Block
    from councilscope.records import Report as Report
    from councilscope.records import json_schema as json_schema

    __version__: str

_HOME = {
    "Archive": "archive",
    "Block": "records",
    "ConfigError": "errors",
    "CouncilscopeError": "errors",
    "Report": "records",
    "UnreadableError": "errors",
    "annotate_paths": "archive",
    "json_schema": "records",
    "read": "annotate",
    "tag": "annotate",
    "theme_report": "analysis",
    "to_frames": "frames",
}

__all__ = ["__version__", *_HOME]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            value: Any = version("councilscope")
        except PackageNotFoundError:  # run from a source tree that was never installed
            value = "0"
    elif name in _HOME:
        value = getattr(importlib.import_module(f"councilscope.{_HOME[name]}"), name)
    else:
        raise AttributeError(f"module 'councilscope' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

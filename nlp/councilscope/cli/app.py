"""The commands and their options."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

import councilscope
from councilscope.cli import analysis_commands, work
from councilscope.cli.guard import debug, guard, out, passwords_in, prepare_streams


class OcrMode(StrEnum):
    """What is done about pages without text."""

    auto = "auto"
    off = "off"


app = typer.Typer(
    name="councilscope",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
themes_app = typer.Typer(rich_markup_mode=None)
store_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
app.add_typer(themes_app, name="themes", invoke_without_command=True)
app.add_typer(store_app, name="store")

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
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main() -> None:
    """Run the command line on `sys.argv`."""
    prepare_streams()
    app(prog_name="councilscope")


def _version(wanted: bool) -> None:
    if wanted:
        out(f"councilscope {councilscope.__version__}")
        raise typer.Exit


@app.callback()
def top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
    with_traceback: Annotated[
        bool, typer.Option("--debug", help="Show a traceback where something fails.")
    ] = False,
) -> None:
    """Read UK councils' performance reports: indicators, status, causes, actions, owners, deadlines, themes.

    \b
    Start with:
      councilscope read report.pdf
      councilscope annotate reports/ --store archive
      councilscope themes --store archive --by council
    """
    debug["on"] = with_traceback


@app.command()
@guard
def read(
    reports: Annotated[list[str], typer.Argument(metavar="REPORT.pdf", help="PDF or Office files to read.")],
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the report as JSON; several reports as one JSON object a line."),
    ] = False,
    no_tags: Annotated[
        bool,
        typer.Option("--no-tags", help="Only the structure: no causes, actions, owners, deadlines, themes."),
    ] = False,
    ocr: Ocr = OcrMode.auto,
    password_file: PasswordFile = None,
) -> int:
    """Read reports and show them, block by block.

    \b
    Examples:
      councilscope read report.pdf
      councilscope read report.pdf --json | jq '.blocks[] | select(.rag == "red") | .title'
      councilscope read secret.pdf --password-file passwords.txt
      councilscope read scan.pdf --ocr off
    """
    return work.read(reports, as_json, not no_tags, passwords_in(password_file), ocr.value)


@app.command()
@guard
def annotate(
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help="PDF or Office files, folders with all such files in them, or - for a list on standard input.",
        ),
    ],
    store: StoreDir,
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="Processes; by default one a core. 0: this process alone, without limits."),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one report may take, ...")] = 60.0,
    timeout_per_page: Annotated[float, typer.Option(min=0, help="... and more for each of its pages.")] = 2.0,
    memory: Annotated[
        int, typer.Option(min=64, metavar="MIB", help="MiB of memory that one worker may hold.")
    ] = 2048,
    batch_size: Annotated[
        int, typer.Option(min=1, help="Reports that are written to the archive together.")
    ] = 32,
    ocr: Ocr = OcrMode.auto,
    password_file: PasswordFile = None,
    redo_failed: Annotated[
        bool, typer.Option("--redo-failed", help="Read again what failed before.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="One line on standard error for each report.")
    ] = False,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="The same, and the summary, as JSON lines.")
    ] = False,
) -> int:
    """Read many reports into an archive. Run again, it reads only what is new.

    A file that cannot be read is recorded in the archive with the reason and what to do; the others go on, and
    the exit code is 3 (4 where none could be read). Ctrl-C finishes the reports that are being read.

    \b
    Examples:
      councilscope annotate reports/ --store archive
      councilscope annotate 2023/*.pdf extra.pdf --store archive --workers 4
      find . -name '*q4*.pdf' | councilscope annotate - --store archive
    """
    options: dict[str, Any] = {
        "workers": workers,
        "timeout": timeout,
        "timeout_per_page": timeout_per_page,
        "memory": memory,
        "batch_size": batch_size,
        "passwords": passwords_in(password_file),
        "redo_failed": redo_failed,
        "ocr": ocr.value,
    }
    return work.annotate(paths, store, "json" if log_json else "lines" if verbose else "bar", options)


@themes_app.callback(invoke_without_command=True)
@guard
def themes(
    context: typer.Context,
    store: Annotated[
        str | None, typer.Option("--store", metavar="DIR", help="The archive. Required.")
    ] = None,
    by: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Group by council, quarter, year, service, rag, kind, section, nation, region or council_type; twice for two.",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(metavar="PERIOD", help='Only reports from then on: "2020/21" or "2020/21 Q2".'),
    ] = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Only what has that value, for the names of --by; more values with commas.",
        ),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Themes a group (by default 5 with --by, else all).")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a CSV table.")] = False,
    as_json: AsJson = False,
) -> int:
    """How often each theme stands in the commentary, with one quoted example each.

    Shares have their denominators beside them: of the commentary texts, and of the red and amber blocks that
    have commentary.

    \b
    Examples:
      councilscope themes --store archive
      councilscope themes --store archive --by council --since 2020/21
      councilscope themes --store archive --by quarter --where rag=red,amber --csv > themes.csv
    """
    if context.invoked_subcommand is not None:
        return 0
    if store is None:
        raise typer.BadParameter("name the archive to report on", param_hint="--store")
    return work.themes(
        store, by or [], since, where or [], limit, "csv" if as_csv else "json" if as_json else "terminal"
    )


@app.command()
@guard
def tag() -> int:
    """Tag passages: JSON Lines on standard input, JSON Lines on standard output.

    Each line is {"id": ..., "text": ...}, with an optional "section" (reason, action, ...) and "period"
    ("2021/22 Q4"). A line that is no passage is reported by its number; the others go on, and the exit code is 3.

    \b
    Examples:
      councilscope tag < passages.jsonl > tagged.jsonl
      echo '{"id": 1, "text": "Visits fell because of vacancies."}' | councilscope tag
    """
    return work.tag(sys.stdin)


@app.command()
@guard
def schema() -> None:
    """Print the JSON Schema of a report (`councilscope read --json`).

    \b
    Example:
      councilscope schema > report.schema.json
    """
    out(json.dumps(councilscope.json_schema(), indent=2, ensure_ascii=False))


@store_app.callback()
def store() -> None:
    """Look after an archive.

    \b
    Example:
      councilscope store status archive
    """


@store_app.command("status")
@guard
def store_status(
    directory: Annotated[str, typer.Argument(metavar="DIR", help="The archive.")], as_json: AsJson = False
) -> int:
    """What is in an archive, and what could not be read.

    \b
    Examples:
      councilscope store status archive
      councilscope store status archive --json
    """
    return work.store_status(directory, as_json)


analysis_commands.add_to(app)

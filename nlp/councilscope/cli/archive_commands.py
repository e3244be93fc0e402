"""The commands that fill an archive, look after it and ask it in SQL."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from councilscope.cli import archive_work as work
from councilscope.cli.guard import guard, passwords_in
from councilscope.cli.options import AsJson, Ocr, OcrMode, PasswordFile, StoreDir, ThemeModel

store_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
Directory = Annotated[str, typer.Argument(metavar="DIR", help="The archive.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(annotate)
    app.command()(sql)
    app.add_typer(store_app, name="store")


@guard
def annotate(
    store: StoreDir,
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="PDF or Office files, folders with all such files in them, zip archives, patterns "
            "('2023/**/*.pdf'), addresses (s3://...), @FILE for a list of these, - for one on standard input.",
        ),
    ] = None,
    given: Annotated[
        str | None,
        typer.Option(
            metavar="FILE.csv",
            help="Reports to read and what is known of them: a CSV file with the columns path, council (name or "
            "GSS code) and period (2021/22 Q4), which count before what is printed.",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=0, help="Processes; by default one a core. 0: this process alone, without limits."),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Read on the workers of this Dask scheduler (tcp://HOST:8786); see docs/archives.md.",
        ),
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that one report may take, ...")] = 60.0,
    timeout_per_page: Annotated[float, typer.Option(min=0, help="... and more for each of its pages.")] = 2.0,
    memory: Annotated[
        int, typer.Option(min=64, metavar="MIB", help="MiB of memory that one worker may hold.")
    ] = 2048,
    max_pages: Annotated[
        int, typer.Option(min=0, help="A report with more pages is not read. 0: any number.")
    ] = 2000,
    batch_size: Annotated[
        int, typer.Option(min=1, help="Reports that are written to the archive together.")
    ] = 32,
    ocr: Ocr = OcrMode.auto,
    theme_model: ThemeModel = None,
    password_file: PasswordFile = None,
    redo: Annotated[
        list[str] | None,
        typer.Option(
            metavar="WHAT",
            help="Read again, of the reports given: failed; one status (timeout, partial, ...); path:PATTERN; reader "
            "(what another version of the program read); models (other models; done anyway); ROLE=VERSION "
            "(reader=0.1.0); all. May be repeated.",
        ),
    ] = None,
    redo_failed: Annotated[bool, typer.Option("--redo-failed", help="The same as --redo failed.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="One line on standard error for each report.")
    ] = False,
    log_json: Annotated[
        bool, typer.Option("--log-json", help="The same, and the summary, as JSON lines.")
    ] = False,
) -> int:
    """Read many reports into an archive. Run again, it reads only what is new.

    A file that cannot be read is recorded in the archive with the reason and what to do; the others go on, and
    the exit code is 3 (4 where none could be read). Ctrl-C finishes the reports that are being read, a second
    one stops at once; what was read is in the archive.

    \b
    Examples:
      councilscope annotate reports/ --store archive
      councilscope annotate '2023/**/*.pdf' extra.zip --store archive --workers 4
      find . -name '*q4*.pdf' | councilscope annotate - --store archive
      councilscope annotate --given known.csv --store archive
      councilscope annotate reports/ --store archive --redo timeout --redo 'path:*2019*' --timeout 600
    """
    options: dict[str, Any] = {
        "given": given,
        "workers": workers,
        "scheduler": scheduler,
        "timeout": timeout,
        "timeout_per_page": timeout_per_page,
        "memory": memory,
        "max_pages": max_pages,
        "batch_size": batch_size,
        "passwords": passwords_in(password_file),
        "redo": [*(redo or []), *(["failed"] if redo_failed else [])],
        "ocr": ocr.value,
        "theme_model": theme_model,
    }
    if not paths and given is None:
        raise typer.BadParameter("name reports, folders or lists to read, or a CSV file with --given")
    log = "json" if log_json else "lines" if verbose else "bar"
    return work.annotate(paths or [], store, log, options)


@guard
def sql(
    store: StoreDir,
    query: Annotated[
        str, typer.Argument(metavar="SELECT", help="One SELECT, as DuckDB reads it; - for standard input.")
    ],
    limit: Annotated[
        int | None,
        typer.Option(min=1, help="Rows to show (by default 100 on a terminal, else all)."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a CSV table.")] = False,
    as_json: AsJson = False,
) -> int:
    """Ask an archive in SQL: documents, blocks, outturns, commentary, spans, relations and themes are its tables.

    Nothing can be changed, and no other file be read.

    \b
    Examples:
      councilscope sql --store archive "select status, count(*) from documents group by all"
      councilscope sql --store archive "describe spans"
      councilscope sql --store archive "select council_name, text from spans join documents using (doc_id)
        where label = 'CAUSE' and attrs_theme = 'workforce'" --csv > causes.csv
    """
    return work.sql(store, query, limit, "csv" if as_csv else "json" if as_json else "table")


@store_app.callback()
def store() -> None:
    """Look after an archive.

    \b
    Examples:
      councilscope store status archive
      councilscope store verify archive
      councilscope store merge north south --into country
    """


@store_app.command("status")
@guard
def store_status(directory: Directory, as_json: AsJson = False) -> int:
    """What is in an archive, and what could not be read.

    \b
    Examples:
      councilscope store status archive
      councilscope store status archive --json
    """
    return work.store_status(directory, as_json)


@store_app.command("verify")
@guard
def store_verify(
    directory: Directory,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help="Take the reports of damaged parts out, so that the next annotate reads them anew.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Check every file of an archive: version, hash, number of rows, keys, rows without their parent.

    What is wrong is named with what to do; the exit code is then 5.

    \b
    Examples:
      councilscope store verify archive
      councilscope store verify archive --repair
    """
    return work.store_verify(directory, repair, as_json)


@store_app.command("compact")
@guard
def store_compact(directory: Directory) -> int:
    """Write an archive anew: few large files, without what was read again or removed.

    The same reports give the same bytes, however they came in. It can be cut short at any moment.

    \b
    Example:
      councilscope store compact archive
    """
    return work.store_compact(directory)


@store_app.command("merge")
@guard
def store_merge(
    stores: Annotated[list[str], typer.Argument(metavar="DIR", help="Archives to copy from.")],
    into: Annotated[
        str, typer.Option(metavar="DIR", help="The archive to copy to; a new one, or one with reports in it.")
    ],
) -> int:
    """Copy archives into one. A report that is in several stands once, with all its paths.

    A reading counts before a failure, else what is there already or comes first.

    \b
    Example:
      councilscope store merge north south --into country
    """
    return work.store_merge(stores, into)


@store_app.command("remove")
@guard
def store_remove(
    directory: Directory,
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="WHAT", help="As for annotate --redo: failed, a status, path:PATTERN, ROLE=VERSION, all."
        ),
    ],
) -> int:
    """Take reports out of an archive: their rows count no more, and `compact` removes them from the disk.

    \b
    Examples:
      councilscope store remove archive error
      councilscope store remove archive 'path:drafts/*'
    """
    return work.store_remove(directory, what)

"""The commands and their options."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

import councilscope
from councilscope.cli import archive_commands, work
from councilscope.cli.codebook_commands import codebook_app
from councilscope.cli.guard import debug, guard, out, passwords_in, prepare_streams
from councilscope.cli.options import AsJson, Ocr, OcrMode, PasswordFile, ThemeModel
from councilscope.cli.themes_commands import add_theme_commands

app = typer.Typer(
    name="councilscope",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
themes_app = typer.Typer(rich_markup_mode=None)
app.add_typer(themes_app, name="themes", invoke_without_command=True)
app.add_typer(codebook_app, name="codebook")
add_theme_commands(themes_app)


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
    theme_model: ThemeModel = None,
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
    return work.read(reports, as_json, not no_tags, passwords_in(password_file), ocr.value, theme_model)


archive_commands.register(app)


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
    least: Annotated[
        int, typer.Option(min=1, help="Texts or blocks of which a share is claimed at least.")
    ] = 10,
    theme_model: ThemeModel = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a CSV table.")] = False,
    as_json: AsJson = False,
) -> int:
    """How often each theme stands in the commentary, with one quoted example each.

    Shares have their denominators beside them: of the commentary texts, and of the red and amber blocks that
    have commentary; with 95% intervals, and corrected for the classifier's known errors (docs/themes.md says how).

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
    form = "csv" if as_csv else "json" if as_json else "terminal"
    return work.themes(store, by or [], since, where or [], limit, form, least, theme_model)


@app.command()
@guard
def tag(theme_model: ThemeModel = None) -> int:
    """Tag passages: JSON Lines on standard input, JSON Lines on standard output.

    Each line is {"id": ..., "text": ...}, with an optional "section" (reason, action, ...) and "period"
    ("2021/22 Q4"). A line that is no passage is reported by its number; the others go on, and the exit code is 3.

    \b
    Examples:
      councilscope tag < passages.jsonl > tagged.jsonl
      echo '{"id": 1, "text": "Visits fell because of vacancies."}' | councilscope tag
    """
    return work.tag(sys.stdin, theme_model)


@app.command()
@guard
def schema() -> None:
    """Print the JSON Schema of a report (`councilscope read --json`).

    \b
    Example:
      councilscope schema > report.schema.json
    """
    out(json.dumps(councilscope.json_schema(), indent=2, ensure_ascii=False))

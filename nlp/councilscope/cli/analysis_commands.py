"""The commands that ask an archive: causes, actions, indicators, check, report."""

from __future__ import annotations

from typing import Annotated

import typer

from councilscope.cli import analysis_work as work
from councilscope.cli.guard import guard

Store = Annotated[str, typer.Option("--store", metavar="DIR", help="The archive.")]
By = Annotated[
    list[str] | None,
    typer.Option(
        "--by",
        metavar="NAME",
        help="Group or sort by council, quarter, year, service, rag, …; twice for two.",
    ),
]
Since = Annotated[
    str | None, typer.Option(metavar="PERIOD", help='Only reports from then on: "2020/21" or "2020/21 Q2".')
]
Where = Annotated[
    list[str] | None,
    typer.Option(
        metavar="NAME=VALUE", help="Only what has that value, for the names of --by; more values with commas."
    ),
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="The most rows to print; all by default with --csv and --json.")
]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print a CSV table with every column.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Corrections = Annotated[
    str | None,
    typer.Option("--corrections", metavar="FILE", help="A review file whose column `correct` was filled in."),
]


def add_to(app: typer.Typer) -> None:
    """Put the commands on the program."""
    for command in (causes, actions, indicators, check, report):
        app.command()(command)


def _form(as_csv: bool, as_json: bool) -> str:
    return "csv" if as_csv else "json" if as_json else "terminal"


@guard
def causes(
    store: Store,
    by: By = None,
    since: Since = None,
    where: Where = None,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> int:
    """Which causes councils give, how often, and one quoted example each.

    Causes are counted by theme; beside them stand the blocks and the councils that give them, with their
    denominators. Denied causes are left out. --by also knows family, section, effect and assertion.

    \b
    Examples:
      councilscope causes --store archive
      councilscope causes --store archive --by quarter --where rag=red,amber
      councilscope causes --store archive --by family --csv > causes.csv
    """
    return work.causes(store, by or [], since, where or [], limit, _form(as_csv, as_json))


@guard
def actions(
    store: Store,
    by: By = None,
    since: Since = None,
    where: Where = None,
    at: Annotated[
        str | None,
        typer.Option(
            metavar="DAY",
            help="Overdue at that day (2021-03-31); by default at the end of each council's latest period.",
        ),
    ] = None,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> int:
    """The action register: what is done about it, by whom, by when, and what became of it.

    An action that is told again in later reports is one action with its history: promised, slipped, repeated,
    done. --by and --where also know state, status, owner, owner_kind and source.

    \b
    Examples:
      councilscope actions --store archive --where state=overdue
      councilscope actions --store archive --at 2021-03-31 --by council
      councilscope actions --store archive --csv > actions.csv
    """
    return work.actions(store, by or [], since, where or [], at, limit, _form(as_csv, as_json))


@guard
def indicators(
    store: Store,
    measure: Annotated[
        str | None, typer.Option(metavar="WORDS", help='Only the measure that is worded so: "missed bins".')
    ] = None,
    by: By = None,
    since: Since = None,
    where: Where = None,
    review: Annotated[
        str | None,
        typer.Option(
            "--review",
            metavar="FILE",
            help="Write the matches to a CSV file, to be looked through and corrected.",
        ),
    ] = None,
    corrections: Corrections = None,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> int:
    """The same indicator at many councils: figures, targets and status by family of measures.

    Titles are matched to common measures by their wording, unit, polarity and service, each with a score. To correct
    them, write a review file, fill in its column `correct`, and give it back with --corrections.

    \b
    Examples:
      councilscope indicators --store archive
      councilscope indicators --store archive --measure "missed bins"
      councilscope indicators --store archive --review matches.csv
      councilscope indicators --store archive --corrections matches.csv --csv > indicators.csv
    """
    return work.indicators(
        store, measure, by or [], since, where or [], review, corrections, limit, _form(as_csv, as_json)
    )


@guard
def check(
    store: Store,
    by: By = None,
    since: Since = None,
    where: Where = None,
    limit: Limit = None,
    as_csv: AsCsv = False,
    as_json: AsJson = False,
) -> int:
    """Check the reports themselves: what in them contradicts itself, page by page.

    percent: a percentage against its own fraction · rule, target: the status against tolerance and target ·
    direction: the direction of travel against the figures · silent: red without commentary ·
    summary: the report's own counts of statuses against the blocks that were read.

    \b
    Examples:
      councilscope check --store archive
      councilscope check --store archive --where check=direction --by council
      councilscope check --store archive --csv > findings.csv
    """
    return work.check(store, by or [], since, where or [], limit, _form(as_csv, as_json))


@guard
def report(
    store: Store,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Write the report as one HTML file.")
    ] = None,
    xlsx: Annotated[
        str | None, typer.Option("--xlsx", metavar="FILE", help="Write its tables as an Excel workbook.")
    ] = None,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="DIR", help="Write its tables as CSV files into a folder.")
    ] = None,
    since: Since = None,
    where: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE",
            help="Only these, by council, year, quarter, nation, region, council_type, service, rag or kind.",
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="DAY", help="Actions overdue at that day (2021-03-31).")
    ] = None,
    corrections: Corrections = None,
    title: Annotated[str, typer.Option(help="The report's title.")] = "Why targets are missed",
    no_pictures: Annotated[
        bool, typer.Option("--no-pictures", help="Leave out the pictures of places on the pages.")
    ] = False,
) -> int:
    """Write the report across councils: one HTML file that opens offline, with the evidence behind each figure.

    What is in the archive, status, themes, causes, indicators at several councils, actions, owners, and checks.
    The pictures of places on the pages need the PDFs where they were read from.

    \b
    Examples:
      councilscope report --store archive -o report.html
      councilscope report --store archive -o wales.html --where nation=Wales --since 2020/21
      councilscope report --store archive --xlsx tables.xlsx --csv tables/
    """
    return work.report(store, output, xlsx, csv, since, where or [], at, corrections, title, not no_pictures)

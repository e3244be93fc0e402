"""`councilscope codebook …`: make, check and exchange codebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from councilscope.cli.guard import guard, out, say

codebook_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)

Overwrite = Annotated[bool, typer.Option("--overwrite", help="Write over a file that is there.")]
Target = Annotated[Path, typer.Argument(metavar="TO", help="The file to write.")]


@codebook_app.callback()
def codebook() -> None:
    """Codebooks: the themes that texts are labelled with, each with definition, examples and counter-examples.

    \b
    Start with:
      councilscope codebook new my.toml
    """


@codebook_app.command()
@guard
def new(
    to: Target,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Start from the project's sixteen themes, with their words.")
    ] = False,
    overwrite: Overwrite = False,
) -> int:
    """Write a codebook to start from, with a comment on how it is filled in.

    \b
    Examples:
      councilscope codebook new my.toml
      councilscope codebook new my.toml --shipped
    """
    from councilscope import codebook as books

    _free(to, overwrite)
    text = books.shipped().to_toml() if shipped else books.TEMPLATE
    to.write_text(text, encoding="utf-8")
    say(f"{to} written; edit it, then `councilscope codebook check {to}`")
    return 0


@codebook_app.command()
@guard
def check(
    book: Annotated[Path, typer.Argument(metavar="CODEBOOK.toml", help="The codebook.")],
) -> int:
    """Say what a codebook holds and what would make it better. Exit code 5 where it cannot be used.

    \b
    Example:
      councilscope codebook check my.toml
    """
    from councilscope import codebook as books

    made = books.read_any(book)
    out(f"{made.name}: {len(made.codes)} {'theme' if len(made.codes) == 1 else 'themes'}")
    for code in made.codes:
        counts = f"{len(code.examples)} examples, {len(code.counter_examples)} counter-examples, {len(code.words)} words"
        out(f"  {code.id}: {code.name} ({counts})")
    for advice in made.advice():
        out(f"better: {advice}")
    return 0


@codebook_app.command("import")
@guard
def bring_in(
    source: Annotated[
        Path, typer.Argument(metavar="FROM", help="A .csv file (Taguette) or a .qdc file (REFI-QDA).")
    ],
    to: Target,
    overwrite: Overwrite = False,
) -> int:
    """Make a codebook (TOML) from another program's: Taguette's CSV, or REFI-QDA's .qdc of NVivo, MAXQDA, ATLAS.ti.

    \b
    Examples:
      councilscope codebook import codebook.qdc my.toml
      councilscope codebook import codebook.csv my.toml
    """
    return _convert(source, to, overwrite)


@codebook_app.command()
@guard
def export(
    book: Annotated[
        str, typer.Argument(metavar="CODEBOOK.toml", help='The codebook; "shipped" is the project\'s own.')
    ],
    to: Target,
    overwrite: Overwrite = False,
) -> int:
    """Write a codebook for another program, as the suffix says: .csv (Taguette) or .qdc (REFI-QDA).

    \b
    Examples:
      councilscope codebook export my.toml my.qdc
      councilscope codebook export shipped themes.csv
    """
    return _convert(book, to, overwrite)


def _convert(source: str | Path, to: Path, overwrite: bool) -> int:
    from councilscope import codebook as books

    made = books.shipped() if source == books.SHIPPED else books.read_any(source)
    _free(to, overwrite)
    books.write_any(made, to)
    say(f"{to} written: {len(made.codes)} themes")
    return 0


def _free(path: Path, overwrite: bool) -> None:
    """Wrong usage where the file is there and may not be written over."""
    if path.exists() and not overwrite:
        raise typer.BadParameter(f"{path} is there already; name another file, or add --overwrite")

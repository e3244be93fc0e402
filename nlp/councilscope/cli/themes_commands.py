"""`councilscope themes train|suggest|discover`: theme models for codebooks of one's own."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from councilscope.cli.guard import guard


class TaskForm(StrEnum):
    """How texts to label are written."""

    csv = "csv"
    label_studio = "label-studio"
    doccano = "doccano"


Store = Annotated[str, typer.Option("--store", metavar="DIR", help="The archive.")]
Book = Annotated[Path, typer.Option("--codebook", metavar="FILE", help="The codebook (TOML).")]
Model = Annotated[
    Path | None,
    typer.Option("--model", metavar="DIR", help="The theme model; by default the shipped one."),
]


def train(
    codebook: Book,
    labels: Annotated[
        Path,
        typer.Option(
            metavar="FILE",
            help="Labelled texts: CSV with text and themes, doccano's .jsonl, Label Studio's .json.",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write the model into.")],
) -> int:
    """Train a theme model for a codebook of your own, from 15 or so labelled texts a theme.

    Prints cross-validated scores with 95% intervals, and which themes have too little data. `--theme-model DIR`
    then takes the model for read, annotate, tag and themes.

    \b
    Examples:
      councilscope themes train --codebook my.toml --labels labelled.csv --out my-model/
      councilscope annotate reports/ --store archive --theme-model my-model/
    """
    from councilscope.cli import themes_work

    return themes_work.train(codebook, labels, out)


def suggest(
    store: Store,
    model: Model = None,
    codebook: Annotated[
        Path | None,
        typer.Option(
            "--codebook",
            metavar="FILE",
            help="Without a model yet: a codebook, whose definitions and examples give a first ranking.",
        ),
    ] = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="How many texts.")] = 50,
    form: Annotated[
        TaskForm, typer.Option("--format", help="csv, or tasks for Label Studio or doccano.")
    ] = TaskForm.csv,
) -> int:
    """The texts of an archive whose labelling would help a theme model most: unsure ones, no two alike.

    Prints them as CSV with a column `themes` to fill in for `themes train` ("?": not done yet), or as tasks for
    annotation tools.

    \b
    Examples:
      councilscope themes suggest --store archive --model my-model/ -n 50 > to-label.csv
      councilscope themes suggest --store archive --codebook my.toml > first.csv
      councilscope themes suggest --store archive --model my-model/ --format label-studio > tasks.json
    """
    from councilscope.cli import themes_work

    if model is not None and codebook is not None:
        raise typer.BadParameter("name a model or a codebook, not both", param_hint="--codebook")
    return themes_work.suggest(store, model, codebook, number, form.value)


def discover(
    store: Store,
    model: Model = None,
    topics: Annotated[
        int | None, typer.Option(min=1, help="How many to look for; by default one for ten texts.")
    ] = None,
) -> int:
    """Topics that come again and again in texts without a theme, as codebook entries (TOML) with example quotes.

    \b
    Examples:
      councilscope themes discover --store archive
      councilscope themes discover --store archive --model my-model/ > topics.toml
    """
    from councilscope.cli import themes_work

    return themes_work.discover(store, model, topics)


def add_theme_commands(group: typer.Typer) -> None:
    """Add the commands to `councilscope themes`."""
    for command in (train, suggest, discover):
        group.command(command.__name__)(guard(command))

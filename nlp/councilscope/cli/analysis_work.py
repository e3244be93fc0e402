"""What the commands that ask an archive do. Each function returns its exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from councilscope.cli.guard import out, say
from councilscope.cli.work import filters_in, records

if TYPE_CHECKING:
    from councilscope.analysis import Answer

ROWS = 40  # printed in a terminal where no --limit is given


@contextmanager
def _usage() -> Iterator[None]:
    """What cannot be asked is wrong usage."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _names(by: Sequence[str]) -> list[str]:
    return [name.strip() for given in by for name in given.split(",") if name.strip()]


def _ask(
    question: Callable[..., Answer], store: str, by: Sequence[str], where: Sequence[str], **options: Any
) -> Any:
    from councilscope.archive import Archive

    with _usage():
        return question(Archive(store), _names(by), where=filters_in(where), **options)


NOTHING = "nothing in the archive matches; leave out a --where or --since, or see councilscope store status"


def _put(
    answer: Answer, table: Any, limit: int | None, form: str, note: str, nothing: str = NOTHING, **extra: Any
) -> int:
    if not len(table):
        say(nothing)
    if form == "csv":
        sys.stdout.write((table.head(limit) if limit else table).to_csv(index=False))
    elif form == "json":
        shown = table.head(limit) if limit else table
        out(
            json.dumps({"by": list(answer.by), **extra, "rows": records(shown)}, indent=2, ensure_ascii=False)
        )
    else:
        from councilscope.render import print_answer

        print_answer(answer, table, limit=limit or ROWS, note=note)
    return 0


def causes(
    store: str, by: Sequence[str], since: str | None, where: Sequence[str], limit: int | None, form: str
) -> int:
    from councilscope.analysis import cause_report

    answer = _ask(cause_report, store, by, where, since=since)
    note = (
        "Share of all causes that are given, denied ones left out; and of the blocks and councils that give any. In brackets "
        "95% intervals, from drawing whole councils (reports, blocks) again; a dash where there are fewer than ten causes."
    )
    return _put(answer, answer.table, limit, form, note)


def actions(
    store: str,
    by: Sequence[str],
    since: str | None,
    where: Sequence[str],
    at: str | None,
    limit: int | None,
    form: str,
) -> int:
    from councilscope.analysis import action_register

    answer = _ask(action_register, store, by, where, since=since, at=at)
    day = f"at {answer.at}" if answer.at else "at the end of its council's latest period"
    note = f"One row per action, as last told; overdue {day}. --csv has every telling."
    table = answer.table if form != "terminal" else answer.actions
    return _put(answer, table, limit, form, note, at=answer.at)


def indicators(
    store: str,
    measure: str | None,
    by: Sequence[str],
    since: str | None,
    where: Sequence[str],
    review: str | None,
    corrections: str | None,
    limit: int | None,
    form: str,
) -> int:
    from councilscope import analysis

    with _usage():
        corrected = analysis.read_review(corrections) if corrections else None
    options = {"since": since, "measure": measure, "corrections": corrected}
    answer = _ask(analysis.indicator_table, store, by, where, **options)
    if review:
        table = analysis.review(answer.table)
        table.to_csv(review, index=False)
        say(
            f"{len(table)} titles written to {review}; fill in the column `correct`, then give --corrections {review}"
        )
        return 0
    note = "Figures stand beside each other where the family is the same; check unit, definition and basis before comparing."
    return _put(answer, answer.table, limit, form, note)


def check(
    store: str, by: Sequence[str], since: str | None, where: Sequence[str], limit: int | None, form: str
) -> int:
    from councilscope.analysis import check_reports

    answer = _ask(check_reports, store, by, where, since=since)
    looked = " · ".join(f"{name} {n:,}" for name, n in answer.looked_at.items())
    none = "nothing contradicts itself" if any(answer.looked_at.values()) else NOTHING
    note = " ".join([f"Looked at: {looked}.", *(f"{n}." for n in answer.notes)])
    return _put(answer, answer.table, limit, form, note, none, looked_at=answer.looked_at, notes=answer.notes)


def report(
    store: str,
    output: str | None,
    xlsx: str | None,
    csv: str | None,
    since: str | None,
    where: Sequence[str],
    at: str | None,
    corrections: str | None,
    title: str,
    pictures: bool,
) -> int:
    from councilscope import analysis, publish
    from councilscope.archive import Archive

    if not (output or xlsx or csv):
        raise typer.BadParameter(
            "name a file to write: -o report.html, --xlsx FILE or --csv DIR", param_hint="-o"
        )
    with _usage():
        corrected = analysis.read_review(corrections) if corrections else None
        found = publish.gather(
            Archive(store), since=since, where=filters_in(where), at=at, corrections=corrected, title=title
        )
    if output:
        made = publish.write_html(found, output, pictures=pictures)
        say(
            f"{output}: {made.size / 1e6:.1f} MB, {made.quotes:,} quotations, {made.pictures:,} pictures of pages"
        )
        for line in made.notes:
            say(line)
    if xlsx:
        publish.write_xlsx(found, xlsx)
        say(f"{xlsx}: {len(found.tables())} sheets")
    if csv:
        say(f"{csv}: {len(publish.write_csv(found, csv))} tables")
    return 0

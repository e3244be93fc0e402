"""What the commands do. Each function returns its exit code; heavy modules load in the function that needs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from councilscope.cli.guard import out, say
from councilscope.errors import UnreadableError

if TYPE_CHECKING:
    from councilscope.records import Report

LINES = 64  # passages that are tagged together


def read(
    paths: Sequence[str],
    as_json: bool,
    tag: bool,
    passwords: Sequence[str],
    ocr: str,
    theme_model: Path | None = None,
) -> int:
    from councilscope.annotate import outcome

    whole = partly = 0
    for path in paths:
        try:
            report = _read(path, passwords, {"tag": tag, "ocr": ocr, "theme_model": theme_model})
        except UnreadableError as error:
            say(str(error))
            continue
        status, reason = outcome(report)
        if as_json:
            out(report.to_json(indent=2 if len(paths) == 1 else None))
        else:
            from councilscope.render import print_report

            print_report(report)
        sys.stdout.flush()
        if reason:
            say(reason)
        whole += status == "ok"
        partly += status != "ok"
    if not whole + partly:
        return 4
    return 0 if whole == len(paths) else 3


def _read(path: str, passwords: Sequence[str], options: dict[str, Any]) -> Report:
    from councilscope.annotate import read

    tried: Sequence[str | None] = (None, *passwords)
    for i, password in enumerate(tried):
        try:
            return read(path, password=password, **options)
        except UnreadableError as error:
            if error.status != "encrypted" or i + 1 == len(tried):
                raise
    raise AssertionError("unreachable")


def themes(
    store: str,
    by: Sequence[str],
    since: str | None,
    where: Sequence[str],
    limit: int | None,
    form: str,
    least: int,
    theme_model: Path | None,
) -> int:
    from councilscope.analysis import theme_report
    from councilscope.archive import Archive

    names = [name.strip() for given in by for name in given.split(",") if name.strip()]
    try:
        filters = _filters(where)
        report = theme_report(
            Archive(store), names, since=since, where=filters, least=least, theme_model=theme_model
        )
        if (filters or since) and not report.totals["texts"].sum():
            say(_no_match(Archive(store), filters, since))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    for note in report.notes:
        say(note)
    if form == "terminal":
        from councilscope.render import print_themes

        print_themes(report, limit=limit)
        return 0
    table = report.table
    if limit:
        shown = table.groupby(names).head(limit) if names else table.head(limit)
        table = shown
    if form == "csv":
        sys.stdout.write(table.to_csv(index=False))
    else:
        out(
            json.dumps(
                {"by": names, "least": least, "totals": _records(report.totals), "themes": _records(table)},
                indent=2,
                ensure_ascii=False,
            )
        )
    return 0


def _no_match(source: Any, filters: dict[str, list[str]], since: str | None) -> str:
    """That nothing was left to count, and for each filter the values that the archive holds."""
    from councilscope.analysis import theme_report

    asked = [f"--where {name}={','.join(values)}" for name, values in filters.items()]
    asked += [f"--since {since}"] if since else []
    held = []
    for name in filters:
        there = sorted(str(v) for v in theme_report(source, [name]).totals[name].dropna().unique())
        more = f" and {len(there) - 12} more" if len(there) > 12 else ""
        held.append(f"{name} is one of: {', '.join(there[:12]) or 'nothing'}{more}")
    return f"no commentary matches {' '.join(asked)}" + (
        f"; in this archive {'; '.join(held)}" if held else ""
    )


def _records(table: Any) -> list[dict[str, Any]]:
    return list(json.loads(table.to_json(orient="records", double_precision=6)))


def _filters(given: Iterable[str]) -> dict[str, list[str]]:
    filters: dict[str, list[str]] = {}
    for item in given:
        name, equals, values = item.partition("=")
        if not equals:
            raise typer.BadParameter(f"{item!r} is no filter; write it as rag=red", param_hint="--where")
        filters.setdefault(name.strip(), []).extend(v for v in values.split(",") if v.strip())
    return filters


def tag(stream: Any, theme_model: Path | None = None) -> int:
    from councilscope import annotate

    if stream.isatty():
        say('type passages such as {"id": 1, "text": "..."}, one a line; end with Ctrl-D')
    good = bad = 0
    batch: list[dict[str, Any]] = []
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            batch.append(_passage(line))
        except ValueError as error:
            say(f"line {number}: {error}")
            bad += 1
        if len(batch) >= LINES or stream.isatty():
            good += _put(annotate.tag(batch, theme_model=theme_model))
            batch = []
    good += _put(annotate.tag(batch, theme_model=theme_model))
    if bad:
        return 3 if good else 4
    return 0


def _passage(line: str) -> dict[str, Any]:
    from councilscope.annotate import to_passage

    try:
        given = json.loads(line)
        line.encode("utf-8")
    except json.JSONDecodeError as error:
        raise ValueError(f"this is no JSON ({error.msg} at column {error.colno})") from None
    except UnicodeEncodeError:
        raise ValueError("this is no UTF-8 text") from None
    to_passage(given)
    return dict(given)


def _put(tagged: Iterator[dict[str, Any]]) -> int:
    done = 0
    for passage in tagged:
        out(json.dumps(passage, ensure_ascii=False))
        done += 1
    sys.stdout.flush()
    return done

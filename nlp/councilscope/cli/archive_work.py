"""What `annotate`, `sql` and the `store` commands do. Each function returns its exit code."""

from __future__ import annotations

import contextlib
import csv
import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import typer

from councilscope.cli.guard import out, say

if TYPE_CHECKING:
    from councilscope.archive import Summary
    from councilscope.archive.choose import Choice
    from councilscope.archive.runner import Progress

SHOWN = 100  # rows that a terminal gets unless it asks for more


def annotate(paths: Sequence[str], store: str, log: str, options: dict[str, Any]) -> int:
    from councilscope.archive import annotate_paths
    from councilscope.render import RunBar, print_summary

    progress = {"json": _log_json, "lines": _log_line}
    _choice(options["redo"], "--redo")
    with RunBar() if log == "bar" else contextlib.nullcontext(progress.get(log)) as tell:
        summary = annotate_paths(paths, store, progress=_unheard(tell), **options)
    with contextlib.suppress(BrokenPipeError):
        if log == "json":
            _log(event="end", **_summed(summary))
        else:
            print_summary(summary)
    return summary.exit_code


def _unheard(tell: Callable[[Progress], None] | None) -> Callable[[Progress], None]:
    """The same talk, which does not end the run where nobody listens any more."""

    def talk(step: Progress) -> None:
        with contextlib.suppress(BrokenPipeError):
            if tell:
                tell(step)

    return talk


def _log(**facts: Any) -> None:
    print(json.dumps(facts, ensure_ascii=False), file=sys.stderr, flush=True)  # noqa: T201


def _log_json(step: Progress) -> None:
    if step.path is not None:
        _log(
            event="document",
            done=step.done,
            total=step.total,
            path=step.path,
            status=step.status,
            reason=step.reason,
            pages=step.pages,
            seconds=round(step.seconds or 0, 2),
        )


def _log_line(step: Progress) -> None:
    if step.path is not None:
        pages = f" {step.pages} p." if step.pages else ""
        say(f"[{step.done}/{step.total}] {step.status}{pages} {step.seconds or 0:.1f} s {step.path}")


def _summed(summary: Summary) -> dict[str, Any]:
    return {
        "store": summary.store,
        "inputs": summary.inputs,
        "documents": summary.documents,
        "read": summary.read,
        "known": summary.known,
        "statuses": dict(summary.statuses),
        "interrupted": summary.interrupted,
        "seconds": round(summary.seconds, 1),
    }


def store_status(directory: str, as_json: bool) -> int:
    from councilscope.archive import Archive

    archive = Archive(directory)
    columns = ["status", "reason", "council_name", "period_financial_year", "period_quarter", "warnings"]
    columns += ["n_pages", "n_blocks", "n_commentary", "n_spans"]
    documents = archive.table("documents", columns)
    read = documents[documents["status"].isin(["ok", "partial"])]
    years = read["period_financial_year"].fillna("not known")
    facts: dict[str, dict[str, int]] = {
        "Documents": dict(Counter(documents["status"].astype(str)).most_common()),
        "Worth a look": {
            "read with warnings": int((read["warnings"].map(len) > 0).sum()),
            "read, and no block found": int((read["n_blocks"] == 0).sum()),
        },
        "Holds": {
            name[2:].replace("commentary", "commentary texts"): int(read[name].sum()) for name in columns[-4:]
        },
        "Councils": dict(sorted(Counter(read["council_name"].fillna("not known")).items())),
        "Years": dict(sorted(Counter(years).items())),
        "On disk": {"bytes": archive.place.size(), "parts": len(archive.parts.held())},
    }
    rows = documents[documents["status"] != "ok"]
    failures = sorted(
        zip(rows["status"].astype(str), rows["reason"].fillna(""), strict=True), key=lambda f: f[1]
    )
    if as_json:
        listed = [{"status": s, "reason": r} for s, r in failures]
        out(
            json.dumps(
                {
                    "store": directory,
                    **{k.lower().replace(" ", "_"): v for k, v in facts.items()},
                    "failures": listed,
                },
                indent=2,
                ensure_ascii=False,
            )
        )
    else:
        from councilscope.render import print_status

        print_status(directory, facts, failures)
    return 0


def store_verify(directory: str, fix: bool, as_json: bool) -> int:
    from councilscope.archive import Archive, repair, verify
    from councilscope.render import counting

    archive = Archive(directory)
    with counting("Verifying parts") as told:
        verdict = verify(archive, told)
    taken = repair(archive, verdict) if fix and verdict.problems else None
    if as_json:
        facts: dict[str, Any] = {"store": directory, "sound": not verdict.problems, "parts": verdict.parts}
        facts |= {
            "documents": verdict.documents,
            "rows": verdict.rows,
            "left": verdict.left,
            "taken_out": taken,
        }
        facts["problems"] = [{"path": p.path, "what": p.what, "remedy": p.remedy} for p in verdict.problems]
        out(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        for problem in verdict.problems:
            say(str(problem))
        for path in verdict.left:
            say(f"{path}: no committed part has this file; it does no harm, and goes at the next annotate")
        rows = ", ".join(f"{n:,} {table}" for table, n in verdict.rows.items())
        sound = "sound" if not verdict.problems else f"{len(verdict.problems):,} problems"
        out(f"{directory}: {sound}; {verdict.documents:,} documents in {verdict.parts:,} parts; {rows}")
    if taken is not None:
        say(f"{taken:,} documents were taken out; run the same annotate again, which reads them anew")
    return 5 if verdict.problems and taken is None else 0


def store_compact(directory: str) -> int:
    from councilscope.archive import Archive, compact
    from councilscope.render import counting

    archive = Archive(directory)
    size = archive.place.size()
    with counting("Compacting documents") as told:
        before, after = compact(archive, told)
    out(f"{directory}: {before:,} parts are now {after:,}; {size:,} bytes are now {archive.place.size():,}")
    return 0


def store_merge(stores: Sequence[str], into: str) -> int:
    from councilscope.archive import Archive, merge

    sources = [Archive(store) for store in stores]
    merged = merge(sources, Archive(into, create=True))
    out(
        f"{into}: {merged.added:,} documents added, {merged.over:,} read in place of one that had failed, "
        f"{merged.known:,} there already"
    )
    return 0


def store_remove(directory: str, what: Sequence[str]) -> int:
    from councilscope.archive import Archive, remove

    archive = Archive(directory)
    chosen = _choice(what, "WHAT")
    out(f"{directory}: {remove(archive, chosen):,} documents taken out; {len(archive):,} are left")
    return 0


def _choice(words: Sequence[str], option: str) -> Choice:
    from councilscope.archive import choice, in_use

    try:
        return choice(words, in_use)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def sql(store: str, query: str, limit: int | None, form: str) -> int:
    from councilscope.archive import Archive, ask

    shown = limit or (SHOWN if form == "table" and sys.stdout.isatty() else None)
    archive, text = Archive(store), sys.stdin.read() if query == "-" else query

    def take(answer: Any) -> tuple[list[str], list[Any]]:
        return list(answer.columns), answer.fetchmany(shown + 1) if shown else answer.fetchall()

    try:
        names, rows = ask(archive, text, take)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="SELECT") from None
    more = shown is not None and len(rows) > shown
    rows = rows[:shown]
    if form == "csv":
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerow(names)
        table.writerows([_flat(value) for value in row] for row in rows)
    elif form == "json":
        records = [dict(zip(names, row, strict=True)) for row in rows]
        out(json.dumps(records, indent=2, ensure_ascii=False, default=str))
    else:
        from councilscope.render import print_table

        print_table(names, [[_flat(value) for value in row] for row in rows])
    if more:
        say(f"only the first {shown:,} rows are shown; --limit shows more, --csv or --json all")
    return 0


def _flat(value: Any) -> Any:
    """A value for a cell: lists and structures as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value

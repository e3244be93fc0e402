"""What holds for every command: errors as messages and exit codes, a quiet end when the reader of a pipe leaves."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn, ParamSpec

import typer

from councilscope.errors import CouncilscopeError

P = ParamSpec("P")
debug = {"on": False}


def guard(command: Callable[P, int | None]) -> Callable[P, None]:
    """A command that returns its exit code, as one that ends the program with it."""

    @functools.wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs) or 0
            sys.stdout.flush()
        except BrokenPipeError:  # `councilscope … | head` has seen enough
            _swallow(sys.stdout)
            raise typer.Exit(0) from None
        except KeyboardInterrupt:
            say("interrupted")
            raise typer.Exit(130) from None
        except CouncilscopeError as error:
            fail(str(error), error.exit_code)
        except (typer.Exit, typer.BadParameter):
            raise
        except OSError as error:  # a disk that is full, a folder one may not write to
            where = f" {error.filename}" if error.filename else ""
            fail(
                f"the file or folder{where} cannot be used ({error.strerror or error}); name another place", 5
            )
        except Exception as error:
            detail = (str(error).splitlines() or [""])[0]
            fail(
                f"unexpected error ({type(error).__name__}: {detail}); "
                "run it again as `councilscope --debug …` to see where, and report it",
                1,
            )
        if code:
            raise typer.Exit(code)

    return guarded


def fail(message: str, code: int) -> NoReturn:
    """End with a message, and with the traceback where `--debug` asks for it."""
    if debug["on"] and sys.exc_info()[0]:
        traceback.print_exc()
    say(f"error: {message}")
    raise typer.Exit(code)


def say(message: str) -> None:
    """Talk: one line on standard error."""
    print(f"councilscope: {message}", file=sys.stderr)  # noqa: T201


def out(text: str) -> None:
    """Data: one line on standard output."""
    sys.stdout.write(text + "\n")


def prepare_streams() -> None:
    """UTF-8 into pipes and files whatever the locale; on a terminal that cannot show a character, a stand-in."""
    streams: tuple[Any, ...] = (sys.stdout, sys.stderr)
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(
                **({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8", "errors": "replace"})
            )
    stdin: Any = sys.stdin
    if hasattr(stdin, "reconfigure"):
        stdin.reconfigure(encoding="utf-8", errors="surrogateescape")


def _swallow(stream: Any) -> None:
    with open(os.devnull, "w") as null:
        os.dup2(null.fileno(), stream.fileno())


def passwords_in(path: str | None) -> tuple[str, ...]:
    """The passwords in a file, one a line. Wrong usage where it cannot be read."""
    if path is None:
        return ()
    try:
        with open(path, encoding="utf-8") as file:
            return tuple(line for line in file.read().splitlines() if line)
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise typer.BadParameter(f"{path} cannot be read: {why}", param_hint="--password-file") from None

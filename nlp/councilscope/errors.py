"""The errors a user can meet; each message names the file, the page where there is one, and what to do."""

from __future__ import annotations


class CouncilscopeError(Exception):
    """Base of every error raised on purpose; `exit_code` is what the command line returns for it."""

    exit_code = 1


class UnreadableError(CouncilscopeError):
    """A document that cannot be read.

    `status` is the contract's word for it (`not_pdf`, `encrypted`, `empty`, `damaged`, `no_text`,
    `unsupported`, ...); `reason` is a sentence that says what is wrong and what to do.
    """

    exit_code = 4

    def __init__(self, path: str, status: str, reason: str) -> None:
        self.path, self.status, self.reason = path, status, reason
        super().__init__(f"{path}: {reason}")


class ConfigError(CouncilscopeError):
    """A data file, model or store that is missing, damaged or of another version."""

    exit_code = 5

"""What can go wrong, as a tree; each kind knows its exit status and what to do next.

AscertainError
├── UsageError (2)         the command or call was wrong
├── InputError (3)         an input or a case can't be read
│   ├── UnsupportedInputError   no reader for this kind of file
│   ├── LimitError              an input is larger, deeper or slower than the limits allow
│   └── CaseError               the case folder is missing, newer than us, or damaged
├── CustodyError (4)       custody or a proof does not hold (never used for "could not check")
└── StoreError (5)         the store refused
    └── CaseBusyError           another process holds the case
"""

from __future__ import annotations

EXIT_DONE, EXIT_SOME_FAILED, EXIT_USAGE, EXIT_INPUT, EXIT_CUSTODY, EXIT_STORE, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


class AscertainError(Exception):
    """Base of all errors that a user is told about.

    Attributes:
        advice: what to do next, one sentence; empty where nothing helps.
        exit_status: the process's exit status where the error ends it.
    """

    exit_status = EXIT_INPUT

    def __init__(self, message: str, *, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the advice when an error crosses from a worker process."""
        return _remade, (type(self), str(self), self.advice)


class UsageError(AscertainError):
    """The command or call was wrong."""

    exit_status = EXIT_USAGE


class InputError(AscertainError):
    """An input can't be read."""


class UnsupportedInputError(InputError):
    """There is no reader for this kind of file."""


class LimitError(InputError):
    """An input is larger, deeper or slower to read than the limits allow."""


class CaseError(InputError):
    """The case folder is missing, newer than this version, or damaged."""


class CustodyError(AscertainError):
    """Custody or a proof does not hold."""

    exit_status = EXIT_CUSTODY


class StoreError(AscertainError):
    """The store refused to read or write."""

    exit_status = EXIT_STORE


class CaseBusyError(StoreError):
    """Another process holds the case."""


def _remade(kind: type[AscertainError], message: str, advice: str) -> AscertainError:
    return kind(message, advice=advice)

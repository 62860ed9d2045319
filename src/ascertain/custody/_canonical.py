"""One byte form for what is hashed: RFC 8785 (JSON Canonicalization Scheme)."""

from __future__ import annotations

from typing import Any

import rfc8785

from ascertain.errors import UsageError


def canonical(record: Any) -> bytes:
    """The canonical JSON of a record.

    Raises:
        UsageError: the record holds what JSON can't carry exactly (NaN, integers beyond 2^53, other types).
    """
    try:
        return rfc8785.dumps(record)
    except (rfc8785.CanonicalizationError, TypeError, RecursionError) as error:
        raise UsageError(
            f"a record can't be written canonically: {error}", advice="Keep to strings, whole numbers and lists of them."
        ) from error

"""What a text says: entities, times, quantities, statements and events, each at its words.

Only English is read so far; a text in another language gives an empty reading that says so.
"""

from __future__ import annotations

from ascertain.extract._reading import VERSION, extract, version

__all__ = ["VERSION", "extract", "version"]

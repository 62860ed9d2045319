"""Every setting, its unit and its default.

A flag wins over the environment (`ASCERTAIN_JOBS=2`), that over the case's `ascertain.toml` (table `[settings]`), that over the default.
Nothing is read at import.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

import attrs

from ascertain.errors import CaseError, UsageError

PREFIX = "ASCERTAIN_"
LONGEST_NUMBER = 18  # digits: fits every counter of the system


def _setting(default: int, meaning: str) -> int:
    number: int = attrs.field(default=default, metadata={"meaning": meaning})
    return number


@attrs.frozen
class Settings:
    """The settings; all are whole numbers, units in their names."""

    jobs: int = _setting(2, "processes that read documents; each holds a model of about 300 MB")
    max_original_bytes: int = _setting(200_000_000, "a larger file is refused: it would not fit a worker's memory")
    max_text_characters: int = _setting(5_000_000, "a longer main text is refused: no report is that long")
    max_children: int = _setting(10_000, "parts of one container at most: bounds archive bombs")
    max_pages: int = _setting(2_000, "pages of a PDF at most")
    max_depth: int = _setting(4, "containers inside containers at most")
    max_parts: int = _setting(50_000, "parts of one thing that was added, those of containers in containers too")
    max_unpacked_bytes: int = _setting(4_000_000_000, "size of all those parts together")
    parse_timeout_seconds: int = _setting(30, "time for parsing one original; its worker is ended then")
    parse_memory_bytes: int = _setting(3_000_000_000, "address space of the parsing worker")
    extract_timeout_seconds: int = _setting(900, "time for reading one long document, or any with several jobs; its worker is ended then")
    extract_memory_bytes: int = _setting(8_000_000_000, "address space of a reading worker")
    fetch_timeout_seconds: int = _setting(60, "time for one web address, from the first look to the last byte")
    fetch_interval_milliseconds: int = _setting(1_000, "pause between two requests to one machine; a longer Crawl-delay is kept to")

    def __attrs_post_init__(self) -> None:
        for field in attrs.fields(type(self)):
            if getattr(self, field.name) < 1:
                raise UsageError(
                    f"the setting {field.name} is at least 1, got {getattr(self, field.name)}", advice="`ascertain config` explains it."
                )


def load_settings(case: Path | str | None, environment: Mapping[str, str] | None = None) -> Settings:
    """The settings in force for a case (None: outside of any).

    Raises:
        CaseError: `ascertain.toml` can't be read.
        UsageError: a value is no whole number above 0.
    """
    return Settings(**{name: int(value) for name, value, _, _ in explain_settings(case, environment)})


def explain_settings(case: Path | str | None, environment: Mapping[str, str] | None = None) -> list[tuple[str, str, str, str]]:
    """For each setting its name, value, where it came from, and what it is for."""
    values = os.environ if environment is None else environment
    filed = _filed(Path(case)) if case is not None else {}
    found = []
    for field in attrs.fields(Settings):
        value, source = str(field.default), "default"
        if field.name in filed:
            value, source = str(filed[field.name]), "ascertain.toml"
        if PREFIX + field.name.upper() in values:
            value, source = values[PREFIX + field.name.upper()], f"{PREFIX}{field.name.upper()}"
        if not value.isdecimal() or len(value) > LONGEST_NUMBER:
            raise UsageError(f"the setting {field.name} is a whole number, got {value!r} from {source}", advice="Correct it there.")
        found.append((field.name, value, source, field.metadata["meaning"]))
    return found


def _filed(case: Path) -> dict[str, object]:
    path = case / "ascertain.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8")).get("settings", {})
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CaseError(f"{path} can't be read: {error}", advice="Correct the file; `ascertain config` shows what is known.") from error
    if not isinstance(table, dict):
        raise CaseError(f"{path} has no table [settings]", advice="Write the settings below a line [settings].")
    unknown = set(table) - {field.name for field in attrs.fields(Settings)}
    if unknown:
        raise CaseError(f"{path} holds unknown settings: {', '.join(sorted(unknown))}", advice="`ascertain config` prints the known ones.")
    return dict(table)

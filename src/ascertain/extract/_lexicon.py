"""Word lists of the extraction rules, loaded once from the data files beside the code."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """One TOML file of `data/`."""
    return tomllib.loads(files("ascertain.extract").joinpath(f"data/{name}.toml").read_text("utf-8"))


@cache
def words(name: str, key: str) -> frozenset[str]:
    """A list of words of a file; `key` may lead into a table (`verbs.denies`)."""
    found: Any = table(name)
    for part in key.split("."):
        found = found[part]
    return frozenset(str(found).split()) if isinstance(found, str) else frozenset(found)


@cache
def by_word(name: str, key: str) -> dict[str, str]:
    """For each word of a table of lists the list's name; where several hold it, the first."""
    found: Any = table(name)
    for part in key.split("."):
        found = found[part]
    result: dict[str, str] = {}
    for label, listed in found.items():
        for word in str(listed).split() if isinstance(listed, str) else listed:
            result.setdefault(word, label)
    return result


@cache
def word_class(name: str) -> frozenset[str]:
    """A class of nouns that event rules name with an @: people and force are made of the lists of people.toml.

    Raises:
        KeyError: there is no such class.
    """
    if name == "people":
        person, group, armed = (words("people", key) for key in ("person", "group", "armed"))
        return person | group | armed | words("events_classes", "people_too")
    if name == "persons":  # people one by one, no bodies
        return (words("people", "person") | word_class("armed") | words("events_classes", "people_too")) - {"board", "body", "bodies"}
    if name == "armed":
        return words("people", "armed") | words("events_classes", "armed_too")
    if name == "weapon":
        return words("people", "weapons") | words("events_classes", "missile")
    if name == "force":
        return word_class("armed") | words("events_classes", "missile")
    return words("events_classes", name)

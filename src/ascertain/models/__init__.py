"""Packaged models: loaded when first used, their digests checked, run on the CPU."""

from __future__ import annotations

from functools import cache

import attrs

from ascertain.models.language import LanguageModel, SpacyEnglish
from ascertain.models.places import Gazetteer


@attrs.frozen
class Models:
    """What extraction works with."""

    language: LanguageModel
    places: Gazetteer


@cache
def load_models() -> Models:
    """The models in use; one set a process.

    Raises:
        InputError: the gazetteer is missing (the language model is looked for at the first text).
    """
    return Models(SpacyEnglish(), Gazetteer.open())


__all__ = ["LanguageModel", "Models", "load_models"]

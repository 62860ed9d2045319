"""Packaged models: loaded when first used, their digests checked, run on the CPU."""

from __future__ import annotations

from functools import cache

import attrs

from ascertain.models.encoder import EncoderModel, OnnxEncoder
from ascertain.models.language import LanguageModel, SpacyEnglish
from ascertain.models.places import Gazetteer


@attrs.frozen
class Models:
    """What extraction works with; without an encoder, rules and the parser's own names read alone."""

    language: LanguageModel
    places: Gazetteer
    encoder: EncoderModel | None = None


@cache
def load_models() -> Models:
    """The models in use; one set a process.

    Raises:
        InputError: the gazetteer is missing (the language model is looked for at the first text).
    """
    encoder = OnnxEncoder.open()
    return Models(SpacyEnglish(names=encoder is None), Gazetteer.open(), encoder)


__all__ = ["EncoderModel", "LanguageModel", "Models", "load_models"]

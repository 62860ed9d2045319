"""Whose word a whole text is: a communiqué's after its first line, a letter's by its signature."""

from __future__ import annotations

import re

from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, fold, proper, source_of_entity
from ascertain.assess._tellings import Telling
from ascertain.records import EntityType, OriginKind, Part

LONG = 8  # sentences from which a text can hold several letters
SIGNED_LINES = 4  # how many lines from the end a signature stands at most
SENDER_WORDS = 6  # a body is named in so many words at most


def narrator_of(telling: Telling) -> Source | None:
    """The person named in a line after which all that follows is their word: `Pavlo Sydorchuk, head of the administration, informs:`."""
    text = telling.reading.document.text
    for number, sentence in enumerate(telling.layout.sentences[:6]):
        if number and pattern("narrator").search(text[sentence.start : sentence.end]):
            for entity in telling.reading.entities:
                named = [m for m in entity.mentions if sentence.start <= m.start < sentence.end]
                if named and entity.type is EntityType.PERSON and proper(entity.name):
                    return source_of_entity(telling.reading, entity, named[0])
    return _signer(telling)


def _signer(telling: Telling) -> Source | None:
    """Who signs a letter that speaks as `I` or `we`: the name in one of its last lines."""
    text = telling.reading.document.text
    if not pattern("signature", "voice").search(unquoted(text)):
        return None
    body = [s for s in telling.layout.sentences if s.part is Part.BODY]
    told = max((e.trigger.start for e in telling.events), default=max((p.start for p in telling.spans), default=0))
    after = [s for s in body if s.start > told and "," in text[s.start : s.end]]  # of several letters the one that tells
    for sentence in (*(after if len(body) > LONG else ()), *body[-SIGNED_LINES:]):
        signed = pattern("signature").match(text[sentence.start : sentence.end])
        alone = text[max(0, sentence.start - 1) : sentence.start] in {"", "\n"} and text[sentence.end : sentence.end + 1] in {"", "\n"}
        if signed is not None and alone and fold(signed[1]) != fold(telling.publisher or ""):
            name, outlet = signed[1], content(telling.publisher or "") & listed("relay", "outlets")
            sender = telling.publisher or text[sentence.end :].strip().split("\n")[0]  # a letter's last line may name the body
            names = (name, sender) if not outlet and proper(sender) and len(sender.split()) <= SENDER_WORDS else (name,)
            return Source(
                (telling.document, name), names, name, content(text[sentence.start : sentence.end]) - content(name), OriginKind.PERSON,
                first=sentence.start, persons=frozenset({name}),
            )  # fmt: skip
    return None


def unquoted(words: str) -> str:
    return re.sub(r"[“\"][^”\"]*(?:[”\"]|$)", " ", words)

"""Whose word a whole text is: a communiqué's after its first line, a letter's by its signature."""

from __future__ import annotations

import re

from ascertain.assess._rules import listed, pattern
from ascertain.assess._sources import Source, content, fold, proper, source_of_entity
from ascertain.assess._tellings import Telling
from ascertain.records import EntityType, OriginKind, Part, Sentence

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
    return _signer(telling) or _first_person(telling) or _relayed(telling)


def _relayed(telling: Telling) -> Source | None:
    """Whose text a translation or a reprint is, by its first lines: `The following text was distributed through channels of the Islamic State`."""
    for sentence in telling.layout.sentences[:6]:
        match = pattern("narrator", "relayed").search(telling.words(sentence))
        if match is not None and proper(match["body"].strip()):
            name = match["body"].strip()
            return Source(
                (telling.document, f"body {name}"), (name,), name, content(name), OriginKind.ORGANISATION, first=sentence.start
            )  # fmt: skip
    return None


def _first_person(telling: Telling) -> Source | None:
    """Who tells in the first person and names themselves: `I, Gul Zaman, general secretary of this circle, handed each his gloves`."""
    text = telling.reading.document.text
    match = pattern("narrator", "myself").search(unquoted(text))
    if match is None:
        return None
    at = text.find(match[0])
    line = telling.sentence(max(at, 0))
    return _signed(telling, line, match["name"], telling.publisher or "")


def _signer(telling: Telling) -> Source | None:
    """Who signs a letter or a release: the name in one of its last lines, of several letters in one text of the one that tells."""
    text = telling.reading.document.text
    personal = pattern("signature", "voice").search(unquoted(text)) is not None
    for sentence in _last_lines(telling):
        signed = pattern("signature").match(text[sentence.start : sentence.end])
        alone = text[max(0, sentence.start - 1) : sentence.start] in {"", "\n"} and text[sentence.end : sentence.end + 1] in {"", "\n"}
        below = text[sentence.end :].strip().split("\n")[0]  # a letter's last line may name the office or the body
        official = personal or content(below) & listed("office", "heads")
        if signed is not None and alone and official and fold(signed[1]) != fold(telling.publisher or ""):
            return _signed(telling, sentence, signed[1], telling.publisher or below)
    return None


def _last_lines(telling: Telling) -> list[Sentence]:
    """The lines in which a signature can stand: those with an office or a place after what is told, and the last ones."""
    body = [s for s in telling.layout.sentences if s.part is Part.BODY]
    told = max((e.trigger.start for e in telling.events), default=max((p.start for p in telling.spans), default=0))
    after = [s for s in body if s.start > told and "," in telling.words(s)]
    return [*(after if len(body) > LONG else ()), *body[-SIGNED_LINES:]]


def _signed(telling: Telling, line: Sentence, name: str, sender: str) -> Source:
    outlet = content(telling.publisher or "") & listed("relay", "outlets")
    names = (name, sender) if not outlet and proper(sender) and len(sender.split()) <= SENDER_WORDS else (name,)
    return Source(
        (telling.document, name), names, name, content(telling.words(line)) - content(name), OriginKind.PERSON,
        bodies=_heading_body(telling) or (content(sender) if len(names) > 1 else frozenset()), first=line.start, persons=frozenset({name}),
    )  # fmt: skip


def unquoted(words: str) -> str:
    """Words without what stands in quotation marks."""
    return re.sub(r"[“\"][^”\"]*(?:[”\"]|$)", " ", words)


def _heading_body(telling: Telling) -> frozenset[str]:
    """The words of the body in whose name a signed text goes out, as its first lines give it: `Katsina State Police Command`."""
    for sentence in telling.layout.sentences[:4]:
        words = content(telling.words(sentence))
        if sentence.part in {Part.HEAD, Part.TITLE} and words & listed("office", "bodies") and len(words) <= SENDER_WORDS:
            return frozenset() if words & listed("relay", "outlets") else words
    return frozenset()

"""Names that the words around them show: bodies with their short form in brackets, what a group calls itself, two halves of a person's name.

Also whom `I` means in somebody's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from ascertain.extract._entities_drafts import Draft
from ascertain.models.language import Name, Parse
from ascertain.records import Entity, EntityType, Form, Span, Statement

WORD = r"[A-ZÀ-ÖØ-Þ][\w'’&-]*"
WITH_SHORT = re.compile(
    rf"(?P<long>{WORD}(?:[ ](?:{WORD}|of|for|the|and|on|in|to|against|&)){{1,9}})[ ]\((?P<short>[A-Z][A-Za-z.-]{{1,9}})\)"
)
BODY = r"(?:Group|Front|Movement|Union|Party|Army|Forces?|Council|Committee|Centre|Center|Organi[sz]ation|Alliance|Congress|Commission|Ministry|Office|Bureau|Federation|"
BODY += r"League|Fund|Agency|Brigades?|Mission|Association|Society|Institute|Department|Coalition|Network|Campaign|Service|Board|Self-Defen[cs]e|Tribunal|Court|Observatory)"
WITH_FIELD = re.compile(
    rf"(?:{WORD}[ ]){{0,3}}{BODY}[ ](?:for|of|against)[ ](?:the[ ])?{WORD}(?:[ ]{WORD}|[ ](?:of|and|for)[ ](?:the[ ])?{WORD}){{0,5}}"
)
CALLED = re.compile(
    r"(?:\s+(?:which|who|that))?,?\s+(?:(?:now|also)\s+)?(?:calls?|calling|called|styles?|styling)\s+(?:itself|himself|herself|themselves)\s+"
    rf"(?:the\s+)?[\"“‘']?(?P<name>{WORD}(?:[ ](?:{WORD}|of|the|for|and)){{0,5}})"
)
KNOWN_AS = re.compile(
    r",?\s+(?:(?:who|which|that)\s+(?:is|was)\s+)?(?:(?:better|also|locally|only|widely)\s+)?(?:known|introduces\s+(?:himself|herself)|identified)\s+(?:\w+\s+){0,2}as\s+"
    rf"(?:the\s+)?[\"“‘']?(?P<name>{WORD}(?:[ ]{WORD}){{0,3}})"
)
SMALL = {"of", "for", "the", "and", "on", "in", "to", "against", "&"}
IN_PLACE = re.compile(r"(?:(?:^|[.!?:;]\s+|\n)[Ii]n|\b(?:near|outside))\s+$")
ONE_OF = {"one", "another", "some", "others", "two", "three"}  # `One of them, a schoolteacher, said`: the apposition tells who
FIRST_PERSON = {"i", "me", "my", "mine", "myself"}


def whole_names(parse: Parse) -> Parse:
    """The parse with the names that the model marked joined to what they are part of, and those added that it missed."""
    names = _placed(parse.text, [n for n in _joined(parse.text, parse.names) if not _is_common(parse, n)])
    for span in _bodies(parse.text):
        within = [n for n in names if n.start < span.end and span.start < n.end]
        if any(n.start < span.start or n.end > span.end or n.label == "PERSON" for n in within):
            continue
        names = [n for n in names if n not in within] + [Name(span.start, span.end, "ORG")]
    return attrs.evolve(parse, names=tuple(sorted(names, key=lambda n: n.start)))


def _placed(text: str, names: Sequence[Name]) -> list[Name]:
    """The names, those of one word that the model takes for persons and that stand behind words of place alone (`In Mahagi, a patrol`) as places."""
    of_person = [n for n in names if n.label == "PERSON" and " " not in text[n.start : n.end]]
    elsewhere = {text[n.start : n.end] for n in of_person if not IN_PLACE.search(text[max(0, n.start - 30) : n.start])}
    parts = {word for n in names if n.label == "PERSON" and n not in of_person for word in text[n.start : n.end].split()}
    moved = {n for n in of_person if text[n.start : n.end] not in elsewhere | parts}
    return [attrs.evolve(n, label="GPE") if n in moved else n for n in names]


def _is_common(parse: Parse, name: Name) -> bool:
    """Whether a place is a common noun that begins a sentence (`Rice barn: eleven bodies`) and is named nowhere else."""
    token = parse.token_at(name.start)
    if (
        name.label not in {"GPE", "LOC"}
        or token is None
        or (token.start, token.end) != (name.start, name.end)
        or token.tag not in {"NN", "NNS"}
    ):
        return False
    opens = token.index == parse.sentence_of(token).first
    return opens and sum(t.text == token.text for t in parse.tokens) == 1


def _joined(text: str, names: Sequence[Name]) -> Iterator[Name]:
    """A person's name and a place's right behind it are one (`Aníbal Rueda`)."""
    before: Name | None = None
    for name in names:
        single = before is not None and before.label == "PERSON" and " " not in text[before.start : before.end]
        if before is not None and single and name.label in {"GPE", "LOC", "PERSON"} and text[before.end : name.start] == " ":
            before = Name(before.start, name.end, "PERSON")
            continue
        if before is not None:
            yield before
        before = name
    if before is not None:
        yield before


def _bodies(text: str) -> Iterator[Span]:
    """Full names with their short form behind them, and names of bodies with their field (`Group for the Support of Islam`)."""
    for match in WITH_SHORT.finditer(text):
        start = _named_from(match["long"], match["short"])
        if start is not None:
            yield Span(match.start() + start, match.end("long"))
            yield Span(*match.span("short"))
    for match in WITH_FIELD.finditer(text):
        yield Span(*match.span())


def _named_from(long: str, short: str) -> int | None:
    """Where in some words the name begins that a short form stands for; None where none does."""
    letters = [c.casefold() for c in short if c.isalpha()]
    starts = [m.start() for m in re.finditer(r"(?<![\w'’])[\w]", long)]
    for start in starts:
        words = re.split(r"[ -]+", long[start:])
        big = [w[0].casefold() for w in words if w and w.casefold() not in SMALL]
        if long[start].isupper() and (big == letters or [w[0].casefold() for w in words if w] == letters):
            return start
    return None


def name_the_called(parse: Parse, drafts: Sequence[Draft]) -> None:
    """Give those who call themselves something that name (`the group which calls itself the Self-Defence of the North`)."""
    for draft in drafts:
        if draft.type is EntityType.PLACE:
            continue
        for mention in list(draft.mentions):
            match = CALLED.match(parse.text, mention.end) or KNOWN_AS.match(parse.text, mention.end)
            if match is not None and match["name"] not in draft.names:
                draft.names.append(match["name"])
                draft.mentions.append(Span(*match.span("name")))


def with_first_persons(parse: Parse, entities: Sequence[Entity], statements: Sequence[Statement]) -> tuple[Entity, ...]:
    """The entities with the `I` and `my` of their own words as mentions; of words within words the inner speaker's."""
    said = sorted(
        ((span, s.speaker) for s in statements if s.part_of is None and s.form is Form.DIRECT and s.speaker for span in s.content),
        key=lambda pair: (pair[0].start, -pair[0].end),
    )
    people = {e.id for e in entities if e.type is EntityType.PERSON or (e.type is EntityType.ARMED_ACTOR and e.roles)}
    meant: dict[int, str] = {}
    for span, speaker in said:
        for token in parse.tokens_in(span):
            if token.lower in FIRST_PERSON and token.pos == "PRON":
                meant[token.index] = speaker
    own: dict[str, list[Span]] = {}
    for index, speaker in meant.items():
        if speaker in people:
            own.setdefault(speaker, []).append(parse.tokens[index].span)
    return tuple(attrs.evolve(e, mentions=tuple(sorted({*e.mentions, *own[e.id]}))) if e.id in own else e for e in entities)


def teller_nouns(parse: Parse, strong: frozenset[str]) -> Iterator[Span]:
    """Nouns that are the subject of a sure saying verb: whoever they are, they tell."""
    for token in parse.tokens:
        if token.dep in {"nsubj", "nsubjpass"} and token.pos == "NOUN" and parse.tokens[token.head].lemma.lower() in strong:
            yield token.span
        elif token.dep == "nsubj" and token.lower in ONE_OF and parse.tokens[token.head].lemma.lower() in strong:
            yield from (noun.span for noun in parse.dependents(token.index, "appos") if noun.pos == "NOUN")

"""Entities: one for all the names, titles, descriptions and pronouns of a person, body, group, armed actor or place in a text.

Mentions are gathered in text order (places, names, noun phrases for people and bodies, pronouns) and each is joined to an entity
that it can mean, or makes a new one: names by their parts and initials, descriptions by office and head noun, pronouns by the
nearest fitting one, subjects and speakers before others.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence

import attrs

from ascertain.extract._lexicon import words
from ascertain.extract._places import PlaceMention
from ascertain.extract._quotes import find_quotes
from ascertain.extract._roles import Title, title_before, titles_after
from ascertain.models.language import Parse, Token
from ascertain.records import Entity, EntityRole, EntityType, Place, Span

PERSON, GROUP, ARMED = (words("people", key) for key in ("person", "group", "armed"))
TITLES, ORGANISATION = words("people", "titles"), words("people", "organisation")
FEMALE, MALE = words("people", "female_titles"), words("people", "male_titles")
WEAPONS = words("people", "weapons")
PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p", "it": "n", "its": "n", "itself": "n", "who": "r",
}  # fmt: skip
NAME_LABELS = {"PERSON", "ORG", "NORP", "FAC", "GPE", "LOC", "PRODUCT", "EVENT"}
ACRONYM = re.compile(r"^[A-Z][A-Z&.-]{1,9}s?$")
SUBJECTS = {"nsubj", "nsubjpass", "agent", "ROOT"}
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}$")  # the time before an item of a live page is no part of a name
PRONOUN_SENTENCES = 3  # how far back a pronoun looks
DEFINITE = {"the", "this", "that", "these", "those", "its", "their", "his", "her", "our", "both", "same"}


@attrs.define
class Draft:
    """An entity in the making; `office` holds the head nouns under which it may be described."""

    number: int
    type: EntityType
    name: str
    mentions: list[Span] = attrs.field(factory=list)
    names: list[str] = attrs.field(factory=list)
    roles: list[Title] = attrs.field(factory=list)
    place: Place | None = None
    gender: str | None = None
    plural: bool = False
    named: bool = False
    office: set[str] = attrs.field(factory=set)
    modifiers: set[str] = attrs.field(factory=set)
    last: int = 0  # token index of the last mention
    last_told: int = -1  # of the last one outside of quotations
    subject: int = -1  # of the last one that is a subject
    key: int | None = None


@attrs.frozen
class Phrase:
    """Words that may mean an entity."""

    span: Span
    head: Token
    kind: str  # place, name, noun, pronoun
    place: PlaceMention | None = None
    label: str | None = None


def find_entities(
    parse: Parse, places: Sequence[PlaceMention], *, learned: bool = False, speakers: Sequence[Span] = ()
) -> tuple[Entity, ...]:
    """All entities of a text with ids `e1`, `e2`, … in order of their first mention.

    Args:
        learned: the names are the encoder's and need no help from the parse.
        speakers: words that name who says something; each means an entity, whatever its noun.
    """
    drafts: list[Draft] = []
    quotes = [q.outer for q in find_quotes(parse.text)]
    starts = [q.start for q in quotes]

    def inside(offset: int) -> bool:
        at = bisect_right(starts, offset) - 1
        return at >= 0 and offset < quotes[at].end

    for phrase in sorted(_phrases(parse, places, learned=learned, speakers=speakers), key=lambda p: (p.span.start, -p.span.end)):
        _join(parse, phrase, drafts, inside)
    return _finished(parse, drafts)


def _phrases(parse: Parse, places: Sequence[PlaceMention], *, learned: bool, speakers: Sequence[Span]) -> list[Phrase]:
    found = [Phrase(p.span, token, "place", place=p) for p in places if (token := _head(parse, p.span)) is not None]
    taken = [p.span for p in places]
    for span, label in _names(parse, [p.span for p in places if p.how == "name"], learned=learned):
        head = _head(parse, span)
        if head is not None and not any(span == other for other in taken):
            found.append(Phrase(span, head, "name", label=label))
            taken.append(span)
    covered = {t.index for span in taken for t in parse.tokens_in(span)}
    spoken = {head.index for span in speakers if (head := _head(parse, span)) is not None}
    for token in parse.tokens:
        if token.lower in PRONOUNS and token.pos == "PRON" and token.lower != "who":
            found.append(Phrase(token.span, token, "pronoun"))
        elif token.index not in covered and token.pos in {"NOUN", "PROPN", "ADJ"}:
            plain = _is_people(token) and token.dep != "compound" and token.tag != "JJ"
            if plain or (token.index in spoken and token.tag != "PRP"):
                found.append(Phrase(_noun_phrase(parse, token), token, "noun"))
    return found


def _is_people(token: Token) -> bool:
    lemma = token.lemma.lower()
    return lemma in PERSON or lemma in GROUP or token.lower in GROUP or token.lower in PERSON


def _head(parse: Parse, span: Span) -> Token | None:
    """The token of a span whose head lies outside of it; the last where several do."""
    inside = [t for t in parse.tokens_in(span)]
    if not inside:
        return parse.token_at(span.start)
    indices = {t.index for t in inside}
    return next((t for t in reversed(inside) if t.head not in indices or t.head == t.index), inside[-1])


def _names(parse: Parse, places: Sequence[Span], *, learned: bool) -> list[tuple[Span, str]]:
    """Names of people and bodies: the model's, cleaned; with the parser's own also runs of proper nouns that it missed."""
    found: list[tuple[Span, str]] = []
    for name in parse.names:
        if name.label in NAME_LABELS:
            span = _cleaned(parse, Span(name.start, name.end))
            if span is not None and span not in places:
                found.append((span, name.label))
    for span in () if learned else _proper_runs(parse):
        if not any(span.start < other.end and other.start < span.end for other, _ in found) and not any(span == p for p in places):
            if not any(p.start <= span.start and span.end <= p.end for p in places):
                found.append((span, "RUN"))
    return found


def _cleaned(parse: Parse, span: Span) -> Span | None:
    """A name without article, title words, possessive; None where nothing of a name is left."""
    tokens = [t for t in parse.tokens_in(span)]
    while tokens and (tokens[0].pos in {"DET", "PUNCT", "ADP", "NUM", "CCONJ"} or not tokens[0].text[:1].isupper()):
        tokens = tokens[1:]
    while tokens and (
        tokens[-1].tag == "POS" or (tokens[-1].pos in {"PUNCT", "ADP", "CCONJ", "NUM", "VERB"} and not ACRONYM.match(tokens[-1].text))
    ):
        tokens = tokens[:-1]
    while len(tokens) > 1 and tokens[0].lower.rstrip(".") in TITLES and tokens[-1].lower not in ORGANISATION:
        tokens = tokens[1:]
    if not tokens or "\n" in parse.text[tokens[0].start : tokens[-1].end]:
        return None
    if len(tokens) == 1 and (tokens[0].pos not in {"PROPN", "NOUN", "ADJ", "X"} or tokens[0].lower in PRONOUNS):
        return None
    end = tokens[-1].end
    text = parse.text[tokens[0].start : end]
    return Span(tokens[0].start, end - (2 if text.endswith(("'s", "’s")) else 0))


def _proper_runs(parse: Parse) -> list[Span]:
    """Runs of two or more proper nouns, and single ones that are subjects or follow a title, that the model gave no label."""
    runs: list[Span] = []
    current: list[Token] = []
    for token in (*parse.tokens, None):
        joins = token is not None and token.pos == "PROPN" and token.text[:1].isupper() and not token.text.isdigit()
        if joins and token is not None and current and token.start - current[-1].end <= 1 and token.sentence == current[-1].sentence:
            current.append(token)
            continue
        while len(current) > 1 and current[0].lower.rstrip(".") in TITLES and current[-1].lower not in ORGANISATION:
            current = current[1:]
        if len(current) >= 2 or (
            len(current) == 1
            and current[0].dep in {"nsubj", "nsubjpass", "dobj", "pobj", "appos", "poss", "conj", "agent"}
            and len(current[0].text) > 2
        ):
            if current[0].lower.rstrip(".") not in TITLES:
                runs.append(Span(current[0].start, current[-1].end))
        current = [token] if joins and token is not None else []
    return runs


def _noun_phrase(parse: Parse, head: Token) -> Span:
    """The head with its modifiers before it, and `of the …` after it; relative clauses and appositions stay out."""
    inside = {head.index}
    for child in parse.children[head.index]:
        token = parse.tokens[child]
        if token.dep in {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod"} and token.index < head.index:
            inside.update(i for i in parse.subtree(child) if i < head.index)
    first = min(inside)
    while first < head.index and (parse.tokens[first].pos in {"PUNCT", "CCONJ"} or CLOCK.match(parse.tokens[first].text)):
        first += 1
    return Span(parse.tokens[first].start, head.end)


# --- joining


def _join(parse: Parse, phrase: Phrase, drafts: list[Draft], inside: Callable[[int], bool]) -> None:
    draft: Draft | None
    if phrase.kind == "place":
        draft = _place_draft(phrase, drafts)
    elif phrase.kind == "name":
        draft = _name_draft(parse, phrase, drafts)
    elif phrase.kind == "noun":
        draft = _noun_draft(parse, phrase, drafts)
    else:
        draft = _pronoun_draft(parse, phrase, drafts, quoted=inside(phrase.span.start))
    if draft is None:
        return
    draft.mentions.append(phrase.span)
    draft.last = phrase.head.index
    if not inside(phrase.span.start):
        draft.last_told = phrase.head.index
    if phrase.head.dep in SUBJECTS:
        draft.subject = phrase.head.index
    if phrase.kind == "name":
        _name_details(parse, phrase, draft, drafts)


def _new(drafts: list[Draft], kind: EntityType, name: str, **about: object) -> Draft:
    draft = Draft(max((d.number for d in drafts), default=0) + 1, kind, name, **about)  # type: ignore[arg-type]  # the callers name Draft's own fields
    drafts.append(draft)
    return draft


def _place_draft(phrase: Phrase, drafts: list[Draft]) -> Draft:
    assert phrase.place is not None  # a phrase of kind place has one
    for draft in drafts:
        if draft.key == phrase.place.key and draft.type is EntityType.PLACE:
            if phrase.place.how == "name" and not draft.named:
                draft.name, draft.named = phrase.place.name, True
            if phrase.place.name not in draft.names:
                draft.names.append(phrase.place.name)
            return draft
    return _new(
        drafts, EntityType.PLACE, phrase.place.name, names=[phrase.place.name], place=phrase.place.place, key=phrase.place.key,
        named=phrase.place.how == "name",
    )  # fmt: skip


def _type_of(parse: Parse, phrase: Phrase) -> EntityType:
    """What kind of thing a name is for, by its words, its label and what stands around it."""
    name = parse.text[phrase.span.start : phrase.span.end]
    parts = [part.lower().strip(".,") for part in name.split()]
    if any(part in WEAPONS for part in parts) and phrase.label in {"PRODUCT", "RUN"}:
        return EntityType.WEAPON
    if any(part in ORGANISATION for part in parts):
        return EntityType.ARMED_ACTOR if any(part in ARMED for part in parts) else EntityType.ORGANISATION
    if title_before(parse, phrase.span) is not None and len(parts) <= 4 and not ACRONYM.match(name):
        return EntityType.PERSON
    if phrase.label == "PERSON" or (phrase.label in {"RUN", "ORG", "GPE", "NORP", "FAC"} and _acts_like_person(parse, phrase, parts)):
        return EntityType.PERSON
    if phrase.label == "NORP":
        return EntityType.GROUP
    return EntityType.ORGANISATION


def _acts_like_person(parse: Parse, phrase: Phrase, parts: list[str]) -> bool:
    """A name of two or three plain words with an apposition of a person noun, or that has a pronoun or age after it."""
    if not 2 <= len(parts) <= 4 or any(not part.isalpha() and "-" not in part and "’" not in part and "'" not in part for part in parts):
        return False
    if ACRONYM.match(parse.text[phrase.span.start : phrase.span.end]):
        return False
    if any(t.lemma.lower() in PERSON for t in parse.dependents(phrase.head.index, "appos")):
        return True
    head = parse.tokens[phrase.head.head]
    if phrase.head.dep == "appos" and head.lemma.lower() in PERSON:
        return True
    after = parse.text[phrase.span.end : phrase.span.end + 60]
    return phrase.label == "RUN" and re.match(r",? (?:who|said|says|told|added|\d\d,|an? |the )", after) is not None


def _name_draft(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> Draft:
    name = parse.text[phrase.span.start : phrase.span.end]
    for draft in reversed(drafts):
        if draft.named and draft.type is not EntityType.PLACE and any(same_name(name, other) for other in draft.names):
            _add_name(draft, name)
            return draft
    expansion = _in_brackets(parse, phrase, drafts) or _by_initials(name, drafts)
    if expansion is not None:
        _add_name(expansion, name)
        return expansion
    kind = _type_of(parse, phrase)
    return _new(drafts, kind, name, names=[name], named=True, office=_offices(name) if kind is not EntityType.PERSON else set())


def _add_name(draft: Draft, name: str) -> None:
    if name not in draft.names:
        draft.names.append(name)
    if len(name.split()) > len(draft.name.split()) and not ACRONYM.match(name):
        draft.name = name


def _offices(name: str) -> set[str]:
    """Nouns by which a body may be called later: `the ministry`, `the agency`."""
    return {part.lower() for part in name.split() if part.lower() in GROUP or part.lower() in ORGANISATION}


def _in_brackets(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> Draft | None:
    """The entity whose name stands right before `(NAME)`, where NAME could be its short form."""
    before = parse.text[: phrase.span.start]
    if not before.endswith("("):
        return None
    for draft in reversed(drafts):
        if draft.mentions and draft.type is not EntityType.PLACE and 0 <= phrase.span.start - draft.mentions[-1].end <= 3:
            return draft
    return None


def _by_initials(name: str, drafts: list[Draft]) -> Draft | None:
    """The person whose office has these initials (`the I.G.` for the Inspector General)."""
    letters = name.replace(".", "")
    if not (2 <= len(letters) <= 5 and letters.isupper()):
        return None
    people = [d for d in reversed(drafts) if d.type is EntityType.PERSON]
    return next((d for d in people if any(initials(title.text.title()) == letters for title in d.roles)), None)


def initials(name: str) -> str:
    """First letters of the capitalised words of a name."""
    return "".join(part[0] for part in re.split(r"[\s-]+", name) if part[:1].isupper())


def same_name(one: str, other: str) -> bool:
    """Whether two names can be of one: equal, initials and expansion, or the last name of a full name."""
    a, b = one.casefold().replace("’", "'").removesuffix("'s"), other.casefold().replace("’", "'").removesuffix("'s")
    if a == b or a.removeprefix("the ") == b.removeprefix("the "):
        return True
    if ACRONYM.match(one) and len(one) > 2 and initials(other) in {one.replace(".", ""), one.rstrip("s")}:
        return True
    if ACRONYM.match(other) and len(other) > 2 and initials(one) in {other.replace(".", ""), other.rstrip("s")}:
        return True
    if _acronym_in(one, other) or _acronym_in(other, one):
        return True
    first, second = a.split(), b.split()
    if ACRONYM.match(one) or ACRONYM.match(other):
        return False
    short, long = (first, second) if len(first) <= len(second) else (second, first)
    bodies = any(part in ORGANISATION for part in (*first, *second))
    if len(short) == len(long) or not short:
        return False
    if bodies:
        return len(short) >= 2 and " ".join(short) in " ".join(long) and short[-1] == long[-1]
    return short == long[-len(short) :] or (len(short) == 1 and len(short[0]) > 2 and short[0] == long[-1])


def _acronym_in(short: str, long: str) -> bool:
    """`UNSC` and `United Nations Security Council`; `UN` alone is too short to tell."""
    letters = short.replace(".", "")
    return (
        bool(re.fullmatch(r"[A-Z]{3,6}", letters))
        and letters == "".join(p[0] for p in long.split() if p[0].isupper())
        and len(long.split()) == len(letters)
    )


def _name_details(parse: Parse, phrase: Phrase, draft: Draft, drafts: list[Draft]) -> None:
    """Titles and appositions around a name: roles, gender, and descriptions that mean the same."""
    if draft.type is EntityType.PLACE:
        return
    title = title_before(parse, phrase.span)
    found = [title] if title is not None else []
    found += titles_after(parse, phrase.head, phrase.span, PERSON)
    if (
        found
        and draft.type is EntityType.ORGANISATION
        and any(t.head in PERSON for t in found)
        and len(draft.name.split()) <= 3
        and not _offices(draft.name)
        and not ACRONYM.match(draft.name)
    ):
        draft.type = EntityType.PERSON
    if draft.type is not EntityType.PERSON:
        return
    for item in found:
        if item.text.lower() not in {t.text.lower() for t in draft.roles}:
            draft.roles.append(item)
        draft.office.add(item.head)
        words_in = {w.lower().strip(".") for w in item.text.split()}
        if words_in & FEMALE:
            draft.gender = "f"
        elif words_in & MALE:
            draft.gender = draft.gender or "m"
        if item.apart is not None and item.apart not in draft.mentions:
            draft.mentions.append(item.apart)
        if item.where is not None:
            _absorb(draft, drafts, item.where)
    _described_before(parse, phrase, draft, drafts)
    if title is not None:
        _foretold(title.head, draft, drafts)


VAGUE = {"regional", "provincial", "local", "district", "acting", "interim", "senior", "city", "town", "village", "army", "military", "police"}


def _foretold(office: str, draft: Draft, drafts: list[Draft]) -> None:
    """`the regional governor said … Governor Ana Lis told`: the one described so before the name was given, where there is one only."""
    fitting = [
        d for d in drafts
        if not d.named and d.type is EntityType.PERSON and not d.plural and office in d.office
        and d.modifiers <= VAGUE and d.name.lower().startswith("the ")
    ]  # fmt: skip
    if len(fitting) == 1 and len(draft.mentions) == 1:
        draft.mentions += fitting[0].mentions
        draft.office |= fitting[0].office
        drafts.remove(fitting[0])


COURTESY_BETWEEN = re.compile(r"^,?\s*(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Gen|Col|Maj|Capt|Lt|Sgt|Sir|Lord|Lady|Sheikh)\b\.?\s*)*$")


def _described_before(parse: Parse, phrase: Phrase, draft: Draft, drafts: list[Draft]) -> None:
    """`the County Commissioner, Ms. Fatuma Sheikh`: a description that a name follows after a comma is the name's."""
    for other in reversed(drafts[-6:]):
        if other.named or other.type is not EntityType.PERSON or other.plural or not other.mentions:
            continue
        mention = other.mentions[-1]
        between = parse.text[mention.end : phrase.span.start]
        if mention.end <= phrase.span.start and len(between) < 16 and "," in between and COURTESY_BETWEEN.match(between):
            for title in other.roles:
                words_ = _without_article(title.text)
                if words_.lower() not in {t.text.lower() for t in draft.roles}:
                    draft.roles.append(attrs.evolve(title, text=words_))
            _absorb(draft, drafts, mention)
            return


def _without_article(title: str) -> str:
    return re.sub(r"^(?:the|an?|its|their|his|her|our)\s+", "", title, flags=re.IGNORECASE)


def _absorb(draft: Draft, drafts: list[Draft], where: Span) -> None:
    """A description that turned out to be a name's title is no entity of its own."""
    for other in drafts[:]:
        if other is draft or other.named or other.type is not EntityType.PERSON:
            continue
        if any(m.start < where.end and where.start < m.end for m in other.mentions[-1:]):
            draft.mentions += [m for m in other.mentions if m not in draft.mentions]
            draft.office |= other.office
            drafts.remove(other)


def _noun_draft(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> Draft | None:
    """A description: the apposition of a name means the name; `the X` may mean somebody known; else it is somebody new."""
    head = phrase.head
    lemma = head.lemma.lower()
    if _apposed_to_name(parse, phrase, drafts):
        return None
    words_ = parse.text[phrase.span.start : phrase.span.end]
    if head.pos == "PROPN":
        name = _without_article(words_)
        known = next((d for d in reversed(drafts) if d.named and any(same_name(name, other) for other in d.names)), None)
        known = known or _by_initials(name, drafts)
        if known is not None:
            return known
    modifiers = _modifiers(parse, phrase)
    determiner = next((t.lower for t in parse.dependents(head.index, "det", "poss")), "")
    plural = head.tag in {"NNS", "NNPS"} or lemma in {"people", "police", "family"}
    if (determiner in DEFINITE or modifiers) and not (parse.dependents(head.index, "nummod")):
        known = _described(lemma, modifiers, drafts, determiner=determiner, plural=plural)
        if known is not None:
            return known
    kind = EntityType.PERSON if lemma in PERSON and not plural and lemma not in GROUP else EntityType.GROUP
    if lemma in ARMED or head.lower in ARMED:
        kind = EntityType.ARMED_ACTOR
    elif kind is EntityType.GROUP and lemma in ORGANISATION:
        kind = EntityType.ORGANISATION
    if lemma in {"spokesman", "spokeswoman"} or kind is EntityType.PERSON:
        gender = "f" if lemma in FEMALE else "m" if lemma in MALE else None
    else:
        gender = None
    draft = _new(drafts, kind, words_, names=[words_], plural=plural, office={lemma}, modifiers=modifiers, gender=gender)
    if kind is EntityType.PERSON:
        title = Title(words_, lemma, _organisation_of(parse, head), None)
        draft.roles.append(title)
    return draft


def _organisation_of(parse: Parse, head: Token) -> Span | None:
    for preposition in parse.dependents(head.index, "prep"):
        if preposition.lower in {"of", "for", "at", "from", "in"}:
            for noun in parse.dependents(preposition.index, "pobj"):
                return _noun_phrase(parse, noun)
    compound = [
        t
        for t in parse.dependents(head.index, "compound", "poss", "amod")
        if (t.index < head.index and t.text[:1].isupper()) or t.lemma.lower() in GROUP
    ]
    return compound[0].span if compound else None


def _modifiers(parse: Parse, phrase: Phrase) -> set[str]:
    """Content words that tell this description from others of its head."""
    inside = parse.tokens_in(phrase.span)
    return {
        t.lower
        for t in inside
        if t.index != phrase.head.index
        and t.pos in {"ADJ", "NOUN", "PROPN"}
        and t.lower not in {"senior", "other", "new", "former", "local"}
    }


def _apposed_to_name(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> bool:
    """Whether a description stands beside a name as its apposition or title; then it is the name's."""
    for draft in drafts:
        if draft.named and phrase.span in draft.mentions:
            return True
        if (
            draft.type is EntityType.PERSON
            and draft.named
            and any(t.where is not None and t.where.start <= phrase.head.start < t.where.end for t in draft.roles)
        ):
            if phrase.span not in draft.mentions:
                draft.mentions.append(phrase.span)
            return True
    return False


SYNONYMS = {
    "chief": {"secretary-general", "head", "director", "commander", "chairman", "leader", "president"}, "head": {"chief", "director", "chairman", "leader", "governor"},
    "leader": {"president", "premier", "chairman", "head"}, "ministry": {"ministry"}, "spokesman": {"spokesperson"}, "spokesperson": {"spokesman", "spokeswoman"},
    "premier": {"minister"}, "doctor": {"surgeon", "dr", "physician"}, "envoy": {"ambassador", "representative"}, "diplomat": {"ambassador"},
    "official": {"head", "governor", "minister", "mayor"}, "agency": {"office"}, "i.g.": {"inspector"},
}  # fmt: skip


def _described(lemma: str, modifiers: set[str], drafts: list[Draft], *, determiner: str, plural: bool) -> Draft | None:
    """The most recent entity that a description can mean."""
    accepted = {lemma} | SYNONYMS.get(lemma, set())
    for draft in sorted(drafts, key=lambda d: -d.last):
        if draft.type is EntityType.PLACE or not (draft.office & accepted):
            continue
        if not draft.named:
            if (
                lemma in draft.office
                and draft.plural == plural
                and (draft.modifiers == modifiers or (determiner in DEFINITE and modifiers <= draft.modifiers))
            ):
                return draft
            continue
        if plural:
            continue
        known = {w.casefold().strip(".,()") for t in draft.roles for w in (*t.text.split(), *(t.organisation_words or "").split())} | {
            w.casefold() for name in draft.names for w in name.split()
        }
        if draft.type is not EntityType.PERSON:
            if modifiers <= known or not modifiers:
                return draft
        elif (determiner in DEFINITE or modifiers) and all(m in known or _stem(m) in {_stem(k) for k in known} for m in modifiers):
            return draft
    return None


def _stem(word: str) -> str:
    return re.sub(r"(?:ian|ean|ish|ese|al|s|i)$", "", word)[:5]


def _pronoun_draft(parse: Parse, phrase: Phrase, drafts: list[Draft], *, quoted: bool) -> Draft | None:
    """The nearest entity that a pronoun can mean: persons for he and she, groups for they, bodies for it.

    Outside of quotations it means nobody who is only spoken of inside them.
    """
    want = PRONOUNS[phrase.head.lower]
    best: tuple[float, Draft] | None = None
    for draft in drafts:
        if not draft.mentions or not _can_mean(want, draft):
            continue
        last = draft.last if quoted else draft.last_told
        if last < 0:
            continue
        token = parse.tokens[last]
        distance = phrase.head.sentence - token.sentence
        subject = draft.subject >= 0 and phrase.head.sentence - parse.tokens[draft.subject].sentence <= PRONOUN_SENTENCES
        if not 0 <= distance <= PRONOUN_SENTENCES or (token.index >= phrase.head.index):
            continue
        weight = -2.0 * distance + (1.5 if subject or token.dep in SUBJECTS else 0.0) + (1.0 if draft.named else 0.0)
        weight += (0.5 if draft.gender == want else 0.0) + min(len(draft.mentions), 4) * 0.25 - 0.002 * (phrase.head.index - token.index)
        if token.sentence == phrase.head.sentence and token.head == phrase.head.head and phrase.head.dep in {"dobj", "pobj"}:
            continue  # the object of a verb is not its subject
        if best is None or weight > best[0]:
            best = (weight, draft)
    if best is None:
        return None
    if want in {"m", "f"}:
        best[1].gender = best[1].gender or want
    return best[1]


def _can_mean(want: str, draft: Draft) -> bool:
    if want in {"m", "f"}:
        return draft.type in {EntityType.PERSON, EntityType.ARMED_ACTOR} and not draft.plural and draft.gender in {None, want}
    if want == "p":
        return draft.plural or draft.type in {EntityType.GROUP, EntityType.ARMED_ACTOR, EntityType.ORGANISATION}
    return draft.type in {EntityType.ORGANISATION, EntityType.ARMED_ACTOR, EntityType.GROUP} and not draft.plural


# --- finishing


def _finished(parse: Parse, drafts: Iterable[Draft]) -> tuple[Entity, ...]:
    kept = [d for d in drafts if d.mentions]
    kept.sort(key=lambda d: min(d.mentions))
    ids = {d.number: f"e{n}" for n, d in enumerate(kept, start=1)}
    finished = []
    for draft in kept:
        roles = (
            tuple(EntityRole(t.text, _organisation(t, kept, ids, draft)) for t in draft.roles) if draft.type is EntityType.PERSON else ()
        )
        aliases = tuple(n for n in dict.fromkeys(draft.names) if n != draft.name)
        mentions = tuple(sorted(set(draft.mentions)))
        finished.append(Entity(ids[draft.number], draft.type, draft.name, mentions, aliases, roles, draft.place))
    return tuple(finished)


def _organisation(title: Title, drafts: Sequence[Draft], ids: dict[int, str], own: Draft) -> str | None:
    """The entity that a title's organisation words mean."""
    where = title.organisation
    if where is None:
        return None
    best: tuple[int, str] | None = None
    for draft in drafts:
        if draft is own:
            continue
        for mention in draft.mentions:
            shared = min(mention.end, where.end) - max(mention.start, where.start)
            if shared > 0 and (best is None or shared > best[0]):
                best = (shared, ids[draft.number])
    return best[1] if best else None

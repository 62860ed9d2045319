"""Joining mentions to entities: names by their parts and initials, descriptions by office and head noun, pronouns by what fits."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from ascertain.extract._cues import hyphened
from ascertain.extract._entities_drafts import (
    ARMED,
    FEMALE,
    GROUP,
    MALE,
    ORGANISATION,
    PERSON,
    SUBJECTS,
    TITLES,
    WEAPONS,
    Draft,
    Phrase,
    new_draft,
    one_person,
)
from ascertain.extract._entities_pronouns import pronoun_draft
from ascertain.extract._entities_same import ACRONYM, initials, same_name
from ascertain.extract._lexicon import word_class, words
from ascertain.extract._roles import Title, title_before, titles_after
from ascertain.extract._roles_forms import titles_beside
from ascertain.models.language import Parse, Token
from ascertain.records import EntityType, Span

WOMEN, MEN = words("people", "women"), words("people", "men")
CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}$")  # the time before an item of a live page is no part of a name
ADULT = 18
DEFINITE = {"the", "this", "that", "these", "those", "its", "their", "his", "her", "our", "both", "same"}


def join(parse: Parse, phrase: Phrase, drafts: list[Draft], inside: Callable[[int], bool]) -> None:
    """Give a phrase to the entity that it means, or make one; `inside` tells whether an offset lies in a quotation."""
    draft: Draft | None
    if phrase.kind == "place":
        draft = _place_draft(phrase, drafts)
    elif phrase.kind == "name":
        draft = _name_draft(parse, phrase, drafts)
    elif phrase.kind == "noun":
        draft = _noun_draft(parse, phrase, drafts)
    elif phrase.kind == "aged":
        draft = _aged_draft(parse, phrase, drafts)
    else:
        draft = pronoun_draft(parse, phrase, drafts, quoted=inside(phrase.span.start))
    if draft is None:
        return
    draft.mentions.append(phrase.span)
    if phrase.kind == "name" and _is_label(parse.text, phrase.span):
        return  # `MUMBERE: Then he should ask …`: whoever speaks is not who is spoken of
    draft.last = phrase.head.index
    if not inside(phrase.span.start):
        draft.last_told = phrase.head.index
    apposed = phrase.head.dep == "appos" and parse.tokens[phrase.head.head].dep in SUBJECTS  # "its lawyer, Ana Lis, said"
    if phrase.head.dep in SUBJECTS or apposed:
        draft.subject = phrase.head.index
    if phrase.kind == "name":
        _name_details(parse, phrase, draft, drafts)


def _is_label(text: str, span: Span) -> bool:
    """Whether a name is the label of a speaker's line."""
    return text[span.end : span.end + 2] == ": " and (span.start == 0 or text[span.start - 1] == "\n")


def _place_draft(phrase: Phrase, drafts: list[Draft]) -> Draft:
    assert phrase.place is not None  # a phrase of kind place has one
    for draft in drafts:
        if draft.key == phrase.place.key and draft.type is EntityType.PLACE:
            if phrase.place.how == "name" and not draft.named:
                draft.name, draft.named = phrase.place.name, True
            if phrase.place.name not in draft.names:
                draft.names.append(phrase.place.name)
            return draft
    return new_draft(
        drafts, EntityType.PLACE, phrase.place.name, names=[phrase.place.name], place=phrase.place.place, key=phrase.place.key,
        named=phrase.place.how == "name",
    )  # fmt: skip


def _type_of(parse: Parse, phrase: Phrase) -> EntityType:
    """What kind of thing a name is for, by its words, its label and what stands around it."""
    name = parse.text[phrase.span.start : phrase.span.end]
    parts = [part.lower().strip(".,") for part in name.split()]
    if any(part in WEAPONS for part in parts) and phrase.label in {"PRODUCT", "RUN"}:
        return EntityType.WEAPON
    if name.casefold() in word_class("armed"):
        return EntityType.ARMED_ACTOR
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
    called = _by_first_name(name, drafts) if kind is EntityType.PERSON else None
    if called is not None:
        return called
    return new_draft(drafts, kind, name, names=[name], named=True, office=_offices(name) if kind is not EntityType.PERSON else set())


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


def _by_first_name(name: str, drafts: list[Draft]) -> Draft | None:
    """The only person of a text with this first name, named in full before."""
    people = [
        d for d in drafts if d.type is EntityType.PERSON and d.named and d.name.split(maxsplit=1)[0] == name and len(d.name.split()) > 1
    ]
    return people[0] if len(people) == 1 else None


def _like_a_person(name: str) -> bool:
    """Whether a name that was read as an organisation's can be a person's."""
    return len(name.split()) <= 3 and not _offices(name) and not ACRONYM.match(name)


def _gender_told(title: str, known: str | None) -> str | None:
    """A person's gender after a title of theirs: a woman's overrules what was known, a man's only fills in."""
    words = {word.lower().strip(".") for word in title.split()}
    if words & FEMALE:
        return "f"
    return known or ("m" if words & MALE else known)


def _name_details(parse: Parse, phrase: Phrase, draft: Draft, drafts: list[Draft]) -> None:
    """Titles and appositions around a name: roles, gender, and descriptions that mean the same."""
    if draft.type is EntityType.PLACE:
        return
    title = title_before(parse, phrase.span)
    found = [title] if title is not None else []
    found += titles_beside(parse, phrase.span)
    found += titles_after(parse, phrase.head, phrase.span, PERSON)
    if draft.type is EntityType.ORGANISATION and any(t.head in PERSON for t in found) and _like_a_person(draft.name):
        draft.type = EntityType.PERSON
    if draft.type is not EntityType.PERSON:
        return
    draft.gender = draft.gender or _gender_of(draft.name)
    for item in found:
        if item.text.lower() not in {t.text.lower() for t in draft.roles}:
            draft.roles.append(item)
        draft.office.add(item.head)
        draft.gender = _gender_told(item.text, draft.gender)
        if item.apart is not None and item.apart not in draft.mentions:
            draft.mentions.append(item.apart)
        if item.where is not None:
            _absorb(draft, drafts, item.where)
    _described_before(parse, phrase, draft, drafts)
    if title is not None:
        _foretold(title.head, draft, drafts)


def _gender_of(name: str) -> str | None:
    """What a given name that mostly women or mostly men bear tells."""
    given = name.split(maxsplit=1)[0].casefold()
    return "f" if given in WOMEN else "m" if given in MEN else None


VAGUE = {
    "regional",
    "provincial",
    "local",
    "district",
    "acting",
    "interim",
    "senior",
    "city",
    "town",
    "village",
    "army",
    "military",
    "police",
}


def _foretold(office: str, draft: Draft, drafts: list[Draft]) -> None:
    """`the regional governor said … Governor Ana Lis told`: the one described so before the name was given, where there is one only."""
    fitting = [
        d for d in drafts
        if not d.named and one_person(d) and office in d.office
        and d.modifiers <= VAGUE and d.name.lower().startswith("the ")
    ]  # fmt: skip
    if len(fitting) == 1 and len(draft.mentions) == 1:
        draft.mentions += fitting[0].mentions
        draft.office |= fitting[0].office
        drafts.remove(fitting[0])


COURTESY_BETWEEN = re.compile(
    r"^(?: (?:of|for|in|to) (?:the )?[A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*){0,3},?\s*(?:(?:Mr|Mrs|Ms|Miss|Dr|Prof|Gen|Col|Maj|Capt|Lt|Sgt|Sir|Lord|Lady|Sheikh)\b\.?\s*|(?:[A-Z]\.\s?)+)*$"
)


def _described_before(parse: Parse, phrase: Phrase, draft: Draft, drafts: list[Draft]) -> None:
    """`the County Commissioner, Ms. Fatuma Sheikh`: a description that a name follows after a comma is the name's."""
    for other in reversed(drafts[-6:]):
        if other.named or not one_person(other) or not other.mentions:
            continue
        mention = other.mentions[-1]
        between = parse.text[mention.end : phrase.span.start]
        beside = len(between) < 60 and "," in between and COURTESY_BETWEEN.match(between)
        if mention.end <= phrase.span.start and beside:
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
        if other is draft or other.named or not (other.type is EntityType.PERSON or one_person(other)):
            continue
        if any(m.start < where.end and where.start < m.end for m in other.mentions[-1:]):
            draft.mentions += [m for m in other.mentions if m not in draft.mentions]
            draft.office |= other.office
            draft.subject = max(draft.subject, other.subject)
            drafts.remove(other)


def _noun_draft(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> Draft | None:
    """A description: the apposition of a name means the name; `the X` may mean somebody known; else it is somebody new."""
    head = phrase.head
    lemma = head.lemma.lower()
    if _apposed_to_name(phrase, drafts):
        return None
    words_ = parse.text[phrase.span.start : phrase.span.end]
    modifiers = _modifiers(parse, phrase)
    plural = head.tag in {"NNS", "NNPS"} or lemma in {"people", "police", "family"}
    known = _beside(parse, phrase, drafts) or _known(parse, phrase, modifiers, drafts, plural=plural)
    if known is not None:
        return known
    complement = _complement(parse, head)
    if complement:
        words_, modifiers = _whole(parse, phrase), modifiers | complement
    kind = _kind_of(head, plural=plural)
    gender = None
    if kind is EntityType.PERSON:
        gender = "f" if lemma in FEMALE else "m" if lemma in MALE else None
    draft = new_draft(drafts, kind, words_, names=[words_], plural=plural, office={lemma}, modifiers=modifiers, gender=gender)
    if kind is EntityType.PERSON:
        draft.roles.append(Title(words_, lemma, _organisation_of(parse, head), None))
    return draft


def _aged_draft(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> Draft:
    """`a 17-year-old` is somebody new, who may be called the boy, the girl, the teenager later; `a 40-year-old` the man, the woman."""
    words_ = parse.text[phrase.span.start : phrase.span.end]
    young = int(re.sub(r"\D", "", words_) or 0) < ADULT
    office = {"boy", "girl", "teenager", "child", "youth"} if young else {"man", "woman"}
    return new_draft(drafts, EntityType.PERSON, words_, names=[words_], office=office)


def _whole(parse: Parse, phrase: Phrase) -> str:
    """A description with the name behind it."""
    preposition = next(t for t in parse.dependents(phrase.head.index, "prep") if t.lower in {"of", "for"})
    noun = next(iter(parse.dependents(preposition.index, "pobj")))
    return parse.text[phrase.span.start : max(noun.end, phrase.span.end)]


def _known(parse: Parse, phrase: Phrase, modifiers: set[str], drafts: list[Draft], *, plural: bool) -> Draft | None:
    """Whom a description can mean of those that were named or described before."""
    head = phrase.head
    if any(t.pos == "PROPN" and t.index > head.index for t in parse.dependents(head.index, "appos")):
        return None  # "its spokesman, Ibrahim Takwa": the name that follows is whom it means
    if any(t.index == head.index + 1 or parse.tokens[head.index + 1].head == t.index for t in parse.dependents(head.index, "relcl")):
        return None  # "the group which calls itself …": told apart by its own clause
    if head.pos == "PROPN":
        name = _without_article(parse.text[phrase.span.start : phrase.span.end])
        named = next((d for d in reversed(drafts) if d.named and any(same_name(name, other) for other in d.names)), None)
        named = named or _by_initials(name, drafts)
        if named is not None:
            return named
    determiner = next((t.lower for t in parse.dependents(head.index, "det", "poss")), "")
    definite = determiner in DEFINITE or (not determiner and not plural and head.lemma.lower() in TITLES)
    if (definite or modifiers) and not any(not CLOCK.match(t.text) for t in parse.dependents(head.index, "nummod")):
        return _described(head.lemma.lower(), modifiers | _complement(parse, head), drafts, definite=definite, plural=plural)
    return None


def _kind_of(head: Token, *, plural: bool) -> EntityType:
    lemma = head.lemma.lower()
    if lemma in ARMED or head.lower in ARMED:
        return EntityType.ARMED_ACTOR
    if (lemma in PERSON or lemma == "source") and not plural and lemma not in GROUP:
        return EntityType.PERSON
    return EntityType.ORGANISATION if lemma in ORGANISATION else EntityType.GROUP


def _organisation_of(parse: Parse, head: Token) -> Span | None:
    for preposition in parse.dependents(head.index, "prep"):
        if preposition.lower in {"of", "for", "at", "from", "in"}:
            for noun in parse.dependents(preposition.index, "pobj"):
                return noun_phrase(parse, noun)
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


def _complement(parse: Parse, head: Token) -> set[str]:
    """Names behind a description, that tell it from others (`the representative of Chad`)."""
    behind = [
        noun for of in parse.dependents(head.index, "prep") if of.lower in {"of", "for"} for noun in parse.dependents(of.index, "pobj")
    ]
    return {t.lower for noun in behind for t in (noun, *parse.dependents(noun.index, "compound")) if t.pos == "PROPN"}


def _beside(parse: Parse, phrase: Phrase, drafts: list[Draft]) -> Draft | None:
    """`My landlord, a policeman`: a description that stands beside another."""
    above = parse.tokens[phrase.head.head]
    if phrase.head.dep != "appos" or phrase.head.tag not in {"NN", "NNP"} or above.start > phrase.span.start:
        return None
    for draft in drafts:
        if not draft.named and one_person(draft) and any(m.start <= above.start < m.end for m in draft.mentions):
            draft.office.add(phrase.head.lemma.lower())
            return draft
    return None


def _apposed_to_name(phrase: Phrase, drafts: list[Draft]) -> bool:
    """Whether a description stands beside a name as its apposition or title; then it is the name's."""
    for draft in drafts:
        if draft.named and phrase.span in draft.mentions:
            return True
        if draft.type is EntityType.PERSON and draft.named and any(_titled(t, phrase.head.start) for t in draft.roles):
            if phrase.span not in draft.mentions:
                draft.mentions.append(phrase.span)
            return True
    return False


def _titled(title: Title, offset: int) -> bool:
    """Whether an offset lies among a title's words, outside of those for its body."""
    body = title.organisation
    inside = title.where is not None and title.where.start <= offset < title.where.end
    return inside and not (body is not None and body.start <= offset < body.end)


SYNONYMS = {
    "chief": {"secretary-general", "head", "director", "commander", "chairman", "leader", "president"}, "head": {"chief", "director", "chairman", "leader", "governor"},
    "leader": {"president", "premier", "chairman", "head"}, "ministry": {"ministry"}, "spokesman": {"spokesperson"}, "spokesperson": {"spokesman", "spokeswoman"},
    "premier": {"minister"}, "doctor": {"surgeon", "dr", "physician"}, "envoy": {"ambassador", "representative"}, "diplomat": {"ambassador"},
    "official": {"head", "governor", "minister", "mayor"}, "agency": {"office"}, "i.g.": {"inspector"},
}  # fmt: skip


def _described(lemma: str, modifiers: set[str], drafts: list[Draft], *, definite: bool, plural: bool) -> Draft | None:
    """The most recent entity that a description can mean."""
    accepted = {lemma} | SYNONYMS.get(lemma, set())
    for draft in sorted(drafts, key=lambda d: -d.last):
        if draft.type is EntityType.PLACE or not draft.office & accepted:
            continue
        if draft.named:
            if not plural and _fits_name(modifiers, draft, definite=definite):
                return draft
        elif (
            lemma in draft.office
            and draft.plural == plural
            and (draft.modifiers == modifiers or (definite and modifiers <= draft.modifiers))
        ):
            return draft
    return None


def _fits_name(modifiers: set[str], draft: Draft, *, definite: bool) -> bool:
    """Whether the words of a description are among those that a name has been given with."""
    known = {w.casefold().strip(".,()") for t in draft.roles for w in (*t.text.split(), *(t.organisation_words or "").split())}
    known |= {w.casefold() for name in draft.names for w in name.split()}
    if draft.type is not EntityType.PERSON:
        return modifiers <= known
    stems = {_stem(k) for k in known}
    return (definite or bool(modifiers)) and all(m in known or _stem(m) in stems for m in modifiers)


def _stem(word: str) -> str:
    return re.sub(r"(?:ian|ean|ish|ese|al|s|i)$", "", word)[:5]


def noun_phrase(parse: Parse, head: Token) -> Span:
    """The head with its modifiers before it, and `of the …` after it; relative clauses and appositions stay out."""
    inside = {head.index}
    for child in parse.children[head.index]:
        token = parse.tokens[child]
        if token.dep in {"det", "amod", "compound", "nummod", "poss", "nmod", "quantmod"} and token.index < head.index:
            inside.update(i for i in parse.subtree(child) if i < head.index)
    first = min(inside)
    first = max((i + 1 for i in range(first, head.index) if parse.tokens[i].text in {":", ";"}), default=first)
    while first < head.index and (parse.tokens[first].pos in {"PUNCT", "CCONJ"} or CLOCK.match(parse.tokens[first].text)):
        first += 1
    return Span(parse.tokens[first].start, hyphened(parse.text, head.end))

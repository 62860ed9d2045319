"""Whom a pronoun means, or a description that is no more than one (`the 58-year-old`): the nearest entity that fits."""

from __future__ import annotations

import re

from ascertain.extract._entities_drafts import GROUP, ORGANISATION, SUBJECTS, Draft, Phrase, one_person
from ascertain.models.language import Parse, Token
from ascertain.records import EntityType

PRONOUNS = {
    "he": "m", "him": "m", "his": "m", "himself": "m", "she": "f", "her": "f", "hers": "f", "herself": "f",
    "they": "p", "them": "p", "their": "p", "theirs": "p", "themselves": "p", "it": "n", "its": "n", "itself": "n", "who": "r",
}  # fmt: skip
UNKNOWN = re.compile(
    r"(?:an?|some|any|no|another) (?:un(?:known|identified|named)|other|single)\b|(?:any|no|another|every)\b", re.IGNORECASE
)
BODIES = GROUP | ORGANISATION
NEW_AGED = re.compile(r"\b[Aa]n? (?P<age>\d{1,3})-year-(?P<old>old)\b")
AGED = re.compile(r"\b[Tt]he (?:\d{1,2}|[a-z]+)-year-(?P<old>old)\b")
HERO_MENTIONS = 3  # from which a person is whom a tale is about
PRONOUN_SENTENCES = 3  # how far back a pronoun looks


def pronoun_draft(parse: Parse, phrase: Phrase, drafts: list[Draft], *, quoted: bool) -> Draft | None:
    """The nearest entity that a pronoun can mean: persons for he and she, groups for they, bodies for it.

    Outside of quotations it means nobody who is only spoken of inside them.
    """
    want = PRONOUNS.get(phrase.head.lower, "a")
    subject_here = _subject_of_clause(parse, phrase.head)
    best: tuple[float, Draft] | None = None
    for draft in drafts:
        last = draft.last if quoted else draft.last_told
        if not draft.mentions or last < 0 or last == subject_here or not _can_mean(want, draft):
            continue  # the object of a verb is not its subject
        token = parse.tokens[last]
        if token.index >= phrase.head.index or not 0 <= phrase.head.sentence - token.sentence <= PRONOUN_SENTENCES:
            continue
        weight = _weight(parse, phrase.head, draft, token, want)
        if best is None or weight > best[0]:
            best = (weight, draft)
    found = best[1] if best is not None else _hero(phrase, drafts, want)
    if found is not None and want in {"m", "f"}:
        found.gender = found.gender or want
    return found


def _weight(parse: Parse, pronoun: Token, draft: Draft, token: Token, want: str) -> float:
    """How well an entity fits a pronoun; `token` is the head of its last mention."""
    subject = draft.subject >= 0 and pronoun.sentence - parse.tokens[draft.subject].sentence <= PRONOUN_SENTENCES
    weight = -2.0 * (pronoun.sentence - token.sentence) + (1.5 if subject or token.dep in SUBJECTS else 0.0) + (1.0 if draft.named else 0.0)
    if want == "p":
        weight += 1.0 * draft.plural - 1.0 * draft.named  # bodies are `it` before they are `they`
    if UNKNOWN.match(draft.name):
        weight -= 1.5  # somebody unknown is seldom spoken of again
    if token.dep == "poss" and parse.tokens[token.head].lemma.lower() in BODIES:
        weight -= 1.5  # "the governor's office": nobody who acts
    return weight + (1.5 if draft.gender == want else 0.0) + min(len(draft.mentions), 4) * 0.25 - 0.002 * (pronoun.index - token.index)


def _hero(phrase: Phrase, drafts: list[Draft], want: str) -> Draft | None:
    """Whom a tale is about: the one person of a known gender that is named more than once, where nobody nearer fits."""
    people = [
        d for d in drafts if want in {"m", "f"} and d.named and d.gender == want and one_person(d) and len(d.mentions) >= HERO_MENTIONS
    ]
    return people[0] if len(people) == 1 and people[0].last < phrase.head.index else None


def _subject_of_clause(parse: Parse, pronoun: Token) -> int | None:
    """The subject of the clause in which a plain object pronoun stands; `himself` and `his` may well mean it."""
    if pronoun.dep not in {"dobj", "pobj", "dative"} or pronoun.lower.endswith(("self", "selves")):
        return None
    for above in parse.ancestors(pronoun.index):
        if above.pos in {"VERB", "AUX"}:
            subjects = parse.dependents(above.index, "nsubj", "nsubjpass")
            return subjects[0].index if subjects else None
    return None


def _can_mean(want: str, draft: Draft) -> bool:
    if want == "a":
        return one_person(draft) and draft.named
    if want in {"m", "f"}:
        return one_person(draft) and draft.gender in {None, want}
    if want == "p":
        return draft.plural or draft.type in {EntityType.GROUP, EntityType.ARMED_ACTOR, EntityType.ORGANISATION}
    return draft.type in {EntityType.ORGANISATION, EntityType.ARMED_ACTOR, EntityType.GROUP} and not draft.plural and not one_person(draft)

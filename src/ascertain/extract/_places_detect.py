"""Which words of a text name a place: the model's names and the gazetteer joined, adjectives and demonyms kept apart.

A name that the model marks as a place and the gazetteer knows is one; so is a capitalised run that the gazetteer knows as a country, a
region or a town of some size and that no person's name covers; a small or doubtful place needs words of place before it (`in`, `town of`)
or a bigger one behind it (`X, Country`). What one mention settles holds for the same words elsewhere in the text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

import attrs

from ascertain.models.language import Name, Parse
from ascertain.models.places import DEMONYM, MAIN, SHORT, Candidate, Gazetteer, normal
from ascertain.records import Span

STOP = frozenset(
    word
    for line in files("ascertain.extract").joinpath("data/places_stop.txt").read_text("utf-8").split("\n")
    if not line.startswith("#")
    for word in line.split()
)
POPULATION_FLOOR = 15_000  # a bare capitalised word is taken for a place only from here on
OPENING_FLOOR = 500_000  # at the start of a sentence, where every word is capitalised
LOCATED_FLOOR = 500  # behind words of place
PLACE_LABELS = {"GPE", "LOC"}
PERSON_LABELS = {"PERSON", "WORK_OF_ART", "LAW", "EVENT", "PRODUCT"}
MAX_WORDS = 4
LOCATIVE = re.compile(
    r"\b(?:in|near|at|outside|around|from|into|towards?|reach(?:ed|ing)?|left|leaving|retaken?|captur(?:ed?|ing)|between|across|throughout|inside|through|to|of|"
    r"entered|entering|besieged|liberated|shelled|visit(?:ed|ing)?|fled|via|off|hit|struck|shelling|bombed|bombing|attack(?:ed|ing)?|seized|stormed|targeted|overran|retook|pounded)\s+"
    r"(?:(?:the\s+)?(?:(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)?|central|nearby|occupied|besieged|rebel-held|downtown|rural)\s+)?"
    r"(?:(?:the\s+)?(?:city|town|village|port|region|province|district|camp|outskirts|suburbs?|centre|center|area|county|state)\s+of\s+)?$",
    re.IGNORECASE,
)
STRONG = re.compile(
    r"(?:\b(?:city|town|village|port|region|province|district|hamlet|suburb|county|state|governorate|capital|island) of\s+"
    r"|\b(?:north|south|east|west)(?:-?(?:east|west))?(?:ern)? of\s+"
    r"|\b(?:in|near|outside|around)\s+(?:the\s+(?:town|city|village)\s+of\s+)?|\b(?:siege|road|bound|route|fled|advance|advanced|advancing|march|retreat|retreated|withdrew) (?:to|of|from|for|on|towards?)\s+|\b\d+\s?(?:km|kilomet(?:re|er)s?|miles?)\s+(?:\w+\s+){0,2}of\s+)$",
    re.IGNORECASE,
)
TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Gen|General|Col|Colonel|President|Minister|Judge|Sen|Senator|Capt|Captain|Sir|Lord|Lady|Prince|King|Queen)\.?\s+$"
)
RUN = re.compile(r"[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЇЄІ][\w'’`.-]*(?:[ ](?:of |de |al-|el-|az-|ad-|ar-|es-)?[A-ZÀ-ÖØ-ÞĀ-ŽА-ЯЇЄІ][\w'’`-]*)*")
DATELINE = re.compile(
    r"(?:^|\n|[.!?] +)([A-ZÀ-Þ][A-ZÀ-Þ' -]{2,30})(?=,? (?:[A-Z][a-z]+,? )?(?:\(|\d{1,2}\b|[A-Z][a-z]{2,8}\.? \d{1,2}\b)|,? (?:—|–|-|--) ?|, [A-Z][a-z]+, )"
)
DATELINE_REACH = 1500
PRESS = (
    "Gazette|Herald|Times|Post|Chronicle|Tribune|Messenger|Ledger|News|Agency|Courier|Lantern|Standard|Mail|Express|Telegram|Telegraph|Dispatch|Examiner|Monitor|"
    "Guardian|Independent|Mercury|Argus|Sentinel|Beacon|Wire|Newswire|Weekly|Review|Bulletin|Echo|Globe|Citizen|Observer|Witness|Journal|Press|Star|Sun|Mirror|FM|"
    "Radio|TV|Broadcasting"
)  # the last words of names of newspapers and stations
INSTITUTION_AFTER = re.compile(
    r"\s+(?:" + PRESS + "|" + PRESS.upper() + "|University|Hospital|Street|Avenue|Road|Brigade|Battalion|"
    r"College|High School|Airlines|Airways|Bank|FC|United|Rovers|Institute|Foundation|Boulevard|Lane|Drive|Division)\b"
)
FOLLOWED = re.compile(r",\s+(?:[A-Z][\w.]+)")
OPENING = re.compile(r"(?:^|[.!?:”\"\n•—–-]\s*)$")
INITIALS = re.compile(r"(?:[A-Z]\.){2,}$|[A-Z]{2,4}$")
SHORT_COUNTRIES = {"U.S.", "US", "U.S", "UK", "U.K.", "UAE", "U.A.E.", "DRC", "USA", "U.S.A."}
SITE = re.compile(
    r"\b(?:Street|St|Avenue|Ave|Road|Rd|Trail|Hall|Park|Creek|Lane|Drive|Boulevard|Ridge|Hills|Square|Plaza|Mall|Tower|Stadium|Arena|Building|Highway|Route|Mound)\b\.?$"
)
SHORT_FORM = re.compile(r"\b(?P<party>[RD]-)?(?P<place>(?(party)[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?|(?:[A-Z]\.){2}(?=\s)))")
JOINED = re.compile(
    r"\b(?:Trinidad and Tobago|Bosnia(?: and |-)Herzegovina|Antigua and Barbuda|St\.? Kitts and Nevis|S[aã]o Tom[eé] and Pr[ií]ncipe|Jammu and Kashmir)\b"
)
HEADING = re.compile(r"^(?:[•*·–—-]\s+)?([A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+){0,2})(?:, [A-ZÀ-Þ][\w'’ -]+)?: (?=[A-Z])", re.MULTILINE)
PARTICLED = re.compile(
    r"\b[A-ZÀ-Þ][\w'’-]+(?: [A-ZÀ-Þ][\w'’-]+)? (?:da|de|do|dos|das|del|di|du|des|la|le|les|el|sur|am|upon)(?: (?:la|el|los|las|l[ae]s))? [A-ZÀ-Þ][\w'’-]+"
)
UNIT_LAST = re.compile(
    r" (?:State|County|Province|Region|City|Township|Valley|Island|Islands|Beach|Springs|Heights|Estates|District|Oblast|Governorate)$"
)
BESIDE = re.compile(r"(?:,|,? and|,? or|/)\s+$")
WORD = re.compile(r"\b[a-z]{3,}\b")


@attrs.frozen
class Found:
    """Words that name a place; `demonym` where they stand for its people or are its adjective."""

    span: Span
    demonym: bool


def detect(parse: Parse, gazetteer: Gazetteer) -> list[Found]:
    """The place names of a text in text order, without overlaps; the surer and longer win."""
    finder = _Finder(parse, gazetteer)
    proposals = [
        *finder.datelines(),
        *finder.joined(),
        *finder.particled(),
        *finder.headings(),
        *finder.abbreviated(),
        *finder.names(),
        *finder.runs(),
    ]
    proposals += finder.listed(proposals)
    proposals += finder.repeated(proposals)
    taken = bytearray(len(parse.text))
    chosen: list[Found] = []
    for _, found in sorted(proposals, key=lambda pair: (-pair[0], pair[1].span.start - pair[1].span.end, pair[1].span.start)):
        start, end = found.span
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            chosen.append(found)
    return sorted(chosen, key=lambda found: found.span)


Proposal = tuple[int, Found]
DATED, MARKED, LABELLED, KNOWN, AGAIN = 5, 4, 3, 2, 1  # how sure a proposal is


class _Finder:
    """The ways to find names in one text."""

    def __init__(self, parse: Parse, gazetteer: Gazetteer) -> None:
        self._text, self._names, self._gazetteer = parse.text, parse.names, gazetteer
        people = (parse.text[n.start : n.end].split() for n in parse.names if n.label == "PERSON")
        self._surnames = frozenset(words[-1].removesuffix("'s").removesuffix("’s") for words in people if len(words) > 1)
        self._persons = bytearray(len(parse.text))
        for name in parse.names:
            if name.label == "PERSON":
                self._persons[name.start : name.end] = b"\1" * (name.end - name.start)
        self._plain = frozenset(WORD.findall(parse.text))  # a word that the text writes small elsewhere is no name at a sentence's start

    def known(self, span: Span) -> Sequence[Candidate]:
        """What the gazetteer knows under exactly these words; codes and short forms in lower or mixed case are left out."""
        words = self._text[span.start : span.end]
        words = words.title() if words.isupper() and len(words) > MAX_WORDS else words
        if normal(words) in STOP and not INITIALS.match(words):
            return ()
        found = self._gazetteer.exact(words)
        if len(words) <= 3 and not words.isupper() and "." not in words:
            return [c for c in found if c.how in {MAIN, DEMONYM}]
        return found

    def datelines(self) -> Iterator[Proposal]:
        """`BAGHDAD, Oct 11 (Agency)` in the first lines."""
        for match in DATELINE.finditer(self._text, 0, DATELINE_REACH):
            span = Span(match.start(1), match.end(1))
            if self.known(span):
                yield DATED, Found(span, demonym=False)

    def joined(self) -> Iterator[Proposal]:
        """Countries with an `and` in their name."""
        for match in JOINED.finditer(self._text):
            if self.known(Span(*match.span())):
                yield DATED, Found(Span(*match.span()), demonym=False)

    def headings(self) -> Iterator[Proposal]:
        """A place that opens a line and a colon (`Loikaw: Soldiers shelled three villages`)."""
        for match in HEADING.finditer(self._text):
            span = Span(*match.span(1))
            known = self.known(span)
            named = self._text[span.start : span.end].split()[-1] in self._surnames
            if known and _called(known) and known[0].population >= LOCATED_FLOOR and not named:
                yield LABELLED, Found(span, demonym=False)

    def particled(self) -> Iterator[Proposal]:
        """Names held together by a small word (`Mocímboa da Praia`), whatever the model makes of their halves."""
        for match in PARTICLED.finditer(self._text):
            known = self.known(Span(*match.span()))
            if known and _called(known) and not TITLE_BEFORE.search(self._text[max(0, match.start() - 20) : match.start()]):
                yield DATED, Found(Span(*match.span()), demonym=False)

    def listed(self, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
        """Names that the model takes for persons in a list of places (`Newark, Heath and Pataskala`)."""
        sure = {found.span.end for rank, found in proposals if rank >= LABELLED and not found.demonym}
        for name in self._names:
            span = bare(self._text, name.start, name.end) if name.label == "PERSON" else None
            gap = BESIDE.search(self._text[max(0, span.start - 6) : span.start]) if span is not None else None
            if span is not None and gap is not None and span.start - len(gap[0]) in sure:
                known = self.known(span)
                if known and _called(known) and known[0].population >= LOCATED_FLOOR:
                    sure.add(span.end)
                    yield LABELLED, Found(span, demonym=False)

    def names(self) -> Iterator[Proposal]:
        """The model's names that are places, or that stand where only a place stands."""
        for name in self._names:
            span = bare(self._text, name.start, name.end)
            if span is None or INSTITUTION_AFTER.match(self._text, span.end):
                yield from self._inside(name) if name.label in PLACE_LABELS else ()
                continue
            known = self.known(span)
            if not known and name.label in PLACE_LABELS:
                yield from self._inside(name)
                continue
            rank = self._rank(name, span, known) if known else 0
            if rank:
                yield rank, Found(span, demonym=known[0].how == DEMONYM)

    def _inside(self, name: Name) -> Iterator[Proposal]:
        """The known part of a place's name that is not known as a whole (`central Illinois`, `Egyptian-US`, `Lexington County jail`)."""
        text = self._text[name.start : name.end]
        words = [(name.start + m.start(), name.start + m.end()) for m in re.finditer(r"[^\s-]+", text)] if not SITE.search(text) else []
        for size in range(min(len(words), MAX_WORDS), 0, -1):
            found = []
            for first in range(len(words) - size + 1):
                span = bare(self._text, words[first][0], words[first + size - 1][1])
                known = self.known(span) if span is not None else ()
                if span is not None and known and _called(known) and (size > 1 or max(_weight(c) for c in known) >= POPULATION_FLOOR):
                    found.append((MARKED, Found(span, demonym=known[0].how == DEMONYM)))
            if found:
                yield from found
                return
        whole = bare(self._text, name.start, name.end)
        if whole is not None and self._gazetteer.candidates(self._text[whole.start : whole.end]):
            yield MARKED, Found(whole, demonym=False)

    def abbreviated(self) -> Iterator[Proposal]:
        """`D-Charleston`, `S.C.`: American newspapers' short forms."""
        for match in SHORT_FORM.finditer(self._text):
            span = Span(*match.span("place"))
            known = self._gazetteer.exact(self._text[span.start : span.end])
            initials = not match["party"] and bool(self._persons[span.start])
            if known and not initials and (match["party"] or any(c.kind == "region" for c in known)):
                yield LABELLED, Found(span, demonym=False)

    def _rank(self, name: Name, span: Span, known: Sequence[Candidate]) -> int:
        best = known[0]
        if best.how == DEMONYM:
            return MARKED
        if name.label in PLACE_LABELS:
            return MARKED
        before = self._text[max(0, span.start - 48) : span.start]
        if name.label == "PERSON":
            words = self._text[span.start : span.end]
            stands = STRONG.search(before) or UNIT_LAST.search(words) or self._in_bigger(span)
            return LABELLED if stands and _called(known) and not TITLE_BEFORE.search(before) else 0
        if best.kind in {"country", "area"} and best.how == MAIN:
            return LABELLED
        located = LOCATIVE.search(before) is not None
        return (
            KNOWN if best.how == MAIN and (located or name.label == "FAC") and not INITIALS.match(self._text[span.start : span.end]) else 0
        )

    def runs(self) -> Iterator[Proposal]:
        """Capitalised words that the gazetteer knows and no person's name covers."""
        covered = bytearray(len(self._text))
        inside = bytearray(len(self._text))
        for name in self._names:
            if name.label in PERSON_LABELS | PLACE_LABELS:
                covered[name.start : name.end] = b"\1" * (name.end - name.start)
            elif name.label == "ORG":
                inside[name.start : name.end] = b"\1" * (name.end - name.start)
        for run in RUN.finditer(self._text):
            yield from self._in_run(run, covered, inside)

    def _in_run(self, run: re.Match[str], covered: bytearray, inside: bytearray) -> Iterator[Proposal]:
        words = [(run.start() + m.start(), run.start() + m.end()) for m in re.finditer(r"\S+", run[0])]
        taken: set[int] = set()
        for size in range(min(len(words), MAX_WORDS), 0, -1):
            for first in range(len(words) - size + 1):
                group = set(range(first, first + size))
                span = bare(self._text, words[first][0], words[first + size - 1][1])
                if span is None or taken & group or any(covered[span.start : span.end]):
                    continue
                found = self._plausible(span, part_of_name=any(inside[span.start : span.end]))
                if found is not None:
                    taken |= group
                    yield KNOWN, found

    def _plausible(self, span: Span, *, part_of_name: bool) -> Found | None:
        """Whether a run that the gazetteer knows can be meant as a place here."""
        known = self.known(span)
        if not known or span.end - span.start < 3 or INSTITUTION_AFTER.match(self._text, span.end):
            return None
        best = known[0]
        if best.how == DEMONYM:
            return Found(span, demonym=True)
        if best.kind in {"country", "area"} and best.how == MAIN:
            return Found(span, demonym=False)
        words = self._text[span.start : span.end]
        if words in SHORT_COUNTRIES:
            return Found(span, demonym=False)
        if INITIALS.match(words) or words in self._surnames or (" " not in words and words.lower() in self._plain):
            return None
        if part_of_name and all(c.how != MAIN for c in known[:3]):
            return None
        return Found(span, demonym=False) if self._big_enough(span, known) else None

    def _in_bigger(self, span: Span) -> bool:
        """`X, Y` where the gazetteer knows Y."""
        after = FOLLOWED.match(self._text, span.end)
        return after is not None and bool(self._gazetteer.exact(after[0].lstrip(", ")))

    def _big_enough(self, span: Span, known: Sequence[Candidate]) -> bool:
        before = self._text[max(0, span.start - 60) : span.start]
        if TITLE_BEFORE.search(before):
            return False
        size = max(_weight(c) for c in known)
        if LOCATIVE.search(before) or self._in_bigger(span):
            return size >= LOCATED_FLOOR
        return size >= (OPENING_FLOOR if OPENING.search(before) else POPULATION_FLOOR)

    def repeated(self, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
        """The same words elsewhere in the text, where a mention that is sure settled them; not inside a person's name."""
        sure = {self._text[f.span.start : f.span.end] for rank, f in proposals if rank >= LABELLED and not f.demonym}
        starts = {f.span.start for _, f in proposals}
        inside = bytearray(len(self._text))
        for name in self._names:
            if name.label == "PERSON" and self._text[name.start : name.end] not in sure:
                inside[name.start : name.end] = b"\1" * (name.end - name.start)
        for span in self._groups():
            words = self._text[span.start : span.end]
            fits = words in sure and len(words) >= MAX_WORDS and span.start not in starts and not any(inside[span.start : span.end])
            if fits and not INSTITUTION_AFTER.match(self._text, span.end):
                yield AGAIN, Found(span, demonym=False)

    def _groups(self) -> Iterator[Span]:
        """Every group of up to four words in a capitalised run."""
        for run in RUN.finditer(self._text):
            words = [(run.start() + m.start(), run.start() + m.end()) for m in re.finditer(r"\S+", run[0])]
            for first in range(len(words)):
                for last in range(first, min(first + MAX_WORDS, len(words))):
                    span = bare(self._text, words[first][0], words[last][1])
                    if span is not None:
                        yield span


def _called(known: Sequence[Candidate]) -> bool:
    """Whether a place is really called so: by its main name, or by another where it is a town of some size."""
    return any(c.how in {MAIN, SHORT} or (c.how != DEMONYM and c.population >= POPULATION_FLOOR) for c in known)


def _weight(candidate: Candidate) -> float:
    """How much a candidate counts as what a bare word means: its people; an alternate name a twentieth of that, a region always."""
    if candidate.how in {MAIN, SHORT}:
        return math.inf if candidate.kind == "region" and candidate.how == MAIN else candidate.population
    return candidate.population / 20


def bare(text: str, start: int, end: int) -> Span | None:
    """A name without article, possessive and trailing marks; None where it is no name."""
    start += 4 if text[start : start + 4].lower() == "the " else 0
    possessive = re.search(r"['’]s?$", text[start:end])
    end -= len(possessive[0]) if possessive else 0
    words = text[start:end].rstrip(" ,;:—–-")
    words = words if INITIALS.search(words) else words.rstrip(".")
    if "\n" in words or not words[:1].isupper() or (normal(words) in STOP and not INITIALS.fullmatch(words)):
        return None
    return Span(start, start + len(words))

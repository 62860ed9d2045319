"""How many an article says were killed and injured: rules over headline and lead, and the same over all articles of an incident.

A first reading without the parsed text, for articles on one incident each; where events are read, `assess` counts by origin instead.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

LEAD = 1200  # characters that tell the news; what follows is mostly background on other incidents
MOST = 60  # a greater number is no count of victims
NUMBERS = {
    w: n for n, w in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=1)
}
MULTIPLES = {"double": 2, "triple": 3, "quadruple": 4, "quintuple": 5}
_NUMBER = r"(\d{1,2}|" + "|".join(NUMBERS) + r"|an?|another|both)"
_PEOPLE = (
    r"(?:(?:other|more|additional|young|teenage|male|female|innocent|adult|local|armed) )*(?:\d{1,2}[- ]year[- ]old )?(?:\d{1,2}[- ]year[- ]old|"
    r"people|persons?|men|man|women|woman|teens?|teenagers?|boys?|girls?|child(?:ren)?|kids?|victims?|others?|officers?|deput(?:y|ies)|brothers?|"
    r"sisters?|students?|adults?|males?|females?|bystanders?|customers?|toddler|infant|baby|residents?|bodies|family members|gunm[ae]n|suspects?|"
    r"mother|father|son|daughter|husband|wife|couple|civilians?|soldiers?|passengers?|workers?|pensioners?)?"
)
_DEAD = r"(?:killed|dead|died|dies|slain|murdered|fatally (?:shot|wounded|injured)|shot (?:and killed|to death|dead)|deceased|lost (?:his|her|their) li)"
_HURT = (
    r"(?:injured|wounded|hurt|hospitalized|in (?:critical|serious|stable|fair|good) condition|non-?fatally|critically|shot in the (?:leg|arm|foot|"
    r"hand|back|chest|stomach|head|face|shoulder|thigh|neck|abdomen)|recovering|grazed)"
)
_BE = r",? ?(?:is|are|was|were|has been|have been|had been|who|both|later|left|found|reported|confirmed|pronounced|shot|also|critically|seriously|being|and|\W)*"
KILLED_AFTER = re.compile(rf"{_NUMBER} {_PEOPLE}{_BE}{_DEAD}", re.IGNORECASE)
KILLED_BEFORE = re.compile(
    rf"(?:kill(?:s|ed|ing)|claim(?:s|ed|ing) the li(?:fe|ves) of|leav(?:es|ing)|left|deaths? of|murder of)(?: at least)? {_NUMBER} {_PEOPLE}(?P<tail>\W+dead)?",
    re.IGNORECASE,
)
HURT_AFTER = re.compile(rf"{_NUMBER} {_PEOPLE}{_BE}{_HURT}", re.IGNORECASE)
HURT_BEFORE = re.compile(
    rf"(?:injur(?:es|ed|ing)|wound(?:s|ed|ing)|hurt(?:s|ing)?|hospitaliz(?:es|ed|ing))(?: at least)? {_NUMBER} {_PEOPLE}", re.IGNORECASE
)
SHOT = re.compile(
    rf"{_NUMBER} {_PEOPLE},? ?(?:(?:is|are|was|were|has been|have been|had been|who|reportedly|been)\W+)*shot\b", re.IGNORECASE
)
MULTIPLE = re.compile(r"\b(double|triple|quadruple|quintuple) (shooting|homicide|murder)", re.IGNORECASE)
DEATH = re.compile(
    r"\b(?:killed|kills|dead|died|dies|deadly|fatal(?:ly)?|homicide|murder(?:ed)?|slain|slaying|death|coroner|medical examiner|autopsy)\b",
    re.IGNORECASE,
)
INJURY = re.compile(r"\b(?:injur\w+|wound(?:ed|s)|hospital|non-life|critical condition|stable condition|recover\w*)\b", re.IGNORECASE)
SELF = re.compile(
    r"murder[- ]suicide|(?:turned the gun on|shot|killed) (?:himself|herself)|(?:himself|herself) (?:dead|to death)|suicide", re.IGNORECASE
)


def number_of(word: str) -> int:
    """The number that a word is; `a`, `another` are 1, `both` is 2."""
    low = word.casefold()
    return int(low) if low.isdigit() else 2 if low == "both" else NUMBERS.get(low, 1)


def numbers_in(patterns: Sequence[re.Pattern[str]], text: str) -> list[int]:
    """The numbers that some patterns find, in text order."""
    return [value for _, value in sorted(_found(patterns, text))]


def _found(patterns: Sequence[re.Pattern[str]], text: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            leaving = pattern is KILLED_BEFORE and match[0].casefold().startswith(("leav", "left")) and not match["tail"]
            value = number_of(match[1])
            if not leaving and 0 < value <= MOST:
                yield match.start(), value


def article_counts(title: str, text: str) -> tuple[int, int]:
    """Killed and injured that an article tells in headline and lead."""
    lead = f"{title}.\n{text[:LEAD]}"
    killed = _killed(title, lead)
    return killed, _injured(lead, killed)


def _multiples(lead: str) -> list[tuple[int, str]]:
    return [(MULTIPLES[m[1].casefold()], m[2].casefold()) for m in MULTIPLE.finditer(lead)]


def _killed(title: str, lead: str) -> int:
    told = numbers_in((KILLED_AFTER, KILLED_BEFORE), lead)
    deadly = len(DEATH.findall(lead)) >= 2 or DEATH.search(title) is not None
    killed = max(told[:3], default=1 if deadly else 0)
    if killed and re.search("murder[- ]suicide", lead, re.IGNORECASE):
        killed = max(killed, 2)
    return max([killed, *(n for n, word in _multiples(lead) if word != "shooting")])


def _injured(lead: str, killed: int) -> int:
    told = numbers_in((HURT_AFTER, HURT_BEFORE), lead)
    hit = max([*numbers_in((SHOT,), lead)[:4], *(n for n, word in _multiples(lead) if word == "shooting")], default=0)
    if told:
        injured = max(told[:3])
        return max(injured, hit - killed) if killed == 0 or hit > killed + injured else injured
    if hit > killed:
        return hit - killed
    return 0 if killed or not INJURY.search(lead) else 1


def incident_counts(articles: Sequence[tuple[str, str]]) -> tuple[int, int]:
    """Killed and injured of an incident: what most of its articles (title, text; in order of publication) say; the later where they tie."""
    counts = [article_counts(title, text) for title, text in articles]
    return _majority([k for k, _ in counts]), max((i for _, i in counts), default=0)


def _majority(values: Sequence[int]) -> int:
    times = Counter(values)
    return max(times, key=lambda v: (times[v], max(n for n, other in enumerate(values) if other == v))) if values else 0

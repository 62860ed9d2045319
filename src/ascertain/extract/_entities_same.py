"""Whether two names can be of one: short forms and full ones, surnames, labels in capitals."""

from __future__ import annotations

import re

from ascertain.extract._entities_drafts import ORGANISATION

ACRONYM = re.compile(r"^[A-Z][A-Z&.-]{1,9}s?$")


def initials(name: str) -> str:
    """First letters of the capitalised words of a name."""
    return "".join(part[0] for part in re.split(r"[\s-]+", name) if part[:1].isupper())


def same_name(one: str, other: str) -> bool:
    """Whether two names can be of one: equal, initials and expansion, or the last name of a full name."""
    a, b = one.casefold().replace("’", "'").removesuffix("'s"), other.casefold().replace("’", "'").removesuffix("'s")
    if a.removeprefix("the ") == b.removeprefix("the "):
        return True
    if any(_is_short_of(x, y) or _acronym_in(x, y) or _label_of(x, y) for x, y in ((one, other), (other, one))):
        return True
    if ACRONYM.match(one) or ACRONYM.match(other):
        return False
    short, long = sorted((a.split(), b.split()), key=len)
    return len(short) < len(long) and bool(short) and _ends(short, long)


def _ends(short: list[str], long: list[str]) -> bool:
    """Whether a name's last words are the other name: of a body at least two and anywhere before its last, of a person any."""
    if any(part in ORGANISATION for part in (*short, *long)):
        return len(short) >= 2 and " ".join(short) in " ".join(long) and short[-1] == long[-1]
    return short == long[-len(short) :]


def _is_short_of(short: str, long: str) -> bool:
    """`ICRC` for its full name."""
    return bool(ACRONYM.match(short)) and len(short) > 2 and initials(long) in {short.replace(".", ""), short.rstrip("s")}


def _label_of(short: str, long: str) -> bool:
    """A surname in capitals, as transcripts and reports write it (`MUMBERE` for `Pascal Mumbere`)."""
    return (
        short.isupper() and " " not in short and len(short) > 3 and not long.isupper() and short.casefold() == long.casefold().split()[-1]
    )


def _acronym_in(short: str, long: str) -> bool:
    """`UNSC` and `United Nations Security Council`; `UN` alone is too short to tell."""
    letters = short.replace(".", "")
    return (
        bool(re.fullmatch(r"[A-Z]{3,6}", letters))
        and letters == "".join(p[0] for p in long.split() if p[0].isupper())
        and len(long.split()) == len(letters)
    )

"""RSS and Atom: each entry is a part."""

from __future__ import annotations

import html
import re
from xml.etree.ElementTree import Element, ParseError

from ascertain.errors import InputError, UnsupportedInputError
from ascertain.models.media import ARTICLE
from ascertain.parse._dates import day_of
from ascertain.parse._parsed import Parsed, Parts, Source
from ascertain.parse._tables import article_bytes
from ascertain.parse._web import visible_text

MARKUP = re.compile(r"</?[A-Za-z][^>]{0,2000}>")
ENTRY = {"item", "entry"}
TEXT = ("encoded", "content", "description", "summary")


def parse_feed(source: Source) -> Parsed:
    """A feed; external entities and entity expansion are refused."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(source.data, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise InputError(
            f"{source.path} defines XML entities, which are refused", advice="Save what a browser shows of it, and add that."
        ) from error
    except (ParseError, ValueError, LookupError, UnicodeError) as error:
        raise InputError(f"{source.path} is damaged XML", advice="Save it again from where it came.") from error
    entries = [element for element in root.iter() if _name(element) in ENTRY]
    if _name(root) not in {"rss", "feed", "rdf"}:
        raise UnsupportedInputError(f"{source.path} is XML, but no feed", advice="It stays preserved; add its text too.")
    publisher = next((e.text for parent in (root, *root) for e in parent if _name(e) == "title" and e.text), None)
    parts = Parts(source)
    for number, entry in enumerate(entries, start=1):
        article = _article(entry, publisher)
        if article["text"]:
            parts.add(
                f"#{number}", article_bytes(article), media_type=ARTICLE, context={"url": article.get("url") or "", "row": str(number)}
            )
        else:
            parts.leave_out(f"#{number}", "an entry without text")
    return parts.parsed()


def _article(entry: Element, publisher: str | None) -> dict[str, str | None]:
    found: dict[str, str] = {}
    for element in entry:
        name = _name(element)
        value = "".join(element.itertext()).strip() or element.get("href", "")
        if value and name not in found:
            found[name] = value
    body = next((found[name] for name in TEXT if found.get(name)), "")
    plain = visible_text(body) if MARKUP.search(body) else html.unescape(body).strip()
    title = found.get("title")
    return {
        "title": title, "text": plain or title, "url": found.get("link"), "publisher": publisher,
        "published": day_of(found.get("pubdate") or found.get("published") or found.get("updated") or found.get("date")),
    }  # fmt: skip


def _name(element: Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1].lower()

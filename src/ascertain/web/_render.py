"""Pages from templates: escaped always, with what every page needs."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from ascertain import __version__
from ascertain.errors import AscertainError
from ascertain.publish import parts as words
from ascertain.records import Period, Status
from ascertain.web._access import RULES, Role, may_use
from ascertain.web._asked import Asked, address, in_path, static_folder
from ascertain.web._book import covered

BY_NAME = {rule.name: rule for rule in RULES}


@cache
def _environment() -> jinja2.Environment:
    here = Path(__file__).parent
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([here / "templates", words.TEMPLATES]), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(
        day=words.day_words, moment=words.moment_words, status_shape=lambda status: words.SHAPES[Status(status)],
        status_meaning=lambda status: words.MEANING[Status(status)], attribute=lambda name: words.ATTRIBUTES.get(name, name.replace("_", " ")),
        in_path=in_path, capital=words.sentence_case, number=lambda n: f"{int(n):,}", marked=marked, days=lambda pair: words.period_words(Period(*pair)),
    )  # fmt: skip
    environment.filters.update(counted=words.counted, sentence=words.sentence_case, plural_role=lambda role: f"{role}s")
    environment.globals.update(
        shapes=words.SHAPES, root="/", address=address, asset=asset, shared=shared, program=__version__, statuses=tuple(Status), meaning=words.MEANING, roles=tuple(Role), harm_kinds=words.harm_kinds,
    )  # fmt: skip
    return environment


def marked(snippet: str, query: str) -> Markup:
    """A snippet with the words of a search marked."""
    asked = re.sub(r"(?<!\S)(-\S+|OR)(?!\S)", " ", query)
    found = sorted(set(re.findall(r"\w{2,}", asked)), key=len, reverse=True)
    if not found:
        return escape(snippet)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, found))})\w*", re.IGNORECASE)
    pieces, done = [], 0
    for match in pattern.finditer(snippet):
        pieces += [escape(snippet[done : match.start()]), Markup("<mark>{}</mark>").format(match[0])]
        done = match.end()
    return Markup("").join([*pieces, escape(snippet[done:])])


@cache
def asset(name: str) -> str:
    """The address of a file of this package, with its digest, so that a new version is never taken from a cache."""
    digest = hashlib.sha256((static_folder() / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?{digest}"


@cache
def shared(name: str) -> str:
    """The address of a file that the report has too, with its digest."""
    digest = hashlib.sha256((words.STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/shared/{name}?{digest}"


def page(asked: Asked, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page; to the page's own script only its main part."""
    account = asked.account if asked.known else None

    def may(name: str) -> bool:
        return account is not None and may_use(account.role, BY_NAME[name])

    def harms(said: str) -> tuple[str, ...]:
        """From which kinds of harm in these words the reader is shielded."""
        kinds = words.graphic_kinds(said)
        return covered(account, kinds) if account is not None and kinds else kinds

    values |= {
        "harms": harms,
        "account": account, "csrf": asked.session.csrf if asked.session else "", "may": may, "case_name": asked.bench.desk.name,
        "here": asked.request.url.path, "layout": "part.html" if asked.scripted else "layout.html", "rule": asked.rule.name,
    }  # fmt: skip
    return HTMLResponse(_environment().get_template(template).render(values), status)


def drawn(drawing: words.Drawing) -> Markup:
    """A drawing as markup, for pages that keep it."""
    source = '{% from "parts/drawing.html" import drawing with context %}{{ drawing(it, table=("#list", "the list below")) }}'
    return Markup(_environment().from_string(source).render(it=drawing))  # noqa: S704  # the template escapes what is in it


def error_page(asked: Asked, error: AscertainError, status: int) -> Response:
    """What happened, what is safe, what to do."""
    return page(asked, "error.html", status=status, message=str(error), advice=error.advice, code=status)

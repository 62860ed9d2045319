"""What a handler is given: who asks, for what, and the case to answer from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from ascertain.config import Settings
from ascertain.errors import InputError
from ascertain.store import Account, Desk, Factors, People, Queries, Restriction, Rows, Session
from ascertain.web._access import Rule, may_see
from ascertain.web._keys import Site
from ascertain.web._pictures import PageDrawer
from ascertain.web._provider import Provider, provider_settings
from ascertain.web._remembered import Remembered
from ascertain.web._sessions import Gate
from ascertain.web._veil import Covered, covered
from ascertain.web._work import Work


class NotThereError(InputError):
    """There is no such item, or the asker may not know of it."""


class NotAllowedError(InputError):
    """The asker's role is not enough."""


class Workbench:
    """All that the server holds of one case."""

    def __init__(self, desk: Desk, settings: Settings, *, clock: Callable[[], str], secure: bool, inline: bool) -> None:
        self.desk = desk
        self.settings = settings
        self.clock = clock
        self.secure = secure
        self.people = People(desk)
        self.rows = Rows(desk)
        self.queries = Queries(desk)
        self.factors = Factors(desk)
        self.gate = Gate(self.people, self.factors, clock=clock)
        configured = provider_settings(desk.folder)
        self.provider = Provider(configured, now=self.gate.now) if configured else None
        self.work = Work(desk, clock=clock, inline=inline)
        self.drawer = PageDrawer(settings)
        self.remembered = Remembered()
        self.first_token: str | None = None

    def restrictions(self, kind: str) -> Covered:
        """For each item of a kind that is restricted, by which restrictions."""
        kept: tuple[Restriction, ...] = tuple(self.people.restrictions(kind).values())
        if not kept:
            return {}
        turn = self.rows.state().get("turn", "")
        return self.remembered.get(turn, ("restricted", kept), lambda: covered(kept, self.rows, self.queries))

    @property
    def cookie(self) -> str:
        """Name of the session's cookie; `__Host-` binds it to this host and to TLS."""
        return "__Host-ascertain" if self.secure else "ascertain"


class Asked:
    """One request by one person."""

    def __init__(
        self, bench: Workbench, request: Request, rule: Rule, *, who: tuple[Session, Account] | None, form: FormData | None
    ) -> None:
        self.bench = bench
        self.request = request
        self.rule = rule
        self.session = who[0] if who else None
        self._account = who[1] if who else None
        self._form = form

    @property
    def known(self) -> bool:
        """Whether somebody is logged in."""
        return self._account is not None

    @property
    def account(self) -> Account:
        """Who asks.

        Raises:
            NotAllowedError: nobody is logged in.
        """
        if self._account is None:
            raise NotAllowedError("this needs an account", advice="Log in.")
        return self._account

    @property
    def key(self) -> str:
        """The item in the path."""
        return str(self.request.path_params.get("key", ""))

    def query(self, name: str) -> str | None:
        """A value of the query; None where it is absent or empty."""
        return self.request.query_params.get(name) or None

    def queries(self, name: str) -> tuple[str, ...]:
        """All values of one name in the query."""
        return tuple(value for value in self.request.query_params.getlist(name) if value)

    def page_number(self) -> int:
        """The page that is asked for, from 1."""
        found = self.query("page") or "1"
        return min(int(found), 1_000_000) if found.isdecimal() and int(found) > 0 else 1

    def field(self, name: str) -> str:
        """A field of the form, stripped; empty where it is absent."""
        value = self._form.get(name) if self._form is not None else None
        return value.strip() if isinstance(value, str) else ""

    def fields(self, name: str) -> tuple[str, ...]:
        """All values of one name in the form."""
        return tuple(v for v in (self._form.getlist(name) if self._form is not None else []) if isinstance(v, str) and v)

    def files(self, name: str) -> list[UploadFile]:
        """Uploaded files of one name."""
        return [v for v in (self._form.getlist(name) if self._form is not None else []) if isinstance(v, UploadFile) and v.filename]

    def number_field(self, name: str) -> int | None:
        """A whole number of the form; None where it is empty.

        Raises:
            InputError: it is no whole number.
        """
        value = self.field(name).replace(",", "")
        if not value:
            return None
        if not value.isdecimal() or len(value) > 9:
            raise InputError(
                f"{name.replace('_', ' ')} is a whole number, got {value[:20]!r}", advice="Write it in digits, or leave it empty."
            )
        return int(value)

    @cached_property
    def hidden_incidents(self) -> tuple[str, ...]:
        """Incidents that this person may not know of."""
        return self._hidden("incident")

    @cached_property
    def hidden_documents(self) -> tuple[str, ...]:
        """Documents that this person may not know of."""
        return self._hidden("document")

    @cached_property
    def veiled_incidents(self) -> tuple[str, ...]:
        """Incidents that this person may see, but not whole: they are told in documents that this person may not know of too."""
        told = self.bench.queries.incidents_telling(self.hidden_documents)
        return tuple(sorted(set(told) - set(self.hidden_incidents)))

    def _hidden(self, kind: str) -> tuple[str, ...]:
        return tuple(sorted(item for item, held in self.bench.restrictions(kind).items() if not may_see(self.account, held)))

    def log(self, action: str, item: str, **about: Any) -> None:
        """Keep what this person does in the custody log."""
        self.bench.desk.log(self.account.name, action, item, **about)

    @property
    def site(self) -> Site:
        """Where the asker's browser stands; the host was checked at the rim."""
        return Site("https" if self.bench.secure else "http", self.request.headers.get("host", ""))

    @property
    def came_from(self) -> str:
        """The address of the asker's machine."""
        return self.request.client.host if self.request.client else "nowhere"

    @property
    def scripted(self) -> bool:
        """Whether the page's own script asks, which takes a part of the page."""
        return self.request.headers.get("x-ascertain-part") == "1"


Handler = Callable[[Asked], Response]


def address(path: str, query: Mapping[str, Any] | None = None) -> str:
    """A path with a query; values of None are left out, lists are repeated."""
    pairs = [
        (k, v) for k, value in (query or {}).items() for v in (value if isinstance(value, list | tuple) else [value]) if v not in {None, ""}
    ]
    return path + ("?" + urlencode(pairs) if pairs else "")


def in_path(value: str) -> str:
    """A value as one part of a path."""
    return quote(value, safe="")


def static_folder() -> Path:
    """Where this package's own scripts and styles lie."""
    return Path(__file__).parent / "static"

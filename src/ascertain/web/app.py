"""The application: routes from the one table, headers on every answer, and its life with the case."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from ascertain.case import utc_now
from ascertain.config import load_settings
from ascertain.errors import InputError
from ascertain.publish.parts import STATIC
from ascertain.store import Desk
from ascertain.web._access import RULES
from ascertain.web._asked import Asked, Handler, NotThereError, Workbench, static_folder
from ascertain.web._guard import guarded
from ascertain.web._render import error_page
from ascertain.web._rim import Rim
from ascertain.web.routes import ALL_HANDLERS

logger = logging.getLogger(__name__)
UNKNOWN = RULES[0]


def make_app(
    desk: Desk, *, hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]"), secure: bool = False, inline: bool = False,
    clock: Callable[[], str] = utc_now,
) -> Starlette:  # fmt: skip
    """The application over an open case.

    Args:
        hosts: names under which it may be asked for; any other is refused (a page elsewhere could otherwise point its own name here).
        secure: it is served over TLS.
        inline: background work is done within the request; for tests.
    """
    bench = Workbench(desk, load_settings(desk.folder), clock=clock, secure=secure, inline=inline)
    if not bench.people.accounts():
        bench.first_token = secrets.token_urlsafe(24)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        """Work starts with the server, and ends with it."""
        bench.work.start()
        bench.work.put("relink", by=desk.collector)
        yield
        await asyncio.to_thread(bench.work.close)
        bench.drawer.close()

    app = Starlette(
        routes=_routes(bench, ALL_HANDLERS), lifespan=lifespan, exception_handlers={HTTPException: _missing(bench), 500: _fault(bench)}
    )
    app.state.bench = bench
    app.add_middleware(Rim, hosts=hosts, secure=secure)
    return app


def _routes(bench: Workbench, handlers: Mapping[str, Handler]) -> list[BaseRoute]:
    """A route for every rule and a rule for every handler; anything else is a fault of ours."""
    if {rule.name for rule in RULES} != set(handlers):
        raise InputError(
            f"rules and handlers differ: {sorted({r.name for r in RULES} ^ set(handlers))}", advice="This is a fault of the package."
        )
    routes: list[BaseRoute] = [Route(rule.path, guarded(bench, rule, handlers[rule.name]), methods=[rule.method]) for rule in RULES]
    return [Mount("/static", StaticFiles(directory=static_folder())), Mount("/shared", StaticFiles(directory=STATIC)), *routes]


def _missing(bench: Workbench) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        told = NotThereError("there is no such page", advice="Go back to the case.")
        response = error_page(Asked(bench, request, UNKNOWN, who=None, form=None), told, status)
        response.headers.update(getattr(error, "headers", None) or {})  # which methods there are
        return response

    return answer


def _fault(bench: Workbench) -> Callable[[Request, Exception], Response]:
    def answer(request: Request, error: Exception) -> Response:
        logger.error("a page failed: %s", type(error).__name__)
        told = InputError("the workbench failed at this page; nothing was changed", advice="Please report what you did; the case is safe.")
        return error_page(Asked(bench, request, UNKNOWN, who=None, form=None), told, 500)

    return answer

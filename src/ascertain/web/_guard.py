"""What stands before every handler: who asks, whether they may, whether the form came from our own page; and the custody log after it."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from ascertain.errors import AscertainError, CaseBusyError, CustodyError, LimitError, StoreError
from ascertain.store import Account, Session
from ascertain.web._access import Rule, may_see, may_use
from ascertain.web._asked import Asked, Handler, NotAllowedError, NotThereError, Workbench, address
from ascertain.web._provider import ProviderError
from ascertain.web._render import error_page

MAX_FILES = 1000
MAX_FIELDS = 5000
SAME_SITE = {None, "same-origin", "none"}
LOGGED_QUERY = 500  # characters of a query kept in the log


def guarded(bench: Workbench, rule: Rule, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """The handler behind the rule of its route."""

    async def endpoint(request: Request) -> Response:
        """Read the form, if there is one, and answer in a thread."""
        form: FormData | None = None
        try:
            if rule.method == "POST":
                form = await _form_of(request, rule, bench)
            return await run_in_threadpool(_answer, bench, request, rule, handler, form)
        except AscertainError as error:
            return await run_in_threadpool(error_page, Asked(bench, request, rule, who=None, form=None), error, status_of(error))
        finally:
            if form is not None:
                await form.close()

    return endpoint


async def _form_of(request: Request, rule: Rule, bench: Workbench) -> FormData:
    """The form, within the rule's limit; more than it holds is never read."""
    limit = rule.body or bench.settings.max_original_bytes
    said = request.headers.get("content-length", "")
    if not said.isdecimal() or int(said) > limit:
        raise LimitError(f"what was sent is larger than {limit:,} bytes, or doesn't say how large it is", advice="Send less at once.")
    return await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS)


def _answer(bench: Workbench, request: Request, rule: Rule, handler: Handler, form: FormData | None) -> Response:
    who = bench.gate.session_of(request.cookies.get(bench.cookie))
    asked = Asked(bench, request, rule, who=who, form=form)
    if bench.work.alone() and rule.name != "progress":
        busy = CaseBusyError(
            "a dossier is being made", advice="Pages come back when it is done; nothing was changed. Try again in a moment."
        )
        return error_page(asked, busy, status_of(busy))
    if rule.least is not None and who is None:
        return _to_login(asked)
    try:
        _check(asked, who)
        response = handler(asked)
    except AscertainError as error:
        return error_page(asked, error, status_of(error))
    if rule.log is not None and response.status_code < 400:
        query = str(request.url.query)[:LOGGED_QUERY]
        asked.log(rule.log, asked.key or rule.name, page=rule.name, **({"query": query} if query else {}))
    return response


def _to_login(asked: Asked) -> Response:
    if asked.rule.method == "POST" or asked.scripted:
        return error_page(asked, NotAllowedError("your session has ended", advice="Log in again; nothing was changed."), 401)
    path = asked.request.url.path + (f"?{asked.request.url.query}" if asked.request.url.query else "")
    return RedirectResponse(address("/login", {"next": path}), 303)


def _check(asked: Asked, who: tuple[Session, Account] | None) -> None:
    rule, request = asked.rule, asked.request
    if rule.method == "POST":
        _check_origin(request)
        if who is not None and rule.least is not None and not hmac.compare_digest(asked.field("csrf").encode(), who[0].csrf.encode()):
            raise NotAllowedError("the form is not from this session", advice="Open the page again and send it from there.")
    if rule.least is not None and not may_use(asked.account.role, rule):
        raise NotAllowedError(f"this needs the role {rule.least}, yours is {asked.account.role}", advice="Ask whoever leads the case.")
    if rule.item is not None and not may_see(asked.account, asked.bench.restrictions(rule.item).get(asked.key, ())):
        raise NotThereError(f"there is no {rule.item} {asked.key[:20]}", advice="Look at the list.")


def _check_origin(request: Request) -> None:
    """A form must come from our own pages: browsers say where it comes from."""
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if request.headers.get("sec-fetch-site") not in SAME_SITE or (origin is not None and origin != own):
        raise NotAllowedError("the form came from another site", advice="Open the page here and send it from there.")


def status_of(error: AscertainError) -> int:
    """The HTTP status that says what an error is."""
    if isinstance(error, NotThereError):
        return 404
    if isinstance(error, NotAllowedError):
        return 403
    if isinstance(error, ProviderError):
        return 502
    if isinstance(error, LimitError):
        return 413
    if isinstance(error, CaseBusyError | StoreError):
        return 503
    return 500 if isinstance(error, CustodyError) else 400

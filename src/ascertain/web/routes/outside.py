"""Logging in through an identity provider, where one is configured; an administrator says which account somebody is."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from ascertain.web._asked import Asked, Handler, NotThereError
from ascertain.web._provider import Going, Provider
from ascertain.web._render import page
from ascertain.web.routes.account import go_on, own_path

MINUTES = 10


def outside(asked: Asked) -> Response:
    """Send the browser to the provider."""
    back = f"{asked.site.origin}/login/outside/back"
    address, going = _provider(asked).start(back, own_path(asked.query("next")))
    response = RedirectResponse(address, 303)
    ticket = asked.bench.gate.tickets.give(going)
    # lax: the browser comes back by a link of another site
    response.set_cookie(_cookie(asked), ticket, path="/", max_age=MINUTES * 60, secure=asked.bench.secure, httponly=True, samesite="lax")
    return response


def outside_back(asked: Asked) -> Response:
    """Check whom the provider vouches for; who has no account here waits for the administrator."""
    provider = _provider(asked)
    going = asked.bench.gate.tickets.take(asked.request.cookies.get(_cookie(asked), ""), Going)
    if going is None:
        raise NotThereError("this browser has begun no login, or it took too long", advice="Log in again.")
    vouched = provider.finish(going, dict(asked.request.query_params))
    known = asked.bench.factors.note_identity(vouched.issuer, vouched.subject, vouched.called, at=asked.bench.clock())
    account = asked.bench.people.account(known.account) if known.account else None
    if account is None or not account.active:
        response = page(asked, "waits.html", status=403, subject=vouched.subject, provider=provider.settings.label)
    else:
        response = go_on(asked, account, onward=going.onward, by="provider", counted=False)
    response.delete_cookie(_cookie(asked), path="/", secure=asked.bench.secure, httponly=True, samesite="lax")
    return response


def _provider(asked: Asked) -> Provider:
    if asked.bench.provider is None:
        raise NotThereError("no identity provider is configured", advice="Log in with your password.")
    return asked.bench.provider


def _cookie(asked: Asked) -> str:
    return f"{asked.bench.cookie}-outside"


HANDLERS: dict[str, Handler] = {"outside": outside, "outside_back": outside_back}

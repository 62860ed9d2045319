"""The description of all routes, for programs."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from ascertain.web._asked import Asked, Handler
from ascertain.web._described import description as describe


def description(asked: Asked) -> Response:
    """The routes as OpenAPI."""
    return JSONResponse(describe(asked.bench.cookie))


HANDLERS: dict[str, Handler] = {"description": description}

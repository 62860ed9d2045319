"""`ascertain serve`: the workbench in the browser."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import tempfile
from pathlib import Path

import click

from ascertain.case import case_folder
from ascertain.errors import UsageError

LOOPBACK = "127.0.0.1"


@click.command()
@click.argument("case")
@click.option("--host", default=LOOPBACK, show_default=True, help="Address to listen on; any but loopback needs TLS.")
@click.option(
    "--port", type=click.IntRange(min=0, max=65535), default=8321, show_default=True, help="Port to listen on; 0 takes a free one."
)
@click.option("--name", "names", multiple=True, help="Name under which browsers ask for it, beside the address; may be repeated.")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False), help="Certificate chain, PEM.")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False), help="Its private key, PEM.")
def command(case: str, host: str, port: int, names: tuple[str, ...], tls_cert: str | None, tls_key: str | None) -> None:
    """Open the workbench of CASE in the browser: review, compare, search, publish.

    The server holds the case while it runs: `ascertain run CASE` waits meanwhile. Control-C ends it; nothing that was kept is lost.
    """
    secure = tls_cert is not None and tls_key is not None
    if not is_loopback(host) and not secure:
        raise UsageError(f"plain HTTP is refused on {host}", advice="Give --tls-cert and --tls-key, or listen on 127.0.0.1.")
    try:
        import uvicorn

        from ascertain.web import Desk, make_app
    except ImportError as error:
        raise UsageError(f"the workbench needs {error.name}", advice="pip install 'ascertain[web]'") from error
    with Desk.open(case_folder(case), wait_seconds=0) as desk, listening(host, port) as door:
        address = f"{'https' if secure else 'http'}://{f'[{host}]' if ':' in host else host}:{door.getsockname()[1]}"
        desk.say_holder(f"ascertain serve at {address}")
        desk.checkpoint()  # a key that can't sign is told now and not after hours
        keep_uploads_in(desk.folder / "incoming")
        app = make_app(desk, hosts=("127.0.0.1", "localhost", "[::1]", host.lower(), *(name.lower() for name in names)), secure=secure)
        token = app.state.bench.first_token
        click.echo(f"{address}/first?token={token}" if token else address)
        click.echo(
            "Open this address in a browser. Control-C ends the server." if not token else "Open it to make the first account.", err=True
        )
        logging.getLogger("uvicorn.error").addFilter(without_traces)
        config = uvicorn.Config(
            app, ssl_certfile=tls_cert, ssl_keyfile=tls_key, access_log=False, log_level="warning", server_header=False, proxy_headers=False,
        )  # fmt: skip
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[door])


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens: the port is known, and taken, before the address is told."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError(
            f"can't listen on {host}, port {port}: {error.strerror or error}", advice="Give another --port; 0 takes a free one."
        ) from error


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def keep_uploads_in(folder: Path) -> None:
    """Uploads on their way in lie in the case's folder and not in the machine's shared one; what an earlier server left is removed."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    tempfile.tempdir = str(folder)


def without_traces(record: logging.LogRecord) -> bool:
    """A trace may quote a document: only what kind of fault it was is logged."""
    if record.exc_info and record.exc_info[0] is not None:
        record.msg, record.args, record.exc_info = f"a request failed: {record.exc_info[0].__name__}", (), None
    return True

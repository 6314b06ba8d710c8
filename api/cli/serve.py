"""``trivium serve``: the HTTP door."""

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from api.cli.console import data, open_data
from kg import __version__
from kg.errors import BadParameter

if TYPE_CHECKING:
    from socket import socket

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command()
@data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
def serve(data: str, host: str, port: int) -> None:
    """Answer over HTTP, read-only."""
    import gc

    gc.disable()  # All that a start loads is kept; looking for garbage in it takes a fifth of its time.
    import uvicorn

    from api.app import create_app
    from api.settings import Settings

    settings = Settings.from_environment()
    if host not in LOOPBACK:
        click.echo("Mind: queries have no deadline yet; serve on a loopback address only.", err=True)
    app = create_app(open_data(data), settings)
    gc.freeze()
    gc.enable()
    listening = listen(host, port)
    address = f"[{host}]" if ":" in host else host
    port = listening.getsockname()[1]
    click.echo(f"Trivium {__version__} answers on http://{address}:{port} (Ctrl-C ends it)", err=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listening])


def listen(host: str, port: int) -> "socket":
    """A socket that listens there; port 0 takes a free one.

    Raises:
        BadParameter: the address is taken, or is none of this machine.
    """
    from socket import AF_INET, AF_INET6, create_server

    try:
        return create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=2048)
    except OSError as error:
        expected = "a free address of this machine; --port 0 takes a free port"
        raise BadParameter("address", f"{host}:{port}", expected) from error

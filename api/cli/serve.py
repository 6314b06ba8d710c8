"""``trivium serve``: the HTTP door."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from api.cli.console import data
from kg import __version__
from kg.errors import BadParameter

if TYPE_CHECKING:
    from socket import socket


SETTINGS = (
    ("--deadline", "SECONDS", "Until a request to a worker is stopped, waiting included; 10."),
    ("--workers", "NUMBER", "Worker processes, at least 2; one more than there are cores."),
    ("--memory-limit", "BYTES", "What one request may add; 1000000000."),
    ("--max-result", "BYTES", "The longest answer of a query; 100000000."),
    ("--max-body", "BYTES", "The longest body of a request; 1000000."),
    ("--learners", "FOLDER", "Keep what learners know there, under tokens; else nothing is kept."),
    ("--base-url", "URL", "What links begin with, behind a proxy; else the host of the request."),
)
"""Options that go before the variables of :class:`api.settings.Settings`, which reads both."""


def settings_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command takes the settings as texts, by name in ``options``."""
    for name, metavar, says in reversed(SETTINGS):
        command = click.option(name, metavar=metavar, help=says)(command)
    return command


@click.command()
@click.option(
    "--store",
    metavar="ADDRESS",
    default="memory:",
    show_default=True,
    envvar="TRIVIUM_STORE",
    help="memory:, file:/path (built or renewed from --data), or the URL of a SPARQL service.",
)
@data
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@settings_options
def serve(store: str, data: str, host: str, port: int, **options: str | None) -> None:
    """Answer over HTTP, read-only."""
    import gc

    gc.disable()  # All that a start loads is kept; looking for garbage in it takes a fifth of its time.
    from api.settings import Settings
    from kg.services.isolation import start_pool
    from kg.services.knowledge import serve_store

    settings = Settings.read(options={f"--{name.replace('_', '-')}": text for name, text in options.items()})
    knowledge = serve_store(store, data)
    # Forked now, while there is one thread and nothing but data: the workers share all of it.
    pool = start_pool(knowledge, size=settings.workers)
    import uvicorn

    from api.app import create_app

    app = create_app(knowledge, settings)
    gc.freeze()
    gc.enable()
    listening = listen(host, port)
    address = f"[{host}]" if ":" in host else host
    port = listening.getsockname()[1]
    click.echo(f"Trivium {__version__} answers on http://{address}:{port} (Ctrl-C ends it)", err=True)
    config = uvicorn.Config(app, log_level="warning", access_log=False)
    try:
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
    finally:
        pool.close()


def listen(host: str, port: int) -> "socket":
    """A socket that listens there; port 0 takes a free one.

    Raises:
        BadParameter: the address is taken, or is none of this machine.
    """
    from socket import AF_INET, AF_INET6, IPPROTO_TCP, TCP_NODELAY, create_server

    try:
        listening = create_server((host, port), family=AF_INET6 if ":" in host else AF_INET, backlog=2048)
    except OSError as error:
        expected = "a free address of this machine; --port 0 takes a free port"
        raise BadParameter("address", f"{host}:{port}", expected) from error
    # Connections inherit it. Else the second part of an answer waits 40 ms for the client to acknowledge the first
    # (RFC 1122, 4.2.3.2 and 4.2.3.4); asyncio sees to it only for sockets that were made with the protocol's number.
    listening.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return listening

"""The edge of the service: HEAD for every GET, OPTIONS, limits on bodies, one root for links, headers on all answers."""

import re
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import cors
from api.problems import allowed_methods, send_problem
from kg.errors import BadParameter, TooLarge

HOST: Final = re.compile(r"([\w.~%-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?", re.ASCII)
"""``host[:port]`` as in https://www.rfc-editor.org/rfc/rfc3986#section-3.2, without what no host has."""
DRAINED_BYTES: Final = 64_000_000
"""How much of a refused body is read and dropped, so that its sender sees the answer and not a broken pipe."""


class Edge:
    """Pure ASGI middleware around the app.

    A body over ``max_body`` bytes is answered 413 before a route sees it; ``HEAD`` runs the GET route and drops
    its body; ``OPTIONS`` tells the methods of a path; each answer names the version of the dataset and may be read
    from any origin, those of failures too. ``root`` is the base URL that
    links begin with, empty where it is the host of the request.
    """

    def __init__(self, app: ASGIApp, *, max_body: int, version: str, root: str = "") -> None:
        self.app = app
        self.max_body = max_body
        self.root = root
        self.headers = (
            (b"trivium-dataset-version", version.encode()),
            (b"x-content-type-options", b"nosniff"),
            *cors.HEADERS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, trimmed at both ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        host = Headers(scope=scope).get("host", "")
        root = self.root or _root(scope, host)
        scope = {**scope, "method": "GET" if is_head else scope["method"], "trivium.root": root}
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"].extend(self.headers)
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        try:
            if not root:
                await send_problem(BadParameter("Host", host[:80], "host or host:port"), scope, answer)
                return
            await (self._tell if scope["method"] == "OPTIONS" else self._pass)(scope, receive, answer)
        except Exception as error:
            if not started:
                await send_problem(error, scope, answer)
            raise  # To the log of the server.

    async def _tell(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = allowed_methods(scope)
        if not allowed:
            await send_problem(HTTPException(404), scope, send)
            return
        await cors.options_response(allowed)(scope, receive, send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("POST", "PUT", "PATCH"):
            body, size = await _read(receive, self.max_body)
            if size > self.max_body:
                await send_problem(TooLarge("the request body, in bytes,", size, self.max_body), scope, send)
                return
            receive = _replay(body, receive)
        await self.app(scope, receive, send)


def _root(scope: Scope, host: str) -> str:
    """Base URL of the request without a slash at its end; empty where its Host header is none."""
    if not host:
        name, port = scope.get("server") or ("localhost", None)
        host = f"{name}:{port}" if port else name
    if not HOST.fullmatch(host):
        return ""
    return f"{scope['scheme']}://{host}{scope.get('root_path', '').rstrip('/')}"


async def _read(receive: Receive, limit: int) -> tuple[bytes, int]:
    """The body up to the limit, and how many bytes there were."""
    body = bytearray()
    size = 0
    while True:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= limit:
            body += chunk
        if not message.get("more_body", False) or size > limit + DRAINED_BYTES:
            return bytes(body), size


def _replay(body: bytes, after: Receive) -> Receive:
    """Gives the body again, then whatever comes after it: that the client is gone."""
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return await after()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

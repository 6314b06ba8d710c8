"""The edge of the service: HEAD for every GET, a limit on bodies, and the headers that every answer carries."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import send_problem
from kg.errors import TooLarge


class Edge:
    """Pure ASGI middleware around the app.

    A body over ``max_body`` bytes is answered 413 before a route sees it; ``HEAD`` runs the GET route and drops
    its body; each answer names the version of the dataset. ``root`` is the base URL that links begin with, empty
    where it is the host of the request.
    """

    def __init__(self, app: ASGIApp, *, max_body: int, version: str, root: str = "") -> None:
        self.app = app
        self.max_body = max_body
        self.version = version
        self.root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, trimmed at both ends."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        scope = {**scope, "method": "GET" if is_head else scope["method"], "trivium.root": self.root}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Trivium-Dataset-Version"] = self.version
                headers["X-Content-Type-Options"] = "nosniff"
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] in ("POST", "PUT", "PATCH"):
            body = await _read(receive, self.max_body)
            if body is None:
                await send_problem(TooLarge("the request body", self.max_body + 1, self.max_body), scope, answer)
                return
            receive = _replay(body)
        await self.app(scope, receive, answer)


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None as soon as it is over the limit."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive

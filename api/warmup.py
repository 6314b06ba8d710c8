"""Loading the formula engine behind the scenes, once the service has answered or nobody asks."""

from asyncio import TimerHandle, get_running_loop
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from kg.services.knowledge import Knowledge

IDLE_S: Final = 2.0
"""How long a service that nobody asks waits with the loading."""


class WarmUp:
    """Pure ASGI middleware: while the app is served, loading begins after the first answer or two idle seconds.

    So it slows neither the start nor the first answer. An app that is called without a server loads on first use.
    """

    def __init__(
        self, app: ASGIApp, *, knowledge: Knowledge, also: Callable[[], object] = lambda: None
    ) -> None:
        self.app = app
        self.knowledge = knowledge
        self.also = also
        self.waiting: TimerHandle | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, then begin; a lifespan ends with the server."""
        if scope["type"] == "lifespan":
            self.waiting = get_running_loop().call_later(IDLE_S, self.begin)
        try:
            await self.app(scope, receive, send)
        finally:
            if self.waiting is not None and scope["type"] != "lifespan":
                self.begin()
            elif self.waiting is not None:
                self.waiting.cancel()

    def begin(self) -> None:
        """Loading is under way; a second call changes nothing."""
        if self.waiting is not None:
            self.waiting.cancel()
            self.waiting = None
            self.knowledge.warm()
            self.also()

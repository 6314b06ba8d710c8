"""Answers of worker processes as HTTP responses: whole while they fit the buffer, in pieces beyond."""

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import TriviumError
from kg.workers.call import Call, Head
from kg.workers.drive import run_async


async def begin(request: Request, call: Call) -> Head | None:
    """The head of the answer; None where the client went away first, and the query with it.

    Raises:
        TriviumError: as :meth:`kg.workers.call.Call.head`.
    """
    asking = asyncio.ensure_future(run_async(call.head()))
    leaving = asyncio.ensure_future(_until_left(request))
    try:
        await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
        return asking.result() if asking.done() else None
    finally:
        leaving.cancel()
        if not asking.done():
            asking.cancel()
            await asyncio.wait((asking,))
            call.close()


async def _until_left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


class LongAnswer(Response):
    """An answer that goes on beyond its head. What stops it breaks the connection: a cut body never looks whole."""

    def __init__(self, call: Call, head: Head, *, media_type: str, headers: Mapping[str, str]) -> None:
        super().__init__(None, media_type=media_type, headers=headers)
        del self.headers["content-length"]
        self._call = call
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the head, then piece by piece."""
        request = Request(scope, receive)
        sending = asyncio.ensure_future(self._send(send))
        leaving = asyncio.ensure_future(_until_left(request))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
        finally:
            leaving.cancel()
            sending.cancel()
            await asyncio.wait((sending,))
            self._call.close()

    async def _send(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        piece: bytes | None = bytes(self._head.body)
        while piece is not None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            try:
                piece = await run_async(self._call.more())
            except TriviumError:
                return  # The server closes the connection of an answer that does not end.
        await send({"type": "http.response.body", "body": b""})

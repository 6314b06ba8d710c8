"""Answers of worker processes as HTTP responses: whole while they fit the buffer, in pieces beyond."""

import asyncio
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from kg.errors import TriviumError
from kg.workers.call import QUICK_S, Call, Head
from kg.workers.drive import run_async


async def begin(request: Request, call: Call) -> Head | None:
    """The head of the answer; None where the client went away first, and the query with it.

    Raises:
        TriviumError: as :meth:`kg.workers.call.Call.head`.
    """
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in one
    watch: asyncio.Future[None] | None = None
    has_left = False

    def leave(_: object) -> None:
        nonlocal has_left
        has_left = True
        task.cancel()

    def begin_watch() -> None:
        nonlocal watch
        watch = asyncio.ensure_future(_until_left(request))
        watch.add_done_callback(leave)

    # A query that is done by then needs no watch, which would cost a quarter of it.
    timer = asyncio.get_running_loop().call_later(QUICK_S, begin_watch)
    try:
        return await run_async(call.head())
    except asyncio.CancelledError:
        call.close()
        if has_left and not task.uncancel():
            return None
        raise
    finally:
        timer.cancel()
        if watch is not None:
            watch.remove_done_callback(leave)
            watch.cancel()


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

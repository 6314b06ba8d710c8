"""Run the steps of a call: from a thread that blocks, or on an event loop."""

import asyncio
from concurrent.futures import wait as wait_for_futures
from contextlib import suppress
from select import POLLIN, POLLOUT, poll
from socket import socket
from time import monotonic
from typing import Any

from kg.workers.call import Call, Got, Steps, Wait
from kg.workers.wire import Header


def run(steps: Steps[Got]) -> Got:
    """What the steps come to; this thread waits."""
    try:
        wait = next(steps)
        while True:
            wait = steps.send(_is_ready(wait))
    except StopIteration as end:
        got: Got = end.value
        return got
    finally:
        steps.close()


def _is_ready(wait: Wait) -> bool:
    seconds = max(wait.until - monotonic(), 0.0)
    if not isinstance(wait.on, socket):
        return bool(wait_for_futures([wait.on], seconds).done)
    poller = poll()
    poller.register(wait.on, POLLOUT if wait.to_write else POLLIN)
    return bool(poller.poll(seconds * 1e3))


async def run_async(steps: Steps[Got]) -> Got:
    """What the steps come to; other tasks go on. Where this one is cancelled, so is the request."""
    loop = asyncio.get_running_loop()
    try:
        wait = next(steps)
        while True:
            wait = steps.send(await _ready(loop, wait))
    except StopIteration as end:
        got: Got = end.value
        return got
    finally:
        steps.close()


async def _ready(loop: asyncio.AbstractEventLoop, wait: Wait) -> bool:
    ready: asyncio.Future[bool] = loop.create_future()
    timer = loop.call_later(max(wait.until - monotonic(), 0.0), _settle, ready, False)
    try:
        if not isinstance(wait.on, socket):
            wait.on.add_done_callback(lambda _: _settle_from_thread(loop, ready))
            return await ready
        descriptor = wait.on.fileno()
        add, remove = (
            (loop.add_writer, loop.remove_writer) if wait.to_write else (loop.add_reader, loop.remove_reader)
        )
        add(descriptor, _settle, ready, True)
        try:
            return await ready
        finally:
            remove(descriptor)
    finally:
        timer.cancel()


def _settle(ready: asyncio.Future[bool], value: bool) -> None:
    if not ready.done():
        ready.set_result(value)


def _settle_from_thread(loop: asyncio.AbstractEventLoop, ready: asyncio.Future[bool]) -> None:
    with suppress(RuntimeError):  # The loop is closed: nobody waits.
        loop.call_soon_threadsafe(_settle, ready, True)


def finish(call: Call) -> tuple[Header, bytes, dict[str, Any]]:
    """The whole answer from a thread that blocks: what came before its bytes, these, and the result.

    Raises:
        DeadlineExceeded, Overloaded, WorkerFailed: it was stopped. TriviumError: what the handler raised.
    """
    try:
        head = run(call.head())
        while (piece := run(call.more())) is not None:
            head.body += piece
    finally:
        call.close()
    return head.header, bytes(head.body), call.result or {}

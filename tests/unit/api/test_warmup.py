"""The formula engine loads behind the scenes: not before an answer, and only while the app is served."""

import asyncio
from typing import Any, cast

import pytest
from starlette.types import Message

from api import warmup
from api.warmup import WarmUp
from kg.services.knowledge import Knowledge


class Counted:
    """Stands for the knowledge: counts how often it is asked to load."""

    def __init__(self) -> None:
        self.begun = asyncio.Event()
        self.times = 0

    def warm(self) -> None:
        self.times += 1
        self.begun.set()


async def receive() -> Message:
    return {"type": "lifespan.shutdown"}


async def send(message: Message) -> None:
    """Nobody listens."""


def test_loading_begins_after_the_first_answer_and_once() -> None:
    async def run() -> list[int]:
        counted, seen, done = Counted(), [], asyncio.Event()

        async def app(scope: Any, *_: Any) -> None:
            if scope["type"] == "lifespan":
                await done.wait()
            seen.append(counted.times)

        served = WarmUp(app, knowledge=cast("Knowledge", counted))
        lifespan = asyncio.create_task(served({"type": "lifespan"}, receive, send))
        await asyncio.sleep(0)
        for _ in range(3):
            await served({"type": "http"}, receive, send)
        done.set()
        await lifespan
        return [*seen, counted.times]

    assert asyncio.run(run()) == [0, 1, 1, 1, 1]


def test_loading_begins_by_itself_where_nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warmup, "IDLE_S", 0.0)

    async def run() -> int:
        counted = Counted()

        async def app(*_: Any) -> None:
            await counted.begun.wait()

        await asyncio.wait_for(
            WarmUp(app, knowledge=cast("Knowledge", counted))({"type": "lifespan"}, receive, send), timeout=10
        )
        return counted.times

    assert asyncio.run(run()) == 1


def test_an_app_without_a_server_loads_on_first_use_only() -> None:
    async def run() -> int:
        counted = Counted()

        async def app(*_: Any) -> None:
            """Answers nothing."""

        await WarmUp(app, knowledge=cast("Knowledge", counted))({"type": "http"}, receive, send)
        return counted.times

    assert asyncio.run(run()) == 0

"""Workers: killed at the deadline, bounded in all they use, replaced whatever happens to them."""

import asyncio
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.errors import DeadlineExceeded, NotFound, Overloaded, TooLarge, WorkerFailed
from kg.workers import pool as pools
from kg.workers.call import HEAD_BYTES, Call
from kg.workers.drive import finish, run, run_async
from kg.workers.launch import spawn_zygote
from kg.workers.limits import Limits
from kg.workers.pool import Pool

SHORT_S = 0.3
LIMITS = Limits(deadline_s=60.0, memory_bytes=300_000_000, output_bytes=2_000_000)


def spawned(body: bytes = b"data") -> Pool:
    def launch() -> Any:
        return spawn_zygote("tests.unit.workers.hosts:host", {}, body)

    return Pool(launch, launch, size=3)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    made = spawned()
    yield made
    made.close()


def call(pool: Pool, job: str, payload: dict[str, Any] | None = None, **limits: Any) -> Call:
    return Call(pool, job, payload or {}, limits=replace(LIMITS, **limits), what=f"the job {job}")


def ask(pool: Pool, job: str, payload: dict[str, Any] | None = None, **limits: Any) -> dict[str, Any]:
    return finish(call(pool, job, payload, **limits))[2]


def test_a_payload_goes_there_and_a_result_comes_back(pool: Pool) -> None:
    payload = {"text": "é\n\0", "list": [1, None, 2.5], "map": {"": True}}
    answer = ask(pool, "echo", payload)
    assert answer["payload"] == payload
    assert answer["pid"] != os.getpid()


def test_workers_share_what_their_zygote_was_given(pool: Pool) -> None:
    assert ask(pool, "told")["body"] == "data"


def test_an_answer_of_bytes_comes_with_what_stands_before_it(pool: Pool) -> None:
    pieces = 2 * HEAD_BYTES // 8192
    header, body, result = finish(call(pool, "fill", {"pieces": pieces}))
    assert (header, len(body), result) == ({"kind": "bytes"}, pieces * 8192, {"written": pieces})


def test_an_error_comes_back_with_its_fields(pool: Pool) -> None:
    with pytest.raises(NotFound) as caught:
        ask(pool, "refuse")
    assert (caught.value.kind, caught.value.name, caught.value.near) == ("thing", "x", ("y", "z"))


@pytest.mark.parametrize(
    ("job", "payload", "limits", "error", "told"),
    [
        ("spin", {}, {"deadline_s": SHORT_S}, DeadlineExceeded, "0.3 s"),
        ("fill", {"pieces": 500}, {}, TooLarge, "at most 2000000"),
        ("hoard", {"bytes": 10**12}, {}, WorkerFailed, "memory"),
        ("crash", {}, {}, WorkerFailed, "SIGSEGV"),
        ("stumble", {}, {}, WorkerFailed, "KeyError"),
    ],
)
def test_what_goes_wrong_is_an_error_and_the_next_request_is_answered(
    pool: Pool,
    job: str,
    payload: dict[str, Any],
    limits: dict[str, Any],
    error: type[Exception],
    told: str,
) -> None:
    for _ in range(2 * pool.size):
        with pytest.raises(error, match=told):
            ask(pool, job, payload, **limits)
    assert ask(pool, "echo", {"n": 1})["payload"] == {"n": 1}


def test_memory_that_one_request_had_is_there_for_the_next(pool: Pool) -> None:
    for _ in range(8):
        assert ask(pool, "hoard", {"bytes": 200_000_000})["size"] == 200_000_000


def test_workers_write_no_file_and_dump_no_core(pool: Pool, tmp_path: Path) -> None:
    with pytest.raises(WorkerFailed, match="OSError"):
        ask(pool, "write", {"path": str(tmp_path / "written")})
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0
    assert ask(pool, "limits")["core"] == [0, 0]


def test_runaways_end_at_the_deadline_while_others_are_answered(pool: Pool) -> None:
    """As many as there are workers, and more: one worker is kept for what is quick."""
    done: list[str] = []

    def runaway() -> None:
        with pytest.raises(DeadlineExceeded):
            ask(pool, "spin", deadline_s=2.0)
        done.append("runaway")

    with ThreadPoolExecutor(8) as threads:
        slow = [threads.submit(runaway) for _ in range(2 * pool.size)]
        while not pool._slow:
            pass
        for number in range(50):
            assert ask(pool, "echo", {"n": number})["payload"] == {"n": number}
        done.append("quick")
        for one in slow:
            one.result()
    assert done[0] == "quick"


def test_one_request_too_many_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "MOST_WAITING", 2)
    pool = spawned()
    try:
        with ThreadPoolExecutor(8) as threads:
            slow = [threads.submit(ask, pool, "spin", deadline_s=3.0) for _ in range(8)]
            errors = [one.exception() for one in slow]
        kinds = {type(error) for error in errors}
        assert kinds == {Overloaded, DeadlineExceeded}
        assert ask(pool, "echo", {"n": 1})["payload"] == {"n": 1}
    finally:
        pool.close()


def test_what_nobody_wants_any_more_is_killed(pool: Pool) -> None:
    async def leave() -> None:
        asking = call(pool, "spin")
        task = asyncio.ensure_future(run_async(asking.head()))
        while asking._worker is None:
            await asyncio.sleep(0)
        death = asking._worker.pid
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        asking.close()
        while Path(f"/proc/{death}").exists():
            await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(leave(), 30))
    assert ask(pool, "echo", {"n": 1})["payload"] == {"n": 1}


def test_an_event_loop_goes_on_while_it_asks(pool: Pool) -> None:
    async def both() -> list[Any]:
        asked = [call(pool, "echo", {"n": number}) for number in range(20)]
        return await asyncio.gather(*(run_async(one.head()) for one in asked))

    assert [head.result["payload"]["n"] for head in asyncio.run(both())] == list(range(20))


def test_a_long_answer_breaks_off_with_an_error(pool: Pool) -> None:
    asking = call(pool, "fill", {"pieces": 2 * HEAD_BYTES // 8192, "then_spins": True}, deadline_s=1.0)
    try:
        assert run(asking.head()).result is None
        with pytest.raises(DeadlineExceeded):
            while run(asking.more()):
                pass
    finally:
        asking.close()


def test_a_warm_zygote_takes_over(pool: Pool) -> None:
    assert ask(pool, "told")["warm"] == []
    pool.warm()
    while not ask(pool, "told")["warm"]:
        pass

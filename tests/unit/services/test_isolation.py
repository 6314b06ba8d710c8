"""Jobs run apart from their caller: only JSON crosses, and errors come back as they were raised."""

from typing import Any

import pytest

from kg.errors import NotFound
from kg.services.engines import Engines
from kg.services.isolation import run_isolated
from kg.services.jobs import JOBS
from kg.services.knowledge import Knowledge


def count(engines: Engines, payload: dict[str, Any]) -> dict[str, Any]:
    if payload["kind"] not in engines.names:
        raise NotFound("kind", payload["kind"], ("topic",))
    return {
        "kind": payload["kind"],
        "shown": (payload["kind"],),
        "count": len(engines.names[payload["kind"]]),
    }


def test_a_job_gives_what_json_can_hold(shipped: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOBS, "count", count)
    answer = run_isolated(shipped, "count", {"kind": "formula"})
    assert answer == {"kind": "formula", "shown": ["formula"], "count": len(shipped.list("formula"))}


def test_an_error_of_a_job_keeps_its_fields(shipped: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(JOBS, "count", count)
    with pytest.raises(NotFound) as caught:
        run_isolated(shipped, "count", {"kind": "formulae"})
    assert (caught.value.name, caught.value.near) == ("formulae", ("topic",))

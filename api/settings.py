"""Settings of the service, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

from kg.errors import BadParameter
from kg.workers.limits import Limits
from kg.workers.pool import LEAST_WORKERS

MAX_BODY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set; every field has the value that suits a laptop.

    ``base_url`` replaces the host that a request names where the service stands behind a proxy.
    ``max_body`` is in bytes.
    """

    base_url: str = ""
    max_body: int = MAX_BODY_BYTES
    limits: Limits = field(default_factory=Limits)
    """What a query may use."""
    workers: int = 0
    """Worker processes; 0 for one more than there are cores."""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read ``TRIVIUM_*``.

        Raises:
            BadParameter: a value that cannot be read.
        """
        given = os.environ if environment is None else environment
        usual = Limits()
        return cls(
            base_url=given.get("TRIVIUM_BASE_URL", "").rstrip("/"),
            max_body=_whole(given, "TRIVIUM_MAX_BODY", MAX_BODY_BYTES),
            limits=Limits(
                deadline_s=_seconds(given, "TRIVIUM_DEADLINE_S", usual.deadline_s),
                memory_bytes=_whole(given, "TRIVIUM_MEMORY_LIMIT", usual.memory_bytes),
                output_bytes=_whole(given, "TRIVIUM_MAX_RESULT", usual.output_bytes),
            ),
            workers=_whole(given, "TRIVIUM_WORKERS", 0, of="worker processes", least=LEAST_WORKERS),
        )


def _whole(given: Mapping[str, str], name: str, usual: int, *, of: str = "bytes", least: int = 1) -> int:
    text = given.get(name, "")
    if not text:
        return usual
    if not text.isdecimal() or int(text) < least:
        raise BadParameter(name, text, f"a whole number of {of}, at least {least}")
    return int(text)


def _seconds(given: Mapping[str, str], name: str, usual: float) -> float:
    text = given.get(name, "")
    if not text:
        return usual
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < inf:
        raise BadParameter(name, text, "a number of seconds above 0")
    return seconds

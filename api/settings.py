"""Settings of the service, read from the environment once."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Final

from kg.errors import BadParameter
from kg.workers.limits import Limits
from kg.workers.pool import LEAST_WORKERS

MAX_BODY_BYTES = 1_000_000
_DIGITS: Final = 18
"""So many fit what the system calls take."""
_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+[^\s?#]*", re.ASCII)


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
    learners: str = ""
    """Folder for what learners know; empty where the service keeps nothing of them."""

    @classmethod
    def read(
        cls, environment: Mapping[str, str] | None = None, options: Mapping[str, str | None] | None = None
    ) -> "Settings":
        """The options that are given, by their names on the command line; for the others ``TRIVIUM_*``.

        Raises:
            BadParameter: a value that cannot be read; option or variable is named.
        """
        given = _Given(os.environ if environment is None else environment, options or {})
        usual = Limits()
        return cls(
            base_url=_address(*given.find("TRIVIUM_BASE_URL", "--base-url")),
            max_body=_whole(*given.find("TRIVIUM_MAX_BODY", "--max-body"), MAX_BODY_BYTES),
            limits=Limits(
                deadline_s=_seconds(*given.find("TRIVIUM_DEADLINE_S", "--deadline"), usual.deadline_s),
                memory_bytes=_whole(
                    *given.find("TRIVIUM_MEMORY_LIMIT", "--memory-limit"), usual.memory_bytes
                ),
                output_bytes=_whole(*given.find("TRIVIUM_MAX_RESULT", "--max-result"), usual.output_bytes),
            ),
            learners=given.find("TRIVIUM_LEARNERS", "--learners")[1],
            workers=_whole(
                *given.find("TRIVIUM_WORKERS", "--workers"), 0, of="worker processes", least=LEAST_WORKERS
            ),
        )


@dataclass(frozen=True, slots=True)
class _Given:
    environment: Mapping[str, str]
    options: Mapping[str, str | None]

    def find(self, variable: str, option: str) -> tuple[str, str]:
        """What the user wrote it under, and what; an option goes before its variable."""
        text = self.options.get(option)
        return (variable, self.environment.get(variable, "")) if text is None else (option, text)


def _address(name: str, text: str) -> str:
    if text and not _ADDRESS.fullmatch(text):
        raise BadParameter(name, text[:80], "an address such as https://kg.example")
    return text.rstrip("/")


def _whole(name: str, text: str, usual: int, *, of: str = "bytes", least: int = 1) -> int:
    if not text:
        return usual
    if not text.isascii() or not text.isdecimal() or len(text) > _DIGITS or int(text) < least:
        raise BadParameter(name, text[:80], f"a whole number of {of}, at least {least}")
    return int(text)


def _seconds(name: str, text: str, usual: float) -> float:
    if not text:
        return usual
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < inf:
        raise BadParameter(name, text[:80], "a number of seconds above 0")
    return seconds

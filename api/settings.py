"""Settings of the service, read from the environment once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from kg.errors import BadParameter

MAX_BODY_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator can set; every field has the value that suits a laptop.

    ``base_url`` replaces the host that a request names where the service stands behind a proxy.
    ``max_body`` is in bytes.
    """

    base_url: str = ""
    max_body: int = MAX_BODY_BYTES

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read ``TRIVIUM_*``.

        Raises:
            BadParameter: a value that cannot be read.
        """
        given = os.environ if environment is None else environment
        size = given.get("TRIVIUM_MAX_BODY", str(MAX_BODY_BYTES))
        if not size.isdecimal() or int(size) == 0:
            raise BadParameter("TRIVIUM_MAX_BODY", size, "a whole number of bytes above 0")
        return cls(
            base_url=given.get("TRIVIUM_BASE_URL", "").rstrip("/"),
            max_body=int(size),
        )

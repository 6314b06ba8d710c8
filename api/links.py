"""From IRIs of the dataset to addresses on this service."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from kg.model.iri import Iri, Name

KEPT_PATHS: Final = 4_096
"""IRIs whose path is kept: an answer names the same few sources again and again."""


@dataclass(frozen=True, slots=True)
class Links:
    """``base`` is the dataset's base IRI, ``root`` the base URL of this service without a slash at its end."""

    base: str
    root: str

    def href(self, iri: str) -> str:
        """Address that answers for the IRI: its own page, else ``/describe``.

        >>> Links("https://w3id.org/trivium/id/", "http://host").href("https://w3id.org/trivium/id/topic/mamba")
        'http://host/topics/mamba'
        """
        return self.root + _path(self.base, iri)


@lru_cache(maxsize=KEPT_PATHS)
def _path(base: str, iri: str) -> str:
    name = Name.parse(Iri(iri), base)
    return name.path if name else f"/describe?iri={quote(iri, safe=':/')}"

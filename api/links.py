"""From IRIs of the dataset to addresses on this service."""

from dataclasses import dataclass
from urllib.parse import quote

from kg.model.iri import Iri, Name


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
        name = Name.parse(Iri(iri), self.base)
        if name:
            return self.root + name.path
        return f"{self.root}/describe?iri={quote(iri, safe=':/')}"

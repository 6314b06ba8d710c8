"""IRIs of Trivium (RFC 3987) and the kinds of individuals they name."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NewType

Iri = NewType("Iri", str)

ONTOLOGY: Final = "https://w3id.org/trivium/ontology#"
FUNCTION: Final = "https://w3id.org/trivium/function#"
VOCABULARY: Final = "https://w3id.org/trivium/vocab/"
GRAPH: Final = "https://w3id.org/trivium/graph/"
DEFAULT_BASE: Final = "https://w3id.org/trivium/id/"
"""Base of the shipped individuals; a dataset of one's own states its own (``tv:baseIri``)."""

PLURALS: Final = MappingProxyType(
    {
        "application": "applications",
        "architecture": "architectures",
        "benchmark": "benchmarks",
        "capability": "capabilities",
        "challenge": "challenges",
        "claim": "claims",
        "concept": "concepts",
        "definition": "definitions",
        "direction": "directions",
        "exercise": "exercises",
        "formula": "formulas",
        "hardware": "hardware",
        "model": "models",
        "observation": "observations",
        "page": "pages",
        "path": "paths",
        "quantity": "quantities",
        "resource": "resources",
        "source": "sources",
        "symbol": "symbols",
        "system": "systems",
        "topic": "topics",
        "unit": "units",
    }
)
"""Kind in an IRI (singular) → kind in a URL (plural)."""

SINGULARS: Final = MappingProxyType({plural: kind for kind, plural in PLURALS.items()})


@dataclass(frozen=True, slots=True)
class Name:
    """An individual's IRI taken apart: ``{base}{kind}/{slug}`` with an optional ``#fragment``.

    >>> Name.parse(Iri("https://w3id.org/trivium/id/formula/chinchilla-loss#N"), DEFAULT_BASE)
    Name(kind='formula', slug='chinchilla-loss', fragment='N')
    """

    kind: str
    slug: str
    fragment: str = ""

    @classmethod
    def parse(cls, iri: Iri, base: str) -> "Name | None":
        """The parts of ``iri``, or None where it is not an individual of this base."""
        if not iri.startswith(base):
            return None
        path, _, fragment = iri[len(base) :].partition("#")
        kind, slash, slug = path.partition("/")
        if kind not in PLURALS or not slash or not slug or "/" in slug:
            return None
        return cls(kind, slug, fragment)

    def iri(self, base: str) -> Iri:
        """The IRI under ``base``."""
        tail = f"#{self.fragment}" if self.fragment else ""
        return Iri(f"{base}{self.kind}/{self.slug}{tail}")

    @property
    def path(self) -> str:
        """Path of the page that answers for it on this service, from the root: ``/formulas/chinchilla-loss#N``."""
        tail = f"#{self.fragment}" if self.fragment else ""
        return f"/{PLURALS[self.kind]}/{self.slug}{tail}"

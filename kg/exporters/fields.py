"""What a description says, by names of the ontology: texts, numbers and links of one property."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from kg.model.description import Description, Link, Property, Value
from kg.model.evidence import Source
from kg.model.iri import ONTOLOGY, Iri
from kg.model.reference import Cell

SOURCE: Final = Iri("http://purl.org/dc/terms/source")
_XSD: Final = "http://www.w3.org/2001/XMLSchema#"
_NUMBERS: Final = frozenset(_XSD + name for name in ("double", "decimal", "float", "integer"))


class Fields:
    """Reads a description; a name without a colon is one of the ontology's."""

    def __init__(self, description: Description, sources: Mapping[Iri, Source]) -> None:
        self.iri = description.iri
        self.label = description.label
        self.definition = description.definition
        self._by_iri = {property_.iri: property_ for property_ in description.properties}
        self._sources = sources

    def texts(self, name: str) -> tuple[str, ...]:
        """The literals as people read them."""
        found = self._find(name)
        return tuple(map(read_value, found.values)) if found else ()

    def text(self, *names: str) -> str:
        """The literals and the labels of links of these properties, in one line."""
        labels = (link.label or link.iri for name in names for link in self.links(name))
        return ", ".join([*(text for name in names for text in self.texts(name)), *labels])

    def links(self, name: str) -> tuple[Link, ...]:
        """The linked resources."""
        found = self._find(name)
        return found.links if found else ()

    def linked(self, text: str) -> Cell:
        """The text as a link to what is described."""
        return (Link(self.iri, text),)

    @property
    def sources(self) -> Cell:
        """What is cited."""
        return tuple(self._sources[link.iri] for link in self.links(SOURCE) if link.iri in self._sources)

    @property
    def standing(self) -> str:
        """Evidence, and how far it was checked."""
        return self.text("evidence", "verification")

    def _find(self, name: str) -> Property | None:
        return self._by_iri.get(Iri(name if ":" in name else ONTOLOGY + name))


def read_value(value: Value) -> str:
    """A literal as people read it: numbers with up to six significant digits, truth values as yes and no.

    >>> read_value(Value("500000000000", Iri("http://www.w3.org/2001/XMLSchema#double")))
    '5e11'
    """
    if value.datatype == _XSD + "boolean":
        return "yes" if value.text in ("true", "1") else "no"
    return read_number(value.text) if value.datatype in _NUMBERS else value.text


def read_number(text: str) -> str:
    """A number with up to six significant digits; what is none stays as it is.

    >>> read_number("1.4E12"), read_number("0.0250"), read_number("about 3")
    ('1.4e12', '0.025', 'about 3')
    """
    try:
        number = float(text)
    except ValueError:
        return text
    digits, _, power = f"{number:.6g}".partition("e")
    if not power and abs(number) >= 1e5 and number % 1e3 == 0:
        digits, _, power = f"{number:e}".partition("e")
        digits = digits.rstrip("0").rstrip(".")
    return f"{digits}e{int(power)}" if power else digits


def read_range(low: str, high: str, *, above: str = "", below: str = "") -> str:
    """Bounds in words; empty without bounds.

    >>> read_range("0", "1"), read_range("", "", above="0"), read_range("1", "")
    ('0 to 1', 'over 0', 'from 1')
    """
    if low and high:
        return f"{low} to {high}"
    parts = (
        f"from {low}" if low else "",
        f"over {above}" if above else "",
        f"to {high}" if high else "",
        f"under {below}" if below else "",
    )
    return ", ".join(filter(None, parts))


def as_words(curie: str) -> str:
    """The name of a property as words.

    >>> as_words("tv:hasConstantSet"), as_words("skos:closeMatch")
    ('constant set', 'close match')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", curie.rpartition(":")[2]).lower()
    return words.removeprefix("has ")


def one(text: str | Link | Source) -> Cell:
    """A cell with one thing in it, or none where the text is empty."""
    return (text,) if text else ()


def of_class(parts: Iterable[Description], name: str) -> tuple[Description, ...]:
    """The parts of a class of the ontology."""
    wanted = Iri(ONTOLOGY + name)
    return tuple(part for part in parts if any(link.iri == wanted for link in part.types))

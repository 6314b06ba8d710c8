"""What the graph says of one resource, ready to be shown: values, links with labels, parts, and what links here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.model.evidence import Source
from kg.model.iri import Iri

if TYPE_CHECKING:
    from kg.model.comparison import Saying


@dataclass(frozen=True, slots=True)
class Value:
    """A literal: its lexical form, datatype IRI and language tag."""

    text: str
    datatype: Iri
    language: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A linked resource with what a reader needs to recognise it."""

    iri: Iri
    label: str = ""
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Property:
    """A property with its objects; ``name`` is its CURIE, ``graphs`` the named graphs that say so."""

    iri: Iri
    name: str
    label: str
    values: tuple[Value, ...] = ()
    links: tuple[Link, ...] = ()
    graphs: tuple[Iri, ...] = ()


@dataclass(frozen=True, slots=True)
class Description:
    """A resource with its properties, its parts (hash IRIs of it) and the resources that point to it.

    ``statements`` are what others say of it, by property, best first; ``sources`` are all that it and its parts cite.
    Parts have neither. ``inferred_units`` has the dimension of each variable of a formula that declares no unit.
    """

    iri: Iri
    label: str
    definition: str
    types: tuple[Link, ...]
    properties: tuple[Property, ...]
    parts: tuple["Description", ...] = ()
    incoming: tuple[Property, ...] = ()
    statements: tuple["Statement", ...] = ()
    sources: tuple[Source, ...] = ()
    inferred_units: tuple[tuple[Iri, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """What a node says of a resource: a figure, a claim, an assessment or a relation.

    ``kind`` is the slug of its class (``Observation``, ``Claim``, ``Assessment``, ``Relation``); ``text`` says it in
    words, ``conditions`` tell what sets it apart from others of the same property.
    """

    iri: Iri
    label: str
    kind: str
    saying: "Saying"
    text: str = ""
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a list of resources of a kind."""

    iri: Iri
    label: str
    definition: str = ""

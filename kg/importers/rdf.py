"""Topics and what they require from RDF: Turtle, N-Triples or JSON-LD, a file or a folder of them.

``tv:requires`` and ``dcterms:requires`` go from a topic to what is learnt before it, ``dcterms:isRequiredBy`` the
other way, and so may a property that the user names: ``skos:broader`` says nothing of an order by itself.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import BadParameter, InvalidData
from kg.importers.edge_list import DIRECTIONS, PREREQUISITE_FIRST
from kg.importers.source import check_count, check_length, read_text
from kg.model.draft import ImportFinding, WrittenGraph, WrittenPrerequisite, WrittenTopic
from kg.model.iri import ONTOLOGY
from kg.rdf.faults import turtle_fault

_SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_SCHEMA: Final = "https://schema.org/"
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS_LABEL: Final = "http://www.w3.org/2000/01/rdf-schema#label"

FORMATS: Final = {".ttl": RdfFormat.TURTLE, ".nt": RdfFormat.N_TRIPLES, ".jsonld": RdfFormat.JSON_LD}
"""By suffix. RDF/XML is left out: it has entities that grow."""

REQUIRES: Final = (ONTOLOGY + "requires", _DCTERMS + "requires", _SCHEMA + "competencyRequired")
REQUIRED_BY: Final = (_DCTERMS + "isRequiredBy",)
TOPICS: Final = frozenset({ONTOLOGY + "Topic", _SKOS + "Concept", _SCHEMA + "LearningResource"})
_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "label": (_SKOS + "prefLabel", _RDFS_LABEL, _SCHEMA + "name", _DCTERMS + "title"),
    "definition": (_SKOS + "definition", _DCTERMS + "description", _SCHEMA + "description"),
    "hours": (ONTOLOGY + "effortHours", _SCHEMA + "timeRequired"),
    "area": (ONTOLOGY + "area", _SCHEMA + "about"),
}
"""The first of these properties that a topic has counts."""
_DURATION: Final = re.compile(r"P(?:([0-9]+)D)?(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?)?")
"""Before the T an M would be months."""

Facts = dict[str, dict[str, list[NamedNode | Literal]]]


def read_rdf(path: Path, *, requires: str = "", direction: str = "") -> WrittenGraph:
    """The topics of RDF files: what is typed as one, and both ends of what says that one requires another.

    ``requires`` is the IRI of one more property, from a topic to its prerequisite unless ``direction`` is
    prerequisite-first.

    Raises:
        BadParameter: ``requires`` is no IRI. BadSyntax: a file is no RDF; names line and column.
        InvalidData: nothing in it says that a topic requires another. TooLarge: there is too much.
    """
    if requires and "://" not in requires:
        raise BadParameter("requires", requires[:80], "the IRI of a property in full, as http://…#broader")
    if direction and (direction not in DIRECTIONS or not requires):
        expected = "nothing here: the property says it" if not requires else " or ".join(DIRECTIONS)
        raise BadParameter("direction", direction[:40], expected)
    facts = _facts(path)
    reverse = direction == PREREQUISITE_FIRST
    forward = (*REQUIRES, *((requires,) if requires and not reverse else ()))
    backward = (*REQUIRED_BY, *((requires,) if requires and reverse else ()))
    ends = [*_ends(facts, forward), *((topic, needed) for needed, topic in _ends(facts, backward))]
    if not ends:
        hint = f"name the property in --requires, such as {_SKOS}broader"
        raise InvalidData(path.name, "says of no topic that it requires another", hint)
    topics = _topics(facts, ends)
    check_count(len(topics), len(ends), path.name)
    names = _names({*topics, *(iri for pair in ends for iri in pair)})
    reasons = _reasons(facts)
    return WrittenGraph(
        tuple(_topic(iri, names[iri], facts[iri]) for iri in topics),
        tuple(
            WrittenPrerequisite(names[topic], names[needed], path.name, reasons.get((topic, needed), ""))
            for topic, needed in ends
        ),
        closed=True,
        findings=tuple(_ignored(facts, path.name)),
    )


def is_rdf(path: Path) -> bool:
    """Whether the path is an RDF file by its suffix, or a folder that has some."""
    return bool(_files(path))


def _files(path: Path) -> list[Path]:
    """The files, by name; links out of the folder are not followed."""
    if not path.is_dir():
        return [path] if path.suffix.lower() in FORMATS else []
    inside = path.resolve()
    found = (each for suffix in FORMATS for each in path.rglob(f"*{suffix}"))
    return sorted(each for each in found if each.resolve().is_relative_to(inside) and each.is_file())


def _facts(path: Path) -> Facts:
    """Subject → property → objects that are IRIs or literals, in the order of the files."""
    facts: Facts = {}
    for file in _files(path):
        try:
            for quad in parse(read_text(file), FORMATS[file.suffix.lower()], base_iri="https://example.org/"):
                _add(facts, quad)
        except SyntaxError as error:
            raise turtle_fault(error, file.name) from error
    return facts


def _add(facts: Facts, quad: Quad) -> None:
    if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
        facts.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad.object)


def _iris(said: Mapping[str, Sequence[NamedNode | Literal]], properties: Sequence[str]) -> Iterator[str]:
    for each in properties:
        yield from (term.value for term in said.get(each, ()) if isinstance(term, NamedNode))


def _ends(facts: Facts, properties: Sequence[str]) -> list[tuple[str, str]]:
    """Subject and object of each of the properties, each pair once."""
    return list(
        dict.fromkeys((iri, other) for iri, said in facts.items() for other in _iris(said, properties))
    )


def _topics(facts: Facts, ends: list[tuple[str, str]]) -> list[str]:
    """What is typed a topic of ours; where nothing is, what is typed otherwise or is an end, and described."""
    types = {iri: frozenset(_iris(said, (_RDF_TYPE,))) for iri, said in facts.items()}
    ours = sorted(iri for iri, kinds in types.items() if ONTOLOGY + "Topic" in kinds)
    if ours:
        return ours
    typed = {iri for iri, kinds in types.items() if TOPICS & kinds}
    return sorted(typed | {iri for pair in ends for iri in pair if iri in facts})


def _names(iris: set[str]) -> dict[str, str]:
    """IRI → its last segment; the last two, or all of it, where another one ends alike."""
    segments = {iri: [part for part in re.split("[/#]", iri) if part] or [iri] for iri in iris}
    once, twice = (Counter(" ".join(parts[-count:]) for parts in segments.values()) for count in (1, 2))
    found = {}
    for iri, parts in segments.items():
        short, longer = (" ".join(parts[-count:]) for count in (1, 2))
        found[iri] = unquote(short if once[short] == 1 else longer if twice[longer] == 1 else iri)
    return found


def _topic(iri: str, name: str, said: Mapping[str, list[NamedNode | Literal]]) -> WrittenTopic:
    texts = {role: _text(said, properties, iri) for role, properties in _TEXTS.items()}
    area = re.split("[/#]", texts["area"])[-1]
    return WrittenTopic(
        name, iri, texts["label"], _hours(texts["hours"]), area=area, definition=texts["definition"]
    )


def _text(said: Mapping[str, list[NamedNode | Literal]], properties: Sequence[str], iri: str) -> str:
    """The first value of the first of the properties; English or without language before others."""
    for each in properties:
        terms = said.get(each, ())
        if terms:
            return check_length(min(terms, key=_language).value, iri)
    return ""


def _language(term: NamedNode | Literal) -> tuple[bool, str, str]:
    language = (term.language or "") if isinstance(term, Literal) else ""
    return (language.partition("-")[0] not in ("en", ""), language, term.value)


def _hours(text: str) -> str:
    """Hours as written, or those of a duration (ISO 8601)."""
    duration = _DURATION.fullmatch(text)
    if not duration or not any(duration.groups()):
        return text
    days, hours, minutes = (float(part or 0) for part in duration.groups())
    return f"{days * 24 + hours + minutes / 60:g}"


def _reasons(facts: Facts) -> dict[tuple[str, str], str]:
    """Topic and prerequisite → why, from the nodes that say it."""
    found = {}
    for iri, said in facts.items():
        ends = [*_iris(said, (ONTOLOGY + "from",)), *_iris(said, (ONTOLOGY + "to",))]
        reason = _text(said, (ONTOLOGY + "reason",), iri)
        if len(ends) == 2 and reason:
            found[ends[0], ends[1]] = reason
    return found


def _ignored(facts: Facts, place: str) -> Iterator[ImportFinding]:
    for local in ("requiresOneOf", "recommends"):
        count = sum(len(said.get(ONTOLOGY + local, ())) for said in facts.values())
        if count:
            yield ImportFinding(
                "ignored", f"{count} statements of tv:{local} are not taken over", place=place
            )

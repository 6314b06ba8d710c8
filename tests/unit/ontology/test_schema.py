"""The schema declares what is used, and every file of the ontology reads as what it claims to be."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from rdflib import DC, DCTERMS, PROV, SH, SKOS, SOSA
from rdflib.namespace import DefinedNamespace

import ontology
from kg.services.functions import DESCRIPTIONS

ROOT = ontology.root()
TV = "https://w3id.org/trivium/ontology#"
VOCABULARY = "https://w3id.org/trivium/vocab/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
PREF_LABEL, DEFINITION = str(SKOS.prefLabel), str(SKOS.definition)
VOCABULARY_TERM = str(SKOS.Concept)
SHACL = "http://www.w3.org/ns/shacl#"
FUNCTIONS = {NamedNode(iri): lambda *_: None for iri in DESCRIPTIONS}
LANGUAGE_TAGGED = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
QUERIES = sorted([*ROOT.rglob("*.rq"), *(ROOT.parent / "kg").rglob("*.rq")])


def _quads(*patterns: str) -> Iterator[Quad]:
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            yield from parse(path=path)


def _declared() -> dict[str, dict[str, list[Quad]]]:
    """Term → property → what the schema and the vocabularies say of it."""
    terms: dict[str, dict[str, list[Quad]]] = {}
    for quad in _quads("schema/*.ttl", "vocab/*.ttl"):
        assert isinstance(quad.subject, NamedNode)
        terms.setdefault(quad.subject.value, {}).setdefault(quad.predicate.value, []).append(quad)
    return terms


DECLARED = _declared()


def _kinds(kind: str) -> list[str]:
    return sorted(
        term
        for term, said in DECLARED.items()
        if any(str(quad.object).endswith(f"#{kind}>") for quad in said.get(RDF_TYPE, ()))
    )


OBJECT_PROPERTIES, DATATYPE_PROPERTIES = _kinds("ObjectProperty"), _kinds("DatatypeProperty")


def _range(term: str) -> str:
    ranges = DECLARED[term].get(RDFS + "range", ())
    return next((quad.object.value for quad in ranges if isinstance(quad.object, NamedNode)), "")


@pytest.mark.parametrize("term", DECLARED)
def test_a_term_has_one_label_one_definition_and_says_who_defines_it(term: str) -> None:
    said = DECLARED[term]
    label = said.get(RDFS + "label", []) + said.get(PREF_LABEL, [])
    for quads in (label, said.get(DEFINITION, [])):
        assert len(quads) == 1
        text = quads[0].object
        assert isinstance(text, Literal) and text.language == "en" and text.value
    assert [quad.object for quad in said[RDFS + "isDefinedBy"]] == [NamedNode(TV)]


@pytest.mark.parametrize("vocabulary", [DC, DCTERMS, PROV, SKOS, SOSA], ids=str)
def test_what_we_align_to_exists(vocabulary: type[DefinedNamespace]) -> None:
    targets = {
        quad.object.value for quad in _quads("schema/alignment.ttl") if isinstance(quad.object, NamedNode)
    }
    ours = {target for target in targets if target.startswith(str(vocabulary))}
    assert ours and [target for target in sorted(ours) if target not in vocabulary] == []


def test_every_term_that_turtle_uses_is_declared() -> None:
    used = {
        node.value
        for quad in _quads("schema/*.ttl", "vocab/*.ttl", "shapes/*.ttl", "data/*.ttl", "data/*/*.ttl")
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith((TV, VOCABULARY))
    }
    assert used - DECLARED.keys() == set()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: str(path.relative_to(ROOT.parent)))
def test_a_query_parses_uses_declared_terms_and_begins_with_its_question(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    Store().query(text, custom_functions=FUNCTIONS, use_default_graph_as_union=True)
    assert text.startswith("# ")
    used = {TV + name for name in re.findall(r"(?<![\w<])tv:(\w+)", text)}
    iris = re.findall(r"<(\S+)>", text)
    used |= {iri for iri in iris if iri.startswith((TV, VOCABULARY)) and iri[-1] not in "/#"}
    assert used - DECLARED.keys() == set()


@pytest.mark.parametrize("path", sorted(ROOT.glob("shapes/*.ttl")), ids=lambda path: path.stem)
def test_shapes_use_terms_that_shacl_has(path: Path) -> None:
    used = {
        node.value
        for quad in parse(path=path)
        for node in (quad.predicate, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(SHACL)
    }
    assert [term for term in sorted(used) if term not in SH] == []


def test_queries_inside_shapes_use_declared_terms() -> None:
    selects = [quad.object for quad in _quads("shapes/*.ttl") if quad.predicate.value == SHACL + "select"]
    assert selects
    for select in selects:
        assert isinstance(select, Literal)
        # SHACL binds $this before the query runs; as a plain variable it parses as well.
        Store().query(select.value)
        assert set(re.findall(r"<(\S+)>", select.value)) - DECLARED.keys() == set()


def _objects(predicate: str) -> set[str]:
    quads = _quads("shapes/*.ttl")
    return {
        q.object.value for q in quads if q.predicate.value == predicate and isinstance(q.object, NamedNode)
    }


def test_every_class_and_property_has_a_shape() -> None:
    assert {*OBJECT_PROPERTIES, *DATATYPE_PROPERTIES} - _objects(SHACL + "path") == set()
    assert set(_kinds("Class")) - _objects(SHACL + "targetClass") == set()


def _listed() -> dict[str, set[str]]:
    """Property → the terms that its shape allows (``sh:in``)."""
    store = Store()
    store.extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in _quads("shapes/*.ttl"))
    terms: dict[str, set[str]] = {}
    rows = store.query(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
        "SELECT ?on ?term { ?shape sh:targetSubjectsOf ?on ; sh:path ?on ; sh:in/rdf:rest*/rdf:first ?term }"
    )
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        terms.setdefault(row["on"].value, set()).add(row["term"].value)
    return terms


def test_a_closed_property_allows_exactly_the_terms_of_one_vocabulary() -> None:
    allowed = _listed()
    closed = {term for term in OBJECT_PROPERTIES if _range(term) == VOCABULARY_TERM}
    # Another dataset has areas of its own, so that vocabulary is open.
    assert allowed.keys() == closed - {TV + "area"}
    for terms in allowed.values():
        (scheme,) = {term.rpartition("/")[0] + "/" for term in terms}
        assert terms == {term for term in DECLARED if term.startswith(scheme)}


CONTEXT = json.loads((ROOT / "context.jsonld").read_text(encoding="utf-8"))["@context"]


def test_the_context_holds_the_prefix_table() -> None:
    names, namespaces = {}, {}
    for quad in parse(path=ROOT / "prefixes.ttl"):
        if isinstance(quad.object, Literal) and quad.predicate.value == SHACL + "prefix":
            names[quad.subject] = quad.object.value
        if isinstance(quad.object, Literal) and quad.predicate.value == SHACL + "namespace":
            namespaces[quad.subject] = quad.object.value
    table = {names[subject]: namespaces[subject] for subject in names}
    assert {name: value for name, value in CONTEXT.items() if isinstance(value, str)} == table


@pytest.mark.parametrize("property_", [*OBJECT_PROPERTIES, *DATATYPE_PROPERTIES])
def test_the_context_coerces_every_property_as_its_range_says(property_: str) -> None:
    name = property_.replace(TV, "tv:")
    coercion = {key: value for key, value in CONTEXT[name].items() if key != "@id"}
    wanted: dict[str, str] = {}
    if property_ in OBJECT_PROPERTIES:
        wanted = {"@type": "@id"}
    elif _range(property_) == LANGUAGE_TAGGED:
        wanted = {"@language": "en"}
    elif _range(property_) not in ("", "http://www.w3.org/2001/XMLSchema#string"):
        wanted = {"@type": _range(property_).replace("http://www.w3.org/2001/XMLSchema#", "xsd:")}
    assert CONTEXT[name]["@id"] == name
    assert coercion == wanted


def test_the_context_names_every_property_that_the_data_uses() -> None:
    namespaces = {value: name for name, value in CONTEXT.items() if isinstance(value, str)}
    used = set()
    for predicate in {quad.predicate.value for quad in _quads("data/*.ttl", "data/*/*.ttl")}:
        namespace = max((known for known in namespaces if predicate.startswith(known)), key=len)
        used.add(f"{namespaces[namespace]}:{predicate.removeprefix(namespace)}")
    assert used - CONTEXT.keys() == {"rdf:type"}


def test_only_prefixes_of_the_table_are_used() -> None:
    table = {(name, value) for name, value in CONTEXT.items() if isinstance(value, str)}
    for path in sorted([*ROOT.rglob("*.ttl"), *QUERIES]):
        text = path.read_text(encoding="utf-8")
        used = set(
            re.findall(r"^(?:@prefix|PREFIX)\s+([\w-]+):\s+<([^>]+)>", text, re.MULTILINE | re.IGNORECASE)
        )
        assert used - table == set(), path


def test_the_turtle_of_the_readme_reads_and_uses_declared_terms() -> None:
    prefixes = "".join(
        f"@prefix {name}: <{value}> .\n" for name, value in CONTEXT.items() if isinstance(value, str)
    )
    blocks = re.findall(r"```turtle\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert blocks
    for block in blocks:
        for quad in parse(input=prefixes + block, format=RdfFormat.TURTLE):
            for node in (quad.predicate, quad.object):
                if isinstance(node, NamedNode) and node.value.startswith((TV, VOCABULARY)):
                    assert node.value in DECLARED

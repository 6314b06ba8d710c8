"""Every shape finds its fault and leaves well-formed data alone; pyshacl runs once for all cases."""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import RDF, SH, Graph, Node

import ontology
from kg.dataset.shacl import Violation, by_shape, by_sparql

HERE = Path(__file__).parent
FAILING = "https://example.org/failing#"
BAD = "https://example.org/bad/"
SHAPES = "https://w3id.org/trivium/shapes#"
TV = "https://w3id.org/trivium/ontology#"

Found = Mapping[str, frozenset[str]]

EMPTY = {
    "Alternatives": "Alternatives Alternatives-options needs-reason",
    "Application": "Application Concept needs-definition needs-evidence needs-prefLabel needs-source",
    "Architecture": "Architecture Concept needs-definition needs-evidence needs-prefLabel needs-source",
    "Assessment": "Assessment needs-about needs-evidence needs-maturity needs-source needs-statement",
    "Benchmark": "Benchmark needs-definition needs-evidence needs-measures needs-prefLabel needs-source",
    "Capability": "Capability Concept needs-definition needs-evidence needs-prefLabel needs-source",
    "Challenge": "Challenge Concept needs-definition needs-evidence needs-prefLabel needs-source",
    "Claim": "Claim needs-about needs-evidence needs-prefLabel needs-source needs-statement",
    "Complexity": "Complexity needs-evidence needs-expression "
    "needs-hasVariable needs-ofQuantity needs-source",
    "Component": "Component needs-component needs-evidence needs-purpose needs-source",
    "Concept": "Concept needs-definition needs-evidence needs-prefLabel needs-source",
    "ConstantSet": "ConstantSet needs-dependence needs-evidence "
    "needs-hasConstant needs-prefLabel needs-source",
    "ConstantValue": "ConstantValue needs-ofVariable needs-value",
    "Correlation": "Correlation Correlation-pair needs-value",
    "Definition": "Definition needs-defines needs-definition needs-evidence needs-prefLabel needs-source",
    "Exercise": "Exercise needs-assesses needs-evidence needs-exerciseKind "
    "needs-prefLabel needs-prompt needs-source",
    "Formula": "Formula Formula-output needs-definition needs-evidence needs-expression needs-formulaKind "
    "needs-hasExample needs-hasVariable needs-prefLabel needs-source",
    "Hardware": "Hardware needs-developer needs-evidence needs-prefLabel needs-source",
    "LearningPath": "LearningPath needs-evidence needs-hasStep needs-prefLabel needs-source",
    "Model": "Model System needs-evidence needs-prefLabel needs-source",
    "NextStep": "NextStep needs-evidence needs-item needs-position needs-prefLabel needs-source needs-why",
    "Observation": "Observation needs-about needs-evidence needs-hasUnit needs-method needs-ofQuantity "
    "needs-prefLabel needs-source needs-value",
    "Page": "Page needs-evidence needs-hasSection needs-prefLabel needs-source",
    "Paradigm": "Concept Paradigm needs-definition needs-evidence needs-prefLabel needs-source",
    "Passage": "Passage Passage-section needs-evidence needs-line "
    "needs-restatement needs-source needs-states",
    "Prerequisite": "Prerequisite needs-from needs-reason needs-to",
    "Quantity": "Quantity needs-canonicalUnit needs-definition needs-prefLabel",
    "Range": "Range Range-bound needs-ofVariable",
    "Reading": "Reading needs-certainty needs-evidence needs-meaning needs-prefLabel needs-source",
    "Relation": "Relation needs-about needs-evidence needs-object needs-property needs-source",
    "ResearchDirection": "Concept ResearchDirection needs-definition "
    "needs-evidence needs-prefLabel needs-source",
    "Resource": "Resource needs-prefLabel",
    "Section": "Section needs-evidence needs-line needs-partOf needs-position needs-prefLabel needs-source",
    "Source": "Source Source-findable needs-prefLabel",
    "System": "System needs-evidence needs-prefLabel needs-source",
    "Topic": "Topic needs-area needs-definition needs-effortBasis needs-effortHours needs-evidence "
    "needs-prefLabel needs-source",
    "Unit": "Unit needs-dimension needs-factor needs-prefLabel needs-unitText",
    "Variable": "Variable needs-prefLabel needs-role needs-symbol",
    "WorkedExample": "WorkedExample needs-basis needs-evidence needs-expected needs-givens "
    "needs-relativeTolerance needs-source",
}
"""Class → the shapes that find a node of it that is named wrongly and says nothing."""

ACROSS = {
    "baseIri": (
        '<x> tv:baseIri "https://example.org/id/"^^xsd:anyURI',
        "needs-license needs-subset needs-title",
    ),
    "graphFolder": ('<x> tv:graphFolder "page"', "needs-graph"),
    "isLost": ("<x> tv:isLost true", "needs-lossNote"),
    "published": ("<x> tv:evidence evidence:published", "published-verified"),
    "number without unit": (
        "<x> tv:value 1.0e0 . <claim/x> a tv:Claim ; tv:low 1.0e0",
        "Statement-number needs-about needs-evidence needs-prefLabel needs-source needs-statement",
    ),
    "interval below value": (
        "<claim/x> a tv:Claim ; tv:value 3.0e0 ; tv:low 1.0e0 ; tv:high 2.0e0",
        "Statement-number needs-about needs-evidence needs-prefLabel "
        "needs-source needs-statement value-below-high",
    ),
    "interval above value": (
        "<claim/x> a tv:Claim ; tv:value 0.0e0 ; tv:low 1.0e0",
        "Statement-number low-below-value needs-about needs-evidence "
        "needs-prefLabel needs-source needs-statement",
    ),
    "output without unit": ("<x> tv:role role:output", "output-quantity"),
    "series without index": (
        "<x> tv:indexedBy <y> . <y> a tv:Variable ; tv:role role:input",
        "series-index",
    ),
    "guess without reason": (
        "<formula/x> a tv:Formula ; tv:evidence evidence:reconstructed",
        "Formula-output Formula-reconstructed needs-definition needs-expression "
        "needs-formulaKind needs-hasExample "
        "needs-hasVariable needs-prefLabel needs-source",
    ),
    "default set without reason": (
        "<x> tv:defaultConstantSet <s> ; tv:hasConstantSet <s> . <s> a tv:ConstantSet",
        "needs-rationale",
    ),
    "default set of another": (
        '<x> tv:defaultConstantSet <s> ; tv:rationale "Why."@en . <s> a tv:ConstantSet',
        "default-set-is-own",
    ),
    "sets without default": (
        "<x> tv:hasConstantSet <s> , <t> . <s> a tv:ConstantSet . <t> a tv:ConstantSet",
        "default-set-is-chosen",
    ),
    "set without a constant": (
        "<x> tv:hasConstantSet <s> ; tv:hasVariable <k> . <s> a tv:ConstantSet . "
        "<k> a tv:Variable ; tv:role role:constant",
        "sets-are-complete",
    ),
    "reading of another": (
        "<x> tv:preferredReading <r> . <r> a tv:Reading",
        "preferred-reading-is-own",
    ),
    "one symbol twice": (
        '<x> a tv:Expression ; tv:hasVariable <a> , <b> . <a> a tv:Variable ; tv:symbol "N" . '
        '<b> a tv:Variable ; tv:symbol "N"',
        "symbols-are-unique",
    ),
    "example with a set of another": (
        "<formula/x> a tv:Formula ; tv:hasExample <e> . <e> a tv:WorkedExample ; tv:usesConstantSet <s> . "
        "<s> a tv:ConstantSet",
        "Formula-output example-set-is-own needs-definition needs-evidence "
        "needs-expression needs-formulaKind "
        "needs-hasVariable needs-prefLabel needs-source",
    ),
    "constant without value": (
        "<formula/x> a tv:Formula ; tv:hasVariable <k> . <k> a tv:Variable ; tv:role role:constant",
        "Formula-output constants-have-values needs-definition needs-evidence "
        "needs-expression needs-formulaKind "
        "needs-hasExample needs-prefLabel needs-source",
    ),
    "two values of one constant": (
        "<formula/x#s> a tv:ConstantSet ; tv:hasConstant <c> , <d> . <c> a tv:ConstantValue ; tv:ofVariable "
        "<k> . "
        "<d> a tv:ConstantValue ; tv:ofVariable <k> . <k> a tv:Variable",
        "needs-dependence needs-evidence needs-prefLabel needs-source set-values-are-single",
    ),
    "hours that do not add up": (
        "<x> tv:effortHours 4.0 ; tv:readingHours 1.0 ; tv:practiceHours 2.0",
        "hours-add-up",
    ),
    "two steps at one place": (
        "<path/x> a tv:LearningPath ; tv:hasStep <a> , <b> . <a> a tv:NextStep ; tv:position 1 . "
        "<b> a tv:NextStep ; tv:position 1",
        "needs-evidence needs-prefLabel needs-source steps-have-places",
    ),
}
"""Fault across nodes → Turtle under a base of its own; the shapes that find it at the node that ends in x."""


def _base(case: str) -> str:
    return f"https://example.org/{case.replace(' ', '-')}/"


def _turtle() -> str:
    names = ("dcterms", "http://purl.org/dc/terms/"), ("tv", TV), ("xsd", "http://www.w3.org/2001/XMLSchema#")
    prefixes = [f"@prefix {prefix}: <{namespace}> ." for prefix, namespace in names]
    prefixes += [
        f"@prefix {scheme}: <https://w3id.org/trivium/vocab/{scheme}/> ." for scheme in ("evidence", "role")
    ]
    empty = [f"<{BAD}{name}> a tv:{name} ." for name in EMPTY]
    across = [f"@base <{_base(case)}> .\n{turtle} ." for case, (turtle, _) in ACROSS.items()]
    return "\n".join([*prefixes, *empty, *across])


@pytest.fixture(scope="session")
def found() -> Found:
    """Focus node → names of the shapes that complain of it, for all cases at once."""
    data, shapes = Graph(), Graph()
    for path in [
        *ontology.root().glob("schema/*.ttl"),
        *ontology.root().glob("vocab/*.ttl"),
        *HERE.glob("*.ttl"),
    ]:
        data.parse(path)
    data.parse(data=_turtle(), format="turtle")
    for path in ontology.root().glob("shapes/*.ttl"):
        shapes.parse(path)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none")
    names: dict[str, set[str]] = defaultdict(set)
    for result in report.subjects(RDF.type, SH.ValidationResult):
        shape = str(report.value(result, SH.sourceShape))
        names[str(report.value(result, SH.focusNode))].add(shape.removeprefix(SHAPES))
    return {focus: frozenset(shapes) for focus, shapes in names.items()}


def _failing() -> list[str]:
    """Fragments of failing.ttl, each named as the shapes that must find it."""
    subjects = {quad.subject for quad in parse(path=HERE / "failing.ttl")}
    return sorted(
        node.value.removeprefix(FAILING)
        for node in subjects
        if isinstance(node, NamedNode) and node.value.startswith(FAILING)
    )


@pytest.mark.parametrize("fragment", _failing())
def test_a_badly_written_value_is_found_by_the_shape_of_its_property(found: Found, fragment: str) -> None:
    assert found[FAILING + fragment] == frozenset(fragment.partition(".")[0].split("+"))


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_node_lacks_all_that_its_class_needs(found: Found, name: str) -> None:
    assert found[BAD + name] == frozenset(EMPTY[name].split())


@pytest.mark.parametrize("case", ACROSS)
def test_a_fault_across_nodes_is_found(found: Found, case: str) -> None:
    here = {focus: shapes for focus, shapes in found.items() if focus.startswith(_base(case))}
    at_fault = [shapes for focus, shapes in here.items() if focus.endswith(("x", "#s"))]
    assert at_fault == [frozenset(ACROSS[case][1].split())]


def test_well_formed_data_passes(found: Found) -> None:
    subjects = {str(quad.subject).strip("<>") for quad in parse(path=HERE / "clean.ttl")}
    assert {subject: found[subject] for subject in subjects if subject in found} == {}


def test_well_formed_data_holds_every_class_that_a_shape_targets() -> None:
    used = {str(quad.object) for quad in parse(path=HERE / "clean.ttl")}
    targets = {
        str(quad.object)
        for path in ontology.root().glob("shapes/*.ttl")
        for quad in parse(path=path)
        if str(quad.predicate).endswith("#targetClass>")
    }
    assert targets - used == {f"<{TV}Expression>", f"<{TV}Statement>"}


def test_every_shape_has_a_failing_example(found: Found) -> None:
    shapes = Graph()
    for path in ontology.root().glob("shapes/*.ttl"):
        shapes.parse(path)
    targets = (SH.targetClass, SH.targetSubjectsOf)
    targeted = {shape for target in targets for shape in shapes.subjects(target, None)}
    reported = {shape for shape in targeted if _constrains(shapes, shape)}
    needed = {shape for owner in targeted for shape in shapes.objects(owner, SH.property)}
    assert set(shapes.subjects(RDF.type, SH.PropertyShape)) >= needed
    names = {str(shape).removeprefix(SHAPES) for shape in reported | needed}
    assert names - {name for shapes_of_focus in found.values() for name in shapes_of_focus} == set()


def _constrains(shapes: Graph, shape: Node) -> bool:
    """True where a shape reports under its own name, rather than through its property shapes."""
    inert = {RDF.type, SH.targetClass, SH.targetSubjectsOf, SH.property, SH.message, SH.severity, SH.path}
    return bool(set(shapes.predicates(shape, None)) - inert)


def test_sparql_constraints_asked_once_find_what_asking_node_by_node_finds() -> None:
    shapes = [quad.triple for path in ontology.root().glob("shapes/*.ttl") for quad in parse(path=path)]
    data = [quad.triple for path in ontology.root().glob("schema/*.ttl") for quad in parse(path=path)]
    data += [quad.triple for quad in parse(input=_turtle(), format=RdfFormat.TURTLE)]
    wanted = (str(SH.sparql), str(SH.targetClass), str(SH.targetSubjectsOf))
    constraints = {triple.object for triple in shapes if triple.predicate.value == wanted[0]}
    holders = {triple.subject for triple in shapes if triple.predicate.value == wanted[0]}
    alone = [
        triple
        for triple in shapes
        if triple.subject in constraints or (triple.subject in holders and triple.predicate.value in wanted)
    ]
    expected = {_spelt(one) for one in by_shape(data, alone)}
    assert len(expected) >= len(constraints)
    assert {_spelt(one) for one in by_sparql(data, shapes)} == expected


def _spelt(found: Violation) -> tuple[str, ...]:
    """The result without the spelling of numbers, which a store does not keep: ``4`` for ``4.0``."""
    said = found.message.replace(".0 ", " ")
    return (found.focus, found.path, found.component, found.value.removesuffix(".0"), said)

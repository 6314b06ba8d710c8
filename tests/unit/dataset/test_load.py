"""Loading and inference: every triple in its graph, and what follows in ``graph:inferred``."""

from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from kg.dataset.files import INFERRED_GRAPH, DatasetFiles
from kg.dataset.infer import infer, leaves_out_known
from kg.dataset.load import load_dataset
from kg.errors import BadSyntax, InvalidData
from kg.store.memory import MemoryStore
from kg.store.queries import Query
from kg.store.results import Solutions
from tests.datasets import write_dataset


@pytest.fixture(scope="module")
def shipped() -> MemoryStore:
    return load_dataset(DatasetFiles.shipped())


def count(store: MemoryStore, pattern: str) -> int:
    answer = store.query(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")
    assert isinstance(answer, Solutions)
    (row,) = answer
    return int(str(getattr(row["n"], "value", "")))


def test_the_store_answers_under_the_version_of_its_files(shipped: MemoryStore) -> None:
    assert shipped.version == DatasetFiles.shipped().version()
    assert shipped.size > 10_000


def test_a_triple_stands_in_one_graph_inferred_ones_too(shipped: MemoryStore) -> None:
    assert count(shipped, "GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER (STR(?g) < STR(?h))") == 0
    assert count(shipped, "GRAPH graph:inferred { ?s ?p ?o }") > 0


def test_inference_has_come_to_its_end(shipped: MemoryStore) -> None:
    rules = [Query(path.name, path.read_text("utf-8")) for path in DatasetFiles.shipped().rules]
    assert rules
    assert infer(shipped, rules) == 0


def test_wider_classes_labels_and_plain_links_are_inferred(tmp_path: Path) -> None:
    store = load_dataset(DatasetFiles.at(write_dataset(tmp_path)))
    fall_time = "<https://stones.example/id/formula/fall-time>"
    assert bool(store.query(f"ASK {{ GRAPH graph:inferred {{ {fall_time} a tv:Expression }} }}"))
    assert bool(
        store.query(f'ASK {{ GRAPH graph:inferred {{ {fall_time} rdfs:label "Time of a fall"@en }} }}')
    )
    assert bool(store.query("ASK { topic:falling a tv:Topic }")), "the prefixes are those of the dataset"


def test_a_file_that_does_not_parse_is_named_with_its_line(tmp_path: Path) -> None:
    files = DatasetFiles.at(write_dataset(tmp_path, broken="<https://x.example/a> a"))
    with pytest.raises(BadSyntax, match=r"broken\.ttl") as caught:
        load_dataset(files)
    assert caught.value.line > 20


def chain(length: int) -> MemoryStore:
    store = MemoryStore()
    nodes = [NamedNode(f"u:{number}") for number in range(length)]
    store.load(Quad(one, NamedNode("u:next"), other, NamedNode("u:g")) for one, other in pairwise(nodes))
    return store


def test_rules_run_until_nothing_follows() -> None:
    store = chain(6)
    rule = Query("closure.rq", "CONSTRUCT { ?a <u:next> ?c } { ?a <u:next> ?b . ?b <u:next> ?c }")
    assert infer(store, [rule]) == 6 * 5 // 2 - 5
    assert count(store, f"GRAPH <{INFERRED_GRAPH}> {{ ?s ?p ?o }}") == 10
    assert infer(store, [rule]) == 0


TEMPLATE = "CONSTRUCT { ?a <u:next> ?c }"
LEAVES_OUT = [
    (f"{TEMPLATE} {{ ?a <u:next> ?b . ?b <u:next> ?c FILTER NOT EXISTS {{ ?a <u:next> ?c }} }}", True),
    (f"{TEMPLATE} {{ ?a <u:next> ?b . ?b <u:next> ?c FILTER NOT EXISTS {{ ?c <u:next> ?a }} }}", False),
    (f"{TEMPLATE} {{ ?a <u:next> ?b . ?b <u:next> ?c }} # FILTER NOT EXISTS {{ ?a <u:next> ?c }} }}", False),
    (f"{TEMPLATE} FROM <u:g> {{ ?c <u:next> ?a FILTER NOT EXISTS {{ ?a <u:next> ?c }} }}", False),
    (f"{TEMPLATE} {{ ?a ?p ?c OPTIONAL {{ ?c ?q ?a FILTER NOT EXISTS {{ ?a <u:next> ?c }} }} }}", False),
    ("CONSTRUCT { ?a :p ?b . ?a :q ?b } { ?a ?p ?b FILTER NOT EXISTS { ?a :p ?b . ?a :q ?b } }", False),
    ("SELECT * { ?s ?p ?o }", False),
]


@pytest.mark.parametrize(("rule", "expected"), LEAVES_OUT)
def test_a_rule_is_known_to_leave_out_what_stands(rule: str, expected: bool) -> None:
    assert leaves_out_known(rule) is expected


@pytest.mark.parametrize(("rule", "expected"), LEAVES_OUT[:4])
def test_no_triple_is_inferred_that_stands_already(rule: str, expected: bool) -> None:
    store = chain(4)
    store.load([Quad(NamedNode("u:0"), NamedNode("u:next"), NamedNode("u:2"), NamedNode("u:h"))])
    infer(store, [Query("rule.rq", rule)])
    assert store.size == len({quad.triple for quad in store.quads})


def test_what_is_inferred_of_a_blank_node_is_said_of_the_same_one() -> None:
    store = MemoryStore()
    store.load_turtle(b'[] <u:name> "a _: b" . <u:s> <u:name> "c\\nd" .', "u:g")
    rule = "CONSTRUCT { ?s <u:label> ?o } { ?s <u:name> ?o FILTER NOT EXISTS { ?s <u:label> ?o } }"
    assert infer(store, [Query("rule.rq", rule)]) == 2
    assert count(store, "?s <u:name> ?o ; <u:label> ?o") == 2


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SELECT * { ?s ?p ?o }", "must be a CONSTRUCT"),
        (
            "CONSTRUCT { ?s <u:next> ?fresh } { ?s ?p ?o BIND(IRI(CONCAT(STR(?o), 'x')) AS ?fresh) }",
            "idempotent",
        ),
    ],
)
def test_rules_that_cannot_be_used_are_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidData, match=says):
        infer(chain(2), [Query("rule.rq", text)])

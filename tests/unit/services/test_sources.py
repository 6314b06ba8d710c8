"""What knowledge can be opened from: a folder of Turtle, a store on disk, a SPARQL service; all answer alike."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse, serialize

from kg.dataset.files import DatasetFiles
from kg.dataset.load import load_dataset, publish_dataset
from kg.errors import BadParameter, DeadlineExceeded, InvalidData, Unavailable
from kg.services.knowledge import Knowledge, open_knowledge, serve_store
from tests.datasets import BASE, write_dataset
from tests.servers import oxigraph_server, put_quads, served

FALL = "SELECT ?t { BIND(tvf:evaluate(<https://stones.example/id/formula/fall-time>, 'h=19.6') AS ?t) }"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def folder(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    publish_dataset(DatasetFiles.at(data), folder)
    return folder


@pytest.fixture(scope="module")
def trig(data: Path) -> bytes:
    """All quads of the dataset."""
    return serialize(load_dataset(DatasetFiles.at(data)).quads, format=RdfFormat.N_QUADS) or b""


@pytest.fixture(scope="module")
def oxigraph(trig: bytes) -> Iterator[str]:
    with oxigraph_server() as url:
        put_quads(url, trig, "application/n-quads")
        yield f"{url}/query"


@pytest.fixture(scope="module")
def trivium(data: Path) -> Iterator[str]:
    with served(open_knowledge(data)) as url:
        yield f"{url}/sparql"


@pytest.fixture(params=["data", "folder", "address", "oxigraph", "trivium"])
def knowledge(request: pytest.FixtureRequest) -> Knowledge:
    if request.param == "address":
        return open_knowledge(f"file:{request.getfixturevalue('folder')}")
    return open_knowledge(request.getfixturevalue(request.param))


def test_every_source_answers_alike(knowledge: Knowledge, stones: Knowledge) -> None:
    assert (knowledge.base, knowledge.title, knowledge.size) == (BASE, "Falling stones", stones.size)
    assert knowledge.prefixes == stones.prefixes
    assert knowledge.formula("fall-time").evaluate(h="19.6 m") == stones.formula("fall-time").evaluate(
        h="19.6 m"
    )
    assert (
        knowledge.formula("fall-time").solve("h", t=2).roots
        == stones.formula("fall-time").solve("h", t=2).roots
    )
    assert knowledge.learning.next() == stones.learning.next()
    assert knowledge.search("stone") == stones.search("stone")
    assert knowledge.topic("falling").prerequisites() == stones.topic("falling").prerequisites()
    assert knowledge.describe("topic:roots") == stones.describe("topic:roots")
    text = "SELECT ?t ?label { ?t a tv:Topic ; skos:prefLabel ?label } ORDER BY ?t"
    assert knowledge.sparql(text).to_csv() == stones.sparql(text).to_csv()


def test_functions_run_where_they_can_and_are_named_where_not(knowledge: Knowledge) -> None:
    if knowledge.store.capabilities.functions:
        assert knowledge.sparql(FALL)[0] == {"t": 2.0}
    else:
        with pytest.raises(Unavailable, match=r"function#evaluate> .* /formulas/\{slug\}/evaluate"):
            knowledge.sparql(FALL)


def test_a_store_on_disk_has_the_version_of_its_turtle(data: Path, folder: Path) -> None:
    assert open_knowledge(folder).version == open_knowledge(data).version


def test_serving_builds_the_store_and_renews_it_when_the_turtle_changes(tmp_path: Path) -> None:
    data, address = write_dataset(tmp_path / "data"), f"file:{tmp_path / 'store'}"
    first = serve_store(address, data)
    assert serve_store(address, data).version == first.version
    topics = next(data.rglob("topics.ttl"))
    topics.write_text(topics.read_text().replace('"Counting"', '"Counting up"'))
    renewed = serve_store(address, str(data))
    assert (first.describe("topic:counting").label, renewed.describe("topic:counting").label) == (
        "Counting",
        "Counting up",
    )
    assert open_knowledge(address).version == renewed.version != first.version


def test_serving_names_what_does_not_go_together(data: Path, trivium: str) -> None:
    assert serve_store(trivium).title == serve_store("memory:", data).title == "Falling stones"
    with pytest.raises(BadParameter, match="'data'"):
        serve_store(trivium, data)
    with pytest.raises(BadParameter, match="'store'"):
        serve_store(str(data))


def test_a_service_whose_default_graph_hides_the_data_says_so(trig: bytes) -> None:
    with oxigraph_server(union=False) as url:
        with pytest.raises(InvalidData, match="no dataset in it"):
            open_knowledge(f"{url}/query")
        put_quads(url, trig, "application/n-quads")
        with pytest.raises(InvalidData, match="make the default graph of the service the union"):
            open_knowledge(f"{url}/query")


@pytest.mark.parametrize(
    ("without", "says"),
    [("baseIri", "no dataset in it gives its tv:baseIri"), ("ns/shacl#namespace", "it has no prefix table")],
)
def test_a_store_without_dataset_or_prefixes_says_so(trig: bytes, without: str, says: str) -> None:
    lines = b"\n".join(line for line in trig.splitlines() if without.encode() not in line)
    assert list(parse(lines, RdfFormat.N_QUADS))
    with oxigraph_server() as url:
        put_quads(url, lines, "application/n-quads")
        with pytest.raises(InvalidData, match=says):
            open_knowledge(f"{url}/query")


def test_two_datasets_in_one_service_are_told_apart_by_nobody(trig: bytes) -> None:
    other = trig.replace(b'"https://stones.example/id/"', b'"https://other.example/id/"')
    with oxigraph_server() as url:
        put_quads(url, trig + other, "application/n-quads")
        with pytest.raises(InvalidData, match=r"several datasets: https://other.example/id/, https://stones"):
            open_knowledge(f"{url}/query")


def test_a_query_over_a_store_on_disk_is_stopped_at_its_deadline(folder: Path) -> None:
    knowledge = open_knowledge(f"file:{folder}")
    assert len(list(knowledge.sparql("SELECT ?s { ?s ?p ?o } LIMIT 3", timeout=30))) == 3
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
    with pytest.raises(DeadlineExceeded):
        knowledge.sparql(endless, timeout=0.3)

"""GraphML as drawing programs and networkx write it, and documents that would harm."""

from pathlib import Path

import networkx as nx
import pytest

from kg.errors import BadParameter, InvalidData, TooLarge, TriviumError
from kg.importers import source
from kg.importers.graphml import read_graphml
from kg.model.draft import WrittenGraph

HEAD = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
FIRST, SECOND = "prerequisite-first", "prerequisite-second"


def read(folder: Path, text: str, direction: str = FIRST) -> WrittenGraph:
    path = folder / "graph.graphml"
    path.write_text(text, "utf-8")
    return read_graphml(path, direction=direction)


def pairs(graph: WrittenGraph) -> set[tuple[str, str]]:
    return {(pair.topic, pair.prerequisite) for pair in graph.prerequisites}


def graph(inner: str, attributes: str = 'edgedefault="directed"') -> str:
    return f"{HEAD}<graph {attributes}>{inner}</graph></graphml>"


NODES = '<node id="sets"/><node id="groups"/>'


@pytest.mark.parametrize("direction", [FIRST, SECOND])
def test_what_networkx_writes_is_read_as_it_was(tmp_path: Path, direction: str) -> None:
    written: nx.DiGraph[str] = nx.gnp_random_graph(30, 0.1, seed=5, directed=True)
    written = nx.relabel_nodes(written, {n: f"topic {n} & <co>" for n in written})
    nx.set_node_attributes(written, dict.fromkeys(written, 1.5), "hours")
    nx.set_edge_attributes(written, dict.fromkeys(written.edges, "because"), "reason")
    nx.write_graphml(written, tmp_path / "g.graphml")
    found = read_graphml(tmp_path / "g.graphml", direction=direction)
    expected = {(v, u) if direction == FIRST else (u, v) for u, v in written.edges}
    assert pairs(found) == expected
    assert {topic.name for topic in found.topics} == set(written.nodes)
    assert {topic.hours for topic in found.topics} == {"1.5"}
    assert {pair.reason for pair in found.prerequisites} == {"because"}
    assert found.closed


def test_the_label_names_a_node_that_a_program_numbered(tmp_path: Path) -> None:
    label = '<data key="d0"><y:ShapeNode xmlns:y="http://www.yworks.com/xml/graphml"><y:NodeLabel>{}</y:NodeLabel>'
    node = f'<node id="n{{}}">{label}</y:ShapeNode></data></node>'
    text = graph(node.format(0, "Set theory") + node.format(1, "Groups") + '<edge source="n0" target="n1"/>')
    assert pairs(read(tmp_path, text)) == {("Groups", "Set theory")}
    alike = graph(node.format(0, "Same") + node.format(1, "Same") + '<edge source="n0" target="n1"/>')
    assert pairs(read(tmp_path, alike)) == {("n1", "n0")}


def test_the_file_may_say_the_direction(tmp_path: Path) -> None:
    key = '<key id="d" for="graph" attr.name="direction" attr.type="string"/>'
    body = f'<data key="d">{SECOND}</data>{NODES}<edge source="groups" target="sets"/>'
    text = f'{HEAD}{key}<graph edgedefault="directed">{body}</graph></graphml>'
    assert pairs(read(tmp_path, text, "")) == pairs(read(tmp_path, text, SECOND)) == {("groups", "sets")}
    with pytest.raises(BadParameter, match="as the file says"):
        read(tmp_path, text, FIRST)


LAUGHS = (
    '<!DOCTYPE graphml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
REFUSED: list[tuple[str, str, type[TriviumError], str]] = [
    ("a billion laughs", LAUGHS + graph("<node id='&j;'/>"), InvalidData, "document type is refused"),
    (
        "a file as an entity",
        '<!DOCTYPE g [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + graph(NODES),
        InvalidData,
        "document type",
    ),
    ("no XML", "topic,prerequisite", InvalidData, "graph.graphml:1: is no XML"),
    (
        "an encoding nobody knows",
        '<?xml version="1.0" encoding="x"?>' + graph(NODES),
        InvalidData,
        "encoding",
    ),
    (
        "Shift JIS",
        '<?xml version="1.0" encoding="shift_jis"?>' + graph(NODES),
        InvalidData,
        "save it as UTF-8",
    ),
    ("cut off", HEAD + "<graph edgedefault='directed'>", InvalidData, "no element found"),
    ("another document", "<svg/>", InvalidData, "no <graphml>"),
    ("undirected", graph(NODES, 'edgedefault="undirected"'), InvalidData, "not directed"),
    (
        "an undirected edge",
        graph(NODES + '<edge directed="false" source="a" target="b"/>'),
        InvalidData,
        "not directed",
    ),
    ("an edge without an end", graph(NODES + '<edge source="a"/>'), InvalidData, "lacks source or target"),
    ("a node without a name", graph("<node/>"), InvalidData, "lacks id"),
    (
        "a graph within",
        graph("<node id='a'><graph edgedefault='directed'></graph></node>"),
        InvalidData,
        "within a graph",
    ),
    ("a hyperedge", graph(NODES + "<hyperedge/>"), InvalidData, "hyperedge"),
    ("nothing in it", graph(""), InvalidData, "holds no nodes"),
    ("too deep", HEAD + "<desc>" * 60, InvalidData, "nested more than 50 deep"),
    ("a long name", graph(f"<node id='{'x' * 10_001}'/>"), TooLarge, "a text at"),
]


@pytest.mark.parametrize(
    ("text", "kind", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_no_prerequisite_graph_is_refused(
    tmp_path: Path, text: str, kind: type[TriviumError], words: str
) -> None:
    with pytest.raises(kind) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)


def test_the_direction_is_asked_by_the_first_edge(tmp_path: Path) -> None:
    with pytest.raises(BadParameter, match="if 'sets' is learnt before 'groups'"):
        read(tmp_path, graph(NODES + '<edge source="sets" target="groups"/>'), "")


def test_a_graph_over_a_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MOST_TOPICS", 1)
    with pytest.raises(TooLarge, match="number of topics"):
        read(tmp_path, graph(NODES))

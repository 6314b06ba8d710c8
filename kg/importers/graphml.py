"""GraphML (http://graphml.graphdrawing.org/specification.html): nodes and directed edges with their data.

Read by expat without a document type: an entity that grows, or one that names a file, has no place to stand.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from xml.parsers import expat

from kg.errors import BadParameter, InvalidData, TriviumError
from kg.importers.edge_list import DIRECTIONS, PREREQUISITE_FIRST, both_ways
from kg.importers.source import check_count, check_length, read_bytes
from kg.model.draft import WrittenGraph, WrittenPrerequisite, WrittenTopic

_NAMES: Final[Mapping[str, str]] = {
    "label": "label",
    "name": "label",
    "title": "label",
    "hours": "hours",
    "effort": "hours",
    "area": "area",
    "definition": "definition",
    "description": "definition",
    "reason": "reason",
    "confidence": "confidence",
    "direction": "direction",
}
"""``attr.name`` of a key → what is read from it."""

_NUMBERED: Final = re.compile("[A-Za-z]*[0-9]+")

DEEPEST: Final = 50
"""Elements within elements."""


def read_graphml(path: Path, *, direction: str = "") -> WrittenGraph:
    """The nodes and edges of the graph in a file; labels that drawing programs write are read as well.

    Raises:
        BadParameter: neither the file nor ``direction`` says which end of an edge is learnt first.
        InvalidData: it is no GraphML, has a document type, or a graph that is not directed or not flat; names the
            line. NotFound, TooLarge: as :mod:`kg.importers.source`.
    """
    reader = _Reader(path.name)
    reader.read(read_bytes(path))
    said = reader.graph.get("direction", "")
    if said not in ("", *DIRECTIONS):
        raise InvalidData(path.name, f"its direction is {said[:40]!r}", f"write {' or '.join(DIRECTIONS)}")
    if said and direction not in ("", said):
        raise BadParameter("direction", direction, f"nothing here, or {said}, as the file says")
    if (said or direction) not in DIRECTIONS:
        raise BadParameter("direction", direction[:40], reader.both_ways())
    return reader.written(said or direction)


class _Reader:
    """What was read so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.graph: dict[str, str] = {}
        self.nodes: list[dict[str, str]] = []
        self.edges: list[dict[str, str]] = []
        self._keys: dict[str, str] = {}
        self._path: list[str] = []
        self._owner = self.graph
        self._role = ""
        self._text: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text.append
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def read(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            reason = f"is no XML: {expat.ErrorString(error.code)}"
            raise InvalidData(
                f"{self.name}:{error.lineno}", reason, "export the graph as GraphML again"
            ) from error
        except TriviumError:
            raise
        except (LookupError, ValueError) as error:  # From Python's codecs, which expat asks.
            raise InvalidData(
                self.name, f"its encoding cannot be read: {error}", "save it as UTF-8"
            ) from error
        if not self.nodes:
            raise InvalidData(self.name, "holds no nodes", "give a GraphML document with a directed graph")

    def written(self, direction: str) -> WrittenGraph:
        before, after = ("source", "target") if direction == PREREQUISITE_FIRST else ("target", "source")
        names = self._names()
        topics = tuple(
            WrittenTopic(
                names[node["id"]],
                node["place"],
                *(node.get(role, "") for role in ("label", "hours", "area", "definition")),
            )
            for node in self.nodes
        )
        pairs = tuple(
            WrittenPrerequisite(
                names.get(edge[after], edge[after]),
                names.get(edge[before], edge[before]),
                edge["place"],
                edge.get("reason", ""),
                edge.get("confidence", ""),
            )
            for edge in self.edges
        )
        return WrittenGraph(topics, pairs, closed=True)

    def _names(self) -> dict[str, str]:
        """Identifier → name: the label where a program numbered the nodes and no two labels are alike."""
        labels = {node["id"]: node.get("label", "") for node in self.nodes}
        numbered = all(_NUMBERED.fullmatch(node) for node in labels)
        if numbered and all(labels.values()) and len(set(labels.values())) == len(self.nodes):
            return labels
        return {node: node for node in labels}

    def both_ways(self) -> str:
        """What each direction would mean for the first edge."""
        ends = {node["id"]: node.get("label") or node["id"] for node in self.nodes}
        edge = self.edges[0] if self.edges else {"source": "the source", "target": "the target"}
        one, other = (ends.get(edge[end], edge[end]) for end in ("source", "target"))
        return both_ways(one, other)

    @property
    def _place(self) -> str:
        return f"{self.name}:{self._parser.CurrentLineNumber}"

    def _refuse_doctype(self, *_: object) -> None:
        raise InvalidData(self._place, "a document type is refused", "remove the <!DOCTYPE …> declaration")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = name.rpartition(" ")[2]
        if len(self._path) >= DEEPEST:
            raise InvalidData(self._place, f"elements are nested more than {DEEPEST} deep")
        if not self._path and element != "graphml":
            raise InvalidData(self._place, f"the document is <{element[:40]}>, no <graphml>")
        self._path.append(element)
        match element:
            case "key":
                role = _NAMES.get(attributes.get("attr.name", "").lower(), "")
                self._keys[attributes.get("id", "")] = role
            case "graph":
                self._check_graph(attributes)
            case "hyperedge" | "port":
                raise InvalidData(self._place, f"a <{element}> is no prerequisite", "write plain edges")
            case "node" | "edge":
                self._open(element, attributes)
            case "data":
                self._role = self._keys.get(attributes.get("key", ""), "")
                self._text.clear()
            case "NodeLabel":  # yEd draws a node with its label inside.
                self._role = "label"
                self._text.clear()

    def _check_graph(self, attributes: dict[str, str]) -> None:
        if attributes.get("edgedefault") != "directed":
            raise InvalidData(self._place, "the graph is not directed", "prerequisites have a direction")
        if self._path.count("graph") > 1:
            raise InvalidData(self._place, "a graph within a graph", "write all nodes in one graph")

    def _open(self, element: str, attributes: dict[str, str]) -> None:
        needed = ("id",) if element == "node" else ("source", "target")
        if attributes.get("directed", "true") != "true" or any(not attributes.get(name) for name in needed):
            raise InvalidData(self._place, f"the {element} lacks {' or '.join(needed)}, or is not directed")
        place = self._place
        self._owner = {name: check_length(attributes[name], place) for name in needed} | {"place": place}
        (self.nodes if element == "node" else self.edges).append(self._owner)
        check_count(len(self.nodes), len(self.edges), self.name)

    def _end(self, _name: str) -> None:
        element = self._path.pop()
        if element in ("data", "NodeLabel"):
            text = check_length("".join(self._text), self._place)
            if self._role and text:
                self._owner.setdefault(self._role, text)
            self._role = ""
        elif element in ("node", "edge"):
            self._owner = self.graph
        self._text.clear()

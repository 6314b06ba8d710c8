"""Topics, what they require, and authored paths."""

from collections.abc import Iterator

from pyoxigraph import Triple

from kg.catalog.rows import (
    DEFINITION,
    PREF_LABEL,
    Node,
    Nodes,
    ask_rows,
    ask_triples,
    number_of,
    slug_of,
    text_of,
)
from kg.model.iri import Iri
from kg.model.learning import Alternatives, Curriculum, PathStep, Topic
from kg.store.base import Store


def read_curriculum(store: Store) -> Curriculum:
    """All topics, by slug, and the steps of all authored paths that are topics, by path and position.

    Raises:
        InvalidData: a topic or step is malformed; names subject and property.
    """
    nodes = Nodes.of(ask_rows(store, "topics"))
    choices = Nodes.of(ask_rows(store, "alternatives")) if _has_choices(nodes) else Nodes()
    topics = sorted((_topic(node, choices) for node in nodes.values()), key=lambda topic: topic.slug)
    return Curriculum(tuple(topics), tuple(_steps(store)))


def curriculum_triples(store: Store) -> tuple[Triple, ...]:
    """All topics with labels, hours, areas and prerequisites, and the reasons for these, as a graph."""
    return ask_triples(store, "curriculum")


def _has_choices(nodes: Nodes) -> bool:
    return any(node.all("requiresOneOf") for node in nodes.values())


def _topic(node: Node, choices: Nodes) -> Topic:
    slug = slug_of(node.iri)
    return Topic(
        iri=node.iri,
        slug=slug,
        label=node.first_text(PREF_LABEL) or slug,
        hours=node.require_number("effortHours"),
        area=node.term("area"),
        scope=node.first_text(DEFINITION),
        requires=_slugs(node, "requires"),
        requires_one_of=tuple(_alternatives(choices[iri]) for iri in node.links("requiresOneOf")),
    )


def _alternatives(node: Node) -> Alternatives:
    return Alternatives(_slugs(node, "option"), node.first_text("reason"))


def _slugs(node: Node, name: str) -> tuple[str, ...]:
    return tuple(sorted({slug_of(iri) for iri in node.links(name)}))


def _steps(store: Store) -> Iterator[PathStep]:
    seen: set[tuple[str, str]] = set()
    for row in ask_rows(store, "path-steps"):
        path, step = text_of(row, "path"), text_of(row, "step")
        if (path, step) in seen:
            continue
        seen.add((path, step))
        yield PathStep(
            path=Iri(path),
            path_label=text_of(row, "pathLabel") or slug_of(path),
            position=int(number_of(row["position"], step, "position")),
            topic=slug_of(text_of(row, "topic")),
            label=text_of(row, "label"),
            why=text_of(row, "why"),
            source=Iri(text_of(row, "source")) if "source" in row else None,
        )

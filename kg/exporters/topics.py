"""Topics and what they require as the folder of a dataset: ``dataset.ttl`` and the Turtle of its graph."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from kg.model.draft import Draft, DraftPrerequisite, DraftTopic
from kg.model.iri import ONTOLOGY, VOCABULARY, Iri

FOLDER: Final = "topics"
UNSORTED: Final = "unsorted"
"""The area of topics that came without one: a topic needs an area."""
NO_LICENCE: Final = "http://spdx.org/rdf/terms#noassertion"
"""Nobody said what the licence is (https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/)."""
_PREFIXES: Final = {
    "area": VOCABULARY + "area/",
    "basis": VOCABULARY + "basis/",
    "dcterms": "http://purl.org/dc/terms/",
    "evidence": VOCABULARY + "evidence/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "tv": ONTOLOGY,
    "verification": VOCABULARY + "verification/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


@dataclass(frozen=True, slots=True)
class FolderDescription:
    """What a dataset folder says of itself. ``source`` names the document it comes from, ``note`` how it was read."""

    title: str
    base: Iri
    licence: str
    source: str
    note: str


def dataset_files(draft: Draft, described: FolderDescription, areas: Collection[str]) -> dict[str, str]:
    """Path within the folder → Turtle. ``areas`` are the slugs that the vocabulary has; others come along."""
    own_areas = sorted({topic.area or UNSORTED for topic in draft.topics} - set(areas))
    topics = [
        *_head(described.base),
        *(line for topic in draft.topics for line in _topic(topic, own_areas)),
    ]
    more = [
        *_head(described.base),
        *_source(described),
        *(line for area in own_areas for line in _area(area)),
    ]
    reasons = [line for each in draft.prerequisites for line in _reason(each)]
    texts = {
        "dataset.ttl": [*_head(), *_dataset(described)],
        f"{FOLDER}/source.ttl": more,
        f"{FOLDER}/topics.ttl": topics,
        f"{FOLDER}/prerequisites.ttl": [*_head(described.base), *reasons],
    }
    return {name: "\n".join(lines) for name, lines in texts.items()}


def _head(base: str = "") -> Iterator[str]:
    if base:
        yield f"@base <{base}> ."
    for prefix, space in _PREFIXES.items():
        yield f"@prefix {prefix}: <{space}> ."


def _dataset(described: FolderDescription) -> Iterator[str]:
    root = described.base.rstrip("/#").rpartition("/")[0]
    yield (
        f"<{root}/dataset> a void:Dataset ; dcterms:title {_text(described.title)} ; "
        f"dcterms:description {_text(described.note)} ; dcterms:license <{described.licence}> ; "
        f'tv:baseIri "{described.base}"^^xsd:anyURI ; void:subset <{root}/dataset#{FOLDER}> .'
    )
    yield (
        f"<{root}/dataset#{FOLDER}> a void:Dataset ; dcterms:title {_text('Topics and what they require')} ; "
        f'tv:graph <{root}/graph/{FOLDER}> ; tv:graphFolder "{FOLDER}" .'
    )


def _source(described: FolderDescription) -> Iterator[str]:
    yield (
        f"<source/imported> a tv:Source ; skos:prefLabel {_text(described.source)} ; "
        f"tv:verification verification:seen-in-copy ; tv:verificationNote {_text(described.note)} ."
    )


def _area(area: str) -> Iterator[str]:
    yield (
        f"<area/{area}> a skos:Concept ; skos:prefLabel {_text(area.replace('-', ' '))} ; "
        f"skos:definition {_text('An area of the document that the topics come from.')} ."
    )


def _topic(topic: DraftTopic, own_areas: Collection[str]) -> Iterator[str]:
    area = topic.area or UNSORTED
    basis = "stated-in-source" if topic.hours_stated else "estimated"
    facts = [
        f"skos:prefLabel {_text(topic.label)}",
        f"skos:definition {_text(topic.definition or f'{topic.label}, as its source names it.')}",
        "dcterms:source <source/imported>",
        f"tv:area {f'<area/{area}>' if area in own_areas else f'area:{area}'}",
        f"tv:effortBasis basis:{basis}",
        f"tv:effortHours {_decimal(topic.hours)}",
        "tv:evidence evidence:stated",
        *(f"skos:altLabel {_text(label)}" for _, label in topic.members),
    ]
    yield f"<topic/{topic.slug}> a tv:Topic ; {' ; '.join(facts)} ."
    for slug, _ in topic.members:
        yield f"<topic/{slug}> owl:deprecated true ; dcterms:isReplacedBy <topic/{topic.slug}> ."


def _reason(each: DraftPrerequisite) -> Iterator[str]:
    yield f"<topic/{each.topic}> tv:requires <topic/{each.prerequisite}> ."
    if each.reason or each.confidence:
        facts = [
            f"tv:from <topic/{each.topic}>",
            f"tv:to <topic/{each.prerequisite}>",
            f"tv:reason {_text(each.reason or 'Its source requires it, and gives a confidence.')}",
            "tv:evidence evidence:stated",
            "dcterms:source <source/imported>",
            *([f'tv:confidence "{each.confidence}"'] if each.confidence else []),
        ]
        yield f"<topic/{each.topic}#requires-{each.prerequisite}> a tv:Prerequisite ; {' ; '.join(facts)} ."


def _text(text: str) -> str:
    """The text as an English literal; the escapes of JSON are escapes of Turtle."""
    return f"{json.dumps(text, ensure_ascii=False)}@en"


def _decimal(hours: float) -> str:
    """Hours as a decimal with a point: ``2.0``, ``0.75``."""
    text = f"{Decimal(str(round(hours, 6))):f}"
    return text if "." in text else f"{text}.0"

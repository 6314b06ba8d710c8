"""What was written put in order: one slug for each name, each prerequisite once, cycles condensed, hours for all.

Whatever is changed, left out or guessed is told in the report.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from math import fsum, isfinite
from statistics import median
from typing import Final

from kg.errors import BadParameter, InvalidData
from kg.learning.condense import implied_prerequisites, knots
from kg.model.draft import (
    Draft,
    DraftPrerequisite,
    DraftTopic,
    ImportFinding,
    WrittenGraph,
    WrittenTopic,
)

USUAL_HOURS: Final = 1.0
"""Hours of a topic where the document gives none for any: plans then count topics."""
MOST_HOURS: Final = 100_000.0
SLUG_LENGTH: Final = 80
HASH_DIGITS: Final = 8
LABELS_SHOWN: Final = 12
"""Members of a knot whose labels make up its own."""
_SIGNS: Final = {"+": " plus ", "#": " sharp ", "&": " and ", "'": "", "’": ""}


def slug_of(name: str) -> str:
    """The slug of a name: lower case, hyphens between, the same for all that differ in case or punctuation alone.

    Letters that ASCII cannot show leave a mark of the whole name, so that names in any script stay apart.

    >>> slug_of("Bayes_rule"), slug_of("C++"), slug_of("Student's t-test"), slug_of("Ideal (ring theory)")
    ('bayes-rule', 'c-plus-plus', 'students-t-test', 'ideal-ring-theory')
    >>> slug_of("Gödel"), slug_of("微积分") != slug_of("代数")
    ('godel', True)
    """
    plain = unicodedata.normalize("NFKD", name).casefold()
    text = "".join(_SIGNS.get(c, c) for c in plain if not unicodedata.combining(c))
    slug = "-".join(re.findall("[a-z0-9]+", text))
    lost = any(c.isalnum() and not c.isascii() for c in text) or not slug
    if lost or len(slug) > SLUG_LENGTH:
        mark = sha256(unicodedata.normalize("NFC", name).casefold().encode()).hexdigest()[:HASH_DIGITS]
        slug = f"{slug[:SLUG_LENGTH].strip('-')}-{mark}".lstrip("-")
    return slug


def put_in_order(
    written: WrittenGraph, source: str, *, hours: float | None = None
) -> tuple[Draft, tuple[ImportFinding, ...], int, float]:
    """The draft, what was found, how many topics came without hours, and what those were given.

    ``hours`` are for topics without; else the median of the hours that are stated, and one hour where none are.
    Topics that require each other become one, which is named by its members and has their hours together.

    Raises:
        BadParameter: ``hours`` are no hours. InvalidData: there is no topic at all.
    """
    if hours is not None and not (isfinite(hours) and 0 < hours <= MOST_HOURS):
        raise BadParameter("hours", f"{hours}", f"a number of hours above 0, at most {MOST_HOURS:g}")
    work = _Work(list(written.findings))
    topics = work.topics(written)
    edges = work.edges(written, topics)
    if not topics:
        raise InvalidData(source, "holds no topics", "give at least one prerequisite")
    stated = {slug: value for slug, topic in topics.items() if (value := work.hours(slug, topic)) is not None}
    usual = hours or (round(median(stated.values()), 2) if stated else USUAL_HOURS) or USUAL_HOURS
    knot_of = work.knots(topics, edges)
    kept = work.condensed(edges, knot_of)
    drafts = [
        *(
            _topic(slug, topic, stated.get(slug), usual)
            for slug, topic in topics.items()
            if slug not in knot_of
        ),
        *(_knot(knot, topics, stated, usual) for knot in dict.fromkeys(knot_of.values())),
    ]
    work.implied([draft.slug for draft in drafts], kept)
    draft = Draft(
        tuple(sorted(drafts, key=lambda each: each.slug)),
        tuple(sorted(kept.values(), key=lambda each: (each.topic, each.prerequisite))),
    )
    findings = sorted(work.findings, key=lambda found: (found.kind, found.topics, found.place))
    return draft, tuple(findings), len(topics) - len(stated), usual


@dataclass(frozen=True, slots=True)
class _Knot:
    """Topics that require each other, by slug, and the slug of what they become."""

    slug: str
    members: tuple[str, ...]


Edges = dict[tuple[str, str], DraftPrerequisite]
"""Topic and prerequisite → the edge."""


@dataclass(slots=True)
class _Work:
    findings: list[ImportFinding] = field(default_factory=list)
    spellings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Slug → the names that have it → where they stand first."""
    slugs: dict[str, str] = field(default_factory=dict)
    """Name → its slug."""

    def tell(self, kind: str, message: str, topics: Iterable[str] = (), place: str = "") -> None:
        self.findings.append(ImportFinding(kind, message, tuple(topics), place))  # type: ignore[arg-type]

    def slug(self, name: str, place: str) -> str:
        """The slug of a name that is used at a place."""
        slug = self.slugs.get(name) or self.slugs.setdefault(name, slug_of(name))
        self.spellings.setdefault(slug, {}).setdefault(name, place)
        return slug

    def topics(self, written: WrittenGraph) -> dict[str, WrittenTopic]:
        """Slug → topic, the first of several; with the names that stand in pairs alone, unless all are declared."""
        found: dict[str, WrittenTopic] = {}
        declared = [*written.topics]
        if not written.closed:
            for pair in written.prerequisites:
                declared += [WrittenTopic(name, pair.place) for name in (pair.topic, pair.prerequisite)]
        for topic in declared:
            slug = self.slug(topic.name, topic.place)
            if slug not in found or (not found[slug].label and topic.label):
                found[slug] = topic
            elif written.closed:
                self.tell("repeated", "the topic stands twice; the first counts", (slug,), topic.place)
        return found

    def edges(self, written: WrittenGraph, topics: Mapping[str, WrittenTopic]) -> Edges:
        """Each prerequisite once, between topics, none to itself."""
        edges: Edges = {}
        known = {name: slug for name in _names(written) if (slug := slug_of(name)) in topics}
        for pair in written.prerequisites:
            unknown = [name for name in (pair.topic, pair.prerequisite) if name not in known]
            if unknown:
                message = f"there is no {' and no '.join(unknown)}; the prerequisite is left out"
                self.tell("unknown", message, (pair.topic, pair.prerequisite), pair.place)
                continue
            ends = (self.slug(pair.topic, pair.place), self.slug(pair.prerequisite, pair.place))
            if ends[0] == ends[1]:
                self.tell("self", "the topic would require itself; left out", ends[:1], pair.place)
            elif ends in edges:
                self.tell("repeated", "the prerequisite stands twice; the first counts", ends, pair.place)
            else:
                edges[ends] = DraftPrerequisite(*ends, pair.reason, pair.confidence)
        for slug, names in self.spellings.items():
            if len(names) > 1:
                message = f"taken as one topic: {', '.join(names)}"
                self.tell("spelling", message, (slug,), next(iter(names.values())))
        return edges

    def hours(self, slug: str, topic: WrittenTopic) -> float | None:
        """The hours that are written, where they can be."""
        if not topic.hours:
            return None
        try:
            hours = float(topic.hours)
        except ValueError:
            hours = 0.0
        if isfinite(hours) and 0 < hours <= MOST_HOURS:
            return hours
        message = f"its hours are {topic.hours[:40]!r}, no number above 0; it gets the usual ones"
        self.tell("hours", message, (slug,), topic.place)
        return None

    def knots(self, topics: Mapping[str, WrittenTopic], edges: Edges) -> dict[str, _Knot]:
        """Topic in a cycle → the knot that it becomes a part of."""
        taken = set(topics)
        found: dict[str, _Knot] = {}
        for members in knots(_requires(topics, edges)):
            name = " and ".join(members) if len(members) == 2 else f"{members[0]} and {len(members) - 1} more"
            slug = next(each for each in _free(slug_of(name)) if each not in taken)
            taken.add(slug)
            inner = sum(1 for one, other in edges if one in members and other in members)
            message = (
                f"{len(members)} topics require each other by {inner} prerequisites; they become one, {slug}"
            )
            self.tell("cycle", message, members)
            found |= dict.fromkeys(members, _Knot(slug, members))
        return found

    def condensed(self, edges: Edges, knot_of: Mapping[str, _Knot]) -> Edges:
        """The prerequisites between what is left."""
        kept: Edges = {}
        for (topic, needed), edge in edges.items():
            ends = tuple(knot_of[slug].slug if slug in knot_of else slug for slug in (topic, needed))
            if ends[0] != ends[1]:
                kept.setdefault(
                    (ends[0], ends[1]), DraftPrerequisite(ends[0], ends[1], edge.reason, edge.confidence)
                )
        return kept

    def implied(self, slugs: Iterable[str], edges: Edges) -> None:
        """Tell the prerequisites that others imply; they stay."""
        for ends in implied_prerequisites(_requires(slugs, edges)):
            self.tell("implied", "other prerequisites of the topic imply it; it stays", ends)


def _names(written: WrittenGraph) -> set[str]:
    """The names that stand in pairs."""
    return {name for pair in written.prerequisites for name in (pair.topic, pair.prerequisite)}


def _requires(slugs: Iterable[str], edges: Edges) -> dict[str, list[str]]:
    requires: dict[str, list[str]] = {slug: [] for slug in slugs}
    for topic, needed in edges:
        requires[topic].append(needed)
    return requires


def _free(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1


def _label(topic: WrittenTopic) -> str:
    """The label that is written, or the name with spaces where it has none."""
    return topic.label or (topic.name if " " in topic.name else topic.name.replace("_", " "))


def _topic(slug: str, topic: WrittenTopic, hours: float | None, usual: float) -> DraftTopic:
    return DraftTopic(
        slug,
        _label(topic),
        usual if hours is None else hours,
        hours is not None,
        topic.area,
        topic.definition,
    )


def _knot(
    knot: _Knot, topics: Mapping[str, WrittenTopic], stated: Mapping[str, float], usual: float
) -> DraftTopic:
    """The one topic that stands for all of a knot."""
    labels = [_label(topics[slug]) for slug in knot.members]
    shown = ", ".join(labels[:LABELS_SHOWN])
    more = f" and {len(labels) - LABELS_SHOWN} more" if len(labels) > LABELS_SHOWN else ""
    return DraftTopic(
        knot.slug,
        f"{shown}{more}",
        fsum(stated.get(slug, usual) for slug in knot.members),
        all(slug in stated for slug in knot.members),
        topics[knot.members[0]].area,
        "Topics that require each other, learnt together.",
        tuple(zip(knot.members, labels, strict=True)),
    )

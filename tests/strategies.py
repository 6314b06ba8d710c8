"""Hypothesis strategies that several test files share."""

from hypothesis import strategies as st

from kg.model.iri import DEFAULT_BASE, Iri
from kg.model.learning import Alternatives, Curriculum, PathStep, Topic

MAX_TOPICS = 12
"""Small enough to compare with brute force over all sets of topics."""


def topic(
    slug: str,
    requires: tuple[str, ...] = (),
    *,
    hours: float = 1.0,
    area: str = "",
    one_of: tuple[tuple[str, ...], ...] = (),
) -> Topic:
    """A topic as a test needs it: label and IRI follow from the slug."""
    return Topic(
        Iri(f"{DEFAULT_BASE}topic/{slug}"),
        slug,
        slug.replace("-", " ").capitalize(),
        hours,
        area,
        requires=requires,
        requires_one_of=tuple(map(Alternatives, one_of)),
    )


def step(position: int, slug: str, *, path: str = "path", why: str = "") -> PathStep:
    """A step of an authored path."""
    return PathStep(Iri(f"{DEFAULT_BASE}path/{path}"), f"The {path}", position, slug, slug.capitalize(), why)


@st.composite
def curricula(
    draw: st.DrawFn, *, least: int = 0, most: int = MAX_TOPICS, choices: bool = False
) -> Curriculum:
    """Acyclic curricula, topics in any order, some with steps of authored paths, and with choices if asked for.

    Edges go from later to earlier in a drawn order of the slugs, so every acyclic graph can come up and the
    order of study has nothing to do with the order of the slugs.
    """
    count = draw(st.integers(least, most))
    order = draw(st.permutations([f"t{number:02}" for number in range(count)]))
    topics = []
    for place, slug in enumerate(order):
        earlier = order[:place]
        needed = draw(st.sets(st.sampled_from(earlier), max_size=4)) if earlier else set()
        hours = draw(st.sampled_from([0.5, 1.0, 2.0, 3.0]))
        area = draw(st.sampled_from(["", "art", "logic"]))
        one_of = draw(st.lists(_options(earlier), max_size=2)) if choices and len(earlier) > 1 else []
        topics.append(topic(slug, tuple(sorted(needed)), hours=hours, area=area, one_of=tuple(one_of)))
    chosen = draw(st.lists(st.sampled_from(order), max_size=3, unique=True)) if order else []
    steps = tuple(step(position, slug) for position, slug in enumerate(chosen, start=1))
    return Curriculum(tuple(draw(st.permutations(topics))), steps)


def _options(earlier: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.sets(st.sampled_from(earlier), min_size=2, max_size=3).map(lambda found: tuple(sorted(found)))


@st.composite
def curricula_with_known(draw: st.DrawFn, *, choices: bool = False) -> tuple[Curriculum, frozenset[str]]:
    """A curriculum with at least one topic, and some of its slugs."""
    curriculum = draw(curricula(least=1, choices=choices))
    slugs = [topic.slug for topic in curriculum.topics]
    return curriculum, draw(st.frozensets(st.sampled_from(slugs)))


@st.composite
def curricula_with_goals(
    draw: st.DrawFn, *, choices: bool = False
) -> tuple[Curriculum, frozenset[str], frozenset[str]]:
    """A curriculum, one goal or several, and what is known, which may hold goals."""
    curriculum, known = draw(curricula_with_known(choices=choices))
    slugs = [topic.slug for topic in curriculum.topics]
    return curriculum, draw(st.frozensets(st.sampled_from(slugs), min_size=1, max_size=4)), known


@st.composite
def relations(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """Any relation between few topics, cycles and loops included."""
    slugs = [f"t{number}" for number in range(draw(st.integers(1, 7)))]
    return {slug: tuple(sorted(draw(st.sets(st.sampled_from(slugs), max_size=3)))) for slug in slugs}

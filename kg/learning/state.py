"""What a learner knows: the topics given, and those that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass

from kg.errors import BadParameter
from kg.learning.closure import closure
from kg.learning.graph import PrerequisiteGraph


@dataclass(frozen=True, slots=True)
class KnowledgeState:
    """Topics that count as known, by number."""

    given: frozenset[int]
    known: frozenset[int]

    @property
    def implied(self) -> frozenset[int]:
        """Topics that count as known though nobody named them."""
        return self.known - self.given


def read_state(graph: PrerequisiteGraph, know: Iterable[str], *, assume: str = "closed") -> KnowledgeState:
    """The state of a learner who names these topics.

    ``closed``: whoever knows a topic knows what it requires, so the state holds the prerequisites of all its
    members. ``exact``: the named topics and no others.

    Raises:
        BadParameter: ``assume`` is neither of them.
        NotFound: ``know`` names something that is no topic.
    """
    if assume not in ("closed", "exact"):
        raise BadParameter(
            "assume", assume, "'closed' (knowing a topic implies its prerequisites) or 'exact'"
        )
    given = frozenset(map(graph.find, know))
    return state_of(graph, given) if assume == "closed" else KnowledgeState(given, given)


def state_of(graph: PrerequisiteGraph, given: Iterable[int]) -> KnowledgeState:
    """The state of a learner who knows these topics and therefore all that they require."""
    given = frozenset(given)
    return KnowledgeState(given, closure(graph.requires, given))

"""Learners without accounts: their state in a request, in a file, or kept under a token."""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter, BadSyntax, NotFound
from kg.model.learner import LearnerState, LearntTopic, check_text
from kg.services.engines import Engines
from kg.services.learner_store import LearnerStore, StoredLearner
from kg.services.learning import topic_slug
from kg.services.whole_file import write_whole

if TYPE_CHECKING:
    from kg.learning.learner import Learner
    from kg.model.advice import NextAdvice

KEPT_LEARNERS: Final = 256
"""Learners whose ready topics are kept up to date in memory."""
MOST_BYTES: Final = 5_000_000
IMPLIED: Final = "implied by a topic that was taken back"


def change_state(
    engines: Engines,
    state: LearnerState,
    *,
    learned: Iterable[str] = (),
    forgotten: Iterable[str] = (),
    on: date | None = None,
    evidence: str = "",
) -> LearnerState:
    """The state after topics were learnt and others taken back; topics by slug, CURIE or IRI.

    Whoever does not know a topic does not know what builds on it: that is taken back as well. What was known only
    through it stays known by itself.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given.
        BadParameter: a topic is learnt and taken back at once, or the evidence is no line of text.
    """
    from kg.learning.learner import Learner

    check_text("evidence", evidence)
    more = {topic_slug(engines, each) for each in learned}
    less = {topic_slug(engines, each) for each in forgotten}
    both = min(more & less, default="")
    if both:
        raise BadParameter("forgotten", both, "topics that are not learned at the same time")
    graph = engines.prerequisite_graph
    kept = LearnerState.of([*state.topics, *(LearntTopic(slug, on, evidence) for slug in more)])
    if not less:
        return kept
    learner = Learner(graph, map(graph.find, known_topics(engines, kept)))
    for slug in sorted(less):
        learner.forget(graph.find(slug))
    records = {each.topic: each for each in kept.topics}
    given = graph.slugs(learner.state().given)
    unknown = [each for each in kept.topics if graph.number(each.topic) is None]
    return LearnerState.of(
        [*unknown, *(records.get(slug) or LearntTopic(slug, on, IMPLIED) for slug in given)]
    )


def resolve_state(engines: Engines, state: LearnerState) -> LearnerState:
    """The state with each topic by its slug in the dataset.

    Raises:
        NotFound: a topic that the dataset lacks; near ones are given.
    """
    return LearnerState.of(replace(each, topic=topic_slug(engines, each.topic)) for each in state.topics)


def known_topics(engines: Engines, state: LearnerState) -> tuple[str, ...]:
    """Topics of a kept state that the dataset has."""
    return tuple(slug for slug in state.slugs if engines.prerequisite_graph.number(slug) is not None)


def unknown_topics(engines: Engines, state: LearnerState) -> tuple[str, ...]:
    """Topics of a kept state that the dataset does not have, or no longer."""
    return tuple(slug for slug in state.slugs if engines.prerequisite_graph.number(slug) is None)


def read_learner(path: str | Path) -> LearnerState:
    """The state in a JSON file.

    Raises:
        NotFound: there is no such file. BadSyntax: it is no JSON; names line and column.
        BadParameter, TooLarge: it is no learner state.
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound("file", str(path))
    if file.stat().st_size > MOST_BYTES:
        raise BadParameter("learner", str(path), f"a file of at most {MOST_BYTES} bytes")
    try:
        document = json.loads(file.read_text("utf-8"))
    except json.JSONDecodeError as error:
        raise BadSyntax(f"learner file {path}", error.msg, error.lineno, error.colno) from error
    except (ValueError, RecursionError) as error:  # Bytes that are no UTF-8, or thousands of digits.
        raise BadSyntax(f"learner file {path}", "it is no JSON in UTF-8") from error
    return LearnerState.read(document)


def write_learner(path: str | Path, state: LearnerState) -> None:
    """The state stands in the file, written whole or not at all; its owner alone may read it.

    Raises:
        BadParameter: the file cannot be written.
    """
    text = json.dumps(state.document(), ensure_ascii=False, indent=2) + "\n"
    try:
        write_whole(Path(path), text)
    except OSError as error:
        raise BadParameter("learner", str(path), f"a file that can be written: {error.strerror}") from error


def keep_learners(engines: Engines, folder: str | Path) -> "Learners":
    """Learners over a dataset, kept in a folder that is made where it is not there.

    Raises:
        BadParameter: it cannot be written.
    """
    return Learners(engines, LearnerStore(folder))


class Learners:
    """Learners whose state a service keeps, over one dataset."""

    def __init__(self, engines: Engines, store: LearnerStore) -> None:
        self._engines = engines
        self._store = store
        self._lock = Lock()
        self._kept: OrderedDict[bytes, tuple[int, Learner, tuple[str, ...]]] = OrderedDict()

    def close(self) -> None:
        """The file of the store is closed; the next use opens it again."""
        self._store.close()

    def create(self, state: LearnerState) -> tuple[str, StoredLearner]:
        """A token for a new learner with this state, and what is kept.

        Raises:
            NotFound: a topic that the dataset lacks. Unavailable: there is no room.
        """
        token = self._store.create(resolve_state(self._engines, state))
        return token, self._store.read(token)

    def read(self, token: str) -> StoredLearner:
        """What is kept under the token.

        Raises:
            NotFound: nothing is.
        """
        return self._store.read(token)

    def known(self, token: str) -> tuple[str, ...]:
        """The topics kept under the token that the dataset has.

        Raises:
            NotFound: nothing is kept.
        """
        return known_topics(self._engines, self._store.read(token).state)

    def replace(self, token: str, state: LearnerState) -> StoredLearner:
        """The state in place of the one before.

        Raises:
            NotFound: a topic that the dataset lacks, or nothing is kept under the token.
        """
        return self._store.replace(token, resolve_state(self._engines, state))

    def change(
        self, token: str, *, learned: Sequence[str], forgotten: Sequence[str], on: date | None, evidence: str
    ) -> StoredLearner:
        """Topics learnt and taken back, as :func:`change_state`; what others changed meanwhile stays.

        Raises:
            NotFound: a topic that the dataset lacks, or nothing is kept under the token.
        """
        more = [topic_slug(self._engines, each) for each in learned]
        stored: StoredLearner | None = None
        while stored is None:  # Each time round another writer, perhaps of another process, was done first.
            before = self._store.read(token)
            changed = change_state(
                self._engines, before.state, learned=more, forgotten=forgotten, on=on, evidence=evidence
            )
            stored = self._store.replace_revision(token, before.revision, changed)
        with self._lock:
            self._follow(stored, more, rebuilt=bool(forgotten))
        return stored

    def _follow(self, stored: StoredLearner, learned: Iterable[str], *, rebuilt: bool) -> None:
        """The kept learner learns what the stored one did; where topics were taken back, it is dropped."""
        revision, learner, unknown = self._kept.get(stored.key, (0, None, ()))
        if learner is None or revision >= stored.revision:
            return
        del self._kept[stored.key]
        if (
            rebuilt
            or revision + 1 != stored.revision
            or learner.graph is not self._engines.prerequisite_graph
        ):
            return
        for slug in learned:
            learner.learn(learner.graph.find(slug))
        self._kept[stored.key] = (stored.revision, learner, unknown)

    def delete(self, token: str) -> None:
        """Nothing is kept under the token any more.

        Raises:
            NotFound: nothing was.
        """
        key, _ = self._store.revision(token)
        self._store.delete(token)
        with self._lock:
            self._kept.pop(key, None)

    def next_topics(self, token: str, *, goal: str = "", limit: int = 5) -> "NextAdvice":
        """What to learn next; for a learner who asked before, nothing is looked for again.

        Raises:
            NotFound: nothing is kept under the token, or ``goal`` is no topic. BadParameter: ``limit`` is off.
        """
        from kg.learning.rank import next_for

        goal = topic_slug(self._engines, goal) if goal else ""
        key, revision = self._store.revision(token)
        with self._lock:
            learner, unknown = self._learner(token, key, revision)
            advice = next_for(learner, goal=goal, limit=limit)
        if not unknown:
            return advice
        left_out = f"Not topics of this dataset, and left out: {', '.join(unknown[:10])}."
        return replace(advice, note=f"{advice.note} {left_out}".strip())

    def _learner(self, token: str, key: bytes, revision: int) -> "tuple[Learner, tuple[str, ...]]":
        """The learner kept up to date: brought to the state that is stored where that has changed."""
        from kg.learning.learner import Learner

        graph = self._engines.prerequisite_graph
        kept = self._kept.get(key)
        if kept and kept[0] == revision and kept[1].graph is graph:
            self._kept.move_to_end(key)
            return kept[1], kept[2]
        stored = self._store.read(token)
        unknown = unknown_topics(self._engines, stored.state)
        learner = Learner(graph, map(graph.find, known_topics(self._engines, stored.state)))
        self._kept[key] = (stored.revision, learner, unknown)
        while len(self._kept) > KEPT_LEARNERS:
            self._kept.popitem(last=False)
        return learner, unknown

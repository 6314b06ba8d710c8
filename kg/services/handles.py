"""What Python users hold: an exercise, a topic, the learning advice."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.services import learning, plans
from kg.services.engines import Engines

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kg.learning.value import Value
    from kg.model.advice import NextAdvice, TopicRelations
    from kg.model.diagnosis import Diagnosis
    from kg.model.exercise import CheckedAnswer, Exercise, Hint
    from kg.model.learner import LearnerState
    from kg.model.learning import Topic
    from kg.model.plan import CriticalPath, Explanation, Plan


class ExerciseHandle:
    """An exercise of the graph, whose answers can be checked where they are expressions."""

    def __init__(self, engines: Engines, reference: str) -> None:
        from kg.services import exercises

        self.record: Exercise = exercises.read_exercise(engines, reference)
        self._engines = engines

    def check(self, answer: str | float) -> "CheckedAnswer":
        """The verdict on an answer: a number, or an expression in the symbols of what is given.

        Raises:
            NotCheckable: the answers are words. BadSyntax, TooLarge, UnknownSymbol: it cannot be read.
        """
        from kg.services import exercises

        return exercises.check_answer(self._engines, self.record.iri, str(answer))

    def hints(self) -> tuple["Hint", ...]:
        """Steps towards an answer, the broadest first; the last one leaves no more than the arithmetic.

        >>> from kg import open_knowledge
        >>> hints = open_knowledge().exercise("mathematical").hints()
        >>> len(hints), hints[-1].relation
        (6, 'k_train = 10**(0.3/0.5)')
        """
        from kg.services import hints

        return hints.exercise_hints(self._engines, self.record.iri)

    def __repr__(self) -> str:
        return f"<exercise {self.record.slug}: {self.record.label}>"


class TopicHandle:
    """A topic of the graph, among its prerequisites and what it unlocks."""

    def __init__(self, engines: Engines, slug: str) -> None:
        graph = engines.prerequisite_graph
        self.record: Topic = graph.topics[graph.find(slug)]
        self._engines = engines

    def prerequisites(self, *, transitive: bool = False) -> "TopicRelations":
        """What must be learnt before it, nearest first; itself excluded."""
        return learning.prerequisites(self._engines, self.record.slug, transitive=transitive)

    def unlocks(self, *, transitive: bool = False) -> "TopicRelations":
        """What builds on it, nearest first; itself excluded."""
        return learning.unlocks(self._engines, self.record.slug, transitive=transitive)

    def __repr__(self) -> str:
        return f"<topic {self.record.slug}: {self.record.label}, {self.record.hours:g} h>"


class LearningHandle:
    """The learning advice of a dataset."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def next(
        self, know: Iterable[str] = (), goal: str = "", *, limit: int = 5, assume: str = "closed"
    ) -> "NextAdvice":
        """The topics that are ready to learn, ranked, each with its reasons.

        Raises:
            NotFound: a topic that the dataset lacks. BadParameter: ``limit`` or ``assume`` is off.
        """
        return learning.next_topics(self._engines, know, goal=goal, limit=limit, assume=assume)

    def plan(
        self,
        goals: Iterable[str],
        know: Iterable[str] = (),
        *,
        order: str = "recall",
        hours_per_week: float | None = None,
        start: "date | None" = None,
        budget_hours: float | None = None,
        value: "Value" = "goals",
        price: float | None = None,
    ) -> "Plan":
        """All that goals still require, each topic once, in an order of study, each step with its reasons.

        With a budget of hours, or a price of an hour, it is the part of the best value: ``goals`` reached and
        hours towards them, ``topics`` learnt, what they ``unlocks``, or a mapping of what each goal is worth.

        Raises:
            NotFound: a topic that the dataset lacks. BadParameter: no goal, or an option is off.
        """
        return plans.plan(
            self._engines,
            goals,
            know,
            order=order,
            hours_per_week=hours_per_week,
            start=start,
            budget_hours=budget_hours,
            value=value,
            price=price,
        )

    def explain(
        self,
        step: str,
        goals: Iterable[str],
        know: Iterable[str] = (),
        *,
        budget_hours: float | None = None,
        value: "Value" = "goals",
        price: float | None = None,
    ) -> "Explanation":
        """Why a topic is a step of the plan to goals, by the shortest chain to each of them; or why it is none.

        Raises:
            NotFound: a topic that the dataset lacks. BadParameter: no goal, or an option is off.
        """
        return plans.explain(
            self._engines, step, goals, know, budget_hours=budget_hours, value=value, price=price
        )

    def critical_path(self, goals: Iterable[str] = (), know: Iterable[str] = ()) -> "CriticalPath":
        """The chain of prerequisites with the most hours, to goals or among all topics.

        Raises:
            NotFound: a topic that the dataset lacks.
        """
        return plans.critical_path(self._engines, goals, know)

    def diagnose(self) -> "Diagnosis":
        """What is off in the prerequisites: cycles, gaps, edges that others imply, odd hours."""
        return learning.diagnose(self._engines)

    def export(self, form: str = "csv") -> str:
        """All topics and what they require as a document: csv (an edge list), graphml or turtle.

        Raises:
            BadParameter: no such format, or it cannot say that a topic has alternatives.
        """
        from kg.services import exports

        return exports.write_graph(self._engines, form)

    def learner(self, path: "str | Path") -> "LearnerState":
        """What a learner's file says, each topic by its slug in the dataset.

        Raises:
            NotFound: there is no such file, or a topic that the dataset lacks. BadInput: it is no learner's file.
        """
        from kg.services import learners

        return learners.resolve_state(self._engines, learners.read_learner(path))

    @staticmethod
    def write(plan: "Plan", form: str = "markdown") -> str:
        """The plan as a document: markdown, ical, mermaid, jsonld, svg, csv, turtle or graphml.

        Raises:
            BadParameter: no such format, or a calendar of a plan without a start.
        """
        return plans.write_plan(plan, form)

"""What Python users hold: a formula, a topic, the learning advice."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, overload

from kg.errors import BadParameter
from kg.model.iri import Iri
from kg.services import batches, formulas, learning, plans
from kg.services.engines import Engines

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kg.learning.value import Value
    from kg.model.advice import NextAdvice, TopicRelations
    from kg.model.answer import Evaluation, Solution
    from kg.model.batch import Batch, RootBatch, Sweep
    from kg.model.diagnosis import Diagnosis
    from kg.model.exercise import CheckedAnswer, Exercise, Hint
    from kg.model.formula import Formula
    from kg.model.learner import LearnerState
    from kg.model.learning import Topic
    from kg.model.plan import CriticalPath, Explanation, Plan

Plain = str | float | Sequence[str | float]
"""A value, or a series of them."""


class FormulaHandle:
    """A formula of the graph, ready to be evaluated and solved.

    A symbol that Python or these methods reserve (``lambda``, ``subject``, ``fit``, ``unit``) is given in a
    mapping: ``evaluate({"lambda": 3, "fit": 2}, N=5)``.
    """

    def __init__(self, engines: Engines, iri: Iri) -> None:
        self.iri = iri
        self.record: Formula = engines.record(iri)
        self._engines = engines

    @property
    def sympy(self) -> Any:
        """The relation as a sympy equation, for algebra of one's own; symbols carry what their domains say.

        >>> from kg import open_knowledge
        >>> open_knowledge().formula("training-compute-6nd").sympy
        Eq(C, D*N*k)
        """
        from kg.formula.parse import parse_relation

        return parse_relation(
            self.record.expression, {variable.symbol: variable.domain for variable in self.record.variables}
        )

    @overload
    def evaluate(
        self,
        values: "Mapping[str, Plain] | None" = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        **givens: "Plain",
    ) -> "Evaluation": ...

    @overload
    def evaluate(
        self,
        values: Mapping[str, object] | None = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        **givens: object,
    ) -> "Evaluation | Batch": ...

    def evaluate(
        self,
        values: Mapping[str, object] | None = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        **givens: object,
    ) -> "Evaluation | Batch":
        """The output for values by symbol, or in a mapping also by quantity slug; for arrays, at each point.

        Arrays are those of NumPy and what converts to them; with one among the values the answer is a
        :class:`kg.model.batch.Batch`. ``undefined="mask"`` masks points without a value instead of refusing them.

        Raises:
            NotFound: no such subject or fit. Otherwise as :func:`kg.formula.evaluate.evaluate`, and for arrays as
                :func:`kg.formula.batch.evaluate_many`.
        """
        every = {**(values or {}), **givens} if values else givens
        options = {"subject": subject or "", "fit": fit or "", "unit": unit or ""}
        if batches.holds_array(every):
            return batches.evaluate_batch(
                self._engines, self.iri, every, undefined=undefined, **options, limits=None
            )
        if undefined != "refuse":
            raise BadParameter("undefined", undefined[:40], "refuse: one value is never masked")
        return formulas.evaluate_formula(self._engines, self.iri, every, **options)

    def sweep(
        self,
        values: Mapping[str, object] | None = None,
        /,
        *,
        points: int = 0,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        **givens: object,
    ) -> "Sweep":
        """The output over one or two axes, written ``low..high:points:log`` or given as arrays.

        >>> from kg import open_knowledge
        >>> found = open_knowledge().formula("training-compute-6nd").sweep(N="1B..3B:3", D="1T")
        >>> found.axes[0].values.tolist(), found.batch.value.tolist(), found.batch.unit
        ([1000000000.0, 2000000000.0, 3000000000.0], [6e+21, 1.2e+22, 1.8e+22], 'FLOP')

        Raises:
            NotFound: no such subject or fit. Otherwise as :func:`kg.formula.sweep.sweep`.
        """
        return batches.sweep_formula(
            self._engines,
            self.iri,
            {**(values or {}), **givens},
            points=points,
            subject=subject or "",
            fit=fit or "",
            unit=unit or "",
            undefined=undefined,
        )

    @overload
    def solve(
        self,
        symbol: str,
        values: "Mapping[str, Plain] | None" = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        which: str = "only",
        **givens: "Plain",
    ) -> "Solution": ...

    @overload
    def solve(
        self,
        symbol: str,
        values: Mapping[str, object] | None = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        which: str = "only",
        **givens: object,
    ) -> "Solution | RootBatch": ...

    def solve(
        self,
        symbol: str,
        values: Mapping[str, object] | None = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        undefined: str = "refuse",
        which: str = "only",
        **givens: object,
    ) -> "Solution | RootBatch":
        """The formula solved for one symbol, with its roots for the given values; for arrays, one at each point.

        With an array among the values the answer is a :class:`kg.model.batch.RootBatch`; ``which`` chooses where a
        point has several roots, ``undefined="mask"`` masks points without one.

        Raises:
            NotFound: no such subject or fit. Otherwise as :func:`kg.formula.solve.solve_for`, and for arrays as
                :func:`kg.formula.solve_batch.solve_many`.
        """
        every = {**(values or {}), **givens}
        options = {"subject": subject or "", "fit": fit or "", "unit": unit or ""}
        if batches.holds_array(every):
            return batches.solve_batch(
                self._engines, self.iri, symbol, every, undefined=undefined, which=which, **options
            )
        if undefined != "refuse" or which != "only":
            raise BadParameter("values", "one for each symbol", "an array, for roots to be masked or chosen")
        return formulas.solve_formula(self._engines, self.iri, symbol, every, **options)

    def __repr__(self) -> str:
        return f"<formula {self.record.slug}: {self.record.expression}>"

    def _repr_latex_(self) -> str:
        text = formulas.render_formula(self._engines, self.iri, "tex").strip()
        return f"$\\displaystyle {text}$"

    def _repr_html_(self) -> str:
        record = self.record
        rows = "".join(
            f"<tr><td>{escape(variable.symbol)}</td><td>{escape(variable.label)}</td>"
            f"<td>{escape(variable.unit.symbol)}</td><td>{variable.role}</td></tr>"
            for variable in record.variables
        )
        head = "<tr><th>symbol</th><th>meaning</th><th>unit</th><th>role</th></tr>"
        title = f"<b>{escape(record.label)}</b> <code>{escape(record.expression)}</code>"
        return f"<p>{title}</p><table><thead>{head}</thead><tbody>{rows}</tbody></table>"


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

"""What Python users hold of a formula: evaluated, solved, swept, and drawn."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any, overload

from kg.errors import BadParameter
from kg.model.iri import Iri
from kg.services import batches, formulas
from kg.services.engines import Engines
from kg.services.plot_handle import Plottable

if TYPE_CHECKING:
    from kg.model.answer import Evaluation, Solution
    from kg.model.batch import Batch, RootBatch, Sweep
    from kg.model.formula import Formula
    from kg.model.sensitivity import Sensitivity

Plain = str | float | Sequence[str | float]
"""A value, or a series of them."""


class FormulaHandle(Plottable):
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
        uncertainty: str | None = None,
        samples: int | None = None,
        seed: int | None = None,
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
        uncertainty: str | None = None,
        samples: int | None = None,
        seed: int | None = None,
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
        uncertainty: str | None = None,
        samples: int | None = None,
        seed: int | None = None,
        **givens: object,
    ) -> "Evaluation | Batch":
        """The output for values by symbol, or in a mapping also by quantity slug; for arrays, at each point.

        Arrays are those of NumPy and what converts to them; with one among the values the answer is a
        :class:`kg.model.batch.Batch`. ``undefined="mask"`` masks points without a value instead of refusing them.

        With ``uncertainty`` (``linear``, ``interval`` or ``monte-carlo``) it says how sure it is, and values may carry
        spreads, as ``"70B ± 5B"`` or ``["60B", "80B"]``; ``samples`` and ``seed`` are those of Monte Carlo.

        Raises:
            NotFound: no such subject or fit. Otherwise as :func:`kg.formula.evaluate.evaluate`, for arrays as
                :func:`kg.formula.batch.evaluate_many`, with ``uncertainty`` as
                :func:`kg.formula.uncertainty.evaluate_unsure`.
        """
        every = {**(values or {}), **givens} if values else givens
        if uncertainty is not None or samples is not None or seed is not None:
            return self._unsure(
                every, subject, fit, unit, uncertainty=uncertainty, samples=samples, seed=seed
            )
        subject, fit, unit = subject or "", fit or "", unit or ""
        if batches.holds_array(every):
            return batches.evaluate_batch(
                self._engines, self.iri, every, subject=subject, fit=fit, unit=unit, undefined=undefined
            )
        if undefined != "refuse":
            raise BadParameter("undefined", undefined[:40], "refuse: one value is never masked")
        return formulas.evaluate_formula(self._engines, self.iri, every, subject=subject, fit=fit, unit=unit)

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

    def _unsure(
        self,
        givens: Mapping[str, object],
        subject: str | None,
        fit: str | None,
        unit: str | None,
        *,
        uncertainty: str | None,
        samples: int | None,
        seed: int | None,
    ) -> "Evaluation":
        from kg.services.uncertainty import evaluate_as_asked

        if batches.holds_array(givens):
            raise BadParameter(
                "uncertainty", (uncertainty or "")[:40], "single values; ask for arrays without"
            )
        return evaluate_as_asked(
            self._engines,
            self.iri,
            givens,
            subject=subject or "",
            fit=fit or "",
            unit=unit or "",
            uncertainty=uncertainty or "",
            samples=samples,
            seed=seed,
        )

    def sensitivity(
        self,
        values: Mapping[str, object] | None = None,
        /,
        *,
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        **givens: object,
    ) -> "Sensitivity":
        """How the output moves with each input: partials, elasticities and swings, the widest swing first.

        >>> from kg import open_knowledge
        >>> found = open_knowledge().formula("training-compute-6nd").sensitivity(N="70B ± 5B", D="1.4T")
        >>> [(row.symbol, round(row.elasticity, 12), row.basis) for row in found.inputs]
        [('D', 1.0, '±10 %, assumed'), ('k', 1.0, '±10 %, assumed'), ('N', 1.0, 'standard deviation given')]

        Raises:
            NotFound: no such subject or fit. Otherwise as :func:`kg.formula.sensitivity.sensitivity`.
        """
        from kg.services.uncertainty import formula_sensitivity

        return formula_sensitivity(
            self._engines,
            self.iri,
            {**(values or {}), **givens},
            subject=subject or "",
            fit=fit or "",
            unit=unit or "",
        )

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

"""A derived value as Python users hold it: the number, its steps, and the documents that they can be written as."""

from html import escape
from typing import TYPE_CHECKING

from kg.model.iri import Iri
from kg.services import derivations
from kg.services.engines import Engines

if TYPE_CHECKING:
    from kg.model.derivation import (
        AlternativeWay,
        ConsistencyCheck,
        Derivation,
        DerivationStep,
        DerivedInput,
    )
    from kg.model.evidence import Source


class DerivationHandle:
    """The value of a quantity with the way to it; ``record`` is the whole of it."""

    def __init__(self, engines: Engines, record: "Derivation") -> None:
        self.record = record
        self._engines = engines

    @property
    def target(self) -> Iri:
        """The quantity."""
        return self.record.target

    @property
    def label(self) -> str:
        """The quantity in words."""
        return self.record.label

    @property
    def value(self) -> float:
        """The number, in ``unit``."""
        return self.record.value

    @property
    def unit(self) -> str:
        """Symbol of the unit."""
        return self.record.unit

    @property
    def steps(self) -> tuple["DerivationStep", ...]:
        """The formulas in their order, each with its numbers, unit, conditions and sources."""
        return self.record.steps

    @property
    def inputs(self) -> tuple["DerivedInput", ...]:
        """All values that came from outside, each with its origin."""
        return self.record.inputs

    @property
    def checks(self) -> tuple["ConsistencyCheck", ...]:
        """Formulas that were not needed, and whether they agree."""
        return self.record.checks

    @property
    def alternatives(self) -> tuple["AlternativeWay", ...]:
        """Other ways to the quantity, as many as were asked for."""
        return self.record.alternatives

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to mind: ranges left, values that disagree, defaults that were taken."""
        return self.record.warnings

    @property
    def sources(self) -> tuple["Source", ...]:
        """What all of it rests on."""
        return self.record.sources

    def to_markdown(self) -> str:
        """The derivation as Markdown."""
        return self._written("markdown")

    def to_python(self) -> str:
        """A script that computes the value again, with the standard library alone."""
        return self._written("python")

    def to_turtle(self) -> str:
        """The derivation in PROV-O, as Turtle."""
        return self._written("turtle")

    def _written(self, form: str) -> str:
        return derivations.write_derivation(self._engines, self.record, form).decode()

    def __repr__(self) -> str:
        unit = "" if self.unit in ("", "1") else f" {self.unit}"
        steps = "1 step" if len(self.steps) == 1 else f"{len(self.steps)} steps"
        return f"<derivation {self.label} = {self.value:g}{unit}, {steps}>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{step.number}</td><td>{escape(step.quantity_label or step.symbol)}</td>"
            f"<td>{step.value:g} {escape(step.unit)}</td><td><code>{escape(step.solved or step.expression)}</code></td>"
            f"<td>{escape(step.label)}</td></tr>"
            for step in self.steps
        )
        unit = "" if self.unit in ("", "1") else f" {escape(self.unit)}"
        warnings = "".join(f"<p>{escape(warning)}</p>" for warning in self.warnings)
        head = f"<p><b>{escape(self.label)}</b> = {self.value:g}{unit}</p>"
        return f"{head}<table>{rows}</table>{warnings}"

    def _repr_latex_(self) -> str:
        lines = " \\\\ ".join(map(derivations.step_latex, self.steps))
        return f"$\\displaystyle \\begin{{aligned}}{lines}\\end{{aligned}}$"

"""What is asked of a plot, its formula compiled."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter, TooLarge
from kg.services.engines import Engines
from kg.services.formulas import Givens
from kg.services.plot_choice import choose
from kg.services.plot_curves import Course

if TYPE_CHECKING:
    from kg.formula.compile import CompiledFormula
    from kg.formula.stretch import Stretch
    from kg.model.answer import Observed
    from kg.model.formula import Variable

FEWEST_POINTS: Final = 2
MOST_POINTS: Final = 2_000
MOST_POINTS_OF_BAND: Final = 400
"""Each takes some 4 ms where uncertainty is drawn or enclosed."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, its formula compiled."""

    engines: Engines
    compiled: "CompiledFormula"
    givens: Givens
    x: str
    points: int
    observed: Sequence["Observed"]
    notes: tuple[str, ...]
    fit: str
    unit: str
    band: str

    def choose(self) -> tuple["Variable", "Stretch | None", dict[str, object]]:
        """As :func:`kg.services.plot_choice.choose`."""
        return choose(self.compiled, self.engines.units, self.givens, x=self.x, fit=self.fit)

    def course(self) -> Course:
        """The formula along its variable.

        Raises:
            BadParameter: nothing says how far the variable is to run.
        """
        variable, stretch, others = self.choose()
        if stretch is None:
            raise no_range(variable)
        return self.along(variable, stretch, others)

    def along(self, variable: "Variable", stretch: "Stretch", others: Givens) -> Course:
        """The formula along a variable.

        Raises:
            TooLarge, BadParameter: so many points as the stretch says are too many, or too few.
        """
        check_points(stretch.count or self.points, self.band)
        return Course(
            self.compiled,
            self.engines.units,
            variable,
            stretch,
            others,
            self.observed,
            self.unit,
            self.points,
            self.band,
        )


def check_points(points: int, band: str) -> None:
    """Returns where a curve may have that many points.

    Raises:
        TooLarge: it may not. BadParameter: it needs more.
    """
    most = MOST_POINTS_OF_BAND if band else MOST_POINTS
    if points > most:
        raise TooLarge(f"the number of points{' of a curve with a band' if band else ''}", points, most)
    if points < FEWEST_POINTS:
        raise BadParameter("points", str(points), f"a whole number from {FEWEST_POINTS} to {MOST_POINTS}")


def no_range(variable: "Variable") -> BadParameter:
    """The refusal where nothing says how far a variable is to run."""
    return BadParameter(variable.symbol, "", f"a range to plot over, as {variable.symbol}=1..10")

"""The things that the graph knows both quantities of, as spots of a plot."""

from typing import TYPE_CHECKING

from kg.errors import BadParameter, InvalidData
from kg.model.plot import Spot
from kg.services.engines import Engines
from kg.services.plot_question import Question

if TYPE_CHECKING:
    from kg.model.answer import Observed
    from kg.model.formula import Variable
    from kg.model.quantity import Unit


def pair_of(question: Question, variable: "Variable") -> str:
    """The slugs of the quantities of a variable and of the output."""
    output = question.compiled.output
    quantities = (variable.quantity, output.quantity if output else None)
    return " and ".join(quantity.slug for quantity in quantities if quantity is not None)


def spots_of(question: Question, variable: "Variable") -> tuple[Spot, ...]:
    """The things of which the quantities of a variable and of the output are known, by IRI; of each the best figure.

    Raises:
        BadParameter: one of the two is bound to no quantity, or both to the same.
    """
    engines, output = question.engines, question.compiled.output
    across, up = variable.quantity, output.quantity if output else None
    if output is None or across is None or up is None or across == up:
        raise BadParameter(
            "kind", "observed", "another kind: input and output are not two observable quantities"
        )
    from kg.catalog.subjects import subjects_with

    things = engines.once(
        ("things", f"{across.iri} {up.iri}"), lambda: subjects_with(engines.store, (across.iri, up.iri))
    )
    units = engines.units
    wanted = units.named(question.unit, like=output.unit) if question.unit else output.unit
    found = []
    for thing in things:
        best = {one.quantity: one for one in reversed(thing.observed)}
        if across.iri in best and up.iri in best:
            left, right = best[across.iri], best[up.iri]
            x, y = (_in_unit(engines, one, unit) for one, unit in ((left, variable.unit), (right, wanted)))
            sources = dict.fromkeys(source.label for one in (left, right) for source in one.sources)
            methods = dict.fromkeys(one.method for one in (left, right) if one.method)
            found.append(Spot(thing.iri, thing.label, x, y, ", ".join(methods), "; ".join(sources)))
    return tuple(found)


def _in_unit(engines: Engines, observed: "Observed", unit: "Unit") -> float:
    own = engines.units.get(observed.unit)
    if own is None:
        raise InvalidData(observed.observation, f"its unit {observed.unit} is not in the dataset")
    return engines.units.convert(observed.value, own, unit)

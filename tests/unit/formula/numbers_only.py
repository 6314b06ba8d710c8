"""Solving one text for its unknown by number, for the tests of the search."""

from kg.formula.closed import relation_form
from kg.formula.grammar import read
from kg.formula.numeric import numeric_roots
from kg.formula.roots import Scale
from kg.formula.tree import ZERO, Relation, names
from kg.model.answer import Root, Search
from kg.model.formula import Domain
from tests.unit.formula.records import REAL, variable


def look_for(
    text: str, unknown: str = "x", *, domain: Domain = REAL, **values: float
) -> tuple[tuple[Root, ...], Search]:
    found = read(text)
    relation = found if isinstance(found, Relation) else Relation(found, ZERO)
    variables = [variable(name, domain=domain if name == unknown else REAL) for name in names(relation)]
    form = relation_form(
        relation, next(one for one in variables if one.symbol == unknown), variables, name="the expression"
    )
    return numeric_roots(form, [float(values[name]) for name in form.symbols], Scale(), name="the expression")


def roots_of(text: str, unknown: str = "x", *, domain: Domain = REAL, **values: float) -> list[float]:
    return [root.value for root in look_for(text, unknown, domain=domain, **values)[0]]

"""A way that was found, as the record that people read: steps with their inputs, substitutions, units and sources."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.formula.chain import Block, Chain
from kg.formula.costs import LOW_CERTAINTY
from kg.formula.evaluate import evaluate
from kg.formula.hyperpath import Edge
from kg.formula.knowns import Known
from kg.formula.network import Instance, Relation
from kg.formula.plan import scaled
from kg.formula.render import render
from kg.formula.steps import fill, number_shown, template_of
from kg.formula.tree import Name
from kg.formula.tree import Relation as Equation
from kg.formula.ways import Way
from kg.model.answer import Evaluation, InputValue, Origin, Solution
from kg.model.derivation import DerivationStep, DerivedInput
from kg.model.evidence import Source

PUT_IN = "put the values in"


class Account:
    """Tells a way step by step; ``numbers`` is the number of the step that gave a node."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.chain: Chain = way.chain
        self.network = way.chain.network
        self.numbers = {node: number for number, (_, node) in enumerate(way.edges, 1)}
        self.blocks = {
            edge: number
            for number, part in enumerate((one for one in way.parts if isinstance(one, Block)), 1)
            for edge in part.edges
        }

    def steps(self) -> tuple[DerivationStep, ...]:
        """All steps, in order."""
        return tuple(self._step(edge) for edge in self.way.edges)

    def inputs(self) -> tuple[DerivedInput, ...]:
        """What came from outside, by name; the symbol is the quantity's name."""
        instances, knowns = self.network.instances, self.chain.knowns
        found = (told_input(instances[node], knowns.known(node)) for node in self.way.sources)
        return tuple(sorted(found, key=lambda one: one.symbol))

    def _step(self, edge: Edge) -> DerivationStep:
        place, node = edge
        relation = self.network.relations[place]
        formula, variable = relation.compiled.formula, relation.variable(node)
        symbol = variable.symbol
        block = self.blocks.get(edge, 0)
        answer = self._answer_of_block(place) if block else self.way.outcome(edge).answer
        roots = tuple(root.value for root in answer.roots) if isinstance(answer, Solution) else ()
        return DerivationStep(
            number=self.numbers[node],
            formula=formula.iri,
            label=formula.label,
            expression=formula.expression,
            symbol=symbol,
            quantity=self.network.instances[node].quantity,
            quantity_label=self.network.instances[node].label,
            method="simultaneous" if block else self.way.outcome(edge).method,
            solved=_solved(relation, answer, symbol, block),
            substituted=_substituted(relation, answer, symbol),
            value=self.chain.number(self.way.tree, node) * relation.factor(node),
            unit=relation.compiled.unit_text(variable),
            inputs=self._step_inputs(relation, place, answer, symbol),
            fit=answer.fit,
            fit_rationale=self._rationale(place, answer),
            roots=roots if len(roots) > 1 else (),
            conditions=tuple(dict.fromkeys((*formula.conditions, *_conditions(answer)))),
            warnings=(*answer.warnings, *self._step_warnings(relation, symbol, roots)),
            sources=answer.sources,
            evidence=formula.evidence.kind,
            certainty=formula.evidence.certainty,
            block=block,
            factor=relation.compiled.scales[symbol],
        )

    def _answer_of_block(self, place: int) -> Evaluation:
        relation = self.network.relations[place]
        values = {
            node: self.chain.value(self.way.tree, node) for node in relation.nodes if node != relation.output
        }
        givens = self.chain.symbols_of(place, values)
        fit = self.chain.laws.fit_of(place) or ""
        found = evaluate(relation.compiled, givens, fit=fit, units=self.chain.units)
        output = relation.result
        own = InputValue(
            output.symbol,
            output.label,
            found.value,
            found.unit,
            Origin.DERIVED,
            output.quantity.iri if output.quantity is not None else None,
        )
        return replace(found, inputs=(*found.inputs, own))

    def _step_inputs(
        self, relation: Relation, place: int, answer: Evaluation | Solution, symbol: str
    ) -> tuple[DerivedInput, ...]:
        nodes = dict(zip(relation.symbols, relation.nodes, strict=True))
        bounds = {one: node for one, node, _ in relation.bounds}
        given = self.chain.knowns.constants.get(place, {})
        found = []
        for entry in answer.inputs:
            if entry.symbol == symbol:
                continue
            node = nodes.get(entry.symbol)
            told = DerivedInput(
                entry.symbol,
                entry.label,
                entry.value,
                entry.unit,
                Origin.GIVEN if entry.symbol in given else entry.origin,
                entry.quantity,
                source=entry.source,
                factor=relation.compiled.scales[entry.symbol],
            )
            if node is not None:
                told = self._traced(told, node)
            elif entry.symbol in bounds and bounds[entry.symbol] in self.chain.knowns.values:
                told = self._traced(told, bounds[entry.symbol])
            found.append(told)
        return tuple(found)

    def _traced(self, told: DerivedInput, node: int) -> DerivedInput:
        """The input with the step that gave it, or with where it was known from."""
        if node in self.numbers:
            return replace(told, origin=Origin.DERIVED, step=self.numbers[node], source=None)
        known = self.chain.knowns.known(node)
        return replace(
            told,
            origin=known.origin,
            subject=known.subject,
            source=known.source,
            alternatives=known.alternatives,
        )

    def _rationale(self, place: int, answer: Evaluation | Solution) -> str:
        if not answer.fit:
            return ""
        law = self.network.families[place]
        return self.chain.laws.reasons.get(law, "") or answer.fit_rationale

    def _step_warnings(self, relation: Relation, symbol: str, roots: tuple[float, ...]) -> list[str]:
        formula, found = relation.compiled.formula, []
        if len(roots) > 1:
            others = ", ".join(number_shown(root) for root in roots[1:])
            found.append(f"{symbol} has several values here; the least is taken, the others are {others}")
        certainty = formula.evidence.certainty
        if certainty is not None and certainty < LOW_CERTAINTY:
            found.append(f"{formula.label} is of low certainty, {certainty:g}")
        return found


def told_input(instance: Instance, known: Known) -> DerivedInput:
    """What is known of an instance, as an input of the whole derivation; its name stands as its symbol."""
    return DerivedInput(
        instance.name,
        instance.label,
        known.value,
        instance.unit.symbol,
        known.origin,
        instance.quantity,
        known.subject,
        known.source,
        alternatives=known.alternatives,
    )


def all_sources(steps: Iterable[DerivationStep], inputs: Iterable[DerivedInput]) -> tuple[Source, ...]:
    """The sources of steps and inputs, by IRI."""
    found = {source for step in steps for source in step.sources}
    found.update(one.source for one in inputs if one.source is not None)
    return tuple(sorted(found, key=lambda source: source.iri))


def block_warnings(way: Way) -> list[str]:
    """Which quantities need each other, and whether more than one solution was found."""
    network, found = way.chain.network, []
    for part in way.parts:
        if isinstance(part, Block):
            names = " and ".join(network.instances[node].name for _, node in part.edges)
            labels = " and ".join(network.relations[place].compiled.formula.label for place, _ in part.edges)
            found.append(f"{names} need each other: {labels} are solved together")
            for other in part.others:
                shown = ", ".join(
                    f"{network.instances[node].name} = {number_shown(value)}" for node, value in other.items()
                )
                found.append(f"they have another solution: {shown}")
    return found


def _conditions(answer: Evaluation | Solution) -> tuple[str, ...]:
    return answer.conditions if isinstance(answer, Solution) else ()


def _solved(relation: Relation, answer: Evaluation | Solution, symbol: str, block: int) -> str:
    if isinstance(answer, Solution):
        return answer.closed_form if answer.search is None else ""
    if block and relation.result.symbol != symbol:
        return ""
    return f"{symbol} = {render(relation.compiled.body)}"


def _substituted(relation: Relation, answer: Evaluation | Solution, symbol: str) -> str:
    if isinstance(answer, Evaluation) or answer.search is None:
        texts = [step.relation for step in answer.steps if step.action.startswith(PUT_IN)]
        return " or ".join(texts)
    return _with_hole(relation, answer, symbol)


def _with_hole(relation: Relation, answer: Solution, symbol: str) -> str:
    """The relation with all numbers but the unknown put in."""
    compiled = relation.compiled
    known: Mapping[str, float | tuple[float, ...]] = {
        one.symbol: scaled(compiled, one.symbol, one.value) for one in answer.inputs
    }
    symbols = (*known, symbol)
    lengths = {name: len(value) for name, value in known.items() if isinstance(value, tuple)}
    equation = Equation(Name(relation.result.symbol), compiled.body)
    return fill(template_of(equation, symbols, lengths), [*known.values(), None]).replace("?", symbol)

"""What a batch computes, apart from all that it rests on: it can be done in another process."""

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from kg.formula.array_program import ArrayProgram, Layout, Outcome
from kg.formula.array_tape import Array
from kg.formula.compile import CompiledFormula
from kg.formula.evaluate import MAX_KEPT
from kg.formula.program import Value
from kg.formula.tree import walk
from kg.model.formula import Domain

SUMMED: Final = 100
"""Terms that a sum is taken to have, when work is weighed."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """What is to be computed: ``arrays`` of the varying symbols, which broadcast to ``shape``, and the rest.

    ``fixed`` are the values in the places of the program's symbols, None where they vary.
    """

    varying: tuple[str, ...]
    arrays: tuple[Array, ...]
    fixed: tuple[Value | None, ...]
    shape: tuple[int, ...]
    shown_scale: float = 1.0
    most_failed: int | None = None

    @property
    def points(self) -> int:
        """How many points there are."""
        return math.prod(self.shape)

    def size(self, compiled: CompiledFormula) -> int:
        """About how many operations it takes: terms of sums count as the points that they are made at."""
        operations = sum(1 for _ in walk(compiled.body))
        return self.points * operations * (SUMMED if compiled.program.has_sums else 1)


def run_work(compiled: CompiledFormula, work: Work) -> Outcome:
    """The outcome, its points in the order of the flattened shape.

    Raises:
        TooLarge: too many terms of sums.
    """
    values: list[Any] = list(work.fixed)
    for symbol, array in zip(work.varying, work.arrays, strict=True):
        values[compiled.program.symbols.index(symbol)] = np.broadcast_to(array, work.shape).ravel()
    program = array_program(compiled, work.varying, work.shown_scale)
    return program.run(values, most_failed=work.most_failed)


def array_program(
    compiled: CompiledFormula, varying: tuple[str, ...], shown_scale: float = 1.0
) -> ArrayProgram:
    """The formula's program over arrays of the varying symbols, made once.

    Its results are in the output's unit, times ``shown_scale``.
    """
    key = ("array", varying, shown_scale)
    kept = compiled.kept.get(key)
    if isinstance(kept, ArrayProgram):
        return kept
    output = compiled.output
    layout = Layout(
        varying,
        domains={variable.symbol: variable.domain for variable in compiled.variables},
        scales=compiled.scales,
        output=output.domain if output is not None else Domain(),
        output_scale=compiled.scales[output.symbol] if output is not None else 1.0,
        shown_scale=shown_scale,
    )
    program = ArrayProgram(compiled.body, compiled.program.symbols, layout)
    if len(compiled.kept) < MAX_KEPT:
        compiled.kept[key] = program
    return program

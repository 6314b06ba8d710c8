"""The error tree. A class says what the caller can do about it; fields say what was wrong and where.

    TriviumError
    ├── BadInput                  the request is malformed
    │   ├── BadSyntax             text that does not parse: number, SPARQL, Turtle …; with line and column
    │   ├── TooLarge              over a limit; says which
    │   ├── BadParameter          a parameter's name or value is off
    │   └── ForbiddenQuery        SERVICE, LOAD or an update where none is allowed
    ├── NotFound                  unknown resource; with near matches
    │   └── LearnerNotFound       nothing is kept under a token; it is not repeated
    ├── FormulaError              well-formed but impossible
    │   ├── UnknownSymbol         the formula has no such symbol
    │   ├── MissingValue          an input has neither value nor default
    │   ├── WrongDimension        a unit of another dimension
    │   ├── OutOfDomain           a value, or the result, lies outside the domain
    │   ├── NotSolvable           no closed form in one step from here
    │   ├── NoClosedForm          no derivative or integral that the grammar can write
    │   ├── NoDerivation          no chain of formulas leads there; says what would have to be given
    │   ├── ContradictingGivens   given values that no definition allows together
    │   └── InvalidFormula        a record of the dataset contradicts itself
    ├── LearningError
    │   └── CyclicPrerequisites   a topic would come before itself
    ├── NotCheckable              an exercise without an answer that could be computed; says what it asks
    ├── InvalidData               the dataset does not hold what it must
    ├── Unavailable               this store or door cannot do it; names what can
    ├── DeadlineExceeded          it took longer than it may, and was stopped
    ├── Overloaded                too many wait already; ask again later
    └── WorkerFailed              the process that computed it ended; says how

Only ``api.problems`` knows status codes. Every ``str()`` says what was wrong, where, and what to do next.
"""

from dataclasses import dataclass, field


class TriviumError(Exception):
    """Root of all errors that Trivium raises on purpose; copies and pickles with its fields."""

    def __reduce__(self) -> tuple[object, ...]:
        # A dataclass given its fields by name leaves ``args`` empty, and the default way would lose them.
        return _restore, (type(self), self.args, dict(self.__dict__))


def _restore(kind: type[TriviumError], args: tuple[object, ...], fields: dict[str, object]) -> TriviumError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(fields)
    return error


class BadInput(TriviumError, ValueError):
    """The request is malformed; correct it and send it again."""


@dataclass(eq=False)
class BadSyntax(BadInput):
    """Text that does not parse. ``line`` and ``column`` count from 1; ``what`` names the language."""

    what: str
    reason: str
    line: int = 1
    column: int = 1
    text: str = ""
    hint: str = ""

    def __str__(self) -> str:
        near = f" near {self.text!r}" if self.text else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.what}: {self.reason} at line {self.line}, column {self.column}{near}{hint}"


@dataclass(eq=False)
class TooLarge(BadInput):
    """Over a limit. ``line`` and ``column`` count from 1 where the place is known, and are 0 elsewhere."""

    what: str
    size: int
    limit: int
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        where = f" at line {self.line}, column {self.column}" if self.line else ""
        return f"{self.what} is too large{where}: {self.size}, at most {self.limit}; send less"


@dataclass(eq=False)
class BadParameter(BadInput):
    """A parameter whose name or value cannot be used; ``expected`` says what can."""

    name: str
    value: str
    expected: str

    def __str__(self) -> str:
        return f"parameter {self.name!r} cannot be {self.value!r}; it takes {self.expected}"


@dataclass(eq=False)
class ForbiddenQuery(BadInput):
    """A query that would leave the store or change it."""

    keyword: str
    line: int
    column: int
    reason: str

    def __str__(self) -> str:
        return f"{self.keyword} at line {self.line}, column {self.column} is refused: {self.reason}"


@dataclass(eq=False)
class NotFound(TriviumError, LookupError):
    """No such resource; ``near`` holds the closest known names."""

    kind: str
    name: str
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        near = f"; did you mean {', '.join(self.near)}?" if self.near else ""
        return f"there is no {self.kind} {self.name!r}{near}"


@dataclass(eq=False)
class LearnerNotFound(NotFound):
    """Nothing is kept under a token: ``name`` stays empty, for a token stands in no answer and no log."""

    kind: str = "learner"
    name: str = ""

    def __str__(self) -> str:
        return "nothing is kept under this token: it was deleted, expired, or never given; POST /learners gives one"


class FormulaError(TriviumError, ValueError):
    """The request is well-formed, but the formula cannot answer it."""


@dataclass(eq=False)
class UnknownSymbol(FormulaError, KeyError):
    """A symbol that the formula does not have."""

    symbol: str
    known: tuple[str, ...]
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        near = f"; did you mean {', '.join(self.near)}?" if self.near else ""
        return f"symbol {self.symbol!r} is not in this formula; it has {', '.join(self.known)}{near}"


@dataclass(eq=False)
class MissingValue(FormulaError):
    """Inputs that have neither a given value nor a default."""

    formula: str
    symbols: tuple[str, ...]
    hint: str = ""

    def __str__(self) -> str:
        hint = self.hint or "give " + " ".join(f"{symbol}=…" for symbol in self.symbols)
        return f"{self.formula} has no value for {', '.join(self.symbols)}; {hint}"


@dataclass(eq=False)
class WrongDimension(FormulaError):
    """A value or a term whose dimension does not fit. ``where`` names the variable or the term."""

    where: str
    found: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.where} has dimension {self.found}, expected {self.expected}{hint}"


@dataclass(eq=False)
class OutOfDomain(FormulaError):
    """A value outside the domain, or a result that is no finite real number."""

    symbol: str
    value: str
    domain: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.symbol} = {self.value} is outside its domain {self.domain}{hint}"


@dataclass(eq=False)
class NotSolvable(FormulaError):
    """The unknown cannot be isolated; ``reason`` says where that stops."""

    formula: str
    symbol: str
    reason: str

    def __str__(self) -> str:
        return f"{self.formula} cannot be solved for {self.symbol} in closed form: {self.reason}"


@dataclass(eq=False)
class NoClosedForm(FormulaError):
    """A derivative, an integral or another form that the grammar cannot write; ``what`` names it."""

    what: str
    expression: str
    symbol: str
    reason: str

    def __str__(self) -> str:
        by = f" by {self.symbol}" if self.symbol else ""
        return f"the {self.what} of {self.expression}{by} has no closed form here: {self.reason}"


@dataclass(eq=False)
class NoDerivation(FormulaError):
    """No chain of formulas leads from what is known to the target.

    ``missing`` are the cheapest sets of further givens that would do, by name; ``units`` has the unit of each
    name. ``near`` are the nearest quantities that can be derived; ``reason`` says where a way broke off.
    """

    target: str
    missing: tuple[tuple[str, ...], ...] = ()
    units: dict[str, str] = field(default_factory=dict)
    near: tuple[str, ...] = ()
    reason: str = ""

    def __str__(self) -> str:
        sets = ", or ".join(" and ".join(self._shown(name) for name in names) for names in self.missing)
        text = f"nothing known leads to {self.target}"
        text += f": {self.reason}" if self.reason else ""
        text += f"; give {sets}" if sets else ""
        return text + (f"; what can be derived: {', '.join(self.near)}" if self.near else "")

    def _shown(self, name: str) -> str:
        unit = self.units.get(name, "1")
        return name if unit == "1" else f"{name} [{unit}]"


@dataclass(eq=False)
class ContradictingGivens(FormulaError):
    """Givens that a definition does not allow together; it computes ``computed`` for what is given as ``given``."""

    formula: str
    names: tuple[str, ...]
    symbol: str
    given: str
    computed: str

    def __str__(self) -> str:
        names = ", ".join(self.names)
        return (
            f"the givens {names} contradict each other: {self.formula} makes {self.symbol} {self.computed}, "
            f"and it is given as {self.given}; leave one of them out"
        )


@dataclass(eq=False)
class InvalidFormula(FormulaError):
    """A formula record that contradicts itself: a fault of the dataset, not of the request."""

    formula: str
    reason: str

    def __str__(self) -> str:
        return f"formula {self.formula} is invalid: {self.reason}"


class LearningError(TriviumError, ValueError):
    """The prerequisite graph cannot answer."""


@dataclass(eq=False)
class CyclicPrerequisites(LearningError):
    """Topics that require each other; ``cycle`` is a shortest one, first topic repeated at the end."""

    cycle: tuple[str, ...]

    def __str__(self) -> str:
        return f"prerequisites form a cycle: {' → '.join(self.cycle)}; remove one of these edges"


@dataclass(eq=False)
class NotCheckable(TriviumError, ValueError):
    """An exercise whose answers no computation can judge; ``prompt`` is what it asks."""

    exercise: str
    reason: str
    prompt: str

    def __str__(self) -> str:
        return f"answers to the exercise {self.exercise!r} cannot be checked: {self.reason}; it asks: {self.prompt}"


@dataclass(eq=False)
class InvalidData(TriviumError, ValueError):
    """The dataset does not hold what it must; ``place`` is a file with line, or a subject."""

    place: str
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.place}: {self.reason}{hint}"


@dataclass(eq=False)
class Unavailable(TriviumError, RuntimeError):
    """This store or door cannot do it; ``instead`` names what can."""

    what: str
    instead: str

    def __str__(self) -> str:
        return f"{self.what} is not available here; {self.instead}"


@dataclass(eq=False)
class DeadlineExceeded(TriviumError, TimeoutError):
    """A computation that was stopped at its deadline; ``seconds`` is what it was given, waiting included."""

    what: str
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.what} was stopped at its deadline of {self.seconds:g} s; ask for less, or allow more time"
        )


@dataclass(eq=False)
class Overloaded(TriviumError, RuntimeError):
    """So many requests wait for a worker that another one is refused at once."""

    waiting: int

    def __str__(self) -> str:
        return f"{self.waiting} requests wait already; ask again in a moment"


@dataclass(eq=False)
class WorkerFailed(TriviumError, RuntimeError):
    """The process that worked on a request ended or failed: too much memory, or a fault; others are untouched."""

    what: str
    reason: str
    hint: str = "ask for less"

    def __str__(self) -> str:
        return f"{self.what} could not be finished: {self.reason}; {self.hint}"

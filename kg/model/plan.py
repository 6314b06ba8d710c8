"""What the planner answers: ordered steps to goals, why a step is there, and how long the longest chain is."""

from dataclasses import dataclass
from datetime import date

from kg.model.advice import Reason
from kg.model.deferred import Deferred
from kg.model.exercise import StepExercise
from kg.model.iri import Iri


@dataclass(frozen=True, slots=True)
class PlanGoal:
    """A goal of a plan. ``hours`` and ``steps`` are those of a plan for this goal alone, itself included.

    Where topics have alternatives they are those of its part of this plan.
    """

    iri: Iri
    slug: str
    label: str
    hours: float
    steps: int
    known: bool
    reached: bool = True
    """Whether it is known once the plan is through."""


@dataclass(frozen=True, slots=True)
class PlanStep:
    """A topic of a plan at its place, with why it is there.

    Whatever it requires is known or stands before it, so what is known after any step is a knowledge state.
    """

    iri: Iri
    slug: str
    label: str
    hours: float
    area: str
    position: int
    """Counts from 1."""
    hours_before: float
    """Hours of the steps before this one."""
    requires: tuple[str, ...]
    """Direct prerequisites that are steps of the plan as well, options that it takes included."""
    serves: tuple[str, ...]
    """Goals that cannot be reached without this step, by the options that the plan takes."""
    reasons: tuple[Reason, ...]
    first_day: date | None = None
    last_day: date | None = None
    """Days of study, both included, where the plan has a start."""
    exercises: tuple[StepExercise, ...] = ()
    """What assesses the topic; where an exercise assesses several, it stands at the last of them."""


@dataclass(frozen=True, slots=True)
class StudyMetric:
    """What an order of study keeps small, and its value for this plan."""

    order: str
    name: str
    unit: str
    value: float
    is_exact: bool = False
    """Whether no order of the same steps has a smaller value, and that is proven."""


@dataclass(frozen=True, slots=True)
class Proof:
    """How good a plan is: what it was made best in, what it reached, and what no plan can do better than."""

    status: str
    """``optimal``: nothing is better. ``feasible``: nothing is better than the bound."""
    name: str
    """Hours of study, which are few, or a value, which is much."""
    unit: str
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """What a better plan could gain at most, as a part of the larger of value and bound; 0 if optimal."""
        if self.status == "optimal":
            return 0.0
        return abs(self.bound - self.value) / (max(abs(self.bound), abs(self.value)) or 1.0)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A topic that is no step of a plan, and why. ``kind``: known, unneeded, budget, price, alternative."""

    iri: Iri
    slug: str
    label: str
    hours: float
    kind: str
    text: str
    more_hours: float = 0.0
    """Hours that the plan would take more with it, and with all that it requires."""


@dataclass(frozen=True, slots=True)
class Plan(Deferred):
    """What is still to learn for the goals, once, in an order of study: all of it, or the best part of it."""

    goals: tuple[PlanGoal, ...]
    """By slug."""
    known: tuple[str, ...]
    """Topics as given, sorted."""
    implied: tuple[str, ...]
    """Topics counted as known because something known requires them."""
    hours: float
    hours_one_by_one: float
    """Hours of the plans for each goal alone, together: topics that goals share count several times."""
    metric: StudyMetric
    proof: Proof
    budget_hours: float | None = None
    price: float | None = None
    """Worth of an hour, in what the goals are worth."""
    left_out: tuple[LeftOut, ...] = ()
    """Topics of the way to the goals that are no steps, the fewest hours more first; of many, the first."""
    left_out_total: int = 0
    hours_per_week: float | None = None
    start: date | None = None
    note: str = ""
    """Said where the steps alone would mislead: some goals, or all of them, are known already."""
    steps: tuple[PlanStep, ...] = ()

    @property
    def hours_saved(self) -> float:
        """Hours spared by one plan for all goals."""
        return self.hours_one_by_one - self.hours

    @property
    def title(self) -> str:
        """The plan's goals by label."""
        return ", ".join(goal.label for goal in self.goals)


@dataclass(frozen=True, slots=True)
class ChainLink:
    """A topic of a chain, in which each topic requires the one before."""

    iri: Iri
    slug: str
    label: str
    hours: float


@dataclass(frozen=True, slots=True)
class GoalChain:
    """A shortest chain from a step up to a goal, both included; empty where the goal does not need the step."""

    goal: str
    chain: tuple[ChainLink, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a step belongs to a plan: for each goal the shortest chain of prerequisites that leads to it."""

    step: ChainLink
    known: bool
    needed: bool
    """Whether it is a step of the plan."""
    goals: tuple[GoalChain, ...]
    """Goals that need it first, nearest first; then by slug."""
    text: str
    left_out: LeftOut | None = None
    """Why it is no step, where it is none."""


@dataclass(frozen=True, slots=True)
class TimedTopic:
    """A topic with the hours at which it can start at the earliest and must start at the latest."""

    iri: Iri
    slug: str
    label: str
    hours: float
    earliest: float
    latest: float
    slack: float
    """Hours it can be put off without making the whole longer."""


@dataclass(frozen=True, slots=True)
class CriticalPath(Deferred):
    """The chain of prerequisites with the most hours: no group, however large, is through any sooner."""

    goals: tuple[str, ...]
    """Empty where all topics count."""
    hours: float
    """Hours of the chain."""
    total_hours: float
    """Hours of all topics still to learn."""
    chain: tuple[TimedTopic, ...]
    """First topic first; slack 0. Of several longest chains it is the one with the first slugs from its end."""
    note: str = ""
    topics: tuple[TimedTopic, ...] = ()
    """All topics still to learn, least slack first, then by earliest start and slug."""

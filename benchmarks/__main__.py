"""``python -m benchmarks``: measure all of it, or the groups that are asked for; print a table or JSON."""

import argparse
import json
from collections.abc import Callable, Iterable

from benchmarks.batches import measure_batches
from benchmarks.commands import measure_help
from benchmarks.derivations import measure_derive
from benchmarks.engine import measure_engine
from benchmarks.isolation import measure_isolation
from benchmarks.learning_plans import measure_choices
from benchmarks.learning_scale import measure_learning
from benchmarks.measure import Row
from benchmarks.planning import measure_plan
from benchmarks.queries import measure_queries
from benchmarks.report import document, head, line, name_machine
from benchmarks.startup import measure_startup
from benchmarks.stores import measure_stores
from benchmarks.uncertainty import measure_uncertainty
from benchmarks.warm import measure_evaluate

ROUNDS, QUICK_ROUNDS = 9, 1
CALLS, QUICK_CALLS = 300, 20
GROUPS: dict[str, Callable[[int, int], Iterable[Row]]] = {
    "start-up": lambda rounds, _: (measure_startup(rounds), *measure_help(rounds)),
    "evaluation by REST": measure_evaluate,
    "evaluation in process": measure_engine,
    "batches": measure_batches,
    "uncertainty": measure_uncertainty,
    "query": measure_queries,
    "planning": measure_plan,
    "choosing what to learn": measure_choices,
    "learning at scale": measure_learning,
    "derivation": measure_derive,
    "store": measure_stores,
    "worker": measure_isolation,
}
"""Title of a group of rows → what measures them, in so many rounds of at most so many calls."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Figures beside their peers, as ratios."
    )
    parser.add_argument("--json", action="store_true", help="print JSON, with the figures of each round")
    parser.add_argument(
        "--quick", action="store_true", help="one round of each: shows that it runs, measures little"
    )
    parser.add_argument("--rounds", type=int, default=0, help=f"rounds of each measurement ({ROUNDS})")
    parser.add_argument(
        "--only", metavar="TEXT", default="", help=f"the groups with this in their title: {', '.join(GROUPS)}"
    )
    options = parser.parse_args()
    titles = [title for title in GROUPS if options.only in title]
    if not titles:
        parser.error(f"no group has {options.only!r} in its title; there are {', '.join(GROUPS)}")
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    calls = QUICK_CALLS if options.quick else CALLS
    (print_json if options.json else print_table)(titles, rounds, calls)


def print_table(titles: list[str], rounds: int, calls: int) -> None:
    """Print each row as soon as it is measured."""
    print(name_machine())
    print(
        f"Medians of {rounds} rounds, A B A B, of CPU time unless wall time is named; ratio: ours over its."
    )
    for title in titles:
        print(f"\n{head(title)}", flush=True)
        for row in GROUPS[title](rounds, calls):
            print(line(row), flush=True)


def print_json(titles: list[str], rounds: int, calls: int) -> None:
    """Print all rows as one document."""
    rows = [document(row) for title in titles for row in GROUPS[title](rounds, calls)]
    found = {"machine": name_machine(), "rounds": rounds, "rows": rows}
    print(json.dumps(found, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()

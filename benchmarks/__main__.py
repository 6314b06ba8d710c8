"""``python -m benchmarks``: measure all of it, print a table or JSON."""

import argparse
import json
from collections.abc import Iterator

from benchmarks.commands import measure_help
from benchmarks.engine import measure_engine
from benchmarks.isolation import measure_isolation
from benchmarks.measure import Row
from benchmarks.planning import measure_plan
from benchmarks.report import document, name_machine, table
from benchmarks.startup import measure_startup
from benchmarks.stores import measure_stores
from benchmarks.warm import measure_evaluate

ROUNDS, QUICK_ROUNDS = 9, 1
CALLS, QUICK_CALLS = 300, 20


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
    options = parser.parse_args()
    rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    calls = QUICK_CALLS if options.quick else CALLS
    machine = name_machine()
    if not options.json:
        print(f"{machine}; medians (least–most) of {rounds} rounds, A B A B\n", flush=True)
    found = []
    for row in measure_all(rounds, calls):
        found.append(document(row))
        if not options.json:
            print(table([row]), flush=True)
    if options.json:
        print(json.dumps({"machine": machine, "rounds": rounds, "rows": found}, ensure_ascii=False, indent=2))


def measure_all(rounds: int, calls: int) -> Iterator[Row]:
    """Every row, one measurement after the other."""
    yield measure_startup(rounds)
    yield from measure_help(rounds)
    yield from measure_evaluate(rounds, calls)
    yield from measure_engine(rounds, calls)
    yield from measure_plan(rounds, calls)
    yield from measure_stores(rounds, calls)
    yield from measure_isolation(rounds, calls)


if __name__ == "__main__":
    main()

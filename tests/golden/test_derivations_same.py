"""The same question gives the same bytes, whatever the seed of hashes."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
ASK = """
import dataclasses, json
from kg.formula.derive import derive
from kg.formula.network import build_network
from kg.errors import NoDerivation
from kg.services.knowledge import open_knowledge
knowledge = open_knowledge()
network = build_network([knowledge.compiled(entry.iri) for entry in reversed(knowledge.list("formula"))])
base, units = knowledge.base + "quantity/", knowledge.units
chip = knowledge.base + "hardware/h100-sxm"
given = {"model-parameters": "70B", "training-tokens": "1.4T", "hardware-count": 1024, "training-mfu": 0.4}
observed = {chip: knowledge.observed(chip)}
for target in ("training-time", "energy-it-kwh", "model-loss"):
    found = derive(network, base + target, given, observed=observed, alternatives=3, units=units)
    print(json.dumps(dataclasses.asdict(found)))
try:
    derive(network, base + "environment-emissions-kg", given, observed=observed, units=units)
except NoDerivation as error:
    print(error, error.units)
"""


def test_answers_do_not_depend_on_the_seed_of_hashes() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", ASK],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        for seed in ("1", "2")
    ]
    assert [run.stderr for run in runs] == ["", ""]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.count("\n") == 4

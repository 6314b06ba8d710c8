"""Five chains over the shipped graph, found without being told the steps, and every document of each.

Numbers are those of a hand calculation; beside the first two stand the figures that the authors themselves report
(Patterson et al. 2021, table 4; Llama 3.1 model card), beside the last Acemoglu's (2024).
"""

import contextlib
import io
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph
import pytest

from kg.errors import TriviumError
from kg.services.derivation_handle import DerivationHandle
from kg.services.derivations import network_of
from kg.services.knowledge import Knowledge

SOURCES = """
PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX tv: <https://w3id.org/trivium/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT DISTINCT ?source {
  ?value tv:ofQuantity ?target ; prov:wasGeneratedBy/prov:used ?any ; prov:wasDerivedFrom+ ?source .
  ?source a dcterms:BibliographicResource
  FILTER NOT EXISTS { ?later prov:wasDerivedFrom ?value }
} ORDER BY ?source
"""


@dataclass(frozen=True)
class Chain:
    """What is given, and for each target its unit, value, relative tolerance."""

    givens: dict[str, object]
    targets: tuple[tuple[str, str, float, float], ...]
    prefer: tuple[str, ...] = ()
    reported: dict[str, tuple[float, float]] = field(default_factory=dict)
    """Target → the figure that the authors give, and how near the chain comes to it."""


CHAINS = {
    "gpt3-run": Chain(
        {
            "model-parameters": "175B",
            "training-tokens": "300B",
            "hardware-count": 10_000,
            "hardware-peak-flops": "125 TFLOP/s",
            "training-mfu": 0.1968,
            "hardware-power": "330 W",
            "energy-pue": 1.1,
            "energy-carbon-intensity": "0.429 kgCO2e/kWh",
        },
        (
            ("training-time", "day", 14.82, 0.002),
            ("energy-facility-kwh", "", 1_291_100.0, 0.002),
            ("environment-emissions-kg", "", 553_900.0, 0.002),
        ),
        reported={"training-time": (14.8, 0.004), "environment-emissions-kg": (552_000.0, 0.004)},
    ),
    "llama31-405b-run": Chain(
        {
            "model-parameters": "405B",
            "training-tokens": "15.6T",
            "hardware-count": 16_384,
            "hardware-peak-flops": 989.4e12,
            "training-mfu": "40%",
            "hardware-price-hour": 2,
            "hardware-power": 700,
            "energy-pue": 1.08,
            "energy-carbon-intensity": 0.38,
        },
        (
            ("training-time", "day", 67.66, 0.002),
            ("training-accelerator-hours", "", 26_607_000.0, 0.002),
            ("training-cost", "", 53_210_000.0, 0.002),
            ("environment-emissions-kg", "", 7_643_000.0, 0.002),
        ),
    ),
    "chinchilla-budget-to-loss": Chain(
        {"training-compute": "5.76e23 FLOP"},
        (
            ("model-parameters", "", 72_240_000_000.0, 0.003),
            ("training-tokens", "", 1.329e12, 0.003),
            ("training-tokens-per-parameter", "", 18.4, 0.005),
            ("model-loss", "", 1.9741, 0.001),
        ),
        prefer=("chinchilla-loss#besiroglu-2024",),
    ),
    "serve-70b": Chain(
        {
            "model-parameters": "70B",
            "model-parameters-active": "70B",
            "model-bits-per-weight": 16,
            "model-layers": 80,
            "model-kv-heads": 8,
            "model-head-dim": 128,
            "inference-bytes-per-element": 2,
            "inference-context-length": 8192,
            "inference-batch": 32,
            "hardware-count": 8,
            "hardware-peak-flops": 989.4e12,
            "training-mfu": 0.5,
            "hardware-memory-bandwidth": 3.35e12,
            "inference-mbu": 0.7,
            "hardware-price-hour": 2,
        },
        (
            ("inference-memory-kv", "", 85.9e9, 0.001),
            ("inference-decode-time", "", 0.012042, 0.002),
            ("inference-throughput", "", 2657.4, 0.002),
            ("inference-cost-per-mtok", "", 1.6725, 0.002),
        ),
    ),
    "exposure-to-tfp": Chain(
        {
            "economics-exposed-share": "19.9%",
            "economics-profitable-share": "23%",
            "economics-labor-saving": "27%",
            "economics-labor-share": "53.5%",
        },
        (
            ("economics-gdp-share-affected", "", 0.046, 0.006),
            ("economics-cost-saving", "", 0.144, 0.005),
            ("economics-tfp-gain", "", 0.0066, 0.006),
        ),
        reported={"economics-tfp-gain": (0.0066, 0.006)},
    ),
}
TARGETS = [
    pytest.param(chain, *target, id=f"{name}: {target[0]}")
    for name, chain in CHAINS.items()
    for target in chain.targets
]


def derive(knowledge: Knowledge, chain: Chain, target: str, unit: str) -> DerivationHandle:
    return knowledge.derive(target, chain.givens, prefer=chain.prefer, unit=unit)


@pytest.mark.parametrize(("chain", "target", "unit", "value", "tolerance"), TARGETS)
def test_a_chain_is_found_and_gives_its_number(
    shipped: Knowledge, chain: Chain, target: str, unit: str, value: float, tolerance: float
) -> None:
    found = derive(shipped, chain, target, unit)
    assert found.value == pytest.approx(value, rel=tolerance)
    assert {str(one.origin) for one in found.inputs} == {"given"}
    if target in chain.reported:
        figure, apart = chain.reported[target]
        assert found.value == pytest.approx(figure, rel=apart)


@pytest.mark.parametrize(("chain", "target", "unit", "value", "tolerance"), TARGETS)
def test_in_prov_the_value_leads_to_all_its_sources(
    shipped: Knowledge, chain: Chain, target: str, unit: str, value: float, tolerance: float
) -> None:
    found = derive(shipped, chain, target, unit)
    store = pyoxigraph.Store()
    store.load(found.to_turtle().encode(), pyoxigraph.RdfFormat.TURTLE)
    rows = store.query(SOURCES)
    assert isinstance(rows, pyoxigraph.QuerySolutions)
    assert [row["source"].value for row in rows] == [source.iri for source in found.sources]
    assert found.sources


@pytest.mark.parametrize("name", CHAINS)
def test_a_script_gives_the_number_in_a_fresh_process(shipped: Knowledge, name: str) -> None:
    chain = CHAINS[name]
    target, unit, *_ = chain.targets[-1]
    found = derive(shipped, chain, target, unit)
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", found.to_python()], capture_output=True, text=True, check=True
    )
    assert float(run.stdout) == pytest.approx(found.value, rel=1e-12)


@pytest.mark.parametrize("name", CHAINS)
def test_markdown_tells_every_step_and_source(shipped: Knowledge, name: str) -> None:
    chain = CHAINS[name]
    target, unit, *_ = chain.targets[-1]
    found = derive(shipped, chain, target, unit)
    text = found.to_markdown()
    for step in found.steps:
        assert f"<{step.formula}>" in text
        assert step.substituted in text
    for source in found.sources:
        assert source.url or source.iri in text


def sampled(knowledge: Knowledge, count: int) -> Iterator[DerivationHandle]:
    """Derivations of one quantity of a formula from others in their domains, some of which are left out."""
    network, draw = network_of(knowledge), random.Random(5)  # noqa: S311 - a sample, the same each time
    instances = network.instances

    def value(node: int) -> float:
        while True:
            drawn = draw.choice([draw.random(), 10 ** draw.uniform(-1, 12), float(draw.randint(1, 99))])
            if all(drawn * factor in domain for factor, domain in instances[node].domains):
                return drawn

    while count:
        nodes = [node for node in draw.choice(network.relations).nodes if not instances[node].series]
        target = draw.choice(nodes)
        givens = {instances[node].name: value(node) for node in nodes if node != target}
        for name in draw.sample(sorted(givens), len(givens) // 3):
            del givens[name]
        with contextlib.suppress(TriviumError):
            yield knowledge.derive(instances[target].iri, givens)
            count -= 1


def test_the_documents_of_any_derivation_hold(shipped: Knowledge) -> None:
    """Of every method the script gives the number and the graph can be read; what is solved together as well."""
    methods: Counter[str] = Counter()
    together = shipped.derive("training-compute", {"training-tokens-per-parameter": 20})
    for found in (together, *sampled(shipped, 40)):
        methods.update(step.method for step in found.steps)
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            exec(compile(found.to_python(), "derivation.py", "exec"), {})  # noqa: S102 - our own script
        assert float(output.getvalue()) == pytest.approx(found.value, rel=1e-12), found.record
        assert found.value in {
            float(quad.object.value)
            for quad in pyoxigraph.parse(found.to_turtle(), pyoxigraph.RdfFormat.TURTLE)
            if quad.predicate.value == "http://www.w3.org/ns/prov#value"
        }
        assert found.to_markdown().startswith("# ")
        assert "aligned" in found._repr_latex_()
    assert {"explicit", "isolated", "simultaneous"} <= methods.keys()

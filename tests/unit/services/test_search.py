"""Search over the shipped graph: what people type, and what they look for."""

import pytest

from kg.errors import BadParameter
from kg.services.knowledge import Knowledge

FIRST = [
    ("state space", "topic/state-space-models"),
    ("state spce", "topic/state-space-models"),
    ("statespace", "topic/state-space-models"),
    ("mixtre of experts", "architecture/moe"),
    ("MoE", "architecture/moe"),
    ("mixture experts", "architecture/moe"),
    ("chinchila", "model/chinchilla"),
    ("chinchilla loss", "formula/chinchilla-loss"),
    ("chinchilla los", "formula/chinchilla-loss"),
    ("mamba", "architecture/mamba"),
    ("what is mamba?", "architecture/mamba"),
    ("mmaba", "architecture/mamba"),
    ("chinchil", "model/chinchilla"),
    ("gpt3", "model/gpt-3"),
    ("GPT-3", "model/gpt-3"),
    ("6nd", "formula/training-compute-6nd"),
    ("training-compute-6nd", "formula/training-compute-6nd"),
    ("k_inf**(beta/alpha)", "formula/training-inference-equivalence"),
    ("C_train**alpha*C_inf**beta", "formula/inference-time-scaling-law"),
    ("automation potntial", "formula/automation-potential"),
    ("scaling laws", "topic/scaling-laws"),
    ("attention is all you need", "resource/vaswani2017"),
    ("1706.03762", "resource/vaswani2017"),
    ("scaling laws for neural language models", "resource/kaplan2020"),
    ("kaplan joint loss", "formula/kaplan-joint-loss"),
    ("what to learn next", "path/what-to-learn-next"),
    ("FLOP/s", "unit/flop-per-second"),
    ("%", "unit/percent"),
]


@pytest.mark.parametrize(("text", "first"), FIRST, ids=[text for text, _ in FIRST])
def test_the_first_hit_is_what_was_meant(shipped: Knowledge, text: str, first: str) -> None:
    assert shipped.search(text).hits[0].iri == shipped.base + first


@pytest.mark.parametrize("kind", ["formula", "formulas"])
def test_a_kind_goes_by_its_singular_or_plural(shipped: Knowledge, kind: str) -> None:
    answer = shipped.search("scaling", kind)
    assert answer.kind == "formula"
    assert {hit.kind for hit in answer} == {"formula"}


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"kind": "formulae"}, "'kind' cannot be 'formulae'; it takes one of application, "),
        ({"kind": "x" * 10_000}, "'kind' cannot be 'xxx"),
        ({"limit": 0}, "a whole number from 1 to 100"),
        ({"limit": 101}, "a whole number from 1 to 100"),
        ({"limit": True}, "a whole number from 1 to 100"),
        ({"limit": 2.5}, "a whole number from 1 to 100"),
    ],
    ids=str,
)
def test_an_option_that_cannot_be_used_is_named(
    shipped: Knowledge, options: dict[str, object], reason: str
) -> None:
    with pytest.raises(BadParameter) as error:
        shipped.search("mamba", **options)  # type: ignore[arg-type]
    assert reason in str(error.value)
    assert len(str(error.value)) < 500


def test_the_index_is_built_once(shipped: Knowledge) -> None:
    assert shipped.search_index is shipped.search_index


def test_a_dataset_of_ones_own_is_searched_alike(stones: Knowledge) -> None:
    assert stones.search("tower piza").hits[0].iri == "https://stones.example/id/hardware/pisa"
    assert stones.search("sqrt(2*h/g)").hits[0].iri == "https://stones.example/id/formula/fall-time"

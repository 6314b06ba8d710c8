"""The shipped formulas give the numbers that their sources print, and are as many as were collected."""

import re

import ontology
from kg.formula.check import check_examples
from kg.model.formula import WorkedExample
from kg.services.knowledge import Knowledge

MERGED = [
    ("chinchilla-loss", "besiroglu-2024"),
    ("chinchilla-optimal-parameters", "besiroglu-2024"),
    ("chinchilla-optimal-tokens", "besiroglu-2024"),
    ("muon-loss-compute", "adamw"),
    ("kimi-linear-loss-compute", "mla"),
]
"""Formula and fit for what is stated elsewhere as a formula of its own."""


def examples(knowledge: Knowledge) -> list[tuple[str, WorkedExample]]:
    formulas = [knowledge.compiled(entry.iri).formula for entry in knowledge.list("formula")]
    return [(formula.slug, example) for formula in formulas for example in formula.examples]


def test_every_example_comes_out_within_its_tolerance(shipped: Knowledge) -> None:
    compiled = [shipped.compiled(entry.iri) for entry in shipped.list("formula")]
    faults = [fault for one in compiled for fault in check_examples(one, units=shipped.units)]
    assert faults == []
    assert all(one.formula.examples for one in compiled)


def test_the_numbers_seen_in_print_are_marked_and_no_looser_than_five_per_cent(shipped: Knowledge) -> None:
    printed = [
        (slug, example)
        for slug, example in examples(shipped)
        if example.basis == "stated-in-source" and example.evidence.verification == "seen-in-print"
    ]
    assert len(printed) >= 57
    assert all(example.evidence.sources for _, example in printed)
    loose = [(slug, example.givens) for slug, example in printed if example.relative_tolerance > 0.05]
    assert loose == []


def test_competing_fits_are_sets_of_one_law(shipped: Knowledge) -> None:
    for slug, fit in MERGED:
        formula = shipped.compiled(shipped.names["formula"][slug]).formula
        assert fit in {one.name for one in formula.constant_sets}, slug


def test_each_fit_says_where_its_default_comes_from(shipped: Knowledge) -> None:
    for entry in shipped.list("formula"):
        formula = shipped.compiled(entry.iri).formula
        assert len(formula.constant_sets) < 2 or formula.default_rationale, formula.slug
        assert all(one.evidence.sources for one in formula.constant_sets), formula.slug


def test_the_counts_are_those_of_the_ontology_page(shipped: Knowledge) -> None:
    text = (ontology.root() / "README.md").read_text("utf-8")
    text = text.partition("### Counts")[2].partition("\n## ")[0]
    rows = re.findall(r"^\|[^|]+\| (\d+) \| (\d+) \|", text, re.MULTILINE)
    *parts, (collected, here) = [(int(one), int(two)) for one, two in rows]
    assert (collected, here) == (sum(one for one, _ in parts), sum(two for _, two in parts))
    assert len(shipped.list("formula")) == here

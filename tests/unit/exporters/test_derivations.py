"""A derivation as Markdown and as PROV-O, over a record written by hand."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Store, parse

from kg.exporters.derivation_markdown import code, derivation_markdown
from kg.exporters.derivation_prov import derivation_ntriples
from kg.model.answer import Origin
from kg.model.derivation import AlternativeWay, ConsistencyCheck, Derivation, DerivationStep, DerivedInput
from kg.model.evidence import Source
from kg.model.iri import Iri

BASE = "https://example.org/"
PROV = "http://www.w3.org/ns/prov#"


def source(name: str) -> Source:
    return Source(Iri(f"{BASE}source/{name}"), f"The {name}", f"https://doi.org/{name}")


def quantity(name: str) -> Iri:
    return Iri(f"{BASE}quantity/{name}")


def value(
    symbol: str, number: float, origin: Origin, *, step: int = 0, of: Source | None = None
) -> DerivedInput:
    return DerivedInput(symbol, f"the {symbol}", number, "m", origin, quantity(symbol), source=of, step=step)


GIVEN = value("a", 2.0, Origin.GIVEN)
SUBJECT = replace(value("b", 3.0, Origin.SUBJECT, of=source("table")), subject=Iri(f"{BASE}model/x"))
DEFAULT = value("c", 4.0, Origin.DEFAULT, of=source("handbook"))
FITTED = replace(value("k", 0.5, Origin.FIT, of=source("fit")), quantity=None)


def step(
    number: int, symbol: str, number_value: float, *inputs: DerivedInput, block: int = 0
) -> DerivationStep:
    return DerivationStep(
        number,
        Iri(f"{BASE}formula/f{number}"),
        f"Formula {number}",
        f"{symbol} = a*b",
        symbol,
        quantity(symbol),
        f"the {symbol}",
        "explicit",
        f"{symbol} = a*b",
        f"{symbol} = 2*3",
        number_value,
        "m",
        inputs,
        sources=(source(f"paper{number}"),),
        block=block,
    )


FIRST = step(1, "p", 6.0, GIVEN, SUBJECT)
SECOND = replace(
    step(2, "q", 12.0, value("p", 6.0, Origin.DERIVED, step=1), DEFAULT, FITTED),
    fit="fit-1",
    fit_rationale="the widest",
    conditions=("Only for x > 0.",),
    warnings=("b leaves the range",),
    roots=(-12.0, 12.0),
)
WHOLE = Derivation(
    quantity("q"),
    "the q",
    1200.0,
    "cm",
    (FIRST, SECOND),
    (GIVEN, SUBJECT, DEFAULT),
    2.0,
    (AlternativeWay((FIRST.formula,), ("Formula 1",), 3.0, 1300.0, "cm", 0.083, ("it is rough",)),),
    (ConsistencyCheck(FIRST.formula, "Formula 1", "p", 6.0, 6.1, "m", 0.016, agrees=False),),
    ("c was taken by default",),
    (source("fit"), source("paper1")),
)
TOGETHER = replace(
    WHOLE,
    target=quantity("r"),
    steps=(
        step(1, "p", 6.0, GIVEN, value("q", 12.0, Origin.DERIVED, step=2), block=1),
        step(2, "q", 12.0, DEFAULT, value("p", 6.0, Origin.DERIVED, step=1), block=1),
        step(3, "r", 18.0, value("q", 12.0, Origin.DERIVED, step=2)),
    ),
)
NO_STEP = replace(WHOLE, steps=(), inputs=(SUBJECT,), sources=(source("table"),))


def graph(derivation: Derivation) -> Store:
    store = Store()
    store.load(derivation_ntriples(derivation).encode(), RdfFormat.N_TRIPLES)
    return store


def root(derivation: Derivation) -> str:
    found = re.search(r"urn:uuid:[0-9a-f-]{36}", derivation_ntriples(derivation))
    assert found is not None
    return found[0]


def objects(store: Store, subject: str, predicate: str) -> set[str]:
    quads = store.quads_for_pattern(NamedNode(subject), NamedNode(PROV + predicate), None, None)
    return {str(getattr(quad.object, "value", "")) for quad in quads}


def reached(derivation: Derivation) -> set[str]:
    """The sources that a path of ``prov:wasDerivedFrom`` leads to from the derived value."""
    query = f"""SELECT ?s {{ <{root(derivation)}> <{PROV}wasDerivedFrom>+ ?s .
        ?s a <http://purl.org/dc/terms/BibliographicResource> }}"""
    return {row["s"].value.removeprefix(f"{BASE}source/") for row in graph(derivation).query(query)}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("derivation", "sources"),
    [
        (WHOLE, {"paper1", "paper2", "table", "handbook", "fit"}),
        (TOGETHER, {"paper1", "paper2", "paper3", "handbook"}),
        (NO_STEP, {"table"}),
    ],
    ids=["two steps", "a block", "no step"],
)
def test_the_value_leads_to_every_source(derivation: Derivation, sources: set[str]) -> None:
    assert reached(derivation) == sources


def test_a_step_used_values_followed_a_formula_and_gave_a_value() -> None:
    store, here = graph(WHOLE), root(WHOLE)
    assert objects(store, f"{here}#step-2", "used") == {
        f"{here}#value-1",
        f"{here}#input-3",
        f"{here}#input-4",
    }
    assert objects(store, here, "wasGeneratedBy") == {f"{here}#step-2"}
    assert objects(store, here, "value") == {"1200"}
    assert objects(store, f"{here}#value-1", "value") == {"6"}
    (association,) = objects(store, f"{here}#step-2", "qualifiedAssociation")
    assert objects(store, association, "hadPlan") == {SECOND.formula}
    assert objects(store, association, "agent") == objects(store, f"{here}#step-2", "wasAssociatedWith")
    assert objects(store, f"{here}#input-1", "wasAttributedTo") == {f"{here}#asker"}
    assert not objects(store, f"{here}#input-2", "wasAttributedTo")


def test_what_is_solved_together_is_one_activity_and_no_value_derives_from_itself() -> None:
    store, here = graph(TOGETHER), root(TOGETHER)
    made = {
        quad.subject.value
        for quad in store.quads_for_pattern(
            None, NamedNode(f"{PROV}wasGeneratedBy"), NamedNode(f"{here}#step-1")
        )
    }  # type: ignore[union-attr]
    assert made == {f"{here}#value-1", f"{here}#value-2"}
    assert not store.query(f"ASK {{ ?v <{PROV}wasDerivedFrom>+ ?v }}")


def test_the_iri_is_the_same_for_the_same_and_another_for_another() -> None:
    assert root(WHOLE) == root(replace(WHOLE))
    others = (TOGETHER, NO_STEP, replace(WHOLE, value=1201.0), replace(WHOLE, warnings=()))
    assert len({root(one) for one in (WHOLE, *others)}) == 5


@pytest.mark.parametrize("derivation", [WHOLE, TOGETHER, NO_STEP])
def test_there_is_no_blank_node(derivation: Derivation) -> None:
    for quad in parse(derivation_ntriples(derivation).encode(), RdfFormat.N_TRIPLES):
        assert not isinstance(quad.subject, BlankNode)
        assert not isinstance(quad.object, BlankNode)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_stands_in_the_graph_as_it_is(label: str, url: str) -> None:
    cited = Source(Iri(f"{BASE}source/odd"), label, url)
    told = replace(
        WHOLE, label=label, steps=(replace(FIRST, label=label, sources=(cited,)),), warnings=(label,)
    )
    text = derivation_ntriples(told).encode(errors="replace")
    labels = {getattr(quad.object, "value", "") for quad in parse(text, RdfFormat.N_TRIPLES)}
    assert label.encode(errors="replace").decode() in labels


def test_markdown_tells_the_result_the_steps_and_where_all_comes_from() -> None:
    text = derivation_markdown(WHOLE)
    assert text.startswith("# the q\n\n**1200 cm**, in 2 steps.\n")
    for told in (
        "1. [Formula 1](<https://example.org/formula/f1>): `p = a*b` \\[3\\]",
        "the q: **12 m**",
        "with numbers: `q = 2*3`",
        "taken of the roots -12, 12",
        "fit `fit-1`: the widest",
        "where k = 0.5 m",
        "Only for x \\> 0.",
        "Mind: b leaves the range",
        "- Mind: c was taken by default",
        "| the b | 3 m | subject of <https://example.org/model/x> \\[5\\] |",
        "disagrees: it gives 6.1 m for `p`, which is 6 m (0.016 apart)",
        "**1300 cm** (0.083 apart) by [Formula 1](<https://example.org/formula/f1>); mind: it is rough",
        "1. [The fit](<https://doi.org/fit>)",
    ):
        assert told in text


def test_markdown_of_what_was_known_says_so() -> None:
    assert "**1200 cm**, known without a step." in derivation_markdown(NO_STEP)


@given(st.text(max_size=30))
def test_no_text_becomes_markup(text: str) -> None:
    told = replace(
        WHOLE, label=text, steps=(replace(FIRST, label=text, conditions=(text,)),), warnings=(text,)
    )
    plain = replace(told, label="x", steps=(replace(FIRST, label="x", conditions=("x",)),), warnings=("x",))

    def kinds(of: Derivation) -> list[str]:
        return [token.type for token in MarkdownIt("commonmark").parse(derivation_markdown(of))]

    if text.strip():
        assert kinds(told) == kinds(plain)


@given(st.text(alphabet="`a* \\", min_size=1, max_size=12))
def test_code_is_shown_as_it_is(text: str) -> None:
    shown = MarkdownIt("commonmark").parseInline(code(text))[0].children or []
    if text.strip():
        assert [token.content.strip() for token in shown] == [" ".join(text.split()).strip()]

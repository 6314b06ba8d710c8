"""The reference lists what there is, and nothing else. ``--update-golden`` renews the lists of the ontology."""

import re
from collections.abc import Iterable
from inspect import getmembers, isclass, signature
from pathlib import Path

import click
import pytest

import kg
import kg.errors
from api.app import create_app
from api.cli import COMMANDS, exit_code, find_command
from api.problems import PLAIN, problem_of
from kg.formula import bounds, functions, givens, names, numbers, tokens
from kg.model.iri import FUNCTION, PLURALS
from kg.services.derivation_handle import DerivationHandle
from kg.services.formula_handle import FormulaHandle
from kg.services.functions import extension_functions
from kg.services.handles import LearningHandle, TopicHandle
from kg.services.knowledge import Knowledge
from kg.services.results import QueryResult
from kg.store import guard
from tests.documents import ROOT

REFERENCE = ROOT / "docs" / "reference"
METHODS = ("get", "post", "put", "patch", "delete")
TERMS = """SELECT ?term ?definition ?domain ?range (GROUP_CONCAT(?wider; separator=" ") AS ?of) WHERE {
  ?term a %s ; rdfs:isDefinedBy <https://w3id.org/trivium/ontology#> ; skos:definition ?definition .
  OPTIONAL { ?term rdfs:domain ?domain . FILTER isIRI(?domain) }
  OPTIONAL { ?term rdfs:range ?range . FILTER isIRI(?range) }
  OPTIONAL { ?term rdfs:subClassOf ?class . BIND(STR(?class) AS ?wider) }
} GROUP BY ?term ?definition ?domain ?range ORDER BY ?term ?domain ?range"""


def text(name: str) -> str:
    return (REFERENCE / name).read_text("utf-8")


def sections(document: str, head: str) -> dict[str, str]:
    """Title → body of the sections whose titles are code, at a level such as ``##``."""
    parts = re.split(rf"^{head} `([^`]+)`$", document, flags=re.MULTILINE)
    bodies = (re.split(r"^##? ", body, flags=re.MULTILINE)[0] for body in parts[2::2])
    return dict(zip(parts[1::2], bodies, strict=True))


def rows(body: str) -> list[list[str]]:
    """The cells of all table rows, heads included."""
    lines = (line for line in body.splitlines() if line.startswith("|") and "| --- " not in line)
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in lines]


def test_http_lists_every_route_with_its_parameters(shipped: Knowledge) -> None:
    found = sections(text("http.md"), "###")
    paths = create_app(shipped).openapi()["paths"]
    routes = {
        f"{method.upper()} {path}": operation
        for path, operations in paths.items()
        for method, operation in operations.items()
        if method in METHODS
    }
    assert found.keys() == {*routes, "GET /docs", "GET /openapi.json"}
    for route, operation in routes.items():
        queries = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
        told = {row[0].strip("`") for row in rows(found[route])[1:]} if route.startswith("GET") else queries
        assert queries - {"symbol"} == {name for name in told if not name.startswith("*")}, route
        assert ("symbol" in queries) == ("*symbol* or *quantity slug*" in found[route]), route


def test_cli_lists_every_command_with_its_options() -> None:
    document = text("cli.md")
    found = sections(document, "##")
    assert found.keys() == {f"trivium {name}" for name in COMMANDS}
    everywhere = {"--help", "-h"}
    for name in COMMANDS:
        command = find_command(name)
        options = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
        table = " ".join(row[0] for row in rows(found[f"trivium {name}"]))
        assert set(re.findall(r"`(--?[\w-]+)`", table)) == options, name
        everywhere |= options
    assert set(re.findall(r"`(--?[a-z][\w-]*)`", document)) == everywhere


def test_errors_lists_every_class_and_problem() -> None:
    listed = [row for row in rows(text("errors.md")) if row[0].startswith("`")]
    classes = {
        name: kind
        for name, kind in getmembers(kg.errors, isclass)
        if issubclass(kind, kg.errors.TriviumError) and kind.__module__ == "kg.errors"
    }
    assert {row[0].strip("`") for row in listed if len(row) == 6} == classes.keys()
    for name, bases, problem, status, code, _ in (row for row in listed if len(row) == 6):
        kind = classes[name.strip("`")]
        error = kind.__new__(kind)
        known = problem_of(error)
        assert bases == ", ".join(f"`{base.__name__}`" for base in kind.__bases__), name
        assert (problem, status, code) == (f"`{known.name}`", str(known.status), str(exit_code(error))), name
    plain = {(row[0].strip("`"), int(row[1])) for row in listed if len(row) == 3}
    assert plain == {(problem.name, problem.status) for problem in PLAIN.values()}


def test_every_sparql_function_is_listed(shipped: Knowledge) -> None:
    listed = sections(text("sparql-functions.md"), "##").keys()
    assert listed == {iri.replace(FUNCTION, "tvf:") for iri in extension_functions(shipped)}


def test_every_setting_is_listed() -> None:
    read = "".join(
        (ROOT / "api" / name).read_text("utf-8") for name in ("settings.py", "cli/console.py", "cli/serve.py")
    )
    listed = {row[0].strip("`") for row in rows(text("http.md")) if row[0].startswith("`TRIVIUM_")}
    assert listed == set(re.findall(r"TRIVIUM_[A-Z_]+", read)) - {"TRIVIUM_"}


def test_every_public_name_of_python_is_listed() -> None:
    document = text("python.md")
    for name in kg.__all__:
        assert f"`{name}`" in document
    for kind in (Knowledge, DerivationHandle, FormulaHandle, LearningHandle, TopicHandle, QueryResult):
        for name in vars(kind):
            assert name.startswith("_") or re.search(rf"\.{name}\b", document), f"{kind.__name__}.{name}"
    for method in (FormulaHandle.evaluate, FormulaHandle.solve, LearningHandle.next):
        told = re.search(rf"\.{method.__name__}\(([^)]*)(?:\(\))?[^`]*\)`", document)
        assert told
        for parameter in list(signature(method).parameters)[1:]:
            assert parameter in told[0], f"{method.__qualname__}({parameter})"


def test_grammar_lists_every_function_and_limit() -> None:
    table = rows(text("grammar.md"))
    cells = [
        (row[at], row[at + 1]) for row in table for at in (0, 2) if len(row) == 4 and row[at].startswith("`")
    ]
    arity = {
        f"`{name}`": str(least) if least == most else f"{least} to {most}"
        for name, (least, most) in names.FUNCTIONS.items()
    }
    assert dict(cells) == arity
    limits = [int(row[1]) for row in table if len(row) == 2 and row[1].isdecimal()]
    assert limits == [
        tokens.MAX_CHARACTERS,
        tokens.MAX_NAME,
        tokens.MAX_DIGITS,
        tokens.MAX_EXPONENT,
        tokens.MAX_BRACKETS,
        tokens.MAX_SIGNS,
        tokens.MAX_POWERS,
        bounds.MAX_NODES,
        bounds.MAX_DEPTH,
        bounds.MAX_CONSTANT_BITS,
        bounds.MAX_DEGREE,
        functions.MAX_TERMS,
        numbers.MAX_TEXT,
        givens.MAX_TEXT,
        guard.MAX_CHARACTERS,
        guard.MAX_TOKENS,
        guard.MAX_DEPTH,
    ]


def table_of(head: str, lines: Iterable[tuple[str, ...]]) -> str:
    columns = head.count("|") + 1
    body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"| {head} |\n|{' --- |' * columns}\n{body}\n"


def lists_of(knowledge: Knowledge) -> dict[str, str]:
    """The lists of ``ontology.md``, by name."""

    def short(value: object) -> str:
        return ", ".join(f"`{knowledge.prefixes.compress(iri)}`" for iri in sorted(str(value or "").split()))

    def terms(kind: str, *columns: str) -> list[tuple[str, ...]]:
        found = knowledge.sparql(TERMS % kind)
        return [
            (short(row["term"]), *(short(row.get(c)) for c in columns), str(row["definition"]))
            for row in found
        ]

    graphs = knowledge.sparql(
        """SELECT ?graph ?title WHERE {
          { ?part tv:graph ?graph ; dcterms:title ?title } UNION
          { VALUES (?graph ?title) {
            (graph:dataset "What the dataset is, and which folder makes up which graph")
            (graph:inferred "What follows by the rules of `ontology/inference/`")
            (graph:schema "Classes and properties") (graph:shapes "SHACL shapes and the prefix table")
            (graph:vocab "Vocabularies") } }
        } ORDER BY ?graph"""
    )
    schemes = knowledge.sparql(
        "SELECT ?term ?definition { ?term skos:inScheme ?scheme ; skos:definition ?definition } ORDER BY ?term"
    )
    return {
        "kinds": table_of(
            "kind | plural", ((f"`{kind}`", f"`{plural}`") for kind, plural in PLURALS.items())
        ),
        "graphs": table_of("graph | holds", ((short(row["graph"]), str(row["title"])) for row in graphs)),
        "classes": table_of("class | is a | definition", terms("owl:Class", "of")),
        "object-properties": table_of(
            "property | of | to | definition", terms("owl:ObjectProperty", "domain", "range")
        ),
        "datatype-properties": table_of(
            "property | of | type | definition", terms("owl:DatatypeProperty", "domain", "range")
        ),
        "vocabularies": table_of(
            "term | definition", ((short(row["term"]), str(row["definition"])) for row in schemes)
        ),
    }


def test_ontology_lists_every_term_with_its_definition(shipped: Knowledge, update_golden: bool) -> None:
    path: Path = REFERENCE / "ontology.md"
    document = path.read_text("utf-8")
    renewed = document
    for name, table in lists_of(shipped).items():
        block = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        assert block.search(renewed), name
        renewed = block.sub(lambda match, table=table: f"{match[1]}\n{table}\n{match[2]}", renewed)  # type: ignore[misc]
    if update_golden:
        path.write_text(renewed, "utf-8")
    elif renewed != document:
        pytest.fail("ontology.md is not what the ontology says: run this test with --update-golden")


def test_the_lists_of_the_ontology_hold_every_declared_term(shipped: Knowledge) -> None:
    declared = shipped.sparql(
        """SELECT DISTINCT ?term WHERE {
          ?term a ?kind . FILTER STRSTARTS(STR(?term), STR(tv:)) FILTER (STR(?term) != STR(tv:))
          FILTER (?kind IN (owl:Class, owl:ObjectProperty, owl:DatatypeProperty, rdf:Property))
        }"""
    )
    document = text("ontology.md")
    missing = [
        row["term"]
        for row in declared
        if f"| `{shipped.prefixes.compress(str(row['term']))}` |" not in document
    ]
    assert missing == []

"""The reference of the dataset as documents: counts, names that were given up, and every formula with its example."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, parse

from kg.exporters.markdown import escape_markdown
from kg.model.description import Link
from kg.model.evidence import Source
from kg.model.iri import ONTOLOGY, PLURALS
from kg.model.reference import Cell, Reference, Table, join_pieces
from kg.services import describe, formulas
from kg.services.knowledge import Knowledge
from tests.documents import ROOT

FOLDER = ROOT / "docs" / "reference" / "dataset"
DATA = ROOT / "ontology" / "data"
RENEW = "pytest tests/meta/test_dataset_pages.py --update-golden"

FORMULA = NamedNode(ONTOLOGY + "Formula")
IN_PRINT = "tv:verification verification:seen-in-print"

AREAS = {
    "page": (
        "Formulas of the page, reconstructed",
        ("reconstructed/formulas", "reconstructed/formulas-inference"),
    ),
    "loss": (
        "Loss and scaling laws",
        ("loss", "loss-compute", "scaling", "kaplan", "hyperparameters", "effective"),
    ),
    "compute": ("Compute and how to split it", ("compute", "model", "allocation", "allocation-studies")),
    "data": ("Data and learning", ("data", "learning")),
    "training": ("Training", ("training", "training-memory", "precision", "alignment")),
    "architectures": ("Architectures", ("attention", "cache", "recurrence", "rwkv", "hybrid", "routing")),
    "inference": (
        "Inference and test-time compute",
        ("inference", "sampling", "speculation", "serving", "roofline"),
    ),
    "progress": ("Capabilities, evaluation and trends", ("capability", "evaluation", "trends", "governance")),
    "cost": ("Cost and energy", ("economics", "prices", "energy", "energy-service")),
}
"""Page → its title, and the files of ``ontology/data/`` whose formulas it holds (``literature/formulas-…``)."""


def dataset_pages(knowledge: Knowledge) -> dict[str, str]:
    """File name → text of every page; the index is ``index.md``."""
    pages = {name: _area(knowledge, name) for name in AREAS}
    counts = {name: page.count("\n## ") for name, page in pages.items()}
    return {"index.md": _index(knowledge, counts)} | {f"{name}.md": page for name, page in pages.items()}


def formula_files() -> Iterator[tuple[str, str]]:
    """IRI of each formula with its file, as :data:`AREAS` names it."""
    for path in sorted(DATA.rglob("*.ttl")):
        name = str(path.relative_to(DATA).with_suffix("")).replace("literature/formulas-", "")
        for quad in parse(path=path):
            if quad.predicate.value.endswith("#type") and quad.object == FORMULA:
                yield quad.subject.value, name


def _index(knowledge: Knowledge, formulas_of: dict[str, int]) -> str:
    version = _one(knowledge, "SELECT ?found { ?dataset tv:baseIri ?base ; owl:versionInfo ?found }")
    kinds = describe.count_kinds(knowledge)
    lines = [
        "# Dataset",
        "",
        f"Version {version}: how much there is of what, and every formula with its example and its source.",
        f"These pages are made from the data by `{RENEW}`.",
        "Every class, property and vocabulary stands in [ontology](../ontology.md).",
        "",
        "## Formulas by subject",
        "",
        *_rows(
            "page | formulas",
            ((f"[{title}]({name}.md)", formulas_of[name]) for name, (title, _) in AREAS.items()),
        ),
        "",
        "## Counts by kind",
        "",
        *_rows("kind | resources", ((f"`{kind}`", kinds[kind]) for kind in PLURALS if kinds[kind])),
        "",
        "## Parts of formulas",
        "",
        *_rows("what | how many", _parts(knowledge)),
        "",
        "## Names that were given up",
        "",
        "Each leads to what stands in its place: by 301 over HTTP, silently everywhere else.",
        "",
        *_rows("name | now", _replaced(knowledge)),
    ]
    return "\n".join(lines) + "\n"


def _parts(knowledge: Knowledge) -> Iterator[tuple[str, object]]:
    counted = (
        ("fits (constant sets)", "?found a tv:ConstantSet"),
        ("worked examples", "?found a tv:WorkedExample"),
        ("examples whose number was seen in print", f"?found a tv:WorkedExample ; {IN_PRINT}"),
        ("readings of what can be read in several ways", "?found a tv:Reading"),
        ("costs of architectures", "?found a tv:Complexity"),
    )
    for name, pattern in counted:
        yield name, _one(knowledge, f"SELECT (COUNT(DISTINCT ?found) AS ?n) {{ {pattern} }}", "n")


def _replaced(knowledge: Knowledge) -> Iterator[tuple[str, str]]:
    for old, new in sorted(knowledge.replacements.items()):
        yield tuple(f"`{iri.removeprefix(knowledge.base)}`" for iri in (old, new))  # type: ignore[misc]


def _one(knowledge: Knowledge, query: str, name: str = "found") -> object:
    (row,) = knowledge.sparql(query)
    value = row[name]
    return int(value) if isinstance(value, float) else value


def _area(knowledge: Knowledge, name: str) -> str:
    title, files = AREAS[name]
    iris = sorted({iri for iri, file in formula_files() if file in files})
    lines = [f"# {title}", "", f"Made from the data by `{RENEW}`; [all pages](index.md)."]
    for iri in iris:
        page = describe.lay_out(describe.describe(knowledge, iri))
        lines += ["", *_formula(knowledge, page)]
    return "\n".join(lines) + "\n"


def _formula(knowledge: Knowledge, page: Reference) -> Iterator[str]:
    description = page.description
    facts = {fact.name: fact.cell for fact in page.facts}
    yield f"## {escape_markdown(description.label)}"
    yield ""
    told = (_cell(facts.get(name, ())) for name in ("formula kind", "evidence", "checked"))
    slug = description.iri.removeprefix(knowledge.base)
    yield ", ".join(filter(None, (f"`{slug}`", *told)))
    yield ""
    yield from _sentences(description.definition)
    yield ""
    yield f"$${formulas.render_formula(knowledge, description.iri, 'tex').strip()}$$"
    yield ""
    yield f"    {page.expression}"
    for name, heading in (("condition", "Holds where"), ("rationale", "Why so")):
        if name in facts:
            yield ""
            yield from _sentences(f"{heading}: {_cell(facts[name])}")
    for table in page.tables:
        if table.title != "Covers" and not table.title.startswith("Variables of"):
            yield ""
            yield f"{table.title}:"
            yield ""
            yield from _table(table)
    yield ""
    yield from _rows("source | title", map(_source, page.sources))


def _sentences(text: str) -> list[str]:
    """A sentence a line, as all our documents have them."""
    return re.sub(r"(?<=[a-z`)][.?!]) (?=[A-Z`])", "\n", escape_markdown(text)).splitlines()


def _table(table: Table) -> list[str]:
    kept = [at for at, name in enumerate(table.columns) if name != "quantity"]
    rows = (tuple(_cell(row[at]) for at in kept) for row in table.rows)
    return _rows(" | ".join(table.columns[at] for at in kept), rows)


def _cell(cell: Cell) -> str:
    return escape_markdown(
        join_pieces(
            piece if isinstance(piece, str) else (piece.label if isinstance(piece, Link) else _short(piece))
            for piece in cell
        )
    )


def _short(source: Source) -> str:
    return source.iri.rpartition("/")[2]


def _source(source: Source) -> tuple[str, str]:
    label = escape_markdown(source.label)
    return f"`{_short(source)}`", f"[{label}](<{source.url}>)" if source.url else label


def _rows(head: str, rows: Iterable[tuple[object, ...]]) -> list[str]:
    columns = head.count("|") + 1
    return [f"| {head} |", f"|{' --- |' * columns}", *(f"| {' | '.join(map(str, row))} |" for row in rows)]

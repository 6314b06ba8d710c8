"""The reference of the dataset as documents: counts, names that were given up, and every formula with its example."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import parse

from kg.exporters.markdown import escape_markdown
from kg.model.evidence import Source
from kg.model.iri import ONTOLOGY, PLURALS
from kg.model.reference import Cell, Reference, Table, join_pieces
from kg.services import describe, formulas
from kg.services.knowledge import Knowledge
from tests.documents import ROOT

FOLDER = ROOT / "docs" / "reference" / "dataset"
DATA = ROOT / "ontology" / "data"
RENEW = "pytest tests/meta/test_dataset_pages.py --update-golden"

AREAS = {
    "page": ("Formulas of the page, reconstructed", ("reconstructed/formulas", "reconstructed/formulas-inference")),
    "loss": ("Loss and scaling laws", ("loss", "loss-compute", "scaling", "kaplan", "hyperparameters", "effective")),
    "compute": ("Compute and how to split it", ("compute", "model", "allocation", "allocation-studies")),
    "data": ("Data and learning", ("data", "learning")),
    "training": ("Training", ("training", "training-memory", "precision", "alignment")),
    "architectures": ("Architectures", ("attention", "cache", "recurrence", "rwkv", "hybrid", "routing")),
    "inference": ("Inference and test-time compute", ("inference", "sampling", "speculation", "serving", "roofline")),
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
            if quad.predicate.value.endswith("#type") and quad.object == _FORMULA:
                yield quad.subject.value, name


_FORMULA = next(iter(parse(f"<a:a> a <{ONTOLOGY}Formula> .", format=_TURTLE))).object

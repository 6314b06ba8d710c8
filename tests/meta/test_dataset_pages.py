"""The reference of the dataset is what the data says. ``--update-golden`` renews it."""

from collections import Counter

import pytest

from kg.services.knowledge import Knowledge
from tests.meta.dataset_pages import AREAS, FOLDER, RENEW, dataset_pages, formula_files


def test_the_pages_are_what_the_data_says(shipped: Knowledge, update_golden: bool) -> None:
    pages = dataset_pages(shipped)
    if update_golden:
        FOLDER.mkdir(exist_ok=True)
        for name, text in pages.items():
            (FOLDER / name).write_text(text, "utf-8")
    written = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    assert written.keys() == pages.keys()
    for name, text in pages.items():
        if written[name] != text:
            pytest.fail(f"docs/reference/dataset/{name} is not what the data says: run {RENEW}")


def test_every_formula_stands_on_one_page(shipped: Knowledge) -> None:
    pages = Counter(file for _, files in AREAS.values() for file in files)
    assert set(pages.values()) == {1}
    homes = dict(formula_files())
    assert set(homes.values()) == pages.keys()
    assert homes.keys() == {str(iri) for iri in shipped.names["formula"].values()}

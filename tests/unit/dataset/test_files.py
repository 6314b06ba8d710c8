"""Which files make up a dataset, and what is wrong with a folder that is none."""

from pathlib import Path

import pytest

import ontology
from kg.dataset.files import DatasetFiles
from kg.errors import BadSyntax, InvalidData
from tests.datasets import BASE, write_dataset


def test_the_shipped_dataset_has_each_file_in_the_graph_of_its_folder() -> None:
    files = DatasetFiles.shipped()
    assert files.base == "https://w3id.org/trivium/id/"
    assert files.strays == ()
    on_disk = set(ontology.root().rglob("*.ttl"))
    assert {path for path, _ in files.turtle} == on_disk
    for path, graph in files.data:
        if path.name != "dataset.ttl":
            assert graph.rpartition("/")[2] == path.relative_to(files.folder).parts[0]


def test_a_dataset_of_ones_own_brings_data_and_the_engine_the_rest(tmp_path: Path) -> None:
    files = DatasetFiles.at(write_dataset(tmp_path))
    assert files.base == BASE
    assert files.prefixes.expand("topic:x") == BASE + "topic/x"
    assert files.prefixes.expand("tv:Topic") == "https://w3id.org/trivium/ontology#Topic"
    graphs = {graph.rpartition("/")[2] for _, graph in files.turtle}
    assert graphs == {"schema", "shapes", "vocab", "dataset", "physics", "towers"}
    assert len(files.rules) > 0 and len(files.checks) > 0


def test_the_version_follows_every_byte_and_nothing_else(tmp_path: Path) -> None:
    one = DatasetFiles.at(write_dataset(tmp_path / "one"))
    same = DatasetFiles.at(write_dataset(tmp_path / "two"))
    other = DatasetFiles.at(write_dataset(tmp_path / "three", more="# a comment\n"))
    assert one.version() == same.version() != other.version()


DESCRIBED = ("dataset.ttl", 'tv:baseIri "https://stones.example/id/"^^xsd:anyURI ;', "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (DESCRIBED, "0 values of tv:baseIri"),
        (("dataset.ttl", '"https://stones.example/id/"', '"https://stones.example/id"'), "ends with / or #"),
        (("dataset.ttl", '"https://stones.example/id/"', '"stones/"'), "absolute IRI"),
        (("dataset.ttl", 'tv:graphFolder "towers"', 'tv:graphFolder "tower"'), "no folder 'tower'"),
        (("dataset.ttl", 'tv:graphFolder "towers"', 'tv:graphFolder "../.."'), "outside the dataset"),
        (("dataset.ttl", ' ;\n    tv:graphFolder "towers"', ""), "both tv:graph and tv:graphFolder"),
    ],
    ids=["no base", "base without end", "relative base", "no such folder", "folder outside", "half a part"],
)
def test_a_description_that_cannot_be_used_says_what_to_mend(
    tmp_path: Path, change: tuple[str, str, str], says: str
) -> None:
    folder = write_dataset(tmp_path, change)
    with pytest.raises(InvalidData, match=r"dataset\.ttl") as caught:
        DatasetFiles.at(folder)
    assert says in str(caught.value)


def test_a_folder_without_description_or_with_a_bad_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidData, match=r"there is no dataset\.ttl"):
        DatasetFiles.at(tmp_path)
    (tmp_path / "dataset.ttl").write_text("ex:a a ex:B .")
    with pytest.raises(BadSyntax, match="prefix ex: is not declared"):
        DatasetFiles.at(tmp_path)

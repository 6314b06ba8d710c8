"""Fixtures of the whole suite: the shipped dataset and a small one of one's own, each opened once."""

import os

import pytest
from hypothesis import settings

from kg.services.knowledge import Knowledge, open_knowledge
from tests.datasets import write_dataset

# A slow machine is no fault; the gate draws the same examples each time, a developer new ones.
settings.register_profile("developer", deadline=None)
settings.register_profile("gate", deadline=None, derandomize=True)
settings.load_profile("gate" if os.environ.get("CI") else "developer")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the answers of today beside the questions"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def shipped() -> Knowledge:
    """The dataset that comes with the program; read-only."""
    return open_knowledge()


@pytest.fixture(scope="session")
def stones(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    """A small dataset under a base IRI of its own; read-only."""
    return open_knowledge(write_dataset(tmp_path_factory.mktemp("stones")))

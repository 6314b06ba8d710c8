"""CPU of the store on disk beside the store in memory: opening it against parsing Turtle, and a look-up in both."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from benchmarks.measure import Row, interleave
from benchmarks.planning import cpu_us
from kg.dataset.files import DatasetFiles
from kg.dataset.load import load_dataset, publish_dataset
from kg.rdf.formats import JSON
from kg.store.base import Store
from kg.store.disk import DiskStore

ASK_FIRST = "ASK { ?s ?p ?o }"
LOOK_UP = "SELECT ?p ?o { <https://w3id.org/trivium/id/architecture/mamba> ?p ?o } ORDER BY ?p ?o"


def measure_stores(rounds: int, calls: int) -> tuple[Row, ...]:
    """CPU of opening, and of one look-up as the mean of ``calls`` in a round."""
    files = DatasetFiles.shipped()
    with TemporaryDirectory() as folder:
        path = Path(folder)
        publish_dataset(files, path)
        opening = interleave(
            lambda: cpu_ms(lambda: DiskStore(path)),
            lambda: cpu_ms(lambda: load_dataset(files)),
            rounds=rounds,
        )
        disk, memory = DiskStore(path), load_dataset(files)
        assert look_up(disk) == look_up(memory)
        asking = interleave(
            cpu_us(lambda: look_up(disk), calls), cpu_us(lambda: look_up(memory), calls), rounds=rounds
        )
    return (
        Row(
            "on disk: opened, first answer",
            "parsing Turtle",
            "ms CPU",
            *opening,
            target=0.5,
        ),
        Row("on disk: look-up", "store in memory", "µs CPU", *asking),
    )


def cpu_ms(open_store: Callable[[], Store]) -> float:
    """Milliseconds of CPU until a store has answered."""
    start = process_time()
    assert open_store().query(ASK_FIRST)
    return (process_time() - start) * 1e3


def look_up(store: Store) -> bytes:
    """What the graph says of one subject, as JSON."""
    return store.query(LOOK_UP).serialize(JSON)

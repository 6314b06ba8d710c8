"""Extension functions of SPARQL, and the reasons why calls of them failed.

An extension function that raises or gives None leaves its variable unbound (https://www.w3.org/TR/sparql11-query/#extensionFunctions),
and the engine swallows the reason; here the reasons are kept, query by query.
"""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.errors import TriviumError
from kg.rdf.terms import Term

ExtensionFunction = Callable[..., Term | None]
"""Takes the terms of its arguments, gives a term; None or an error leaves the variable unbound."""

SHOWN_REASONS: Final = 10
_SHOWN_CHARACTERS: Final = 300


class Failures:
    """Failed calls of one query: the first ten reasons as they came, and how many there were. Thread-safe."""

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._lock = Lock()
        self._reasons: list[str] = list(known)
        self._count = len(self._reasons)

    def add(self, reason: str) -> None:
        """Count a failure; keep its reason while there is room and it is new."""
        with self._lock:
            self._count += 1
            if len(self._reasons) < SHOWN_REASONS and reason not in self._reasons:
                self._reasons.append(reason)

    @property
    def count(self) -> int:
        """How many calls failed so far."""
        return self._count

    @property
    def warnings(self) -> tuple[str, ...]:
        """The reasons, and a last line that counts where there were more failures than reasons shown."""
        with self._lock:
            shown = tuple(self._reasons)
            if self._count > len(shown):
                shown += (f"{self._count} calls failed in all",)
            return shown


def watch(
    functions: Mapping[str, ExtensionFunction], failures: Failures
) -> dict[NamedNode, ExtensionFunction]:
    """The functions as the engine takes them, each reporting to ``failures`` why a call gave no term."""
    return {NamedNode(iri): _watched(iri, function, failures) for iri, function in functions.items()}


def _watched(iri: str, function: ExtensionFunction, failures: Failures) -> ExtensionFunction:
    name = iri.rpartition("#")[2].rpartition("/")[2]

    def call(*arguments: Any) -> Term | None:
        try:
            term = function(*arguments)
        except TriviumError as error:
            reason = str(error)
        except TypeError as error:
            reason = f"called with {len(arguments)} arguments: {error}"
        except Exception as error:  # noqa: BLE001 - the engine would swallow it; the reader must see it
            reason = f"{type(error).__name__}: {error}"
        else:
            if isinstance(term, NamedNode | BlankNode | Literal | Triple):
                return term
            reason = "has no value here" if term is None else f"gave a {type(term).__name__}, not an RDF term"
        failures.add(f"{name}: {reason}"[:_SHOWN_CHARACTERS])
        return None

    return call

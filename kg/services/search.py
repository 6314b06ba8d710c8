"""Find resources by words, however people write them."""

from typing import TYPE_CHECKING

from kg.errors import BadParameter, NotFound
from kg.model.iri import PLURALS
from kg.services.engines import Engines
from kg.services.references import kind_of

if TYPE_CHECKING:
    from kg.model.search import SearchAnswer

MAX_HITS = 100


def search(engines: Engines, text: str, *, kind: str = "", limit: int = 10) -> "SearchAnswer":
    """What has all words of the text, best first; of one kind (singular or plural), if that is said.

    Raises:
        BadParameter: the text is empty, the kind is none, or ``limit`` is not from 1 to 100.
        TooLarge: the text is too long.
    """
    if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= MAX_HITS:
        raise BadParameter("limit", str(limit)[:40], f"a whole number from 1 to {MAX_HITS}")
    return engines.search_index.search(text, kind=_kind(kind), limit=limit)


def _kind(text: str) -> str:
    try:
        return kind_of(text) if text else ""
    except NotFound as error:
        raise BadParameter("kind", error.name, f"one of {', '.join(PLURALS)}") from error

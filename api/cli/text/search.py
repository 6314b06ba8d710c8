"""Hits of a search as text: each by ``kind/slug``, with its label and what is said of it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from api.cli.text.layout import table

if TYPE_CHECKING:
    from kg.model.search import Piece, SearchAnswer


def search_text(answer: "SearchAnswer", base: str, mark: Callable[[str], str]) -> str:
    """The answer of ``trivium search``: each hit by ``kind/slug``, with its label and what is said of it."""
    lines = [f"searched for {answer.corrected!r}"] if answer.corrected else []
    for hit in answer.hits:
        lines.append(f"{hit.iri.removeprefix(base)}  {_marked(hit.title, mark)}")
        lines += [f"    {_marked(hit.snippet, mark)}"] if hit.snippet else []
    if answer.total > len(answer.hits):
        lines.append(f"the first {len(answer.hits)} of {answer.total}")
    rows = [(near.iri.removeprefix(base), near.label) for near in answer.suggestions]
    return "\n".join([*lines, *([] if answer.hits else ["nothing has all these words"]), *_near(rows)])


def _near(rows: list[tuple[str, str]]) -> list[str]:
    return ["near to it:", *table(rows)] if rows else []


def _marked(pieces: tuple["Piece", ...], mark: Callable[[str], str]) -> str:
    return "".join(mark(piece.text) if piece.is_match else piece.text for piece in pieces)

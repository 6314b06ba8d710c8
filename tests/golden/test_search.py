"""The answers of a few searches as they were read and found good; ``--update-golden`` writes them anew."""

import json
from pathlib import Path

from kg.model.search import Piece
from kg.services.knowledge import Knowledge

GOLDEN = Path(__file__).with_name("search.json")
SEARCHES = (
    "state space",
    "mixtre of experts",
    "scaling law",
    "k_inf",
    "carbon emissons",
    "mamba quaternions",
)
SHOWN = 6


def marked(pieces: tuple[Piece, ...]) -> str:
    return "".join(f"[{piece.text}]" if piece.is_match else piece.text for piece in pieces)


def test_searches_answer_as_read(shipped: Knowledge, update_golden: bool) -> None:
    answers = {text: shipped.search(text, limit=SHOWN) for text in SEARCHES}
    found = {
        text: {
            "corrected": answer.corrected,
            "hits": [
                [hit.iri.removeprefix(shipped.base), hit.field, marked(hit.title), marked(hit.snippet)]
                for hit in answer
            ],
            "suggestions": [near.iri.removeprefix(shipped.base) for near in answer.suggestions],
        }
        for text, answer in answers.items()
    }
    if update_golden:
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert found == json.loads(GOLDEN.read_text("utf-8"))

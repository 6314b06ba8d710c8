"""Laws of the search: every label is found by itself, and no text breaks it."""

from hypothesis import given
from hypothesis import strategies as st

from kg.errors import BadParameter, TooLarge
from kg.model.iri import Iri
from kg.model.search import Document
from kg.search.index import SearchIndex
from kg.search.query import MAX_CHARACTERS
from kg.search.words import name_key
from kg.services.knowledge import Knowledge


def test_every_shipped_label_and_slug_is_found_by_itself_first_or_tied(shipped: Knowledge) -> None:
    missed = []
    for kind, slugs in shipped.names.items():
        for entry in shipped.list(kind) if slugs else ():
            for name in (entry.label, entry.iri.rpartition("/")[2]):
                answer = shipped.search(name, kind=kind, limit=50)
                key = name_key(name)
                before = []
                for hit in answer:
                    if hit.iri == entry.iri:
                        break
                    before.append(hit)
                else:
                    missed.append((entry.iri, name))
                equal = [
                    hit
                    for hit in before
                    if key in (name_key(hit.label), name_key(hit.iri.rpartition("/")[2]))
                ]
                if len(equal) != len([hit for hit in before if hit.field in ("label", "name")]):
                    missed.append((entry.iri, name))
    assert not missed


texts = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(str.strip)


def key_of(label: str) -> str:
    return name_key(label.replace("\0", " "))


@given(st.lists(texts, min_size=1, max_size=6), st.data())
def test_any_label_is_found_by_itself_first_or_tied(labels: list[str], data: st.DataObject) -> None:
    documents = [
        Document(Iri(f"http://x/topic/{number}"), "topic", label) for number, label in enumerate(labels)
    ]
    wanted = data.draw(st.sampled_from(documents))
    try:
        answer = SearchIndex(documents).search(wanted.label)
    except BadParameter:
        assert not key_of(wanted.label)
        return
    assert wanted.iri in [hit.iri for hit in answer]
    assert key_of(answer.hits[0].label) == key_of(wanted.label)
    assert answer.corrected == ""


anything = st.text(max_size=MAX_CHARACTERS + 20) | st.text('"*()^:{}+- ANDORT', max_size=60)


@given(anything, st.sampled_from(["", "topic", "formula"]), st.integers(1, 100))
def test_any_text_is_answered_or_refused(shipped: Knowledge, text: str, kind: str, limit: int) -> None:
    try:
        answer = shipped.search(text, kind=kind, limit=limit)
    except (BadParameter, TooLarge) as error:
        assert str(error)
        return
    assert len(answer.hits) == min(answer.total, limit)
    assert not (answer.hits and answer.suggestions)
    assert all(hit.kind == kind or not kind for hit in answer)
    for hit in answer:
        assert "".join(piece.text for piece in hit.title) == hit.label
    assert answer == shipped.search(text, kind=kind, limit=limit)

"""Records as JSON documents. IRIs go out twice: ``iri`` as in the dataset, ``href`` on this service."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from api.links import Links
from kg.model.iri import Iri

if TYPE_CHECKING:
    from kg.model.advice import NextAdvice, ReadyTopic, RelatedTopic, ReviewTopic, TopicRelations
    from kg.model.answer import Evaluation, InputValue, Observed, ReadingValue, Root, Search, Solution, Step
    from kg.model.derivation import DerivedInput
    from kg.model.description import Entry
    from kg.model.evidence import Source
    from kg.model.search import Piece, SearchAnswer

Document = dict[str, Any]


def to_bytes(document: Document) -> bytes:
    """Compact JSON in UTF-8; a number that JSON cannot say would be our fault, and raises ValueError."""
    from pydantic_core import to_json  # The writer of FastAPI: a third of the time that ``json`` takes.

    try:
        body = to_json(document)
    except ValueError:
        body = b""
    if body and b"NaN" not in body and b"Infinity" not in body:
        return body
    # Half a surrogate pair, which a request can name in JSON, goes out as the escape that it came as.
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode(errors="backslashreplace")


def reference(iri: Iri, label: str, links: Links) -> Document:
    """A resource by name."""
    return {"iri": iri, "href": links.href(iri), "label": label}


def evaluation_document(evaluation: "Evaluation", links: Links) -> Document:
    """The answer of ``/formulas/{slug}/evaluate``."""
    document: Document = {
        "formula": reference(evaluation.formula, evaluation.label, links),
        "expression": evaluation.expression,
        "symbol": evaluation.symbol,
        "value": evaluation.value,
        "unit": evaluation.unit,
        "evidence": evaluation.evidence,
        "certainty": evaluation.certainty,
        "fit": evaluation.fit,
        "fitRationale": evaluation.fit_rationale,
        "inputs": [input_document(value, links) for value in evaluation.inputs],
        "steps": step_documents(evaluation.steps),
        "readings": [_reading(value) for value in evaluation.readings],
        "warnings": list(evaluation.warnings),
        "sources": source_documents(evaluation.sources, links),
    }
    if evaluation.uncertainty is not None:
        from api.wire_uncertainty import uncertainty_document

        document["uncertainty"] = uncertainty_document(evaluation.uncertainty)
    return document


def solution_document(solution: "Solution", links: Links) -> Document:
    """The answer of ``/formulas/{slug}/solve``."""
    return {
        "formula": reference(solution.formula, solution.label, links),
        "expression": solution.expression,
        "for": solution.symbol,
        "closedForm": solution.closed_form,
        "steps": step_documents(solution.steps),
        "conditions": list(solution.conditions),
        "roots": [root_document(root) for root in solution.roots],
        "search": scan_document(solution.search),
        "fit": solution.fit,
        "fitRationale": solution.fit_rationale,
        "inputs": [input_document(value, links) for value in solution.inputs],
        "warnings": list(solution.warnings),
        "sources": source_documents(solution.sources, links),
    }


def advice_document(advice: "NextAdvice", links: Links) -> Document:
    """The answer of ``/learning/next``."""
    return {
        "known": list(advice.known),
        "implied": list(advice.implied),
        "goal": advice.goal,
        "knownHours": advice.known_hours,
        "remainingHours": advice.remaining_hours,
        "total": advice.total,
        "topics": [_ready(topic, links) for topic in advice.topics],
        "note": advice.note,
        "reviewTotal": advice.review_total,
        "review": [_review(topic, links) for topic in advice.review],
    }


def relations_document(relations: "TopicRelations", links: Links) -> Document:
    """The answer of ``/topics/{slug}/prerequisites`` and ``/unlocks``."""
    return {
        "topic": relations.topic,
        "relation": relations.relation,
        "transitive": relations.transitive,
        "hours": relations.hours,
        "total": len(relations.topics),
        "hoursInAll": relations.hours_in_all,
        "totalInAll": relations.total_in_all,
        "topics": [_related(topic, links) for topic in relations.topics],
    }


def list_document(entries: Iterable["Entry"], total: int, links: Links) -> Document:
    """A list of resources."""
    items = [reference(entry.iri, entry.label, links) | {"definition": entry.definition} for entry in entries]
    return {"total": total, "items": items}


def search_document(answer: "SearchAnswer", links: Links) -> Document:
    """The answer of ``/search``."""
    return {
        "query": answer.query,
        "kind": answer.kind,
        "corrected": answer.corrected,
        "total": answer.total,
        "hits": [
            reference(hit.iri, hit.label, links)
            | {
                "kind": hit.kind,
                "field": hit.field,
                "title": _pieces(hit.title),
                "snippet": _pieces(hit.snippet),
            }
            for hit in answer.hits
        ],
        "suggestions": [
            reference(near.iri, near.label, links) | {"kind": near.kind} for near in answer.suggestions
        ],
    }


def _pieces(pieces: tuple["Piece", ...]) -> list[Document]:
    return [{"text": piece.text, "match": piece.is_match} for piece in pieces]


def input_document(value: "InputValue | DerivedInput", links: Links) -> Document:
    """One value with unit, origin, quantity and source, and what else was observed of its subject."""
    document: Document = {
        "symbol": value.symbol,
        "label": value.label,
        "value": value.value,
        "unit": value.unit,
        "origin": value.origin.value,
    }
    if value.quantity:
        document["quantity"] = {"iri": value.quantity, "href": links.href(value.quantity)}
    if value.source:
        document["source"] = _source(value.source, links)
    if value.alternatives:
        document["alternatives"] = [_observed(observed, links) for observed in value.alternatives]
    return document


def _observed(observed: "Observed", links: Links) -> Document:
    return {
        "iri": observed.observation,
        "href": links.href(observed.observation),
        "value": observed.value,
        "unit": {"iri": observed.unit, "href": links.href(observed.unit)},
        "method": observed.method,
        "date": observed.date,
        "sources": source_documents(observed.sources, links),
    }


def _source(source: "Source", links: Links) -> Document:
    document = reference(source.iri, source.label, links)
    return document | {"url": source.url} if source.url else document


def source_documents(sources: tuple["Source", ...], links: Links) -> list[Document]:
    """Sources by name, each with its address where it has one."""
    return [_source(source, links) for source in sources]


def step_documents(steps: tuple["Step", ...]) -> list[Document]:
    """The lines of a derivation."""
    return [{"action": step.action, "relation": step.relation, "condition": step.condition} for step in steps]


def _reading(value: "ReadingValue") -> Document:
    return {
        "name": value.name,
        "meaning": value.meaning,
        "expression": value.expression,
        "certainty": value.certainty,
        "preferred": value.preferred,
        "value": value.value,
        "unit": value.unit,
        "reason": value.reason,
    }


def root_document(root: "Root") -> Document:
    """One root; one by number says in which stretch it was found."""
    document: Document = {
        "value": root.value,
        "unit": root.unit,
        "method": root.method,
        "residual": root.residual,
        "conditions": list(root.conditions),
    }
    return document | {"bracket": list(root.bracket)} if root.bracket else document


def scan_document(search: "Search | None") -> Document | None:
    """How complete a search by number was; None where the roots come from a closed form."""
    if search is None:
        return None
    return {"complete": search.complete, "how": search.how, "from": search.low, "to": search.high}


def _ready(topic: "ReadyTopic", links: Links) -> Document:
    return reference(topic.iri, topic.label, links) | {
        "slug": topic.slug,
        "hours": topic.hours,
        "rank": topic.rank,
        "reasons": [{"kind": r.kind, "text": r.text, "topics": list(r.topics)} for r in topic.reasons],
        "unlocks": list(topic.unlocks),
    }


def _review(topic: "ReviewTopic", links: Links) -> Document:
    return reference(topic.iri, topic.label, links) | {
        "slug": topic.slug,
        "hours": topic.hours,
        "neededBy": list(topic.needed_by),
        "text": topic.text,
    }


def _related(topic: "RelatedTopic", links: Links) -> Document:
    return reference(topic.iri, topic.label, links) | {
        "slug": topic.slug,
        "hours": topic.hours,
        "depth": topic.depth,
    }

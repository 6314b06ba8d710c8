"""What a learner has learnt: a value that anyone can keep, in a file, in a request or with a service."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from kg.errors import BadParameter, TooLarge

MOST_TOPICS: Final = 10_000
MOST_CHARACTERS: Final = 200
"""Of the name of a topic, and of the evidence for it."""


@dataclass(frozen=True, slots=True)
class LearntTopic:
    """A topic that is known: since when, and how the learner knows, as far as that is said."""

    topic: str
    on: date | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class LearnerState:
    """The topics that a learner names as known, each once, by slug; what they require counts as known as well.

    >>> state = LearnerState.of(["vectors", LearntTopic("matrices", date(2027, 1, 4), "course")])
    >>> state.document()
    {'topics': [{'topic': 'matrices', 'on': '2027-01-04', 'evidence': 'course'}, {'topic': 'vectors'}]}
    >>> LearnerState.read(state.document()) == state
    True
    """

    topics: tuple[LearntTopic, ...] = ()

    @classmethod
    def of(cls, topics: Iterable[LearntTopic | str]) -> "LearnerState":
        """The state with these topics; of one that stands twice the last counts.

        Raises:
            TooLarge: there are more than 10 000.
        """
        records = (LearntTopic(each) if isinstance(each, str) else each for each in topics)
        found = {each.topic: each for each in records}
        if len(found) > MOST_TOPICS:
            raise TooLarge("the number of learnt topics", len(found), MOST_TOPICS)
        return cls(tuple(sorted(found.values(), key=lambda each: each.topic)))

    @classmethod
    def read(cls, document: Any) -> "LearnerState":
        """The state of a JSON document: ``{"topics": […]}``, each a slug, or an object with topic, on and evidence.

        Raises:
            BadParameter: it is something else; names the member. TooLarge: there are too many topics.
        """
        if not isinstance(document, Mapping) or not isinstance(document.get("topics", []), list):
            raise BadParameter("topics", str(document)[:40], 'a list, as in {"topics": ["linear-algebra"]}')
        _check_members(document, ("topics",))
        topics = document.get("topics", [])
        if len(topics) > MOST_TOPICS:
            raise TooLarge("the number of learnt topics", len(topics), MOST_TOPICS)
        return cls.of(map(_topic, topics))

    @property
    def slugs(self) -> tuple[str, ...]:
        """The topics, sorted."""
        return tuple(each.topic for each in self.topics)

    def document(self) -> dict[str, Any]:
        """The state as :meth:`read` takes it."""
        return {"topics": [_document(each) for each in self.topics]}


def parse_day(text: str) -> date:
    """A day of the calendar, written as 2027-01-04.

    Raises:
        BadParameter: it is none.
    """
    try:
        if len(text) == len("2027-01-04"):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadParameter("on", text[:40], "a day written as 2027-01-04")


def check_text(name: str, value: object) -> str:
    """A text that is short and has no line breaks or controls.

    Raises:
        BadParameter: it is not.
    """
    if not isinstance(value, str) or len(value) > MOST_CHARACTERS or not (value.isprintable()):
        raise BadParameter(
            name, str(value)[:40], f"a text on one line of at most {MOST_CHARACTERS} characters"
        )
    return value


def _topic(entry: object) -> LearntTopic:
    fields = {"topic": entry} if isinstance(entry, str) else entry
    if not isinstance(fields, Mapping):
        raise BadParameter("topics", str(entry)[:40], "slugs, or objects with topic, on and evidence")
    _check_members(fields, ("topic", "on", "evidence"))
    topic = check_text("topic", fields.get("topic", "")).strip()
    if not topic:
        raise BadParameter("topic", "", "the slug of a topic")
    on = check_text("on", fields.get("on") or "")
    return LearntTopic(
        topic, parse_day(on) if on else None, check_text("evidence", fields.get("evidence") or "")
    )


def _check_members(document: Mapping[str, object], known: tuple[str, ...]) -> None:
    for name in document:
        if name not in known:
            raise BadParameter(str(name)[:80], "…", f"nothing here: the members are {', '.join(known)}")


def _document(learnt: LearntTopic) -> dict[str, str]:
    return {
        "topic": learnt.topic,
        **({"on": learnt.on.isoformat()} if learnt.on else {}),
        **({"evidence": learnt.evidence} if learnt.evidence else {}),
    }

"""What is off in choices of prerequisites: options that are no topics, come too late, or leave nothing to choose."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final, Literal

from kg.errors import InvalidData
from kg.learning.alternatives import Groups, Mixed, settle
from kg.learning.closure import closure
from kg.learning.diagnose import find_cycle
from kg.model.diagnosis import TopicFinding
from kg.model.learning import Curriculum, Topic

_PAIR: Final = 2
_LATE: Final = "an option can come before its topic"


def choice_findings(curriculum: Curriculum, *, acyclic: bool) -> Iterator[TopicFinding]:
    """Findings on choices; where plain prerequisites form a cycle, only whether options are topics."""
    owners = [topic for topic in curriculum.topics if topic.requires_one_of]
    slugs = sorted({topic.slug for topic in curriculum.topics})
    numbers = {slug: number for number, slug in enumerate(slugs)}
    choices: dict[int, Groups] = {}
    for topic in owners:
        groups = []
        for choice in topic.requires_one_of:
            known = tuple(numbers[option] for option in choice.options if option in numbers)
            for option in choice.options:
                if option not in numbers:
                    yield _unknown(topic.slug, option)
            if len(choice.options) < _PAIR:
                yield _no_choice(topic.slug, choice.options)
            if known:
                groups.append(tuple(sorted(set(known))))
        if groups:
            choices[numbers[topic.slug]] = tuple(groups)
    if choices and acyclic:
        rows = [[numbers[n] for n in topic.requires if n in numbers] for topic in _by_slug(curriculum)]
        yield from _order_findings(tuple(map(tuple, rows)), choices, slugs)


def _by_slug(curriculum: Curriculum) -> list[Topic]:
    return list(
        {topic.slug: topic for topic in sorted(curriculum.topics, key=lambda each: each.slug)}.values()
    )


def _order_findings(
    requires: tuple[tuple[int, ...], ...], choices: Mapping[int, Groups], slugs: list[str]
) -> Iterator[TopicFinding]:
    try:
        settled = settle(requires, choices, slugs)
    except InvalidData as error:
        slug = error.place.removeprefix("topic ")
        yield TopicFinding("error", _LATE, slug, error.reason, error.hint)
        return
    for topic, option in settled.passed_over:
        message = f"the option {slugs[option]} requires the topic itself, so it is passed over"
        yield TopicFinding("warning", _LATE, slugs[topic], message, "drop the option", (slugs[option],))
    if len(settled.order) < len(slugs):
        left = set(range(len(slugs))).difference(settled.order)
        every = Mixed(settled.requires, {t: tuple(chain(*groups)) for t, groups in settled.choices.items()})
        cycle = find_cycle({slugs[t]: [slugs[n] for n in every[t] if n in left] for t in left})
        hint = "remove one of these edges, or one of the options"
        yield TopicFinding("error", "prerequisites form no cycle", cycle[0], " → ".join(cycle), hint, cycle)
        return
    for topic, groups in choices.items():
        must = closure(settled.requires, settled.requires[topic])
        for options in groups:
            met = [slugs[option] for option in options if option in must]
            if met and len(options) > 1 and options in settled.choices.get(topic, ()):
                message = f"it requires {met[0]} in any case, so there is nothing to choose"
                hint = "drop the choice, or the prerequisite"
                rule = "a choice leaves something to choose"
                yield TopicFinding("note", rule, slugs[topic], message, hint, tuple(met))


def _unknown(topic: str, option: str) -> TopicFinding:
    message = f"its option {option} is no topic"
    return TopicFinding(
        "error", "an option is a topic", topic, message, "add that topic, or drop the option", (option,)
    )


def _no_choice(topic: str, options: tuple[str, ...]) -> TopicFinding:
    message = f"its choice has {len(options)} option{'' if options else 's'}"
    severity: Literal["warning", "error"] = "warning" if options else "error"
    return TopicFinding(
        severity, "a choice has two options", topic, message, "name two topics or more", options
    )

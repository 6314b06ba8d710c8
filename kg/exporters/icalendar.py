"""A plan as iCalendar (RFC 5545, https://www.rfc-editor.org/rfc/rfc5545): an all-day event for each step."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from kg.errors import BadParameter
from kg.model.plan import Plan, PlanStep

LINE_OCTETS: Final = 75
"""Most octets of a line, without its break (3.1)."""

_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x85\u2028\u2029]+")
_SPECIAL: Final = re.compile(r"([\\;,])")


def plan_calendar(plan: Plan) -> str:
    """The plan as a calendar object, its lines folded and ended by CRLF.

    An event's UID follows from its topic and the goals only, so that a later plan for the same goals moves the
    events instead of doubling them; the same plan gives the same bytes.

    Raises:
        BadParameter: the plan has no start.
    """
    if plan.start is None:
        raise BadParameter("start", "", "the first day of study, such as 2027-01-04: a calendar needs it")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Trivium//Plan//EN", "CALSCALE:GREGORIAN"]
    goals = ",".join(goal.iri for goal in plan.goals)
    for step in plan.steps:
        days = (step.first_day or plan.start, step.last_day or plan.start)
        lines += _event(f"{step.iri} {goals}", plan.start, days, _step_lines(step))
    if not plan.steps:
        # A calendar holds at least one component (3.6): it says why there is nothing to learn.
        summary = [f"SUMMARY:{escape(plan.note)}"]
        lines += _event(f"nothing to learn {goals}", plan.start, (plan.start, plan.start), summary)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in fold(line))


def _event(name: str, start: date, days: tuple[date, date], said: Iterable[str]) -> Iterator[str]:
    first, last = days
    yield "BEGIN:VEVENT"
    yield f"UID:{uuid5(NAMESPACE_URL, name)}"
    # When the event was written is not known to a plan; its start stands for it, and keeps the bytes the same.
    yield f"DTSTAMP:{_day(start)}T000000Z"
    yield f"DTSTART;VALUE=DATE:{_day(first)}"
    # The end is the first day after (3.6.1); without it an event lasts its one day, which the last day can have.
    if last < date.max:
        yield f"DTEND;VALUE=DATE:{_day(last + timedelta(days=1))}"
    yield from said
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _step_lines(step: PlanStep) -> Iterator[str]:
    yield f"SUMMARY:{escape(f'{step.label} ({step.hours:g} h)')}"
    yield f"DESCRIPTION:{escape(chr(10).join(reason.text for reason in step.reasons))}"
    if step.area:
        yield f"CATEGORIES:{escape(step.area)}"
    yield f"URL:{_CONTROL.sub('', step.iri)}"


def _day(day: date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def escape(text: str) -> str:
    r"""Text as a property value (3.3.11): no control characters, line breaks as ``\n``.

    >>> print(escape("one, two; three"))
    one\, two\; three
    """
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", whole)).replace("\n", r"\n")


def fold(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, all but the first begun by a space; no character is cut."""
    piece, size = "", 0
    for character in line:
        octets = len(character.encode("utf-8"))
        if size + octets > LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece += character
        size += octets
    yield piece

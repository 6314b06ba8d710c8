"""Plans as documents: lists, calendars and diagrams that survive any label."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from icalendar import Calendar

from kg.errors import BadParameter
from kg.exporters.icalendar import escape, plan_calendar
from kg.exporters.markdown import plan_markdown
from kg.exporters.mermaid import plan_mermaid
from kg.learning.graph import PrerequisiteGraph
from kg.learning.plan import plan_to
from kg.model.learning import Curriculum
from kg.model.plan import Plan
from tests.strategies import topic

GRAPH = PrerequisiteGraph.build(
    Curriculum(
        (
            topic("algebra", hours=3.0, area="math"),
            topic("mamba", ("algebra",), hours=7.0),
            topic("water", hours=1.0),
        )
    )
)
START = date(2027, 1, 4)
NASTY = 'A; "B", <b>*C*</b> [x](y) #1\\n\r\n`z`|{}'


def plan_of(*goals: str, know: tuple[str, ...] = (), start: date | None = START) -> Plan:
    return plan_to(GRAPH, goals, know, start=start, hours_per_week=7.0 if start else None)


def named(label: str) -> Plan:
    plan = plan_of("water")
    return replace(
        plan,
        goals=tuple(replace(goal, label=label) for goal in plan.goals),
        steps=tuple(replace(step, label=label) for step in plan.steps),
    )


def unfolded(calendar: str) -> list[str]:
    assert calendar.endswith("\r\n")
    assert "\n" not in calendar.replace("\r\n", "")
    return calendar.replace("\r\n ", "").split("\r\n")[:-1]


def test_markdown_is_a_list_to_tick_off() -> None:
    iri = "https://w3id.org/trivium/id/topic"
    assert plan_markdown(plan_of("mamba")) == (
        "# Plan: Mamba\n\n"
        "2 steps, about 10 hours of study; 7 hours a week, from 2027-01-04 to 2027-01-13.\n\n"
        f"1. [ ] **[Algebra](<{iri}/algebra>)**, 3 h, 2027-01-04 to 2027-01-06\n"
        "   - the goal, Mamba, requires it directly\n"
        "   - 1 later step requires it: Mamba\n"
        f"2. [ ] **[Mamba](<{iri}/mamba>)**, 7 h, 2027-01-07 to 2027-01-13\n"
        "   - this is the goal, Mamba\n"
    )


def test_markdown_says_what_merging_saves_and_what_is_known() -> None:
    text = plan_markdown(plan_of("mamba", "algebra", start=None))
    assert "2 steps, about 10 hours of study; 3 hours less than one goal at a time." in text
    assert "The goal, Mamba, is known already" in plan_markdown(plan_of("mamba", know=("mamba",)))


def test_markdown_holds_no_markup_of_a_label() -> None:
    title = plan_markdown(named(NASTY)).split("\n")[0]
    assert title == r'# Plan: A; "B", \<b\>\*C\*\</b\> \[x\](y) \#1\\n \`z\`\|\{\}'


def test_mermaid_draws_an_arrow_for_each_requirement_within_the_plan() -> None:
    assert plan_mermaid(plan_of("mamba")) == (
        'flowchart TD\n  t1["1 · Algebra, 3 h"]\n  t2[["2 · Mamba, 7 h"]]\n  t1 --> t2\n'
    )
    assert plan_mermaid(plan_of("mamba", know=("mamba",))).startswith(
        'flowchart TD\n  t0["The goal, Mamba, is'
    )


def test_mermaid_holds_no_markup_of_a_label() -> None:
    line = plan_mermaid(named(NASTY)).split("\n")[1]
    text = line.removeprefix('  t1[["').removesuffix('"]]')
    assert not set(text.replace("#", "").replace(";", "")) & set('"&<>`\\[](){}|')
    assert text.startswith("1 · A#59; #34;B#34;, #60;b#62;")


def test_a_calendar_has_an_event_for_each_step() -> None:
    lines = unfolded(plan_calendar(plan_of("mamba")))
    assert lines[:4] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Trivium//Plan//EN",
        "CALSCALE:GREGORIAN",
    ]
    assert lines[4:15] == [
        "BEGIN:VEVENT",
        lines[5],
        "DTSTAMP:20270104T000000Z",
        "DTSTART;VALUE=DATE:20270104",
        "DTEND;VALUE=DATE:20270107",
        "SUMMARY:Algebra (3 h)",
        r"DESCRIPTION:the goal\, Mamba\, requires it directly\n1 later step requires it: Mamba",
        "CATEGORIES:math",
        "URL:https://w3id.org/trivium/id/topic/algebra",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert lines[-1] == "END:VCALENDAR"


def test_a_calendar_is_read_by_others() -> None:
    plan = plan_of("mamba")
    calendar = Calendar.from_ical(plan_calendar(plan))
    events = calendar.walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Algebra (3 h)", "Mamba (7 h)"]
    for event, step in zip(events, plan.steps, strict=True):
        assert step.last_day is not None
        assert event.decoded("DTSTART") == step.first_day
        assert event.decoded("DTEND") == step.last_day + timedelta(days=1)
        assert str(event["URL"]) == step.iri
    assert [str(event["UID"]) for event in events] == [line.removeprefix("UID:") for line in uids(plan)]


def test_weeks_hold_their_hours_and_days_follow_one_another() -> None:
    plan = plan_to(GRAPH, ["mamba", "water"], start=START, hours_per_week=2.5)
    days = [(step.first_day, step.last_day) for step in plan.steps]
    assert days[0][0] == START
    assert all(first and last and first <= last for first, last in days)
    for (_, before), (after, _) in pairwise(days):
        assert before is not None
        assert after in (before, before + timedelta(days=1))
    last = days[-1][1]
    assert last is not None
    assert ((last - START).days + 1) / 7 == pytest.approx(plan.hours / 2.5, abs=1 / 7)


def uids(plan: Plan) -> list[str]:
    return [line for line in unfolded(plan_calendar(plan)) if line.startswith("UID:")]


def test_an_event_keeps_its_uid_when_the_plan_moves_and_has_another_for_other_goals() -> None:
    later = plan_to(GRAPH, ["mamba"], ["algebra"], start=date(2028, 2, 29), hours_per_week=1.0)
    assert uids(later) == uids(plan_of("mamba"))[1:]
    assert len(set(uids(plan_of("mamba")))) == 2
    assert not set(uids(plan_of("mamba", "water"))) & set(uids(plan_of("mamba")))


def test_a_calendar_of_nothing_says_so_in_one_event() -> None:
    lines = unfolded(plan_calendar(plan_of("mamba", know=("mamba",))))
    assert [line for line in lines if line.startswith("SUMMARY:")] == [
        r"SUMMARY:The goal\, Mamba\, is known already\; there is nothing left to learn for it."
    ]


def test_a_calendar_can_end_on_the_last_day_there_is() -> None:
    lines = unfolded(plan_calendar(plan_of("water", start=date.max)))
    assert "DTSTART;VALUE=DATE:99991231" in lines
    assert not [line for line in lines if line.startswith("DTEND")]


def test_a_calendar_without_a_start_is_refused() -> None:
    with pytest.raises(BadParameter, match="parameter 'start' cannot be ''; it takes the first day of study"):
        plan_calendar(plan_of("mamba", start=None))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a;b,c\\d", r"a\;b\,c\\d"),
        ("a\r\nb\rc\nd", r"a\nb\nc\nd"),
        ("a\x00\x07b\u2028c", "a b c"),
        ("tab\there", "tab here"),
    ],
    ids=["marks", "line breaks", "control characters", "tab"],
)
def test_text_is_escaped_for_a_calendar(text: str, expected: str) -> None:
    assert escape(text) == expected

"""Days of study: when each step of a plan falls, for a start and the hours that a week has for it."""

from collections.abc import Iterable
from datetime import date, timedelta
from math import ceil, floor, isfinite
from typing import Final

from kg.errors import BadParameter

HOURS_PER_WEEK: Final = 10.0
"""Hours of study a week where a plan has a start and nobody says how many."""

WEEK_HOURS: Final = 168.0
WEEK_DAYS: Final = 7

# Sums of decimal hours end in noise such as 0.30000000000000004, which must not open another day.
DIGITS: Final = 9


def check_hours_per_week(hours_per_week: float) -> None:
    """Nothing, for hours that a week can have.

    Raises:
        BadParameter: it has not.
    """
    if not isfinite(hours_per_week) or not 0 < hours_per_week <= WEEK_HOURS:
        raise BadParameter(
            "hours_per_week", f"{hours_per_week:g}", f"hours above 0, at most {WEEK_HOURS:g}, such as 10"
        )


def days_of_study(
    hours: Iterable[float], *, start: date, hours_per_week: float
) -> tuple[tuple[date, date], ...]:
    """First and last day of each step, one after the other, the week's hours spread evenly over its days.

    A step that ends within a day shares it with the next one.

    Raises:
        BadParameter: a week does not have those hours, or the calendar ends before the plan does.
    """
    check_hours_per_week(hours_per_week)
    days = []
    spent = 0.0
    for step in hours:
        begin, spent = spent, spent + step
        try:
            first = floor(_day(begin, hours_per_week))
            last = max(first, ceil(_day(spent, hours_per_week)) - 1)
            days.append((start + timedelta(days=first), start + timedelta(days=last)))
        except OverflowError as error:
            raise BadParameter(
                "hours_per_week",
                f"{hours_per_week:g}",
                f"more hours, or an earlier start than {start}: the plan would end after the year 9999",
            ) from error
    return tuple(days)


def _day(hours: float, hours_per_week: float) -> float:
    return round(hours * WEEK_DAYS / hours_per_week, DIGITS)

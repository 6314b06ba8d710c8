"""Options of a plan as people write them: days and hours a week. The HTTP door and the command line share them."""

import re
from datetime import date
from math import isfinite
from typing import Final

from kg.errors import BadParameter

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HOURS: Final = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


def parse_day(name: str, text: str) -> date | None:
    """The day, or None for an empty text.

    Raises:
        BadParameter: it is no day of the calendar, written year-month-day.
    """
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadParameter(name, text[:40], "a day written as 2027-01-04")


def parse_hours(name: str, text: str) -> float | None:
    """Hours as a plain decimal number, or None for an empty text.

    Raises:
        BadParameter: it is none.
    """
    if not text:
        return None
    if _HOURS.fullmatch(text) and isfinite(float(text)):
        return float(text)
    raise BadParameter(name, text[:40], "a number of hours such as 10 or 2.5")


def parse_value(text: str) -> str | dict[str, float]:
    """What topics are worth: a rule by its name, or the worth of goals as ``mamba:100,agent-frameworks:40``.

    Raises:
        BadParameter: a worth is no plain decimal number, or a goal has two.
    """
    if ":" not in text:
        return text or "goals"
    worth: dict[str, float] = {}
    for part in text.split(","):
        # The last colon: a CURIE has one too.
        slug, _, number = part.strip().rpartition(":")
        if not slug or slug in worth or not _HOURS.fullmatch(number):
            raise BadParameter("value", part.strip()[:40], "each goal once with its worth, such as mamba:100")
        worth[slug] = float(number)
    return worth


def parse_price(name: str, text: str) -> float | None:
    """The price of an hour as a plain decimal number, or None for an empty text.

    Raises:
        BadParameter: it is none.
    """
    if not text:
        return None
    if _HOURS.fullmatch(text):
        return float(text)
    raise BadParameter(name, text[:40], "what an hour costs, in the worth of goals, such as 1 or 0.5")


def split_slugs(texts: tuple[str, ...]) -> list[str]:
    """Slugs of several comma lists, empty ones left out."""
    return [slug.strip() for text in texts for slug in text.split(",") if slug.strip()]

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


def split_slugs(texts: tuple[str, ...]) -> list[str]:
    """Slugs of several comma lists, empty ones left out."""
    return [slug.strip() for text in texts for slug in text.split(",") if slug.strip()]

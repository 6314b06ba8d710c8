"""A plan as CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180): a row for each step."""

import csv
import io
from typing import Final

from kg.model.plan import Plan

COLUMNS: Final = (
    *("position", "slug", "label", "hours", "hours_before", "area", "requires", "serves"),
    *("first_day", "last_day", "reasons", "iri", "exercises"),
)


def plan_csv(plan: Plan) -> str:
    """The steps in their order, lines ended by CRLF; slugs of a list stand with a space between."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for step in plan.steps:
        writer.writerow(
            (
                *(
                    step.position,
                    step.slug,
                    step.label,
                    f"{step.hours:g}",
                    f"{step.hours_before:g}",
                    step.area,
                ),
                *(" ".join(step.requires), " ".join(step.serves), step.first_day or "", step.last_day or ""),
                *("; ".join(reason.text for reason in step.reasons), step.iri),
                " ".join(exercise.slug for exercise in step.exercises),
            )
        )
    return text.getvalue()

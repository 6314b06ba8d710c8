"""A prerequisite graph as an edge list: CSV (RFC 4180, https://www.rfc-editor.org/rfc/rfc4180), a row a prerequisite."""

import csv
import io
from typing import Final

from kg.model.learning import Curriculum

COLUMNS: Final = ("topic", "prerequisite", "name", "hours", "area", "definition")


def curriculum_csv(curriculum: Curriculum) -> str:
    """A row for each prerequisite, with what there is to say of the topic; lines end by CRLF.

    A topic that requires nothing has one row without a prerequisite, so that none is lost.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for topic in curriculum.topics:
        for needed in topic.requires or ("",):
            writer.writerow((topic.slug, needed, topic.label, f"{topic.hours:g}", topic.area, topic.scope))
    return text.getvalue()

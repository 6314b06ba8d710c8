"""What a learner knows, as a JSON document."""

from datetime import date

from api.links import Links
from api.wire import Document
from kg.model.learner import LearnerState
from kg.services.knowledge import Knowledge
from kg.services.learners import unknown_topics


def learner_document(knowledge: Knowledge, state: LearnerState, links: Links, *, expires: date) -> Document:
    """The state as it can be sent again, what of it the dataset does not have, and until when it is kept."""
    return {
        "total": len(state.topics),
        "state": state.document(),
        "unknown": list(unknown_topics(knowledge, state)),
        "expires": expires.isoformat(),
        "next": f"{links.root}/learning/next",
        "plan": f"{links.root}/learning/plan",
    }

"""The HTTP door: one app over one opened knowledge."""

from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.conditional import Conditional
from api.edge import Edge
from api.openapi import PROBLEM_RESPONSES, operation_id
from api.problems import handle_error
from api.routes import (
    compare,
    dataset,
    derive,
    exercises,
    expressions,
    formulas,
    learners,
    learning,
    lists,
    plans,
    plots,
    resources,
    search,
    sensitivity,
    service,
    sparql,
    sweeps,
)
from api.settings import Settings
from api.warmup import WarmUp
from kg import __version__
from kg.errors import TriviumError
from kg.services.isolation import pool_of
from kg.services.knowledge import Knowledge
from kg.services.learners import keep_learners

DESCRIPTION = (
    "A computable knowledge graph: SPARQL queries, REST look-ups and symbolic formula evaluation over one graph, "
    "and what to learn next. Every number names its inputs, units and sources; every error is a problem document "
    "(RFC 9457) that says what to do next."
)


class Service(FastAPI):
    """The app; its OpenAPI document names the values that the filters of lists take in this dataset."""

    def openapi(self) -> dict[str, Any]:
        """The document, made when it is first asked for."""
        if self.openapi_schema is None:
            document = super().openapi()
            lists.add_values(document["paths"]["/{kinds}"]["get"]["parameters"], self.state.knowledge)
        return super().openapi()


def create_app(knowledge: Knowledge, settings: Settings | None = None) -> FastAPI:
    """The service over ``knowledge``; read-only.

    Routes stand in the order in which they match: those asked most often before other named paths, ``/{kinds}``
    last. While the app is served, the formula engine loads in the background.
    """
    settings = settings or Settings()
    app = Service(
        title="Trivium",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        default_response_class=Response,
        generate_unique_id_function=operation_id,
        responses=PROBLEM_RESPONSES,
        license_info={"name": "Apache-2.0 (code), CC-BY-4.0 (data)"},
    )
    app.state.knowledge = knowledge
    app.state.settings = settings
    app.state.learners = keep_learners(knowledge, settings.learners) if settings.learners else None
    for room in (
        formulas,
        sweeps,
        plots,
        sensitivity,
        sparql,
        expressions,
        exercises,
        learners,
        learning,
        plans,
        derive,
        search,
        compare,
        dataset,
        service,
        resources,
        lists,
    ):
        app.include_router(room.router)
    for kind in (TriviumError, HTTPException):
        app.add_exception_handler(kind, handle_error)
    app.add_middleware(Conditional, knowledge=knowledge)
    app.add_middleware(
        Edge, max_body=settings.max_body, version=knowledge.version, root=settings.base_url.rstrip("/")
    )
    app.add_middleware(WarmUp, knowledge=knowledge, also=lambda: pool_of(knowledge).warm())
    return app

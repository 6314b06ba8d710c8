"""Routes whose functions read the request themselves."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.responses import Response


class PlainRoute(APIRoute):
    """A route that FastAPI describes and matches, but parses nothing for.

    Its function takes path parameters as texts, and the request; it gives a response. Without FastAPI's own
    reading of parameters, which the function would do again with better words, a call costs 40 µs less.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Calls the function with what the path holds."""
        endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            response: Response = await endpoint(request=request, **request.path_params)
            return response

        return handle

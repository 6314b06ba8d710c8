"""Cross-origin requests (https://fetch.spec.whatwg.org/#http-cors-protocol): any page may read, none with credentials.

The same two headers stand on all answers, also on those to requests without ``Origin``: a cache may give any of them
to a page of another origin.
"""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import Response

EXPOSED: Final = ("Allow", "ETag", "Link", "Retry-After", "Trivium-Dataset-Version", "Trivium-Warning")
"""What a script may read beyond the few headers that every script may."""
HEADERS: Final = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
)
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""What a page of another origin may ask for, where the path takes it."""
MAX_AGE_S: Final = 7_200
"""How long a browser may remember the answer; more is cut to this by some of them."""


def options_response(allowed: tuple[str, ...]) -> Response:
    """The answer to OPTIONS (RFC 9110, 9.3.7), which is the answer to a preflight as well."""
    response = Response(status_code=204)
    headers: MutableHeaders = response.headers
    headers["Allow"] = ", ".join(allowed)
    headers["Access-Control-Allow-Methods"] = ", ".join(method for method in allowed if method in METHODS)
    headers["Access-Control-Allow-Headers"] = "*"
    headers["Access-Control-Max-Age"] = str(MAX_AGE_S)
    return response

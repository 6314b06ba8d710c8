"""Conditional requests (RFC 9110, 8.8 and 13.1.2): a strong ETag on every answer to GET, and 304 for who has it.

The tag is a hash of what the route sends. So it is true whatever an answer depends on: links that begin with the
host of the request, a function of SPARQL that never gives the same twice, a program that changed under the same
data. A hash alone would make a 304 cost as much as the answer; the last tag of each request is therefore kept,
under the version of the dataset, and an unchanged question costs one look-up; not so over a store whose content
others change. A route whose answer changes while
the dataset does not says ``Cache-Control: no-store``, and its tag is not kept.
"""

import re
from hashlib import blake2b
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.learner import HEADER
from kg.services.knowledge import Knowledge

Header = tuple[bytes, bytes]
Key = tuple[str, str, str, bytes, bytes]

KEPT_TAGS: Final = 1_024
KEY_BYTES: Final = 4_096
"""Longer requests are answered, and their tags not kept: 1 024 of them take at most some 5 MB."""
TAG_BYTES: Final = 16
REVALIDATE: Final = (b"cache-control", b"no-cache")
"""May be stored, and must be asked for again before it is used: the data can change with a restart."""
PRIVATE: Final = (b"cache-control", b"no-store")
"""For whoever names a learner: no cache keeps the answer, be it a refusal (RFC 9111, 5.2.2.5)."""
IN_304: Final = frozenset({b"cache-control", b"content-location", b"etag", b"expires", b"vary"})
"""What a 304 repeats (https://www.rfc-editor.org/rfc/rfc9110#section-15.4.5)."""
LEARNER: Final = HEADER.lower().encode()
TAG: Final = re.compile(rb'"[\x21\x23-\x7e\x80-\xff]*"')


def is_match(header: bytes, tag: bytes) -> bool:
    """True where ``If-None-Match`` names the tag, or is ``*``; ``W/`` makes no difference (RFC 9110, 8.8.3.2).

    >>> is_match(b'"a", W/"b"', b'"b"'), is_match(b"*", b'"b"'), is_match(b"b", b'"b"')
    (True, True, False)
    """
    return header.strip() == b"*" or tag in TAG.findall(header)


class Conditional:
    """Pure ASGI middleware inside :class:`api.edge.Edge`, which turns HEAD into GET.

    Answers of status 200 that come in one piece get a tag; redirects, errors and streams get none.
    """

    def __init__(self, app: ASGIApp, *, knowledge: Knowledge) -> None:
        self.app = app
        self.knowledge = knowledge
        self.kept: dict[Key, list[Header]] = {}
        """Request → headers of its answer, the tag last."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 304 from what is kept, else pass the request on and tag its answer."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self.app(scope, receive, send)
            return
        accept, wanted = _conditions(scope["headers"])
        caching = REVALIDATE
        if any(name == LEARNER for name, _ in scope["headers"]):
            wanted, caching = b"", PRIVATE  # What anybody may see is no answer to a learner.
        # The version stands for the data that the answer may have seen: it is read before, never after.
        key = (self.knowledge.version, scope["trivium.root"], scope["path"], scope["query_string"], accept)
        known = self.kept.get(key) if wanted and self.knowledge.is_fixed else None
        if known and is_match(wanted, known[-1][1]):
            await _send_unchanged(known, send)
            return
        start: Message | None = None

        async def answer(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message  # Held back: the tag comes with the body.
                return
            if start is not None:
                head, start = start, None
                headers = head["headers"]
                if _add_tag(head, message, caching):
                    self._keep(key, headers)
                    if wanted and is_match(wanted, headers[-1][1]):
                        await _send_unchanged(headers, send)
                        return
                await send({**head, "headers": [*headers]})
            await send(message)

        await self.app(scope, receive, answer)

    def _keep(self, key: Key, headers: list[Header]) -> None:
        if len(key[2]) + len(key[3]) + len(key[4]) > KEY_BYTES or b"no-store" in _cache_control(headers):
            return
        if len(self.kept) >= KEPT_TAGS and key not in self.kept:
            self.kept.pop(next(iter(self.kept)), None)
        self.kept[key] = headers


def _conditions(headers: list[Header]) -> tuple[bytes, bytes]:
    """``Accept`` and ``If-None-Match``; several lines of one are one list (RFC 9110, 5.3)."""
    accept = wanted = b""
    for name, value in headers:
        if name == b"accept":
            accept = accept + b"," + value if accept else value
        elif name == b"if-none-match":
            wanted = wanted + b"," + value if wanted else value
    return accept, wanted


def _add_tag(head: Message, body: Message, caching: Header) -> bool:
    """The head of the answer says who may cache it, and ends with a tag where it is one that gets one.

    The tag is of all that the route says, its headers too: a next page shows in ``Link`` alone.
    """
    headers: list[Header] = head["headers"]
    if not _cache_control(headers):
        headers.append(caching)
    if head["status"] != 200 or body["type"] != "http.response.body" or body.get("more_body", False):
        return False
    digest = blake2b(body.get("body", b""), digest_size=TAG_BYTES)
    digest.update(b"\n".join([part for header in headers for part in header]))
    headers.append((b"etag", b'"%s"' % digest.hexdigest().encode()))
    return True


def _cache_control(headers: list[Header]) -> bytes:
    for name, value in headers:
        if name == b"cache-control":
            return value
    return b""


async def _send_unchanged(headers: list[Header], send: Send) -> None:
    repeated = [header for header in headers if header[0] in IN_304]
    await send({"type": "http.response.start", "status": 304, "headers": repeated})
    await send({"type": "http.response.body", "body": b""})

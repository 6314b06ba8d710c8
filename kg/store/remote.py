"""A store behind a SPARQL 1.1 Protocol URL (https://www.w3.org/TR/sparql11-protocol/), read-only.

Queries go by form POST, which every server takes. A query is checked here before it leaves, so that it is refused in
the same words as by the other stores; what comes back is read by pyoxigraph, so that it leaves in the same bytes.
The server's default graph must be the union of its named graphs.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit
from weakref import finalize

from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, RdfFormat, parse, parse_query_results
from pyoxigraph import Store as Quads

from kg.errors import BadInput, BadParameter, TooLarge, TriviumError, Unavailable
from kg.store.base import Capabilities
from kg.store.clauses import written_iris
from kg.store.diagnosis import explain_evaluation, explain_syntax
from kg.store.embedded import NO_PREFIXES, graph_names
from kg.store.guard import Facts, inspect_query
from kg.store.results import Answer, Boolean, Solutions, Triples

if TYPE_CHECKING:
    import httpx2

TIMEOUT_S: Final = 30.0
MAX_ANSWER_BYTES: Final = 100_000_000
ACCEPT: Final = (
    "application/sparql-results+json, application/n-triples, "
    "application/sparql-results+xml;q=0.5, text/turtle;q=0.5, application/rdf+xml;q=0.3"
)
_SHOWN_CHARACTERS: Final = 300
_OUTLINE: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_NOWHERE: Final = NamedNode("urn:x")
_NO_FUNCTION: Final = "custom function <"
_IS_READ: Final = "should not be set at the same time"


class RemoteStore:
    """Another server's quads. Safe to share between threads, and usable after a fork.

    ``elsewhere`` says for each extension function, by IRI, what to do instead of calling it in a query.
    """

    def __init__(
        self,
        url: str,
        *,
        prefixes: Mapping[str, str] = NO_PREFIXES,
        elsewhere: Mapping[str, str] = NO_PREFIXES,
        timeout_s: float = TIMEOUT_S,
        max_bytes: int = MAX_ANSWER_BYTES,
    ) -> None:
        self._url = url
        self.shown = _without_password(url)
        """The URL as errors name it."""
        self._prefixes = dict(prefixes)
        self._elsewhere = dict(elsewhere)
        self._timeout_s = timeout_s
        self._max_bytes = max_bytes
        self._clients: dict[int, httpx2.Client] = {}  # By process: sockets must not be shared after a fork.
        self._counts: dict[str, int] | None = None
        finalize(self, _close, self._clients)

    @property
    def capabilities(self) -> Capabilities:
        """SPARQL Query alone; others may change the content meanwhile."""
        return Capabilities(functions=False, update=False, fixed=False)

    @property
    def version(self) -> str:
        """A hash of the graphs' names and sizes when they were first asked for; no hash of the content."""
        lines = (f"{graph} {count}" for graph, count in sorted(self._outline().items()))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def address(self) -> str:
        """Its URL."""
        return self._url

    @property
    def size(self) -> int:
        """How many quads the named graphs held when they were first counted."""
        return sum(self._outline().values())

    def add_prefixes(self, prefixes: Mapping[str, str]) -> None:
        """Spare queries the declaration of these prefixes."""
        self._prefixes.update(prefixes)

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[str] = (),
        named_graphs: Iterable[str] = (),
        base_iri: str | None = None,
    ) -> Answer:
        """The answer of a SPARQL query; see :class:`kg.store.base.Store`."""
        facts = inspect_query(text)
        defaults, named = graph_names(default_graphs), graph_names(named_graphs)
        self._check_syntax(text, facts, base_iri)
        iris = tuple(written_iris(text, self._prefixes, base_iri))
        for written in iris:
            if written.iri in self._elsewhere:
                raise Unavailable(f"<{written.iri}> in a query to {self.shown}", self._elsewhere[written.iri])
        if not defaults and not named:
            # Oxigraph's server forgets FROM where its default graph is the union; all obey the request's dataset.
            defaults = graph_names(written.iri for written in iris if written.clause == "FROM")
            named = graph_names(written.iri for written in iris if written.clause == "FROM NAMED")
        form: dict[str, str | list[str]] = {
            "query": self._prologue(text, facts, base_iri) + text,
            "default-graph-uri": [graph.value for graph in defaults],
            "named-graph-uri": [graph.value for graph in named],
        }
        return self._read(*self._post(form))

    def _check_syntax(self, text: str, facts: Facts, base_iri: str | None) -> None:
        """Refuse what is no query, without evaluating it: the engine parses it, then finds that two options clash."""
        try:
            Quads().query(
                text,
                base_iri=base_iri,
                prefixes=self._prefixes,
                use_default_graph_as_union=True,
                default_graph=_NOWHERE,
            )
        except SyntaxError as error:
            has_base = base_iri is not None
            raise explain_syntax(error, text, facts, prefixes=self._prefixes, has_base=has_base) from error
        except ValueError as error:
            if _IS_READ not in str(error):
                raise BadInput(f"the query cannot be read: {error}") from error

    def _prologue(self, text: str, facts: Facts, base_iri: str | None) -> str:
        """The base, and the prefixes that the text may use without declaring them."""
        base = f"BASE <{base_iri}> " if base_iri else ""
        names = sorted(name for name in self._prefixes.keys() - facts.prefixes if f"{name}:" in text)
        return base + "".join(f"PREFIX {name}: <{self._prefixes[name]}> " for name in names)

    def _post(self, form: Mapping[str, str | list[str]]) -> tuple[str, bytes]:
        """Media type and body of the answer."""
        import httpx2

        deadline = monotonic() + self._timeout_s
        try:
            headers = {"Accept": ACCEPT, "Accept-Encoding": "identity"}
            with self._client().stream("POST", self._url, data=form, headers=headers) as response:
                body = self._take(response, deadline)
        except httpx2.TimeoutException as error:
            raise self._silent(f"no answer in {self._timeout_s:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise self._silent(str(error) or type(error).__name__) from error
        if response.status_code != 200:
            raise self._refusal(response, body)
        return response.headers.get("content-type", "").partition(";")[0].strip().lower(), body

    def _client(self) -> "httpx2.Client":
        client = self._clients.get(os.getpid())
        if client is None:
            import httpx2

            # A redirect is never followed: the answer of a host that nobody named is none to rely on.
            fresh = httpx2.Client(timeout=self._timeout_s, follow_redirects=False)
            client = self._clients.setdefault(os.getpid(), fresh)
        return client

    def _take(self, response: "httpx2.Response", deadline: float) -> bytes:
        parts, size = [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self._max_bytes:
                raise TooLarge(f"the answer of {self.shown}, in bytes,", size, self._max_bytes)
            if monotonic() > deadline:
                raise self._silent(f"the answer was not complete in {self._timeout_s:g} s")
        return b"".join(parts)

    def _read(self, media_type: str, body: bytes) -> Answer:
        try:
            results = QueryResultsFormat.from_media_type(media_type)
            if results is not None:
                answer = parse_query_results(body, results)
                if isinstance(answer, QueryBoolean):
                    return Boolean(answer)
                return Solutions(answer, translate=self._broken)
            graph = RdfFormat.from_media_type(media_type)
            if graph is not None and b"<!DOCTYPE" not in body[:10_000]:
                triples = (quad.triple for quad in parse(body, graph))
                return Triples(triples, prefixes=self._prefixes, translate=self._broken)
        except (SyntaxError, ValueError) as error:
            raise self._broken(error) from error
        raise self._silent(f"it answered in {media_type or 'no media type'}, not in a SPARQL results format")

    def _refusal(self, response: "httpx2.Response", body: bytes) -> TriviumError:
        says = _reason(response, body)
        if _NO_FUNCTION in says:
            return explain_evaluation(ValueError(says), ())
        status = response.status_code
        if response.is_redirect:
            return Unavailable(
                f"{self.shown} redirects and",
                f"give the address {response.headers['location']!r} if you trust it",
            )
        if status == 400:
            return BadInput(f"{self.shown} refused the query: {says or 'it does not say why'}")
        if status in (429, 503):
            return self._silent(f"it is overloaded (status {status}): {says}")
        return self._silent(f"status {status}: {says}")

    def _broken(self, error: Exception) -> TriviumError:
        return self._silent(f"the answer is cut or malformed: {error}")

    def _silent(self, reason: str) -> Unavailable:
        return Unavailable(
            f"the SPARQL service {self.shown} ({reason})", "see that it runs and answers SPARQL there"
        )

    def _outline(self) -> dict[str, int]:
        """Graph → number of its triples, asked for once."""
        if self._counts is None:
            answer = self.query(_OUTLINE)
            if not isinstance(answer, Solutions):
                raise self._silent("it does not answer SELECT by solutions")
            # An empty group is no graph.
            self._counts = {
                str(row["g"]): int(str(getattr(row["n"], "value", 0))) for row in answer if "g" in row
            }
        return self._counts


def _close(clients: "Mapping[int, httpx2.Client]") -> None:
    """Close the connections of this process; those of a parent are the parent's."""
    client = clients.get(os.getpid())
    if client is not None:
        client.close()


def _reason(response: "httpx2.Response", body: bytes) -> str:
    """What the server says of a failure, in one line; the detail of a problem document (RFC 9457)."""
    text = body.decode(errors="replace")
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        with suppress(ValueError, TypeError, KeyError):
            text = str(json.loads(body)["detail"])
    return " ".join(text.split())[:_SHOWN_CHARACTERS]


def check_url(url: str) -> str:
    """The URL of a SPARQL service.

    Raises:
        BadParameter: it is none.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url:
        raise BadParameter("store", url[:200], "the URL of a SPARQL service: https://host/sparql")
    return url


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))

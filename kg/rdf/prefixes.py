"""The prefix table: CURIE (https://www.w3.org/TR/curie/) ⇄ IRI."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType

from pyoxigraph import Literal, RdfFormat, parse

from kg.errors import BadParameter, InvalidData
from kg.rdf.faults import turtle_fault
from kg.rdf.lexical import is_plain_local

_PREFIX = "http://www.w3.org/ns/shacl#prefix"
_NAMESPACE = "http://www.w3.org/ns/shacl#namespace"


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Prefix → namespace, sorted by prefix.

    >>> table = Prefixes({"topic": "https://w3id.org/trivium/id/topic/"})
    >>> table.expand("topic:mamba")
    'https://w3id.org/trivium/id/topic/mamba'
    >>> table.compress("https://w3id.org/trivium/id/topic/mamba")
    'topic:mamba'
    """

    namespaces: Mapping[str, str]
    _longest_first: tuple[tuple[str, str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        table = dict(sorted(self.namespaces.items()))
        longest = sorted(
            ((space, prefix) for prefix, space in table.items()), key=lambda row: (-len(row[0]), row[1])
        )
        object.__setattr__(self, "namespaces", MappingProxyType(table))
        object.__setattr__(self, "_longest_first", tuple(longest))

    @classmethod
    def read(cls, path: Path) -> "Prefixes":
        """The table that a Turtle file declares by ``sh:prefix`` and ``sh:namespace``.

        https://www.w3.org/TR/shacl/#sparql-prefixes

        Raises:
            BadSyntax: the file is no Turtle.
            InvalidData: a declaration lacks a half, or two declare one prefix.
        """
        halves: dict[str, dict[str, str]] = {}
        try:
            for quad in parse(path.read_bytes(), RdfFormat.TURTLE):
                half = quad.predicate.value
                if half in (_PREFIX, _NAMESPACE) and isinstance(quad.object, Literal):
                    halves.setdefault(str(quad.subject), {})[half] = quad.object.value
        except SyntaxError as error:
            raise turtle_fault(error, str(path)) from error
        table: dict[str, str] = {}
        for subject, declared in halves.items():
            if len(declared) != 2:
                raise InvalidData(f"{path}: {subject}", "a declaration needs sh:prefix and sh:namespace")
            if declared[_PREFIX] in table:
                raise InvalidData(f"{path}: {subject}", f"prefix {declared[_PREFIX]}: is declared twice")
            table[declared[_PREFIX]] = declared[_NAMESPACE]
        return cls(table)

    def rebased(self, old: str, new: str) -> "Prefixes":
        """The table with every namespace under ``old`` under ``new`` instead."""
        return Prefixes(
            {
                prefix: new + space.removeprefix(old) if space.startswith(old) else space
                for prefix, space in self.namespaces.items()
            }
        )

    def expand(self, curie: str) -> str:
        r"""The IRI that a CURIE stands for; ``formula:x#N`` and Turtle's ``formula:x\#N`` mean the same.

        Raises:
            BadParameter: no colon, or a prefix that the table lacks; near ones are named.
        """
        prefix, colon, local = curie.partition(":")
        namespace = self.namespaces.get(prefix)
        if not colon or namespace is None:
            near = get_close_matches(prefix, self.namespaces, n=3)
            hint = f"; did you mean {', '.join(f'{name}:' for name in near)}?" if near else ""
            raise BadParameter("CURIE", curie, f"prefix:name, with a prefix of this dataset{hint}")
        return namespace + local.replace("\\", "")

    def compress(self, iri: str) -> str:
        """The CURIE by the longest namespace whose rest needs no escape; else the IRI in full."""
        for namespace, prefix in self._longest_first:
            if iri.startswith(namespace) and is_plain_local(iri[len(namespace) :]):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri

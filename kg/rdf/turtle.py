"""The canonical Turtle of a file: the same triples, always written the same way.

Reads the file and never the store, which would rewrite ``1.50`` as ``1.5``: lexical forms stay.
Subjects are sorted by IRI; of one first ``a``, then label and definition, then the rest by name; objects are
sorted, one a line where a line would be long. ``@base`` and the comment at the head stay, and of the
prefixes those in use. ``python -m kg.rdf.turtle FILE…`` rewrites files in place.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from kg.errors import BadInput, BadSyntax
from kg.rdf.faults import turtle_fault
from kg.rdf.lexical import is_plain_local
from kg.rdf.places import triples_start
from kg.rdf.terms import RDF_TYPE, XSD, Term, predicate_rank
from kg.rdf.tokens import place, scan

WIDTH: Final = 120
"""Characters of a line, unless a single text is longer."""
SMALL: Final = 3
"""A subject with at most so many properties goes on one line where it fits."""
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# https://www.w3.org/TR/turtle/#abbrev: the spellings that mean a typed literal by themselves.
_BARE: Final = {
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "double": re.compile(r"[+-]?([0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_ESCAPES: Final = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}


def format_turtle(text: bytes | str, *, path: str) -> str:
    """The canonical text of a Turtle document; ``path`` names it in errors.

    Raises:
        BadSyntax: the document is no Turtle, or it has a comment past its head, which would be lost.
    """
    try:
        source = text.decode() if isinstance(text, bytes) else text
        parser = parse(source, RdfFormat.TURTLE)
        quads = list(parser)
    except UnicodeDecodeError as error:
        raise BadSyntax(f"Turtle file {path}", f"byte {error.start} is no UTF-8") from error
    except SyntaxError as error:
        raise turtle_fault(error, path) from error
    comments = _head_comments(source, path)
    return _Document(quads, dict(parser.prefixes), parser.base_iri or "").write(comments)


def jsonld_to_turtle(text: str, prefixes: Mapping[str, str]) -> str:
    """The graph of a JSON-LD document that brings its own context, as canonical Turtle.

    Raises:
        BadSyntax: it is no JSON-LD.
    """
    try:
        quads = list(parse(text, RdfFormat.JSON_LD))
    except SyntaxError as error:
        raise BadSyntax("JSON-LD", str(error)) from error
    return _Document(quads, prefixes, "").write([])


def _head_comments(text: str, path: str) -> list[str]:
    """The comments before the first triple."""
    what = f"Turtle file {path}"
    end = triples_start(text)
    comments: list[str] = []
    for token in scan(text, what=what, comments=True):
        if token.kind == "comment" and token.start > end:
            reason = "a comment past the head of the file would be lost"
            hint = "move it to the head, or say it by rdfs:comment"
            raise BadSyntax(what, reason, *place(text, token.start), hint=hint)
        if token.kind == "comment":
            comments.append(token.text.rstrip())
    return comments


class _Document:
    """The triples of a file by subject, and the names that its prefixes give them."""

    def __init__(self, quads: Iterable[Quad], prefixes: Mapping[str, str], base: str) -> None:
        self._base = base
        self._spaces = sorted(
            ((space, name) for name, space in prefixes.items()), key=lambda row: (-len(row[0]), row)
        )
        self._prefixes = prefixes
        self._used: set[str] = set()
        self._uses_base = False
        self._facts: dict[NamedNode | BlankNode, dict[str, list[Term]]] = {}
        self._references: dict[BlankNode, int] = {}
        for quad in quads:
            if not isinstance(quad.subject, NamedNode | BlankNode):
                raise BadInput("a triple term cannot be a subject here")
            objects = self._facts.setdefault(quad.subject, {}).setdefault(quad.predicate.value, [])
            if quad.object not in objects:
                objects.append(quad.object)
                if isinstance(quad.object, BlankNode):
                    self._references[quad.object] = self._references.get(quad.object, 0) + 1
        self._labels = {node: number for number, node in enumerate(self._shared(), 1)}

    def _shared(self) -> list[BlankNode]:
        """Blank nodes that need a label: not the object of exactly one triple, or in a circle."""
        blanks = [node for node in (*self._facts, *self._references) if isinstance(node, BlankNode)]
        labelled = {node: None for node in blanks if self._references.get(node) != 1}
        reached = {node for node in self._facts if isinstance(node, NamedNode)} | labelled.keys()
        stack: list[Term] = list(reached)
        while stack:
            node = stack.pop()
            facts = self._facts.get(node, {}) if isinstance(node, NamedNode | BlankNode) else {}
            for objects in facts.values():
                fresh = [child for child in objects if isinstance(child, BlankNode) and child not in reached]
                reached.update(fresh)
                stack.extend(fresh)
        return list(dict.fromkeys([*labelled, *(node for node in blanks if node not in reached)]))

    def write(self, comments: list[str]) -> str:
        named = (node for node in self._facts if isinstance(node, NamedNode))
        subjects: list[NamedNode | BlankNode] = sorted(named, key=lambda node: node.value)
        subjects += [node for node in self._labels if node in self._facts]
        blocks = [self._block(node) for node in subjects]
        head = [f"@base <{self._base}> ."] if self._uses_base else []
        head += [f"@prefix {name}: <{self._prefixes[name]}> ." for name in sorted(self._used)]
        parts = ["\n".join(comments), "\n".join(head)]
        return "\n\n".join([part for part in parts if part] + [_join(blocks)]) + "\n"

    def _block(self, node: NamedNode | BlankNode) -> str:
        subject = self._term(node)
        lines = self._lines(node, "    ")
        whole = f"{subject} {' ; '.join(line.strip() for line in lines)} ."
        if len(lines) <= SMALL and len(whole) <= WIDTH and "\n" not in whole:
            return whole
        first = lines[0].strip() if self._facts[node].get(RDF_TYPE.value) and "\n" not in lines[0] else ""
        body = lines[1:] if first else lines
        opening = f"{subject} {first}" if first else subject
        return (
            (" ;\n" if first else "\n").join([opening, " ;\n".join(body)]) + " ." if body else opening + " ."
        )

    def _lines(self, node: NamedNode | BlankNode, indent: str) -> list[str]:
        """One entry a property, with its objects."""
        facts = self._facts[node]
        named = sorted((predicate_rank(iri), self._name(iri), iri) for iri in facts)
        return [self._line(name, facts[iri], indent) for _, name, iri in named]

    def _line(self, name: str, objects: list[Term], indent: str) -> str:
        rows = sorted(((item, self._term(item, indent)) for item in objects), key=_object_key)
        written = [text for _, text in rows]
        line = f"{indent}{name} {' , '.join(written)}"
        if len(written) == 1 or (len(line) <= WIDTH and "\n" not in line):
            return line
        return f"{indent}{name}\n" + " ,\n".join(f"{indent}    {text}" for text in written)

    def _term(self, term: Term, indent: str = "") -> str:
        if isinstance(term, NamedNode):
            return self._iri(term.value)
        if isinstance(term, Literal):
            return self._literal(term)
        if isinstance(term, BlankNode):
            return self._blank(term, indent)
        raise BadInput("a triple term cannot be written here")

    def _blank(self, node: BlankNode, indent: str) -> str:
        if node in self._labels:
            return f"_:b{self._labels[node]}"
        members = self._members(node)
        if members is not None:
            return f"( {' '.join(self._term(member, indent) for member in members)} )" if members else "()"
        if node not in self._facts:
            return "[]"
        lines = self._lines(node, indent + "    ")
        whole = f"[ {' ; '.join(line.strip() for line in lines)} ]"
        if len(indent) + len(whole) <= WIDTH and "\n" not in whole:
            return whole
        return "[\n" + " ;\n".join(lines) + f"\n{indent}]"

    def _members(self, node: BlankNode) -> list[Term] | None:
        """The members of a well-formed collection, else None."""
        members: list[Term] = []
        current: Term = node
        while isinstance(current, BlankNode):
            facts = self._facts.get(current, {})
            if set(facts) != {_RDF + "first", _RDF + "rest"} or any(
                len(each) != 1 for each in facts.values()
            ):
                return None
            if current in self._labels:
                return None
            members.append(facts[_RDF + "first"][0])
            current = facts[_RDF + "rest"][0]
        return members if current == NamedNode(_RDF + "nil") else None

    def _name(self, predicate: str) -> str:
        return "a" if predicate == RDF_TYPE.value else self._iri(predicate)

    def _iri(self, iri: str) -> str:
        """By the longer of base and namespace, the base of equals; else in full."""
        if iri == _RDF + "nil":
            return "()"
        relative = self._relative(iri)
        for space, name in self._spaces:
            if relative is not None and len(self._base) >= len(space):
                break
            local = iri[len(space) :].replace("#", "\\#")
            if iri.startswith(space) and is_plain_local(local.replace("\\#", "")):
                self._used.add(name)
                return f"{name}:{local}"
        if relative is None:
            return f"<{iri}>"
        self._uses_base = True
        return f"<{relative}>"

    def _relative(self, iri: str) -> str | None:
        if not self._base or not iri.startswith(self._base):
            return None
        relative = iri[len(self._base) :]
        unsafe = relative.startswith(("/", "?")) or ":" in relative.partition("/")[0].partition("#")[0]
        return relative if not unsafe and urljoin(self._base, relative) == iri else None

    def _literal(self, literal: Literal) -> str:
        text, datatype = literal.value, literal.datatype.value
        if datatype in _BARE and _BARE[datatype].fullmatch(text):
            return text
        quoted = _quote(text)
        if literal.language:
            direction = f"--{literal.direction.value}" if literal.direction else ""
            return f"{quoted}@{literal.language}{direction}"
        return quoted if datatype == XSD + "string" else f"{quoted}^^{self._iri(datatype)}"


def _object_key(row: tuple[Term, str]) -> tuple[int, str, str]:
    """IRIs by their full text, then literals by lexical form, then what stands in brackets as written."""
    term, written = row
    if isinstance(term, NamedNode | Literal):
        return (isinstance(term, Literal), term.value, written)
    return (2, written, "")


def _quote(text: str) -> str:
    r"""A string in Turtle: ``\"\"\"`` where it has lines, so that a query inside one can be read."""
    if "\n" in text and "\r" not in text:
        body = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        body = body[:-1] + '\\"' if body.endswith('"') else body
        return f'"""{body}"""'
    return '"' + "".join(_ESCAPES.get(character, character) for character in text) + '"'


def _join(blocks: list[str]) -> str:
    """Blocks apart by an empty line; small ones beneath each other."""
    text = ""
    for number, block in enumerate(blocks):
        if number:
            text += "\n" if "\n" not in block and "\n" not in blocks[number - 1] else "\n\n"
        text += block
    return text


def main(paths: list[str]) -> int:
    """Rewrite the files that differ from their canonical text; 1 where a file could not be."""
    failed = 0
    for name in paths:
        path = Path(name)
        try:
            before = path.read_bytes()
            after = format_turtle(before, path=name).encode()
        except (BadInput, OSError) as error:
            sys.stderr.write(f"{error}\n")
            failed = 1
            continue
        if after != before:
            path.write_bytes(after)
            sys.stderr.write(f"{name}: rewritten\n")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

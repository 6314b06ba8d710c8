"""Whether a dataset holds what it must: syntax, prefixes, one graph a triple, shapes, defects across records.

Formulas and prerequisites are checked above, in ``kg.services.check``, which knows their engines.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.dataset.files import DatasetFiles
from kg.dataset.infer import infer
from kg.dataset.report import Finding, Report, Severity
from kg.dataset.shacl import violations
from kg.dataset.source import SourceFile, Sources, str_of
from kg.rdf.prefixes import Prefixes
from kg.rdf.terms import RDF_TYPE
from kg.store.memory import MemoryStore
from kg.store.queries import Query, read_query_file
from kg.store.results import Solutions

_SEVERITIES: Final[dict[str, Severity]] = {"Warning": "warning", "Info": "note"}
_ANSWERED_HERE: Final = ("blank-node-in-data.rq", "triple-in-two-graphs.rq")
"""Defect queries whose rows are left out: what is found here for them names the files as well."""
_SHOWN_VALUE: Final = 80


def validate_dataset(files: DatasetFiles) -> Report:
    """Every finding in the dataset's files, sorted by file and line.

    After a file that does not parse the others are still read, but shapes and defect queries wait, since half
    a dataset would break rules that the whole one keeps.
    """
    sources = Sources(files)
    findings = [*_read_findings(files, sources), *_in_two_graphs(sources, files.prefixes)]
    counts = {"files": len(sources.files), "triples": sum(len(source.triples) for source in sources.files)}
    skipped = ""
    if any(source.fault for source in sources.files):
        skipped = "shapes and defect queries were not run: correct the syntax first"
    else:
        shapes = [source for source in sources.files if source.graph.endswith("/shapes")]
        findings += _shape_findings(sources, files.prefixes)
        findings += _query_findings(files, sources)
        counts |= {"shapes": _count_shapes(shapes), "queries": len(files.checks)}
    return Report(tuple(sorted(set(findings))), counts, skipped)


def _read_findings(files: DatasetFiles, sources: Sources) -> Iterator[Finding]:
    """Files that no graph takes, that do not parse, that bend a prefix, or have blank nodes."""
    for path in files.strays:
        message = "the file stands in no folder that dataset.ttl gives a graph"
        hint = "move it into one, or name its folder by tv:graphFolder and tv:graph"
        yield Finding(files.name(path), 0, "", "every file belongs to a graph", message, hint=hint)
    for source in sources.files:
        if source.fault is not None:
            fault = source.fault
            message = f"{fault.reason} (column {fault.column})"
            yield Finding(source.name, fault.line, "", "Turtle syntax", message, hint=fault.hint)
        yield from _other_prefixes(source, files.prefixes)
        if source.path.is_relative_to(files.folder):
            yield from _blank_nodes(source, files.prefixes)


def _other_prefixes(source: SourceFile, prefixes: Prefixes) -> Iterator[Finding]:
    for prefix, space in sorted(source.prefixes.items()):
        ours = prefixes.namespaces.get(prefix, space)
        if space != ours:
            message = f"{prefix}: is <{space}> here and <{ours}> in the table"
            hint = "write that namespace, or take another prefix"
            line = source.prefix_line(prefix)
            yield Finding(source.name, line, "", "a prefix means one namespace", message, "warning", hint)


def _blank_nodes(source: SourceFile, prefixes: Prefixes) -> Iterator[Finding]:
    owners = {triple.object: triple for triple in source.triples if isinstance(triple.object, BlankNode)}
    for node in {triple.subject for triple in source.triples if isinstance(triple.subject, BlankNode)}:
        owner = owners.get(node)
        subject = str_of(owner.subject) if owner is not None else ""
        line = source.line(subject, owner.predicate.value) if owner is not None else source.line("[]")
        message = "a blank node" + (
            f" at {prefixes.compress(owner.predicate.value)}" if owner is not None else ""
        )
        hint = "name it as a part of its owner: owner#part"
        rule = "the data has no blank nodes"
        yield Finding(source.name, line, shown_iri(subject, prefixes), rule, message, hint=hint)


def _in_two_graphs(sources: Sources, prefixes: Prefixes) -> Iterator[Finding]:
    homes: dict[Triple, SourceFile] = {}
    for source in sources.files:
        for triple in source.triples:
            first = homes.setdefault(triple, source)
            if first.graph != source.graph:
                subject = str_of(triple.subject)
                at_home = source.says(subject, RDF_TYPE.value) and not first.says(subject, RDF_TYPE.value)
                yield _twice(triple, *((first, source) if at_home else (source, first)), prefixes=prefixes)


def _twice(triple: Triple, here: SourceFile, there: SourceFile, *, prefixes: Prefixes) -> Finding:
    subject, predicate = str_of(triple.subject), triple.predicate.value
    said = f"{prefixes.compress(predicate)} {_shown_term(triple.object, prefixes)}"
    other = f"{there.name}:{there.line(subject, predicate)}, {prefixes.compress(there.graph)}"
    return Finding(
        here.name,
        here.line(subject, predicate),
        shown_iri(subject, prefixes),
        "a triple stands in one graph",
        f"{said} also stands in {other}",
        hint="keep it in the file where the subject is at home",
    )


def _shape_findings(sources: Sources, prefixes: Prefixes) -> Iterator[Finding]:
    shapes = [source for source in sources.files if source.graph.endswith("/shapes")]
    data = [source for source in sources.files if not source.graph.endswith("/shapes")]
    for found in violations(_triples(data), _triples(shapes)):
        file, line = sources.place(found.focus, found.path)
        path = prefixes.compress(found.path) if found.path else ""
        value = shown_iri(found.value, prefixes) if found.value and found.value != found.focus else ""
        yield Finding(
            file,
            line,
            shown_iri(found.focus, prefixes),
            f"shape: {found.constraint}{f' of {path}' if path else ''}",
            f"found {value[:_SHOWN_VALUE]!r}" if value else "",
            _SEVERITIES.get(found.severity, "error"),
            found.message,
        )


def _query_findings(files: DatasetFiles, sources: Sources) -> Iterator[Finding]:
    store = MemoryStore(prefixes=files.prefixes.namespaces)
    store.load(sources.quads())
    infer(store, map(read_query_file, files.rules))
    for path in files.checks:
        if path.name not in _ANSWERED_HERE:
            yield from _rows_of(read_query_file(path), store, sources, files.prefixes)


def _rows_of(query: Query, store: MemoryStore, sources: Sources, prefixes: Prefixes) -> Iterator[Finding]:
    """Each row of a defect query is a finding; its question is the rule and, after a colon, the hint."""
    rule, _, hint = query.question.partition(": ")
    answer = store.query(query.text)
    if not isinstance(answer, Solutions):
        yield Finding(query.name, 1, "", "a defect query is a SELECT", "it is of another form")
        return
    for row in answer:
        if isinstance(row.get("subject"), BlankNode):
            continue  # It has no name to be found by, and is a finding by itself.
        subject = str_of(row["subject"]) if "subject" in row else ""
        detail = row.get("detail")
        text = _shown_words(detail.value, prefixes) if isinstance(detail, Literal) else ""
        file, line = sources.place(subject)
        yield Finding(file, line, shown_iri(subject, prefixes), rule, text, hint=hint)


def _triples(sources: Iterable[SourceFile]) -> Iterator[Triple]:
    return (triple for source in sources for triple in source.triples)


def _count_shapes(sources: Iterable[SourceFile]) -> int:
    kinds = ("http://www.w3.org/ns/shacl#NodeShape", "http://www.w3.org/ns/shacl#PropertyShape")
    return len({triple.subject for triple in _triples(sources) if str_of(triple.object) in kinds})


def shown_iri(iri: str, prefixes: Prefixes) -> str:
    """A CURIE where there is one; of a part, owner and fragment: ``formula:chinchilla-loss#N``."""
    owner, hash_sign, fragment = iri.partition("#")
    short = prefixes.compress(iri)
    if short != iri or not hash_sign:
        return short
    name = prefixes.compress(owner)
    return f"{name}#{fragment}" if name != owner else iri


def _shown_term(term: object, prefixes: Prefixes) -> str:
    return shown_iri(term.value, prefixes) if isinstance(term, NamedNode) else str(term)[:_SHOWN_VALUE]


def _shown_words(text: str, prefixes: Prefixes) -> str:
    """A text with its IRIs shortened."""
    return " ".join(shown_iri(word, prefixes) if "://" in word else word for word in text.split(" "))

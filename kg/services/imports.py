"""Other people's prerequisite graphs as datasets: read, put in order, written as a folder that plans at once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter, InvalidData, NotFound
from kg.model.iri import Iri
from kg.services.whole_file import write_whole

if TYPE_CHECKING:
    from kg.model.draft import Draft, ImportReport, WrittenGraph

FORMS: Final = ("csv", "metacademy", "graphml", "turtle")
_SUFFIXES: Final = {
    **dict.fromkeys((".csv", ".tsv", ".txt", ".pairs", ".preqs"), "csv"),
    **dict.fromkeys((".graphml", ".xml"), "graphml"),
    **dict.fromkeys((".ttl", ".nt", ".jsonld"), "turtle"),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """A graph in order, what was found on the way, and the files that it makes: path in the folder → Turtle."""

    draft: "Draft"
    report: "ImportReport"
    files: Mapping[str, str]


def import_graph(
    source: str | Path,
    *,
    form: str = "",
    direction: str = "",
    names: str | Path | None = None,
    requires: str = "",
    least: float = 0.0,
    hours: float | None = None,
    base: str = "",
    title: str = "",
    licence: str = "",
) -> Imported:
    """The prerequisite graph of a document: ``csv``, ``metacademy``, ``graphml`` or ``turtle``, else by its suffix.

    ``direction`` is prerequisite-first or prerequisite-second, where the document does not say it. ``names`` is a
    table for pairs of numbers, ``least`` the least confidence (both of CSV), ``requires`` the IRI of a property
    (of RDF), ``hours`` are those of topics without.

    Raises:
        NotFound: there is no such file. BadParameter: an option is off, or the direction is not said.
        InvalidData, BadSyntax: the document is malformed; names the line. TooLarge: it is over a limit.
    """
    from kg.exporters.topics import NO_LICENCE, FolderDescription, dataset_files
    from kg.importers.draft import put_in_order, slug_of
    from kg.model.draft import ImportFinding, ImportReport
    from kg.rdf.turtle import format_turtle

    path = Path(source)
    form = _form(path, form)
    _check_options(form, names=names, requires=requires, least=least, direction=direction)
    written = _reader(form, direction, names, requires, least)(path)
    draft, findings, without, usual = put_in_order(written, path.name, hours=hours)
    if not licence:
        message = "nobody said the licence of the document; give it before you pass the dataset on"
        findings = (*findings, ImportFinding("licence", message))
    report = ImportReport(
        path.name,
        form,
        pairs=len(written.prerequisites),
        topics=len(draft.topics),
        prerequisites=len(draft.prerequisites),
        hours=fsum(topic.hours for topic in draft.topics),
        usual_hours=usual,
        without_hours=without,
        findings=findings,
    )
    described = FolderDescription(
        title=title or path.stem or path.name,
        base=_base(base or f"https://example.org/{slug_of(title or path.stem)}/id/"),
        licence=_iri("licence", licence or NO_LICENCE),
        source=path.name,
        note=f"Read from {path.name} as {form}.",
    )
    texts = dataset_files(_with_area_slugs(draft), described, _areas())
    return Imported(draft, report, {name: format_turtle(text, path=name) for name, text in texts.items()})


def write_folder(files: Mapping[str, str], folder: str | Path, *, force: bool = False) -> None:
    """The files stand in the folder, each written whole; nothing is written outside of it.

    Raises:
        BadParameter: the folder holds something, and ``force`` is not given; or it cannot be written, or a part of
            it is a link to elsewhere.
    """
    root = Path(folder)
    if root.is_symlink() or (root.exists() and not root.is_dir()):
        raise BadParameter("output", str(root), "a folder, or the name of a new one")
    if root.is_dir() and any(root.iterdir()) and not force:
        raise BadParameter(
            "output", str(root), "an empty or new folder; --force replaces files of the same name"
        )
    try:
        for name, text in files.items():
            _write(root, Path(name), text)
    except OSError as error:
        raise BadParameter("output", str(root), f"a folder that can be written: {error.strerror}") from error


def _write(root: Path, name: Path, text: str) -> None:
    parent = root / name.parent
    if parent.is_symlink():
        raise BadParameter("output", str(parent), "a folder of its own, not a link to elsewhere")
    parent.mkdir(parents=True, exist_ok=True)
    write_whole(root / name, text, mode=0o644)


def _form(path: Path, form: str) -> str:
    """The format of the document.

    Raises:
        NotFound: there is no such file or folder. BadParameter: there is no such format, or none fits.
    """
    from kg.importers.metacademy import is_metacademy
    from kg.importers.rdf import is_rdf

    if not path.exists():
        raise NotFound("file or folder", str(path))
    expected = f"one of {', '.join(FORMS)}"
    if form and form not in FORMS:
        raise BadParameter("format", form[:40], expected)
    if path.is_dir():
        found = "metacademy" if is_metacademy(path) else "turtle" if is_rdf(path) else ""
    else:
        found = _SUFFIXES.get(path.suffix.lower(), "")
    if path.is_dir() and form not in ("", found):
        raise InvalidData(str(path), f"is no folder of the format {form}", "give a file, or another format")
    if not form and not found:
        raise BadParameter("format", "", f"{expected}, for the name {path.name} does not tell")
    return form or found


def _check_options(form: str, *, names: object, requires: str, least: float, direction: str) -> None:
    """Raise BadParameter at an option that the format does not take."""
    if form != "csv":
        for name, value in (("names", names), ("least-confidence", least)):
            if value:
                raise BadParameter(name, str(value)[:80], f"nothing here: it is for csv, and this is {form}")
    if form != "turtle" and requires:
        raise BadParameter("requires", requires[:80], f"nothing here: it is for turtle, and this is {form}")
    if form == "metacademy" and direction:
        raise BadParameter("direction", direction[:40], "nothing here: the format says it")
    if not 0 <= least <= 1:
        raise BadParameter("least-confidence", f"{least}", "a number from 0 to 1")


def _reader(
    form: str, direction: str, names: str | Path | None, requires: str, least: float
) -> "Callable[[Path], WrittenGraph]":
    from kg.importers import edge_list, graphml, metacademy, rdf

    readers: dict[str, Callable[[Path], WrittenGraph]] = {
        "csv": lambda path: edge_list.read_edge_list(
            path, direction=direction, names=Path(names) if names else None, least=least
        ),
        "metacademy": metacademy.read_metacademy,
        "graphml": lambda path: graphml.read_graphml(path, direction=direction),
        "turtle": lambda path: rdf.read_rdf(path, requires=requires, direction=direction),
    }
    return readers[form]


def _base(text: str) -> Iri:
    if not text.endswith(("/", "#")):
        raise BadParameter("base", text[:80], "an absolute IRI that ends with / or #")
    return Iri(_iri("base", text))


def _iri(name: str, text: str) -> str:
    from kg.rdf.terms import is_absolute_iri

    if "://" not in text or not is_absolute_iri(text):
        raise BadParameter(name, text[:80], "an absolute IRI such as https://example.org/graph/id/")
    return text


def _areas() -> frozenset[str]:
    """The areas that the vocabulary has, by slug."""
    from pyoxigraph import NamedNode, RdfFormat, parse

    import ontology
    from kg.model.iri import VOCABULARY

    quads = parse((ontology.root() / "vocab" / "area.ttl").read_bytes(), RdfFormat.TURTLE)
    space = VOCABULARY + "area/"
    iris = (quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
    return frozenset(iri.removeprefix(space) for iri in iris if iri.startswith(space))


def _with_area_slugs(draft: "Draft") -> "Draft":
    from dataclasses import replace

    from kg.importers.draft import slug_of

    return replace(
        draft,
        topics=tuple(replace(t, area=slug_of(t.area) if t.area else "") for t in draft.topics),
    )

"""How people name a resource: by slug, ``kind/slug``, CURIE or IRI; the unknown comes with the near."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import Final

from kg.catalog.resources import is_known, list_parts
from kg.errors import BadParameter, NotFound
from kg.model.iri import PLURALS, SINGULARS, Iri, Name
from kg.rdf.terms import is_absolute_iri
from kg.services.engines import Engines

THINGS: Final = (
    "application",
    "architecture",
    "benchmark",
    "capability",
    "challenge",
    "concept",
    "direction",
    "hardware",
    "model",
    "system",
)
"""Kinds of one family: a thing stands under the most specific of them, and only there."""

NAME_LENGTH: Final = 80
COMPARED_NAMES: Final = 5_000
"""Most slugs that an unknown name is compared with: difflib needs about 10 µs each."""
NEAR: Final = 3


def find_resource(engines: Engines, reference: str, *, kind: str = "") -> Iri:
    """The IRI of a resource that the graph knows; with ``kind``, a slug may stand alone.

    Raises:
        NotFound: there is none; near names are given, and other kinds that have the slug.
        BadParameter: a CURIE whose prefix is unknown, or a slug alone that several kinds have.
    """
    text = reference.strip().removeprefix("<").removesuffix(">")
    if ":" in text:
        iri = _expand(engines, text)
        name = Name.parse(iri, engines.base)
        if name is None or name.fragment:
            return _require_known(engines, iri, reference, kind)
        return find_named(engines, name.kind, name.slug, wanted=kind)
    path, hash_sign, fragment = text.partition("#")
    own_kind, slash, slug = path.partition("/")
    if not slash:
        iri = find_named(engines, kind, path) if kind else _find_slug(engines, path)
    else:
        iri = find_named(engines, kind_of(own_kind), slug, wanted=kind)
    if not hash_sign:
        return iri
    return _require_known(engines, Iri(f"{iri}#{fragment}"), reference, kind)


def find_named(engines: Engines, kind: str, slug: str, *, wanted: str = "") -> Iri:
    """The IRI of a kind's individual; for a name that was given up, of what stands in its place.

    Raises:
        NotFound: there is none, or it is not of the wanted kind.
    """
    iri = engines.names[kind].get(slug) if kind == wanted or not wanted else None
    iri = iri or find_replacement(engines, kind, slug, wanted=wanted)
    if iri is None:
        raise NotFound(wanted or kind, _short(slug), near_names(engines, slug, wanted or kind))
    return iri


def find_replacement(engines: Engines, kind: str, slug: str, *, wanted: str = "") -> Iri | None:
    """What stands in the place of a name that was given up, where that is an individual (of the wanted kind)."""
    iri = engines.replacements.get(Iri(f"{engines.base}{kind}/{slug}"))
    name = Name.parse(iri, engines.base) if iri else None
    if name is None or name.slug not in engines.names[name.kind] or wanted not in ("", name.kind):
        return None
    return iri


def find_elsewhere(engines: Engines, slug: str, kind: str = "") -> tuple[Iri, ...]:
    """The things of that slug under other kinds, where ``kind`` is one of them or not said.

    ``concept`` and ``mamba`` give ``architecture/mamba``; the topic of that name stands apart. Where no thing has
    the slug, those are meant that go by it: ``concept`` and ``ai-governance`` give ``challenge/governance``.
    """
    if kind and kind not in THINGS:
        return ()
    same = tuple(
        engines.names[other][slug] for other in THINGS if other != kind and slug in engines.names[other]
    )
    return same or tuple(iri for iri in engines.aliases.get(slug, ()) if _kind(engines, iri) in THINGS)


def kind_of(text: str) -> str:
    """A kind by its singular or plural name.

    Raises:
        NotFound: there is no such kind; near ones are given.
    """
    if text in PLURALS:
        return text
    if text in SINGULARS:
        return SINGULARS[text]
    raise NotFound("kind", _short(text), tuple(get_close_matches(text[:NAME_LENGTH], PLURALS, n=NEAR)))


def near_names(engines: Engines, slug: str, kind: str = "") -> tuple[str, ...]:
    """``kind/slug`` that have this very slug, else those that go by it, then slugs of the kind that look alike."""
    same = [f"{other}/{slug}" for other in PLURALS if other != kind and slug in engines.names[other]]
    same += [iri.removeprefix(engines.base) for iri in find_elsewhere(engines, slug, kind)]
    if kind:
        return tuple(dict.fromkeys((*same, *_close(slug, engines.names[kind]))))
    everywhere = {name: f"{other}/{name}" for other in reversed(PLURALS) for name in engines.names[other]}
    return tuple(dict.fromkeys((*same, *(everywhere[name] for name in _close(slug, everywhere)))))


def _expand(engines: Engines, text: str) -> Iri:
    if "://" in text:
        if not is_absolute_iri(text):
            raise BadParameter("IRI", _short(text), "an absolute IRI, without spaces or brackets")
        return Iri(text)
    try:
        iri = engines.prefixes.expand(text)
    except BadParameter:
        # A scheme without an authority: urn:…, mailto:…
        if is_absolute_iri(text) and is_known(engines.store, Iri(text)):
            return Iri(text)
        raise
    if not is_absolute_iri(iri):
        raise BadParameter("CURIE", _short(text), "prefix:name")
    return Iri(iri)


def _require_known(engines: Engines, iri: Iri, reference: str, kind: str) -> Iri:
    if not is_absolute_iri(iri):
        raise BadParameter("resource", _short(reference), "a slug, kind/slug, a CURIE or an IRI")
    if not is_known(engines.store, iri):
        raise NotFound(kind or "resource", _short(reference), _near_iri(engines, iri))
    return iri


def _near_iri(engines: Engines, iri: Iri) -> tuple[str, ...]:
    """Parts of the owner that look alike, or names like the owner's where that is unknown itself."""
    owner = Iri(iri.partition("#")[0])
    name = Name.parse(owner, engines.base)
    if name is None:
        return ()
    if name.slug not in engines.names[name.kind]:
        return near_names(engines, name.slug, name.kind)
    parts = {part.rpartition("#")[2] for part in list_parts(engines.store, owner)}
    found = get_close_matches(iri.rpartition("#")[2][:NAME_LENGTH], sorted(parts), n=NEAR, cutoff=0.4)
    return tuple(f"{name.kind}/{name.slug}#{part}" for part in found)


def _find_slug(engines: Engines, slug: str) -> Iri:
    """The one thing of that slug, whatever its kind; topics and the like only where no thing has it."""
    found = find_elsewhere(engines, slug) or tuple(
        names[slug] for names in engines.names.values() if slug in names
    )
    if len(found) > 1:
        several = ", ".join(sorted(iri.removeprefix(engines.base) for iri in found))
        raise BadParameter("resource", slug, f"one resource; there are {several}")
    if not found:
        raise NotFound("resource", _short(slug), near_names(engines, slug))
    return found[0]


def _kind(engines: Engines, iri: Iri) -> str:
    name = Name.parse(iri, engines.base)
    return name.kind if name else ""


def _close(slug: str, names: Iterable[str]) -> list[str]:
    wanted = "-".join(slug[:NAME_LENGTH].lower().replace("_", " ").replace(".", " ").split())
    same_start = (name for name in names if name[:1] == wanted[:1])
    others = (name for name in names if name[:1] != wanted[:1])
    compared = [*islice(same_start, COMPARED_NAMES), *islice(others, COMPARED_NAMES)][:COMPARED_NAMES]
    return get_close_matches(wanted, compared, n=NEAR)


def _short(text: str) -> str:
    return text if len(text) <= NAME_LENGTH else f"{text[: NAME_LENGTH - 1]}…"

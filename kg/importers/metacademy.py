"""Folders of concepts as Metacademy keeps them (https://github.com/metacademy/metacademy-content).

A folder for each concept, with ``title.txt``, ``summary.txt`` and ``dependencies.txt``: blocks of ``tag``, ``reason``
and ``shortcut`` with an empty line between. ``time_estimates/concepts.txt`` beside them gives hours.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kg.errors import InvalidData
from kg.importers.source import check_count, check_length, read_text
from kg.model.draft import ImportFinding, WrittenGraph, WrittenPrerequisite, WrittenTopic

CONCEPTS: Final = "concepts"
DEPENDENCIES: Final = "dependencies.txt"
EXAMPLE: Final = "ANNOTATED_EXAMPLE"
"""Shows the format, and is no concept."""
TIMES: Final = Path("time_estimates", "concepts.txt")


def is_metacademy(folder: Path) -> bool:
    """Whether the folder, or its ``concepts``, holds folders with dependencies."""
    return any(True for _ in _concepts(folder))


def read_metacademy(folder: Path) -> WrittenGraph:
    """The concepts of the folder, or of its ``concepts``; tags may have hyphens where folders have underscores.

    Raises:
        InvalidData: a file has a line that is none of the format; names it. TooLarge: there are too many.
    """
    topics: list[WrittenTopic] = []
    prerequisites: list[WrittenPrerequisite] = []
    findings: list[ImportFinding] = []
    hours = _hours(folder)
    for concept in _concepts(folder):
        topics.append(_topic(concept, hours))
        for block in _blocks(concept / DEPENDENCIES):
            pair = WrittenPrerequisite(concept.name, block["tag"], block["place"], block.get("reason", ""))
            prerequisites.append(pair)
            if block.get("shortcut", "0") not in ("", "0"):
                message = "a shortcut is enough there; the whole topic is required here"
                findings.append(
                    ImportFinding("shortcut", message, (pair.topic, pair.prerequisite), pair.place)
                )
        check_count(len(topics), len(prerequisites), str(folder))
    if not topics:
        raise InvalidData(
            str(folder), f"holds no folder with {DEPENDENCIES}", "give the folder of the concepts"
        )
    return WrittenGraph(tuple(topics), tuple(prerequisites), closed=True, findings=tuple(findings))


def _concepts(folder: Path) -> Iterator[Path]:
    """The folders of concepts, by name; links are not followed."""
    inner = folder / CONCEPTS
    root = inner if inner.is_dir() and not inner.is_symlink() else folder
    for path in sorted(root.iterdir()):
        if path.name != EXAMPLE and not path.is_symlink() and (path / DEPENDENCIES).is_file():
            yield path


def _topic(concept: Path, hours: Mapping[str, str]) -> WrittenTopic:
    title, summary = (_whole(concept / name) for name in ("title.txt", "summary.txt"))
    label = title[:1].upper() + title[1:]
    return WrittenTopic(concept.name, concept.name, label, hours.get(concept.name, ""), definition=summary)


def _whole(path: Path) -> str:
    """The text of a small file on one line, without comments; empty where there is none."""
    if path.is_symlink() or not path.is_file():
        return ""
    lines = (line for line in read_text(path).splitlines() if not line.startswith("#"))
    return check_length(" ".join(lines), str(path))


def _blocks(path: Path) -> Iterator[dict[str, str]]:
    """The blocks of dependencies: each begins with its tag."""
    block: dict[str, str] = {}
    place = f"{path.parent.name}/{path.name}"
    lines = [] if path.is_symlink() else read_text(path).splitlines()
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or name not in ("tag", "reason", "shortcut") or (name != "tag" and not block):
            reason = f"{line.strip()[:60]!r} is neither tag, reason nor shortcut of a dependency"
            raise InvalidData(f"{place}:{number}", reason, "write a line such as: tag: bayes_rule")
        if name == "tag":
            if block:
                yield block
            block = {"place": f"{place}:{number}"}
        block[name] = check_length(value, f"{place}:{number}")
    if block:
        yield block


def _hours(folder: Path) -> dict[str, str]:
    """Concept → hours, from the file of estimates where there is one; links are not followed."""
    roots = (folder, folder.parent) if folder.name == CONCEPTS else (folder,)
    paths = (root / TIMES for root in roots)
    path = next((p for p in paths if p.is_file() and not (p.is_symlink() or p.parent.is_symlink())), None)
    if path is None:
        return {}
    rows = (line.split() for line in read_text(path).splitlines())
    return {row[0]: row[1] for row in rows if len(row) == 2}

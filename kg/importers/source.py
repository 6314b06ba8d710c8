"""Text of a file that someone else wrote: its size bounded, its encoding known, links to elsewhere not followed."""

import codecs
from pathlib import Path
from typing import Final

from kg.errors import InvalidData, NotFound, TooLarge

MOST_BYTES: Final = 100_000_000
MOST_TOPICS: Final = 20_000
MOST_PREREQUISITES: Final = 200_000
"""So many are read, put in order and written within half a minute."""
MOST_CHARACTERS: Final = 10_000
"""Of one name, label, reason or definition."""

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file.

    Raises:
        NotFound: there is none. TooLarge: it has more than 100 MB. InvalidData: it is no file, or cannot be read.
    """
    if not path.exists():
        raise NotFound("file", str(path))
    if not path.is_file():
        raise InvalidData(str(path), "is no regular file", "give a file, or a folder of one of the formats")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise TooLarge(f"{path}, in bytes,", size, MOST_BYTES)
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidData(str(path), f"cannot be read: {error.strerror}") from error


def read_text(path: Path) -> str:
    """The text of a file: UTF-8, or UTF-16 with its byte order mark.

    Raises:
        InvalidData: it is neither; names the byte. Otherwise as :func:`read_bytes`.
    """
    data = read_bytes(path)
    encoding = next((name for mark, name in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte {error.start} is no {encoding.upper().removesuffix('-SIG')}"
        raise InvalidData(f"{path.name}:{line}", reason, "save the file as UTF-8") from error


def check_length(text: str, place: str) -> str:
    """The text on one line.

    Raises:
        TooLarge: it is longer than any name or reason is.
    """
    if len(text) > MOST_CHARACTERS:
        raise TooLarge(f"a text at {place}", len(text), MOST_CHARACTERS)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def check_count(topics: int, prerequisites: int, place: str) -> None:
    """Pass where an import takes so many.

    Raises:
        TooLarge: it does not.
    """
    if topics > MOST_TOPICS:
        raise TooLarge(f"the number of topics of {place}", topics, MOST_TOPICS)
    if prerequisites > MOST_PREREQUISITES:
        raise TooLarge(f"the number of prerequisites of {place}", prerequisites, MOST_PREREQUISITES)

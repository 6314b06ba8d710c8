"""The documents as a reader meets them: fenced blocks, and the commands in them with what they print."""

import argparse
import contextlib
import doctest
import io
import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.testclient import TestClient

ROOT = Path(__file__).parents[1]
DOCUMENTS = (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")))
HOST = "http://127.0.0.1:8000"
FENCE = re.compile(r"^```(\w*) ?(\S*)$")
PRETTY = " | python -m json.tool"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the file that it is written to (where it names one), its text."""

    document: Path
    line: int
    language: str
    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.document.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True)
class Command:
    """A line after ``$`` with its continuation after ``>``, and what is printed below it."""

    line: int
    text: str
    expected: str


def blocks(document: Path) -> Iterator[Block]:
    """All fenced blocks of a document, in their order."""
    opened: tuple[int, str, str] | None = None
    held: list[str] = []
    for number, line in enumerate(document.read_text("utf-8").splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened, held = (number, fence[1], fence[2]), []
        elif opened is not None and line == "```":
            yield Block(document, *opened, "\n".join(held) + "\n")
            opened = None
        elif opened is not None:
            held.append(line)
    assert opened is None, f"{document}: the block of line {opened} is not closed"


def prose(document: Path) -> Iterator[tuple[int, str]]:
    """The lines outside of fenced blocks and tables."""
    fenced = False
    for number, line in enumerate(document.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and not line.startswith("|"):
            yield number, line


def commands(block: Block) -> list[Command]:
    """The commands of a console block."""
    found: list[Command] = []
    expected: list[str] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if line.startswith("$ "):
            expected = []
            found.append(Command(number, line[2:], ""))
        elif line.startswith("> ") and not expected:
            found[-1] = Command(found[-1].line, f"{found[-1].text}\n{line[2:]}", "")
        else:
            expected.append(line)
            found[-1] = Command(found[-1].line, found[-1].text, "\n".join(expected))
    return found


def agrees(expected: str, printed: str) -> bool:
    """True where the command printed what the document says; ``...`` stands for anything.

    Lines break where they like, and JSON on one line has its spaces where it likes.
    """
    if printed.startswith("{") and printed.count("\n") < 2:
        expected, printed = (re.sub(r"(?<=[:,.])\s+|\s+(?=\.\.\.)", "", text) for text in (expected, printed))
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(f"{expected}\n", f"{printed.rstrip()}\n", options)


class Shell:
    """Runs ``trivium``, ``curl`` and ``echo $?`` without a process or a socket of their own."""

    def __init__(self, client: TestClient, main: Callable[[], None]) -> None:
        self._client = client
        self._main = main
        self.status = 0

    def run(self, text: str) -> str:
        """What the command prints, errors included; ``status`` is its exit code."""
        pretty = text.endswith(PRETTY)
        words = shlex.split(text.removesuffix(PRETTY))
        if words == ["echo", "$?"]:
            shown, self.status = f"{self.status}\n", 0
            return shown
        shown = {"trivium": self._trivium, "curl": self._curl}[words[0]](words[1:])
        return json.dumps(json.loads(shown), indent=4) + "\n" if pretty else shown

    def _trivium(self, words: list[str]) -> str:
        printed = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        arguments, sys.argv = sys.argv, ["trivium", *words]
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                self._main()
            self.status = 0
        except SystemExit as end:
            self.status = int(end.code or 0)
        finally:
            sys.argv = arguments
        printed.seek(0)
        return printed.read()

    def _curl(self, words: list[str]) -> str:
        request = CURL.parse_args(words)
        headers = dict(header.split(": ", 1) for header in request.header)
        encoded = (
            f"{name}={quote(value)}" for name, _, value in (part.partition("=") for part in request.encoded)
        )
        body = "&".join([*request.data, *encoded])
        url, method, content = request.url, "HEAD" if request.head else "GET", None
        if request.get:
            url = f"{url}?{body}"
        elif body:
            method, content = "POST", body
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        method = request.method or method
        answer = self._client.request(method, url, headers=headers, content=content, follow_redirects=False)
        self.status = 0
        if not (request.include or request.head):
            return answer.text
        lines = [f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        return "\n".join([*lines, "", answer.text])


CURL = argparse.ArgumentParser("curl", exit_on_error=False)
CURL.add_argument("url")
CURL.add_argument("-H", dest="header", action="append", default=[])
CURL.add_argument("-d", dest="data", action="append", default=[])
CURL.add_argument("--data-urlencode", dest="encoded", action="append", default=[])
CURL.add_argument("-X", dest="method", default="")
CURL.add_argument("-G", dest="get", action="store_true")
CURL.add_argument("-i", dest="include", action="store_true")
CURL.add_argument("-I", dest="head", action="store_true")
CURL.add_argument("-s", dest="silent", action="store_true")

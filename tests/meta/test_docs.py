"""The documents are true: every block runs and prints what they say, in plain sentences with sound links."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse
from starlette.testclient import TestClient

import api.cli
from api.app import create_app
from api.settings import Settings
from kg.services import knowledge as opener
from kg.services.knowledge import Knowledge
from kg.store.results import Boolean, Solutions
from tests.documents import DOCUMENTS, HOST, ROOT, Block, Shell, agrees, blocks, commands, prose

BLOCKS = tuple(block for document in DOCUMENTS for block in blocks(document))
LANGUAGES = {"console", "json", "python", "sh", "sparql", "text", "turtle"}


def of_language(language: str) -> list[Block]:
    return [block for block in BLOCKS if block.language == language]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.fixture
def shell(shipped: Knowledge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A shell in a scratch folder that looks like a clone; the shipped dataset is opened once for all."""
    opened = opener.open_knowledge
    monkeypatch.setattr(opener, "open_knowledge", lambda source=None: opened(source) if source else shipped)
    monkeypatch.delenv("TRIVIUM_DATA", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ontology").symlink_to(ROOT / "ontology")
    with TestClient(create_app(shipped, Settings(learners=str(tmp_path / "kept"))), base_url=HOST) as client:
        yield Shell(client, api.cli.main)
        client.app.state.learners.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("document", [document for document in DOCUMENTS if any(blocks(document))], ids=name)
def test_the_commands_of_a_document_print_what_it_says(document: Path, shell: Shell) -> None:
    """In the order of the document: blocks that name a file write it, console blocks run."""
    for block in blocks(document):
        if block.file:
            path = Path(block.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")
        elif block.language == "console":
            _run(block, shell)


def _run(block: Block, shell: Shell) -> None:
    for command in commands(block):
        place = f"{name(block.document)}:{command.line}"
        assert shell.status == 0 or command.text == "echo $?", f"{place}: the command before it failed"
        printed = shell.run(command.text)
        if not agrees(command.expected, printed):
            pytest.fail(f"{place}: {command.text}\nexpected\n{command.expected}\nprinted\n{printed}")
    assert shell.status == 0, f"{block}: the last command failed"


@pytest.mark.parametrize("block", [block for block in of_language("sparql") if not block.file], ids=str)
def test_a_query_of_the_documents_has_an_answer(block: Block, shipped: Knowledge) -> None:
    answer = shipped.store.query(block.text)
    found = bool(answer) if isinstance(answer, Boolean) else len(list(answer))
    assert found
    assert not answer.warnings
    assert isinstance(answer, Boolean) or not isinstance(answer, Solutions) or answer.variables


@pytest.mark.parametrize("block", of_language("turtle"), ids=str)
def test_turtle_of_the_documents_parses(block: Block, shipped: Knowledge) -> None:
    head = "".join(
        f"@prefix {prefix}: <{space}> .\n" for prefix, space in shipped.prefixes.namespaces.items()
    )
    assert list(parse(block.text if block.file else head + block.text, RdfFormat.TURTLE))


@pytest.mark.parametrize("block", of_language("json"), ids=str)
def test_json_of_the_documents_parses(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_of_a_kind_that_is_checked(block: Block) -> None:
    assert block.language in LANGUAGES
    if block.language == "python":
        assert ">>> " in block.text, "write it as a doctest"
    if block.language == "sh":
        assert "trivium " not in block.text, "write it as a console block"


@pytest.mark.parametrize("document", DOCUMENTS[1:], ids=name)
def test_a_line_holds_one_sentence(document: Path) -> None:
    found = [line for line in prose(document) if re.search(r"[a-z`)][.?!] [A-Z`]", line[1])]
    assert found == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_links_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []

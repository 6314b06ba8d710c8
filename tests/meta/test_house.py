"""The house: layers, sizes, late imports, and nothing in it that does not belong."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in ("kg", "api", "ontology", "tests", "benchmarks")
    for path in (ROOT / folder).rglob("*.py")
)
TEXTS = sorted(
    Path(ROOT / name)
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\n")
    if name and (ROOT / name).is_file()
)


def test_layers_hold() -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "broken" in run.stdout, "import-linter checked nothing"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_over_400_lines(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= 400


def modules_after(statements: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after running the statements."""
    code = f"{statements}\nimport sys\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd="/")
    return set(run.stdout.splitlines()[-1].split())


LATE = {"sympy", "networkx", "rdflib", "pyshacl", "numpy", "scipy", "mpmath", "sqlite3"}
SELECT = "from kg import open_knowledge; list(open_knowledge().sparql('SELECT * { ?s ?p ?o } LIMIT 1'))"


@pytest.mark.parametrize(
    ("statements", "absent"),
    [
        ("import kg, api", {"pyoxigraph", "fastapi", "click", *LATE}),
        (SELECT, {"fastapi", "click", *LATE}),
        ("import api.app", {"click", *LATE}),
        ("import api.cli", {"pyoxigraph", "fastapi", "uvicorn", *LATE}),
    ],
    ids=["the packages", "a SELECT from Python", "the HTTP door", "the command line"],
)
def test_nothing_heavy_is_imported_early(statements: str, absent: set[str]) -> None:
    assert not modules_after(statements) & absent


FORBIDDEN = {
    "a registry's address": r"python[h]osted|npm[j]s\.(org|com)|py[p]i\.org|deb\.deb[i]an",
    "a path of somebody's machine": r"/work/(main|shared)|/tmp/w/|/root/|/home/\w+/",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    assert TEXTS, "git lists no files"
    found = [
        str(path.relative_to(ROOT))
        for path in TEXTS
        if path != Path(__file__) and re.search(FORBIDDEN[what], path.read_text("utf-8", errors="replace"))
    ]
    assert not found


def test_no_text_is_evaluated() -> None:
    pattern = re.compile(r"\b(sympify|parse_expr)\(|(?<![\w.])(eval|exec)\(")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if path.parts[len(ROOT.parts)] in ("kg", "api")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_pins_name_no_source_and_agree() -> None:
    pins = {line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line}
    quoted = set(
        re.findall(r'^    "([^"]+==[^"]+)",$', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    )
    assert pins == quoted
    assert not [pin for pin in pins if "@" in pin or "//" in pin]

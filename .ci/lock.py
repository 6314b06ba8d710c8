"""Renew the pins: every dependency, transitive ones and build tools too, without any registry's address.

Writes ``constraints.txt`` (for pip) and the same pins into ``[tool.uv]`` of ``pyproject.toml`` (for uv).
Run by ``make lock`` in an environment that has uv and tomlkit.
"""

import subprocess
import sys
from pathlib import Path

import tomlkit

ROOT = Path(__file__).parent.parent


def compile_pins(requirements: str, *options: str) -> list[str]:
    """Pinned requirements that satisfy ``requirements`` (a file's content) on every platform."""
    uv = Path(sys.executable).parent / "uv"
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11", "--upgrade"]
    command += ["--no-header", "--no-annotate", "--no-emit-index-url", *options]
    run = subprocess.run(command, input=requirements, capture_output=True, text=True, check=True, cwd=ROOT)
    return [line for line in run.stdout.splitlines() if "==" in line]


def main() -> None:
    """Write both places."""
    path = ROOT / "pyproject.toml"
    project = tomlkit.parse(path.read_text("utf-8"))
    project.get("tool", {}).pop("uv", None)
    path.write_text(tomlkit.dumps(project), "utf-8")

    pins = compile_pins("", "--extra", "bench", "pyproject.toml")
    build_pins = compile_pins("\n".join(project["build-system"]["requires"]), "-")  # type: ignore[arg-type,index]
    head = "# Written by `make lock`; pip reads it by -c, PIP_CONSTRAINT and PIP_BUILD_CONSTRAINT.\n"
    merged = sorted({*pins, *build_pins})
    (ROOT / "constraints.txt").write_text(head + "\n".join(merged) + "\n", "utf-8")

    table = tomlkit.table()
    for name, values in (("constraint-dependencies", pins), ("build-constraint-dependencies", build_pins)):
        array = tomlkit.array()
        array.extend(values)
        table[name] = array.multiline(True)
    project.setdefault("tool", tomlkit.table())["uv"] = table  # type: ignore[index]
    path.write_text(tomlkit.dumps(project), "utf-8")


if __name__ == "__main__":
    main()

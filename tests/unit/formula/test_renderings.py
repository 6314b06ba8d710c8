"""Formulas as LaTeX, MathML and code: the code computes the same number, and nothing of a text breaks out."""

import shutil
import subprocess
import sys
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from kg.errors import Unavailable
from kg.formula.compile import compile_formula
from kg.formula.evaluate import evaluate
from kg.formula.grammar import read, read_expression
from kg.formula.names import FUNCTIONS
from kg.formula.program import compile_tree
from kg.formula.render_code import JAVASCRIPT, PYTHON, SQL, render_code, safe_names
from kg.formula.render_files import RENDERINGS, javascript_of, latex_of, python_of, sql_of, text_of
from kg.formula.render_math import render_latex, render_mathml
from kg.model.formula import Formula
from kg.services.knowledge import Knowledge
from tests.unit.formula.records import (
    AUTOMATION,
    CHINCHILLA,
    REAL,
    TIME,
    UNITS,
    formula,
    output,
    variable,
)

LATEX = [
    ("L = E + A/N**alpha", r"L = E + \frac{A}{N^{\alpha}}"),
    ("a - (b - c)", r"a - \left(b - c\right)"),
    ("-x**2", "-x^{2}"),
    ("(-x)**2", r"\left(-x\right)^{2}"),
    ("2*k_inf", r"2 \cdot k_{\mathrm{inf}}"),
    ("x*3", r"x \times 3"),
    ("1e24*x", r"1 \times 10^{24} \cdot x"),
    ("sqrt(x) + cbrt(y)", r"\sqrt{x} + \sqrt[3]{y}"),
    ("log(x, b) + ln(x) + log2(x)", r"\log_{b}\left(x\right) + \ln\left(x\right) + \log_{2}\left(x\right)"),
    ("abs(x) + floor(x)", r"\left| x \right| + \left\lfloor x \right\rfloor"),
    ("exp(-x/2)", r"e^{\frac{-x}{2}}"),
    ("Sum(i, 1, n, w[i])", r"\sum_{i=1}^{n} w_{i}"),
    ("a**b**c", "a^{b^{c}}"),
    ("(a**b)**c", r"{\left(a^{b}\right)}^{c}"),
    ("(a/b)**2", r"\left(\frac{a}{b}\right)^{2}"),
    ("pi*r**2 + asin(x)", r"\pi \cdot r^{2} + \arcsin\left(x\right)"),
]


@pytest.mark.parametrize(("text", "expected"), LATEX, ids=[row[0] for row in LATEX])
def test_latex(text: str, expected: str) -> None:
    assert render_latex(read(text)) == expected


@pytest.mark.parametrize("text", [row[0] for row in LATEX])
def test_mathml_is_well_formed_and_of_known_elements(text: str) -> None:
    root = ET.fromstring(render_mathml(read(text)))  # noqa: S314 - our own text
    known = ["math", "mrow", "mi", "mo", "mn", "mfrac", "msup", "msub", "msqrt", "mroot", "munderover"]
    arity = {"mfrac": 2, "msup": 2, "msub": 2, "mroot": 2, "munderover": 3}
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        assert name in known
        assert len(element) == arity.get(name, len(element))


def test_mathml_of_a_quotient() -> None:
    assert "<mfrac><mi>A</mi><msup><mi>N</mi><mi>α</mi></msup></mfrac>" in render_mathml(read("A/N**alpha"))


def test_the_authors_latex_is_used_where_it_says_what_the_expression_says() -> None:
    ours = latex_of(compile_formula(CHINCHILLA))
    theirs = r"L \;=\; \frac{A}{N^\alpha} + \frac{B}{D^\beta} + E"
    assert latex_of(compile_formula(replace(CHINCHILLA, latex=theirs))) == theirs
    for other in ("L(N, D)", theirs.replace("+ E", "- E"), theirs.replace("N", "M"), r"\frac{"):
        assert latex_of(compile_formula(replace(CHINCHILLA, latex=other))) == ours
    assert latex_of(compile_formula(replace(CHINCHILLA, latex=""))).startswith("L = E + ")


def run_python(code: str, call: str) -> float:
    run = subprocess.run(
        [sys.executable, "-I", "-c", f"{code}\nprint(repr({call}))"],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(run.stdout)


VALUES: list[tuple[Formula, dict[str, object], str]] = [
    (CHINCHILLA, {"N": 7e10, "D": 1.4e12}, "N=7e10, D=1.4e12"),
    (AUTOMATION, {"w": [0.5, 0.3, 0.2], "a": [0.2, 0.6, 0.9]}, "n=3, w=[0.5, 0.3, 0.2], a=[0.2, 0.6, 0.9]"),
]


@pytest.mark.parametrize(("record", "givens", "call"), VALUES, ids=["numbers", "series"])
def test_python_gives_the_same_number_in_a_fresh_process(
    record: Formula, givens: dict[str, object], call: str
) -> None:
    compiled = compile_formula(record)
    expected = evaluate(compiled, givens, units=UNITS).value
    name = record.slug.replace("-", "_")
    assert run_python(python_of(compiled), f"{name}({call})") == pytest.approx(expected, rel=1e-15)


def test_every_shipped_example_comes_out_of_the_rendered_python(shipped: Knowledge) -> None:
    """Two hundred functions in one fresh process; units that do not fit each other are converted inside."""
    from kg.formula.givens import parse_givens

    lines, expected = [], []
    for entry in shipped.list("formula"):
        compiled = shipped.compiled(entry.iri)
        for example in compiled.formula.examples:
            answer = evaluate(compiled, parse_givens(example.givens), fit=example.fit, units=shipped.units)
            names = safe_names((one.symbol for one in compiled.inputs), PYTHON)
            values = ", ".join(f"{names[one.symbol]}={one.value!r}" for one in answer.inputs)
            function = compiled.formula.slug.replace("-", "_")
            lines += [python_of(compiled), f"print(repr({function}({values})))"]
            expected.append(answer.value)
    run = subprocess.run(
        [sys.executable, "-I", "-c", "\n".join(lines)], capture_output=True, text=True, check=True
    )
    found = [float(line) for line in run.stdout.split()]
    assert len(found) > 20
    assert found == pytest.approx(expected, rel=1e-12)


def test_units_are_converted_inside() -> None:
    compiled = compile_formula(TIME)
    entries = {one.symbol for one in compiled.inputs}
    assert entries
    assert all(rendering(compiled) for suffix, rendering in RENDERINGS.items() if suffix != "sql")


@pytest.mark.parametrize("function", sorted(FUNCTIONS))
def test_each_function_of_the_grammar_is_the_same_in_python(function: str) -> None:
    arguments = "x, y" if FUNCTIONS[function][0] == 2 else "x"
    node = read_expression(f"{function}({arguments})")
    code = render_code(node, PYTHON, {"x": "0.3", "y": "0.7"})
    expected = compile_tree(node, ["x", "y"]).run([0.3, 0.7])
    found = compile(code, "<rendered>", "eval")
    assert not set(found.co_names) - {
        *("math", "abs", "min", "max", "float", "log", "copysign"),
        *("NormalDist", "sqrt", "inv_cdf", function),
    }
    assert run_python("import math\nfrom statistics import NormalDist", code) == pytest.approx(
        expected, rel=1e-15
    )


def test_javascript_and_sql_are_as_they_were() -> None:
    compiled = compile_formula(CHINCHILLA)
    assert "return (E + (A / Math.pow(N, alpha)) + (B / Math.pow(D, beta)));" in javascript_of(compiled)
    assert "function chinchilla_loss({ N, D, E=1.69," in javascript_of(compiled)
    assert 'POWER(CAST("N" AS DOUBLE PRECISION), 0.34e0)' in sql_of(compiled)
    assert javascript_of(compile_formula(AUTOMATION)).count("total(1.0, n, (i) =>") == 2
    assert text_of(compiled).startswith("Chinchilla") or "L = E + A/N**alpha" in text_of(compiled)
    with pytest.raises(Unavailable, match="a sum over a series in SQL"):
        sql_of(compile_formula(AUTOMATION))
    with pytest.raises(Unavailable, match="erf in JavaScript"):
        render_code(read_expression("erf(x)"), JAVASCRIPT, {"x": "x"})
    everything = read_expression("log2(x) + cbrt(x) + ceil(x) + max(x, -2)**2 - sign(x)/log(x, 3)")
    assert render_code(everything, SQL, {"x": "x"}) == (
        "((LN(x) / LN(2.0e0)) + (SIGN(x) * POWER(ABS(x), (1e0 / 3e0))) + CEILING(x) + "
        "POWER(GREATEST(x, (-2.0e0)), 2.0e0) - (SIGN(x) / (LN(x) / LN(3.0e0))))"
    )


JAVASCRIPT_CALLS = [
    (CHINCHILLA, "chinchilla_loss({ N: 7e10, D: 1.4e12 })", {"N": 7e10, "D": 1.4e12}),
    (
        AUTOMATION,
        "automation_potential({ n: 2, w: [0.5, 0.3], a: [0.2, 0.6] })",
        {"w": [0.5, 0.3], "a": [0.2, 0.6]},
    ),
]


@pytest.mark.parametrize(("record", "call", "givens"), JAVASCRIPT_CALLS, ids=["numbers", "series"])
def test_javascript_gives_the_same_number(record: Formula, call: str, givens: dict[str, object]) -> None:
    """Run where there is a node; everywhere, the text is what ran."""
    compiled = compile_formula(record)
    code = javascript_of(compiled)
    body = {
        CHINCHILLA.slug: "return (E + (A / Math.pow(N, alpha)) + (B / Math.pow(D, beta)));",
        AUTOMATION.slug: "return (total(1.0, n, (i) => (w[i - 1] * a[i - 1])) / total(1.0, n, (i) => w[i - 1]));",
    }
    assert body[record.slug] in code
    node = shutil.which("node")
    if node is None:
        return
    run = subprocess.run(
        [node, "-e", f"{code}\nconsole.log({call})"], capture_output=True, text=True, check=True
    )
    assert float(run.stdout) == pytest.approx(evaluate(compiled, givens, units=UNITS).value, rel=1e-14)


def test_names_that_a_language_keeps_are_changed() -> None:
    record = formula(
        "class",
        "y = lambda**2 + math + math_ + new",
        output("y"),
        *(variable(name, domain=REAL) for name in ("lambda", "math", "math_", "new")),
    )
    compiled = compile_formula(record)
    assert run_python(python_of(compiled), "class_(lambda_=2, math_=1, math__=3, new=4)") == 12
    assert "{ lambda, math, math_, new_ }" in javascript_of(compiled)


def test_a_label_cannot_leave_its_comment() -> None:
    record = replace(CHINCHILLA, label='"""\nimport os\n*/ alert(1) \\"', conditions=("</math>",))
    compiled = compile_formula(record)
    assert run_python(python_of(compiled), "chinchilla_loss(N=7e10, D=1.4e12)") == pytest.approx(
        1.93, abs=0.02
    )
    assert javascript_of(compiled).count("*/") == 1
    assert all(line.startswith("--") or "AS" in line for line in sql_of(compiled).splitlines())

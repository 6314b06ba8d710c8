"""Authors' LaTeX: read into our tree, or refused where it names no symbol or could be read in two ways."""

from dataclasses import replace
from pathlib import Path

import pytest

from kg.errors import BadInput
from kg.formula.canonical import canonical
from kg.formula.check import check_latex
from kg.formula.compile import compile_formula
from kg.formula.grammar import read
from kg.formula.latex import read_latex
from kg.formula.render_files import relation_of
from kg.formula.render_math import render_latex
from kg.services.knowledge import Knowledge
from tests.unit.formula.records import CHINCHILLA

READ = [
    (r"\frac{A}{N^{\alpha}}", "A/N**alpha"),
    (r"\dfrac12 A", "A/2"),
    (r"A\,N^{-\alpha}", "A*N**(-alpha)"),
    (r"N_{par} + N_{\mathrm{par}} + N_{\text{par}}", "N_par + N_par + N_par"),
    (r"D_{0} + D_0", "D_0 + D_0"),
    (r"\hat{E}", "E_hat"),
    (r"N^{*} + N^*", "N_opt + N_opt"),
    (r"\mathrm{MFU} \cdot MFU", "MFU*MFU"),
    (r"2 N D", "2*N*D"),
    (r"6ND", "6*N*D"),
    (r"\left(\frac{\alpha A}{\beta B}\right)^{1/(\alpha+\beta)}", "(alpha*A/(beta*B))**(1/(alpha + beta))"),
    (r"e^{g t} + \exp(-g) + \exp\left\{g\right\}", "exp(g*t) + exp(-g) + exp(g)"),
    (r"\ln N + \log_{10}(N) + \log_2 N", "log(N) + log10(N) + log2(N)"),
    (r"\sqrt{N} + \sqrt[3]{N} + \sqrt[n]{N}", "sqrt(N) + cbrt(N) + N**(1/n)"),
    (r"\sum_{i=1}^{n} w_i \, a_i", "Sum(i, 1, n, w[i]*a[i])"),
    (r"\sum_{i=1}^n w_{i}^2 + t", "Sum(i, 1, n, w[i]**2) + t"),
    (r"\left|N - D\right| + |N|", "abs(N - D) + abs(N)"),
    (r"\lfloor N \rfloor + \lceil D/2 \rceil", "floor(N) + ceil(D/2)"),
    (r"\min(N, D) - \max\{N, 1\}", "min(N, D) - max(N, 1)"),
    (r"4.5 \times 10^{24} \; N", "4.5*10**24*N"),
    (r"10{,}000 N", "10000*N"),
    (r"-N^2 + {N^2}^3", "-N**2 + (N**2)**3"),
    (r"2\pi N", "2*pi*N"),
    (r"\operatorname{erf}(N)", "erf(N)"),
    (r"a / b c", "a/b*c"),
    (r"N - (D - t)", "N - (D - t)"),
    (r"\varepsilon", "epsilon"),
]
SYMBOLS = {
    *"ABNDgtnwabc", "alpha", "beta", "epsilon", "N_par", "D_0", "E_hat", "N_opt", "MFU",
}  # fmt: skip


@pytest.mark.parametrize(("latex", "text"), READ, ids=[row[0] for row in READ])
def test_what_authors_write_is_read(latex: str, text: str) -> None:
    assert canonical(read_latex(latex, SYMBOLS)) == canonical(read(text))


REFUSED = [
    (r"M + 1", "'M' is no symbol"),
    (r"N_{other}", "'N_other' is no symbol"),
    (r"\ln N D", "two ways"),
    (r"\sin^2 N", "two ways"),
    (r"N^2^3", "two powers"),
    (r"N^10", "braces"),
    (r"\int N", "not read"),
    (r"\input{file}", "not read"),
    (r"\def\x{1}", "not read"),
    (r"N \approx D", "not read"),
    (r"N = D = t", "cannot stand"),
    (r"\frac{A}", "not read"),
    (r"\frac{A}{N", "expected"),
    (r"(N + D]", "expected"),
    (r"w_i", "is no symbol"),
    (r"e", "no symbol"),
    (r"N!", "'!'"),
    ("", "not read"),
    (r"\min(N)", "2 to"),
    (r"\sum_{i=1}^{n} \sum_{i=1}^{n} w_i", "runs in the sum"),
    (r"N'", "is not read"),
    (r"N^{1/0}", "divides by zero"),
    ("(" * 100 + "N" + ")" * 100, ""),
    ("N+" * 1200, ""),
    (r"9^{9^{9}}", ""),
]


@pytest.mark.parametrize(("latex", "reason"), REFUSED, ids=[row[0][:30] for row in REFUSED])
def test_what_is_unknown_or_ambiguous_is_refused(latex: str, reason: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_latex(latex, SYMBOLS)
    assert reason in str(caught.value)


def test_our_own_renderings_are_read_as_what_they_render(shipped: Knowledge) -> None:
    for entry in shipped.list("formula"):
        compiled = shipped.compiled(entry.iri)
        symbols = {variable.symbol for variable in compiled.formula.variables}
        relation = relation_of(compiled)
        assert canonical(read_latex(render_latex(relation), symbols)) == canonical(relation)
        if compiled.formula.latex:
            assert canonical(read_latex(compiled.formula.latex, symbols)) == canonical(relation)


FAULTS = [
    (r"L = E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}", ""),
    (r"L - E = \frac{A}{N^\alpha} + \frac{B}{D^\beta}", "different"),
    (r"L = E + \frac{A}{N^\alpha} - \frac{B}{D^\beta}", "different"),
    (r"L = E + \frac{A}{N^\alpha} + \frac{B}{D^{\beta + 1 - 1}}", ""),
    (r"L = E + \frac{A}{M^\alpha}", "'M' is no symbol of the formula at column 18"),
    (r"E + \frac{A}{N^\alpha} + \frac{B}{D^\beta}", "one of them is no relation"),
]


@pytest.mark.parametrize(("latex", "reason"), FAULTS, ids=[row[0] for row in FAULTS])
def test_latex_that_is_not_proved_equal_is_a_fault_with_both_forms(latex: str, reason: str) -> None:
    faults = check_latex(compile_formula(replace(CHINCHILLA, latex=latex)))
    assert bool(faults) == bool(reason)
    for fault in faults:
        assert fault.rule == "latex"
        assert reason in fault.message
        assert latex in fault.message
        assert "E + A/N**alpha + B/D**beta" in fault.message


def test_reading_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text in (r"\write18{touch x}", r"\input|ls", r"\csname x\endcsname", r"__import__('os')"):
        with pytest.raises(BadInput):
            read_latex(text, SYMBOLS)
    assert not list(tmp_path.iterdir())

"""A formula as a file of its own: LaTeX, MathML, plain text, and code that computes the same number elsewhere."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from kg.errors import BadInput
from kg.formula.canonical import canonical
from kg.formula.compile import CompiledFormula
from kg.formula.latex import read_latex
from kg.formula.plan import plan_for
from kg.formula.render import render
from kg.formula.render_code import JAVASCRIPT, PYTHON, SQL, Language, render_code, safe_names
from kg.formula.render_math import render_latex, render_mathml
from kg.formula.tree import Name, Node, Relation, Sum, walk
from kg.model.formula import Variable

_JS_TOTAL: Final = """const total = (low, high, term) => {
  let sum = 0.0;
  for (let index = low; index <= high; index += 1) sum += term(index);
  return sum;
};
"""


def relation_of(compiled: CompiledFormula) -> Node:
    """The formula's relation; ``symbol = expression`` where its text is the right side alone."""
    if isinstance(compiled.tree, Relation) or compiled.output is None:
        return compiled.tree
    return Relation(Name(compiled.output.symbol), compiled.tree)


def latex_of(compiled: CompiledFormula) -> str:
    """The author's LaTeX where it is the expression in another dress, else what follows from the expression."""
    text = compiled.kept.get("latex")
    if not isinstance(text, str):
        text = compiled.formula.latex
        if not text or not is_same(compiled, text):
            text = render_latex(relation_of(compiled))
        compiled.kept["latex"] = text
    return text


def is_same(compiled: CompiledFormula, latex: str) -> bool:
    """True where the LaTeX has the canonical form of the expression: that is a proof, without algebra."""
    try:
        found = read_latex(latex, {variable.symbol for variable in compiled.formula.variables})
    except BadInput:
        return False
    wanted = relation_of(compiled)
    if isinstance(found, Relation) and not isinstance(wanted, Relation):
        found = found.right
    return canonical(found) == canonical(wanted)


def mathml_of(compiled: CompiledFormula) -> str:
    """The relation as a ``math`` element."""
    return render_mathml(relation_of(compiled))


def text_of(compiled: CompiledFormula) -> str:
    """The relation in the grammar, and what its symbols mean."""
    lines = [compiled.formula.label, "", f"    {render(relation_of(compiled))}", ""]
    lines += [
        f"{variable.symbol}: {variable.label}{_unit(compiled, variable)}, {variable.domain}"
        for variable in compiled.variables
    ]
    lines += [f"where {condition}" for condition in compiled.formula.conditions]
    return "\n".join(lines) + "\n"


def python_of(compiled: CompiledFormula, *, fit: str = "") -> str:
    """A module with one function; its arguments are in the units that its docstring names."""
    parts = _Parts(compiled, PYTHON, fit)
    imports = ["import math"] + ["from statistics import NormalDist"] * ("NormalDist(" in parts.body)
    lines = [*imports, "", "", f"def {parts.function}({parts.signature('*, ')}):"]
    lines += [f'    """{parts.title}', "", *(f"    {line}" for line in parts.meanings), '    """']
    lines += [f"    {line}" for line in parts.conversions("{name} = {value}")]
    lines += [f"    return {parts.body}"]
    return "\n".join(lines) + "\n"


def javascript_of(compiled: CompiledFormula, *, fit: str = "") -> str:
    """A function of one object with the values, in the units that the comment names."""
    parts = _Parts(compiled, JAVASCRIPT, fit)
    lines = ["/**", f" * {parts.title}", " *", *(f" * {line}" for line in parts.meanings), " */"]
    if any(isinstance(part, Sum) for part in walk(compiled.body)):
        lines += _JS_TOTAL.splitlines()
    lines += [f"function {parts.function}({{ {parts.signature('')} }}) {{"]
    lines += [f"  {line}" for line in parts.conversions("{name} = {value};")]
    lines += [f"  return {parts.body};", "}"]
    return "\n".join(lines) + "\n"


def sql_of(compiled: CompiledFormula, *, fit: str = "") -> str:
    """One column of a SELECT, over columns named as the symbols; fitted constants stand in it as numbers.

    Raises:
        Unavailable: a sum over a series, or a function that SQL has no word for.
    """
    parts = _Parts(compiled, SQL, fit)
    lines = [f"-- {parts.title}", *(f"-- {line}" for line in parts.meanings)]
    name = compiled.output.symbol if compiled.output is not None else "value"
    return "\n".join([*lines, f'{parts.body} AS "{name}"']) + "\n"


class _Parts:
    """What the languages share: names, defaults, meanings and the expression in declared units."""

    def __init__(self, compiled: CompiledFormula, language: Language, fit: str) -> None:
        self.compiled = compiled
        self.language = language
        self.function = _identifier(compiled.formula.slug, language)
        names = safe_names((variable.symbol for variable in compiled.inputs), language)
        self.names = dict(names)
        plan = plan_for(compiled, fit)
        entries = {entry.symbol: entry.value for entry in plan.inputs if entry is not None}
        self.defaults = {
            symbol: value for symbol in names if isinstance(value := entries.get(symbol), float | int)
        }
        self.fit = plan.fit.name if plan.fit is not None else ""
        self.title = _one_line(f"{compiled.formula.label}: {render(relation_of(compiled))}")
        if language is SQL:
            self.names |= {symbol: self.column(symbol) for symbol in names}

    def column(self, symbol: str) -> str:
        """A column, or the number of a constant, in the units that the relation computes in."""
        scale = self.compiled.scales.get(symbol, 1.0)
        if symbol in self.defaults:
            text = self.language.number(float(self.defaults[symbol]) * scale)
            return f"({text})" if text.startswith("-") else text
        column = f"CAST({self.names[symbol]} AS DOUBLE PRECISION)"
        return column if scale == 1.0 else f"({column} * {self.language.number(scale)})"

    def signature(self, mark: str) -> str:
        """Parameters, those with a value of their own last."""
        free = [self.names[symbol] for symbol in self.names if symbol not in self.defaults]
        kept = [f"{self.names[symbol]}={value!r}" for symbol, value in self.defaults.items()]
        return ", ".join([*free, *([mark.strip(", ")] if mark and kept else []), *kept])

    @property
    def meanings(self) -> list[str]:
        """A line for each symbol; the output first."""
        compiled = self.compiled
        lines = []
        for variable in (*compiled.variables[len(compiled.inputs) :], *compiled.inputs):
            origin = f", from the fit {self.fit}" if variable.symbol in self.defaults and self.fit else ""
            shown = self.names.get(variable.symbol, variable.symbol)
            if self.language is SQL:
                shown = variable.symbol
            lines.append(_one_line(f"{shown}: {variable.label}{_unit(compiled, variable)}{origin}"))
        return lines

    def conversions(self, pattern: str) -> list[str]:
        """Assignments that bring inputs to base units, where the declared ones do not fit each other."""
        lines = []
        for variable in self.compiled.inputs:
            scale = self.compiled.scales[variable.symbol]
            name = self.names[variable.symbol]
            if scale != 1.0 and variable.indexed_by:
                each = f"[one * {scale!r} for one in {name}]"
                mapped = f"{name}.map((one) => one * {scale!r})"
                lines.append(pattern.format(name=name, value=each if self.language is PYTHON else mapped))
            elif scale != 1.0:
                lines.append(pattern.format(name=name, value=f"{name} * {scale!r}"))
        return lines

    @property
    def body(self) -> str:
        """The expression, in the output's own unit."""
        text = render_code(self.compiled.body, self.language, self.names)
        output = self.compiled.output
        scale = self.compiled.scales[output.symbol] if output is not None else 1.0
        return text if scale == 1.0 else f"{text} / {self.language.number(scale)}"


def _unit(compiled: CompiledFormula, variable: Variable) -> str:
    unit = compiled.unit_text(variable)
    return "" if unit in ("", "1") else f" [{unit}]"


def _identifier(slug: str, language: Language) -> str:
    name = re.sub(r"\W", "_", slug, flags=re.ASCII)
    return f"{name}_" if name in language.words else name


def _one_line(text: str) -> str:
    """Text that can stand in a comment or docstring of any of the languages, whatever it holds."""
    return " ".join(text.split()).replace("\\", "/").replace('"""', "'''").replace("*/", "* /").rstrip('"')


RENDERINGS: Final[Mapping[str, Callable[[CompiledFormula], str]]] = MappingProxyType(
    {
        "tex": lambda compiled: latex_of(compiled) + "\n",
        "mathml": lambda compiled: mathml_of(compiled) + "\n",
        "py": python_of,
        "js": javascript_of,
        "sql": sql_of,
        "txt": text_of,
    }
)
"""Suffix → the file."""

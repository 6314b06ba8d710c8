"""The lines of a script: what people wrote stands in comments, each of one line of printable characters."""

from kg.model.answer import Origin
from kg.model.derivation import DerivationStep, DerivedInput
from kg.model.evidence import Source
from kg.model.iri import Iri


def one_line(text: str) -> str:
    """The text as one line of printable characters, which ends nowhere but at its end.

    >>> one_line("a" + chr(10) + "import os" + chr(0x2028) + "b")
    'a import os b'
    """
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def slug_of(iri: Iri | None) -> str:
    """The last segment of an IRI; nothing of none."""
    return (iri or "").rstrip("/#").rpartition("/")[2]


def times(name: str, factor: float) -> str:
    """Code of a product; the name alone where the factor is one."""
    return name if factor == 1.0 else f"({name} * {factor!r})"


def divided(code: str, scale: float) -> str:
    """Code of a quotient; the code alone where the scale is one."""
    return code if scale == 1.0 else f"{code} / {scale!r}"


def assignment(target: str, code: str, step: DerivationStep) -> str:
    """A line that gives the value of a step its name, with the unit behind it."""
    if code.startswith("(") and _closes_at_end(code):
        code = code[1:-1]
    return f"{target} = {code}  # {one_line(unit_words(step.unit))}"


def _closes_at_end(code: str) -> bool:
    """True where the bracket that begins the code is closed by its last character."""
    depth = 0
    for place, char in enumerate(code):
        depth += (char == "(") - (char == ")")
        if not depth:
            return place == len(code) - 1
    return False


def told_of(value: DerivedInput, step: DerivationStep) -> str:
    """Unit, origin and source of a value, for a comment."""
    origin = f"fit {step.fit}" if value.origin is Origin.FIT else str(value.origin)
    if value.subject:
        origin = f"known of {slug_of(value.subject)}"
    parts = [unit_words(value.unit), value.label, origin, cite(value.source) if value.source else ""]
    return one_line("; ".join(part for part in parts if part))


def unit_words(unit: str) -> str:
    """The unit, which is named where there is none."""
    return "plain number" if unit in ("", "1") else unit


def cite(source: Source) -> str:
    """A source by its label and address."""
    return f"{source.label} <{source.url or source.iri}>"


def counted(number: int, what: str) -> str:
    """A number of things."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

"""Names of the grammar: functions with their arities, Greek letters, and what comes near a wrong name."""

from collections.abc import Iterable
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final

FUNCTIONS: Final = MappingProxyType(
    {
        "abs": (1, 1),
        "acos": (1, 1),
        "asin": (1, 1),
        "atan": (1, 1),
        "cbrt": (1, 1),
        "ceil": (1, 1),
        "cos": (1, 1),
        "cosh": (1, 1),
        "erf": (1, 1),
        "erfinv": (1, 1),
        "exp": (1, 1),
        "floor": (1, 1),
        "ln": (1, 1),
        "log": (1, 2),
        "log10": (1, 1),
        "log2": (1, 1),
        "max": (2, 60),
        "min": (2, 60),
        "sign": (1, 1),
        "sin": (1, 1),
        "sinh": (1, 1),
        "sqrt": (1, 1),
        "tan": (1, 1),
        "tanh": (1, 1),
    }
)
"""Function → least and greatest number of arguments; ``log`` and ``ln`` are natural, or ``log(x, base)``."""

RESERVED: Final = frozenset({*FUNCTIONS, "Sum", "pi"})
"""Names that no variable can have."""

GREEK: Final = MappingProxyType(
    {
        "α": "alpha",
        "β": "beta",
        "γ": "gamma",
        "δ": "delta",
        "ε": "epsilon",
        "ζ": "zeta",
        "η": "eta",
        "θ": "theta",
        "ι": "iota",
        "κ": "kappa",
        "λ": "lambda",
        "μ": "mu",
        "ν": "nu",
        "ξ": "xi",
        "ο": "omicron",
        "π": "pi",
        "ρ": "rho",
        "σ": "sigma",
        "τ": "tau",
        "υ": "upsilon",
        "φ": "phi",
        "χ": "chi",
        "ψ": "psi",
        "ω": "omega",
        "Γ": "Gamma",
        "Δ": "Delta",
        "Θ": "Theta",
        "Λ": "Lambda",
        "Ξ": "Xi",
        "Σ": "Sigma",
        "Φ": "Phi",
        "Ψ": "Psi",
        "Ω": "Omega",
    }
)
"""Greek letter → the name it is read as."""


def plain_name(name: str) -> str:
    """The name in ASCII: ``alpha`` for ``α``, ``alpha_t`` for ``α_t``."""
    return GREEK[name[0]] + name[1:] if name[:1] in GREEK else name


def near_names(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Known names that look like this one, closest first: same but for capitals, then by spelling.

    >>> near_names("alhpa", ["alpha", "beta"])
    ('alpha',)
    """
    names = sorted(set(known))
    folded = [other for other in names if other.casefold() == name.casefold()]
    close = get_close_matches(name[:60], names, n=3, cutoff=0.6)
    return tuple(dict.fromkeys((*folded, *close)))[:3]

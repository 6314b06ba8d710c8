"""Trivium: a computable knowledge graph.

Public names only, loaded on first use (PEP 562), so that importing ``kg`` costs nothing.

>>> import kg
>>> sorted(kg.__all__)
['Knowledge', 'TriviumError', '__version__', 'open_knowledge']
"""

from importlib import import_module
from typing import TYPE_CHECKING

from kg.release import VERSION

if TYPE_CHECKING:
    from kg.errors import TriviumError
    from kg.services.knowledge import Knowledge, open_knowledge

__version__ = VERSION
__all__ = ["Knowledge", "TriviumError", "__version__", "open_knowledge"]

_HOMES = {
    "Knowledge": "kg.services.knowledge",
    "TriviumError": "kg.errors",
    "open_knowledge": "kg.services.knowledge",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'kg' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

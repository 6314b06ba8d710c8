"""Records that tell what they rest on only when asked: the fields left out at first follow on first reading."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

Record = TypeVar("Record", bound="Deferred")


class Deferred:
    """Base of frozen records with slots; equality, copies and pickles see all fields, like any other record.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True)
    ... class Answer(Deferred):
    ...     value: float
    ...     reasons: tuple[str, ...] = ()
    >>> deferred(Answer, {"value": 1.0}, lambda: {"reasons": ("so it is",)}) == Answer(1.0, ("so it is",))
    True
    """

    __slots__ = ("_later",)
    _later: Callable[[], Mapping[str, object]]

    # Type checkers see the fields of the record alone.
    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> object:
            if name not in self.__dataclass_fields__:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            for field, value in self._later().items():
                object.__setattr__(self, field, value)
            return object.__getattribute__(self, name)


def deferred(
    kind: type[Record], fields: Mapping[str, object], later: Callable[[], Mapping[str, object]]
) -> Record:
    """A record of which ``fields`` are known; the first to read another field runs ``later``, which gives the rest.

    ``later`` must not fail, and must give the same whenever it runs.
    """
    record = object.__new__(kind)
    setter = object.__setattr__
    for name, value in fields.items():
        setter(record, name, value)
    setter(record, "_later", later)
    return record

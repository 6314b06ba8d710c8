"""Frozen records by the hundred: made without the check that keeps each assignment out."""

from collections.abc import Callable
from dataclasses import field, fields, make_dataclass
from typing import ParamSpec, TypeVar, cast

Fields = ParamSpec("Fields")
Record = TypeVar("Record")


def quick(kind: Callable[Fields, Record]) -> Callable[Fields, Record]:
    """A function that makes the same records of a frozen dataclass with slots, in a third of the time.

    Its arguments go by place. ``kind`` has no defaults made by a factory, and no ``__post_init__``. A frozen record
    calls ``object.__setattr__`` for each of its fields (13 fields: 1.9 µs, where a record that is not frozen takes
    0.25 µs); here a twin that is not frozen is filled and becomes the record.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True, slots=True)
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> quick(Point)(1) == Point(1)
    True
    """
    record = cast(type, kind)
    columns = [(each.name, each.type, field(default=each.default)) for each in fields(record)]
    twin = make_dataclass(record.__name__, columns, slots=True)

    def make(*values: object) -> object:
        found = twin(*values)
        found.__class__ = record
        return found

    return cast(Callable[Fields, Record], make)

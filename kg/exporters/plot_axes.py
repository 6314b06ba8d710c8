"""Axes of a plot: linear or logarithmic, their ticks, and numbers as people write them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from kg.model.plot import Axis

DECADES: Final = 2
"""Where values span as many powers of ten, and none is zero or less, the axis is logarithmic."""
MOST_TICKS: Final = 8
PADDING: Final = 0.04
"""Of the span, at either end of an axis that is not filled by its range."""

_COUNTS: Final = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


@dataclass(frozen=True, slots=True)
class Scale:
    """Where an axis begins and ends, and how it grows between."""

    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float:
        """How far along the axis a value lies, from 0 to 1."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def holds(self, value: float) -> bool:
        """True where the axis has a place for the value."""
        return self.low <= value <= self.high


def scale_of(
    values: Iterable[float], *, scale: str = "", padded: bool = True, decades: float = DECADES
) -> Scale:
    """An axis that holds all values, of which there is at least one.

    Where ``scale`` says neither ``log`` nor ``linear``, it is logarithmic from that many ``decades`` on.

    >>> scale_of([1e8, 1e12], padded=False)
    Scale(low=100000000.0, high=1000000000000.0, log=True)
    """
    known = list(values)
    low, high = min(known), max(known)
    if not low < high:
        half = abs(low) / 10 or 1.0
        return Scale(low - half, high + half)
    log = low > 0 and scale != "linear" and (scale == "log" or high >= low * 10.0**decades)
    if not padded:
        return Scale(low, high, log)
    if log:
        more = (high / low) ** PADDING
        return Scale(low / more, high * more, log)
    return Scale(low - (high - low) * PADDING, high + (high - low) * PADDING)


def ticks(scale: Scale) -> tuple[float, ...]:
    """Round numbers along an axis, at most :data:`MOST_TICKS` and a few.

    >>> ticks(Scale(1e8, 1e12, log=True)), ticks(Scale(0, 1))
    ((100000000.0, 1000000000.0, 10000000000.0, 100000000000.0, 1000000000000.0), (0.0, 0.2, 0.4, 0.6, 0.8, 1.0))
    """
    return _decades(scale) if scale.log else _steps(scale)


def _decades(scale: Scale) -> tuple[float, ...]:
    first, last = math.ceil(math.log10(scale.low) - 1e-9), math.floor(math.log10(scale.high) + 1e-9)
    every = max(1, math.ceil((last - first + 1) / MOST_TICKS))
    powers = range(math.ceil(first / every) * every, last + 1, every)
    found = [float(f"1e{power}") for power in powers]
    if last - first < DECADES + 1:
        found += [float(f"{part}e{power}") for power in range(first - 1, last + 1) for part in (2, 5)]
    return tuple(sorted(value for value in found if scale.holds(value)))


def _steps(scale: Scale) -> tuple[float, ...]:
    rough = (scale.high - scale.low) / (MOST_TICKS - 1)
    power = math.floor(math.log10(rough))
    step = next(part * 10.0**power for part in (1, 2, 5, 10) if part * 10.0**power >= rough * 0.999)
    numbers = range(math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9) + 1)
    # Through text, so that 3 * 0.1 is 0.3.
    digits = max(0, -math.floor(math.log10(step)))
    return tuple(round(number * step, digits) + 0.0 if digits <= 300 else number * step for number in numbers)


def number_text(value: float, unit: str = "1", *, digits: int = 3) -> str:
    """A number for a label, as it may also be typed: counts by k, M, B and T, the very large and small by exponents.

    >>> [number_text(value) for value in (7e10, 1.4e12, 0.25, 1e24, 3.8e25, -2000.0)]
    ['70B', '1.4T', '0.25', '1e24', '3.8e25', '-2k']

    Bytes have no counts, since a B could be either.
    """
    size = abs(value)
    if size >= 1e15 or (size >= 1e3 and ("byte" in unit or "bit" in unit)) or 0 < size < 1e-3:
        return _power_text(value, digits)
    for factor, letter in _COUNTS:
        if size >= factor:
            text = f"{value / factor:.{digits}g}"
            # A number that rounds up to a thousand belongs to the next letter.
            return (
                number_text(float(text) * factor, unit, digits=digits) if "e" in text else f"{text}{letter}"
            )
    text = f"{value:.{digits}g}"
    return number_text(float(text), unit, digits=digits) if "e" in text else text


def _power_text(value: float, digits: int) -> str:
    front, _, power = f"{value:.{digits - 1}e}".partition("e")
    front = front.rstrip("0").rstrip(".") if "." in front else front
    return f"{front}e{int(power)}"


def axis_title(axis: Axis) -> str:
    """What an axis shows, with its unit.

    >>> axis_title(Axis("N", "Parameters", "parameter"))
    'Parameters N (parameter)'
    """
    unit = "" if axis.unit == "1" else f" ({axis.unit})"
    return f"{axis.label} {axis.symbol}{unit}"


def channel(axis: Axis, scale: Scale) -> dict[str, object]:
    """Scale and axis of a Vega-Lite position channel."""
    places = ticks(scale)
    span = places[-1] - places[0] if len(places) > 1 else 0.0
    texts = [number_text(place, axis.unit, digits=_digits(place, span)) for place in places]
    return {
        "type": "quantitative",
        "scale": {
            "type": "log" if scale.log else "linear",
            "domain": [scale.low, scale.high],
            "nice": False,
            **({} if scale.log else {"zero": False}),
        },
        "axis": {
            "title": axis_title(axis),
            "values": list(places),
            "labelFlush": False,
            "labelExpr": f"{_array(texts)}[indexof({_array(places)}, datum.value)]",
        },
    }


def _digits(value: float, span: float) -> int:
    """Significant digits that tell a tick from its neighbours."""
    if not value or not span:
        return 3
    return max(3, math.ceil(math.log10(abs(value) / (span / MOST_TICKS))) + 1)


def _array(items: Iterable[float | str]) -> str:
    return f"[{', '.join(repr(item) for item in items)}]"

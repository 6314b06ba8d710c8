"""Numbers in documents: six significant digits, powers of ten where they are shorter."""


def number_text(value: float | tuple[float, ...]) -> str:
    """A number, or several with commas between.

    >>> number_text(553907.0122), number_text(5.76e23), number_text(66.0), number_text((0.5, 0.3))
    ('553907', '5.76e23', '66', '0.5, 0.3')
    """
    if isinstance(value, tuple):
        return ", ".join(map(number_text, value))
    digits, _, power = f"{value:.6g}".partition("e")
    return f"{digits}e{int(power)}" if power else digits


def value_text(value: float | tuple[float, ...], unit: str) -> str:
    """A number with its unit; plain numbers have none.

    >>> value_text(7e10, "parameter"), value_text(0.5, "1")
    ('7e10 parameter', '0.5')
    """
    return number_text(value) if unit in ("", "1") else f"{number_text(value)} {unit}"

"""Numbers as people read them, in pages and on a terminal."""


def format_number(value: object) -> str:
    """A number as people read it: four significant digits, powers of ten where they are shorter.

    >>> format_number(3.9810717), format_number(5.88e23), format_number(66), format_number((0.5, 0.3))
    ('3.981', '5.88e23', '66', '0.5, 0.3')
    """
    if isinstance(value, tuple | list):
        return ", ".join(format_number(item) for item in value)
    if not isinstance(value, float | int):
        return str(value)
    digits, _, power = f"{value:.4g}".partition("e")
    return f"{digits}e{int(power)}" if power else digits


def with_unit(value: object, unit: str) -> str:
    """A number with its unit; plain numbers have none.

    >>> with_unit(7e10, "parameter"), with_unit(0.5, "1")
    ('7e10 parameter', '0.5')
    """
    number = format_number(value)
    return number if unit in ("", "1") else f"{number} {unit}"

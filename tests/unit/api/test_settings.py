"""Settings are read once, options before variables, and refused by the name under which they stood."""

import pytest

from api.settings import Settings
from kg.errors import BadParameter
from kg.workers.limits import Limits

READ: list[tuple[str, str, str, Settings]] = [
    ("TRIVIUM_BASE_URL", "--base-url", "https://kg.example/", Settings(base_url="https://kg.example")),
    ("TRIVIUM_BASE_URL", "--base-url", "http://h:80/kg", Settings(base_url="http://h:80/kg")),
    ("TRIVIUM_MAX_BODY", "--max-body", "7", Settings(max_body=7)),
    ("TRIVIUM_DEADLINE_S", "--deadline", "2.5", Settings(limits=Limits(deadline_s=2.5))),
    ("TRIVIUM_DEADLINE_S", "--deadline", "1e-3", Settings(limits=Limits(deadline_s=0.001))),
    ("TRIVIUM_MEMORY_LIMIT", "--memory-limit", "4096", Settings(limits=Limits(memory_bytes=4096))),
    ("TRIVIUM_MAX_RESULT", "--max-result", "1", Settings(limits=Limits(output_bytes=1))),
    ("TRIVIUM_WORKERS", "--workers", "2", Settings(workers=2)),
]
REFUSED: list[tuple[str, str, str, str]] = [
    *[
        ("TRIVIUM_BASE_URL", "--base-url", text, "https://kg.example")
        for text in ("kg.example", "ftp://kg.example", "https://", "https://kg.example/?a=b", "https://a b")
    ],
    *[
        (variable, option, text, "a whole number of bytes, at least 1")
        for variable, option in (
            ("TRIVIUM_MAX_BODY", "--max-body"),
            ("TRIVIUM_MEMORY_LIMIT", "--memory-limit"),
            ("TRIVIUM_MAX_RESULT", "--max-result"),
        )
        for text in ("0", "-1", "1e6", "1 GB", " 7", "７", "9" * 19)
    ],
    *[("TRIVIUM_WORKERS", "--workers", text, "worker processes, at least 2") for text in ("0", "1", "two")],
    *[
        ("TRIVIUM_DEADLINE_S", "--deadline", text, "seconds above 0")
        for text in ("0", "-1", "inf", "nan", "1s", "9" * 400)
    ],
]


@pytest.mark.parametrize(("variable", "option", "text", "expected"), READ)
def test_a_setting_is_read_from_either_place(
    variable: str, option: str, text: str, expected: Settings
) -> None:
    assert Settings.read({variable: text}) == expected
    assert Settings.read({}, {option: text}) == expected


@pytest.mark.parametrize(("variable", "option", "text", "expected"), READ)
def test_an_option_goes_before_its_variable(
    variable: str, option: str, text: str, expected: Settings
) -> None:
    assert Settings.read({variable: "?"}, {option: text}) == expected
    assert Settings.read({variable: text}, {option: None}) == expected


def test_what_is_not_given_is_as_usual() -> None:
    assert Settings.read({}) == Settings() == Settings.read({name: "" for name, *_ in READ})


@pytest.mark.parametrize(("variable", "option", "text", "expected"), REFUSED)
def test_what_cannot_be_a_setting_is_refused_by_the_name_it_stood_under(
    variable: str, option: str, text: str, expected: str
) -> None:
    for name, given in ((variable, ({variable: text},)), (option, ({}, {option: text}))):
        with pytest.raises(BadParameter, match=expected) as caught:
            Settings.read(*given)
        assert caught.value.name == name

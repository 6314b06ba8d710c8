"""Tokens: where strings, comments, IRIs and names begin and end."""

import pytest

from kg.errors import BadSyntax
from kg.rdf.tokens import place, position, scan


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("?s<5", ["?s", "<", "5"]),
        ("?s<u:5>", ["?s", "<u:5>"]),
        ("<u:\\u0062'x> 'y'", ["<u:\\u0062'x>", "'y'"]),
        ("'a' 'b\\'c' ''", ["'a'", "'b\\'c'", "''"]),
        ("'''a'b''c''' d", ["'''a'b''c'''", "d"]),
        ('"""a\n"b\\"""" c', ['"""a\n"b\\""""', "c"]),
        ("'x'@en-gb 'x'@en--ltr", ["'x'", "@en-gb", "'x'", "@en--ltr"]),
        ("ex:a.b. ex:c", ["ex:a.b", ".", "ex:c"]),
        ("ex:a\\#b ex:%41 :x a:", ["ex:a\\#b", "ex:%41", ":x", "a:"]),
        ("_:a.b. [] ", ["_:a.b", ".", "[", "]"]),
        ("1.5 .5 1e3 1.e3 5.", ["1.5", ".5", "1e3", "1.e3", "5", "."]),
        ("a# <u:x> 'b\nc #", ["a", "c"]),
        ("a#x\rb", ["a", "b"]),
        ("?éa $b ?1", ["?éa", "$b", "?1"]),
        (
            "<<( ?a >> {| |} ^^ && || != <= >=",
            ["<<(", "?a", ">>", "{|", "|}", "^^", "&&", "||", "!=", "<=", ">="],
        ),
    ],
)
def test_text_falls_into_tokens(text: str, tokens: list[str]) -> None:
    assert [token.text for token in scan(text)] == tokens


@pytest.mark.parametrize("text", ["'a", "'a\n'", '"""a"" ', "''' ''", "'\\'"])
def test_a_string_without_end_is_refused_where_it_begins(text: str) -> None:
    with pytest.raises(BadSyntax) as caught:
        list(scan(f"ok\n  {text}"))
    assert (caught.value.line, caught.value.column) == (2, 3)


@pytest.mark.parametrize(
    ("start", "line", "column"), [(0, 1, 1), (1, 1, 2), (2, 2, 1), (4, 3, 1), (6, 4, 1), (7, 4, 2)]
)
def test_places_count_lines_that_end_in_any_way(start: int, line: int, column: int) -> None:
    assert place("a\nb\rc\n\nd", start) != (0, 0)
    assert place("a\nb\rc\rde", start) == (line, column)


def test_position_undoes_place() -> None:
    text = "SELECT *\n{ ?s\n?p }"
    for start in range(len(text)):
        assert position(text, *place(text, start)) == start
    assert position(text, 9, 1) == len(text)

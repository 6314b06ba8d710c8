"""Places: the line of every property, exactly."""

import pytest

from kg.rdf.places import property_places, triples_start

TEXT = '''@base <http://e/id/> .
PREFIX ex: <http://e/>
@prefix hash: <#> .
# ex:no a ex:Comment .
<x> a ex:C ; ex:p "a ; . b" ,
    """long ;
    ex:no a .""" ;
  ex:q [ ex:inner 1 ;
    ex:inner2 2 ] ; ;
  ex:r ( 1
    2 ) .
<x#part> ex:p 1.5
    , 2. ex:y\\#z
    <http://e/s> true .
[] ex:t 1 .
[ ex:u 2 ] ex:v 3 .
<\\u0061> ex:w 1 .
'''


def test_every_property_has_its_line() -> None:
    found = [
        (place.subject, place.predicate.rpartition("/")[2], place.line) for place in property_places(TEXT)
    ]
    assert found == [
        ("http://e/id/x", "22-rdf-syntax-ns#type", 5),
        ("http://e/id/x", "p", 5),
        ("http://e/id/x", "q", 8),
        ("http://e/id/x", "r", 10),
        ("http://e/id/x#part", "p", 12),
        ("http://e/y#z", "s", 14),
        ("[]", "t", 15),
        ("[]", "v", 16),
        ("http://e/id/a", "w", 17),
    ]


@pytest.mark.parametrize(
    ("base", "written", "iri"),
    [
        ("http://e/doc", "<#p>", "http://e/doc#p"),
        ("http://e/doc", "<>", "http://e/doc"),
        ("http://e/a/b", "<c>", "http://e/a/c"),
        ("http://e/a/b", "<http://o/x#>", "http://o/x#"),
        ("http://e/doc", "<#>", "http://e/doc#"),
    ],
)
def test_relative_iris_resolve_against_the_base(base: str, written: str, iri: str) -> None:
    assert property_places(f"@base <{base}> .\n{written} a <http://c/C> .")[0].subject == iri


def test_the_triples_start_after_all_directives() -> None:
    assert TEXT[triples_start(TEXT) :].startswith("<x> a")
    assert triples_start("@prefix ex: <u:> .\n") == len("@prefix ex: <u:> .\n")

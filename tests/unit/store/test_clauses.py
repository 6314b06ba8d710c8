"""The IRIs of a query, and its dataset clauses, as the engine reads them."""

import pytest

from kg.store.clauses import written_iris

PREFIXES = {"ex": "https://ex/", "": "https://empty/"}


@pytest.mark.parametrize(
    ("text", "default", "named"),
    [
        ("SELECT * FROM ex:a FROM <u:b> {}", ["https://ex/a", "u:b"], []),
        ("SELECT * FROM NAMED :a from named <u:b> {}", [], ["https://empty/a", "u:b"]),
        ("SELECT * FROMex:a FROMNAMED<u:b> FROMNAMEDex:c {}", ["https://ex/a"], ["u:b", "https://ex/c"]),
        ("PREFIX FROMex: <u:> SELECT * FROM FROMex:a {}", ["u:a"], []),
        ("PREFIX ex: <u:> SELECT * FROM ex:a {}", ["u:a"], []),
        (
            "BASE <https://b/x/> PREFIX y: <y#> SELECT * FROM <../a> FROM y:b {}",
            ["https://b/a", "https://b/x/y#b"],
            [],
        ),
        ("SELECT * FROM ex:a\\-b FROM ex: { ?s ex:p <u:o> }", ["https://ex/a-b", "https://ex/"], []),
        ("SELECT ?from { ?from ex:from 'FROM <u:x>' } # FROM ex:x", [], []),
        ("DESCRIBE ex:a <u:b>", [], []),
    ],
)
def test_the_dataset_of_a_query_is_found(text: str, default: list[str], named: list[str]) -> None:
    found = list(written_iris(text, PREFIXES))
    assert [written.iri for written in found if written.clause == "FROM"] == default
    assert [written.iri for written in found if written.clause == "FROM NAMED"] == named


def test_every_written_iri_is_found_in_order() -> None:
    text = "PREFIX b: <u:b/> SELECT * { ex:s b:p <o> . :s a 'ex:no' }"
    found = [written.iri for written in written_iris(text, PREFIXES, "https://base/")]
    assert found == ["https://ex/s", "u:b/p", "https://base/o", "https://empty/s"]

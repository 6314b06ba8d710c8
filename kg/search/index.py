"""A full-text index in memory, by FTS5 of SQLite (https://sqlite.org/fts5.html): documents in, ranked hits out."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from threading import Lock
from typing import Final

from kg.errors import Unavailable
from kg.model.iri import Iri
from kg.model.search import Document, Field, Hit, Piece, SearchAnswer, Suggestion
from kg.search.query import SearchQuery, clean_query
from kg.search.suggest import Vocabulary
from kg.search.words import name_key

START, END = "\ufdd0", "\ufdd1"
"""Marks around matches: noncharacters (https://www.unicode.org/faq/private_use.html), taken out of all texts."""
_TAKEN_OUT: Final = {0: " ", ord(START): " ", ord(END): " "}

SNIPPET_WORDS: Final = 24
SUGGESTIONS: Final = 3

SCHEMA: Final = """
CREATE TABLE documents (doc INTEGER PRIMARY KEY, iri TEXT, kind TEXT, label TEXT, rank INTEGER, length INTEGER);
CREATE TABLE keys (key TEXT, doc INTEGER, tier INTEGER, PRIMARY KEY (key, doc)) WITHOUT ROWID;
CREATE VIRTUAL TABLE contents USING fts5 (
    label, names, formulas, definition, texts, tokenize = "unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (contents, row);
"""

# Tiers: 0 the label itself, 1 another name itself, 2 the words in a row in the label, 3 all words in the label,
# 4 in label and names, 5 with formulas, 6 with the definition, 7 anywhere. Shorter labels come first where the
# label answers; the score is Okapi BM25; documents stand by IRI, so their number is the last word.
_FOUND: Final = """
WITH scored AS (
    SELECT rowid AS doc, bm25(contents, 8, 4, 2, 2, 1) AS score FROM contents WHERE contents MATCH :anywhere
    UNION ALL SELECT doc, 0 FROM keys WHERE key IN (:key, :bare)
), best AS (SELECT doc, min(score) AS score FROM scored GROUP BY doc),
found AS (
    SELECT doc, iri, kind, label, rank, length, score, CASE
        WHEN doc IN (SELECT doc FROM keys WHERE key IN (:key, :bare) AND tier = 0) THEN 0
        WHEN doc IN (SELECT doc FROM keys WHERE key IN (:key, :bare)) THEN 1
        WHEN doc IN (SELECT rowid FROM contents WHERE contents MATCH :phrase) THEN 2
        WHEN doc IN (SELECT rowid FROM contents WHERE contents MATCH :in_label) THEN 3
        WHEN doc IN (SELECT rowid FROM contents WHERE contents MATCH :in_names) THEN 4
        WHEN doc IN (SELECT rowid FROM contents WHERE contents MATCH :in_formulas) THEN 5
        WHEN doc IN (SELECT rowid FROM contents WHERE contents MATCH :in_definition) THEN 6
        ELSE 7 END AS tier
    FROM best JOIN documents USING (doc) WHERE :kind IN ('', kind)
)
SELECT doc, iri, kind, label, tier, count(*) OVER () AS total FROM found
ORDER BY tier, rank, CASE WHEN tier < 4 THEN length ELSE 0 END, score, doc LIMIT :limit
"""

_SHOWN: Final = """
SELECT rowid, highlight(contents, 0, :start, :end),
    snippet(contents, 1, :start, :end, '…', :words), snippet(contents, 2, :start, :end, '…', :words),
    snippet(contents, 3, :start, :end, '…', :words), snippet(contents, 4, :start, :end, '…', :words)
FROM contents WHERE contents MATCH :anywhere AND +rowid IN (SELECT value FROM json_each(:docs))
"""

_PLAIN: Final = "SELECT rowid, label, names, formulas, definition, texts FROM contents WHERE rowid = ?"

_INSERTS: Final = (
    "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
    "INSERT INTO keys VALUES (?, ?, ?)",
    "INSERT INTO contents (rowid, label, names, formulas, definition, texts) VALUES (?, ?, ?, ?, ?, ?)",
)

NOTHING: Final = '""'
"""A query for FTS5 that finds nothing."""

_FIELDS: Final[dict[int, Field]] = {1: "name", 4: "name", 5: "formula", 6: "definition", 7: "text"}
"""Tier → where the words were found, if not in the label."""
_COLUMNS: Final[dict[Field, tuple[int, ...]]] = {
    "label": (3, 4, 2, 1),
    "name": (1,),
    "formula": (2,),
    "definition": (3,),
    "text": (4,),
}
"""The columns that the snippet may come from; the first that holds something."""


@dataclass(frozen=True, slots=True)
class _Row:
    doc: int
    iri: Iri
    kind: str
    label: str
    tier: int
    total: int


class SearchIndex:
    """Documents that can be searched; built once, safe to share between threads, asked by one at a time.

    Raises:
        Unavailable: this Python's SQLite has no FTS5.
    """

    def __init__(self, documents: Iterable[Document]) -> None:
        self._lock = Lock()
        self._sql = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
        try:
            self._sql.executescript(SCHEMA)
        except sqlite3.OperationalError as error:
            raise Unavailable(f"search ({error})", "run Python with an SQLite that has FTS5") from error
        rows = [_rows(doc, document) for doc, document in enumerate(sorted(documents, key=_by_iri), 1)]
        self._sql.execute("BEGIN")
        for insert, parts in zip(_INSERTS, zip(*rows, strict=True), strict=False):
            self._sql.executemany(insert, chain.from_iterable(parts))
        self._sql.execute("COMMIT")
        self._names = frozenset(key for _, keys, _ in rows for key, *_ in keys)
        self._vocabulary = Vocabulary(dict(self._sql.execute("SELECT term, doc FROM vocabulary")))

    def search(self, text: str, *, kind: str = "", limit: int = 10) -> SearchAnswer:
        """The documents that have all words of the text, those first whose label has them.

        The last word may be the beginning of a longer one; words that occur nowhere are replaced by near ones,
        and the answer says so. A ``kind`` leaves the others out.

        Raises:
            BadParameter: the text is empty. TooLarge: it is too long.
        """
        asked = clean_query(text)
        query = SearchQuery.read(asked, self._vocabulary, names=self._names)
        key = name_key(query.corrected or asked)
        with self._lock:
            rows = self._find(query.all, query, key=key, kind=kind, limit=limit)
            hits = tuple(self._hits(rows, query))
            suggestions = () if rows else self._suggest(query, kind)
        return SearchAnswer(asked, kind, query.corrected, rows[0].total if rows else 0, hits, suggestions)

    def find(self, text: str, *, kind: str) -> tuple[tuple[Iri, ...], str]:
        """All documents of the kind that :meth:`search` finds, by IRI, and the words asked for instead, if any.

        Raises:
            BadParameter: the text is empty. TooLarge: it is too long.
        """
        asked = clean_query(text)
        query = SearchQuery.read(asked, self._vocabulary, names=self._names)
        key = name_key(query.corrected or asked)
        with self._lock:
            rows = self._find(query.all, query, key=key, kind=kind, limit=-1)
        return tuple(sorted(row.iri for row in rows)), query.corrected

    def _find(self, match: str, query: SearchQuery, *, key: str, kind: str, limit: int) -> list[_Row]:
        has_words = bool(query.terms)
        parameters = {
            "anywhere": match if has_words else NOTHING,
            "phrase": f"{{label}} : {query.phrase}" if len(query.words) > 1 else NOTHING,
            "in_label": f"{{label}} : ({match})" if has_words else NOTHING,
            "in_names": f"{{label names}} : ({match})" if has_words else NOTHING,
            "in_formulas": f"{{label names formulas}} : ({match})" if has_words else NOTHING,
            "in_definition": f"{{label names formulas definition}} : ({match})" if has_words else NOTHING,
            "key": key,
            "bare": " ".join(query.telling),
            "kind": kind,
            "limit": limit,
        }
        return [_Row(*row) for row in self._sql.execute(_FOUND, parameters)]

    def _hits(self, rows: list[_Row], query: SearchQuery) -> Iterator[Hit]:
        """The rows as they are shown; one that only its name as a whole has found bears no marks."""
        marks = {"anywhere": query.all or NOTHING, "start": START, "end": END, "words": SNIPPET_WORDS}
        found = self._sql.execute(_SHOWN, {**marks, "docs": str([row.doc for row in rows])})
        shown: dict[int, tuple[str, ...]] = {doc: texts for doc, *texts in found}
        for row in rows:
            texts = shown.get(row.doc) or self._sql.execute(_PLAIN, (row.doc,)).fetchone()[1:]
            field: Field = _FIELDS.get(row.tier, "label")
            snippet = next((text for column in _COLUMNS[field] if (text := texts[column])), "")
            yield Hit(row.iri, row.kind, row.label, field, _pieces(texts[0]), _pieces(snippet))

    def _suggest(self, query: SearchQuery, kind: str) -> tuple[Suggestion, ...]:
        """Documents with some of the words, or with words that look like them; of that kind, if there are any."""
        near = query.with_near(self._vocabulary)
        if not near.terms:
            return ()
        for wanted in dict.fromkeys((kind, "")):
            rows = self._find(near.any, near, key="", kind=wanted, limit=SUGGESTIONS)
            if rows:
                return tuple(Suggestion(row.iri, row.kind, row.label) for row in rows)
        return ()


def _by_iri(document: Document) -> str:
    return document.iri


_Rows = tuple[
    list[tuple[int, Iri, str, str, int, int]], list[tuple[str, int, int]], list[tuple[int | str, ...]]
]


def _rows(doc: int, document: Document) -> _Rows:
    """The rows of a document for each table, as _INSERTS takes them."""
    label = _plain(document.label)
    names = _plain(" · ".join(document.names))
    key = name_key(label)
    named = {name_key(_plain(name)): 1 for name in document.names} | {key: 0}
    keys = [(name, doc, tier) for name, tier in named.items() if name]
    texts = (" · ".join(document.formulas), document.definition, " · ".join(document.texts))
    return (
        [(doc, document.iri, document.kind, label, document.rank, key.count(" "))],
        keys,
        [(doc, label, names, *map(_plain, texts))],
    )


def _plain(text: str) -> str:
    return text if text.isprintable() else " ".join(text.translate(_TAKEN_OUT).split())


def _pieces(marked: str) -> tuple[Piece, ...]:
    return tuple(_cut(marked))


def _cut(marked: str) -> Iterator[Piece]:
    for position, part in enumerate(marked.split(START)):
        matched, end, rest = part.partition(END)
        if not position or not end:
            matched, rest = "", part
        if matched:
            yield Piece(matched, is_match=True)
        if rest:
            yield Piece(rest)

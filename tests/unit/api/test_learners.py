"""Learners kept by the service: under a token in a header, out of the dataset, out of logs and caches."""

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from kg.errors import BadParameter, LearnerNotFound, Unavailable
from kg.model.learner import LearnerState
from kg.services import learner_store
from kg.services.knowledge import Knowledge
from kg.services.learner_store import FILE, KEPT_DAYS, LearnerStore, StoredLearner
from kg.services.learners import Learners

ME = "/learners/me"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("service") / "learners"


@pytest.fixture(scope="module")
def keeping(shipped: Knowledge, folder: Path) -> Iterator[TestClient]:
    """A service that keeps learners."""
    with TestClient(create_app(shipped, Settings(learners=str(folder)))) as client:
        yield client
        client.app.state.learners.close()  # type: ignore[attr-defined]


def learner(client: TestClient, *topics: str) -> dict[str, str]:
    """The header of a new learner who knows these topics."""
    answer = client.post("/learners", json={"topics": list(topics)})
    assert answer.status_code == 201, answer.text
    return {"Trivium-Learner": answer.json()["token"]}


def topics(client: TestClient, header: dict[str, str]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = client.get(ME, headers=header).json()["state"]["topics"]
    return found


def test_a_new_learner_is_told_a_token_once(keeping: TestClient) -> None:
    answer = keeping.post(
        "/learners", json={"topics": [{"topic": "mamba", "on": "2027-01-04", "evidence": "course"}]}
    )
    document = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"http://testserver{ME}"
    assert answer.headers["cache-control"] == "no-store"
    assert len(document["token"]) >= 43  # 256 bits in six a character
    again = keeping.get(ME, headers={"Trivium-Learner": document["token"]})
    assert "token" not in again.json()
    assert document["token"] not in again.text + str(again.headers)
    assert again.json()["state"] == {"topics": [{"topic": "mamba", "on": "2027-01-04", "evidence": "course"}]}
    assert again.json()["expires"] == (datetime.now(UTC).date() + timedelta(days=KEPT_DAYS)).isoformat()


def test_tokens_are_not_alike(keeping: TestClient) -> None:
    assert len({learner(keeping)["Trivium-Learner"] for _ in range(20)}) == 20


def test_what_a_learner_knows_counts_in_every_answer(keeping: TestClient) -> None:
    header = learner(keeping, "linear-attention")
    for path in (
        "next?goal=mamba&",
        "plan?goal=mamba&",
        "explain?goal=mamba&step=kv-cache-serving&",
        "critical-path?goal=mamba&",
    ):
        stored = keeping.get(f"/learning/{path}", headers=header)
        stated = keeping.get(f"/learning/{path}know=linear-attention")
        assert stored.json() == stated.json(), path
        assert stored.headers["cache-control"] == "no-store"
        assert stated.headers["cache-control"] == "no-cache"
    both = keeping.get("/learning/plan?goal=mamba&know=state-space-models", headers=header).json()
    assert both["known"] == ["linear-attention", "state-space-models"]
    exact = keeping.get("/learning/next?assume=exact", headers=header).json()
    assert (exact["known"], exact["implied"]) == (["linear-attention"], [])
    posted = keeping.post("/learning/plan", json={"goal": "mamba"}, headers=header).json()
    assert posted["known"] == ["linear-attention"]


def test_topics_are_learnt_and_taken_back(keeping: TestClient) -> None:
    header = learner(keeping)
    body = {"learned": ["linear-algebra", "topic:mamba"], "on": "2027-01-04", "evidence": "exam"}
    assert keeping.patch(ME, json=body, headers=header).status_code == 200
    assert topics(keeping, header) == [
        {"topic": slug, "on": "2027-01-04", "evidence": "exam"} for slug in ("linear-algebra", "mamba")
    ]
    assert keeping.get("/learning/next", headers=header).json()["known"] == ["linear-algebra", "mamba"]
    keeping.patch(ME, json={"learned": ["ai-governance"]}, headers=header)
    assert keeping.get("/learning/next", headers=header).json()["known"] == [
        "ai-governance",
        "linear-algebra",
        "mamba",
    ]
    keeping.patch(ME, json={"forgotten": ["state-space-models", "ai-governance"]}, headers=header)
    left = [each["topic"] for each in topics(keeping, header)]
    assert "mamba" not in left
    assert {"linear-algebra", "linear-attention", "io-aware-attention"} <= set(left)
    advice = keeping.get("/learning/next?limit=100", headers=header).json()
    assert "state-space-models" in {topic["slug"] for topic in advice["topics"]}
    assert advice == keeping.get(f"/learning/next?limit=100&know={','.join(left)}").json()


def test_a_state_can_be_replaced_by_what_was_read(keeping: TestClient) -> None:
    header = learner(keeping, "mamba")
    state = keeping.get(ME, headers=header).json()["state"]
    state["topics"].append("linear-algebra")
    assert keeping.put(ME, json=state, headers=header).json()["total"] == 2
    assert keeping.get("/learning/next", headers=header).json()["known"] == ["linear-algebra", "mamba"]


def test_a_deleted_learner_is_gone_from_the_file_too(keeping: TestClient, folder: Path) -> None:
    evidence = "a-line-that-is-found-nowhere-else"
    header = learner(keeping)
    keeping.patch(ME, json={"learned": ["mamba"], "evidence": evidence}, headers=header)
    keeping.get("/learning/next", headers=header)
    assert evidence.encode() in (folder / FILE).read_bytes()
    assert keeping.delete(ME, headers=header).status_code == 204
    assert evidence.encode() not in (folder / FILE).read_bytes()
    for method, path in (
        ("GET", ME),
        ("DELETE", ME),
        ("GET", "/learning/next"),
        ("GET", "/learning/plan?goal=mamba"),
    ):
        answer = keeping.request(method, path, headers=header)
        assert answer.status_code == 404, (method, path)
        assert answer.json()["type"].endswith("/problems/learner-not-found")
        assert header["Trivium-Learner"] not in answer.text


def test_the_file_holds_no_token_and_is_its_owners_alone(keeping: TestClient, folder: Path) -> None:
    header = learner(keeping, "mamba")
    data = (folder / FILE).read_bytes()
    assert header["Trivium-Learner"].encode() not in data
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_learner_is_in_no_dataset_and_no_log(
    keeping: TestClient, shipped: Knowledge, caplog: pytest.LogCaptureFixture
) -> None:
    size, version = shipped.size, shipped.version
    printed = io.StringIO()
    with caplog.at_level(logging.DEBUG), redirect_stdout(printed), redirect_stderr(printed):
        header = learner(keeping, "mamba")
        keeping.get("/learning/next", headers=header)
        keeping.get("/learning/next?goal=nothing-such", headers=header)
    assert (shipped.size, shipped.version) == (size, version)
    assert header["Trivium-Learner"] not in caplog.text + printed.getvalue()


def test_what_anybody_was_told_is_no_answer_to_a_learner(keeping: TestClient) -> None:
    """An entity tag of the answer to nobody brings a learner the whole answer, and none of it is kept."""
    header = learner(keeping, "mamba")
    tag = keeping.get("/learning/next").headers["etag"]
    own = keeping.get("/learning/next", headers={**header, "If-None-Match": tag})
    assert (own.status_code, own.json()["known"]) == (200, ["mamba"])
    again = keeping.get("/learning/next", headers={"If-None-Match": own.headers["etag"]})
    assert again.status_code == 200
    assert again.json()["known"] == []


def test_a_page_of_another_origin_may_keep_its_learner(keeping: TestClient) -> None:
    asked = {"Origin": "https://page.example", "Access-Control-Request-Headers": "trivium-learner"}
    allowed = keeping.options(ME, headers=asked).headers
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(allowed["access-control-allow-methods"].split(", "))
    assert allowed["access-control-allow-headers"] == "*"
    assert "access-control-allow-credentials" not in allowed


REFUSED: list[tuple[str, Any, int, str]] = [
    ("topics that are no list", {"topics": "mamba"}, 400, "a list"),
    ("a topic that there is not", {"topics": ["mambo"]}, 404, "did you mean mamba"),
    ("a topic that is no text", {"topics": [7]}, 400, "slugs, or objects"),
    ("a topic without its name", {"topics": [{"on": "2027-01-04"}]}, 400, "the slug of a topic"),
    ("a member that there is not", {"topics": [], "name": "Ada"}, 400, "the members are topics"),
    (
        "a member of a topic that there is not",
        {"topics": [{"topic": "mamba", "at": 1}]},
        400,
        "topic, on, evidence",
    ),
    ("no day", {"topics": [{"topic": "mamba", "on": "2027-13-04"}]}, 400, "2027-01-04"),
    ("long evidence", {"topics": [{"topic": "mamba", "evidence": "x" * 201}]}, 400, "at most 200"),
    ("evidence on two lines", {"topics": [{"topic": "mamba", "evidence": "a\nb"}]}, 400, "on one line"),
    ("a list", ["mamba"], 400, "must be an object"),
]


@pytest.mark.parametrize(
    ("body", "status", "words"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_no_state_is_refused(keeping: TestClient, body: Any, status: int, words: str) -> None:
    header = learner(keeping, "mamba")
    for answer in (keeping.post("/learners", json=body), keeping.put(ME, json=body, headers=header)):
        assert answer.status_code == status, answer.text
        assert words in answer.json()["detail"]
    assert [each["topic"] for each in topics(keeping, header)] == ["mamba"]


CHANGES: list[tuple[Any, int, str]] = [
    ({"learned": "mamba"}, 400, "a list of slugs"),
    ({"learned": ["mambo"]}, 404, "mambo"),
    ({"forgotten": ["mambo"]}, 404, "mambo"),
    ({"learned": ["mamba"], "forgotten": ["mamba"]}, 400, "not learned at the same time"),
    ({"learned": ["mamba"], "on": "today"}, 400, "2027-01-04"),
    ({"learned": ["mamba"], "on": 7}, 400, "a text"),
    ({"learned": ["mamba"], "why": "x"}, 400, "learned, forgotten, on, evidence"),
]


@pytest.mark.parametrize(("body", "status", "words"), CHANGES)
def test_a_change_that_cannot_be_changes_nothing(
    keeping: TestClient, body: Any, status: int, words: str
) -> None:
    header = learner(keeping, "linear-algebra")
    answer = keeping.patch(ME, json=body, headers=header)
    assert answer.status_code == status, answer.text
    assert words in answer.json()["detail"]
    assert [each["topic"] for each in topics(keeping, header)] == ["linear-algebra"]


@pytest.mark.parametrize("token", ["x", "x" * 43, "../../etc/passwd", "' OR 1=1 --", "%00", "\xff"])
def test_a_token_that_was_never_given_is_unknown(keeping: TestClient, token: str) -> None:
    header = {b"Trivium-Learner": token.encode("latin-1")}
    answer = keeping.get(ME, headers=header)  # type: ignore[arg-type]
    asked = keeping.get("/learning/next", headers=header)  # type: ignore[arg-type]
    for refusal in (answer, asked):
        assert refusal.status_code == 404
        assert refusal.headers["cache-control"] == "no-store"


def test_without_a_token_or_a_folder_the_answer_says_what_to_do(
    keeping: TestClient, client: TestClient
) -> None:
    missing = keeping.get(ME)
    assert missing.status_code == 400
    assert "POST /learners" in missing.json()["detail"]
    for answer in (
        client.post("/learners", json={}),
        client.get(ME, headers={"Trivium-Learner": "x"}),
        client.get("/learning/next", headers={"Trivium-Learner": "x"}),
    ):
        assert answer.status_code == 501
        assert "TRIVIUM_LEARNERS" in answer.json()["detail"]


def test_a_kept_topic_that_the_dataset_has_not_is_told_and_left_out(
    keeping: TestClient, folder: Path
) -> None:
    header = learner(keeping, "mamba")
    text = json.dumps({"topics": ["mamba", "phlogiston"]})
    with sqlite3.connect(folder / FILE) as database:
        database.execute(
            "UPDATE learner SET state = ?, revision = revision + 1 WHERE state LIKE '%mamba%'", (text,)
        )
    database.close()
    assert keeping.get(ME, headers=header).json()["unknown"] == ["phlogiston"]
    advice = keeping.get("/learning/next", headers=header).json()
    assert advice["known"] == ["mamba"]
    assert "phlogiston" in advice["note"]
    assert keeping.get("/learning/plan?goal=mamba", headers=header).json()["known"] == ["mamba"]


def test_a_learner_whom_nobody_asked_for_expires(tmp_path: Path) -> None:
    day = date(2027, 1, 4)
    store = LearnerStore(tmp_path, today=day)
    token = store.create(LearnerState.of(["a"]))
    store.close()
    for times in (1, 2):  # Each use puts it off.
        store = LearnerStore(tmp_path, today=day + timedelta(days=times * KEPT_DAYS))
        assert store.read(token).state.slugs == ("a",)
    store._today = day + timedelta(days=3 * KEPT_DAYS + 1)
    with pytest.raises(LearnerNotFound):
        store.read(token)
    with pytest.raises(LearnerNotFound):
        store.replace(token, LearnerState())
    store.create(LearnerState())  # This drops what has expired.
    with pytest.raises(LearnerNotFound):
        store.delete(token)
    store.close()


def test_a_store_that_is_full_keeps_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learner_store, "MOST_LEARNERS", 2)
    store = LearnerStore(tmp_path / "few")
    tokens = [store.create(LearnerState()) for _ in range(2)]
    with pytest.raises(Unavailable, match="keep your state in a file"):
        store.create(LearnerState())
    store.delete(tokens[0])
    store.create(LearnerState())
    store.close()
    monkeypatch.setattr(learner_store, "MOST_BYTES", 65_536)
    small = LearnerStore(tmp_path / "small")
    large = LearnerState.of(f"topic-{n:05}" for n in range(9_000))
    with pytest.raises(Unavailable, match="room for more"):
        small.create(large)
    assert small.read(small.create(LearnerState.of(["a"]))).state.slugs == ("a",)
    small.close()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadParameter, match="TRIVIUM_LEARNERS"):
        LearnerStore(tmp_path / "file" / "learners")
    (tmp_path / FILE).write_text("no database" * 100)
    with pytest.raises(BadParameter, match="TRIVIUM_LEARNERS"):
        LearnerStore(tmp_path)


def test_a_store_that_breaks_later_does_not_tell_where_it_lies(tmp_path: Path) -> None:
    store = LearnerStore(tmp_path / "learners")
    token = store.create(LearnerState())
    with sqlite3.connect(tmp_path / "learners" / FILE) as other:
        other.execute("DROP TABLE learner")
    other.close()
    with pytest.raises(Unavailable, match="keep your state in a file") as caught:
        store.read(token)
    assert str(tmp_path) not in str(caught.value)
    store.close()


def test_a_change_keeps_what_another_writer_changed_meanwhile(shipped: Knowledge, tmp_path: Path) -> None:
    class Interrupted(LearnerStore):
        """A store that another process writes to, once, after it was read."""

        def read(self, token: str) -> StoredLearner:
            found = super().read(token)
            if found.revision == 1:
                LearnerStore(tmp_path).replace(token, LearnerState.of(["mamba"]))
            return found

    learners = Learners(shipped, Interrupted(tmp_path))
    token = LearnerStore(tmp_path).create(LearnerState())
    stored = learners.change(token, learned=["linear-algebra"], forgotten=[], on=None, evidence="")
    assert stored.state.slugs == ("linear-algebra", "mamba")
    assert stored.revision == 3
    learners.close()


def test_changes_at_the_same_time_are_all_kept(shipped: Knowledge, tmp_path: Path) -> None:
    one, other = (Learners(shipped, LearnerStore(tmp_path)) for _ in range(2))
    token, _ = one.create(LearnerState())
    slugs = [topic.slug for topic in shipped.prerequisite_graph.topics][:40]

    def learn(place: int) -> None:
        one.next_topics(token)
        (one, other)[place % 2].change(token, learned=[slugs[place]], forgotten=[], on=None, evidence="")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(learn, range(len(slugs))))
    assert one.read(token).state.slugs == tuple(slugs)
    assert one.next_topics(token) == other.next_topics(token)
    one.close()
    other.close()

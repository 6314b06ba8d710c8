"""``/learning/next`` and what stands before and after a topic."""

import pytest
from fastapi.testclient import TestClient

from tests.unit.api.conftest import Problem

PAGE_TOPICS = [
    "state-space-models",
    "mixture-of-experts",
    "agent-frameworks",
    "environmental-impact",
    "llm-interpretability",
    "chinchilla-scaling",
]


def test_who_knows_their_prerequisites_is_led_to_the_topics_of_the_page(client: TestClient) -> None:
    before: set[str] = set()
    for topic in PAGE_TOPICS:
        answer = client.get(f"/topics/{topic}/prerequisites?transitive=true").json()
        before |= {found["slug"] for found in answer["topics"]}
    assert len(before) == 66
    advice = client.get("/learning/next", params={"limit": 6, "know": ",".join(sorted(before))}).json()
    assert [topic["slug"] for topic in advice["topics"]] == PAGE_TOPICS
    assert [topic["rank"] for topic in advice["topics"]] == [1, 2, 3, 4, 5, 6]
    assert all(topic["reasons"] for topic in advice["topics"])


@pytest.mark.parametrize(
    "query",
    [
        "know=transformer-architecture,python-programming",
        "know=python-programming&know=transformer-architecture",
        "know=transformer-architecture,%20python-programming,,",
        "know=topic:transformer-architecture,python-programming",
    ],
)
def test_known_topics_are_a_list_or_repeated(client: TestClient, query: str) -> None:
    answer = client.get(f"/learning/next?{query}").json()
    assert answer["known"] == ["python-programming", "transformer-architecture"]


def test_knowing_a_topic_implies_what_it_requires_unless_exact(client: TestClient) -> None:
    closed = client.get("/learning/next?know=transformer-architecture").json()
    exact = client.get("/learning/next?know=transformer-architecture&assume=exact").json()
    assert "attention" in closed["implied"]
    assert exact["implied"] == []
    assert closed["knownHours"] > exact["knownHours"] > 0


def test_a_goal_tells_the_hours_ahead(client: TestClient) -> None:
    answer = client.get("/learning/next?goal=mamba&know=transformer-architecture&limit=1").json()
    assert answer["goal"] == "mamba"
    assert answer["remainingHours"] > 0
    assert answer["total"] > len(answer["topics"]) == 1
    assert answer["topics"][0]["reasons"][0]["kind"] == "goal"


def test_an_empty_form_is_a_question_too(client: TestClient) -> None:
    plain, form = client.get("/learning/next"), client.get("/learning/next?know=&goal=")
    assert plain.status_code == 200
    assert plain.content == form.content


@pytest.mark.parametrize(
    ("query", "status", "name"),
    [
        ("know=mamba-nothing", 404, "not-found"),
        ("goal=mamba-nothing", 404, "not-found"),
        ("goal=zzz:mamba", 400, "bad-parameter"),
        ("limit=0", 400, "bad-parameter"),
        ("limit=101", 400, "bad-parameter"),
        ("limit=-1", 400, "bad-parameter"),
        ("limit=1.5", 400, "bad-parameter"),
        ("limit=" + "9" * 5_000, 400, "bad-parameter"),
        ("limit=%D9%A3", 400, "bad-parameter"),
        ("limit=", 400, "bad-parameter"),
        ("assume=open", 400, "bad-parameter"),
        ("goal=mamba&goal=rwkv", 400, "bad-parameter"),
        ("limit=1&limit=2", 400, "bad-parameter"),
        ("known=mamba", 400, "bad-parameter"),
        ("know=" + "x" * 30_000, 404, "not-found"),
    ],
)
def test_what_cannot_be_advised_is_a_problem(
    client: TestClient, problem: Problem, query: str, status: int, name: str
) -> None:
    problem(client.get(f"/learning/next?{query}"), status, name)


def test_a_slip_in_a_topic_comes_with_near_names(client: TestClient, problem: Problem) -> None:
    document = problem(client.get("/learning/next?know=transformer-architectur"), 404, "not-found")
    assert "transformer-architecture" in document["near"]


@pytest.mark.parametrize(
    ("relation", "opposite"), [("prerequisites", "unlocks"), ("unlocks", "prerequisites")]
)
def test_relations_of_a_topic_have_depths_and_leave_it_out(
    client: TestClient, relation: str, opposite: str
) -> None:
    topic = "transformer-architecture"
    direct = client.get(f"/topics/{topic}/{relation}").json()
    transitive = client.get(f"/topics/{topic}/{relation}?transitive=true").json()
    assert (direct["topic"], direct["relation"], direct["transitive"]) == (topic, relation, False)
    assert {found["depth"] for found in direct["topics"]} == {1}
    slugs = [found["slug"] for found in transitive["topics"]]
    assert topic not in slugs
    assert len(slugs) == len(set(slugs)) == transitive["total"] > direct["total"]
    depths = [found["depth"] for found in transitive["topics"]]
    assert depths == sorted(depths)
    assert transitive["hours"] == pytest.approx(sum(found["hours"] for found in transitive["topics"]))
    for found in direct["topics"]:
        back = client.get(f"/topics/{found['slug']}/{opposite}").json()
        assert topic in {other["slug"] for other in back["topics"]}


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/topics/nothing/prerequisites", 404, "not-found"),
        ("/topics/nothing/unlocks", 404, "not-found"),
        ("/topics/mamba/prerequisites?transitive=yes", 400, "bad-parameter"),
        ("/topics/mamba/unlocks?transitive=", 400, "bad-parameter"),
        ("/topics/mamba/unlocks?transitive=true&transitive=true", 400, "bad-parameter"),
        ("/formulas/chinchilla-loss/unlocks", 404, "no-such-path"),
    ],
)
def test_relations_of_nothing_are_a_problem(
    client: TestClient, problem: Problem, path: str, status: int, name: str
) -> None:
    problem(client.get(path), status, name)


def test_the_pages_read(client: TestClient) -> None:
    headers = {"accept": "text/html"}
    advice = client.get("/learning/next?goal=mamba&know=transformer-architecture", headers=headers).text
    assert "on the way to the goal" in advice
    assert 'value="transformer-architecture"' in advice
    done = client.get("/learning/next?goal=mamba&know=mamba", headers=headers)
    assert done.status_code == 200
    for path in ("/topics/mamba/prerequisites?transitive=true", "/topics/mamba/unlocks"):
        page = client.get(path, headers=headers)
        assert page.status_code == 200
        assert "step" in page.text


def test_no_topic_at_all_is_said_and_not_an_empty_page(client: TestClient) -> None:
    topics = [item["iri"].rpartition("/")[2] for item in client.get("/topics").json()["items"]]
    answer = client.get("/learning/next", params={"know": ",".join(topics)}).json()
    assert answer["topics"] == []
    assert answer["note"]


def test_what_was_learnt_last_is_named_for_review(client: TestClient) -> None:
    answer = client.get("/learning/next?know=transformer-architecture,python-programming&limit=100").json()
    assert [topic["slug"] for topic in answer["review"]] == ["transformer-architecture"]
    assert answer["reviewTotal"] == 1
    assert len(answer["review"][0]["neededBy"]) > 1
    page = client.get("/learning/next?know=attention", headers={"accept": "text/html"}).text
    assert "<h2>Review</h2>" in page


def test_what_a_topic_unlocks_is_counted_at_once_and_in_all(client: TestClient) -> None:
    direct = client.get("/topics/attention/unlocks").json()
    transitive = client.get("/topics/attention/unlocks?transitive=true").json()
    assert (direct["totalInAll"], direct["hoursInAll"]) == (transitive["total"], transitive["hours"])
    assert direct["total"] < direct["totalInAll"]


@pytest.mark.parametrize(
    ("suffix", "media_type", "begins"),
    [("svg", "image/svg+xml", "<svg "), ("mmd", "text/vnd.mermaid; charset=utf-8", "flowchart TD\n")],
)
def test_prerequisites_are_drawn(client: TestClient, suffix: str, media_type: str, begins: str) -> None:
    answer = client.get(f"/topics/attention/prerequisites.{suffix}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type)
    assert answer.text.startswith(begins)
    needed = client.get("/topics/attention/prerequisites?transitive=true").json()["topics"]
    for topic in needed:
        assert topic["label"][:24] in answer.text


@pytest.mark.parametrize(
    ("path", "status", "name"),
    [
        ("/topics/mambo/prerequisites.svg", 404, "not-found"),
        ("/topics/mamba/prerequisites.pdf", 404, "no-such-path"),
        ("/topics/mamba/prerequisites.svg?transitive=true", 400, "bad-parameter"),
    ],
)
def test_what_cannot_be_drawn_is_a_problem(
    client: TestClient, problem: Problem, path: str, status: int, name: str
) -> None:
    problem(client.get(path), status, name)

"""Plans over HTTP: their forms by Accept, suffix and parameter, and what is refused."""

from datetime import date

import pytest
from starlette.testclient import TestClient

PLAN = "/learning/plan?goal=mamba&know=linear-attention"


@pytest.mark.parametrize(
    ("path", "accept", "media_type", "begin"),
    [
        (PLAN, "", "application/json", '{"goals"'),
        (PLAN, "*/*", "application/json", '{"goals"'),
        (PLAN, "text/html", "text/html", "<!doctype html>"),
        (PLAN, "text/markdown", "text/markdown", "# Plan: Mamba"),
        (PLAN, "text/vnd.mermaid", "text/vnd.mermaid", "flowchart TD"),
        (PLAN, "application/ld+json", "application/ld+json", "{"),
        (PLAN, "image/svg+xml", "image/svg+xml", "<svg "),
        (PLAN, "text/csv", "text/csv", "position,slug"),
        (PLAN, "text/turtle", "text/turtle", "@prefix schema:"),
        (PLAN, "application/graphml+xml", "application/graphml+xml", "<?xml"),
        (PLAN.replace("plan", "plan.ttl"), "", "text/turtle", "@prefix schema:"),
        (PLAN.replace("plan", "plan.graphml"), "", "application/graphml+xml", "<?xml"),
        (PLAN.replace("plan", "plan.svg"), "", "image/svg+xml", "<svg "),
        (PLAN.replace("plan", "plan.csv"), "", "text/csv", "position,slug"),
        (PLAN.replace("plan", "plan.jsonld"), "", "application/ld+json", "{"),
        ("/learning/diagnose", "text/html", "text/html", "<!doctype html>"),
        ("/learning/diagnose", "", "application/json", '{"conforms":true'),
        (f"{PLAN}&start=2027-01-04", "text/calendar", "text/calendar", "BEGIN:VCALENDAR\r\n"),
        (f"{PLAN}&format=markdown", "text/html", "text/markdown", "# Plan: Mamba"),
        (f"{PLAN}&format=json", "text/html", "application/json", '{"goals"'),
        (PLAN.replace("plan", "plan.md"), "text/html", "text/markdown", "# Plan: Mamba"),
        (PLAN.replace("plan", "plan.mmd"), "", "text/vnd.mermaid", "flowchart TD"),
        (PLAN.replace("plan", "plan.ics") + "&start=2027-01-04", "", "text/calendar", "BEGIN:VCALENDAR\r\n"),
        (PLAN.replace("plan", "plan.html"), "", "text/html", "<!doctype html>"),
        ("/learning/explain?step=linear-algebra&goal=mamba", "text/html", "text/html", "<!doctype html>"),
        ("/learning/explain?step=mamba&goal=linear-algebra", "text/html", "text/html", "<!doctype html>"),
        ("/learning/critical-path", "text/html", "text/html", "<!doctype html>"),
        ("/learning/critical-path?goal=mamba&know=mamba", "text/html", "text/html", "<!doctype html>"),
    ],
)
def test_an_answer_comes_in_the_form_that_was_asked_for(
    client: TestClient, path: str, accept: str, media_type: str, begin: str
) -> None:
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.text.startswith(begin)


def test_goals_and_known_topics_are_repeated_or_listed(client: TestClient) -> None:
    repeated = client.get(
        "/learning/plan?goal=mamba&goal=energy-units&know=python-programming&know=attention"
    )
    listed = client.get("/learning/plan?goal=energy-units,mamba,&know=attention,python-programming")
    assert repeated.content == listed.content
    document = listed.json()
    assert [goal["slug"] for goal in document["goals"]] == ["energy-units", "mamba"]
    assert document["known"] == ["attention", "python-programming"]
    assert (document["status"], document["gap"], document["bound"]) == ("optimal", 0.0, document["hours"])
    assert document["hours"] == sum(step["hours"] for step in document["steps"])
    assert document["steps"][0]["href"] == f"http://testserver/topics/{document['steps'][0]['slug']}"


def test_a_goal_that_is_known_is_a_plan_without_steps(client: TestClient) -> None:
    document = client.get("/learning/plan?goal=mamba&know=mamba").json()
    assert (document["steps"], document["hours"]) == ([], 0.0)
    assert "is known already" in document["note"]
    assert "is known already" in client.get("/learning/plan.html?goal=mamba&know=mamba").text


def test_advice_towards_a_goal_leads_to_its_plan(client: TestClient) -> None:
    page = client.get("/learning/next?goal=mamba&know=attention", headers={"Accept": "text/html"})
    assert 'href="http://testserver/learning/plan?goal=mamba&amp;know=attention"' in page.text


def test_a_start_gives_days(client: TestClient) -> None:
    step = client.get(f"{PLAN}&start=2027-01-04&hours_per_week=5").json()["steps"][0]
    assert step["firstDay"] == "2027-01-04"
    assert (date.fromisoformat(step["lastDay"]) - date(2027, 1, 4)).days + 1 == -(-step["hours"] * 7 // 5)


def test_an_explanation_names_each_topic_of_the_chain(client: TestClient) -> None:
    document = client.get("/learning/explain?step=linear-algebra&goal=mamba").json()
    assert document["needed"] is True
    assert [link["slug"] for link in document["goals"][0]["chain"]] == [
        "linear-algebra",
        "differential-equations",
        "state-space-models",
        "mamba",
    ]


def test_the_longest_chain_has_its_hours(client: TestClient) -> None:
    document = client.get("/learning/critical-path?goal=mamba").json()
    assert document["hours"] == sum(topic["hours"] for topic in document["chain"]) == 111.0
    assert document["totalHours"] == 301.0
    assert {topic["slug"] for topic in document["chain"]} <= {topic["slug"] for topic in document["topics"]}


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("/learning/plan", 400, "parameter 'goal' cannot be ''"),
        ("/learning/plan?goal=,", 400, "parameter 'goal' cannot be ''"),
        ("/learning/plan?goal=mambo", 404, "did you mean mamba?"),
        ("/learning/plan?goal=mamba&know=mambo", 404, "did you mean mamba?"),
        ("/learning/plan?goal=mamba&order=best", 400, "one of recall, focus, area, short"),
        ("/learning/plan?goal=mamba&order=area&order=short", 400, "one value, not several"),
        ("/learning/plan?goal=mamba&budget=3", 400, "the parameters are goal, know, order"),
        ("/learning/plan?goal=mamba&start=2027-02-30", 400, "a day written as 2027-01-04"),
        ("/learning/plan?goal=mamba&start=20270104", 400, "a day written as 2027-01-04"),
        ("/learning/plan?goal=mamba&hours_per_week=0", 400, "hours above 0"),
        ("/learning/plan?goal=mamba&hours_per_week=inf", 400, "a number of hours"),
        ("/learning/plan?goal=mamba&hours_per_week=0.0001&start=2027-01-04", 400, "after the year 9999"),
        ("/learning/plan?goal=mamba&budget_hours=-1", 400, "a number of hours such as 10"),
        ("/learning/plan?goal=mamba&budget_hours=1e400", 400, "a number of hours such as 10"),
        ("/learning/plan?goal=mamba&budget_hours=99999999", 400, "a number from 0 to 1e+06"),
        ("/learning/plan?goal=mamba&budget_hours=9&value=best", 400, "one of goals, topics, unlocks"),
        ("/learning/plan?goal=mamba&budget_hours=9&value=mamba:x", 400, "each goal once with its worth"),
        (
            "/learning/plan?goal=mamba&budget_hours=9&value=mamba:1,mamba:2",
            400,
            "each goal once with its worth",
        ),
        ("/learning/plan?goal=mamba&budget_hours=9&value=attention:1", 400, "goals of the plan: mamba"),
        ("/learning/plan?goal=mamba&budget_hours=9&value=mambo:1", 404, "did you mean mamba?"),
        ("/learning/plan?goal=mamba&value=topics", 400, "a budget of hours, or a price of an hour"),
        ("/learning/plan?goal=mamba&price=1", 400, "what goals are worth, such as mamba:100"),
        ("/learning/plan?goal=mamba&price=cheap&value=mamba:1", 400, "what an hour costs"),
        ("/learning/explain?step=attention&goal=mamba&budget_hours=x", 400, "a number of hours such as 10"),
        ("/learning/plan?goal=mamba&format=pdf", 400, "one of json, html, markdown, ical, mermaid"),
        (
            "/learning/plan.md?goal=mamba&format=html",
            400,
            "nothing here: the parameters are goal, know, order",
        ),
        ("/learning/plan.pdf?goal=mamba", 404, "suffixes are json, html, md, ics, mmd"),
        ("/learning/plan.ics?goal=mamba", 400, "a calendar needs it"),
        ("/learning/explain?goal=mamba", 400, "parameter 'step' cannot be ''"),
        ("/learning/explain?step=mamba", 400, "parameter 'goal' cannot be ''"),
        ("/learning/explain?step=mambo&goal=mamba", 404, "did you mean mamba?"),
        ("/learning/critical-path?goal=mambo", 404, "did you mean mamba?"),
        ("/learning/critical-path?order=area", 400, "the parameters are goal, know"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    client: TestClient, path: str, status: int, detail: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]


def test_a_form_that_is_not_offered_is_not_acceptable(client: TestClient) -> None:
    answer = client.get(PLAN, headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/calendar" in answer.json()["detail"]


def test_a_body_asks_for_the_same_plan(client: TestClient) -> None:
    path = (
        "/learning/plan?goal=mamba,energy-units&know=attention&order=focus&start=2027-01-04&hours_per_week=5"
    )
    asked: dict[str, object] = {"goal": ["mamba", "energy-units"], "know": "attention", "order": "focus"}
    body = asked | {"start": "2027-01-04", "hours_per_week": 5}
    assert client.post("/learning/plan", json=body).content == client.get(path).content
    assert client.post("/learning/plan", json=body | {"format": "svg"}).text.startswith("<svg ")


@pytest.mark.parametrize(
    ("body", "status", "named"),
    [
        ({}, 400, "goal"),
        ({"goal": [1]}, 400, "goal"),
        ({"goal": "mamba", "order": 5}, 400, "order"),
        ({"goal": "mamba", "hours_per_week": True}, 400, "hours_per_week"),
        ({"goal": "mamba", "hours_per_week": -1}, 400, "hours_per_week"),
        ({"goal": "mamba", "format": "png"}, 400, "format"),
        ({"goal": "mamba", "budget": 5}, 400, "budget"),
        ({"goal": "mamba", "budget_hours": -5}, 400, "budget_hours"),
        ({"goal": "mamba", "budget_hours": False}, 400, "budget_hours"),
        ({"goal": "mamba", "value": {"mamba": 5}}, 400, "value"),
        ({"goal": "mmaba"}, 404, "mamba"),
        ([], 400, "object"),
    ],
    ids=str,
)
def test_a_body_that_is_off_is_refused(client: TestClient, body: object, status: int, named: str) -> None:
    answer = client.post("/learning/plan", json=body)
    assert answer.status_code == status
    assert named in answer.json()["detail"]


def test_a_budget_is_kept_by_a_worker_and_says_how_good_the_plan_is(client: TestClient) -> None:
    path = "/learning/plan?goal=mamba,chinchilla-scaling&budget_hours=120"
    document = client.get(path).json()
    assert document["hours"] <= document["budgetHours"] == 120.0
    assert (document["status"], document["gap"]) == ("optimal", 0.0)
    assert document["objective"]["value"] == document["bound"] > 0
    assert [goal["reached"] for goal in document["goals"]] == [False, False]
    assert document["leftOutTotal"] == len(document["leftOut"]) > 0
    assert {"slug", "label", "href", "hours", "moreHours", "kind", "text"} <= document["leftOut"][0].keys()
    body = {"goal": ["mamba", "chinchilla-scaling"], "budget_hours": 120}
    assert client.post("/learning/plan", json=body).content == client.get(path).content
    page = client.get(path, headers={"Accept": "text/html"}).text
    assert "None of the goals can be reached in 120 hours" in page
    assert "proven to be the best" in page
    assert "Left out" in page


def test_a_price_is_weighed_against_what_goals_are_worth(client: TestClient) -> None:
    path = "/learning/plan?goal=mamba,state-space-models&value=state-space-models:200,topic:mamba:100&price=1"
    document = client.get(path).json()
    assert [goal["slug"] for goal in document["goals"] if goal["reached"]] == ["state-space-models"]
    assert (document["price"], document["objective"]["value"]) == (1.0, 200 - document["hours"])


def test_what_is_no_step_is_explained(client: TestClient) -> None:
    path = "/learning/explain?step=attention&goal=mamba&budget_hours=40"
    document = client.get(path).json()
    assert (document["needed"], document["leftOut"]["kind"]) == (False, "budget")
    assert document["text"].endswith(f"{document['leftOut']['text']}.")
    assert document["leftOut"]["moreHours"] > 0
    unneeded = client.get("/learning/explain?step=red-teaming&goal=mamba").json()["leftOut"]
    assert (unneeded["kind"], unneeded["moreHours"]) == ("unneeded", 0.0)

"""Answers about learning from the shipped graph: the same bytes, whatever the seed of Python's string hash."""

from tests.processes import outputs_by_hash_seed

ALL_ANSWERS = """
from datetime import date
from hashlib import sha256
from api import wire, wire_plan
from api.links import Links
from kg.services import learning, plans
from kg.services.knowledge import open_knowledge

knowledge = open_knowledge()
links = Links(knowledge.base, "http://127.0.0.1:8000")
goals = {"mamba", "agent-frameworks", "chinchilla-scaling", "llm-interpretability"}
known = {"attention", "probability-theory", "python-programming", "information-theory"}

def say(name, document):
    body = document.encode() if isinstance(document, str) else wire.to_bytes(document)
    print(name, len(body), sha256(body).hexdigest())

for goal in ("", *sorted(goals)):
    for assume in ("closed", "exact"):
        advice = learning.next_topics(knowledge, known, goal=goal, limit=100, assume=assume)
        say(f"next {goal}", wire.advice_document(advice, links))
for order in ("recall", "focus", "area", "short"):
    plan = plans.plan(knowledge, goals, known, order=order, start=date(2027, 1, 4))
    say(f"plan {order}", wire_plan.plan_document(plan, links))
for form in plans.PLAN_FORMATS:
    say(form.name, plans.write_plan(plan, form.name))
within = plans.plan(knowledge, goals, known, budget_hours=120)
say("plan within 120 hours", wire_plan.plan_document(within, links))
for topic in ("optimization", "future-of-llms"):
    say("explain", wire_plan.explanation_document(plans.explain(knowledge, topic, goals, known), links))
for some in (set(), goals):
    say("critical path", wire_plan.critical_document(plans.critical_path(knowledge, some, known), links))
say("diagnose", wire_plan.diagnosis_document(learning.diagnose(knowledge)))
for topic in sorted(known):
    for ask in (learning.prerequisites, learning.unlocks):
        for transitive in (False, True):
            say(topic, wire.relations_document(ask(knowledge, topic, transitive=transitive), links))
    for form in ("svg", "mermaid"):
        say(topic, learning.draw_prerequisites(knowledge, topic, form))
"""


def test_all_answers_about_learning_have_the_same_bytes_whatever_the_hash_seed() -> None:
    (output,) = outputs_by_hash_seed(ALL_ANSWERS)
    assert len(output.splitlines()) == 52

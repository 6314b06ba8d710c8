"""What is measured of a subject, and what is learnt before what."""

from pathlib import Path

import pytest

from kg.catalog.learning import read_curriculum
from kg.catalog.subjects import observations_of, subjects_with
from kg.catalog.units import read_units
from kg.errors import InvalidData
from kg.model.iri import Iri
from kg.model.learning import Alternatives
from kg.services.knowledge import Knowledge, open_knowledge
from tests.datasets import BASE, write_dataset


def test_observations_come_reported_first_and_newest_first(stones: Knowledge) -> None:
    found = observations_of(stones.store, Iri(BASE + "hardware/pisa"))
    assert [seen.observation.rpartition("/")[2] for seen in found] == ["pisa-new", "pisa-old", "pisa-guess"]
    newest = found[0]
    assert (newest.value, newest.unit, newest.method, newest.date) == (
        184.0,
        BASE + "unit/foot",
        "reported",
        "1990-01",
    )
    assert newest.sources[0].label == "Discorsi"
    assert (newest.low, newest.high, newest.level, newest.standard_error) == (None, None, None, None)


def test_an_observation_carries_the_bounds_that_it_states(tmp_path: Path) -> None:
    bounds = "tv:low 1.8e2 ; tv:high 1.9e2 ; tv:level 0.9 ; tv:standardError 2.0e0 ; tv:hasUnit unit:foot ;"
    folder = write_dataset(tmp_path, ("towers/towers.ttl", "tv:hasUnit unit:foot ;", bounds))
    found = observations_of(open_knowledge(folder).store, Iri(BASE + "hardware/pisa"))[0]
    assert (found.low, found.high, found.level, found.standard_error) == (180.0, 190.0, 0.9, 2.0)


def test_a_subject_without_figures_has_no_observations(stones: Knowledge) -> None:
    assert observations_of(stones.store, Iri(BASE + "topic/falling")) == ()


def test_an_observation_without_unit_is_named(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, ("towers/towers.ttl", "tv:hasUnit unit:foot ;", ""))
    with pytest.raises(InvalidData, match=r"observation/pisa-new: has no tv:hasUnit"):
        observations_of(open_knowledge(folder).store, Iri(BASE + "hardware/pisa"))


def test_the_subjects_of_a_quantity_come_with_their_observations_best_first(stones: Knowledge) -> None:
    (pisa,) = subjects_with(stones.store, [Iri(BASE + "quantity/height")])
    assert pisa.iri == BASE + "hardware/pisa"
    assert pisa.observed == observations_of(stones.store, pisa.iri)
    assert subjects_with(stones.store, [Iri(BASE + "quantity/gravity")]) == ()


def test_the_curriculum_has_topics_by_slug_and_the_steps_of_paths(stones: Knowledge) -> None:
    curriculum = read_curriculum(stones.store)
    assert [(topic.slug, topic.hours, topic.requires) for topic in curriculum.topics] == [
        ("counting", 2.0, ()),
        ("falling", 1.0, ("roots",)),
        ("roots", 3.5, ("counting",)),
    ]
    assert curriculum.topics[1].area == "science"
    (step,) = curriculum.steps
    assert (step.path_label, step.position, step.topic, step.why) == (
        "First steps",
        1,
        "counting",
        "It comes first.",
    )


def test_a_choice_of_prerequisites_has_options_and_a_reason(tmp_path: Path) -> None:
    choice = """<falling> tv:requiresOneOf <falling#either> .
<falling#either> a tv:Alternatives ; tv:option <roots> , <counting> ; tv:reason "Either will do."@en .
<counting> a tv:Topic"""
    folder = write_dataset(tmp_path, ("physics/topics.ttl", "<counting> a tv:Topic", choice))
    topics = {topic.slug: topic for topic in read_curriculum(open_knowledge(folder).store).topics}
    assert topics["falling"].requires_one_of == (Alternatives(("counting", "roots"), "Either will do."),)
    assert topics["roots"].requires_one_of == ()


def test_a_topic_without_hours_is_named(tmp_path: Path) -> None:
    folder = write_dataset(tmp_path, ("physics/topics.ttl", "tv:effortHours 3.5 ;", ""))
    with pytest.raises(InvalidData, match=r"topic/roots: has no tv:effortHours"):
        read_curriculum(open_knowledge(folder).store)


def test_units_are_read_with_other_spellings_and_factor(stones: Knowledge) -> None:
    units = {unit.slug: unit for unit in read_units(stones.store)}
    assert list(units) == sorted(units)
    assert units["metre"].alternatives == ("metres",)
    assert units["foot"].factor == 0.3048
    assert str(units["acceleration"].dimension) == "metre/second^2"


def test_the_page_recommends_its_six_topics_in_order(shipped: Knowledge) -> None:
    steps = read_curriculum(shipped.store).steps
    assert [step.position for step in steps] == [1, 2, 3, 4, 5, 6]
    assert steps[0].topic == "state-space-models"

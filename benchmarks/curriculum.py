"""A made-up curriculum of any size: fields of 200 topics on a common core of 2 000."""

import numpy as np

from kg.model.learning import TopicColumns

CORE, FIELD = 2_000, 200
BASE = "https://example.org/topic/"


def make_curriculum(count: int, *, seed: int = 6) -> TopicColumns:
    """Topics that require 2.9 others on average, as columns; slugs have nothing to do with the order of study.

    A core topic requires earlier ones of the core; a topic of a field one of the 40 before it in its field, or, once
    in 17 times, one of the core. The last topic of a field requires about 1 000 topics, directly or not.
    """
    chance = np.random.default_rng(seed)
    core = min(CORE, count // 5)
    topic = np.repeat(np.arange(count), np.where(np.arange(count) < 5, 0, 1 + chance.poisson(2.0, count)))
    within = topic - (core + (topic - core) // FIELD * FIELD)
    share = chance.random(len(topic))
    needed = np.where(
        topic < core,
        (np.sqrt(share) * topic).astype(np.int64),
        np.where(
            (chance.random(len(topic)) < 0.06) | (within == 0),
            (share * core).astype(np.int64),
            topic - 1 - (share * np.minimum(np.maximum(within, 1), 40)).astype(np.int64),
        ),
    )
    number = chance.permutation(count)
    edges = np.unique(number[topic] * count + number[needed])
    starts = np.searchsorted(edges, np.arange(count + 1) * count)
    return TopicColumns(
        slugs=[f"t{place:07}" for place in range(count)],
        hours=chance.choice([2.0, 4.0, 6.0, 8.0, 12.0], count).tolist(),
        starts=starts.astype(np.int32),
        needed=(edges % count).astype(np.int32),
        base=BASE,
    )

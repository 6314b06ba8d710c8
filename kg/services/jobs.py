"""Computations that run in a worker process, by name: JSON-able in, JSON-able out, and nothing else happens."""

from collections.abc import Callable
from typing import Any

from kg.services.algebra_jobs import ALGEBRA
from kg.services.engines import Engines
from kg.services.plot_jobs import DRAWING
from kg.services.solving import SOLVING

Job = Callable[[Engines, dict[str, Any]], dict[str, Any]]
"""A pure function of the dataset and a payload; it may raise errors of ``kg.errors``."""

JOBS: dict[str, Job] = {**ALGEBRA, **DRAWING, **SOLVING}
"""Name → job. A job's engine is imported inside it, so that a worker that never runs it never pays for it."""

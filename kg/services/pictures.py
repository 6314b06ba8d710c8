"""Plots as documents: the Vega-Lite specification, SVG and PNG; drawn here, or apart where others wait."""

from base64 import b64decode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from kg.errors import BadParameter
from kg.model.plot import Plot
from kg.services.engines import Engines
from kg.workers.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from kg.exporters.plot_marks import Spec


@dataclass(frozen=True, slots=True)
class PlotFormat:
    """A document that a plot can be written as. ``suffix`` has no dot."""

    name: str
    media_type: str
    suffix: str


SVG: Final = PlotFormat("svg", "image/svg+xml", "svg")
PNG: Final = PlotFormat("png", "image/png", "png")
VEGA_LITE: Final = PlotFormat("vega-lite", "application/vnd.vegalite.v6+json", "vl.json")
PLOT_FORMATS: Final = (SVG, PNG, VEGA_LITE)

ADDRESS_SPACE: Final = 2**40
"""Bytes. V8 maps some 70 GB at its start and uses a thousandth of it, so a limit on addresses would only end it."""


def find_plot_format(name: str) -> PlotFormat:
    """The format of that name, suffix or media type; ``json`` is Vega-Lite.

    Raises:
        BadParameter: there is none.
    """
    for candidate in PLOT_FORMATS:
        if name in (candidate.name, candidate.suffix, candidate.media_type):
            return candidate
    if name in ("json", "application/json"):
        return VEGA_LITE
    raise BadParameter("format", name[:40], f"one of {', '.join(form.name for form in PLOT_FORMATS)}")


def check_drawable(form: PlotFormat) -> None:
    """Returns where plots can be written in that format.

    Raises:
        Unavailable: it needs a package that is not installed; says which.
    """
    if form is not VEGA_LITE:
        from kg.exporters.pictures import require_pictures

        require_pictures()


def plot_spec(plot: Plot) -> "Spec":
    """The Vega-Lite specification of a plot."""
    from kg.exporters import plots

    return plots.plot_spec(plot)


def write_plot(plot: Plot, form: PlotFormat) -> bytes:
    """The plot as a document; pictures are drawn in this process, which waits.

    Raises:
        Unavailable: the format needs a package that is not installed.
    """
    from kg.exporters import pictures, plots

    spec = plots.plot_spec(plot)
    if form is VEGA_LITE:
        return plots.spec_json(spec).encode()
    return pictures.draw_png(spec) if form is PNG else pictures.draw_svg(spec).encode()


def write_plot_apart(
    engines: Engines, plot: Plot, form: PlotFormat, *, limits: Limits = DEFAULT_LIMITS
) -> bytes:
    """The plot as a document; pictures are drawn in a worker process, which is stopped at the deadline.

    Raises:
        Unavailable: the format needs a package that is not installed.
        DeadlineExceeded, Overloaded, WorkerFailed: as :func:`kg.services.isolation.run_isolated`.
    """
    if form is VEGA_LITE:
        return write_plot(plot, form)
    from kg.services.isolation import run_isolated

    check_drawable(form)
    payload = {"spec": plot_spec(plot), "form": form.name}
    roomy = replace(limits, memory_bytes=max(limits.memory_bytes, ADDRESS_SPACE))
    return b64decode(run_isolated(engines, "draw-plot", payload, limits=roomy)["picture"])

"""What Python users hold of a plot: its numbers, its specification, and the picture when it is wanted."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.errors import Unavailable
from kg.model.iri import Iri
from kg.model.plot import Plot
from kg.services import pictures
from kg.services.engines import Engines


class PlotHandle:
    """A plot of a formula. It shows itself in notebooks; ``record`` holds its numbers.

    >>> from kg import open_knowledge
    >>> plot = open_knowledge().formula("chinchilla-loss").plot(N=(1e8, 1e12), D="1.4T")
    >>> plot.spec["$schema"]
    'https://vega.github.io/schema/vega-lite/v6.4.json'
    """

    def __init__(self, record: Plot) -> None:
        self.record = record

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification."""
        return pictures.plot_spec(self.record)

    def svg(self) -> str:
        """The picture as SVG.

        Raises:
            Unavailable: vl-convert-python is not installed; says how to install it.
        """
        return pictures.write_plot(self.record, pictures.SVG).decode()

    def png(self) -> bytes:
        """The picture as PNG.

        Raises:
            Unavailable: vl-convert-python is not installed; says how to install it.
        """
        return pictures.write_plot(self.record, pictures.PNG)

    def save(self, path: str | Path) -> Path:
        """The file that the plot was written to: ``.svg``, ``.png`` or ``.json`` by its suffix.

        Raises:
            BadParameter: another suffix. Unavailable: vl-convert-python is not installed.
        """
        target = Path(path)
        form = pictures.find_plot_format(target.suffix.removeprefix("."))
        target.write_bytes(pictures.write_plot(self.record, form))
        return target

    def __repr__(self) -> str:
        return f"<plot {self.record.kind}: {self.record.title}>"

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:  # noqa: ARG002
        """For notebooks: the specification, and SVG where it can be drawn, for those that know no Vega-Lite."""
        bundle: dict[str, Any] = {pictures.VEGA_LITE.media_type: self.spec, "text/plain": repr(self)}
        try:
            bundle[pictures.SVG.media_type] = self.svg()
        except Unavailable:
            return bundle
        return bundle


class Plottable:
    """What has formulas behind it: a plot is one call away."""

    iri: Iri
    _engines: Engines

    def plot(
        self,
        values: Mapping[str, object] | None = None,
        /,
        *,
        x: str = "",
        kind: str = "sweep",
        points: int = 200,
        band: str = "",
        subject: str | None = None,
        fit: str | None = None,
        unit: str | None = None,
        **givens: object,
    ) -> PlotHandle:
        """A plot over one variable, given as a range such as ``(1e8, 1e12)``; its spec, SVG and PNG.

        Raises:
            As :func:`kg.services.plots.make_plot`.
        """
        from kg.services.plots import make_plot

        plot = make_plot(
            self._engines,
            self.iri,
            {**(values or {}), **givens},
            x=x,
            kind=kind,
            points=points,
            band=band,
            subject=subject or "",
            fit=fit or "",
            unit=unit or "",
        )
        return PlotHandle(plot)

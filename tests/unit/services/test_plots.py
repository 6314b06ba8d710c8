"""Plots of the shipped formulas: their numbers are those of evaluation, and every specification compiles."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
import vl_convert

from kg.errors import BadParameter, MissingValue, NotFound, OutOfDomain, TooLarge, TriviumError, UnknownSymbol
from kg.exporters.pictures import draw_svg
from kg.formula.givens import parse_givens
from kg.formula.uncertainty import evaluate_unsure
from kg.model.formula import Role
from kg.model.plot import Plot, PlotKind
from kg.services.knowledge import Knowledge
from kg.services.pictures import plot_spec
from kg.services.plots import make_plot, split_x
from kg.services.uncertainty import SAMPLES

LOSS = "chinchilla-loss"
REPLICATED = "besiroglu-2024"


def plot(knowledge: Knowledge, formula: str, givens: Mapping[str, object], **options: Any) -> Plot:
    return make_plot(knowledge, formula, givens, **options)


def compiled(found: Plot) -> dict[str, Any]:
    """The Vega specification: what Vega-Lite makes of a specification that it takes."""
    vega: dict[str, Any] = vl_convert.vegalite_to_vega(plot_spec(found), vl_version="6.4")
    return vega


def test_a_sweep_holds_what_evaluation_gives_at_each_point(shipped: Knowledge) -> None:
    found = plot(shipped, LOSS, {"N": "1e8..1e12", "D": "1.4T"}, points=9, unit="nat/token")
    (curve,) = found.curves
    formula = shipped.formula(LOSS)
    assert (curve.x[0], curve.x[-1]) == (1e8, 1e12)
    assert curve.y == tuple(formula.evaluate(N=x, D="1.4T").value for x in curve.x)
    rows = plot_spec(found)["datasets"]["curves"]
    assert {(row["x"], row["y"]) for row in rows} == set(zip(curve.x, curve.y, strict=True))
    assert (found.x.unit, found.y.unit) == ("parameter", "nat/token")  # type: ignore[union-attr]


@pytest.mark.parametrize("band", ["linear", "interval", "monte-carlo"])
def test_a_band_is_what_propagation_gives_at_each_point(shipped: Knowledge, band: str) -> None:
    found = plot(shipped, LOSS, {"N": "1e8..1e10", "D": "1.4T"}, points=3, band=band, fit=REPLICATED)
    (curve,) = found.curves
    loss = shipped.compiled(shipped.formula(LOSS).iri)
    for x, low, high in zip(curve.x, curve.low, curve.high, strict=True):
        wanted = evaluate_unsure(
            loss,
            {"N": x, "D": "1.4T"},
            fit=REPLICATED,
            units=shipped.units,
            uncertainty=band,
            samples=SAMPLES,
            seed=0,
        ).uncertainty
        assert wanted is not None
        assert (low, high) == (wanted.low, wanted.high)
    assert found.band
    assert any(found.band in line for line in found.subtitle)


def test_spreads_that_are_given_make_a_band(shipped: Knowledge) -> None:
    found = plot(
        shipped, "training-compute-6nd", {"N": "1B..10B", "D": "[1T, 2T]"}, points=2, band="interval"
    )
    (curve,) = found.curves
    assert curve.low == pytest.approx((6e21, 6e22))
    assert curve.high == pytest.approx((1.2e22, 1.2e23))


def test_fits_are_compared_each_by_its_name_and_inside_its_range(shipped: Knowledge) -> None:
    found = plot(shipped, LOSS, {"N": "1e7..1e12", "D": "300B"}, kind="fits", points=20)
    sets = shipped.formula(LOSS).record.constant_sets
    assert [curve.name for curve in found.curves] == [one.label for one in sets]
    assert all(curve.source for curve in found.curves)
    for one, curve in zip(sets, found.curves, strict=True):
        span = next(span for span in one.ranges if span.symbol == "N")
        assert span.low is not None
        assert span.high is not None
        assert curve.fitted == tuple(span.low <= x <= span.high for x in curve.x)
        assert {span.low, span.high} <= set(curve.x)
        wanted = shipped.formula(LOSS).evaluate(N=curve.x[3], D="300B", fit=one.name).value
        assert curve.y[3] == wanted


def test_a_curve_is_outside_where_a_value_that_is_held_is(shipped: Knowledge) -> None:
    found = plot(shipped, LOSS, {"N": "1e8..1e10", "D": "1.4T"}, fit=REPLICATED, points=5)
    assert not any(found.curves[0].fitted)
    assert any(note.startswith("D = 1.4e12 token is above") for note in found.notes)


def test_fits_without_spreads_have_no_band_and_it_is_said(shipped: Knowledge) -> None:
    found = plot(shipped, LOSS, {"N": "1e8..1e10", "D": "300B"}, kind="fits", band="linear", points=3)
    assert [bool(curve.low) for curve in found.curves] == [True, False, False]
    assert any("no band" in note and "Hoffmann" in note for note in found.notes)


def test_observed_things_are_those_with_both_quantities(shipped: Knowledge) -> None:
    found = plot(shipped, "chinchilla-optimal-tokens", {}, kind="observed")
    rows = shipped.sparql(
        """SELECT DISTINCT ?thing { ?a tv:about ?thing ; tv:ofQuantity quantity:training-compute .
           ?b tv:about ?thing ; tv:ofQuantity quantity:training-tokens } ORDER BY ?thing"""
    )
    assert [spot.iri for spot in found.spots] == [row["thing"] for row in rows]
    assert all(spot.source and spot.method for spot in found.spots)
    chinchilla = next(spot for spot in found.spots if spot.label == "Chinchilla")
    assert chinchilla.y == 1.4e12
    assert found.curves[0].x[0] < min(spot.x for spot in found.spots)
    assert found.curves[0].x[-1] > max(spot.x for spot in found.spots)


def test_observed_things_keep_to_the_range_and_come_in_the_unit_asked_for(shipped: Knowledge) -> None:
    asked = {"N": "100B..1T", "D": "1.4T"}
    found = plot(shipped, "training-compute-6nd", asked, kind="observed", unit="ZFLOP")
    assert found.spots
    assert all(1e11 <= spot.x <= 1e12 for spot in found.spots)
    compute = next(spot.y for spot in found.spots if spot.label == "GPT-3 175B")
    assert compute == pytest.approx(314, rel=0.01)


def test_bars_are_the_widest_swings_of_sensitivity(shipped: Knowledge) -> None:
    found = plot(shipped, LOSS, {"N": "10B", "D": "300B ± 20B"}, kind="sensitivity", fit=REPLICATED)
    formula = shipped.formula(LOSS)
    assert found.base == formula.evaluate(N="10B", D="300B", fit=REPLICATED).value
    swings = [abs(bar.high - bar.low) for bar in found.bars]
    assert swings == sorted(swings, reverse=True)
    tokens = next(bar for bar in found.bars if bar.name.startswith("Training tokens D"))
    assert (tokens.at_low, tokens.at_high) == ("280B", "320B")
    assert tokens.low == pytest.approx(formula.evaluate(N="10B", D="280B", fit=REPLICATED).value)
    assert tokens.high == pytest.approx(formula.evaluate(N="10B", D="320B", fit=REPLICATED).value)


def examples(knowledge: Knowledge) -> dict[str, tuple[dict[str, object], str, str]]:
    """Formula → the givens and the fit of its first worked example, and an input that is a single number."""
    found = {}
    for entry in knowledge.list("formula"):
        formula = knowledge.compiled(entry.iri)
        bounds = formula.series_bounds.values()
        inputs = [
            variable.symbol
            for variable in formula.inputs
            if variable.role is Role.INPUT and not variable.indexed_by and variable.symbol not in bounds
        ]
        if inputs and formula.formula.examples and formula.output is not None:
            example = formula.formula.examples[0]
            givens: dict[str, object] = dict(parse_givens(example.givens))
            found[formula.formula.slug] = givens, example.fit, inputs[len(inputs) // 2]
    return found


def test_every_shipped_formula_plots_around_its_worked_example(shipped: Knowledge) -> None:
    found = examples(shipped)
    assert len(found) > 150
    for number, (slug, (givens, fit, symbol)) in enumerate(found.items()):
        shown = plot(shipped, slug, givens, x=symbol, fit=fit, points=12)
        assert any(y is not None for y in shown.curves[0].y), slug
        assert compiled(shown)["marks"], slug
        if number % 14 == 0:
            assert draw_svg(plot_spec(shown)).startswith("<svg "), slug


def test_every_shipped_formula_has_bars_or_says_why_not(shipped: Knowledge) -> None:
    shown, refused = 0, []
    for slug, (givens, fit, _) in examples(shipped).items():
        try:
            found = plot(shipped, slug, givens, kind="sensitivity", fit=fit)
        except BadParameter as error:
            refused.append(str(error))
            continue
        shown += 1
        assert all(bar.at_low and bar.at_high and bar.basis for bar in found.bars), slug
        if shown % 10 == 0:
            assert compiled(found)["marks"], slug
    assert shown > 150
    assert all("no input can be varied" in reason for reason in refused), refused


@pytest.mark.parametrize(
    ("formula", "givens", "options", "low", "high"),
    [
        (LOSS, {"D": "1e10"}, {"x": "N"}, 7e7, 1.6e10),
        (LOSS, {"D": "1e10", "N": "5B"}, {"x": "N"}, 5e8, 5e10),
        (LOSS, {"D": "1e10", "model-parameters": "5B"}, {"x": "model-parameters"}, 5e8, 5e10),
        ("verifier-precision", {"t": 0.9, "f": 0.1}, {"x": "p"}, 0.0, 1.0),
        ("training-inference-equivalence", {}, {"x": "k_inf"}, 1.0, 100.0),
        ("bon-kl", {}, {}, 2.0, 160.0),
    ],
    ids=["the fitted range", "around a value", "by quantity", "a bounded domain", "a default", "the example"],
)
def test_without_a_range_there_is_a_usual_one(
    shipped: Knowledge,
    formula: str,
    givens: dict[str, object],
    options: dict[str, Any],
    low: float,
    high: float,
) -> None:
    (curve,) = plot(shipped, formula, givens, **options).curves
    assert (curve.x[0], curve.x[-1]) == (low, high)


def test_a_pair_is_a_range_and_a_list_a_spread_or_a_series(shipped: Knowledge) -> None:
    by_pair = plot(shipped, LOSS, {"N": (1e8, 1e12), "D": 1.4e12}, points=5)
    assert by_pair.curves == plot(shipped, LOSS, {"N": "1e8..1e12", "D": 1.4e12}, points=5).curves
    series = {"w": (0.5, 0.3), "D": [1e12, 2e12], "D_total": "1e12..3e14"}
    found = plot(shipped, "data-exhaustion-rate", {key: series[key] for key in ("D", "D_total")}, points=3)
    assert found.curves[0].x[-1] == 3e14


def test_gaps_are_told(shipped: Knowledge) -> None:
    found = plot(shipped, "attention-weight", {"q": "0..20", "d_k": 64, "Z": 4}, points=50)
    (curve,) = found.curves
    assert None in curve.y
    assert any(re.search(r"no value at \d+ of 50 points: a = ", note) for note in found.notes)


def test_whole_numbers_stay_whole(shipped: Knowledge) -> None:
    (curve,) = plot(shipped, "bon-kl", {"n": "1..10"}).curves
    assert curve.x == tuple(map(float, range(1, 11)))


@pytest.mark.parametrize(
    ("formula", "givens", "options", "error", "said"),
    [
        (LOSS, {"D": 1}, {}, BadParameter, "one of N, D"),
        (LOSS, {"D": 1, "N": "1..2"}, {"x": "nothing"}, UnknownSymbol, "it has"),
        (LOSS, {"D": 1, "N": "1..2"}, {"x": "L"}, UnknownSymbol, "it has"),
        (LOSS, {"N": "1..2"}, {}, MissingValue, "no value for D"),
        (LOSS, {"D": "1..2", "N": "1..2"}, {}, BadParameter, "runs over a range already"),
        (LOSS, {"D": 1, "N": "0..5"}, {}, OutOfDomain, "N = 0 is outside its domain"),
        (LOSS, {"D": 0, "N": "1..5"}, {}, OutOfDomain, "D = 0 is outside its domain"),
        (LOSS, {"D": 1, "N": "5..1"}, {}, BadParameter, "first end is less"),
        (LOSS, {"D": 1, "N": "1..5"}, {"points": 2_001}, TooLarge, "at most 2000"),
        (LOSS, {"D": 1, "N": "1..5:2001"}, {}, TooLarge, "at most 2000"),
        (LOSS, {"D": 1, "N": "1..5"}, {"points": 1}, BadParameter, "from 2 to 2000"),
        (LOSS, {"D": 1, "N": "1..5"}, {"points": 401, "band": "linear"}, TooLarge, "with a band"),
        (LOSS, {"D": 1, "N": "1..5"}, {"kind": "pie"}, BadParameter, "sweep, fits, sensitivity, observed"),
        (LOSS, {"D": 1, "N": "1..5"}, {"band": "wide"}, BadParameter, "none, linear"),
        (LOSS, {"D": 1, "N": "1..5"}, {"band": "linear"}, BadParameter, "whose spread is known"),
        (LOSS, {"D": 1, "N": "1..5"}, {"fit": "nobody"}, NotFound, "fit of chinchilla-loss"),
        (LOSS, {"D": 1, "N": "1..5"}, {"fit": "nobody", "kind": "fits"}, NotFound, "nobody"),
        (LOSS, {"D": 1, "N": "1..5"}, {"fit": ",".join("abcdefghi"), "kind": "fits"}, TooLarge, "at most 8"),
        (LOSS, {"D": 1, "N": "1..5"}, {"subject": "model/nobody"}, NotFound, "nobody"),
        (LOSS, {"D": 1, "N": "1..5"}, {"kind": "observed"}, BadParameter, "model-parameters and model-loss"),
        (LOSS, {"D": 1, "N": "1..5"}, {"kind": "sensitivity"}, BadParameter, "one value with"),
        (LOSS, {"D": 1, "N": 5}, {"kind": "sensitivity", "x": "N"}, BadParameter, "varies each input"),
        (LOSS, {"D": 1, "N": 5}, {"kind": "sensitivity", "band": "linear"}, BadParameter, "varies each"),
        ("amdahl-automation", {"s": 10}, {"kind": "fits", "x": "f"}, BadParameter, "no constants that were"),
        ("amdahl-automation", {"s": 10}, {"kind": "observed", "x": "f"}, BadParameter, "nothing is known"),
        ("automation-potential", {"w": "1,2", "a": "0,1"}, {}, BadParameter, "none of these inputs"),
        ("automation-potential", {"w": "1,2", "a": "0,1"}, {"x": "n_j"}, BadParameter, "counts the values"),
        ("automation-potential", {"w": "1..2", "a": "0,1"}, {}, BadParameter, "series"),
        ("bradley-terry", {"r_w": 1, "r_l": "0..1"}, {"unit": "FLOP"}, TriviumError, "dimension"),
        ("nothing", {}, {}, NotFound, "nothing"),
    ],
)
def test_what_cannot_be_plotted_is_refused_with_the_reason(
    shipped: Knowledge,
    formula: str,
    givens: dict[str, object],
    options: dict[str, Any],
    error: type[TriviumError],
    said: str,
) -> None:
    with pytest.raises(error, match=said):
        plot(shipped, formula, givens, **options)


def test_x_names_a_variable_or_gives_a_value_to_a_symbol_x(shipped: Knowledge) -> None:
    assert split_x(shipped, LOSS, ["N"]) == ("N", None)
    assert split_x(shipped, LOSS, ["model-parameters"]) == ("N", None)
    assert split_x(shipped, "ces-bottleneck", ["rho", "1e9"]) == ("rho", "1e9")
    assert split_x(shipped, "ces-bottleneck", ["x", "1..9"]) == ("x", "1..9")
    assert split_x(shipped, LOSS, []) == ("", None)
    for values in (["N", "D"], ["5"], ["n"]):
        with pytest.raises(BadParameter, match="'x'"):
            split_x(shipped, LOSS, values)


def test_what_a_plot_rests_on_goes_with_it(shipped: Knowledge) -> None:
    found = plot(shipped, LOSS, {"N": "1e8..1e12", "D": "1.4T"}, fit=REPLICATED)
    told = plot_spec(found)["usermeta"]
    assert told["formula"] == shipped.formula(LOSS).iri
    assert told["dataset"] == shipped.version
    assert told["inputs"] == {
        "x": "N",
        "N": "1e8..1e12",
        "D": "1.4T",
        "fit": REPLICATED,
        "points": "200",
    }
    assert {"iri", "label"} == set(told["sources"][0])


def test_a_handle_gives_specification_picture_and_file(
    shipped: Knowledge, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = shipped.formula("ces-bottleneck").plot({"x": (1, 100)}, w=0.4, y=1, rho=-1, points=20)
    assert repr(handle) == "<plot sweep: Task complementarity>"
    assert handle.record.kind is PlotKind.SWEEP
    assert handle.svg().startswith("<svg ")
    assert handle.save(tmp_path / "a.svg").read_text("utf-8") == handle.svg()
    assert handle.save(tmp_path / "a.json").read_text("utf-8").startswith('{"$schema"')
    with pytest.raises(BadParameter, match="format"):
        handle.save(tmp_path / "a.gif")
    bundle = handle._repr_mimebundle_()
    assert bundle.keys() == {"application/vnd.vegalite.v6+json", "image/svg+xml", "text/plain"}
    assert bundle["application/vnd.vegalite.v6+json"] == handle.spec
    monkeypatch.setattr("kg.exporters.pictures.find_spec", lambda _: None)
    assert handle._repr_mimebundle_().keys() == {"application/vnd.vegalite.v6+json", "text/plain"}

"""The figures: what is drawn are the ensemble's numbers, and every word of them can be read."""

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.container import BarContainer, ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox
from PIL import Image

import sim
from sim.analysis.shares import outcome_shares
from sim.outcomes import FROZEN_STALEMATE, MILITARY_DEFECTION, OUTCOMES, TALKS_COLLAPSE
from sim.plots import (
    alt_text,
    draw,
    figure_names,
    make_figure,
    plot_cumulative_incidence,
    plot_fan,
    plot_outcome_shares,
    plot_share_by_week,
    plot_zone,
    save_figures,
)
from sim.plots.calendar import named_weeks
from sim.plots.style import COLOURS, LINES, percent, readable, spread
from sim.results import NOTE, Column, Ensemble, Weekly

REPLICATES = 1200
KEPT = ("zone", "x_min", "x_max", "recognition.count", "talks.on")


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    found = sim.run(sim.load("oslo_2019"), replicates=REPLICATES, seed=1)
    return replace(found, weekly={name: found.weekly[name] for name in KEPT})


@pytest.fixture
def axes() -> Axes:
    figure = Figure(figsize=(8, 5), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def ended(ensemble: Ensemble, outcome: np.ndarray, week: np.ndarray) -> Ensemble:
    """Return the ensemble as if its replicates had ended so."""
    table = {**ensemble.table, "outcome": outcome.astype(np.int8), "week": week}
    return replace(ensemble, table=table, twins=outcome.astype(np.int8))


def all_alike(ensemble: Ensemble, code: int, week: int) -> Ensemble:
    size = ensemble.replicates
    return ended(ensemble, np.full(size, code), np.full(size, week))


def all_eight(ensemble: Ensemble) -> Ensemble:
    """Every outcome, two of them at the horizon, under a long title and in a large run."""
    codes = np.arange(ensemble.replicates) % len(OUTCOMES)
    week = np.where(codes < TALKS_COLLAPSE, 1 + np.arange(len(codes)) % ensemble.weeks, 104)
    title = "A scenario whose author could not decide on a title and therefore took them all, twice"
    return replace(ended(ensemble, codes, week), scenario={**ensemble.scenario, "title": title})


def one_replicate(weeks: int = 104) -> Ensemble:
    found = sim.run(sim.load("oslo_2019").alter({"weeks": weeks}), replicates=1, seed=1)
    return replace(found, weekly={name: found.weekly[name] for name in KEPT})


# What is drawn


def test_bars_are_the_shares_with_both_ranges(ensemble: Ensemble, axes: Axes):
    assert plot_outcome_shares(ensemble, axes) is axes
    shares = outcome_shares(ensemble)
    bars, *ranges = (c for c in axes.containers if isinstance(c, BarContainer))
    assert [bar.get_width() for bar in bars] == [row.share for row in shares]
    assert [bar.get_y() for bar in bars] == sorted(bar.get_y() for bar in bars)
    assert axes.yaxis_inverted(), "the first outcome stands on top"
    known = [row for row in shares if not np.isnan(row.low_parameters)]
    assert known, "no range across parameters was found to draw"
    drawn = [(one[0].get_x(), one[0].get_x() + one[0].get_width()) for one in ranges]
    expected = [(row.low_parameters, row.high_parameters) for row in known]
    np.testing.assert_allclose(drawn, expected)


def test_whiskers_are_the_wilson_intervals(ensemble: Ensemble, axes: Axes):
    plot_outcome_shares(ensemble, axes)
    shares = outcome_shares(ensemble)
    whiskers = [c for c in axes.containers if isinstance(c, ErrorbarContainer)]
    assert whiskers
    for container in whiskers:
        segments = container.lines[2][0].get_segments()
        ends = [(segment[0, 0], segment[1, 0]) for segment in segments]
        np.testing.assert_allclose(ends, [(row.low, row.high) for row in shares], atol=1e-12)


def test_outcomes_are_named_in_order_with_their_share(ensemble: Ensemble, axes: Axes):
    plot_outcome_shares(ensemble, axes)
    labels = [label.get_text() for label in axes.get_yticklabels()]
    expected = [
        f"{row.name.replace('_', ' ')}  {percent(row.share, REPLICATES)}"
        for row in outcome_shares(ensemble)
    ]
    assert labels == expected
    assert axes.get_xlabel() == f"share of {REPLICATES:,} replicates"


def test_legend_of_shares_stands_outside_the_data(ensemble: Ensemble):
    figure = make_figure(ensemble, "outcome_shares")
    figure.draw_without_rendering()
    (axes,) = figure.axes
    legend = axes.get_legend()
    assert legend is not None
    assert legend.get_window_extent().y0 >= axes.get_window_extent().y1 - 1


def test_lines_are_the_cumulative_shares(ensemble: Ensemble, axes: Axes):
    plot_cumulative_incidence(ensemble, axes)
    drawn = {str(line.get_label()): line for line in axes.lines}
    week = ensemble.table["week"]
    for code, name in enumerate(OUTCOMES):
        hits = ensemble.outcome == code
        if not hits.any():
            assert readable(name) not in drawn
            continue
        expected = [(hits & (week <= last)).mean() for last in range(1, ensemble.weeks + 1)]
        line = drawn[readable(name)]
        np.testing.assert_allclose(np.asarray(line.get_ydata())[1:], expected, atol=1e-12)
        assert np.asarray(line.get_xdata())[1:-1].tolist() == list(range(1, ensemble.weeks))
        assert np.asarray(line.get_xdata())[-1] > ensemble.weeks, "the last week is a column"


def test_outcomes_of_the_horizon_do_not_rise_before_it(ensemble: Ensemble, axes: Axes):
    plot_cumulative_incidence(all_alike(ensemble, FROZEN_STALEMATE, ensemble.weeks), axes)
    line = next(line for line in axes.lines if line.get_label() == "frozen stalemate")
    assert set(np.asarray(line.get_ydata())[:-1]) == {0.0}
    assert np.asarray(line.get_ydata())[-1] == 1.0


def test_no_column_of_the_last_week_hides_another(ensemble: Ensemble, axes: Axes):
    plot_cumulative_incidence(all_eight(ensemble), axes)
    columns = [line.get_xdata()[-1] for line in axes.lines if len(line.get_xdata()) > 1]
    assert len(columns) == len(set(columns)) == len(OUTCOMES)


def test_outcomes_that_never_occur_are_named(ensemble: Ensemble, axes: Axes):
    plot_cumulative_incidence(all_alike(ensemble, MILITARY_DEFECTION, 30), axes)
    words = " ".join(text.get_text() for text in axes.texts).replace("\n", " ")
    note = words[words.index("did not occur") :]
    assert all(readable(name) in note for name in OUTCOMES[1:])
    assert "military defection" not in note


def test_fan_is_the_weekly_quantiles(ensemble: Ensemble, axes: Axes):
    plot_fan(ensemble, "zone", axes)
    quantiles = ensemble.weekly["zone"].quantiles((0.05, 0.25, 0.5, 0.75, 0.95))
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), quantiles[:, 2])
    for band, (low, high) in zip(axes.collections, ((0, 4), (1, 3)), strict=True):
        outline = band.get_paths()[0].vertices
        for week in (1, 50, 104):
            ends = outline[outline[:, 0] == week, 1]
            assert {ends.min(), ends.max()} == {quantiles[week - 1, low], quantiles[week - 1, high]}


def test_fan_shows_unit_and_number_still_running(ensemble: Ensemble, axes: Axes):
    plot_fan(ensemble, "zone", axes)
    assert "share of the stake" in axes.get_ylabel()
    running = ensemble.weekly["zone"].counts.sum(axis=1)
    labels = [label.get_text().split("\n") for label in axes.get_xticklabels()]
    assert labels[0] == ["1", "May 2019", f"n = {REPLICATES:,}"]
    assert labels[-1] == ["104", "May 2021", f"n = {running[-1]:,}"]
    assert "still running" in axes.get_xlabel()


def test_fan_of_what_few_have_does_not_call_them_running(ensemble: Ensemble, axes: Axes):
    weekly = ensemble.weekly["zone"]
    fewer = replace(ensemble, weekly={"deal.x": replace(weekly, counts=weekly.counts // 2)})
    plot_fan(fewer, "deal.x", axes)
    assert "that have a value" in axes.get_xlabel()


def test_fan_of_nothing_says_so(ensemble: Ensemble, axes: Axes):
    weekly = ensemble.weekly["zone"]
    empty = replace(weekly, counts=np.zeros_like(weekly.counts))
    nothing = replace(ensemble, weekly={"deal.x": empty})
    plot_fan(nothing, "deal.x", axes)
    assert [text.get_text() for text in axes.texts] == ["no replicate ever has a value"]
    assert figure_names(nothing) == ["outcome_shares", "cumulative_incidence", "reasons"]


def test_yes_or_no_is_a_share_by_week(ensemble: Ensemble, axes: Axes):
    plot_share_by_week(ensemble, "talks.on", axes)
    expected = np.nanmean(ensemble.weekly["talks.on"].paths, axis=0)
    np.testing.assert_allclose(np.asarray(axes.lines[0].get_ydata()), expected, atol=1e-12)
    label = axes.get_ylabel().replace("\n", " ")
    assert label == "share of running replicates: the parties are in talks"


def test_zone_is_the_medians_of_both_limits(ensemble: Ensemble, axes: Axes):
    plot_zone(ensemble, axes)
    for line in axes.lines:
        median = ensemble.weekly[str(line.get_label())].quantiles((0.5,))[:, 0]
        np.testing.assert_array_equal(line.get_ydata(), median)
    assert [line.get_label() for line in axes.lines] == ["x_min", "x_max"]
    assert axes.get_ylabel().replace("\n", " ") == "cost to the government, share of the stake"


def test_zone_is_hatched_where_the_medians_leave_it_open(ensemble: Ensemble, axes: Axes):
    weekly = ensemble.weekly
    swapped = {"x_min": weekly["x_max"], "x_max": weekly["x_min"]}
    plot_zone(replace(ensemble, weekly=swapped), axes)
    hatched = [band for band in axes.collections if band.get_hatch()]
    assert [len(band.get_paths()) for band in hatched] == [1]
    assert any("(104 of 104 weeks)" in text.get_text() for text in axes.texts)


def test_share_of_open_zones_stands_below_the_weeks(ensemble: Ensemble, axes: Axes):
    plot_zone(ensemble, axes)
    first = ensemble.weekly["zone"].paths[:, 0]
    assert len(first) == REPLICATES, "the paths of all replicates are kept in so small a run"
    label = axes.get_xticklabels()[0].get_text().split("\n")[-1]
    assert label == f"{100 * (first > 0).mean():.0f}% of {REPLICATES:,}"


def test_a_new_figure_is_made_where_no_axes_are_given(ensemble: Ensemble):
    from matplotlib import pyplot as plt

    before = plt.get_fignums()
    first, second = ensemble.plot_outcomes(), plot_zone(ensemble)
    assert first.figure is not second.figure
    assert len(plt.get_fignums()) == len(before) + 2
    plt.close(first.figure)
    plt.close(second.figure)


# What cannot be drawn


def test_a_variable_that_was_not_recorded_is_refused_with_those_that_were(ensemble: Ensemble):
    with pytest.raises(sim.UsageError, match=r"'strength' was not recorded.*zone, x_min"):
        plot_fan(ensemble, "strength")
    with pytest.raises(sim.UsageError, match="it recorded nothing"):
        plot_zone(replace(ensemble, weekly={}))


def test_a_share_by_week_of_a_quantity_is_refused(ensemble: Ensemble):
    with pytest.raises(sim.UsageError, match="not a yes-or-no variable"):
        plot_share_by_week(ensemble, "zone")


def test_an_unknown_figure_is_refused_with_those_there_are(ensemble: Ensemble):
    for function in (alt_text, make_figure, draw):
        with pytest.raises(sim.UsageError, match=r"no figure 'pie'.*outcome_shares"):
            function(ensemble, "pie")


def test_a_quantity_at_the_end_of_its_range_is_no_yes_or_no(ensemble: Ensemble):
    counts = np.zeros_like(ensemble.weekly["zone"].counts)
    counts[:, -1] = REPLICATES
    column = Column(0.0, 1.0, "index", "mobilisation of the street")
    paths = np.ones((REPLICATES, ensemble.weeks))
    full = replace(ensemble, weekly={"mobilisation": Weekly(column, paths, counts)})
    assert figure_names(full)[-1] == "fan_mobilisation"
    assert "median is 1.00" in alt_text(full, "fan_mobilisation")


# What can be read


def words_of(figure: Figure) -> Iterator[tuple[str, Bbox]]:
    """Yield every text that is seen, with its box."""
    figure.draw_without_rendering()
    unseen = set()
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            for tick in axis.get_major_ticks():
                if not min(limits) <= tick.get_loc() <= max(limits):
                    unseen |= {tick.label1, tick.label2}
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text() and text not in unseen:
            box = Text.get_window_extent(text)
            if box.width:
                yield text.get_text(), box


CASES = {
    "as it is": lambda ensemble: ensemble,
    "every outcome": all_eight,
    "all alike at the horizon": lambda e: all_alike(e, FROZEN_STALEMATE, 104),
    "one replicate": lambda _: one_replicate(),
    "one week": lambda _: one_replicate(weeks=1),
    "nine weeks": lambda _: one_replicate(weeks=9),
}


@pytest.mark.parametrize("case", CASES)
def test_no_words_overlap_or_leave_the_figure(ensemble: Ensemble, case: str):
    subject = CASES[case](ensemble)
    names = [name for name in figure_names(subject) if name not in ("fan_x_min", "fan_x_max")]
    for name in names:
        figure = make_figure(subject, name)
        words = list(words_of(figure))
        assert len(words) > 5
        for (one, box), (other, its_box) in combinations(words, 2):
            assert not box.padded(-1).overlaps(its_box.padded(-1)), (name, one, other)
        for text, box in words:
            assert Bbox.intersection(box, figure.bbox).bounds == box.bounds, (name, text)


def test_no_word_is_smaller_than_eleven_points(ensemble: Ensemble):
    for name in figure_names(ensemble):
        sizes = {text.get_fontsize() for text in make_figure(ensemble, name).findobj(Text)}
        assert min(sizes) >= 11, name


def test_outcomes_differ_in_colour_and_lines_do_in_grey(ensemble: Ensemble):
    assert tuple(COLOURS) == tuple(LINES) == OUTCOMES
    assert len({to_hex(colour) for colour in COLOURS.values()}) == len(OUTCOMES)
    # The solid ones differ in course: one rises from the start, two at the horizon alone.
    assert len(set(LINES.values())) == len(OUTCOMES) - 2


@pytest.mark.parametrize(
    ("share", "replicates", "shown"),
    [
        (0.4372, 20, "44%"),
        (0.4372, 4_000, "43.7%"),
        (0.4372, 200_000, "43.72%"),
        (0.0, 4_000, "0.0%"),
        (0.0004, 4_000, "<0.1%"),
        (0.003, 999, "<1%"),
        (1.0, 1, "100%"),
    ],
)
def test_percentages_have_the_digits_that_the_run_supports(
    share: float, replicates: int, shown: str
):
    assert percent(share, replicates) == shown


PLACES = st.lists(st.floats(0, 1), min_size=1, max_size=9)


@given(PLACES, st.floats(0, 0.1))
def test_labels_are_spread_in_order_and_within_bounds(places: list[float], gap: float):
    moved = spread(places, gap)
    order = np.argsort(places, kind="stable")
    assert (np.diff(moved[order]) >= gap - 1e-9).all()
    assert moved.min() >= -1e-9
    assert moved.max() <= 1 + 1e-9


@given(PLACES)
def test_labels_apart_enough_stay_where_they_are(places: list[float]):
    nearest = np.diff(np.sort(places)).min(initial=1.0)
    np.testing.assert_allclose(spread(places, nearest), places, atol=1e-9)


def test_labels_give_way_evenly_on_both_sides():
    np.testing.assert_allclose(spread([0.5, 0.5, 0.9], 0.1), [0.45, 0.55, 0.9])
    np.testing.assert_allclose(spread([1.0, 1.0], 0.2), [0.8, 1.0])
    np.testing.assert_allclose(spread([0.5, 0.5, 0.5], 0.9), [0.0, 0.5, 1.0])


@given(st.integers(1, 1000), st.integers(1, 12))
def test_first_and_last_week_are_named_and_no_more_than_fit(weeks: int, most: int):
    named = named_weeks(weeks, most)
    assert named[0] == 1
    assert named[-1] == weeks
    assert named == sorted(set(named))
    assert len(named) <= most + 1


# Files


def test_files_carry_their_alt_text_and_are_the_same_bytes(ensemble: Ensemble, tmp_path: Path):
    ensemble = replace(ensemble, weekly={name: ensemble.weekly[name] for name in KEPT[1:]})
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    first = save_figures(ensemble, folders[0])
    with matplotlib.rc_context({"font.size": 30.0, "savefig.dpi": 40.0, "axes.grid": True}):
        second = save_figures(ensemble, str(folders[1]))
    assert [path.name for path in first] == [f"{name}.png" for name in figure_names(ensemble)]
    assert sorted(first) == sorted(folders[0].iterdir())
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes(), one.name
        with Image.open(one) as image:
            assert image.size == (1200, 750)
            assert image.info["Description"] == alt_text(ensemble, one.stem)
            assert "Software" not in image.info


def test_figures_are_those_of_what_was_recorded(ensemble: Ensemble):
    assert figure_names(ensemble) == [
        "outcome_shares",
        "cumulative_incidence",
        "zone",
        "reasons",
        "fan_zone",
        "fan_x_min",
        "fan_x_max",
        "fan_recognition.count",
        "share_talks.on",
    ]
    assert figure_names(replace(ensemble, weekly={})) == [
        "outcome_shares",
        "cumulative_incidence",
        "reasons",
    ]


def test_every_figure_says_what_was_run_and_that_it_is_no_forecast(ensemble: Ensemble):
    for name in figure_names(ensemble):
        texts = [text.get_text() for text in make_figure(ensemble, name).texts]
        assert texts[1:] == [f"{ensemble.title}: {REPLICATES:,} replicates, seed 1", NOTE]
        assert texts[0]
        words = alt_text(ensemble, name)
        assert words.startswith(f"{texts[0]}. {texts[1]}.")
        assert words.lower().endswith(f"{NOTE}.")
        assert "nan" not in re.findall(r"[a-z]+", words)


def test_alt_text_tells_every_share_and_its_interval(ensemble: Ensemble):
    words = alt_text(ensemble, "outcome_shares")
    for row in outcome_shares(ensemble):
        interval = f"{100 * row.low:.1f} to {100 * row.high:.1f}"
        told = f"{readable(row.name)} {percent(row.share, REPLICATES)} (95% interval {interval}"
        assert told in words


def test_a_long_title_is_cut_in_the_figure_and_whole_in_its_alt_text(ensemble: Ensemble):
    subject = all_eight(ensemble)
    shown = make_figure(subject, "zone").texts[1].get_text()
    assert "\u2026: 1,200 replicates, seed 1" in shown
    assert subject.title in alt_text(subject, "zone")


def test_no_setting_of_matplotlib_changes(ensemble: Ensemble, tmp_path: Path):
    from matplotlib import pyplot as plt

    plt.close(plt.figure())
    figures, before = plt.get_fignums(), dict(matplotlib.rcParams)
    save_figures(replace(ensemble, weekly={}), tmp_path)
    assert plt.get_fignums() == figures
    plt.close(plot_fan(ensemble, "zone").figure)
    assert dict(matplotlib.rcParams) == before


def test_matplotlib_is_imported_when_a_figure_is_asked_for():
    script = (
        "import sys, sim.plots\n"
        "assert 'save_figures' in dir(sim.plots)\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from sim.plots import save_figures\n"
        "assert 'matplotlib' in sys.modules\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
        "assert 'mesa' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)

"""Words of users in figures: drawn as written, by fonts that have their signs, or said once."""

import io
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text

import sim
from sim.analysis.cascade import Cascade, Tip, tippers, tips
from sim.cli.analyse import open_study
from sim.experiments.cascade import collect
from sim.plots import draw, figure_names, make_figure, save_figures
from sim.plots.cascade import plot_tippers, plot_tree
from sim.plots.comparison import make_comparison
from sim.plots.describe import subtitle
from sim.plots.frame import framed, png
from sim.plots.missing import MissingFont
from sim.plots.study import figures
from tests.command import Parley

#: What matplotlib would read as formulas, TeX or its own signs.
MARKUP = [
    "$$10m",
    "$x",
    "$x$",
    "a_b^c $",
    "\\$",
    "\\$ $a$",
    "{",
    "$\\frac{$",
    "C:\\new\\x",
    "_x",
    "50% #&~",
]
#: Words in scripts that the font of the package lacks.
WORDS = ["外交危机と交渉", "협상", "वार्ता", "สันติภาพ \U0001fae0"]


@pytest.fixture(scope="module")
def oslo() -> sim.Ensemble:
    return sim.run(sim.load("oslo_2019"), replicates=60, seed=1)


@pytest.fixture(scope="module")
def cascade() -> Cascade:
    return collect(sim.load("oslo_2019"), 10, 1)


def of_result(oslo: sim.Ensemble, _: Cascade, words: str) -> Iterator[Figure]:
    entitled = replace(oslo, scenario={**oslo.scenario, "title": words})
    for name in ("outcome_shares", "zone"):
        yield make_figure(entitled, name)


def of_comparison(oslo: sim.Ensemble, _: Cascade, words: str) -> Iterator[Figure]:
    entitled = replace(oslo, scenario={**oslo.scenario, "title": words})
    yield make_comparison(entitled, {words: oslo, f"{words} 2": oslo})


def of_cascade(_: sim.Ensemble, cascade: Cascade, words: str) -> Iterator[Figure]:
    told, found, rows = named(cascade, words)
    yield framed(words, words, lambda figure: plot_tippers(told, rows, figure.add_subplot()))
    first = found[0].replicate
    yield framed(words, words, lambda figure: plot_tree(told, found, first, figure.add_subplot()))


def named(cascade: Cascade, words: str) -> tuple[Cascade, list[Tip], list]:
    """Return a cascade whose states are all called so, with its changes and who made them."""
    told = replace(cascade, title=words, names=tuple(words for _ in cascade.names))
    found = tips(told)
    rows = [replace(row, name=words) for row in tippers(told, found)]
    return told, found, rows


KINDS: dict[str, Callable[[sim.Ensemble, Cascade, str], Iterator[Figure]]] = {
    "result": of_result,
    "comparison": of_comparison,
    "cascade": of_cascade,
}


def texts_of(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.findobj(Text)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", MARKUP)
def test_words_are_drawn_as_they_are_written(
    oslo: sim.Ensemble, cascade: Cascade, kind: str, words: str
) -> None:
    for figure in KINDS[kind](oslo, cascade, words):
        assert any(words in text for text in texts_of(figure))
        for text in figure.findobj(Text):
            assert not text.get_parse_math(), text
            assert not text.get_usetex(), text
        assert png(figure, {}).startswith(b"\x89PNG")


def test_every_figure_of_a_result_is_drawn(oslo: sim.Ensemble, tmp_path: Path) -> None:
    entitled = replace(oslo, scenario={**oslo.scenario, "title": MARKUP[0]})
    drawn = save_figures(entitled, tmp_path)
    assert [path.stem for path in drawn] == figure_names(entitled)


@pytest.mark.parametrize("words", ["$$10m", "$\\frac{$"])
def test_the_figures_of_drivers_are_too(oslo: sim.Ensemble, tmp_path: Path, words: str) -> None:
    oslo.save(tmp_path / "out", figures=False)
    study = replace(open_study(tmp_path / "out", "agreement"), title=words)
    assert set(figures(study, study.drivers())) == {"drivers", "curves", "heat_map"}


def test_every_alternative_stands_in_the_legend(oslo: sim.Ensemble) -> None:
    figure = make_comparison(oslo, {name: oslo for name in ("_x", "$y$", "z")})
    legend = figure.axes[0].get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["_x", "$y$", "z"]


def test_on_axes_of_the_caller_only_words_of_the_figure_are_no_formulas(cascade: Cascade) -> None:
    told, _, rows = named(cascade, "$$10m")
    with rc_context({"text.usetex": False}):
        figure = Figure()
        FigureCanvasAgg(figure)
        axes = figure.add_subplot()
        axes.set_title("$x^2$")
        plot_tippers(told, rows, axes)
    assert axes.title.get_parse_math()
    labels = [label for label in axes.get_yticklabels() if label.get_text()]
    assert labels
    assert not any(label.get_parse_math() for label in labels)
    figure.savefig(io.BytesIO())


def test_nor_on_a_new_figure_of_pyplot(oslo: sim.Ensemble) -> None:
    from matplotlib import pyplot

    axes = draw(oslo, "outcome_shares")
    assert not any(text.get_parse_math() for text in axes.findobj(Text))
    pyplot.close(axes.figure)


# Fonts


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have no fonts but those that come with matplotlib."""
    import matplotlib

    own = [font for font in fontManager.ttflist if matplotlib.get_data_path() in font.fname]
    monkeypatch.setattr(fontManager, "ttflist", own)


@pytest.fixture
def font(bare: None, tmp_path: Path) -> str:
    """Install a font with every sign of WORDS for the length of a test; return its name."""
    signs = sorted(set("".join(WORDS)))
    glyphs = {".notdef": None, **{f"u{ord(sign):04X}": sign for sign in signs}}
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(sign): name for name, sign in glyphs.items() if sign})
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0))
    for point in ((100, 800), (900, 400)):
        pen.lineTo(point)
    pen.closePath()
    builder.setupGlyf(dict.fromkeys(glyphs, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(glyphs, (1000, 100)))
    builder.setupHorizontalHeader(ascent=900, descent=-200)
    builder.setupNameTable({"familyName": "Signs of a Test", "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(tmp_path / "signs.ttf")
    fontManager.addfont(tmp_path / "signs.ttf")
    return "Signs of a Test"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", WORDS)
def test_words_are_drawn_by_an_installed_font_that_has_them(
    oslo: sim.Ensemble, cascade: Cascade, font: str, kind: str, words: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for figure in KINDS[kind](oslo, cascade, words):
            drawn = [text for text in figure.findobj(Text) if words in text.get_text()]
            assert drawn
            assert {tuple(text.get_fontfamily()) for text in drawn} == {("DejaVu Sans", font)}
            png(figure, {})


@pytest.mark.parametrize("words", WORDS)
def test_a_font_of_the_caller_that_has_them_is_kept(font: str, words: str) -> None:
    def write(figure: Figure) -> None:
        figure.text(0, 0, words, fontfamily=["No Such Family", font])

    figure = framed("title", "", write)
    (text,) = (text for text in figure.findobj(Text) if text.get_text() == words)
    assert text.get_fontfamily() == ["No Such Family", font]


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("words", WORDS)
def test_signs_that_no_font_has_are_named_by_one_warning(
    oslo: sim.Ensemble, cascade: Cascade, words: str
) -> None:
    for figures_of in KINDS.values():
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            for figure in figures_of(oslo, cascade, words):
                png(figure, {})
        assert {type(one.message) for one in said} == {MissingFont}
        named = {sign for one in said for sign in one.message.signs}
        assert named
        assert named <= set(words)


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("words", WORDS)
def test_a_command_says_it_in_one_line_unless_it_is_quiet(
    parley: Parley, tmp_path: Path, words: str
) -> None:
    text = f"parley: 1\ntitle: {words}\nextends: two_players\n"
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    wrote, told = parley("run", "s.yaml", "-n", 20, "-o", "out").err.splitlines()
    assert wrote.startswith("wrote out")
    assert told.startswith("no font installed here has ")
    assert words[0] in told
    assert parley("run", "s.yaml", "-n", 20, "-o", "quiet", "--quiet").err == ""


@pytest.mark.parametrize("title", ["a" * 200, "外" * 200, "外a" * 100])
def test_a_long_title_is_cut_to_the_width_of_its_signs(oslo: sim.Ensemble, title: str) -> None:
    entitled = replace(oslo, scenario={**oslo.scenario, "title": title})
    line = subtitle(entitled, 88)
    assert "\u2026" in line
    assert 86 <= len(line) + line.count("外") <= 88

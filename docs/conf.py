"""The documentation site: Sphinx with furo, from the same MyST Markdown that GitHub shows.

The pages' commands and programs are executed by the test suite, not by the build, which needs no
network and takes every warning for an error.
"""

from importlib.metadata import version as installed
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml

project = "Parley"
author = "Parley developers"
copyright = "2026, Parley developers"
release = installed("parley-sim")
version = release

extensions = ["myst_nb"]
source_suffix = {".md": "myst-nb"}
exclude_patterns = ["_build"]

myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["width.css"]
html_title = f"Parley {release}"
html_show_sphinx = False
html_copy_source = False
html_math_renderer = "mathml"


def write_inline(writer: Any, node: nodes.math) -> None:
    """Write a formula as MathML, which browsers draw without a script from a network."""
    writer.body.append(tex2mathml(node.astext()))
    raise nodes.SkipNode


def write_block(writer: Any, node: nodes.math_block) -> None:
    """Write a formula that stands alone."""
    writer.body.append(tex2mathml(node.astext(), as_block=True))
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Enter the renderer of formulas."""
    app.add_html_math_renderer("mathml", (write_inline, None), (write_block, None))

"""Pieces of HTML: escaped text, tables, figures as data, and the one style sheet."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Sequence
from html import escape

#: Readable on a phone, in print and in grey; contrast of every text is 7 to 1 or better.
STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 54rem; padding: 1rem 1.1rem 4rem;
  background: #fff; color: #1d1d1f;
  font: 17px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 1rem 0 .4rem; }
h2 { font-size: 1.3rem; line-height: 1.25; margin: 2.4rem 0 .5rem; padding-top: .8rem;
  border-top: 2px solid #d0d0d4; }
p, ul { margin: .5rem 0 .8rem; }
.question { font-size: 1.1rem; color: #333; }
.note { border-left: 4px solid #0072B2; background: #f2f7fb; padding: .6rem .9rem; }
.small { font-size: .88rem; color: #444; }
a { color: #004b76; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; }
figure { margin: 1.1rem 0; }
.scroll { overflow-x: auto; }
img { display: block; width: 100%; height: auto; border: 1px solid #e2e2e6; }
figcaption { font-size: .88rem; color: #444; margin-top: .3rem; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
caption { text-align: left; font-weight: 600; padding: .3rem 0; }
th, td { padding: .32rem .7rem .32rem 0; border-bottom: 1px solid #e2e2e6; vertical-align: top;
  text-align: left; }
thead th { border-bottom: 2px solid #8a8a8a; }
.words { min-width: 7rem; }
td.words:last-child { min-width: 12rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .88em;
  overflow-wrap: anywhere; }
pre { background: #f5f5f7; padding: .7rem .9rem; white-space: pre-wrap; }
@media (max-width: 40rem) {
  body { font-size: 16px; padding: .5rem .8rem 3rem; }
  .scroll img { width: 42rem; max-width: none; }
  table { font-size: .88rem; }
}
@media print {
  body { font-size: 10.5pt; max-width: none; padding: 0; }
  nav { display: none; }
  h2 { break-after: avoid; }
  figure, tr { break-inside: avoid; }
  a { color: inherit; text-decoration: none; }
}
"""


def text(value: object) -> str:
    """Return any value as escaped text."""
    return escape(str(value))


def paragraph(words: str, kind: str = "") -> str:
    """Return a paragraph of plain text; what stands between backticks is code."""
    inside = re.sub(r"`([^`]+)`", r"<code>\1</code>", text(words))
    return f"<p{_kind(kind)}>{inside}</p>"


def _kind(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def table(
    caption: str,
    titles: Sequence[str],
    rows: Iterable[Sequence[object]],
    words: Collection[int] = (0,),
) -> str:
    """Return a table that scrolls sideways on a narrow screen.

    words: the columns of words; the others are numbers.
    """
    head = "".join(
        f'<th scope="col"{_kind("words" if place in words else "number")}>{text(title)}</th>'
        for place, title in enumerate(titles)
    )
    body = "".join(f"<tr>{_cells(row, words)}</tr>\n" for row in rows)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{text(caption)}"><table>'
        f"<caption>{text(caption)}</caption><thead><tr>{head}</tr></thead>\n"
        f"<tbody>\n{body}</tbody></table></div>\n"
    )


def _cells(row: Sequence[object], words: Collection[int]) -> str:
    first, *rest = row
    cells = [f'<th scope="row">{text(first)}</th>']
    cells += [
        f"<td{_kind('words' if place in words else 'number')}>{text(value)}</td>"
        for place, value in enumerate(rest, start=1)
    ]
    return "".join(cells)


def figure(png: bytes, alt: str, caption: str) -> str:
    """Return a figure whose picture travels in the page."""
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<figure><div class="scroll" tabindex="0" role="region" aria-label="{text(caption)}">'
        f'<img src="data:image/png;base64,{data}" alt="{text(alt)}"></div>'
        f"<figcaption>{text(caption)}</figcaption></figure>\n"
    )


def section(name: str, title: str, body: str) -> str:
    """Return a section with an anchor."""
    return f'<section id="{name}"><h2>{text(title)}</h2>\n{body}</section>\n'


def page(title: str, head: str, sections: Sequence[tuple[str, str, str]]) -> str:
    """Return the whole document. sections: anchor, title, body of each."""
    links = "".join(f'<li><a href="#{name}">{text(what)}</a></li>' for name, what, _ in sections)
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{text(title)}</title>\n<style>{STYLE}</style></head>\n<body><main>\n{head}"
        f'<nav aria-label="Sections"><ul>{links}</ul></nav>\n'
        + "".join(section(*one) for one in sections)
        + "</main></body></html>\n"
    )

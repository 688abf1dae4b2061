"""Words in figures: drawn as they are written, with fonts that have their signs."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from contextlib import suppress
from functools import lru_cache
from unicodedata import category

from matplotlib.font_manager import FontEntry, fontManager
from matplotlib.ft2font import FT2Font
from matplotlib.text import Text

from sim.plots.missing import MissingFont

#: No character; a font with a glyph for it has one box for everything.
_NO_SIGN = 0xFFFFF
#: Kinds of characters that need no glyph: controls, formats, and marks that fonts may compose.
_UNSEEN = frozenset(("Cc", "Cf", "Mn", "Zs"))


def as_written(texts: Iterable[Text]) -> None:
    """Have texts drawn sign by sign, neither as formulas nor as TeX, with fonts that have them.

    Warns with MissingFont of signs that no font installed has.
    """
    missing: set[str] = set()
    for text in texts:
        text.set_parse_math(False)
        text.set_usetex(False)
        if not text.get_text().isascii():
            missing |= _find_fonts(text)
    if missing:
        warnings.warn(MissingFont(missing), stacklevel=2)


def _find_fonts(text: Text) -> frozenset[str]:
    """Add to a text's fonts those that have what these lack; returns what none of them has."""
    own = text.get_fontfamily()
    lacking = {sign for sign in text.get_text() if category(sign) not in _UNSEEN}
    for family in own:
        properties = text.get_fontproperties().copy()
        properties.set_family(family)
        with suppress(ValueError):  # A family that is not installed.
            lacking -= _held(fontManager.findfont(properties, fallback_to_default=False), lacking)
    if not lacking:
        return frozenset()
    families, missing = _families(frozenset(lacking), len(fontManager.ttflist))
    text.set_fontfamily([*own, *families])
    return missing


def _held(path: str, signs: Iterable[str]) -> set[str]:
    """Return those of the signs that a font file has an outline for."""
    try:
        font = FT2Font(path)
    except (OSError, RuntimeError):
        return set()
    if not font.scalable or font.get_char_index(_NO_SIGN):
        return set()
    return {sign for sign in signs if font.get_char_index(ord(sign))}


@lru_cache
def _families(signs: frozenset[str], known: int) -> tuple[tuple[str, ...], frozenset[str]]:
    """Return the fewest families that have the signs, plain ones first, and what none has.

    known: number of fonts known, so that a new one is looked at.
    """
    holds: dict[str, set[str]] = {}
    for entry in sorted(fontManager.ttflist, key=_rank):
        if entry.name not in holds and getattr(entry, "index", 0) == 0:
            holds[entry.name] = _held(entry.fname, signs)
    chosen: list[str] = []
    left = set(signs)
    while left and (best := max(holds, key=lambda name: len(holds[name] & left))):
        if not holds[best] & left:
            break
        chosen.append(best)
        left -= holds[best]
    return tuple(chosen), frozenset(left)


def _rank(font: FontEntry) -> tuple[bool, bool, bool, str]:
    is_plain = str(font.weight) in ("400", "normal", "regular")
    return font.style != "normal", not is_plain, "sans" not in font.name.casefold(), font.name

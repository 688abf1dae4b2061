"""How faults are worded: values as their author wrote them, intervals, nearest fixes."""

import math
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any

from sim.scenario.signs import alike, named, visible

#: Longer words are no misspelling of anything, and comparing them would take long.
_LONGEST_WORD = 80
_LONGEST_SHOWN = 60
#: Beyond any quantity: the end of a domain that has no end.
INFINITE = 1e9


def did_you_mean(word: str, allowed: Iterable[object]) -> str:
    """Return ``; did you mean 'x'?`` for the nearest allowed word, or an empty string."""
    near = nearest(word, allowed)
    sign = alike(word, near) if near else None
    return f"; did you mean '{near}'{f' without {named(sign)}' if sign else ''}?" if near else ""


def nearest(word: str, allowed: Iterable[object]) -> str | None:
    """Return the allowed word nearest in spelling, case ignored, or None if none is near.

    A word that begins exactly one of them is near to it, however much is left out.
    """
    if not 0 < len(word) <= _LONGEST_WORD:
        return None
    names = {str(name).casefold(): str(name) for name in allowed}
    word = word.casefold()
    close = get_close_matches(word, names, 1) or [name for name in names if name.startswith(word)]
    return names[close[0]] if len(close) == 1 else None


def known(word: str, allowed: Iterable[object], what: str = "known are") -> str:
    """Return the nearest allowed word as a question, or all of them if none is near."""
    names = [str(name) for name in allowed]
    return did_you_mean(word, names) or f"; {what} {', '.join(names)}"


def shown(value: Any) -> str:
    """Return a value as its author would write it, shortened."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return visible(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}...")
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    return f"a {type(value).__name__}"


def number(value: float) -> str:
    """Return a number without superfluous digits, infinity and NaN as YAML writes them."""
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return f"{value:.10g}"


def interval(low: float, high: float) -> str:
    """Return an interval in words."""
    if high >= INFINITE:
        return "any number" if low <= -INFINITE else f"{number(low)} or more"
    return f"{number(low)} to {number(high)}"


def law(fields: Mapping[str, Any]) -> str:
    """Return a distribution as a reader would say it: ``0.2 to 0.6`` where all are alike likely."""
    given = dict(fields)
    name = given.pop("dist", None)
    if name is None:
        owner, _, other = str(given["same_as"]).rpartition(".")
        return f"as {other} of {owner.removeprefix('actors.')}"
    if name == "uniform":
        return f"{given['low']:g} to {given['high']:g}"
    return f"{name} " + ", ".join(f"{key} {value}" for key, value in given.items())

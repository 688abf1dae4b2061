"""What a mechanism declares about itself: range, direction, source. One contract test proves it.

A declaration costs nothing at run time: the function is entered into the catalogue as it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

Interval = tuple[float, float]
F = TypeVar("F", bound=Callable[..., Any])

UNIT: Final[Interval] = (0.0, 1.0)
SIGNED: Final[Interval] = (-1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Facts:
    """Declared of one mechanism.

    inputs: argument -> interval in which the facts hold; ``bool`` for a mask. output: interval of
    the result; ``bool`` for a mask. rises, falls: arguments in which it never falls, never rises.
    source: the literature.
    """

    function: Callable[..., Any]
    inputs: Mapping[str, Interval | type[bool]]
    output: Interval | type[bool]
    rises: tuple[str, ...]
    falls: tuple[str, ...]
    source: str


CATALOGUE: Final[dict[str, Facts]] = {}


def declares(
    source: str,
    output: Interval | type[bool],
    rises: str = "",
    falls: str = "",
    **inputs: Interval | type[bool],
) -> Callable[[F], F]:
    """Enter a mechanism with its facts; ``rises`` and ``falls`` are names separated by blanks."""

    def enter(function: F) -> F:
        name = f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"
        CATALOGUE[name] = Facts(
            function, inputs, output, tuple(rises.split()), tuple(falls.split()), source
        )
        return function

    return enter

"""What is said where no font installed has the signs of a text; matplotlib is not needed for it."""

from collections.abc import Iterable

_MOST = 12


class MissingFont(UserWarning):
    """Signs of a figure that no font has; they are drawn as boxes."""

    def __init__(self, signs: Iterable[str]) -> None:
        self.signs = frozenset(signs)
        super().__init__(missing_font(self.signs))


def missing_font(signs: Iterable[str]) -> str:
    """Return in one line which signs cannot be drawn, and what to do."""
    ordered = sorted(signs)
    more = f" and {len(ordered) - _MOST} more" if len(ordered) > _MOST else ""
    return (
        f"no font installed here has {' '.join(ordered[:_MOST])}{more}, drawn as boxes in the "
        "figures; install one that has, such as a Noto font of that script"
    )

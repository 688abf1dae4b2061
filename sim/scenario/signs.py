"""Which characters a text may hold: those that steer a terminal or a page are none to read."""

from unicodedata import category, name

#: Controls, and ends of lines and paragraphs that no editor shows as such.
_STEERING = frozenset(("Cc", "Zl", "Zp"))
#: Turn the direction of all that follows; marks of direction within a word are left alone.
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_ALLOWED = frozenset("\n\t")


def refusal(text: str) -> str | None:
    """Return what is wrong with a text that steers what shows it, None if it does not."""
    for sign in text:
        if sign in _TURNING or (category(sign) in _STEERING and sign not in _ALLOWED):
            called = name(sign, "control character").lower()
            return f"holds U+{ord(sign):04X} ({called}), which no text may; leave it out"
    return None

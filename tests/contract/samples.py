"""Does a command print what a document shows? Words must be the same, numbers nearly.

In a sample a line ``...`` stands for any lines, and ``...`` within a line for any text. Blank lines
and the width of gaps do not count. A number may be off by 2% or by one and a half of its last
digit, because other processors round a replicate in ten thousand another way.
"""

import re

NUMBER = r"[+-]?\d[\d,]*(?:\.\d+)?"


def first_difference(sample: str, printed: str) -> str:
    """Return the first line of a sample that was not printed in its place, or nothing."""
    wanted, found = _lines(sample), _lines(printed)
    place, anywhere = 0, False
    for line in wanted:
        if line == "...":
            anywhere = True
            continue
        while place < len(found) and anywhere and not same(line, found[place]):
            place += 1
        if place == len(found) or not same(line, found[place]):
            return line
        place, anywhere = place + 1, False
    return "" if anywhere or place == len(found) else f"(the end; printed: {found[place]})"


def same(wanted: str, found: str) -> bool:
    """Return whether a line is the one of a sample."""
    pieces = re.split(rf"({NUMBER}|\.\.\.)", wanted)
    pattern = "".join(
        ".*" if piece == "..." else f"({NUMBER})" if index % 2 else re.escape(piece)
        for index, piece in enumerate(pieces)
    )
    match = re.fullmatch(pattern, found)
    numbers = [piece for piece in pieces[1::2] if piece != "..."]
    return match is not None and all(
        _near(one, other) for one, other in zip(numbers, match.groups(), strict=True)
    )


def _near(wanted: str, found: str) -> bool:
    digit = 10.0 ** -len(wanted.partition(".")[2])
    one, other = (float(text.replace(",", "")) for text in (wanted, found))
    return abs(one - other) <= 0.02 * abs(one) + 1.5 * digit


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]

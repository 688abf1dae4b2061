"""Characters that cannot be seen, or look like those that a scenario needs: found and named."""

import re
import unicodedata

from sim.errors import printable

#: What is no text, and what ends a line or stands in it without being seen: no file needs it.
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
#: Controls, and ends of lines and paragraphs that no editor shows as such.
_STEERING = frozenset(("Cc", "Zl", "Zp"))
#: Turn the direction of all that follows; marks of direction within a word are left alone.
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
_NUMBER = re.compile(r"[-+]?[0-9]*[.,]?[0-9]+%?")
_LIKE = {
    **dict.fromkeys("“”„‟", '"'),
    **dict.fromkeys("‘’‚‛", "'"),
    **dict.fromkeys("‐‑‒–—−", "-"),
    "\t": " ",
}
_NAMES = {"\t": "tab", "\x85": "next line", "\ufeff": "byte order mark"}


def forbidden(text: str) -> int | None:
    """Return where the first character stands that no scenario may hold, None without any."""
    found = _FORBIDDEN.search(text)
    return found.start() if found else None


def refusal(value: str) -> str | None:
    """Return what is wrong with a text that steers what shows it, None if it does not.

    Asked of values, which may come of escapes; ``forbidden`` is asked of the text of a file.
    """
    for sign in value:
        if sign in _TURNING or (unicodedata.category(sign) in _STEERING and sign not in "\n\t"):
            return f"holds {named(sign)}, which no text may; leave it out"
    return None


def plain(sign: str) -> str | None:
    """Return what is meant by a character that YAML takes for text, None if it is that itself."""
    if sign in _LIKE:
        return _LIKE[sign]
    if not sign.isprintable():
        return " " if unicodedata.category(sign) == "Zs" else ""
    narrow = unicodedata.normalize("NFKC", sign)
    is_other = narrow != sign and len(narrow) == 1 and narrow.isascii()
    return narrow if is_other and not narrow.isalnum() else None


def named(sign: str) -> str:
    """Return a character in words with its code point: ``a no-break space (U+00A0)``."""
    code, category = f"U+{ord(sign):04X}", unicodedata.category(sign)
    if category == "Cs":
        return f"half of a character ({code})"
    other = "control character" if category == "Cc" else "character without a name"
    name = _NAMES.get(sign) or unicodedata.name(sign, other).lower()
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name} ({code})"


def stands_here(sign: str) -> str:
    """Say that a character stands where a message points, and what to do about it."""
    meant = plain(sign)
    if sign == "\t":
        advice = "indent with spaces, not tabs"
    elif meant:
        advice = "type a plain space" if meant == " " else f"type a plain {meant}"
    else:
        advice = "take it out"
    return f"{named(sign)} stands here; {advice}"


def unseen(text: str) -> int | None:
    """Return where the first space but the plain one, or sign without a shape, stands, or None."""
    odd = (i for i, sign in enumerate(text) if unicodedata.category(sign) in ("Cf", "Zs"))
    return next((index for index in odd if text[index] != " "), None)


def alike(word: str, other: str) -> str | None:
    """Return the first character of a word that looks like one of another word and is none of it.

    So do letters of other alphabets, and dashes; a letter with an accent is seen to be another.
    """
    strange = (sign for sign in word if sign not in other)
    return next((s for s in strange if not unicodedata.normalize("NFKD", s)[0].isascii()), None)


def visible(text: str) -> str:
    """Return a text in quotes; what cannot be seen in it is escaped, and the first of it named."""
    at = unseen(text)
    if at is None and _NUMBER.fullmatch("".join(plain(sign) or sign for sign in text)):
        at = next((index for index, sign in enumerate(text) if plain(sign)), None)
    quoted = f"'{printable(text)}'"
    return quoted if at is None else f"{quoted} with {named(text[at])}"

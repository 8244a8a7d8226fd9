"""Which names a student can have. A student's name is that of a folder, and so hostile."""

import unicodedata

__all__ = ["look_of", "name_problem"]

_LONGEST = 100
_RESERVED = '<>:"/\\|?*'  # no file's name has these on every system, and they are what injections are made of
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def name_problem(name: str) -> str | None:
    """Why a name can't be a student's, as the end of a sentence; None where it can.

    A name goes into reports, spreadsheets and paths: it must be what it looks like, everywhere.
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        return "has a name that is not UTF-8"
    if not name.strip() or name != name.strip():
        return "has a name that is empty, or starts or ends with a space"
    if len(name) > _LONGEST:
        return f"has a name of {len(name)} characters; {_LONGEST} are the most"
    if name.startswith(".") or name.endswith("."):
        return "has a name that starts or ends with a dot"
    if not _TURNING.isdisjoint(name):
        return "has a name with characters that turn the direction of writing"
    if unseen := next((c for c in name if not c.isprintable()), None):
        return f"has a name with a character that can't be seen ({unseen.encode('unicode_escape').decode()})"
    if reserved := next((c for c in name if c in _RESERVED), None):
        return f"has a name with {reserved}, which not every system allows"
    return None


def look_of(name: str) -> str:
    """The same text for names that people, or a file system, would take for the same."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())

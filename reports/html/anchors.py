"""Ids of places in the site: safe to link to, unique, the same in every run and in any order."""

import re
from hashlib import sha256

from sop_engine.text import slug

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Anchors:
    """Hands out each id once; a second claim on a name gets a suffix that depends on what it is for."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._anchors: dict[tuple[str, str], str] = {}

    def take(self, name: str, *, of: str = "") -> str:
        """*name* as an id, or a unique variant of it; *of* says what it is for, and makes the variant stable."""
        wanted = _UNSAFE.sub("-", name).strip("-") or "place"
        anchor, attempt = wanted, 0
        while anchor in self._taken:
            digest = sha256(f"{name}\0{of}\0{attempt}".encode()).hexdigest()[:6]
            anchor, attempt = f"{wanted}-{digest}", attempt + 1
        self._taken.add(anchor)
        self._anchors.setdefault((of, name), anchor)
        return anchor

    def anchor_of(self, name: str, *, of: str = "") -> str | None:
        """The id that was handed out for *name* of *of*, if there was one."""
        return self._anchors.get((of, name))


def outline_name(path: str, rule: str | None, name: str) -> str:
    """The id of an outline, whose rows have ids of their own: from where it stands and what it is called."""
    stem = path.rpartition("/")[2].removesuffix(".feature")
    digest = sha256(f"{path}\0{rule or ''}\0{name}".encode()).hexdigest()[:6]
    return f"{stem}-{slug(name)}-{digest}"

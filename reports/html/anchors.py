"""Ids of places in the site: safe to link to, unique, the same in every run and in any order."""

import re
from hashlib import sha256

from sop_engine.text import slug

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Anchors:
    """Ids, each given only once; the second use of a name gets a suffix that depends on its purpose."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._anchors: dict[tuple[str, str], str] = {}

    def take(self, name: str, *, of: str = "") -> str:
        """Return *name* as an id, or a unique variant of it; *of* is its purpose, which makes the variant stable."""
        wanted = _UNSAFE.sub("-", name).strip("-") or "place"
        anchor, attempt = wanted, 0
        while anchor in self._taken:
            digest = sha256(f"{name}\0{of}\0{attempt}".encode()).hexdigest()[:6]
            anchor, attempt = f"{wanted}-{digest}", attempt + 1
        self._taken.add(anchor)
        self._anchors.setdefault((of, name), anchor)
        return anchor

    def anchor_of(self, name: str, *, of: str = "") -> str | None:
        """Return the id given to *name* for *of*, if there is one."""
        return self._anchors.get((of, name))


def outline_name(path: str, rule: str | None, name: str) -> str:
    """Return the id of an outline, made of its place and its name; its rows have ids of their own."""
    stem = path.rpartition("/")[2].removesuffix(".feature")
    digest = sha256(f"{path}\0{rule or ''}\0{name}".encode()).hexdigest()[:6]
    return f"{stem}-{slug(name)}-{digest}"

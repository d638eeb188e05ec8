"""Drafts: texts that a page has not saved, kept in a folder of their own, so that neither browser nor server lose them."""

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sop_cli.web.project import MOST_BYTES
from sop_engine.errors import SopError
from sop_engine.files import write_atomically

MOST_DRAFTS = 500
MOST_OFFERED = 10
"""Drafts of one file that are offered; the others are offered when some of these are saved or discarded."""


class DraftError(SopError):
    """A draft that is not kept."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts in *folder*: a file for each name of a file of the project and each tab, so that no tab overwrites the draft of another."""

    folder: Path

    def put(self, name: str, base: str | None, text: str, tab: str = "") -> None:
        """Keep *text* as the draft of the file *name* in *tab*; *base* is the digest of the content that it was made from.

        Raises:
            DraftError: it is too large, or there are too many.
            OSError: it cannot be written.
        """
        data = json.dumps({"name": name, "base": base, "text": text, "tab": tab}).encode()
        if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise DraftError("the draft is too large to keep; save it, or copy it into another program")
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(name, tab)
        if not file.exists() and sum(1 for _ in self.folder.glob("*.json")) >= MOST_DRAFTS:
            raise DraftError(f"there are {MOST_DRAFTS} drafts in {self.folder.as_posix()}; save or discard some")
        write_atomically(file, data)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return the newest draft of the file *name*, with ``base``, ``text`` and ``tab``; None if there is none that can be read."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> list[dict[str, Any]]:
        """Return the newest drafts of the file *name*, the last one first, at most `MOST_OFFERED`: those of tabs that have gone are among them."""
        drafts = sorted(self._drafts(f"{_name_digest(name)}*.json"), key=lambda draft: -draft[0])
        return [{key: draft.get(key) for key in ("base", "text", "tab")} for _, draft in drafts[:MOST_OFFERED]]

    def names(self) -> dict[str, bool]:
        """Return the names of the files that have a draft, sorted, each with whether one of them was begun when there was no such file."""
        bases: dict[str, list[object]] = {}
        for _, draft in self._drafts("*.json"):
            bases.setdefault(draft["name"], []).append(draft.get("base"))
        return {name: None in bases[name] for name in sorted(bases)}

    def discard(self, name: str, tab: str = "") -> None:
        """Remove the draft of the file *name* in *tab*."""
        with suppress(FileNotFoundError):
            self._file(name, tab).unlink()

    def _drafts(self, pattern: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the time and the content of each draft that can be read and has the right name."""
        for file in self.folder.glob(pattern):
            with suppress(OSError, ValueError, RecursionError):
                draft = json.loads(file.read_bytes())
                is_draft = isinstance(draft, dict) and all(isinstance(draft.get(key), str) for key in ("name", "text", "tab"))
                if is_draft and self._file(draft["name"], draft["tab"]) == file:
                    yield file.stat().st_mtime_ns, draft

    def _file(self, name: str, tab: str) -> Path:
        return self.folder / f"{_name_digest(name)}-{_name_digest(tab)}.json"


def _name_digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]

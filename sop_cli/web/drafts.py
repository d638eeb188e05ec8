"""Drafts: texts that a page has not saved, kept in a folder of their own, so that neither browser nor server lose them."""

import json
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from sop_cli.web.project import MOST_BYTES
from sop_engine.errors import SopError
from sop_engine.files import write_atomically

MOST_DRAFTS = 500


class DraftError(SopError):
    """A draft that is not kept."""


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts in *folder*, one file for each name of a file of the project."""

    folder: Path

    def put(self, name: str, base: str | None, text: str) -> None:
        """Keep *text* as the draft of the file *name*; *base* is the digest of the content that it was made from.

        Raises:
            DraftError: it is too large, or there are too many.
            OSError: it cannot be written.
        """
        data = json.dumps({"name": name, "base": base, "text": text}).encode()
        if len(data) > 2 * MOST_BYTES:
            raise DraftError("the draft is too large to keep; save it, or copy it into another program")
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(name)
        if not file.exists() and sum(1 for _ in self.folder.glob("*.json")) >= MOST_DRAFTS:
            raise DraftError(f"there are {MOST_DRAFTS} drafts in {self.folder.as_posix()}; save or discard some")
        write_atomically(file, data)

    def get(self, name: str) -> dict[str, Any] | None:
        """Return the draft of the file *name*, with ``base`` and ``text``; None if there is none that can be read."""
        with suppress(OSError, ValueError):
            draft = json.loads(self._file(name).read_bytes())
            if isinstance(draft, dict) and draft.get("name") == name and isinstance(draft.get("text"), str):
                return {"base": draft.get("base"), "text": draft["text"]}
        return None

    def names(self) -> list[str]:
        """Return the names of the files that have a draft, sorted."""
        names = []
        for file in self.folder.glob("*.json"):
            with suppress(OSError, ValueError, AttributeError):
                name = json.loads(file.read_bytes()).get("name")
                names += [name] if isinstance(name, str) and self._file(name) == file else []
        return sorted(names)

    def discard(self, name: str) -> None:
        """Remove the draft of the file *name*."""
        with suppress(FileNotFoundError):
            self._file(name).unlink()

    def _file(self, name: str) -> Path:
        return self.folder / f"{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()}.json"

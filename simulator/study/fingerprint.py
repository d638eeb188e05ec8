"""Fingerprint of the program: a hash of the files on which results depend, so that results of different programs are not mixed."""

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

PACKAGES = ("orders", "simulator", "sop_engine")
ENDINGS = (".py", ".toml")


@cache
def fingerprint() -> str:
    """Compute the hash of the files that decide the results of a replication: of `orders`, `simulator` and `sop_engine`."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        for path, entry in sorted(_below(files(package), package).items()):
            digest.update(f"{path}\n".encode())
            digest.update(entry.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def _below(folder: Traversable, path: str) -> dict[str, Traversable]:
    """Return the files below *folder* by path, without the shipped experiments, whose settings are hashed elsewhere."""
    entries: dict[str, Traversable] = {}
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir() and entry.name not in ("shipped_experiments", "__pycache__"):
            entries |= _below(entry, name)
        elif entry.name.endswith(ENDINGS):
            entries[name] = entry
    return entries

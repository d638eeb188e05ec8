"""What a target of the fuzzer is made of: its inputs, its checks, and the files that it reads."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
Input = bytes | dict[str, bytes]
"""The content of one file, or of several by name."""


class BrokenPropertyError(AssertionError):
    """A result that contradicts a property of the reader."""


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001 - reads like `assert`
    """Raise a `BrokenPropertyError` with *otherwise* as its text unless the property *holds*."""
    if not holds:
        raise BrokenPropertyError(otherwise)


@dataclass(frozen=True, slots=True)
class Target:
    """A reader to test: its *share* of all inputs, the function that *made* an input, and the one that *takes* it in a folder of its own."""

    share: int
    made: Callable[[random.Random], Input]
    takes: Callable[[Input, Path], object]


def put(files: Mapping[str, bytes], folder: Path) -> None:
    """Write *files* by name below *folder*."""
    for name, raw in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(raw)

"""Provenance of a log."""

from dataclasses import dataclass
from types import NoneType

from sop_engine.text import quoted

_KINDS: dict[str, type | tuple[type, ...]] = {"name": str, "sha256": str, "seed": (int, NoneType), "replication": (int, NoneType)}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Name of a log, and what it was made from.

    Attributes:
        name: of the experiment, or of the files that were read.
        sha256: of the experiment's settings, or of the files.
        seed, replication: of a simulation; without a seed the log is one of real orders.
    """

    name: str
    sha256: str = ""
    seed: int | None = None
    replication: int | None = None

    @classmethod
    def of(cls, values: object) -> "Provenance":
        """Build it from the *values* of a file.

        Raises:
            ValueError: they are not an object, or a value is missing, unknown or of another type; the message has its name.
        """
        if not isinstance(values, dict):
            raise ValueError("it is not an object")  # noqa: TRY004 - a mistake in a file
        for name, kinds in _KINDS.items():
            if name in values and (isinstance(values[name], bool) or not isinstance(values[name], kinds)):
                raise ValueError(f"`{name}` must be {'text' if kinds is str else 'a whole number'}")
        unknown = sorted(values.keys() - _KINDS.keys())
        if unknown or "name" not in values:
            raise ValueError(f"{quoted(unknown[0])} is unknown" if unknown else "`name` is missing")
        return cls(**values)

    @property
    def simulated(self) -> bool:
        """Whether the log is simulated and has the column `time_ms`."""
        return self.seed is not None

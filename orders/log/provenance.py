"""Provenance of a log."""

from dataclasses import dataclass


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

    @property
    def simulated(self) -> bool:
        """Whether the log is simulated and has the column `time_ms`."""
        return self.seed is not None

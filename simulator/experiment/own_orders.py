"""Own orders: real orders of a file, whose arrivals replace those of the settings."""

from dataclasses import dataclass

ORIGIN = "the orders in "
"""Beginning of the source of a setting that own orders replace."""


@dataclass(frozen=True, slots=True)
class OwnOrders:
    """Orders of a file on the clock of the simulation.

    Attributes:
        origin: name of the file and the beginning of its hash.
        created: times, ascending, on ticks.
        units: units of each order; `None` if they are drawn.
    """

    origin: str
    sha256: str
    created: tuple[int, ...]
    units: tuple[int, ...] | None

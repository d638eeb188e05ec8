"""Stations: the one table of the places where people work on orders, one order after the other.

Queues, columns of the log, events, checks, measures and the table in `docs/experiments.md` follow from it. A new station is an
entry here and a method of `simulator.model.warehouse.Warehouse`. The settings are those of the simulator, named by their keys.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sop_engine import Stage


@dataclass(frozen=True, slots=True)
class StationFailure:
    """What can go wrong at a station: in words, the event that ends the work then (none if empty), and whether the order still goes on."""

    says: str
    event: str = ""
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Pace:
    """Pace of a new station, as defaults of its settings: people, median seconds of work on an order, spread (sigma), and their source."""

    people: int
    seconds: float
    sigma: float
    source: str = "assumed"


@dataclass(frozen=True, slots=True)
class Station:
    """A station of the warehouse.

    Attributes:
        name: the people who work there, in the plural; *person* is one of them, the actor in the log.
        activity: the work, a verb; the method `finish_` with this name ends it.
        after: the event after which an order waits here.
        started, done: the events at the beginning and at the end of the work.
        stage: the stage of the order after *done*, if it changes.
        people, seconds, sigma: the keys of the settings: number of people, median time of work, and its spread.
        temporary: the key of the number of temporary people, empty if there are none.
        stream: name of the random stream of the times of work.
        by_unit: whether the time is for each unit of the order.
        pace: defaults of these settings, for a station whose settings are declared nowhere else.
        possible_failures: what can go wrong.
    """

    name: str
    person: str
    activity: str
    after: str
    started: str
    done: str
    people: str
    seconds: str
    sigma: str
    stream: str
    temporary: str = ""
    stage: Stage | None = None
    by_unit: bool = False
    pace: Pace | None = None
    possible_failures: tuple[StationFailure, ...] = ()

    @property
    def presence(self) -> str:
        """The event of people coming or going."""
        return f"{self.name} at work"

    @property
    def person_with_article(self) -> str:
        """One of the people, with the article."""
        return f"{'an' if self.person[0] in 'aeiou' else 'a'} {self.person}"

    @property
    def events(self) -> tuple[str, ...]:
        """The events of work, in their sequence."""
        return (self.started, *self.failures, self.done)

    @property
    def failures(self) -> tuple[str, ...]:
        """The events that end the work when something goes wrong."""
        return tuple(possible_failure.event for possible_failure in self.possible_failures if possible_failure.event)

    @property
    def ends(self) -> tuple[str, ...]:
        """The events that end the work."""
        return (self.done, *self.failures)

    @property
    def onward_events(self) -> tuple[str, ...]:
        """The events after which the order goes on to the next station."""
        return (
            self.done,
            *(possible_failure.event for possible_failure in self.possible_failures if possible_failure.event and possible_failure.goes_on),
        )


STATIONS = (
    Station(
        name="pickers",
        person="picker",
        activity="pick",
        after="released",
        started="pick started",
        done="picked",
        people="wms.pickers",
        temporary="wms.temporary_pickers",
        seconds="wms.pick_seconds_per_unit_median",
        sigma="wms.pick_sigma",
        stream="picking",
        by_unit=True,
    ),
    Station(
        name="packers",
        person="packer",
        activity="pack",
        after="picked",
        started="pack started",
        done="packed",
        people="wms.packers",
        temporary="wms.temporary_packers",
        seconds="wms.pack_seconds_median",
        sigma="wms.pack_sigma",
        stream="packing",
        stage=Stage.PACKED,
        possible_failures=(
            StationFailure("a unit is missing or damaged (GAP-40)"),
            StationFailure("Ajio has cancelled part of the order by hand, so all of it must be cancelled", "packing error"),
        ),
    ),
)
"""The stations of the warehouse, in the sequence in which an order passes them. After the last one, the order joins a manifest."""


def events_before(station: Station) -> tuple[str, ...]:
    """Return the events after which an order waits at *station*: that of the table, and failures at the station before that let it go on."""
    return next((other.onward_events for other in STATIONS if other.done == station.after), (station.after,))


def stages_after() -> Iterator[tuple[str, str, Stage]]:
    """Yield each event of work, with the person who does it and the stage of the order after it."""
    stage = Stage.PROCESSING
    for station in STATIONS:
        yield from ((event, station.person, stage) for event in (station.started, *station.failures))
        stage = station.stage or stage
        yield station.done, station.person, stage


def members_of_stations() -> Iterator[tuple[str, str]]:
    """Yield name and word of each event of work, as they are members of `Event`."""
    for station in STATIONS:
        yield from ((word.replace(" ", "_").upper(), word) for word in station.events)


def members_of_presence() -> Iterator[tuple[str, str]]:
    """Yield name and word of the events of people coming or going."""
    yield from ((station.name.upper(), station.presence) for station in STATIONS)


def persons_of_stations() -> Iterator[tuple[str, str]]:
    """Yield name and word of the people of stations, as they are members of `Actor`."""
    yield from ((station.person.upper(), station.person) for station in STATIONS)

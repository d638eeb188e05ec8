"""The people and the manifests of the naive simulation, each as one plain process."""

from bisect import insort
from collections.abc import Generator
from typing import Any, NamedTuple

import simpy

from orders.log.calendar import DAY, MINUTE, NEVER, Daily
from simulator.experiment.roster import Roster
from simulator.experiment.settings import Wms

AT_THE_END_OF_THE_INSTANT = 2
TICK = 8
Process = Generator[simpy.Event, Any, None]


class People:
    """A free person takes the first waiting order, after all other events of the instant."""

    def __init__(self, env: simpy.Environment, roster: Roster) -> None:
        self.env, self.roster, self.busy = env, roster, 0
        self.queue: list[tuple[int, int, simpy.Event]] = []
        self.alarms: set[int] = set()

    def ask(self, key: int, order: int) -> simpy.Event:
        turn = self.env.event()
        insort(self.queue, (key, order, turn))  # a key and an order are never twice in a queue
        self.look()
        return turn

    def leave(self, turn: simpy.Event) -> None:
        self.queue = [place for place in self.queue if place[2] is not turn]

    def give_back(self) -> None:
        self.busy -= 1
        self.look()

    def look(self, delay: int = 0) -> None:
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        event.callbacks.append(self.hand_out)
        self.env.schedule(event, AT_THE_END_OF_THE_INSTANT, delay)

    def hand_out(self, _: simpy.Event) -> None:
        people, until = self.roster.staffing(self.env.now)
        while self.busy < people and self.queue:
            self.busy += 1
            self.queue.pop(0)[2].succeed()
        if self.queue and until < NEVER and until not in self.alarms:
            self.alarms.add(until)
            self.look(until - self.env.now)


class Shipment(NamedTuple):
    at: int
    order: int
    closed: simpy.Event
    taken: simpy.Event


class Manifests:
    """Orders join a manifest at the end of the instant in which they are packed; it closes when it is full, or at its hour.

    Each hour of closing has a van, which takes the shipments of closed manifests that have waited longest, as many as it holds.
    """

    def __init__(self, env: simpy.Environment, wms: Wms) -> None:
        self.env, self.wms = env, wms
        self.hours, self.cut_off = Daily.at(wms.manifest_closes_at_hours), int(wms.courier_cut_off_minutes * MINUTE) // TICK * TICK
        self.packed_now: list[Shipment] = []
        self.open: dict[int, list[Shipment]] = {}
        self.closed: list[tuple[int, Shipment]] = []
        self.vans: set[int] = set()

    def join(self, order: int) -> Shipment:
        shipment = Shipment(self.env.now, order, self.env.event(), self.env.event())
        self.packed_now.append(shipment)
        event = simpy.Event(self.env)
        event._ok, event._value = True, None
        event.callbacks.append(self.put)
        self.env.schedule(event, AT_THE_END_OF_THE_INSTANT)
        return shipment

    def put(self, _: simpy.Event) -> None:
        hour = self.hours.after(self.env.now + self.cut_off)
        for shipment in sorted(self.packed_now, key=lambda shipment: shipment.order):
            self.open.setdefault(hour, []).append(shipment)
            self.expect(hour)
            if len(self.open[hour]) == self.wms.shipments_per_manifest:
                self.close(hour)
        self.packed_now = []

    def expect(self, hour: int) -> None:
        if hour not in self.vans:
            self.vans.add(hour)
            self.env.process(self.close_at(hour))
            self.env.process(self.van(hour))

    def close_at(self, hour: int) -> Process:
        yield self.env.timeout(max(hour - self.env.now, 0))
        self.close(hour)

    def close(self, hour: int) -> None:
        for shipment in self.open.pop(hour, []):
            shipment.closed.succeed()
            self.closed.append((hour, shipment))

    def van(self, hour: int) -> Process:
        """Take what is on the manifests of this hour and those before."""
        yield self.env.timeout(hour + int(self.wms.courier_minutes_after * MINUTE) // TICK * TICK - self.env.now)
        room = int(self.wms.shipments_per_van * self.wms.vans_by_weekday[hour // DAY % 7])
        waiting = sorted((shipment for hours, shipment in self.closed if hours <= hour), key=lambda shipment: (shipment.at, shipment.order))
        for shipment in waiting[:room]:
            shipment.taken.succeed()
        gone = {shipment.order for shipment in waiting[:room]}
        self.closed = [entry for entry in self.closed if entry[1].order not in gone]
        if len(waiting) > room:
            self.expect(self.hours.after(hour))

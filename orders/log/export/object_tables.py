"""Objects and events as columns: converted from a log, and written by the writers of OCEL 2.0."""

from dataclasses import dataclass, field

import numpy as np

from orders.log.arrays import IntArray, Texts
from orders.log.event_log import Log
from orders.log.export.object_types import ObjectType


@dataclass(frozen=True, slots=True)
class ObjectLinks:
    """Links from sources, by place, to targets, by name; sources may repeat."""

    qualifier: str
    sources: IntArray
    targets: Texts


@dataclass(frozen=True, slots=True)
class AttributeChanges:
    """New values of an attribute: place of the object, time (UTC milliseconds) and value."""

    name: str
    objects: IntArray
    times: IntArray
    values: Texts


@dataclass(frozen=True, slots=True)
class ObjectTable:
    """Objects of one type: names, first values (an empty text is none), changes, and links to other objects."""

    type: ObjectType
    ids: Texts
    values: dict[str, Texts]
    changes: list[AttributeChanges] = field(default_factory=list)
    links: list[ObjectLinks] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class EventTable:
    """Events: the first object of each, the suffix that makes its name from that object's name, and rows of the log.

    Attributes:
        log: one row for each event.
        links: to further objects.
    """

    about: Texts
    qualifier: str
    marks: Texts
    log: Log
    links: list[ObjectLinks]

    def __len__(self) -> int:
        return len(self.about)


def last_changes(objects: IntArray, times: IntArray, values: Texts, name: str) -> AttributeChanges:
    """Sort changes by object and time; of several at one moment, keep the last."""
    order = np.lexsort((times, objects))
    objects, times, values = objects[order], times[order], values[order]
    last = np.ones(len(objects), dtype=bool)
    last[:-1] = (objects[1:] != objects[:-1]) | (times[1:] != times[:-1])
    return AttributeChanges(name, objects[last], times[last], values[last])

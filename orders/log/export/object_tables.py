"""Objects and events as columns: what a log is turned into, and what the writers of OCEL 2.0 take."""

from dataclasses import dataclass, field

import numpy as np

from orders.log.arrays import IntArray, Texts
from orders.log.event_log import Log
from orders.log.export.object_types import ObjectType


@dataclass(frozen=True, slots=True)
class ObjectLinks:
    """From each source, by its place, to the name of a target; sources may repeat."""

    qualifier: str
    sources: IntArray
    targets: Texts


@dataclass(frozen=True, slots=True)
class AttributeChanges:
    """New values of an attribute: whose, by its place, when (UTC milliseconds), and what."""

    name: str
    objects: IntArray
    times: IntArray
    values: Texts


@dataclass(frozen=True, slots=True)
class ObjectTable:
    """Objects of one type: names, the values they begin with (an empty text is none), what changed, and whom they belong to."""

    type: ObjectType
    ids: Texts
    values: dict[str, Texts]
    changes: list[AttributeChanges] = field(default_factory=list)
    links: list[ObjectLinks] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class EventTable:
    """Events: the object each is about first, a mark that makes its name of that object's, and rows of the log.

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
    """Changes in order of object and time; of several at one moment, the last."""
    order = np.lexsort((times, objects))
    objects, times, values = objects[order], times[order], values[order]
    last = np.ones(len(objects), dtype=bool)
    last[:-1] = (objects[1:] != objects[:-1]) | (times[1:] != times[:-1])
    return AttributeChanges(name, objects[last], times[last], values[last])

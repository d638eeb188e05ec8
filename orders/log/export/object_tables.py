"""Objects and events as columns: what the readers of a log give and the writers of OCEL 2.0 take."""

from dataclasses import dataclass, field

import numpy as np

from orders.log.arrays import IntArray, Texts
from orders.log.export.object_types import ObjectType
from orders.log.order_blocks import Columns, in_words


@dataclass(frozen=True, slots=True)
class Links:
    """From each source, by its place, to the name of a target; sources may repeat."""

    qualifier: str
    sources: IntArray
    targets: Texts


@dataclass(frozen=True, slots=True)
class Changes:
    """New values of an attribute: whose, by its place, when, and what."""

    name: str
    objects: IntArray
    times: IntArray
    values: Texts


@dataclass(frozen=True, slots=True)
class Things:
    """Objects of one type: names, the values they begin with (an empty text is none), what changed, and whom they belong to."""

    type: ObjectType
    ids: Texts
    values: dict[str, Texts]
    changes: list[Changes] = field(default_factory=list)
    links: list[Links] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Happenings:
    """Events: the object each is about first, a mark that makes its name of that object's, and columns of the log.

    Attributes:
        columns: of the log, one row for each event.
        links: to further objects.
    """

    about: Texts
    qualifier: str
    marks: Texts
    columns: Columns
    details: tuple[str, ...]
    links: list[Links]

    def __len__(self) -> int:
        return len(self.about)

    def words(self, name: str, rows: IntArray | slice) -> Texts:
        """The cells of a column in words (or numbers), at *rows*."""
        return in_words(self.columns[name][rows], name, self.details)


def latest(objects: IntArray, times: IntArray, values: Texts, name: str) -> Changes:
    """Changes in order of object and time; of several at one moment, the last."""
    order = np.lexsort((times, objects))
    objects, times, values = objects[order], times[order], values[order]
    last = np.ones(len(objects), dtype=bool)
    last[:-1] = (objects[1:] != objects[:-1]) | (times[1:] != times[:-1])
    return Changes(name, objects[last], times[last], values[last])

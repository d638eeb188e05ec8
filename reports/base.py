"""What a run is compared with, as plain data wherever it came from: what was approved, a release, a table, or another run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.record import RunRecord
from reports.status import Status, status_of_run
from reports.wording import Said, digest, said
from sop_engine.behaviour import Behaviour

Key = tuple[str, str]
"""An example: its feature's path and its id."""


@dataclass(frozen=True, slots=True)
class BaseExample:
    """An example as it was: ``says`` is the digest of ``tags`` and ``steps``, which are None where only the digest was kept."""

    name: str
    says: str
    tags: tuple[str, ...] = ()
    steps: tuple[Said, ...] | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """Of which feature files every example is known: ``only`` these (None: every file there was), without the ``torn`` ones."""

    only: frozenset[str] | None = None
    torn: frozenset[str] = frozenset()

    def __contains__(self, path: str) -> bool:
        return path not in self.torn and (self.only is None or path in self.only)


@dataclass(frozen=True, slots=True)
class Base:
    """What is compared with; what it cannot tell is None.

    Attributes:
        name: what it is called in a sentence: ``what was approved``, ``the release v1``, ``the run 20261123T…``.
        behaviour: every answer.
        rulebook: ``clauses`` and ``gaps`` as in a run record.
        examples: what every example says, and of which files it is known.
        record: the run, where it is one; it tells the answers that its examples asked for.
    """

    name: str
    behaviour: Behaviour | None = None
    rulebook: Mapping[str, Any] | None = None
    examples: Mapping[Key, BaseExample] | None = None
    told: Told = Told()
    record: RunRecord | None = None


@dataclass(frozen=True, slots=True)
class NoBase:
    """Nothing to compare with, and why, where somebody should know."""

    reason: str


def run_base(record: RunRecord, name: str = "the earlier run") -> Base:
    """A run as something to compare with."""
    return Base(name, None, record.rulebook, dict(examples_of(record)), told(record), record)


def examples_of(record: RunRecord) -> Iterator[tuple[Key, BaseExample]]:
    """The examples of a run in the order of the record."""
    for each in record.scenarios:
        steps, tags = said(each["steps"]), tuple(each["tags"])
        yield (each["feature"], each["id"]), BaseExample(each["name"], digest(tags, steps), tags, steps, status_of_run(each))


def told(record: RunRecord) -> Told:
    """The files of which a run tells every example: a file that cannot be parsed, or was not reached, is not one of them."""
    files = [feature["path"] for feature in record.features]
    torn = {feature["path"] for feature in record.features if feature["document"] is None}
    if record.state != "complete":
        reached = [each["feature"] for each in record.scenarios]
        torn |= set(files) - set(reached[:-1]) | set(reached[-1:])
    return Told(None if record.manifest["selection"] is None else frozenset(files), frozenset(torn))

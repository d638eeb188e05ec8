"""A decision: the SOP's answer to one case, and the statements that gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sop_engine.case import Case
from sop_engine.ids import is_gap
from sop_engine.tasks import TaskKey


class Outcome(StrEnum):
    """Results of the request to cancel."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    FAILS_ON_SCREEN = "fails on screen"
    """The OMS accepts the request and then shows an error; the order is unchanged."""
    FAILS_AT_PACKING = "fails at packing"
    """The error appears only when the order is packed."""
    WITHOUT_EFFECT = "without effect"
    UNSPECIFIED = "unspecified"
    """No statement covers the case; never a refusal."""


class Modality(StrEnum):
    """The force of a task, from the SOP's own verb."""

    MUST = "must"
    MAY = "may"
    NEED_NOT = "need-not"

    @property
    def words(self) -> str:
        """Return the modality in prose."""
        return self.value.replace("-", " ")


class Timing(StrEnum):
    """When a task falls due."""

    NOW = "now"
    """With the cancellation, or once the return is processed."""
    WHEN_PACKING_FAILS = "when packing fails"
    """With the error at packing, not before."""


class Reading(StrEnum):
    """The readings: the clauses alone, or the clauses and the resolutions of the gaps."""

    AS_WRITTEN = "as-written"
    AS_PRACTISED = "as-practised"


class Source(StrEnum):
    """Sources of a part of a decision."""

    STATED = "stated"
    """Stated by clauses of the SOP."""
    FOLLOWS = "follows"
    """Nothing to do, because of the outcome or because this section of the SOP lists no step."""
    DECIDED = "decided"
    """Stated by the owner of the document, in answer to the question of a gap."""
    ASSUMED = "assumed"
    """Stated by our resolution of a gap."""
    SILENT = "silent"
    """Not covered by the SOP."""


@dataclass(frozen=True, slots=True)
class Task:
    """A task that must, may or need not be done, with actor, system and due time.

    `instead_of` is the task to which this one is the alternative.
    """

    modality: Modality
    task: TaskKey
    actor: str
    system: str
    when: Timing = Timing.NOW
    instead_of: TaskKey | None = None

    @property
    def as_words(self) -> list[str]:
        """Return modality and task, and when it falls due if that is not now."""
        words = [str(self.modality), str(self.task)]
        return words if self.when is Timing.NOW else [*words, str(self.when)]

    @property
    def cell(self) -> str:
        """Return `as_words` as a table cell: ``must credit-note (when packing fails)``."""
        modality, task, *when = self.as_words
        return f"{modality} {task}" + "".join(f" ({timing})" for timing in when)

    def to_plain(self) -> dict[str, str]:
        """Return the words, ready for JSON; `instead_of` only if there is an alternative."""
        words = {
            "modality": str(self.modality),
            "task": str(self.task),
            "actor": self.actor,
            "system": self.system,
            "when": str(self.when),
        }
        return words if self.instead_of is None else {**words, "instead_of": str(self.instead_of)}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a set of facts; ids are in the order of the registers.

    Attributes:
        outcome: ``UNSPECIFIED`` if no statement decides it.
        tasks: in SOP order; ``()`` is "nothing to do", ``None`` is "open".
        clauses: clauses in force with an outcome, a task or a manner.
        gaps: gaps of aspect verdict or actions that cover the facts.
        notes: gaps of aspect note that cover the facts; they do not change the answer.
        tasks_stated: whether statements decide the tasks (otherwise they follow from the outcome or the heading).
        outcome_by, tasks_by: the clauses, gaps or headings that decide each part.
        manner: how the tasks are done, for example by hand; empty if not stated.
        task_by: for each task the clauses or gaps that require it, and no others.
        decided: the gaps among them that the owner has answered.
    """

    outcome: Outcome
    tasks: tuple[Task, ...] | None
    clauses: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()
    tasks_stated: bool = False
    outcome_by: tuple[str, ...] = ()
    tasks_by: tuple[str, ...] = ()
    manner: str = ""
    notes: tuple[str, ...] = ()
    task_by: Mapping[TaskKey, tuple[str, ...]] = field(default_factory=dict, compare=False)
    decided: frozenset[str] = frozenset()

    @property
    def outcome_source(self) -> Source:
        """Return where the outcome comes from."""
        if self.outcome is Outcome.UNSPECIFIED:
            return Source.SILENT
        return self._source_of(self.outcome_by) or Source.STATED

    @property
    def tasks_source(self) -> Source:
        """Return where the tasks come from."""
        if self.tasks is None:
            return Source.SILENT
        return self._source_of(self.tasks_by) or (Source.STATED if self.tasks_stated else Source.FOLLOWS)

    def _source_of(self, by: tuple[str, ...]) -> Source | None:
        """Return the source of a part that gaps decide: assumed, unless the owner has answered all of them; None if no gap does."""
        gaps = {identifier for identifier in by if is_gap(identifier)}
        if not gaps:
            return None
        return Source.DECIDED if gaps <= self.decided else Source.ASSUMED

    def answered(self) -> dict[str, object]:
        """Return the tasks, each with the clauses or gaps that require it, and the ids, ready for JSON."""
        return {
            "tasks": None if self.tasks is None else [{**task.to_plain(), "by": list(self.task_by[task.task])} for task in self.tasks],
            "clauses": list(self.clauses),
            "gaps": list(self.gaps),
            "notes": list(self.notes),
            "tasks_stated": self.tasks_stated,
            "tasks_source": str(self.tasks_source),
            "tasks_by": list(self.tasks_by),
        }


@dataclass(frozen=True, slots=True)
class Decision(Answer):
    """The answer to one case under one reading."""

    case: Case = None  # type: ignore[assignment]
    reading: Reading = Reading.AS_PRACTISED

    def row(self) -> dict[str, object]:
        """Return the row of the decision table: five facts, outcome, tasks, clauses, gaps."""
        return {
            **self.case.facts,
            "outcome": str(self.outcome),
            "tasks": None if self.tasks is None else [task.to_plain() for task in self.tasks],
            "clauses": list(self.clauses),
            "gaps": list(self.gaps),
        }

    def to_plain(self) -> dict[str, object]:
        """Return the row, the reading, the sources of each part and task, and the questions beside it, ready for JSON."""
        return {
            **self.row(),
            **self.answered(),
            "reading": str(self.reading),
            "outcome_source": str(self.outcome_source),
            "outcome_by": list(self.outcome_by),
        }

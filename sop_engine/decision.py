"""A decision: the SOP's answer to one case, and the statements that gave it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sop_engine.case import Case
from sop_engine.ids import is_gap


class Outcome(StrEnum):
    """What becomes of a cancellation."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    FAILS_ON_SCREEN = "fails on screen"
    """Taken in by the OMS, then an error on the UI; the order is unchanged."""
    FAILS_AT_PACKING = "fails at packing"
    """Noticed only when the order is packed, as an error."""
    WITHOUT_EFFECT = "without effect"
    UNSPECIFIED = "unspecified"
    """No statement covers the case; never a refusal."""


class Modality(StrEnum):
    """The force of a task, read from the SOP's own verb."""

    MUST = "must"
    MAY = "may"
    NEED_NOT = "need-not"

    @property
    def words(self) -> str:
        """The modality in prose."""
        return self.value.replace("-", " ")


class TaskKey(StrEnum):
    """What there is to do, after a cancellation and after a return."""

    ASK_AJIO_TO_CANCEL = "ask-ajio-to-cancel"
    CANCEL_IN_ASSURE = "cancel-in-assure"
    DOWNLOAD_REPORT = "download-report"
    CREDIT_NOTE = "credit-note"
    SHARE_CREDIT_NOTE = "share-credit-note"
    RSI_REPORT = "rsi-report"
    USE_AS_REFERENCE = "use-as-reference"
    INWARD_PO = "inward-po"
    GRN = "grn"

    @property
    def words(self) -> str:
        """The task as the feature files and the answers put it."""
        return _TASKS[self][0]

    @property
    def short(self) -> str:
        """The task where there is little room."""
        return _TASKS[self][1]


_TASKS = {
    TaskKey.ASK_AJIO_TO_CANCEL: ("ask Ajio to cancel the order by hand", "ask Ajio to cancel"),
    TaskKey.CANCEL_IN_ASSURE: ("cancel the order in Assure OMS", "cancel in Assure"),
    TaskKey.DOWNLOAD_REPORT: ("download the report of orders cancelled after posting", "download the report"),
    TaskKey.CREDIT_NOTE: ("make a credit note by hand and keep it in the ERP", "make a credit note"),
    TaskKey.SHARE_CREDIT_NOTE: ("share the credit note with Ajio", "share the credit note"),
    TaskKey.RSI_REPORT: ("get the RSI report", "fetch the RSI report"),
    TaskKey.USE_AS_REFERENCE: ("keep the report as a reference only", "use it as a reference"),
    TaskKey.INWARD_PO: ("create an inward PO in the ERP", "make an inward PO"),
    TaskKey.GRN: ("do the GRN in the ERP", "make a GRN"),
}


class Timing(StrEnum):
    """When a task falls due."""

    NOW = "now"
    """With the cancellation, or once the return is processed."""
    WHEN_PACKING_FAILS = "when packing fails"
    """With the error at packing, and not before it."""


class Reading(StrEnum):
    """How the SOP is taken: its clauses alone, or with the chosen reading of every gap."""

    AS_WRITTEN = "as-written"
    AS_PRACTISED = "as-practised"


class Source(StrEnum):
    """Where a part of a decision comes from."""

    STATED = "stated"
    """The SOP's own sentences say it."""
    FOLLOWS = "follows"
    """Nothing to do, because of the outcome or because the part of the SOP lists no step."""
    ASSUMED = "assumed"
    """Our reading of a gap says it."""
    SILENT = "silent"
    """Nobody says it."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something the client must, may or need not do, by whom, in which system and when.

    `instead_of` is the task to which this one is the alternative.
    """

    modality: Modality
    task: TaskKey
    actor: str
    system: str
    when: Timing = Timing.NOW
    instead_of: TaskKey | None = None

    @property
    def brief(self) -> list[str]:
        """Modality and task; when it falls due where that is not now."""
        words = [str(self.modality), str(self.task)]
        return words if self.when is Timing.NOW else [*words, str(self.when)]

    @property
    def cell(self) -> str:
        """`brief` as a cell of a table: ``must credit-note (when packing fails)``."""
        modality, task, *when = self.brief
        return f"{modality} {task}" + "".join(f" ({timing})" for timing in when)

    def to_plain(self) -> dict[str, str]:
        """The words, ready for JSON; `instead_of` only where there is an alternative."""
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
    """What statements say of a set of facts; ids are in the order of the registers.

    Attributes:
        outcome: ``UNSPECIFIED`` where no statement settles it.
        tasks: in SOP order; ``()`` is "nothing to do", ``None`` is "open".
        clauses: sentences in force with an outcome, a task or a manner.
        gaps: gaps of aspect verdict or actions that the facts fall into.
        notes: gaps of aspect note that the facts fall into: the answer is settled, and a question stands beside it.
        tasks_stated: whether statements settle the tasks (otherwise they follow from the outcome or the heading).
        outcome_by, tasks_by: the clauses, gaps or headings that settled each part.
        manner: how the tasks are done, for example by hand; empty where nobody says.
        task_by: for each task the clauses or gaps that ask for it, and no others.
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

    @property
    def outcome_source(self) -> Source:
        """Whether the SOP says the outcome, or we assume it."""
        if self.outcome is Outcome.UNSPECIFIED:
            return Source.SILENT
        return Source.ASSUMED if any(map(is_gap, self.outcome_by)) else Source.STATED

    @property
    def tasks_source(self) -> Source:
        """Whether the SOP says the tasks, or we assume them."""
        if self.tasks is None:
            return Source.SILENT
        if any(map(is_gap, self.tasks_by)):
            return Source.ASSUMED
        return Source.STATED if self.tasks_stated else Source.FOLLOWS

    def answered(self) -> dict[str, object]:
        """Tasks, each with what asks for it, and ids, ready for JSON."""
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
    """The SOP's answer to one case under one reading."""

    case: Case = None  # type: ignore[assignment]
    reading: Reading = Reading.AS_PRACTISED

    def row(self) -> dict[str, object]:
        """The row of the decision table: five facts, outcome, tasks, clauses, gaps."""
        return {
            **self.case.facts,
            "outcome": str(self.outcome),
            "tasks": None if self.tasks is None else [task.to_plain() for task in self.tasks],
            "clauses": list(self.clauses),
            "gaps": list(self.gaps),
        }

    def to_plain(self) -> dict[str, object]:
        """The row, the reading, where each part and each task comes from, and the questions beside it, ready for JSON."""
        return {
            **self.row(),
            **self.answered(),
            "reading": str(self.reading),
            "outcome_source": str(self.outcome_source),
            "outcome_by": list(self.outcome_by),
        }

"""Statements: the rulings of the clauses of the SOP and of our resolutions of gaps; and the gaps. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from sop_engine.decision import Outcome, Task
from sop_engine.text import visible

CASE, RETURN, ORDER, REPORT = "case", "return", "order", "report"
VERDICT, ACTIONS, NOTE = "verdict", "actions", "note"
"""Aspects of a gap over cases: the outcome and the tasks, the tasks alone, or neither."""
SUBJECTS = (CASE, RETURN, ORDER, REPORT)


@dataclass(frozen=True, slots=True)
class When:
    """The facts that a statement requires; a fact that is not named may have any value."""

    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def covers(self, facts: Mapping[str, str]) -> bool:
        """Return whether *facts* have one of the required values for every fact."""
        for name, values in self.facts.items():  # noqa: SIM110 (asked 60,000 times at every start)
            if facts[name] not in values:
                return False
        return True

    def narrowed(self, other: "When") -> "When":
        """Return a copy in which the facts of *other* replace its own."""
        return When({**self.facts, **other.facts})

    def to_plain(self) -> dict[str, list[str]]:
        """Return the values of each fact, sorted, ready for JSON."""
        return {name: sorted(values) for name, values in self.facts.items()}


@dataclass(frozen=True, slots=True)
class Statement:
    """A clause of the SOP, or one statement of our resolution of a gap.

    Attributes:
        id: the clause's id, or the gap's id and a number ("GAP-02.1").
        location: ``file:line`` of its record.
        subject: case or return; empty if it has no ruling, and `not_operative` gives the reason.
        when: its own facts and those of the heading.
        outcome, tasks: its rulings; ``None`` is no ruling, ``()`` is "nothing to do".
        over: ids that it overrides, by part: with an outcome it overrides outcomes, with tasks tasks, with neither both.
        rests_on: the id of the statement whose outcome it makes more precise: it overrides that outcome, applies only where that
            statement applies, and is cited with it.
        restates: the id of the statement that it repeats.
        like: facts to replace before the case is answered.
        gap: the gap that it resolves; empty for a clause.
    """

    id: str
    location: str
    line: str = ""
    section: str = ""
    modality: str = ""
    actor: str = ""
    system: str = ""
    text: str = ""
    subject: str = ""
    not_operative: str = ""
    when: When = When()
    outcome: Outcome | None = None
    tasks: tuple[Task, ...] | None = None
    manner: str = ""
    over: tuple[str, ...] = ()
    rests_on: str = ""
    restates: str = ""
    like: Mapping[str, str] = field(default_factory=dict)
    gap: str = ""

    @property
    def decides(self) -> bool:
        """Return whether it is used to answer cases or returns."""
        return self.subject in (CASE, RETURN)

    @property
    def is_citable(self) -> bool:
        """Return whether it has an outcome, a task or a manner, and can be cited."""
        return self.outcome is not None or self.tasks is not None or bool(self.manner)

    @property
    def source(self) -> str:
        """Return the id to cite: that of the clause, or of the gap that a resolution answers."""
        return self.gap or self.id

    def to_plain(self) -> dict[str, object]:
        """Return a clause, ready for JSON."""
        return {
            "id": self.id,
            "line": self.line,
            "section": self.section,
            "modality": self.modality,
            "actor": self.actor or None,
            "system": self.system or None,
            "text": self.text,
            "operative": bool(self.subject),
            "why_not_operative": self.not_operative or None,
            "rules_on": self.subject or None,
            "over": list(self.over),
            "rests_on": self.rests_on or None,
            "restates": self.restates or None,
            **self._ruling(),
        }

    def resolution_to_plain(self) -> dict[str, object]:
        """Return a resolution of a gap, ready for JSON."""
        return {
            "modality": self.modality or None,
            "actor": self.actor or None,
            "system": self.system or None,
            "over": list(self.over),
            "rests_on": self.rests_on or None,
            "restates": self.restates or None,
            **self._ruling(),
        }

    def _ruling(self) -> dict[str, object]:
        return {
            "when": self.when.to_plain(),
            "outcome": None if self.outcome is None else str(self.outcome),
            "tasks": None if self.tasks is None else [task.to_plain() for task in self.tasks],
            "manner": self.manner or None,
            "like": dict(self.like),
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the SOP. `complete` is the reason why an allowed cancellation under it requires only the listed tasks."""

    id: str
    location: str
    line: str
    text: str
    facts: When
    complete: str = ""

    def to_plain(self) -> dict[str, object]:
        """Return the heading, ready for JSON."""
        return {
            "id": self.id,
            "line": self.line,
            "text": self.text,
            "facts": self.facts.to_plain(),
            "complete": self.complete or None,
        }


@dataclass(frozen=True, slots=True)
class Disposition:
    """Where a returned unit goes after its quality check (our reading of GAP-42)."""

    quality_check: str
    stock: str
    offline_claim: bool

    def to_plain(self) -> dict[str, object]:
        """Return the disposition, ready for JSON."""
        return {"quality_check": self.quality_check, "stock": self.stock, "offline_claim": self.offline_claim}


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one reading of a gap decides: `number` counts the readings from 1, `chosen` says it in words."""

    number: int
    chosen: str
    leaves_open: tuple[str, ...] = ()
    resolutions: tuple[Statement, ...] = ()
    dispositions: tuple[Disposition, ...] = ()

    def to_plain(self) -> dict[str, object]:
        """Return what the reading decides, ready for JSON."""
        return {
            "reading": self.number,
            "chosen": self.chosen,
            "leaves_open": list(self.leaves_open),
            "resolutions": [resolution.resolution_to_plain() for resolution in self.resolutions],
            "dispositions": [disposition.to_plain() for disposition in self.dispositions],
        }


@dataclass(frozen=True, slots=True)
class OwnersAnswer:
    """The answer of the document's owner to the question of a gap: the number of the reading, who decided it, when, and the evidence."""

    reading: int
    by: str
    on: date
    evidence: str = ""
    remark: str = ""

    @property
    def status(self) -> str:
        """Return who decided it and when: ``decided by A. Owner on 2026-12-01``."""
        return f"decided by {visible(self.by)} on {self.on.isoformat()}"

    def to_plain(self) -> dict[str, object]:
        """Return the answer, ready for JSON."""
        return {
            "reading": self.reading,
            "by": self.by,
            "on": self.on.isoformat(),
            "evidence": self.evidence or None,
            "remark": self.remark or None,
        }


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that the SOP leaves open, with the possible readings, the chosen one, and the reason.

    `when` is ``None`` if the gap has no cases; `cases` is their stated number; `watch` is what to observe while it is open.
    `reading` is the number of the reading in force (0 if it is none of `readings`): the one that the owner decided, otherwise the one
    that we assume. `chosen`, `leaves_open`, `resolutions` and `dispositions` are of that reading; `rulings` has them for every reading
    that can be tried, and `assumed` is the one that we assume until the owner answers.
    """

    id: str
    location: str
    title: str
    kind: str
    aspect: str
    nearest: str
    readings: tuple[str, ...]
    chosen: str
    why: str
    question: str
    subject: str = CASE
    when: When | None = None
    cases: int | None = None
    leaves_open: tuple[str, ...] = ()
    watch: str = ""
    resolutions: tuple[Statement, ...] = ()
    dispositions: tuple[Disposition, ...] = ()
    reading: int = 0
    rulings: tuple[Ruling, ...] = ()
    assumed: Ruling | None = None
    answer: OwnersAnswer | None = None

    @property
    def decides(self) -> bool:
        """Return whether the answers to its cases depend on the chosen reading."""
        return self.when is not None and self.aspect in (VERDICT, ACTIONS)

    @property
    def basis(self) -> str:
        """Return what stands before `chosen` on pages: ``we assume``, or ``decided by … on …``."""
        return "we assume" if self.answer is None else self.answer.status

    @property
    def status(self) -> str:
        """Return ``decided by … on …``; ``open`` if the owner has not answered the question."""
        return "open" if self.answer is None else self.answer.status

    def with_ruling(self, ruling: Ruling) -> "Gap":
        """Return a copy in which *ruling* is in force."""
        return replace(
            self,
            reading=ruling.number,
            chosen=ruling.chosen,
            leaves_open=ruling.leaves_open,
            resolutions=ruling.resolutions,
            dispositions=ruling.dispositions,
        )

    @property
    def alternatives(self) -> tuple[Ruling, ...]:
        """Return what each reading decides that is not in force and can be tried, and what we assume if the owner decided otherwise."""
        assumed = () if self.assumed is None or self.assumed in self.rulings else (self.assumed,)
        return tuple(ruling for ruling in (*assumed, *self.rulings) if ruling.number != self.reading)

    def to_plain(self) -> dict[str, object]:
        """Return the gap, ready for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "aspect": self.aspect,
            "nearest": self.nearest,
            "readings": list(self.readings),
            "reading": self.reading,
            "chosen": self.chosen,
            "why": self.why,
            "question": self.question,
            "cases": self.cases,
            "rules_on": self.subject,
            "leaves_open": list(self.leaves_open),
            "watch": self.watch or None,
            "when": None if self.when is None else self.when.to_plain(),
            "resolutions": [resolution.resolution_to_plain() for resolution in self.resolutions],
            "dispositions": [disposition.to_plain() for disposition in self.dispositions],
            "alternatives": [ruling.to_plain() for ruling in self.alternatives],
            **({} if self.answer is None else {"answer": self.answer.to_plain()}),
        }

"""Statements: what a clause of the SOP, or our resolution of a gap, rules; and the gaps themselves. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sop_engine.decision import Outcome, Task

CASE, RETURN, ORDER, REPORT = "case", "return", "order", "report"
VERDICT, ACTIONS, NOTE = "verdict", "actions", "note"
"""Aspects of a gap over cases: the outcome and the tasks, the tasks alone, or neither."""
SUBJECTS = (CASE, RETURN, ORDER, REPORT)


@dataclass(frozen=True, slots=True)
class When:
    """The facts a statement asks about; a fact that is not named may have any value."""

    facts: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def covers(self, facts: Mapping[str, str]) -> bool:
        """Whether every fact named has one of its values."""
        for name, values in self.facts.items():  # noqa: SIM110 (asked 60,000 times at every start)
            if facts[name] not in values:
                return False
        return True

    def narrowed(self, other: "When") -> "When":
        """The same, with the facts of *other* in the place of its own."""
        return When({**self.facts, **other.facts})


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the SOP, or one sentence of ours that resolves a gap.

    Attributes:
        id: the clause's id, or the gap's id and a number ("GAP-02.1").
        place: ``file:line`` of its record.
        subject: what it rules on; empty where it rules on nothing, and `not_operative` says why.
        when: the facts of the heading and its own.
        outcome, tasks: what it says of either; ``None`` is silence, ``()`` is "nothing to do".
        over: ids of what it beats, per part: one with an outcome silences outcomes, one with tasks tasks, one with neither both.
        rests_on: the id of the statement whose outcome it makes more precise: it beats that outcome, speaks only where that
            statement does, and is cited with it.
        restates: the id of the statement it repeats.
        like: facts to be answered as if they were so.
        gap: the gap it resolves; empty for a clause.
    """

    id: str
    place: str
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
        """Whether it takes part in answering cases or returns."""
        return self.subject in (CASE, RETURN)

    @property
    def says_something(self) -> bool:
        """Whether it carries an outcome, a task or a manner, and so can be cited."""
        return self.outcome is not None or self.tasks is not None or bool(self.manner)

    @property
    def source(self) -> str:
        """The id to cite: a clause's own, or the gap that a resolution answers."""
        return self.gap or self.id

    def to_plain(self) -> dict[str, object]:
        """A clause, ready for JSON."""
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
        }


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the SOP. `complete` says why an allowed cancellation under it asks for nothing that is not listed."""

    id: str
    place: str
    line: str
    text: str
    facts: When
    complete: str = ""


@dataclass(frozen=True, slots=True)
class Disposition:
    """What becomes of a returned unit after its quality check (our reading of GAP-42)."""

    quality_check: str
    stock: str
    offline_claim: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A question the SOP leaves open, the readings it allows, the one we take, and why.

    `when` is ``None`` where the gap has no cases; `cases` is the number it claims; `watch` is what to keep an eye on.
    """

    id: str
    place: str
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

    @property
    def decides(self) -> bool:
        """Whether the answer of its cases depends on the reading taken."""
        return self.when is not None and self.aspect in (VERDICT, ACTIONS)

    def to_plain(self) -> dict[str, object]:
        """The gap, ready for JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "aspect": self.aspect,
            "nearest": self.nearest,
            "readings": list(self.readings),
            "chosen": self.chosen,
            "why": self.why,
            "question": self.question,
            "cases": self.cases,
            "rules_on": self.subject,
            "leaves_open": list(self.leaves_open),
            "watch": self.watch or None,
        }

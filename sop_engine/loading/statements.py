"""Headings, clauses and other statements of a register."""

from collections.abc import Mapping
from dataclasses import dataclass

from sop_engine.decision import Modality, Outcome, Task, Timing
from sop_engine.errors import did_you_mean
from sop_engine.loading.words import WordReader
from sop_engine.statement import CASE, RETURN, SUBJECTS, Section, Statement, When
from sop_engine.versions import CLAUSES

RULING = {"when", "outcome", "task", "tasks", "due", "instead_of", "over", "rests_on", "restates", "like", "manner"}
"""The keys of what a statement decides."""
_CLAUSE = {"id", "line", "modality", "actor", "system", "text", "on", "not_operative", *RULING}
_SECTION = {"id", "line", "text", "facts", "complete"}


@dataclass
class StatementReader(WordReader):
    """Reads headings and clauses, and the statement in any record that decides something."""

    def section(self, record: dict[str, object], above: Mapping[str, Section]) -> Section:
        """Return a heading with its facts, narrowed by those of the heading *above* it."""
        identifier = str(record["id"])
        location = self.location(identifier, CLAUSES)
        self.keys(record, _SECTION, location)
        own = self.when(record["facts"], CASE, location) if "facts" in record else When()
        heading = _heading(identifier, above)
        facts = heading.facts.narrowed(own) if heading else own
        return Section(
            identifier,
            location,
            self.text(record, "line", location),
            self.text(record, "text", location, needed=True),
            facts,
            self.text(record, "complete", location),
        )

    def clause(self, record: dict[str, object], sections: Mapping[str, Section]) -> Statement:
        """Return a clause with the facts of its heading."""
        identifier = str(record["id"])
        location = self.location(identifier, CLAUSES)
        self.keys(record, _CLAUSE, location)
        not_operative = record.get("not_operative")
        ruling = RULING & record.keys()
        subject = self.text(record, "on", location) or (CASE if ruling else "")
        if subject and subject not in SUBJECTS:
            self.findings.append(f"{location}: unknown `on` `{subject}`; {did_you_mean(subject, SUBJECTS)}")
        if not subject and not not_operative:
            self.findings.append(f"{location}: `{identifier}` decides nothing; add an outcome or tasks, or `not_operative` with the reason")
        if subject and not_operative:
            self.findings.append(f"{location}: `{identifier}` decides something and has `not_operative`; remove one of them")
        heading = _heading(identifier, sections)
        inherited, under = (heading.facts, heading.id) if heading else (When(), "")
        if subject == RETURN and inherited.facts:
            self.findings.append(f"{location}: `{identifier}` is about returns but below `{under}`, which is about cancellations; move it")
            inherited = When()
        return self.statement(record, identifier, location, subject, inherited, under, "")

    def statement(  # noqa: PLR0913 (one record, one call)
        self, record: Mapping[str, object], identifier: str, location: str, subject: str, inherited: When, section: str, gap: str
    ) -> Statement:
        """Return what a record states; *section* is its heading, *gap* the gap that it resolves."""
        modality = self.text(record, "modality", location)
        actor = self.party(record, "actor", location)
        system = self.party(record, "system", location)
        outcome = self.word(Outcome, record["outcome"], "outcome", location) if "outcome" in record else None
        if outcome is Outcome.UNSPECIFIED:
            self.findings.append(f"{location}: `unspecified` means that there is no outcome; remove `outcome`")
        own = self.when(record["when"], subject, location) if "when" in record else When()
        return Statement(
            id=identifier,
            location=location,
            line=self.text(record, "line", location),
            section=section,
            modality=modality,
            actor=actor,
            system=system,
            text=self.text(record, "text", location, needed=not gap),
            subject=subject,
            not_operative=self.text(record, "not_operative", location),
            when=inherited.narrowed(own),
            outcome=outcome,
            tasks=self.tasks(record, modality, actor, system, location),
            manner=self.text(record, "manner", location),
            over=self.over(record.get("over", []), location),
            rests_on=self.text(record, "rests_on", location),
            restates=self.text(record, "restates", location),
            like={
                name: next(iter(values)) for name, values in self.when(record.get("like", {}), subject, location).facts.items() if values
            },
            gap=gap,
        )

    def tasks(self, record: Mapping[str, object], modality: str, actor: str, system: str, location: str) -> tuple[Task, ...] | None:
        """Return the tasks of a record: none at all is empty, not said is None."""
        if "tasks" in record:
            if record["tasks"] != "none" or "task" in record:
                self.findings.append(f'{location}: `tasks` can only be "none", and not together with `task`')
            return ()
        if "task" not in record:
            self.findings.extend(
                f"{location}: `{key}` belongs to a `task`, but there is none; add one or remove it"
                for key in ("due", "instead_of")
                if key in record
            )
            return None
        names = record["task"] if isinstance(record["task"], list) else [record["task"]]
        force = self.word(Modality, modality, "modality of a task", location)
        keys = [self.task_key(name, "task", location) for name in names]
        due = self.word(Timing, record.get("due", Timing.NOW), "due", location)
        other = self.task_key(record["instead_of"], "instead_of", location) if "instead_of" in record else None
        return tuple(
            Task(force, key, actor, system, due, other) for key in keys if key is not None and force is not None and due is not None
        )

    def over(self, value: object, location: str) -> tuple[str, ...]:
        """Return the ids of the statements that a record beats."""
        beaten = value if isinstance(value, list) else [value]
        if not all(isinstance(identifier, str) for identifier in beaten):
            self.findings.append(
                f"{location}: `over` must be a list of ids; if our reading overrides a clause, write it in a resolution of its gap"
            )
            return ()
        return tuple(beaten)


def _heading(identifier: str, sections: Mapping[str, Section]) -> Section | None:
    """Return the innermost heading above *identifier*, by its id."""
    above = [section for section in sections.values() if identifier.startswith(section.id + "-")]
    return max(above, key=lambda section: len(section.id), default=None)

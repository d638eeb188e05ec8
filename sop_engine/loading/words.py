"""The words of a register: its stages, tasks, actors and systems, and the facts that a record's `when` names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sop_engine.case import FACT_TYPES
from sop_engine.errors import did_you_mean
from sop_engine.loading.fields import FieldReader
from sop_engine.returns import QualityCheck
from sop_engine.stages import LIFE_NAMES, StageWords, name_findings, words_reason
from sop_engine.statement import CASE, RETURN, When
from sop_engine.tasks import TaskKey, TaskWords, task_findings
from sop_engine.versions import CLAUSES, DEFAULT, content_of, parse_register, shipped

FACTS_OF: dict[str, dict[str, type[StrEnum]]] = {CASE: FACT_TYPES, RETURN: {"quality_check": QualityCheck}}
"""The facts of a case and of a returned unit, with their words in the rulebook that this process reads."""

_TASK = {"id", "on", "words", "short", "code", "chosen"}
_STAGE = {"id", "words"}
_PARTIES, _SEVERAL = ("actors", "systems"), re.compile(" / | or ")


@dataclass
class WordReader(FieldReader):
    """Reads the words that a register may use, before the records that use them."""

    tasks_by_id: dict[str, TaskWords] = field(default_factory=dict)
    parties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: tuple[StageWords, ...] = ()
    words_of_facts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def read_stages(self, table: Mapping[str, object]) -> None:
        """Read the stages, in their order, if the register lists them, and with them the words of all facts."""
        self.words_of_facts = {
            subject: {name: tuple(map(str, words)) for name, words in facts.items()} for subject, facts in FACTS_OF.items()
        }
        self.words_of_facts[CASE]["stage"] = LIFE_NAMES
        if "stage" not in table:
            return
        for record in self.records(table, "stage", CLAUSES):
            location = self.location(str(record["id"]), CLAUSES)
            self.keys(record, _STAGE, location)
            stage = StageWords(str(record["id"]), self.text(record, "words", location))
            self.findings.extend(f"{location}: {reason}" for reason in [words_reason(stage)] if reason)
            self.stages = (*self.stages, stage)
        names = tuple(stage.id for stage in self.stages)
        self.words_of_facts[CASE]["stage"] = names
        self.findings.extend(f"{self.location(name, CLAUSES)}: {reason}" for name, reason in name_findings(names))

    def read_words(self, table: Mapping[str, object]) -> None:
        """Read the tasks, actors and systems that statements may name; a register without tasks has those of the first version."""
        entries = table if "task" in table else parse_register(content_of(shipped() / DEFAULT / CLAUSES))
        for record in self.records(entries, "task", CLAUSES):
            location = self.location(str(record["id"]), CLAUSES)
            self.keys(record, _TASK, location)
            subject = self.text(record, "on", location) or CASE
            texts = {
                key: self.text(record, key, location, needed=key in {"words", "short"}) for key in ("words", "short", "code", "chosen")
            }
            task = TaskWords(str(record["id"]), subject, **texts)
            self.findings.extend(f"{location}: {reason}" for reason in task_findings(task, self.tasks_by_id.values(), [*FACTS_OF]))
            if TaskKey.is_key(task.id):
                self.tasks_by_id[task.id] = task
        parties = table.get("parties", {})
        if not isinstance(parties, dict):
            self.findings.append(f"{CLAUSES}: `parties` must be written as [parties]")
            parties = {}
        self.keys({"id": "parties", **parties}, {"id", *_PARTIES}, CLAUSES)
        self.parties = {key: tuple(self.texts(parties, key, CLAUSES)) for key in _PARTIES}

    def party(self, record: Mapping[str, object], key: str, location: str) -> str:
        """Return the actor or the system of a statement, or several; one that the register does not list is a finding."""
        names, listed = self.text(record, key, location), self.parties[f"{key}s"]
        for name in _SEVERAL.split(names) if names and listed and names not in listed else ():
            if name not in listed:
                self.findings.append(f"{location}: unknown {key} `{name}`; {did_you_mean(name, listed)}")
        return names

    def task_key(self, value: object, key: str, location: str) -> TaskKey | None:
        """Return a task that the register lists; None, with a finding, for another."""
        if str(value) in self.tasks_by_id:
            return TaskKey(str(value))
        self.findings.append(f"{location}: unknown {key} `{value}`; {did_you_mean(str(value), self.tasks_by_id)}")
        return None

    def when(self, value: object, subject: str, location: str) -> When:
        """Return the facts under which a record rules; a word that the register does not have is a finding."""
        if not isinstance(value, dict):
            self.findings.append(f"{location}: `when` must be a table of facts")
            return When()
        fact_types = self.words_of_facts.get(subject, {})
        facts = {}
        for name, words in value.items():
            if name not in fact_types:
                self.findings.append(f"{location}: unknown fact `{name}`; {did_you_mean(name, fact_types)}")
                continue
            values = words if isinstance(words, list) else [words]
            facts[name] = frozenset(str(word) for word in values if self.is_word(fact_types[name], word, name, location))
        return When(facts)

"""Reader of a rulebook: parses two TOML registers into statements, headings and gaps.

Every key, word and id is checked; an invalid register is refused with one line per reason, each with ``file:line``.
`sop_engine.verification` checks the statements together.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from importlib.resources.abc import Traversable
from typing import TypeVar

from sop_engine.case import FACT_TYPES
from sop_engine.decision import Modality, Outcome, Task, Timing
from sop_engine.errors import RulebookError, did_you_mean
from sop_engine.ids import ID
from sop_engine.input_files import UnreadableFileError, text_of
from sop_engine.returns import QualityCheck
from sop_engine.stages import LIFE_NAMES, StageWords, name_findings, words_reason
from sop_engine.statement import CASE, RETURN, SUBJECTS, Disposition, Gap, OwnersAnswer, Ruling, Section, Statement, When
from sop_engine.tasks import TaskKey, TaskWords, task_findings
from sop_engine.versions import CLAUSES, DEFAULT, GAPS, NAME, chosen_version, content_of, parse_register, shipped

FACTS_OF: dict[str, dict[str, type[StrEnum]]] = {CASE: FACT_TYPES, RETURN: {"quality_check": QualityCheck}}
"""The facts of a case and of a returned unit, with their words in the rulebook that this process reads."""

WordEnum = TypeVar("WordEnum", bound=StrEnum)

_RULING = {"when", "outcome", "task", "tasks", "due", "instead_of", "over", "rests_on", "restates", "like", "manner"}
_CLAUSE = {"id", "line", "modality", "actor", "system", "text", "on", "not_operative", *_RULING}
_RESOLUTION = {"modality", "actor", "system", *_RULING}
_SECTION = {"id", "line", "text", "facts", "complete"}
_DISPOSITION = {"quality_check", "stock", "offline_claim"}
_GAP_TEXTS = ("id", "title", "kind", "aspect", "nearest", "chosen", "why", "question")
_RULED = {"chosen", "leaves_open", "resolution", "disposition"}
_GAP = {*_GAP_TEXTS, *_RULED, "readings", "reading", "on", "when", "cases", "watch", "alternative", "answer"}
_ALTERNATIVE = {"reading", *_RULED}
_TASK = {"id", "on", "words", "short", "code", "chosen"}
_STAGE = {"id", "words"}
_PARTIES, _SEVERAL = ("actors", "systems"), re.compile(" / | or ")
_ANSWER_TEXTS = ("by", "evidence", "remark")
_ANSWER = {"reading", "on", *_ANSWER_TEXTS}
_TOP = {CLAUSES: {"name", "title", "dated", "follows", "lines", "section", "clause", "stage", "task", "parties"}, GAPS: {"gap"}}


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The SOP as data: headings, clauses and gaps, each in document order; `sha256` is of its two files.

    `lines` is the number of lines of the source; 0 if it is not stated. `dated` is the date of this version of the document, empty if
    not stated; `follows` are the names of the earlier versions, the oldest first. `tasks`, `actors` and `systems` are those that it names.
    `stages` are in their order; empty if the register lists none, and then they are `LIFE_NAMES`.
    """

    name: str
    title: str
    sha256: str
    sections: tuple[Section, ...]
    clauses: tuple[Statement, ...]
    gaps: tuple[Gap, ...]
    lines: int = 0
    dated: str = ""
    follows: tuple[str, ...] = ()
    tasks: tuple[TaskWords, ...] = ()
    actors: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    stages: tuple[StageWords, ...] = ()

    @property
    def stage_names(self) -> tuple[str, ...]:
        """Return the names of the stages, in their order."""
        return tuple(stage.id for stage in self.stages) or LIFE_NAMES

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Return the clauses, then the resolutions of the gaps."""
        return self.clauses + tuple(statement for gap in self.gaps for statement in gap.resolutions)

    def ids_in(self, text: str) -> tuple[str, ...]:
        """Return the ids of headings, clauses and gaps in *text*, each once."""
        ids = {entry.id for register in (self.sections, self.clauses, self.gaps) for entry in register}
        return tuple(dict.fromkeys(identifier for identifier in ID.findall(text) if identifier in ids))

    def tasks_of(self, subject: str) -> tuple[TaskKey, ...]:
        """Return the tasks that can follow a case or a return, in the order of the register."""
        return tuple(task.key for task in self.tasks if task.subject == subject)

    def to_plain(self) -> dict[str, object]:
        """Return all that a run record contains of the rulebook, ready for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "dated": self.dated or None,
            "follows": list(self.follows),
            "lines": self.lines,
            "sha256": self.sha256,
            "sections": [section.to_plain() for section in self.sections],
            "clauses": [clause.to_plain() for clause in self.clauses],
            "gaps": [gap.to_plain() for gap in self.gaps],
            "tasks": [task.to_plain() for task in self.tasks],
            "actors": list(self.actors),
            "systems": list(self.systems),
            **({"stages": [stage.to_plain() for stage in self.stages]} if self.stages else {}),
        }


def read_rulebook(folder: Traversable | None = None) -> Rulebook:
    """Read the rulebook in *folder* (by default that of the chosen version), checked record by record.

    Raises:
        RulebookError: a register is missing, is not TOML, or has an invalid record.
    """
    where = folder if folder is not None else chosen_version()
    reader = _Reader(where.name)
    raw = {name: reader.read(where, name) for name in (CLAUSES, GAPS)}
    reader.stop_if_refused()
    rulebook = reader.rulebook(raw)
    reader.stop_if_refused()
    TaskKey.learn(rulebook.tasks)
    return rulebook


@dataclass
class _Reader:
    name: str
    findings: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    digest: str = ""
    tasks_by_id: dict[str, TaskWords] = field(default_factory=dict)
    parties: dict[str, tuple[str, ...]] = field(default_factory=dict)
    stages: tuple[StageWords, ...] = ()
    words_of_facts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)

    def read(self, where: Traversable, name: str) -> Mapping[str, object]:
        file = where / name
        try:
            data = content_of(file)
        except (OSError, UnreadableFileError) as error:
            reason = error.reason if isinstance(error, UnreadableFileError) else error.strerror or error
            self.findings.append(f"{name}: cannot be read ({reason}); a rulebook is a folder with {CLAUSES} and {GAPS}")
            return {}
        self.digest = hashlib.sha256(self.digest.encode() + data).hexdigest()
        try:
            parsed = parse_register(data)
        except ValueError as error:
            self.findings.append(f"{name}: {error}; write it as TOML in UTF-8")
            return {}
        for number, line in enumerate(text_of(data).splitlines(), start=1):
            match = re.match(r'id\s*=\s*"([^"]*)"', line)
            if match:
                if match[1] in self.lines:
                    self.findings.append(
                        f"{name}:{number}: `{match[1]}` is defined twice, first in line {self.lines[match[1]]}; ids are never reused"
                    )
                self.lines.setdefault(match[1], number)
        return parsed

    def stop_if_refused(self) -> None:
        if self.findings:
            raise RulebookError(self.name, self.findings)

    def rulebook(self, raw: Mapping[str, Mapping[str, object]]) -> Rulebook:
        self.read_stages(raw[CLAUSES])
        self.stop_if_refused()
        self.read_words(raw[CLAUSES])
        sections: dict[str, Section] = {}
        for record in self.records(raw[CLAUSES], "section", CLAUSES):
            sections[str(record["id"])] = self.section(record, sections)
        clauses = tuple(self.clause(record, sections) for record in self.records(raw[CLAUSES], "clause", CLAUSES))
        gaps = tuple(self.gap(record) for record in self.records(raw[GAPS], "gap", GAPS))
        self.top(raw)
        title, lines = raw[CLAUSES].get("title", ""), raw[CLAUSES].get("lines", 0)
        if type(lines) is not int or lines < 0:
            self.findings.append(f"{CLAUSES}: `lines` must be the number of lines of the source")
            lines = 0
        name = str(raw[CLAUSES].get("name", self.name))
        if not NAME.fullmatch(name):
            self.findings.append(f"{CLAUSES}: `name` must consist of letters, digits, - and _, and begin with a letter")
        dated, follows = raw[CLAUSES].get("dated"), tuple(self.texts(raw[CLAUSES], "follows", CLAUSES))
        if dated is not None and type(dated) is not date:
            self.findings.append(f"{CLAUSES}: `dated` must be a date, such as 2026-12-01")
        if name in follows or len({*follows}) < len(follows) or not all(map(NAME.fullmatch, follows)):
            self.findings.append(f"{CLAUSES}: `follows` must name the earlier versions, each once, the oldest first")
        rulebook = Rulebook(
            name, str(title), self.digest, tuple(sections.values()), clauses, gaps, lines, str(dated or ""), follows,
            tuple(self.tasks_by_id.values()), self.parties["actors"], self.parties["systems"], self.stages,
        )  # fmt: skip
        self.check_references(rulebook)
        return rulebook

    def read_stages(self, table: Mapping[str, object]) -> None:
        """Read the stages, in their order, if the register lists them, and with them the words of all facts."""
        self.words_of_facts = {
            subject: {name: tuple(map(str, words)) for name, words in facts.items()} for subject, facts in FACTS_OF.items()
        }
        self.words_of_facts[CASE]["stage"] = LIFE_NAMES
        if "stage" not in table:
            return
        for record in self.records(table, "stage", CLAUSES):
            place = self.place(str(record["id"]), CLAUSES)
            self.keys(record, _STAGE, place)
            stage = StageWords(str(record["id"]), self.text(record, "words", place))
            self.findings.extend(f"{place}: {reason}" for reason in [words_reason(stage)] if reason)
            self.stages = (*self.stages, stage)
        names = tuple(stage.id for stage in self.stages)
        self.words_of_facts[CASE]["stage"] = names
        self.findings.extend(f"{self.place(name, CLAUSES)}: {reason}" for name, reason in name_findings(names))

    def read_words(self, table: Mapping[str, object]) -> None:
        """Read the tasks, actors and systems that statements may name; a register without tasks has those of the first version."""
        entries = table if "task" in table else parse_register(content_of(shipped() / DEFAULT / CLAUSES))
        for record in self.records(entries, "task", CLAUSES):
            place = self.place(str(record["id"]), CLAUSES)
            self.keys(record, _TASK, place)
            subject = self.text(record, "on", place) or CASE
            texts = {key: self.text(record, key, place, needed=key in {"words", "short"}) for key in ("words", "short", "code", "chosen")}
            task = TaskWords(str(record["id"]), subject, **texts)
            self.findings.extend(f"{place}: {reason}" for reason in task_findings(task, self.tasks_by_id.values(), [*FACTS_OF]))
            if TaskKey.is_key(task.id):
                self.tasks_by_id[task.id] = task
        parties = table.get("parties", {})
        if not isinstance(parties, dict):
            self.findings.append(f"{CLAUSES}: `parties` must be written as [parties]")
            parties = {}
        self.keys({"id": "parties", **parties}, {"id", *_PARTIES}, CLAUSES)
        self.parties = {key: tuple(self.texts(parties, key, CLAUSES)) for key in _PARTIES}

    def party(self, record: Mapping[str, object], key: str, place: str) -> str:
        """Return the actor or the system of a statement, or several; one that the register does not list is a finding."""
        names, listed = self.text(record, key, place), self.parties[f"{key}s"]
        for name in _SEVERAL.split(names) if names and listed and names not in listed else ():
            if name not in listed:
                self.findings.append(f"{place}: unknown {key} `{name}`; {did_you_mean(name, listed)}")
        return names

    def task_key(self, value: object, key: str, place: str) -> TaskKey | None:
        if str(value) in self.tasks_by_id:
            return TaskKey(str(value))
        self.findings.append(f"{place}: unknown {key} `{value}`; {did_you_mean(str(value), self.tasks_by_id)}")
        return None

    def top(self, raw: Mapping[str, Mapping[str, object]]) -> None:
        for file, table in raw.items():
            self.findings.extend(
                f"{file}: unknown key `{key}` above the records; {did_you_mean(key, sorted(_TOP[file]))}"
                for key in table
                if key not in _TOP[file]
            )

    def records(self, table: Mapping[str, object], kind: str, file: str) -> Iterator[dict[str, object]]:
        entries = table.get(kind)
        if not isinstance(entries, list) or not entries:
            self.findings.append(f"{file}: has no [[{kind}]] record")
            return
        for record in entries:
            if not isinstance(record, dict) or not isinstance(record.get("id"), str):
                self.findings.append(f"{file}: a [[{kind}]] record has no id")
                continue
            yield record

    def place(self, identifier: str, file: str) -> str:
        return f"{file}:{self.lines.get(identifier, 1)}"

    def keys(self, record: Mapping[str, object], allowed: set[str], place: str) -> None:
        self.findings.extend(
            f"{place}: unknown key `{key}` in `{record.get('id', '')}`; {did_you_mean(key, sorted(allowed))}"
            for key in record
            if key not in allowed
        )

    def text(self, record: Mapping[str, object], key: str, place: str, *, needed: bool = False) -> str:
        value = record.get(key, "")
        if not isinstance(value, str) or (needed and not value):
            self.findings.append(f"{place}: `{key}` must be a text")
            return ""
        return value

    def texts(self, record: Mapping[str, object], key: str, place: str) -> list[str]:
        value = record.get(key, [])
        if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
            self.findings.append(f"{place}: `{key}` must be a list of texts")
            return []
        return value

    def tables(self, record: Mapping[str, object], key: str, place: str) -> list[dict[str, object]]:
        value = record.get(key, [])
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            self.findings.append(f"{place}: `{key}` must be written as [[gap.{key}]]")
            return []
        return value

    def word(self, words: type[WordEnum], value: object, key: str, place: str) -> WordEnum | None:
        try:
            return words(str(value))
        except ValueError:
            self.findings.append(f"{place}: unknown {key} `{value}`; {did_you_mean(str(value), [str(word) for word in words])}")
            return None

    def is_word(self, words: tuple[str, ...], value: object, key: str, place: str) -> bool:
        """Return whether *value* is one of *words*; if it is not, that is a finding."""
        if str(value) in words:
            return True
        self.findings.append(f"{place}: unknown {key} `{value}`; {did_you_mean(str(value), words)}")
        return False

    def when(self, value: object, subject: str, place: str) -> When:
        if not isinstance(value, dict):
            self.findings.append(f"{place}: `when` must be a table of facts")
            return When()
        fact_types = self.words_of_facts.get(subject, {})
        facts = {}
        for name, words in value.items():
            if name not in fact_types:
                self.findings.append(f"{place}: unknown fact `{name}`; {did_you_mean(name, fact_types)}")
                continue
            values = words if isinstance(words, list) else [words]
            facts[name] = frozenset(str(word) for word in values if self.is_word(fact_types[name], word, name, place))
        return When(facts)

    def section(self, record: dict[str, object], above: Mapping[str, Section]) -> Section:
        identifier = str(record["id"])
        place = self.place(identifier, CLAUSES)
        self.keys(record, _SECTION, place)
        own = self.when(record["facts"], CASE, place) if "facts" in record else When()
        heading = _heading(identifier, above)
        facts = heading.facts.narrowed(own) if heading else own
        return Section(
            identifier,
            place,
            self.text(record, "line", place),
            self.text(record, "text", place, needed=True),
            facts,
            self.text(record, "complete", place),
        )

    def clause(self, record: dict[str, object], sections: Mapping[str, Section]) -> Statement:
        identifier = str(record["id"])
        place = self.place(identifier, CLAUSES)
        self.keys(record, _CLAUSE, place)
        not_operative = record.get("not_operative")
        ruling = _RULING & record.keys()
        subject = self.text(record, "on", place) or (CASE if ruling else "")
        if subject and subject not in SUBJECTS:
            self.findings.append(f"{place}: unknown `on` `{subject}`; {did_you_mean(subject, SUBJECTS)}")
        if not subject and not not_operative:
            self.findings.append(f"{place}: `{identifier}` decides nothing; add an outcome or tasks, or `not_operative` with the reason")
        if subject and not_operative:
            self.findings.append(f"{place}: `{identifier}` decides something and has `not_operative`; remove one of them")
        heading = _heading(identifier, sections)
        inherited, under = (heading.facts, heading.id) if heading else (When(), "")
        if subject == RETURN and inherited.facts:
            self.findings.append(f"{place}: `{identifier}` is about returns but below `{under}`, which is about cancellations; move it")
            inherited = When()
        return self.statement(record, identifier, place, subject, inherited, under, "")

    def statement(  # noqa: PLR0913 (one record, one call)
        self, record: Mapping[str, object], identifier: str, place: str, subject: str, inherited: When, section: str, gap: str
    ) -> Statement:
        modality = self.text(record, "modality", place)
        actor = self.party(record, "actor", place)
        system = self.party(record, "system", place)
        outcome = self.word(Outcome, record["outcome"], "outcome", place) if "outcome" in record else None
        if outcome is Outcome.UNSPECIFIED:
            self.findings.append(f"{place}: `unspecified` means that there is no outcome; remove `outcome`")
        own = self.when(record["when"], subject, place) if "when" in record else When()
        return Statement(
            id=identifier,
            place=place,
            line=self.text(record, "line", place),
            section=section,
            modality=modality,
            actor=actor,
            system=system,
            text=self.text(record, "text", place, needed=not gap),
            subject=subject,
            not_operative=self.text(record, "not_operative", place),
            when=inherited.narrowed(own),
            outcome=outcome,
            tasks=self.tasks(record, modality, actor, system, place),
            manner=self.text(record, "manner", place),
            over=self.over(record.get("over", []), place),
            rests_on=self.text(record, "rests_on", place),
            restates=self.text(record, "restates", place),
            like={name: next(iter(values)) for name, values in self.when(record.get("like", {}), subject, place).facts.items() if values},
            gap=gap,
        )

    def tasks(self, record: Mapping[str, object], modality: str, actor: str, system: str, place: str) -> tuple[Task, ...] | None:
        if "tasks" in record:
            if record["tasks"] != "none" or "task" in record:
                self.findings.append(f'{place}: `tasks` can only be "none", and not together with `task`')
            return ()
        if "task" not in record:
            self.findings.extend(
                f"{place}: `{key}` belongs to a `task`, but there is none; add one or remove it"
                for key in ("due", "instead_of")
                if key in record
            )
            return None
        names = record["task"] if isinstance(record["task"], list) else [record["task"]]
        force = self.word(Modality, modality, "modality of a task", place)
        keys = [self.task_key(name, "task", place) for name in names]
        due = self.word(Timing, record.get("due", Timing.NOW), "due", place)
        other = self.task_key(record["instead_of"], "instead_of", place) if "instead_of" in record else None
        return tuple(
            Task(force, key, actor, system, due, other) for key in keys if key is not None and force is not None and due is not None
        )

    def over(self, value: object, place: str) -> tuple[str, ...]:
        beaten = value if isinstance(value, list) else [value]
        if not all(isinstance(identifier, str) for identifier in beaten):
            self.findings.append(
                f"{place}: `over` must be a list of ids; if our reading overrides a clause, write it in a resolution of its gap"
            )
            return ()
        return tuple(beaten)

    def gap(self, record: dict[str, object]) -> Gap:
        identifier = str(record["id"])
        place = self.place(identifier, GAPS)
        self.keys(record, _GAP, place)
        subject = self.text(record, "on", place) or CASE
        when = self.when(record["when"], subject, place) if "when" in record else None
        cases = record.get("cases")
        if cases is not None and not isinstance(cases, int):
            self.findings.append(f"{place}: `cases` must be a whole number")
            cases = None
        if when is not None and cases is None:
            self.findings.append(f"{place}: `{identifier}` has a `when` but no number of `cases`; add `cases`")
        texts = {key: self.text(record, key, place, needed=True) for key in _GAP_TEXTS}
        readings = tuple(self.texts(record, "readings", place))
        rulings = self.rulings(record, identifier, place, subject, when, len(readings))
        answer = self.answer(record, identifier, place, rulings) if "answer" in record else None
        gap = Gap(
            **{key: texts[key] for key in _GAP_TEXTS},  # type: ignore[arg-type]
            place=place,
            readings=readings,
            subject=subject,
            when=when,
            cases=cases,
            watch=self.text(record, "watch", place),
            rulings=tuple(ruling for ruling in rulings if ruling.number),
            assumed=rulings[0],
            answer=answer,
        )
        return gap.under(next((ruling for ruling in rulings if answer is not None and ruling.number == answer.reading), rulings[0]))

    def rulings(  # noqa: PLR0913 (one record, one call)
        self, record: Mapping[str, object], identifier: str, place: str, subject: str, when: When | None, count: int
    ) -> list[Ruling]:
        """Return what each reading decides, first the one that we assume (with the number 0 if it is none of the *count* readings)."""
        rulings: list[Ruling] = []
        for entry in (record, *self.tables(record, "alternative", place)):
            if entry is not record:
                self.keys(entry, _ALTERNATIVE, place)
            number = entry.get("reading", 0 if entry is record else None)
            if type(number) is not int or not (0 if entry is record and "reading" not in record else 1) <= number <= count:
                self.findings.append(f"{place}: `reading` of `{identifier}` must be the number of one of its {count} `readings`")
                number = 0
            elif number and number in {ruling.number for ruling in rulings}:
                self.findings.append(f"{place}: `{identifier}` decides reading {number} twice; remove one, or correct its `reading`")
            rulings.append(
                Ruling(
                    number,
                    str(record["chosen"])
                    if entry is record and "chosen" in record
                    else self.text(entry, "chosen", place, needed=entry is not record),
                    tuple(self.texts(entry, "leaves_open", place)),
                    tuple(self.resolutions(entry, identifier, place, subject, when)),
                    tuple(self.dispositions(entry, place)),
                )
            )
        return rulings

    def answer(self, record: Mapping[str, object], identifier: str, place: str, rulings: Sequence[Ruling]) -> OwnersAnswer | None:
        """Return the owner's answer; a finding and None if it is not one."""
        entry = record["answer"]
        if not isinstance(entry, dict):
            self.findings.append(f"{place}: `answer` must be written as [gap.answer]")
            return None
        self.keys({"id": identifier, **entry}, _ANSWER | {"id"}, place)
        number, day = entry.get("reading"), entry.get("on")
        texts = {key: self.text(entry, key, place, needed=key == "by") for key in _ANSWER_TEXTS}
        if type(day) is not date:
            self.findings.append(f"{place}: `on` in the answer to `{identifier}` must be a date, such as 2026-12-01")
            return None
        numbers = [ruling.number for ruling in rulings if ruling.number]
        if type(number) is not int or number not in numbers:
            self.findings.append(
                f"{place}: `{identifier}` is answered with a `reading` that cannot be tried; {possible_readings_text(numbers)}"
            )
            return None
        return OwnersAnswer(number, texts["by"], day, texts["evidence"], texts["remark"])

    def dispositions(self, record: Mapping[str, object], place: str) -> Iterator[Disposition]:
        for entry in self.tables(record, "disposition", place):
            self.keys(entry, _DISPOSITION, place)
            check = self.word(QualityCheck, entry.get("quality_check"), "quality_check", place)
            stock, claim = self.text(entry, "stock", place, needed=True), entry.get("offline_claim")
            if not isinstance(claim, bool):
                self.findings.append(f"{place}: `offline_claim` must be true or false")
            elif check is not None:
                yield Disposition(str(check), stock, claim)

    def resolutions(
        self, record: Mapping[str, object], identifier: str, place: str, subject: str, when: When | None
    ) -> Iterator[Statement]:
        for number, entry in enumerate(self.tables(record, "resolution", place), start=1):
            self.keys(entry, _RESOLUTION, place)
            if when is None:
                self.findings.append(f"{place}: `{identifier}` has a resolution but no `when`; add the cases that it resolves")
                continue
            yield self.statement(entry, f"{identifier}.{number}", place, subject, when, "", identifier)

    def check_references(self, rulebook: Rulebook) -> None:
        statements = [statement.id for statement in rulebook.statements]
        for statement in rulebook.statements:
            references = [*(("over", over) for over in statement.over), ("rests_on", statement.rests_on), ("restates", statement.restates)]
            self.findings.extend(
                f"{statement.place}: `{key}` names `{identifier}`; {did_you_mean(identifier, statements)}"
                for key, identifier in references
                if identifier and identifier not in statements
            )


def possible_readings_text(numbers: Sequence[int]) -> str:
    """Return which readings of a gap can be tried, for a message."""
    return f"expected one of {', '.join(map(str, numbers))}" if numbers else "none of its readings can be; state `reading` first"


def _heading(identifier: str, sections: Mapping[str, Section]) -> Section | None:
    """Return the innermost heading above *identifier*, by its id."""
    above = [section for section in sections.values() if identifier.startswith(section.id + "-")]
    return max(above, key=lambda section: len(section.id), default=None)

"""Reader of a rulebook: parses two TOML registers into statements, headings and gaps.

Every key, word and id is checked; an invalid register is refused with one line per reason, each with ``file:line``.
`sop_engine.verification` checks the statements together.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable

from sop_engine.errors import did_you_mean
from sop_engine.ids import ID
from sop_engine.input_files import UnreadableFileError, text_of
from sop_engine.loading.gaps import GapReader
from sop_engine.stages import LIFE_NAMES, StageWords
from sop_engine.statement import Gap, Section, Statement
from sop_engine.tasks import TaskKey, TaskWords
from sop_engine.versions import CLAUSES, GAPS, NAME, chosen_version, content_of, parse_register

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
    TaskKey.add_words(rulebook.tasks)
    return rulebook


@dataclass
class _Reader(GapReader):
    digest: str = ""

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

    def top(self, raw: Mapping[str, Mapping[str, object]]) -> None:
        for file, table in raw.items():
            self.findings.extend(
                f"{file}: unknown key `{key}` above the records; {did_you_mean(key, sorted(_TOP[file]))}"
                for key in table
                if key not in _TOP[file]
            )

    def check_references(self, rulebook: Rulebook) -> None:
        statements = [statement.id for statement in rulebook.statements]
        for statement in rulebook.statements:
            references = [*(("over", over) for over in statement.over), ("rests_on", statement.rests_on), ("restates", statement.restates)]
            self.findings.extend(
                f"{statement.location}: `{key}` names `{identifier}`; {did_you_mean(identifier, statements)}"
                for key, identifier in references
                if identifier and identifier not in statements
            )

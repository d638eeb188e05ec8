"""Behaviour: the decision table of a rulebook, which can be saved, read and compared.

One row for each situation under each reading: every case (256 with eight stages) and 4 returned units, as written and as practised.
A table has the stages of its rulebook, which may be others than those of the rulebook that this process reads.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from itertools import product
from pathlib import Path
from typing import Any

from sop_engine.case import Stage, cases_with
from sop_engine.decision import Answer, Modality, Outcome, Reading, Task, Timing
from sop_engine.engine import Engine
from sop_engine.errors import SopError
from sop_engine.input_files import parse_json, read_text
from sop_engine.loading.words import FACTS_OF
from sop_engine.returns import ReturnDecision
from sop_engine.stages import name_findings
from sop_engine.statement import CASE
from sop_engine.tasks import TaskKey
from sop_engine.text import counted, data_error_text, path_shown, quoted, visible
from sop_engine.verification import SITUATIONS, STAGE, SituationKey

VERSION = 1
APPROVE_AGAIN = "save a new baseline with `sop approve`"
ANSWER_PARTS = ("outcome", "tasks", "clauses", "gaps", "manner", "stock", "offline_claim")
"""The parts of an answer, in the order of importance; the other fields are its sources."""


TaskWords = tuple[tuple[str, ...], ...]


class BehaviourError(SopError):
    """A saved table that cannot be used."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {visible(reason)}; {APPROVE_AGAIN}")


@dataclass(frozen=True, slots=True)
class TableRow:
    """The answer to one situation; tasks are in the form of `task_words`, ``None`` is an open question."""

    outcome: str
    tasks: TaskWords | None
    clauses: tuple[str, ...]
    gaps: tuple[str, ...]
    manner: str = ""
    stock: str = ""
    offline_claim: bool = False
    outcome_by: tuple[str, ...] = ()
    tasks_by: tuple[str, ...] = ()

    def differs(self, other: "TableRow") -> tuple[str, ...]:
        """Return the parts of the answer that differ."""
        return tuple(part for part in ANSWER_PARTS if getattr(self, part) != getattr(other, part))


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Every answer of a rulebook, by subject, reading and values."""

    name: str
    sha256: str
    rows: Mapping[SituationKey, TableRow]

    @classmethod
    def of(cls, engine: Engine) -> "Behaviour":
        """Return the behaviour of a verified rulebook."""
        rows = {key: table_row(answer, engine.returns.get((key[2][0], key[1]))) for key, answer in engine.proof.answers.items()}
        return cls(engine.rulebook.name, engine.rulebook.sha256, rows)

    def to_text(self) -> str:
        """Return the table as JSON with a line for each situation, so that a text diff shows what changed."""
        head = json.dumps({"version": VERSION, "rulebook": {"name": self.name, "sha256": self.sha256}})[:-1]
        lines = (
            json.dumps({"subject": subject, "reading": reading, "facts": values, **asdict(row)}, ensure_ascii=False)
            for (subject, reading, values), row in self.rows.items()
        )
        return f'{head}, "rows": [\n' + ",\n".join(lines) + "\n]}\n"

    @classmethod
    def read(cls, file: Path) -> "Behaviour":
        """Read the table in *file*, which `to_text` wrote.

        Raises:
            UnreadableFileError: the file cannot be read.
            BehaviourError: it is not such a table, or does not contain every situation once.
        """
        return cls.from_text(read_text(file, APPROVE_AGAIN), path_shown(file))

    @classmethod
    def from_text(cls, text: str, where: str) -> "Behaviour":
        """Parse the table that `to_text` wrote; *where* names it in errors.

        Raises:
            BehaviourError: it is not such a table, or does not contain every situation once.
        """
        try:
            document = parse_json(text.encode())
            listed = _listed_rows(document, where)
            rows = {_situation_key(row): _row_from_json(row) for row in listed}
            name, sha256 = document["rulebook"]["name"], document["rulebook"]["sha256"]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BehaviourError(where, f"is not a table of answers ({data_error_text(error)})") from None
        keys = [*situation_keys(_stages_in(rows))]
        missing = [key for key in keys if key not in rows]
        if missing or len(rows) != len(listed) or len(rows) != len(keys):
            problem = " / ".join(missing[0][2]) if missing else "a situation is repeated or unknown"
            raise BehaviourError(where, f"is not a table of every situation: {problem}")
        return cls(str(name), str(sha256), rows)


def situation_keys(stages: Sequence[str] = tuple(Stage)) -> Iterator[SituationKey]:
    """Yield every situation of a rulebook with *stages* under every reading."""
    for subject, world in SITUATIONS.items():
        listed = [case.facts for case in cases_with(stages)] if subject == CASE else world
        for reading, facts in product(Reading, listed):
            yield subject, reading, tuple(facts.values())


def _stages_in(rows: Mapping[SituationKey, TableRow]) -> tuple[str, ...]:
    """Return the stages of the cases of a table, in its order; those of this process if they cannot be the stages of a rulebook."""
    names = tuple(dict.fromkeys(values[STAGE] for subject, _, values in rows if subject == CASE))
    return tuple(map(str, Stage)) if any(True for _ in name_findings(names)) else names


def task_words(task: Task) -> tuple[str, ...]:
    """Return modality, task, actor and system; then due time and alternative, if they are not "now" and none."""
    words = (str(task.modality), str(task.task), task.actor, task.system)
    if task.instead_of is not None:
        return (*words, str(task.when), str(task.instead_of))
    return words if task.when is Timing.NOW else (*words, str(task.when))


def task_from_words(words: Sequence[str]) -> Task:
    """Parse the task from the *words* of `task_words`.

    Raises:
        ValueError: there are too few words, too many, or unknown ones.
    """
    modality, key, actor, system, when, other = (*words, *(str(Timing.NOW), "")[len(words) - 4 :])
    return Task(Modality(modality), TaskKey(key), actor, system, Timing(when), TaskKey(other) if other else None)


def table_row(answer: Answer, place: ReturnDecision | None) -> TableRow:
    """Return *answer* as a row; *place* is the answer to a returned unit, None for a case."""
    return TableRow(
        outcome=str(answer.outcome),
        tasks=None if answer.tasks is None else tuple(map(task_words, answer.tasks)),
        clauses=answer.clauses,
        gaps=answer.gaps,
        manner=answer.manner,
        stock=(place.stock or "none") if place is not None else "",
        offline_claim=place.offline_claim if place is not None else False,
        outcome_by=answer.outcome_by,
        tasks_by=answer.tasks_by,
    )


def _listed_rows(document: Any, where: str) -> list[Any]:
    if not isinstance(document, dict):
        raise ValueError("it is not a JSON object")  # noqa: TRY004 - the type of data, not of an argument
    if document["version"] != VERSION:
        raise BehaviourError(where, f"has version {visible(repr(document['version']))[:40]}, expected {VERSION}")
    if not isinstance(document["rows"], list):
        raise ValueError("`rows` is not a list")  # noqa: TRY004 - as above
    return document["rows"]


def _situation_key(row: Mapping[str, Any]) -> SituationKey:
    if row["subject"] not in FACTS_OF:
        raise ValueError(f"unknown subject {quoted(str(row['subject']))}")
    types = FACTS_OF[row["subject"]]
    if len(row["facts"]) != len(types):
        raise ValueError(f"{counted(len(row['facts']), 'fact')} in a row, expected {len(types)}")
    values = tuple(
        value if name == "stage" and isinstance(value, str) else str(words(value))  # the stages are checked together
        for (name, words), value in zip(types.items(), row["facts"], strict=True)
    )
    return row["subject"], Reading(row["reading"]), values


def _row_from_json(row: Mapping[str, Any]) -> TableRow:
    parts = {part.name: row[part.name] for part in fields(TableRow)}
    if row.keys() != parts.keys() | {"subject", "reading", "facts"}:
        unknown = sorted(row.keys() - parts.keys() - {"subject", "reading", "facts"})
        raise ValueError(f"unknown {', '.join(map(quoted, unknown))} in a row")
    for name in ("clauses", "gaps", "outcome_by", "tasks_by"):
        parts[name] = tuple(map(str, parts[name]))
    if parts["tasks"] is not None:
        parts["tasks"] = tuple(task_words(task_from_words([*map(str, words)])) for words in parts["tasks"])
    return TableRow(**parts | {"outcome": str(Outcome(parts["outcome"]))})

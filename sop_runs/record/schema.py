"""Types of the lines of a run record; the writer and the reader use them, and the reader checks them.

Line numbers count from 1, indexes and cells from 0. Keys that a later writer adds are ignored. The published form is
``sop_engine/schemas/run-record.schema.json``.
"""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from sop_runs.problem import Problem

VERSION: Literal[2] = 2
StepKind = Literal["given", "when", "then"]
"""Kinds of steps; And, But and * have the kind of the step before."""


class NamedHash(Struct, frozen=True):
    """A name and the hash of what it names."""

    name: str
    sha256: str


class SelectionRecord(Struct, frozen=True):
    """The selection of a run; None in a part means no limit. `examples` has the ids of single examples by path, of the files that have it."""

    paths: tuple[str, ...] | None
    keyword: str | None
    tags: str | None
    shard: str | UnsetType | None = UNSET
    examples: dict[str, tuple[str, ...]] | UnsetType = UNSET


class CodeRecord(Struct, frozen=True):
    """The code of a run: package (or module) to sha256 of its source, library to version."""

    packages: dict[str, str]
    libraries: dict[str, str]


class DriverRecord(Struct, frozen=True):
    """The system that answered instead of this project's engine, as it named itself: what it `offers`, and which `readings` of the SOP.

    Its address is not in the record, which is the same for the same system wherever it runs; ``driver.json`` beside the record has it.
    """

    name: str
    version: str
    contract: str
    offers: tuple[str, ...]
    readings: tuple[str, ...]

    @property
    def title(self) -> str:
        """Name and version, for messages about one answer."""
        return f"{self.name} {self.version}"

    @property
    def words(self) -> str:
        """What it is, for what is said of a run: ``the server Our OMS, version 4.7.1``."""
        return f"the server {self.name}, version {self.version}"


class Manifest(Struct, frozen=True, tag_field="type", tag="manifest", kw_only=True, omit_defaults=True):
    """First line: the plan of the run. `features` is path to sha256, `binding_findings` the findings in the step definitions.

    `code` is the code that ran. It has no influence on the verdict, but a record of other code cannot be approved; neither can one
    with a `driver`, which is of another system.

    `file_findings` are about files that are not read or have an unclear name. `beside` names feature files, and folders with some
    (ending with ``/``), that lie beside the specification and do not run. `installed` is true if there was no features folder, so
    that the specification installed with the program ran.
    """

    version: Literal[2]
    state: Literal["running"]
    reading: str
    features: dict[str, str]
    rulebook: NamedHash
    code: CodeRecord
    selection: SelectionRecord | None
    written: int
    expected: int
    binding_findings: tuple[Problem, ...] = ()
    file_findings: tuple[Problem, ...] = ()
    beside: tuple[str, ...] = ()
    installed: bool = False
    driver: DriverRecord | None = None


class Surroundings(Struct, frozen=True):
    """What lies in and around a specification besides the feature files that are read; the fields are those of the manifest."""

    file_findings: tuple[Problem, ...] = ()
    beside: tuple[str, ...] = ()
    installed: bool = False


class SectionRecord(Struct, frozen=True):
    """A heading of the SOP: the facts that it states, and why an allowed cancellation below it needs no other task."""

    id: str
    line: str | int
    text: str
    facts: dict[str, list[str]] | UnsetType = UNSET
    complete: str | UnsetType | None = UNSET


class ClauseRecord(Struct, frozen=True):
    """A clause: a sentence of the SOP in our words, and what it decides. Older records do not have that."""

    id: str
    line: str | int
    section: str | None
    modality: str
    actor: str | None
    system: str | None
    text: str
    operative: bool
    why_not_operative: str | None
    over: list[Any] = []
    restates: str | None = None
    rules_on: str | None = None
    rests_on: str | None = None
    when: dict[str, list[str]] | UnsetType = UNSET
    outcome: str | UnsetType | None = UNSET
    tasks: list[dict[str, str]] | UnsetType | None = UNSET
    manner: str | UnsetType | None = UNSET
    like: dict[str, str] | UnsetType = UNSET


class GapRecord(Struct, frozen=True):
    """A gap: a question that the SOP leaves open, what we decide meanwhile, and what other readings would decide.

    Older records have no `when`, no decisions and no other readings.
    """

    id: str
    title: str
    kind: str
    aspect: str
    nearest: str
    readings: list[str]
    chosen: str
    why: str
    question: str
    cases: int | None
    leaves_open: list[str] = []
    rules_on: str | None = None
    watch: str | None = None
    when: dict[str, list[str]] | UnsetType | None = UNSET
    resolutions: list[dict[str, Any]] | UnsetType = UNSET
    dispositions: list[dict[str, Any]] | UnsetType = UNSET
    reading: int | UnsetType = UNSET
    alternatives: list[dict[str, Any]] | UnsetType = UNSET
    answer: dict[str, Any] | None = None


class TaskRecord(Struct, frozen=True):
    """A task that statements name, with its words."""

    id: str
    rules_on: str
    words: str
    short: str
    code: str | None = None
    chosen: str | None = None


class StageRecord(Struct, frozen=True):
    """A stage of an order, and what it means."""

    id: str
    words: str


class RulebookRecord(Struct, frozen=True, tag_field="type", tag="rulebook", kw_only=True):
    """The rulebook of the run."""

    name: str
    title: str | UnsetType = UNSET
    dated: str | UnsetType | None = UNSET
    follows: list[str] | UnsetType = UNSET
    lines: int | UnsetType = UNSET
    sha256: str
    sections: list[SectionRecord]
    clauses: list[ClauseRecord]
    gaps: list[GapRecord]
    tasks: list[TaskRecord] | UnsetType = UNSET
    actors: list[str] | UnsetType = UNSET
    systems: list[str] | UnsetType = UNSET
    stages: list[StageRecord] | UnsetType = UNSET


class WrittenStep(Struct, frozen=True):
    """A step as written, with its placeholders."""

    line: int
    keyword: str
    text: str
    table: list[list[str]] | None
    docstring: str | None
    column: int = 1
    table_lines: list[int] = []


class Background(Struct, frozen=True):
    """Steps that run before those of every scenario."""

    line: int
    name: str
    description: str
    steps: list[WrittenStep]


class ExampleRow(Struct, frozen=True):
    """A row of an Examples table, and the id of its example."""

    line: int
    cells: list[str]
    instance: str


class ExamplesTable(Struct, frozen=True):
    """An Examples table."""

    line: int
    tags: list[str]
    name: str
    description: str
    header: list[str]
    rows: list[ExampleRow]
    header_line: int | None = None


class WrittenScenario(Struct, frozen=True, tag_field="kind", tag="scenario"):
    """A scenario (`instance` is the id of its example) or an outline (the ids are in its rows)."""

    keyword: str
    line: int
    tags: list[str]
    name: str
    description: str
    steps: list[WrittenStep]
    examples: list[ExamplesTable]
    instance: str | None


class WrittenRule(Struct, frozen=True, tag_field="kind", tag="rule"):
    """A Rule with its scenarios."""

    line: int
    tags: list[str]
    name: str
    description: str
    background: Background | None
    children: list[WrittenScenario]


class Comment(Struct, frozen=True):
    """A comment line of a feature file."""

    line: int
    text: str


class FeatureDocument(Struct, frozen=True):
    """A parsed feature file."""

    tags: list[str]
    name: str
    description: str
    line: int
    background: Background | None
    children: list[WrittenScenario | WrittenRule]
    language: str = "en"
    comments: list[Comment] = []

    @property
    def scenarios(self) -> list[WrittenScenario]:
        """Return its scenarios and outlines in document order, including those of Rules."""
        return [scenario for child in self.children for scenario in (child.children if isinstance(child, WrittenRule) else (child,))]


class FeatureRecord(Struct, frozen=True, tag_field="type", tag="feature"):
    """A feature file; `document` is null if it cannot be parsed."""

    path: str
    sha256: str
    text: str
    document: FeatureDocument | None
    findings: list[Problem]


class StepError(Struct, frozen=True):
    """Why a step did not pass."""

    message: str
    expected: Any = None
    actual: Any = None


class Claim(Struct, frozen=True):
    """One assertion about the system under test.

    `subject` is the case, order or return, `facet` the part of the answer, `cell` the row and column in the step's table, `step`
    the number of the step in its scenario.
    """

    subject: dict[str, Any]
    reading: str | None
    facet: str
    expected: Any
    actual: Any
    holds: bool
    step: int | None
    cell: tuple[int, int] | None = None


class StepRecord(Struct, frozen=True):
    """A step of one example with its result; `columns` are the Examples columns it uses, `claims` are indexes into the scenario's claims."""

    line: int
    keyword: str
    text: str
    kind: StepKind
    columns: tuple[str, ...]
    table: tuple[tuple[str, ...], ...] | None
    docstring: str | None
    status: str
    error: StepError | None
    claims: list[int]


class ScenarioRecord(Struct, frozen=True, tag_field="type", tag="scenario"):
    """One example with its result; `line` is that of the scenario or outline, `row` that of its Examples row."""

    id: str
    feature: str
    rule: str | None
    name: str
    outline: str | None
    line: int
    row: int | None
    tags: tuple[str, ...]
    status: str
    steps: list[StepRecord]
    claims: list[Claim]

    @property
    def key(self) -> tuple[str, str]:
        """Return feature and id, which identify an example in a run."""
        return self.feature, self.id

    @property
    def place(self) -> int:
        """Return the line of the example: its row, or its scenario."""
        return self.row or self.line


class Counts(Struct, frozen=True):
    """Numbers of examples: *written* in the files, *expected* to run, *executed*, *passed*, *failed*."""

    written: int = 0
    expected: int = 0
    executed: int = 0
    passed: int = 0
    failed: int = 0


class Closing(Struct, frozen=True, tag_field="type", tag="closing"):
    """Last line: how the run ended."""

    state: Literal["complete", "interrupted"]
    counts: Counts
    findings: int


Line = Manifest | RulebookRecord | FeatureRecord | ScenarioRecord | Closing

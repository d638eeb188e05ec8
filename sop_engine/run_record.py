"""The shape of every line of a run record, as types; :mod:`sop_engine.checking` checks them at run time.

Line numbers count from one, indexes and cells from zero. Keys that a later writer adds are allowed.
"""

from typing import Any, Literal, NotRequired, TypedDict


class NamedHash(TypedDict):
    """A name and the hash of what it names."""

    name: str
    sha256: str


class Selected(TypedDict):
    """What was asked for; None in a part means no limit."""

    paths: list[str] | None
    keyword: str | None
    tags: str | None
    shard: NotRequired[str | None]


class Manifest(TypedDict):
    """First line: what the run set out to do."""

    type: Literal["manifest"]
    version: Literal[1]
    reading: str
    features: dict[str, str]
    rulebook: NamedHash
    selection: Selected | None
    written: int
    expected: int


class Section(TypedDict):
    """A heading of the SOP."""

    id: str
    line: str | int
    text: str


class Clause(TypedDict):
    """A sentence of the SOP in our words."""

    id: str
    line: str | int
    section: str | None
    modality: str
    actor: str | None
    system: str | None
    text: str
    operative: bool
    why_not_operative: str | None


class Gap(TypedDict):
    """A question the SOP leaves open."""

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


class Rulebook(TypedDict):
    """The registers the run was made with."""

    type: Literal["rulebook"]
    name: str
    title: NotRequired[str]
    sha256: str
    sections: list[Section]
    clauses: list[Clause]
    gaps: list[Gap]


class WrittenStep(TypedDict):
    """A step as written, placeholders and all."""

    line: int
    keyword: str
    text: str
    table: list[list[str]] | None
    docstring: str | None


class Background(TypedDict):
    """Steps that come before those of every scenario."""

    line: int
    name: str
    description: str
    steps: list[WrittenStep]


class ExampleRow(TypedDict):
    """A row of an Examples table and the instance it makes."""

    line: int
    cells: list[str]
    instance: str


class Examples(TypedDict):
    """An Examples table."""

    line: int
    tags: list[str]
    name: str
    description: str
    header: list[str]
    rows: list[ExampleRow]


class WrittenScenario(TypedDict):
    """A scenario (then `instance` names it) or an outline (then its rows do)."""

    kind: Literal["scenario"]
    keyword: str
    line: int
    tags: list[str]
    name: str
    description: str
    steps: list[WrittenStep]
    examples: list[Examples]
    instance: str | None


class WrittenRule(TypedDict):
    """A Rule with its scenarios."""

    kind: Literal["rule"]
    line: int
    tags: list[str]
    name: str
    description: str
    background: Background | None
    children: list[WrittenScenario]


class Document(TypedDict):
    """A feature file, parsed."""

    tags: list[str]
    name: str
    description: str
    line: int
    background: Background | None
    children: list[WrittenScenario | WrittenRule]


class Finding(TypedDict):
    """Something wrong with a feature file, found before the run."""

    path: str
    line: int
    column: int
    rule: str
    message: str
    remedy: str
    suggestion: str | None


class Feature(TypedDict):
    """A feature file; `document` is null where it cannot be parsed."""

    type: Literal["feature"]
    path: str
    sha256: str
    text: str
    document: Document | None
    findings: list[Finding]


class StepError(TypedDict):
    """What a step said when it went wrong."""

    message: str
    expected: Any
    actual: Any


class Step(TypedDict):
    """What became of a step of one instance."""

    line: int
    keyword: str
    text: str
    kind: Literal["given", "when", "then"]
    columns: list[str]
    table: list[list[str]] | None
    docstring: str | None
    status: str
    error: StepError | None
    claims: list[int]


class Claim(TypedDict):
    """One check; `cell` is the row and column of the step's table that it belongs to."""

    subject: dict[str, Any]
    reading: str | None
    facet: str
    expected: Any
    actual: Any
    holds: bool
    cell: list[int] | None
    step: int | None


class Scenario(TypedDict):
    """What became of one instance."""

    type: Literal["scenario"]
    id: str
    feature: str
    rule: str | None
    name: str
    outline: str | None
    line: int
    row: int | None
    tags: list[str]
    status: str
    steps: list[Step]
    claims: list[Claim]


class Counts(TypedDict):
    """Examples, counted."""

    written: int
    expected: int
    executed: int
    passed: int
    failed: int


class Closing(TypedDict):
    """Last line: how the run ended."""

    type: Literal["closing"]
    state: Literal["complete", "interrupted"]
    counts: Counts
    findings: int


LINES: dict[str, Any] = {
    "manifest": Manifest,
    "rulebook": Rulebook,
    "feature": Feature,
    "scenario": Scenario,
    "closing": Closing,
}

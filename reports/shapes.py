"""The shape of every line of a run record, as types; :mod:`reports.checking` checks them at run time.

Line numbers count from one, indexes and cells from zero. Keys that a later writer adds are allowed.
"""

from typing import Any, Literal, NotRequired, TypedDict


class NamedHash(TypedDict):
    name: str
    sha256: str


class Manifest(TypedDict):
    type: Literal["manifest"]
    version: Literal[1]
    reading: str
    features: dict[str, str]
    rulebook: NamedHash
    selection: dict[str, Any] | None
    written: int
    expected: int


class Section(TypedDict):
    id: str
    line: str | int
    text: str


class Clause(TypedDict):
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
    type: Literal["rulebook"]
    name: str
    title: NotRequired[str]
    sha256: str
    sections: list[Section]
    clauses: list[Clause]
    gaps: list[Gap]


class WrittenStep(TypedDict):
    line: int
    keyword: str
    text: str
    table: list[list[str]] | None
    docstring: str | None


class Background(TypedDict):
    line: int
    name: str
    description: str
    steps: list[WrittenStep]


class ExampleRow(TypedDict):
    line: int
    cells: list[str]
    instance: str


class Examples(TypedDict):
    line: int
    tags: list[str]
    name: str
    description: str
    header: list[str]
    rows: list[ExampleRow]


class WrittenScenario(TypedDict):
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
    kind: Literal["rule"]
    line: int
    tags: list[str]
    name: str
    description: str
    background: Background | None
    children: list[WrittenScenario]


class Document(TypedDict):
    tags: list[str]
    name: str
    description: str
    line: int
    background: Background | None
    children: list[WrittenScenario | WrittenRule]


class Finding(TypedDict):
    path: str
    line: int
    column: int
    rule: str
    message: str
    remedy: str
    suggestion: str | None


class Feature(TypedDict):
    type: Literal["feature"]
    path: str
    sha256: str
    text: str
    document: Document | None
    findings: list[Finding]


class StepError(TypedDict):
    message: str
    expected: Any
    actual: Any


class Step(TypedDict):
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
    subject: dict[str, Any]
    reading: str | None
    facet: str
    expected: Any
    actual: Any
    holds: bool
    cell: list[int] | None
    step: int | None


class Scenario(TypedDict):
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
    written: int
    expected: int
    executed: int
    passed: int
    failed: int


class Closing(TypedDict):
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

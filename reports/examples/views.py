"""Plain data of a scenario on a page: parts, cells, rows, tables, steps."""

from msgspec import Struct

from reports.examples.status_marks import Status


class Part(Struct, frozen=True):
    """A part of a step's text: plain, a placeholder, or an expected or actual value."""

    kind: str
    text: str


class Cell(Struct, frozen=True):
    """A cell as written; with a status if it is a check, and with the actual value if that differs. A ``placeholder`` is named by its text."""

    text: str
    status: Status | None = None
    actual: str | None = None
    placeholder: bool = False


class Row(Struct, frozen=True):
    """A row of a table. ``mismatch``: None, or *missing* (expected, not found) or *surplus* (found, not expected)."""

    cells: tuple[Cell, ...]
    status: Status | None = None
    anchor: str | None = None
    line: int | None = None
    notes: tuple[str, ...] = ()
    mismatch: str | None = None


class Table(Struct, frozen=True):
    """A table as written; ``checks`` has for each column whether anything in it is asserted."""

    rows: tuple[Row, ...]
    header: tuple[str, ...] = ()
    checks: tuple[bool, ...] = ()
    name: str = ""
    description: str = ""

    @property
    def width(self) -> int:
        """Number of columns."""
        return max((len(row.cells) for row in self.rows), default=1)


class StepView(Struct, frozen=True):
    """A step; its status is shown if it is a check or if it failed."""

    keyword: str
    parts: tuple[Part, ...]
    status: Status | None
    summary: str = ""
    notes: tuple[str, ...] = ()
    table: Table | None = None
    docstring: str | None = None
    background: bool = False

    @property
    def plain_text(self) -> str | None:
        """Its text, if that has one part, which is text."""
        part = self.parts[0] if len(self.parts) == 1 else None
        return part.text if part is not None and part.kind == "text" else None

    @property
    def has_more(self) -> bool:
        """Whether it has anything but its text and its status."""
        return bool(self.summary or self.table or self.notes) or self.docstring is not None


class FailureView(Struct, frozen=True):
    """One failed example, for the list of failures."""

    href: str
    name: str
    values: str
    notes: tuple[str, ...]
    place: str


class ScenarioView(Struct, frozen=True):
    """A scenario, or an outline with its rows. ``href`` is its address in the site."""

    anchor: str
    href: str
    keyword: str
    name: str
    description: str
    place: str
    rule: str
    rule_description: str
    tags: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    status: Status
    summary: str
    steps: tuple[StepView, ...]
    tables: tuple[Table, ...]
    statuses: tuple[Status, ...]
    failures: tuple[FailureView, ...] = ()
    cited: tuple[str, ...] = ()

    @property
    def own_steps(self) -> tuple[StepView, ...]:
        """The steps that are written in it: without those of a Background, unless one of those failed."""
        wrong = any(step.background and step.status for step in self.steps)
        return self.steps if wrong else tuple(step for step in self.steps if not step.background)

    @property
    def own_tags(self) -> tuple[str, ...]:
        """Its own tags and those of its Examples, without those of its Rule and its feature."""
        examples, scenario, *_ = self.levels
        return tuple(dict.fromkeys((*scenario, *examples)))

    @property
    def line(self) -> str:
        """The line of its file on which it begins."""
        return self.place.rpartition(":")[2]

"""The SOP with a run painted onto it, as plain data in reading order. Nothing is decided here."""

from dataclasses import dataclass

from reports.document.gaps import Role
from reports.document.verdict_band import Band, Trouble
from reports.examples.status_marks import Status
from reports.examples.views import FailureView, ScenarioView

Tally = tuple[tuple[Status, int], ...]
LinkedText = tuple[tuple[str, str | None], ...]
"""Text in pieces, each with the address of what it names, if it is an id that the site has a place for."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the site, and what to call it; ``short`` is its id where it has one."""

    href: str
    text: str
    status: Status | None = None
    short: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Scenarios of one Rule, under its sentence."""

    rule: str
    description: str
    path: str
    scenarios: tuple[ScenarioView, ...]


@dataclass(frozen=True, slots=True)
class ClauseView:
    """A sentence of the SOP in our words, and what its examples showed."""

    id: str
    line: str
    text: str
    modality: str
    actor: str
    system: str
    status: Status
    result: Status
    summary: str
    why_not: LinkedText
    groups: tuple[Group, ...]
    elsewhere: tuple[Link, ...]
    gaps: tuple[Link, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class GapView:
    """A question the SOP leaves open: readings, our choice, what to watch until it is answered, and what it does to the answers.

    ``reach`` says how many cases it has, in words; ``leaves_open`` which parts of their answers stay open as practised too.
    """

    id: str
    title: str
    kind: str
    aspect: str
    nearest: LinkedText
    readings: tuple[str, ...]
    chosen: LinkedText
    why: LinkedText
    question: LinkedText
    watch: LinkedText
    role: Role
    leaves_open: tuple[str, ...]
    cases: int | None
    reach: str
    status: Status
    result: Status
    summary: str
    groups: tuple[Group, ...]
    elsewhere: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Intro:
    """A feature file's own words about a heading, in Markdown."""

    name: str
    description: str
    path: str


@dataclass(frozen=True, slots=True)
class SectionView:
    """A heading of the SOP with its sentences; ``depth`` 2 stands under one of depth 1."""

    id: str
    title: str
    text: str
    line: str
    depth: int
    intros: tuple[Intro, ...]
    clauses: tuple[ClauseView, ...]
    tally: Tally


@dataclass(frozen=True, slots=True)
class PartView:
    """One of the document's big parts."""

    id: str
    title: str
    clauses: tuple[ClauseView, ...]
    sections: tuple[SectionView, ...]
    tally: Tally

    @property
    def all_clauses(self) -> tuple[ClauseView, ...]:
        """Its own sentences and those of its headings, in document order."""
        return (*self.clauses, *(clause for section in self.sections for clause in section.clauses))


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the summary: so many of so many, what they are, and where they stand (empty: nowhere)."""

    number: int
    of: int | None
    label: str
    note: str
    status: Status
    href: str


@dataclass(frozen=True, slots=True)
class LivingDocument:
    """The whole SOP: parts in document order, open questions, the result of the run, and everything that is wrong."""

    title: str
    reading: str
    rulebook: str
    band: Band
    failures: tuple[FailureView, ...]
    findings: tuple[Trouble, ...]
    figures: tuple[Figure, ...]
    filters: Tally
    parts: tuple[PartView, ...]
    gaps: tuple[GapView, ...]
    gap_tally: Tally
    loose: tuple[Group, ...]

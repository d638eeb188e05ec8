"""The SOP with the results of a run, as plain data in reading order, without any rule."""

import msgspec

from reports.document.gaps import Role
from reports.document.verdict_band import Band, LocatedFinding
from reports.examples.status_marks import Status
from reports.examples.views import FailureView, ScenarioView

Tally = tuple[tuple[Status, int], ...]
LinkedText = tuple[tuple[str, str | None], ...]
"""Text in pieces, each with an address if it is an id that has a place in the site."""


class Link(msgspec.Struct, frozen=True):
    """A place in the site and its name; ``short`` is its id, if it has one."""

    href: str
    text: str
    status: Status | None = None
    short: str = ""


class Group(msgspec.Struct, frozen=True):
    """Scenarios of one Rule, under its clause."""

    rule: str
    description: str
    path: str
    scenarios: tuple[ScenarioView, ...]


class ClauseView(msgspec.Struct, frozen=True):
    """A clause of the SOP in our words, with the results of its examples."""

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
    also_shown_by: tuple[Link, ...]
    gaps: tuple[Link, ...]
    depth: int


class GapView(msgspec.Struct, frozen=True):
    """A gap: its readings, our choice, what to watch until it is answered, and its effect on the answers.

    ``reach`` is its number of cases, in words; ``leaves_open`` names the parts of their answers that stay open as practised too.
    ``answered`` is ``decided by … on …`` if the owner has answered the question, otherwise empty.
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
    also_shown_by: tuple[Link, ...]
    answered: str
    evidence: str
    remark: str


class Intro(msgspec.Struct, frozen=True):
    """The description of a heading in a feature file, in Markdown."""

    name: str
    description: str
    path: str


class SectionView(msgspec.Struct, frozen=True):
    """A heading of the SOP with its clauses; one of ``depth`` 2 is below one of depth 1."""

    id: str
    title: str
    text: str
    line: str
    depth: int
    intros: tuple[Intro, ...]
    clauses: tuple[ClauseView, ...]
    tally: Tally


class PartView(msgspec.Struct, frozen=True):
    """A main part of the document."""

    id: str
    title: str
    clauses: tuple[ClauseView, ...]
    sections: tuple[SectionView, ...]
    tally: Tally

    @property
    def all_clauses(self) -> tuple[ClauseView, ...]:
        """Return its own clauses and those of its headings, in document order."""
        return (*self.clauses, *(clause for section in self.sections for clause in section.clauses))


class Figure(msgspec.Struct, frozen=True):
    """A number of the summary: count, total, label and address (empty: none)."""

    number: int
    of: int | None
    label: str
    note: str
    status: Status
    href: str


class LivingDocument(msgspec.Struct, frozen=True):
    """The whole SOP: parts in document order, open questions, the result of the run, and all failures and findings."""

    title: str
    reading: str
    rulebook: str
    band: Band
    failures: tuple[FailureView, ...]
    findings: tuple[LocatedFinding, ...]
    figures: tuple[Figure, ...]
    filters: Tally
    parts: tuple[PartView, ...]
    gaps: tuple[GapView, ...]
    unlinked: tuple[Group, ...]

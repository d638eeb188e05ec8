"""The living document as plain data: the SOP in document order, with a run painted onto it.

The page starts from what is written (rulebook and feature files) and overlays results, so that what
did not run shows as *not run* and nothing is green by omission.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from re import split

from reports.anchors import Anchors
from reports.cases import CaseGrid
from reports.examples import Failure, ScenarioView, scenario_views
from reports.headings import first_line, part_of, part_title, title
from reports.record import RunRecord
from reports.shapes import Clause, Gap
from reports.status import Status, in_words, tally, worst
from reports.verdict import Trouble, Verdict, findings_of, verdict_of

Tally = tuple[tuple[Status, int], ...]
Linked = tuple[tuple[str, bool], ...]
"""Text in pieces, each with whether it is an id that this page has a place for."""


@dataclass(frozen=True, slots=True)
class Link:
    """A place in this page, and what to call it."""

    anchor: str
    text: str
    status: Status | None = None


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
    why_not: Linked
    groups: tuple[Group, ...]
    elsewhere: tuple[Link, ...]
    gaps: tuple[Link, ...]
    depth: int


@dataclass(frozen=True, slots=True)
class GapView:
    """A question the SOP leaves open: readings, our choice, and whom to ask."""

    id: str
    title: str
    kind: str
    aspect: str
    nearest: Linked
    readings: tuple[str, ...]
    chosen: Linked
    why: Linked
    question: Linked
    cases: int | None
    status: Status
    result: Status
    summary: str
    groups: tuple[Group, ...]
    elsewhere: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Intro:
    """A feature file's own words about a heading."""

    name: str
    paragraphs: tuple[str, ...]
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


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the summary: so many of so many, and what they are."""

    number: int
    of: int | None
    label: str
    note: str
    status: Status


@dataclass(frozen=True, slots=True)
class Page:
    """Everything a reader sees, in reading order."""

    title: str
    reading: str
    rulebook: str
    verdict: Verdict
    failures: tuple[Failure, ...]
    findings: tuple[Trouble, ...]
    figures: tuple[Figure, ...]
    parts: tuple[PartView, ...]
    gaps: tuple[GapView, ...]
    gap_tally: Tally
    grids: tuple[CaseGrid, ...]
    loose: tuple[Group, ...]


def build_page(record: RunRecord, grids: Sequence[CaseGrid] = ()) -> Page:
    """The page of *record*; *grids* are the cases of the same rulebook, where it is at hand."""
    anchors = Anchors()
    clauses = record.rulebook["clauses"] if record.rulebook else []
    gaps = record.rulebook["gaps"] if record.rulebook else []
    sections = record.rulebook["sections"] if record.rulebook else []
    known = [entry["id"] for entry in (*sections, *clauses, *gaps)]
    parts = [*dict.fromkeys(part_of(entry["id"]) for entry in (*clauses, *sections))]
    for identifier in (*FIXED, *parts, *known):
        anchors.take(identifier)
    scenarios = _scenarios(record, anchors)
    placed = _Placed(scenarios, [entry["id"] for entry in (*clauses, *gaps)])
    mentions = _mentions(gaps, set(known))
    clause_views = [_clause(clause, placed, mentions, set(known)) for clause in clauses]
    gap_views = tuple(_gap(gap, placed, set(known)) for gap in gaps)
    failures = tuple(failure for scenario in scenarios for failure in scenario.failures)
    return Page(
        title=record.rulebook.get("title") or record.rulebook["name"] if record.rulebook else "The SOP",
        reading=record.manifest["reading"].replace("-", " "),
        rulebook=record.manifest["rulebook"]["sha256"],
        verdict=verdict_of(record, [status for each in scenarios for status in each.statuses]),
        failures=failures,
        findings=findings_of(record, anchors),
        figures=_figures(scenarios, clause_views, gap_views),
        parts=_parts(record, parts, clause_views),
        gaps=gap_views,
        gap_tally=tally(view.status for view in gap_views),
        grids=tuple(grids),
        loose=_groups(placed.loose),
    )


FIXED = ("top", "summary", "problems", "findings", "sop", "silence", "cases", "loose", "legend", "contents")
"""Ids that the template itself uses."""


def _scenarios(record: RunRecord, anchors: Anchors) -> list[ScenarioView]:
    results = {scenario["id"]: scenario for scenario in record.scenarios}
    return [
        view
        for feature in record.features
        if feature["document"]
        for view in scenario_views(feature["path"], feature["document"], results, anchors)
    ]


class _Placed:
    """Each scenario's one home, and the other places that refer to it."""

    def __init__(self, scenarios: Sequence[ScenarioView], known: Iterable[str]) -> None:
        ids = set(known)
        self.home: dict[str, list[ScenarioView]] = {}
        self.tagged: dict[str, list[ScenarioView]] = {}
        self.cited: dict[str, list[ScenarioView]] = {}
        self.loose: list[ScenarioView] = []
        for scenario in scenarios:
            own = [[tag[1:] for tag in level if tag[1:] in ids] for level in scenario.levels]
            # The author's nearest tag decides: examples, scenario, Rule, feature; the first of several.
            home = next((level[0] for level in (*own[1:], own[0]) if level), None)
            if home is None:
                self.loose.append(scenario)
            else:
                self.home.setdefault(home, []).append(scenario)
            tags = {tag for level in own for tag in level}
            for tag in tags:
                self.tagged.setdefault(tag, []).append(scenario)
            for identifier in set(scenario.cited) & ids - tags:
                self.cited.setdefault(identifier, []).append(scenario)

    def statuses(self, identifier: str) -> list[Status]:
        """Of every example that carries the id as a tag; without one, of those that ask for its citation."""
        scenarios = self.tagged.get(identifier) or self.cited.get(identifier, [])
        return [status for scenario in scenarios for status in scenario.statuses]

    def groups(self, identifier: str) -> tuple[Group, ...]:
        """The scenarios that live here, by Rule."""
        return _groups(self.home.get(identifier, []))

    def elsewhere(self, identifier: str) -> tuple[Link, ...]:
        """The scenarios that show this too and live under another id."""
        here = {scenario.anchor for scenario in self.home.get(identifier, [])}
        others = (*self.tagged.get(identifier, ()), *self.cited.get(identifier, ()))
        return tuple(
            Link(scenario.anchor, scenario.name, scenario.status)
            for scenario in others
            if scenario.anchor not in here
        )


def _groups(scenarios: Iterable[ScenarioView]) -> tuple[Group, ...]:
    def heading(scenario: ScenarioView) -> tuple[str, str, str]:
        return scenario.rule, scenario.rule_description, scenario.place.rpartition(":")[0]

    return tuple(Group(*key, tuple(same)) for key, same in groupby(scenarios, heading))


def _mentions(gaps: Iterable[Gap], known: Container[str]) -> dict[str, list[Link]]:
    """Clause id to the gaps whose note on the nearest text names it."""
    mentions: dict[str, list[Link]] = {}
    for gap in gaps:
        for identifier, is_id in _with_ids(gap["nearest"], known):
            if is_id and Link(gap["id"], gap["title"]) not in mentions.setdefault(identifier, []):
                mentions[identifier].append(Link(gap["id"], gap["title"]))
    return mentions


def _with_ids(text: str, known: Container[str]) -> Linked:
    """*text* in pieces: the ids among *known*, and what stands between them."""
    pieces = split(r"([A-Z]{2,}(?:-[A-Za-z0-9.]*[A-Za-z0-9])+)", text)
    return tuple((piece, piece in known) for piece in pieces if piece)


def _clause(clause: Clause, placed: _Placed, mentions: Mapping[str, Sequence[Link]], known: set[str]) -> ClauseView:
    statuses = placed.statuses(clause["id"])
    silent = not clause["operative"] and not statuses
    return ClauseView(
        id=clause["id"],
        line=str(clause["line"]),
        text=clause["text"],
        modality=clause["modality"].replace("-", " "),
        actor=clause["actor"] or "",
        system=clause["system"] or "",
        status=Status.NOT_OPERATIVE if silent else worst(statuses),
        result=worst(statuses),
        summary="" if silent else in_words(statuses),
        why_not=_with_ids(clause["why_not_operative"] or "", known),
        groups=placed.groups(clause["id"]),
        elsewhere=placed.elsewhere(clause["id"]),
        gaps=tuple(mentions.get(clause["id"], ())),
        depth=clause["id"].count("."),
    )


def _gap(gap: Gap, placed: _Placed, known: set[str]) -> GapView:
    statuses = placed.statuses(gap["id"])
    # A gap is never green: at best our reading of the silence is what the engine does.
    shown = worst(statuses)
    settled = shown is Status.PASSED or not gap["cases"] and shown is Status.NO_EXAMPLE
    return GapView(
        id=gap["id"],
        title=gap["title"],
        kind=gap["kind"],
        aspect=gap["aspect"],
        nearest=_with_ids(gap["nearest"], known),
        readings=tuple(gap["readings"]),
        chosen=_with_ids(gap["chosen"].removesuffix("."), known),
        why=_with_ids(gap["why"], known),
        question=_with_ids(gap["question"], known),
        cases=gap["cases"],
        status=Status.SILENT if settled else shown,
        result=shown,
        summary=in_words(statuses) if statuses else "",
        groups=placed.groups(gap["id"]),
        elsewhere=placed.elsewhere(gap["id"]),
    )


def _parts(record: RunRecord, parts: Sequence[str], clauses: Sequence[ClauseView]) -> tuple[PartView, ...]:
    sections = record.rulebook["sections"] if record.rulebook else []
    home = {clause["id"]: clause["section"] for clause in (record.rulebook["clauses"] if record.rulebook else [])}
    intros = _intros(record)
    views = [
        SectionView(
            section["id"],
            title(section["id"], section["text"]),
            section["text"],
            str(section["line"]),
            1 + sum(section["id"].startswith(f"{above['id']}-") for above in sections),
            tuple(intros.get(section["id"], ())),
            mine := tuple(clause for clause in clauses if home[clause.id] == section["id"]),
            tally(clause.status for clause in mine),
        )
        for section in sections
    ]
    headed = {section.id for section in views}
    return tuple(
        PartView(
            part,
            part_title(part),
            _in_order(clause for clause in mine if home[clause.id] not in headed),
            tuple(view for view in views if part_of(view.id) == part),
            tally(clause.status for clause in mine),
        )
        for part in parts
        for mine in [[clause for clause in clauses if part_of(clause.id) == part]]
    )


def _in_order(clauses: Iterable[ClauseView]) -> tuple[ClauseView, ...]:
    return tuple(sorted(clauses, key=lambda clause: first_line(clause.line)))


def _intros(record: RunRecord) -> dict[str, list[Intro]]:
    """Section id to what the feature files tagged with it say of themselves."""
    intros: dict[str, list[Intro]] = {}
    for feature in record.features:
        document = feature["document"]
        for tag in document["tags"] if document else []:
            if document:
                paragraphs = tuple(" ".join(each.split()) for each in document["description"].split("\n\n"))
                intro = Intro(document["name"], tuple(filter(None, paragraphs)), feature["path"])
                intros.setdefault(tag[1:], []).append(intro)
    return intros


def _figures(
    scenarios: Sequence[ScenarioView], clauses: Sequence[ClauseView], gaps: Sequence[GapView]
) -> tuple[Figure, ...]:
    examples = [status for scenario in scenarios for status in scenario.statuses]
    operative = [clause.status for clause in clauses if clause.status is not Status.NOT_OPERATIVE]
    idle = len(clauses) - len(operative)
    assumed = sum(1 for gap in gaps if gap.cases)
    return (
        Figure(
            examples.count(Status.PASSED),
            len(examples),
            "examples passed",
            "every example in the feature files counts, whether it ran or not",
            worst(examples),
        ),
        Figure(
            operative.count(Status.PASSED),
            len(operative),
            "operative sentences demonstrated",
            f"{idle} more say nothing that could be tried; each tells why",
            worst(operative),
        ),
        Figure(
            len(gaps),
            None,
            "open questions",
            f"{assumed} of them decide cases; there we say what we take the SOP to mean",
            worst([gap.status for gap in gaps if gap.status is not Status.NO_EXAMPLE] or [Status.SILENT]),
        ),
    )

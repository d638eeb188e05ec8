"""The SOP in document order as plain data, with the results of a run.

It starts from what is written (rulebook and feature files) and adds the results. So an example that did not run is shown as *not run*,
and nothing is green by omission.
"""

from collections.abc import Iterable, Mapping, Sequence

from reports.document.content import ClauseView, Figure, GapView, Intro, Link, LivingDocument, PartView, SectionView
from reports.document.gaps import answer_text, answered_in_words, reach_of, role_of, roles_in_words
from reports.document.heading_titles import first_line, heading_title, part_of, part_title
from reports.document.placement import Placement, groups_of, linked_text, mentions_of
from reports.document.verdict_band import band_of, findings_of
from reports.examples.scenario_views import scenario_views
from reports.examples.status_marks import Status, statuses_in_words, tally, worst
from reports.examples.views import ScenarioView
from reports.html.links import FEATURES_PAGE, QUESTIONS_PAGE, SOP_PAGE, Links
from sop_runs.record.reader import RunRecord
from sop_runs.record.schema import ClauseRecord, GapRecord
from sop_runs.record.verdict import Verdict


def living_document(record: RunRecord, verdict: Verdict, links: Links) -> tuple[LivingDocument, tuple[ScenarioView, ...], Placement]:
    """Return the SOP with the results of *record* and the *verdict*, every scenario in file order, and their placement."""
    clauses = record.rulebook.clauses if record.rulebook else []
    gaps = record.rulebook.gaps if record.rulebook else []
    sections = record.rulebook.sections if record.rulebook else []
    ids = [clause.id for clause in clauses]
    parts = [*dict.fromkeys(map(part_of, (*ids, *(section.id for section in sections))))]
    scenarios = _scenarios(record, links)
    placement = Placement(scenarios, [*ids, *(gap.id for gap in gaps)])
    mentions = mentions_of(gaps, links)
    clause_views = [_clause(clause, placement, mentions, links) for clause in clauses]
    gap_views = tuple(_gap(gap, placement, links) for gap in gaps)
    failures = tuple(failure for scenario in scenarios for failure in scenario.failures)
    document = LivingDocument(
        title=record.rulebook.title or record.rulebook.name if record.rulebook else "The SOP",
        reading=record.head.reading.replace("-", " "),
        rulebook=record.head.rulebook.sha256,
        band=band_of(verdict),
        failures=failures,
        findings=findings_of(record, links),
        figures=_figures(scenarios, clause_views, gap_views),
        filters=tally([*(view.status for view in clause_views), *(view.status for view in gap_views)]),
        parts=_part_views(record, parts, clause_views),
        gaps=gap_views,
        unlinked=groups_of(placement.unlinked),
    )
    return document, scenarios, placement


def _scenarios(record: RunRecord, links: Links) -> tuple[ScenarioView, ...]:
    results = {(scenario.feature, scenario.id): scenario for scenario in record.scenarios}
    return tuple(
        view for feature in record.features if feature.document for view in scenario_views(feature.path, feature.document, results, links)
    )


def _clause(clause: ClauseRecord, placement: Placement, mentions: Mapping[str, Sequence[Link]], links: Links) -> ClauseView:
    statuses = placement.statuses(clause.id)
    silent = not clause.operative and not statuses
    return ClauseView(
        id=clause.id,
        line=str(clause.line),
        text=clause.text,
        modality=clause.modality.replace("-", " "),
        actor=clause.actor or "",
        system=clause.system or "",
        status=Status.NOT_OPERATIVE if silent else worst(statuses),
        result=worst(statuses),
        summary="" if silent else statuses_in_words(statuses),
        why_not=linked_text(clause.why_not_operative or "", links),
        groups=placement.groups(clause.id),
        also_shown_by=placement.also_shown_by(clause.id),
        gaps=tuple(mentions.get(clause.id, ())),
        depth=clause.id.count("."),
    )


def _gap(gap: GapRecord, placement: Placement, links: Links) -> GapView:
    statuses = placement.statuses(gap.id)
    # A gap is never green: at best our reading of the silence is what the engine does.
    result = worst(statuses)
    settled = result is Status.PASSED or (result is Status.NO_EXAMPLE and not gap.cases)
    return GapView(
        id=gap.id,
        title=gap.title,
        kind=gap.kind,
        aspect=gap.aspect,
        nearest=linked_text(gap.nearest, links),
        readings=tuple(gap.readings),
        chosen=linked_text(gap.chosen.removesuffix("."), links),
        why=linked_text(gap.why, links),
        question=linked_text(gap.question, links),
        watch=linked_text((gap.watch or "").removesuffix("."), links),
        role=role_of(gap),
        leaves_open=tuple(gap.leaves_open),
        cases=gap.cases,
        reach=reach_of(gap),
        status=Status.SILENT if settled else result,
        result=result,
        summary=statuses_in_words(statuses) if statuses else "",
        groups=placement.groups(gap.id),
        also_shown_by=placement.also_shown_by(gap.id),
        answered=answered_in_words(gap),
        evidence=answer_text(gap, "evidence"),
        remark=answer_text(gap, "remark"),
    )


def _part_views(record: RunRecord, parts: Sequence[str], clauses: Sequence[ClauseView]) -> tuple[PartView, ...]:
    sections = record.rulebook.sections if record.rulebook else []
    section_of_clause = {clause.id: clause.section for clause in (record.rulebook.clauses if record.rulebook else [])}
    intros = _intros(record)
    views = [
        SectionView(
            section.id,
            heading_title(section.id, section.text),
            section.text,
            str(section.line),
            1 + sum(section.id.startswith(f"{above.id}-") for above in sections),
            tuple(intros.get(section.id, ())),
            section_clauses := tuple(clause for clause in clauses if section_of_clause[clause.id] == section.id),
            tally(clause.status for clause in section_clauses),
        )
        for section in sections
    ]
    section_ids = {section.id for section in views}
    return tuple(
        PartView(
            part,
            part_title(part),
            _in_order(clause for clause in part_clauses if section_of_clause[clause.id] not in section_ids),
            tuple(view for view in views if part_of(view.id) == part),
            tally(clause.status for clause in part_clauses),
        )
        for part in parts
        for part_clauses in [[clause for clause in clauses if part_of(clause.id) == part]]
    )


def _in_order(clauses: Iterable[ClauseView]) -> tuple[ClauseView, ...]:
    return tuple(sorted(clauses, key=lambda clause: first_line(clause.line)))


def _intros(record: RunRecord) -> dict[str, list[Intro]]:
    """Map each section id to the descriptions of the feature files that are tagged with it."""
    intros: dict[str, list[Intro]] = {}
    section_ids = {section.id for section in (record.rulebook.sections if record.rulebook else [])}
    for feature in record.features:
        document = feature.document
        tags = {tag[1:] for tag in document.tags} & section_ids if document else set()
        for tag in sorted(tags):
            # The narrowest heading has the floor; those above it are only named for completeness.
            if document and not any(other.startswith(f"{tag}-") for other in tags):
                intro = Intro(document.name, document.description, feature.path)
                intros.setdefault(tag, []).append(intro)
    return intros


def _figures(scenarios: Sequence[ScenarioView], clauses: Sequence[ClauseView], gaps: Sequence[GapView]) -> tuple[Figure, ...]:
    examples = [status for scenario in scenarios for status in scenario.statuses]
    operative = [clause.status for clause in clauses if clause.status is not Status.NOT_OPERATIVE]
    not_operative = len(clauses) - len(operative)
    return (
        Figure(
            examples.count(Status.PASSED),
            len(examples),
            "examples passed",
            "all examples in the feature files are counted, run or not",
            worst(examples),
            FEATURES_PAGE if scenarios else "",
        ),
        Figure(
            operative.count(Status.PASSED),
            len(operative),
            "operative clauses demonstrated",
            f"{not_operative} more cannot be tested; each gives the reason",
            worst(operative),
            SOP_PAGE if clauses else "",
        ),
        Figure(
            len(gaps),
            None,
            "open questions",
            f"{roles_in_words(gap.role for gap in gaps)}; each says what we assume",
            Status.SILENT,
            QUESTIONS_PAGE if gaps else "",
        ),
    )

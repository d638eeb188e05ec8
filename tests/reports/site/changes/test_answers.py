"""Changed answers between a run and what it is compared with: complete, and each answer once."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.pages.changes import changes_page
from sop_cli.snapshots import approved_snapshot
from sop_engine.decision import Reading
from sop_engine.decision_table import Behaviour, TableRow
from sop_engine.engine import ENGINE
from sop_runs.change.snapshot import Snapshot, snapshot_of_run
from sop_runs.change.snapshot_changes import changes
from sop_runs.record.reader import RunRecord
from tests.support.run_changes import scenarios, side, since
from tests.support.run_samples import Line

NOW = Behaviour.of(ENGINE)


def asked(record: RunRecord) -> int:
    """How many situations the examples of a run ask about."""
    claims = [
        claim
        for scenario in record.scenarios
        for claim in scenario.claims
        if claim.facet in ("outcome", "tasks", "clauses", "gaps", "stock")
    ]
    result = {(claim.reading, *claim.subject["facts"].values()) for claim in claims if claim.subject["kind"] in ("case", "return")}
    return len(result)


def test_nothing_changed_is_said_of_everything_that_was_compared(now: RunRecord, approved: Path) -> None:
    against = approved_snapshot(approved)
    assert isinstance(against, Snapshot)

    for base, answers in ((against, 520), (snapshot_of_run(now), asked(now))):
        difference = changes(base, side(now))
        page = changes_page(context_of(now, base=base))

        assert not difference
        assert (difference.answers_known, difference.texts_known, difference.examples_known) == (
            answers,
            135 + len(ENGINE.rulebook.tasks) + len(ENGINE.rulebook.stages),
            len(now.scenarios),
        )
        assert (page.same, page.verdict) == (True, "nothing changed")
        assert {count.number for count in page.counts} == {0}
    assert changes_page(context_of(now)).against == ""
    assert changes_page(context_of(now, base="it is torn")).problem == "it is torn"


def test_a_reason_that_rests_on_a_changed_ruling_is_on_the_page(now: RunRecord, older: Snapshot) -> None:
    notes = changes_page(context_of(now, base=older)).notes

    assert "GAP-14 (nearest) rests on SC-RMS-FULL-2, whose answer changed: check that it still holds." in notes


def test_a_changed_refusal_is_one_region_with_its_clause_and_its_examples(now: RunRecord, older: Snapshot) -> None:
    context = context_of(now, base=older)
    difference = context.changes
    assert difference is not None

    ((section,), texts) = changes_page(context).sections, changes_page(context).texts

    (region,) = section.regions
    assert (section.id, section.href) == ("SC-RMS-FULL", "the-sop.html#SC-RMS-FULL")
    assert section.title == "Cancelled by the seller, the whole order, e-invoice by RMS"
    assert (region.situation, region.size) == ("PACKED or READY_TO_DISPATCH or COMPLETED, any state of the e-invoice", "12 cases")
    assert region.readings == "as written and as practised"
    assert [(part.name, part.before[0].text, part.after[0].text) for part in region.parts] == [("Outcome", "without effect", "refused")]
    assert [(cause.short, cause.href) for cause in region.causes] == [("SC-RMS-FULL-2", "the-sop.html#SC-RMS-FULL-2")]
    assert [(entry.id, [name for name, _ in entry.parts]) for entry in texts] == [("SC-RMS-FULL-2", ["modality", "outcome"])]
    result = {
        scenario.key
        for scenario in now.scenarios
        for claim in scenario.claims
        if claim.facet == "outcome" and claim.actual == "refused" and "RMS" in str(claim.subject) and "'full'" in str(claim.subject)
    }
    assert {key for answer in difference.answers for key in answer.examples} >= result > set()
    assert region.causes[0].text == next(clause.text for clause in ENGINE.rulebook.clauses if clause.id == "SC-RMS-FULL-2")
    assert len({link.text for link, _ in region.examples}) == len(region.examples)
    assert sum(rows for _, rows in region.examples) == len(difference.answers[-1].examples) == 1
    for link, _ in region.examples:
        assert link.href.partition("#")[0] in site_files(context)
    assert difference.situations == sum(NOW.rows[key].outcome != row.outcome for key, row in older.behaviour.rows.items())  # type: ignore[union-attr]


def test_of_a_run_only_what_its_examples_ask_is_compared(now: RunRecord, lines: list[Line], tmp_path: Path) -> None:
    facts = next(claim["subject"]["facts"] for line in scenarios(lines) for claim in line["claims"] if claim["facet"] == "outcome")
    for line in scenarios(lines):
        for entry in line["claims"]:
            if entry["subject"].get("facts") == facts and entry["facet"] == "outcome":
                entry["expected"] = entry["actual"] = "without effect"

    difference = since(lines, now, tmp_path)
    (change,) = difference.answers

    assert {name: (value,) for name, value in facts.items()} == change.region.facts
    assert (change.region.before.outcome, change.region.after.outcome) == ("without effect", "allowed")
    assert difference.situations == 1
    assert f"{asked(now)} of 520 answers are compared" in " ".join(changes_page(context_of(now, base=difference.before)).notes)


def test_another_order_of_tasks_and_another_actor_are_seen(now: RunRecord) -> None:
    key = next(key for key, row in NOW.rows.items() if row.tasks and len(row.tasks) > 2)
    row = NOW.rows[key]
    force, task, _, where = row.tasks[0]  # type: ignore[index]
    for tasks in (tuple(reversed(row.tasks or ())), ((force, task, "somebody", where), *(row.tasks or ())[1:])):
        rows = dict(NOW.rows) | {key: replace(row, tasks=tasks)}

        page = changes_page(context_of(now, base=Snapshot("x", Behaviour("x", "0", rows))))

        ((region,),) = (section.regions for section in page.sections)
        (part,) = region.parts
        assert part.name == "Tasks"
        assert part.before != part.after
        assert any(item.differs for item in part.before)


facets = st.sampled_from(["outcome", "manner"])


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from([*NOW.rows]), facets, max_size=30))
def test_every_changed_answer_is_counted_once(now: RunRecord, moved: dict) -> None:  # type: ignore[type-arg]
    rows: dict[Any, TableRow] = dict(NOW.rows)
    for key, facet in moved.items():
        rows[key] = replace(rows[key], outcome="otherwise") if facet == "outcome" else replace(rows[key], manner="otherwise")

    difference = changes(Snapshot("x", Behaviour("x", "0", rows)), side(now))

    assert difference.situations == len(moved)
    result = [
        (answer.region.subject, Reading(reading), values)
        for answer in difference.answers
        for reading in answer.readings
        for values in answer.region.values()
    ]
    assert sorted(result) == sorted(moved)

"""How certain a sentence is shown to be: recomputed from the engine's answers, and the same signs on every page."""

from pathlib import Path

import pytest

from reports.document.certainty import Certainty, certainty_counts_by_clause, certainty_counts_in_words, certainty_of, least_certain
from reports.examples.status_marks import Status
from reports.html.reading_switch import CLASSES, MEANINGS, address, choices, name_of, other_reading
from reports.site.builder import site_files
from reports.site.context import context_of
from reports.site.pages.sop import FORCE, SopView, sop_view
from sop_engine import EVERY_CASE, Reading, Source, decide, decide_return, load_rulebook
from sop_engine.ids import is_gap
from sop_engine.returns import QualityCheck
from sop_runs.record.reader import read_record
from tests.support.run_samples import own_run, record, write

CLAUSES = {clause.id: clause for clause in load_rulebook().clauses}


def view(tmp_path: Path) -> SopView:
    return sop_view(context_of(read_record(own_run(tmp_path))))


@pytest.mark.parametrize("reading", Reading)
def test_a_sentence_is_stated_in_as_many_cases_as_no_gap_has_a_part_in(reading: Reading) -> None:
    for clause_id, standing in certainty_counts_by_clause(reading).items():
        clause = CLAUSES[clause_id]
        cited = [decision for case in EVERY_CASE if clause_id in (decision := decide(case, reading)).clauses]
        if clause.subject != "case":
            continue
        stated = sum(not any(map(is_gap, by)) and bool(by) for ids in cited for by in [_by(ids, outcome=clause.outcome is not None)])
        assert dict(standing).get(Certainty.STATED, "0 cases").split()[0] == str(stated), clause_id


def _by(decision: object, *, outcome: bool) -> tuple[str, ...]:
    return decision.outcome_by if outcome else decision.tasks_by if decision.tasks is not None else ()  # type: ignore[attr-defined]


@pytest.mark.parametrize("reading", Reading)
def test_only_the_right_words_are_said_in_a_reading(reading: Reading) -> None:
    never = Certainty.ASSUMED if reading is Reading.AS_WRITTEN else None

    assert never not in {certainty for standing in certainty_counts_by_clause(reading).values() for certainty, _ in standing}


def test_the_force_after_a_return_is_open_as_written_and_assumed_as_practised() -> None:
    returned = [clause.id for clause in CLAUSES.values() if clause.subject == "return"]

    for reading, certainty in ((Reading.AS_WRITTEN, Certainty.OPEN), (Reading.AS_PRACTISED, Certainty.ASSUMED)):
        assert {certainty_of_case for clause in returned for certainty_of_case, _ in certainty_counts_by_clause(reading)[clause]} == {
            certainty
        }
        assert {certainty_of(decide_return(check, reading).tasks_source) for check in QualityCheck} >= {certainty}


def test_a_sentence_that_rules_on_nothing_has_no_certainty() -> None:
    assert {clause.id for clause in CLAUSES.values() if not clause.subject} & {*certainty_counts_by_clause(Reading.AS_PRACTISED)} == set()


@pytest.mark.parametrize("reading", Reading)
def test_the_page_counts_the_cases_of_a_heading(tmp_path: Path, reading: Reading) -> None:
    headings = view(tmp_path).headings[reading]

    assert len(headings) == 8
    for standing in headings.values():
        assert sum(int(number.split()[0]) for _, number in standing) == 32


def test_a_clause_has_its_certainty_once_where_the_readings_agree_and_in_each_where_they_differ(tmp_path: Path) -> None:
    page = view(tmp_path)
    counts = {reading: certainty_counts_by_clause(reading) for reading in MEANINGS}
    clauses = [clause for part in page.parts for clause in part.all_clauses]

    for clause in clauses:
        layers = page.certainty_of_clause(clause)
        practised, written = (counts[reading].get(clause.id, ()) for reading in MEANINGS)
        if practised == written:
            assert [(layer, certainty) for layer, certainty, _, _ in layers] == ([("", practised)] if practised else []), clause.id
        else:
            assert [(layer, certainty) for layer, certainty, _, _ in layers] == [("in-p", practised), ("in-w", written)], clause.id
            assert [(other, text) for _, _, other, text in layers] == [
                ("as written", certainty_counts_in_words(written)),
                ("as practised", certainty_counts_in_words(practised)),
            ], clause.id
    assert {len(page.certainty_of_clause(clause)) for clause in clauses} == {0, 1, 2}


def test_gaps_that_decide_stand_in_the_open_and_others_are_folded(tmp_path: Path) -> None:
    page = view(tmp_path)
    register = {gap.id: gap for gap in load_rulebook().gaps}
    for clause in (clause for part in page.parts for clause in part.all_clauses):
        unfolded = [gap.id for gap in page.deciding(clause)]
        assert all(register[identifier].decides for identifier in unfolded)
        assert clause.status is not Status.NOT_OPERATIVE or unfolded == []
        assert sorted([*unfolded, *(gap.id for gap in page.other_questions(clause))]) == sorted(link.short for link in clause.gaps)


def test_a_gap_that_leaves_a_part_open_is_no_assumption(tmp_path: Path) -> None:
    page = view(tmp_path)
    left_open = {gap.id for gap in load_rulebook().gaps if gap.leaves_open}

    assert left_open
    assert {gap.id for gap in page.gaps.values() if page.is_open(gap)} == left_open


def test_as_written_a_question_stands_where_we_assume_a_reading_as_practised(tmp_path: Path) -> None:
    page = site_files(context_of(read_record(own_run(tmp_path))))["the-sop.html"].decode()
    article = page.partition("id=SC-ERP-FULL-1a ")[2].partition("</article>")[0]
    readings, questions = article.count('<p class="decides in-p">'), article.count('<p class="decides in-w">')

    assert readings == questions > 0
    assert article.count("we assume: ") == readings


def test_no_force_is_stronger_than_the_word_of_the_text(tmp_path: Path) -> None:
    page = view(tmp_path)
    forces = {clause.id: page.force_of(clause) for part in page.parts for clause in part.all_clauses}

    assert set(forces.values()) <= {word for word, _ in FORCE}
    assert {forces[identifier] for identifier, clause in CLAUSES.items() if clause.modality == "must-not"} == {"cannot"}
    assert {forces[identifier] for identifier, clause in CLAUSES.items() if clause.modality == "should"} == {"should"}


def test_of_another_rulebook_the_page_claims_no_certainty(tmp_path: Path) -> None:
    files = site_files(context_of(read_record(write(record(), tmp_path))))

    assert "decision-tables.html" not in files
    article = files["the-sop.html"].decode().partition("id=SC-ERP-FULL-1a ")[2].partition("</article>")[0]
    assert "line" in article
    assert "■" not in article


def test_both_readings_are_in_one_page_and_the_address_names_the_second() -> None:
    for choice, reading in zip(choices(), MEANINGS, strict=True):
        assert (choice.id, choice.layer, choice.name) == (str(reading), CLASSES[reading], name_of(reading))
        assert choice.other == name_of(other_reading(reading))
    assert [address("the-sop.html", meaning) for meaning in MEANINGS] == ["the-sop.html", "the-sop.html?reading=as-written"]


def test_the_least_certain_part_counts_for_the_whole() -> None:
    assert least_certain([Certainty.FOLLOWS, Certainty.ASSUMED, Certainty.STATED]) is Certainty.ASSUMED
    assert [certainty_of(source) for source in Source] == [*Certainty]
    assert certainty_counts_in_words(((Certainty.STATED, "1 case"), (Certainty.OPEN, ""))) == "■ stated in 1 case, □ open"


def test_no_sign_of_certainty_is_that_of_a_result() -> None:
    assert not {certainty.symbol for certainty in Certainty} & {status.symbol for status in Status}

"""The tables of all cases and the explorer's data say what the engine says, of every case, as certain as it is."""

import json

import pytest

from reports.document.case_explorer import explorer_data, explorer_js
from reports.document.case_grids import CaseCell, case_grids
from reports.html.links import Links, case_anchor
from reports.html.reading_switch import other_reading
from sop_engine import EVERY_CASE, Decision, Reading, Timing, decide, explain
from sop_engine.order import reachable_states
from tests.support.script_data import data_of_script

WORDS = {"stated": "stated", "follows": "follows", "assumed": "assumed", "silent": "open"}


def cells() -> dict[str, CaseCell]:
    return {
        anchor: cell for grid in case_grids(Links(None, cases=True)) for row in grid.rows for cell in row.cells for anchor in cell.anchors
    }


def parts(decision: Decision) -> tuple[object, ...]:
    """The outcome and the tasks, each with where it comes from."""
    return decision.outcome, decision.outcome_source, decision.tasks, decision.tasks_source


@pytest.mark.parametrize("reading", Reading)
def test_every_cell_says_what_the_engine_says(reading: Reading) -> None:
    result = cells()
    assert len(result) == 256

    for case in EVERY_CASE:
        cell, decision = result[case_anchor(case)], decide(case, reading)
        given = cell.answer_in(reading)
        sources = [WORDS[str(decision.outcome_source)], WORDS[str(decision.tasks_source)]]
        assert [given.answer.outcome, given.answer.outcome_certainty, given.answer.tasks_certainty] == [str(decision.outcome), *sources], (
            case
        )
        assert given.answer.certainty == max(sources, key=[*WORDS.values()].index), case
        assert tuple(cite[0] for cite in given.cites) == (*decision.clauses, *decision.gaps), case
        assert tuple(note[0] for note in given.beside) == decision.notes, case
        assert cell.off == ((case.invoicing, case.stage, case.e_invoice) not in reachable_states()), case
        assert str(case.e_invoice) in cell.columns, case


@pytest.mark.parametrize("reading", Reading)
def test_a_cell_says_when_its_tasks_fall_due(reading: Reading) -> None:
    result = cells()
    for case in EVERY_CASE:
        waiting = {task.when for task in decide(case, reading).tasks or ()} - {Timing.NOW}
        assert result[case_anchor(case)].answer_in(reading).answer.due == ("when packing fails" if waiting else ""), case


@pytest.mark.parametrize("reading", Reading)
def test_what_differs_between_the_readings_is_marked_and_nothing_else(reading: Reading) -> None:
    result = cells()
    for case in EVERY_CASE:
        here, there = decide(case, reading), decide(case, other_reading(reading))
        other = result[case_anchor(case)].answer_in(reading).other
        assert bool(other) == (parts(here) != parts(there)), case
        if here.outcome != there.outcome:
            assert other.startswith(str(there.outcome)), case
        if here.tasks is None and there.tasks is not None:
            assert other.count(";") + 1 >= len(there.tasks), case
        if there.tasks is None and here.tasks is not None:
            assert other.endswith("what to do is left open"), case


def test_a_heading_counts_the_cases_that_differ() -> None:
    differing = sum(parts(decide(case, Reading.AS_WRITTEN)) != parts(decide(case, Reading.AS_PRACTISED)) for case in EVERY_CASE)

    assert sum(grid.differing for grid in case_grids(Links(None))) == differing > 0


def test_the_marks_of_a_cell_are_those_of_its_answer_in_each_reading() -> None:
    result = cells()
    for case in EVERY_CASE:
        cell, marks = result[case_anchor(case)], result[case_anchor(case)].marks.split()
        practised, written = (cell.answer_in(reading).answer for reading in (Reading.AS_PRACTISED, Reading.AS_WRITTEN))
        assert marks[:2] == [practised.outcome_class, str(practised.certainty)], case
        differs = marks[:2] != [written.outcome_class, str(written.certainty)]
        assert (
            marks[2:4] == [f"w-{written.outcome_class}", f"w-{written.certainty}"]
            if differs
            else not any(mark.startswith("w-") for mark in marks)
        ), case
        assert ("off" in marks) == cell.off, case


def test_a_part_that_both_readings_share_stands_once() -> None:
    for cell in cells().values():
        for parts_of_answer in (("outcome", "outcome_certainty"), ("tasks", "due", "tasks_certainty"), ("cites",), ("beside",)):
            practised, written = (cell.answer_in(reading).answer for reading in (Reading.AS_PRACTISED, Reading.AS_WRITTEN))
            same = all(getattr(practised, part) == getattr(written, part) for part in parts_of_answer)
            assert [layer for layer, _ in cell.answers_by_reading(*parts_of_answer)] == ([""] if same else [" in-p", " in-w"])


def test_the_anchors_of_a_grid_are_given_once() -> None:
    anchors = [a for grid in case_grids(Links(None)) for row in grid.rows for cell in row.cells for a in cell.anchors]
    assert sorted(anchors) == sorted(case_anchor(case) for case in EVERY_CASE)


@pytest.mark.slow
def test_the_explorer_knows_every_answer_and_the_nearest_allowed() -> None:
    data = data_of_script(explorer_js(Links(None)), "sopCases")
    assert data == json.loads(json.dumps(explorer_data(Links(None))))
    off = set(data["off"])
    for reading in Reading:
        for number, case in enumerate(EVERY_CASE):
            explanation = explain(case, reading)
            answered, *nearest = data["cases"][str(reading)][number]
            outcome, outcome_by, tasks, due, tasks_by, cites, beside = data["answers"][answered]
            assert [outcome, outcome_by] == [str(explanation.decision.outcome), WORDS[str(explanation.decision.outcome_source)]]
            assert tasks_by == WORDS[str(explanation.decision.tasks_source)]
            assert len(tasks) == len(explanation.decision.tasks or [""])
            assert (due == "when packing fails") == any(task.when is not Timing.NOW for task in explanation.decision.tasks or ())
            assert [data["says"][cite][0] for cite in cites[: len(explanation.because)]] == [text for _, text in explanation.because]
            assert tuple(beside) == explanation.decision.notes
            assert all(f"Watch: {note.watch}." in data["says"][note.id][3] for note in explanation.beside if note.watch)
            assert [data["says"][i][0] for i, *_ in explanation.open_questions] == [
                question for _, question, *_ in explanation.open_questions
            ]
            assert [EVERY_CASE[near] for near in nearest] == [near.case for near in explanation.nearest]
            assert (number in off) == ((case.invoicing, case.stage, case.e_invoice) not in reachable_states())


def test_text_in_the_data_cannot_end_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    text = {"says": '</script><script>alert(1)</script>\u2028"\\'}
    monkeypatch.setattr("reports.document.case_explorer.explorer_data", lambda _: text)
    result = explorer_js(Links(None)).decode()
    assert not set(result[len("window.sopCases=") + 1 : -3]) & set("\"\\'\u2028\n/")
    assert data_of_script(result.encode(), "sopCases") == text

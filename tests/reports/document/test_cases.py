"""The tables of all cases and the explorer's data say what the engine says, of every case, as certain as it is."""

import json

import pytest

from reports.document.case_explorer import explorer_data, explorer_js
from reports.document.case_grids import CaseCell, case_grids
from reports.html.links import Links, case_anchor
from reports.html.reading_switch import other_reading
from sop_engine import EVERY_CASE, Decision, Reading, Timing, decide, explain
from sop_engine.order import reachable_states

WORDS = {"stated": "stated", "follows": "follows", "assumed": "assumed", "silent": "open"}


def cells(reading: Reading) -> dict[str, CaseCell]:
    return {
        anchor: cell
        for grid in case_grids(reading, Links(None, cases=True))
        for row in grid.rows
        for cell in row.cells
        for anchor in cell.anchors
    }


def parts(decision: Decision) -> tuple[object, ...]:
    """The outcome and the tasks, each with where it comes from."""
    return decision.outcome, decision.outcome_source, decision.tasks, decision.tasks_source


@pytest.mark.parametrize("reading", Reading)
def test_every_cell_says_what_the_engine_says(reading: Reading) -> None:
    told = cells(reading)
    assert len(told) == 256

    for case in EVERY_CASE:
        cell, decision = told[case_anchor(case)], decide(case, reading)
        sources = [WORDS[str(decision.outcome_source)], WORDS[str(decision.tasks_source)]]
        assert [cell.answer.outcome, cell.answer.outcome_certainty, cell.answer.tasks_certainty] == [str(decision.outcome), *sources], case
        assert cell.answer.certainty == max(sources, key=[*WORDS.values()].index), case
        assert tuple(cite[0] for cite in cell.cites) == (*decision.clauses, *decision.gaps), case
        assert tuple(note[0] for note in cell.beside) == decision.notes, case
        assert cell.off == ((case.invoicing, case.stage, case.e_invoice) not in reachable_states()), case
        assert str(case.e_invoice) in cell.columns, case


@pytest.mark.parametrize("reading", Reading)
def test_a_cell_says_when_its_tasks_fall_due(reading: Reading) -> None:
    told = cells(reading)
    for case in EVERY_CASE:
        waiting = {task.when for task in decide(case, reading).tasks or ()} - {Timing.NOW}
        assert told[case_anchor(case)].answer.due == ("when packing fails" if waiting else ""), case


@pytest.mark.parametrize("reading", Reading)
def test_what_differs_between_the_readings_is_marked_and_nothing_else(reading: Reading) -> None:
    told = cells(reading)
    for case in EVERY_CASE:
        here, there = decide(case, reading), decide(case, other_reading(reading))
        other = told[case_anchor(case)].other
        assert bool(other) == (parts(here) != parts(there)), case
        if here.outcome != there.outcome:
            assert other.startswith(str(there.outcome)), case
        if here.tasks is None and there.tasks is not None:
            assert other.count(";") + 1 >= len(there.tasks), case
        if there.tasks is None and here.tasks is not None:
            assert other.endswith("what to do is left open"), case


@pytest.mark.parametrize("reading", Reading)
def test_a_heading_counts_the_cases_that_differ(reading: Reading) -> None:
    differing = sum(parts(decide(case, reading)) != parts(decide(case, other_reading(reading))) for case in EVERY_CASE)

    assert sum(grid.differing for grid in case_grids(reading, Links(None))) == differing > 0


def test_the_anchors_of_a_grid_are_given_once() -> None:
    anchors = [a for grid in case_grids(Reading.AS_PRACTISED, Links(None)) for row in grid.rows for cell in row.cells for a in cell.anchors]
    assert sorted(anchors) == sorted(case_anchor(case) for case in EVERY_CASE)


@pytest.mark.slow
def test_the_explorer_knows_every_answer_and_the_nearest_allowed() -> None:
    data = json.loads(explorer_js(Links(None)).decode().removeprefix("window.sopCases=").removesuffix(";\n"))
    assert data == json.loads(json.dumps(explorer_data(Links(None))))
    off = set(data["off"])
    for reading in Reading:
        for number, case in enumerate(EVERY_CASE):
            told = explain(case, reading)
            answered, *nearest = data["cases"][str(reading)][number]
            outcome, outcome_by, tasks, due, tasks_by, cites, beside = data["answers"][answered]
            assert [outcome, outcome_by] == [str(told.decision.outcome), WORDS[str(told.decision.outcome_source)]]
            assert tasks_by == WORDS[str(told.decision.tasks_source)]
            assert len(tasks) == len(told.decision.tasks or [""])
            assert (due == "when packing fails") == any(task.when is not Timing.NOW for task in told.decision.tasks or ())
            assert [data["says"][each][0] for each in cites[: len(told.because)]] == [text for _, text in told.because]
            assert tuple(beside) == told.decision.notes
            assert all(f"Watch: {note.watch}." in data["says"][note.id][3] for note in told.beside if note.watch)
            assert [data["says"][i][0] for i, *_ in told.open_questions] == [question for _, question, *_ in told.open_questions]
            assert [EVERY_CASE[near] for near in nearest] == [near.case for near in told.nearest]
            assert (number in off) == ((case.invoicing, case.stage, case.e_invoice) not in reachable_states())


def test_text_in_the_data_cannot_end_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.document.case_explorer.explorer_data", lambda _: {"says": "</script><script>alert(1)</script>\u2028"})
    told = explorer_js(Links(None)).decode()
    assert "<" not in told
    assert "\u2028" not in told

"""The tables of all cases and the explorer's data say what the engine says, of every case."""

import json

import pytest

from reports.cases import CaseCell, case_grids
from reports.explorer import explorer_data, explorer_js
from reports.links import Links, case_anchor
from sop_engine import EVERY_CASE, Outcome, Reading, Source, decide, explain
from sop_engine.order import reachable


def cells(reading: Reading) -> dict[str, CaseCell]:
    return {
        anchor: cell
        for grid in case_grids(str(reading), Links(None, cases=True))
        for row in grid.rows
        for cell in row.cells
        for anchor in cell.anchors
    }


@pytest.mark.parametrize("reading", Reading)
def test_every_cell_says_what_the_engine_says(reading: Reading) -> None:
    told = cells(reading)
    assert len(told) == 256

    for case in EVERY_CASE:
        cell, decision = told[case_anchor(case)], decide(case, reading)
        sources = {str(decision.outcome_source), str(decision.tasks_source)}
        expected = "silent" if "silent" in sources else "assumed" if "assumed" in sources else "stated"
        assert (cell.outcome, cell.source) == (str(decision.outcome), expected), case
        assert tuple(cite[0] for cite in cell.cites) == (*decision.clauses, *decision.gaps), case
        assert tuple(note[0] for note in cell.beside) == decision.notes, case
        assert ("it follows" in " ".join(cell.tasks)) == (decision.tasks_source is Source.FOLLOWS and decision.outcome is Outcome.ALLOWED)
        assert cell.off == ((case.invoicing, case.stage, case.e_invoice) not in reachable()), case
        assert str(case.e_invoice) in cell.columns, case


def test_the_anchors_of_a_grid_are_given_once() -> None:
    anchors = [a for grid in case_grids("as-practised", Links(None)) for row in grid.rows for cell in row.cells for a in cell.anchors]
    assert sorted(anchors) == sorted(case_anchor(case) for case in EVERY_CASE)


def test_the_explorer_knows_every_answer_and_the_nearest_allowed() -> None:
    data = json.loads(explorer_js(Links(None)).decode().removeprefix("window.sopCases=").removesuffix(";\n"))
    assert data == json.loads(json.dumps(explorer_data(Links(None))))
    off = set(data["off"])
    for reading in Reading:
        for number, case in enumerate(EVERY_CASE):
            told = explain(case, reading)
            answered, *nearest = data["cases"][str(reading)][number]
            outcome, tasks, _, cites, beside, follows = data["answers"][answered]
            assert outcome == str(told.decision.outcome)
            assert (tasks is None) == (told.decision.tasks is None)
            assert len(tasks or ()) == len(told.decision.tasks or ())
            assert [data["says"][each][0] for each in cites[: len(told.because)]] == [text for _, text in told.because]
            assert tuple(beside) == told.decision.notes
            assert all(f"Watch: {note.watch}." in data["says"][note.id][0] for note in told.beside if note.watch)
            assert follows == (told.decision.tasks_source is Source.FOLLOWS)
            assert [EVERY_CASE[near] for near in nearest] == [near.case for near in told.nearest]
            assert (number in off) == ((case.invoicing, case.stage, case.e_invoice) not in reachable())


def test_text_in_the_data_cannot_end_the_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.explorer.explorer_data", lambda _: {"says": "</script><script>alert(1)</script>\u2028"})
    told = explorer_js(Links(None)).decode()
    assert "<" not in told
    assert "\u2028" not in told

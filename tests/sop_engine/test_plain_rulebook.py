"""A rulebook as plain data, for the readers of a run."""

from pathlib import Path

from sop_engine.reader import read_rulebook
from tests.support.small_registers import GAPS, write


def test_a_rulebook_is_plain_data_for_a_reader_of_a_run(tmp_path: Path) -> None:
    plain = read_rulebook(write(tmp_path)).to_plain()

    assert list(plain) == [
        "name",
        "title",
        "dated",
        "follows",
        "lines",
        "sha256",
        "sections",
        "clauses",
        "gaps",
        "tasks",
        "actors",
        "systems",
    ]
    assert (plain["name"], plain["title"], len(str(plain["sha256"]))) == ("tiny", "A tiny SOP", 64)
    assert plain["sections"] == [
        {"id": "A", "line": "1", "text": "Sellers.", "facts": {"canceller": ["seller"], "scope": ["full", "partial"]}, "complete": None},
        {
            "id": "A-B",
            "line": "2-3",
            "text": "Whole orders.",
            "facts": {"canceller": ["seller"], "scope": ["full"]},
            "complete": "it lists every step",
        },
        {"id": "A-B2", "line": "", "text": "No facts.", "facts": {"canceller": ["seller"], "scope": ["full", "partial"]}, "complete": None},
    ]
    clauses, gaps = plain["clauses"], plain["gaps"]
    assert isinstance(clauses, list)
    assert isinstance(gaps, list)
    assert clauses[0] == {
        "id": "A-B-1",
        "line": "3",
        "section": "A-B",
        "modality": "must",
        "actor": "client",
        "system": "ERP",
        "text": "Note it, take it in.",
        "operative": True,
        "why_not_operative": None,
        "rules_on": "case",
        "over": ["A-1", "A-B2-1", "R-1"],
        "rests_on": None,
        "restates": "A-1",
        "when": {"canceller": ["seller"], "scope": ["full"], "stage": ["COMPLETED", "PACKED"], "invoicing": ["ERP"]},
        "outcome": "allowed",
        "tasks": [{"modality": "must", "task": task, "actor": "client", "system": "ERP", "when": "now"} for task in ("credit-note", "grn")],
        "manner": "by hand",
        "like": {},
    }
    assert clauses[-1] == {
        "id": "DOC-1",
        "line": "",
        "section": "",
        "modality": "",
        "actor": None,
        "system": None,
        "text": "Greets.",
        "operative": False,
        "why_not_operative": "greets",
        "rules_on": None,
        "over": [],
        "rests_on": None,
        "restates": None,
        "when": {},
        "outcome": None,
        "tasks": None,
        "manner": None,
        "like": {},
    }
    assert gaps[0] == {
        "id": "GAP-01",
        "title": "A question",
        "kind": "silence",
        "aspect": "verdict",
        "nearest": "A-B-1",
        "readings": ["the first", "the second"],
        "reading": 0,
        "chosen": "the first",
        "why": "it is nearer",
        "question": "Which?",
        "cases": 16,
        "rules_on": "case",
        "leaves_open": ["tasks"],
        "watch": None,
        "when": {"stage": ["CREATED"], "canceller": ["seller"]},
        "resolutions": [
            {
                "modality": None, "actor": None, "system": None, "over": [], "rests_on": None, "restates": None,
                "when": {"stage": ["CREATED"], "canceller": ["seller"]}, "outcome": "refused", "tasks": None, "manner": None, "like": {},
            },
            {
                "modality": "need-not", "actor": "client", "system": "ERP", "over": [], "rests_on": None, "restates": None,
                "when": {"stage": ["CREATED"], "canceller": ["Ajio"]}, "outcome": None,
                "tasks": [{"modality": "need-not", "task": "grn", "actor": "client", "system": "ERP", "when": "now"}],
                "manner": None, "like": {},
            },
        ],
        "dispositions": [],
        "alternatives": [],
    }  # fmt: skip
    assert len(gaps) == 2


def test_what_each_other_reading_of_a_gap_decides_is_plain_data(tmp_path: Path) -> None:
    """Under the reading that we assume, and under another one, where ours is among the others, also if it has no number."""
    more = (
        '[[gap.alternative]]\nreading = 2\nchosen = "the second"\nleaves_open = ["tasks"]\n\n'
        '[[gap.alternative.resolution]]\noutcome = "allowed"\n\n'
        '[[gap.alternative.disposition]]\nquality_check = "pass"\nstock = "saleable"\noffline_claim = true\n\n'
    )
    ruling = {
        "modality": None,
        "actor": None,
        "system": None,
        "over": [],
        "rests_on": None,
        "restates": None,
        "tasks": None,
        "manner": None,
    }
    ruling |= {"when": {"stage": ["CREATED"], "canceller": ["seller"]}, "like": {}}
    second = {
        "reading": 2,
        "chosen": "the second",
        "leaves_open": ["tasks"],
        "resolutions": [{**ruling, "outcome": "allowed"}],
        "dispositions": [{"quality_check": "pass", "stock": "saleable", "offline_claim": True}],
    }
    for number, text in ((0, GAPS), (1, GAPS.replace("leaves_open", "reading = 1\nleaves_open", 1))):
        write(tmp_path, gaps=text.replace('[[gap]]\nid = "GAP-02"', more + '[[gap]]\nid = "GAP-02"'))
        gap = read_rulebook(tmp_path).gaps[0]
        other = gap.with_ruling(next(ruling for ruling in gap.rulings if ruling.number == 2)).to_plain()

        assert (gap.to_plain()["reading"], gap.to_plain()["alternatives"]) == (number, [second])
        assert (other["reading"], other["chosen"], other["resolutions"]) == (2, "the second", second["resolutions"])
        assert [(entry["reading"], entry["chosen"]) for entry in other["alternatives"]] == [(number, "the first")]  # type: ignore[attr-defined]

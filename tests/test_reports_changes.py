"""What changed between two runs is told from their records, each thing once and in its own words."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from reports.changes import Changes, changes
from reports.context import context_of
from reports.history import history
from reports.pages.changes import changes_page, trend
from reports.record import RunRecord, read_record
from steps.run import run
from tests.run_samples import Line, write

FEATURES = Path(__file__).parents[1] / "features" / "seller_cancellation"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("changed")
    shutil.copytree(FEATURES, home / "features")
    return run([home / "features"], out=home / "runs").folder


@pytest.fixture
def lines(folder: Path) -> list[Line]:
    return [json.loads(line) for line in (folder / "run.ndjson").read_text(encoding="utf-8").splitlines()]


def compared(folder: Path, lines: list[Line], tmp_path: Path) -> Changes:
    return changes(read_record(write(lines, tmp_path)), read_record(folder))


def first(lines: list[Line], kind: str) -> Line:
    return next(line for line in lines if line["type"] == kind and (kind != "scenario" or line["claims"]))


def test_a_run_is_no_change_against_itself(folder: Path, lines: list[Line], tmp_path: Path) -> None:
    assert not compared(folder, lines, tmp_path)


def test_another_answer_is_told_with_before_now_and_who_asserts_it(folder: Path, lines: list[Line], tmp_path: Path) -> None:
    scenario = first(lines, "scenario")
    claim = next(claim for claim in scenario["claims"] if claim["facet"] == "outcome")
    facts = claim["subject"]["facts"]
    for line in lines:
        for each in line.get("claims", ()):
            if each["subject"].get("facts") == facts and each["facet"] == "outcome" and each["reading"] == claim["reading"]:
                each["actual"] = "without effect"

    (found,) = compared(folder, lines, tmp_path).answers

    assert (found.about, found.facet, found.before, found.after) == (" / ".join(facts.values()), "outcome", "without effect", "allowed")
    assert (scenario["feature"], scenario["id"]) in found.examples


@pytest.mark.parametrize(
    ("change", "kinds"),
    [
        (lambda each: each | {"id": "elsewhere", "name": "Elsewhere"}, ["renamed"]),
        (lambda each: each | {"tags": [*each["tags"], "@GAP-01"]}, ["reworded"]),
        (lambda each: each | {"status": "failed"}, ["mended"]),
        (lambda each: each | {"id": "elsewhere", "tags": []}, ["vanished", "added"]),
    ],
)
def test_examples_are_told_apart(change: Callable[[Line], Line], kinds: list[str], folder: Path, lines: list[Line], tmp_path: Path) -> None:
    place = next(place for place, line in enumerate(lines) if line["type"] == "scenario")
    lines[place] = change(lines[place])

    assert [each.kind for each in compared(folder, lines, tmp_path).examples] == kinds


def test_sentences_and_questions_are_compared_word_by_word(folder: Path, lines: list[Line], tmp_path: Path) -> None:
    rulebook = first(lines, "rulebook")
    rulebook["clauses"][3]["text"] += " So it was."
    removed = rulebook["gaps"].pop()
    rulebook["gaps"][0]["chosen"] = "Something else."

    told = {(each.id, each.kind, tuple(name for name, _, _ in each.parts)) for each in compared(folder, lines, tmp_path).texts}

    assert told == {
        (rulebook["clauses"][3]["id"], "changed", ("text",)),
        (rulebook["gaps"][0]["id"], "changed", ("chosen",)),
        (removed["id"], "added", ()),
    }


def record_of(folder: Path) -> RunRecord:
    return read_record(folder)


def test_rows_of_one_scenario_are_one_entry_of_the_page(folder: Path, lines: list[Line], tmp_path: Path) -> None:
    outline = next(line["outline"] for line in lines if line["type"] == "scenario" and line["outline"])
    rows = [line for line in lines if line["type"] == "scenario" and line["outline"] == outline]
    for line in rows:
        line["id"] = f"old-{line['id']}"
        line["tags"] = []
    page = changes_page(context_of(record_of(folder), base=read_record(write(lines, tmp_path)), folder=folder))

    assert page.compared
    assert [(kind, [view.rows for view in views]) for kind, views in page.examples] == [("vanished", [len(rows)]), ("added", [len(rows)])]


def test_the_runs_at_hand_are_told_oldest_first_and_bad_ones_break_nothing(folder: Path, tmp_path: Path) -> None:
    raw = (folder / "run.ndjson").read_bytes()
    for name, content in (("1", raw), ("2", raw[:-300]), ("3", b"rubbish\n"), ("4", b""), ("6", raw), ("9", raw)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.ndjson").write_bytes(content)
    (tmp_path / "5").mkdir()
    chosen = raw.replace(b'"selection":null', b'"selection":{"keyword":"x","paths":null,"tags":null}', 1)
    (tmp_path / "7").mkdir()
    (tmp_path / "7" / "run.ndjson").write_bytes(chosen)

    runs = history(tmp_path / "6")

    assert [(each.run_id, each.state) for each in runs] == [("1", "complete"), ("2", "incomplete"), ("6", "complete")]
    assert history(None) == ()
    drawn = ET.fromstring(trend(runs))  # noqa: S314
    assert len(drawn) == 3
    assert trend(runs[:1]) == ""

"""`sop verify` of a line of a feature file."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.support.verified_project import GOOD, Project, verify

pytestmark = pytest.mark.usefixtures("in_process")
SCHEMA = Draft202012Validator(json.loads((files("sop_engine") / "schemas" / "run-record.schema.json").read_text(encoding="utf-8")))


def test_places_that_a_run_prints_run_what_they_name(sop: Project) -> None:
    assert verify(sop) == 1
    places = re.findall(r"^(features/\S+\.feature:\d+:) failed", sop.out, re.MULTILINE)
    assert len(places) == 2

    assert verify(sop, *places) == 1
    assert sop.last == ["A2", "B1"]
    assert "✗ 2 of 2 selected examples failed (all ran); 3 not run" in sop.out
    assert verify(sop, places[0]) == 1
    assert sop.last == ["A2"]


def test_a_line_of_a_good_scenario_is_good_and_a_part(sop: Project) -> None:
    assert verify(sop, "features/a.feature:8", "--json") == 0
    plain = json.loads(sop.out)
    assert (plain["green"], plain["whole"], plain["counts"]["expected"], plain["counts"]["written"]) == (True, False, 1, 5)
    [(path, [example])] = plain["selection"]["examples"].items()
    manifest = json.loads((Path(plain["run"]) / "run.ndjson").read_bytes().splitlines()[0])
    assert manifest["selection"] == plain["selection"]
    SCHEMA.validate(manifest)
    assert (path, example[:2]) == ("a.feature", "a1")
    assert sop("gate", "--run", plain["run"]) == 1
    assert "only a selection ran: 1 of 5 examples" in sop.out
    assert sop("approve", "--run", plain["run"]) == 2
    assert "ran only a selection" in sop.err


def test_a_line_with_text_tags_workers_and_the_pages(sop: Project) -> None:
    assert verify(sop, "features/a.feature:2", "-k", "A1", "-n", "2") == 0
    assert sop.last == ["A1"]
    assert verify(sop, "features/a.feature:8", "-t", "@GAP-14") == 2
    assert "0 of 5 examples are selected" in sop.err
    assert sop("verify", "features/b.feature:13") == 0
    page = (sop.folder / "build" / "site" / "index.html").read_text(encoding="utf-8")
    assert "selected by line or last failure: 1 example and paths b.feature" in page


def test_a_background_step_that_fails_names_its_scenario(sop: Project, module: str) -> None:
    steps = sop.folder / f"{module}.py"
    steps.write_text(
        "from steps.definitions.decorators import ANY_SENTENCE, given\n\n\n@given('it breaks', target_fixture='e_invoice', follows=[ANY_SENTENCE])\ndef _(invoicing):\n    raise ValueError\n",
        encoding="utf-8",
    )
    file = sop.folder / "features" / "a.feature"
    file.write_text(file.read_text(encoding="utf-8").replace("ERP\n\n", "ERP\n    And it breaks\n\n", 1), encoding="utf-8")

    assert verify(sop, "--steps", f"{module}.py", "features/a.feature:9") == 1, sop.err
    assert "features/a.feature:6: broken: And it breaks\n  in A1 (scenario at features/a.feature:8)\n" in sop.out


@pytest.mark.parametrize("place", ["features/a.feature:6", "features/a.feature:99", "features/a.feature:0"])
def test_a_line_of_nothing_runs_nothing(sop: Project, place: str) -> None:
    assert verify(sop, place) == 2
    assert sop.err.startswith(f"error: {place}: ")
    assert not (sop.folder / "build" / "runs" / "latest").exists()


def test_findings_of_a_file_are_shown_whatever_its_line(sop: Project) -> None:
    sop.write("a", A1={"stage": "PACKD", "outcome": "refused"}, A2=GOOD)
    assert verify(sop, "features/a.feature:13") == 1
    place = re.search(r"^features/a\.feature:8:\d+: undefined-step", sop.out, re.MULTILINE)
    assert place
    assert verify(sop, place[0].removesuffix(" undefined-step")) == 1
    assert "undefined-step" in sop.out


@pytest.mark.parametrize("command", ["lint", "fmt"])
def test_other_commands_take_no_line_and_say_so(sop: Project, command: str) -> None:
    assert sop(command, "features/a.feature:3") == 2
    assert "only `sop verify` takes a line, name the file alone" in sop.err
    assert sop(command, "features/z.feature:3") == 2
    assert "takes a line" not in sop.err

"""Runs, baselines and pages of two versions are not mixed."""

import json
import shutil
from pathlib import Path

import pytest

from sop_engine.register.new_version import begin_version
from sop_engine.versions import DEFAULT, shipped
from tests.sop_engine.test_words_of_a_register import with_courier
from tests.support.versions import CASE, FEATURE, sop


@pytest.mark.slow
def test_runs_and_baselines_of_two_versions_are_not_mixed(place: Path) -> None:
    (place / "features").mkdir()
    (place / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    assert sop(place, "verify", "--no-docs", "--rulebook", "clients_v2")[0] == 0
    run = f"build/runs/{(place / 'build/runs/latest').read_text().strip()}"

    assert "it is a run of the rulebook `clients_v2`, not of `clients_v1`" in sop(place, "gate", "--run", run)[1]
    assert sop(place, "gate", "--run", run, "--rulebook", "clients_v2")[1].splitlines()[1].startswith("✓ complete")
    for command in ("mutate", "approve"):
        status, _, err = sop(place, command)
        assert (status, f"used the rulebook `clients_v2`, not `{DEFAULT}`" in err) == (2, True)
    assert "approved/clients_v2/behaviour.json" in sop(place, "approve", "--yes", "--rulebook", "clients_v2")[1].splitlines()
    assert "0 of 520 answers changed" in sop(place, "gate", "--rulebook", "clients_v2")[1]
    assert sop(place, "verify", "--no-docs")[0] == 0
    for command in (["gate", "--approved"], ["approve", "--yes", "--to"]):
        status, _, err = sop(place, *command, "approved/clients_v2")
        assert (status, "is of the rulebook `clients_v2`, not of `clients_v1`" in err) == (2, True)


TAGGED = """@{before}
Feature: One order

  Scenario: The seller cancels
    Given an order of 1 unit, invoiced through RMS
    When the seller cancels the order
    Then the request is allowed

  @{tag} @SC-NEW-1
  Scenario: The seller cancels a part
    Given an order of 2 units, invoiced through RMS
    When the seller sings
    Then the request is allowed
"""


@pytest.fixture
def tagged(tmp_path: Path) -> Path:
    folder = tmp_path
    begin_version("clients_v2", shipped() / DEFAULT, folder / "rulebook")
    (folder / "features").mkdir()
    (folder / "features" / "a.feature").write_text(TAGGED.format(before="until-clients_v2", tag="since-clients_v2"), encoding="utf-8")
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_example_of_another_version_is_counted_and_never_green(tagged: Path, workers: str) -> None:
    status, out, _ = sop(tagged, "verify", "--no-docs", "-n", workers)

    assert status == 0
    assert "✓ 1 of 1 examples passed; 1 example is not of this version" in out
    assert "not of this version: features/a.feature:10: The seller cancels a part (@until-clients_v2 @since-clients_v2)" in out
    status, out, _ = sop(tagged, "verify", "--no-docs", "--json", "-n", workers, "--rulebook", "clients_v2")
    plain = json.loads(out)
    assert (status, plain["green"], plain["other_versions"]) == (1, False, [])
    assert {finding["rule"] for finding in plain["findings"]} == {"undefined-step", "unknown-tag"}


@pytest.mark.slow
def test_the_gate_and_the_baseline_take_the_examples_of_their_version(tagged: Path) -> None:
    sop(tagged, "verify", "--no-docs")
    assert sop(tagged, "approve", "--yes")[0] == 0
    examples = json.loads((tagged / "approved" / "examples.json").read_text(encoding="utf-8"))["examples"]
    assert [example["name"] for example in examples] == ["The seller cancels"]

    text = (tagged / "features" / "a.feature").read_text(encoding="utf-8")
    (tagged / "features" / "a.feature").write_text(text.replace("the seller sings", "the seller dances"), encoding="utf-8")
    gate = sop(tagged, "gate")[1]
    assert "1 of 2 examples ran; 1 example is not of this version" in gate
    assert "approved examples: 1 approved, 0 changed" in gate
    (tagged / "features" / "a.feature").write_text(
        text.replace("@until-clients_v2", "@since-clients_v2").replace("  @since-clients_v2 @SC-NEW-1\n", ""), encoding="utf-8"
    )
    assert "gone: The seller cancels" in sop(tagged, "gate")[1]


@pytest.mark.slow
def test_a_record_that_only_claims_another_version_is_not_good(tagged: Path) -> None:
    (tagged / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    sop(tagged, "verify", "--no-docs")
    run = tagged / "build" / "runs" / (tagged / "build/runs/latest").read_text().strip() / "run.ndjson"
    lines = [json.loads(line) for line in run.read_text(encoding="utf-8").splitlines()]
    lines[0]["expected"] = 0
    lines[-2] |= {
        "status": "other-version",
        "claims": [],
        "steps": [step | {"status": "not-run", "claims": []} for step in lines[-2]["steps"]],
    }
    lines[-1]["counts"] |= {"expected": 0, "executed": 0, "passed": 0}
    run.write_text("".join(json.dumps(line, sort_keys=True, separators=(",", ":")) + "\n" for line in lines), encoding="utf-8")

    gate = sop(tagged, "gate", "--run", str(run.parent))[1]
    assert "✗ complete" in gate
    assert "0 of 1 example were expected to run" in gate


COURIER = """@since-clients_v2
Feature: What a later version brings

  @AC-ERP-FULL-3
  Rule: The warehouse team tells the courier

    Scenario: The courier is told of a full cancellation by Ajio
      Given an order invoiced through the client's ERP
      And the order is FULFILLABLE
      And its e-invoice is pushed
      When Ajio cancels the full order
      Then the client's follow-up is
        | may      | download the report of orders cancelled after posting |
        | must     | make a credit note by hand and keep it in the ERP     |
        | need not | share the credit note with Ajio                       |
        | must     | tell the courier                                      |
"""


@pytest.mark.slow
def test_a_new_task_and_actor_run_through_features_and_pages_without_python(tmp_path: Path) -> None:
    with_courier(begin_version("clients_v2", shipped() / DEFAULT, tmp_path / "rulebook")[0])
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    (tmp_path / "features" / "courier.feature").write_text(COURIER, encoding="utf-8")

    assert "✓ 1 of 1 examples passed; 1 example is not of this version" in sop(tmp_path, "verify")[1]
    assert "not of this version" in (tmp_path / "build/site/feature-courier.html").read_text(encoding="utf-8")
    assert "1 of 1 example passed, 1 not of this version" in (tmp_path / "build/site/index.html").read_text(encoding="utf-8")
    assert "✓ 2 of 2 examples passed" in sop(tmp_path, "verify", "--rulebook", "clients_v2")[1]
    site = tmp_path / "build" / "site"
    assert "tell the courier" in (site / "feature-courier.html").read_text(encoding="utf-8")
    assert "CUR" in (site / "decision-tables.html").read_text(encoding="utf-8")
    answer = sop(tmp_path, *CASE[:-1], "pushed", "--stage", "FULFILLABLE", "--rulebook", "clients_v2")[1]
    assert "must      tell the courier  (warehouse team)" in answer
    (tmp_path / "features" / "courier.feature").write_text(COURIER.replace("tell the courier  ", "tell the currier  "), encoding="utf-8")
    assert "did you mean `tell the courier`?" in sop(tmp_path, "lint", "--rulebook", "clients_v2")[1]


@pytest.mark.slow
def test_the_pages_of_a_version_show_what_changed_since_the_one_before(place: Path) -> None:
    (place / "features").mkdir(exist_ok=True)
    (place / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    shutil.rmtree(place / "approved", ignore_errors=True)
    changes = place / "build" / "site" / "changes.html"

    assert sop(place, "verify", "--rulebook", "clients_v2")[0] == 0
    text = changes.read_text(encoding="utf-8")
    assert "SOPs For Clients, version 2" in text
    assert "Compared with the rulebook clients_v1" in text
    assert "AC-ERP-FULL-1.1.1" in text
    assert sop(place, "verify")[0] == 0
    assert sop(place, "approve", "--yes")[0] == 0
    assert sop(place, "verify", "--rulebook", "clients_v2")[0] == 0
    assert "Compared with the baseline of clients_v1" in changes.read_text(encoding="utf-8")
    assert sop(place, "approve", "--yes", "--rulebook", "clients_v2")[0] == 0
    assert sop(place, "docs", "--rulebook", "clients_v2")[0] == 0
    assert "Compared with the approved baseline" in changes.read_text(encoding="utf-8")
    assert sop(place, "docs", "--rulebook", "clients_v2", "--base", DEFAULT)[0] == 0
    assert "Compared with the rulebook clients_v1" in changes.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_run_is_compared_with_the_rulebook_that_it_used_or_not_at_all(place: Path, tmp_path: Path) -> None:
    (place / "features").mkdir(exist_ok=True)
    (place / "features" / "a.feature").write_text(FEATURE, encoding="utf-8")
    shutil.rmtree(place / "approved", ignore_errors=True)
    assert sop(place, "verify", "--no-docs")[0] == 0
    assert sop(place, "approve", "--yes")[0] == 0
    assert sop(place, "verify", "--no-docs", "--rulebook", "clients_v2")[0] == 0
    run = (place / "build" / "runs" / "latest").read_text(encoding="utf-8").strip()
    site = tmp_path / "site"

    status, out, err = sop(place, "docs", "--base", DEFAULT, "--out", str(site))
    assert (status, out, site.exists()) == (2, "", False)
    assert err == (
        f"error: the run `{run}` used the rulebook `clients_v2`, not `clients_v1`, so only a part of it could be compared; "
        "add --rulebook clients_v2\n"
    )
    assert sop(place, "docs", "--out", str(site))[0] == 0
    text = (site / "changes.html").read_text(encoding="utf-8")
    assert "Compared with" not in text
    assert "Not compared: the run used the rulebook <code>clients_v2</code>, not <code>clients_v1</code>" in text
    assert sop(place, "docs", "--base", DEFAULT, "--out", str(site), "--rulebook", "clients_v2")[0] == 0
    assert "Compared with the rulebook clients_v1" in (site / "changes.html").read_text(encoding="utf-8")
